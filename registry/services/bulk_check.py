"""Check a table of products before any of it is sent: read it, hash what it names, find doubles.

The checked rows lie on disk, with their digests, for the passes to come: what a table or its files
become meanwhile changes nothing any more, and memory does not grow with the rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Self

from registry.domain.content import kind_of
from registry.domain.operations import Register
from registry.domain.spill import SpillingSorter
from registry.domain.table import Defaults, rows
from registry.domain.table_records import Faults
from registry.domain.vocabulary import Right, SecurityClass
from registry.errors import RegistryError
from registry.services import contents
from registry.services.bulk_rows import Prepared, Spill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from registry.archive import Archive
    from registry.domain.fingerprint import Fingerprint
    from registry.domain.table import Row

Counted = Callable[[int], None]
"""Is told how many rows are done."""

_KEY_BYTES: Final = 16
_RUN: Final = 16_384
_AT_ONCE: Final = 4
"""So many contents are hashed at once: small ones wait for the disk more than for the processor."""
_AHEAD: Final = 16
_NO_DEFAULTS: Final = Defaults()


class Checked:
    """Hold a table whose rows can all be registered, as far as can be told without a chain.

    Use it as a context manager: leaving it lets go of the rows.
    """

    def __init__(self, table: Path, kept: Spill) -> None:
        """Take the rows as they were kept."""
        self.table = table
        self._kept = kept

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return self._kept.count

    def __iter__(self) -> Iterator[Prepared]:
        return map(Prepared.unpack, self._kept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()


def check(
    table: Path,
    defaults: Defaults = _NO_DEFAULTS,
    *,
    archive: Archive | None = None,
    progress: Counted | None = None,
) -> Checked:
    """Return the rows of a table, each with its digests; nothing is asked of a chain.

    With an archive the manifests of what was hashed are in it by then. Raises `TableInvalid` with
    all that is wrong, `ContentMissing`, `FileUnreadable`.
    """
    faults, kept = Faults(), Spill(None if archive is None else archive.home)
    try:
        with SpillingSorter(_RUN) as keys:
            for row in _prepared(rows(table, faults, defaults), archive, faults):
                kept.add(row.pack())
                keys.add(_key(row))
                if progress is not None:
                    progress(kept.count)
            _refuse_doubles(keys, faults)
        faults.close(table)
    except BaseException:
        kept.close()
        raise
    return Checked(table, kept)


def _prepared(found: Iterator[Row], archive: Archive | None, faults: Faults) -> Iterator[Prepared]:
    """Yield rows with their digests, in their order, while the contents of the next are hashed."""
    with ExitStack() as opened:
        folder = None
        pool: ThreadPoolExecutor | None = None
        ahead: deque[tuple[Row, Future[Fingerprint] | None]] = deque()
        for row in found:
            job = None
            if row.path is not None:
                if not _stands(row, row.path, faults):
                    continue
                if pool is None:
                    folder = opened.enter_context(contents.scratch(archive))
                    pool = opened.enter_context(ThreadPoolExecutor(_AT_ONCE))
                job = pool.submit(contents.measured, archive, folder, row.path, row.metadata)
            ahead.append((row, job))
            if len(ahead) > _AHEAD:
                yield from _finished(*ahead.popleft(), faults)
        while ahead:
            yield from _finished(*ahead.popleft(), faults)


def _stands(row: Row, path: Path, faults: Faults) -> bool:
    try:
        kind_of(path)
    except RegistryError as error:
        _refuse(row, error, faults)
        return False
    return True


def _finished(row: Row, job: Future[Fingerprint] | None, faults: Faults) -> Iterator[Prepared]:
    root, metadata_hash = row.content_root, row.metadata_hash
    if job is not None:
        try:
            found = job.result()
        except RegistryError as error:
            _refuse(row, error, faults)
            return
        root, metadata_hash = found.content_root, found.metadata_hash
    yield Prepared(
        line=row.line,
        item=Register(
            content_root=root,
            metadata_hash=metadata_hash,
            salt=row.salt,
            rights=Right.ALL if row.rights is None else row.rights,
            security_class=row.security_class or SecurityClass.GENERAL,
            source=row.source,
            flags=row.flags,
            series=row.series,
            locator=row.locator,
        ),
        described=row.described,
        rights_said=row.rights is not None,
        class_said=row.security_class is not None,
    )


def _refuse(row: Row, error: RegistryError, faults: Faults) -> None:
    faults.refuse(row.line, "path", error.code, str(row.path))


def _key(row: Prepared) -> bytes:
    """Return what sorts registrations of one content together, those without description first."""
    item = row.item
    rest = item.metadata_hash + item.salt.to_bytes(8)
    return b"".join(
        (
            blake2b(item.content_root, digest_size=_KEY_BYTES).digest(),
            row.described.to_bytes(1),
            blake2b(rest, digest_size=_KEY_BYTES).digest() if row.described else bytes(_KEY_BYTES),
            row.line.to_bytes(8),
        )
    )


def _refuse_doubles(keys: SpillingSorter, faults: Faults) -> None:
    """Refuse rows that are the same registration as another.

    Without a description any registration of the content will do: then so would the other row's.
    """
    before, plain = b"", b""
    for key in keys:
        content, whole = key[:_KEY_BYTES], key[: 2 * _KEY_BYTES + 1]
        same = before if before.startswith(whole) else plain if plain.startswith(content) else b""
        if same:
            faults.refuse(_line(key), "", "duplicate", "", [f"line:{_line(same)}"])
        elif not key[_KEY_BYTES]:
            plain = key
        before = key


def _line(key: bytes) -> int:
    return int.from_bytes(key[-8:])
