"""Kill the dev chain under load, again and again, and look for writes that went missing.

    python -m benchmarks.devchain_crash --kills 50

Several processes send through the real sender and journal, one by one and with many in flight, and
note what was reported to them as done. anvil is killed with SIGKILL at random moments; now and then
the newest state file is torn as well. Whoever notices first starts the chain again. Then every
write that was reported as done must be where it was: block, hash, place in the block, time. At the
end the chain's own record is checked: every write once, each writer's in order, and a contract's
hash chain over all of them in the order of the blocks.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.chain.calls import Call
from registry.chain.devchain import FAUCET_KEY, DevChain
from registry.chain.devchain.states import listed
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.errors import ChainError, DevChainStale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from registry.chain.calls import Landed
    from registry.chain.rpc import Rpc

RUNTIME: Final = bytes.fromhex(
    "600054600052"  # memory[0:32] = the hash so far, from slot 0
    "3660006020373660200160002080600055"  # slot 0 = keccak(hash so far ‖ calldata)
    "60006000a100"  # and an event with the new hash
)
CREATION: Final = bytes.fromhex(f"60{len(RUNTIME):02x}80600b6000396000f3") + RUNTIME
PROCESSES: Final = ((0,), (1,), (2, 3))
"""The writers of each process; those of one process are threads."""
WRITERS: Final = tuple(writer for group in PROCESSES for writer in group)
IN_FLIGHT: Final = 25
_GAS: Final = 60_000
_PAUSE: Final = 0.02
_WRITES_BETWEEN: Final = 20
_LONGEST_WAIT: Final = 120
_STOP: Final = "stop"
_ZERO_HASH: Final = bytes(32)


class WriteLostError(Exception):
    """Say which write that was reported as done is missing, or has moved."""


@dataclass(slots=True, kw_only=True)
class Figures:
    """Hold what a run measured; seconds are those of each restore."""

    kills: int = 0
    torn: int = 0
    reported: int = 0
    blocks: int = 0
    recovered_blocks: int = 0
    recovered_writes: int = 0
    refused_state_files: int = 0
    not_identical: int = 0
    missing: int = 0
    restores: int = 0
    seconds: list[float] = field(default_factory=list)

    def summary(self) -> str:
        """Return the figures for a person, one a line."""
        shown = {name: value for name, value in asdict(self).items() if name != "seconds"}
        ordered = sorted(self.seconds) or [0.0]
        shown["restore_seconds_median"] = round(statistics.median(ordered), 2)
        shown["restore_seconds_max"] = round(ordered[-1], 2)
        return "\n".join(f"{name:24} {value}" for name, value in shown.items())


def signer(writer: int) -> LocalSigner:
    """Return the key of a writer."""
    return LocalSigner(keccak(b"writer" + bytes((writer,))))


def calldata(writer: int, number: int) -> bytes:
    """Return what the write `number` of a writer sends."""
    return bytes((writer,)) + number.to_bytes(8)


# ---- the writers -------------------------------------------------------------------------------


def write(home: Path, contract: Address, writer: int) -> None:
    """Send until told to stop, and note each write that is reported as done."""
    devchain = DevChain(home)
    number = 0
    with (home / f"reported-{writer}.jsonl").open("a") as notes:
        while not (home / _STOP).exists():
            try:
                for landed in _session(devchain, contract, writer, number):
                    notes.write(json.dumps(_note(number, landed)) + "\n")
                    notes.flush()
                    number += 1
                    if (home / _STOP).exists():
                        return
            except ChainError as error:
                _note_trouble(home, writer, error)
                _bring_back(devchain, home, writer)


def _session(devchain: DevChain, contract: Address, writer: int, number: int) -> Iterator[Landed]:
    """Send writes from `number` on until something breaks: one by one, or many in flight."""
    with devchain.rpc() as rpc, devchain.journal() as journal:
        sender = Sender(rpc, signer(writer), journal, lock_dir=devchain.home / "locks")
        while True:
            count = IN_FLIGHT if writer % 2 else 1
            calls = [_call(contract, writer, number + more) for more in range(count)]
            yield from sender.send_all(calls, run="crash")
            number += count


def _call(contract: Address, writer: int, number: int) -> Call:
    return Call(
        to=contract,
        data=calldata(writer, number),
        purpose="crash",
        intent=f"{writer}:{number}",
        gas=_GAS,
    )


def _bring_back(devchain: DevChain, home: Path, writer: int) -> None:
    try:
        endpoint = devchain.up()
    except ChainError as error:
        # It was killed again while it came up.
        _note_trouble(home, writer, error)
        time.sleep(_PAUSE)
        return
    if endpoint.restored is not None:
        report = asdict(endpoint.restored)
        report["missing"] = [one.hex() for one in endpoint.restored.missing]
        with (home / "restored.jsonl").open("a") as notes:
            notes.write(json.dumps(report) + "\n")


def _note_trouble(home: Path, writer: int, error: ChainError) -> None:
    with (home / f"trouble-{writer}.log").open("a") as notes:
        notes.write(f"{time.time():.2f} {error!r}\n")


def _note(number: int, landed: Landed) -> dict[str, Any]:
    return {
        "number": number,
        "transaction": landed.transaction.hex(),
        "block": landed.block,
        "block_hash": landed.block_hash.hex(),
        "index": landed.index,
        "time": landed.time,
    }


# ---- the killer --------------------------------------------------------------------------------


def run(home: Path, *, kills: int, seed: int = 0, tear_every: int = 8) -> Figures:
    """Run the whole trial in an empty folder; raise WriteLostError where a write went missing.

    Every `tear_every` kills the newest state file is torn as well.
    """
    chance = random.Random(seed)
    figures = Figures()
    devchain = DevChain(home)
    devchain.up()
    contract = _prepared(devchain)
    processes = [_spawned(home, contract, group) for group in PROCESSES]
    try:
        with devchain.rpc() as rpc:
            for kill in range(kills):
                _await_writes(home, _noted(home) + _WRITES_BETWEEN)
                time.sleep(chance.uniform(0.3, 1.2))
                _kill(devchain, rpc, figures, tear=kill % tear_every == tear_every - 1)
                _expect_running(processes)
            (home / _STOP).touch()
            for process in processes:
                if process.wait(timeout=120):
                    raise WriteLostError(f"a writer ended with {process.returncode}")
            check_reported(rpc, reported(home))
            check_chain(rpc, contract, reported(home))
            _count(home, rpc, figures)
    finally:
        (home / _STOP).touch()
        for process in processes:
            process.kill()
            process.wait()
        with contextlib.suppress(DevChainStale):
            devchain.down(force=True)
    return figures


def _await_writes(home: Path, number: int) -> None:
    """Wait until so many writes were reported, however slow the machine."""
    end = time.monotonic() + _LONGEST_WAIT
    while _noted(home) < number:
        if time.monotonic() > end:
            raise WriteLostError(f"no {_WRITES_BETWEEN} writes in {_LONGEST_WAIT} s")
        time.sleep(_PAUSE)


def _noted(home: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in home.glob("reported-*.jsonl"))


def _prepared(devchain: DevChain) -> Address:
    """Give every writer money, and lay the contract; return its address."""
    for writer in WRITERS:
        devchain.fund(signer(writer).address, 10**20)
    with devchain.rpc() as rpc, devchain.journal() as journal:
        faucet = Sender(rpc, LocalSigner(FAUCET_KEY), journal, lock_dir=devchain.home / "locks")
        landed = faucet.send(Call(to=None, data=CREATION, purpose="deploy"))
    if landed.contract is None:
        raise WriteLostError("the contract was not made")
    return landed.contract


def _spawned(home: Path, contract: Address, group: Sequence[int]) -> subprocess.Popen[bytes]:
    writers = [part for writer in group for part in ("--writer", str(writer))]
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.devchain_crash"),
            *("--home", str(home), "--contract", contract.hex, *writers),
        ],
        cwd=Path(__file__).parents[1],
    )


def _expect_running(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is not None:
            raise WriteLostError(f"a writer ended early with {process.returncode}")


def _kill(devchain: DevChain, rpc: Rpc, figures: Figures, *, tear: bool) -> None:
    """Kill anvil once, have it restored, and compare."""
    endpoint = devchain.up()
    before = reported(devchain.home)
    # Of its newest block anvil answers with the state as it is being changed by the next one.
    last = max((note["block"] - 1 for note in before), default=0)
    state = _state(rpc, last)
    os.kill(endpoint.pid, signal.SIGKILL)
    if tear:
        figures.torn += _torn(devchain)
    figures.kills += 1
    _bring_back(devchain, devchain.home, -1)
    if (now := _state(rpc, last)) != state:
        raise WriteLostError(f"the state of block {last} was {state} and is {now}")
    check_reported(rpc, before[-2_000:])


def _torn(devchain: DevChain) -> int:
    """Cut the newest state file in the middle, as a crash of the machine might."""
    for file in listed(devchain.folder)[:1]:
        with file.path.open("r+b") as content:
            content.truncate(file.path.stat().st_size // 2)
        return 1
    return 0


def _state(rpc: Rpc, block: int) -> list[Any]:
    """Return what must be equal before and after: root, hash, balances, nonces at a block."""
    accounts = [signer(writer).address.hex for writer in WRITERS]
    head, *others = rpc.batch(
        [
            ("eth_getBlockByNumber", (hex(block), False)),
            *(("eth_getBalance", (account, hex(block))) for account in accounts),
            *(("eth_getTransactionCount", (account, hex(block))) for account in accounts),
        ]
    )
    return [head["hash"], head["stateRoot"], head["timestamp"], *others]


def reported(home: Path) -> list[dict[str, Any]]:
    """Return what was reported as done, each with its writer, by block and place."""
    notes = []
    for writer in WRITERS:
        path = home / f"reported-{writer}.jsonl"
        lines = path.read_text().split("\n")[:-1] if path.exists() else []
        notes += [{"writer": writer, **json.loads(line)} for line in lines]
    return sorted(notes, key=lambda note: (note["block"], note["index"]))


def check_reported(rpc: Rpc, notes: Sequence[dict[str, Any]]) -> None:
    """Look for every write that was reported as done, where it was reported to be."""
    receipts = rpc.batch(
        [("eth_getTransactionReceipt", ("0x" + note["transaction"],)) for note in notes]
    )
    numbers = sorted({note["block"] for note in notes})
    blocks = rpc.batch([("eth_getBlockByNumber", (hex(number), False)) for number in numbers])
    times = {int(block["number"], 16): int(block["timestamp"], 16) for block in blocks if block}
    for note, receipt in zip(notes, receipts, strict=True):
        if receipt is None:
            raise WriteLostError(f"missing: {note}")
        found = {
            "block": int(receipt["blockNumber"], 16),
            "block_hash": receipt["blockHash"][2:],
            "index": int(receipt["transactionIndex"], 16),
            "time": times[note["block"]],
        }
        if any(note[name] != value for name, value in found.items()):
            raise WriteLostError(f"moved: {note} is now at {found}")


def check_chain(rpc: Rpc, contract: Address, notes: Iterable[dict[str, Any]]) -> None:
    """Check the chain's own record: every write once, in order, as the contract folded them."""
    folded = _ZERO_HASH
    numbers: dict[int, list[int]] = {writer: [] for writer in WRITERS}
    time_before = 0
    for block in _blocks(rpc):
        if int(block["timestamp"], 16) < time_before:
            raise WriteLostError(f"time went back at block {block['number']}")
        time_before = int(block["timestamp"], 16)
        for transaction in block["transactions"]:
            if transaction["to"] == contract.hex:
                given = bytes.fromhex(transaction["input"][2:])
                folded = keccak(folded + given)
                numbers[given[0]].append(int.from_bytes(given[1:]))
    if rpc.call("eth_getStorageAt", contract.hex, "0x0", "latest") != "0x" + folded.hex():
        raise WriteLostError("the contract has folded other writes than the blocks hold")
    for writer, seen in numbers.items():
        if seen != list(range(len(seen))):
            raise WriteLostError(f"writer {writer}: a write is double, missing or out of order")
    for note in notes:
        if note["number"] >= len(numbers[note["writer"]]):
            raise WriteLostError(f"never on the chain: {note}")


def _blocks(rpc: Rpc) -> Iterator[dict[str, Any]]:
    head = int(rpc.call("eth_blockNumber"), 16)
    for first in range(1, head + 1, 100):
        span = range(first, min(first + 100, head + 1))
        yield from rpc.batch([("eth_getBlockByNumber", (hex(one), True)) for one in span])


def _count(home: Path, rpc: Rpc, figures: Figures) -> None:
    figures.reported = len(reported(home))
    figures.blocks = int(rpc.call("eth_blockNumber"), 16)
    for line in (home / "restored.jsonl").read_text().splitlines():
        report = json.loads(line)
        figures.restores += 1
        figures.recovered_blocks += report["recovered_blocks"]
        figures.recovered_writes += report["recovered_transactions"]
        figures.refused_state_files += len(report["refused"])
        figures.not_identical += not report["identical"]
        figures.missing += len(report["missing"])
        figures.seconds.append(report["seconds"])


def _end_at_once(given: threading.ExceptHookArgs) -> None:
    """End the whole process of writers when one of them fails."""
    traceback.print_exception(given.exc_value)
    os._exit(1)


def main() -> int:
    """Run a trial, or one process of its writers."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--contract", type=Address.parse)
    parser.add_argument("--writer", type=int, action="append", default=[])
    chosen = parser.parse_args()
    if chosen.writer:
        threading.excepthook = _end_at_once
        threads = [
            threading.Thread(target=write, args=(chosen.home, chosen.contract, writer))
            for writer in chosen.writer
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return 0
    home = chosen.home or Path(tempfile.mkdtemp(prefix="devchain-crash-"))
    print(run(home, kills=chosen.kills, seed=chosen.seed).summary())
    if chosen.home is None:
        shutil.rmtree(home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
