"""Make documents of every kind that readers take, from values that are written out."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from registry.chain.signatures import sign_typed
from registry.chain.signer import LocalSigner
from registry.domain import consents, ending_file, proposal_file
from registry.domain.agreement_operations import Approval
from registry.domain.ancestry import Path as GrantPath
from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_leaves import Site
from registry.domain.anchor_proof import AnchorProof
from registry.domain.anchor_writing import write_archive
from registry.domain.clauses import Clauses
from registry.domain.fingerprint import fingerprint
from registry.domain.ids import Address, GrantId, PartyId
from registry.domain.operations import Register
from registry.domain.party import KeyKind
from registry.domain.proposal import Kind, Offer, Proposal, Signature, agreed
from registry.domain.salted import Salted
from registry.domain.signing import Ending, KeyConsent, UsageReceipt
from registry.domain.slices import prove_slice
from registry.domain.terms import SigningDomain
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Form, Purpose, SubDelegation
from tests import certificates, narrowing, recorded

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PROOFS: Final = ROOT / "tests" / "fixtures" / "proofs"
DOMAIN: Final = SigningDomain(chain_id=31337, verifying_contract=Address(b"\x04" * 20))
SIGNER: Final = LocalSigner(b"\7" * 32)
TIME: Final = 1_790_000_000


@cache
def workplace() -> Path:
    """Return a folder for files that readers open, removed with the process."""
    # In memory where there is such a place: nothing of it is to outlast the process.
    memory = Path("/dev/shm")  # noqa: S108 (a folder of one's own is made in it)
    parent = memory if memory.is_dir() else None
    folder = tempfile.TemporaryDirectory(prefix="dengji-inputs-", dir=parent)
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []


def placed(given: bytes, name: str) -> Path:
    """Return a file of this name with these bytes."""
    path = workplace() / name
    path.write_bytes(given)
    return path


def manifests() -> Sequence[bytes]:
    """Return manifests of a file, of a folder, and of one with further digests."""
    root = workplace() / "content"
    if not root.exists():
        (root / "deep" / "er").mkdir(parents=True)
        (root / "a.csv").write_bytes(b"1,2\n")
        (root / "deep" / "数据.csv").write_bytes(b"x" * 1000)
        (root / "deep" / "er" / "z").write_bytes(b"")
    found = []
    for number, (path, digests) in enumerate(
        ((root, ()), (root / "a.csv", ()), (root, ("sha256", "sm3")))
    ):
        manifest = workplace() / f"{number}.manifest"
        fingerprint(path, manifest=manifest, digests=digests)
        found.append(manifest.read_bytes())
    return found


def _signed(proposal: Proposal, party: PartyId) -> Proposal:
    return proposal.signed(
        *(
            Signature(
                party=party,
                signer=SIGNER.address,
                signature=sign_typed(SIGNER, proposal.over(over), proposal.domain),
                time=TIME,
                over=over,
            )
            for over in proposal.asked(party)
        )
    )


def clauses(number: int, form: Form) -> Clauses:
    """Return clauses that a number chooses."""
    made = narrowing.parent(random.Random(number))
    return replace(made, form=form, offer_until=TIME + 100, agreement=None)


def proposals() -> Sequence[bytes]:
    """Return proposals of each kind, one signed, one countered."""
    one = clauses(1, Form.TWO_SIDED)
    first = Proposal(
        domain=DOMAIN,
        kind=Kind.TWO_SIDED,
        path=None,
        offer=Offer(clauses=(one,), by=one.grantor, time=TIME),
        texts=(),
    )
    other = replace(clauses(2, Form.TWO_SIDED), grantor=one.grantor, grantee=one.grantee)
    countered = first.countered((other,), by=one.grantee, time=TIME + 1)
    until = TIME + 100
    several = tuple(
        replace(clauses(number, Form.JOINT), offer_until=until) for number in range(3, 6)
    )
    joint = agreed(Kind.JOINT, several)
    together = replace(
        first, kind=Kind.JOINT, offer=Offer(clauses=joint, by=joint[0].grantor, time=TIME)
    )
    above = replace(
        clauses(7, Form.ONE_SIDED), sub_delegation=SubDelegation.CONSENT, depth=2, offer_until=None
    )
    below = replace(clauses(8, Form.ONE_SIDED), grantor=above.grantee)
    sub = replace(
        first,
        kind=Kind.SUB_GRANT,
        path=GrantPath(clauses=above, above=(b"\5" * 32,)),
        offer=Offer(clauses=(below,), by=below.grantor, time=TIME),
    )
    made = (first, _signed(first, one.grantor), countered, together, sub)
    return [proposal_file.dump(one) for one in made]


def endings() -> Sequence[bytes]:
    """Return wills to end a grant, now and later."""
    return [
        ending_file.SignedEnding(
            domain=DOMAIN,
            ending=Ending(grant=GrantId.of(7), ends_at=ends, deadline=TIME),
            party=PartyId.of(9),
            approval=Approval(signer=SIGNER.address, signature=bytes(range(65))),
        ).dump()
        for ends in (0, TIME + 5)
    ]


def key_consents() -> Sequence[bytes]:
    """Return consents of a controller's and of an agent's key."""
    return [
        consents.dump(
            consents.SignedConsent(
                message=KeyConsent(
                    party=PartyId.of(9),
                    key=SIGNER.address,
                    kind=int(kind),
                    scopes=scopes,
                    valid_until=until,
                    deadline=TIME,
                ),
                domain=DOMAIN,
                signature=bytes(range(65)),
            )
        )
        for kind, scopes, until in ((KeyKind.CONTROLLER, 0xFFFF, 0), (KeyKind.AGENT, 1, TIME))
    ]


def receipts() -> Sequence[bytes]:
    """Return receipts as JSON and as headers, signed by one side and by both."""
    told = UsageReceipt(
        grant=GrantId.of(7),
        cumulative=2**60,
        sequence=5,
        purpose=Purpose.RESEARCH | Purpose.AUDIT,
        action=Action.QUERY,
        at=TIME,
    )
    one = SignedReceipt(
        chain_id=31337,
        meter=Address.of(9),
        receipt=told,
        grantee=Approval(signer=SIGNER.address, signature=bytes(range(65))),
    )
    both = replace(one, grantor=one.grantee)
    return [text.encode() for each in (one, both) for text in (each.text(), each.header())]


def certificate_documents() -> Sequence[bytes]:
    """Return certificates as JSON."""
    return [one.canonical() for one in (certificates.SAMPLE, certificates.PUBLIC)]


def salts() -> Sequence[bytes]:
    """Return what opens a private registration, and a bare salt."""
    parts = [bytes([number]) * 32 for number in range(1, 5)]
    names = ("content_root", "content_salt", "metadata_hash", "metadata_salt")
    made = Salted(party=PartyId.of(9), **dict(zip(names, parts, strict=True)))
    return [made.canonical()]


def anchor_archives() -> Sequence[bytes]:
    """Return the archives of anchors with one leaf and with seven."""
    found = []
    for count in (1, 7):
        items = [
            Register(
                content_root=digest(f"content {number}"),
                metadata_hash=digest(f"metadata {number}"),
                salt=number,
            )
            for number in range(count)
        ]
        found.append(write_archive(workplace() / "anchors", SITE, items).read_bytes())
    return found


SITE: Final = Site(chain_id=31337, registry=Address(bytes(range(20))), party=PartyId.of(9))


def anchor_proofs() -> Sequence[bytes]:
    """Return the proofs of two leaves of seven."""
    with AnchorArchive(placed(anchor_archives()[1], "for-proofs.anchor")) as archive:
        return [
            AnchorProof(
                site=SITE, leaves=archive.size, root=archive.root, proven=archive.prove(index)
            ).dump()
            for index in (0, 6)
        ]


def slices() -> Sequence[bytes]:
    """Return proofs of a part of a file, alone and in a folder."""
    manifests()
    root = workplace() / "content"
    whole = prove_slice(root / "a.csv", 0, 2)
    within = prove_slice(root, 0, 2, file="deep/数据.csv", manifest=workplace() / "0.manifest")
    return [json.dumps(one.to_mapping()).encode() for one in (whole, within)]


def golden(name: str) -> tuple[bytes, bytes]:
    """Return a golden proof, and the hash of the block that it rests on."""
    (path,) = PROOFS.glob(f"*/{name}.proof.json")
    said = path.with_name(f"{name}.hash").read_text().strip()
    return path.read_bytes(), bytes.fromhex(said[2:])


def descriptions(*names: str) -> Sequence[bytes]:
    """Return the descriptions that tests have, by their names."""
    return [(ROOT / "tests" / "descriptions" / name).read_bytes() for name in names]


def metadata_documents() -> Sequence[bytes]:
    """Return descriptions in our own form."""
    return [recorded.FULL.canonical(), recorded.LEAST.canonical()]


def digest(what: str) -> bytes:
    """Return 32 bytes that look like what they stand for."""
    return sha256(what.encode()).digest()
