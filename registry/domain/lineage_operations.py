"""Say what a party wants written about derived data, as values that any ledger carries out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.operations import Register
    from registry.domain.vocabulary import Activity, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Name a version that data was made of, and by what right.

    `clauses` are the packed clauses of a grant with the action DERIVE, empty for a source of one's
    own; `above` are the ancestors of a sub-grant by the hashes of their clauses, 32 bytes each.
    """

    product: ProductId
    version: int
    clauses: bytes = b""
    above: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """Say how data was made; the fields are those of `registry.domain.lineage.Derivation`.

    `bases` ascend by product and version.
    """

    activity: Activity
    bases: tuple[Basis, ...]
    purposes: Purpose
    method: bytes | None = None
    agents: tuple[PartyId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDerived:
    """Register a product over what it was made of."""

    registration: Register
    making: Making


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDerivedBatch:
    """Register several derived products in one transaction, all or none.

    One may be made of another before it.
    """

    items: tuple[RegisterDerived, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDerived:
    """Add a version after `latest` over what it was made of."""

    product: ProductId
    latest: int
    content_root: bytes
    metadata_hash: bytes
    making: Making


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareDerivation:
    """Declare what a product was made of, as its applicant while its first case is open."""

    product: ProductId
    making: Making


LineageOperation: TypeAlias = (
    RegisterDerived | RegisterDerivedBatch | UpdateDerived | DeclareDerivation
)
"""Anything that can be written about derivations."""
