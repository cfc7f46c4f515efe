"""Draw in the terminal where a case stands, what happened, and what may happen next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cli.plain import padded, plain, width
from registry import messages
from registry.domain.calendar import show_day
from registry.domain.flow import concerned
from registry.domain.flow_table import Actor, CaseKind, Condition, Stage
from registry.domain.flow_words import called
from registry.domain.times import show_local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.flow import Option
    from registry.domain.ids import PartyId
    from registry.domain.submission import Submission
    from registry.domain.timeline import Entry, Timeline

MAIN: Final = (Stage.SUBMITTED, Stage.ACCEPTED, Stage.PUBLICISED, Stage.REGISTERED)
"""The stages that a case goes through when nothing is wrong."""
_SPENT: Final = frozenset(
    {
        Condition.NOT_RETURNED,
        Condition.NOT_EXTENDED,
        Condition.NOT_PUBLICISED,
        Condition.CONSENT_MISSING,
        Condition.OBJECTION_OPEN,
    }
)
"""The conditions that nobody can bring about any more."""
_SIDE: Final = {
    Stage.DRAFT: Stage.SUBMITTED,
    Stage.RETURNED: Stage.SUBMITTED,
    Stage.SUPPLEMENTING: Stage.ACCEPTED,
    Stage.OBJECTED: Stage.PUBLICISED,
    Stage.NOT_ACCEPTED: Stage.SUBMITTED,
    Stage.REFUSED: Stage.ACCEPTED,
    Stage.TERMINATED: Stage.PUBLICISED,
}
"""Beside which of them the other stages stand."""


def drawn(timeline: Timeline, lang: str) -> str:
    """Return the whole picture: the way, what happened, what may happen next."""
    return "\n".join(
        [
            *_head(timeline, lang),
            "",
            _way(timeline, lang),
            "",
            *_past(timeline, lang),
            *_future(timeline, lang),
        ]
    )


def way(timeline: Timeline) -> list[tuple[Stage, str]]:
    """Return the stages of the case's way, each `done`, `here` or `ahead`."""
    stages = [one for one in MAIN if one is not Stage.PUBLICISED or _is_public(timeline)]
    stage = timeline.standing.stage
    here = stage if stage in stages else _SIDE.get(stage, _last_of(timeline, stages))
    place = stages.index(here) if here in stages else 0
    told: list[tuple[Stage, str]] = []
    for number, one in enumerate(stages):
        if number < place or (number == place and stage is Stage.REGISTERED):
            told.append((one, "done"))
        elif number == place and stage in (one, *_SIDE):
            told.append((stage, "here"))
        elif number == place:
            told += [(one, "done"), (stage, "here")]
        else:
            told.append((one, "ahead"))
    over = timeline.case.over or (timeline.standing.deemed and stage is Stage.LAPSED)
    return [one for one in told if one[1] != "ahead"] if over else told


def _is_public(timeline: Timeline) -> bool:
    return timeline.case.kind is CaseKind.INITIAL and not timeline.case.waived


def _last_of(timeline: Timeline, stages: list[Stage]) -> Stage:
    """Return the last stage of the way that the case went through."""
    seen = [entry.stage for entry in timeline.entries if entry.case == timeline.case.index]
    through = [_SIDE.get(one, one) for one in seen]
    return next((one for one in reversed(through) if one in stages), Stage.SUBMITTED)


def _head(timeline: Timeline, lang: str) -> Iterator[str]:
    case, now = timeline.case, timeline.standing
    code = f"  {timeline.code}" if timeline.code else ""
    yield f"{timeline.product}{code}"
    yield messages.text(
        "cli.timeline.case",
        lang,
        profile=messages.text(f"cli.timeline.profile-{case.profile.name.lower()}", lang),
        kind=called(case.kind, lang),
        number=case.index + 1,
    )
    since = show_local(now.since)
    key = "cli.timeline.deemed" if now.deemed else "cli.timeline.stands"
    yield messages.text(key, lang, stage=called(now.stage, lang), since=since)
    if timeline.due is not None and not timeline.case.over:
        late = timeline.moment.time >= timeline.due
        # What must run out before anybody may go on is no limit that somebody misses.
        passive = now.stage is Stage.PUBLICISED
        state = "over" if late and passive else "overdue" if late else "limit"
        yield messages.text(f"cli.timeline.{state}", lang, due=show_local(timeline.due))
    if (line := submission_line(timeline, lang)) is not None:
        yield line


def submission_line(timeline: Timeline, lang: str) -> str | None:
    """Return what is to be said of the time of the application, None for nothing."""
    found = timeline.submission
    if found is None or (found.submitted and not found.late):
        return None
    key, times = submission_said(found)
    return messages.text(key, lang, **times)


def submission_said(submission: Submission) -> tuple[str, dict[str, str]]:
    """Return the key and the fields of the sentence about a late application, or a draft."""
    times = {"since": show_day(submission.since), "due": show_local(submission.due)}
    if not submission.late:
        return "cli.timeline.to-submit", times
    how = "submitted-late" if submission.submitted else "unsubmitted"
    return f"cli.timeline.{how}", times


def _way(timeline: Timeline, lang: str) -> str:
    marks = {"done": "✔", "here": "●", "ahead": "○"}
    return " ── ".join(f"{marks[how]} {called(stage, lang)}" for stage, how in way(timeline))


def _past(timeline: Timeline, lang: str) -> Iterator[str]:
    rows = [_entry(entry, timeline, lang) for entry in timeline.entries]
    yield from _columns(rows)


def _entry(entry: Entry, timeline: Timeline, lang: str) -> list[str]:
    mark = "◷" if entry.by is None else "●"
    late = f"  {messages.text('cli.timeline.late', lang)}" if entry.overdue else ""
    return [
        f"  {mark} {show_local(entry.time)}",
        called(entry.act, lang) + late,
        f"→ {called(entry.stage, lang)}",
        who(entry.by, timeline, lang),
    ]


def who(party: PartyId | None, timeline: Timeline, lang: str) -> str:
    """Return what a party is in the case, and which; time itself for None."""
    if party is None:
        return called(Actor.CLOCK, lang)
    if party == timeline.case.registrar:
        return f"{called(Actor.REGISTRAR, lang)} {party}"
    if party == timeline.case.filer:
        return f"{called(Actor.APPLICANT, lang)} {party}"
    return str(party)


def _future(timeline: Timeline, lang: str) -> Iterator[str]:
    yield f"  ○ {show_local(timeline.moment.time)}  {messages.text('cli.timeline.now', lang)}"
    ordered = ahead(timeline)
    if not ordered:
        yield "  " + messages.text("cli.timeline.nothing", lang)
        return
    yield ""
    yield messages.text("cli.timeline.next", lang)
    yield from _columns([_option(one, timeline, lang) for one in ordered])


def ahead(timeline: Timeline) -> list[Option]:
    """Return what may still happen, what may happen now first, without what is done for good."""
    time = timeline.moment.time
    open_ = [one for one in timeline.options if not _SPENT.intersection(one.blocked)]
    return sorted(open_, key=lambda one: not one.allowed(time))


def _option(option: Option, timeline: Timeline, lang: str) -> list[str]:
    time = timeline.moment.time
    mark = "◷" if option.by_clock else "▶" if option.allowed(time) else "·"
    named = concerned(option, timeline.case)
    parties = " ".join(str(one) for one in named) if len(named) == 1 else ""
    act = what(option, lang)
    return [
        f"  {mark} {act}",
        when(option, time, lang),
        f"{called(option.actors, lang)} {parties}".rstrip(),
    ]


def what(option: Option, lang: str) -> str:
    """Return what may be done, with the kind of case where one is filed."""
    kind = "" if option.kind is None else f" · {called(option.kind, lang)}"
    return called(option.act, lang) + kind


def when(option: Option, time: int, lang: str) -> str:
    """Return from when, until when and on what conditions something may be done."""
    parts = []
    if option.unknown:
        parts.append(messages.text("cli.timeline.unknown", lang))
    if option.opens is not None and (option.by_clock or time < option.opens):
        key = "cli.timeline.at" if option.by_clock else "cli.timeline.from"
        parts.append(messages.text(key, lang, time=show_local(option.opens)))
    if option.closes is not None and (option.due is None or option.closes <= option.due):
        key = "cli.timeline.closed" if time >= option.closes else "cli.timeline.before"
        parts.append(messages.text(key, lang, time=show_local(option.closes)))
    elif option.due is not None:
        key = "cli.timeline.was-due" if option.overdue(time) else "cli.timeline.by"
        parts.append(messages.text(key, lang, time=show_local(option.due)))
    if option.blocked:
        needs = messages.text("cli.timeline.and", lang).join(
            called(one, lang) for one in option.blocked
        )
        parts.append(messages.text("cli.timeline.needs", lang, conditions=needs))
    return messages.text("cli.timeline.comma", lang).join(parts)


def _columns(rows: list[list[str]]) -> Iterator[str]:
    """Yield rows with their cells under one another."""
    shown = [[plain(cell) for cell in row] for row in rows]
    widths = (
        [max((width(row[i]) for row in shown), default=0) for i in range(len(shown[0]))]
        if shown
        else []
    )
    for row in shown:
        yield "  ".join(padded(c, n) for c, n in zip(row, widths, strict=True)).rstrip()
