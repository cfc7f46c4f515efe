"""Histories that were recorded, replayed without a node: each word is as storage had it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from registry.chain.history import locations, reader_of_all
from registry.domain.anchor_events import LeafPromoted
from registry.domain.events import UsageRecorded
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.replay import HANDLERS, replay
from registry.domain.replayed import Book, ShelfInMemory
from registry.domain.vocabulary import Action, Environment, Purpose
from tests.golden_histories import NAMES, kept, shelved

if TYPE_CHECKING:
    from registry.domain.events import Event

RARE: Final = {
    *("AgentAppointed", "AgentDismissed", "GrantReplaced", "HoldersNamed", "ObjectionDecided"),
    *("ObjectionRaised", "OperationNamed", "PartyRecovered", "PendingReplaced"),
    *("RecoveryCancelled", "RegistrationEnded", "RoleRevoked"),
}
"""What happens in none of the histories."""


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_history_comes_to_the_words_of_storage(name: str) -> None:
    """All that was told comes to every word that storage held, and to no other word."""
    deployment, logs, words = kept(name)
    found = shelved(deployment, logs)
    assert found.keys() == words.keys()
    for (contract, place), word in found.items():
        assert word.hex() == words[contract, place].hex(), (contract, place.hex())


def test_the_histories_have_nearly_every_kind_of_event() -> None:
    """What happens in none of the histories is known, and no more than that."""
    told = set()
    for name in NAMES:
        deployment, logs, _ = kept(name)
        reader = reader_of_all(deployment)
        told |= {type(reader.event(one)).__name__ for one in logs}
    known = {kind.__name__ for handlers in HANDLERS.values() for kind in handlers}
    assert known - told == RARE


def before_the_promotion() -> tuple[Book, LeafPromoted]:
    """Return the words before a leaf is promoted, and the event that tells of that."""
    deployment, logs, _ = kept("registered")
    names = {address.raw: name for name, address in locations(deployment).items()}
    reader, book = reader_of_all(deployment), Book(ShelfInMemory())
    for one in logs:
        event: Event | None = reader.event(one)
        if isinstance(event, LeafPromoted):
            return book, event
        assert event is not None
        assert replay(book, names[one.address], event)
    raise AssertionError("no leaf is promoted")


def test_a_leaf_is_promoted_out_of_its_anchor() -> None:
    """A leaf beyond the anchor's, of another time, root or party, or of no new product is none."""
    book, event = before_the_promotion()
    for other in (
        replace(event, index=1 << 20),
        replace(event, since=event.since + 1),
        replace(event, root=bytes(32)),
        replace(event, by=PartyId.of(7)),
        replace(event, product=ProductId.of(7)),
    ):
        assert not replay(book, "BatchAnchor", other)
    assert replay(book, "BatchAnchor", event)


def test_what_was_never_granted_is_not_used() -> None:
    """A use of a grant that no event made does not fit, nor does an event of no such contract."""
    used = UsageRecorded(
        grant=GrantId.of(7),
        by=PartyId.of(1),
        environment=Environment(0),
        territory=0,
        amount=1,
        purpose=Purpose.RESEARCH,
        action=Action.READ,
        block=1,
        log_index=0,
        transaction=bytes(32),
        time=1,
    )
    book = Book(ShelfInMemory())
    assert not replay(book, "UsageMeter", used)
    assert not replay(book, "Directory", used)
    assert not replay(book, "Nothing", used)
