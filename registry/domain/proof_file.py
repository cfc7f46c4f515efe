"""Write a proof to its file and read it back: one canonical JSON document (RFC 8785).

Reading believes nothing and changes nothing: each value has one spelling, and a file in any other
form than the one that writing gives it is refused.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from registry.domain import documents, header
from registry.domain.ancestry import MAX_ANCESTORS
from registry.domain.clauses import Clauses
from registry.domain.documents import Node
from registry.domain.ids import GrantId, ProductId
from registry.domain.lineage import MOST_SOURCES, Derivation, Source
from registry.domain.nesting import is_deep
from registry.domain.proof import (
    FORMAT,
    Account,
    GrantPreimage,
    OfAbsence,
    OfGrant,
    OfProduct,
    Preimages,
    Proof,
    VersionPreimage,
    Word,
)
from registry.domain.proof_fields import derivation_json
from registry.domain.times import show_time
from registry.domain.vocabulary import Activity, Purpose
from registry.errors import InvalidInputError, ProofUnreadable

if TYPE_CHECKING:
    from registry.domain.header import Header
    from registry.domain.proof import Facts, Subject

MAX_BYTES: Final = 1 << 24
_MAX_DEPTH: Final = 16
_MOST_CHAIN: Final = 2**53 - 1
_MOST_ACCOUNTS: Final = 64
_MOST_WORDS: Final = 10_000
_MOST_NODES: Final = 64
_MOST_NODE: Final = 1 << 16
_MOST_CODE: Final = 1 << 16
_MOST_KEYS: Final = 4
_MOST_VERSION: Final = 2**16 - 1
_MOST_CLAUSES: Final = 1 << 12
_U64: Final = 2**64 - 1
_HASH: Final = 32
FIELDS: Final = (
    *("accounts", "asked", "chain", "directory", "format", "header", "neighbour", "preimages"),
    *("shown", "subject"),
)
"""The keys of a file."""

LIMITS: Final = {
    "depth": _MAX_DEPTH,
    "chain": _MOST_CHAIN,
    "accounts": _MOST_ACCOUNTS,
    "words": _MOST_WORDS,
    "nodes": _MOST_NODES,
    "node": _MOST_NODE,
    "code": _MOST_CODE,
    "keys": _MOST_KEYS,
    "version": _MOST_VERSION,
    "clauses": _MOST_CLAUSES,
}
"""How deep, many, long and large what is read may be, for readers in other languages."""

# Writing


def dump(proof: Proof, shown: Facts) -> bytes:
    """Return the file of a proof and of what it shows: one line of JSON and a line feed."""
    neighbour, asked = proof.neighbour, proof.asked
    return documents.canonical(
        {
            "format": FORMAT,
            "subject": subject_json(proof.subject),
            "chain": proof.chain_id,
            "directory": str(proof.directory),
            "header": _header_json(proof.header),
            "asked": None if asked is None else show_time(asked),
            "neighbour": None if neighbour is None else _header_json(neighbour),
            "accounts": [_account_json(one) for one in proof.accounts],
            "preimages": _preimages_json(proof.preimages),
            "shown": shown,
        }
    )


def subject_json(subject: Subject) -> dict[str, Any]:
    """Return what a proof is about, as JSON."""
    if isinstance(subject, OfGrant):
        return {"kind": "grant", "id": str(subject.grant)}
    if isinstance(subject, OfProduct):
        told = {"kind": "product", "id": str(subject.product)}
        if not subject.version:
            return told
        return {**told, "kind": "version", "version": subject.version}
    absent = subject.absent
    kind = "content" if isinstance(absent, bytes) else absent.kind
    text = _hex(absent) if isinstance(absent, bytes) else str(absent)
    return {"kind": "absence", "of": kind, "id": text}


def _header_json(value: Header) -> dict[str, Any]:
    return {
        "profile": header.PROFILE,
        "hash": _hex(value.hash),
        "fields": dict(value.fields),
    }


def _account_json(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "address": str(account.address),
        "nonce": account.nonce,
        "balance": account.balance,
        "storageHash": _hex(account.storage_hash),
        "codeHash": _hex(account.code_hash),
        "code": _hex(account.code),
        "proof": [_hex(node) for node in account.proof],
        "storage": [
            {
                "name": word.name,
                "keys": [_hex(key) for key in word.keys],
                "value": _hex(word.value),
                "proof": [_hex(node) for node in word.proof],
            }
            for word in account.storage
        ],
    }


def _preimages_json(given: Preimages) -> dict[str, Any]:
    grant = given.grant
    return {
        "versions": [
            {
                "number": one.number,
                "contentRoot": _hex(one.content_root),
                "metadataHash": _hex(one.metadata_hash),
                "claim": one.claim,
                "salt": str(one.salt),
                "derivation": None if one.derivation is None else derivation_json(one.derivation),
            }
            for one in given.versions
        ],
        "grant": None
        if grant is None
        else {
            "clauses": _hex(grant.clauses.pack()),
            "above": [_hex(one) for one in grant.above],
        },
    }


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()


# Reading


def load(raw: bytes) -> tuple[Proof, bytes]:
    """Return a proof from its file, and the canonical JSON of what the file says that it shows.

    :raises ProofUnreadable: where the bytes are not the one form of a proof.
    """
    value = _canonical(raw)
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise ProofUnreadable(where="/format", reason="proof-format")
    try:
        return _proof(Node(value)), rfc8785.dumps(value["shown"])
    except InvalidInputError as error:
        if isinstance(error, ProofUnreadable):
            raise
        where = str(error.fields.get("where", "/"))
        reason = str(error.fields.get("reason", error.code))
        raise ProofUnreadable(where=where, reason=reason) from error


def _canonical(raw: bytes) -> object:
    """Return the value of canonical JSON; double keys and other spellings do not survive this."""
    if len(raw) > MAX_BYTES:
        raise ProofUnreadable(where="/", reason="proposal-too-long")
    # No text of a proof has anything to escape: what is outside of quotes is easily told then.
    if b"\\" in raw or is_deep(b"".join(raw.split(b'"')[::2]), _MAX_DEPTH):
        raise ProofUnreadable(where="/", reason="not-json")
    try:
        value = json.loads(raw)
        same = documents.canonical(value) == raw
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        raise ProofUnreadable(where="/", reason="not-json") from error
    if not same:
        raise ProofUnreadable(where="/", reason="proposal-not-canonical")
    return value


def _proof(node: Node) -> Proof:
    given = node.object(FIELDS)
    subject = _subject(given["subject"])
    product = subject.product if isinstance(subject, OfProduct) else None
    return Proof(
        subject=subject,
        chain_id=given["chain"].integer(_MOST_CHAIN),
        directory=given["directory"].address(),
        header=_header(given["header"]),
        asked=given["asked"].maybe(Node.time),
        neighbour=given["neighbour"].maybe(_header),
        accounts=tuple(_account(one) for one in given["accounts"].list(_MOST_ACCOUNTS)),
        preimages=_preimages(given["preimages"], product),
    )


def _subject(node: Node) -> Subject:
    said = node.value if isinstance(node.value, dict) else {}
    kind = said.get("kind")
    if kind == "version":
        given = node.object(("kind", "id", "version"))
        version = given["version"].integer(_MOST_VERSION)
        if not version:
            raise given["version"].refused("proof-version")
        return OfProduct(product=given["id"].product(), version=version)
    if kind == "absence":
        return _absence(node.object(("kind", "of", "id")))
    given = node.object(("kind", "id"))
    if kind == "product":
        return OfProduct(product=given["id"].product())
    if kind == "grant":
        return OfGrant(grant=given["id"].grant())
    raise given["kind"].refused("proof-subject")


def _absence(given: dict[str, Node]) -> OfAbsence:
    kind = given["of"].text()
    if kind == ProductId.kind:
        return OfAbsence(absent=given["id"].product())
    if kind == GrantId.kind:
        return OfAbsence(absent=given["id"].grant())
    if kind != "content":
        raise given["of"].refused("proof-subject")
    return OfAbsence(absent=given["id"].bytes(_HASH))


def _header(node: Node) -> Header:
    given = node.object(("profile", "hash", "fields"))
    if given["profile"].text() != header.PROFILE:
        raise given["profile"].refused("proof-profile")
    fields = given["fields"].value
    if not isinstance(fields, dict):
        raise given["fields"].refused("proposal-not-object")
    try:
        found = header.exact(fields)
    except header.HeaderInvalid as error:
        raise given["fields"].refused("proof-header") from error
    if given["hash"].bytes(_HASH) != found.hash:
        raise ProofUnreadable(where=given["hash"].where, reason="proof-header-hash")
    return found


def _account(node: Node) -> Account:
    names = ("address", "balance", "code", "codeHash", "name", "nonce", "proof", "storage")
    given = node.object((*names, "storageHash"))
    return Account(
        name=given["name"].text(),
        address=given["address"].address(),
        nonce=_quantity(given["nonce"]),
        balance=_quantity(given["balance"]),
        storage_hash=given["storageHash"].bytes(_HASH),
        code_hash=given["codeHash"].bytes(_HASH),
        code=_long(given["code"], _MOST_CODE),
        proof=_nodes(given["proof"]),
        storage=tuple(_word(one) for one in given["storage"].list(_MOST_WORDS)),
    )


def _word(node: Node) -> Word:
    given = node.object(("name", "keys", "value", "proof"))
    return Word(
        name=given["name"].text(),
        keys=tuple(one.bytes(_HASH) for one in given["keys"].list(_MOST_KEYS)),
        value=given["value"].bytes(_HASH),
        proof=_nodes(given["proof"]),
    )


def _nodes(node: Node) -> tuple[bytes, ...]:
    return tuple(_long(one, _MOST_NODE) for one in node.list(_MOST_NODES))


def _long(node: Node, most: int) -> bytes:
    """Return bytes, of which there may be more than a text elsewhere has room for."""
    said = node.value
    if not isinstance(said, str) or not said.startswith("0x") or len(said) > 2 + 2 * most:
        raise node.refused("proposal-not-hex")
    try:
        raw = bytes.fromhex(said[2:])
    except ValueError as error:
        raise node.refused("proposal-not-hex") from error
    if _hex(raw) != said:
        raise node.refused("proposal-not-hex")
    return raw


def _quantity(node: Node) -> str:
    said = node.text()
    if not header.is_quantity(said):
        raise node.refused("proposal-not-amount")
    return said


def _preimages(node: Node, product: ProductId | None) -> Preimages:
    given = node.object(("versions", "grant"))
    grant = given["grant"].maybe(_grant)
    named = product if grant is None else grant.clauses.product
    versions = (_version(one, named) for one in given["versions"].list(2))
    return Preimages(versions=tuple(versions), grant=grant)


def _version(node: Node, product: ProductId | None) -> VersionPreimage:
    """Return the preimage of a version of a product; without one there can be none."""
    names = ("number", "contentRoot", "metadataHash", "claim", "salt", "derivation")
    given = node.object(names)
    if product is None:
        raise node.refused("proposal-count")
    number = given["number"].integer(_MOST_VERSION)
    return VersionPreimage(
        number=number,
        content_root=given["contentRoot"].bytes(_HASH),
        metadata_hash=given["metadataHash"].bytes(_HASH),
        claim=given["claim"].integer(_MOST_CHAIN),
        salt=given["salt"].amount(_U64),
        derivation=given["derivation"].maybe(partial(_derivation, product, number)),
    )


def _derivation(product: ProductId, version: int, node: Node) -> Derivation:
    names = ("by", "at", "activity", "purposes", "method", "agents", "sources")
    given = node.object(names)
    return Derivation(
        product=product,
        version=version,
        by=given["by"].party(),
        time=given["at"].time(),
        activity=Activity(given["activity"].word("Activity")),
        purposes=given["purposes"].mask("Purpose", Purpose),
        method=given["method"].maybe(_read_hash),
        agents=tuple(one.party() for one in given["agents"].list(MOST_SOURCES)),
        sources=tuple(_source(one) for one in given["sources"].list(MOST_SOURCES)),
        block=0,
        transaction=b"",
    )


def _source(node: Node) -> Source:
    given = node.object(("product", "version", "grant"))
    return Source(
        product=given["product"].product(),
        version=given["version"].integer(_MOST_VERSION),
        grant=given["grant"].maybe(_read_grant),
    )


def _read_grant(node: Node) -> GrantId:
    """Return a grant; for none there is null, and no other spelling."""
    found = node.grant()
    if not found:
        raise node.refused("proposal-not-canonical")
    return found


def _read_hash(node: Node) -> bytes:
    """Return a digest; zero has a spelling of its own, which is null."""
    found = node.bytes(_HASH)
    if not any(found):
        raise node.refused("proposal-not-canonical")
    return found


def _grant(node: Node) -> GrantPreimage:
    given = node.object(("clauses", "above"))
    packed = _long(given["clauses"], _MOST_CLAUSES)
    clauses = Clauses.unpack(packed)
    # One content has one form here, though a contract would read others as well.
    if clauses.pack() != packed:
        raise given["clauses"].refused("proposal-not-canonical")
    return GrantPreimage(
        clauses=clauses,
        above=tuple(one.bytes(_HASH) for one in given["above"].list(MAX_ANCESTORS)),
    )
