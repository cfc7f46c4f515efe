"""Write what is on record as Verifiable Credentials (data model 2.0), and read them back.

    ProductRegistration                       one version of a product, and its description
    DataUseGrant                              a grant, with all its clauses
    PropertyRegistrationCertificate,
    PublicDataRegistrationVoucher             a registrar's certificate, by its document

A credential carries no signature: whoever is shown one asks the ledger, which holds all that it
says or the digest of it. So every field can be made again, and one that was changed shows. Its
`credentialStatus` is of the type `DengjiRecord`, which names the ledger and the record there: what
the record says now is its status. docs/exports.md describes how it is resolved.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from registry.domain import clauses_json
from registry.domain.certificate import LEDGER_PREVAILS, LOCAL_CHAIN, TYPES
from registry.domain.certificate_reader import from_json
from registry.domain.exports.record import TERMS, hexed, urn, version_urn
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.nesting import is_deep
from registry.domain.times import show_time
from registry.domain.words import names
from registry.errors import CredentialUnreadable, IdMistyped
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.certificate import Certificate
    from registry.domain.clauses import Clauses
    from registry.domain.exports.record import Place, Record
    from registry.domain.metadata import Metadata
    from registry.domain.moment import Moment

CONTEXT: Final = ["https://www.w3.org/ns/credentials/v2", {"@vocab": TERMS}]
CREDENTIAL: Final = "VerifiableCredential"
PRODUCT: Final = "ProductRegistration"
GRANT: Final = "DataUseGrant"
CERTIFICATES: Final = tuple(TYPES.values())
STATUS: Final = "DengjiRecord"
MAX_BYTES: Final = 1 << 24
_MAX_DEPTH: Final = 32
_URN: Final = "urn:dengji:"


def of_product(record: Record, metadata: Metadata | None) -> dict[str, Any]:
    """Return the credential of a product's newest version at the record's moment."""
    product, version = record.product, record.version
    subject = {
        "id": version_urn(product.id, version.number),
        "product": urn(product.id),
        "version": version.number,
        "profile": product.profile.name,
        "code": record.code,
        "securityClass": product.security_class.name,
        "rights": names(product.rights),
        "contentRoot": hexed(version.content_root),
        "metadataHash": hexed(version.metadata_hash),
        "registeredBy": urn(version.by),
        "block": version.block,
        "transaction": hexed(version.transaction),
        "metadata": None if metadata is None else metadata.to_mapping(),
    }
    return _credential(
        PRODUCT,
        record.place,
        record.moment,
        issuer=product.applicant,
        start=version.time,
        until=product.until,
        subject=subject,
        status={"product": str(product.id), "version": version.number},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """Hold what the credential of a grant is made from; `since` is when it came to be.

    `until` is when it ends as of `moment`, None while that is open; `transaction` has 32 bytes.
    """

    place: Place
    moment: Moment
    grant: GrantId
    parent: GrantId | None
    clauses: Clauses
    since: int
    until: int | None
    block: int
    transaction: bytes


def of_grant(granted: Granted) -> dict[str, Any]:
    """Return the credential of a grant: its clauses lead to its id, which the ledger knows."""
    clauses = granted.clauses
    subject = {
        "id": urn(clauses.grantee),
        "grant": urn(granted.grant),
        "parent": None if granted.parent is None else urn(granted.parent),
        "clauses": clauses_json.to_json(clauses),
        "block": granted.block,
        "transaction": hexed(granted.transaction),
    }
    return _credential(
        GRANT,
        granted.place,
        granted.moment,
        issuer=clauses.grantor,
        start=max(granted.since, clauses.window.start or 0),
        until=granted.until,
        subject=subject,
        status={"grant": str(granted.grant)},
    )


def of_certificate(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate as a credential; `to_certificate` gives the document back."""
    said = certificate.to_mapping()
    subject = dict(said["credentialSubject"])
    subject["holders"] = [{**one, "party": _URN_PARTY + one["party"]} for one in subject["holders"]]
    return {
        "@context": CONTEXT,
        "id": said["id"],
        "type": [CREDENTIAL, said["type"]],
        "issuer": {**said["issuer"], "id": _URN_PARTY + said["issuer"]["id"]},
        **{name: said[name] for name in ("validFrom", "validUntil") if name in said},
        "credentialSubject": {**subject, "id": _URN_PRODUCT + subject["id"]},
        "credentialStatus": {"id": f"{said['id']}:status", **said["credentialStatus"]},
        "termsOfUse": said["termsOfUse"],
        **{name: said[name] for name in ("format", "issued", "asOf", "stateProof") if name in said},
    }


def to_certificate(credential: Credential) -> Certificate:
    """Return the certificate that a credential was made of.

    :raises CredentialUnreadable: it lacks what a certificate has.
    :raises CertificateUnreadable: the document in it is none.
    """
    said = dict(credential.document)
    for name in ("@context", "type"):
        said.pop(name, None)
    said["type"] = credential.kind
    status = {k: v for k, v in credential.part("credentialStatus").items() if k != "id"}
    issuer, subject = credential.part("issuer"), credential.part("credentialSubject")
    holders = subject.get("holders")
    if not isinstance(holders, list):
        raise CredentialUnreadable(field="credentialSubject.holders", reason="wrong-type")
    said |= {
        "credentialStatus": status,
        "issuer": {**issuer, "id": _bare(issuer.get("id"), _URN_PARTY)},
        "credentialSubject": {
            **subject,
            "id": _bare(subject.get("id"), _URN_PRODUCT),
            "holders": [
                {**one, "party": _bare(one.get("party"), _URN_PARTY)}
                if isinstance(one, dict)
                else one
                for one in holders
            ],
        },
    }
    return from_json(json.dumps(said).encode())


_URN_PARTY: Final = f"{_URN}{PartyId.kind}:"
_URN_PRODUCT: Final = f"{_URN}{ProductId.kind}:"


def _credential(
    kind: str,
    place: Place,
    moment: Moment,
    *,
    issuer: PartyId,
    start: int,
    until: int | None,
    subject: dict[str, Any],
    status: dict[str, Any],
) -> dict[str, Any]:
    named = ":".join(str(one) for one in status.values())
    name = f"{_URN}credential:{place.chain_id}:{named}"
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": name,
        "type": [CREDENTIAL, kind],
        "issuer": urn(issuer),
        "validFrom": show_time(start),
        "credentialSubject": {key: said for key, said in subject.items() if said is not None},
        "credentialStatus": {
            "id": f"{name}:status",
            "type": STATUS,
            "chainId": str(place.chain_id),
            "directory": str(place.directory),
            **status,
        },
        "termsOfUse": [{"type": one} for one in (LEDGER_PREVAILS, *([LOCAL_CHAIN] * place.local))],
        "asOf": {
            "block": moment.block,
            "blockHash": hexed(moment.block_hash),
            "time": show_time(moment.time),
        },
    }
    if until is not None:
        made["validUntil"] = show_time(until)
    return made


# ---- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """Hold a credential that was shown: its kind, the ledger it names, and the document itself.

    `block` is the one that it was made of; `version` is None for a grant's. Nothing else in the
    document has been looked at.
    """

    kind: str
    chain_id: str
    directory: str
    block: int
    subject: ProductId | GrantId
    version: int | None
    document: dict[str, Any]

    def part(self, name: str) -> dict[str, Any]:
        """Return an object within the document; raises `CredentialUnreadable`."""
        return _object(self.document, name)


def read(raw: bytes) -> Credential:
    """Return the credential in these bytes; raises `CredentialUnreadable`."""
    document = _parsed(raw)
    kinds = document.get("type")
    known = [one for one in (PRODUCT, GRANT, *CERTIFICATES) if kinds == [CREDENTIAL, one]]
    if not known:
        raise CredentialUnreadable(field="type", reason="not-allowed")
    status = _object(document, "credentialStatus")
    if status.get("type") != STATUS:
        raise CredentialUnreadable(field="credentialStatus.type", reason="not-allowed")
    subject = GrantId if known[0] == GRANT else ProductId
    named = _text(status, subject.kind, "credentialStatus")
    try:
        identifier = subject.parse(named)
    except IdMistyped as error:
        field = f"credentialStatus.{subject.kind}"
        raise CredentialUnreadable(field=field, reason="malformed") from error
    return Credential(
        kind=known[0],
        chain_id=_text(status, "chainId", "credentialStatus"),
        directory=_text(status, "directory", "credentialStatus"),
        block=_number(_object(document, "asOf"), "block", "asOf"),
        subject=identifier,
        version=_number(status, "version", "credentialStatus") if known[0] == PRODUCT else None,
        document=document,
    )


def differing(given: object, true: object, above: str = "") -> tuple[str, ...]:
    """Return the paths at which a document departs from what it should be, in its own order."""
    if isinstance(given, dict) and isinstance(true, dict):
        paths = [*given, *(name for name in true if name not in given)]
        found = (
            differing(given.get(name, _NOTHING), true.get(name, _NOTHING), f"{above}.{name}")
            for name in paths
        )
        return tuple(one for part in found for one in part)
    if type(given) is type(true) and given == true:
        return ()
    return (above.removeprefix("."),)


_NOTHING: Final = object()


def canonical(document: dict[str, Any]) -> bytes:
    """Return a document as canonical JSON (RFC 8785) with a line end."""
    return rfc8785.dumps(document) + b"\n"


def _parsed(raw: bytes) -> dict[str, Any]:
    if len(raw) > MAX_BYTES or is_deep(raw, _MAX_DEPTH):
        raise CredentialUnreadable(field="document", reason="not-json")
    try:
        document = json.loads(raw, object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        raise CredentialUnreadable(field="document", reason="not-utf-8") from error
    except (ValueError, RecursionError) as error:
        raise CredentialUnreadable(field="document", reason="not-json") from error
    if not isinstance(document, dict):
        raise CredentialUnreadable(field="document", reason="not-json-object")
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these members; raises ValueError where one stands in it twice.

    Others may read the first of two where the last is read here: they must see the same.
    """
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _object(within: dict[str, Any], name: str) -> dict[str, Any]:
    found = within.get(name)
    if not isinstance(found, dict):
        raise CredentialUnreadable(field=name, reason="wrong-type" if found else "missing")
    return found


def _text(within: dict[str, Any], name: str, above: str) -> str:
    found = within.get(name)
    if not isinstance(found, str):
        raise CredentialUnreadable(field=f"{above}.{name}", reason="wrong-type")
    return found


def _number(within: dict[str, Any], name: str, above: str) -> int:
    found = within.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**53:
        raise CredentialUnreadable(field=f"{above}.{name}", reason="wrong-type")
    return found


def _bare(named: object, prefix: str) -> object:
    return named.removeprefix(prefix) if isinstance(named, str) else named
