"""Start the dev chain, from nothing or from what is on disk."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from registry.chain import wire
from registry.chain.devchain import anvil as anvils
from registry.chain.devchain import processes, record, states
from registry.chain.devchain.addresses import endpoint, refuse_foreign
from registry.chain.devchain.archive import FILE_NAME as ARCHIVE_NAME
from registry.chain.devchain.archive import BlockArchive
from registry.chain.devchain.record import Record
from registry.chain.devchain.restore import Restoration
from registry.chain.journal import Chain, Journal
from registry.chain.rpc import Rpc
from registry.errors import AnvilFailed, DevChainDamaged, PortTaken

if TYPE_CHECKING:
    from pathlib import Path

    from registry.chain.devchain.anvil import Anvil
    from registry.chain.devchain.values import Endpoint, RestoreReport

_LEAST_CHAIN_ID: Final = 1 << 31
_TRIES: Final = 3
_MAX_LOG_BYTES: Final = 1 << 20
_VERSION_SECONDS: Final = 20
_WORTH_A_STATE: Final = 100
"""From how many recovered blocks on a state file is written at once, against the next crash."""


@dataclass(slots=True, kw_only=True)
class Start:
    """Hold what one start of the chain works with; used once, under the home's lock.

    `port` is the one that was asked for, None for any.
    """

    folder: Path
    journal: Path
    program: Path
    port: int | None
    history: int
    refused: list[str] = field(default_factory=list)

    def run(self) -> Endpoint:
        """Start the chain and restore it; record it when it is whole."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        version = _version(self.program)
        known = self._known()
        _end_half_started(known)
        for tries_left in reversed(range(_TRIES)):
            port = self._choose_port(known, first=tries_left == _TRIES - 1)
            try:
                return self._run_on(replace(known, port=port), version)
            except PortTaken:
                # Someone took it between the look and the start.
                if self.port is not None or not tries_left:
                    raise
        raise AssertionError("the last try returns or raises")  # pragma: no cover

    def _run_on(self, known: Record, version: str) -> Endpoint:
        starting = replace(
            known,
            ready=False,
            starter=os.getpid(),
            starter_identity=processes.identity(os.getpid()) or "",
        )
        record.save(self._record, starting)
        try:
            return self._restored(starting, version)
        except BaseException:
            # Whoever waits for this start is let go; a process that is left is still recorded.
            left = record.load(self._record) or starting
            record.save(self._record, replace(left, starter=0, starter_identity=""))
            raise

    def _restored(self, starting: Record, version: str) -> Endpoint:
        self._clear()
        with self._archive() as archive, Journal(self.journal) as journal:
            anvil, report = Restoration(
                folder=self.folder,
                chain=Chain(chain_id=starting.chain_id, genesis=bytes.fromhex(starting.genesis)),
                launch=lambda more: self._launch(starting, more),
                archive=archive,
                journal=journal,
                history=self.history,
                exact=starting.anvil in ("", version),
                clean=starting.clean,
                refused=self.refused,
            ).run()
            return self._finish(replace(starting, anvil=version), anvil, report)

    def _finish(self, starting: Record, anvil: Anvil, report: RestoreReport) -> Endpoint:
        try:
            with Rpc.connect(anvil.url, chain_id=starting.chain_id) as rpc:
                genesis = rpc.ask(wire.header, "eth_getBlockByNumber", "0x0", False).hash  # noqa: FBT003
                if report.recovered_blocks >= _WORTH_A_STATE:
                    states.take(rpc, self.folder)
                    states.prune(self.folder, history=self.history)
            ready = replace(
                starting,
                genesis=genesis.hex(),
                pid=anvil.pid,
                identity=anvil.identity,
                ready=True,
                starter=0,
                starter_identity="",
                clean=False,
            )
            record.save(self._record, ready)
        except BaseException:
            anvils.kill(anvil)
            raise
        first = not starting.genesis
        return endpoint(ready, started=True, restored=None if first else report)

    def _launch(self, starting: Record, more: list[str]) -> Anvil:
        """Start anvil without mining, its process recorded at once, so that none is left behind."""

        def remember(anvil: Anvil) -> None:
            record.save(self._record, replace(starting, pid=anvil.pid, identity=anvil.identity))

        cache = self.folder / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        options = [*starting.options, "--cache-path", str(cache), "--no-mining", *more]
        return anvils.start(
            self.program, options, port=starting.port, log=self._log, spawned=remember
        )

    def _known(self) -> Record:
        """Return what is recorded of the chain, or a new chain."""
        found = record.load(self._record)
        if found is not None:
            return found
        # A chain that begins has no clock but this one. Contracts judge by the chain's own, which
        # goes on from here and never back, however wrong this one was or is later.
        now = int(time.time())
        chain_id = _LEAST_CHAIN_ID + secrets.randbelow(_LEAST_CHAIN_ID)
        return Record(
            chain_id=chain_id,
            genesis="",
            genesis_time=now,
            options=anvils.chain_options(chain_id=chain_id, genesis_time=now),
            anvil="",
            port=0,
        )

    def _choose_port(self, known: Record, *, first: bool) -> int:
        if self.port is not None:
            if not anvils.is_free(self.port):
                refuse_foreign(replace(known, port=self.port))
                raise PortTaken(port=self.port)
            return self.port
        if first and known.port and anvils.is_free(known.port):
            return known.port
        return anvils.free_port()

    def _archive(self) -> BlockArchive:
        """Open the archive; one that is damaged is put aside, and the journal has to do."""
        path = self.folder / ARCHIVE_NAME
        try:
            return BlockArchive(path)
        except DevChainDamaged:
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            for suffix in ("-wal", "-shm", ""):
                part = path.with_name(path.name + suffix)
                if part.exists():
                    part.rename(part.with_name(f"{part.name}.{stamp}.refused"))
            self.refused.append(path.name)
            return BlockArchive(path)

    def _clear(self) -> None:
        """Remove what an earlier crash left, and keep the log from growing for ever."""
        for left in self.folder.glob("*.tmp"):
            left.unlink(missing_ok=True)
        if self._log.exists() and self._log.stat().st_size > _MAX_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.old"))

    @property
    def _record(self) -> Path:
        return self.folder / record.FILE_NAME

    @property
    def _log(self) -> Path:
        return self.folder / "anvil.log"


def _end_half_started(known: Record) -> None:
    """Kill a process whose starter died before the chain was whole: it has nothing of its own."""
    if known.pid and not known.ready:
        half = anvils.Anvil(pid=known.pid, identity=known.identity, port=known.port)
        anvils.kill(half)


def _version(program: Path) -> str:
    """Return the version of anvil, such as `1.7.1`."""
    try:
        said = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=_VERSION_SECONDS,
            env=processes.handed_on(os.environ),
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise AnvilFailed(log=str(program), lines=[str(error)]) from error
    first = said.splitlines()[0] if said else ""
    return first.rpartition(":")[2].strip() or "unknown"
