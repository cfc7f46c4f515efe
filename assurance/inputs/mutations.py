"""Change documents so that most of them stays what it is, in the ways that readers trip over.

All is drawn from a `random.Random`: the same seed gives the same input anywhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from assurance.inputs.written import Literal, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from assurance.inputs.trial import Shape

TOKENS: Final = (
    *(b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"),
    *(b"\\ud800", b"\\u0000", b"\\u202e", b"\\x1b[2J", b"\x1b]0;x\x07", b"\r\n", b"\n", b"\t"),
    *(b'"', b"'", b"\\", b"{", b"}", b"[", b"]", b",", b":", b"<", b">", b"&", b"#", b"/*"),
    *(b"null", b"true", b"NaN", b"Infinity", b"-Infinity", b"-0", b"1e999", b"0x", b"1_0"),
    *(b"9" * 20, b"9" * 400, b"1" + b"0" * 5000, b"0.1", b"-1", b"18446744073709551616"),
    *(
        b"..",
        b"../",
        b"/",
        b"//",
        b"~nobody/",
        b"\xe2\x80\xae",
        b"\xe2\x80\x8b",
        b"\xf0\x9f\x92\xa9",
    ),
    *(b"=1+1", b"@context", b"http://127.0.0.1:9/", b"file:///etc/passwd", b"<!DOCTYPE x>"),
    *(b"</script>", b"<!--", b"]]>", b"&#0;", b"%00", b"{{", b"${", b"\xd9\xa1", b"\xef\xbc\x91"),
)
"""What is put into documents: pieces of syntax, borders of numbers, characters that hide."""

_STRINGS: Final = (
    *("", " ", "\x00", "\n", "\x1b[31m", "\u202eabc", "a\u200bb", "\ud800", "\udcff", "\U0001f4a9"),
    *("../../x", "/etc/passwd", ".", "..", "a/../b", "~", "con", "0", "-1", "1e9", "NaN", "null"),
    *("0x", "0x" + "0" * 64, "0x" + "f" * 64, "0X00", "9" * 30, "١", "１", "e\u0301", "\u00e9"),
    *("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "2026-02-30T00:00:00Z", "x" * 300),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-01-01T00:00:00+23:59", "P1D", "1d"),
)
_NUMBERS: Final = (
    *(
        0,
        1,
        -1,
        2**31,
        2**32 - 1,
        2**40,
        2**53 - 1,
        2**53,
        2**63,
        2**64 - 1,
        2**64,
        2**256,
        -(2**63),
    ),
    *(0.5, -0.0, 1e16, 1e300),
)
_LITERALS: Final = (
    *("NaN", "Infinity", "-Infinity", "1e999", "-0", "01", "1.0", "1E2", "9" * 5000, '"\\ud800"'),
    *('"\\u0000"', '"\\/"', "{}", "[]", "[[[[[[[[]]]]]]]]", '{"a":1,"a":2}', "tru", "'a'", "0x10"),
    *("[" * 40 + "]" * 40, '{"":' * 40 + "1" + "}" * 40, "[" * 3000),
)


def mutated(rng: Random, seeds: Sequence[bytes], shape: Shape, longest: int) -> bytes:
    """Return one of the seeds, changed once or several times, or now and then something made up."""
    given = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5))):
        given = _changed(rng, given, seeds, shape)
    return given[:longest]


def _changed(rng: Random, given: bytes, seeds: Sequence[bytes], shape: Shape) -> bytes:
    lot = rng.random()
    if shape == "json" and lot < _OFTEN:
        return _json_changed(rng, given)
    if shape == "lines" and lot < _OFTEN:
        return _lines_changed(rng, given)
    if shape == "binary" and lot < _HALF:
        return _words_changed(rng, given)
    return rng.choice(_BYTEWISE)(rng, given, seeds)


_OFTEN: Final = 0.7
_HALF: Final = 0.5

# ---- bytes ---------------------------------------------------------------------------------------


def _span(rng: Random, given: bytes) -> tuple[int, int]:
    start = rng.randrange(len(given) + 1)
    return start, min(len(given), start + rng.choice((1, 1, 2, 4, 8, 32, 100, 1000)))


def _flip(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    if not given:
        return b"\x80"
    made = bytearray(given)
    made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def _set(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    at = rng.randrange(len(given) + 1)
    return given[:at] + bytes((rng.randrange(256),)) + given[at + 1 :]


def _near(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    """Put a character in place of another that is like it: the next one, or the other case."""
    if not given:
        return b"a"
    at = rng.randrange(len(given))
    one = given[at : at + 1]
    other = rng.choice((one.swapcase(), bytes(((one[0] + 1) % 256,)), bytes(((one[0] - 1) % 256,))))
    return given[:at] + other + given[at + 1 :]


def _drop(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = _span(rng, given)
    return given[:start] + given[end:]


def _double(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = _span(rng, given)
    return given[:end] + given[start:end] * rng.choice((1, 1, 2, 16)) + given[end:]


def _insert(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    at = rng.choice((0, len(given), rng.randrange(len(given) + 1)))
    return given[:at] + rng.choice(TOKENS) * rng.choice((1, 1, 1, 2, 50)) + given[at:]


def _replace(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = _span(rng, given)
    return given[:start] + rng.choice(TOKENS) + given[end:]


def _cut(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    return given[: rng.randrange(len(given) + 1)]


def _spliced(rng: Random, given: bytes, seeds: Sequence[bytes]) -> bytes:
    other = rng.choice(seeds)
    return given[: rng.randrange(len(given) + 1)] + other[rng.randrange(len(other) + 1) :]


def _moved(rng: Random, given: bytes, _seeds: Sequence[bytes]) -> bytes:
    start, end = _span(rng, given)
    rest = given[:start] + given[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + given[start:end] + rest[at:]


_BYTEWISE: Final[tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...]] = (
    *(_flip, _set, _near, _near, _drop, _double, _insert, _replace, _cut, _spliced, _moved),
)

# ---- words of 32 bytes ---------------------------------------------------------------------------

_WORD: Final = 32


def _words_changed(rng: Random, given: bytes) -> bytes:
    """Change one number of 4, 8 or 32 bytes: as contracts, journals and archives have them."""
    size = rng.choice((4, 8, _WORD, _WORD))
    if len(given) < size:
        return given + bytes(size)
    at = rng.randrange(len(given) // size) * size
    old = int.from_bytes(given[at : at + size])
    new = rng.choice((0, 1, old + 1, old - 1, old * 2, old ^ 1 << 255, len(given), -1, 1 << 63))
    return given[:at] + (new % (1 << 8 * size)).to_bytes(size) + given[at + size :]


# ---- JSON ----------------------------------------------------------------------------------------


def _lines_changed(rng: Random, given: bytes) -> bytes:
    """Change one line of several, or their order."""
    lines = given.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            lines[one], lines[other] = lines[other], lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            del lines[one]
        case _:
            lines[one] = _json_changed(rng, lines[one])
    return b"\n".join(lines)


def _json_changed(rng: Random, given: bytes) -> bytes:
    """Change one value, name or member of a JSON document, the others left as they are."""
    try:
        document = json.loads(given)
    except (ValueError, RecursionError):
        return _insert(rng, given, ())
    holder: dict[str, Any] = {"": document}
    places = list(_places(holder))
    where, key = rng.choice(places)
    _changed_at(rng, where, key, places)
    made = b",".join(map(written, holder.values()))
    return made + b"\n" if given.endswith(b"\n") else made


Place = tuple[Any, Any]


def _places(holder: dict[str, Any]) -> list[Place]:
    """Return where values stand, each as its container and key."""
    found: list[Place] = []
    waiting: list[Any] = [holder]
    while waiting and len(found) < _MOST_PLACES:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one))
        for key in keys:
            found.append((one, key))
            if isinstance(one[key], dict | list):
                waiting.append(one[key])
    return found


_MOST_PLACES: Final = 2000


def _changed_at(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    rng.choice(_CHANGES)(rng, where, key, places)


def _put(rng: Random, where: Any, key: Any, _: list[Place]) -> None:  # noqa: ANN401 (see above)
    old = where[key]
    where[key] = _text_changed(rng, old) if isinstance(old, str) else rng.choice(_STRINGS)


def _delete(_: Random, where: Any, key: Any, __: list[Place]) -> None:  # noqa: ANN401 (see above)
    del where[key]


def _rename(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    if not isinstance(where, dict):
        return _put(rng, where, key, places)
    where[rng.choice(_STRINGS)] = where.pop(key)
    return None


def _twice(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    """Put the same name a second time: written raw behind the value."""
    if not isinstance(where, dict):
        return _put(rng, where, key, places)
    old = written(where[key])
    again = old + b"," + json.dumps(str(key)).encode() + b":"
    where[key] = Literal(again + rng.choice((old, b"1", b"null")))
    return None


def _from_elsewhere(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    other, place = rng.choice(places)
    if place in other if isinstance(other, dict) else place < len(other):
        where[key] = Literal(written(other[place]))


def _more(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    old = where[key]
    if not isinstance(old, list):
        return _put(rng, where, key, places)
    where[key] = old + old * rng.choice((1, 2, 40))
    return None


def _literal(rng: Random, where: Any, key: Any, _: list[Place]) -> None:  # noqa: ANN401 (see above)
    where[key] = Literal(rng.choice(_LITERALS).encode())


def _number(rng: Random, where: Any, key: Any, _: list[Place]) -> None:  # noqa: ANN401 (see above)
    old = where[key]
    near = isinstance(old, int) and rng.random() < _HALF
    where[key] = old + rng.choice((1, -1, 256, 2**32)) if near else rng.choice(_NUMBERS)


def _besides(rng: Random, where: Any, key: Any, places: list[Place]) -> None:  # noqa: ANN401
    if not isinstance(where, dict):
        return _put(rng, where, key, places)
    where[rng.choice(_STRINGS)] = where[key]
    return None


def _other_type(rng: Random, where: Any, key: Any, _: list[Place]) -> None:  # noqa: ANN401
    old = where[key]
    where[key] = rng.choice((None, True, False, {}, [], [old], {"@id": old}, str(old)[:400]))


_CHANGES: Final = (
    *(_put, _put, _put, _delete, _rename, _twice, _from_elsewhere, _more, _literal, _number),
    *(_number, _besides, _other_type, _other_type),
)


def _text_changed(rng: Random, old: str) -> str:
    at = rng.randrange(len(old) + 1)
    match rng.randrange(6):
        case 0:
            return old[:at] + rng.choice(_STRINGS) + old[at:]
        case 1:
            return old[:at] + old[at + 1 :]
        case 2:
            return old.swapcase()
        case 3:
            return (
                old[:at] + chr((ord(old[at]) + 1) % 0xD800) + old[at + 1 :] if at < len(old) else ""
            )
        case 4:
            return old * 2
        case _:
            return rng.choice(_STRINGS)
