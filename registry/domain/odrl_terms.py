"""Map words of the vocabulary to terms of ODRL and back, and walk a policy in JSON-LD."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from registry.domain import territory, vocabulary
from registry.domain.meanings import meanings
from registry.errors import InvalidInputError, OdrlUnmappable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import IntEnum, IntFlag

    from registry.domain.ids import Identifier

PREFIX: Final = "dengji"
PROFILE: Final = "urn:dengji:odrl:1"
_NAMESPACES: Final = {
    "http://www.w3.org/ns/odrl/2/": "",
    "https://www.w3.org/ns/odrl/2/": "",
    "odrl:": "",
    f"{PROFILE}#": f"{PREFIX}:",
}
_XSD: Final = ("xsd:", "http://www.w3.org/2001/XMLSchema#")
_DURATION: Final = re.compile(
    r"P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,18})S)?)?", re.ASCII
)
_TERRITORY: Final = "urn:dengji:territory:"
_HASH: Final = re.compile(r"0x[0-9a-f]{64}", re.ASCII)

T = TypeVar("T")
Id = TypeVar("Id", bound="Identifier")


def camel(name: str) -> str:
    """Return a clause's name as terms are written.

    >>> camel("sub_delegation")
    'subDelegation'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def short(term: str) -> str:
    """Return a term of ODRL without its namespace, one of ours with our prefix.

    >>> short("http://www.w3.org/ns/odrl/2/read"), short("odrl:read"), short("dengji:train")
    ('read', 'read', 'dengji:train')
    """
    for namespace, prefix in _NAMESPACES.items():
        if term.startswith(namespace):
            return prefix + term[len(namespace) :]
    return term


@cache
def _terms(kind: str) -> Mapping[int, str]:
    known = meanings(getattr(vocabulary, kind), "en")
    return {one.value: one.odrl for one in known if one.odrl is not None}


@cache
def _values(kind: str) -> Mapping[str, int]:
    return {said: value for value, said in _terms(kind).items()}


def term(member: IntEnum) -> str:
    """Return the term of one member; raises `OdrlUnmappable` where there is none."""
    found = _terms(type(member).__name__).get(int(member))
    if found is None:
        raise OdrlUnmappable(term=member.name, where=type(member).__name__)
    return found


def said(mask: IntFlag) -> list[str]:
    """Return the terms of a mask, in the order of its bits."""
    return [found for value, found in _terms(type(mask).__name__).items() if value & mask]


def urn(named: Identifier) -> str:
    """Return an id as a name that JSON-LD takes."""
    return f"urn:dengji:{named.kind}:{named}"


def seconds(text: str) -> int:
    """Return the seconds of an ISO 8601 duration of days and less.

    >>> seconds("PT3600S"), seconds("P1DT1H")
    (3600, 90000)
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ValueError(text)
    days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + rest


def hashed(text: str) -> bytes:
    """Return the 32 bytes of a hash, which stand as 0x and lower-case digits."""
    if not _HASH.fullmatch(text):
        raise ValueError(text)
    return bytes.fromhex(text[2:])


def _territory(text: str) -> int:
    if text.startswith(_TERRITORY):
        return int(text.removeprefix(_TERRITORY))
    return territory.parse(text)


class Place:
    """Hold one value of a policy and where it stands; every key of an object must be taken."""

    __slots__ = ("_left", "value", "where")

    def __init__(self, value: object, where: str = "") -> None:
        """Take a value as json.loads returns it."""
        self.value = value
        self.where = where
        self._left: dict[str, Any] = {}

    def unmappable(self, term: str) -> OdrlUnmappable:
        """Return the error for a term here."""
        return OdrlUnmappable(term=term, where=self.where or "/")

    def missing(self, key: str) -> OdrlUnmappable:
        """Return the error for a key that is not here."""
        return OdrlUnmappable(term=key, where=f"{self.where}/{key}")

    def object(self) -> Place:
        """Return this as an object whose keys can be taken."""
        if not isinstance(self.value, dict):
            raise self.unmappable(str(self.value))
        self._left = dict(self.value)
        return self

    def maybe(self, key: str) -> Place | None:
        """Take a key, None where it is not there."""
        if key not in self._left:
            return None
        return Place(self._left.pop(key), f"{self.where}/{key}")

    def take(self, key: str) -> Place:
        """Take a key that must be there."""
        found = self.maybe(key)
        if found is None:
            raise self.missing(key)
        return found

    def take_known(self, key: str, known: Callable[[Place], bool]) -> None:
        """Take a key that need not be there, and whose value must be one that is understood."""
        found = self.maybe(key)
        if found is not None and not known(found):
            raise found.unmappable(str(found.value))

    def require_empty(self) -> None:
        """Refuse what is left: nothing is dropped."""
        for key in self._left:
            raise self.missing(key)

    def list(self) -> list[Place]:
        """Return the items of a list; what stands alone is a list of one, as in JSON-LD."""
        if not isinstance(self.value, list):
            return [self]
        return [Place(one, f"{self.where}/{n}") for n, one in enumerate(self.value)]

    def text(self) -> str:
        """Return a text, or the name of what is named by `@id`."""
        value = self.value
        if isinstance(value, dict) and set(value) == {"@id"}:
            value = value["@id"]
        if not isinstance(value, str):
            raise self.unmappable(str(value))
        return value

    def mask(self, kind: type[Any]) -> Any:  # noqa: ANN401 (as `kind` says)
        """Return the mask of one term or several; raises `OdrlUnmappable` for an unknown one."""
        found = kind(0)
        for one in self.list():
            found |= kind(one.known(kind))
        return found

    def member(self, kind: type[IntEnum]) -> IntEnum:
        """Return the member that a term means."""
        return kind(self.known(kind))

    def urn(self, kind: type[Id]) -> Id:
        """Return the id that is named."""
        return self.literal(
            (), lambda text: kind.parse(text.removeprefix(f"urn:dengji:{kind.kind}:"))
        )

    def territory(self) -> int:
        """Return the code of a territory."""
        return self.literal((), _territory)

    def literal(self, kinds: tuple[str, ...], read: Callable[[str], T]) -> T:
        """Return what a literal says: text, a number, or a value with one of these XSD types."""
        value = self.value
        if isinstance(value, dict) and set(value) == {"@value", "@type"}:
            kind = str(value["@type"])
            for namespace in _XSD:
                kind = kind.removeprefix(namespace)
            if kind not in kinds:
                raise self.unmappable(str(value["@type"]))
            value = value["@value"]
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            value = self.text()
        try:
            return read(str(value))
        except (InvalidInputError, ValueError) as error:
            raise self.unmappable(str(value)) from error

    def known(self, kind: type[Any]) -> int:
        """Return the number of the word that a term means."""
        said = short(self.text())
        values = _values(kind.__name__)
        if said not in values:
            raise self.unmappable(said)
        return values[said]
