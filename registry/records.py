"""Define value classes that are cheap to import: a `dataclass` completed when it is first needed.

The standard decorator writes and compiles some seven methods for each class, about a millisecond's
work; a command that asks one question imports some seventy classes and makes values of ten. Here a
class gets its slots and shared methods at once; its fields, and the one method that is compiled,
are worked out when the first value is made or someone asks for them. To type checkers it is the
standard decorator; what it offers is what this project uses: frozen classes with slots.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["dataclass", "maker"]

_T = TypeVar("_T")

_FIELDS: Final = "__dataclass_fields__"
_completing: Final = threading.RLock()

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool, kw_only: bool = False) -> object:
        """Return a decorator that makes a class a frozen dataclass with slots, in its own time."""
        if not (frozen and slots):
            raise TypeError("what changes or has no slots is no record: use the standard dataclass")
        return lambda cls: _slotted(cls, kw_only=kw_only)


class _Pending:
    """Stand for the fields of a class until someone looks at them, and then complete the class."""

    def __init__(self, cls: type, inner: dict[str, object], *, kw_only: bool) -> None:
        self._cls = cls
        self._inner = inner
        self._kw_only = kw_only

    def __get__(self, value: object, owner: type) -> object:
        with _completing:
            # Another thread may have been quicker.
            if self._cls.__dict__[_FIELDS] is self:
                self._complete()
        return getattr(owner, _FIELDS)

    def _complete(self) -> None:
        cls = self._cls
        # The standard decorator wants defaults where the slots stand: it gets a class without.
        model = type(cls)(cls.__name__, cls.__bases__, self._inner)
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=self._kw_only)(model)
        for name in (_FIELDS, "__dataclass_params__", "__match_args__"):
            setattr(cls, name, model.__dict__[name])
        # Last of all: with it, a thread that does not wait here makes whole values.
        cls.__init__ = _initialiser(cls)  # type: ignore[misc]


def _initialiser(cls: Any) -> Callable[..., None]:  # noqa: ANN401 (any record)
    """Return what sets the fields of a record."""
    own: dict[str, Any] = {"_missing": dataclasses.MISSING}
    given, lines = ["self"], []
    named: list[str] = []
    for one in dataclasses.fields(cls):
        value, default = one.name, ""
        if one.default is not dataclasses.MISSING:
            own[f"_default_{one.name}"] = one.default
            default = f"=_default_{one.name}"
        elif one.default_factory is not dataclasses.MISSING:
            own[f"_make_{one.name}"] = one.default_factory
            default = "=_missing"
            value = f"_make_{one.name}() if {one.name} is _missing else {one.name}"
        (named if one.kw_only else given).append(one.name + default)
        # The slot itself: half the time of object.__setattr__, which would look it up by name.
        own[f"_set_{one.name}"] = getattr(cls, one.name).__set__
        lines.append(f" _set_{one.name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    parameters = ", ".join([*given, *(["*", *named] if named else [])])
    exec(f"def __init__({parameters}):\n" + "\n".join(lines or [" pass"]), own)  # noqa: S102
    made: Callable[..., None] = own["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def maker(cls: type[_T]) -> Callable[..., _T]:
    """Return a function that makes a record of the values of all its fields, by position.

    It sets the slots and does no more: half the time of a call of the class, for where records are
    made by the hundred thousand. A class that checks its values has none: raises TypeError.
    """
    if hasattr(cls, "__post_init__"):
        raise TypeError(f"{cls.__name__} looks at its values: call the class")
    names = [one.name for one in dataclasses.fields(cls)]  # type: ignore[arg-type]
    own: dict[str, Any] = {f"_set_{name}": getattr(cls, name).__set__ for name in names}
    own |= {"_new": object.__new__, "_cls": cls}
    lines = ["made = _new(_cls)", *(f"_set_{name}(made, {name})" for name in names), "return made"]
    source = f"def make({', '.join(names)}):\n " + "\n ".join(lines)
    exec(source, own)  # noqa: S102 (names of fields alone)
    made: Callable[..., _T] = own["make"]
    return made


_OF_THE_CLASS: Final = ("ClassVar", "typing.ClassVar")
_FROM_THE_START: Final = frozenset({"__dict__", "__weakref__"})


def _slotted(cls: type, *, kw_only: bool) -> type:
    """Return the class with a slot for each field of its own, and a stand-in for the rest."""
    inner = {name: kept for name, kept in cls.__dict__.items() if name not in _FROM_THE_START}
    kinds: dict[str, object] = inner.get("__annotations__", {})
    names = [name for name, kind in kinds.items() if not str(kind).startswith(_OF_THE_CLASS)]
    shared = {"__repr__": _repr, "__eq__": _eq, "__hash__": _hash}
    kept = {name: value for name, value in inner.items() if name not in names}
    always = {
        "__slots__": tuple(names),
        "__init__": _first_init,
        "__setattr__": _refuse_set,
        "__delattr__": _refuse_delete,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }
    made = type(cls)(cls.__name__, cls.__bases__, {**shared, **kept, **always})
    setattr(made, _FIELDS, _Pending(made, inner, kw_only=kw_only))
    return made


def _first_init(self: object, *given: object, **named: object) -> None:
    """Complete the class, which replaces this method, and initialise the first value."""
    getattr(type(self), _FIELDS)
    type(self).__init__(self, *given, **named)


def _values(self: Any) -> tuple[object, ...]:  # noqa: ANN401 (any record)
    return tuple([getattr(self, name) for name in type(self).__dataclass_fields__])


def _repr(self: Any) -> str:  # noqa: ANN401 (any record)
    told = [f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self)]
    return f"{type(self).__qualname__}({', '.join(told)})"


def _eq(self: object, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: object) -> int:
    return hash(_values(self))


def _refuse_set(self: object, name: str, value: object) -> None:
    del self, value
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_delete(self: object, name: str) -> None:
    del self
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[object]:  # noqa: ANN401 (any record)
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _setstate(self: Any, state: list[object]) -> None:  # noqa: ANN401 (any record)
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
