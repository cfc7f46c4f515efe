"""Say what an audit asks of a node, and what it finds."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.events import Event
    from registry.domain.ledger import Deployment
    from registry.domain.moment import Moment


class Finding(StrEnum):
    """Name a kind of difference."""

    WORD = "word-differs"
    """A word in storage is not what the events come to."""
    STORAGE = "storage-differs"
    """A contract holds words that no event told of, or lacks some: its storage root is another."""
    UNKNOWN = "event-unknown"
    """A contract told something that it has no event for."""
    UNFIT = "event-unfit"
    """An event cannot have come after those before it."""
    HEADER = "header-differs"
    """A block's header does not have the hash that the node gives, or not the parent before it."""
    RECEIPTS = "receipts-differ"
    """The receipts of a block do not have the root that its header has."""
    LOG_MISSING = "log-missing"
    """The node leaves out a log that is in the receipts of its block."""
    LOG_INVENTED = "log-invented"
    """The node gives a log that is not in the receipts of its block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Hold one difference: of which kind, at which contract and block, where that is known.

    `what` names the word or event; `place` is a word's (32 bytes). `expected` and `found` are what
    should be there and what is, in hexadecimal; `fields` names the fields of a word that differ.
    """

    kind: Finding
    contract: str | None = None
    block: int | None = None
    log_index: int | None = None
    what: str = ""
    place: bytes | None = None
    expected: str | None = None
    found: str | None = None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold one log of a contract: its event, None where the contract has none such.

    `fingerprint` is over all that a receipt says of it: address, topics and data.
    """

    contract: str
    event: Event | None
    block: int
    log_index: int
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Hold what a node tells of the blocks from `first` to `last`, in the order of the chain."""

    first: int
    last: int
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """Hold the logs of one block as its receipts have them, and whether these fit the header.

    `hash` is that of the header as computed, 32 bytes, and `parent` what the header says of the
    block before; `given` is the hash that the node gives. `root_fits` says that the receipts have
    the root that the header has.
    """

    block: int
    hash: bytes
    given: bytes
    parent: bytes
    root_fits: bool
    told: tuple[Told, ...]


class Witness(Protocol):
    """Ask one node about one deployment, as deep as a node can be asked."""

    @property
    def deployment(self) -> Deployment:
        """Return the contracts that are asked about."""

    @property
    def contracts(self) -> tuple[str, ...]:
        """Return the names of those of them that hold words."""

    def moment(self, block: int | None) -> Moment:
        """Return the moment of a block, of now for None."""

    def history(self, first: int, last: int) -> Iterator[Stretch]:
        """Yield all that the contracts told from one block to another, stretch by stretch."""

    def words(self, asked: Sequence[tuple[str, bytes]], block: int) -> tuple[bytes, ...]:
        """Return words of storage as of a block, by contract and place."""

    def receipts(self, first: int, last: int) -> Iterator[Receipts]:
        """Yield the blocks from one to another with what their receipts say."""

    def storage_root(self, contract: str, block: int) -> bytes | None:
        """Return the root of a contract's storage, None where the node proves nothing."""

    def keeps_zeros(self, asked: Sequence[tuple[str, bytes]], block: int) -> bool:
        """Tell whether the node's storage tries hold words of zero, as no Ethereum's do.

        `asked` are words of zero, by contract and place.
        """
