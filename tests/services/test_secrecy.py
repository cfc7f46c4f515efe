"""Test private registrations: salted on the ledger, found by their salts, forgotten for good."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.chunks import CHUNK_SIZE
from registry.domain.fingerprint import fingerprint
from registry.domain.ids import ProductId
from registry.domain.moment import AtBlock
from registry.domain.salted import Salted, salt_in
from registry.domain.slices import prove_slice
from registry.domain.vocabulary import AnnotationKind, Reason, Right
from registry.errors import ArchiveNeeded, ContractRevert, SaltsMissing, SaltsUnreadable
from registry.services.provenance import Outcome
from registry.services.registrations import Registration
from registry.testing import MemoryLedger


def _kept(made: Registration) -> Salted:
    assert made.salts is not None
    return Salted.read(made.salts.read_bytes())


def test_the_ledger_holds_salted_digests(holder: Dengji, data: Path) -> None:
    """Root and metadata hash on the ledger are SHA-256(0x02 ‖ salt ‖ digest), by two salts."""
    made = holder.products.register(data, private=True)
    kept, plain = _kept(made), fingerprint(data)
    assert (kept.content_root, kept.metadata_hash) == (plain.content_root, plain.metadata_hash)
    assert kept.content_salt != kept.metadata_salt
    version = holder.products.versions(made.product.id)[0]
    assert version.content_root == sha256(b"\x02" + kept.content_salt + plain.content_root).digest()
    salted = sha256(b"\x02" + kept.metadata_salt + plain.metadata_hash).digest()
    assert version.metadata_hash == salted
    assert holder.ledger.claims(plain.content_root) == ()


def test_the_salts_are_for_their_owner_alone(holder: Dengji, data: Path) -> None:
    """The file of the salts can be read by its owner and nobody else; the manifest is kept too."""
    made = holder.products.register(data, private=True)
    assert made.salts is not None
    assert made.manifest is not None
    assert stat.S_IMODE(made.salts.stat().st_mode) == 0o600
    assert made.manifest.stem == fingerprint(data).content_root.hex()


def test_the_same_content_again_is_recognised(holder: Dengji, data: Path) -> None:
    """Registering private content twice sends nothing; with another description it is another."""
    first = holder.products.register(data, private=True)
    again = holder.products.register(data, private=True)
    assert (again.already, again.product.id) == (True, first.product.id)
    holder.products.retire(first.product.id)
    after = holder.products.register(data, private=True)
    assert not after.already
    assert _kept(after).content_salt != _kept(first).content_salt


def test_a_plain_registration_of_the_same_content_is_told(
    holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """A private registration names one's own plain claims on the content, and nobody else's."""
    buyer.products.register(data)
    first = holder.products.register(data, private=True)
    assert first.plain == ()
    plain = holder.products.register(data)
    assert plain.plain == ()
    holder.products.retire(plain.product.id)
    again = holder.products.register(data, private=True)
    assert again.already
    assert [one.product for one in again.plain] == [plain.product.id]


def test_salts_that_were_kept_in_vain_are_used(holder: Dengji, data: Path) -> None:
    """A registration that the ledger refused is made later with the salts kept for it."""
    with pytest.raises(ContractRevert):
        holder.products.register(data, private=True, rights=Right.USE)
    folder = _archive(holder).home / "salts"
    (kept,) = folder.glob("*.json")
    made = holder.products.register(data, private=True)
    assert made.salts == kept
    assert list(folder.glob("*.json")) == [kept]


def test_content_is_verified_by_the_salts_kept(holder: Dengji, data: Path) -> None:
    """Who keeps the salts finds the registration by the content, and each match says how."""
    made = holder.products.register(data, private=True)
    found = holder.provenance.verify(data)
    assert found.outcome is Outcome.IN_FORCE
    assert [(one.product.id, one.private) for one in found.matches] == [(made.product.id, True)]
    holder.products.register(data)
    both = holder.provenance.verify(data)
    assert [one.private for one in both.matches] == [False, True]


def test_content_is_verified_by_a_salt_given(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """Who is given the salt of the content, as kept or as digits, finds it too; others do not."""
    made = holder.products.register(data, private=True)
    assert made.salts is not None
    kept = made.salts.read_bytes()
    assert buyer.provenance.verify(data).outcome is Outcome.UNKNOWN
    for given in (kept, json.loads(kept)["content_salt"].encode() + b"\n"):
        assert buyer.provenance.verify(data, salt=salt_in(given)).outcome is Outcome.IN_FORCE
    assert buyer.provenance.verify(data, salt=bytes(32)).outcome is Outcome.UNKNOWN
    found = buyer.provenance.verify(data, code=made.product.id)
    assert (found.outcome, found.forgotten) == (Outcome.CONTRADICTS, False)


@pytest.mark.parametrize("wrong", [b"", b"{}", b"ab" * 31, b"zz" * 32, b"[" * 5000])
def test_what_is_no_salt_is_refused(wrong: bytes) -> None:
    """A file that holds no salt is refused by name, whatever is in it."""
    with pytest.raises(SaltsUnreadable) as refused:
        salt_in(wrong, file="given")
    assert refused.value.file == "given"


def test_changed_private_content_is_told_by_its_files(holder: Dengji, data: Path) -> None:
    """Of the product asked for, the kept manifest names what changed, by the salts kept with it."""
    made = holder.products.register(data, private=True)
    (data / "a.csv").write_text("9\n")
    found = holder.provenance.verify(data, code=made.product.id)
    assert (found.outcome, found.manifest) == (Outcome.CONTRADICTS, made.manifest)
    assert found.comparison is not None
    assert found.comparison.changed == 1


def test_a_later_version_stays_private(holder: Dengji, data: Path) -> None:
    """The next version of a private product is private, with salts of its own."""
    made = holder.products.register(data, private=True)
    (data / "a.csv").write_text("9\n")
    later = holder.products.update(made.product.id, data)
    assert later.version == 2
    assert holder.ledger.claims(fingerprint(data).content_root) == ()
    assert _kept(later).content_salt != _kept(made).content_salt
    assert holder.products.update(made.product.id, data).already
    assert holder.provenance.verify(data).outcome is Outcome.IN_FORCE


def test_forgetting_erases_records_and_unties(holder: Dengji, data: Path) -> None:
    """After forgetting, the salts of all versions are gone, the ledger says so, nothing is tied."""
    made = holder.products.register(data, private=True)
    (data / "a.csv").write_text("9\n")
    later = holder.products.update(made.product.id, data)
    before = AtBlock(holder.ledger.moment().block)
    forgotten = holder.products.forget(made.product.id)
    assert (forgotten.versions, forgotten.erased) == ((1, 2), 2)
    for one in (made, later):
        assert one.salts is not None
        assert not one.salts.exists()
    (noted,) = holder.products.annotations(made.product.id)
    assert (noted.kind, noted.reason) == (AnnotationKind.LIMIT, Reason.ERASED)
    record = forgotten.record.read_bytes()
    assert noted.evidence == sha256(record).digest()[:12]
    for secret in (_root(data), later.fingerprint.metadata_hash):
        assert secret.hex().encode() not in record
    assert holder.provenance.verify(data).outcome is Outcome.UNKNOWN
    found = holder.provenance.verify(data, code=made.product.id)
    assert (found.outcome, found.forgotten, found.comparison) == (Outcome.UNKNOWN, True, None)
    earlier = holder.provenance.verify(data, code=made.product.id, at=before)
    assert not earlier.forgotten


def test_a_claim_of_erasure_does_not_blur_a_later_version(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """Of a version registered after the erasure, other content contradicts as it always does."""
    product = holder.products.register(data, private=True).product.id
    ledger.advance(1)
    holder.products.forget(product)
    before = AtBlock(ledger.moment().block)
    other = data / "a.csv"
    assert buyer.provenance.verify(other, code=product).forgotten
    ledger.advance(1)
    (data / "b.csv").write_text("9\n")
    holder.products.update(product, data)
    found = buyer.provenance.verify(other, code=product)
    assert (found.outcome, found.forgotten) == (Outcome.CONTRADICTS, False)
    assert buyer.provenance.verify(data, code=product).outcome is Outcome.IN_FORCE
    then = buyer.provenance.verify(other, code=product, at=before)
    assert (then.outcome, then.forgotten) == (Outcome.UNKNOWN, True)


def test_a_claim_of_erasure_does_not_blur_what_is_known_to_be_plain(
    holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """Where the manifest of what was registered is kept, nothing was erased that tied it."""
    product = holder.products.register(data).product.id
    holder.products.annotate(product, AnnotationKind.LIMIT, reason=Reason.ERASED)
    (data / "a.csv").write_text("9\n")
    found = holder.provenance.verify(data, code=product)
    assert (found.outcome, found.forgotten) == (Outcome.CONTRADICTS, False)
    assert found.comparison is not None
    assert buyer.provenance.verify(data, code=product).forgotten
    holder.products.update(product, data, private=True)
    holder.products.forget(product)
    (data / "a.csv").write_text("10\n")
    assert holder.provenance.verify(data, code=product).forgotten


def test_what_the_ledger_holds_still_stands(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """After forgetting, the record is in force, and who still has a salt can still show it."""
    made = holder.products.register(data, private=True)
    assert made.salts is not None
    salt = salt_in(made.salts.read_bytes())
    holder.products.forget(made.product.id)
    assert holder.products.get(made.product.id).in_force
    assert buyer.provenance.verify(data, salt=salt).outcome is Outcome.IN_FORCE


def test_forgetting_that_broke_off_is_finished(holder: Dengji, data: Path) -> None:
    """Salts that are still there after the annotation are erased by the same command, run again."""
    made = holder.products.register(data, private=True)
    assert made.salts is not None
    kept = made.salts.read_bytes()
    first = holder.products.forget(made.product.id)
    assert first.receipt is not None
    made.salts.write_bytes(kept)
    again = holder.products.forget(made.product.id)
    assert (again.index, again.record, again.erased) == (first.index, first.record, 1)
    assert again.receipt is None
    assert not made.salts.exists()
    with pytest.raises(SaltsMissing):
        holder.products.forget(made.product.id)


def test_forgetting_that_is_refused_erases_nothing(
    holder: Dengji, buyer: Dengji, data: Path
) -> None:
    """Who may not annotate the product any more erases nothing by asking for it."""
    made = holder.products.register(data, private=True)
    assert made.salts is not None
    holder.products.transfer(made.product.id, buyer.parties.mine().id, Right.ALL)
    with pytest.raises(ContractRevert):
        holder.products.forget(made.product.id)
    assert made.salts.exists()


def test_without_a_home_nothing_is_private(buyer: Dengji, data: Path) -> None:
    """A client without a home keeps no salts, so it neither registers privately nor forgets."""
    with pytest.raises(ArchiveNeeded):
        buyer.products.register(data, private=True)
    with pytest.raises(ArchiveNeeded):
        buyer.products.forget(ProductId.of(1))


def _root(data: Path) -> bytes:
    return fingerprint(data).content_root


def _archive(client: Dengji) -> Archive:
    assert client.archive is not None
    return client.archive


@pytest.mark.parametrize("file", [None, "rows.bin"])
def test_a_slice_of_private_content_is_verified_by_its_salt(
    holder: Dengji, buyer: Dengji, tmp_path: Path, file: str | None
) -> None:
    """With the salt a part alone is as good as of a plain registration; once erased, unknown."""
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "rows.bin").write_bytes(bytes(CHUNK_SIZE) + b"end")
    whole = folder if file else folder / "rows.bin"
    made = holder.products.register(whole, private=True)
    product, salt = made.product.id, _kept(made).content_salt
    proof = prove_slice(whole, CHUNK_SIZE, 1, file=file, manifest=made.manifest)
    part, other = tmp_path / "part", tmp_path / "other"
    part.write_bytes(b"end")
    other.write_bytes(b"END")
    for client, known in ((holder, None), (buyer, salt)):
        found = client.provenance.verify_slice(part, proof, product, salt=known)
        assert found.outcome is Outcome.IN_FORCE
        assert found.content_root == fingerprint(whole).content_root
        assert [one.private for one in found.matches] == [True]
        wrong = client.provenance.verify_slice(other, proof, product, salt=known)
        assert wrong.outcome is Outcome.CONTRADICTS
    for unknown in (None, bytes(32)):
        found = buyer.provenance.verify_slice(part, proof, product, salt=unknown)
        assert found.outcome is Outcome.CONTRADICTS
    holder.products.forget(product)
    found = holder.provenance.verify_slice(part, proof, product)
    assert (found.outcome, found.forgotten) == (Outcome.UNKNOWN, True)
