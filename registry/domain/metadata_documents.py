"""Read a description from whatever it was written in: TOML, JSON, and three formats of others.

The format is told by the content: our own fields in TOML or JSON, a Frictionless data package, a
Croissant description (JSON-LD of schema.org), DCAT (Turtle, JSON-LD or RDF/XML). What another
format says and ours has no place for is listed, never dropped unsaid. Nothing is fetched from
anywhere; a document is bounded in size and depth.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NoReturn

from registry import toml_text
from registry.domain.nesting import is_deep
from registry.errors import MetadataUnreadable
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.metadata_mapping import Carrier, Unmapped

FORMATS: Final = ("toml", "json", "datapackage", "croissant", "dcat")
MAX_BYTES: Final = 1 << 22
MAX_RDF_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
_TURTLE: Final = re.compile(
    rb"^[ \t]*+(?:@prefix|@base|prefix|base)\s", re.IGNORECASE | re.MULTILINE
)
_JSON: Final = re.compile(rb"\s*+(?:\[\s*+)?\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Hold the fields of a document by the names of the rules, not yet checked, and what was left.

    `format` is one of `FORMATS`.
    """

    format: str
    mapping: dict[str, Any]
    unmapped: tuple[Unmapped, ...] = ()


def read(raw: bytes, *, file: str, form: str | None = None) -> Description:
    """Read a document; `file` names it in errors, `form` is its format where that is known.

    :raises MetadataUnreadable: it is not what it is said to be, too long, or too deep.
    :raises ExtraMissing: it is DCAT, and what reads that is not installed.
    """
    if len(raw) > MAX_BYTES:
        raise MetadataUnreadable(file=file, reason=f"too-many-bytes:{MAX_BYTES}")
    text = _Text(raw.removeprefix(b"\xef\xbb\xbf"), file)
    chosen = form or text.format()
    if chosen == "toml":
        return Description(format=chosen, mapping=text.toml())
    if chosen == "json":
        return Description(format=chosen, mapping=_filed(text.json()))
    carrier = _carried(chosen, text)
    left = tuple(carrier.left.values())
    return Description(format=chosen, mapping=carrier.mapping, unmapped=left)


def _carried(form: str, text: _Text) -> Carrier:
    # Imported here for start-up time: most descriptions are our own.
    if form == "datapackage":
        from registry.domain import metadata_datapackage  # noqa: PLC0415

        return metadata_datapackage.carry(text.json())
    if form == "croissant":
        from registry.domain import metadata_croissant  # noqa: PLC0415

        return metadata_croissant.carry(text.json())
    from registry.domain import metadata_dcat  # noqa: PLC0415

    if len(text.raw) > MAX_RDF_BYTES:
        raise MetadataUnreadable(file=text.file, reason=f"too-many-bytes:{MAX_RDF_BYTES}")
    return metadata_dcat.carry(text.raw, text.json() if text.is_json else None, text.file)


class _Text:
    """A document that has not been read yet."""

    def __init__(self, raw: bytes, file: str) -> None:
        self.raw = raw
        self.file = file
        self._parsed: dict[str, Any] | None = None

    @property
    def is_json(self) -> bool:
        # A bracket alone opens a table of TOML.
        return _JSON.match(self.raw) is not None

    def format(self) -> str:
        """Tell the format by the content."""
        if self.is_json:
            return _json_format(self.json())
        if self.raw.lstrip()[:1] == b"<" or _TURTLE.search(self.raw):
            return "dcat"
        return "toml"

    def json(self) -> dict[str, Any]:
        """Return the JSON object."""
        if self._parsed is None:
            self._parsed = self._json()
        return self._parsed

    def toml(self) -> dict[str, Any]:
        """Return the TOML document, days as text."""
        try:
            return _plain(toml_text.parse(self.raw))  # type: ignore[no-any-return]
        except toml_text.TomlRefused as error:
            raise MetadataUnreadable(file=self.file, reason=error.reason) from error

    def _json(self) -> dict[str, Any]:
        if is_deep(self.raw, MAX_DEPTH):
            self._refuse(f"too-deep:{MAX_DEPTH}")
        try:
            found = json.loads(self.raw, object_pairs_hook=self._once, parse_constant=self._number)
        except UnicodeDecodeError as error:
            raise MetadataUnreadable(file=self.file, reason="not-utf-8") from error
        except json.JSONDecodeError as error:
            reason = f"not-json-line:{error.lineno}"
            raise MetadataUnreadable(file=self.file, reason=reason) from error
        except (ValueError, RecursionError) as error:
            raise MetadataUnreadable(file=self.file, reason="not-json") from error
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if not isinstance(found, dict):
            self._refuse("not-json-object")
        return found

    def _once(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            self._refuse(f"double-key:{next(name for name in counts if counts[name] > 1)}")
        return made

    def _number(self, word: str) -> NoReturn:
        self._refuse(f"no-number:{word}")

    def _refuse(self, reason: str) -> NoReturn:
        raise MetadataUnreadable(file=self.file, reason=reason)


def _filed(found: dict[str, Any]) -> dict[str, Any]:
    """Return the form within a whole application as it is kept at home, any other as it is."""
    form = found.get("form")
    # A description's own field of this name lists kinds of files.
    return form if found.keys() == {"profile", "form"} and isinstance(form, dict) else found


def _json_format(found: dict[str, Any]) -> str:
    """Tell which format a JSON object is in."""
    if "@context" in found or "@graph" in found or "@type" in found:
        kinds = str(found.get("@type", "")) + str(found.get("conformsTo", ""))
        graph = found.get("@graph")
        listed = json.dumps([graph, found.get("@context")], ensure_ascii=False)
        is_dcat = "dcat:" in kinds or "www.w3.org/ns/dcat" in kinds + listed
        return "dcat" if is_dcat else "croissant"
    if isinstance(found.get("resources"), list):
        return "datapackage"
    return "json"


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever TOML holds)
    """Return a value with days as text, as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
