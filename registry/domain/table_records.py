"""Split a table of products into its records, whatever they hold: CSV, JSON lines, a folder.

A table is read once, from its beginning to its end, and held line by line. A record that cannot be
split is noted as a fault, and reading goes on after it, so that all that is wrong is said at once.
"""

from __future__ import annotations

import csv
import json
import os
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from registry.domain.nesting import is_deep
from registry.domain.spill import SpillingSorter
from registry.domain.stamps import unreadable
from registry.errors import ContentMissing, TableInvalid
from registry.regular_files import open_given

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from registry.errors import Flaw

SHOWN: Final = 20
"""How many faults are named; what else there is, is counted."""

MAX_LINE_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
"""How deep a value may be nested, brackets in brackets."""

_VALUE_LIMIT: Final = 200
_MARK: Final = b"\xef\xbb\xbf"
_RUN: Final = 16_384
_JSON_ENDINGS: Final = (".jsonl", ".ndjson")


class Record(NamedTuple):
    """Hold one record: the line that it begins on, and its values by column.

    It has known columns alone, without empty cells. The cells of CSV are text; `typed` says that
    the values are JSON's.
    """

    line: int
    values: dict[str, object]
    typed: bool


class Faults:
    """Collect what is wrong with a table: how much, and the first of it."""

    def __init__(self) -> None:
        """Begin without a fault."""
        self.count = 0
        self._first: list[tuple[int, int, Flaw]] = []

    def refuse(
        self,
        line: int,
        column: str,
        problem: str,
        given: object = "",
        allowed: Sequence[str] = (),
        nearest: str = "",
    ) -> None:
        """Note one fault; what was given is cut."""
        shown = str(given)[:_VALUE_LIMIT] if isinstance(given, str | int) else type(given).__name__
        shown = shown.encode("utf-8", "backslashreplace").decode()
        flaw: Flaw = {
            "line": str(line),
            "field": column,
            "problem": problem,
            "value": shown,
            "nearest": nearest,
            "allowed": list(allowed),
        }
        self._keep(line, flaw)

    @property
    def full(self) -> bool:
        """Tell whether faults on later lines are only counted."""
        return self.count >= SHOWN

    def take(self, line: int, flaws: Sequence[Flaw]) -> None:
        """Note the faults of a description."""
        for flaw in flaws:
            self._keep(line, {"line": str(line), **flaw})

    def close(self, file: Path) -> None:
        """Raise `TableInvalid` if there was any fault."""
        if self.count:
            named = [flaw for _, _, flaw in sorted(self._first, key=lambda one: one[:2])]
            raise TableInvalid(file=str(file), count=self.count, problems=named)

    def _keep(self, line: int, flaw: Flaw) -> None:
        self.count += 1
        self._first.append((line, self.count, flaw))
        if len(self._first) > SHOWN:
            # The one that stands furthest down gives way.
            self._first.remove(max(self._first, key=lambda one: one[:2]))


def records(table: Path, columns: Collection[str], faults: Faults) -> Iterator[Record]:
    """Yield the records of a table in their order; other columns than these are faults.

    A folder's entries come in byte order of their names, as records with a `path` alone, numbered
    from 1; entries whose names begin with a dot are none.

    :raises ContentMissing: nothing stands there.
    :raises FileUnreadable: it cannot be read.
    """
    raw = os.fsencode(table)
    try:
        if table.is_dir():
            yield from _entries(raw)
            return
        with open_given(table) as file:
            yield from _split(table, file, columns, faults)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ContentMissing(path=str(table)) from error
    except OSError as error:
        raise unreadable(raw, error) from error


def _entries(folder: bytes) -> Iterator[Record]:
    with SpillingSorter(_RUN) as names:
        with os.scandir(folder) as found:
            names.extend(entry.name for entry in found if not entry.name.startswith(b"."))
        for number, name in enumerate(names, start=1):
            yield Record(number, {"path": os.fsdecode(name)}, typed=True)


def _split(
    table: Path, file: IO[bytes], columns: Collection[str], faults: Faults
) -> Iterator[Record]:
    lines = _lines(file, faults)
    first = next(lines, "")
    is_json = table.suffix.lower() in _JSON_ENDINGS or first.lstrip().startswith("{")
    split = _json_records if is_json else _csv_records
    return split(_again(first, lines), columns, faults)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _lines(file: IO[bytes], faults: Faults) -> Iterator[str]:
    """Yield the lines, each with its end; one without end is a fault, and an empty line instead.

    Bytes that are no UTF-8 come as lone surrogates, which nothing takes.
    """
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if number == 1:
            line = line.removeprefix(_MARK)
        if len(line) >= MAX_LINE_BYTES and not line.endswith(b"\n"):
            faults.refuse(number, "", "line-too-long", "", [f"at-most-bytes:{MAX_LINE_BYTES}"])
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE_BYTES)
            line = b"\n"
        yield line.decode("utf-8", "surrogateescape")


# ---- CSV ---------------------------------------------------------------------------------------


def _csv_records(
    lines: Iterator[str], columns: Collection[str], faults: Faults
) -> Iterator[Record]:
    header: list[str] | None = None
    for line, cells in _rows(csv.reader(lines, strict=True), faults):
        if any(map(_broken, cells)):
            faults.refuse(line, "", "text-not-utf-8")
        elif header is None:
            header = _header(line, cells, columns, faults)
        elif len(cells) != len(header):
            faults.refuse(line, "", "other-cells", len(cells), [str(len(header))])
        else:
            named = zip(header, cells, strict=True)
            given: dict[str, object] = {k: cell for k, cell in named if k and cell.strip()}
            yield Record(line, given, typed=False)
        if header is None:
            # Without its names no cell says anything.
            return


def _header(line: int, cells: Sequence[str], columns: Collection[str], faults: Faults) -> list[str]:
    """Return the names of the columns, an empty one for each that is a fault."""
    names: list[str] = []
    for cell in cells:
        name = cell.strip()
        if name in names:
            faults.refuse(line, name, "duplicate")
        elif name not in columns:
            _unknown(line, name, columns, faults)
        names.append(name if name in columns and name not in names else "")
    return names


def _unknown(line: int, name: str, columns: Collection[str], faults: Faults) -> None:
    if faults.full:
        faults.refuse(line, name, "unknown-field")
        return
    # Imported here for start-up time: only a mistake needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    lowered = {column.lower(): column for column in columns}
    close = get_close_matches(name.lower()[:_VALUE_LIMIT], lowered, n=1)
    nearest = lowered[close[0]] if close else ""
    faults.refuse(line, name[:_VALUE_LIMIT], "unknown-field", "", sorted(columns), nearest)


def _rows(reader: Any, faults: Faults) -> Iterator[tuple[int, list[str]]]:  # noqa: ANN401 (csv's)
    """Yield each row with the line on which it begins."""
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.refuse(line, "", "not-csv", str(error))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


# ---- JSON lines --------------------------------------------------------------------------------


def _json_records(
    lines: Iterator[str], columns: Collection[str], faults: Faults
) -> Iterator[Record]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if _broken(line):
            faults.refuse(number, "", "text-not-utf-8")
            continue
        if is_deep(line.encode(), MAX_DEPTH):
            faults.refuse(number, "", "not-json", f"nested deeper than {MAX_DEPTH}")
            continue
        try:
            found = json.loads(line, object_pairs_hook=_members, parse_constant=_refused)
        except (ValueError, RecursionError) as error:
            faults.refuse(number, "", "not-json", str(error))
            continue
        if not isinstance(found, dict):
            faults.refuse(number, "", "wrong-type", found, ["object"])
            continue
        for name in found.keys() - set(columns):
            _unknown(number, name, columns, faults)
        yield Record(number, _given(found, columns), typed=True)


def _given(found: dict[str, object], columns: Collection[str]) -> dict[str, object]:
    nothing: tuple[object, ...] = (None, "", [])
    return {k: value for k, value in found.items() if k in columns and value not in nothing}


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _refused(constant: str) -> object:
    raise ValueError(constant)


def _broken(text: str) -> bool:
    """Tell whether bytes were decoded that are no UTF-8."""
    return not text.isascii() and any("\udc80" <= one <= "\udcff" for one in text)
