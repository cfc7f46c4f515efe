"""Follow what versions were made of, or what was made of them, level by level.

Each level is asked for in a few batched questions, however many versions it has; what is to be
known of products and grants is asked for once, at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from registry.domain.events import (
    GrantAgreed,
    GrantIssued,
    ProductOpened,
    ProductRegistered,
    SubGrantIssued,
)
from registry.domain.lineage import Pin
from registry.domain.lineage_events import SourceUsed
from registry.domain.lineage_graph import Direction, Facts, graph
from registry.services.births import BIRTHS, domain_of, proved
from registry.services.standing import until

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from registry.archive import Archive
    from registry.domain.events import Event
    from registry.domain.grant import GrantState
    from registry.domain.ids import GrantId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.lineage import Derivation
    from registry.domain.lineage_graph import Graph
    from registry.domain.moment import Moment
    from registry.domain.product import Product
    from registry.services.births import Born

_T = TypeVar("_T")


class Tracer:
    """Follow lineages on a ledger as of one moment.

    Without an archive nothing has a name.
    """

    def __init__(self, ledger: Ledger, moment: Moment, archive: Archive | None = None) -> None:
        """Ask `ledger` about the state of `moment`."""
        self._ledger = ledger
        self._moment = moment
        self._archive = archive
        self._products: dict[ProductId, Product | None] = {}
        self._derivations: dict[Pin, Derivation | None] = {}

    def up(self, root: Pin, depth: int | None = None) -> Graph:
        """Return what a version was made of, to the roots or to so many steps."""
        level, steps = [root], 0
        while level:
            self._learn(level)
            if steps == depth:
                break
            level = self._sources_of(level)
            steps += 1
        beyond = {pin for pin in level if self._derivations[pin] is not None}
        return self._graph([root], Direction.UP, frozenset(beyond))

    def down(self, roots: Sequence[Pin], depth: int | None = None) -> Graph:
        """Return what was made of versions, as far as the node's events tell, or to a depth."""
        level, steps = list(roots), 0
        self._learn(level)
        more: set[Pin] = set()
        while level:
            used = self._uses_of(level)
            if steps == depth:
                more = {Pin(use.source, use.source_version) for use in used}
                break
            level = _new((Pin(use.product, use.version) for use in used), self._derivations)
            self._learn(level)
            level += self._resting_alike(level)
            steps += 1
        return self._graph(roots, Direction.DOWN, frozenset(more & self._derivations.keys()))

    def versions_used(self, product: ProductId) -> tuple[int, ...]:
        """Return the versions of a product that anything was made of, in order."""
        return tuple(sorted({use.source_version for use in self._used([product])}))

    def made_under(
        self, products: Iterable[ProductId], grants: Iterable[GrantId]
    ) -> dict[Pin, GrantId]:
        """Return what was made of products under grants, each with the first of those grants."""
        wanted = frozenset(grants)
        found: dict[Pin, GrantId] = {}
        for use in self._used(list(dict.fromkeys(products))):
            if use.grant in wanted and use.grant is not None:
                found.setdefault(Pin(use.product, use.version), use.grant)
        return found

    def products(self, wanted: Iterable[ProductId]) -> Mapping[ProductId, Product | None]:
        """Return products as they stood, each asked for once."""
        asked = [one for one in dict.fromkeys(wanted) if one not in self._products]
        if asked:
            found = self._ledger.products(asked, at=self._moment)
            self._products.update(zip(asked, found, strict=True))
        return self._products

    def grant_paths(self, grants: Iterable[GrantId]) -> dict[GrantId, tuple[Born, ...]]:
        """Return each grant with those it rests on, from the product's down.

        A path is cut short where the node's events do not tell how a grant came to be.
        """
        born: dict[GrantId, Born] = {}
        waiting = list(dict.fromkeys(grants))
        wanted = tuple(waiting)
        while waiting:
            for event in self._events(BIRTHS, "grant", waiting):
                if isinstance(event, GrantIssued | SubGrantIssued | GrantAgreed):
                    one = proved(event, domain_of(self._ledger, event.product))
                    born[one.id] = one
            parents = (born[one].parent for one in waiting if one in born)
            waiting = _new((one for one in parents if one is not None), born)
        return {grant: _path(grant, born) for grant in wanted}

    # ---- within ------------------------------------------------------------------------------

    def _learn(self, level: Sequence[Pin]) -> None:
        """Ask what the versions of a level were made of."""
        found = dict(zip(level, self._ledger.derivations(level, at=self._moment), strict=True))
        self._derivations.update(found)
        # A later version that a case decided on rests on what the first one was made of.
        later = [pin for pin, made in found.items() if made is None and pin.version > 1]
        if not later:
            return
        known = self.products(pin.product for pin in later)
        cased = [pin for pin in later if _is_cased(known[pin.product])]
        firsts = self._ledger.derivations([Pin(pin.product, 1) for pin in cased], at=self._moment)
        self._derivations.update(zip(cased, firsts, strict=True))

    def _sources_of(self, level: Sequence[Pin]) -> list[Pin]:
        """Return the sources of a level that were not met before."""
        made = (self._derivations[pin] for pin in level)
        sources = (one.pin for each in made if each is not None for one in each.sources)
        return _new(sources, self._derivations)

    def _uses_of(self, level: Sequence[Pin]) -> list[SourceUsed]:
        """Return the uses of the versions of a level."""
        pins = set(level)
        used = self._used(list(dict.fromkeys(pin.product for pin in level)))
        return [use for use in used if Pin(use.source, use.source_version) in pins]

    def _used(self, products: Sequence[ProductId]) -> list[SourceUsed]:
        found = self._events((SourceUsed,), "source", products)
        return [event for event in found if isinstance(event, SourceUsed)]

    def _resting_alike(self, level: Sequence[Pin]) -> list[Pin]:
        """Return the later versions of a level's products that rest on what the first rests on."""
        firsts = [pin.product for pin in level if pin.version == 1]
        known = self.products(firsts)
        later = [
            Pin(product.id, number)
            for product in (known[one] for one in firsts)
            if product is not None and _is_cased(product)
            for number in range(2, product.latest + 1)
        ]
        unmet = _new(later, self._derivations)
        self._learn(unmet)
        return unmet

    def _graph(self, roots: Sequence[Pin], direction: Direction, more: frozenset[Pin]) -> Graph:
        pins = tuple(self._derivations)
        products = self.products(pin.product for pin in pins)
        facts = Facts(
            moment=self._moment,
            derivations=self._derivations,
            products=products,
            grants=self._grant_states(),
            names=self._names(pins),
            more=more,
        )
        return graph(roots, direction, facts)

    def _grant_states(self) -> dict[GrantId, tuple[GrantState | None, ...]]:
        """Return the states of all grants that the lineage rests on, and of their ancestors."""
        made = (one for one in self._derivations.values() if one is not None)
        used = dict.fromkeys(s.grant for one in made for s in one.sources if s.grant is not None)
        if not used:
            return {}
        paths = {
            grant: tuple(dict.fromkeys((*(one.id for one in path), grant)))
            for grant, path in self.grant_paths(used).items()
        }
        asked = list(dict.fromkeys(one for path in paths.values() for one in path))
        states = dict(zip(asked, self._ledger.grants(asked, at=self._moment), strict=True))
        return {grant: tuple(states[one] for one in path) for grant, path in paths.items()}

    def _names(self, pins: Sequence[Pin]) -> dict[Pin, str]:
        """Return what the manifests kept at home call products, where it is proved that they do."""
        if self._archive is None or next(self._archive.manifests(), None) is None:
            return {}
        from registry.services.names import name_of  # noqa: PLC0415 (start-up time)

        products = list(dict.fromkeys(pin.product for pin in pins))
        told = self._events((ProductRegistered, ProductOpened), "product", products)
        found: dict[ProductId, str] = {}
        for event in told:
            if isinstance(event, ProductRegistered | ProductOpened):
                name = name_of(self._archive, self._ledger, event)
                if name:
                    found[event.product] = name
        return {pin: found[pin.product] for pin in pins if pin.product in found}

    def _events(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[ProductId] | Sequence[GrantId],
    ) -> Iterable[Event]:
        if not subjects:
            return ()
        found = self._ledger.events_naming(kinds, field, subjects, last=self._moment.block)
        return until(self._ledger, self._moment, found)


def _is_cased(product: Product | None) -> bool:
    """Tell whether a derived product has a workflow, whose later versions declare nothing."""
    return product is not None and product.derived and not product.open


def _new(found: Iterable[_T], known: Container[_T]) -> list[_T]:
    return [one for one in dict.fromkeys(found) if one not in known]


def _path(grant: GrantId, born: Mapping[GrantId, Born]) -> tuple[Born, ...]:
    path: list[Born] = []
    step: GrantId | None = grant
    while step is not None and step in born:
        path.append(born[step])
        step = born[step].parent
    return tuple(reversed(path))
