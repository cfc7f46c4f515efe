"""Read a certificate from its JSON: every field typed, none missing, none unknown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import rfc8785

from registry.domain import documents
from registry.domain.certificate import (
    CODE,
    FORMAT,
    LEDGER_PREVAILS,
    LOCAL_CHAIN,
    TYPES,
    Block,
    Certificate,
    Holder,
    Issuer,
    Note,
    Status,
)
from registry.domain.ids import Address, Identifier, PartyId, ProductId
from registry.domain.nesting import is_deep
from registry.domain.times import parse_time, show_time
from registry.domain.vocabulary import Right
from registry.domain.words import names
from registry.errors import CertificateUnreadable, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.product import Profile

Id = TypeVar("Id", bound=Identifier)

_MOST: Final = 2**53 - 1
_MAX_DEPTH: Final = 32
_WORD: Final = "[A-Z][A-Z_]{0,39}"
_DIGITS: Final = re.compile(r"[1-9][0-9]{0,77}")


def from_json(canonical: bytes) -> Certificate:
    """Return the certificate in these bytes; raises `CertificateUnreadable`.

    The bytes need not be canonical; compare them with `Certificate.canonical`.
    """
    if is_deep(canonical, _MAX_DEPTH):
        raise CertificateUnreadable(field="document", reason="not-json")
    try:
        read = json.loads(canonical)
    except UnicodeDecodeError as error:
        raise CertificateUnreadable(field="document", reason="not-utf-8") from error
    except (ValueError, RecursionError) as error:
        raise CertificateUnreadable(field="document", reason="not-json") from error
    return _certificate(_Fields("", read))


class _Fields:
    """Take the fields of one object, each once and by its kind; `end` refuses what is left."""

    def __init__(self, path: str, given: object) -> None:
        if not isinstance(given, dict):
            _refuse(path or "document", "not-json-object")
        self._path = path
        self._left: dict[str, Any] = dict(given)

    def path(self, name: str) -> str:
        """Return the path of a field."""
        return f"{self._path}.{name}" if self._path else name

    def take(self, name: str) -> Any:  # noqa: ANN401 (whatever JSON holds)
        """Return a field's value, None for none."""
        if name in self._left and self._left[name] is None:
            self.refuse(name, "wrong-type")
        return self._left.pop(name, None)

    def has(self, name: str) -> bool:
        """Tell whether a field is there and was not taken."""
        return name in self._left

    def refuse(self, name: str, reason: str) -> NoReturn:
        """Refuse a field."""
        _refuse(self.path(name), reason)

    def maybe(self, name: str) -> str | None:
        """Return text, None where the field is missing."""
        value = self.take(name)
        if value is not None and not isinstance(value, str):
            self.refuse(name, "wrong-type")
        return value

    def text(self, name: str) -> str:
        """Return text."""
        value = self.maybe(name)
        if value is None:
            self.refuse(name, "missing")
        return value

    def said(self, name: str, *allowed: str) -> str:
        """Return one of the texts allowed."""
        value = self.text(name)
        if value not in allowed:
            self.refuse(name, "not-allowed")
        return value

    def matching(self, name: str, pattern: str) -> str:
        """Return text of a given form."""
        value = self.text(name)
        if not re.fullmatch(pattern, value):
            self.refuse(name, "malformed")
        return value

    def number(self, name: str) -> int:
        """Return a whole number that is not negative."""
        value = self.take(name)
        if value is None:
            self.refuse(name, "missing")
        # A truth value is an int to Python, not to JSON.
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
            self.refuse(name, "wrong-type")
        return value

    def big(self, name: str) -> int:
        """Return a positive whole number written as text."""
        value = self.text(name)
        if not _DIGITS.fullmatch(value):
            self.refuse(name, "malformed")
        return int(value)

    def time(self, name: str) -> int:
        """Return a time in its one form."""
        value = self.text(name)
        seconds: int = self._read(name, parse_time, value)
        if show_time(seconds) != value:
            self.refuse(name, "malformed")
        return seconds

    def identifier(self, name: str, kind: type[Id]) -> Id:
        """Return an id in its one form."""
        value = self.text(name)
        found: Id = self._read(name, kind.parse, value)
        if str(found) != value:
            self.refuse(name, "malformed")
        return found

    def raw(self, name: str, length: int) -> bytes:
        """Return bytes given as 0x and lower-case digits."""
        value = self.text(name)
        if not re.fullmatch(f"0x[0-9a-f]{{{2 * length}}}", value):
            self.refuse(name, "malformed")
        return bytes.fromhex(value[2:])

    def listed(self, name: str) -> list[_Fields]:
        """Return the objects of a list."""
        value = self.take(name)
        if not isinstance(value, list):
            self.refuse(name, "missing" if value is None else "wrong-type")
        return [_Fields(f"{self.path(name)}[{index}]", item) for index, item in enumerate(value)]

    def inner(self, name: str) -> _Fields:
        """Return an object's fields."""
        return _Fields(self.path(name), self.take(name))

    def end(self) -> None:
        """Refuse what nobody asked for."""
        for name in self._left:
            self.refuse(name, "unknown-field")

    def _read(self, name: str, read: Callable[[str], Any], value: str) -> Any:  # noqa: ANN401
        try:
            return read(value)
        except InvalidInputError as error:
            raise CertificateUnreadable(field=self.path(name), reason="malformed") from error


def _refuse(field: str, reason: str) -> NoReturn:
    raise CertificateUnreadable(field=field, reason=reason)


def _certificate(fields: _Fields) -> Certificate:
    fields.said("format", FORMAT)
    named = fields.text("id")
    kind = fields.said("type", *TYPES.values())
    profile = next(one for one, name in TYPES.items() if name == kind)
    subject = fields.inner("credentialSubject")
    made = Certificate(
        profile=profile,
        issuer=_issuer(fields.inner("issuer")),
        issued=fields.time("issued"),
        valid_from=fields.time("validFrom"),
        valid_until=fields.time("validUntil") if fields.has("validUntil") else None,
        status=_status(fields.inner("credentialStatus")),
        block=_block(fields.inner("asOf")),
        local=_terms(fields.listed("termsOfUse")),
        state_proof=_state_proof(fields) if fields.has("stateProof") else None,
        **_subject(subject, profile),
    )
    fields.end()
    if subject.text("id") != str(made.product):
        subject.refuse("id", "contradicts")
    subject.end()
    if named != made.to_mapping()["id"]:
        fields.refuse("id", "contradicts")
    _encodable(made)
    return made


def _state_proof(fields: _Fields) -> bytes:
    """Return the file of the proof within, in its one form; whether it holds is not judged here."""
    value = fields.take("stateProof")
    if not isinstance(value, dict):
        fields.refuse("stateProof", "not-json-object")
    try:
        return documents.canonical(value)
    except rfc8785.CanonicalizationError as error:
        raise CertificateUnreadable(field="stateProof", reason="malformed") from error


def _encodable(certificate: Certificate) -> None:
    """Refuse text that has no bytes: lone halves of a character."""
    try:
        certificate.canonical()
    except rfc8785.CanonicalizationError as error:
        raise CertificateUnreadable(field="document", reason="not-utf-8") from error


def _issuer(fields: _Fields) -> Issuer:
    made = Issuer(
        party=fields.identifier("id", PartyId),
        number=fields.number("number"),
        seat=fields.matching("seat", "[0-9A-Z]{3}"),
        name=fields.maybe("name"),
    )
    fields.end()
    return made


def _status(fields: _Fields) -> Status:
    fields.said("type", "DengjiRecord")
    made = Status(
        chain_id=fields.big("chainId"),
        directory=fields.identifier("directory", Address),
        products=fields.identifier("products", Address),
        certificates=fields.identifier("certificates", Address),
        product=fields.identifier("product", ProductId),
        number=fields.number("number"),
    )
    fields.end()
    return made


def _block(fields: _Fields) -> Block:
    made = Block(
        number=fields.number("block"), hash=fields.raw("blockHash", 32), time=fields.time("time")
    )
    fields.end()
    return made


def _terms(listed: list[_Fields]) -> bool:
    """Return whether the terms of use say that the chain is a local one."""
    if not 1 <= len(listed) <= 2:  # noqa: PLR2004 (the two terms that there are)
        _refuse("termsOfUse", "not-allowed")
    for fields, expected in zip(listed, (LEDGER_PREVAILS, LOCAL_CHAIN), strict=False):
        fields.said("type", expected)
        fields.end()
    return len(listed) > 1


def _subject(fields: _Fields, profile: Profile) -> dict[str, Any]:
    fields.said("profile", profile.name)
    return {
        "code": fields.matching("code", CODE),
        "catalog_id": fields.maybe("catalogId"),
        "version": fields.number("version"),
        "content_root": fields.raw("contentRoot", 32),
        "metadata_hash": fields.raw("metadataHash", 32),
        "data_name": fields.text("dataName"),
        "summary": fields.maybe("summary"),
        "holders": tuple(_holder(one) for one in fields.listed("holders")),
        "annotations": tuple(_note(one) for one in fields.listed("annotations")),
        "evidence": fields.raw("evidence", 32) if fields.has("evidence") else None,
    }


def _holder(fields: _Fields) -> Holder:
    made = Holder(
        party=fields.identifier("party", PartyId),
        rights=_rights(fields),
        since=fields.time("since"),
        name=fields.maybe("name"),
        credit_code=fields.maybe("creditCode"),
        term=fields.maybe("term"),
        limits=fields.maybe("limits"),
    )
    fields.end()
    return made


def _rights(fields: _Fields) -> Right:
    given = fields.take("rights")
    rights = Right(0)
    for word in given if isinstance(given, list) else ():
        if word not in names(Right.ALL):
            fields.refuse("rights", "not-allowed")
        rights |= Right[word]
    if not rights or names(rights) != given:
        fields.refuse("rights", "malformed")
    return rights


def _note(fields: _Fields) -> Note:
    made = Note(
        index=fields.number("index"),
        kind=fields.matching("kind", _WORD),
        by=fields.identifier("by", PartyId),
        reason=fields.matching("reason", _WORD),
        evidence=fields.raw("evidence", 12),
        since=fields.time("since"),
    )
    fields.end()
    return made
