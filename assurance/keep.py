"""Keep what a long part has found so far, so that it can be stopped anywhere and goes on there.

A record is one line of JSON in `build/assurance/<part>.jsonl`, or below the folder that
`DENGJI_ASSURANCE_KEEP` names. It is kept with a digest of the sources that it was found on, and
is of no account where they are others.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance import interruption

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
VARIABLE: Final = "DENGJI_ASSURANCE_KEEP"

Record = dict[str, Any]
_Names = tuple[str, ...]


def digest(*sources: str) -> str:
    """Return a digest of files, and of all files in folders, named from the project's root.

    >>> digest("LICENSE") == digest("LICENSE", "LICENSE")
    True
    """
    found = hashlib.sha256()
    for path in sorted({path for source in sources for path in _files(ROOT / source)}):
        name = path.relative_to(ROOT).as_posix().encode()
        content = hashlib.sha256(path.read_bytes()).digest()
        found.update(len(name).to_bytes(4, "big") + name + content)
    return found.hexdigest()[:32]


def _files(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
    elif not source.is_dir():
        raise FileNotFoundError(source)
    for path in source.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path


def folder() -> Path:
    """Return where records are kept."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else ROOT / "build" / "assurance"


class Keep:
    """Hold the records of a part that were found on the sources as they are.

    :param part: the part's name.
    :param sources: what `digest` says of all that the findings depend on. A part whose records
        depend on different sources leaves it out, and has a digest among the values that it
        asks for.
    :param smallest: keeps nothing beyond the process, as a part at its smallest wants it.
    """

    __slots__ = ("_indexes", "_path", "_records", "_sources")

    def __init__(self, part: str, *, sources: str = "", smallest: bool = False) -> None:
        self._path = None if smallest else folder() / f"{part}.jsonl"
        self._sources = sources
        self._indexes: dict[_Names, dict[_Names, Record]] = {}
        self._records = [] if self._path is None else self._read(self._path)

    def _read(self, path: Path) -> list[Record]:
        if not path.exists():
            return []
        written = path.read_bytes()
        whole = written.rfind(b"\n") + 1
        if whole < len(written):
            # The process was killed while it wrote this line: what it told is found anew.
            os.truncate(path, whole)
        held = (json.loads(line) for line in written[:whole].splitlines())
        return [one["found"] for one in held if one["sources"] == self._sources]

    def append(self, record: Mapping[str, object]) -> None:
        """Keep a record, on the disk when this returns.

        :raises KeyboardInterrupt: an interruption was asked for, which a command that runs in this
            process may have taken for its own: what was found meanwhile says nothing.
        """
        interruption.check()
        found: Record = json.loads(json.dumps(record))
        if self._path is not None:
            line = json.dumps({"sources": self._sources, "found": found}, ensure_ascii=False)
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        self._records.append(found)
        for names, index in self._indexes.items():
            _enter(index, names, found)

    def __iter__(self) -> Iterator[Record]:
        return iter(tuple(self._records))

    def __len__(self) -> int:
        return len(self._records)

    def found(self, **key: object) -> Record | None:
        """Return the newest record that has these values, None where there is none."""
        names = tuple(sorted(key))
        if names not in self._indexes:
            index = self._indexes[names] = {}
            for record in self._records:
                _enter(index, names, record)
        return self._indexes[names].get(tuple(json.dumps(key[name]) for name in names))

    def covers(self, **key: object) -> bool:
        """Tell whether a record has these values."""
        return self.found(**key) is not None


def _enter(index: dict[_Names, Record], names: _Names, record: Record) -> None:
    if all(name in record for name in names):
        index[tuple(json.dumps(record[name]) for name in names)] = record
