"""Write what the ledger records in the words of others: PROV, DCAT, credentials, OpenLineage."""
