"""Several keys send one list together: each call once, outcomes in order, crashes included."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.chain.fleet import Fleet
from registry.chain.journal import Journal
from registry.chain.rpc import Rpc
from registry.chain.sender import Call, Sender
from registry.chain.signatures import sign_typed
from registry.chain.signer import LocalSigner
from registry.domain.events import ProductRegistered
from registry.domain.ids import Address
from registry.domain.key_operations import AppointAgent
from registry.domain.keys import agent_consent
from registry.domain.operations import Enrol, Register
from registry.domain.party import Scope
from registry.domain.terms import SigningDomain
from registry.reverts import FailedCall
from tests.integration.sending import (
    CALM,
    CHAIN_ID,
    KEY,
    OTHER_KEY,
    Anvil,
    counting,
    deployed,
    running,
    word,
)
from tests.integration.sending import bench as bench_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import World

pytestmark = pytest.mark.anvil
THIRD_KEY = bytes.fromhex("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a")
THREE = (KEY, OTHER_KEY, THIRD_KEY)


@dataclass
class Port:
    """Hold three senders on one node with one journal, and a contract that counts."""

    anvil: Anvil
    home: Path
    journal: Journal
    senders: list[Sender]
    counter: Address

    def counted(self, first: int, number: int) -> list[int]:
        """Return how often each of some keys was counted."""
        return [self.anvil.count(self.counter, key) for key in range(first, first + number)]


@contextlib.contextmanager
def fleet_at(anvil: Anvil, home: Path) -> Iterator[tuple[Journal, list[Sender]]]:
    """Put three senders together as one process has them."""
    with (
        Rpc.connect(anvil.url, chain_id=CHAIN_ID) as rpc,
        Journal(home / "journal.sqlite3") as journal,
    ):
        made = [
            Sender(rpc, LocalSigner(key), journal, lock_dir=home / "locks", patience=CALM)
            for key in THREE
        ]
        yield journal, made


@pytest.fixture(scope="module")
def steady() -> Iterator[Anvil]:
    """Return a node that makes a block a second, for whoever comes."""
    with running("--block-time", "1") as started:
        yield started


@pytest.fixture
def port(steady: Anvil, tmp_path: Path) -> Iterator[Port]:
    """Return three senders and a contract of their own."""
    with bench_of(steady, tmp_path) as one:
        counter = deployed(one)
    with fleet_at(steady, tmp_path) as (journal, senders):
        yield Port(steady, tmp_path, journal, senders, counter)


def test_each_call_lands_once_and_outcomes_keep_their_order(port: Port) -> None:
    """All three keys take part, each without a hole; the outcomes come as the calls stand."""
    starts = {sender.address: port.anvil.nonce(sender.address) for sender in port.senders}
    calls = counting(port.counter, 1, 300)
    landed = list(Fleet(port.senders).send_all(calls))
    assert [one.intent for one in landed] == [call.intent for call in calls]
    assert port.counted(1, 300) == [1] * 300
    sent = [port.anvil.nonce(address) - start for address, start in starts.items()]
    assert sum(sent) == 300
    assert all(number > 50 for number in sent)
    rows = [port.journal.get(one.transaction) for one in landed]
    assert all(row is not None and row.claimed for row in rows)


def test_the_same_words_are_a_new_wish_once_answered(port: Port) -> None:
    """Equal calls in one list land each, and again when the list is sent again."""
    calls = counting(port.counter, 1, 4) * 2
    fleet = Fleet(port.senders)
    for times in (2, 4):
        assert len(list(fleet.send_all(calls))) == 8
        assert port.counted(1, 4) == [times] * 4


def test_a_list_that_was_broken_off_is_finished_and_not_repeated(port: Port) -> None:
    """Whoever stops after some outcomes and asks for the others gets each of them once."""
    calls = counting(port.counter, 1, 120)
    results = Fleet(port.senders).send_all(calls)
    taken = list(itertools.islice(results, 50))
    results.close()
    rest = list(Fleet(port.senders).send_all(calls[50:]))
    assert [one.intent for one in [*taken, *rest]] == [call.intent for call in calls]
    assert port.counted(1, 120) == [1] * 120


def test_a_named_run_remembers_whichever_key_it_was(port: Port) -> None:
    """The same run, sent again whole, sends nothing."""
    calls = counting(port.counter, 1, 40)
    first = list(Fleet(port.senders).send_all(calls, run="table.csv"))
    again = list(Fleet(port.senders).send_all(calls, run="table.csv"))
    assert [one.transaction for one in first] == [one.transaction for one in again]
    assert all(one.resumed for one in again)
    assert port.counted(1, 40) == [1] * 40


def test_a_refusal_is_raised_in_its_place(port: Port) -> None:
    """All before it land and are handed out; then comes its error, and nothing new is begun."""
    calls = counting(port.counter, 1, 60)
    calls[40] = Call(to=port.counter, intent="refused")
    results = Fleet(port.senders).send_all(calls)
    landed = list(itertools.islice(results, 40))
    assert [one.intent for one in landed] == [call.intent for call in calls[:40]]
    with pytest.raises(FailedCall):
        next(results)
    assert port.counted(1, 40) == [1] * 40


def test_what_the_list_raises_is_raised_after_the_outcomes_before_it(port: Port) -> None:
    """A source that breaks loses nothing that it gave."""

    def broken() -> Iterator[Call]:
        yield from counting(port.counter, 1, 10)
        raise OSError("the table cannot be read any more")

    results = Fleet(port.senders).send_all(broken())
    assert len(list(itertools.islice(results, 10))) == 10
    with pytest.raises(OSError, match="any more"):
        next(results)


def test_a_fleet_has_senders_and_each_once() -> None:
    """None at all, or one key twice, is refused."""
    with pytest.raises(ValueError, match="one or more"):
        Fleet([])


@pytest.mark.parametrize("outcomes", [0, 1, 90])
def test_after_a_kill_the_rest_is_sent_once(port: Port, outcomes: int) -> None:
    """A process killed after some outcomes: asked for the others, each call has landed once."""
    command = [sys.executable, "-m", "tests.integration.test_fleet"]
    given = [port.anvil.port, port.home, port.counter, 200, outcomes]
    victim = subprocess.run(
        [*command, *map(str, given)], cwd=Path(__file__).parents[2], check=False
    )
    assert victim.returncode == -signal.SIGKILL
    calls = counting(port.counter, 1, 200)
    rest = list(Fleet(port.senders).send_all(calls[outcomes:]))
    assert [one.intent for one in rest] == [call.intent for call in calls[outcomes:]]
    assert port.counted(1, 200) == [1] * 200


def test_agents_of_a_party_register_together(world: World) -> None:
    """Operations spread over a party's key and two agents register for that party, in order."""
    controller, *agents = world.accounts[1:4]
    ledger, deployment = world.ledger, world.deployment
    ledger.submit(Enrol(identity_hash=bytes(32)), account=controller)
    party = ledger.party_of(controller)
    assert party is not None
    domain = SigningDomain(chain_id=deployment.chain_id, verifying_contract=deployment.parties)
    ends = ledger.moment().time + 86_400
    for key in agents:
        message = agent_consent(
            party=party, key=key, scopes=Scope.ALL, valid_until=ends, deadline=ends
        )
        consent = sign_typed(world.senders[key]._signer, message, domain)
        ledger.submit(
            AppointAgent(
                key=key, scopes=Scope.ALL, valid_until=ends, deadline=ends, consent=consent
            ),
            account=controller,
        )
    items = [Register(content_root=word(k), metadata_hash=word(k)) for k in range(1, 41)]
    done: list[int] = []
    receipts = list(
        ledger.submit_all(items, account=controller, beside=agents, progress=done.append)
    )
    assert [receipt.operation for receipt in receipts] == items
    assert done == list(range(1, 41))
    events = [event for receipt in receipts for event in receipt.events]
    assert all(isinstance(e, ProductRegistered) and e.applicant == party for e in events)


def _main(port: str, home: str, counter: str, number: str, outcomes: str) -> None:
    """Send as a process of its own that dies after some outcomes, or before the first."""
    with fleet_at(Anvil(port=int(port)), Path(home)) as (_, senders):
        results = Fleet(senders).send_all(counting(Address.parse(counter), 1, int(number)))
        for _ in range(int(outcomes)):
            next(results)
        if not int(outcomes):
            Journal.settle = lambda *_, **__: _die()  # type: ignore[method-assign]
            next(results)
        _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _main(*sys.argv[1:])
