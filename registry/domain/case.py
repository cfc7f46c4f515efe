"""Describe cases of registration and objections as the ledger keeps them."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from registry.domain.flow_table import ENDS, CaseKind, Stage
from registry.domain.ids import PartyId
from registry.domain.keccak import keccak
from registry.domain.product import Profile
from registry.domain.vocabulary import Right
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.ids import ProductId


class Outcome(IntEnum):
    """Say what became of an objection."""

    OPEN = 0
    REJECTED = 1
    UPHELD = 2
    SETTLED = 3
    REFERRED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Hold one objection to a product; `until` is when it was decided, None while it is open.

    Times are in seconds since 1970; `evidence` is what the ledger keeps of its digest.
    """

    product: ProductId
    index: int
    by: PartyId
    since: int
    until: int | None = None
    evidence: bytes = b""
    outcome: Outcome = Outcome.OPEN
    after_registration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Hold one case as it was last written; what time alone brings about shows in `flow`.

    `filer` filed it with `registrar`, which has the number `registrar_number`. `stage` began at
    `since`. `due_days` are the working days that the applicant was given to correct or supplement,
    `spent_days` those of the review before the present stage, `extension` those added to it.
    `submitted` is None for a draft, `publicised`, when publicity began, None where it did not.
    `objections` counts those raised in publicity that are open; `missing` are the parties whose
    consent is still needed. Times are in seconds since 1970.
    """

    product: ProductId
    index: int
    profile: Profile
    kind: CaseKind
    stage: Stage
    filer: PartyId
    registrar: PartyId
    since: int
    submitted: int | None = None
    publicised: int | None = None
    registrar_number: int = 0
    returned: bool = False
    waived: bool = False
    due_days: int = 0
    extension: int = 0
    spent_days: int = 0
    objections: int = 0
    missing: tuple[PartyId, ...] = ()

    @property
    def over(self) -> bool:
        """Tell whether the case has ended, as far as it was written."""
        return self.stage in ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold the fields of a case's storage word, as its contract packs them.

    `awaited` is a mask of places: bit n for the n-th holder, bit 0 for who receives a transfer.
    `joint` says whether the other holders must agree, to other content once more.
    """

    filer: PartyId
    registrar: int
    submitted_at: int
    since: int
    publicised_at: int
    kind: CaseKind
    stage: Stage
    profile: Profile
    returned: bool
    waived: bool
    due_days: int
    extension: int
    spent_days: int
    objections: int
    awaited: int
    joint: bool

    @classmethod
    def of(cls, word: int) -> Record:
        """Return the record that a word packs."""
        fields: dict[str, Any] = {
            name: make(word >> at & (1 << bits) - 1) for name, at, bits, make in _FIELDS
        }
        return cls(**fields)

    @property
    def word(self) -> int:
        """Return the word that packs the record."""
        return sum(int(getattr(self, name)) << at for name, at, _, _ in _FIELDS)


# Name, lowest bit, width and type of each field: see contracts/types/Case.sol.
_FIELDS: Final[tuple[tuple[str, int, int, Callable[[int], object]], ...]] = (
    ("filer", 192, 64, PartyId.of),
    ("registrar", 176, 16, int),
    ("submitted_at", 136, 40, int),
    ("since", 96, 40, int),
    ("publicised_at", 56, 40, int),
    ("kind", 53, 3, CaseKind),
    ("stage", 49, 4, Stage),
    ("profile", 47, 2, Profile),
    ("returned", 46, 1, bool),
    ("waived", 45, 1, bool),
    ("due_days", 40, 5, int),
    ("extension", 36, 4, int),
    ("spent_days", 29, 7, int),
    ("objections", 17, 12, int),
    ("awaited", 1, 16, int),
    ("joint", 0, 1, bool),
)


def case_of(
    product: ProductId,
    index: int,
    record: Record,
    *,
    registrar: PartyId,
    missing: tuple[PartyId, ...] = (),
) -> Case:
    """Return the case that a record is, its registrar and those awaited named as parties."""
    return Case(
        product=product,
        index=index,
        profile=record.profile,
        kind=record.kind,
        stage=record.stage,
        filer=record.filer,
        registrar=registrar,
        registrar_number=record.registrar,
        since=record.since,
        submitted=record.submitted_at or None,
        publicised=record.publicised_at or None,
        returned=record.returned,
        waived=record.waived,
        due_days=record.due_days,
        extension=record.extension,
        spent_days=record.spent_days,
        objections=record.objections,
        missing=missing,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Docket:
    """Hold what the desk keeps of a product: how many cases and certificates it has had, its code.

    `amended` is when what a certificate says last changed, in seconds since 1970; `operation_end`
    the day before which every validity ends, by the grant of operation named.
    """

    product: ProductId
    profile: Profile
    cases: int
    certificates: int = 0
    code: str | None = None
    amended: int | None = None
    operation_end: int | None = None


def change_pending(content_root: bytes, metadata_hash: bytes) -> bytes:
    """Return what a change or correction has pending: the hash of both digests, 32 bytes each."""
    return keccak(content_root + metadata_hash)


def transfer_pending(to: PartyId, rights: Right) -> bytes:
    """Return what a transfer has pending: who receives, and in the lowest byte which rights."""
    return (int(to) << 8 | int(rights)).to_bytes(32)


def transfer_of(pending: bytes) -> tuple[PartyId, Right]:
    """Return who receives which rights, from what a transfer has pending."""
    word = int.from_bytes(pending)
    return PartyId.of(word >> 8), Right(word & 0xFF)
