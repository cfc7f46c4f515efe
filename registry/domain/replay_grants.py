"""Rebuild the words of the registry of grants and of the meter.

What a use is debited to, and what a receipt is about, stands in the clauses and the parent of a
grant, which no word holds: they are noted from the event that made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import events as told
from registry.domain.clauses import Clauses
from registry.domain.grant import UNLIMITED, GrantOrigin, GrantStage
from registry.domain.ids import GrantId
from registry.domain.layout import variable
from registry.domain.replay_intervals import closed, happened, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.events import Event
    from registry.domain.replayed import Book

GRANTS: Final = variable("GrantRegistry", "grants")
PERIODS: Final = variable("GrantRegistry", "periods")
COUNTS: Final = variable("GrantRegistry", "suspensionCounts")
SUSPENSIONS: Final = variable("GrantRegistry", "suspensions")
SETTLED: Final = variable("UsageMeter", "settled")
SUBJECTS: Final = variable("UsageMeter", "subjects")

_HALTED: Final = {
    GrantStage.ISSUED: GrantStage.SUSPENDED,
    GrantStage.REVOKED: GrantStage.REVOKED_SUSPENDED,
    GrantStage.ENDED: GrantStage.ENDED_SUSPENDED,
}
_RESTARTED: Final = {halted: stage for stage, halted in _HALTED.items()}


def _issued(book: Book, event: told.GrantIssued) -> None:
    _made(book, event, event.grant, None, event.clauses, GrantOrigin.ONE_SIDED)


def _issued_under(book: Book, event: told.SubGrantIssued) -> None:
    _made(book, event, event.grant, event.parent, event.clauses, GrantOrigin.SUB_GRANT)


def _agreed(book: Book, event: told.GrantAgreed) -> None:
    origin = GrantOrigin.SUB_GRANT if event.parent else GrantOrigin.SIGNED
    _made(book, event, event.grant, event.parent, event.clauses, origin)


def _made(
    book: Book,
    event: Event,
    grant: GrantId,
    parent: GrantId | None,
    packed: bytes,
    origin: GrantOrigin,
) -> None:
    clauses = Clauses.unpack(packed)
    quota = clauses.quota
    book.put(
        GRANTS,
        grant,
        grantor=int(clauses.grantor),
        grantee=int(clauses.grantee),
        since=happened(event),
        endsAt=clauses.window.until or 0,
        remaining=UNLIMITED if quota is None else quota.total,
        noticeDays=clauses.notice_days,
        stage=GrantStage.ISSUED,
        origin=origin,
        periodic=int(quota is not None and quota.period > 0),
    )
    book.shelf.keep(grant.raw, (parent.raw if parent else bytes(GrantId.length)) + packed)
    if quota is not None and quota.period:
        first = max(clauses.window.start or 0, happened(event))
        limit, length = quota.per_period, quota.period
        book.put(PERIODS, grant, limit=limit, length=length, firstAt=first)


def _noted(book: Book, grant: GrantId) -> tuple[GrantId, Clauses]:
    """Return the parent and the clauses of a grant; raises `LookupError` for one never made."""
    noted = book.shelf.note(grant.raw)
    if noted is None:
        raise LookupError(f"{grant} was never made")
    return GrantId(noted[: GrantId.length]), Clauses.unpack(noted[GrantId.length :])


def _voided(book: Book, event: told.OfferVoided) -> None:
    time = happened(event)
    book.put(
        GRANTS,
        event.grant,
        grantor=int(event.grantor),
        grantee=int(event.grantee),
        since=time,
        endsAt=time,
        stage=GrantStage.VOIDED,
        origin=GrantOrigin.SIGNED,
    )


def _replaced(book: Book, event: told.GrantReplaced) -> None:
    _over(book, event.replaced, happened(event), GrantStage.ENDED)


def _revoked(book: Book, event: told.GrantRevoked) -> None:
    _over(book, event.grant, event.ends_at, GrantStage.REVOKED)


def _ended(book: Book, event: told.GrantEnded) -> None:
    _over(book, event.grant, event.ends_at, GrantStage.ENDED)


def _over(book: Book, grant: GrantId, end: int, stage: GrantStage) -> None:
    """End a grant; one that is suspended stays so."""
    if _stage(book, grant) in _RESTARTED:
        stage = _HALTED[stage]
    book.change(GRANTS, grant, fields={"endsAt": end, "stage": stage})


def _stage(book: Book, grant: GrantId) -> GrantStage:
    return GrantStage(book.fields(GRANTS, grant)["stage"])


def _suspended(book: Book, event: told.GrantSuspended) -> None:
    if book.fields(COUNTS, event.grant)["live"] == 0:
        halted = _HALTED[_stage(book, event.grant)]
        book.change(GRANTS, event.grant, fields={"stage": halted})
    fields = {"by": int(event.by), "reason": event.reason}
    opened(book, SUSPENSIONS, COUNTS, event, event.grant, evidence=event.evidence, fields=fields)


def _resumed(book: Book, event: told.GrantResumed) -> None:
    if closed(book, SUSPENSIONS, COUNTS, event, event.grant) == 0:
        stage = _RESTARTED[_stage(book, event.grant)]
        book.change(GRANTS, event.grant, fields={"stage": stage})


def _used(book: Book, event: told.UsageRecorded) -> None:
    _debit(book, event.grant, event.amount, happened(event))


def _receipt(book: Book, event: told.ReceiptSettled) -> None:
    grant = event.grant
    before = book.fields(SETTLED, grant)["cumulative"]
    used = {"cumulative": event.cumulative, "sequence": event.sequence, "usedAt": event.at}
    book.put(SETTLED, grant, **used)
    _, clauses = _noted(book, grant)
    book.put(
        SUBJECTS,
        grant,
        product=int(clauses.product),
        purposes=clauses.purposes,
        actions=clauses.actions,
        validFrom=clauses.window.start or 0,
    )
    _debit(book, grant, event.cumulative - before, event.at)


def _debit(book: Book, grant: GrantId, amount: int, time: int) -> None:
    """Debit a use to a grant and all it rests on."""
    while grant:
        word = book.fields(GRANTS, grant)
        if word["remaining"] != UNLIMITED:
            book.change(GRANTS, grant, fields={"remaining": word["remaining"] - amount})
        if word["periodic"]:
            _count(book, grant, amount, time)
        grant, _ = _noted(book, grant)


def _count(book: Book, grant: GrantId, amount: int, time: int) -> None:
    """Count a use in its period; one that is late counts in the last."""
    word = book.fields(PERIODS, grant)
    current = max(0, time - word["firstAt"]) // word["length"]
    if current > word["index"]:
        word |= {"index": current, "used": 0}
    book.put(PERIODS, grant, **{**word, "used": word["used"] + amount})


HANDLERS: Final[dict[type[Event], Callable[[Book, Any], None]]] = {
    told.GrantIssued: _issued,
    told.SubGrantIssued: _issued_under,
    told.GrantAgreed: _agreed,
    told.GrantReplaced: _replaced,
    told.OfferVoided: _voided,
    told.GrantSuspended: _suspended,
    told.GrantResumed: _resumed,
    told.GrantRevoked: _revoked,
    told.GrantEnded: _ended,
    told.UsageRecorded: _used,
    told.ReceiptSettled: _receipt,
}
"""What each event of grants and their use does to the words."""
