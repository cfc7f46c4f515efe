"""Other ways to a node and other kinds of it: a local socket, and one that forgets old states."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.reader import ChainReader
from registry.chain.rpc import Rpc
from registry.domain.moment import AtBlock
from registry.domain.party import Enrolment
from registry.errors import BlockUnknown, StateUnavailable, WrongChain
from tests.conftest import CHAIN_ID, KEYS, sender_of, started, stopped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World


@pytest.mark.only_anvil("hardhat listens at no socket but a port")
def test_a_local_socket_gives_the_same_answers(tmp_path: Path) -> None:
    """Deploying, asking and reading events work over a node's socket."""
    path = tmp_path / "node.ipc"
    process, url = started(tmp_path / "anvil.log", "--ipc", str(path))
    try:
        with (
            Rpc.connect(str(path), chain_id=CHAIN_ID) as near,
            Rpc.connect(url, chain_id=CHAIN_ID) as far,
            closing(Journal(tmp_path / "journal.sqlite3")) as journal,
        ):
            made = deploy(sender_of(near, KEYS[0], tmp_path, journal), policy=Enrolment.OPEN)
            assert list(ChainReader(near, made).events()) == list(ChainReader(far, made).events())
            at = AtBlock(made.block)
            assert ChainReader(near, made).moment(at) == ChainReader(far, made).moment(at)
    finally:
        stopped(process)


@pytest.mark.only_anvil("hardhat keeps the states of all blocks")
def test_a_node_that_pruned_a_state_is_undecidable(tmp_path: Path) -> None:
    """What such a node says of an old block is no answer; of a recent one it is."""
    process, url = started(tmp_path / "anvil.log", "--prune-history", "--chain-id", str(CHAIN_ID))
    try:
        with (
            Rpc.connect(url, chain_id=CHAIN_ID) as rpc,
            closing(Journal(tmp_path / "journal.sqlite3")) as journal,
        ):
            sender = sender_of(rpc, KEYS[0], tmp_path, journal)
            made = deploy(sender, policy=Enrolment.OPEN)
            ledger = ChainLedger(rpc, made)
            party = ledger.party_of(sender.address)
            assert party is not None
            old = ledger.moment()
            rpc.call("anvil_mine", "0x400")
            assert ledger.party(party, at=ledger.moment()) is not None
            with pytest.raises(StateUnavailable):
                ledger.party(party, at=old)
    finally:
        stopped(process)


def test_a_block_that_does_not_exist_is_said_so(world: World) -> None:
    """A question about a block that the node has not is about no block, not about no state."""
    now = world.ledger.moment()
    future = type(now)(block=now.block + 1000, time=now.time, block_hash=bytes(32))
    party = world.ledger.party_of(world.accounts[0])
    assert party is not None
    with pytest.raises(BlockUnknown):
        world.ledger.party(party, at=future)


def test_another_chain_is_refused(world: World) -> None:
    """A node on a chain that was not expected gives no answers."""
    with (
        Rpc.connect(world.url, chain_id=CHAIN_ID + 1) as rpc,
        pytest.raises(WrongChain) as caught,
    ):
        ChainReader(rpc, world.deployment).moment()
    assert (caught.value.expected, caught.value.actual) == (CHAIN_ID + 1, CHAIN_ID)
