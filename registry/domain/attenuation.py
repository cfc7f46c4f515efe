"""Tell where a sub-grant would be wider than the grant that it rests on.

A sub-grant passes on what its grantor was given, or less of it. Each clause has one rule; what has
none (price, notice, text, …) is the two sides' own affair. The contracts judge the same rules in
their own words; this module is what a person is told before anything is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain import territory
from registry.domain.clauses import Clause
from registry.domain.vocabulary import DerivedRights, Mode, SubDelegation
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.domain.clauses import Clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Wider:
    """Name a clause in which a sub-grant is wider, with its value in both, as the chain has it."""

    clause: Clause
    parent: int
    child: int


def wider(parent: Clauses, child: Clauses) -> tuple[Wider, ...]:
    """Return every clause in which `child` goes beyond `parent`, none where it may rest on it.

    Who grants to whom and what the parties are is not looked at.
    """
    return tuple(
        Wider(clause=clause, parent=_number(before), child=_number(after))
        for clause, rule in _RULES
        for before, after in rule(parent, child)
    )


Pair = tuple[object, object]


def _product(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if child.product != parent.product:
        yield parent.product, child.product


def _version(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.version not in (0, child.version):
        yield parent.version, child.version


def _rights(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if child.rights not in parent.rights:
        yield parent.rights, child.rights


def _actions(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if child.actions not in parent.actions:
        yield parent.actions, child.actions


def _purposes(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if child.purposes not in parent.purposes:
        yield parent.purposes, child.purposes


def _environment(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    # No environment at all is every environment.
    if parent.environment and (
        not child.environment or child.environment not in parent.environment
    ):
        yield parent.environment, child.environment


def _start(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if (child.window.start or 0) < (parent.window.start or 0):
        yield parent.window.start, child.window.start


def _end(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    limit = parent.window.until
    if limit is not None and (child.window.until is None or child.window.until > limit):
        yield limit, child.window.until


def _unit(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.quota is not None and (child.quota is None or child.quota.unit != parent.quota.unit):
        yield parent.quota.unit, child.quota.unit if child.quota else 0


def _total(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    above, below = parent.quota, child.quota
    if above is not None and below is not None and below.total > above.total:
        yield above.total, below.total


def _period(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    above, below = parent.quota, child.quota
    if above is None or not above.period or below is None:
        return
    # The same amount over a shorter time, or more of it, would be a faster use than was granted.
    if not below.period or below.per_period > above.per_period or below.period < above.period:
        yield above.per_period, below.per_period


def _territory(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if not parent.territory:
        return
    if not child.territory:
        yield parent.territory[0], 0
    for code in child.territory:
        if not territory.covered(parent.territory, code):
            yield parent.territory[0], code


def _obligations(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.obligations not in child.obligations:
        yield parent.obligations, child.obligations


def _delegation(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    forbidden = parent.sub_delegation is SubDelegation.NONE
    if forbidden or child.sub_delegation > parent.sub_delegation:
        yield parent.sub_delegation, child.sub_delegation


def _depth(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.sub_delegation is not SubDelegation.NONE and child.depth >= parent.depth:
        yield parent.depth, child.depth


def _mode(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.mode not in (Mode.NONE, child.mode):
        yield parent.mode, child.mode


def _scope(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.scope not in (None, child.scope):
        yield parent.scope, child.scope


def _derived(parent: Clauses, child: Clauses) -> Iterator[Pair]:
    if parent.derived_rights not in (DerivedRights.NONE, child.derived_rights):
        yield parent.derived_rights, child.derived_rights


_RULES: Final[tuple[tuple[Clause, Callable[[Clauses, Clauses], Iterator[Pair]]], ...]] = (
    (Clause.PRODUCT, _product),
    (Clause.VERSION, _version),
    (Clause.RIGHTS, _rights),
    (Clause.ACTIONS, _actions),
    (Clause.PURPOSES, _purposes),
    (Clause.ENVIRONMENT, _environment),
    (Clause.VALID_FROM, _start),
    (Clause.VALID_UNTIL, _end),
    (Clause.QUOTA_UNIT, _unit),
    (Clause.QUOTA_TOTAL, _total),
    (Clause.PERIOD, _period),
    (Clause.TERRITORY, _territory),
    (Clause.OBLIGATIONS, _obligations),
    (Clause.SUB_DELEGATION, _delegation),
    (Clause.DEPTH, _depth),
    (Clause.MODE, _mode),
    (Clause.SCOPE, _scope),
    (Clause.DERIVED_RIGHTS, _derived),
)


def _number(value: object) -> int:
    """Return a clause as the number that the chain compares; nothing is 0."""
    if value is None:
        return 0
    if isinstance(value, int):
        return int(value)
    return int.from_bytes(bytes(value))  # type: ignore[call-overload]
