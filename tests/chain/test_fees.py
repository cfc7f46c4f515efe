"""Fees follow the network and stay below their ceiling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain.fees import Fees
from registry.chain.transactions import DynamicFee, Fee, LegacyFee
from registry.chain.wire import Header, WireError
from registry.errors import FeeTooHigh, NodeRefused

GWEI = 10**9
UNSUPPORTED = NodeRefused(url="", method="", error=-32601, message="no such method")
PRICES = st.integers(0, 10**15)


def head(base_fee: int | None) -> Header:
    """Return a header with this base fee."""
    return Header(
        number=1, time=1, hash=bytes(32), parent=bytes(32), gas_limit=1, base_fee=base_fee
    )


def test_the_base_fee_may_double_before_an_offer_is_too_low() -> None:
    """The offer is twice the base fee and the tip that the node suggests."""
    fee = Fees().choose(head(10 * GWEI), [hex(3 * GWEI), "0x1"])
    assert fee == DynamicFee(max_fee=23 * GWEI, priority=3 * GWEI)


def test_a_node_that_suggests_no_tip_gets_the_usual_one() -> None:
    """Where eth_maxPriorityFeePerGas is unknown the configured tip is offered."""
    fee = Fees(tip=7).choose(head(100), [UNSUPPORTED, "0x1"])
    assert fee == DynamicFee(max_fee=207, priority=7)


def test_a_network_without_base_fee_gets_a_legacy_price() -> None:
    """The price is what eth_gasPrice says, zero on a network that is free of charge."""
    assert Fees().choose(head(None), [UNSUPPORTED, "0x0"]) == LegacyFee(price=0)
    assert Fees().choose(head(None), [UNSUPPORTED, "0x64"]) == LegacyFee(price=100)
    with pytest.raises(NodeRefused):
        Fees().choose(head(None), [UNSUPPORTED, UNSUPPORTED])


def test_a_malformed_answer_is_refused() -> None:
    """What is no quantity is not taken for a price."""
    with pytest.raises(WireError):
        Fees().choose(head(None), [UNSUPPORTED, "much"])


def test_the_ceiling_cuts_the_headroom_but_not_what_is_due() -> None:
    """An offer is lowered to the ceiling; where the next block may ask more, it is refused."""
    assert Fees(ceiling=150).choose(head(100), ["0xa", "0x1"]).limit == 150
    with pytest.raises(FeeTooHigh) as caught:
        Fees(ceiling=110).choose(head(100), ["0xa", "0x1"])
    assert (caught.value.asked, caught.value.ceiling) == ("113", "110")
    with pytest.raises(FeeTooHigh):
        Fees(ceiling=99).choose(head(None), [UNSUPPORTED, "0x64"])


DYNAMIC = st.tuples(PRICES, PRICES).map(
    lambda pair: DynamicFee(max_fee=max(pair), priority=min(pair))
)
FEES: st.SearchStrategy[Fee] = DYNAMIC | PRICES.map(lambda price: LegacyFee(price=price))


@given(FEES, FEES)
def test_a_replacement_offers_an_eighth_more_and_what_is_due(before: Fee, present: Fee) -> None:
    """Both amounts rise by at least an eighth; the limit covers the present fee and the tip."""
    after = Fees().raised(before, present)
    assert type(after) is type(before)
    assert after.limit * 1000 >= before.limit * 1125
    assert after.limit >= max(before.limit + 1, present.limit)
    if isinstance(after, DynamicFee) and isinstance(before, DynamicFee):
        assert after.priority * 1000 >= before.priority * 1125
        assert before.priority < after.priority <= after.max_fee


def test_a_replacement_above_the_ceiling_is_refused() -> None:
    """The ceiling holds for replacements too."""
    with pytest.raises(FeeTooHigh):
        Fees(ceiling=110).raised(LegacyFee(price=100), LegacyFee(price=100))
    assert Fees(ceiling=120).raised(LegacyFee(price=100), LegacyFee(price=200)).limit == 120
