"""Tests of bringing the dev chain back after a crash."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.calls import Call
from registry.chain.devchain import DevChain, RestoreReport, replay, states
from registry.chain.devchain.archive import BlockArchive
from registry.chain.entries import Inclusion, Status
from registry.chain.journal import Journal
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, Transaction
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.errors import ConnectionLost

if TYPE_CHECKING:
    from tests.integration.devchain.conftest import Trial

pytestmark = pytest.mark.anvil
of_states = pytest.mark.only_anvil("hardhat begins from no state file")

UP = "import sys, pathlib; from registry.chain.devchain import DevChain; "
UP += "DevChain(pathlib.Path(sys.argv[1])).up()"


def restored(trial: Trial) -> RestoreReport:
    """Start the chain, and return what it says of its restore."""
    report = trial.chain.up().restored
    assert report is not None
    return report


def file_of(trial: Trial, block: int) -> Path:
    """Return the state file of a block."""
    return next(file.path for file in states.listed(trial.chain.folder) if file.block == block)


def test_no_reported_write_is_lost(trial: Trial) -> None:
    """After a kill every block is as it was, to the hash, and the report counts them."""
    trial.write(3)
    trial.chain.checkpoint()
    landed = trial.write(4)
    blocks = trial.blocks()
    trial.crash()
    report = restored(trial)
    assert trial.blocks() == blocks
    assert (report.head, report.blocks, report.transactions) == (7, 7, 7)
    assert (report.recovered_blocks, report.recovered_transactions) == (4, 4)
    assert (report.clean, report.identical, report.missing, report.refused) == (False, True, (), ())
    assert [int(trial.blocks()[one.block]["timestamp"], 16) for one in landed] == [
        one.time for one in landed
    ]


def test_blocks_keep_their_grouping_and_order(trial: Trial) -> None:
    """Transactions of several accounts in one block stand in it again, in the same order."""
    chain, signers = trial.chain, [LocalSigner(keccak(bytes((one,)))) for one in range(3)]
    for signer in signers:
        chain.fund(signer.address, 10**18)
    with chain.rpc() as rpc:
        rpc.call("evm_setAutomine", False)  # noqa: FBT003 (JSON)
        for _ in range(3):
            for signer in reversed(signers):
                _leave_waiting(trial, signer)
            rpc.call("evm_mine")
        rpc.call("evm_setAutomine", True)  # noqa: FBT003 (JSON)
    trial.write()
    blocks = trial.blocks()
    assert [len(block["transactions"]) for block in blocks] == [0, 1, 1, 1, 3, 3, 3, 1]
    trial.crash()
    assert restored(trial).identical
    assert trial.blocks() == blocks


def _leave_waiting(trial: Trial, signer: LocalSigner) -> None:
    """Send one transaction without waiting for its block."""
    nonce = int(trial.ask("eth_getTransactionCount", signer.address.hex, "pending"), 16)
    chain_id = trial.chain.endpoint().chain_id
    fee = DynamicFee(max_fee=10**10, priority=10**9)
    transaction = Transaction(
        chain_id=chain_id, nonce=nonce, gas=21_000, fee=fee, to=bytes(19) + b"\x01", value=1
    )
    trial.ask("eth_sendRawTransaction", "0x" + signer.sign_transaction(transaction).hex())


def test_what_other_tools_sent_comes_back_with_what_we_sent(trial: Trial) -> None:
    """A foreign transaction before one of ours is archived with it; one after it may be lost."""
    trial.foreign()
    landed = trial.write()[0]
    blocks = trial.blocks()
    trial.foreign()
    trial.crash()
    report = restored(trial)
    assert report.recovered_transactions == 2
    assert trial.blocks() == blocks
    assert landed.block == 2


@of_states
def test_a_torn_state_file_is_put_aside(trial: Trial) -> None:
    """The restore begins further back, and the file is kept and named."""
    trial.write(2)
    trial.chain.checkpoint()
    trial.write(2)
    trial.chain.checkpoint()
    trial.write(1)
    blocks = trial.blocks()
    trial.crash()
    torn = file_of(trial, 4)
    os.truncate(torn, torn.stat().st_size // 2)
    trial.chain = DevChain(trial.chain.home, start=Path(__file__), history=0)
    report = restored(trial)
    assert (report.state_file, report.identical) == ("state-0000000002.json", True)
    assert len(report.refused) == 1
    assert (trial.chain.folder / report.refused[0]).stat().st_size
    assert trial.blocks() == blocks


@of_states
def test_a_state_that_is_not_its_blocks_is_refused(trial: Trial) -> None:
    """A state file whose accounts differ from its block's state root is not believed."""
    trial.write(2)
    trial.chain.checkpoint()
    blocks = trial.blocks()
    trial.crash()
    path = file_of(trial, 2)
    content = json.loads(path.read_text())
    content["accounts"]["0x" + "00" * 19 + "77"]["balance"] = "0x1234"
    path.write_text(json.dumps(content))
    trial.chain = DevChain(trial.chain.home, start=Path(__file__), history=0)
    report = restored(trial)
    assert report.state_file is None
    assert len(report.refused) == 1
    assert trial.blocks() == blocks


def test_without_any_state_file_all_is_made_again(trial: Trial) -> None:
    """From genesis, by the archive alone, the whole chain comes out bit for bit."""
    trial.write(5)
    trial.chain.down()
    trial.chain.up()
    trial.write(5)
    blocks = trial.blocks()
    trial.crash()
    for file in states.listed(trial.chain.folder):
        file.path.unlink()
    report = restored(trial)
    assert (report.state_file, report.blocks, report.recovered_blocks) == (None, 10, 10)
    assert report.identical
    assert trial.blocks() == blocks


@pytest.mark.parametrize("damage", ["deleted", "garbage"])
def test_without_an_archive_the_journal_suffices(trial: Trial, damage: str) -> None:
    """From genesis, by the journal alone, all that was reported as done comes out bit for bit."""
    trial.write(6)
    blocks = trial.blocks()
    trial.crash()
    archive = trial.chain.folder / "blocks.sqlite3"
    for suffix in ("-wal", "-shm", ""):
        archive.with_name(archive.name + suffix).unlink(missing_ok=True)
    if damage == "garbage":
        archive.write_bytes(b"no database" * 999)
    report = restored(trial)
    assert (report.head, report.transactions, report.identical) == (6, 6, True)
    assert report.refused == (("blocks.sqlite3",) if damage == "garbage" else ())
    assert trial.blocks() == blocks
    with BlockArchive(archive) as made_again:
        assert made_again.head() == 6


@of_states
def test_without_an_archive_the_newest_state_is_not_given_up(trial: Trial) -> None:
    """Blocks that only a state file knows are not taken for lost."""
    trial.foreign()
    trial.foreign()
    blocks = trial.blocks()
    trial.chain.down()
    for part in trial.chain.folder.glob("blocks.sqlite3*"):
        part.unlink()
    report = restored(trial)
    assert (report.state_block, report.head) == (2, 2)
    assert trial.blocks() == blocks


@of_states
def test_a_gap_in_what_is_known_leaves_later_writes_in_their_blocks(trial: Trial) -> None:
    """Without an archive a foreign block cannot come back: ours keep block, order and time."""
    trial.write()
    trial.foreign(**{"from": _funded(trial)})
    landed = trial.write(2)
    trial.crash()
    for part in trial.chain.folder.glob("blocks.sqlite3*"):
        part.unlink()
    report = restored(trial)
    assert (report.identical, report.missing) == (False, ())
    with Journal(trial.chain.home / "journal.sqlite3") as journal:
        for one in landed:
            entry = journal.get(one.transaction)
            assert entry is not None
            assert entry.inclusion is not None
            assert (entry.inclusion.block, entry.inclusion.time) == (one.block, one.time)
            block = trial.blocks()[one.block]
            assert block["hash"] == "0x" + entry.inclusion.block_hash.hex() != one.block_hash.hex()


def _funded(trial: Trial) -> str:
    """Return another account, which the node signs for."""
    account = "0x" + "ab" * 20
    trial.ask("anvil_setBalance", account, hex(10**18))
    trial.ask("anvil_impersonateAccount", account)
    return account


@of_states
def test_what_was_changed_by_anvils_own_methods_is_kept_by_the_state_file(trial: Trial) -> None:
    """A replay that comes out otherwise is given up for the newest state file."""
    account = _funded(trial)
    trial.foreign(**{"from": account})
    trial.write()
    trial.chain.checkpoint()
    trial.write(2)
    blocks = trial.blocks()
    balance = trial.ask("eth_getBalance", account, "latest")
    trial.crash()
    report = restored(trial)
    assert (report.state_block, report.blocks, report.identical) == (2, 2, True)
    assert trial.blocks() == blocks
    assert trial.ask("eth_getBalance", account, "latest") == balance


@of_states
def test_what_cannot_come_back_is_told_and_sent_again(trial: Trial) -> None:
    """A write that stood on money made by anvil's own methods is named as missing, then resent."""
    chain, poor = trial.chain, LocalSigner(keccak(b"poor"))
    first = trial.write()[0]
    trial.ask("anvil_setBalance", poor.address.hex, hex(10**18))
    call = Call(to=Address(bytes(19) + b"\x05"), value=10**17, purpose="gift")
    gift = _sender(chain, poor, call)
    last = trial.write()[0]
    trial.crash()
    report = restored(trial)
    assert (report.identical, report.missing) == (False, (gift,))
    with Journal(chain.home / "journal.sqlite3") as journal:
        one, lost, other = (
            journal.get(digest) for digest in (first.transaction, gift, last.transaction)
        )
    assert one is not None
    assert other is not None
    assert lost is not None
    assert (one.status, lost.status, other.status) == (Status.LANDED, Status.SENT, Status.LANDED)
    assert other.inclusion is not None
    assert (other.inclusion.block, other.inclusion.time) == (last.block, last.time)
    assert list(chain.folder.glob("blocks.sqlite3.*.aside"))
    chain.fund(poor.address, 10**18)
    with chain.rpc() as rpc, chain.journal() as kept:
        assert Sender(rpc, poor, kept, lock_dir=chain.home / "locks").resume() == 1
        entry = kept.get(gift)
    assert entry is not None
    assert entry.status is Status.LANDED


def _sender(chain: DevChain, signer: LocalSigner, call: Call) -> bytes:
    with chain.rpc() as rpc, chain.journal() as journal:
        return Sender(rpc, signer, journal, lock_dir=chain.home / "locks").send(call).transaction


@of_states
def test_a_long_chain_gets_the_states_of_its_last_blocks(
    new_chain: Callable[..., DevChain],
) -> None:
    """As many old blocks as asked for can be asked about; the replay begins no earlier."""
    chain = new_chain("long", history=4)
    chain.up()
    for number in range(1, 13):
        chain.fund(Address(bytes(19) + b"\x77"), 1)
        if number % 2 == 0:
            chain.checkpoint()
    chain.down()
    report = chain.up().restored
    assert report is not None
    assert (report.head, report.state_block, report.blocks, report.history_from) == (12, 8, 4, 8)
    assert [file.block for file in states.listed(chain.folder)] == [12, 10, 8]
    with chain.rpc() as rpc:
        account = "0x" + "00" * 19 + "77"
        for block in range(8, 13):
            assert int(rpc.call("eth_getBalance", account, hex(block)), 16) == block


@of_states
def test_another_version_of_anvil_makes_no_more_blocks_again_than_it_must(trial: Trial) -> None:
    """It might make them otherwise: the newest state is taken, and what came after is checked."""
    trial.write(2)
    trial.chain.checkpoint()
    trial.write(1)
    blocks = trial.blocks()
    trial.crash()
    path = trial.chain.folder / "chain.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "anvil": "0.9.9"}))
    report = restored(trial)
    assert (report.state_block, report.blocks, report.identical) == (2, 1, True)
    assert trial.blocks() == blocks
    assert trial.chain.endpoint().anvil == content["anvil"]


def test_blocks_that_were_given_up_leave_the_archive(trial: Trial) -> None:
    """After a reorganisation the archive follows the chain that counts."""
    trial.write(4)
    trial.ask("anvil_rollback", 2)
    trial.foreign()
    trial.foreign()
    trial.foreign()
    trial.chain.checkpoint()
    trial.write()
    blocks = trial.blocks()
    assert len(blocks) == 7
    with BlockArchive(trial.chain.folder / "blocks.sqlite3") as archive:
        assert [f"0x{one.hash.hex()}" for one in archive.blocks(0)] == [
            block["hash"] for block in blocks[1:]
        ]
    trial.crash()
    assert restored(trial).identical
    assert trial.blocks() == blocks


@of_states
def test_a_write_after_a_reorganisation_is_not_lost(trial: Trial) -> None:
    """A write in a block whose number was given up before comes back, not what stood there."""
    trial.write()
    account = _funded(trial)
    for _ in range(3):
        trial.foreign(**{"from": account})
    trial.write()
    trial.ask("anvil_rollback", 4)
    landed = trial.write()[0]
    hashes = [block["hash"] for block in trial.blocks()]
    with BlockArchive(trial.chain.folder / "blocks.sqlite3") as archive:
        assert [f"0x{block.hash.hex()}" for block in archive.blocks(0)] == hashes[1:]
    assert len(hashes) == 4
    trial.crash()
    # A node whose blocks were taken back goes on with their base fee, which no replay can know.
    assert restored(trial).missing == ()
    receipt = trial.ask("eth_getTransactionReceipt", "0x" + landed.transaction.hex())
    assert int(receipt["blockNumber"], 16) == landed.block


def test_where_all_is_lost_that_is_not_called_a_success(trial: Trial) -> None:
    """With nothing but a torn state file the chain is empty, and the report does not hide it."""
    trial.foreign()
    trial.chain.down()
    file = file_of(trial, 1)
    os.truncate(file, 100)
    for part in trial.chain.folder.glob("blocks.sqlite3*"):
        part.unlink()
    report = restored(trial)
    assert (report.head, report.identical) == (0, False)
    assert len(report.refused) == 1


def test_time_goes_on_from_now(trial: Trial) -> None:
    """The first block after a restore has the present time, not that of the past."""
    trial.write()
    with trial.chain.rpc() as rpc:
        rpc.call("evm_setNextBlockTimestamp", int(time.time()) + 3)
        rpc.call("evm_mine")
    trial.write()
    time.sleep(4.5)
    trial.crash()
    restored(trial)
    earliest = int(time.time()) - 1
    assert earliest <= trial.write()[0].time <= time.time() + 1


def test_time_that_was_moved_ahead_does_not_go_back(trial: Trial) -> None:
    """On a chain whose head lies in the future the next block is not older."""
    trial.ask("evm_increaseTime", 1_000_000)
    before = trial.write(2)[-1]
    trial.crash()
    assert restored(trial).identical
    assert trial.write()[0].time >= before.time > time.time() + 900_000


def test_a_start_that_is_killed_harms_nothing(trial: Trial) -> None:
    """Whoever starts the chain may be killed at any moment: the next one succeeds."""
    trial.write(40)
    blocks = trial.blocks()
    trial.crash()
    for delay in (0.15, 0.3, 0.45, 0.6):
        starter = subprocess.Popen([sys.executable, "-c", UP, str(trial.chain.home)])
        time.sleep(delay)
        starter.kill()
        starter.wait()
    report = trial.chain.up().restored
    assert report is None or report.identical
    assert trial.blocks() == blocks
    assert not _strays(trial.chain)


def _strays(chain: DevChain) -> list[int]:
    """Return the processes of this chain besides the one that is known."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if os.fsencode(str(chain.folder / "cache")) in words:
            found.append(int(folder.name))
    return [pid for pid in found if pid != chain.endpoint().pid]


@of_states
def test_anvil_killed_while_it_is_restored_harms_nothing(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the node dies in the middle of a replay, the next way is tried."""
    trial.write(10)
    trial.chain.checkpoint()
    blocks = trial.blocks()
    trial.crash()
    whole = replay._send
    died: list[int] = []

    def deadly(rpc: Any, raw: bytes, *, strict: bool) -> bool:  # noqa: ANN401
        if not died:
            died.append(json.loads((trial.chain.folder / "chain.json").read_text())["pid"])
            os.kill(died[0], signal.SIGKILL)
        return whole(rpc, raw, strict=strict)

    monkeypatch.setattr(replay, "_send", deadly)
    report = restored(trial)
    assert died
    assert report.identical
    assert trial.blocks() == blocks


def test_what_was_read_before_a_restore_is_not_archived_after_it(trial: Trial) -> None:
    """A block that was read but not yet written when a restore begins is read anew."""
    trial.foreign()
    path = trial.chain.folder / "blocks.sqlite3"
    seen: list[bytes] = []
    with BlockArchive(path) as archive, BlockArchive(path) as other, trial.chain.rpc() as rpc:

        def interrupted(digest: bytes) -> None:
            seen.append(digest)
            if len(seen) == 1:
                other.begin_epoch()

        assert archive.extend(rpc, known=interrupted) == 1
        assert seen == [seen[0]] * 2


def test_a_write_whose_block_is_gone_is_not_reported(trial: Trial) -> None:
    """An inclusion that the restored chain does not have is refused, and not written down."""
    landed = trial.write()[0]
    gone = Inclusion(
        block=1, block_hash=bytes(32), index=0, time=landed.time, gas_used=1, succeeded=True
    )
    with trial.chain.journal() as journal:
        with pytest.raises(ConnectionLost):
            journal.settle({landed.transaction: gone})
        entry = journal.get(landed.transaction)
    assert entry is not None
    assert entry.inclusion is not None
    assert entry.inclusion.block_hash == landed.block_hash


def test_an_archive_has_no_gap_and_no_stranger(trial: Trial) -> None:
    """Blocks that do not continue the archive are not taken into it."""
    trial.write(3)
    path = trial.chain.folder / "blocks.sqlite3"
    with BlockArchive(path) as archive:
        assert [block.number for block in archive.blocks(0)] == [1, 2, 3]
        archive.cut(1)
        with trial.chain.rpc() as rpc:
            assert archive.extend(rpc, upto=2, known=lambda _: None) == 1
            assert archive.extend(rpc, upto=2, known=lambda _: None) == 0
            assert archive.extend(rpc, known=lambda _: None) == 1
        hashes = [block["hash"] for block in trial.blocks()]
        assert [f"0x{block.hash.hex()}" for block in archive.blocks(0)] == hashes[1:]
    with sqlite3.connect(path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()
