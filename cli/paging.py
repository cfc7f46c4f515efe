"""Cut lists into pages: `--limit`, `--after`, `--csv` for every command that lists."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.grammar import option, together
from cli.output import Page
from cli.types import NumberType
from registry.errors import CursorUnknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from cli.output import Json

T = TypeVar("T")
F = TypeVar("F", bound="Callable[..., object]")


def paged(kind: click.ParamType[Any, Any] | None = None) -> Callable[[F], F]:
    """Declare the options of a list, whose items are named by ids of this kind."""
    return together(
        option("--limit", type=NumberType(min=1), default=50, metavar="NUMBER"),
        option("--after", type=kind, metavar="ITEM"),
        option("--csv", is_flag=True),
    )


def page(
    items: Iterable[T],
    shape: Callable[[T], Mapping[str, Json]],
    columns: tuple[str, ...],
    *,
    limit: int,
    csv: bool,
    after: str | None = None,
    key: str = "id",
    value: Mapping[str, Json] | None = None,
) -> Page:
    """Return the page that begins after the item whose `key` is `after`; raises `CursorUnknown`.

    For `after` None the items are those of the page already. `value` is as in `Page`.
    """
    shaped = (shape(item) for item in items)
    chosen = list(islice(_beyond(shaped, key, after), limit + 1))
    more = len(chosen) > limit
    shown = chosen[:limit]
    following = str(shown[-1][key]) if more else None
    return Page(items=shown, columns=columns, after=following, csv=csv, value=value or {})


def _beyond(
    shaped: Iterator[Mapping[str, Json]], key: str, after: str | None
) -> Iterator[Mapping[str, Json]]:
    if after is None:
        return shaped
    for item in shaped:
        if str(item[key]) == after:
            return shaped
    raise CursorUnknown(after=after)
