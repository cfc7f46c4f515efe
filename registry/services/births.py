"""Find how grants came to be, and what rests on what, in a ledger's events.

Complete as far as the events that the node gives are. The clauses in an event are believed only
once they lead to the id that it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses
from registry.domain.events import GrantAgreed, GrantIssued, SubGrantIssued
from registry.errors import EventContradicted
from registry.records import dataclass
from registry.services.standing import until

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.moment import Moment
    from registry.domain.terms import SigningDomain

Birth: TypeAlias = GrantIssued | SubGrantIssued | GrantAgreed
BIRTHS: Final = (GrantIssued, SubGrantIssued, GrantAgreed)
"""The events by which a grant comes to be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Born:
    """Hold a grant as it came to be, its clauses proved by its id."""

    event: Birth
    clauses: Clauses

    @property
    def id(self) -> GrantId:
        """Return its id."""
        return self.event.grant

    @property
    def parent(self) -> GrantId | None:
        """Return what it rests on, None for a product itself."""
        return parent_of(self.event)


def parent_of(event: Birth) -> GrantId | None:
    """Return the parent that an event names, None for none."""
    return None if isinstance(event, GrantIssued) else event.parent or None


def births(
    ledger: Ledger,
    moment: Moment,
    *,
    product: ProductId | None = None,
    grantee: PartyId | None = None,
    grant: GrantId | None = None,
) -> Iterator[Birth]:
    """Yield the events by which grants came to be until a moment, in the order of the chain."""
    found = ledger.events(BIRTHS, last=moment.block, product=product, party=grantee, grant=grant)
    return (event for event in until(ledger, moment, found) if isinstance(event, Birth))


def domain_of(ledger: Ledger, product: ProductId) -> SigningDomain:
    """Return the domain in which grants on a product have their ids: its own deployment's."""
    # Imported here for start-up time: hashing is needed only where there are grants.
    from registry.domain.terms import SigningDomain  # noqa: PLC0415

    found = ledger.origin(product)
    return SigningDomain(chain_id=found.chain_id, verifying_contract=found.grants)


def proved(event: Birth, domain: SigningDomain) -> Born:
    """Return the grant of an event; raises `EventContradicted` where its clauses are others."""
    clauses = Clauses.unpack(event.clauses)
    if clauses.digest(domain, parent_of(event)) != event.grant:
        raise EventContradicted(grant=str(event.grant), transaction=event.transaction)
    return Born(event=event, clauses=clauses)


class Family:
    """Hold the grants on one product, and what rests on what among them."""

    def __init__(self, members: Iterable[Born]) -> None:
        """Take all grants on the product."""
        self._members: Mapping[GrantId, Born] = {one.id: one for one in members}
        self._below: dict[GrantId, list[Born]] = {}
        for one in self._members.values():
            if one.parent is not None:
                self._below.setdefault(one.parent, []).append(one)

    @classmethod
    def read(cls, ledger: Ledger, moment: Moment, product: ProductId) -> Family:
        """Read the grants on a product until a moment."""
        domain = domain_of(ledger, product)
        return cls(proved(event, domain) for event in births(ledger, moment, product=product))

    def get(self, grant: GrantId) -> Born | None:
        """Return a member, None for none."""
        return self._members.get(grant)

    def members(self) -> Iterator[Born]:
        """Yield all grants on the product, in the order in which they came to be."""
        yield from self._members.values()

    def path(self, grant: GrantId) -> Path | None:
        """Return the way down to a grant, itself at its end; None where an ancestor is missing."""
        lineage: list[Born] = []
        step: GrantId | None = grant
        while step is not None:
            one = self._members.get(step)
            if one is None:
                return None
            lineage.append(one)
            step = one.parent
        above = tuple(one.clauses.clauses_hash() for one in reversed(lineage[1:]))
        return Path(clauses=lineage[0].clauses, above=above)

    def require_path(self, grant: GrantId) -> Path:
        """Return the way down to a grant; raises `GrantUnknown` where one on it is missing."""
        found = self.path(grant)
        if found is None:
            from registry.reverts import GrantUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise GrantUnknown(grant=grant)
        return found

    def below(self, grant: GrantId) -> Iterator[Born]:
        """Yield all that rests on a grant, parents before children."""
        waiting = [grant]
        for one in waiting:
            for child in self._below.get(one, ()):
                waiting.append(child.id)
                yield child
