"""Register data products and authorizations on an Ethereum chain, and prove them to strangers."""

from registry._version import __version__

__all__ = ["__version__"]
