"""Serve data under grants, and call such a service."""
