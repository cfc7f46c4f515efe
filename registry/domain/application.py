"""Build an application for registration: the whole form, and what of it may become public.

One document holds the descriptive fields of `registry.domain.metadata`, what the form says of
people (`applicants`, `rights`), and what the chain records by itself (class, flags, sources). Only
the descriptive fields go into the manifest's header and the metadata hash. What is said of people
enters them as one digest, `confidentialHash`: SHA-256 over canonical JSON with a random salt, so
that a registrar who is shown the form can check it, and nobody can guess it.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import replace
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from registry.domain import completeness
from registry.domain.fields import (
    Flag,
    Many,
    Member,
    Reading,
    Record,
    Shaped,
    Text,
    Word,
    read_members,
)
from registry.domain.ids import PartyId, ProductId
from registry.domain.metadata import (
    LINE,
    MEMBERS,
    SALT,
    SHA256,
    Metadata,
    metadata_hash,
    written_members,
)
from registry.domain.metadata_values import ApplicantType, DataClass, RightType
from registry.domain.product import ParticularFlag, Profile
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.errors import IdMistyped
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.errors import Flaw

_APPLICANTS: Final = 16
_SOURCES: Final = 16
_FORMAT: Final = "dengji-confidential/1"
# The chain's words for what the form calls otherwise.
_SOURCE_WORDS: Final = {
    "COLLECTED": "GENERATED",
    "PUBLIC_CRAWL": "CRAWLED",
    "AGREEMENT": "AGREED",
    "DERIVED": "DERIVED",
    "FUSED": "FUSED",
    "ENTRUSTED": "ENTRUSTED",
}
_MISSING: Final = ("required", "needs-sources", "needs-basis", "material-missing")
_MATERIALS: Final = "dengji-materials/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """Who applies; `id_number` is the credit code of an organisation, a person's document else."""

    name: str
    type: ApplicantType | None = None
    id_number: str | None = None
    contact: str | None = None
    phone: str | None = None
    address: str | None = None
    business_status: str | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RightStatement:
    """One right as the form states it; `proof_hash` is SHA-256 of the document that proves it."""

    holder: str
    credit_code: str
    right_type: RightType
    term: str | None = None
    limits: str | None = None
    proof_hash: bytes | None = None
    party: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Hold all rights that the form states for one holder, and its party where that is named."""

    name: str
    credit_code: str
    rights: Right
    party: PartyId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A whole, valid application under a profile; made by `from_mapping`.

    :ivar metadata: what becomes public, `confidential_hash` included.
    :ivar non_substituting: a crawled product that does not replace what it was taken from.
    :ivar agreed_rights: an agreement on the rights is among the materials.
    :ivar raw_public: raw government data, for which only PUBLIC is open.
    :ivar operated: a product of public-data operation; under PROPERTY `basis` names the PUBLIC
        product that it rests on.
    :ivar sources: the products that derived data comes from.
    """

    profile: Profile
    metadata: Metadata
    applicants: tuple[Applicant, ...] = ()
    rights: tuple[RightStatement, ...] = ()
    data_class: DataClass | None = None
    non_substituting: bool = False
    agreed_rights: bool = False
    raw_public: bool = False
    operated: bool = False
    basis: str | None = None
    sources: tuple[str, ...] = ()
    confidential_salt: bytes | None = None

    @classmethod
    def from_mapping(
        cls, mapping: Mapping[str, object], profile: Profile, *, secret: bytes
    ) -> Application:
        """Read a document under the names of the rules, and check it against its profile.

        The salt of what is confidential is the document's own, else it follows from `secret`, which
        only the writer has: the same form gives the same hash, and the writer alone can tell why.

        :raises MetadataInvalid: with all that is wrong, and all that the profile misses.
        """
        values, reading = _values(mapping)
        reading.flaws.extend(_missed(values, profile, reading))
        reading.close()
        described = {m.attribute: values.pop(m.attribute, None) for m in MEMBERS.values()}
        metadata = Metadata(**{k: v for k, v in described.items() if v is not None})
        made = cls(profile=profile, metadata=metadata, **values)
        return made._sealed(secret)

    @property
    def metadata_hash(self) -> bytes:
        """Return the digest of the public fields (32 bytes), as the chain holds it."""
        return metadata_hash(self.metadata)

    @property
    def evidence(self) -> bytes:
        """Return the digest of all materials (32 bytes): documents, proofs, the evidence named."""
        metadata = self.metadata
        documents = sorted([one.kind.value, one.sha256.hex()] for one in metadata.attachments)
        proofs = {one.proof_hash.hex() for one in self.rights if one.proof_hash}
        named = {
            "format": _MATERIALS,
            "attachments": documents,
            "confidentialHash": _hex(metadata.confidential_hash),
            "evidenceRef": metadata.evidence_ref,
            "proofs": sorted(proofs),
            "securityRiskAssessment": _hex(metadata.security_risk_assessment),
        }
        return sha256(rfc8785.dumps(named)).digest()

    @property
    def holders(self) -> tuple[Holder, ...]:
        """Return who holds which rights, in the order of the form."""
        codes = dict.fromkeys(one.credit_code for one in self.rights)
        return tuple(self._holder(code) for code in codes)

    @property
    def applicant_rights(self) -> Right:
        """Return the rights that the form states for the first applicant, none where it has none.

        A form that states no rights at all leaves them open: then it is all three. Where it names
        no applicant, the first holder applies.
        """
        if not self.rights:
            return Right.ALL
        code = self.applicants[0].id_number if self.applicants else self.rights[0].credit_code
        return next((one.rights for one in self.holders if one.credit_code == code), Right(0))

    @property
    def source(self) -> Source:
        """Return how the data was come by, in the chain's own word."""
        stated = self.metadata.source
        return Source.UNSPECIFIED if stated is None else Source[_SOURCE_WORDS[stated.name]]

    @property
    def flags(self) -> ParticularFlag:
        """Return what else is true of the data, as the chain records it."""
        said = {
            ParticularFlag.NON_SUBSTITUTING: self.non_substituting,
            ParticularFlag.AGREED_RIGHTS: self.agreed_rights,
            ParticularFlag.RAW_PUBLIC: self.raw_public,
            ParticularFlag.OPERATED: self.operated,
        }
        return reduce(or_, (flag for flag, holds in said.items() if holds), ParticularFlag(0))

    @property
    def security_class(self) -> SecurityClass:
        """Return the class of the data; GENERAL where the form says none."""
        return SecurityClass[self.data_class.name] if self.data_class else SecurityClass.GENERAL

    @property
    def parents(self) -> tuple[ProductId, ...]:
        """Return the products that derived data comes from."""
        return tuple(map(ProductId.parse, self.sources))

    def confidential(self) -> bytes:
        """Return what is said of people, with its salt, as canonical JSON: show it to a registrar.

        Its SHA-256 is `metadata.confidential_hash`.
        """
        said = {"format": _FORMAT, **written_members(CONFIDENTIAL, self)}
        return rfc8785.dumps(said | {"confidentialSalt": _hex(self.confidential_salt)})

    def to_mapping(self) -> dict[str, Any]:
        """Return the whole form as JSON-like values; keep it where only its writer can read."""
        return {**self.metadata.to_mapping(), **written_members(OWN, self)}

    def _holder(self, code: str) -> Holder:
        stated = [one for one in self.rights if one.credit_code == code]
        parties = {one.party: None for one in stated if one.party}
        return Holder(
            name=stated[0].holder,
            credit_code=code,
            rights=reduce(or_, (Right[one.right_type.name] for one in stated)),
            party=PartyId.parse(next(iter(parties))) if parties else None,
        )

    def _sealed(self, secret: bytes) -> Application:
        """Return the application with the digest of what is confidential, where there is any."""
        said = written_members(CONFIDENTIAL, self)
        if not said:
            return self
        salt = self.confidential_salt or hmac.digest(secret, rfc8785.dumps(said), "sha256")
        salted = replace(self, confidential_salt=salt)
        digest = sha256(salted.confidential()).digest()
        given = self.metadata.confidential_hash
        if given is not None and given != digest:
            reading = Reading()
            reading.refuse("confidentialHash", "hash-differs", given.hex(), [digest.hex()])
            reading.close()
        return replace(salted, metadata=replace(self.metadata, confidential_hash=digest))


def problems(mapping: Mapping[str, object], profile: Profile | None) -> list[Flaw]:
    """Return all that is wrong with a document, under a profile also what it misses."""
    values, reading = _values(mapping)
    return [*reading.flaws, *(_missed(values, profile, reading) if profile else ())]


def _values(mapping: Mapping[str, object]) -> tuple[dict[str, Any], Reading]:
    reading = Reading()
    values = read_members(DOCUMENT, mapping, reading)
    return values, reading


def _missed(values: Mapping[str, Any], profile: Profile, reading: Reading) -> list[Flaw]:
    """Return what the profile misses, apart from what is there and could not be read."""
    unread = {re.split(r"[\[.]", str(flaw["field"]))[0] for flaw in reading.flaws}
    found = completeness.problems(values, profile)
    return [one for one in found if one["problem"] not in _MISSING or one["field"] not in unread]


def _hex(value: bytes | None) -> str | None:
    return None if value is None else value.hex()


def _is_identity_number(number: str) -> bool:
    """Tell whether check characters are right; a document of another shape has none."""
    # Imported here for start-up time: seldom does a description name people.
    from stdnum.cn import ric, uscc  # noqa: PLC0415

    if len(number) != _CREDIT_CODE:
        return True
    return bool(uscc.is_valid(number) or ric.is_valid(number))


def _is_party(given: str) -> bool:
    try:
        PartyId.parse(given)
    except IdMistyped:
        return False
    return True


def _is_product(given: str) -> bool:
    try:
        ProductId.parse(given)
    except IdMistyped:
        return False
    return True


_CREDIT_CODE: Final = 18
IDENTITY_NUMBER: Final = Shaped(
    pattern=re.compile("[0-9A-Z()/-]{5,30}"),
    example="credit-code",
    form="identity-number",
    check=_is_identity_number,
)
_PHONE: Final = Shaped(pattern=re.compile(r"\+?[0-9()\- ]{5,30}"), example="phone")
_PARTY: Final = Shaped(
    pattern=re.compile("party1[0-9a-z]{1,80}"), example="party-id", form="party-id", check=_is_party
)
_PRODUCT: Final = Shaped(
    pattern=re.compile("product1[0-9a-z]{1,80}"),
    example="product-id",
    form="product-id",
    check=_is_product,
)
_NAME: Final = Text(limit=100)
APPLICANT: Final = Record(
    made=Applicant,
    members={
        "name": Member(attribute="name", kind=_NAME, required=True),
        "type": Member(attribute="type", kind=Word(choices=ApplicantType)),
        "idNumber": Member(attribute="id_number", kind=IDENTITY_NUMBER),
        "contact": Member(attribute="contact", kind=_NAME),
        "phone": Member(attribute="phone", kind=_PHONE),
        "address": Member(attribute="address", kind=LINE),
        "businessStatus": Member(attribute="business_status", kind=_NAME),
        "party": Member(attribute="party", kind=_PARTY),
    },
)
RIGHT: Final = Record(
    made=RightStatement,
    members={
        "holder": Member(attribute="holder", kind=_NAME, required=True),
        "creditCode": Member(attribute="credit_code", kind=IDENTITY_NUMBER, required=True),
        "rightType": Member(attribute="right_type", kind=Word(choices=RightType), required=True),
        "term": Member(attribute="term", kind=LINE),
        "limits": Member(attribute="limits", kind=LINE),
        "proofHash": Member(attribute="proof_hash", kind=SHA256),
        "party": Member(attribute="party", kind=_PARTY),
    },
)
CONFIDENTIAL: Final[dict[str, Member]] = {
    "applicants": Member(attribute="applicants", kind=Many(of=APPLICANT, limit=_APPLICANTS)),
    "rights": Member(attribute="rights", kind=Many(of=RIGHT)),
}
OWN: Final[dict[str, Member]] = CONFIDENTIAL | {
    "securityClass": Member(attribute="data_class", kind=Word(choices=DataClass)),
    "nonSubstituting": Member(attribute="non_substituting", kind=Flag()),
    "agreedRights": Member(attribute="agreed_rights", kind=Flag()),
    "rawPublic": Member(attribute="raw_public", kind=Flag()),
    "operated": Member(attribute="operated", kind=Flag()),
    "basis": Member(attribute="basis", kind=_PRODUCT),
    "sources": Member(attribute="sources", kind=Many(of=_PRODUCT, limit=_SOURCES)),
    "confidentialSalt": Member(attribute="confidential_salt", kind=SALT),
}
DOCUMENT: Final[dict[str, Member]] = MEMBERS | OWN
