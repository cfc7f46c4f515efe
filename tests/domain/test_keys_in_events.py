"""Which keys events brought to parties."""

from __future__ import annotations

from typing import Any

from registry.domain import events as told
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.keys import keys_in
from registry.domain.party import Role, Scope
from registry.domain.vocabulary import Right

PRODUCT, A, B = ProductId.of(5), PartyId.of(1), PartyId.of(2)


def test_the_keys_that_events_brought_are_told_in_their_order() -> None:
    """A first key, an agent and successors; what else happened brings none."""
    at: dict[str, Any] = {"block": 1, "log_index": 0, "transaction": bytes(32)}
    keys = [Address.of(number) for number in range(1, 5)]
    found = keys_in(
        [
            told.PartyEnrolled(party=A, key=keys[0], identity_hash=bytes(32), **at),
            told.RightsTransferred(product=PRODUCT, from_=A, to=B, rights=Right.ALL, **at),
            told.AgentAppointed(party=A, key=keys[1], scopes=Scope.GRANT, valid_until=9, **at),
            told.KeyRotated(party=A, from_=keys[0], to=keys[2], **at),
            told.RolesChanged(party=A, roles=Role(0), **at),
            told.PartyRecovered(party=A, from_=keys[2], to=keys[3], **at),
        ]
    )
    assert found == keys
