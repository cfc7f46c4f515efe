"""Judge every use of a source in a lineage as of the block that it was made in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.events import GrantSuspended, ProductAnnotated
from registry.domain.lineage_check import Break, Link, SourceFacts, faults, stood
from registry.domain.vocabulary import AnnotationKind, Right
from registry.services.standing import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.grant import GrantState, GrantSuspension
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.lineage import Derivation, Pin, Source
    from registry.domain.lineage_graph import Graph
    from registry.domain.moment import Moment
    from registry.domain.product import Product
    from registry.services.births import Born
    from registry.services.lineages import Tracer

_FREEZING = (AnnotationKind.SEIZURE, AnnotationKind.CONTROL)


class Judge:
    """Judge the edges of one lineage, which was followed upwards.

    What may have ended before now is asked about where an event says that there was something; all
    else comes of the states as they stand.
    """

    def __init__(self, ledger: Ledger, moment: Moment, tracer: Tracer, graph: Graph) -> None:
        """Judge `graph`, which `tracer` followed as of `moment`."""
        self._ledger = ledger
        self._moment = moment
        self._graph = graph
        made = [node.derivation for node in graph.nodes]
        self._made: dict[Pin, Derivation] = {
            node.pin: one for node, one in zip(graph.nodes, made, strict=True) if one is not None
        }
        sources = [source for one in self._made.values() for source in one.sources]
        products = list(dict.fromkeys(source.product for source in sources))
        self._products = tracer.products(products)
        self._annotated = frozenset(self._named((ProductAnnotated,), "product", products))
        self._paths = tracer.grant_paths(s.grant for s in sources if s.grant is not None)
        grants = list(dict.fromkeys(one.id for path in self._paths.values() for one in path))
        self._suspended = frozenset(self._named((GrantSuspended,), "grant", grants))
        states = ledger.grants(grants, at=moment) if grants else ()
        self._states: dict[GrantId, GrantState | None] = dict(zip(grants, states, strict=True))
        self._frozen: dict[ProductId, list[tuple[int, int | None]]] = {}
        self._version_times: dict[ProductId, dict[int, int]] = {}

    def breaks(self) -> tuple[Break, ...]:
        """Return the uses of sources that do not hold, none where all do."""
        return tuple(self._broken())

    def _broken(self) -> Iterator[Break]:
        for pin, made in self._made.items():
            for source in made.sources:
                found = faults(made, source, self._facts(made, source))
                if found:
                    yield Break(source=source.pin, product=pin, faults=found)

    # ---- within ------------------------------------------------------------------------------

    def _named(
        self,
        kinds: Sequence[type[ProductAnnotated | GrantSuspended]],
        field: str,
        subjects: Sequence[ProductId] | Sequence[GrantId],
    ) -> Iterator[ProductId | GrantId]:
        """Yield those of some products or grants that an event of a kind names."""
        if subjects:
            found = self._ledger.events_naming(kinds, field, subjects, last=self._moment.block)
            for event in until(self._ledger, self._moment, found):
                yield getattr(event, field)

    def _facts(self, made: Derivation, source: Source) -> SourceFacts:
        record = self._products[source.product]
        return SourceFacts(
            record=record,
            version_at=None if record is None else self._version_at(record, source.version),
            held=Right(0) if record is None else self._held(record, made.by, made.time),
            frozen=stood(self._freezes(source.product), made.time),
            links=[] if source.grant is None else self._links(source.grant),
        )

    def _version_at(self, record: Product, version: int) -> int | None:
        """Return when a version came to be; the first one did with the product."""
        if version == 1:
            return record.since
        if record.id not in self._version_times:
            told = self._ledger.versions(record.id, at=self._moment)
            self._version_times[record.id] = {one.number: one.time for one in told}
        return self._version_times[record.id].get(version)

    def _held(self, record: Product, by: PartyId, time: int) -> Right:
        """Return the rights that a party held in a product at a time."""
        if not record.moved:
            return record.rights if record.applicant == by else Right(0)
        held = Right(0)
        for one in self._ledger.holdings(record.id, at=self._moment):
            if one.party == by and one.since <= time and (one.until is None or time <= one.until):
                held |= one.rights
        return held

    def _freezes(self, product: ProductId) -> list[tuple[int, int | None]]:
        """Return from when to when seizures and controls of a product stood."""
        if product not in self._annotated:
            return []
        if product not in self._frozen:
            self._frozen[product] = [
                (one.since, one.until)
                for one in self._ledger.annotations(product, at=self._moment)
                if one.kind in _FREEZING
            ]
        return self._frozen[product]

    def _links(self, grant: GrantId) -> list[Link]:
        path: tuple[Born, ...] = self._paths[grant]
        return [
            Link(
                id=one.id,
                clauses=one.clauses,
                state=self._states.get(one.id),
                suspensions=self._suspensions(one.id),
            )
            for one in path
        ]

    def _suspensions(self, grant: GrantId) -> tuple[GrantSuspension, ...]:
        if grant not in self._suspended:
            return ()
        return self._ledger.grant_suspensions(grant, at=self._moment)
