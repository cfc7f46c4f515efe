"""Read all that the contracts of a deployment told, and the words that they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import bindings, wire
from registry.chain.logs import EventBinding, LogReader
from registry.chain.moments import moment
from registry.chain.questions import require_state
from registry.chain.ranges import Filter, LogRanges, with_times
from registry.domain.audit import Stretch, Told
from registry.domain.authority_events import AUTHORITY_EVENTS
from registry.domain.keccak import keccak
from registry.domain.moment import AtBlock
from registry.errors import NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.chain.layouts import EventLayout
    from registry.chain.logs import Log
    from registry.chain.rpc import Rpc
    from registry.domain.audit import Receipts
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment
    from registry.domain.moment import Moment

CONTRACTS: Final = {
    "directory": "Directory",
    "authority": "Authority",
    "parties": "PartyRegistry",
    "products": "ProductRegistry",
    "grants": "GrantRegistry",
    "meter": "UsageMeter",
    "calendar": "WorkCalendar",
    "certificates": "CertificateRegistry",
    "desk": "RegistrationDesk",
    "lineage": "Lineage",
    "anchors": "BatchAnchor",
}
"""The contracts that hold words, by the field of `Deployment` that says where each is."""


def locations(deployment: Deployment) -> dict[str, Address]:
    """Return where the contracts of a deployment are that hold words, by their names."""
    found = {name: getattr(deployment, field) for field, name in CONTRACTS.items()}
    return {name: address for name, address in found.items() if address is not None}


def reader_of_all(deployment: Deployment) -> LogReader:
    """Return what reads every event of a deployment, those of its administration included."""
    return LogReader(deployment, _administrative(locations(deployment)))


class History:
    """Ask one node what the contracts of a deployment told and hold."""

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        """Ask `rpc`, which must be on the chain of the deployment."""
        self.deployment = deployment
        self._rpc = rpc
        self._locations = locations(deployment)
        self._names = {address.raw: name for name, address in self._locations.items()}
        self._ranges = LogRanges(rpc)
        self._reader = reader_of_all(deployment)

    def moment(self, block: int | None) -> Moment:
        """Return the moment of a block, of now for None."""
        return moment(self._rpc, None if block is None else AtBlock(block))

    def history(self, first: int, last: int) -> Iterator[Stretch]:
        """Yield all that the contracts told from one block to another, stretch by stretch.

        :raises ChainError: where the node does not give the logs of even one block.
        """
        filters = [Filter(addresses=tuple(sorted(self._locations.values())), topics=())]
        for end, found in self._ranges.read(filters, first=first, last=last):
            told = tuple(self.told(one) for one in with_times(self._rpc, found))
            yield Stretch(first=first, last=end, told=told)
            first = end + 1

    def of_ours(self, address: bytes) -> bool:
        """Tell whether an address is that of a contract that is asked about."""
        return address in self._names

    def told(self, entry: Log) -> Told:
        """Return what a log of one of the contracts says; raises `NodeAnswerMalformed`."""
        return Told(
            contract=self._names[entry.address],
            event=self._rpc.shaped("eth_getLogs", entry, self._reader.event),
            block=entry.block,
            log_index=entry.number,
            fingerprint=keccak(b"".join((entry.address, *entry.topics, b"\0", entry.data))),
        )

    def words(self, asked: Sequence[tuple[str, bytes]], block: int) -> tuple[bytes, ...]:
        """Return words of storage as of a block, by contract and place, 32 bytes each.

        :raises StateUnavailable: where the node no longer has the state of the block.
        """
        method, at = "eth_getStorageAt", wire.to_quantity(block)
        answers = self._rpc.attempt(
            [
                (method, (self._locations[contract].hex, wire.to_data(place), at))
                for contract, place in asked
            ]
        )
        found = []
        for answer in answers:
            if isinstance(answer, NodeRefused):
                require_state(answer, block)
                raise answer
            # Some nodes leave the zeros at the high end out.
            found.append(self._rpc.shaped(method, answer, _word))
        return tuple(found)

    def receipts(self, first: int, last: int) -> Iterator[Receipts]:
        """Yield the blocks from one to another with what their receipts say of the contracts."""
        # Imported here for start-up time: only a deep audit looks into blocks.
        from registry.chain.evidence import receipts  # noqa: PLC0415

        return receipts(self._rpc, self, first, last)

    def storage_root(self, contract: str, block: int) -> bytes | None:
        """Return the root of a contract's storage, None where the node proves nothing."""
        from registry.chain.evidence import storage_root  # noqa: PLC0415 (as above)

        return storage_root(self._rpc, self._locations[contract], block)

    def keeps_zeros(self, asked: Sequence[tuple[str, bytes]], block: int) -> bool:
        """Tell whether the node's storage tries hold words of zero, as no Ethereum's do."""
        from registry.chain.evidence import keeps_zeros  # noqa: PLC0415 (as above)

        return keeps_zeros(self._rpc, [(self._locations[name], at) for name, at in asked], block)

    @property
    def contracts(self) -> tuple[str, ...]:
        """Return the names of the contracts that are asked about."""
        return tuple(self._locations)


def _word(value: wire.Json) -> bytes:
    raw = wire.data(value)
    if len(raw) > wire.HASH_BYTES:
        raise wire.WireError(f"{len(raw)} bytes where a word is due")
    return raw.rjust(wire.HASH_BYTES, b"\0")


def _administrative(
    located: dict[str, Address],
) -> Iterator[tuple[Address, EventBinding]]:
    """Yield the events of the administration, which the ledger itself does not ask for."""
    kinds = {kind.__name__: kind for kind in AUTHORITY_EVENTS}
    layouts: dict[str, tuple[EventLayout, ...]] = {
        "Authority": bindings.Authority.events,
        "PartyRegistry": bindings.PartyRegistry.events,
        "WorkCalendar": bindings.WorkCalendar.events,
    }
    for contract, known in layouts.items():
        for layout in known:
            if contract in located and layout.name in kinds:
                yield located[contract], EventBinding(layout, kinds[layout.name])
