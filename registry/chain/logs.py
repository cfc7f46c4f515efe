"""Read the logs of the contracts as events of the domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from registry.chain import wire
from registry.chain.bindings import (
    BatchAnchor,
    CertificateRegistry,
    Directory,
    GrantRegistry,
    Lineage,
    PartyRegistry,
    ProductRegistry,
    RegistrationDesk,
    UsageMeter,
    WorkCalendar,
)
from registry.chain.layouts import LogDecoder
from registry.chain.states import shares_of, sources_of
from registry.chain.wire import HASH_BYTES, Json
from registry.domain.anchor_events import ANCHOR_EVENTS
from registry.domain.case import Outcome
from registry.domain.case_events import CASE_EVENTS
from registry.domain.events import EVENTS, Event
from registry.domain.flow_table import Act
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.lineage_events import LINEAGE_EVENTS
from registry.domain.party import Role, Scope, Seat
from registry.domain.product import ParticularFlag, ProductState, Profile
from registry.domain.vocabulary import (
    Action,
    Activity,
    AnnotationKind,
    Environment,
    Purpose,
    Reason,
    Right,
    SecurityClass,
    Source,
)

if TYPE_CHECKING:
    from registry.chain.layouts import EventLayout
    from registry.domain.ledger import Deployment

_KINDS: Final = (*EVENTS, *CASE_EVENTS, *LINEAGE_EVENTS, *ANCHOR_EVENTS)
# Python keeps the word for itself.
_RENAMED: Final = {"from": "from_"}
# Of each packed word the parts, from high to low: see contracts/types/.
_PACKED: Final[dict[str, dict[str, Callable[[int], int]]]] = {
    "particulars": {
        "salt": lambda word: word >> 16 & 0xFFFF_FFFF_FFFF_FFFF,
        "rights": lambda word: word >> 8 & 0xFF,
        "security_class": lambda word: word & 0xFF,
        "source": lambda word: word >> 80 & 0xF,
        "flags": lambda word: word >> 84 & 0xF,
    },
    "usage": {
        "environment": lambda word: word >> 160 & 0xFF,
        "purpose": lambda word: word >> 128 & 0xFFFF_FFFF,
        "action": lambda word: word >> 96 & 0xFFFF_FFFF,
        "territory": lambda word: word >> 64 & 0xFFFF_FFFF,
        "amount": lambda word: word & 0xFFFF_FFFF_FFFF_FFFF,
    },
    "receipt": {
        "cumulative": lambda word: word >> 136 & 0xFFFF_FFFF_FFFF_FFFF,
        "sequence": lambda word: word >> 104 & 0xFFFF_FFFF,
        "purpose": lambda word: word >> 72 & 0xFFFF_FFFF,
        "action": lambda word: word >> 40 & 0xFFFF_FFFF,
        "at": lambda word: word & 0xFF_FFFF_FFFF,
    },
}
_MAKERS: Final[dict[str, Callable[[Any], object] | None]] = {
    "int": None,
    "bool": None,
    "bytes": None,
    "str": None,
    "tuple[int, ...]": tuple,
    "Address": Address.of,
    "PartyId": PartyId.of,
    "ProductId": ProductId.of,
    "GrantId": GrantId.of,
    "Role": Role,
    "Scope": Scope,
    "Seat": Seat.of,
    "Reason": Reason,
    "Right": Right,
    "SecurityClass": SecurityClass,
    "Environment": Environment,
    "Action": Action,
    "Purpose": Purpose,
    "AnnotationKind": AnnotationKind,
    "Source": Source,
    "ParticularFlag": ParticularFlag,
    "Profile": Profile,
    "ProductState": ProductState,
    "tuple[Share, ...]": shares_of,
    "tuple[ProductId, ...]": lambda raw: tuple(map(ProductId.of, raw)),
    "tuple[PartyId, ...]": lambda raw: tuple(map(PartyId.of, raw)),
    "tuple[Source, ...]": sources_of,
    "Activity": Activity,
    "Act": Act,
    "Outcome": Outcome,
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
        return self.annotations.get(field_of(parameter), "").removesuffix(" | None")


class Log(NamedTuple):
    """Hold a log as the node gives it; `time` is None where the node does not say it."""

    address: bytes
    topics: tuple[bytes, ...]
    data: bytes
    block: int
    block_hash: bytes
    number: int
    transaction: bytes
    time: int | None


def log(value: Json) -> Log:
    """Return the mined log that ``value`` describes.

    :raises WireError: where a field is missing or malformed.
    """
    record = wire.record(value)
    time = record.get("blockTimestamp")
    return Log(
        wire.data(record.get("address"), Address.length),
        tuple([wire.data(topic, HASH_BYTES) for topic in wire.items(record.get("topics"))]),
        wire.data(record.get("data")),
        wire.quantity(record.get("blockNumber")),
        wire.data(record.get("blockHash"), HASH_BYTES),
        wire.quantity(record.get("logIndex")),
        wire.data(record.get("transactionHash"), HASH_BYTES),
        None if time is None else wire.quantity(time),
    )


def logs(value: Json) -> list[Log]:
    """Return the mined logs that ``value`` lists, without those that a reorganisation took back.

    :raises WireError: where one of them is malformed.
    """
    return [log(item) for item in wire.items(value) if wire.record(item).get("removed") is not True]


@cache
def bindings() -> dict[str, tuple[EventBinding, ...]]:
    """Return the events that the domain knows, by the field of `Deployment` that emits them."""
    known = {kind.__name__: kind for kind in _KINDS}
    emitters = {
        "directory": Directory.events,
        "parties": PartyRegistry.events,
        "products": ProductRegistry.events,
        "grants": GrantRegistry.events,
        "meter": UsageMeter.events,
        "calendar": WorkCalendar.events,
        "desk": RegistrationDesk.events,
        "certificates": CertificateRegistry.events,
        "lineage": Lineage.events,
        "anchors": BatchAnchor.events,
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
        address: Address | None = getattr(deployment, emitter)
        # An older deployment has not all of the contracts.
        if address is not None:
            for binding in bound:
                yield address, binding


class LogReader:
    """Turn logs of one deployment into events.

    :param more: events that the ledger does not ask for, each with the address that emits it.
    """

    def __init__(
        self, deployment: Deployment, more: Iterable[tuple[Address, EventBinding]] = ()
    ) -> None:
        self._bindings = {
            (address.raw, binding.layout.topic): binding
            for address, binding in (*emitters(deployment), *more)
        }
        self._recipes: dict[tuple[bytes, bytes], _Recipe] = {}

    def event(self, entry: Log) -> Event | None:
        """Return the event of a log, None where it is none that the domain knows.

        :raises ValueError: where the log has the event's name and not its form.
        """
        key = entry.address, entry.topics[0] if entry.topics else b""
        recipe = self._recipes.get(key)
        if recipe is None:
            if key not in self._bindings:
                return None
            recipe = self._recipes[key] = _Recipe(self._bindings[key])
        return recipe.event(entry)


class _Recipe:
    """Hold how one event is put together, worked out once: a history has it many times."""

    def __init__(self, binding: EventBinding) -> None:
        self._decoder = LogDecoder(binding.layout)
        self._make: Callable[..., Event] = binding.kind
        places = {field_of(p.name): n for n, p in enumerate(binding.layout.parameters)}
        self._fields = [
            (name, *_source(places, name), _maker(kind))
            for name, kind in binding.annotations.items()
        ]

    def event(self, entry: Log) -> Event:
        """Return the event of a log of this kind; see `LogReader.event`."""
        values = self._decoder.decode(entry.topics, entry.data)
        fields = {}
        for name, place, unpack, make in self._fields:
            value = values[place]
            if unpack is not None:
                value = unpack(value)
            fields[name] = value if make is None else make(value)
        return self._make(
            block=entry.block,
            log_index=entry.number,
            transaction=entry.transaction,
            time=entry.time,
            **fields,
        )


def field_of(parameter: str) -> str:
    """Return the domain's name for a parameter of an event: ``codeHash`` is ``code_hash``."""
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in parameter)
    return _RENAMED.get(name, name)


def _source(places: dict[str, int], field: str) -> tuple[int, Callable[[int], int] | None]:
    """Return where a field's value comes from: a parameter, or a part of a packed one."""
    if field in places:
        return places[field], None
    packed = next(word for word in _PACKED if word in places)
    return places[packed], _PACKED[packed][field]


def _maker(kind: str) -> Callable[[Any], object] | None:
    """Return what makes a field's value of the ABI's, None where it is the same."""
    bare = kind.removesuffix(" | None")
    make = _MAKERS[bare]
    if bare == kind or make is None:
        return make
    # An id that may be missing is zero on the chain.
    return lambda value: made if (made := make(value)) else None
