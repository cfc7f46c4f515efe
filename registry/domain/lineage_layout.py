"""Place the nodes of a lineage in columns, sources to the left, with few crossings.

Each node stands one column right of the last of its sources. An edge that passes columns gets a
place in each of them, so that it crosses no box; the places of a column are ordered by where those
that they are tied to stand, back and forth a few times.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from registry.domain.lineage import Pin
    from registry.domain.lineage_graph import Edge

_SWEEPS: Final = 12
_PASSES: Final = 24
_BEND: Final = 0.3


class Bend(NamedTuple):
    """Stand for the place where edge number `edge` passes a column."""

    edge: int
    column: int


Place: TypeAlias = "Pin | Bend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Hold the columns, each from top to bottom, and the height of each place in rows.

    A row is as high as a box with its gap; `ways` are the places that each edge passes, both ends
    included.
    """

    columns: tuple[tuple[Place, ...], ...]
    heights: Mapping[Place, float]
    ways: tuple[tuple[Place, ...], ...]

    @property
    def rows(self) -> float:
        """Return the height of the whole in rows."""
        return max(self.heights.values(), default=0.0) + 1


def layout(ranks: Mapping[Pin, int], edges: Sequence[Edge]) -> Layout:
    """Return where each node and each bend of an edge stands; ranks are those of the graph."""
    columns: list[list[Place]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for pin in sorted(ranks):
        columns[ranks[pin]].append(pin)
    ways = tuple(_way(number, edge, ranks, columns) for number, edge in enumerate(edges))
    before, after = _ties(ways)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        ordered = columns if forward else columns[::-1]
        _order(ordered, before if forward else after)
    heights = _heights(columns, before, after)
    return Layout(columns=tuple(map(tuple, columns)), heights=heights, ways=ways)


def _way(
    number: int, edge: Edge, ranks: Mapping[Pin, int], columns: Sequence[list[Place]]
) -> tuple[Place, ...]:
    """Return the places that an edge passes, after giving it one in each column between."""
    bends = [Bend(number, one) for one in range(ranks[edge.source] + 1, ranks[edge.product])]
    for bend in bends:
        columns[bend.column].append(bend)
    return (edge.source, *bends, edge.product)


def _ties(
    ways: Iterable[Sequence[Place]],
) -> tuple[dict[Place, list[Place]], dict[Place, list[Place]]]:
    """Return for each place those it is tied to in the column before, and in the one after."""
    before: dict[Place, list[Place]] = {}
    after: dict[Place, list[Place]] = {}
    for way in ways:
        for left, right in pairwise(way):
            before.setdefault(right, []).append(left)
            after.setdefault(left, []).append(right)
    return before, after


def _order(columns: Sequence[list[Place]], ties: Mapping[Place, Sequence[Place]]) -> None:
    """Order each column but the first by the mean place of what it is tied to."""
    for earlier, column in pairwise(columns):
        places = {one: float(number) for number, one in enumerate(earlier)}
        own = {one: float(number) for number, one in enumerate(column)}
        column.sort(key=lambda one, own=own, places=places: _mean(ties.get(one), places, own[one]))  # type: ignore[misc]


def _mean(tied: Sequence[Place] | None, places: Mapping[Place, float], otherwise: float) -> float:
    found = [places[one] for one in tied or () if one in places]
    return sum(found) / len(found) if found else otherwise


def _heights(
    columns: Sequence[Sequence[Place]],
    before: Mapping[Place, Sequence[Place]],
    after: Mapping[Place, Sequence[Place]],
) -> dict[Place, float]:
    """Return heights that bring each place near what it is tied to, a row apart in its column."""
    tallest = max(map(len, columns), default=0)
    heights: dict[Place, float] = {
        one: number + (tallest - len(column)) / 2
        for column in columns
        for number, one in enumerate(column)
    }
    for turn in range(_PASSES):
        ties = before if turn % 2 == 0 else after
        for column in columns if turn % 2 == 0 else columns[::-1]:
            wanted = [_mean(ties.get(one), heights, heights[one]) for one in column]
            heights.update(zip(column, _apart(column, wanted), strict=True))
    top = min(heights.values(), default=0.0)
    return {one: height - top for one, height in heights.items()}


def _apart(column: Sequence[Place], wanted: Sequence[float]) -> list[float]:
    """Return heights in order, with room between neighbours, near those wanted.

    Neighbours that would overlap move as one block, to the mean of what its members want.
    """
    offsets = [0.0]
    for one, following in pairwise(column):
        offsets.append(offsets[-1] + (_room(one) + _room(following)) / 2)
    blocks: list[tuple[float, int]] = []
    for height, offset in zip(wanted, offsets, strict=False):
        total, count = height - offset, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            earlier, members = blocks.pop()
            total, count = total + earlier, count + members
        blocks.append((total, count))
    starts = [total / count for total, count in blocks for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]


def _room(place: Place) -> float:
    """Return how many rows a place takes: a line passing by needs less than a box."""
    return _BEND if isinstance(place, Bend) else 1.0
