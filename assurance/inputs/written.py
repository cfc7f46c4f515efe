"""Write JSON as its canonical form has it, with pieces that no writer would let pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """Hold bytes that are written as they are, whatever they are."""

    raw: bytes


def written(value: Any) -> bytes:  # noqa: ANN401 (whatever JSON holds, and literals)
    """Return a value with its members sorted and nothing between them.

    >>> written({"b": 1, "a": [Literal(b"NaN"), None]})
    b'{"a":[NaN,null],"b":1}'
    """
    parts: list[bytes] = []
    _write(value, parts)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes]) -> None:  # noqa: ANN401 (see above)
    if isinstance(value, Literal):
        parts.append(value.raw)
    elif isinstance(value, dict):
        parts.append(b"{")
        for place, name in enumerate(sorted(value, key=_order)):
            parts.append((b"," if place else b"") + _text(name) + b":")
            _write(value[name], parts)
        parts.append(b"}")
    elif isinstance(value, list):
        parts.append(b"[")
        for place, one in enumerate(value):
            parts.append(b"," if place else b"")
            _write(one, parts)
        parts.append(b"]")
    else:
        parts.append(_text(value))


def _order(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _text(value: object) -> bytes:
    said = json.dumps(value, ensure_ascii=False)
    try:
        return said.encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()
