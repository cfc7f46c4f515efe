"""The `dengji` command line: thin click commands over the client."""
