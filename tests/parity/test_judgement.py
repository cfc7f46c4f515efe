"""Hold the judgement that explains a verdict against the chain that gives it.

Random grants and sub-grants live through random uses, suspensions, ends, annotations and time; then
every one of them is judged on random uses, now and at past blocks: condition by condition here, and
by the contract. The first condition that fails must be the contract's verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from registry.chain.authority import announcement
from registry.chain.bindings import PartyRegistry
from registry.chain.calls import Call
from registry.chain.reader import ChainReader
from registry.client import Dengji
from registry.domain import territory
from registry.domain.agreement_operations import IssueUnder, ResumeGrant, SuspendGrant
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import GrantIssued, ProductRegistered, SubGrantIssued
from registry.domain.judgement import Facts, judge
from registry.domain.moment import AtBlock
from registry.domain.operations import (
    Annotate,
    Issue,
    Operation,
    Register,
    Release,
    Resume,
    Retire,
    Revoke,
    Suspend,
    Update,
)
from registry.domain.party import Role
from registry.domain.terms import SigningDomain
from registry.domain.usage_operations import RecordUsage
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import (
    Action,
    AnnotationKind,
    Environment,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SubDelegation,
)
from registry.errors import NodeRefused, RegistryError
from registry.services.questions import least_use

if TYPE_CHECKING:
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.moment import Moment
    from tests.conftest import World

DAY: Final = 86_400
DELAY: Final = 5 * DAY
STEPS: Final = 80
PLACES: Final = (156_000_000, 156_410_000, 156_410_100, 702_000_000)


@dataclass
class Life:
    """Write random steps on a chain, and remember which grants came of them."""

    world: World
    rng: Random
    parties: list[PartyId]
    products: list[ProductId] = field(default_factory=list)
    paths: dict[GrantId, Path] = field(default_factory=dict)
    children: int = 0

    @property
    def now(self) -> int:
        """Return the chain's time."""
        return self.world.ledger.moment().time

    @property
    def domain(self) -> SigningDomain:
        """Return the domain of the grants' ids."""
        found = self.world.deployment
        return SigningDomain(chain_id=found.chain_id, verifying_contract=found.grants)

    def do(self, operation: Operation, by: PartyId) -> bool:
        """Submit an operation as a party; return whether the chain took it."""
        account = self.world.accounts[self.parties.index(by)]
        try:
            receipt = self.world.ledger.submit(operation, account=account)
        except RegistryError:
            return False
        for event in receipt.events:
            if isinstance(event, ProductRegistered):
                self.products.append(event.product)
            if isinstance(event, GrantIssued):
                self.paths[event.grant] = Path(clauses=Clauses.unpack(event.clauses))
            if isinstance(event, SubGrantIssued):
                above = self.paths[event.parent]
                self.paths[event.grant] = above.below(Clauses.unpack(event.clauses))
                self.children += 1
        return True

    def clauses(self) -> Clauses:
        """Return random clauses of a grant on a product."""
        rng, now = self.rng, self.now
        periodic = rng.random() < 0.4
        total = rng.randint(1, 30)
        quota = Quota(
            unit=QuotaUnit.CALL,
            total=total,
            per_period=rng.randint(1, total) if periodic else 0,
            period=DAY if periodic else 0,
        )
        return Clauses(
            product=rng.choice(self.products),
            grantor=self.parties[1],
            grantee=rng.choice(self.parties[2:]),
            actions=Action(rng.choice((3, 1, Action.ALL))),
            purposes=Purpose(rng.choice((3, 1, Purpose.ALL))),
            environment=Environment(rng.choice((0, 0, 3, 8))),
            territory=territory.normal(rng.sample(PLACES, rng.choice((0, 0, 1, 2)))),
            version=rng.choice((0, 0, 1)),
            window=Window(
                start=rng.choice((None, None, now + DAY)),
                until=rng.choice((None, now + 2 * DAY, now + 40 * DAY)),
            ),
            quota=rng.choice((None, quota, quota)),
            notice_days=rng.choice((0, 3)),
            sub_delegation=SubDelegation.FREE,
            depth=3,
            salt=rng.getrandbits(60),
        )

    def below(self, path: Path) -> Clauses:
        """Return clauses as wide as those above, but for what must differ."""
        above = path.clauses
        others = [one for one in self.parties[1:] if one != above.grantee]
        quota = above.quota
        if quota is not None and not quota.period and self.rng.random() < 0.5:
            quota = replace(quota, total=max(1, quota.total // 2))
        return replace(
            above,
            grantor=above.grantee,
            grantee=self.rng.choice(others),
            sub_delegation=SubDelegation.FREE if above.depth > 1 else SubDelegation.NONE,
            depth=above.depth - 1,
            quota=quota,
            salt=self.rng.getrandbits(60),
        )

    def step(self, *, calm: bool) -> None:
        """Do something; in calm times only what makes grants and uses them."""
        rng = self.rng
        if rng.random() < 0.15:
            self.world.mine(rng.choice((60, DAY // 2, DAY, 3 * DAY)))
        if not self.paths or rng.random() < 0.25:
            self.do(Issue(clauses=self.clauses()), self.parties[1])
            return
        grant, path = rng.choice(list(self.paths.items()))
        if rng.random() < 0.35:
            if not path.clauses.depth:
                return
            clauses = self.below(path)
            self.do(IssueUnder(path=path, clauses=clauses), clauses.grantor)
        elif calm or rng.random() < 0.6:
            self.use(path)
        else:
            self.disturb(grant, path)

    def use(self, path: Path) -> None:
        """Record a use that the clauses allow, of some amount."""
        least = least_use(path.clauses)
        operation = RecordUsage(
            path=path,
            action=least.action,
            purpose=least.purpose,
            amount=self.rng.randint(1, 12),
            environment=least.environment,
            territory=least.territory,
        )
        self.do(operation, path.clauses.grantee)

    def disturb(self, grant: GrantId, path: Path) -> None:
        """Change the state of a grant, a party or a product."""
        rng, clauses = self.rng, path.clauses
        founder, court = self.parties[0], self.parties[3]
        product, evidence = rng.choice(self.products), rng.randbytes(32)
        seized, controlled = (
            Annotate(product=product, kind=kind, reason=Reason.UNSPECIFIED, evidence=evidence)
            for kind in (AnnotationKind.SEIZURE, AnnotationKind.CONTROL)
        )
        suspended = Suspend(
            party=rng.choice(self.parties[1:]), reason=Reason.BREACH, evidence=bytes(12)
        )
        stopped = SuspendGrant(grant=grant, reason=Reason.BREACH, evidence=bytes(12))
        acts: list[tuple[Operation, PartyId]] = [
            *((stopped, clauses.grantor),) * 3,
            (ResumeGrant(grant=grant, index=0), clauses.grantor),
            (Revoke(grant=grant, reason=Reason.BREACH), clauses.grantor),
            *((suspended, founder),) * 3,
            (controlled, founder),
            *((seized, court),) * 3,
            *((Release(product=product, index=n, evidence=evidence), founder) for n in (0, 1)),
            *((Release(product=product, index=n, evidence=evidence), court) for n in (0, 1)),
            *((Resume(party=one, index=n), founder) for one in self.parties[1:] for n in (0, 1)),
        ]
        chance = rng.random()
        if chance < 0.1:
            acts = [(Retire(product=product), self.parties[1])]
        elif chance < 0.3:
            update = Update(
                product=product, latest=1, content_root=evidence, metadata_hash=evidence
            )
            acts = [(update, self.parties[1])]
        self.do(*rng.choice(acts))

    def uses(self, path: Path) -> list[Use]:
        """Return uses of a grant: the least it allows, and some that depart from it."""
        rng = self.rng
        least = least_use(path.clauses)
        changes = (
            {"amount": rng.randint(0, 40)},
            {"action": Action(1 << rng.randrange(8)), "amount": 1},
            {"purpose": Purpose(1 << rng.randrange(8)), "amount": 1},
            {"version": rng.randrange(4), "amount": 1},
            {"territory": rng.choice((0, *PLACES)), "environment": Environment(rng.choice((0, 1)))},
            {"user": rng.choice(self.parties)},
        )
        return [least, *(replace(least, **one) for one in changes)]


@pytest.fixture
def life(world: World, request: pytest.FixtureRequest) -> Life:
    """Let four parties, one of them a court, live through random steps."""
    ledger = world.ledger
    for account in world.accounts[1:]:
        Dengji(ledger, account).parties.enrol()
    parties = [ledger.party_of(account) for account in world.accounts]
    known = [one for one in parties if one is not None]
    _court(world, known[3])
    made = Life(world=world, rng=Random(request.param), parties=known)
    for number in range(3):
        root = bytes([number + 1]) * 32
        made.do(Register(content_root=root, metadata_hash=root, rights=Right.ALL), known[1])
    for number in range(STEPS):
        made.step(calm=number < STEPS // 3)
    return made


def _court(world: World, party: PartyId) -> None:
    """Make a party a court, after the delay of the administration."""
    data = PartyRegistry.set_roles.call(int(party), int(Role.COURT))
    call = Call(to=world.deployment.parties, data=data, purpose="setRoles")
    authority = world.deployment.authority
    assert authority is not None
    founder = world.senders[world.accounts[0]]
    founder.send(announcement(authority, call))
    world.mine(DELAY)
    founder.send(call)


def facts(life: Life, path: Path, moment: Moment) -> Facts:
    """Return what the service of questions judges a grant by."""
    questions = Dengji(life.world.ledger).questions
    *above, own = path.ids(life.domain)
    return Facts(
        above=tuple(questions._facts(one, moment) for one in above),
        grant=questions._facts(own, moment),
        clauses=path.clauses,
        product=life.world.ledger.product(path.clauses.product, at=moment),
        time=moment.time,
    )


LEAST_KINDS: Final = 9


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("life", range(4), indirect=True)
def test_the_first_condition_that_fails_is_the_chains_verdict(life: Life) -> None:
    """Each use of each grant is judged as the contract does, now and at past blocks."""
    ledger = life.world.ledger
    assert life.children
    seen: Counter[Verdict] = Counter()
    head = ledger.moment().block
    for moment in (ledger.moment(), *(ledger.moment(AtBlock(head - n)) for n in (7, 20))):
        known = [one for one in life.paths if ledger.grant(one, at=moment) is not None]
        for grant in known:
            path = life.paths[grant]
            uses = life.uses(path)
            verdicts = ledger.check_all([(path, use) for use in uses], at=moment)
            found = facts(life, path, moment)
            assert [judge(found, use).verdict for use in uses] == list(verdicts)
            seen.update(verdicts)
    assert len(seen) >= LEAST_KINDS, seen


@pytest.mark.anvil
@pytest.mark.parametrize("life", [11], indirect=True)
def test_a_thousand_checks_are_one_request(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand uses, of sub-grants too, are judged in one request as they are one by one."""
    ledger, rpc = life.world.ledger, life.world.rpc
    assert life.children
    asked = [(path, use) for path in life.paths.values() for use in life.uses(path)]
    asked = [asked[n % len(asked)] for n in range(1_000)]
    moment = ledger.moment()
    sent: list[int] = []
    real = rpc._transport.send

    def counted(payload: bytes) -> bytes:
        sent.append(len(payload))
        return real(payload)

    monkeypatch.setattr(rpc._transport, "send", counted)
    verdicts = ledger.check_all(asked, at=moment)
    assert len(sent) == 1
    assert len(verdicts) == 1_000
    singles = {
        place: ledger.check(*asked[place], at=moment) for place in range(min(len(asked), 120))
    }
    assert {place: verdicts[place] for place in singles} == singles


@pytest.mark.anvil
@pytest.mark.parametrize("life", [12], indirect=True)
def test_a_node_that_refuses_much_is_asked_for_less(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a node bounds what a call may do, the checks are halved until it answers them all."""
    ledger = life.world.ledger
    asked = [(path, use) for path in life.paths.values() for use in life.uses(path)][:50]
    whole = ledger.check_all(asked)
    real = ChainReader._value
    refused: list[int] = []

    def bounded(self: ChainReader, question: object, at: object) -> object:
        arguments = getattr(question, "arguments", ())
        count = len(arguments[0]) if arguments and isinstance(arguments[0], list) else 0
        if count > 10:
            refused.append(count)
            raise NodeRefused(url="", method="eth_call", error=-32000, message="out of gas")
        return real(self, question, at)  # type: ignore[arg-type]

    monkeypatch.setattr(ChainReader, "_value", bounded)
    assert ledger.check_all(asked) == whole
    assert refused
