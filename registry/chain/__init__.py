"""Speak with a node: JSON-RPC, ABI, bindings, reading, sending, deploying."""
