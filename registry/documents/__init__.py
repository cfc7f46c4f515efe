"""Make the papers that are handed out: certificates and notices as pages to print."""
