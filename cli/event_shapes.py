"""Shape events: their name, where they stand, and their fields, ids as text, times in ISO 8601."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum, IntFlag
from typing import TYPE_CHECKING, Final

from cli import shapes

if TYPE_CHECKING:
    from cli.output import Json
    from cli.shapes import Shape
    from registry.domain.events import Event

_PLACE: Final = frozenset(("block", "log_index", "transaction", "time"))
_TIMES: Final = frozenset(("at", "due", "effective_at", "ends_at", "since", "until", "valid_until"))
_AMOUNTS: Final = frozenset(("amount", "cumulative", "salt"))
_TEXTS: Final = frozenset(("code", "name"))
_SMALL: Final = 0xFFFF_FFFF


def event(value: Event) -> Shape:
    """Shape an event."""
    own = (one.name for one in fields(value) if one.name not in _PLACE)
    return {
        "event": type(value).__name__,
        "block": value.block,
        "log_index": value.log_index,
        "transaction": "0x" + value.transaction.hex(),
        "time": shapes.time(value.time),
        "fields": {name.rstrip("_"): _field(name, getattr(value, name)) for name in own},
    }


def _field(name: str, value: object) -> Json:  # noqa: PLR0911 (a table)
    """Return a field of an event as JSON has it."""
    if value is None or isinstance(value, bool):
        return value
    if name == "clauses" and isinstance(value, bytes):
        return _clauses(value)
    if isinstance(value, bytes):
        return _ascii(value) if name in _TEXTS else shapes.hexed(value)
    if isinstance(value, IntFlag):
        return [str(one.name) for one in type(value) if one in value]
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, (tuple, list)):
        return [_field("", one) for one in value]
    # What has a text of its own, as ids have, is that text.
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return {one.name: _field(one.name, getattr(value, one.name)) for one in fields(value)}
    return str(value)


def _ascii(value: bytes) -> str:
    return value.rstrip(b"\0").decode("ascii", "backslashreplace")


def _number(name: str, value: int) -> Json:
    if name in _TIMES:
        return shapes.time(value)
    return str(value) if name in _AMOUNTS or value > _SMALL else value


def _clauses(packed: bytes) -> Json:
    from registry.domain.clauses import Clauses  # noqa: PLC0415 (start-up time)

    return shapes.clauses(Clauses.unpack(packed))
