"""List the files of a folder in byte order of their paths, in memory that does not grow with them.

Paths are ordered as whole byte strings. Within one folder that is the order of the names, where the
name of a folder counts with a `/` at its end: so each folder is sorted by itself, and its files
come out between its neighbours. Names of one folder beyond a bound are sorted on disk.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.domain.ignore import IGNORE_FILE, MAX_IGNORE_BYTES, IgnoreRules
from registry.domain.paths import MAX_PATH_BYTES, Offences, Refusal, folded, normal, printable
from registry.domain.spill import RUN_LENGTH, SpillingSorter
from registry.domain.stamps import OpenFile, Stamp, beneath, current_stamp, folder_stamp, unreadable
from registry.errors import FileChanged, FolderEmpty

if TYPE_CHECKING:
    from collections.abc import Iterator


# A file of a folder: its path in the content, and the one on disk from the same folder. A plain
# pair, since there may be millions.
FoundFile = tuple[bytes, bytes]


@dataclass(slots=True, kw_only=True)
class _Folder:
    """A folder that is being walked: where it is, and what of it is still to come."""

    path: bytes
    disk_path: bytes
    stamp: Stamp
    names: SpillingSorter
    pending: Iterator[bytes]


class FolderWalk:
    """Walk a folder once.

    Iterating yields every file in byte order of its path. From the first refused name on nothing is
    yielded any more, but the walk goes on, so that all are named at its end.

    :raises PathsRefused: some names are refused.
    :raises FolderEmpty: there is no file.
    :raises FileChanged: a folder changed while it was being walked.
    :raises FileUnreadable: a folder cannot be listed.
    """

    __slots__ = ("_found", "_offences", "_root", "_rules", "_rules_stamp", "_stack")

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._rules, self._rules_stamp = _read_rules(root)
        self._offences = Offences()
        self._stack: list[_Folder] = []
        self._found = 0

    def __iter__(self) -> Iterator[FoundFile]:
        try:
            yield from self._walk()
        finally:
            for folder in self._stack:
                folder.names.close()
            self._stack.clear()
        self._offences.raise_if_any()
        if not self._found:
            raise FolderEmpty(path=printable(self._root))

    def _walk(self) -> Iterator[FoundFile]:
        self._enter(b"", b"")
        while self._stack:
            folder = self._stack[-1]
            path, disk_path = folder.path, folder.disk_path
            # Names are refused when their folder is entered, never between its files.
            wanted = not self._offences
            for record in folder.pending:
                name, _, disk_name = record.partition(b"\0")
                if name[-1:] == b"/":
                    self._enter(path + name, disk_path + (disk_name or name))
                    break
                self._found += 1
                if wanted:
                    yield path + name, disk_path + (disk_name or name)
            else:
                self._leave()
        rules = beneath(self._root, IGNORE_FILE.encode())
        if current_stamp(rules) != self._rules_stamp:
            raise FileChanged(path=printable(rules), change="rewritten")

    def _enter(self, path: bytes, disk_path: bytes) -> None:
        """List a folder and make it the one that is walked."""
        absolute = beneath(self._root, disk_path.rstrip(b"/"))
        names = SpillingSorter()
        try:
            stamp = folder_stamp(absolute)
            with os.scandir(absolute) as entries:
                self._list(path, entries, names)
        except OSError as error:
            names.close()
            raise unreadable(absolute, error) from error
        except BaseException:
            names.close()
            raise
        self._stack.append(
            _Folder(path=path, disk_path=disk_path, stamp=stamp, names=names, pending=iter(names))
        )

    def _list(
        self, path: bytes, entries: Iterator[os.DirEntry[bytes]], names: SpillingSorter
    ) -> None:
        """Sort what a folder holds into `names`: a name, and after a zero byte the one on disk."""
        parent = path.decode()
        room = MAX_PATH_BYTES - len(path)
        keys: set[bytes] = set()
        count = 0
        for entry in entries:
            name = entry.name
            if name.isascii() and not self._rules and entry.is_file(follow_symlinks=False):
                # What nearly every file is: its name needs no second look.
                record, key = name, name.lower()
            elif found := self._admit(parent, entry):
                record, key = found
            else:
                continue
            if len(record) > room and len(record.partition(b"\0")[0].rstrip(b"/")) > room:
                self._offences.add(parent + printable(name), Refusal.PATH_TOO_LONG)
                continue
            names.add(record)
            count += 1
            if count <= RUN_LENGTH:
                keys.add(key)
        if len(keys) < count:
            self._refuse_twins(path, names)

    def _admit(self, parent: str, entry: os.DirEntry[bytes]) -> tuple[bytes, bytes] | None:
        """Return how a name is sorted and what it shares with its twins, None if it stays out."""
        try:
            name = normal(entry.name.decode())
        except UnicodeDecodeError:
            self._offences.add(parent + printable(entry.name), Refusal.NOT_UTF_8)
            return None
        is_folder = entry.is_dir(follow_symlinks=False)
        if self._rules and self._rules.leaves_out(parent + name, folder=is_folder):
            return None
        if not is_folder and not entry.is_file(follow_symlinks=False):
            kind = Refusal.SYMLINK if entry.is_symlink() else Refusal.SPECIAL_FILE
            self._offences.add(parent + name, kind)
            return None
        end = b"/" if is_folder else b""
        record = encoded = name.encode() + end
        if encoded != entry.name + end:
            record += b"\0" + entry.name + end
        return record, folded(name).encode()

    def _refuse_twins(self, path: bytes, names: SpillingSorter) -> None:
        """Refuse the names of a folder that differ in case or Unicode form alone."""
        with SpillingSorter() as twins:
            for record in names:
                name = record.partition(b"\0")[0].rstrip(b"/")
                twins.add(folded(name.decode()).encode() + b"\0" + name)
            previous, first, told = None, b"", False
            for record in twins:
                key, _, name = record.partition(b"\0")
                if key != previous:
                    previous, first, told = key, name, False
                    continue
                if not told:
                    self._offences.add((path + first).decode(), Refusal.SAME_NAME)
                    told = True
                self._offences.add((path + name).decode(), Refusal.SAME_NAME)

    def _leave(self) -> None:
        """Close the folder that was walked, and refuse it where it changed meanwhile."""
        folder = self._stack.pop()
        folder.names.close()
        absolute = beneath(self._root, folder.disk_path.rstrip(b"/"))
        try:
            change = folder.stamp.change_to(folder_stamp(absolute))
        except OSError as error:
            raise unreadable(absolute, error) from error
        if change:
            raise FileChanged(path=printable(absolute), change=change)


def _read_rules(root: bytes) -> tuple[IgnoreRules, Stamp | None]:
    """Return what the ignore file at the top of a folder says, and its stamp, if there is one."""
    path = beneath(root, IGNORE_FILE.encode())
    stamp = current_stamp(path)
    if stamp is None or not stat.S_ISREG(os.lstat(path).st_mode):
        return IgnoreRules(), stamp
    with OpenFile(path) as file:
        text = os.read(file.descriptor, MAX_IGNORE_BYTES + 1)
        file.check_unchanged()
        return IgnoreRules.parse(text), file.stamp


def measure(root: bytes) -> tuple[int, int]:
    """Return how many files a folder holds and their bytes together, for progress alone.

    What cannot be read or is refused is passed over: the walk will say so.
    """
    rules, _ = _read_rules(root)
    files = size = 0
    pending = [b""]
    while pending:
        parent = pending.pop()
        try:
            with os.scandir(beneath(root, parent)) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    path = parent + entry.name
                    if rules and rules.leaves_out(normal(printable(path)), folder=is_folder):
                        continue
                    if is_folder:
                        pending.append(path + b"/")
                    else:
                        files += 1
                        size += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue
    return files, size
