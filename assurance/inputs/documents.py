"""Name the readers of documents that travel between people, with documents that they take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final

from assurance.inputs import samples
from assurance.inputs.trial import Target
from cli import files
from cli.clause_options import policy_in
from cli.slices import proof_in
from registry.documents.certificate_page import certificate_page
from registry.documents.certificate_paper import Form as PaperForm
from registry.documents.certificate_paper import Paper, read_paper
from registry.domain import (
    clauses_json,
    consents,
    ending_file,
    metadata_documents,
    odrl,
    proof_file,
    proposal_file,
    terms_file,
)
from registry.domain.anchor_archive import AnchorArchive, is_archive
from registry.domain.anchor_leaves import Leaf
from registry.domain.anchor_proof import AnchorProof
from registry.domain.application import Application
from registry.domain.certificate import Certificate
from registry.domain.certificate_reader import from_json
from registry.domain.clauses import Clauses
from registry.domain.documents import Node
from registry.domain.exports import credentials
from registry.domain.ids import GrantId
from registry.domain.ignore import IgnoreRules
from registry.domain.manifest import Entry, Manifest, open_manifest, write_manifest
from registry.domain.metadata import Metadata
from registry.domain.product import Profile
from registry.domain.proof_check import check
from registry.domain.salted import Salted, salt_in
from registry.domain.slices import SliceProof
from registry.domain.table import rows
from registry.domain.table_records import Faults
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Form
from tests import certificates

# ---- content -------------------------------------------------------------------------------------

Listed = tuple[Manifest, tuple[Entry, ...]]


def _manifest(given: bytes) -> Listed:
    with open_manifest(samples.placed(given, "given.manifest")) as reader:
        entries = tuple(reader)
        return reader.summary, entries


def _manifest_written(value: Listed) -> bytes:
    summary, entries = value
    path = samples.workplace() / "again.manifest"
    names = sorted(("digest", "path", "size", *summary.header.digests))
    with write_manifest(path, summary.header) as file:
        for one in entries:
            said = {"digest": one.digest.hex(), "path": one.path, "size": one.size}
            further = zip(summary.header.digests, one.further, strict=True)
            said |= {name: digest.hex() for name, digest in further}
            ordered = {name: said[name] for name in names}
            line = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))
            file.write(line.encode() + b"\n")
    return path.read_bytes()


def _slice(given: bytes) -> SliceProof:
    return proof_in(samples.placed(given, "given.slice"))


def _archive(given: bytes) -> tuple[bytes, tuple[Leaf, ...]]:
    path = samples.placed(given, "given.anchor")
    is_archive(path)
    with AnchorArchive(path) as archive:
        archive.check()
        leaves = tuple(archive.leaves())
        for index, leaf in enumerate(leaves):
            archive.prove(index)
            if index not in archive.find(leaf.content_root):
                raise AssertionError("a leaf that is not found by its content")
        return archive.root, leaves


def _anchor_proof(given: bytes) -> tuple[bytes, int, Leaf]:
    # What an anchor on the chain is of is its root, and how many leaves it has.
    read = AnchorProof.load(given)
    return read.root, read.proven.index, read.proven.leaf


def _table(name: str, given: bytes) -> tuple[Any, ...]:
    faults = Faults()
    path = samples.placed(given, name)
    found = tuple(rows(path, faults))
    faults.close(path)
    return found


_CSV: Final = (
    "path,dataName,summary,rights,source,volume,salt,locator\n"
    'a.csv,甲,"one, two",HOLD;USE,GENERATED,9 MB,7,https://example.org/a\n'
    "b/c.csv,乙,,,,,,\n"
).encode()
_JSONL: Final = (
    '{"path":"a.csv","dataName":"甲","form":["表格"],"rights":["HOLD","USE"],"salt":7}\n'
    '{"path":"b.csv","attachments":[{"kind":"sample","sha256":"' + "ab" * 32 + '"}]}\n'
).encode()
_IGNORE: Final = (
    b"# left out\n*.tmp\n!keep.tmp\n/build/\ndeep/**/x?[a-c]\n**/cache\nlogs/**\n\\#odd\\ \n"
)
_PATHS: Final = ("a", "a.tmp", "keep.tmp", "build", "deep/a/b/xyb", "x" * 200, "a/" * 100 + "cache")


def _ignored(given: bytes) -> tuple[bool, ...]:
    rules = IgnoreRules.parse(given)
    return tuple(
        rules.leaves_out(path, folder=folder) for path in _PATHS for folder in (True, False)
    )


# ---- descriptions --------------------------------------------------------------------------------


def _described(given: bytes) -> Metadata:
    read = metadata_documents.read(given, file="given")
    return Metadata.from_mapping(read.mapping)


_TOML: Final = """\
dataName = "2024年冬小麦地块"
summary = 'plain'
regionCode = ["410000"]
form = ["表格", "图片"]
operatingSince = 2024-03-01
[[attachments]]
kind = "sample"
sha256 = "%s"
""" % ("ab" * 32)
_FORM: Final = {
    "dataName": "2024年河南省冬小麦种植图斑数据集",
    "applicants": [
        {
            "name": "杭州星港数据科技有限公司",
            "type": "法人",
            "idNumber": "91440300MA00000A9P",
            "contact": "张三",
            "phone": "+86 571 0000 0000",
        }
    ],
    "source": "采集生成",
}


def _application(given: bytes) -> dict[str, Any]:
    read = metadata_documents.read(given, file="given", form="json")
    return Application.from_mapping(read.mapping, Profile.OPEN, secret=b"s" * 32).to_mapping()


def _json_line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


# ---- agreements ----------------------------------------------------------------------------------

Built = tuple[Clauses, ...]

_TERMS: Final = """\
template = "PROVISION"
[clauses]
actions = ["AGGREGATE", "DERIVE"]
purposes = "research,audit"
valid_until = "2027-11-22"
offer_until = "30d"
territory = [156410000]
quota = { unit = "CALL", total = 100 }
[[grants]]
product = "%s"
grantor = "%s"
grantee = "%s"
"""


def _terms_sample() -> Sequence[bytes]:
    one = samples.clauses(1, Form.TWO_SIDED)
    return [(_TERMS % (one.product, one.grantor, one.grantee)).encode()]


def _terms(given: bytes) -> Built:
    path = samples.placed(given, "given.toml")
    found = terms_file.parse(files.read_text(path), file="given")
    made = terms_file.build(found, file="given", now=samples.TIME, salts=lambda: 7, given={})
    for one in made:
        if clauses_json.from_json(Node(clauses_json.to_json(one))) != one:
            raise AssertionError("clauses that are not read back")
    return made


def _policies() -> Sequence[bytes]:
    numbers = range(1, 4)
    made = [odrl.to_odrl(samples.clauses(one, Form.TWO_SIDED)) for one in numbers]
    return [_json_line(one) for one in made]


def _policy(given: bytes) -> tuple[Clauses, GrantId | None]:
    return policy_in(samples.placed(given, "given.odrl"), salt=7)


def _policy_written(value: tuple[Clauses, GrantId | None]) -> bytes:
    return _json_line(odrl.to_odrl(value[0], parent=value[1]))


def _receipt(given: bytes) -> SignedReceipt:
    # As a server gives headers on: one byte, one character.
    return SignedReceipt.parse(given.decode("latin-1"))


# ---- papers --------------------------------------------------------------------------------------


def _credentials() -> Sequence[bytes]:
    made = [credentials.of_certificate(one) for one in (certificates.SAMPLE, certificates.PUBLIC)]
    return [credentials.canonical(one) for one in made]


def _credential(given: bytes) -> Certificate:
    return credentials.to_certificate(credentials.read(given))


def _credential_written(value: Certificate) -> bytes:
    return credentials.canonical(credentials.of_certificate(value))


def _pages() -> Sequence[bytes]:
    return [certificate_page(certificates.SAMPLE).encode()]


def _page(given: bytes) -> bytes | None:
    """Return the digest of the certificate on a page, None where all else on it says otherwise."""
    paper = read_paper(given)
    return paper.reference.digest if paper.form is PaperForm.PAGE and not paper.faults else None


def _references() -> Sequence[bytes]:
    from registry.domain.certificate_reference import Reference  # noqa: PLC0415 (one use)

    return [str(Reference.to(certificates.SAMPLE)).encode()]


def _paper(given: bytes) -> Paper:
    return read_paper(given)


# ---- proofs --------------------------------------------------------------------------------------

_SMALL: Final = ("product", "no-grant")


def _proofs() -> Sequence[bytes]:
    return [samples.golden(name)[0] for name in _SMALL]


def _proof(given: bytes) -> tuple[Any, bytes]:
    return proof_file.load(given)


def _proof_written(value: tuple[Any, bytes]) -> bytes:
    return proof_file.dump(value[0], json.loads(value[1]))


def _checked(given: bytes) -> Any:  # noqa: ANN401 (what a proof shows)
    return check(given, block_hash=samples.golden("product")[1])


def _salts(given: bytes) -> bytes:
    return salt_in(given)


def targets() -> Iterable[Target]:
    """Yield the readers of documents."""
    yield Target(
        name="manifest",
        read=_manifest,
        seeds=samples.manifests,
        write=_manifest_written,
        shape="lines",
    )
    yield Target(
        name="slice proof",
        read=_slice,
        seeds=samples.slices,
        write=lambda one: _json_line(one.to_mapping()),
    )
    yield Target(
        name="anchor archive",
        read=_archive,
        seeds=samples.anchor_archives,
        sealed=True,
        shape="binary",
    )
    yield Target(name="anchor proof", read=_anchor_proof, seeds=samples.anchor_proofs, sealed=True)
    yield Target(
        name="table (CSV)", read=partial(_table, "given.csv"), seeds=lambda: [_CSV], shape="text"
    )
    yield Target(
        name="table (JSON lines)",
        read=partial(_table, "given.jsonl"),
        seeds=lambda: [_JSONL],
        shape="lines",
    )
    yield Target(name="ignore file", read=_ignored, seeds=lambda: [_IGNORE], shape="text")
    for name, format_ in _DESCRIPTIONS.items():
        yield Target(
            name=f"description ({name})",
            read=_described,
            write=Metadata.canonical,
            seeds=partial(samples.descriptions, format_),
            shape="json" if "json" in format_ else "text",
        )
    yield Target(
        name="description (our own, JSON)",
        read=_described,
        seeds=samples.metadata_documents,
        write=Metadata.canonical,
    )
    yield Target(
        name="description (our own, TOML)",
        read=_described,
        seeds=lambda: [_TOML.encode()],
        write=Metadata.canonical,
        shape="toml",
    )
    yield Target(
        name="application", read=_application, seeds=lambda: [_json_line(_FORM)], write=_json_line
    )
    yield Target(name="terms (TOML)", read=_terms, seeds=_terms_sample, shape="toml")
    yield Target(name="terms (ODRL)", read=_policy, seeds=_policies, write=_policy_written)
    yield Target(
        name="proposal", read=proposal_file.load, seeds=samples.proposals, write=proposal_file.dump
    )
    yield Target(
        name="ending",
        read=ending_file.load,
        seeds=samples.endings,
        write=ending_file.SignedEnding.dump,
    )
    yield Target(
        name="key consent", read=consents.load, seeds=samples.key_consents, write=consents.dump
    )
    yield Target(
        name="receipt", read=_receipt, seeds=samples.receipts, write=lambda one: one.text().encode()
    )
    yield Target(
        name="certificate (JSON)",
        read=from_json,
        seeds=samples.certificate_documents,
        write=Certificate.canonical,
    )
    yield Target(name="certificate (page)", read=_page, seeds=_pages, piece=1_000)
    yield Target(
        name="certificate (reference)",
        read=_paper,
        seeds=_references,
        shape="text",
        write=lambda paper: str(paper.reference).encode(),
    )
    yield Target(name="credential", read=_credential, seeds=_credentials, write=_credential_written)
    yield Target(
        name="proof (file)",
        read=_proof,
        seeds=_proofs,
        write=_proof_written,
        longest=1 << 19,
        piece=500,
    )
    yield Target(
        name="proof (verified)",
        read=_checked,
        seeds=lambda: [samples.golden("product")[0]],
        sealed=True,
        longest=1 << 19,
        piece=500,
    )
    yield Target(name="salts", read=Salted.read, seeds=samples.salts, write=Salted.canonical)
    yield Target(
        name="salt", read=_salts, seeds=lambda: [b"ab" * 32, *samples.salts()], shape="text"
    )


_DESCRIPTIONS: Final = {
    "data package": "datapackage.json",
    "Croissant": "croissant.json",
    "DCAT, Turtle": "dcat.ttl",
    "DCAT, RDF/XML": "dcat.rdf",
    "DCAT, JSON-LD": "dcat.jsonld",
}
