"""Rebuild the logs of intervals, which several contracts keep alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.events import Event
    from registry.domain.replayed import Book
    from registry.domain.storage import KeyValue, Variable

_EVIDENCE_BYTES: Final = 12


def opened(
    book: Book,
    intervals: Variable,
    counts: Variable,
    event: Any,  # noqa: ANN401 (any event with an index)
    subject: KeyValue,
    *,
    evidence: bytes,
    fields: Mapping[str, int],
) -> None:
    """Open an interval of a subject, which begins with the event."""
    noted = int.from_bytes(evidence[:_EVIDENCE_BYTES])
    book.put(
        intervals, subject, event.index, **{"from": happened(event), "evidence": noted, **fields}
    )
    before = book.fields(counts, subject)
    more = {name: count + 1 for name, count in before.items()}
    book.change(counts, subject, fields=more)


def closed(
    book: Book,
    intervals: Variable,
    counts: Variable,
    event: Any,  # noqa: ANN401 (any event with an index)
    subject: KeyValue,
    fields: Mapping[str, int] | None = None,
) -> int:
    """Close an interval with the event, and return how many of the subject's still last."""
    book.change(intervals, subject, event.index, fields={"to": happened(event), **(fields or {})})
    live = book.fields(counts, subject)["live"] - 1
    book.change(counts, subject, fields={"live": live})
    return live


def happened(event: Event) -> int:
    """Return when an event happened, in seconds since 1970."""
    return event.time or 0
