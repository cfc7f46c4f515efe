"""Describe a data product: the descriptive fields of a registration, and their digest.

The fields are those of the property registration guide (国数综政策〔2026〕35号, annex 1), and
those that the public-data rules and product catalogues add. Nothing here names a person: the
applicant is the party on the chain, rights and security class are the chain's own, and documents
stand as digests. Text is kept in Unicode's normal form C, so that one description has one digest.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NoReturn

import rfc8785

from registry.domain.metadata_values import (
    AccessMode,
    AttachmentKind,
    Choice,
    DeliveryMode,
    Form,
    RegionScope,
    Source,
    Structure,
    UpdateFrequency,
)
from registry.errors import MetadataInvalid

if TYPE_CHECKING:
    from pathlib import Path

_NAME_LIMIT: Final = 40
_SUMMARY_LIMIT: Final = 400
_TEXT_LIMIT: Final = 200
_LIST_LIMIT: Final = 32
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SALT: Final = re.compile(r"(?:[0-9a-f]{2}){16,32}")
_INDUSTRY: Final = re.compile(r"[A-T](?:[0-9]{2})?")

# A reader takes a field's JSON name and value to the typed value, or refuses by name.
_Reader = Callable[[str, object], Any]


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

    def __post_init__(self) -> None:
        # However the value was made, it can be written and read back.
        mapping = self.to_mapping()
        for name in _REQUIRED:
            if name not in mapping:
                _refuse(name, "missing")
        for name, given in mapping.items():
            if _READERS[name](name, given) != getattr(self, _ATTRIBUTES[name]):
                _refuse(name, "malformed", given, ["text in normal form C, lists without doubles"])

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> Metadata:
        """Read the fields from JSON-like values under the names of the rules, such as `dataName`.

        A field that is null or an empty list counts as not given; values of closed lists may be
        given by their English names.

        :raises MetadataInvalid: a field is unknown, missing, or has a value it may not have.
        """
        values = {}
        for name, given in mapping.items():
            if name not in _READERS:
                _refuse(str(name), "unknown-field", given, sorted(_READERS))
            if given is not None and given not in ([], ()):
                values[_ATTRIBUTES[name]] = _READERS[name](name, given)
        for name in _REQUIRED:
            if _ATTRIBUTES[name] not in values:
                _refuse(name, "missing")
        return cls(**values)

    @classmethod
    def named_after(cls, path: Path) -> Metadata:
        """Return the least description: the name of a file or folder, cut at 40 characters."""
        # The bytes of a name say what it is, whatever the locale takes them for.
        named = os.fsencode(path.resolve().name).decode("utf-8", "surrogateescape")
        name = named.encode("utf-8", "replace").decode()
        name = "".join(c for c in unicodedata.normalize("NFC", name) if c.isprintable())
        return cls(data_name=name[:_NAME_LIMIT].strip() or "data")

    def to_mapping(self) -> dict[str, Any]:
        """Return the fields that are given as JSON-like values, under the names of the rules."""
        return {
            name: _written(value)
            for name, attribute in _ATTRIBUTES.items()
            if (value := getattr(self, attribute)) is not None and value != ()
        }

    def canonical(self) -> bytes:
        """Return the fields as canonical JSON (RFC 8785), without a line end."""
        return rfc8785.dumps(self.to_mapping())


def metadata_hash(metadata: Metadata) -> bytes:
    """Return SHA-256 over the canonical descriptive fields (32 bytes); contents are not in it."""
    return sha256(metadata.canonical()).digest()


def _written(value: object) -> object:
    """Return a typed value as JSON has it."""
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    if isinstance(value, Attachment):
        return {"kind": _written(value.kind), "sha256": value.sha256.hex()}
    return value


def _refuse(
    name: str, problem: str, given: object = "", allowed: list[str] | None = None
) -> NoReturn:
    """Refuse a field by name; what was given is cut, so that no message grows beyond reading."""
    raise MetadataInvalid(
        field=name, problem=problem, value=str(given)[:_TEXT_LIMIT], allowed=allowed or []
    )


def _text(limit: int) -> _Reader:
    """Return a reader of text of at most `limit` characters."""

    def read(name: str, given: object) -> str:
        if not isinstance(given, str):
            _refuse(name, "wrong-type", given, ["text"])
        text = unicodedata.normalize("NFC", given).strip()
        if not text:
            _refuse(name, "empty", given)
        if len(text) > limit:
            _refuse(name, "too-long", text, [f"at most {limit} characters"])
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in text):
            _refuse(name, "malformed", ascii(text), ["text without control characters"])
        return text

    return read


def _choice(choices: type[Choice]) -> _Reader:
    """Return a reader of one value of a closed list."""

    def read(name: str, given: object) -> Choice:
        if not isinstance(given, str):
            _refuse(name, "wrong-type", given, choices.allowed())
        found = choices.named(given)
        if found is None:
            _refuse(name, "not-allowed", given, choices.allowed())
        return found

    return read


def _matching(pattern: re.Pattern[str], example: str) -> Callable[[str, object], str]:
    """Return a reader of text of a given shape."""

    def read(name: str, given: object) -> str:
        if not isinstance(given, str) or not pattern.fullmatch(given):
            _refuse(name, "malformed", given, [example])
        return given

    return read


def _hex(pattern: re.Pattern[str], example: str) -> _Reader:
    """Return a reader of bytes given as lower-case hexadecimal digits."""
    read_text = _matching(pattern, example)

    def read(name: str, given: object) -> bytes:
        return bytes.fromhex(read_text(name, given))

    return read


def _many(reader: _Reader) -> _Reader:
    """Return a reader of a list without doubles; one value may be given without its list."""

    def read(name: str, given: object) -> tuple[Any, ...]:
        if not isinstance(given, list | tuple):
            given = [given]
        if len(given) > _LIST_LIMIT:
            _refuse(name, "too-long", len(given), [f"at most {_LIST_LIMIT} values"])
        return tuple(dict.fromkeys(reader(name, item) for item in given))

    return read


def _attachment(name: str, given: object) -> Attachment:
    """Read a document's kind and digest."""
    if not isinstance(given, dict) or given.keys() != {"kind", "sha256"}:
        _refuse(name, "wrong-type", given, ["an object with kind and sha256"])
    return Attachment(
        kind=_choice(AttachmentKind)(name, given["kind"]),
        sha256=_sha256(name, given["sha256"]),
    )


_sha256: Final = _hex(_DIGEST, "64 hexadecimal digits")
_line: Final = _text(_TEXT_LIMIT)
_paragraph: Final = _text(_SUMMARY_LIMIT)
_READERS: Final[dict[str, _Reader]] = {
    "dataName": _text(_NAME_LIMIT),
    "summary": _paragraph,
    "industry": _matching(_INDUSTRY, "a section and division of GB/T 4754, such as A01"),
    "source": _choice(Source),
    "regionScope": _choice(RegionScope),
    "region": _line,
    "timeScope": _line,
    "updateFrequency": _choice(UpdateFrequency),
    "volume": _line,
    "form": _many(_choice(Form)),
    "structure": _many(_choice(Structure)),
    "restrictions": _many(_line),
    "deliveryMode": _many(_choice(DeliveryMode)),
    "accessMode": _choice(AccessMode),
    "productsAndServices": _paragraph,
    "scenario": _paragraph,
    "securityRiskAssessment": _sha256,
    "evidenceRef": _line,
    "catalogId": _line,
    "attachments": _many(_attachment),
    "salt": _hex(_SALT, "32 to 64 hexadecimal digits"),
}
_REQUIRED: Final = ("dataName",)
_ATTRIBUTES: Final = dict(zip(_READERS, (f.name for f in fields(Metadata)), strict=True))
