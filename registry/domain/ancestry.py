"""Hold what a sub-grant rests on, so that its id and its ancestors' can be reckoned from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.ids import GrantId
from registry.domain.terms import terms_digest
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.clauses import Clauses
    from registry.domain.terms import SigningDomain

MAX_ANCESTORS: Final = 8
_NONE: Final = GrantId(bytes(GrantId.length))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ancestor:
    """Hold a grant above a parent: the id of its own parent, None for none, and its clauses' hash.

    The hash is 32 bytes.
    """

    parent: GrantId | None
    clauses_hash: bytes

    def id(self, domain: SigningDomain) -> GrantId:
        """Return its id."""
        return terms_digest(domain, self.parent, self.clauses_hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Hold the clauses of a sub-grant's parent, then upward from the parent's own parent."""

    clauses: Clauses
    above: tuple[Ancestor, ...] = ()

    def parent(self, domain: SigningDomain) -> GrantId:
        """Return the id of the parent."""
        over = self.above[0].id(domain) if self.above else None
        return self.clauses.digest(domain, over)

    def ids(self, domain: SigningDomain) -> Iterator[GrantId]:
        """Yield the ids from the parent up to the root."""
        yield self.parent(domain)
        for one in self.above:
            yield one.id(domain)

    def unbroken(self, domain: SigningDomain) -> bool:
        """Tell whether each ancestor is the parent that the one below names, up to a root."""
        named = [one.parent for one in self.above]
        above: list[GrantId | None] = [one.id(domain) for one in self.above[1:]]
        return named == [*above, None][: len(named)]

    def raw(self) -> tuple[bytes, list[tuple[bytes, bytes]]]:
        """Return the path as the contracts take it: packed clauses, and two words an ancestor."""
        return self.clauses.pack(), [
            ((one.parent or _NONE).raw, one.clauses_hash) for one in self.above
        ]
