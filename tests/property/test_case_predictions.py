"""What the client says may happen next is what the contract lets happen, at every time tried."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from registry import reverts
from registry.domain import flow
from registry.domain.case import (
    Case,
    Outcome,
    change_pending,
    transfer_pending,
)
from registry.domain.case_events import CaseMoved, ObjectionDecided
from registry.domain.case_operations import (
    PROCEEDING,
    Concur,
    Decide,
    EndRegistration,
    EnterCase,
    ExecuteAward,
    FileCase,
    Object,
    Proceed,
)
from registry.domain.flow_table import ENDS, Act, Actor, CaseKind, Stage, rows
from registry.domain.product import ProductState, Profile
from registry.domain.vocabulary import Reason, Right
from tests.case_world import EVIDENCE, CaseWorld, at, case_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import PartyId
    from registry.domain.operations import Operation

STEPS = 26
# Around these days stand Qingming, Labour Day with a Saturday worked, and Dragon Boat.
START = "2026-03-30T10:00:00"
NEW = (b"\x07" * 32, b"\x08" * 32)
FILINGS = (
    CaseKind.CHANGE,
    CaseKind.CORRECTION,
    CaseKind.TRANSFER,
    CaseKind.RENEWAL,
    CaseKind.CANCELLATION,
)
OUTCOMES = {
    Act.REJECT: Outcome.REJECTED,
    Act.UPHOLD: Outcome.UPHELD,
    Act.SETTLE: Outcome.SETTLED,
    Act.REFER: Outcome.REFERRED,
}
BY_TIME = (
    reverts.DeadlinePassed,
    reverts.TooEarly,
    reverts.OutsideWindow,
    reverts.TransitionForbidden,
)


class Trial:
    """One product's life: what is predicted of it, and what its contract says."""

    def __init__(self, world: CaseWorld, profile: Profile, number: int, random: Random) -> None:
        self.world = world
        self.random = random
        self.profile = profile
        self.parties = world.parties()
        self.product = world.apply(profile, number)

    # What is so

    @property
    def case(self) -> Case:
        """Return the last case."""
        return self.world.ledger.cases(self.product)[-1]

    def predicted(self, time: int) -> dict[tuple[Act, CaseKind | None, int], flow.Option]:
        """Return what each account may do at a time, by what the client says."""
        ledger, case = self.world.ledger, self.case
        calendar, objections = ledger.calendar(), ledger.objections(self.product)
        known = ledger.product(self.product)
        assert known is not None
        now = flow.standing(case, calendar, time)
        options = flow.options(case, calendar, time, objections)
        if now.stage in ENDS and known.state is ProductState.REGISTERED:
            options = flow.openings(case, time, known.until, objections)
        elif known.state is ProductState.REGISTERED:
            # What a registrar does of its own motion, and objections, do not wait for a case.
            apart = flow.openings(case, time, known.until, objections)
            options = (*options, *(one for one in apart if one.kind is None))
        return {
            (one.act, one.kind, place): one
            for one in options
            if one.allowed(time)
            for place, party in enumerate(self.parties)
            if self._is(party, one)
        }

    def _is(self, party: PartyId, option: flow.Option) -> bool:
        case, actors = self.case, option.actors
        if option.kind is not None and party == case.registrar:
            # A registrar registers nothing of its own.
            return False
        held = self.world.ledger.rights_of(self.product, party)
        needed = Right.OPERATE if option.kind is CaseKind.TRANSFER else Right.HOLD
        return bool(
            Actor.ANYONE in actors
            or (Actor.APPLICANT in actors and party == case.filer)
            or (Actor.REGISTRAR in actors and party == case.registrar)
            or (Actor.COUNTERPARTY in actors and party in case.missing)
            or (Actor.HOLDER in actors and needed in held)
        )

    # What is tried

    def operations(self, time: int) -> dict[tuple[Act, CaseKind | None], Operation]:
        """Return each act that the table knows, with arguments that no rule is against."""
        case, known = self.case, self.world.ledger.product(self.product)
        assert known is not None
        made: dict[tuple[Act, CaseKind | None], Operation] = {}
        for act in PROCEEDING:
            if act is not Act.LAPSE:
                made[act, None] = Proceed(
                    product=self.product, index=case.index, act=act, evidence=EVIDENCE, days=3
                )
        made[Act.CONCUR, None] = Concur(product=self.product, index=case.index)
        made[Act.REGISTER, None] = self._entering(case, known.until or time, time)
        made[Act.OBJECT, None] = Object(product=self.product, evidence=EVIDENCE)
        live = [one.index for one in self.world.ledger.objections(self.product) if not one.until]
        for act, outcome in OUTCOMES.items():
            made[act, None] = Decide(
                product=self.product,
                index=live[0] if live else 0,
                outcome=outcome,
                reasons=EVIDENCE,
            )
        for act in (Act.CANCEL, Act.REVOKE):
            made[act, None] = EndRegistration(
                product=self.product, act=act, reason=Reason.BREACH, evidence=EVIDENCE
            )
        made[Act.AWARD, None] = ExecuteAward(
            product=self.product,
            from_=self.parties[1],
            to=self.parties[2],
            rights=Right.HOLD,
            evidence=EVIDENCE,
        )
        made |= {(Act.SUBMIT, kind): self._filing(kind) for kind in FILINGS}
        return made

    def _filing(self, kind: CaseKind) -> FileCase:
        pending = bytes(32)
        if kind in (CaseKind.CHANGE, CaseKind.CORRECTION):
            pending = change_pending(*NEW)
        if kind is CaseKind.TRANSFER:
            taken = Right.OPERATE in self.world.ledger.rights_of(self.product, self.parties[3])
            pending = transfer_pending(self.parties[2 if taken else 3], Right.OPERATE)
        return FileCase(product=self.product, kind=kind, pending=pending, evidence=EVIDENCE)

    def _entering(self, case: Case, until: int, time: int) -> EnterCase:
        valid = 0
        if case.kind in (CaseKind.INITIAL, CaseKind.RENEWAL):
            valid = flow.latest_validity(
                case.profile, until if case.kind is CaseKind.RENEWAL else time
            )
        content = case.kind in (CaseKind.CHANGE, CaseKind.CORRECTION)
        return EnterCase(
            product=self.product,
            index=case.index,
            evidence=EVIDENCE,
            valid_until=valid,
            content_root=NEW[0] if content else bytes(32),
            metadata_hash=NEW[1] if content else bytes(32),
        )

    def compare(self) -> list[tuple[Act, CaseKind | None, int]]:
        """Try every act by every account at the time of the last block; return what is allowed."""
        time = self.world.now()
        predicted = self.predicted(time)
        made = self.operations(time)
        asked = [
            (key, place, operation)
            for key, operation in made.items()
            for place in range(len(self.parties))
        ]
        answers = self.world.tried(
            [(operation, self.world.accounts[place]) for _, place, operation in asked]
        )
        allowed = []
        for ((act, kind), place, _), answer in zip(asked, answers, strict=True):
            told = (act, kind, place) in predicted
            where = (self.profile.name, self.case, act.name, kind, place, time, answer)
            assert told == (answer is None), where
            if answer is None:
                allowed.append((act, kind, place))
        self._compare_standing(time)
        return allowed

    def _compare_standing(self, time: int) -> None:
        case = self.case
        mine = flow.standing(case, self.world.ledger.calendar(), time)
        theirs = self.world.ledger.stage(self.product, case.index)
        assert (mine.stage, mine.since) == theirs, (case, time)

    # What is done

    def step(self) -> Act:
        """Do one thing that is allowed, and compare what its event tells with the prediction."""
        allowed, soon = self.compare(), self.world.now() + 1
        # The block of the act comes a second later, which may be the one that is too late.
        still = [one for one in allowed if one in self.predicted(soon)]
        act, kind, place = self.random.choice(self._likely(still))
        before, calendar = self.case, self.world.ledger.calendar()
        objections = self.world.ledger.objections(self.product)
        operation = self.operations(self.world.now())[act, kind]
        self.world.next_at(soon)
        receipt = self.world.ledger.submit(operation, account=self.world.accounts[place])
        assert receipt.time == soon
        offered = flow.options(before, calendar, receipt.time, objections)
        options = [one for one in offered if one.act is act]
        moved = [event for event in receipt.events if isinstance(event, CaseMoved)]
        if options and moved:
            late = options[0].overdue(receipt.time)
            if act in OUTCOMES:
                (decided,) = [e for e in receipt.events if isinstance(e, ObjectionDecided)]
                assert decided.overdue == moved[0].overdue
            assert moved[0].overdue == late, (before, act, receipt.time)
            assert self.case.stage is options[0].stage, (before, act)
        self._compare_standing(self.world.now())
        return act

    def _likely(
        self, allowed: list[tuple[Act, CaseKind | None, int]]
    ) -> list[tuple[Act, CaseKind | None, int]]:
        """Return what to choose from: what ends a case seldom, so that cases live long.

        An award is tried and never done: whoever lost HOLD could be given no second one.
        """
        ending = {Act.NOT_ACCEPT, Act.WITHDRAW, Act.REFUSE, Act.CANCEL, Act.REVOKE, Act.UPHOLD}
        allowed = [one for one in allowed if one[0] is not Act.AWARD]
        going_on = [one for one in allowed if one[0] not in ending]
        return allowed if not going_on or self.random.random() < 0.05 else going_on

    def jump(self) -> None:
        """Let time pass: a while, or to just before, at or just after a limit that runs."""
        case, ledger, time = self.case, self.world.ledger, self.world.now()
        calendar, objections = ledger.calendar(), ledger.objections(self.product)
        limits = [
            limit
            for one in flow.options(case, calendar, time, objections)
            for limit in (one.opens, one.closes, one.due)
            if limit is not None and limit - 1 > time
        ]
        later = time + self.random.randrange(1, 3 * 86_400)
        if limits and self.random.random() < 0.7:
            later = self.random.choice(limits) + self.random.choice((-1, 0, 1))
        self.world.go_to(later)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CaseWorld]:
    """Run a chain whose clock stands before the holidays of spring."""
    with case_world(tmp_path, at(START)) as made:
        yield made


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("profile", [Profile.PROPERTY, Profile.PUBLIC])
@pytest.mark.parametrize("seed", range(4))
def test_the_client_and_the_contract_agree_on_every_act(
    world: CaseWorld, profile: Profile, seed: int
) -> None:
    """On random schedules each act by each party is refused exactly where the client says so."""
    trial = Trial(world, profile, seed, Random(seed))
    seen: set[Stage] = set()
    for _ in range(STEPS):
        trial.jump()
        if not trial.predicted(world.now() + 1):
            break
        trial.step()
        seen.add(trial.case.stage)
    reachable = {row.next for row in rows()} | {Stage.SUBMITTED}
    assert seen <= reachable
