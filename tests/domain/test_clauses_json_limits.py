"""The largest numbers that clauses hold as JSON: written, read again, and refused one beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.domain.clauses import Clauses, Price, Quota
from registry.domain.clauses_json import from_json, to_json
from registry.domain.documents import Node
from registry.domain.grant import UNLIMITED
from registry.domain.ids import PartyId, ProductId
from registry.domain.vocabulary import Action, PriceModel, Purpose, QuotaUnit
from registry.errors import ProposalMalformed

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 2**64 - 1
MOST = UNLIMITED - 1
FULL = Clauses(
    product=ProductId.of(1),
    grantor=PartyId.of(2),
    grantee=PartyId.of(3),
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
    quota=Quota(unit=QuotaUnit.CALL, total=MOST, per_period=MOST, period=86_400),
    price=Price(model=PriceModel.METERED, currency=156, unit=LARGEST, cap=LARGEST),
    salt=LARGEST,
)
AMOUNTS = (
    ("salt",),
    *(("quota", name) for name in ("total", "per_period")),
    *(("price", name) for name in ("unit_price", "cap_price")),
)


def test_the_largest_amounts_are_read_again() -> None:
    """Prices and salts may fill all their eight bytes, and a quota what it has in the meter."""
    assert from_json(Node(to_json(FULL))) == FULL


@pytest.mark.parametrize("place", AMOUNTS, ids="/".join)
def test_an_amount_beyond_eight_bytes_is_refused(place: Sequence[str]) -> None:
    """One more than the largest is refused, with its place, instead of being cut."""
    told = to_json(FULL)
    *outer, name = place
    holder = told[outer[0]] if outer else told
    holder[name] = str(LARGEST + 1)
    with pytest.raises(ProposalMalformed) as refused:
        from_json(Node(told))
    assert refused.value.where == "/" + "/".join(place)
    assert refused.value.reason == "proposal-not-amount"
