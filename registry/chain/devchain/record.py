"""Keep what is known of the dev chain from one run to the next: chain.json."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Final

from registry.domain.nesting import read_shallow
from registry.errors import DevChainBusy, DevChainDamaged, DevChainUnusable
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME: Final = "chain.json"
HOST: Final = "127.0.0.1"
_FORMAT: Final = 1
_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold the lasting facts of a dev chain, and of its process where it has one.

    `genesis` is the hash of block 0 in hexadecimal digits, empty before the first start;
    `genesis_time` in unix seconds. `options` are those anvil is started with. `pid` is 0 while no
    process is known; `identity` tells the process from later ones with its number. `ready` says
    that the chain is complete: before, its process must not be asked or sent anything, and
    `starter` and `starter_identity` name the process that is making it so. `clean` says that it
    was stopped in order.
    """

    chain_id: int
    genesis: str
    genesis_time: int
    options: list[str]
    anvil: str
    port: int
    pid: int = 0
    identity: str = ""
    ready: bool = False
    starter: int = 0
    starter_identity: str = ""
    clean: bool = True
    format: int = _FORMAT


def url_of(port: int) -> str:
    """Return the address of a port of this machine."""
    return f"http://{HOST}:{port}"


def load(path: Path) -> Record | None:
    """Read the record; None where there is none.

    Where it was written in another folder, this is a copy of that home: the process is the other
    home's, and here the chain counts as stopped.

    Raises DevChainDamaged when it cannot be understood, DevChainUnusable when it cannot be read.
    """
    try:
        values = read_shallow(path.read_bytes())
        if values["format"] != _FORMAT:
            raise DevChainDamaged(path=str(path), reason=f"format {values['format']} is unknown")
        written = values.pop("folder", None)
        found = _typed(Record(**values))
        return found if written in (None, _folder(path)) else _stopped(found)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DevChainUnusable(path=str(path), reason=error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DevChainDamaged(path=str(path), reason=str(error)) from error


def _typed(found: Record) -> Record:
    """Return a record whose values are of their types; raises TypeError for another."""
    for one in fields(Record):
        value, kind = getattr(found, one.name), str(one.type).partition("[")[0]
        if type(value).__name__ != kind:
            raise TypeError(one.name)
    if not all(isinstance(option, str) for option in found.options):
        raise TypeError("options")
    return found


def save(path: Path, record: Record) -> None:
    """Write the record, durably and at one stroke."""
    written = {**asdict(record), "folder": _folder(path)}
    write_atomically(path, json.dumps(written, indent=1).encode())


def _folder(path: Path) -> str:
    """Return what tells the folder of a record from every copy of it; moved, it stays the same."""
    facts = path.parent.stat()
    return f"{facts.st_dev}:{facts.st_ino}"


def _stopped(found: Record) -> Record:
    return replace(
        found, pid=0, identity="", ready=False, starter=0, starter_identity="", clean=True
    )


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that after any crash either the old or the new content stands there whole."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def locked(path: Path, *, seconds: float) -> Iterator[None]:
    """Hold a lock between processes; it falls with the process that holds it.

    Raises DevChainBusy when another holds it for longer than `seconds`.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + seconds
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                raise DevChainBusy(seconds=int(seconds))
            time.sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
