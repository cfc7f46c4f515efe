"""Words of the directory, and of those who may administer a deployment."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain import authority_events as told
from registry.domain.events import ContractCreated, DirectorySealed, Event
from registry.domain.ids import Address
from registry.domain.layout import variable
from registry.domain.replayed import Book, ShelfInMemory

if TYPE_CHECKING:
    from collections.abc import Callable

START = 1_795_276_800
ROLE, MEMBER = 7, Address.of(5)


@pytest.fixture
def book() -> Book:
    """Return a book that nothing was told yet."""
    return Book(ShelfInMemory())


@pytest.fixture
def tell(book: Book) -> Callable[..., None]:
    """Return what tells the book of an event, so many seconds after the start."""
    # Loaded here: a word that the layout does not know fails these tests, and not their loading.
    replay = import_module("registry.domain.replay").replay

    def telling(contract: str, kind: type[Event], after: int = 0, /, **fields: Any) -> None:  # noqa: ANN401 (fields of any event)
        event = kind(block=1, log_index=0, transaction=bytes(32), time=START + after, **fields)
        assert replay(book, contract, event)

    return telling


def test_a_directory_counts_the_contracts_it_made(book: Book, tell: Callable[..., None]) -> None:
    """Each has its place by its name, one more than its index, and the hash of its code."""
    for number in (1, 2):
        name = f"Contract{number}".encode().ljust(32, b"\0")
        code_hash = bytes([number]) * 32
        location = Address.of(number)
        tell("Directory", ContractCreated, name=name, location=location, code_hash=code_hash)
        assert book.value(variable("Directory", "places"), name) == number
        assert book.raw(variable("Directory", "entryNames"), number - 1) == name
        assert book.raw(variable("Directory", "entryCodeHashes"), number - 1) == code_hash
    assert book.value(variable("Directory", "entryCount")) == 2
    tell("Directory", DirectorySealed, 9, contracts=2)
    assert book.value(variable("Directory", "sealedAt")) == START + 9


def test_a_member_of_a_role_has_its_delay_from_the_time_told(
    book: Book, tell: Callable[..., None]
) -> None:
    """A new member's counts at once; a later change keeps the old one until it takes effect."""
    granted = {"role_id": ROLE, "account": MEMBER}
    tell("Authority", told.RoleGranted, **granted, delay=60, since=START, new_member=True)
    members = variable("Authority", "members")
    assert book.fields(members, ROLE, MEMBER) == {"delay": 60, "since": START}
    effect = START + 99
    tell("Authority", told.RoleGranted, 9, **granted, delay=5, since=effect, new_member=False)
    packed = effect << 64 | 60 << 32 | 5
    assert book.fields(members, ROLE, MEMBER) == {"delay": packed, "since": START}
    tell("Authority", told.RoleRevoked, 10, **granted)
    assert book.fields(members, ROLE, MEMBER) == {"delay": 0, "since": 0}
