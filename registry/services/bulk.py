"""Register all rows of a table, each exactly once, however often that is interrupted.

A table is checked (`registry.services.bulk_check`), looked up on the chain, then sent. The rows are
cut into chunks by their order alone, and of a chunk the rows that are not registered yet are sent:
so a run that is repeated sends the same transactions, which stand in the journal, for whatever of
them has not landed, and recognises by its id what has.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Final, Self, TypeVar

from registry.domain.operations import RegisterBatch
from registry.domain.table_records import Faults
from registry.records import dataclass
from registry.reverts import ProductTaken
from registry.services.bulk_lookup import LookUp
from registry.services.bulk_rows import Fate, Planned, Spill

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.domain.ids import PartyId
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation
    from registry.services.actor import Actor
    from registry.services.bulk_check import Checked, Counted
    from registry.services.bulk_results import Results
    from registry.services.bulk_rows import Prepared

_Row = TypeVar("_Row")

FEW: Final = 20
"""Up to so many rows the automatic route is a transaction for each."""

BATCH: Final = 250
"""How many rows one transaction registers: some 12,250,000 gas, with what a gas limit adds to that
below the 16,777,216 that EIP-7825 allows."""

_SINGLE_GAS: Final = 77_800
_LISTED_GAS: Final = 85_700
_ITEM_GAS: Final = 48_900
_BATCH_GAS: Final = 30_000
_ASKED_AT_ONCE: Final = 500
_IN_FLIGHT: Final = 4_000
"""So many rows are handed to the ledger at once, and held in memory until all have landed."""


class Route(Enum):
    """Say how rows are registered; AUTO is singles for few rows, else batches."""

    AUTO = "auto"
    SINGLES = "singles"
    BATCHES = "batches"

    def chosen(self, rows: int) -> Route:
        """Return the route for so many rows."""
        if self is not Route.AUTO:
            return self
        return Route.SINGLES if rows <= FEW else Route.BATCHES


class Plan:
    """Hold which rows are to be sent by which route, and what that will take.

    `fresh` rows are to be registered, `recognised` ones are; `contested` are those whose content
    other parties claim as well. `gas` is an estimate. Use it as a context manager: leaving it lets
    go of the rows.
    """

    def __init__(
        self, table: Path, route: Route, party: PartyId | None, kept: Spill | None
    ) -> None:
        """Begin without rows; without a ledger there is no party, and no row is kept."""
        self.table = table
        self.route = route
        self.party = party
        self.fresh = self.recognised = self.contested = self.transactions = self.gas = 0
        self._kept = kept

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return self.fresh + self.recognised

    def add(self, chunk: Sequence[Planned]) -> None:
        """Take the next rows, which one transaction registers together."""
        assert self._kept is not None  # noqa: S101 (what is only foreseen has no rows)
        for row in chunk:
            self._kept.add(row.pack())
        fresh = [row.row for row in chunk if row.fate is Fate.FRESH]
        self.count_in(fresh)
        self.recognised += len(chunk) - len(fresh)
        self.contested += sum(row.others > 0 for row in chunk)

    def count_in(self, fresh: Sequence[Prepared]) -> None:
        """Count rows that one transaction is to register."""
        self.fresh += len(fresh)
        if fresh:
            self.transactions += 1
            self.gas += _gas(fresh, self.route)

    def chunks(self) -> Iterator[tuple[Planned, ...]]:
        """Yield the rows as they are sent together."""
        return chunked(map(Planned.unpack, self._kept or ()), self.route, lambda one: one.row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._kept is not None:
            self._kept.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Hold what sending came to; rows that another run registered meanwhile are recognised."""

    registered: int
    recognised: int
    transactions: int
    gas_used: int


def chunked(
    rows: Iterable[_Row], route: Route, prepared: Callable[[_Row], Prepared]
) -> Iterator[tuple[_Row, ...]]:
    """Yield rows by the transaction that they belong to, whatever is registered of them.

    What has a series or a locator cannot be in a batch. `prepared` returns what a row registers.
    """
    size = BATCH if route is Route.BATCHES else 1
    chunk: list[_Row] = []
    for row in rows:
        alone = prepared(row).item.listed
        if chunk and (alone or len(chunk) == size):
            yield tuple(chunk)
            chunk = []
        if alone:
            yield (row,)
        else:
            chunk.append(row)
    if chunk:
        yield tuple(chunk)


def unasked(checked: Checked, route: Route) -> Plan:
    """Return what registering a table takes where there is no ledger yet: all rows are fresh."""
    plan = Plan(checked.table, route.chosen(checked.count), None, None)
    for chunk in chunked(checked, plan.route, lambda row: row):
        plan.count_in(chunk)
    return plan


class Bulk:
    """Serve the registration of many products."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def plan(
        self, checked: Checked, route: Route = Route.AUTO, *, progress: Counted | None = None
    ) -> Plan:
        """Return which rows are registered already, and what the others take; nothing is sent.

        `progress` is told how many rows were looked up. Raises `TableInvalid` with all rows whose
        content stands registered otherwise than they say, `AccountNeeded`, `PartyNeeded`.
        """
        party, faults = self._actor.party(), Faults()
        archive = self._actor.archive
        kept = Spill(None if archive is None else archive.home)
        plan = Plan(checked.table, route.chosen(checked.count), party, kept)
        try:
            found = self._planned(checked, party, faults)
            for chunk in chunked(found, plan.route, lambda one: one.row):
                plan.add(chunk)
                if progress is not None:
                    progress(plan.count)
            faults.close(checked.table)
        except BaseException:
            kept.close()
            raise
        return plan

    def send(
        self, plan: Plan, *, results: Results | None = None, progress: Counted | None = None
    ) -> Summary:
        """Register the rows of a plan that are not yet, and write what became of every row.

        `progress` is told how many rows are done. What a transaction came to is in `results` before
        the next is asked about. Raises as `Ledger.submit_all` does; the same table may then be
        planned and sent again.
        """
        registered = transactions = gas = done = 0
        for chunk, receipt in self._carried_out(plan):
            for row in chunk:
                if results is not None:
                    results.add(row)
                registered += row.fate is Fate.REGISTERED
            if results is not None:
                results.flush()
            if receipt is not None:
                transactions += 1
                gas += receipt.gas_used
            done += len(chunk)
            if progress is not None:
                progress(done)
        return Summary(
            registered=registered,
            recognised=done - registered,
            transactions=transactions,
            gas_used=gas,
        )

    # ---- within ------------------------------------------------------------------------------

    def _planned(self, checked: Checked, party: PartyId, faults: Faults) -> Iterator[Planned]:
        look_up = LookUp(self._actor.ledger, party, faults)
        rows = iter(checked)
        while part := tuple(islice(rows, _ASKED_AT_ONCE)):
            yield from look_up.planned(part)

    def _carried_out(self, plan: Plan) -> Iterator[tuple[tuple[Planned, ...], Receipt | None]]:
        """Yield the chunks in their order, each with the receipt of its transaction, if any."""
        chunks = plan.chunks()
        while flight := _flight(chunks):
            while flight:
                try:
                    yield from self._landed(flight, plan.route)
                except ProductTaken:
                    # Registered since it was looked up, by another run of the same party.
                    seen = deque(self._looked_up(plan, chunk) for chunk in flight)
                    if seen == flight:
                        raise
                    flight = seen

    def _landed(
        self, flight: deque[tuple[Planned, ...]], route: Route
    ) -> Iterator[tuple[tuple[Planned, ...], Receipt | None]]:
        """Yield chunks as they land, each taken out of `flight` once that is dealt with."""
        operations = [one for chunk in flight if (one := _operation(chunk, route)) is not None]
        receipts = self._actor.ledger.submit_all(operations, account=self._actor.key())
        while flight:
            fresh = any(row.fate is Fate.FRESH for row in flight[0])
            receipt = next(receipts) if fresh else None
            yield tuple(_told(flight[0], receipt)), receipt
            flight.popleft()
        # One step further, so that the last outcome counts as handed over.
        next(receipts, None)

    def _looked_up(self, plan: Plan, chunk: tuple[Planned, ...]) -> tuple[Planned, ...]:
        assert plan.party is not None  # noqa: S101 (a plan that is sent was asked for)
        faults = Faults()
        found = LookUp(self._actor.ledger, plan.party, faults).planned([one.row for one in chunk])
        faults.close(plan.table)
        return tuple(found)


def _operation(chunk: Iterable[Planned], route: Route) -> Operation | None:
    """Return what registers the rows of a chunk that are not yet, None where all are."""
    items = tuple(row.row.item for row in chunk if row.fate is Fate.FRESH)
    if not items:
        return None
    if route is Route.SINGLES or items[0].listed:
        return items[0]
    return RegisterBatch(items=items)


def _flight(chunks: Iterator[tuple[Planned, ...]]) -> deque[tuple[Planned, ...]]:
    """Return the next chunks that are handed to the ledger together, none at the end."""
    flight: deque[tuple[Planned, ...]] = deque()
    rows = 0
    while rows < _IN_FLIGHT and (chunk := next(chunks, None)):
        flight.append(chunk)
        rows += len(chunk)
    return flight


def _gas(rows: Sequence[Prepared], route: Route) -> int:
    """Return about what it takes to register rows in one transaction."""
    if rows[0].item.listed:
        return _LISTED_GAS
    return _SINGLE_GAS if route is Route.SINGLES else _BATCH_GAS + len(rows) * _ITEM_GAS


def _told(chunk: Iterable[Planned], receipt: Receipt | None) -> Iterator[Planned]:
    for row in chunk:
        if row.fate is not Fate.FRESH or receipt is None:
            yield row
        else:
            yield replace(
                row,
                fate=Fate.REGISTERED,
                transaction=receipt.transaction,
                block=receipt.block,
            )
