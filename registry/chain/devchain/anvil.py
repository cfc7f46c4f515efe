"""Find anvil, and start it as the dev chain needs it."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.chain.devchain import processes
from registry.chain.devchain.record import HOST, url_of
from registry.chain.rpc import Rpc
from registry.errors import AnvilFailed, AnvilMissing, NodeUnreachable, PortTaken
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

VARIABLE: Final = "DENGJI_ANVIL"
FAUCET: Final = bytes.fromhex("f39fd6e51aad88f6f4ce6ab8827279cfffb92266")
"""The address of anvil's first development account."""
FAUCET_KEY: Final = bytes.fromhex(
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
)
"""Its key, which is public: every anvil of the world has it."""

HARDFORK: Final = "osaka"
STATES_ON_DISK: Final = 2_000
"""How many old states anvil keeps beside the 500 in memory."""

_READY_SECONDS: Final = 60.0
_FIRST_POLL: Final = 0.01
_LONGEST_POLL: Final = 0.1
_LOG_LINES: Final = 5
_LOG_BYTES: Final = 4096
_PORT_TAKEN: Final = "Address already in use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anvil:
    """Name a running anvil: its process, what tells that process from others, and its port."""

    pid: int
    identity: str
    port: int

    @property
    def url(self) -> str:
        """Return its address."""
        return url_of(self.port)


def find(environ: Mapping[str, str], start: Path) -> Path:
    """Return anvil's program.

    It is looked for at DENGJI_ANVIL, on the PATH, and in the node_modules of `start`, of this
    package and of the folders above them. npm's launcher, a script that runs the program as its
    child, is passed over for the program itself, whose process we must know.

    Raises AnvilMissing.
    """
    # Imported here for start-up time: mostly the chain runs already.
    import shutil  # noqa: PLC0415

    if named := environ.get(VARIABLE):
        found = shutil.which(named)
        if found is None:
            raise AnvilMissing(looked=[f"{VARIABLE}={named}"])
        return _native(Path(found)) or Path(found)
    on_path = shutil.which("anvil", path=environ.get("PATH"))
    for candidate in _candidates(on_path, start):
        if native := _native(candidate):
            return native
    raise AnvilMissing(looked=[VARIABLE, "PATH", "node_modules"])


def chain_options(*, chain_id: int, genesis_time: int) -> list[str]:
    """Return the options that make the chain what it is, without port, state and cache.

    They are recorded with the chain, since other ones would give its blocks other hashes. Blocks
    are made at once, in the order of arrival. EIP-7825 caps a transaction as on real networks; a
    block takes many of the largest, since what is left over waits until something else arrives.
    Pages in a browser get no answer.
    """
    return [
        "--quiet",
        "--no-cors",
        "--no-request-size-limit",
        *("--host", HOST),
        *("--chain-id", str(chain_id)),
        *("--timestamp", str(genesis_time)),
        *("--hardfork", HARDFORK),
        *("--gas-limit", "1000000000"),
        "--enable-tx-gas-limit",
        *("--order", "fifo"),
        *("--accounts", "1"),
        *("--balance", "1000000"),
        *("--max-persisted-states", str(STATES_ON_DISK)),
    ]


def start(
    program: Path,
    options: Sequence[str],
    *,
    port: int,
    log: Path,
    spawned: Callable[[Anvil], object] | None = None,
) -> Anvil:
    """Start anvil in the background, and return it once it answers.

    `spawned` is told of it before that, as soon as there is a process that someone must end.

    Raises PortTaken when the port is no longer free, AnvilFailed when anvil ends for another
    reason, or does not answer in a minute.
    """
    written = log.stat().st_size if log.exists() else 0
    pid = processes.spawn(program, [*options, "--port", str(port)], log)
    known = processes.identity(pid)
    anvil = Anvil(pid=pid, identity=known or "", port=port)
    try:
        if spawned is not None:
            spawned(anvil)
        _await_ready(anvil, log, written)
    except BaseException:
        kill(anvil)
        raise
    return anvil


def kill(anvil: Anvil) -> None:
    """End an anvil that holds nothing of worth, at once."""
    processes.stop(anvil.pid, anvil.identity, signal.SIGKILL, seconds=10)


def is_free(port: int) -> bool:
    """Tell whether a program could listen on a port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As anvil does it: connections of an earlier run that linger do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _await_ready(anvil: Anvil, log: Path, written: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    pause = _FIRST_POLL
    with Rpc.connect(anvil.url) as rpc:
        while processes.is_same(anvil.pid, anvil.identity) and time.monotonic() < deadline:
            try:
                rpc.call("eth_chainId")
            except NodeUnreachable:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_POLL)
            else:
                return
    lines = _last_lines(log, written)
    if any(_PORT_TAKEN in line for line in lines):
        raise PortTaken(port=anvil.port)
    raise AnvilFailed(log=str(log), lines=lines)


def _last_lines(log: Path, written: int) -> list[str]:
    """Return the last lines that were added to the log, which was `written` bytes long."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(written, size - _LOG_BYTES))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return [line.strip() for line in lines if line.strip()][-_LOG_LINES:]


def _candidates(on_path: str | None, start: Path) -> Iterator[Path]:
    if on_path is not None:
        yield Path(on_path)
    for origin in (start, Path(__file__)):
        for folder in origin.resolve().parents if origin.is_file() else _upwards(origin.resolve()):
            yield folder / "node_modules" / "@foundry-rs" / "anvil" / "bin.mjs"


def _upwards(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)


def _native(candidate: Path) -> Path | None:
    """Return the program behind a candidate: itself, or what npm's launcher would run."""
    resolved = candidate.resolve()
    if resolved.suffix == ".mjs":
        resolved = resolved.parent.parent / f"anvil-{_platform()}" / "bin" / "anvil"
    return resolved if os.access(resolved, os.X_OK) and resolved.is_file() else None


def _platform() -> str:
    system = "darwin" if sys.platform == "darwin" else "linux"
    return f"{system}-{'arm64' if os.uname().machine in ('arm64', 'aarch64') else 'amd64'}"
