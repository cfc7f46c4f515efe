"""Read the table of the registration workflow, registry/vocabulary/flow.json, and check it."""

import json
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, Final

SOURCE: Final = Path(__file__).resolve().parent.parent / "registry" / "vocabulary" / "flow.json"


class FlowMalformedError(ValueError):
    """Say which row or member of the table breaks which rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one row of the table, by the codes of its members."""

    profiles: tuple[str, ...]
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    act: str
    actors: tuple[str, ...]
    next: str | None
    after: str | None = None
    before: str | None = None
    due: str | None = None
    conditions: tuple[str, ...] = ()
    stays: str | None = None


def _row(entry: dict[str, Any]) -> Row:
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    return Row(**fields)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Hold the whole table: its file as it stands, and its rows."""

    raw: dict[str, Any]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows in the order of the file."""
        return tuple(_row(entry) for entry in self.raw["rows"])

    def codes(self, group: str) -> list[str]:
        """Return the codes of one group, such as "stages", in the order of their numbers."""
        return [entry["code"] for entry in self.raw[group]]

    def number(self, group: str, code: str) -> int:
        """Return the number of a member."""
        try:
            return self.codes(group).index(code)
        except ValueError as error:
            raise FlowMalformedError(f"{group}: no {code}") from error

    def mask(self, group: str, codes: tuple[str, ...]) -> int:
        """Return the bits of several members together."""
        return sum(1 << self.number(group, code) for code in codes)


def read(path: Path = SOURCE) -> Flow:
    """Read the table; every word in it is known, and no situation has two outcomes."""
    flow = Flow(raw=json.loads(path.read_text(encoding="utf-8")))
    seen: dict[tuple[str, ...], Row] = {}
    for row in flow.rows:
        _check_words(flow, row)
        for situation in product(row.profiles, row.kinds, row.stages, (row.act,), row.actors):
            if situation in seen:
                raise FlowMalformedError(f"two rows for {situation}")
            seen[situation] = row
    return flow


def _check_words(flow: Flow, row: Row) -> None:
    """Raise `FlowMalformedError` for a row that names what the table does not have."""
    named = {
        "profiles": row.profiles,
        "kinds": row.kinds,
        "stages": (*row.stages, *((row.next,) if row.next else ())),
        "acts": (row.act,),
        "actors": row.actors,
        "clocks": tuple(filter(None, (row.after, row.before, row.due))),
        "conditions": (*row.conditions, *((row.stays,) if row.stays else ())),
    }
    for group, codes in named.items():
        for code in codes:
            flow.number(group, code)
