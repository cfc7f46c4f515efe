"""One product's life by chance: what is predicted of it, and what its contract says."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from registry.domain import flow
from registry.domain.calendar import DAY, day_of, start_of
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
from registry.domain.flow_table import Act, Actor, CaseKind, Stage
from registry.domain.lineage_operations import Basis, DeclareDerivation, Making
from registry.domain.moment import AtBlock
from registry.domain.operations import Annotate, Release, Resume, Suspend
from registry.domain.party import Role
from registry.domain.product import ProductState, Profile
from registry.domain.vocabulary import Activity, AnnotationKind, Purpose, Reason, Right
from registry.services.case_view import view_of
from registry.services.restricted import Step
from tests.case_world import EVIDENCE, CaseWorld, at

if TYPE_CHECKING:
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.operations import Operation
    from registry.services.case_view import CaseView

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
BESIDE = frozenset({Act.CANCEL, Act.REVOKE, Act.AWARD, Act.OBJECT, *OUTCOMES})
"""What may be done beside a case, and need not be its next stage."""
ON_ITS_WAY = {
    **dict.fromkeys((Act.SUBMIT, Act.ACCEPT, Act.CONCUR, Act.REGISTER), 20),
    **dict.fromkeys((Act.WAIVE, Act.PUBLICISE, Act.AWARD, Act.REJECT, Act.RESUBMIT), 8),
    **dict.fromkeys((Act.SUPPLEMENT, Act.RETURN, Act.ASK, Act.OBJECT), 4),
    **dict.fromkeys((Act.EXTEND, Act.SETTLE, Act.REFER), 4),
}
"""How often an act is chosen, against once for what ends a case or a registration."""
OFFICES = (
    (AnnotationKind.CONTROL, 0),
    (AnnotationKind.DISPUTE, 0),
    (AnnotationKind.SEIZURE, 2),
)
"""Who notes what: the founder as regulator and registrar, and a court."""
OFFICE = Role.COURT | Role.REGULATOR
FARTHEST = 30 * DAY
Key = tuple[Act, CaseKind | None, int]


def seat_court(world: CaseWorld) -> None:
    """Make the third party a court and a regulator, in the days before the start."""
    court, registrars = world.parties()[2], world.registrar.registrars
    world.go_to(registrars.give(court, OFFICE).ready or 0)
    assert registrars.give(court, OFFICE).step is Step.DONE
    world.go_to(at(START))


class Trial:
    """One product's life: what is predicted of it, and what its contract says."""

    def __init__(self, world: CaseWorld, profile: Profile, number: int, random: Random) -> None:
        self.world = world
        self.random = random
        self.profile = profile
        self.parties = world.parties()
        self.suspended: int | None = None
        self.origin = self._opened(number) if random.random() < 0.5 else None
        self.product = world.apply(profile, number, origin=self.origin)
        self.validity = random.choice((40, 0, 0))
        self.done = 0

    def _opened(self, number: int) -> ProductId:
        """Return what the product is derived from, in a second of its own as every block here."""
        self.world.next_at(self.world.now() + 1)
        opened = self.world.open(number)
        self.world.next_at(self.world.now() + 1)
        return opened

    # What is so

    @property
    def view(self) -> CaseView:
        """Return what the client goes by, as of the last block."""
        return view_of(self.world.ledger, self.product, AtBlock(self.world.ledger.moment().block))

    @property
    def case(self) -> Case:
        """Return the last case."""
        return self.world.ledger.cases(self.product)[-1]

    @property
    def expired(self) -> bool:
        """Tell whether the validity of the product is over, so that little can happen to it."""
        until = self.view.subject.until
        return until is not None and until <= self.world.now()

    @property
    def undeclared(self) -> bool:
        """Tell whether it can still be declared what the product is made of."""
        subject = self.view.subject
        return not subject.declared and subject.state is ProductState.PENDING

    def rights(self) -> list[Right]:
        """Return what each party has in the product, in the order of the accounts."""
        rights_of = self.world.ledger.rights_of
        return [rights_of(self.product, one) for one in self.parties]

    def predicted(self, time: int) -> dict[Key, flow.Option]:
        """Return what each account may do at a time, by what the client says."""
        view, rights = self.view, self.rights()
        return {
            (one.act, one.kind, place): one
            for one in view.prospects(time)
            if one.allowed(time)
            for place, party in enumerate(self.parties)
            if self._is(party, rights[place], one, view.case) and self._free(place, one)
        }

    @staticmethod
    def _is(party: PartyId, held: Right, option: flow.Option, case: Case) -> bool:
        actors = option.actors
        if option.kind is not None and party == case.registrar:
            # A registrar registers nothing of its own.
            return False
        needed = Right.OPERATE if option.kind is CaseKind.TRANSFER else Right.HOLD
        return bool(
            Actor.ANYONE in actors
            or (Actor.APPLICANT in actors and party == case.filer)
            or (Actor.REGISTRAR in actors and party == case.registrar)
            or (Actor.COUNTERPARTY in actors and party in case.missing)
            or (Actor.HOLDER in actors and needed in held)
        )

    def _free(self, place: int, option: flow.Option) -> bool:
        """Tell whether a party may do what is for anyone or any holder: suspended, only object.

        Object, if it has no open objection. Of whom the case itself names, the client knows it.
        """
        if option.act is Act.OBJECT:
            raised = self.world.ledger.objections(self.product)
            return all(one.by != self.parties[place] or one.until for one in raised)
        general = Actor.ANYONE | Actor.HOLDER
        return place != self.suspended or not option.actors & general

    def _receiver(self, holder: PartyId) -> PartyId:
        """Return a party other than the holder that may be given rights."""
        places = [one for one in (3, 2, 1) if one != self.suspended]
        return next(self.parties[one] for one in places if self.parties[one] != holder)

    def _having(self, right: Right) -> PartyId:
        """Return who has a right: each one has one holder here."""
        held = zip(self.parties, self.rights(), strict=True)
        return next(party for party, rights in held if right in rights)

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
        made[Act.AWARD, None] = self._award()
        made |= {(Act.SUBMIT, kind): self._filing(kind) for kind in FILINGS}
        return made

    def _award(self) -> ExecuteAward:
        """Return the award of a right, by turns HOLD and OPERATE, to somebody who lacks it."""
        right = (Right.HOLD, Right.OPERATE)[self.done % 2]
        holder = self._having(right)
        to = self._receiver(holder)
        return ExecuteAward(
            product=self.product, from_=holder, to=to, rights=right, evidence=EVIDENCE
        )

    def _filing(self, kind: CaseKind) -> FileCase:
        pending = bytes(32)
        if kind in (CaseKind.CHANGE, CaseKind.CORRECTION):
            pending = change_pending(*NEW)
        if kind is CaseKind.TRANSFER:
            holder = self._having(Right.OPERATE)
            to = self._receiver(holder)
            pending = transfer_pending(to, Right.OPERATE)
        return FileCase(product=self.product, kind=kind, pending=pending, evidence=EVIDENCE)

    def _entering(self, case: Case, until: int, time: int) -> EnterCase:
        valid = 0
        if case.kind in (CaseKind.INITIAL, CaseKind.RENEWAL):
            valid = self._validity(case, until if case.kind is CaseKind.RENEWAL else time, time)
        content = case.kind in (CaseKind.CHANGE, CaseKind.CORRECTION)
        return EnterCase(
            product=self.product,
            index=case.index,
            evidence=EVIDENCE,
            valid_until=valid,
            content_root=NEW[0] if content else bytes(32),
            metadata_hash=NEW[1] if content else bytes(32),
        )

    def _validity(self, case: Case, start: int, time: int) -> int:
        """Return the end of a validity: a short one, which runs out here, or the longest."""
        if self.validity:
            return start_of(day_of(max(start, time)) + self.validity)
        return flow.latest_validity(case.profile, start)

    def compare(self) -> list[Key]:
        """Try every act by every account at the time of the last block; return what is allowed."""
        time, view = self.world.now(), self.view
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
            where = (self.profile.name, view, act.name, kind, place, time, answer)
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

    def step(self) -> Act | None:
        """Do one thing that is allowed, and compare what its event tells with the prediction."""
        allowed, soon = self.compare(), self.world.now() + 1
        # The block of the act comes a second later, which may be the one that is too late.
        later = self.predicted(soon)
        still = self._likely([one for one in allowed if one in later])
        if not still:
            return None
        act, kind, place = self.random.choice(still)
        offered = later[act, kind, place]
        operation = self.operations(self.world.now())[act, kind]
        self.world.next_at(soon)
        receipt = self.world.ledger.submit(operation, account=self.world.accounts[place])
        assert receipt.time == soon
        overdue = {
            event.overdue
            for event in receipt.events
            if isinstance(event, CaseMoved | ObjectionDecided)
        }
        assert overdue <= {offered.overdue(soon)}, (offered, receipt)
        if act not in BESIDE or offered.stage is not Stage.REGISTERED:
            assert self.case.stage is offered.stage, (offered, receipt)
        self._compare_standing(soon)
        self.done += 1
        return act

    def aside(self) -> None:
        """Have something happen beside the case: a declaration, a suspension, an annotation.

        Some are never declared, and so never registered.
        """
        if self.suspended is not None:
            self.resume()
        elif self.undeclared and self.random.random() < 0.5:
            self.declare()
        elif self.random.random() < 0.25:
            self.suspend()
        else:
            self.note()

    def suspend(self) -> None:
        """Have the court, as the regulator that it is, suspend one of the others."""
        self.suspended = self.random.choice((0, 1, 3))
        party = self.parties[self.suspended]
        self._by_court(Suspend(party=party, reason=Reason.BREACH, evidence=EVIDENCE[:12]))

    def resume(self) -> bool:
        """Have the court resume whom it suspended; tell whether there was anybody."""
        if self.suspended is None:
            return False
        party, self.suspended = self.parties[self.suspended], None
        (index,) = (one.index for one in self.world.ledger.suspensions(party) if one.until is None)
        self._by_court(Resume(party=party, index=index))
        return True

    def _by_court(self, operation: Operation) -> None:
        self.world.next_at(self.world.now() + 1)
        self.world.ledger.submit(operation, account=self.world.accounts[2])

    def declare(self) -> None:
        """Declare what the product is made of."""
        assert self.origin is not None
        making = Making(
            activity=Activity.PROCESSING,
            bases=(Basis(product=self.origin, version=1),),
            purposes=Purpose(0),
        )
        operation = DeclareDerivation(product=self.product, making=making)
        self.world.next_at(self.world.now() + 1)
        self.world.ledger.submit(operation, account=self.world.accounts[1])

    def note(self) -> None:
        """Have an office note something on the product, or release what it noted."""
        ledger = self.world.ledger
        standing = [one for one in ledger.annotations(self.product) if one.stands]
        operation: Annotate | Release
        if standing and self.random.random() < 0.6:
            one = self.random.choice(standing)
            place = self.parties.index(one.by)
            operation = Release(product=self.product, index=one.index, evidence=EVIDENCE)
        else:
            kind, place = self.random.choice(OFFICES)
            operation = Annotate(
                product=self.product, kind=kind, reason=Reason.DISPUTE, evidence=EVIDENCE
            )
        self.world.next_at(self.world.now() + 1)
        ledger.submit(operation, account=self.world.accounts[place])

    def _likely(self, allowed: list[Key]) -> list[Key]:
        """Return what to choose from: one act, oftener one that brings a case on than another."""
        acts = sorted({(act, kind or CaseKind.INITIAL) for act, kind, _ in allowed})
        if not acts:
            return []
        weights = [ON_ITS_WAY.get(act, 1) for act, _ in acts]
        (chosen,) = self.random.choices(acts, weights)
        return [one for one in allowed if (one[0], one[1] or CaseKind.INITIAL) == chosen]

    def jump(self) -> None:
        """Let time pass: a while, or to just before, at or just after a limit that runs.

        What was said before of the later time is what is said then, as long as the stage stays.
        """
        view, time = self.view, self.world.now()
        limits = [
            limit
            for one in view.prospects()
            for limit in (one.opens, one.closes, one.due)
            if limit is not None and time < limit - 1 < time + FARTHEST
        ]
        later = time + self.random.randrange(1, 3 * DAY)
        if limits and self.random.random() < 0.7:
            later = self.random.choice(limits) + self.random.choice((-1, 0, 1))
        self.world.go_to(later)
        told = flow.standing(view.case, view.calendar, time).stage
        if flow.standing(view.case, view.calendar, later).stage is told:
            before = {(one.act, one.kind) for one in view.prospects() if one.allowed(later)}
            now = {(one.act, one.kind) for one in self.view.prospects() if one.allowed(later)}
            assert before == now, (view, later)
