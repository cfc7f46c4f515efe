"""What the sender's tests share: anvil, a counting contract, faults, and a child process."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from registry.chain.journal import Journal
from registry.chain.rpc import Rpc
from registry.chain.sender import Call, Notice, Patience, Sender
from registry.chain.signer import LocalSigner
from registry.chain.transport import HttpTransport
from registry.chain.wire import Json, quantity, to_data, to_quantity
from registry.domain.ids import Address
from registry.errors import ConnectionLost, NodeUnreachable
from registry.reverts import FailedCall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from registry.chain.fees import Fees

KEY = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
OTHER_KEY = bytes.fromhex("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")
CHAIN_ID = 31_337
START_SECONDS = 120
# Between the search for a free port and its use another program may take it.
PORTS_TRIED = 5
# Nothing that a slow machine does by being slow ends a wait or has anything signed again.
CALM = Patience(timeout=120, resend=10, bump=300, lock=120, outage=60)
# Helps along at once what waits: for tests that hold back the blocks themselves.
QUICK = dataclasses.replace(CALM, resend=0.3, bump=0.5)

# Counts in slot K each call whose first word is K. Reverts with FailedCall() without calldata,
# and, where there is a second word, when K was counted before.
_RUNTIME = (
    "3615601c57"  # CALLDATASIZE ISZERO → refuse
    "60003554"  # SLOAD(K)
    "60403614811515 16601c57"  # CALLDATASIZE = 64 and SLOAD(K) ≠ 0 → refuse
    "600101600035 5500"  # SSTORE(K, SLOAD(K) + 1) STOP
    "5b63" + FailedCall.selector.hex() + "6000526004601cfd"
).replace(" ", "")
_SIZE = f"{len(_RUNTIME) // 2:02x}"
COUNTER = bytes.fromhex(f"60{_SIZE}600c60003960{_SIZE}6000f3{_RUNTIME}")
# Goes round a loop as often as its first word says, some 40 gas each time.
BURNER = bytes.fromhex(
    "6012600c60003960126000f36000355b80156010576001900360035 65b00".replace(" ", "")
)


def word(number: int) -> bytes:
    """Return a number as 32 bytes."""
    return number.to_bytes(32, "big")


@dataclass
class Anvil:
    """Hold a running anvil, which may be stopped, started and told what to do."""

    port: int
    args: tuple[str, ...] = ()
    chain_id: int = CHAIN_ID
    process: subprocess.Popen[bytes] = field(init=False)
    rpc: Rpc = field(init=False)

    def start(self) -> bool:
        """Start the node and wait until it answers; return False where its port is taken."""
        command = ["anvil", "--silent", "--port", str(self.port), "--chain-id", str(self.chain_id)]
        self.process = subprocess.Popen([*command, *self.args])
        self.rpc = Rpc.connect(self.url)
        end = time.monotonic() + START_SECONDS
        while self.process.poll() is None:
            with contextlib.suppress(NodeUnreachable):
                self.rpc.call("web3_clientVersion")
                # Whoever has the port answers: it is our node that must be there.
                return self.process.poll() is None
            assert time.monotonic() < end, "anvil does not answer"
            time.sleep(0.025)
        self.rpc.close()
        return False

    def stop(self) -> None:
        """End the node."""
        self.process.terminate()
        self.process.wait()
        self.rpc.close()

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def mine(self, blocks: int = 1) -> None:
        """Make blocks from what waits."""
        for _ in range(blocks):
            self.rpc.call("evm_mine")

    def count(self, counter: Address, key: int) -> int:
        """Return how often a key was counted."""
        return self.rpc.ask(quantity, "eth_getStorageAt", counter.hex, to_quantity(key), "latest")

    def nonce(self, account: Address) -> int:
        """Return how many transactions of an account are in blocks."""
        return self.rpc.ask(quantity, "eth_getTransactionCount", account.hex, "latest")

    def drop(self, transaction: bytes) -> None:
        """Take a transaction out of the pool."""
        self.rpc.call("hardhat_dropTransaction", to_data(transaction))


@contextlib.contextmanager
def running(*args: str, chain_id: int = CHAIN_ID) -> Iterator[Anvil]:
    """Run anvil on a free port."""
    for _ in range(PORTS_TRIED):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        anvil = Anvil(port=port, args=args, chain_id=chain_id)
        if anvil.start():
            break
    else:
        raise AssertionError("anvil does not start")
    try:
        yield anvil
    finally:
        anvil.stop()


@contextlib.contextmanager
def stilled(start: int, signers: Iterable[LocalSigner]) -> Iterator[Rpc]:
    """Run a chain that begins at a time and whose clock moves only as it is told; fund these."""
    with running("--timestamp", str(start), "--accounts", "1") as anvil:
        anvil.rpc.call("anvil_setBlockTimestampInterval", 0)
        for signer in signers:
            anvil.rpc.call("hardhat_setBalance", signer.address.hex, hex(10**22))
        yield anvil.rpc


class FaultyTransport:
    """Carry payloads to a node as `fault` says.

    `fault` sees each payload, and returns None, "before" to lose it on the way, or "after" to lose
    the answer. `answer` sees it too, and may answer in the node's place. `carrier` is the way to
    the node, which may be exchanged.
    """

    def __init__(self, url: str) -> None:
        """Carry everything until told otherwise."""
        self.carrier = HttpTransport(url)
        self.fault: Callable[[bytes], str | None] = lambda _: None
        self.answer: Callable[[bytes], bytes | None] = lambda _: None
        self.payloads: list[bytes] = []

    @property
    def url(self) -> str:
        """Return where the node is."""
        return self.carrier.url

    def send(self, payload: bytes) -> bytes:
        """Send one payload, or lose it."""
        self.payloads.append(payload)
        fault = self.fault(payload)
        if fault == "before":
            raise NodeUnreachable(url=self.url, reason="ordered")
        answer = self.answer(payload) or self.carrier.send(payload)
        if fault == "after":
            raise ConnectionLost(url=self.url, reason="ordered")
        return answer

    def close(self) -> None:
        """Close the connections."""
        self.carrier.close()

    def count(self, method: bytes) -> int:
        """Return how often a method was asked for."""
        return sum(payload.count(b'"' + method + b'"') for payload in self.payloads)


@dataclass
class Bench:
    """Hold a sender with all that belongs to it."""

    anvil: Anvil
    home: Path
    transport: FaultyTransport
    journal: Journal
    sender: Sender
    notices: list[Notice]

    @property
    def codes(self) -> list[str]:
        """Return the codes of the notices so far."""
        return [notice.code for notice in self.notices]


@contextlib.contextmanager
def bench(
    anvil: Anvil,
    home: Path,
    *,
    key: bytes = KEY,
    confirmations: int = 1,
    patience: Patience = CALM,
    fees: Fees | None = None,
) -> Iterator[Bench]:
    """Put a sender together as one process has it."""
    transport, notices = FaultyTransport(anvil.url), list[Notice]()
    with Rpc(transport, chain_id=CHAIN_ID) as rpc, Journal(home / "journal.sqlite3") as journal:
        sender = Sender(
            rpc,
            LocalSigner(key),
            journal,
            lock_dir=home / "locks",
            confirmations=confirmations,
            fees=fees,
            patience=patience,
            notify=notices.append,
        )
        yield Bench(anvil, home, transport, journal, sender, notices)


def deployed(using: Bench) -> Address:
    """Deploy the counter and return where it is."""
    contract = using.sender.send(Call(to=None, data=COUNTER, purpose="deploy")).contract
    assert contract is not None
    return contract


def counting(counter: Address, first: int, number: int) -> list[Call]:
    """Return calls that count each key from `first` once."""
    return [
        Call(to=counter, data=word(key), purpose="count", intent=f"count:{key}")
        for key in range(first, first + number)
    ]


# ---- a process of its own, which can be made to die -------------------------------------------

_POINTS = {
    "before-record": (Journal, "record", "before"),
    "after-record": (Journal, "record", "after"),
    "after-push": (Journal, "mark_sent", "before"),
    "after-sent": (Journal, "mark_sent", "after"),
    "before-settle": (Journal, "settle", "before"),
    "after-settle": (Journal, "settle", "after"),
    "before-claim": (Journal, "claim", "before"),
    "after-claim": (Journal, "claim", "after"),
}
CRASH_POINTS = tuple(_POINTS)
DEAD = 9


def child(
    anvil: Anvil, home: Path, counter: Address, first: int, number: int, *options: str
) -> subprocess.Popen[str]:
    """Start a process that counts keys; `options` are a crash point and which time to die there."""
    command = [sys.executable, "-m", "tests.integration.sending"]
    given = [anvil.port, home, counter, first, number, *options]
    return subprocess.Popen(
        [*command, *map(str, given)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def _die_at(point: str, time_there: int) -> None:
    owner, name, when = _POINTS[point]
    original = getattr(owner, name)
    passed = 0

    def dying(*args: Json, **named: Json) -> Json:
        nonlocal passed
        passed += 1
        if passed == time_there and when == "before":
            os._exit(DEAD)
        result = original(*args, **named)
        if passed == time_there:
            os._exit(DEAD)
        return result

    setattr(owner, name, dying)


def _main(
    port: str, home: str, counter: str, first: str, number: str, point: str = "", at: str = "1"
) -> None:
    if point:
        _die_at(point, int(at))
    anvil = Anvil(port=int(port))
    with bench(anvil, Path(home)) as using:
        calls = counting(Address.parse(counter), int(first), int(number))
        for landed in using.sender.send_all(calls):
            print(landed.transaction.hex(), landed.nonce, flush=True)  # noqa: T201 (its answer)


if __name__ == "__main__":
    _main(*sys.argv[1:])
