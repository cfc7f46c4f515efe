"""Read the logs of the contracts as events of the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from registry.chain import wire
from registry.chain.bindings import Directory, GrantRegistry, PartyRegistry, ProductRegistry
from registry.chain.wire import HASH_BYTES, Json, WireError
from registry.domain.events import EVENTS, Event
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.party import Role
from registry.domain.vocabulary import Reason, Right, SecurityClass

if TYPE_CHECKING:
    from registry.chain.layouts import EventLayout
    from registry.domain.ledger import Deployment

# Python keeps some words for itself, and the domain has a longer one for class.
RENAMED: Final = {"from": "from_", "class": "security_class"}

_MAKERS: Final[dict[str, Callable[[Any], object]]] = {
    "int": int,
    "bytes": bytes,
    "Address": Address.of,
    "PartyId": PartyId.of,
    "ProductId": ProductId.of,
    "GrantId": GrantId.of,
    "Role": Role,
    "Reason": Reason,
    "Right": Right,
    "SecurityClass": SecurityClass,
}


class EventBinding(NamedTuple):
    """Hold how logs of one event are read: their layout, and the domain's class for them."""

    layout: EventLayout
    kind: type[Event]

    @property
    def annotations(self) -> dict[str, str]:
        """Return the types of the event's own fields by name, as they are written."""
        own: dict[str, str] = self.kind.__annotations__
        return own

    def domain_type(self, parameter: str) -> str:
        """Return the type that the domain gives a parameter, empty where it has no such field."""
        name = _snake(parameter)
        return self.annotations.get(RENAMED.get(name, name), "").removesuffix(" | None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Hold a log as the node gives it; `time` is None where the node does not say it."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    block_hash: bytes
    index: int
    transaction: bytes
    time: int | None


def log(value: Json) -> Log:
    """Return the mined log that ``value`` describes.

    :raises WireError: where a field is missing or malformed.
    """
    record = wire.record(value)
    time = record.get("blockTimestamp")
    return Log(
        address=Address.of(wire.data(wire.member(record, "address"), Address.length)),
        topics=tuple(
            wire.data(topic, HASH_BYTES) for topic in wire.items(wire.member(record, "topics"))
        ),
        data=wire.data(wire.member(record, "data")),
        block=wire.quantity(wire.member(record, "blockNumber")),
        block_hash=wire.data(wire.member(record, "blockHash"), HASH_BYTES),
        index=wire.quantity(wire.member(record, "logIndex")),
        transaction=wire.data(wire.member(record, "transactionHash"), HASH_BYTES),
        time=wire.quantity(time) if time is not None else None,
    )


def logs(value: Json) -> list[Log]:
    """Return the mined logs that ``value`` lists, without those that a reorganisation took back.

    :raises WireError: where one of them is malformed.
    """
    return [log(item) for item in wire.items(value) if wire.record(item).get("removed") is not True]


@cache
def bindings() -> dict[str, tuple[EventBinding, ...]]:
    """Return the events that the domain knows, by the field of `Deployment` that emits them."""
    known = {kind.__name__: kind for kind in EVENTS}
    emitters = {
        "directory": Directory.events,
        "parties": PartyRegistry.events,
        "products": ProductRegistry.events,
        "grants": GrantRegistry.events,
    }
    return {
        emitter: tuple(
            EventBinding(layout, known[layout.name]) for layout in layouts if layout.name in known
        )
        for emitter, layouts in emitters.items()
    }


def emitters(deployment: Deployment) -> Iterator[tuple[Address, EventBinding]]:
    """Yield each event of a deployment with the address that emits it."""
    for emitter, bound in bindings().items():
        for binding in bound:
            yield getattr(deployment, emitter), binding


class LogReader:
    """Turn logs of one deployment into events."""

    def __init__(self, deployment: Deployment) -> None:
        self._bindings = {
            (address, binding.layout.topic): binding for address, binding in emitters(deployment)
        }

    def event(self, entry: Log) -> Event | None:
        """Return the event of a log, None where it is none that the domain knows.

        :raises WireError: where the log has the event's name and not its form.
        """
        if not entry.topics:
            return None
        binding = self._bindings.get((entry.address, entry.topics[0]))
        return None if binding is None else _event(binding, entry)


def _event(binding: EventBinding, entry: Log) -> Event:
    values = named(binding.layout.decode(entry.topics, entry.data))
    try:
        fields = {name: _make(kind, values[name]) for name, kind in binding.annotations.items()}
    except ValueError as cause:
        raise WireError(f"{binding.layout.name}: {cause}") from cause
    place = {
        "block": entry.block,
        "log_index": entry.index,
        "transaction": entry.transaction,
        "time": entry.time,
    }
    return binding.kind(**place, **fields)  # type: ignore[arg-type]


def named(values: dict[str, Any]) -> dict[str, Any]:
    """Return a log's values by the names that the domain has for them, packed ones unpacked."""
    fields = {_snake(name): value for name, value in values.items()}
    if (particulars := fields.pop("particulars", None)) is not None:
        # salt 64, rights 8, class 8, from high to low: see contracts/types/Product.sol.
        fields["salt"] = particulars >> 16
        fields["rights"] = particulars >> 8 & 0xFF
        fields["security_class"] = particulars & 0xFF
    return {RENAMED.get(name, name): value for name, value in fields.items()}


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def _make(kind: str, value: object) -> object:
    bare = kind.removesuffix(" | None")
    made = _MAKERS[bare](value)
    # An id that may be missing is zero on the chain.
    return None if bare != kind and not made else made
