"""A signer at a local socket, which holds keys and decides by rules of its own."""
