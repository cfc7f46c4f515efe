"""Serve a user's tasks over any ledger: parties, products, grants, provenance."""
