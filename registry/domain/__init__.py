"""Hold the pure part of the ledger: values, ids, digests, and the port to a chain."""
