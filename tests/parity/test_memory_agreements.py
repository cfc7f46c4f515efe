"""Hold agreements and sub-grants on the in-memory ledger against the contracts.

The same random steps run on both, valid and not: agreements signed rightly and wrongly, sub-grants
of all widths, suspensions, ends. Every outcome must be the same, and every check afterwards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

import pytest

from registry.chain.journal import Journal
from registry.chain.signatures import KeySeal
from registry.domain.agreement_operations import (
    Agree,
    AgreeJointly,
    Approval,
    EndByConsent,
    IssueUnder,
    ResumeGrant,
    SuspendGrant,
    VoidOffer,
)
from registry.domain.ancestry import Path as Lineage
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import GrantAgreed, GrantIssued, ProductRegistered, SubGrantIssued
from registry.domain.operations import Enrol, Issue, Operation, Register, Revoke
from registry.domain.party import Enrolment
from registry.domain.proposal import Kind, agreed
from registry.domain.signing import Agreement, Consent, Ending, Terms, UsageReceipt
from registry.domain.terms import SigningDomain
from registry.domain.usage import SignedReceipt
from registry.domain.usage_operations import RecordUsage, Settlement, SettleReceipts
from registry.domain.verdict import Use
from registry.domain.vocabulary import (
    Action,
    Form,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import RegistryError
from registry.testing import START, MemoryLedger
from tests.integration.sending import stilled
from tests.parity.test_memory_ledger import SIGNERS, bare, deployed
from tests.sequences import DAY, NO_GRANT, ROOTS, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.chain.ledger import ChainLedger
    from registry.domain.ids import Address, GrantId, PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.signing import Message

T = TypeVar("T")

SEQUENCES: Final = int(os.environ.get("DENGJI_PARITY_SEQUENCES", "15")) // 3
STEPS: Final = 2 * int(os.environ.get("DENGJI_PARITY_STEPS", "40"))
PARTIES: Final = 5
_LIKELY: Final = 0.96
_OLDER: Final = 0.4
_QUOTA: Final = Quota(unit=QuotaUnit.CALL, total=100)
KEYS: Final = {signer.address: signer for signer in SIGNERS}
SEAL: Final = KeySeal(KEYS.__getitem__)


@dataclass
class Writer:
    """Write random steps about agreements over what has come to be so far."""

    rng: Random
    ledger: MemoryLedger
    domain: SigningDomain
    parties: list[PartyId] = field(default_factory=list)
    keys: dict[PartyId, Address] = field(default_factory=dict)
    products: dict[ProductId, PartyId] = field(default_factory=dict)
    paths: dict[GrantId, Lineage] = field(default_factory=dict)
    filed: list[Settlement] = field(default_factory=list)

    def learn(self, events: tuple[object, ...]) -> None:
        """Take note of products and grants."""
        for event in events:
            if isinstance(event, ProductRegistered):
                self.products[event.product] = event.applicant
            if isinstance(event, GrantIssued | GrantAgreed | SubGrantIssued):
                clauses = Clauses.unpack(event.clauses)
                parent = None if isinstance(event, GrantIssued) else event.parent
                above = self.paths.get(parent) if parent else None
                self.paths[event.grant] = (
                    Lineage(clauses=clauses) if above is None else above.below(clauses)
                )

    def step(self) -> Step:
        """Write the next step."""
        writers: dict[Callable[[], tuple[Operation, PartyId]], int] = {
            self._agree: 24,
            self._under: 30,
            self._jointly: 8,
            self._void: 4,
            self._suspend: 8,
            self._resume: 8,
            self._end: 8,
            self._revoke: 5,
            self._issue: 6,
            self._record: 16,
            self._settle: 12,
        }
        write = self.rng.choices(list(writers), weights=list(writers.values()))[0]
        operation, by = write()
        account = self.keys[self._mostly(by, self._party)]
        return Step(operation=operation, account=account, jump=self.rng.choice((0, 1, 1, 60, DAY)))

    def _mostly(self, likely: T, otherwise: Callable[[], T]) -> T:
        return likely if self.rng.random() < _LIKELY else otherwise()

    def _party(self) -> PartyId:
        return self.rng.choice(self.parties)

    def _grant(self) -> GrantId:
        return self.rng.choice([*list(self.paths)[-8:], NO_GRANT])

    def _approval(self, party: PartyId, message: Message) -> Approval:
        key = self.keys[self._mostly(party, self._party)]
        signature = SEAL.sign(
            self._mostly(key, lambda: self.keys[self._party()]), message, self.domain
        )
        if self.rng.random() < 1 - _LIKELY**0.3:
            signature = signature[: self.rng.choice((0, 64))] + b"\1"
        return Approval(signer=key, signature=signature)

    def _clauses(self, form: Form) -> Clauses:
        rng, now = self.rng, self.ledger.now
        product = rng.choice(list(self.products))
        way = rng.choice((SubDelegation.NONE, SubDelegation.CONSENT, SubDelegation.FREE))
        grantor = self._mostly(self.products[product], self._party)
        return Clauses(
            product=product,
            grantor=grantor,
            grantee=self._mostly(self._party(), lambda: grantor),
            actions=Action.READ | Action.DERIVE,
            purposes=Purpose.RESEARCH | Purpose.AUDIT,
            rights=rng.choice((Right.USE, Right.USE, Right.USE | Right.HOLD)),
            window=Window(until=rng.choice((None, now + 10, now + 90 * DAY))),
            quota=rng.choice((None, _QUOTA, replace(_QUOTA, per_period=40, period=DAY))),
            sub_delegation=way,
            depth=rng.randrange(1, 4) if way else 0,
            form=self._mostly(form, lambda: rng.choice(list(Form))),
            template=self._mostly(Template.NONE, lambda: rng.choice(list(Template))),
            offer_until=rng.choice((*(now + DAY,) * 12, None, now, now - 1)),
            notice_days=rng.choice((0, 0, 3)),
            replaces=self._mostly(None, self._grant),
            salt=rng.randrange(6),
        )

    def _agree(self) -> tuple[Operation, PartyId]:
        clauses = self._clauses(Form.TWO_SIDED)
        message = Terms(clauses=clauses)
        operation = Agree(
            clauses=clauses,
            grantor=self._approval(clauses.grantor, message),
            grantee=self._approval(clauses.grantee, message),
        )
        return operation, self._party()

    def _under(self) -> tuple[Operation, PartyId]:
        if not self.paths:
            return self._agree()
        path = self.rng.choice(list(self.paths.values())[-8:])
        parent = path.parent(self.domain)
        clauses = self._narrowed(path.clauses)
        consent = None
        if self._mostly(path.clauses.sub_delegation is SubDelegation.CONSENT, lambda: False):
            message = Consent(grant=clauses.digest(self.domain, parent))
            consent = self._approval(path.clauses.grantor, message)
        if clauses.form is Form.ONE_SIDED:
            return IssueUnder(path=path, clauses=clauses, consent=consent), clauses.grantor
        terms = Terms(clauses=clauses, parent=parent)
        operation = Agree(
            clauses=clauses,
            grantor=self._approval(clauses.grantor, terms),
            grantee=self._approval(clauses.grantee, terms),
            path=path,
            consent=consent,
        )
        return operation, self._party()

    def _narrowed(self, above: Clauses) -> Clauses:
        rng = self.rng
        form = rng.choice((Form.ONE_SIDED, Form.TWO_SIDED))
        way = self._mostly(
            SubDelegation.NONE if above.depth <= 1 else above.sub_delegation,
            lambda: rng.choice(list(SubDelegation)),
        )
        return replace(
            above,
            grantor=self._mostly(above.grantee, self._party),
            grantee=self._party(),
            actions=self._mostly(Action.READ, lambda: Action.ALL),
            form=form,
            template=Template.NONE,
            agreement=None,
            replaces=None,
            offer_until=None if form is Form.ONE_SIDED else self.ledger.now + DAY,
            sub_delegation=way,
            depth=max(1, above.depth - 1) if way else 0,
            salt=rng.randrange(6),
        )

    def _jointly(self) -> tuple[Operation, PartyId]:
        count = self._mostly(2, lambda: self.rng.choice((1, 3, 17)))
        until = self.ledger.now + DAY
        several = tuple(
            replace(self._clauses(Form.JOINT), offer_until=until, salt=100 + n, replaces=None)
            for n in range(count)
        )
        items = self._mostly(agreed(Kind.JOINT, several), lambda: several)
        message = Agreement(agreement=items[0].agreement or bytes(32), offer_until=until)
        sides = dict.fromkeys(side for one in items for side in (one.grantor, one.grantee))
        wanted = self._mostly(list(sides), lambda: list(sides)[:-1])
        approvals = tuple(self._approval(side, message) for side in wanted)
        return AgreeJointly(items=items, approvals=approvals), self._party()

    def _void(self) -> tuple[Operation, PartyId]:
        clauses = self._clauses(Form.TWO_SIDED)
        return VoidOffer(clauses=clauses), clauses.grantor

    def _suspend(self) -> tuple[Operation, PartyId]:
        grant = self._grant()
        state = self.ledger.grant(grant)
        by = self.parties[0] if state is None else state.grantor
        reason = self.rng.choice(list(Reason))
        return SuspendGrant(grant=grant, reason=reason, evidence=self.rng.randbytes(12)), by

    def _resume(self) -> tuple[Operation, PartyId]:
        lasting = [
            (grant, one)
            for grant in self.paths
            for one in self.ledger.grant_suspensions(grant)
            if one.until is None
        ]
        if not lasting:
            return self._suspend()
        grant, one = self.rng.choice(lasting)
        index = self._mostly(one.index, lambda: self.rng.randrange(3))
        return ResumeGrant(grant=grant, index=index), one.by

    def _end(self) -> tuple[Operation, PartyId]:
        grant, now = self._grant(), self.ledger.now
        ends_at = self.rng.choice((0, 0, now + 100, now - 100, 2**33))
        deadline = self._mostly(now + 2 * DAY, lambda: now - 1)
        state = self.ledger.grant(grant)
        sides = (self.parties[0], self.parties[1])
        if state is not None:
            sides = (state.grantor, state.grantee)
        one, other = self.rng.sample(sides, 2)
        message = Ending(grant=grant, ends_at=ends_at, deadline=deadline)
        operation = EndByConsent(
            grant=grant, ends_at=ends_at, deadline=deadline, other=self._approval(other, message)
        )
        return operation, one

    def _revoke(self) -> tuple[Operation, PartyId]:
        grant = self._grant()
        state = self.ledger.grant(grant)
        by = self.parties[0] if state is None else state.grantor
        return Revoke(grant=grant, reason=Reason.BREACH), by

    def _record(self) -> tuple[Operation, PartyId]:
        if not self.paths:
            return self._agree()
        path = self.rng.choice(list(self.paths.values())[-8:])
        clauses = path.clauses
        operation = RecordUsage(
            path=path,
            action=self._mostly(Action.READ, lambda: Action.TRAIN),
            purpose=self._mostly(Purpose.RESEARCH, lambda: Purpose.RESALE),
            amount=self.rng.choice((1, 5, 30, 101, 0)),
        )
        return operation, self.rng.choice((clauses.grantor, clauses.grantee))

    def _settle(self) -> tuple[Operation, PartyId]:
        """Settle up to three receipts in one call, now and then of one grant twice.

        An older one is among them at times, which may be settled by then.
        """
        if not self.paths:
            return self._agree()
        count = self.rng.choice((1, 1, 1, 2, 3))
        items = [self._settlement() for _ in range(count)]
        if self.filed and self.rng.random() < _OLDER:
            items.insert(self.rng.randrange(count + 1), self.rng.choice(self.filed[-6:]))
        self.filed += items
        return SettleReceipts(items=tuple(items)), self._party()

    def _settlement(self) -> Settlement:
        grant, path = self.rng.choice(list(self.paths.items())[-8:])
        last = self.ledger.settled(grant)
        told = UsageReceipt(
            grant=grant,
            cumulative=self._mostly(last.cumulative + self.rng.choice((1, 7, 60)), lambda: 1),
            sequence=self._mostly(last.sequence + 1, lambda: 1),
            purpose=self._mostly(Purpose.RESEARCH, lambda: Purpose.RESALE),
            action=self._mostly(Action.READ, lambda: Action.TRAIN),
            at=self.ledger.now - self.rng.choice((0, 0, 1, DAY)),
        )
        meter = self.ledger.deployment.meter
        assert meter is not None
        domain = replace(self.domain, verifying_contract=meter)
        grants, self.domain = self.domain, domain
        signed = SignedReceipt(
            chain_id=domain.chain_id,
            meter=meter,
            receipt=told,
            grantor=self._approval(path.clauses.grantor, told),
            grantee=self._approval(path.clauses.grantee, told),
        )
        self.domain = grants
        first = self._mostly(not last.sequence, lambda: True)
        return Settlement(path=path, signed=signed, first=first)

    def _issue(self) -> tuple[Operation, PartyId]:
        clauses = replace(self._clauses(Form.ONE_SIDED), offer_until=None, replaces=None)
        return Issue(clauses=clauses), clauses.grantor


def outcome(ledger: Ledger, step: Step, writer: Writer | None = None) -> object:
    """Submit a step, and return its receipt's or its error's content."""
    try:
        receipt = ledger.submit(step.operation, account=step.account)
    except RegistryError as error:
        return type(error), error.fields
    if writer is not None:
        writer.learn(receipt.events)
    return receipt.block, receipt.time, [bare(event) for event in receipt.events]


def compare(chain: Ledger, memory: Ledger, writer: Writer) -> None:
    """Compare all grants' states, suspensions and checks."""
    asked = [
        (path, _use(path.clauses, amount))
        for path in writer.paths.values()
        for amount in (0, 1, 101)
    ]
    assert memory.check_all(asked) == chain.check_all(asked)
    for grant in writer.paths:
        assert memory.grant(grant) == chain.grant(grant)
        assert memory.grant_suspensions(grant) == chain.grant_suspensions(grant)
        assert memory.settled(grant) == chain.settled(grant)
        assert memory.period(grant) == chain.period(grant)


def _use(clauses: Clauses, amount: int) -> Use:
    return Use(user=clauses.grantee, action=Action.READ, purpose=Purpose.RESEARCH, amount=amount)


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[tuple[ChainLedger, Callable[[int], object]]]:
    """Deploy on a chain of its own, and return its ledger and what sets its clock."""
    with stilled(START, SIGNERS) as rpc, Journal(tmp_path / "journal.sqlite3") as journal:
        ledger, _ = deployed(rpc, journal, Enrolment.OPEN)
        yield ledger, lambda time: rpc.call("evm_setNextBlockTimestamp", time)


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(max(1, SEQUENCES)))
def test_agreements_behave_as_on_the_chain(
    seed: int, chain: tuple[ChainLedger, Callable[[int], object]]
) -> None:
    """A random sequence has the same outcomes, states, suspensions and checks on both ledgers."""
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
    domain = SigningDomain(chain_id=real.chain_id, verifying_contract=real.deployment.grants)
    writer = Writer(rng=Random(seed), ledger=memory, domain=domain)
    steps = [
        Step(operation=Enrol(identity_hash=bytes(32)), account=one.address, jump=1)
        for one in SIGNERS[1:PARTIES]
    ]
    steps += [
        Step(
            operation=Register(content_root=ROOTS[n], metadata_hash=ROOTS[n]),
            account=SIGNERS[n].address,
            jump=1,
        )
        for n in range(3)
    ]
    met: set[str] = set()
    for number in range(len(steps) + STEPS):
        step = steps[number] if number < len(steps) else writer.step()
        set_clock(memory.advance(step.jump))
        there, here = outcome(real, step), outcome(memory, step, writer)
        assert here == there, f"step {number}: {step}"
        done = isinstance(here, tuple) and isinstance(here[0], int)
        met.add(f"{type(step.operation).__name__}{'' if done else ' refused'}")
        if number == len(steps) - 1:
            writer.keys = {
                party: one.address
                for one in SIGNERS[:PARTIES]
                if (party := memory.party_of(one.address)) is not None
            }
            writer.parties = list(writer.keys)
        if number % 10 == 0:
            set_clock(memory.advance(1))
            compare(real, memory, writer)
    compare(real, memory, writer)
    assert {"Agree", "Agree refused", "RecordUsage refused", "SettleReceipts refused"} <= met
