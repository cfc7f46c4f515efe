"""Name the further digests that a manifest can carry beside each file's own root."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from registry.errors import DigestUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

# Both have 32 bytes; SM3 (GB/T 32905) is OpenSSL's, and some builds leave it out.
ALLOWED: Final = ("sha256", "sm3")


def available() -> list[str]:
    """Return the further digests that this machine can compute."""
    return [name for name in ALLOWED if name in hashlib.algorithms_available]


def wanted(names: Sequence[str]) -> tuple[str, ...]:
    """Return the digests asked for, sorted and each once.

    :raises DigestUnknown: one is not on offer here.
    """
    for name in names:
        if name not in available():
            raise DigestUnknown(digest=name, allowed=available())
    return tuple(sorted(set(names)))
