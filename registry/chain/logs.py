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
from registry.chain.kept import Kept
from registry.chain.layouts import LogDecoder
from registry.chain.log_source import Member, reader
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
_HASH_DIGITS: Final = 2 + 2 * HASH_BYTES
# Of a named tuple: half the time of calling it.
_new: Final = tuple.__new__
# Python keeps the word for itself.
_RENAMED: Final = {"from": "from_"}
# Of each packed word the parts: how far down they are shifted, and how many bits they have. See
# contracts/types/.
_PACKED: Final[dict[str, dict[str, tuple[int, int]]]] = {
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
    "place": {
        "index": (40, 32),
        "since": (0, 40),
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

    What neighbours have in common, their block above all, is read once.

    :raises WireError: where one of them is malformed.
    """
    words, numbers = Kept(_word), Kept(wire.quantity)
    addresses, times = Kept(_address), Kept(_time)
    found = []
    for item in wire.items(value):
        try:
            if item.get("removed") is True:
                continue
            topics, data = item["topics"], item["data"]
            raw = bytes.fromhex(data[2:])
            if data[:2] != "0x" or 2 * len(raw) + 2 != len(data):
                raise wire.WireError("no byte string")
            hashes = [words[topics[0]]]
            # Those after the first are mostly new: they are read here and now.
            for topic in topics[1:]:
                digest = bytes.fromhex(topic[2:])
                if topic[:2] != "0x" or len(topic) != _HASH_DIGITS or len(digest) != HASH_BYTES:
                    raise wire.WireError("no hash")
                hashes.append(digest)
            values = (
                addresses[item["address"]],
                tuple(hashes),
                raw,
                numbers[item["blockNumber"]],
                words[item["blockHash"]],
                numbers[item["logIndex"]],
                words[item["transactionHash"]],
                times[item.get("blockTimestamp")],
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            # It has no topics, or not the form of a log: which of them is told there.
            values = log(item)
        found.append(_new(Log, values))
    return found


def _word(text: Json) -> bytes:
    return wire.data(text, HASH_BYTES)


def _address(text: Json) -> bytes:
    return wire.data(text, Address.length)


def _time(text: Json) -> int | None:
    return None if text is None else wire.quantity(text)


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
        self._readers: dict[tuple[bytes, bytes], Callable[[Log], Event]] = {}

    def event(self, entry: Log) -> Event | None:
        """Return the event of a log, None where it is none that the domain knows.

        :raises ValueError: where the log has the event's name and not its form.
        """
        key = entry.address, entry.topics[0] if entry.topics else b""
        read = self._readers.get(key)
        if read is None:
            if key not in self._bindings:
                return None
            read = self._readers[key] = reader_of(self._bindings[key])
        return read(entry)

    def events(self, entries: Iterable[Log]) -> tuple[Event, ...]:
        """Return the events of these logs, those of other contracts left out; see `event`."""
        readers, event = self._readers, self.event
        found = []
        for entry in entries:
            read = readers.get((entry[0], entry[1][0])) if entry[1] else None
            found.append(event(entry) if read is None else read(entry))
        return tuple([one for one in found if one is not None])


def reader_of(binding: EventBinding) -> Callable[[Log], Event]:
    """Return what reads the logs of one kind of event: quick for all that are plain."""
    general = GeneralReader(binding)
    return reader(binding.layout, binding.kind, general.members, general.event)


class GeneralReader:
    """Hold how one event is put together, and read its logs the general way."""

    def __init__(self, binding: EventBinding) -> None:
        self._decoder = LogDecoder(binding.layout)
        self._make: Callable[..., Event] = binding.kind
        places = {field_of(p.name): n for n, p in enumerate(binding.layout.parameters)}
        self._fields = list(binding.annotations)
        self.members = [
            Member(*_source(places, name), kind, _maker(kind))
            for name, kind in binding.annotations.items()
        ]

    def event(self, entry: Log) -> Event:
        """Return the event of a log of this kind; see `LogReader.event`."""
        values = self._decoder.decode(entry.topics, entry.data)
        fields = {}
        for name, (place, part, _, make) in zip(self._fields, self.members, strict=True):
            value = values[place]
            if part is not None:
                value = value >> part[0] & (1 << part[1]) - 1
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


def _source(places: dict[str, int], field: str) -> tuple[int, tuple[int, int] | None]:
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
