"""Record histories: `python -m tests.golden_histories`.

A history is all that the contracts of a chain told, and the words that their storage held in the
end, as the chain's node gave them. They are kept, so that replaying them needs no node.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.chain.history import History, locations, reader_of_all
from registry.chain.journal import Journal
from registry.chain.logs import Log
from registry.chain.ranges import Filter, LogRanges, with_times
from registry.chain.rpc import Rpc
from registry.domain.ids import Address
from registry.domain.ledger import Deployment
from registry.domain.product import Profile
from registry.domain.replay import constants, replay
from registry.domain.replayed import Book, ShelfInMemory
from registry.testing import START
from tests.conftest import lone_world
from tests.golden_proofs import BEGIN
from tests.integration import test_replay as scenes
from tests.integration.sending import stilled
from tests.parity.test_memory_ledger import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent / "fixtures" / "histories"
Words = dict[tuple[str, bytes], bytes]
"""Words of storage by contract and place."""


def shelved(deployment: Deployment, logs: list[Log]) -> Words:
    """Return the words that a history comes to, replayed; each of its logs must fit."""
    shelf, reader = ShelfInMemory(), reader_of_all(deployment)
    names = {address.raw: name for name, address in locations(deployment).items()}
    book = Book(shelf)
    for variable in constants():
        book.put(variable)
    for one in logs:
        event = reader.event(one)
        assert event is not None
        assert replay(book, names[one.address], event), event
    return {key: word for key, (word, _, _) in shelf.words.items()}


def kept(name: str) -> tuple[Deployment, list[Log], Words]:
    """Return a history that was recorded: the deployment, what was told, and storage."""
    held = json.loads(gzip.decompress((FOLDER / f"{name}.json.gz").read_bytes()))
    logs = [
        Log(
            address=bytes.fromhex(address),
            topics=tuple(map(bytes.fromhex, topics)),
            data=bytes.fromhex(data),
            block=block,
            block_hash=bytes(32),
            number=number,
            transaction=bytes(32),
            time=time,
        )
        for address, topics, data, block, number, time in held["logs"]
    ]
    words = {
        (contract, bytes.fromhex(place)): bytes.fromhex(word)
        for contract, place, word in held["words"]
    }
    return _deployment(held["deployment"]), logs, words


def _deployment(held: dict[str, Any]) -> Deployment:
    fields: dict[str, Any] = {
        field: Address.parse(value) if isinstance(value, str) else value
        for field, value in held.items()
    }
    return Deployment(**fields)


def keep(name: str, rpc: Rpc, deployment: Deployment) -> None:
    """Record the history of a deployment, with its words as the node has them."""
    history = History(rpc, deployment)
    last = history.moment(None).block
    everywhere = Filter(addresses=tuple(sorted(locations(deployment).values())), topics=())
    read = LogRanges(rpc).read([everywhere], first=deployment.block, last=last)
    logs = [one for _, found in read for one in with_times(rpc, found)]
    asked = sorted(shelved(deployment, logs))
    words = zip(asked, history.words(asked, last), strict=True)
    fields = {field: getattr(deployment, field) for field in asdict(deployment)}
    held = {
        "deployment": {
            field: str(value) if isinstance(value, Address) else value
            for field, value in fields.items()
        },
        "logs": [
            [
                *(one.address.hex(), [topic.hex() for topic in one.topics], one.data.hex()),
                *(one.block, one.number, one.time),
            ]
            for one in logs
        ],
        "words": [[contract, place.hex(), word.hex()] for (contract, place), word in words],
    }
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(held, indent=0).encode()
    (FOLDER / f"{name}.json.gz").write_bytes(gzip.compress(text, mtime=0))


@contextmanager
def _still(folder: Path) -> Iterator[tuple[Rpc, Journal]]:
    with (
        closing(Journal(folder / "journal.sqlite3")) as journal,
        stilled(START, SIGNERS) as rpc,
    ):
        yield rpc, journal


def record(name: str, folder: Path) -> None:
    """Record one history."""
    match name:
        case "registered" | "agreed" | "fused":
            with _still(folder) as (rpc, journal):
                given = (1,) if name == "registered" else ()
                keep(name, rpc, getattr(scenes, name)(rpc, journal, *given))
        case "property" | "public":
            with scenes.tried(Profile[name.upper()], folder) as tried:
                keep(name, tried.rpc, tried.ledger.deployment)
        case "governed":
            with lone_world(folder, BEGIN) as world:
                keep(name, world.rpc, scenes.governed(world))
        case _:
            with lone_world(folder, BEGIN) as world:
                keep(name, world.rpc, scenes.certified(world, folder))


NAMES: Final = (*("registered", "agreed", "fused", "property", "public", "governed", "certified"),)


if __name__ == "__main__":
    for each in NAMES:
        with tempfile.TemporaryDirectory() as place:
            record(each, Path(place))
