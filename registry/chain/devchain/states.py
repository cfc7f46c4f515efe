"""Keep state files of the dev chain: whole ones only, the last good ones beside the newest.

anvil's own dumps are not used. It writes them in place, so that a crash leaves a torn file, and
with the states of old blocks in them they cost about as much time as making those blocks again (at
1,200 blocks 6 s to write, 5 s to read, 180 MB, against 5 s and nothing to write). So a state file
here holds the newest state alone (5 MB, a tenth of a second), is written beside its name and moved
there when it is on the disk, and the states of older blocks come from replaying the archive.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.chain import wire

if TYPE_CHECKING:
    from pathlib import Path

    from registry.chain.rpc import Rpc

_NAME: Final = re.compile(r"state-([0-9]{10})\.json")
_TRIES: Final = 5
_GZIP: Final = 16 + zlib.MAX_WBITS
_CHUNK: Final = 1 << 20
_KEPT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFile:
    """Name a state file and the block whose state it holds."""

    block: int
    path: Path


def listed(folder: Path) -> list[StateFile]:
    """Return the state files, the newest block first."""
    found = [
        StateFile(block=int(match[1]), path=path)
        for path in folder.glob("state-*.json")
        if (match := _NAME.fullmatch(path.name))
    ]
    return sorted(found, key=lambda file: file.block, reverse=True)


def take(rpc: Rpc, folder: Path) -> StateFile | None:
    """Write the node's present state to a file; None where blocks keep coming in between.

    The file is whole and on the disk when it gets its name. That it is of one block, and not torn
    between two by a block made meanwhile, is checked here by the block's number and, when it is
    used, by the state's root.
    """
    for _ in range(_TRIES):
        before = rpc.ask(wire.quantity, "eth_blockNumber")
        dump = rpc.ask(wire.data, "anvil_dumpState", False)  # noqa: FBT003 (no old states)
        if rpc.ask(wire.quantity, "eth_blockNumber") == before:
            return _write(folder, before, dump)
    return None


def prune(folder: Path, *, history: int) -> None:
    """Delete state files that no restore would take.

    Kept are the two newest and, in steps of half of `history`, those from which a replay to the
    head gives that many old states; each step keeps its first file, so that the steps stay where
    they are while the chain grows.
    """
    files = listed(folder)
    first_of = {file.block // max(1, history // 2): file for file in files}
    kept = {*files[:_KEPT], *first_of.values()}
    deep = next(
        (file.block for file in files if file in kept and _is_deep(file, files, history)), 0
    )
    for file in files:
        if file not in kept or file.block < deep:
            file.path.unlink(missing_ok=True)


def _is_deep(file: StateFile, files: list[StateFile], history: int) -> bool:
    return file.block + history <= files[0].block


def refuse(file: StateFile) -> str:
    """Move a state file that cannot be used out of the way, and return its new name."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    target = file.path.with_name(f"{file.path.name}.{stamp}.refused")
    file.path.rename(target)
    return target.name


def _write(folder: Path, block: int, dump: bytes) -> StateFile:
    path = folder / f"state-{block:010}.json"
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    inflater = zlib.decompressobj(_GZIP)
    with beside.open("wb") as file:
        for start in range(0, len(dump), _CHUNK):
            file.write(inflater.decompress(dump[start : start + _CHUNK]))
        file.write(inflater.flush())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return StateFile(block=block, path=path)
