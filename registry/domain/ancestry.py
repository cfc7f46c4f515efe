"""Hold what a sub-grant rests on, so that its id and its ancestors' can be reckoned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.terms import terms_digest
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from registry.domain.ids import GrantId
    from registry.domain.terms import SigningDomain

MAX_ANCESTORS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Hold the way from a product down to the grant that a sub-grant rests on.

    `clauses` are that grant's; `above` the 32-byte hashes of the clauses of its own ancestors, from
    the one that rests on the product itself down. No id stands in it: each is reckoned from the one
    above, and a wrong word names a grant that does not exist.
    """

    clauses: Clauses
    above: tuple[bytes, ...] = ()

    def ids(self, domain: SigningDomain) -> tuple[GrantId, ...]:
        """Return the ids from the root down to the parent."""
        found: list[GrantId] = []
        for clauses_hash in (*self.above, self.clauses.clauses_hash()):
            found.append(terms_digest(domain, found[-1] if found else None, clauses_hash))
        return tuple(found)

    def parent(self, domain: SigningDomain) -> GrantId:
        """Return the id of the parent."""
        return self.ids(domain)[-1]

    def below(self, clauses: Clauses) -> Path:
        """Return the path to a grant with these clauses that rests on the parent."""
        return Path(clauses=clauses, above=(*self.above, self.clauses.clauses_hash()))

    def raw(self) -> tuple[bytes, list[bytes]]:
        """Return the path as the contracts take it."""
        return self.clauses.pack(), list(self.above)
