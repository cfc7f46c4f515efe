"""Things on a ledger that proofs are made of: products, a grant and one below it, their changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry.chain.proofs import ChainProofs
from registry.client import Dengji
from registry.domain.agreement_operations import IssueUnder, SuspendGrant
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses, Quota
from registry.domain.ids import ProductId
from registry.domain.lineage_operations import Basis, Making, RegisterDerived
from registry.domain.operations import Annotate, Enrol, Issue, Register, Transfer, Update
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import (
    Action,
    Activity,
    AnnotationKind,
    DerivedRights,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SubDelegation,
)
from registry.services.actor import Actor
from registry.services.proofs import Proofs

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId
    from registry.domain.operations import Operation
    from tests.conftest import World

FOUNDER, HOLDER, BUYER, USER = 0, 1, 2, 3
ROOT, META, NEXT, GRANTED = (bytes([one]) * 32 for one in b"\xcd\xab\xce\xcf")
FIRST, SECOND, MADE = (bytes([one]) * 32 for one in b"\xd0\xd1\xd2")
EVIDENCE = bytes(range(32))


@dataclass(frozen=True)
class ProofWorld:
    """Hold a chain with parties on it, and make proofs of what is written there."""

    world: World

    @property
    def proofs(self) -> Proofs:
        """Return the service under test."""
        actor = Actor(ledger=self.world.ledger, choose=lambda: None)
        return Proofs(actor, lambda deployment: ChainProofs(self.world.rpc, deployment))

    def client(self, who: int) -> Dengji:
        """Return a client of one of the accounts."""
        return Dengji(self.world.ledger, self.world.accounts[who])

    def do(self, who: int, operation: Operation) -> Any:  # noqa: ANN401 (any event)
        """Carry out an operation; return its first event."""
        return self.world.ledger.submit(operation, account=self.world.accounts[who]).events[0]

    def party(self, who: int) -> PartyId:
        """Return the party of an account, enrolled where it is not."""
        account = self.world.accounts[who]
        known = self.world.ledger.party_of(account)
        if known is None:
            self.do(who, Enrol(identity_hash=bytes([who]) * 32))
            known = self.world.ledger.party_of(account)
        assert known is not None
        return known

    def register(self, **fields: Any) -> ProductId:  # noqa: ANN401 (as Register has them)
        """Register a product of the holder's."""
        self.party(HOLDER)
        given = {"content_root": ROOT, "metadata_hash": META, **fields}
        found: ProductId = self.do(HOLDER, Register(**given)).product
        return found

    @cached_property
    def domain(self) -> SigningDomain:
        """Return where grants have their ids."""
        made = self.world.deployment
        return SigningDomain(chain_id=made.chain_id, verifying_contract=made.grants)

    def clauses(self, product: ProductId, grantor: int, grantee: int, **more: Any) -> Clauses:  # noqa: ANN401
        """Return clauses between two of the accounts."""
        given = {
            "product": product,
            "grantor": self.party(grantor),
            "grantee": self.party(grantee),
            "rights": Right.USE,
            "actions": Action.READ,
            "purposes": Purpose.RESEARCH,
            **more,
        }
        return Clauses(**given)

    def rich_product(self) -> ProductId:
        """Register a product, claim its content twice, add a version, move rights, annotate it."""
        self.register()
        product = self.register(salt=7)
        update = Update(product=product, latest=1, content_root=NEXT, metadata_hash=META)
        self.do(HOLDER, update)
        party = self.party(BUYER)
        self.do(HOLDER, Transfer(product=product, to=party, rights=Right.OPERATE))
        for who, kind in ((HOLDER, AnnotationKind.LIMIT), (FOUNDER, AnnotationKind.CONTROL)):
            noted = Annotate(product=product, kind=kind, reason=Reason.AUTHORITY, evidence=EVIDENCE)
            self.do(who, noted)
        return product

    def derived_product(self) -> ProductId:
        """Register the buyer's product, made of the holder's under a grant and of its own."""
        free = {"actions": Action.READ | Action.DERIVE, "derived_rights": DerivedRights.GRANTEE}
        granted = self.clauses(self.register(content_root=FIRST), HOLDER, BUYER, **free)
        self.do(HOLDER, Issue(clauses=granted))
        own: ProductId = self.do(BUYER, Register(content_root=SECOND, metadata_hash=META)).product
        bases = (
            Basis(product=granted.product, version=1, clauses=granted.pack()),
            Basis(product=own, version=1),
        )
        making = Making(
            activity=Activity.FUSION,
            bases=tuple(sorted(bases, key=lambda basis: basis.product)),
            purposes=Purpose.RESEARCH,
            method=EVIDENCE,
            agents=(self.party(HOLDER),),
        )
        registration = Register(content_root=MADE, metadata_hash=META)
        self.do(BUYER, RegisterDerived(registration=registration, making=making))
        return ProductId.derive(
            chain_id=self.world.deployment.chain_id,
            registry=self.world.deployment.products,
            party=self.party(BUYER),
            content_root=MADE,
            metadata_hash=META,
            salt=0,
        )

    def sub_grant(self) -> tuple[GrantId, GrantId]:
        """Issue a grant with a quota for each period and one below it, and suspend the upper."""
        product = self.register(content_root=GRANTED)
        free = {"sub_delegation": SubDelegation.FREE, "depth": 2}
        quota = Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=86_400)
        upper = self.clauses(product, HOLDER, BUYER, quota=quota, **free)
        self.do(HOLDER, Issue(clauses=upper))
        small = Quota(unit=QuotaUnit.CALL, total=50, per_period=5, period=86_400)
        lower = self.clauses(product, BUYER, USER, quota=small)
        path = Path(clauses=upper)
        self.do(BUYER, IssueUnder(path=path, clauses=lower))
        above = upper.digest(self.domain)
        halted = SuspendGrant(grant=above, reason=Reason.RISK, evidence=EVIDENCE[:12])
        self.do(HOLDER, halted)
        return above, lower.digest(self.domain, above)
