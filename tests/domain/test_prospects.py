"""What may happen next to a product depends on its own state as well as on its case."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from registry.domain.calendar import official, parse_day
from registry.domain.case import Case, Objection, change_pending, transfer_pending
from registry.domain.flow import Option, concerned
from registry.domain.flow_table import Act, CaseKind, Condition, Stage
from registry.domain.ids import PartyId, ProductId
from registry.domain.keys import Registrar, parse_seat
from registry.domain.lineage import Derivation, Source
from registry.domain.product import Product, ProductState, Profile
from registry.domain.prospects import Subject, prospects
from registry.domain.vocabulary import Activity, Purpose, Right, SecurityClass

CALENDAR = official()
CHINA = timezone(timedelta(hours=8))
HOLDER, REGISTRAR, OTHER = (PartyId(bytes([n]) * 8) for n in (1, 2, 3))
PRODUCT = ProductId(bytes(20))


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


NOW, UNTIL = at("2026-09-01T10:00:00"), at("2026-09-21T00:00:00")
SUBJECT = Subject(
    state=ProductState.REGISTERED, until=UNTIL, frozen=False, encumbered=False, filer_holds=True
)


PRODUCT_HELD = Product(
    id=PRODUCT,
    applicant=HOLDER,
    profile=Profile.PROPERTY,
    state=ProductState.REGISTERED,
    security_class=SecurityClass.GENERAL,
    rights=Right.ALL,
    moved=True,
    latest=1,
    since=NOW,
    until=UNTIL,
)


DECLARED = Derivation(
    product=PRODUCT,
    version=1,
    by=HOLDER,
    time=NOW,
    activity=Activity.PROCESSING,
    purposes=Purpose(0),
    method=None,
    agents=(),
    sources=(Source(product=ProductId(b"\x01" * 20), version=1),),
    block=1,
    transaction=bytes(32),
)


def case(kind: CaseKind, stage: Stage, profile: Profile = Profile.PROPERTY) -> Case:
    """Return a case that entered its stage in the morning."""
    return Case(
        product=PRODUCT,
        index=1,
        profile=profile,
        kind=kind,
        stage=stage,
        filer=HOLDER,
        registrar=REGISTRAR,
        submitted=NOW,
        since=NOW,
    )


def found(
    of: Case, subject: Subject, time: int = NOW, *objections: Objection
) -> dict[tuple[Act, CaseKind | None], Option]:
    """Return what may happen next, by act and by the kind that may be filed."""
    options = prospects(of, CALENDAR, time, subject, objections)
    assert len({(one.act, one.kind) for one in options}) == len(options)
    return {(one.act, one.kind): one for one in options}


REGISTERED = case(CaseKind.INITIAL, Stage.REGISTERED)


@pytest.mark.parametrize(
    ("kind", "against", "blocked"),
    [
        (CaseKind.CHANGE, {"filer_holds": False}, Condition.FILER_HOLDS),
        (CaseKind.CHANGE, {"frozen": True, "encumbered": True}, None),
        (CaseKind.TRANSFER, {"encumbered": True}, Condition.UNENCUMBERED),
        (CaseKind.TRANSFER, {"filer_holds": False}, Condition.FILER_HOLDS),
        (CaseKind.RENEWAL, {"filer_holds": False}, Condition.FILER_HOLDS),
        (CaseKind.RENEWAL, {"frozen": True, "encumbered": True}, None),
        (CaseKind.CANCELLATION, {"frozen": True, "encumbered": True}, Condition.UNFROZEN),
        (CaseKind.CANCELLATION, {"encumbered": True}, None),
        (CaseKind.CANCELLATION, {"filer_holds": False}, Condition.FILER_HOLDS),
        (CaseKind.CORRECTION, {"filer_holds": False, "frozen": True, "encumbered": True}, None),
        (CaseKind.RENEWAL, {"declared": False}, Condition.DERIVATION_DECLARED),
        (CaseKind.CHANGE, {"declared": False}, None),
    ],
)
def test_what_the_product_has_against_registering_is_named(
    kind: CaseKind, against: dict[str, Any], blocked: Condition | None
) -> None:
    """A seizure, a dispute or a right that moved on bars the kinds of case that it concerns."""
    profile = Profile.PUBLIC if kind is CaseKind.CORRECTION else Profile.PROPERTY
    reviewed = case(kind, Stage.ACCEPTED, profile)
    assert found(reviewed, SUBJECT)[Act.REGISTER, None].allowed(NOW)
    register = found(reviewed, replace(SUBJECT, **against))[Act.REGISTER, None]
    assert register.blocked == (() if blocked is None else (blocked,))
    assert register.allowed(NOW) is (blocked is None)


@pytest.mark.parametrize(
    "kind", [CaseKind.CHANGE, CaseKind.TRANSFER, CaseKind.CANCELLATION, CaseKind.RENEWAL]
)
def test_only_a_renewal_is_registered_after_the_end(kind: CaseKind) -> None:
    """What was filed in time and not decided in time comes to nothing, except a renewal."""
    reviewed = case(kind, Stage.ACCEPTED)
    early = found(reviewed, SUBJECT)[Act.REGISTER, None]
    late = found(reviewed, SUBJECT, UNTIL)[Act.REGISTER, None]
    renewal = kind is CaseKind.RENEWAL
    assert early.allowed(UNTIL - 1)
    assert early.allowed(UNTIL) is late.allowed(UNTIL) is renewal
    assert (Condition.IN_FORCE in late.blocked) is not renewal
    assert found(reviewed, SUBJECT, UNTIL)[Act.REFUSE, None].allowed(UNTIL)


@pytest.mark.parametrize(
    ("end", "allowed"), [("2026-09-21", False), ("2026-09-22", True), ("2040-01-01", True)]
)
def test_a_renewal_needs_a_validity_beyond_the_old_one(end: str, *, allowed: bool) -> None:
    """Where the operation ends with the old validity, there is no later end to be given."""
    reviewed = case(CaseKind.RENEWAL, Stage.ACCEPTED)
    subject = Subject.of(PRODUCT_HELD, reviewed, Right.HOLD, bytes(32), parse_day(end))
    longest = min(at(f"{end}T00:00:00"), at("2031-09-21T00:00:00"))
    assert subject.longest == longest
    register = found(reviewed, subject)[Act.REGISTER, None]
    assert register.closes == longest
    assert register.allowed(NOW) is allowed
    assert (Condition.VALIDITY in register.blocked) is not allowed
    assert not found(reviewed, subject, longest)[Act.REGISTER, None].allowed(longest)


def test_a_first_registration_comes_before_the_end_of_the_operation() -> None:
    """Without one there is always a validity to give; with one it is open until that day."""
    reviewed = replace(case(CaseKind.INITIAL, Stage.ACCEPTED), waived=True)
    pending = replace(PRODUCT_HELD, state=ProductState.PENDING, until=None)
    free = Subject.of(pending, reviewed, Right.HOLD, bytes(32))
    assert free.longest is None
    assert found(reviewed, free)[Act.REGISTER, None].closes is None
    end = at("2026-09-03T00:00:00")
    bound = Subject.of(pending, reviewed, Right.HOLD, bytes(32), parse_day("2026-09-03"))
    register = found(reviewed, bound)[Act.REGISTER, None]
    assert register.allowed(end - 1)
    assert not register.allowed(end)
    assert found(reviewed, bound, end)[Act.REGISTER, None].blocked == (Condition.VALIDITY,)


@pytest.mark.parametrize(
    ("profile", "stage"),
    [
        (Profile.PROPERTY, Stage.ACCEPTED),
        (Profile.PROPERTY, Stage.PUBLICISED),
        (Profile.PUBLIC, Stage.PUBLICISED),
    ],
)
def test_derived_data_waits_for_its_declaration(profile: Profile, stage: Stage) -> None:
    """Only what is derived must tell what it is made of before it is registered."""
    publicised = NOW - 30 * 86_400 if stage is Stage.PUBLICISED else None
    reviewed = replace(
        case(CaseKind.INITIAL, stage, profile), waived=publicised is None, publicised=publicised
    )
    pending = replace(PRODUCT_HELD, state=ProductState.PENDING, until=None)
    derived = replace(pending, derived=True)

    def against(product: Product, declared: Derivation | None) -> tuple[Condition, ...]:
        subject = Subject.of(product, reviewed, Right.HOLD, bytes(32), derivation=declared)
        return found(reviewed, subject)[Act.REGISTER, None].blocked

    assert against(derived, None) == (Condition.DERIVATION_DECLARED,)
    assert against(derived, DECLARED) == ()
    assert against(pending, None) == ()


def test_a_registrar_that_is_none_any_more_decides_nothing() -> None:
    """The applicant may still take its case back, and time goes on; another cannot step in."""
    reviewed = case(CaseKind.CHANGE, Stage.ACCEPTED)
    delisted = (registrar(1, REGISTRAR, listed=False), registrar(2, OTHER))
    product = replace(PRODUCT_HELD, registrar=1)
    offered = found(reviewed, Subject.of(product, reviewed, Right.HOLD, bytes(32), None, delisted))
    allowed = {act for (act, _), one in offered.items() if one.allowed(NOW)}
    assert allowed == {Act.WITHDRAW, Act.OBJECT}
    for act in (Act.REGISTER, Act.REFUSE, Act.CANCEL, Act.AWARD):
        assert offered[act, None].blocked == (Condition.IN_OFFICE,)


def test_a_suspended_registrar_decides_nothing() -> None:
    """Whatever is its to do waits until it is resumed; the others go on."""
    reviewed = case(CaseKind.CHANGE, Stage.ACCEPTED)
    subject = Subject.of(
        PRODUCT_HELD, reviewed, Right.HOLD, bytes(32), suspended=(REGISTRAR, OTHER)
    )
    offered = found(reviewed, subject)
    assert {act for (act, _), one in offered.items() if one.allowed(NOW)} == {
        Act.WITHDRAW,
        Act.OBJECT,
    }
    for act in (Act.REGISTER, Act.ASK, Act.REFUSE, Act.CANCEL, Act.AWARD):
        assert offered[act, None].blocked == (Condition.ACTIVE,)


def test_a_suspended_applicant_may_only_object() -> None:
    """It can neither take its case back nor supplement it, and time runs on against it."""
    asked = replace(case(CaseKind.CHANGE, Stage.SUPPLEMENTING), due_days=3)
    offered = found(asked, replace(SUBJECT, suspended=frozenset({HOLDER})))
    for act in (Act.SUPPLEMENT, Act.WITHDRAW):
        assert offered[act, None].blocked == (Condition.ACTIVE,)
    assert offered[Act.OBJECT, None].allowed(NOW)
    assert offered[Act.LAPSE, None].blocked == ()


def test_one_of_several_whose_consent_is_missing_may_still_give_it() -> None:
    """Consent is barred only where all who owe it are suspended."""
    waiting = replace(case(CaseKind.INITIAL, Stage.ACCEPTED), missing=(OTHER, HOLDER))
    one = replace(SUBJECT, state=ProductState.PENDING, suspended=frozenset({OTHER}))
    assert found(waiting, one)[Act.CONCUR, None].allowed(NOW)
    both = replace(one, suspended=frozenset({OTHER, HOLDER}))
    assert found(waiting, both)[Act.CONCUR, None].blocked == (Condition.ACTIVE,)


def test_a_product_is_its_registrars_until_the_next_one_enters_it() -> None:
    """Filed with another registrar, a case is decided by it; what is beside it is not."""
    reviewed = case(CaseKind.CHANGE, Stage.ACCEPTED)
    registrars = (registrar(1, OTHER, listed=False), registrar(2, REGISTRAR))
    kept = replace(PRODUCT_HELD, registrar=1)
    subject = Subject.of(kept, reviewed, Right.HOLD, bytes(32), None, registrars)
    offered = found(reviewed, subject)
    assert offered[Act.REGISTER, None].allowed(NOW)
    assert concerned(offered[Act.REGISTER, None], reviewed) == (REGISTRAR,)
    assert concerned(offered[Act.AWARD, None], reviewed) == (OTHER,)
    assert offered[Act.AWARD, None].blocked == (Condition.IN_OFFICE,)
    entered = replace(kept, registrar=2)
    subject = Subject.of(entered, reviewed, Right.HOLD, bytes(32), None, registrars)
    assert found(reviewed, subject)[Act.AWARD, None].allowed(NOW)


def registrar(number: int, party: PartyId, *, listed: bool = True) -> Registrar:
    """Return a registrar with a seat of its own."""
    return Registrar(number=number, party=party, seat=parse_seat(f"44{number}"), listed=listed)


def test_filings_end_with_the_validity() -> None:
    """Each says until when it may be filed, and later none is offered."""
    filings = [key for key in found(REGISTERED, SUBJECT) if key[1] is not None]
    assert {kind for _, kind in filings} == {
        CaseKind.CHANGE,
        CaseKind.TRANSFER,
        CaseKind.RENEWAL,
        CaseKind.CANCELLATION,
    }
    for key in filings:
        option = found(REGISTERED, SUBJECT)[key]
        assert option.closes == UNTIL
        assert option.allowed(UNTIL - 1)
        assert not option.allowed(UNTIL)
    assert not [key for key in found(REGISTERED, SUBJECT, UNTIL) if key[1] is not None]


def test_an_encumbered_product_is_not_offered_for_transfer() -> None:
    """A dispute bars the transfer, and a seizure the registrar's own cancellation as well."""
    disputed = found(REGISTERED, replace(SUBJECT, encumbered=True))
    assert not disputed[Act.SUBMIT, CaseKind.TRANSFER].allowed(NOW)
    assert disputed[Act.SUBMIT, CaseKind.CHANGE].allowed(NOW)
    assert disputed[Act.CANCEL, None].allowed(NOW)
    seized = found(REGISTERED, replace(SUBJECT, frozen=True, encumbered=True))
    assert seized[Act.CANCEL, None].blocked == (Condition.UNFROZEN,)
    assert seized[Act.AWARD, None].allowed(NOW)


@pytest.mark.parametrize("state", [ProductState.PENDING, ProductState.DECLINED])
def test_nothing_beside_its_case_happens_to_what_is_not_registered(state: ProductState) -> None:
    """No award, no cancellation, and no objection but in publicity."""
    applied = case(CaseKind.INITIAL, Stage.SUBMITTED)
    offered = found(applied, replace(SUBJECT, state=state, until=None))
    assert {act for act, _ in offered} == {
        Act.ACCEPT,
        Act.RETURN,
        Act.NOT_ACCEPT,
        Act.DEEM_ACCEPTED,
        Act.CONCUR,
        Act.WITHDRAW,
    }


def test_what_is_done_beside_a_case_waits_for_none() -> None:
    """While a change is decided, the registrar may end the registration and carry out awards."""
    offered = found(case(CaseKind.CHANGE, Stage.SUBMITTED), SUBJECT)
    for act in (Act.ACCEPT, Act.CANCEL, Act.AWARD, Act.OBJECT):
        assert offered[act, None].allowed(NOW)
    assert not [key for key in offered if key[1] is not None]


@pytest.mark.parametrize("state", [ProductState.CANCELLED, ProductState.REVOKED])
def test_an_objection_is_answered_even_after_the_end(state: ProductState) -> None:
    """Of a registration that is no more, only what is open about it is left to do."""
    ended = replace(SUBJECT, state=state, until=NOW)
    assert found(REGISTERED, ended) == {}
    raised = Objection(product=PRODUCT, index=0, by=OTHER, since=NOW, after_registration=True)
    offered = found(REGISTERED, ended, NOW, raised)
    assert set(offered) == {(act, None) for act in (Act.REJECT, Act.UPHOLD, Act.SETTLE, Act.REFER)}
    assert found(REGISTERED, ended, NOW, replace(raised, until=NOW)) == {}


def test_an_objection_to_a_registration_is_answered_in_five_working_days() -> None:
    """The oldest one that is open sets the time limit; later an answer stands, but is late."""
    first = Objection(product=PRODUCT, index=0, by=OTHER, since=NOW, after_registration=True)
    second = replace(first, index=1, since=at("2026-09-02T10:00:00"))
    reject = found(REGISTERED, SUBJECT, NOW, second, first)[Act.REJECT, None]
    assert reject.due == at("2026-09-09T00:00:00")
    assert not reject.overdue(at("2026-09-08T23:59:59"))
    assert reject.overdue(at("2026-09-09T00:00:00"))
    assert reject.allowed(at("2026-09-09T00:00:00"))
    left = found(REGISTERED, SUBJECT, NOW, second, replace(first, until=NOW))
    assert left[Act.REJECT, None].due == at("2026-09-10T00:00:00")
    assert found(REGISTERED, SUBJECT)[Act.REJECT, None].due is None


@pytest.mark.parametrize(
    ("kind", "held", "pending", "holds"),
    [
        (CaseKind.CHANGE, Right.HOLD, change_pending(bytes(32), bytes(32)), True),
        (CaseKind.CHANGE, Right.USE | Right.OPERATE, bytes(32), False),
        (CaseKind.TRANSFER, Right.OPERATE, transfer_pending(OTHER, Right.OPERATE), True),
        (CaseKind.TRANSFER, Right.HOLD, transfer_pending(OTHER, Right.OPERATE), False),
        (CaseKind.TRANSFER, Right.USE, transfer_pending(OTHER, Right.USE | Right.OPERATE), False),
    ],
)
def test_a_transfer_takes_what_it_moves_and_any_other_case_hold(
    kind: CaseKind, held: Right, pending: bytes, *, holds: bool
) -> None:
    """Whoever filed must hold all the rights that the case takes, as long as it runs."""
    product = replace(PRODUCT_HELD, disputes=1)
    subject = Subject.of(product, case(kind, Stage.ACCEPTED), held, pending)
    expected = replace(SUBJECT, encumbered=True, filer_holds=holds)
    assert subject == expected
