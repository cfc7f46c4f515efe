"""What an earlier run left: it stands for the same wish, is told, and not for ever."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from cli.schema import RESULTS, problems
from registry.chain.journal import Journal
from registry.chain.rpc import Rpc
from registry.chain.sender import Call, Patience
from registry.chain.signer import LocalSigner
from registry.errors import InsufficientFunds, ReceiptTimeout
from tests.integration.cli_world import World, make, run
from tests.integration.sending import (
    KEY,
    Bench,
    bench,
    counting,
    deployed,
    running,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.chain.entries import Entry

pytestmark = pytest.mark.anvil


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Bench]:
    """Return a sender on a node of its own that mines at once."""
    with running() as anvil, bench(anvil, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give the module one dev chain with a holder and a buyer."""
    made = make(tmp_path_factory.mktemp("world"))
    yield made
    made.dengji("chain", "down", "--force")


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Lose every outcome as a kill does, until the patch is undone."""
    monkeypatch.setattr(Journal, "claim", lambda *_: None)
    yield monkeypatch
    monkeypatch.undo()


# ---- the sender --------------------------------------------------------------------------------


def test_a_landed_wish_is_not_sent_again_until_the_account_goes_on(
    held: Bench, killed: pytest.MonkeyPatch
) -> None:
    """Unanswered, a landed call is the answer; once a later one was answered, it is a new wish."""
    counter = deployed(held)
    first, other = counting(counter, 1, 2)
    before = held.sender.send(first)
    again = held.sender.send(first)
    assert (again.transaction, again.resumed) == (before.transaction, True)
    assert held.codes == ["transactions-adopted"]
    assert f"count 0x{before.transaction.hex()}" in str(held.notices[0].fields["named"])
    killed.undo()
    held.sender.send(other)
    fresh = held.sender.send(first)
    assert (fresh.transaction != before.transaction, fresh.resumed) == (True, False)
    assert held.anvil.count(counter, 1) == 2


def test_a_long_run_adopts_all_that_landed_though_it_goes_on_meanwhile(
    held: Bench, killed: pytest.MonkeyPatch
) -> None:
    """What one run itself hands over is no reason to send the rest of what landed again."""
    counter = deployed(held)
    calls = counting(counter, 1, 12)
    list(held.sender.send_all(reversed(calls)))
    killed.undo()
    held.sender.window = 3
    landed = list(held.sender.send_all(calls))
    assert all(one.resumed for one in landed)
    assert [held.anvil.count(counter, key) for key in range(1, 13)] == [1] * 12


def test_another_command_tells_what_it_finished(held: Bench) -> None:
    """What an earlier run left waiting is told, once, by the command that it lands with."""
    counter = deployed(held)
    left, other = counting(counter, 1, 2)
    held.anvil.rpc.call("evm_setAutomine", False)  # noqa: FBT003
    with bench(held.anvil, held.home, patience=Patience(timeout=0.2)) as hasty:
        with pytest.raises(ReceiptTimeout):
            hasty.sender.send(left)
        (row,) = hasty.journal.unfinished(hasty.sender.submission.chain())
    held.anvil.rpc.call("evm_setAutomine", True)  # noqa: FBT003
    held.anvil.mine()
    held.sender.send(other)
    (notice,) = [one for one in held.notices if one.code == "transactions-finished"]
    assert notice.fields == {"count": 1, "named": f"count 0x{row.hash.hex()}"}
    held.notices.clear()
    assert not held.sender.send(left).resumed
    assert held.codes == []


def test_the_same_words_stand_for_other_data(held: Bench, killed: pytest.MonkeyPatch) -> None:
    """A call in the words of one that landed unanswered is that one, whatever its data."""
    counter = deployed(held)
    said = Call(to=counter, data=word(1), purpose="count", wish="count once")
    before = held.sender.send(said)
    # Without a selector, the first four bytes of both words are the same zeros.
    again = held.sender.send(dataclasses.replace(said, data=word(2)))
    assert again.transaction == before.transaction
    killed.undo()
    assert [held.anvil.count(counter, key) for key in (1, 2)] == [1, 0]


def test_an_account_that_was_emptied_is_told_what_it_has_and_needs(held: Bench) -> None:
    """What cannot be sent again for want of money names the true balance and what all needs."""
    address = LocalSigner(KEY).address
    counter = deployed(held)
    held.anvil.rpc.call("evm_setAutomine", False)  # noqa: FBT003
    with bench(held.anvil, held.home, patience=Patience(timeout=0.2)) as hasty:
        with pytest.raises(ReceiptTimeout):
            list(hasty.sender.send_all(counting(counter, 1, 2)))
        left = hasty.journal.unfinished(hasty.sender.submission.chain())
    for row in left:
        held.anvil.drop(row.hash)
    held.anvil.rpc.call("hardhat_setBalance", address.hex, hex(4321))
    with pytest.raises(InsufficientFunds) as caught:
        held.sender.resume()
    assert caught.value.balance == "4321"
    assert int(caught.value.needed) > 2 * 21_000


def test_a_refusal_for_want_of_money_names_the_balance(held: Bench) -> None:
    """Where the node, not the trial, finds an account too poor, its balance is named as well."""
    refusal = {"code": -32003, "message": "insufficient funds for gas * price + value"}

    def poor(payload: bytes) -> bytes | None:
        if b"eth_sendRawTransaction" not in payload:
            return None
        asked = json.loads(payload)
        answers = [
            {"jsonrpc": "2.0", "id": one["id"], "error": refusal}
            for one in (asked if isinstance(asked, list) else [asked])
        ]
        return json.dumps(answers if isinstance(asked, list) else answers[0]).encode()

    balance = held.sender.submission.standing().balance
    held.transport.answer = poor
    with pytest.raises(InsufficientFunds) as caught:
        held.sender.send(Call(to=LocalSigner(KEY).address, value=1))
    assert caught.value.balance == str(balance)
    assert int(caught.value.needed) > 21_000


# ---- the commands ------------------------------------------------------------------------------


def test_a_suspension_of_long_ago_is_no_answer(world: World, killed: pytest.MonkeyPatch) -> None:
    """Suspended unanswered, resumed, suspended again: the party is suspended, and not in words."""
    suspend = ("party", "suspend", world.buyer, "--reason", "BREACH", "--json")
    before = world.dengji(*suspend)
    again = world.dengji(*suspend)
    receipts = [one.result["receipt"] for one in (before, again)]
    assert receipts[0] | {"resumed": True} == receipts[1]
    assert "sent by an earlier run already, in 1 transaction: suspend 0x" in again.err
    assert problems(RESULTS["party.suspend"], again.result) == []
    killed.undo()
    world.dengji("party", "resume", world.buyer)
    later = world.dengji(*suspend)
    assert later.result["receipt"]["transaction"] != receipts[0]["transaction"]
    assert later.result["receipt"]["resumed"] is False
    shown = world.dengji("party", "show", world.buyer, "--json").result
    assert shown["standing"] == "SUSPENDED"
    world.dengji("party", "resume", world.buyer)


@pytest.mark.parametrize("asked", [(), ("--credit-code", "11410000MB0000019W")], ids=len)
def test_an_enrolment_that_was_signed_is_the_one_that_is_sent(
    world: World, asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken off before it was sent, it is what is sent when given again, whatever its salt."""
    record = Journal.record

    def broken_off(journal: Journal, signed: Sequence[Entry]) -> None:
        record(journal, signed)
        if any(entry.purpose == "enrol" for entry in signed):
            raise KeyboardInterrupt

    nobody = run(world.home, "account", "new", "--json").result["address"]
    words = ("--account", nobody, "party", "enrol", *asked, "--json")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Journal, "record", broken_off)
        assert run(world.home, *words).code == 130
    again = run(world.home, *words)
    assert again.result["receipt"]["resumed"] is True
    shown = run(world.home, "--account", nobody, "party", "identity", "show", "--json").result
    assert shown["identity"] == (asked[1] if asked else None)


def test_prose_says_what_an_earlier_run_sent(world: World, killed: pytest.MonkeyPatch) -> None:
    """A receipt in prose says that an earlier run sent the transaction, and nothing where not."""
    suspend = ("party", "suspend", world.buyer, "--reason", "RISK")
    first, again = world.dengji(*suspend), world.dengji(*suspend)
    assert "sent by an earlier run" not in first.out
    assert "sent by an earlier run  true" in again.out
    killed.undo()
    world.dengji("party", "resume", world.buyer)


def test_an_agent_is_appointed_once_though_its_end_was_said_from_now(
    world: World, killed: pytest.MonkeyPatch
) -> None:
    """Asked for again later in the same words, "30d" among them, it is what was sent before."""
    agent = run(world.home, "account", "new", "--json").result["address"]
    words = ("party", "agent", "add", agent, "--scope", "REGISTER", "--until", "30d", "--json")
    before = world.dengji(*words).result
    with Rpc.connect(world.url, chain_id=world.chain_id) as rpc:
        rpc.call("evm_increaseTime", 3_600)
        rpc.call("evm_mine")
    again = world.dengji(*words).result
    killed.undo()
    assert again["receipt"] == before["receipt"] | {"resumed": True}
    assert again["until"] == before["until"]


def test_an_unanswered_grant_is_issued_once(
    world: World, tmp_path: Path, killed: pytest.MonkeyPatch
) -> None:
    """Asked for again after a crash, with a duration and a text, it is the same grant."""
    text = tmp_path / "terms.txt"
    text.write_text("terms")
    words = ("--until", "90d", "--text", str(text))
    first = world.grant(*words)
    again = world.grant(*words)
    assert first.result["resumed"] is False
    assert again.result["resumed"] is True
    for name in ("id", "clauses", "transaction"):
        assert again.result[name] == first.result[name]
    assert problems(RESULTS["grant.issue"], again.result) == []
    text.write_text("other terms")
    assert world.grant(*words).result["id"] != first.result["id"]
    assert world.grant("--until", "91d").result["resumed"] is False
    killed.undo()
    assert world.grant(*words[:2], "--salt", "7").result["resumed"] is False
    world.dengji("party", "show", world.holder)
    assert world.grant(*words[:2]).result["id"] != world.grant(*words[:2]).result["id"]
