"""Read keys, recoveries and registrars from the registry of parties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.chain.bindings import PartyRegistry
from registry.chain.questions import Question
from registry.domain.ids import Address, PartyId
from registry.domain.keys import PartyKey, Recovery, Registrar
from registry.domain.party import KeyKind, Role, Scope, Seat, Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.ledger import Deployment

    Ask = Callable[[Sequence[Question]], list[tuple[AbiValue, ...]]]


class KeyBook:
    """Ask one deployment about keys, at the moment that ``ask`` is bound to."""

    def __init__(self, deployment: Deployment, ask: Ask) -> None:
        self._deployment = deployment
        self._ask = ask

    def records(self, keys: Iterable[Address]) -> tuple[PartyKey, ...]:
        """Return the records of keys in their order, those of nobody left out.

        An agent that a recovery of its party voided is shown so.
        """
        addresses = list(keys)
        found = self._all(PartyRegistry.key_record, [(one.raw,) for one in addresses])
        made = [
            key_of(address, record)
            for address, (record,) in zip(addresses, found, strict=True)
            if record[0]
        ]
        parties = list(dict.fromkeys(one.party for one in made))
        records = self._all(PartyRegistry.party_record, [(int(one),) for one in parties])
        since = {
            party: record[-1] or None for party, (record, _) in zip(parties, records, strict=True)
        }
        return tuple(one.voided_by(since[one.party]) for one in made)

    def recovery(self, party: PartyId) -> Recovery | None:
        """Return the recovery that is announced for a party, None for none."""
        (((key, by, effective_at),),) = self._all(PartyRegistry.recovery, [(int(party),)])
        if not effective_at:
            return None
        return Recovery(
            party=party, key=Address.of(key), by=PartyId.of(by), effective_at=effective_at
        )

    def registrars(self) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers."""
        ((count,),) = self._all(PartyRegistry.registrar_count, [()])
        places = self._all(PartyRegistry.registrar, [(n,) for n in range(1, count + 1)])
        roles = self._all(PartyRegistry.roles_of, [(party,) for party, _ in places])
        return tuple(
            Registrar(
                number=number,
                party=PartyId.of(party),
                seat=Seat.of(seat),
                listed=bool(held & Role.REGISTRAR),
            )
            for number, ((party, seat), (held,)) in enumerate(
                zip(places, roles, strict=True), start=1
            )
        )

    def admission(self, key: Address) -> bytes:
        """Return the identity hash that a registrar admitted a key with."""
        ((admitted,),) = self._all(PartyRegistry.admission, [(key.raw,)])
        return bytes(admitted)

    def _all(
        self, function: Function, arguments: Sequence[tuple[AbiValue, ...]]
    ) -> list[tuple[Any, ...]]:
        if not arguments:
            return []
        return self._ask(
            [Question(self._deployment.parties, function, given) for given in arguments]
        )


def key_of(address: Address, record: tuple[Any, ...]) -> PartyKey:
    """Return the key that a ``Key`` struct is."""
    party, kind, standing, scopes, from_time, until_time, from_block, until_block = record
    return PartyKey(
        address=address,
        party=PartyId.of(party),
        kind=KeyKind(kind),
        standing=Standing(standing),
        scopes=Scope(scopes & Scope.ALL),
        since=from_time,
        until=until_time or None,
        from_block=from_block,
        until_block=until_block or None,
    )
