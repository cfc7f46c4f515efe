"""The file of receipts: it takes each use once, and keeps it."""

import sqlite3
import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from registry.domain.agreement_operations import Approval
from registry.domain.ids import Address, GrantId
from registry.domain.signing import UsageReceipt
from registry.domain.usage import Settled, SignedReceipt
from registry.domain.vocabulary import Action, Purpose
from registry.errors import ReceiptNarrowed, ReceiptNotNext, ReceiptsUnusable
from registry.receipts import Receipts

CHAIN, METER, GRANT = 31337, Address.of(9), GrantId.of(7)
OURS = Approval(signer=Address.of(1), signature=b"\x01" * 65)
THEIRS = Approval(signer=Address.of(2), signature=b"\x02" * 65)


def receipt(sequence: int, cumulative: int, grant: GrantId = GRANT) -> SignedReceipt:
    """Return a receipt with this number and sum, signed by the grantee."""
    told = UsageReceipt(
        grant=grant,
        cumulative=cumulative,
        sequence=sequence,
        purpose=Purpose.RESEARCH,
        action=Action.QUERY,
        at=1_750_000_000,
    )
    return SignedReceipt(chain_id=CHAIN, meter=METER, receipt=told, grantee=THEIRS)


def test_the_newest_receipt_stands_for_those_before(tmp_path: Path) -> None:
    """Of each grant the newest receipt is kept, also when the file is opened again."""
    with Receipts(tmp_path / "receipts") as kept:
        kept.keep(receipt(1, 3), added=3)
        kept.keep(receipt(2, 10), added=7)
        kept.keep(receipt(1, 1, GrantId.of(8)), added=1)
    with Receipts(tmp_path / "receipts") as kept:
        found = kept.newest(CHAIN, METER, GRANT)
        assert found is not None
        assert (found.receipt, found.settled, found.open) == (receipt(2, 10), 0, 10)
        assert [one.receipt.receipt.grant for one in kept.all(CHAIN, METER)] == [
            GRANT,
            GrantId.of(8),
        ]
        assert kept.newest(CHAIN + 1, METER, GRANT) is None


@pytest.mark.parametrize(
    ("sequence", "cumulative", "added"), [(2, 5, 0), (1, 9, 4), (3, 4, -1), (3, 7, 1), (3, 5, 1)]
)
def test_a_receipt_that_does_not_go_on_is_refused(
    tmp_path: Path, sequence: int, cumulative: int, added: int
) -> None:
    """A replay, a smaller sum, and a sum that adds something else than said leave all as it was."""
    with Receipts(tmp_path / "receipts") as kept:
        kept.keep(receipt(2, 5), added=5)
        with pytest.raises(ReceiptNotNext) as refused:
            kept.keep(receipt(sequence, cumulative), added=added)
        assert (refused.value.last_sequence, refused.value.last_cumulative) == (2, 5)
        found = kept.newest(CHAIN, METER, GRANT)
        assert found is not None
        assert found.receipt == receipt(2, 5)


def test_a_receipt_that_leaves_out_a_purpose_is_refused(tmp_path: Path) -> None:
    """What the last one was for is said again until the chain has it."""
    other = receipt(2, 5)
    other = replace(other, receipt=replace(other.receipt, purpose=Purpose.INSURANCE))
    with Receipts(tmp_path / "receipts") as kept:
        kept.keep(receipt(1, 3), added=3)
        for settled in (Settled(), Settled(cumulative=2, sequence=1)):
            with pytest.raises(ReceiptNarrowed) as refused:
                kept.keep(other, added=2, settled=settled)
            assert refused.value.missing == ["RESEARCH"]
        kept.keep(other, added=2, settled=Settled(cumulative=3, sequence=1))


def test_of_two_that_claim_the_same_step_one_is_taken(tmp_path: Path) -> None:
    """Twenty threads and two files at once: each step of the sum is counted once."""
    path, taken, refused = tmp_path / "receipts", [], []
    files = [Receipts(path), Receipts(path)]

    def use(number: int) -> None:
        try:
            files[number % 2].keep(receipt(number, 1), added=1)
            taken.append(number)
        except ReceiptNotNext:
            refused.append(number)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (1, 19)
    for file in files:
        file.close()


def test_a_signature_that_is_there_stays(tmp_path: Path) -> None:
    """A second signature completes the newest receipt; an older receipt changes nothing."""
    with Receipts(tmp_path / "receipts") as kept:
        kept.keep(receipt(1, 1), added=1)
        kept.complete(replace(receipt(1, 1), grantor=OURS, grantee=None))
        kept.complete(receipt(0, 0))
        found = kept.newest(CHAIN, METER, GRANT)
        assert found is not None
        assert (found.receipt.grantor, found.receipt.grantee) == (OURS, THEIRS)
        kept.complete(receipt(2, 4))
        kept.settled(CHAIN, METER, GRANT, 3)
        found = kept.newest(CHAIN, METER, GRANT)
        assert found is not None
        assert (found.receipt, found.settled, found.open) == (receipt(2, 4), 3, 1)


def test_refusals_are_kept_in_their_order(tmp_path: Path) -> None:
    """Statements of refusals come back in order, of all grants or of one."""
    with Receipts(tmp_path / "receipts") as kept:
        for number in range(1203):
            kept.keep_refusal(CHAIN, GrantId.of(1 + number % 2), number, f"statement {number}")
        told = list(kept.refusals(CHAIN))
        assert [text for _, text in told] == [f"statement {number}" for number in range(1203)]
        assert len(list(kept.refusals(CHAIN, GrantId.of(1)))) == 602
        assert list(kept.refusals(CHAIN + 1)) == []


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine can read what was used."""
    path = tmp_path / "folder" / "receipts"
    with Receipts(path) as kept:
        kept.keep(receipt(1, 1), added=1)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file that is no database, and one that breaks off, are errors that name the file."""
    path = tmp_path / "receipts"
    path.write_text("not a database, but long enough to be taken for one at first sight" * 20)
    with pytest.raises(ReceiptsUnusable) as refused:
        Receipts(path)
    assert refused.value.file == str(path)
    whole = tmp_path / "whole"
    with Receipts(whole) as kept:
        kept.keep(receipt(1, 1), added=1)
        with sqlite3.connect(whole) as other:
            other.execute("DROP TABLE receipts")
        other.close()
        with pytest.raises(ReceiptsUnusable):
            kept.keep(receipt(2, 2), added=1)


def test_a_row_that_nobody_wrote_is_the_files_fault(tmp_path: Path) -> None:
    """Not that of who asks: what was kept and what was offered are no receipts any more."""
    path = tmp_path / "receipts"
    with Receipts(path) as kept:
        kept.keep(receipt(1, 1), added=1)
        kept.offer(receipt(2, 2))
        with sqlite3.connect(path) as other:
            other.execute("UPDATE receipts SET text='{}'")
            other.execute("UPDATE offered SET text='{}'")
        other.close()
        for asked in (
            lambda: kept.newest(CHAIN, METER, GRANT),
            lambda: kept.all(CHAIN, METER),
            lambda: kept.offered(CHAIN, METER, GRANT),
            lambda: kept.keep(receipt(2, 2), added=1),
        ):
            with pytest.raises(ReceiptsUnusable) as refused:
                asked()
            assert refused.value.file == str(path)
