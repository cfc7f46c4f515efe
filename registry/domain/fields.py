"""Read the fields of a description: each kind of field checks a value and says it as JSON Schema.

A reading goes on after a fault, so that all that is wrong with a document is said at once. Text is
kept in Unicode's normal form C without the white space around it, so that one description has one
digest.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

from registry.domain import code_lists
from registry.errors import MetadataInvalid
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from registry.domain.choice import Choice
    from registry.errors import Flaw

VALUE_LIMIT: Final = 200
LIST_LIMIT: Final = 32
MOST_FLAWS: Final = 100
"""After so many faults a reading only says that there are more."""

_ALIKE: Final = 0.6
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Text may break lines, but holds no other character that steers a terminal.
_TEXT_PATTERN: Final = r"^[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]*$"


class Reading:
    """Collect what is wrong while a document is read.

    A strict reading takes only codes that the lists have now; what was recorded earlier may name
    codes that have since gone from them. One that suggests says what was probably meant, which
    takes far longer than to find a fault.
    """

    def __init__(self, *, strict: bool = True, suggests: bool = True) -> None:
        """Begin without a fault."""
        self.strict = strict
        self.suggests = suggests
        self.flaws: list[Flaw] = []

    def refuse(
        self,
        where: str,
        problem: str,
        given: object = "",
        allowed: Sequence[str] = (),
        nearest: str = "",
    ) -> Any:  # noqa: ANN401 (None, as the value of a field that has none)
        """Note one fault; what was given is cut, so that no message grows beyond reading."""
        if self.full:
            return
        if len(self.flaws) == MOST_FLAWS:
            problem, given, allowed, nearest = "more-faults", "", (), ""
        self.flaws.append(
            {
                "field": where,
                "problem": problem,
                "value": _shown(given),
                "nearest": nearest,
                "allowed": list(allowed),
            }
        )

    @property
    def full(self) -> bool:
        """Tell whether no more faults are noted."""
        return len(self.flaws) > MOST_FLAWS

    def close(self) -> None:
        """Raise `MetadataInvalid` if there was any fault."""
        if self.flaws:
            raise MetadataInvalid(problems=self.flaws)


class Field(Protocol):
    """What a kind of field can do."""

    def read(self, where: str, given: object, reading: Reading) -> Any:  # noqa: ANN401
        """Return the typed value, or note a fault and return None."""

    def schema(self) -> dict[str, Any]:
        """Return the kind as JSON Schema (2020-12)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text of at most `limit` characters."""

    limit: int

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the text in normal form."""
        if not isinstance(given, str):
            return reading.refuse(where, "wrong-type", given, ["text"])
        text = unicodedata.normalize("NFC", given).strip()
        if not text:
            return reading.refuse(where, "empty", given)
        if len(text) > self.limit:
            return reading.refuse(where, "too-long", text, [f"at-most-characters:{self.limit}"])
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c != "\n" for c in text):
            allowed = ["no-control-characters"]
            return reading.refuse(where, "malformed", ascii(text), allowed)
        return text

    def schema(self) -> dict[str, Any]:
        """Return a string that is not blank."""
        return {
            "type": "string",
            "maxLength": self.limit,
            "pattern": _TEXT_PATTERN,
            "allOf": [{"pattern": r"\S"}],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One value of a closed list."""

    choices: type[Choice]

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the member, named by its value or in English."""
        if not isinstance(given, str):
            return reading.refuse(where, "wrong-type", given, self.choices.allowed())
        found = self.choices.named(given)
        if found is None:
            near = _nearest(given, self.choices.spellings()) if reading.suggests else ""
            return reading.refuse(where, "not-allowed", given, self.choices.allowed(), near)
        return found

    def schema(self) -> dict[str, Any]:
        """Return every spelling that is read."""
        return {"enum": self.choices.spellings()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code of a long list, whose shape is `pattern`."""

    name: str
    pattern: re.Pattern[str]
    example: str

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the code."""
        code = given.strip() if isinstance(given, str) else None
        if code is None:
            return reading.refuse(where, "wrong-type", given, [self.example])
        known = bool(self.pattern.fullmatch(code))
        if known and reading.strict:
            known = code in code_lists.entries(self.name)
        if not known:
            found = code_lists.nearest(self.name, code) if reading.suggests else []
            like = [str(entry) for entry in found]
            near = like[0] if like else ""
            return reading.refuse(where, "not-a-code", given, [*like, self.example], near)
        return code

    def schema(self) -> dict[str, Any]:
        """Return a reference to the list."""
        return {"$ref": f"#/$defs/{self.name}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """Text of a given shape, that `check` may look at more closely (`form` names that in JSON)."""

    pattern: re.Pattern[str]
    example: str
    form: str | None = None
    check: Callable[[str], bool] | None = None

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the text as it was given."""
        if not isinstance(given, str) or not self.pattern.fullmatch(given):
            return reading.refuse(where, "malformed", given, [self.example])
        if self.check is not None and not self.check(given):
            return reading.refuse(where, "check-failed", given, [self.example])
        return given

    def schema(self) -> dict[str, Any]:
        """Return a string of that shape."""
        shape: dict[str, Any] = {"type": "string", "pattern": f"^(?:{self.pattern.pattern})$"}
        return shape | ({"format": self.form} if self.form else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hex:
    """Bytes given as lower-case hexadecimal digits."""

    pattern: re.Pattern[str]
    example: str

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the bytes."""
        if not isinstance(given, str) or not self.pattern.fullmatch(given):
            return reading.refuse(where, "malformed", given, [self.example])
        return bytes.fromhex(given)

    def schema(self) -> dict[str, Any]:
        """Return a string of such digits."""
        return {"type": "string", "pattern": f"^(?:{self.pattern.pattern})$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day as `2026-11-22`."""

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the day."""
        allowed = ["day"]
        if not isinstance(given, str) or not _DAY.fullmatch(given):
            return reading.refuse(where, "malformed", given, allowed)
        try:
            return date.fromisoformat(given)
        except ValueError:
            return reading.refuse(where, "malformed", given, allowed)

    def schema(self) -> dict[str, Any]:
        """Return a string with a date."""
        return {"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Yes or no."""

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the flag."""
        if not isinstance(given, bool):
            return reading.refuse(where, "wrong-type", given, ["true", "false"])
        return given

    def schema(self) -> dict[str, Any]:
        """Return a boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Many:
    """A list without doubles; one value may be given without its list."""

    of: Field
    limit: int = LIST_LIMIT

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the values in order."""
        listed = isinstance(given, list | tuple)
        items: Sequence[object] = given if listed else [given]  # type: ignore[assignment]
        if len(items) > self.limit:
            return reading.refuse(where, "too-long", len(items), [f"at-most-values:{self.limit}"])
        named = (f"{where}[{i}]" if listed else where for i in range(len(items)))
        values = [
            self.of.read(name, item, reading) for name, item in zip(named, items, strict=True)
        ]
        return tuple(dict.fromkeys(value for value in values if value is not None))

    def schema(self) -> dict[str, Any]:
        """Return one value, or a list of them."""
        one = self.of.schema()
        return {"anyOf": [one, {"type": "array", "items": one, "maxItems": self.limit}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One field of a record: the attribute that it becomes, and its kind."""

    attribute: str
    kind: Field
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with named fields, which becomes a value of `made`."""

    made: Callable[..., Any]
    members: Mapping[str, Member]

    def read(self, where: str, given: object, reading: Reading) -> object:
        """Return the value."""
        if not isinstance(given, dict):
            names = ", ".join(self.members)
            return reading.refuse(where, "wrong-type", given, [f"object-with:{names}"])
        before = len(reading.flaws)
        values = read_members(self.members, given, reading, f"{where}.")
        return self.made(**values) if len(reading.flaws) == before else None

    def schema(self) -> dict[str, Any]:
        """Return an object without further fields."""
        return object_schema(self.members)


def read_members(
    members: Mapping[str, Member], given: Mapping[str, object], reading: Reading, lead: str = ""
) -> dict[str, Any]:
    """Return the values of the fields given, by attribute; null counts as not given."""
    values = {}
    for name, value in given.items():
        if reading.full:
            break
        member = members.get(name)
        if member is None:
            near = _nearest(str(name), list(members)) if reading.suggests else ""
            reading.refuse(f"{lead}{name}", "unknown-field", value, sorted(members), near)
        elif not _nothing(member, value):
            values[member.attribute] = member.kind.read(f"{lead}{name}", value, reading)
    for name, member in members.items():
        if member.required and (name not in given or _nothing(member, given[name])):
            reading.refuse(f"{lead}{name}", "missing")
    return values


def object_schema(members: Mapping[str, Member]) -> dict[str, Any]:
    """Return the JSON Schema of an object with these fields and no others."""
    properties = {name: _property(member) for name, member in members.items()}
    required = [name for name, member in members.items() if member.required]
    shape: dict[str, Any] = {"type": "object", "additionalProperties": False}
    return shape | ({"required": required} if required else {}) | {"properties": properties}


def _property(member: Member) -> dict[str, Any]:
    one = member.kind.schema()
    return one if member.required else {"anyOf": [{"type": "null"}, *one.get("anyOf", [one])]}


def _nothing(member: Member, value: object) -> bool:
    return value is None or (isinstance(member.kind, Many) and value in ([], ()))


def _nearest(given: str, known: Sequence[str]) -> str:
    """Return the spelling most like the one given, empty where none is like it."""
    # Imported here for start-up time: only a mistake needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    lowered = {word.lower(): word for word in known}
    close = get_close_matches(given.strip().lower()[:VALUE_LIMIT], lowered, n=1, cutoff=_ALIKE)
    return lowered[close[0]] if close else ""


def _shown(given: object) -> str:
    """Return what was given, cut; of a long list or object no more is written than is shown."""
    if isinstance(given, list | tuple | dict):
        return str(type(given).__name__)
    return str(given)[:VALUE_LIMIT]
