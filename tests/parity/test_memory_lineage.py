"""Hold derivations on the in-memory ledger against the contract.

The same random steps run on both, valid and not: derived registrations, versions and declarations
over own data, grants and sub-grants, of any purposes, with grants and sources that come to an end.
Every outcome must be the same, and every lineage afterwards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from registry.domain.agreement_operations import IssueUnder
from registry.domain.ancestry import Path as Lineage
from registry.domain.case_operations import Apply, Origin
from registry.domain.clauses import Clauses
from registry.domain.events import (
    GrantIssued,
    ProductOpened,
    ProductRegistered,
    ProductUpdated,
    SubGrantIssued,
)
from registry.domain.ids import PartyId, ProductId
from registry.domain.lineage import Pin
from registry.domain.lineage_events import ProductDerived, SourceUsed
from registry.domain.lineage_operations import (
    Basis,
    DeclareDerivation,
    Making,
    RegisterDerived,
    RegisterDerivedBatch,
    UpdateDerived,
)
from registry.domain.operations import Enrol, Issue, Register, Retire, Revoke, Update
from registry.domain.product import Profile
from registry.domain.vocabulary import (
    Action,
    Activity,
    Purpose,
    Reason,
    Right,
    Source,
    SubDelegation,
)
from registry.errors import RegistryError
from registry.testing import MemoryLedger
from tests.parity.test_memory_agreements import SEAL, chain  # noqa: F401 (a fixture)
from tests.parity.test_memory_ledger import SIGNERS, bare
from tests.sequences import Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.chain.ledger import ChainLedger
    from registry.domain.ids import Address, GrantId
    from registry.domain.ledger import Ledger
    from registry.domain.operations import Operation

SEQUENCES: Final = max(1, int(os.environ.get("DENGJI_PARITY_SEQUENCES", "15")) // 5)
STEPS: Final = 5 * int(os.environ.get("DENGJI_PARITY_STEPS", "40"))
PARTIES: Final = 4
NOBODY: Final = PartyId.of(0)
RARELY: Final = 0.05
EVENLY: Final = 0.5
META: Final = b"\x07" * 32
PURPOSES: Final = (
    Purpose(0),
    Purpose.RESEARCH,
    Purpose.INSURANCE,
    Purpose.RESEARCH | Purpose.INSURANCE,
)


@dataclass
class Writer:
    """Write random steps about derivations over what has come to be so far."""

    rng: Random
    ledger: MemoryLedger
    accounts: dict[PartyId, Address] = field(default_factory=dict)
    products: list[ProductId] = field(default_factory=list)
    applied: list[ProductId] = field(default_factory=list)
    paths: dict[GrantId, Lineage] = field(default_factory=dict)
    count: int = 0
    by: PartyId = NOBODY

    @property
    def parties(self) -> list[PartyId]:
        """Return the parties that write."""
        return list(self.accounts)

    def learn(self, events: tuple[object, ...]) -> None:
        """Take note of products and grants."""
        for event in events:
            if isinstance(event, ProductRegistered):
                self.products.append(event.product)
            if isinstance(event, ProductOpened):
                self.applied.append(event.product)
            if isinstance(event, GrantIssued | SubGrantIssued):
                clauses = Clauses.unpack(event.clauses)
                above = self.paths.get(event.parent) if isinstance(event, SubGrantIssued) else None
                self.paths[event.grant] = (
                    Lineage(clauses=clauses) if above is None else above.below(clauses)
                )

    def step(self) -> Step:
        """Write the next step."""
        writers: dict[Callable[[], Operation], int] = {
            self._derived: 30,
            self._batch: 5,
            self._updated: 24,
            self._grant: 20,
            self._under: 8,
            self._apply: 8,
            self._declare: 14,
            self._revoke: 2,
            self._retire: 1,
            self._plain: 5,
        }
        write = self.rng.choices(list(writers), weights=list(writers.values()))[0]
        self.by = self.rng.choice(self.parties)
        operation = write()
        if self.rng.random() < RARELY:
            self.by = self.rng.choice(self.parties)
        account = self.accounts[self.by]
        return Step(operation=operation, account=account, jump=self.rng.choice((1, 1, 60)))

    # ---- within ------------------------------------------------------------------------------

    def _own(self, products: list[ProductId]) -> list[ProductId]:
        """Return those of some products that whoever writes the step applied for, or all."""
        found = zip(products, self.ledger.products(products), strict=True)
        own = [one for one, known in found if known and known.applicant == self.by]
        standing = [one for one in own if (known := self.ledger.product(one)) and known.in_force]
        return standing or own or products

    def _item(self, source: Source = Source.DERIVED) -> Register:
        self.count += 1
        root = self.count.to_bytes(32)
        return Register(content_root=root, metadata_hash=META, source=source)

    def _purposes(self) -> Purpose:
        return self.rng.choice((*PURPOSES, *PURPOSES, Purpose.CREDIT))

    def _making(self) -> Making:
        count = self.rng.choice((1, 1, 1, 1, 2, 3))
        bases = sorted((self._basis() for _ in range(count)), key=lambda b: (b.product, b.version))
        if self.rng.random() < RARELY:
            bases = bases[::-1] if self.rng.random() < 0.5 else []
        if self.rng.random() < 2 * RARELY:
            return Making(activity=Activity.FUSION, bases=tuple(bases), purposes=self._purposes())
        return Making(
            activity=self.rng.choice(list(Activity)),
            bases=tuple(bases),
            purposes=self._fitting(bases),
            method=self.rng.choice((None, b"\x09" * 32)),
            agents=tuple(self.rng.sample(self.parties, self.rng.choice((0, 0, 1, 2)))),
        )

    def _fitting(self, bases: list[Basis]) -> Purpose:
        """Return purposes that all sources allow, where they have some in common."""
        limits = [
            Clauses.unpack(one.clauses).purposes if one.clauses else known.purposes
            for one in bases
            if (known := self.ledger.product(one.product)) is not None
        ]
        common = reduce(and_, [one for one in limits if one], Purpose.ALL)
        return common if any(limits) else self.rng.choice(PURPOSES)

    def _basis(self) -> Basis:
        if self.paths and self.rng.random() < 0.6:
            paths = [one for one in self.paths.values() if one.clauses.grantee == self.by]
            path = self.rng.choice((paths or list(self.paths.values()))[-8:])
            clauses = path.clauses
            product = clauses.product if self.rng.random() < 0.95 else self._product()
            return Basis(
                product=product,
                version=self._version(product),
                clauses=clauses.pack(),
                above=path.above if self.rng.random() < 0.97 else (),
            )
        product = self._product()
        return Basis(product=product, version=self._version(product))

    def _product(self) -> ProductId:
        if self.rng.random() < RARELY:
            return ProductId.of(self.rng.randrange(1, 99))
        some = [*self.products[-10:], *self.products[:3]]
        return self.rng.choice(self._own(some) if self.rng.random() > RARELY else some)

    def _version(self, product: ProductId) -> int:
        known = self.ledger.product(product)
        latest = 1 if known is None else known.latest
        return self.rng.choice((latest, latest, 1, latest + (self.rng.random() < 0.1)))

    def _derived(self) -> Operation:
        return RegisterDerived(registration=self._item(), making=self._making())

    def _batch(self) -> Operation:
        own = self._making()
        items = [RegisterDerived(registration=self._item(), making=own) for _ in range(2)]
        return RegisterDerivedBatch(items=tuple(items))

    def _updated(self) -> Operation:
        product = self._product()
        known = self.ledger.product(product)
        latest = 1 if known is None else known.latest
        self.count += 1
        root = self.count.to_bytes(32)
        if self.rng.random() < 0.3:
            return Update(product=product, latest=latest, content_root=root, metadata_hash=META)
        return UpdateDerived(
            product=product,
            latest=latest,
            content_root=root,
            metadata_hash=META,
            making=self._continued(product, latest),
        )

    def _continued(self, product: ProductId, latest: int) -> Making:
        """Return how a later version was made, mostly of the one before."""
        known = self.ledger.product(product)
        if known is None or self.rng.random() < EVENLY:
            return self._making()
        own = Basis(product=product, version=latest)
        return Making(activity=Activity.CLEANING, bases=(own,), purposes=known.purposes)

    def _clauses(self, product: ProductId, grantor: PartyId, purposes: Purpose) -> Clauses:
        self.count += 1
        return Clauses(
            product=product,
            grantor=grantor,
            grantee=self.rng.choice(self.parties),
            actions=self.rng.choice((Action.DERIVE, Action.DERIVE | Action.READ, Action.READ)),
            purposes=purposes,
            version=self.rng.choice((0, 0, 0, 1)),
            sub_delegation=SubDelegation.FREE,
            depth=2,
            salt=self.count,
        )

    def _grant(self) -> Operation:
        product = self._product()
        known = self.ledger.product(product)
        grantor = self.by if known is None else known.applicant
        self.by = grantor
        wanted = self.rng.choice(PURPOSES[1:])
        if known is not None and known.purposes and self.rng.random() > RARELY:
            wanted = known.purposes
        return Issue(clauses=self._clauses(product, grantor, wanted))

    def _under(self) -> Operation:
        if not self.paths:
            return self._grant()
        path = self.rng.choice(list(self.paths.values())[-8:])
        above = path.clauses
        self.by = above.grantee
        clauses = self._clauses(above.product, above.grantee, above.purposes)
        return IssueUnder(clauses=clauses, path=path)

    def _apply(self) -> Operation:
        return Apply(
            registration=self._item(self.rng.choice((Source.DERIVED, Source.GENERATED))),
            profile=Profile.PROPERTY,
            registrar=1,
            evidence=b"\x05" * 32,
            origins=self.rng.choice(((), (self._origin(),), (self._origin(), self._origin()))),
        )

    def _origin(self) -> Origin:
        basis = self._basis()
        return Origin(product=basis.product, clauses=basis.clauses, above=basis.above)

    def _declare(self) -> Operation:
        told = self.ledger.derivations([Pin(one, 1) for one in self.applied])
        open_ = [one for one, made in zip(self.applied, told, strict=True) if made is None]
        choices = self.applied if self.rng.random() < RARELY else open_
        product = self.rng.choice(choices or self.products[-1:])
        known = self.ledger.product(product)
        self.by = self.by if known is None else known.applicant
        return DeclareDerivation(product=product, making=self._making())

    def _revoke(self) -> Operation:
        if not self.paths:
            return self._grant()
        grant = self.rng.choice(list(self.paths))
        self.by = self.paths[grant].clauses.grantor
        return Revoke(grant=grant, reason=Reason.UNSPECIFIED)

    def _retire(self) -> Operation:
        return Retire(product=self._product())

    def _plain(self) -> Operation:
        return self._item(self.rng.choice((Source.DERIVED, Source.GENERATED, Source.GENERATED)))


def outcome(ledger: Ledger, step: Step, writer: Writer | None = None) -> object:
    """Submit a step, and return its receipt's or its error's content."""
    try:
        receipt = ledger.submit(step.operation, account=step.account)
    except RegistryError as error:
        return type(error), error.fields
    if writer is not None:
        writer.learn(receipt.events)
    return receipt.block, receipt.time, [bare(event) for event in receipt.events]


def compare(real: Ledger, memory: Ledger, writer: Writer) -> None:
    """Compare all products, their derivations, and who used what."""
    products = [*writer.products, *writer.applied]
    found = memory.products(products)
    assert found == real.products(products)
    pins = [
        Pin(product.id, version)
        for product in found
        if product is not None
        for version in range(1, product.latest + 2)
    ]
    mine, theirs = memory.derivations(pins), real.derivations(pins)
    assert [_bare(one) for one in mine] == [_bare(one) for one in theirs]
    assert any(one is not None for one in mine)
    for kinds, name in (((SourceUsed,), "source"), ((ProductUpdated, ProductDerived), "product")):
        told = [bare(event) for event in memory.events_naming(kinds, name, products)]
        assert told == [bare(event) for event in real.events_naming(kinds, name, products)]
    assert memory.grants(list(writer.paths)) == real.grants(list(writer.paths))


def _bare(one: object) -> object:
    from dataclasses import replace  # noqa: PLC0415

    return None if one is None else replace(one, transaction=b"")  # type: ignore[type-var]


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_derivations_behave_as_on_the_chain(
    seed: int,
    chain: tuple[ChainLedger, Callable[[int], object]],  # noqa: F811 (the fixture)
) -> None:
    """A random sequence has the same outcomes, derivations and events on both ledgers."""
    real, set_clock = chain
    founder = real.party_of(SIGNERS[0].address)
    assert founder is not None
    known = real.party(founder)
    assert known is not None
    memory = MemoryLedger(
        founder=SIGNERS[0].address,
        deployment=real.deployment,
        block=real.moment().block,
        time=known.since,
        seal=SEAL,
    )
    writer = Writer(rng=Random(seed), ledger=memory)
    steps = [
        Step(operation=Enrol(identity_hash=bytes(32)), account=one.address, jump=1)
        for one in SIGNERS[1:PARTIES]
    ]
    steps += [
        Step(
            operation=Register(content_root=bytes([n + 1]) * 32, metadata_hash=META, rights=rights),
            account=SIGNERS[n].address,
            jump=1,
        )
        for n, rights in enumerate((Right.ALL, Right.ALL, Right.HOLD | Right.OPERATE))
    ]
    met: set[str] = set()
    for number in range(len(steps) + STEPS):
        if number == len(steps):
            writer.accounts = {
                party: one.address
                for one in SIGNERS[:PARTIES]
                if (party := memory.party_of(one.address)) is not None
            }
        step = steps[number] if number < len(steps) else writer.step()
        memory.advance(step.jump - 1)
        set_clock(memory.now)
        expected = outcome(real, step)
        answer = outcome(memory, step, writer)
        assert answer == expected, step
        met.add(type(step.operation).__name__ if len(answer) == 3 else answer[0].__name__)  # type: ignore[arg-type, index]
    compare(real, memory, writer)
    done = {"RegisterDerived", "RegisterDerivedBatch", "UpdateDerived", "DeclareDerivation"}

    assert done <= met, sorted(met)
