"""Describe a data product: the descriptive fields of a registration, and their digest.

The fields are those of the property registration guide (国数综政策〔2026〕35号, annex 1), and
those that the public-data rules and product catalogues add. Nothing here names a person: the
applicant is the party on the chain, rights and security class are the chain's own, documents
stand as digests, and what the application form says of people stands as one salted digest
(`registry.domain.application`).
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from registry.domain.fields import (
    Code,
    Day,
    Field,
    Hex,
    Many,
    Member,
    Reading,
    Record,
    Text,
    Word,
    read_members,
)
from registry.domain.metadata_values import (
    AccessMode,
    AttachmentKind,
    DeliveryMode,
    Form,
    ProductKind,
    RegionScope,
    Sector,
    Source,
    Structure,
    UpdateFrequency,
)
from registry.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

NAME_LIMIT: Final = 40
_SUMMARY_LIMIT: Final = 400
_TEXT_LIMIT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document by its kind and the SHA-256 of its bytes (32); it stays with the holder."""

    kind: AttachmentKind
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The descriptive fields of one version of a data product; only its name must be given.

    :ivar data_name: at most 40 characters: time, region, industry, content, type.
    :ivar summary: at most 400 characters, as are `products_and_services` and `scenario`.
    :ivar industry: section letter and division of GB/T 4754, such as `A01`.
    :ivar time_scope: the time that the data covers; free text of at most 200 characters, as are
        `region`, `volume`, `evidence_ref`, `catalog_id` and each of the `restrictions`.
    :ivar restrictions: limits on buyers, capability, environment, region, resale or export.
    :ivar evidence_ref: the evidence (存证) that precedes a public registration.
    :ivar security_risk_assessment: SHA-256 of that document.
    :ivar region_code: provinces, prefectures or counties by their six digits (GB/T 2260).
    :ivar operating_since: the day on which operation and supply began.
    :ivar confidential_hash: SHA-256 of what the application form says of people, with its salt.
    :ivar salt: 16 to 32 random bytes that keep guessable fields from being found by their digest.
    :raises MetadataInvalid: a field has a value that it may not have.
    """

    data_name: str
    summary: str | None = None
    industry: str | None = None
    source: Source | None = None
    region_scope: RegionScope | None = None
    region: str | None = None
    time_scope: str | None = None
    update_frequency: UpdateFrequency | None = None
    volume: str | None = None
    form: tuple[Form, ...] = ()
    structure: tuple[Structure, ...] = ()
    restrictions: tuple[str, ...] = ()
    delivery_mode: tuple[DeliveryMode, ...] = ()
    access_mode: AccessMode | None = None
    products_and_services: str | None = None
    scenario: str | None = None
    security_risk_assessment: bytes | None = None
    evidence_ref: str | None = None
    catalog_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    salt: bytes | None = None
    kind: ProductKind | None = None
    sector: tuple[Sector, ...] = ()
    region_code: tuple[str, ...] = ()
    operating_since: date | None = None
    confidential_hash: bytes | None = None

    def __post_init__(self) -> None:
        # However the value was made, it can be written and read back.
        mapping = self.to_mapping()
        reading = Reading(strict=False)
        again = read_members(MEMBERS, mapping, reading)
        for name, given in mapping.items():
            attribute = MEMBERS[name].attribute
            if again[attribute] is not None and again[attribute] != getattr(self, attribute):
                reading.refuse(name, "malformed", given, ["normal-form"])
        reading.close()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object], *, suggests: bool = True) -> Metadata:
        """Read the fields from JSON-like values under the names of the rules, such as `dataName`.

        A field that is null or an empty list counts as not given; values of closed lists may be
        given by their English names. Without `suggests` no fault says what was probably meant.

        :raises MetadataInvalid: fields are unknown, missing, or have values they may not have.
        """
        return cls._read(mapping, Reading(suggests=suggests))

    @classmethod
    def recorded(cls, mapping: Mapping[str, object]) -> Metadata:
        """Read the fields as they were recorded, whatever codes have gone from the lists since.

        :raises MetadataInvalid: it cannot have been recorded.
        """
        return cls._read(mapping, Reading(strict=False))

    @classmethod
    def _read(cls, mapping: Mapping[str, object], reading: Reading) -> Metadata:
        values = read_members(MEMBERS, mapping, reading)
        reading.close()
        return cls(**values)

    @classmethod
    def named_after(cls, path: Path) -> Metadata:
        """Return the least description: the name of a file or folder, cut at 40 characters."""
        # The bytes of a name say what it is, whatever the locale takes them for.
        named = os.fsencode(path.resolve().name).decode("utf-8", "surrogateescape")
        name = named.encode("utf-8", "replace").decode()
        name = "".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable())
        return cls(data_name=name[:NAME_LIMIT].strip() or "data")

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields that are given as JSON-like values, under the names of the rules."""
        return written_members(MEMBERS, self)

    def canonical(self) -> bytes:
        """Return the fields as canonical JSON (RFC 8785), without a line end."""
        return rfc8785.dumps(self.to_mapping())


def metadata_hash(metadata: Metadata) -> bytes:
    """Return SHA-256 over the canonical descriptive fields (32 bytes); contents are not in it."""
    return sha256(metadata.canonical()).digest()


def written_members(members: Mapping[str, Member], value: object) -> dict[str, Any]:
    """Return the fields of a value that are given, as JSON has them, by the names of the rules."""
    return {
        name: _written(member.kind, given)
        for name, member in members.items()
        if (given := getattr(value, member.attribute)) is not None and given not in ((), False)
    }


def _written(kind: Field, value: Any) -> object:  # noqa: ANN401 (whatever the kind reads)
    """Return a typed value as JSON has it."""
    if isinstance(kind, Many):
        # A value that was made by hand may hold anything: its reading says so.
        return [_written(kind.of, item) for item in value] if isinstance(value, tuple) else value
    if isinstance(kind, Record):
        return written_members(kind.members, value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else value


SHA256: Final = Hex(pattern=re.compile("[0-9a-f]{64}"), example="hex-digits:64")
SALT: Final = Hex(pattern=re.compile("(?:[0-9a-f]{2}){16,32}"), example="hex-digits:32–64")
LINE: Final = Text(limit=_TEXT_LIMIT)
_PARAGRAPH: Final = Text(limit=_SUMMARY_LIMIT)
_INDUSTRY: Final = Code(
    name="industry", pattern=re.compile("[A-T](?:[0-9]{2})?"), example="industry-code"
)
_REGION: Final = Code(name="region", pattern=re.compile("[1-8][0-9]{5}"), example="region-code")
ATTACHMENT: Final = Record(
    made=Attachment,
    members={
        "kind": Member(attribute="kind", kind=Word(choices=AttachmentKind), required=True),
        "sha256": Member(attribute="sha256", kind=SHA256, required=True),
    },
)
_KINDS: Final[dict[str, Field]] = {
    "dataName": Text(limit=NAME_LIMIT),
    "summary": _PARAGRAPH,
    "industry": _INDUSTRY,
    "source": Word(choices=Source),
    "regionScope": Word(choices=RegionScope),
    "region": LINE,
    "timeScope": LINE,
    "updateFrequency": Word(choices=UpdateFrequency),
    "volume": LINE,
    "form": Many(of=Word(choices=Form)),
    "structure": Many(of=Word(choices=Structure)),
    "restrictions": Many(of=LINE),
    "deliveryMode": Many(of=Word(choices=DeliveryMode)),
    "accessMode": Word(choices=AccessMode),
    "productsAndServices": _PARAGRAPH,
    "scenario": _PARAGRAPH,
    "securityRiskAssessment": SHA256,
    "evidenceRef": LINE,
    "catalogId": LINE,
    "attachments": Many(of=ATTACHMENT),
    "salt": SALT,
    "kind": Word(choices=ProductKind),
    "sector": Many(of=Word(choices=Sector)),
    "regionCode": Many(of=_REGION),
    "operatingSince": Day(),
    "confidentialHash": SHA256,
}
MEMBERS: Final[dict[str, Member]] = {
    name: Member(attribute=attribute, kind=kind, required=name == "dataName")
    for (name, kind), attribute in zip(_KINDS.items(), Metadata.__slots__, strict=True)
}
