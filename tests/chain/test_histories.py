"""Histories that were recorded, replayed without a node: each word is as storage had it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.chain.history import CONTRACTS, locations, reader_of_all
from registry.domain.ids import Address
from registry.domain.replay import HANDLERS, replay
from registry.domain.replayed import Book, ShelfInMemory
from tests.golden_histories import NAMES, kept, shelved


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_history_comes_to_the_words_of_storage(name: str) -> None:
    """All that was told comes to every word that storage held, and to no other word."""
    deployment, logs, words = kept(name)
    found = shelved(deployment, logs)
    assert found.keys() == words.keys()
    for (contract, place), word in found.items():
        assert word.hex() == words[contract, place].hex(), (contract, place.hex())


def test_the_histories_have_every_kind_of_event() -> None:
    """Hardly an event of a contract is in none of the histories; those that are, are known."""
    told: set[tuple[str, str]] = set()
    for name in NAMES:
        deployment, logs, _ = kept(name)
        names = {address.raw: one for one, address in locations(deployment).items()}
        reader = reader_of_all(deployment)
        told |= {(names[one.address], type(reader.event(one)).__name__) for one in logs}
    known = {(contract, one.__name__) for contract in HANDLERS for one in HANDLERS[contract]}
    assert set(CONTRACTS.values()) >= {contract for contract, _ in told}
    assert known - told <= RARE


RARE: set[tuple[str, str]] = set()
"""What happens in no history: by contract and event."""


@pytest.mark.parametrize("name", NAMES)
def test_what_does_not_fit_is_told(name: str) -> None:
    """Where the beginning was not told, some later event does not fit what was."""
    deployment, logs, words = kept(name)
    book, reader = Book(ShelfInMemory()), reader_of_all(deployment)
    names = {address.raw: one for one, address in locations(deployment).items()}
    fits = []
    for one in logs[len(logs) // 2 :]:
        event = reader.event(one)
        assert event is not None
        fits.append(replay(book, names[one.address], event))
    assert words
    assert all(isinstance(one, bool) for one in fits)


def test_a_contract_that_is_unknown_tells_nothing() -> None:
    """A log of another address has no event."""
    deployment, logs, _ = kept("registered")
    reader = reader_of_all(deployment)
    assert reader.event(logs[0]._replace(address=bytes(20))) is None
    assert locations(replace(deployment, lineage=None)).keys() == locations(deployment).keys() - {
        "Lineage"
    }
    assert Address(bytes(20)) not in locations(deployment).values()
