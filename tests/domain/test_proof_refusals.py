"""What proofs show of a registration with a code, what certificates are held against, refusals."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.history import reader_of_all
from registry.domain import certificate_proof, layout
from registry.domain.certificate import Block, Certificate, Holder, Note
from registry.domain.certificate_proof import confirm
from registry.domain.documents import canonical
from registry.domain.events import ProductOpened
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.patricia import value_at
from registry.domain.product import Profile
from registry.domain.proof import OfAbsence, OfGrant, OfProduct, Preimages, Shown, VersionPreimage
from registry.domain.proof_check import check
from registry.domain.proof_facts import facts
from registry.domain.proof_file import load, subject_json
from registry.domain.rlp import encode
from registry.domain.times import parse_time
from registry.domain.vocabulary import Right
from registry.errors import ProofRefused, ProofUnreadable
from tests.certificates import SAMPLE
from tests.golden_histories import Words, kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment
    from registry.domain.proof import Ask, Subject
    from registry.domain.storage import KeyValue

FOLDER = Path(__file__).parents[1] / "fixtures" / "proofs" / "1"
PRODUCT, VERSION, GRANT = ProductId.of(5), 3, GrantId.of(7)


def golden(name: str) -> bytes:
    """Return a golden proof."""
    return (FOLDER / f"{name}.proof.json").read_bytes()


def trusted(name: str) -> bytes:
    """Return the block hash that a golden proof rests on."""
    return bytes.fromhex((FOLDER / f"{name}.hash").read_text().strip()[2:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Know the words of a history that was recorded: those not in it are zero."""

    deployment: Deployment
    words: Words
    time: int

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self.deployment.chain_id

    @property
    def directory(self) -> Address:
        """Return the address of the deployment's directory."""
        return self.deployment.directory

    def ahead(self, asks: Sequence[Ask]) -> None:
        """Fetch nothing: all is here."""

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a word."""
        variable = layout.variable(contract, name)
        raw = self.words.get((contract, variable.place(*keys)), bytes(32))
        return variable.word.unpack(raw)

    def found(self, contract: str, code_hash: bytes) -> None:
        """Take the code of a contract as it is: no history tells of code."""
        assert contract
        assert any(code_hash)

    def names(self, contract: str, other: str) -> bool:
        """Tell that contracts know those that write into them."""
        return contract != other


@cache
def registration() -> Shown:
    """Return what the words of a recorded history show of a registration with a code."""
    deployment, logs, words = kept("certified")
    reader = reader_of_all(deployment)
    told = [reader.event(one) for one in logs]
    (opened,) = [one for one in told if isinstance(one, ProductOpened)]
    subject = OfProduct(product=opened.product, version=1)
    first = VersionPreimage(
        number=1,
        content_root=opened.content_root,
        metadata_hash=opened.metadata_hash,
        claim=0,
        salt=opened.salt,
    )
    last = logs[-1]
    assert last.time is not None
    known = Recorded(deployment=deployment, words=words, time=last.time)
    return Shown(
        subject=subject,
        chain_id=deployment.chain_id,
        directory=deployment.directory,
        block=last.block,
        block_hash=b"\7" * 32,
        block_time=last.time,
        asked=None,
        rests_on=b"\7" * 32,
        facts=facts(subject, Preimages(versions=(first,)), known),
    )


def certificate() -> Certificate:
    """Return a certificate that says what the recorded registration does."""
    shown = registration()
    assert isinstance(shown.subject, OfProduct)
    version = shown.facts["versions"][0]
    holders = (
        Holder(
            party=PartyId.parse(one["party"]),
            rights=reduce(or_, (Right[word] for word in one["rights"])),
            since=parse_time(one["from"]),
        )
        for one in shown.facts["holdings"]
        if one["to"] is None
    )
    status = replace(
        SAMPLE.status,
        chain_id=shown.chain_id,
        directory=shown.directory,
        product=shown.subject.product,
    )
    return replace(
        SAMPLE,
        issuer=replace(
            SAMPLE.issuer,
            number=1,
            party=PartyId.parse(shown.facts["product"]["code"]["party"]),
            seat="001",
        ),
        code="SJ0012026010001",
        content_root=bytes.fromhex(version["contentRoot"][2:]),
        metadata_hash=bytes.fromhex(version["metadataHash"][2:]),
        holders=tuple(holders),
        annotations=(),
        valid_from=parse_time(shown.facts["product"]["since"]),
        valid_until=1_799_164_800,
        status=status,
        block=Block(number=shown.block, hash=shown.block_hash, time=shown.block_time),
        state_proof=b"{}",
    )


def test_a_registration_shows_what_its_code_is_made_of() -> None:
    """Registrar, month and serial are told with the seat, and the registrar's party is told of."""
    shown = registration().facts
    code = dict(shown["product"]["code"])
    party = code.pop("party")
    assert code == {
        "registrar": 1,
        "month": 202_601,
        "serial": 1,
        "profile": "PROPERTY",
        "seat": "001",
    }
    assert party in {one["id"] for one in shown["parties"]}


def test_what_a_certificate_says_of_times_and_registrar_is_proved_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its beginning, its registrar, the letters of its code, holders' times and notes are held."""
    monkeypatch.setattr(certificate_proof, "check", lambda *_, **__: registration())
    true = certificate()
    first, *others = true.holders
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("validFrom", {"valid_from": true.valid_from - 1}),
        ("issuer.id", {"issuer": replace(true.issuer, party=PartyId.of(9))}),
        ("issuer.seat", {"issuer": replace(true.issuer, seat="002")}),
        ("credentialSubject.code", {"code": "GG0012026010001"}),
        ("credentialSubject.holders", {"holders": (replace(first, since=1), *others)}),
        ("credentialSubject.annotations", {"annotations": SAMPLE.annotations}),
    )
    for part, change in changes:
        with pytest.raises(ProofRefused) as caught:
            confirm(replace(true, **change), block_hash=true.block.hash)
        assert (caught.value.part, caught.value.reason) == (part, "certificate-other")


def test_a_note_that_a_certificate_leaves_out_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispute that stood as of the block stands on the certificate, or it is refused."""
    shown = registration()
    lasting = {**shown.facts["annotations"][0], "kind": "DISPUTE", "to": None}
    disputed = replace(
        shown, facts={**shown.facts, "annotations": [*shown.facts["annotations"], lasting]}
    )
    monkeypatch.setattr(certificate_proof, "check", lambda *_, **__: disputed)
    note = Note(
        index=1,
        kind="DISPUTE",
        by=PartyId.parse(lasting["by"]),
        reason=lasting["reason"],
        evidence=bytes.fromhex(lasting["evidence"][2:]),
        since=parse_time(lasting["from"]),
    )
    silent = certificate()
    telling = replace(silent, annotations=(note,))
    assert confirm(telling, block_hash=telling.block.hash) == disputed
    with pytest.raises(ProofRefused) as caught:
        confirm(silent, block_hash=silent.block.hash)
    assert caught.value.part == "credentialSubject.annotations"


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("credentialSubject.profile", {"profile": Profile.PUBLIC}),
        ("credentialSubject.contentRoot", {"metadata_hash": bytes(32)}),
        ("validUntil", {"valid_until": None}),
        ("issuer.number", {"issuer": replace(SAMPLE.issuer, number=2)}),
        ("credentialSubject.code", {"code": "SJ0012026010002"}),
        ("credentialSubject.holders", {"holders": ()}),
        ("credentialSubject.id", {"version": 2}),
        ("asOf", {"block": SAMPLE.block}),
    ],
)
def test_a_certificate_that_says_something_else_is_refused_by_that_part(
    part: str, change: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that agrees with what is shown holds; changed, it is refused with the part that differs.

    That what is shown stands in the block is for the check of the proof to say, left out here.
    """
    monkeypatch.setattr(certificate_proof, "check", lambda *_, **__: registration())
    true = certificate()
    assert confirm(true, block_hash=true.block.hash) == registration()
    with pytest.raises(ProofRefused) as caught:
        confirm(replace(true, **change), block_hash=true.block.hash)
    assert (caught.value.part, caught.value.reason) == (part, "certificate-other")


@pytest.mark.parametrize(
    "leaf",
    [b"\xb8", b"\x83\1", b"", encode(b""), encode([b"\1"]), encode(b"\0\1"), encode(b"\1" * 33)],
    ids=bytes.hex,
)
def test_a_leaf_that_is_no_word_is_refused(leaf: bytes) -> None:
    """Whatever stands in the storage of an account and is no shortest number is malformed."""
    raw = golden("product")
    state = load(raw)[0].header.state_root

    def read(root: bytes, key: bytes, nodes: Sequence[bytes]) -> bytes | None:
        return value_at(root, key, nodes) if root == state else leaf

    with pytest.raises(ProofRefused) as caught:
        check(raw, block_hash=trusted("product"), read=read)
    assert caught.value.reason == "leaf-malformed"


@pytest.mark.parametrize(
    ("version", "error", "reason"),
    [(0, ProofUnreadable, "proof-version"), (9, ProofRefused, "version-missing")],
)
def test_a_version_that_cannot_be_or_is_not_there_is_refused(
    version: int, error: type[ProofUnreadable | ProofRefused], reason: str
) -> None:
    """There is no version 0, and none beyond the latest one."""
    value = json.loads(golden("version"))
    value["subject"]["version"] = version
    with pytest.raises(error) as caught:
        check(canonical(value), block_hash=trusted("version"))
    assert caught.value.fields["reason"] == reason


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        (OfProduct(product=PRODUCT), {"kind": "product", "id": str(PRODUCT)}),
        (
            OfProduct(product=PRODUCT, version=VERSION),
            {"kind": "version", "id": str(PRODUCT), "version": VERSION},
        ),
        (OfGrant(grant=GRANT), {"kind": "grant", "id": str(GRANT)}),
        (OfAbsence(absent=GRANT), {"kind": "absence", "of": "grant", "id": str(GRANT)}),
        (OfAbsence(absent=PRODUCT), {"kind": "absence", "of": "product", "id": str(PRODUCT)}),
        (
            OfAbsence(absent=b"\7" * 32),
            {"kind": "absence", "of": "content", "id": "0x" + "07" * 32},
        ),
    ],
)
def test_a_subject_is_written_with_what_it_is(subject: Subject, written: dict[str, Any]) -> None:
    """The file says whether it is about a product, a version, a grant, or that there is none."""
    assert subject_json(subject) == written
    value = json.loads(golden("no-grant"))
    value["subject"] = written
    value["preimages"] = {"versions": [], "grant": None}
    assert load(canonical(value))[0].subject == subject
