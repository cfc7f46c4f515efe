"""Carry a description from another format over, field by field, and note all that has no place."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from registry.domain import code_lists
from registry.domain.completeness import level_of
from registry.domain.fields import LIST_LIMIT, VALUE_LIMIT, Many, Reading, Text
from registry.domain.metadata import MEMBERS
from registry.domain.metadata_values import Form, RegionScope, Sector, Structure
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.domain.choice import Choice

OURS: Final = "dengji:fields"
"""The property in which our exports say fields exactly; registry.domain.exports writes it."""

_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB", "PB")
_THOUSAND: Final = 1000
_SPLIT: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """Hold what was not taken over: where it stood, the first such value, and how many there were.

    `reason` is `no-field`, `person`, `content`, `shortened`, `one-only`, `too-many`, `no-value` or
    `other-language`.
    """

    where: str
    value: str
    reason: str
    count: int = 1


class Carrier:
    """Collect the fields that were mapped, and what was left."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.mapping: dict[str, Any] = {}
        self.left: dict[tuple[str, str], Unmapped] = {}

    def leave(self, where: str, value: object, reason: str = "no-field") -> None:
        """Note a value that is not taken over; like ones are counted together."""
        place = re.sub(r"\[[0-9]+\]", "[]", where)
        before = self.left.get((place, reason))
        shown = before.value if before else " ".join(str(value).split())[:VALUE_LIMIT]
        count = before.count + 1 if before else 1
        self.left[place, reason] = Unmapped(where=place, value=shown, reason=reason, count=count)

    def text(self, name: str, value: object, where: str) -> None:
        """Take a text over, cut to what the field holds; a second one is left."""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            return self.leave(where, value, "no-value")
        said = cleaned(str(value))
        if not said:
            return None
        if name in self.mapping:
            return None if said == self.mapping[name] else self.leave(where, said, "one-only")
        self.mapping[name] = self._cut(said, _limit(name), where)
        return None

    def add(self, name: str, value: str, where: str) -> None:
        """Add one value to a list, without doubles."""
        kept: list[str] = self.mapping.setdefault(name, [])
        said = cleaned(value)
        if not said or said in kept:
            return
        if len(kept) >= LIST_LIMIT:
            self.leave(where, said, "too-many")
            return
        kept.append(self._cut(said, _limit(name), where))

    def choice(self, name: str, value: Choice | None, said: object, where: str) -> None:
        """Take a value of a closed list over, or leave what is none."""
        if value is None:
            self.leave(where, said, "no-value")
        else:
            self.text(name, value.value, where)

    def keyword(self, word: object, where: str) -> None:
        """Take a keyword that names a sector as such; leave any other."""
        found = sector(word) if isinstance(word, str) else None
        if found is None:
            self.leave(where, word)
        else:
            self.add("sector", found.value, where)

    def region(self, name: object, where: str) -> None:
        """Take a place's name over, and its code and level where the list has exactly that name."""
        self.text("region", name, where)
        if not isinstance(name, str):
            return
        found = code_lists.named("region").get(name.strip(), ())
        if len(found) == 1:
            self.add("regionCode", found[0].code, where)
            self.mapping.setdefault("regionScope", _LEVELS[level_of(found[0].code)].value)

    def files(self, formats: Iterable[str], size: int | None, count: int) -> None:
        """Say what files of these formats are, and how much they hold together."""
        for said in formats:
            for form, structure in _described(said):
                self.add("form", form.value, "")
                self.add("structure", structure.value, "")
        if size is not None and "volume" not in self.mapping:
            self.mapping["volume"] = (
                f"{humanised(size)}, {count} {'file' if count == 1 else 'files'}"
            )

    def exact(self, fields: object, where: str) -> None:
        """Take over the fields that an export of ours says beside the format's own terms.

        They outrank what was read out of those; null takes back what was never said.
        """
        if not isinstance(fields, dict):
            return self.leave(where, fields, "no-value")
        for name, value in fields.items():
            if name not in MEMBERS:
                self.leave(f"{where}.{name}", value)
            elif value is None:
                self.mapping.pop(name, None)
            elif _fits(name, value):
                self.mapping[name] = value
            else:
                self.leave(f"{where}.{name}", value, "no-value")
        return None

    def _cut(self, said: str, limit: int, where: str) -> str:
        if len(said) <= limit:
            return said
        self.leave(where, said, "shortened")
        return said[: limit - 1].rstrip() + "…"


def _fits(name: str, value: object) -> bool:
    """Tell whether a field takes a value as it is."""
    reading = Reading()
    MEMBERS[name].kind.read(name, value, reading)
    return not reading.flaws


def sector(word: str) -> Sector | None:
    """Return the sector that a word names, in Chinese or English, None where it names none."""
    return Sector.named(word.replace(" ", "-"))


def humanised(size: int) -> str:
    """Return a size with its unit.

    >>> humanised(999), humanised(42_000_000_000)
    ('999 bytes', '42 GB')
    """
    shown, unit = float(size), 0
    while shown >= _THOUSAND and unit < len(_UNITS) - 1:
        shown /= _THOUSAND
        unit += 1
    return f"{shown:.3g} {_UNITS[unit]}" if unit else f"{size} bytes"


def size_of(value: object) -> int | None:
    """Return a size in bytes, given as a number or with its unit, None where it is neither.

    >>> size_of("1.5 MB"), size_of(7), size_of("many")
    (1500000, 7, None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    match = re.fullmatch(r"\s*([0-9]{1,15}(?:\.[0-9]{1,6})?)\s*([kKMGTP]?)i?[bB]?\s*", str(value))
    if match is None:
        return None
    power = "KMGTP".find(match[2].upper()) + 1 if match[2] else 0
    return int(float(match[1]) * _THOUSAND**power)


def _described(said: str) -> Iterable[tuple[Form, Structure]]:
    """Yield what the name of a format, media type or file says of its content."""
    # The last word that says something is the narrowest: text/csv is a table, image/tiff an image.
    for word in reversed(_SPLIT.split(said.lower())):
        for known, form, structure in _FORMATS:
            if word in known:
                yield form, structure
                return


def cleaned(said: str) -> str:
    """Return a text as it is taken over: printable, in normal form C, without space around it."""
    kept = "".join(c if c.isprintable() or c == "\n" else " " for c in said)
    return unicodedata.normalize("NFC", kept).strip()


def _limit(name: str) -> int:
    kind = MEMBERS[name].kind
    inner = kind.of if isinstance(kind, Many) else kind
    return inner.limit if isinstance(inner, Text) else VALUE_LIMIT


_LEVELS: Final[Mapping[str, RegionScope]] = {
    "province": RegionScope.PROVINCE,
    "city": RegionScope.CITY,
    "county": RegionScope.COUNTY,
}


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


_FORMATS: Final = (
    (
        _words("csv tsv xls xlsx ods parquet arrow feather avro orc sqlite dbf table tabular"),
        Form.TABLE,
        Structure.STRUCTURED,
    ),
    (
        _words("png jpg jpeg tif tiff geotiff gif webp bmp svg jp2 image"),
        Form.IMAGE,
        Structure.UNSTRUCTURED,
    ),
    (_words("mp4 avi mkv mov webm video"), Form.VIDEO, Structure.UNSTRUCTURED),
    (_words("wav mp3 flac ogg m4a audio"), Form.AUDIO, Structure.UNSTRUCTURED),
    (
        _words("txt text pdf doc docx md html htm rtf plain"),
        Form.TEXT,
        Structure.UNSTRUCTURED,
    ),
    (
        _words("json jsonl ndjson xml yaml yml geojson gml kml rdf ttl"),
        Form.TEXT,
        Structure.SEMI_STRUCTURED,
    ),
)
