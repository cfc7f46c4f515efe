"""Anchoring, proving and promoting: one root for many, and each leaf on its own afterwards."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_operations import Anchor
from registry.domain.anchor_proof import AnchorProof
from registry.domain.ids import ProductId
from registry.domain.moment import AtTime
from registry.domain.operations import Register
from registry.domain.product import ParticularFlag
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.errors import (
    AnchorArchiveDamaged,
    AnchorElsewhere,
    AnchorNotKept,
    AnchorProofRefused,
    ArchiveNeeded,
    LeafAmbiguous,
    LeafListed,
    LeafTwice,
    LeafUnknown,
)
from registry.reverts import (
    AnchorUnknown,
    ContentRootMissing,
    DerivationMissing,
    LeafUnproven,
    ParticularsInvalid,
    ProductTaken,
    ProfileUnfit,
    RightsBeyondSource,
)
from registry.services.provenance import Outcome
from registry.testing import MemoryLedger, account

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no disk: no power fails here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def item(number: int) -> Register:
    """Return one registration of its own for each number."""
    digest = sha256(number.to_bytes(8)).digest()
    return Register(
        content_root=digest,
        metadata_hash=sha256(digest).digest(),
        salt=number % 3,
        security_class=SecurityClass.IMPORTANT,
    )


def items(count: int) -> Iterator[Register]:
    """Yield that many registrations."""
    return map(item, range(count))


def test_an_anchor_stands_since_its_block_and_is_recognised(
    ledger: MemoryLedger, holder: Dengji
) -> None:
    """One transaction anchors all; the same again sends nothing, though its archive was lost."""
    told: list[int] = []
    made = holder.anchors.anchor(items(40), progress=told.append)
    assert made.receipt is not None
    assert (made.anchored.since, made.anchored.leaves) == (made.receipt.time, 40)
    assert made.archive.name == made.anchored.root.hex() + ".anchor"
    assert (told, made.already) == ([40], False)
    made.archive.unlink()
    ledger.advance(100)
    again = holder.anchors.anchor(items(40))
    assert (again.already, again.anchored, again.archive) == (True, made.anchored, made.archive)
    assert made.archive.is_file()
    (kept,) = holder.anchors.list()
    assert (kept.root, kept.anchored) == (made.anchored.root, made.anchored)


def test_the_archive_is_kept_before_the_root_is_sent(
    ledger: MemoryLedger, holder: Dengji, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever fails in sending, the archive is there; and the same again goes on from it."""
    sent: list[Anchor] = []

    def broken(operation: Anchor, **_: object) -> None:
        sent.append(operation)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "submit", broken)
        with pytest.raises(KeyboardInterrupt):
            holder.anchors.anchor(items(9))
    (kept,) = holder.anchors.list()
    assert (kept.root, kept.leaves, kept.anchored) == (sent[0].root, 9, None)
    made = holder.anchors.anchor(items(9))
    assert (made.anchored.root, made.already) == (sent[0].root, False)


def test_what_a_killed_run_left_is_cleared(holder: Dengji) -> None:
    """A half-written archive of a process that is gone is removed by the next run."""
    folder = holder.anchors.anchor(items(3)).archive.parent
    rest = folder / ".archive.999999999.part"
    rest.write_bytes(b"half")
    holder.anchors.anchor(items(4))
    assert not rest.exists()
    assert len(list(folder.iterdir())) == 2


def test_a_damaged_archive_is_told_and_written_anew(holder: Dengji) -> None:
    """What was cut off proves nothing, is listed apart, and comes back from the same rows."""
    made = holder.anchors.anchor(items(9))
    whole = made.archive.read_bytes()
    made.archive.write_bytes(whole[:-5])
    assert list(holder.anchors.list()) == []
    assert list(holder.anchors.damaged()) == [made.archive]
    with pytest.raises(AnchorArchiveDamaged):
        holder.anchors.open(made.anchored.root)
    holder.anchors.anchor(items(9))
    assert made.archive.read_bytes() == whole


def test_a_proof_is_checked_by_who_has_no_archive(holder: Dengji, buyer: Dengji) -> None:
    """The file of a proof and the chain say what was anchored, by whom and when."""
    made = holder.anchors.anchor(items(20))
    with holder.anchors.open(made.anchored.root) as archive:
        index = holder.anchors.index(archive, content_root=item(7).content_root)
        proof = holder.anchors.prove(archive, index)
        assert holder.anchors.index(archive, product=proof.product) == index == 7
    standing = buyer.anchors.check(AnchorProof.load(proof.dump()))
    assert (standing.anchored, standing.product) == (made.anchored, None)
    assert standing.proof.proven.leaf.registration == item(7)


def test_a_proof_of_what_was_not_anchored_so_is_refused(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji
) -> None:
    """Another party's, an unanchored root, another size, another registry: none passes."""
    made = holder.anchors.anchor(items(20))
    with holder.anchors.open(made.anchored.root) as archive:
        proof = holder.anchors.prove(archive, 3)
    site = replace(proof.site, party=buyer.parties.mine().id)
    with pytest.raises(AnchorUnknown):
        buyer.anchors.check(replace(proof, site=site))
    with pytest.raises(AnchorProofRefused) as other_size:
        buyer.anchors.check(replace(proof, leaves=19))
    assert other_size.value.reason == "leaves-other"
    for site, what in (
        (replace(proof.site, chain_id=1), "chain"),
        (replace(proof.site, registry=account(9)), "registry"),
    ):
        with pytest.raises(AnchorElsewhere) as elsewhere:
            buyer.anchors.check(replace(proof, site=site))
        assert elsewhere.value.what == what
    with pytest.raises(AnchorUnknown):
        Dengji(ledger).anchors.check(proof, at=_before(made.anchored.since))


def _before(time: int) -> AtTime:
    return AtTime(time - 1)


def test_a_promoted_leaf_is_a_product_since_its_anchor(
    ledger: MemoryLedger, holder: Dengji
) -> None:
    """Promotion makes a full record that keeps the first time; a second one is refused."""
    made = holder.anchors.anchor(items(20))
    ledger.advance(1_000_000)
    with holder.anchors.open(made.anchored.root) as archive:
        proof = holder.anchors.prove(archive, 11)
    done = holder.anchors.promote(proof)
    product = holder.products.get(done.product)
    assert (product.since, product.security_class) == (made.anchored.since, SecurityClass.IMPORTANT)
    (claim,) = ledger.claims(item(11).content_root)
    assert (claim.product, claim.first_at) == (done.product, made.anchored.since)
    assert holder.anchors.check(proof).product == product
    with pytest.raises(ProductTaken):
        holder.anchors.promote(proof)


def test_only_a_true_proof_of_ones_own_is_promoted(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji
) -> None:
    """Another's leaf, a wrong index, an interior node in place of a leaf: none is promoted."""
    made = holder.anchors.anchor(items(20))
    with holder.anchors.open(made.anchored.root) as archive:
        proof = holder.anchors.prove(archive, 3)
    with pytest.raises(AnchorElsewhere) as other:
        buyer.anchors.promote(proof)
    assert other.value.what == "party"
    with pytest.raises(AnchorProofRefused):
        holder.anchors.promote(replace(proof, leaves=21))
    block = ledger.moment(None).block
    for proven in (
        replace(proof.proven, index=4),
        replace(proof.proven, proof=proof.proven.proof[1:]),
        replace(proof.proven, proof=(bytes(32), *proof.proven.proof[1:])),
    ):
        with pytest.raises(LeafUnproven):
            holder.anchors.promote(replace(proof, proven=proven))
    assert ledger.moment(None).block == block


def test_promoting_all_goes_on_where_it_was(
    holder: Dengji, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaves that are products already are recognised, the others promoted once."""
    monkeypatch.setattr("registry.services.anchors._BLOCK", 4)
    made = holder.anchors.anchor(items(10))
    told: list[int] = []
    with holder.anchors.open(made.anchored.root) as archive:
        done = list(islice(holder.anchors.promote_all(archive), 6))
        again = list(holder.anchors.promote_all(archive, progress=told.append))
        assert holder.anchors.promoted(archive) == 10
    assert [one.index for one in done] == list(range(6))
    assert [one.index for one in again] == list(range(10))
    recognised = [one.index for one in again if one.receipt is None]
    assert recognised == list(range(len(recognised)))
    assert len(recognised) >= 6
    assert told == list(range(1, 11))
    assert {holder.products.get(one.product).since for one in again} == {made.anchored.since}
    with holder.anchors.open(made.anchored.root) as archive:
        some = list(holder.anchors.promote_all(archive, [9, 2]))
    assert [(one.index, one.receipt) for one in some] == [(9, None), (2, None)]


def test_verifying_unregistered_content_tells_of_its_anchor(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """Anchored content is unknown still, and told with party and time, until it is promoted."""
    root = holder.products.fingerprint(data).content_root
    one = Register(content_root=root, metadata_hash=bytes(32))
    made = holder.anchors.anchor([*items(5), one])
    found = holder.provenance.verify(data)
    assert found.outcome is Outcome.UNKNOWN
    (standing,) = found.anchored
    assert (standing.anchored, standing.proof.proven.index) == (made.anchored, 5)
    assert buyer.provenance.verify(data).anchored == ()
    earlier = holder.provenance.verify(data, at=_before(made.anchored.since))
    assert earlier.anchored == ()
    ledger.advance(10)
    holder.anchors.promote(standing.proof)
    after = holder.provenance.verify(data)
    assert (after.outcome, after.anchored) == (Outcome.IN_FORCE, ())
    assert after.matches[0].first_at == made.anchored.since


def test_what_is_no_archive_among_them_stands_in_nobodys_way(holder: Dengji, data: Path) -> None:
    """A folder or another file of such a name is told of, and all else goes on."""
    root = holder.products.fingerprint(data).content_root
    made = holder.anchors.anchor([Register(content_root=root, metadata_hash=bytes(32))])
    strange = [made.archive.with_name(name) for name in ("0.anchor", "zz.anchor")]
    strange[0].mkdir()
    strange[1].write_bytes(b"")
    assert [kept.root for kept in holder.anchors.list()] == [made.anchored.root]
    assert list(holder.anchors.damaged()) == strange
    assert len(holder.provenance.verify(data).anchored) == 1


@pytest.mark.parametrize("place", [1024, 1024 + 96 * 6 + 5, -1, 200])
def test_a_damaged_archive_shows_nothing_of_content(holder: Dengji, data: Path, place: int) -> None:
    """Verifying leans on no archive that does not lead to its root."""
    root = holder.products.fingerprint(data).content_root
    made = holder.anchors.anchor([Register(content_root=root, metadata_hash=bytes(32)), *items(5)])
    content = bytearray(made.archive.read_bytes())
    content[place] ^= 1
    made.archive.write_bytes(content)
    found = holder.provenance.verify(data)
    assert found.outcome is Outcome.UNKNOWN
    for standing in found.anchored:
        assert standing.proof.proven.root(standing.proof.site, 6) == made.anchored.root


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"content_root": bytes(32)}, ContentRootMissing),
        ({"rights": Right.USE}, ParticularsInvalid),
        ({"rights": Right(15)}, ParticularsInvalid),
        ({"flags": ParticularFlag.RAW_PUBLIC}, ProfileUnfit),
        ({"source": Source.CRAWLED}, RightsBeyondSource),
        ({"source": Source.DERIVED}, DerivationMissing),
    ],
)
def test_what_could_never_be_promoted_is_not_anchored(
    ledger: MemoryLedger,
    holder: Dengji,
    changed: dict[str, object],
    error: type[Exception],
) -> None:
    """The contract's refusal comes before the anchor, not at the first promotion."""
    block = ledger.moment(None).block
    unfit = replace(item(2), **changed)  # type: ignore[arg-type]
    with pytest.raises(error):
        holder.anchors.anchor([*items(2), unfit])
    with pytest.raises(error):
        ledger.submit(unfit, account=account(1))
    assert ledger.moment(None).block == block
    assert list(holder.anchors.list()) == []


def test_what_tells_a_series_or_a_locator_is_no_leaf(holder: Dengji) -> None:
    """A leaf has no place for them, and does not drop them unseen."""
    for listed in (
        replace(item(2), locator="https://example.org/data"),
        replace(item(2), series=ProductId(b"\1" * 20)),
    ):
        with pytest.raises(LeafListed) as refused:
            holder.anchors.anchor([*items(2), listed])
        assert refused.value.content_root == "0x" + item(2).content_root.hex()
    assert list(holder.anchors.list()) == []


def test_a_product_twice_is_refused_before_anything_is_sent(
    ledger: MemoryLedger, holder: Dengji
) -> None:
    """Both places are named, counted from 1."""
    block = ledger.moment(None).block
    with pytest.raises(LeafTwice) as refused:
        holder.anchors.anchor([*items(5), item(1)])
    assert (refused.value.first, refused.value.second) == (2, 6)
    assert ledger.moment(None).block == block


def test_archives_and_leaves_that_are_not_there_are_told(holder: Dengji, buyer: Dengji) -> None:
    """An unknown root, an unknown or ambiguous content, a client without a home."""
    twin = replace(item(2), metadata_hash=bytes(32))
    made = holder.anchors.anchor([*items(5), twin])
    with pytest.raises(AnchorNotKept) as absent:
        holder.anchors.open(bytes(32))
    assert absent.value.root == "0x" + bytes(32).hex()
    with AnchorArchive(made.archive) as archive:
        with pytest.raises(LeafUnknown):
            holder.anchors.index(archive, content_root=bytes(32))
        with pytest.raises(LeafAmbiguous) as several:
            holder.anchors.index(archive, content_root=item(2).content_root)
    assert several.value.indexes == ["2", "5"]
    with pytest.raises(ArchiveNeeded):
        buyer.anchors.anchor(items(2))


def test_an_archive_of_another_ledger_is_listed_and_not_used(
    holder: Dengji, tmp_path: Path
) -> None:
    """A home may hold anchors of several networks: those of others show nothing here."""
    made = holder.anchors.anchor(items(5))
    elsewhere = MemoryLedger(founder=account(3))
    other = Dengji(elsewhere, account(4), archive=Archive(tmp_path / "holder"))
    other.parties.enrol()
    (kept,) = other.anchors.list()
    assert (kept.root, kept.anchored) == (made.anchored.root, None)
    with other.anchors.open(made.anchored.root) as archive, pytest.raises(AnchorElsewhere):
        list(other.anchors.promote_all(archive))
