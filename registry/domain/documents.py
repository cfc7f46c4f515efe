"""Read JSON documents strictly: every key expected, each value of its type, or one clear error."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, TypeVar

import rfc8785

from registry.domain import words
from registry.domain.ids import Address, GrantId, Identifier, PartyId, ProductId
from registry.domain.nesting import is_deep
from registry.domain.times import parse_time, show_time
from registry.errors import InvalidInputError, ProposalMalformed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from enum import IntEnum, IntFlag

MAX_BYTES: Final = 1 << 20
_SHOWN: Final = 80
_MAX_DEPTH: Final = 32

T = TypeVar("T")
Id = TypeVar("Id", bound=Identifier)


class Node:
    """Hold one value of a document and where it stands, as RFC 6901 points to it."""

    __slots__ = ("value", "where")

    def __init__(self, value: object, where: str = "") -> None:
        """Take a value as json.loads returns it."""
        self.value = value
        self.where = where

    def refused(self, reason: str) -> ProposalMalformed:
        """Return the error for this value."""
        said = self.value if isinstance(self.value, str) else json.dumps(self.value)
        return ProposalMalformed(where=self.where or "/", reason=reason, given=said[:_SHOWN])

    def object(self, keys: Collection[str]) -> dict[str, Node]:
        """Return the members of an object that has exactly these keys."""
        if not isinstance(self.value, dict):
            raise self.refused("proposal-not-object")
        for key in keys:
            if key not in self.value:
                raise Node(key, f"{self.where}/{key}").refused("proposal-missing")
        for key in self.value:
            if key not in keys:
                raise Node(key, f"{self.where}/{key}").refused("proposal-unknown-key")
        return {key: Node(inner, f"{self.where}/{key}") for key, inner in self.value.items()}

    def list(self, most: int, least: int = 0) -> Iterator[Node]:
        """Yield the items of a list with at least and at most so many."""
        if not isinstance(self.value, list):
            raise self.refused("proposal-not-list")
        if not least <= len(self.value) <= most:
            raise self.refused("proposal-count")
        return (Node(inner, f"{self.where}/{n}") for n, inner in enumerate(self.value))

    def maybe(self, read: Callable[[Node], T]) -> T | None:
        """Return None for null, else what `read` makes of this."""
        return None if self.value is None else read(self)

    def text(self, most: int = 256) -> str:
        """Return a text of at most so many characters."""
        if not isinstance(self.value, str) or len(self.value) > most:
            raise self.refused("proposal-not-text")
        return self.value

    def integer(self, most: int) -> int:
        """Return a whole number from 0 on."""
        if type(self.value) is not int or not 0 <= self.value <= most:
            raise self.refused("proposal-not-integer")
        return self.value

    def amount(self, most: int) -> int:
        """Return a whole number that stands as text, as every amount does."""
        said = self.text()
        if not (said.isascii() and said.isdigit()) or str(int(said)) != said or int(said) > most:
            raise self.refused("proposal-not-amount")
        return int(said)

    def time(self) -> int:
        """Return a time, which stands in ISO 8601 in UTC, to the second."""
        return self._once(parse_time, show_time, "proposal-not-time")

    def identifier(self, kind: type[Id]) -> Id:
        """Return an id or an address in its one text form."""
        return self._once(kind.parse, str, f"proposal-not-{kind.kind}")

    def party(self) -> PartyId:
        """Return a party."""
        return self.identifier(PartyId)

    def product(self) -> ProductId:
        """Return a product."""
        return self.identifier(ProductId)

    def grant(self) -> GrantId:
        """Return a grant."""
        return self.identifier(GrantId)

    def address(self) -> Address:
        """Return an account or contract."""
        return self.identifier(Address)

    def bytes(self, least: int, most: int | None = None) -> bytes:
        """Return bytes, which stand as 0x and lower-case digits."""

        def read(said: str) -> bytes:
            if not said.startswith("0x") or said != said.lower():
                raise ValueError(said)
            return bytes.fromhex(said[2:])

        found: bytes = self._once(read, lambda raw: "0x" + raw.hex(), "proposal-not-hex")
        if not least <= len(found) <= (least if most is None else most):
            raise self.refused("proposal-length")
        return found

    def word(self, vocabulary: str) -> IntEnum | IntFlag:
        """Return the value of one word of a vocabulary."""
        said = self.text()
        if said not in words.known(vocabulary):
            raise self.refused("proposal-word")
        return words.parse(vocabulary, said)

    def mask(self, vocabulary: str, kind: type[IntFlag]) -> Any:  # noqa: ANN401 (as `kind` says)
        """Return the mask of a list of words, each once and in the order of their bits."""
        members = [inner.word(vocabulary) for inner in self.list(64)]
        if members != sorted(set(members)):
            raise self.refused("proposal-order")
        return kind(sum(members))

    def _once(self, read: Callable[[str], T], show: Callable[[T], str], reason: str) -> T:
        """Return what a text says that is written in its only form."""
        said = self.text(8_192)
        try:
            found = read(said)
        except (InvalidInputError, ValueError) as error:
            raise self.refused(reason) from error
        if show(found) != said:
            raise self.refused(reason)
        return found


def canonical(value: Any) -> bytes:  # noqa: ANN401 (whatever JSON holds)
    """Return a value as canonical JSON (RFC 8785), with a line feed at its end."""
    return rfc8785.dumps(value) + b"\n"


def parse(raw: bytes) -> Node:
    """Return the root of a canonical document; raises `ProposalMalformed`.

    Only the canonical form is taken: it has no double keys, and one content has one file.
    """
    if len(raw) > MAX_BYTES:
        raise ProposalMalformed(where="/", reason="proposal-too-long", given=str(len(raw)))
    if is_deep(raw, _MAX_DEPTH):
        shown = raw[:_SHOWN].decode(errors="replace")
        raise ProposalMalformed(where="/", reason="not-json", given=shown)
    try:
        value = json.loads(raw)
        same = canonical(value) == raw
    except (ValueError, RecursionError, rfc8785.CanonicalizationError) as error:
        shown = raw[:_SHOWN].decode(errors="replace")
        raise ProposalMalformed(where="/", reason="not-json", given=shown) from error
    if not same:
        shown = raw[:_SHOWN].decode(errors="replace")
        raise ProposalMalformed(where="/", reason="proposal-not-canonical", given=shown)
    return Node(value)
