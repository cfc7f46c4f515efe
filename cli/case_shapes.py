"""Give cases, their acts and timelines their one JSON shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.shapes import Shape, hexed, moment, receipt, time
from registry.domain.flow import concerned

if TYPE_CHECKING:
    from registry.domain.case import Case, Objection
    from registry.domain.flow import Option
    from registry.domain.flow_table import Actor
    from registry.domain.submission import Submission
    from registry.domain.timeline import Entry, Pending, Timeline
    from registry.services.cases import Acted


def case(value: Case) -> Shape:
    """Shape a case as it was last written."""
    return {
        "case": value.index + 1,
        "profile": value.profile.name,
        "kind": value.kind.name,
        "applicant": str(value.filer),
        "registrar_party": str(value.registrar),
        "submitted": time(value.submitted),
        "missing": [str(one) for one in value.missing],
    }


def submission(value: Submission | None) -> Shape:
    """Shape whether a first application came in time, where that is known."""
    return {
        "submission_due": None if value is None else time(value.due),
        "submission_late": value is not None and value.late,
    }


def acted(value: Acted, notice: str | None = None) -> Shape:
    """Shape what an act on a case came to; `notice` is the text that it is told with."""
    return {
        "product": str(value.case.product),
        "act": value.act.name,
        "stage": value.standing.stage.name,
        "since": time(value.standing.since),
        "due": time(value.due),
        "overdue": value.overdue,
        "code": value.code,
        "objection": value.index,
        **case(value.case),
        **submission(value.submission),
        "notice": notice,
        "receipt": receipt(value.receipt),
    }


def entry(value: Entry) -> Shape:
    """Shape one thing that happened to a case."""
    return {
        "case": value.case + 1,
        "act": value.act.name,
        "stage": value.stage.name,
        "time": time(value.time),
        "by": None if value.by is None else str(value.by),
        "due": time(value.due),
        "overdue": value.overdue,
        "digest": hexed(value.digest),
        "objection": value.index,
        "block": value.block,
        "transaction": hexed(value.transaction),
    }


def option(value: Option, of: Case, now: int) -> Shape:
    """Shape one thing that may happen next."""
    return {
        "act": value.act.name,
        "kind": None if value.kind is None else value.kind.name,
        "actors": actors(value.actors),
        "parties": [str(one) for one in concerned(value, of)],
        "stage": value.stage.name,
        "from": time(value.opens),
        "before": time(value.closes),
        "due": time(value.due),
        "allowed": value.allowed(now),
        "overdue": value.overdue(now),
        "needs": [one.name for one in value.blocked],
    }


def objection(value: Objection) -> Shape:
    """Shape one objection."""
    return {
        "index": value.index,
        "by": str(value.by),
        "since": time(value.since),
        "until": time(value.until),
        "outcome": value.outcome.name,
        "after_registration": value.after_registration,
        "evidence": hexed(value.evidence),
    }


def timeline(value: Timeline) -> Shape:
    """Shape a product's history of cases."""
    now = value.moment.time
    return {
        "product": str(value.product),
        "code": value.code,
        **case(value.case),
        **submission(value.submission),
        "stage": value.standing.stage.name,
        "since": time(value.standing.since),
        "deemed": value.standing.deemed,
        "due": time(value.due),
        "overdue": value.due is not None and now >= value.due,
        "happened": [entry(one) for one in value.entries],
        "next": [option(one, value.case, now) for one in value.options],
        "objections": [objection(one) for one in value.objections],
        "at": moment(value.moment),
    }


def pending(value: Pending) -> Shape:
    """Shape a case on somebody's desk."""
    return {
        "product": str(value.case.product),
        "stage": value.standing.stage.name,
        "since": time(value.standing.since),
        "due": time(value.due),
        "overdue": value.overdue,
        "awaiting": [str(one) for one in value.awaiting],
        "objections": value.objections,
        **case(value.case),
    }


def actors(value: Actor) -> list[str]:
    """Return the names of actors."""
    return [str(one.name) for one in type(value) if one in value]
