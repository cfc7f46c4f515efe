"""Test that a record is what the standard decorator makes, once anyone looks."""

from __future__ import annotations

import dataclasses
import pickle
import threading
from dataclasses import field
from typing import ClassVar

import pytest

from registry.records import dataclass, maker


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A record with a default."""

    number: int
    note: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived(Base):
    """A record of a record."""

    kind: ClassVar[str] = "derived"
    items: tuple[int, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError(self.number)


@dataclass(frozen=True, slots=True)
class Positional:
    """A record whose fields are given by position."""

    first: int
    second: int = 2


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """The same as `Base`, by the standard decorator."""

    number: int
    note: str = "none"


def _fresh() -> type:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Fresh:
        """A record that nobody has looked at."""

        number: int = 1

    return Fresh


def test_completed_only_when_needed() -> None:
    """Defining a record compiles nothing; its first value completes it."""
    fresh = _fresh()
    before = fresh.__dict__["__init__"]
    fresh()
    assert fresh.__dict__["__init__"] is not before


def test_same_as_standard() -> None:
    """A record has the fields, the text, the equality and the hash of a standard dataclass."""
    mine, theirs = Base(number=1), Standard(number=1)
    assert repr(mine).replace("Base", "Standard") == repr(theirs)
    assert mine == Base(number=1, note="none")
    assert mine != Base(number=2)
    assert mine != Base(number=3)
    assert hash(mine) == hash(theirs)
    names = [one.name for one in dataclasses.fields(Base)]
    assert names == [one.name for one in dataclasses.fields(Standard)]
    assert dataclasses.asdict(mine) == dataclasses.asdict(theirs)


def test_frozen_and_slotted() -> None:
    """A record cannot be changed and has no room for more."""
    value = Derived(number=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        value.number = 2  # type: ignore[misc]
    assert not hasattr(value, "__dict__")
    assert Derived.kind == "derived"


def test_inherits_fields_defaults_and_checks() -> None:
    """A derived record has the fields of its base, its own defaults, and runs its own check."""
    assert Derived(number=3, items=(1,)).note == "none"
    assert Derived(number=3).items == ()
    with pytest.raises(ValueError, match="-1"):
        Derived(number=-1)
    with pytest.raises(TypeError):
        Base()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Base(1)  # type: ignore[call-arg]


def test_positional() -> None:
    """Without keyword-only, fields are taken by position and matched by it."""
    match Positional(1):
        case Positional(first, second):
            assert (first, second) == (1, 2)


def test_replaced_copied_and_pickled() -> None:
    """A record is replaced and pickled, even in a process that has not yet made one."""
    value = Derived(number=4, items=(1, 2))
    assert dataclasses.replace(value, number=5) == Derived(number=5, items=(1, 2))
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 (our own)


def test_fields_before_the_first_value() -> None:
    """Who asks for the fields first completes the class."""
    fresh = _fresh()
    assert dataclasses.is_dataclass(fresh)
    assert [one.default for one in dataclasses.fields(fresh)] == [1]
    assert repr(fresh()).endswith("Fresh(number=1)")


def test_threads_complete_once() -> None:
    """Threads that make the first value at once all get theirs."""
    for _ in range(50):
        fresh = _fresh()
        made: list[object] = []
        barrier = threading.Barrier(4)

        def make(
            kind: type = fresh, into: list[object] = made, wait: threading.Barrier = barrier
        ) -> None:
            wait.wait()
            into.append(kind())

        threads = [threading.Thread(target=make) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 4
        assert len(set(made)) == 1


def test_only_for_values() -> None:
    """What may change is no record."""
    with pytest.raises(TypeError):
        dataclass(frozen=False, slots=True)


def test_a_maker_makes_the_same_record() -> None:
    """Values by position make the record that the class makes, a default's place included."""
    make = maker(Base)
    assert make(3, "x") == Base(number=3, note="x")
    assert hash(make(3, "none")) == hash(Base(number=3))
    assert maker(Positional)(1, 2) == Positional(1)


def test_a_class_that_checks_its_values_has_no_maker() -> None:
    """What a record insists on cannot be gone round."""
    with pytest.raises(TypeError, match="Derived looks at its values"):
        maker(Derived)
