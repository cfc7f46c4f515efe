"""Fixtures for tests on a real chain: one anvil, one deployment, and a clean state for each test.

A test that asks for `world` gets the deployed contracts as they were after deployment: whatever it
writes is taken back when it ends, and so is the clock, which starts at `START` whatever the day is.
"""

from __future__ import annotations

import signal
import subprocess
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.party import Enrolment
from registry.testing import START
from tests import second_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment

ROOT = Path(__file__).resolve().parent.parent
CHAIN_ID = 31337
START_SECONDS = 120
# The development keys that every anvil has, public and worthless anywhere else.
KEYS = (
    "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
)

# The same examples at every run, however slow the machine: `--hypothesis-profile=default` draws new
# ones, and says when an example takes long.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
# The measurement of coverage asks what is reached, not how often.
settings.register_profile("few", settings.get_profile("repeatable"), max_examples=10)
settings.load_profile("repeatable")

# Whoever starts the tests in the background may have them ignore interruptions: the programs that
# they start, and interrupt, are not to inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure() -> None:
    """Put the second kind of node in anvil's place where it is chosen."""
    if second_node.chosen():
        second_node.taken()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pass over, on the second kind of node, what needs anvil's own ways."""
    if not second_node.chosen():
        return
    for item in items:
        for mark in item.iter_markers("only_anvil"):
            item.add_marker(pytest.mark.skip(reason=f"only anvil: {mark.args[0]}"))


@dataclass(frozen=True, slots=True)
class Node:
    """Name a running node."""

    url: str
    pid: int


def anvil_program() -> Path:
    """Return the native anvil, without npm's shim, which leaves its child behind when killed."""
    found = sorted(ROOT.glob("node_modules/@foundry-rs/anvil-*/bin/anvil"))
    if not found:
        pytest.fail("anvil is not installed: run `make setup`")
    return found[0]


def started(log: Path, *options: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start a node on a free port; return its process and address."""
    program = second_node.program() if second_node.chosen() else anvil_program()
    arguments = [str(program), "--host", "127.0.0.1", "--port", "0", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT)
    for _ in range(START_SECONDS * 50):
        said = log.read_text("utf-8", "replace")
        if "Listening on " in said:
            return process, "http://" + said.split("Listening on ")[1].split()[0]
        if process.poll() is not None:
            break
        time.sleep(0.02)
    process.kill()
    process.wait()
    raise AssertionError(f"the node did not start: {log.read_text('utf-8', 'replace')[-500:]}")


def stopped(process: subprocess.Popen[bytes]) -> None:
    """Stop a node that `started` started."""
    process.terminate()
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Run one node for all tests of the session."""
    log = tmp_path_factory.mktemp("anvil") / "anvil.log"
    options = ("--chain-id", str(CHAIN_ID), "--order", "fifo", "--enable-tx-gas-limit")
    process, url = started(log, *options, "--timestamp", str(START))
    try:
        yield Node(url=url, pid=process.pid)
    finally:
        stopped(process)


def sender_of(rpc: Rpc, key: str, home: Path, journal: Journal) -> Sender:
    """Return a sender of one of the development keys."""
    return Sender(rpc, LocalSigner(bytes.fromhex(key)), journal, lock_dir=home / "locks")


@contextmanager
def senders_of(url: str, home: Path) -> Iterator[tuple[Rpc, list[Sender]]]:
    """Connect to a node, and give its connection and a sender of each development key."""
    with (
        Rpc.connect(url, chain_id=CHAIN_ID) as rpc,
        closing(Journal(home / "journal.sqlite3")) as journal,
    ):
        yield rpc, [sender_of(rpc, key, home, journal) for key in KEYS]


@pytest.fixture(scope="session")
def deployment(anvil: Node, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Deploy the contracts once for all tests of the session, by the first key."""
    home = tmp_path_factory.mktemp("deployer")
    with senders_of(anvil.url, home) as (_, senders):
        return deploy(senders[0], policy=Enrolment.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Hold a deployment on a chain whose state is taken back after the test.

    The first account made the deployment, and is its registrar and regulator; the others have funds
    and no party.
    """

    url: str
    rpc: Rpc
    deployment: Deployment
    ledger: ChainLedger
    accounts: tuple[Address, ...]
    senders: dict[Address, Sender] = field(repr=False)

    def mine(self, seconds: int = 1) -> None:
        """Make a block ``seconds`` after the last one."""
        self.rpc.call("evm_increaseTime", seconds)
        self.rpc.call("evm_mine")


def world_of(url: str, rpc: Rpc, deployment: Deployment, senders: Iterable[Sender]) -> World:
    """Return a world in which these act."""
    by_address = {sender.address: sender for sender in senders}
    return World(
        url=url,
        rpc=rpc,
        deployment=deployment,
        ledger=ChainLedger(rpc, deployment, senders=by_address.__getitem__),
        accounts=tuple(by_address),
        senders=by_address,
    )


@contextmanager
def lone_world(folder: Path, start: int) -> Iterator[World]:
    """Run a chain from a time on, of one's own, and deploy the contracts there."""
    options = ("--chain-id", str(CHAIN_ID), "--order", "fifo", "--timestamp", str(start))
    process, url = started(folder / "anvil.log", *options)
    try:
        with senders_of(url, folder) as (rpc, senders):
            yield world_of(url, rpc, deploy(senders[0], policy=Enrolment.OPEN), senders)
    finally:
        stopped(process)


@pytest.fixture
def world(anvil: Node, deployment: Deployment, tmp_path: Path) -> Iterator[World]:
    """Give a test the deployed contracts, and take back afterwards what it wrote."""
    with senders_of(anvil.url, tmp_path) as (rpc, senders):
        snapshot = rpc.call("evm_snapshot")
        try:
            yield world_of(anvil.url, rpc, deployment, senders)
        finally:
            assert rpc.call("evm_revert", snapshot) is True
