"""Describe the registration certificate (数据产权登记证书, 公共数据资源登记凭证) as a document.

A certificate is the registrar's view of what the ledger records at one block. Its canonical JSON
(RFC 8785) is what counts: the registrar puts the first 24 bytes of its SHA-256 on the chain, and
the printed page carries it along. Its outline is that of a Verifiable Credential 2.0 — issuer,
credentialSubject, validFrom, validUntil, credentialStatus — so that it can become one by adding a
context and a proof. docs/schemas/certificate.schema.json states every field.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from registry.domain.product import Profile
from registry.domain.times import show_time
from registry.domain.vocabulary import Right
from registry.domain.words import names
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.ids import Address, PartyId, ProductId

FORMAT: Final = "dengji-certificate/1"
"""The name and version of the document's format."""

DIGEST_BYTES: Final = 24
"""How much of the SHA-256 the chain keeps."""

CODE: Final = "[0-9A-Z]{1,40}"
"""The form of the registration's code, as a regular expression."""

TYPES: Final = {
    Profile.PROPERTY: "PropertyRegistrationCertificate",
    Profile.PUBLIC: "PublicDataRegistrationVoucher",
}
"""What a certificate is called under each rule set; OPEN products get none."""

LEDGER_PREVAILS: Final = "LedgerPrevails"
LOCAL_CHAIN: Final = "LocalChainNoEvidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Name the registrar: its party, its number, and the seat that its codes carry."""

    party: PartyId
    number: int
    seat: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Hold the rights of one party at issue, and what the application says of it.

    `since` is in seconds since 1970; name, credit code, term and limits are not on the chain, and
    stand or fall with the certificate's digest.
    """

    party: PartyId
    rights: Right
    since: int
    name: str | None = None
    credit_code: str | None = None
    term: str | None = None
    limits: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Hold an annotation (备注) that stood at issue; `kind` and `reason` are vocabulary words.

    `evidence` is the first 12 bytes of the digest of the document it rests on.
    """

    index: int
    kind: str
    by: PartyId
    reason: str
    evidence: bytes
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Say where the certificate's record stands: chain, contracts, product, certificate number."""

    chain_id: int
    directory: Address
    products: Address
    certificates: Address
    product: ProductId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Name the block whose state the certificate was made from; the hash is 32 bytes."""

    number: int
    hash: bytes
    time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Hold one certificate; times are in seconds since 1970, roots and hashes 32 bytes.

    `evidence` is the digest of what the registration rests on (存证). `valid_until` is the first
    second in which the registration no longer stands, None where it has no end. `local` says that
    the chain is a local one, which is no evidence to others. `state_proof` is the file of a proof
    of the record as of the block, None for none.
    """

    profile: Profile
    issuer: Issuer
    code: str
    version: int
    content_root: bytes
    metadata_hash: bytes
    data_name: str
    holders: tuple[Holder, ...]
    valid_from: int
    issued: int
    status: Status
    block: Block
    valid_until: int | None = None
    summary: str | None = None
    catalog_id: str | None = None
    annotations: tuple[Note, ...] = ()
    evidence: bytes | None = None
    local: bool = False
    state_proof: bytes | None = None

    @property
    def product(self) -> ProductId:
        """Return the product that is registered."""
        return self.status.product

    @property
    def number(self) -> int:
        """Return which certificate of the product this is, from 1."""
        return self.status.number

    def to_mapping(self) -> dict[str, Any]:
        """Return the document as JSON values; what is not given is left out."""
        status = self.status
        return _given(
            format=FORMAT,
            id=f"urn:dengji:certificate:{status.chain_id}:{status.product}:{status.number}",
            type=TYPES[self.profile],
            issuer=_given(
                id=str(self.issuer.party),
                name=self.issuer.name,
                number=self.issuer.number,
                seat=self.issuer.seat,
            ),
            issued=show_time(self.issued),
            validFrom=show_time(self.valid_from),
            validUntil=None if self.valid_until is None else show_time(self.valid_until),
            credentialSubject=self._subject(),
            credentialStatus={
                "type": "DengjiRecord",
                "chainId": str(status.chain_id),
                "directory": str(status.directory),
                "products": str(status.products),
                "certificates": str(status.certificates),
                "product": str(status.product),
                "number": status.number,
            },
            asOf={
                "block": self.block.number,
                "blockHash": _hexed(self.block.hash),
                "time": show_time(self.block.time),
            },
            termsOfUse=[
                {"type": kind} for kind in (LEDGER_PREVAILS, *([LOCAL_CHAIN] * self.local))
            ],
            stateProof=None if self.state_proof is None else json.loads(self.state_proof),
        )

    def _subject(self) -> dict[str, Any]:
        return _given(
            id=str(self.product),
            profile=self.profile.name,
            code=self.code,
            catalogId=self.catalog_id,
            version=self.version,
            contentRoot=_hexed(self.content_root),
            metadataHash=_hexed(self.metadata_hash),
            dataName=self.data_name,
            summary=self.summary,
            holders=[_holder(one) for one in self.holders],
            annotations=[_note(one) for one in self.annotations],
            evidence=None if self.evidence is None else _hexed(self.evidence),
        )

    def canonical(self) -> bytes:
        """Return the document as canonical JSON, without a line end."""
        return rfc8785.dumps(self.to_mapping())


def digest_of(canonical: bytes) -> bytes:
    """Return what the chain keeps of a document's canonical bytes."""
    return sha256(canonical).digest()[:DIGEST_BYTES]


def differences(one: Certificate, other: Certificate) -> tuple[str, ...]:
    """Return the paths of the fields in which two certificates differ, in the document's order."""
    return tuple(_differing(one.to_mapping(), other.to_mapping(), ""))


def _differing(one: Mapping[str, Any], other: Mapping[str, Any], above: str) -> list[str]:
    found: list[str] = []
    for name in [*one, *(name for name in other if name not in one)]:
        left, right = one.get(name), other.get(name)
        if isinstance(left, dict) and isinstance(right, dict):
            found += _differing(left, right, f"{above}{name}.")
        elif left != right:
            found.append(above + name)
    return found


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _hexed(raw: bytes) -> str:
    return "0x" + raw.hex()


def _holder(holder: Holder) -> dict[str, Any]:
    return _given(
        party=str(holder.party),
        name=holder.name,
        creditCode=holder.credit_code,
        rights=names(holder.rights),
        since=show_time(holder.since),
        term=holder.term,
        limits=holder.limits,
    )


def _note(note: Note) -> dict[str, Any]:
    return {
        "index": note.index,
        "kind": note.kind,
        "by": str(note.by),
        "reason": note.reason,
        "evidence": _hexed(note.evidence),
        "since": show_time(note.since),
    }
