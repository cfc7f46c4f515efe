"""Blocks are given up, one to twelve of them: what was sent is there once, and all is told."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from registry.chain.entries import Status
from registry.chain.signer import LocalSigner
from registry.chain.wire import to_data
from tests.integration.breakage.forks import DEEPEST, Fork, reorganise, rival_of
from tests.integration.sending import (
    CALM,
    KEY,
    Anvil,
    Bench,
    bench,
    counting,
    deployed,
    running,
)
from tests.integration.test_sender import Mining, in_background, until, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.domain.ids import Address

pytestmark = pytest.mark.anvil

DEPTHS = range(1, DEEPEST + 1)
CALLS = 14
EAGER = dataclasses.replace(CALM, resend=0.2)
"""Asks soon whether the node still has what waits, and never offers a higher fee."""


@pytest.fixture
def anvil() -> Iterator[Anvil]:
    """Return a node that mines at once, a new one each time.

    After some thirty reorganisations anvil forgets what deep blocks held: a further one of eleven
    or more then leaves contracts without code.
    """
    with running() as made:
        yield made


def disagreeing(using: Bench) -> list[str]:
    """Return what the journal does not have as the chain has it."""
    rows = using.journal._db.execute("SELECT hash FROM transactions ORDER BY rowid").fetchall()
    found = []
    for row in rows:
        entry = using.journal.get(row["hash"])
        assert entry is not None
        receipt = using.anvil.rpc.call("eth_getTransactionReceipt", to_data(entry.hash))
        if entry.status in (Status.LOST, Status.REPLACED):
            agrees = receipt is None
        else:
            landed = receipt and entry.inclusion and to_data(entry.inclusion.block_hash)
            agrees = bool(receipt) and landed == receipt["blockHash"]
        if not agrees:
            found.append(f"{entry.intent} is {entry.status}")
    return found


def counts(using: Bench, counter: Address, number: int, first: int = 1) -> list[int]:
    """Return how often each of some keys was counted."""
    return [using.anvil.count(counter, key) for key in range(first, first + number)]


@pytest.mark.parametrize("fork", Fork, ids=lambda fork: fork.name.lower())
@pytest.mark.parametrize("depth", DEPTHS)
def test_what_landed_and_was_told_is_seen_to_by_the_next_sender(
    anvil: Anvil, tmp_path: Path, depth: int, fork: Fork
) -> None:
    """Whatever its blocks held is there once afterwards, or said to be undone; and done again."""
    with bench(anvil, tmp_path, patience=EAGER) as using:
        counter = deployed(using)
        anvil.mine(DEEPEST)
        calls = counting(counter, 1, CALLS)
        landed = [using.sender.send(call) for call in calls]
        entries = [using.journal.get(one.transaction) for one in landed[-depth:]]
        raws = [one.raw for one in entries if one is not None]
        rival = rival_of(KEY, landed[-depth].nonce)
        reorganise(anvil.rpc, depth, fork, raws, rival)
    with bench(anvil, tmp_path, patience=EAGER) as later:
        later.sender.send(*counting(counter, 100, 1))
        later.sender.resume()
        undone = CALLS - depth if fork is Fork.REPLACED else CALLS
        expected = [int(place != undone) for place in range(CALLS)]
        assert counts(later, counter, CALLS) == expected
        assert disagreeing(later) == []
        if fork is Fork.REPLACED:
            (told,) = [one for one in later.notices if one.code == "transactions-undone"]
            assert f"count 0x{landed[-depth].transaction.hex()}" in str(told.fields["named"])
            later.sender.send(calls[-depth])
        elif fork is Fork.DROPPED:
            assert "transactions-reorganised" in later.codes
        assert counts(later, counter, CALLS) == [1] * CALLS
        assert counts(later, counter, 1, 100) == [1]


@pytest.mark.parametrize("fork", Fork, ids=lambda fork: fork.name.lower())
@pytest.mark.parametrize("depth", DEPTHS)
def test_what_waits_for_its_confirmations_is_there_once(
    tmp_path: Path, depth: int, fork: Fork
) -> None:
    """Amid a pipeline blocks are given up: each call lands once, and is told where it stands."""
    with (
        running("--no-mining") as anvil,
        bench(anvil, tmp_path, confirmations=DEEPEST + 1, patience=EAGER) as using,
    ):
        with Mining(anvil):
            counter = deployed(using)
        nonce = anvil.nonce(LocalSigner(KEY).address)
        thread, outcomes = in_background(using, counting(counter, 1, CALLS))
        until(lambda: len(waiting(using)) == CALLS)
        chain = using.sender.submission.chain()
        raws = [one.raw for one in using.journal.unfinished(chain, using.sender.address.raw)]
        anvil.mine(depth)
        until(lambda: not waiting(using))
        reorganise(anvil.rpc, depth, fork, raws, rival_of(KEY, nonce))
        with Mining(anvil):
            thread.join()
        assert [getattr(one, "intent", one) for one in outcomes] == [
            f"count:{key}" for key in range(1, CALLS + 1)
        ]
        assert counts(using, counter, CALLS) == [1] * CALLS
        assert disagreeing(using) == []
