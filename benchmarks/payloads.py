"""Make what is recorded everywhere alike: the fields of a product and of a grant, at random.

The words that are digests or names are random and without a zero byte where it matters to gas, so
that none is cheaper than in use; times, purposes and quotas are as people agree on them.
"""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass, field
from typing import Final

from registry.domain.clauses import Quota, Window
from registry.domain.vocabulary import Purpose, QuotaUnit

LOCATOR: Final = 60
_YEAR: Final = 365 * 86_400
_LETTERS: Final = string.ascii_lowercase + string.digits + "/-"
_SCHEME: Final = "https://"


def word() -> bytes:
    """Return 32 random bytes, none of them zero."""
    return bytes(1 + secrets.randbelow(255) for _ in range(32))


def locator() -> str:
    """Return an address of 60 characters."""
    rest = LOCATOR - len(_SCHEME)
    return _SCHEME + "".join(secrets.choice(_LETTERS) for _ in range(rest))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFields:
    """Hold what is said of a product: two digests, and where it is found."""

    content_root: bytes = field(default_factory=word)
    metadata_hash: bytes = field(default_factory=word)
    locator: str = field(default_factory=locator)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFields:
    """Hold what is said of a grant beside its product and its grantee."""

    window: Window
    purposes: Purpose = Purpose.INSURANCE | Purpose.RISK_CONTROL
    quota: Quota = field(default_factory=lambda: Quota(unit=QuotaUnit.CALL, total=10_000))

    @classmethod
    def since(cls, now: int) -> GrantFields:
        """Return a grant for a year from now on."""
        return cls(window=Window(start=now, until=now + _YEAR))
