"""Describe what derived data was made of: pinned sources, the activity, and the grants it rests on.

The ledger keeps a digest of each derivation; its event carries the rest, and is believed only where
it leads to that digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from registry.domain.keccak import keccak
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.vocabulary import Activity, Purpose

MOST_SOURCES: Final = 16
"""The most sources, and the most agents, that one derivation names."""

_WORD: Final = 32
_NOTHING: Final = bytes(_WORD)


class Pin(NamedTuple):
    """Name one version of a product."""

    product: ProductId
    version: int

    def __str__(self) -> str:
        return f"{self.product}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Hold one source of a derivation; `grant` is None for data of the registrant's own."""

    product: ProductId
    version: int
    grant: GrantId | None = None

    @property
    def pin(self) -> Pin:
        """Return the version that was used."""
        return Pin(self.product, self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """Hold how a version of a product was made.

    `by` registered it at `time`, in seconds since 1970. `purposes` are those declared, none where
    no source limits them. `method` is the digest of the algorithm or of its description, 32 bytes,
    None for none. `agents` carried the activity out, the registrant where none is named.
    """

    product: ProductId
    version: int
    by: PartyId
    time: int
    activity: Activity
    purposes: Purpose
    method: bytes | None
    agents: tuple[PartyId, ...]
    sources: tuple[Source, ...]
    block: int
    transaction: bytes

    @property
    def pin(self) -> Pin:
        """Return the version that was made."""
        return Pin(self.product, self.version)

    def digest(self) -> bytes:
        """Return the 32 bytes that the ledger keeps: Keccak-256 over the ABI's encoding."""
        return keccak(
            b"".join(
                (
                    _left(self.product.raw),
                    _number(self.version),
                    _left_padded(self.by.raw),
                    _number(self.time),
                    _number(int(self.activity)),
                    _number(int(self.purposes)),
                    self.method or _NOTHING,
                    keccak(_array([_left_padded(agent.raw) for agent in self.agents])),
                    keccak(_array([_source(source) for source in self.sources])),
                )
            )
        )


def purposes_within(inner: Purpose, outer: Purpose) -> bool:
    """Tell whether purposes are within others; none at all stand for all of them."""
    return not outer or bool(inner and not int(inner) & ~int(outer))


def _source(source: Source) -> bytes:
    grant = _NOTHING if source.grant is None else source.grant.raw
    return _left(source.product.raw) + _number(source.version) + grant


def _array(items: list[bytes]) -> bytes:
    """Return the encoding of one dynamic array of static items: its place, its length, itself."""
    return _number(_WORD) + _number(len(items)) + b"".join(items)


def _number(value: int) -> bytes:
    return value.to_bytes(_WORD)


def _left(raw: bytes) -> bytes:
    return raw.ljust(_WORD, b"\0")


def _left_padded(raw: bytes) -> bytes:
    return raw.rjust(_WORD, b"\0")
