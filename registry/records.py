"""Define value classes that are cheap to import: a `dataclass` completed when it is first needed.

The standard decorator writes and compiles some seven methods for each class, about a millisecond's
work; a command that asks one question imports some seventy classes and makes values of ten. Here a
class gets its slots at once, and all else that the standard decorator does when the first value is
made or someone asks for its fields. To type checkers it is the standard decorator; what it offers
is what this project uses: frozen classes with slots.
"""

from __future__ import annotations

import dataclasses
import threading
from typing import TYPE_CHECKING, Any, Final

__all__ = ["dataclass"]

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
        dataclasses.dataclass(frozen=True, kw_only=self._kw_only)(model)
        # The initialiser comes last: with it a thread that does not wait here makes whole values.
        for name in (*_WRITTEN, _FIELDS, "__init__"):
            setattr(cls, name, model.__dict__[name])


_FROM_THE_START: Final = frozenset({"__dict__", "__weakref__"})
_WRITTEN: Final = ("__repr__", "__eq__", "__hash__", "__match_args__", "__dataclass_params__")


def _slotted(cls: type, *, kw_only: bool) -> type:
    """Return the class with a slot for each field of its own, and stand-ins for the rest."""
    inner = {name: kept for name, kept in cls.__dict__.items() if name not in _FROM_THE_START}
    kinds: dict[str, str] = inner.get("__annotations__", {})
    names = [name for name, kind in kinds.items() if not kind.startswith("ClassVar")]
    early = {
        "__slots__": tuple(names),
        "__init__": _first_init,
        "__setattr__": _refuse_set,
        "__delattr__": _refuse_delete,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }
    kept = {name: value for name, value in inner.items() if name not in names}
    made = type(cls)(cls.__name__, cls.__bases__, {**kept, **early})
    setattr(made, _FIELDS, _Pending(made, inner, kw_only=kw_only))
    return made


def _first_init(self: object, *given: object, **named: object) -> None:
    """Complete the class, which replaces this method, and initialise the first value."""
    getattr(type(self), _FIELDS)
    type(self).__init__(self, *given, **named)


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
