"""Hold what an export is made from, and name it as others take names: by URN, ids within.

    urn:dengji:ledger:<chain id>:<directory>     one ledger
    urn:dengji:product:product1…                 a product, whatever its version
    urn:dengji:version:product1….<number>        one version of it
    urn:dengji:registration:product1….<number>   the act that put this version on record
    urn:dengji:party:party1…, urn:dengji:grant:grant1…
    urn:dengji:method:hash-<64 digits>           an algorithm, by its digest

Ids of parties, products and grants are derived from chain and contracts: no other ledger has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address, Identifier, ProductId
    from registry.domain.lineage import Derivation
    from registry.domain.metadata import Metadata
    from registry.domain.moment import Moment
    from registry.domain.product import Holding, Product, Version

TERMS: Final = "urn:dengji:terms:1#"
"""The namespace of the terms that no standard has."""

PREFIX: Final = "dengji"
FIELDS: Final = "fields"
"""Our term for the descriptive fields that a standard's own terms do not say exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Say which ledger an export was made from; `local` says that its chain is no evidence."""

    chain_id: int
    directory: Address
    local: bool = False

    @property
    def urn(self) -> str:
        """Return the name of the ledger."""
        return f"urn:dengji:ledger:{self.chain_id}:{self.directory}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold what is on record of one product at a moment, and of what it was made of.

    `versions` are those made by then, the first one first. `metadata` is the registered description
    of the newest of them, None where it is not at hand. `derivations` are all that lead to
    the product's versions, up to the roots of their lineage, in the order in which they were made.
    """

    place: Place
    moment: Moment
    product: Product
    versions: tuple[Version, ...]
    holders: tuple[Holding, ...]
    code: str | None = None
    metadata: Metadata | None = None
    derivations: tuple[Derivation, ...] = ()

    @property
    def version(self) -> Version:
        """Return the newest version."""
        return self.versions[-1]

    def derivation(self, number: int) -> Derivation | None:
        """Return what one of the product's own versions was made of, None where of nothing else."""
        own = (one for one in self.derivations if one.product == self.product.id)
        return next((one for one in own if one.version == number), None)


def urn(named: Identifier) -> str:
    """Return an id as a URN."""
    return f"urn:dengji:{named.kind}:{named}"


def version_name(product: ProductId, number: int) -> str:
    """Return what a version is called within a namespace."""
    return f"{product}.{number}"


def version_urn(product: ProductId, number: int) -> str:
    """Return the URN of one version of a product."""
    return f"urn:dengji:version:{version_name(product, number)}"


def registration_urn(product: ProductId, number: int) -> str:
    """Return the URN of the act that registered a version."""
    return f"urn:dengji:registration:{version_name(product, number)}"


def hexed(raw: bytes) -> str:
    """Return bytes as 0x and digits."""
    return "0x" + raw.hex()
