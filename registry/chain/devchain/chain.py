"""Keep the dev chain of a home: start it, stop it, say how it stands."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.devchain import anvil as anvils
from registry.chain.devchain import processes, record
from registry.chain.devchain.addresses import endpoint, refuse_foreign
from registry.chain.devchain.gate import GatedTransport
from registry.chain.devchain.values import DevChainStatus
from registry.chain.rpc import Rpc
from registry.chain.transport import DEFAULT_TIMEOUT
from registry.domain.ids import Address
from registry.errors import (
    ChainError,
    DevChainBusy,
    DevChainDamaged,
    DevChainHanging,
    DevChainStale,
    DevChainStopped,
    DevChainUnusable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.chain.calls import Landed
    from registry.chain.devchain.archive import BlockArchive
    from registry.chain.devchain.keeping import DevJournal
    from registry.chain.devchain.record import Record
    from registry.chain.devchain.values import Endpoint

HISTORY: Final = 500
"""How many old blocks have their state after a restart, at least; about two seconds of replay."""
CHECKPOINT_BLOCKS: Final = 250
"""After how many blocks a state file is due; on a long chain after a twentieth of its length."""

_JOURNAL: Final = "journal.sqlite3"
_LOCK_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 5.0
_DUMP_SECONDS: Final = 600.0
_DYING_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.01


class DevChain:
    """Keep the dev chain of one home: an anvil in the background, its files under `home`/dev.

    `history` is how many old blocks are to have their state after a restart. `environ` and `start`
    are where anvil is looked for: the environment, and the folder from which node_modules are
    sought upwards (by default the working folder).
    """

    def __init__(
        self,
        home: Path,
        *,
        environ: Mapping[str, str] | None = None,
        start: Path | None = None,
        history: int = HISTORY,
    ) -> None:
        """Name the home; nothing is read or started yet."""
        self.home = home
        self.folder = home / "dev"
        self._environ = os.environ if environ is None else environ
        self._origin = start
        self._history = history
        self._record_path = self.folder / record.FILE_NAME
        self._due = 0

    def __repr__(self) -> str:
        return f"DevChain({str(self.home)!r})"

    # ---- starting and stopping -----------------------------------------------------------------

    def up(self, *, port: int | None = None) -> Endpoint:
        """Return the running chain, started and restored if it was not running.

        A port is heeded only by a start; by default it is the one of last time, if free. Of several
        processes that call this at once, one starts the chain, the others wait and find it.

        Raises AnvilMissing, AnvilFailed, PortTaken, ForeignChain, DevChainBusy, DevChainDamaged,
        DevChainLost, DevChainUnusable.
        """
        found = self._running()
        if found is not None:
            return found
        with self._lock():
            return self._running() or self._start(port)

    def down(self, *, force: bool = False) -> bool:
        """Stop the chain in order; return False when it was stopped already.

        Its blocks are archived and its state is written first. With `force` a process that does not
        react is killed; the next start restores what was written.

        Raises DevChainStale when its process is gone without having been stopped, DevChainHanging
        when it does not react.
        """
        with self._lock():
            found = record.load(self._record_path)
            if found is None or (found.clean and not found.pid):
                return False
            if not processes.is_same(found.pid, found.identity):
                raise DevChainStale(pid=found.pid)
            self._stop(found, force=force)
            return True

    def reset(self) -> Path | None:
        """Move the chain's files aside, and return where; the next `up` begins a new chain.

        The chain is stopped first. The journal keeps its rows: they carry the old genesis. None
        where there is nothing to move.
        """
        with contextlib.suppress(DevChainStale, DevChainDamaged):
            self.down(force=True)
        with self._lock():
            if not self.folder.exists():
                return None
            target = _unused(self.folder)
            self.folder.rename(target)
            return target

    # ---- asking --------------------------------------------------------------------------------

    def endpoint(self) -> Endpoint:
        """Return the running chain, without starting it.

        Raises DevChainStopped, or DevChainStale when its process is gone without having been
        stopped; ForeignChain when another chain answers at its address.
        """
        found = self._running()
        if found is not None:
            return found
        known = record.load(self._record_path)
        if known is None or known.clean:
            raise DevChainStopped(home=str(self.home))
        refuse_foreign(known)
        raise DevChainStale(pid=known.pid)

    def status(self) -> DevChainStatus:
        """Say how the chain stands, without changing anything."""
        found = record.load(self._record_path)
        if found is None:
            return DevChainStatus(state="absent", home=str(self.home))
        state = _state(found)
        block = self._block(found, running=state == "running")
        if state == "running" and block is None:
            state = "hanging"
        return replace(
            self._files(),
            state=state,
            url=record.url_of(found.port),
            pid=found.pid or None if state in ("running", "hanging", "starting") else None,
            chain_id=found.chain_id,
            genesis=bytes.fromhex(found.genesis) or None,
            block=block,
            faucet=str(Address(anvils.FAUCET)),
            anvil=found.anvil or None,
        )

    def stopped_in_order(self) -> bool:
        """Tell whether the chain, which does not run, has its whole state on disk."""
        found = record.load(self._record_path)
        return found is None or found.clean

    def making(self) -> contextlib.AbstractContextManager[None]:
        """Hold the right to make the home's first account, contracts and party.

        Raises DevChainBusy when another process holds it for minutes, DevChainUnusable.
        """
        return self._lock("making")

    def transport(self, *, timeout: float = DEFAULT_TIMEOUT) -> GatedTransport:
        """Return a way to the chain that waits while it is restored, and follows it to a new port.

        Raises DevChainStopped when this home never had a chain.
        """
        found = record.load(self._record_path)
        if found is None:
            raise DevChainStopped(home=str(self.home))
        return GatedTransport(self._record_path, chain_id=found.chain_id, timeout=timeout)

    def rpc(self) -> Rpc:
        """Return a client of the chain by its `transport`."""
        return Rpc(self.transport())

    def journal(self) -> DevJournal:
        """Open the home's journal for writes to this chain; the caller closes it."""
        # Imported here for start-up time: who only asks needs no database.
        from registry.chain.devchain.keeping import DevJournal  # noqa: PLC0415

        return DevJournal(
            self.home / _JOURNAL,
            archive=self._archive(),
            rpc=self.rpc(),
            settled=self._checkpoint_if_due,
        )

    @property
    def faucet(self) -> Address:
        """Return the account that money comes from."""
        return Address(anvils.FAUCET)

    def fund(self, address: Address, wei: int) -> Landed:
        """Give an address money, by an ordinary journalled transaction; errors as of a sender."""
        # Imported here for start-up time: who only asks signs nothing.
        from registry.chain.devchain import faucet  # noqa: PLC0415

        with self.rpc() as rpc, self.journal() as journal:
            return faucet.fund(rpc, journal, locks=self._locks(), address=address, wei=wei)

    def checkpoint(self) -> bool:
        """Archive all blocks and write a state file; False when blocks keep coming meanwhile."""
        with Rpc(self.transport(timeout=_DUMP_SECONDS)) as rpc:
            return self._write_state(rpc)

    # ---- within --------------------------------------------------------------------------------

    def _running(self) -> Endpoint | None:
        """Return the chain if its process runs and it is whole."""
        found = record.load(self._record_path)
        if found is None or not found.ready:
            return None
        deadline = time.monotonic() + _DYING_SECONDS
        while processes.is_same(found.pid, found.identity):
            if refuse_foreign(found):
                return endpoint(found)
            # A process that is being killed has closed its port before it is gone.
            if time.monotonic() > deadline:
                raise DevChainHanging(pid=found.pid, seconds=int(_DYING_SECONDS))
            time.sleep(_POLL_SECONDS)
        return None

    def _start(self, port: int | None) -> Endpoint:
        # Imported here for start-up time: mostly the chain runs already.
        from registry.chain.devchain.starting import Start  # noqa: PLC0415

        return Start(
            folder=self.folder,
            journal=self.home / _JOURNAL,
            program=anvils.find(self._environ, self._origin or Path.cwd()),
            port=port,
            history=self._history,
        ).run()

    def _stop(self, found: Record, *, force: bool) -> None:
        clean = False
        # From here on no client is let in: what it wrote might not be in the archive.
        record.save(self._record_path, replace(found, ready=False))
        try:
            if found.ready:
                self._ask(found)
                url = record.url_of(found.port)
                with Rpc.connect(url, timeout=_DUMP_SECONDS) as rpc:
                    self._write_state(rpc)
                clean = True
        except (ChainError, DevChainDamaged, DevChainUnusable, OSError) as error:
            if not force:
                record.save(self._record_path, found)
                if not isinstance(error, ChainError):
                    raise
                raise DevChainHanging(pid=found.pid, seconds=int(_ANSWER_SECONDS)) from error
        self._end(found, force=force)
        stopped = replace(found, ready=False, pid=0, identity="", clean=clean)
        record.save(self._record_path, stopped)

    def _ask(self, found: Record) -> None:
        """Ask the chain anything, for which it needs no time."""
        url = record.url_of(found.port)
        with Rpc.connect(url, chain_id=found.chain_id, timeout=_ANSWER_SECONDS) as rpc:
            rpc.chain_id()

    def _end(self, found: Record, *, force: bool) -> None:
        ended = processes.stop(found.pid, found.identity, signal.SIGTERM, seconds=_STOP_SECONDS)
        if not ended and force:
            ended = processes.stop(found.pid, found.identity, signal.SIGKILL, seconds=_STOP_SECONDS)
        if not ended:
            raise DevChainHanging(pid=found.pid, seconds=int(_STOP_SECONDS))

    def _write_state(self, rpc: Rpc) -> bool:
        from registry.chain.devchain import states  # noqa: PLC0415 (start-up)

        with self._archive() as archive:
            archive.mend(rpc)
            archive.extend(rpc, known=_nothing)
        if states.take(rpc, self.folder) is None:
            return False
        states.prune(self.folder, history=self._history)
        return True

    def _checkpoint_if_due(self, head: int) -> None:
        """Write a state file where the last one lies far back, unless someone is at it."""
        if head < self._due:
            return
        from registry.chain.devchain import states  # noqa: PLC0415 (start-up)

        newest = next((file.block for file in states.listed(self.folder)), 0)
        self._due = newest + max(CHECKPOINT_BLOCKS, newest // 20)
        if head < self._due:
            return
        with contextlib.suppress(DevChainBusy), record.locked(self._lock_path("state"), seconds=0):
            self.checkpoint()

    def _archive(self) -> BlockArchive:
        from registry.chain.devchain import archive  # noqa: PLC0415 (start-up)

        return archive.BlockArchive(self.folder / archive.FILE_NAME)

    def _block(self, found: Record, *, running: bool) -> int | None:
        """Return the latest block, of the chain itself or else of the archive."""
        if running:
            url = record.url_of(found.port)
            with contextlib.suppress(ChainError), Rpc.connect(url, timeout=_ANSWER_SECONDS) as rpc:
                return rpc.ask(wire.quantity, "eth_blockNumber")
            return None
        with self._archive() as archive:
            return archive.head()

    def _files(self) -> DevChainStatus:
        from registry.chain.devchain import states  # noqa: PLC0415 (start-up)

        blank = DevChainStatus(state="", home=str(self.home))
        newest = next(iter(states.listed(self.folder)), None)
        if newest is None:
            return blank
        facts = newest.path.stat()
        return replace(
            blank,
            state_file=newest.path.name,
            state_block=newest.block,
            state_bytes=facts.st_size,
            state_age=max(0, int(time.time() - facts.st_mtime)),
        )

    @contextlib.contextmanager
    def _lock(self, name: str = "chain") -> Iterator[None]:
        try:
            with record.locked(self._lock_path(name), seconds=_LOCK_SECONDS):
                yield
        except OSError as error:
            path = str(error.filename or self.folder)
            raise DevChainUnusable(path=path, reason=error.strerror or str(error)) from error

    def _lock_path(self, name: str) -> Path:
        """Return a lock's file: not in the chain's folder, which `reset` moves away."""
        return self._locks() / f"dev-{name}.lock"

    def _locks(self) -> Path:
        folder = self.home / "locks"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder


def _state(found: Record) -> str:
    if found.pid and processes.is_same(found.pid, found.identity):
        return "running" if found.ready else "starting"
    return "stopped" if found.clean else "crashed"


def _unused(folder: Path) -> Path:
    """Return a dated name beside a folder that nothing has yet."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    target = folder.with_name(f"{folder.name}.{stamp}")
    number = 1
    while target.exists():
        number += 1
        target = folder.with_name(f"{folder.name}.{stamp}-{number}")
    return target


def _nothing(_: bytes) -> None:
    """Know no transaction: the node, which has them all, is asked."""
