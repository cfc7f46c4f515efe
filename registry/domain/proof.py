"""Describe a proof of what a ledger keeps: its subject, what it is made of, what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.clauses import Clauses
    from registry.domain.header import Header
    from registry.domain.ids import Address, GrantId, ProductId
    from registry.domain.lineage import Derivation
    from registry.domain.storage import KeyValue

FORMAT: Final = "dengji-proof/1"
"""The name of the one format that is known."""

Ask = tuple[str, str, tuple["KeyValue", ...]]
"""A word that is asked for: its contract, its name in the layout, and its keys."""

Facts = dict[str, Any]
"""What a proof shows, as JSON: see docs/proofs.md."""

DIRECTORY: Final = "Directory"
"""The name of the contract that made all others."""

LINEAGE: Final = "Lineage"
"""The name of the contract that keeps derivations; deployments from before it have none."""

ANCHORS: Final = "BatchAnchor"
"""The name of the contract that keeps anchors; deployments from before it have none."""

SUPPORTS: Final = {
    "ProductRegistry": ("RegistrationDesk", LINEAGE, ANCHORS),
    "GrantRegistry": ("GrantOffice", "UsageMeter"),
}
"""The contracts that write into others: a proof shows their code beside that of these.

Only where their code names them: that of an earlier release may know one less.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfProduct:
    """Ask what is kept of a product, with one version of it: the latest where `version` is 0."""

    product: ProductId
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OfGrant:
    """Ask what is kept of a grant, of all that it rests on, of its parties and its product."""

    grant: GrantId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAbsence:
    """Ask that nothing is kept of a product, a grant, or a content root of 32 bytes."""

    absent: ProductId | GrantId | bytes


Subject = OfProduct | OfGrant | OfAbsence
"""What a proof is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPreimage:
    """Hold what the digest of a version is made of, and which claim on its content is its own.

    Both hashes are 32 bytes. `salt` tells registrations alike in all else apart: of version 1 only,
    0 in others. `derivation` is what the version was made of, None where nothing was declared; the
    block and transaction that took it are not part of its digest, and not shown.
    """

    number: int
    content_root: bytes
    metadata_hash: bytes
    claim: int
    salt: int = 0
    derivation: Derivation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPreimage:
    """Hold what a grant's id is made of; `above` as in `registry.domain.ancestry.Path`."""

    clauses: Clauses
    above: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preimages:
    """Hold what digests on the ledger are made of, as far as a proof shows them."""

    versions: tuple[VersionPreimage, ...] = ()
    grant: GrantPreimage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Hold one word of a contract's storage, with the nodes that prove it.

    `keys` are words of 32 bytes, as `registry.domain.storage.Variable.padded` makes them.
    """

    name: str
    keys: tuple[bytes, ...]
    value: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Hold one contract: its account with the nodes that prove it, its code, and words of it.

    `nonce` and `balance` are JSON-RPC quantities in their shortest form; hashes are 32 bytes.
    """

    name: str
    address: Address
    nonce: str
    balance: str
    storage_hash: bytes
    code_hash: bytes
    code: bytes
    proof: tuple[bytes, ...]
    storage: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Hold a proof as its file states it, nothing of it believed.

    `asked` is the time that was asked about, in seconds since 1970, and `neighbour` the header of
    the next block, which shows that the block is the last one not after that time; both or none.
    """

    subject: Subject
    chain_id: int
    directory: Address
    header: Header
    accounts: tuple[Account, ...]
    preimages: Preimages
    asked: int | None = None
    neighbour: Header | None = None

    @property
    def rests_on(self) -> bytes:
        """Return the hash of the block that must be trusted: the neighbour's, where there is one.

        A header says what its parent is, never what its child is.
        """
        return (self.neighbour or self.header).hash

    @property
    def time(self) -> int:
        """Return the time that all is judged at, in seconds since 1970."""
        return self.header.time if self.asked is None else self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Hold what a proof shows, once it holds.

    It rests on the block with the hash `rests_on`, which somebody must know to be of the chain that
    is meant, and on the directory being that of the ledger that is meant.
    """

    subject: Subject
    chain_id: int
    directory: Address
    block: int
    block_hash: bytes
    block_time: int
    asked: int | None
    rests_on: bytes
    facts: Facts


class Words(Protocol):
    """Whatever knows the words of a deployment's contracts as of one block."""

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""

    @property
    def directory(self) -> Address:
        """Return the address of the deployment's directory."""

    @property
    def time(self) -> int:
        """Return the time that expiry is judged at, in seconds since 1970."""

    def ahead(self, asks: Sequence[Ask]) -> None:
        """Be told which words will be asked for, so that they can be fetched together."""

    def found(self, contract: str, code_hash: bytes) -> None:
        """Be told of a contract that the directory has, and of the hash of its code, 32 bytes.

        Its account belongs into the proof; raises `ProofRefused` where it is not that.
        """

    def names(self, contract: str, other: str) -> bool:
        """Tell whether the code of a contract that was found has the address of another in it."""

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a word; raises `ProofRefused` where it is not known."""
