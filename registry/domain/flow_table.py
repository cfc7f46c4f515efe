"""Hold the table of the registration workflow: who may do what at which stage, and by when.

Generated from registry/vocabulary/flow.json by scripts/gen_flow.py. Do not edit.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from functools import cache
from typing import Final

from registry.domain.product import Profile
from registry.records import dataclass


class CaseKind(IntEnum):
    """Name what a case asks for."""

    # The first registration of a product.
    INITIAL = 0
    # A change of what is recorded, never of the holder or the major source.
    CHANGE = 1
    # The correction of a mistake in the record.
    CORRECTION = 2
    # Rights move to another party, and the transferor keeps none of them.
    TRANSFER = 3
    # A longer validity, asked for in a window before its end.
    RENEWAL = 4
    # The registration ends at its holder's wish.
    CANCELLATION = 5


class Stage(IntEnum):
    """Say where a case stands."""

    # No case is open.
    NONE = 0
    # Written down and not yet submitted.
    DRAFT = 1
    # With the registrar, who accepts it, returns it or does not accept it.
    SUBMITTED = 2
    # Back with the applicant, with one list of all corrections.
    RETURNED = 3
    # Accepted: the registrar reviews it.
    ACCEPTED = 4
    # The review waits for material from the applicant.
    SUPPLEMENTING = 5
    # Shown to the public, who may object.
    PUBLICISED = 6
    # At least one objection is open.
    OBJECTED = 7
    # The case ended with what it asked for; the product is registered.
    REGISTERED = 8
    # The registrar did not take the case.
    NOT_ACCEPTED = 9
    # The review ended with a refusal.
    REFUSED = 10
    # An objection was upheld.
    TERMINATED = 11
    # The applicant withdrew the case.
    WITHDRAWN = 12
    # The applicant let a time limit pass: the case counts as never filed.
    LAPSED = 13


class Act(IntEnum):
    """Name what may be done with a case."""

    # Write an application down without submitting it.
    DRAFT = 0
    # File the case with a registrar.
    SUBMIT = 1
    # Take the case up for review.
    ACCEPT = 2
    # Send it back once, with the list of all corrections and a time limit.
    RETURN = 3
    # Decline to take the case.
    NOT_ACCEPT = 4
    # Hand it in again, corrected.
    RESUBMIT = 5
    # Take the application back.
    WITHDRAW = 6
    # Give the review more time.
    EXTEND = 7
    # Ask for more material, with a time limit.
    ASK = 8
    # Hand in the material asked for.
    SUPPLEMENT = 9
    # Show registrant, type, name and summary to the public.
    PUBLICISE = 10
    # Do without publicity, with a cause.
    WAIVE = 11
    # Object, with evidence.
    OBJECT = 12
    # Find for the objection.
    UPHOLD = 13
    # Find against the objection.
    REJECT = 14
    # End the review with a refusal.
    REFUSE = 15
    # Enter what was asked for in the record.
    REGISTER = 16
    # Agree, as a co-holder or as the party to whom rights move.
    CONCUR = 17
    # Record that the sides settled the objection.
    SETTLE = 18
    # Point the sides to arbitration or a court.
    REFER = 19
    # End the registration: loss, waiver, dissolution, an objection's result, lapse.
    CANCEL = 20
    # Undo the registration: falsehood, tampering, misuse.
    REVOKE = 21
    # Move rights as a court or arbitrator decided.
    AWARD = 22
    # The registrar was silent: it counts as accepted.
    DEEM_ACCEPTED = 23
    # The applicant's time limit passed.
    LAPSE = 24


class Actor(IntFlag):
    """Say who acts; a party may be several at once."""

    # The party that filed the case.
    APPLICANT = 1 << 0
    # A holder of the product.
    HOLDER = 1 << 1
    # The party to whom rights move, or a co-holder whose consent is needed.
    COUNTERPARTY = 1 << 2
    # The registrar of the case.
    REGISTRAR = 1 << 3
    # Any enrolled party, even a suspended one where it objects.
    ANYONE = 1 << 4
    # Time itself: computed on read, nobody acts.
    CLOCK = 1 << 5


class Clock(IntEnum):
    """Name a time limit, by what it is reckoned from."""

    # From the submission or resubmission.
    ACCEPTANCE = 0
    # From the return; the registrar says how long.
    CORRECTION = 1
    # From the question; the registrar says how long.
    SUPPLEMENT = 2
    # From acceptance, without the time of supplement, publicity and objections.
    REVIEW = 3
    # From the start of publicity.
    PUBLICITY = 4
    # For each objection, from its filing in publicity.
    OBJECTION = 5
    # For each objection after registration, from its filing.
    NOTICE = 6


class Condition(IntEnum):
    """Name what must hold for an act beside stage and time."""

    # When no other case is open.
    NO_CASE = 0
    # When the product is in force.
    IN_FORCE = 1
    # When a hash of the evidence deposited is given (PUBLIC).
    EVIDENCE = 2
    # When the renewal window is open.
    WINDOW = 3
    # When the data is not the registrar's own.
    NOT_OWN_DATA = 4
    # When it has not been returned before.
    NOT_RETURNED = 5
    # When the review has not been extended before.
    NOT_EXTENDED = 6
    # When publicity was neither held nor waived.
    NOT_PUBLICISED = 7
    # When publicity was waived.
    PUBLICITY_SETTLED = 8
    # When everybody whose consent is needed has concurred.
    CONCURRED = 9
    # When its own consent is still missing.
    CONSENT_MISSING = 10
    # When every objection is decided.
    OBJECTIONS_DECIDED = 11
    # When the objection is open.
    OBJECTION_OPEN = 12
    # When another objection is open.
    OTHERS_OPEN = 13
    # When no seizure or administrative control stands.
    UNFROZEN = 14
    # When no seizure, administrative control or dispute stands.
    UNENCUMBERED = 15
    # When whoever filed it still holds the right that it takes.
    FILER_HOLDS = 16
    # When there is a validity left to give.
    VALIDITY = 17
    # When its registrar is in office.
    IN_OFFICE = 18
    # When what the product is made of is declared, where it is derived.
    DERIVATION_DECLARED = 19
    # When whoever objects has no open objection to it.
    NOT_OBJECTING = 20
    # When whoever is to act is not suspended.
    ACTIVE = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one row of the table: at one of `stages`, one of `actors` may do `act`.

    `next` is the stage that follows, None where it stays. The act is refused until the clock
    `after` has run out and from the moment on at which `before` has; past `due` it stands and is
    overdue. `conditions` must hold as well. While `stays` holds, the stage stays after all.
    """

    profiles: tuple[Profile, ...]
    kinds: tuple[CaseKind, ...]
    stages: tuple[Stage, ...]
    act: Act
    actors: Actor
    next: Stage | None = None
    after: Clock | None = None
    before: Clock | None = None
    due: Clock | None = None
    conditions: tuple[Condition, ...] = ()
    stays: Condition | None = None


@cache
def rows() -> tuple[Row, ...]:
    """Return every row of the table, in the order of its source."""
    return (
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.NONE,),
            act=Act.DRAFT,
            actors=Actor.APPLICANT,
            next=Stage.DRAFT,
            conditions=(Condition.NOT_OWN_DATA,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.NONE, Stage.DRAFT),
            act=Act.SUBMIT,
            actors=Actor.APPLICANT,
            next=Stage.SUBMITTED,
            conditions=(Condition.EVIDENCE, Condition.NOT_OWN_DATA),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.CHANGE, CaseKind.CANCELLATION),
            stages=(Stage.NONE,),
            act=Act.SUBMIT,
            actors=Actor.HOLDER,
            next=Stage.SUBMITTED,
            conditions=(Condition.NO_CASE, Condition.IN_FORCE, Condition.NOT_OWN_DATA),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.RENEWAL,),
            stages=(Stage.NONE,),
            act=Act.SUBMIT,
            actors=Actor.HOLDER,
            next=Stage.SUBMITTED,
            conditions=(
                Condition.NO_CASE,
                Condition.IN_FORCE,
                Condition.NOT_OWN_DATA,
                Condition.WINDOW,
            ),
        ),
        Row(
            profiles=(Profile.PUBLIC,),
            kinds=(CaseKind.CORRECTION,),
            stages=(Stage.NONE,),
            act=Act.SUBMIT,
            actors=Actor.HOLDER | Actor.ANYONE,
            next=Stage.SUBMITTED,
            conditions=(Condition.NO_CASE, Condition.IN_FORCE, Condition.NOT_OWN_DATA),
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=(CaseKind.TRANSFER,),
            stages=(Stage.NONE,),
            act=Act.SUBMIT,
            actors=Actor.HOLDER,
            next=Stage.SUBMITTED,
            conditions=(
                Condition.NO_CASE,
                Condition.IN_FORCE,
                Condition.NOT_OWN_DATA,
                Condition.UNENCUMBERED,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.DRAFT,),
            act=Act.WITHDRAW,
            actors=Actor.APPLICANT,
            next=Stage.WITHDRAWN,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.ACCEPT,
            actors=Actor.REGISTRAR,
            next=Stage.ACCEPTED,
            due=Clock.ACCEPTANCE,
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.RETURN,
            actors=Actor.REGISTRAR,
            next=Stage.RETURNED,
            before=Clock.ACCEPTANCE,
            conditions=(Condition.NOT_RETURNED,),
        ),
        Row(
            profiles=(Profile.PUBLIC,),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.RETURN,
            actors=Actor.REGISTRAR,
            next=Stage.RETURNED,
            due=Clock.ACCEPTANCE,
            conditions=(Condition.NOT_RETURNED,),
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.NOT_ACCEPT,
            actors=Actor.REGISTRAR,
            next=Stage.NOT_ACCEPTED,
            before=Clock.ACCEPTANCE,
        ),
        Row(
            profiles=(Profile.PUBLIC,),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.NOT_ACCEPT,
            actors=Actor.REGISTRAR,
            next=Stage.NOT_ACCEPTED,
            due=Clock.ACCEPTANCE,
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=tuple(CaseKind),
            stages=(Stage.SUBMITTED,),
            act=Act.DEEM_ACCEPTED,
            actors=Actor.CLOCK,
            next=Stage.ACCEPTED,
            after=Clock.ACCEPTANCE,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.RETURNED,),
            act=Act.RESUBMIT,
            actors=Actor.APPLICANT,
            next=Stage.SUBMITTED,
            before=Clock.CORRECTION,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.RETURNED,),
            act=Act.LAPSE,
            actors=Actor.CLOCK,
            next=Stage.LAPSED,
            after=Clock.CORRECTION,
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=tuple(CaseKind),
            stages=(Stage.ACCEPTED,),
            act=Act.EXTEND,
            actors=Actor.REGISTRAR,
            due=Clock.REVIEW,
            conditions=(Condition.NOT_EXTENDED,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.ACCEPTED,),
            act=Act.ASK,
            actors=Actor.REGISTRAR,
            next=Stage.SUPPLEMENTING,
            due=Clock.REVIEW,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.SUPPLEMENTING,),
            act=Act.SUPPLEMENT,
            actors=Actor.APPLICANT,
            next=Stage.ACCEPTED,
            before=Clock.SUPPLEMENT,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.SUPPLEMENTING,),
            act=Act.LAPSE,
            actors=Actor.CLOCK,
            next=Stage.LAPSED,
            after=Clock.SUPPLEMENT,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.ACCEPTED,),
            act=Act.PUBLICISE,
            actors=Actor.REGISTRAR,
            next=Stage.PUBLICISED,
            due=Clock.REVIEW,
            conditions=(Condition.NOT_PUBLICISED,),
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.ACCEPTED,),
            act=Act.WAIVE,
            actors=Actor.REGISTRAR,
            due=Clock.REVIEW,
            conditions=(Condition.NOT_PUBLICISED,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.PUBLICISED, Stage.OBJECTED),
            act=Act.OBJECT,
            actors=Actor.ANYONE,
            next=Stage.OBJECTED,
            before=Clock.PUBLICITY,
            conditions=(Condition.NOT_OBJECTING,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.OBJECTED,),
            act=Act.REJECT,
            actors=Actor.REGISTRAR,
            next=Stage.PUBLICISED,
            due=Clock.OBJECTION,
            conditions=(Condition.OBJECTION_OPEN,),
            stays=Condition.OTHERS_OPEN,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.OBJECTED,),
            act=Act.UPHOLD,
            actors=Actor.REGISTRAR,
            next=Stage.TERMINATED,
            due=Clock.OBJECTION,
            conditions=(Condition.OBJECTION_OPEN,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.ACCEPTED, Stage.PUBLICISED),
            act=Act.REFUSE,
            actors=Actor.REGISTRAR,
            next=Stage.REFUSED,
            due=Clock.REVIEW,
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(
                Condition.PUBLICITY_SETTLED,
                Condition.CONCURRED,
                Condition.VALIDITY,
                Condition.DERIVATION_DECLARED,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.CHANGE,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(Condition.CONCURRED, Condition.IN_FORCE, Condition.FILER_HOLDS),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.CORRECTION,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(Condition.CONCURRED, Condition.IN_FORCE),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.TRANSFER,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(
                Condition.CONCURRED,
                Condition.IN_FORCE,
                Condition.UNENCUMBERED,
                Condition.FILER_HOLDS,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.RENEWAL,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(
                Condition.CONCURRED,
                Condition.FILER_HOLDS,
                Condition.VALIDITY,
                Condition.DERIVATION_DECLARED,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.CANCELLATION,),
            stages=(Stage.ACCEPTED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            due=Clock.REVIEW,
            conditions=(
                Condition.CONCURRED,
                Condition.IN_FORCE,
                Condition.UNFROZEN,
                Condition.FILER_HOLDS,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(Stage.PUBLICISED,),
            act=Act.REGISTER,
            actors=Actor.REGISTRAR,
            next=Stage.REGISTERED,
            after=Clock.PUBLICITY,
            due=Clock.REVIEW,
            conditions=(
                Condition.OBJECTIONS_DECIDED,
                Condition.CONCURRED,
                Condition.VALIDITY,
                Condition.DERIVATION_DECLARED,
            ),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=(CaseKind.INITIAL,),
            stages=(
                Stage.SUBMITTED,
                Stage.RETURNED,
                Stage.ACCEPTED,
                Stage.SUPPLEMENTING,
                Stage.PUBLICISED,
                Stage.OBJECTED,
            ),
            act=Act.CONCUR,
            actors=Actor.COUNTERPARTY,
            conditions=(Condition.CONSENT_MISSING,),
        ),
        Row(
            profiles=(Profile.PROPERTY,),
            kinds=(CaseKind.TRANSFER,),
            stages=(
                Stage.SUBMITTED,
                Stage.RETURNED,
                Stage.ACCEPTED,
                Stage.SUPPLEMENTING,
                Stage.PUBLICISED,
                Stage.OBJECTED,
            ),
            act=Act.CONCUR,
            actors=Actor.COUNTERPARTY,
            conditions=(Condition.CONSENT_MISSING,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(
                Stage.SUBMITTED,
                Stage.RETURNED,
                Stage.ACCEPTED,
                Stage.SUPPLEMENTING,
                Stage.PUBLICISED,
                Stage.OBJECTED,
            ),
            act=Act.WITHDRAW,
            actors=Actor.APPLICANT,
            next=Stage.WITHDRAWN,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.OBJECT,
            actors=Actor.ANYONE,
            conditions=(Condition.NOT_OBJECTING,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.REJECT,
            actors=Actor.REGISTRAR,
            due=Clock.NOTICE,
            conditions=(Condition.OBJECTION_OPEN,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.UPHOLD,
            actors=Actor.REGISTRAR,
            due=Clock.NOTICE,
            conditions=(Condition.OBJECTION_OPEN,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.SETTLE,
            actors=Actor.REGISTRAR,
            due=Clock.NOTICE,
            conditions=(Condition.OBJECTION_OPEN,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.REFER,
            actors=Actor.REGISTRAR,
            due=Clock.NOTICE,
            conditions=(Condition.OBJECTION_OPEN,),
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.CANCEL,
            actors=Actor.REGISTRAR,
            conditions=(Condition.UNFROZEN,),
        ),
        Row(
            profiles=(Profile.PUBLIC,),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.REVOKE,
            actors=Actor.REGISTRAR,
        ),
        Row(
            profiles=(Profile.PROPERTY, Profile.PUBLIC),
            kinds=tuple(CaseKind),
            stages=(Stage.REGISTERED,),
            act=Act.AWARD,
            actors=Actor.REGISTRAR,
        ),
    )


ENDS: Final = frozenset(
    {
        Stage.REGISTERED,
        Stage.NOT_ACCEPTED,
        Stage.REFUSED,
        Stage.TERMINATED,
        Stage.WITHDRAWN,
        Stage.LAPSED,
    }
)
"""The stages in which a case is over."""

DAYS: Final = {
    Clock.ACCEPTANCE: {Profile.PROPERTY: 3, Profile.PUBLIC: 3},
    Clock.REVIEW: {Profile.PROPERTY: 10, Profile.PUBLIC: 20},
    Clock.PUBLICITY: {Profile.PROPERTY: 5, Profile.PUBLIC: 10},
    Clock.OBJECTION: {Profile.PROPERTY: 10, Profile.PUBLIC: 10},
    Clock.NOTICE: {Profile.PROPERTY: 5, Profile.PUBLIC: 5},
}
"""How many working days a time limit has under a profile."""

CHOSEN_DAYS: Final = {
    Clock.CORRECTION: range(1, 31),
    Clock.SUPPLEMENT: range(1, 31),
}
"""How many working days a registrar may set."""

DEFAULT_DAYS: Final = 10
"""How many working days a registrar sets who names none."""

EXTENSION_DAYS: Final = {Profile.PROPERTY: 10}
"""By how many working days a review may be made longer, once, at most."""

VALIDITY_YEARS: Final = {Profile.PROPERTY: 5, Profile.PUBLIC: 3}
"""For how many years a registration is valid at most."""

RENEWAL_MONTHS: Final = {Profile.PROPERTY: 6}
"""In how many months before the end a renewal may be asked for."""

RENEWAL_DAYS: Final = {Profile.PUBLIC: 60}
"""In how many days before the end a renewal may be asked for."""

SUBMISSION_DAYS: Final = {Profile.PUBLIC: 20}
"""Within how many working days after operation began an application is due."""
