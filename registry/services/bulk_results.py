"""Write what became of each row of a table, as CSV that is there whole or not at all."""

from __future__ import annotations

import csv
import os
from typing import IO, TYPE_CHECKING, Final, Self

from registry.errors import FileUnwritable
from registry.services.bulk_rows import Fate

if TYPE_CHECKING:
    from pathlib import Path

    from registry.services.bulk_rows import Planned

HEADER: Final = ("line", "product", "status", "version", "transaction", "block", "others")
"""The columns: the line of the table, and what `Planned` says of it."""


class Results:
    """Write rows to a file beside the one wanted, which takes its place at the end.

    Use it as a context manager: an error leaves what was there before. Raises `FileUnwritable`.
    """

    def __init__(self, path: Path) -> None:
        """Begin the file beside `path`; what a run that was killed left of it is overwritten."""
        self.path = path
        self._unfinished = path.with_name(f".{path.name}.part")
        try:
            self._file: IO[str] = self._unfinished.open("w", encoding="ascii", newline="")
        except OSError as error:
            raise self._unwritable(error) from error
        self._writer = csv.writer(self._file, lineterminator="\n")
        self._writer.writerow(HEADER)

    def add(self, row: Planned) -> None:
        """Write one row."""
        transaction = f"0x{row.transaction.hex()}" if any(row.transaction) else ""
        self._writer.writerow(
            (
                row.row.line,
                row.product,
                Fate(row.fate).name.lower(),
                # What is anchored is no version of anything yet.
                "" if row.fate is Fate.ANCHORED else row.version,
                transaction,
                row.block or "",
                row.others,
            )
        )

    def flush(self) -> None:
        """Hand what is written to the system, where the end of this process does not touch it."""
        try:
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._finish()
        else:
            self._file.close()

    def _finish(self) -> None:
        try:
            with self._file:
                self._file.flush()
                os.fsync(self._file.fileno())
            self._unfinished.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> FileUnwritable:
        return FileUnwritable(path=str(self.path), reason=error.strerror or str(error))
