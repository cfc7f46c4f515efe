"""Logs of every kind of event, plain or broken, read as web3.py and the general way read them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from eth_abi.abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st
from web3 import Web3
from web3._utils.events import get_event_data

from registry.chain.abi import codec
from registry.chain.layouts import LogDecoder
from registry.chain.logs import (
    EventBinding,
    GeneralReader,
    Log,
    bindings,
    field_of,
    reader_of,
)

if TYPE_CHECKING:
    from registry.domain.events import Event

ARTIFACTS = Path(__file__).resolve().parents[2] / "registry" / "artifacts"
BOUND = {one.layout.name: one for found in bindings().values() for one in found}
PACKED = {
    "particulars": {
        "salt": (16, 64),
        "rights": (8, 8),
        "security_class": (0, 8),
        "source": (80, 4),
        "flags": (84, 4),
    },
    "usage": {
        "environment": (160, 8),
        "purpose": (128, 32),
        "action": (96, 32),
        "territory": (64, 32),
        "amount": (0, 64),
    },
    "receipt": {
        "cumulative": (136, 64),
        "sequence": (104, 32),
        "purpose": (72, 32),
        "action": (40, 32),
        "at": (0, 40),
    },
    "place": {"index": (40, 32), "since": (0, 40)},
}
PLACE = {
    "address": b"\x01" * 20,
    "block": 7,
    "block_hash": b"\x02" * 32,
    "number": 3,
    "transaction": b"\x03" * 32,
    "time": 100,
}


@cache
def abi_of(name: str) -> dict[str, Any]:
    """Return the ABI of an event, as the compiler gave it."""
    for path in sorted(ARTIFACTS.glob("*.json")):
        for entry in json.loads(path.read_bytes()).get("abi", ()):
            if entry["type"] == "event" and entry["name"] == name:
                found: dict[str, Any] = entry
                return found
    raise AssertionError(name)


def values_of(kind: str) -> st.SearchStrategy[Any]:
    """Return values of an ABI type, small numbers above all, as codes are."""
    if kind.endswith("[]"):
        return st.lists(values_of(kind[:-2]), max_size=3)
    if kind.startswith("("):
        return st.tuples(*map(values_of, kind[1:-1].split(",")))
    if kind.startswith("uint"):
        return st.integers(0, 9) | st.integers(0, 2 ** int(kind[4:]) - 1)
    simple = {
        "bool": st.booleans(),
        "string": st.text(max_size=70),
        "bytes": st.binary(max_size=70),
    }
    if kind in simple:
        return simple[kind]
    size = 20 if kind == "address" else int(kind[5:])
    return st.just(bytes(size)) | st.binary(min_size=size, max_size=size)


def log_of(binding: EventBinding, values: list[Any]) -> Log:
    """Return the log of an event with these values, laid out by eth-abi."""
    pairs = list(zip(binding.layout.parameters, values, strict=True))
    given = [(one.kind, value) for one, value in pairs if not one.indexed]
    plain = ["0x" + value.hex() if kind == "address" else value for kind, value in given]
    topics = [codec(one.kind).encode(value) for one, value in pairs if one.indexed]
    data = encode([kind for kind, _ in given], plain)
    return Log(topics=(binding.layout.topic, *topics), data=data, **PLACE)  # type: ignore[arg-type]


def outcome(read: Any, log: Log) -> Event | tuple[type[ValueError], str]:  # noqa: ANN401
    """Return what a reader makes of a log: the event, or how it refuses it."""
    try:
        event: Event = read(log)
    except ValueError as refused:
        return type(refused), str(refused)
    return event


@st.composite
def logs(draw: st.DrawFn) -> tuple[EventBinding, Log]:
    """Return a log of any event, laid out as a contract lays it out."""
    binding = BOUND[draw(st.sampled_from(sorted(BOUND)))]
    values = [draw(values_of(one.kind)) for one in binding.layout.parameters]
    return binding, log_of(binding, values)


@st.composite
def broken(draw: st.DrawFn) -> tuple[EventBinding, Log]:
    """Return a log with a byte changed, with bytes too few or too many, or a topic of these."""
    binding, log = draw(logs())
    parts = [log.data, *log.topics[1:]]
    place = draw(st.integers(0, len(parts) - 1))
    part = parts[place]
    at = draw(st.integers(0, max(0, len(part) - 1)))
    ways = [part[:at] + bytes([draw(st.integers(0, 255))]) + part[at + 1 :]]
    if place == 0:
        ways += [part[:at], part + draw(st.binary(max_size=33))]
    parts[place] = draw(st.sampled_from(ways))
    topics = draw(st.sampled_from([parts[1:], parts[1:], parts[1:-1], [*parts[1:], bytes(32)]]))
    return binding, log._replace(data=parts[0], topics=(log.topics[0], *topics))


@settings(max_examples=250, deadline=None)
@given(st.one_of(logs(), broken()))
def test_the_written_reader_reads_what_the_general_one_reads(
    given_log: tuple[EventBinding, Log],
) -> None:
    """The same event, or the same refusal, whatever a node sends under an event's name."""
    binding, log = given_log
    assert outcome(reader_of(binding), log) == outcome(GeneralReader(binding).event, log)


@settings(max_examples=80, deadline=None)
@given(logs())
def test_every_field_is_what_web3_decodes(given_log: tuple[EventBinding, Log]) -> None:
    """Each field of an event has the value that web3.py decodes from the same log."""
    binding, log = given_log
    event = outcome(reader_of(binding), log)
    if isinstance(event, tuple):
        # A code that no member has: the form is right all the same.
        LogDecoder(binding.layout).decode(log.topics, log.data)
        return
    assert_as_web3(binding, log, event)


@pytest.mark.parametrize("name", sorted(BOUND))
def test_every_kind_is_read_at_all(name: str) -> None:
    """No kind of event is refused where its values are the least ones."""
    binding = BOUND[name]
    log = log_of(binding, [least(one.kind) for one in binding.layout.parameters])
    event = reader_of(binding)(log)
    assert type(event) is binding.kind
    assert (event.block, event.log_index, event.time) == (7, 3, 100)
    assert event.transaction == b"\x03" * 32
    assert_as_web3(binding, log, event)


def least(kind: str) -> Any:  # noqa: ANN401
    """Return the least value of an ABI type of which there is something: one, or one of them."""
    if kind.endswith("[]"):
        return [least(kind[:-2])]
    if kind.startswith("("):
        return tuple(map(least, kind[1:-1].split(",")))
    if kind.startswith("uint"):
        return 1
    if kind == "bool":
        return True
    if kind == "string":
        return "a"
    size = {"address": 20, "bytes": 40}.get(kind) or int(kind[5:])
    return (b"110000" * 6)[:size] if kind == "bytes3" else bytes([1]) * size


def assert_as_web3(binding: EventBinding, log: Log, event: Event) -> None:
    """Hold an event against what web3.py reads in its log."""
    raw = {
        "address": Web3.to_checksum_address(log.address),
        "topics": list(log.topics),
        "data": log.data,
        "blockNumber": log.block,
        "blockHash": log.block_hash,
        "logIndex": log.number,
        "transactionHash": log.transaction,
        "transactionIndex": 0,
    }
    told = get_event_data(Web3().codec, abi_of(binding.layout.name), raw)
    for name, value in told["args"].items():
        parts = PACKED.get(name)
        if parts is None:
            assert flat(getattr(event, field_of(name))) == flat(value), name
        else:
            for field, (shift, bits) in parts.items():
                assert int(getattr(event, field)) == value >> shift & (1 << bits) - 1, field


def flat(value: Any) -> Any:  # noqa: ANN401
    """Return a value of web3.py's or of the domain in a shape that both share."""
    if isinstance(value, (list, tuple)):
        return [flat(one) for one in value]
    if value is None:
        return 0
    if hasattr(value, "raw"):
        value = value.raw
    if isinstance(value, str) and value.startswith("0x"):
        value = bytes.fromhex(value[2:])
    if isinstance(value, (bytes, bytearray)):
        return int.from_bytes(value)
    if hasattr(value, "__dataclass_fields__"):
        return [flat(getattr(value, name)) for name in value.__dataclass_fields__]
    if isinstance(value, dict):
        return [flat(one) for one in value.values()]
    return value
