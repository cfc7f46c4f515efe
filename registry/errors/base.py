"""Lay the roots of the tree of errors: what each carries, and the exit code it stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from registry import messages
from registry.redaction import HIDDEN, concealed, concealed_path

if TYPE_CHECKING:
    from collections.abc import Callable

# Fields that repeat what a person gave, who may have given a secret by mistake.
_GIVEN = {
    **dict.fromkeys(("given", "key", "network"), concealed),
    **dict.fromkeys(("path", "file", "address"), concealed_path),
}

Flaw = dict[str, "str | list[str]"]
"""One of several faults of a document, by names that its error tells."""

FieldValue = str | int | bool | list[str] | list[Flaw] | None
"""What a field is in JSON."""


@dataclass_transform(kw_only_default=True, eq_default=False)
class RegistryError(Exception):
    """Something that Dengji refuses or cannot do.

    A subclass states its fields as annotations and its `code`; it is constructed with the fields by
    keyword. (Not a dataclass: a hundred of those would take as long to import as click.)
    """

    code: ClassVar[str] = "registry-error"
    exit_code: ClassVar[int] = 3
    field_names: ClassVar[tuple[str, ...]] = ()
    """The names of the fields, in order."""

    def __init_subclass__(cls) -> None:
        # Read as they stand: inspect, which resolves them, is slower to import than all else here.
        own = cls.__dict__.get("__annotations__", {}).items()  # noqa: RUF063
        added = tuple(name for name, kind in own if "ClassVar" not in str(kind))
        cls.field_names = (*cls.field_names, *added)

    def __init__(self, **given: object) -> None:
        if unknown := given.keys() - set(self.field_names):
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        for name in self.field_names:
            if name not in given and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} needs the field {name}")
        shown = {name: _shown(name, value) for name, value in given.items()}
        for name, value in shown.items():
            setattr(self, name, value)
        super().__init__(*shown.values())

    def __reduce__(self) -> tuple[object, ...]:
        # An exception crosses process borders by its arguments, which here have names.
        return _rebuilt, (type(self), {name: getattr(self, name) for name in self.field_names})

    @property
    def fields(self) -> dict[str, FieldValue]:
        """Return the fields by name, ready for JSON: ids as their text, bytes as 0x-hex."""
        return {name: _plain(getattr(self, name)) for name in self.field_names}

    def __str__(self) -> str:
        return messages.render(self, "en")

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.field_names)
        return f"{type(self).__name__}({given})"


def _shown(name: str, value: object) -> object:
    if isinstance(value, str):
        # Hidden first: a part of a secret would not be known for one.
        shown = _GIVEN[name](value) if name in _GIVEN else value
        # What a node says a contract gave back is read further.
        return shown if name == "data" else _cut(shown, _PATH if name in _PATHS else _LONGEST)
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return [_cut_flaw(one) if isinstance(one, dict) else one for one in value]
    return value


def _cut_flaw(flaw: dict[str, object]) -> dict[str, object]:
    return {key: _cut(one) if isinstance(one, str) else one for key, one in flaw.items()}


def _cut(text: str, most: int = 1000) -> str:
    """Return a text that people can read: whoever gives a megabyte is not told it again."""
    return text if len(text) <= most else text[:most] + HIDDEN


_LONGEST, _PATH = 1000, 4096
_PATHS = ("path", "file", "url")


def _rebuilt(kind: type[RegistryError], given: dict[str, object]) -> RegistryError:
    return kind(**given)


def _plain(value: object) -> FieldValue:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        # A member of the vocabulary is said by its name, which an empty mask has not.
        name = getattr(value, "name", None) or ("NONE" if hasattr(value, "name") else None)
        return value if name is None else str(name)
    if isinstance(value, (bytes, bytearray)):
        return "0x" + value.hex()
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], dict):
            return list(value)
        return [str(_plain(item)) for item in value]
    return str(value)


class ConfigError(RegistryError):
    """What was set up cannot be used."""

    code: ClassVar[str] = "config"


class InvalidInputError(RegistryError):
    """What was given cannot be used."""

    code: ClassVar[str] = "invalid-input"


class IntegrityError(RegistryError):
    """What was found contradicts what was recorded."""

    code: ClassVar[str] = "integrity"
    exit_code: ClassVar[int] = 5


class ChainError(RegistryError):
    """The node or the network is in trouble."""

    code: ClassVar[str] = "chain"
    exit_code: ClassVar[int] = 4


class ContractRevert(RegistryError):
    """The chain refused.

    `registry.reverts` has one class for each error of the contracts, with its fields in ABI order.
    """

    code: ClassVar[str] = "contract-revert"
    exit_code: ClassVar[int] = 1
    signature: ClassVar[str] = ""
    """The error's name and types, as its selector is made of."""
    selector: ClassVar[bytes] = b""
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = ()
    """What makes each field of its decoded ABI value."""

    @classmethod
    def of(cls, *values: object) -> Self:
        """Return the error with these decoded ABI values, in ABI order."""
        given = zip(cls.field_names, cls.kinds, values, strict=True)
        return cls(**{name: kind(value) for name, kind, value in given})


class Panic(ContractRevert):
    """A contract broke off: an assertion, arithmetic or an index; `reason` is Solidity's number."""

    code: ClassVar[str] = "panic"
    signature: ClassVar[str] = "Panic(uint256)"
    selector: ClassVar[bytes] = bytes.fromhex("4e487b71")
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (int,)
    reason: int


class PlainRevert(ContractRevert):
    """A contract that is none of ours refused with a sentence."""

    code: ClassVar[str] = "plain-revert"
    signature: ClassVar[str] = "Error(string)"
    selector: ClassVar[bytes] = bytes.fromhex("08c379a0")
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (str,)
    reason: str


class UnknownRevert(ContractRevert):
    """The chain refused with data that none of the contracts' errors has."""

    code: ClassVar[str] = "unknown-revert"
    kinds: ClassVar[tuple[Callable[[Any], object], ...]] = (bytes,)
    data: bytes
