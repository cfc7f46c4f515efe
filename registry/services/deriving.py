"""Find on what rights data may be derived, and say how it was made."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from registry.domain.lineage import Pin, purposes_within
from registry.domain.lineage_operations import (
    Basis,
    DeclareDerivation,
    Making,
    RegisterDerived,
    UpdateDerived,
)
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Activity, Purpose, Right, Source
from registry.domain.words import names
from registry.errors import (
    AlreadyMadeOtherwise,
    PurposesDisjoint,
    SourceNotGranted,
    SourceRepeated,
)
from registry.records import dataclass
from registry.services.agreements import any_use
from registry.services.births import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.ancestry import Path
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.lineage import Derivation
    from registry.domain.moment import Moment
    from registry.domain.operations import Register, Update
    from registry.domain.product import Product
    from registry.domain.verdict import Use
    from registry.services.actor import Actor
    from registry.services.births import Born


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Name a source: its latest version where none is named, its grant where one is to be used."""

    product: ProductId
    version: int | None = None
    grant: GrantId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Say how data was made, as a person does.

    `purposes` are those that the product may be granted for at most; where None, all that every
    source allows. `method` is a 32-byte digest. `agents` carried it out, one's own party if none.
    """

    sources: tuple[Wanted, ...]
    activity: Activity = Activity.PROCESSING
    purposes: Purpose | None = None
    method: bytes | None = None
    agents: tuple[PartyId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Hold the right to one source: what is shown to the ledger, and the purposes it allows."""

    basis: Basis
    allowed: Purpose


class Deriving:
    """Serve the tasks about making data of other data."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def making(self, made: Made) -> Making:
        """Return how data was made as the ledger takes it, with a right found to every source.

        A source in which one's party holds USE needs no grant; for any other the grant is the one
        named, else one that lets the party derive from it for the purposes asked, the widest.
        Raises `ProductUnknown`, `VersionUnknown`, `SourceRepeated`, `SourceNotGranted`,
        `PurposesDisjoint`.
        """
        party, moment = self._actor.party(), self._actor.ledger.moment(None)
        found = [
            self._right_to(one, product, party, made.purposes, moment)
            for one, product in self._pinned(made.sources)
        ]
        return Making(
            activity=made.activity,
            bases=tuple(one.basis for one in found),
            purposes=_common(found) if made.purposes is None else made.purposes,
            method=made.method,
            agents=made.agents,
        )

    def registering(self, item: Register, made: Made) -> RegisterDerived:
        """Return the operation that registers data made so; its source is DERIVED if unstated."""
        stated = item.source or Source.DERIVED
        return RegisterDerived(registration=replace(item, source=stated), making=self.making(made))

    def updating(self, item: Update, made: Made) -> UpdateDerived:
        """Return the operation that adds a version made so."""
        return UpdateDerived(
            product=item.product,
            latest=item.latest,
            content_root=item.content_root,
            metadata_hash=item.metadata_hash,
            making=self.making(made),
        )

    def declare(self, product: ProductId, made: Made) -> Receipt:
        """Declare what a product that one applied for is made of."""
        return self._actor.submit(DeclareDerivation(product=product, making=self.making(made)))

    def derivation(self, product: ProductId, version: int) -> Derivation | None:
        """Return what a version was made of, None where nothing was declared."""
        return self._actor.ledger.derivations([Pin(product, version)])[0]

    def require_same(self, product: ProductId, version: int, made: Made) -> None:
        """Refuse to take a registration for one of data made so; raises `AlreadyMadeOtherwise`."""
        known = self.derivation(product, version)
        wanted = {
            Pin(one.product, one.version or known_product.latest)
            for one, known_product in self._pinned(made.sources)
        }
        if known is None or {source.pin for source in known.sources} != wanted:
            raise AlreadyMadeOtherwise(product=str(product), version=version)

    # ---- within ------------------------------------------------------------------------------

    def _pinned(self, sources: Sequence[Wanted]) -> list[tuple[Wanted, Product]]:
        """Return sources with their products, each of one version, in the ledger's order."""
        from registry.reverts import ProductUnknown, VersionUnknown  # noqa: PLC0415 (start-up)

        known = self._actor.ledger.products([one.product for one in sources])
        found: dict[Pin, tuple[Wanted, Product]] = {}
        for one, product in zip(sources, known, strict=True):
            if product is None:
                raise ProductUnknown(product=one.product)
            version = product.latest if one.version is None else one.version
            if not 0 < version <= product.latest:
                raise VersionUnknown(product=product.id, version=version, latest=product.latest)
            pin = Pin(product.id, version)
            if pin in found:
                raise SourceRepeated(product=str(product.id), version=version)
            found[pin] = replace(one, version=version), product
        return [found[pin] for pin in sorted(found)]

    def _right_to(
        self,
        one: Wanted,
        product: Product,
        party: PartyId,
        purposes: Purpose | None,
        moment: Moment,
    ) -> _Found:
        """Return on what right the party may derive from a source."""
        own = self._actor.ledger.rights_of(product.id, party, at=moment)
        version = one.version or product.latest
        if one.grant is None and own & Right.USE:
            return _Found(
                basis=Basis(product=product.id, version=version), allowed=product.purposes
            )
        family = Family.read(self._actor.ledger, moment, product.id)
        if one.grant is not None:
            return _shown(family.require_path(one.grant), version)
        return self._widest(family, one, version, party, purposes, moment)

    def _widest(
        self,
        family: Family,
        one: Wanted,
        version: int,
        party: PartyId,
        purposes: Purpose | None,
        moment: Moment,
    ) -> _Found:
        """Return the grant to a party that lets it derive, for the most purposes.

        Raises `SourceNotGranted` with what stands against each.
        """
        granted = [born for born in family.members() if born.clauses.grantee == party]
        asked = [(family.require_path(born.id), _deriving(born, version)) for born in granted]
        verdicts = self._actor.ledger.check_all(asked, at=moment) if asked else ()
        judged = [
            (path, _judged(path, verdict, purposes))
            for (path, _), verdict in zip(asked, verdicts, strict=True)
        ]
        usable = [path for path, verdict in judged if verdict is Verdict.OK]
        if not usable:
            told = zip(granted, judged, strict=True)
            raise SourceNotGranted(
                product=str(one.product),
                version=version,
                party=str(party),
                grants=[f"{born.id}: {verdict.name}" for born, (_, verdict) in told],
            )
        return _shown(max(usable, key=lambda path: int(path.clauses.purposes).bit_count()), version)


def _deriving(born: Born, version: int) -> Use:
    return replace(any_use(born.clauses), action=Action.DERIVE, version=version)


def _judged(path: Path, verdict: Verdict, purposes: Purpose | None) -> Verdict:
    """Return the verdict on deriving under a grant, the purposes asked for counted."""
    wide = purposes is None or purposes_within(purposes, path.clauses.purposes)
    return verdict if wide or verdict is not Verdict.OK else Verdict.PURPOSE_NOT_GRANTED


def _shown(path: Path, version: int) -> _Found:
    clauses = path.clauses
    basis = Basis(
        product=clauses.product, version=version, clauses=clauses.pack(), above=path.above
    )
    return _Found(basis=basis, allowed=clauses.purposes)


def _common(found: Sequence[_Found]) -> Purpose:
    """Return the purposes that all sources allow, none where none of them is limited."""
    limits = [one.allowed for one in found if one.allowed]
    common = reduce(and_, limits) if limits else Purpose(0)
    if limits and not common:
        allowed = [
            f"{one.basis.product}@{one.basis.version}: {' '.join(names(one.allowed))}"
            for one in found
        ]
        raise PurposesDisjoint(allowed=allowed)
    return common
