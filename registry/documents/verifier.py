"""Give the page that verifies proofs in a browser, without a server and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Final

NAME: Final = "verifier.html"
"""The name of the file."""


def page() -> bytes:
    """Return the page; it is the same for everybody who has this release."""
    return Path(__file__).with_name(NAME).read_bytes()
