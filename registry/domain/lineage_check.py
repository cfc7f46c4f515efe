"""Judge each use of a source as of the block that it was made in.

Facts on the ledger are only added: what a grant, a right or an annotation was then is still to be
read from what stands now, by the times that each began and ended. Where one began or ended in the
second of the derivation, the contract's own judgement stands, which knew the order.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from registry.domain.grant import GrantStage
from registry.domain.lineage import purposes_within
from registry.domain.product import ProductState
from registry.domain.vocabulary import Action, Right
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from registry.domain.clauses import Clauses
    from registry.domain.grant import GrantState, GrantSuspension
    from registry.domain.ids import GrantId, PartyId
    from registry.domain.lineage import Derivation, Pin, Source
    from registry.domain.product import Product

_NEVER_IN_FORCE = frozenset(
    {ProductState.NONE, ProductState.DRAFT, ProductState.PENDING, ProductState.DECLINED}
)


class Fault(StrEnum):
    """Say why a use of a source does not hold."""

    SOURCE_UNKNOWN = "SOURCE_UNKNOWN"
    VERSION_LATER = "VERSION_LATER"
    SOURCE_NOT_IN_FORCE = "SOURCE_NOT_IN_FORCE"
    SOURCE_FROZEN = "SOURCE_FROZEN"
    RIGHTS_MISSING = "RIGHTS_MISSING"
    PURPOSES_WIDER = "PURPOSES_WIDER"
    GRANT_UNKNOWN = "GRANT_UNKNOWN"
    GRANT_LATER = "GRANT_LATER"
    GRANT_OVER = "GRANT_OVER"
    GRANT_SUSPENDED = "GRANT_SUSPENDED"
    GRANT_OF_OTHER_PRODUCT = "GRANT_OF_OTHER_PRODUCT"
    GRANT_OF_OTHER_VERSION = "GRANT_OF_OTHER_VERSION"
    GRANT_TO_ANOTHER = "GRANT_TO_ANOTHER"
    GRANT_WITHOUT_DERIVE = "GRANT_WITHOUT_DERIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Hold one grant of those that a use rests on; `state` is None for an unknown one."""

    id: GrantId
    clauses: Clauses | None
    state: GrantState | None
    suspensions: Sequence[GrantSuspension] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """Hold what the ledger says of a source: now, and as of the time of the derivation.

    `version_at` is when the pinned version came to be, in seconds since 1970, None where there is
    none. `held` are the rights in it of whoever derived, `frozen` says whether a seizure or a
    control stood, both at the time. `links` are the grants, from the product's down; none for a
    source of one's own.
    """

    record: Product | None
    version_at: int | None
    held: Right
    frozen: bool
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Hold a use of a source that does not hold, and why."""

    source: Pin
    product: Pin
    faults: tuple[Fault, ...]


def faults(derivation: Derivation, source: Source, facts: SourceFacts) -> tuple[Fault, ...]:
    """Return what was wrong with one use of a source when it was made, nothing where all held."""
    if facts.record is None:
        return (Fault.SOURCE_UNKNOWN,)
    found = list(_of_source(facts, facts.record, derivation.time))
    if source.grant is None:
        if not facts.held & Right.USE:
            found.append(Fault.RIGHTS_MISSING)
        allowed = facts.record.purposes
    else:
        found += _of_links(facts.links, derivation.time)
        own = facts.links[-1].clauses if facts.links else None
        if own is None:
            return tuple(dict.fromkeys((*found, Fault.GRANT_UNKNOWN)))
        found += _of_clauses(own, source, derivation.by)
        allowed = own.purposes
    if not purposes_within(derivation.purposes, allowed):
        found.append(Fault.PURPOSES_WIDER)
    return tuple(dict.fromkeys(found))


def stood(intervals: Iterable[tuple[int, int | None]], time: int) -> bool:
    """Tell whether one of several intervals, from when to when, covered the time between its ends.

    >>> stood([(5, 9)], 7), stood([(5, 9)], 5), stood([(5, None)], 6)
    (True, False, True)
    """
    return any(since < time and (until is None or time < until) for since, until in intervals)


def _of_source(facts: SourceFacts, record: Product, time: int) -> Iterator[Fault]:
    if facts.version_at is None or facts.version_at > time:
        yield Fault.VERSION_LATER
    over = record.until is not None and record.until < time
    if record.state in _NEVER_IN_FORCE or record.since > time or over:
        yield Fault.SOURCE_NOT_IN_FORCE
    if facts.frozen:
        yield Fault.SOURCE_FROZEN


def _of_links(links: Sequence[Link], time: int) -> Iterator[Fault]:
    for link in links:
        state = link.state
        if state is None or state.stage is GrantStage.VOIDED:
            yield Fault.GRANT_UNKNOWN
            continue
        start = 0 if link.clauses is None else link.clauses.window.start or 0
        if state.since > time or start > time:
            yield Fault.GRANT_LATER
        if state.ends_at is not None and state.ends_at < time:
            yield Fault.GRANT_OVER
        if stood(((one.since, one.until) for one in link.suspensions), time):
            yield Fault.GRANT_SUSPENDED


def _of_clauses(clauses: Clauses, source: Source, by: PartyId) -> Iterator[Fault]:
    if clauses.product != source.product:
        yield Fault.GRANT_OF_OTHER_PRODUCT
    if clauses.version not in (0, source.version):
        yield Fault.GRANT_OF_OTHER_VERSION
    if clauses.grantee != by:
        yield Fault.GRANT_TO_ANOTHER
    if not clauses.actions & Action.DERIVE:
        yield Fault.GRANT_WITHOUT_DERIVE
