"""Spoil each value of a document in many ways, and tell what its reader makes of each.

What a reader refuses, it refuses with a place and a reason, which people and programs go by.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import rfc8785

from registry.errors import RegistryError

Place = tuple[str | int, ...]

_GONE: Final = object()
_FLAWS: Final = 3
_FEW: Final = 3
_SHORT: Final = 60
_REPEATED: Final = ("given", "value", "stated", "computed", "file")
_PLAIN: Final[tuple[object, ...]] = (
    None,
    True,
    -1,
    0,
    2**53 - 1,
    0.5,
    "",
    "x",
    "1",
    "01",
    "0x",
    [],
    {},
    [1],
)
VALUES: Final[Mapping[str, object]] = {
    "gone": _GONE,
    **{json.dumps(one): one for one in _PLAIN},
    "2^64": str(2**64),
    "12-zeros": "0x" + "00" * 12,
    "32-zeros": "0x" + "00" * 32,
    "32-capitals": "0X" + "AB" * 32,
    "33-bytes": "0x" + "ab" * 33,
    "30-February": "2026-02-30",
    "Beijing-time": "2026-11-22T00:00:00+08:00",
    "year-9999": "9999-12-31T23:59:59Z",
}
"""What takes the place of a value, by what the lines call it."""


def told(
    document: Any,  # noqa: ANN401 (JSON)
    read: Callable[[Any], object],
    under: Sequence[str] = (),
    values: Mapping[str, object] = VALUES,
) -> str:
    """Return a line for each way in which a value of a document is refused, and for none.

    A line says what becomes of it, and behind that which values have it so.

    :param under: the keys of the document whose values are spoilt, all of them for none.
    :param values: what takes the place of each.
    """
    read(document)
    lines = []
    for place in _places(document):
        if under and place[:1] and place[0] not in under:
            continue
        outcomes: dict[str, list[str]] = {}
        for named, value in _spoilt(_at(document, place), values):
            if place or value is not _GONE:
                what = _outcome(read, _with(document, place, value), value)
                outcomes.setdefault(what, []).append(named)
        where = "/" + "/".join(map(str, place))
        lines += [f"{where}: {what} <- {' '.join(named)}" for what, named in outcomes.items()]
    return "\n".join(lines) + "\n"


def _places(value: object, above: Place = ()) -> Iterator[Place]:
    """Yield the place of each value within; of a list the first and the last."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, (*above, name))
    elif isinstance(value, list) and value:
        for index in sorted({0, len(value) - 1}):
            yield from _places(value[index], (*above, index))
    yield above


def _spoilt(true: object, values: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield what a value is replaced by, and what that is called."""
    found = dict(values)
    if isinstance(true, str):
        found |= {"upper": true.upper(), "lower": true.lower(), "cut": true[:-1], "+0": true + "0"}
    elif isinstance(true, dict):
        found["more"] = {**true, "more": 1}
    elif isinstance(true, list) and true:
        found["twice"] = [*true, *true]
    yield from ((name, one) for name, one in found.items() if _shown(one) != _shown(true))


def _at(document: Any, place: Place) -> Any:  # noqa: ANN401 (JSON)
    for key in place:
        document = document[key]
    return document


def _with(document: Any, place: Place, value: object) -> Any:  # noqa: ANN401 (JSON)
    if not place:
        return value
    changed = copy.deepcopy(document)
    inner = _at(changed, place[:-1])
    if value is _GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return changed


def _shown(value: object) -> str:
    return "gone" if value is _GONE else json.dumps(value)


def _outcome(read: Callable[[Any], object], document: object, value: object) -> str:
    try:
        made = read(document)
    except RegistryError as error:
        return f"{type(error).__name__} {_brief(error.fields, value)}"
    except rfc8785.CanonicalizationError:
        return "without a canonical form"
    if isinstance(made, list) and made:
        return "; ".join(_brief(one, value) for one in made[:_FLAWS])
    return "taken"


def _brief(fields: Mapping[str, object], given: object) -> str:
    """Return fields of an error, without what repeats the value, and of lists the beginning."""
    kept = {
        name: value[:_FEW] if isinstance(value, list) else value
        for name, value in fields.items()
        if name not in _REPEATED and value not in ("", [])
    }
    said = {name: "itself" if str(one) == str(given) else one for name, one in kept.items()}
    return " ".join(f"{name}={str(value)[:_SHORT]}" for name, value in said.items())
