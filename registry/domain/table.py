"""Read the rows of a table of products: where each content is, and what is declared of it.

The columns are `path` (a file or folder, relative to where the table is), or `content_root` and
`metadata_hash` (64 hexadecimal digits each) in its place; `rights`, `class`, `source`, `salt`,
`series` and `locator`, which mean what the options of a single registration do; and the descriptive
fields under the names of the rules. A cell of CSV takes several values between semicolons, or as a
JSON list.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.domain import words
from registry.domain.fields import Many, Record
from registry.domain.ids import ProductId
from registry.domain.metadata import MEMBERS, Metadata
from registry.domain.nesting import is_deep
from registry.domain.product import MAX_LOCATOR, ParticularFlag, is_locator, within_source
from registry.domain.table_records import MAX_DEPTH, Faults, records
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.errors import IdMistyped, MetadataInvalid, TermUnknown
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.fields import Field
    from registry.domain.table_records import Record as Found

_DIGESTS: Final = ("content_root", "metadata_hash")
_DECLARED: Final = {"rights": "Right", "class": "SecurityClass", "source": "Source"}
_FLAGS: Final = {
    "nonSubstituting": ParticularFlag.NON_SUBSTITUTING,
    "agreedRights": ParticularFlag.AGREED_RIGHTS,
}
DESCRIPTIVE: Final = tuple(name for name in MEMBERS if name not in (*_DECLARED, "salt"))
"""The descriptive fields that a table has columns for."""

_LISTING: Final = ("series", "locator")
COLUMNS: Final = ("path", *_DIGESTS, *_DECLARED, "salt", *_LISTING, *_FLAGS, *DESCRIPTIVE)
"""The columns that a table may have."""

_DIGEST: Final = re.compile("(?:0[xX])?([0-9a-fA-F]{64})")
_MAX_SALT: Final = 2**64 - 1
_SALT: Final = re.compile("[0-9]{1,20}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """Hold what is declared of every row that does not say otherwise.

    `description` has descriptive fields as JSON-like values, under the names of the rules.
    """

    rights: Right | None = None
    security_class: SecurityClass | None = None
    source: Source | None = None
    series: ProductId | None = None
    description: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Hold one row: either a path, or a content root and a metadata hash (32 bytes each).

    `rights` and `security_class` are None where nothing is said of them. `described` says that the
    row describes its product, rather than leaving it to its name.
    """

    line: int
    path: Path | None
    content_root: bytes
    metadata_hash: bytes
    metadata: Metadata | None
    rights: Right | None
    security_class: SecurityClass | None
    source: Source
    flags: ParticularFlag
    salt: int
    series: ProductId | None
    locator: str

    @property
    def described(self) -> bool:
        """Tell whether only this very registration will do, not any of the same content."""
        return self.path is None or self.metadata is not None or bool(self.salt)


_NO_DEFAULTS: Final = Defaults()


def rows(table: Path, faults: Faults, defaults: Defaults = _NO_DEFAULTS) -> Iterator[Row]:
    """Yield the rows of a table that can be registered as far as they say; note all others.

    Nothing but the table itself is read. Raises as `records` does.
    """
    folder = table if table.is_dir() else table.parent
    empty = True
    for found in records(table, COLUMNS, faults):
        empty = False
        row = _Reader(found, faults, defaults, folder).row()
        if row is not None:
            yield row
    if empty and not faults.count:
        faults.refuse(1, "", "no-rows")


class _Reader:
    """Read one record."""

    __slots__ = ("_before", "_defaults", "_faults", "_folder", "_line", "_typed", "_values")

    def __init__(self, found: Found, faults: Faults, defaults: Defaults, folder: Path) -> None:
        self._line = found.line
        self._values = found.values
        self._typed = found.typed
        self._faults = faults
        self._defaults = defaults
        self._folder = folder
        self._before = faults.count

    def row(self) -> Row | None:
        """Return the row, None where anything is wrong with it."""
        path = self._path()
        root, metadata_hash = (self._digest(name) for name in _DIGESTS)
        self._refuse_mixture()
        metadata = self._metadata(path)
        rights = self._word("rights", self._defaults.rights)
        security_class = self._word("class", self._defaults.security_class)
        source = self._word("source", self._defaults.source) or Source.UNSPECIFIED
        flags = self._flags()
        salt, series, locator = self._salt(), self._series(), self._locator()
        self._refuse_unfit(Right.ALL if rights is None else rights, source, flags)
        if self._faults.count != self._before:
            return None
        return Row(
            line=self._line,
            path=path,
            content_root=root,
            metadata_hash=metadata_hash,
            metadata=metadata,
            rights=rights,
            security_class=security_class,
            source=source,
            flags=flags,
            salt=salt,
            series=series,
            locator=locator,
        )

    # ---- the content -------------------------------------------------------------------------

    def _path(self) -> Path | None:
        given = self._values.get("path")
        if given is None:
            return None
        if not isinstance(given, str):
            self._refuse("path", "wrong-type", given, ["text"])
            return None
        if "\0" in given or not _encodable(given):
            self._refuse("path", "malformed", given)
            return None
        return self._folder / given

    def _digest(self, name: str) -> bytes:
        given = self._values.get(name)
        if given is None:
            return b""
        digits = _DIGEST.fullmatch(given.strip()) if isinstance(given, str) else None
        if digits is None:
            self._refuse(name, "malformed", given, ["hex-digits:64"])
            return b""
        raw = bytes.fromhex(digits[1])
        if name == "content_root" and not any(raw):
            self._refuse(name, "malformed", given, ["hex-digits:64"])
        return raw

    def _refuse_mixture(self) -> None:
        """Refuse a row that names its content in two ways, or in none."""
        digests = [one for one in _DIGESTS if one in self._values]
        described = [one for one in DESCRIPTIVE if one in self._values]
        if "path" in self._values:
            for digest in digests:
                self._refuse(digest, "not-with", "", ["path"])
        elif not digests:
            self._refuse("path", "missing")
        else:
            for name in _DIGESTS:
                if name not in self._values:
                    self._refuse(name, "missing")
            for field in described:
                # The hash given covers a description that is not here.
                self._refuse(field, "not-with", "", ["metadata_hash"])

    # ---- the description ---------------------------------------------------------------------

    def _metadata(self, path: Path | None) -> Metadata | None:
        said = {
            name: self._cell(name, MEMBERS[name].kind, self._values[name])
            for name in DESCRIPTIVE
            if name in self._values
        }
        described = {**(self._defaults.description or {}), **said}
        if path is None or not described:
            return None
        try:
            named = {"dataName": Metadata.named_after(path).data_name, **described}
            return Metadata.from_mapping(named, suggests=not self._faults.full)
        except MetadataInvalid as error:
            self._faults.take(self._line, error.problems)
        except (OSError, RuntimeError):
            # Links on its way that lead in a circle.
            self._refuse("path", "malformed", str(path))
        return None

    def _cell(self, name: str, kind: Field, given: object) -> object:
        """Return what a cell says in JSON's types, where it is but text."""
        if self._typed or not isinstance(given, str):
            return given
        text = given.strip()
        structured = isinstance(kind, Many | Record)
        if structured and text[:1] in ("[", "{"):
            if is_deep(text.encode(), MAX_DEPTH):
                self._refuse(name, "not-json", f"nested deeper than {MAX_DEPTH}")
                return None
            try:
                return json.loads(text)
            except (ValueError, RecursionError) as error:
                self._refuse(name, "not-json", str(error))
                return None
        if isinstance(kind, Many):
            return [part.strip() for part in text.split(";") if part.strip()]
        return text

    # ---- what is declared --------------------------------------------------------------------

    def _word(self, column: str, default: Any) -> Any:  # noqa: ANN401 (a member of a vocabulary)
        given = self._values.get(column)
        if given is None:
            return default
        many = column == "rights"
        if many and isinstance(given, list) and all(isinstance(one, str) for one in given):
            given = ",".join(given)
        if not isinstance(given, str):
            return self._refuse(column, "wrong-type", given, ["text"])
        text = given.replace(";", ",") if many else given
        try:
            return words.parse(_DECLARED[column], text, many=many)
        except TermUnknown as error:
            return self._refuse(column, "not-allowed", given, error.known)

    def _flags(self) -> ParticularFlag:
        flags = ParticularFlag(0)
        for name, flag in _FLAGS.items():
            given = self._values.get(name, False)
            if not self._typed and isinstance(given, str):
                given = {"true": True, "false": False}.get(given.strip().lower(), given)
            if not isinstance(given, bool):
                self._refuse(name, "wrong-type", given, ["true", "false"])
            elif given:
                flags |= flag
        return flags

    def _salt(self) -> int:
        given = self._values.get("salt", 0)
        if isinstance(given, str) and _SALT.fullmatch(given.strip()):
            given = int(given)
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= _MAX_SALT:
            self._refuse("salt", "malformed", given, [f"0–{_MAX_SALT}"])
            return 0
        return given

    def _series(self) -> ProductId | None:
        given = self._values.get("series")
        if given is None:
            return self._defaults.series
        try:
            return ProductId.parse(given.strip() if isinstance(given, str) else "")
        except IdMistyped as error:
            self._refuse("series", error.problem, given, ["product-id"])
        return None

    def _locator(self) -> str:
        given = self._values.get("locator", "")
        text = given.strip() if isinstance(given, str) else " "
        if not is_locator(text):
            self._refuse("locator", "malformed", given, [f"locator:{MAX_LOCATOR}"])
        return text

    def _refuse_unfit(self, rights: Right, source: Source, flags: ParticularFlag) -> None:
        """Refuse what the ledger would: see `registry.domain.product.within_source`."""
        if Right.HOLD not in rights:
            self._refuse("rights", "needs-hold", "|".join(words.names(rights)), ["HOLD"])
        if source is Source.DERIVED:
            self._refuse("source", "needs-sources", source.name)
        elif not within_source(source, flags, rights):
            self._refuse("rights", "beyond-source", "|".join(words.names(rights)), [source.name])

    def _refuse(
        self, column: str, problem: str, given: object = "", allowed: list[str] | None = None
    ) -> Any:  # noqa: ANN401 (None, as the value of a column that has none)
        self._faults.refuse(self._line, column, problem, given, allowed or [])


def _encodable(text: str) -> bool:
    try:
        # What stands in a folder may have any name; what stands in a table is text.
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True
