"""Write for each kind of event the Python function that reads its logs.

A history has very many logs of few kinds. The general way of reading one goes through tables of
types and fields for each log; here the same tables are gone through once for each kind, and what
they come to is written down as a function that slices the log at fixed places and makes the event.

Such a function knows only the plain case. Whatever it does not expect, dirty padding, a number out
of its bounds or a length that is another, it leaves to the general way, which reads it or says what
is wrong with it: it is quicker, and not more lenient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from registry.chain.abi import WORD
from registry.chain.kept import Kept
from registry.domain.ids import Address, GrantId, Identifier, PartyId, ProductId
from registry.records import maker

if TYPE_CHECKING:
    from registry.chain.layouts import EventLayout
    from registry.chain.logs import Log
    from registry.domain.events import Event

__all__ = ["Member", "reader"]

Make = Callable[[Any], object]

_TAILS: Final = ("bytes", "string")
_IDS: Final[dict[str, type[Identifier]]] = {
    kind.__name__: kind for kind in (Address, PartyId, ProductId, GrantId)
}
# A history has about as many of them as logs: to keep one for the next log would be of no use.
_MANY: Final = ("ProductId", "GrantId")
_BITS_PER_BYTE: Final = 8
_set_raw: Final = vars(Identifier)["raw"].__set__


class Member(NamedTuple):
    """Hold how a field of an event comes about: which parameter it is, or which part of one.

    `part` is how far a packed word is shifted and how many bits are then taken; `kind` is the
    domain's type, and `make` what makes it, None where the value is taken as it is.
    """

    place: int
    part: tuple[int, int] | None
    kind: str
    make: Make | None


def reader(
    layout: EventLayout,
    kind: type[Event],
    members: list[Member],
    general: Callable[[Log], Event],
) -> Callable[[Log], Event]:
    """Return a function that reads the logs of one kind of event.

    :param members: the event's own fields in order.
    :param general: reads any log of the kind, and is asked for all that is not plain.
    """
    kinds = [one.kind for one in layout.parameters]
    if not all(_fixed(one) for one in kinds[:-1]) or not (_fixed(kinds[-1]) or kinds[-1] in _TAILS):
        return general
    source = _Source(layout, members)
    names: dict[str, Any] = {"general": general, "make": maker(kind), "number_of": int.from_bytes}
    names |= source.names
    exec(source.text, names)  # noqa: S102 (written from the tables of this project alone)
    read: Callable[[Log], Event] = names["read"]
    return read


def _fixed(kind: str) -> bool:
    """Tell whether the values of an ABI type take one word."""
    return kind not in _TAILS and not kind.startswith("(") and not kind.endswith("]")


class _Source:
    """Put a function together: its text, and what its names stand for.

    :ivar text: the function ``read``, which takes a log. ``general``, ``make`` and ``number_of``
        are not among its `names`.
    """

    def __init__(self, layout: EventLayout, members: list[Member]) -> None:
        self.names: dict[str, object] = {}
        self._lines: list[str] = []
        self._odd: list[str] = []
        ids = {one.place: one.kind.removesuffix(" | None") for one in members if one.part is None}
        indexed = sum(one.indexed for one in layout.parameters)
        words = len(layout.parameters) - indexed
        topic, offset, values = 1, 0, []
        for place, parameter in enumerate(layout.parameters):
            if parameter.indexed:
                word, topic = _Word(f"topic{topic}", 0), topic + 1
            else:
                word, offset = _Word("data", offset), offset + WORD
            if parameter.kind in _TAILS:
                values.append(self._tail(word, words * WORD, parameter.kind))
            else:
                of_id = _IDS.get(ids.get(place, ""))
                values.append(self._value(f"value{place}", word, parameter.kind, of_id))
        tail = layout.parameters[-1].kind in _TAILS
        enough = f"< {(words + 1) * WORD}" if tail else f"!= {words * WORD}"
        fields = [self._field(f"made{n}", values[one.place], one) for n, one in enumerate(members)]
        self.text = "\n    ".join(
            [
                "def read(log):",
                "_, topics, data, block, _, number, transaction, time = log",
                f"if len(topics) != {indexed + 1} or len(data) {enough}: return general(log)",
                "".join(f"topic{n}, " for n in range(indexed + 1)) + "= topics",
                *self._lines,
                *([f"if {' or '.join(self._odd)}: return general(log)"] if self._odd else []),
                f"return make(block, number, transaction, time, {', '.join(fields)})",
            ]
        )

    def _value(self, name: str, word: _Word, kind: str, of_id: type[Identifier] | None) -> str:
        """Return what reads a value that takes a word; an id comes as its bytes."""
        if kind.startswith("bytes"):
            return self._padded(word, 0, int(kind.removeprefix("bytes")))
        if kind == "address":
            # Not each address is of a field: the event may tell more than the domain wants.
            return self._padded(word, WORD - Address.length, WORD)
        if of_id is not None:
            return self._padded(word, WORD - of_id.length, WORD)
        self._lines.append(f"{name} = number_of({word.part(0, WORD)})")
        if kind == "bool":
            self._odd.append(f"{name} > 1")
            return f"{name} == 1"
        bits = int(kind.removeprefix("uint"))
        if bits < WORD * _BITS_PER_BYTE:
            self._odd.append(f"{name} >> {bits}")
        return name

    def _padded(self, word: _Word, start: int, end: int) -> str:
        """Return what takes some bytes of a word, whose others must be zero."""
        for first, last in ((0, start), (end, WORD)):
            if first < last:
                self._odd.append(f"{word.part(first, last)} != {bytes(last - first)!r}")
        return word.part(start, end)

    def _tail(self, word: _Word, head: int, kind: str) -> str:
        """Return what reads the bytes that end the data, after `head` bytes of it."""
        begin = head + WORD
        self._lines.append(f"size = number_of(data[{head}:{begin}])")
        self._odd += [
            f"number_of({word.part(0, WORD)}) != {head}",
            f"len(data) != {begin} + size + -size % {WORD}",
            f"any(data[{begin} + size:])",
        ]
        taken = f"data[{begin}:{begin} + size]"
        return taken if kind == "bytes" else f"{taken}.decode()"

    def _field(self, name: str, value: str, member: Member) -> str:
        """Return what makes a field of the value that it comes from."""
        if member.part is not None:
            shift, bits = member.part
            value = f"{value} >> {shift} & {(1 << bits) - 1}"
        if member.make is None:
            return value
        bare = member.kind.removesuffix(" | None")
        if bare not in _MANY:
            self.names[name] = Kept(member.make)
            return f"{name}[{value}]"
        self.names[name] = _identifier(_IDS[bare])
        zero = bytes(_IDS[bare].length)
        return f"{name}({value})" + (
            f" if {value} != {zero!r} else None" if bare != member.kind else ""
        )


class _Word(NamedTuple):
    """Say where 32 bytes of a log stand: in a variable, at an offset."""

    variable: str
    offset: int

    def part(self, start: int, end: int) -> str:
        """Return what takes some of the bytes."""
        if self.variable != "data" and (start, end) == (0, WORD):
            return self.variable
        return f"{self.variable}[{self.offset + start}:{self.offset + end}]"


def _identifier(kind: type[Identifier]) -> Make:
    """Return what makes an id of bytes that are as many as it has."""
    new, set_raw = object.__new__, _set_raw

    def identifier(raw: bytes) -> object:
        made = new(kind)
        set_raw(made, raw)
        return made

    return identifier
