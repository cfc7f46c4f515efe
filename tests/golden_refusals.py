"""Tell what the readers of documents refuse, value by value: the golden documents keep it."""

from __future__ import annotations

import json
import tempfile
import tomllib
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.domain import ending_file, metadata_documents, proof_file, proposal_file, terms_file
from registry.domain.agreement_operations import Approval
from registry.domain.anchor_leaves import Leaf, Proven, Site
from registry.domain.anchor_proof import AnchorProof
from registry.domain.application import problems
from registry.domain.certificate_reader import from_json
from registry.domain.documents import canonical
from registry.domain.entries import entry_line
from registry.domain.exports import credentials
from registry.domain.ids import Address
from registry.domain.manifest import Header, ManifestReader
from registry.domain.odrl import from_odrl, to_odrl
from registry.domain.operations import Register
from registry.domain.particulars import packed
from registry.domain.product import Profile
from registry.domain.proposal import Kind, Offer, Proposal
from registry.domain.signing import Ending, UsageReceipt
from registry.domain.slices import EntryProof, SliceProof, Witness
from registry.domain.table import Defaults, rows
from registry.domain.table_records import Faults
from registry.domain.terms import SigningDomain
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Form, Purpose
from registry.errors import InvalidInputError, TableInvalid
from tests.certificates import SAMPLE
from tests.golden_terms import RICH
from tests.proposals import sign
from tests.recorded import FARM, FULL, GRANT, HOLDER, PLOTS, START, digest, record
from tests.spoiling import VALUES, told

if TYPE_CHECKING:
    from collections.abc import Callable


FIXTURES: Final = Path(__file__).parent / "fixtures"
STORIES: Final = Path(__file__).parent / "applications"
DESCRIPTIONS: Final = Path(__file__).parent / "descriptions"
_FEW: Final = {name: VALUES[name] for name in ("gone", "null", "0.5", '"x"', "[1]", "{}")}


def _canonical(read: Callable[[bytes], object]) -> Callable[[Any], object]:
    """Return a reader of values from a reader of canonical bytes."""
    return lambda value: read(canonical(value))


def _certificate() -> str:
    return told(json.loads(SAMPLE.canonical()), _canonical(from_json))


def _credential() -> str:
    made = json.loads(json.dumps(credentials.of_product(record(), FULL)))
    # Only what the reader looks at: the rest is compared with the ledger.
    made["credentialSubject"] = {}
    return told(made, _canonical(credentials.read))


def _certificate_credential() -> str:
    made = json.loads(json.dumps(credentials.of_certificate(SAMPLE)))
    read = _canonical(lambda raw: credentials.to_certificate(credentials.read(raw)))
    return told(made, read, ("type", "issuer", "credentialStatus", "asOf"))


def _proof(name: str, *under: str) -> str:
    value = json.loads((FIXTURES / "proofs" / f"{name}.proof.json").read_bytes())
    value["shown"] = {}
    # One of each is enough to read, and nothing is checked against the state here.
    value["accounts"] = value["accounts"][:1]
    for account in value["accounts"]:
        account |= {"code": "0x60", "proof": ["0xc0"], "storage": account["storage"][:1]}
        for word in account["storage"]:
            word["proof"] = ["0xc0"]
    return told(value, _canonical(proof_file.load), under)


def _domain() -> SigningDomain:
    return SigningDomain(chain_id=31_337, verifying_contract=Address(digest("grants")[:20]))


def _proposal() -> str:
    offered = replace(RICH, grantor=HOLDER, grantee=FARM, form=Form.TWO_SIDED, text=None)
    made = Proposal(
        domain=_domain(),
        kind=Kind.TWO_SIDED,
        offer=Offer(clauses=(offered,), by=HOLDER, time=START),
    )
    return told(json.loads(proposal_file.dump(sign(made, FARM))), _canonical(proposal_file.load))


def _ending() -> str:
    will = ending_file.SignedEnding(
        domain=_domain(),
        ending=Ending(grant=GRANT, ends_at=START + 9, deadline=START),
        party=HOLDER,
        approval=Approval(signer=Address(digest("signer")[:20]), signature=bytes(65)),
    )
    return told(json.loads(will.dump()), _canonical(ending_file.load))


def _anchor() -> str:
    site = Site(chain_id=31_337, registry=Address(digest("anchors")[:20]), party=HOLDER)
    item = Register(content_root=digest("content"), metadata_hash=digest("metadata"))
    leaf = Leaf(
        content_root=item.content_root, metadata_hash=item.metadata_hash, particulars=packed(item)
    )
    proven = Proven(leaf=leaf, index=1, proof=(digest("beside"), digest("above")))
    made = AnchorProof(site=site, leaves=3, root=proven.root(site, 3) or b"", proven=proven)
    return told(json.loads(made.dump()), _canonical(AnchorProof.load))


def _slice() -> str:
    made = SliceProof(
        size=9 << 20,
        offset=1 << 20,
        length=1 << 20,
        beside=(digest("beside"), digest("above")),
        entry=EntryProof(path="a/b", index=1, files=3, siblings=(digest("sibling"),)),
        witnesses=(Witness(digest=digest("witness"), siblings=(digest("other"),)),),
    )
    return told(json.loads(json.dumps(made.to_mapping())), SliceProof.from_mapping)


def _odrl() -> str:
    return told(json.loads(json.dumps(to_odrl(RICH, parent=GRANT))), from_odrl)


def _form(name: str, profile: Profile) -> str:
    given = tomllib.loads((STORIES / f"{name}.toml").read_text("utf-8"))
    document = json.loads(json.dumps(given, default=str))
    return told(document, lambda value: problems(_mapped(value), profile))


def _mapped(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidInputError
    return value


def _receipt() -> str:
    approval = Approval(signer=Address(digest("signer")[:20]), signature=bytes(65))
    receipt = UsageReceipt(
        grant=GRANT,
        cumulative=7,
        sequence=2,
        purpose=Purpose.RESEARCH | Purpose.INSURANCE,
        action=Action.READ,
        at=START,
    )
    made = SignedReceipt(
        chain_id=31_337,
        meter=Address(digest("meter")[:20]),
        receipt=receipt,
        grantor=approval,
        grantee=approval,
    )
    return told(json.loads(made.text()), lambda value: SignedReceipt.parse(json.dumps(value)))


def _terms() -> str:
    document = {
        "template": "PROVISION",
        "clauses": {
            "product": str(PLOTS),
            "grantor": str(HOLDER),
            "grantee": str(FARM),
            "actions": "read,query",
            "purposes": ["RESEARCH"],
            "valid_from": "1d",
            "quota": {"unit": "CALL", "total": 5, "per_period": 2, "period": 86_400},
            "price": {"model": "FIXED", "currency": 156, "unit_price": 7, "cap_price": 9},
        },
        "grants": [{"offer_until": "7d", "valid_until": "30d", "notice_days": 3}],
    }
    return told(
        document,
        lambda value: terms_file.build(_mapped(value), now=START, salts=lambda: 5, given={}),
    )


def _row(folder: Path) -> str:
    line = {
        "path": "a",
        "content_root": None,
        "metadata_hash": None,
        "rights": ["HOLD", "USE"],
        "class": "important",
        "source": "CRAWLED",
        "nonSubstituting": True,
        "salt": 5,
        "series": str(PLOTS),
        "locator": "https://data.example/a",
        "dataName": "x",
        "form": ["text"],
        "attachments": [{"kind": "other", "sha256": "11" * 32}],
    }
    table = folder / "t.jsonl"

    def read(value: object) -> list[Any]:
        table.write_text(json.dumps(value) + "\n", "utf-8")
        faults = Faults()
        for _ in rows(table, faults, Defaults()):
            pass
        try:
            faults.close(table)
        except TableInvalid as error:
            return list(error.problems)
        return []

    return told(line, read)


def _import(name: str) -> str:
    """Tell what an import makes of a description that is spoilt, against what it makes of it."""
    document = json.loads((DESCRIPTIONS / name).read_bytes())
    true = _carried(document)

    def read(value: object) -> list[Any]:
        found = _carried(value)
        names = [name for name in {**true, **found} if found.get(name) != true.get(name)]
        return [{name: found.get(name, "gone") for name in names}] if names else []

    return told(document, read, values=_FEW)


def _carried(value: object) -> dict[str, Any]:
    found = metadata_documents.read(json.dumps(value).encode(), file="x")
    left = sorted(f"{one.where} {one.reason}" for one in found.unmapped)
    return {**found.mapping, "format": found.format, "left": " ".join(left)}


def _manifest() -> str:
    header = json.loads(Header(kind="folder", metadata=FULL, digests=("sha256",)).line())
    entry = entry_line("a/b", 1, digest("file"), ("sha256",), (digest("sha"),))

    def read(raw: bytes) -> None:
        for _ in ManifestReader(BytesIO(raw + entry)):
            pass

    return told(header, _canonical(read))


def _with_folder(tell: Callable[[Path], str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return tell(Path(folder))


REFUSALS: Final[dict[str, Callable[[], str]]] = {
    "refused-certificate.txt": _certificate,
    "refused-credential.txt": _credential,
    "refused-certificate-credential.txt": _certificate_credential,
    "refused-proof-grant.txt": partial(_proof, "1/grant"),
    "refused-proof-derived.txt": partial(_proof, "2/derived", "subject", "preimages"),
    "refused-proof-absent.txt": partial(_proof, "1/no-content", "subject", "preimages", "asked"),
    "refused-proposal.txt": _proposal,
    "refused-ending.txt": _ending,
    "refused-anchor-proof.txt": _anchor,
    "refused-slice.txt": _slice,
    "refused-odrl.txt": _odrl,
    "refused-property-form.txt": partial(_form, "hail_index", Profile.PROPERTY),
    "refused-public-form.txt": partial(_form, "crop_plots", Profile.PUBLIC),
    "refused-receipt.txt": _receipt,
    "refused-terms.txt": _terms,
    "refused-manifest.txt": _manifest,
    "refused-row.txt": partial(_with_folder, _row),
    "import-datapackage.txt": partial(_import, "datapackage.json"),
    "import-croissant.txt": partial(_import, "croissant.json"),
    "import-dcat.txt": partial(_import, "dcat.jsonld"),
}
"""What tells the refusals of each reader, by the name of the file that keeps them."""
