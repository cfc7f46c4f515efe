"""What is said of a receipt that is meant for something else, in both languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry import messages
from registry.domain.ids import Address, ProductId
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action
from registry.errors import ReceiptElsewhere, ReceiptNotOwn
from tests.enforcement.conftest import Trade

SAID = {
    "chain": ("The receipt is for another chain: 5 instead of ", "收据的链不符：5，应为 "),
    "meter": (f"The receipt is for another meter: {Address.of(9)} ", "收据的计量合约不符："),
    "action": (
        "The receipt is for another action: READ instead of QUERY.",
        "收据的行为不符：READ，",
    ),
    "product": ("The receipt is for another product: product1", "收据的产品不符：product1"),
}


@pytest.mark.parametrize("what", SAID)
def test_a_receipt_for_something_else_is_said_in_a_sentence(trade: Trade, what: str) -> None:
    """Each thing that can be another has a word in each language."""
    own = trade.signed()
    given: dict[str, SignedReceipt] = {
        "chain": replace(own, chain_id=5),
        "meter": replace(own, meter=Address.of(9)),
        "action": replace(own, receipt=replace(own.receipt, action=Action.READ)),
        "product": own,
    }
    guard = trade.guard
    if what == "product":
        guard.product = ProductId(bytes(20))
    with pytest.raises(ReceiptElsewhere) as refused:
        guard.admit(given[what])
    assert refused.value.what == what
    for lang, said in zip(messages.LANGUAGES, SAID[what], strict=True):
        assert messages.render(refused.value, lang).startswith(said)


def test_a_receipt_of_another_party_is_said_in_a_sentence(trade: Trade) -> None:
    """Who takes what it did not sign is told which receipt that is, whatever was signed last."""
    own = trade.signed()
    stranger = trade.provider.usages.signed(replace(own, grantee=None), "grantee")
    with pytest.raises(ReceiptNotOwn) as refused:
        trade.buyer.usages.take(stranger)
    assert (refused.value.grant, refused.value.sequence) == (str(trade.grant.id), 1)
    told = f"The receipt number 1 under {trade.grant.id} was not signed to use by a key of this"
    assert str(refused.value).startswith(told)
    assert "不是由本主体的密钥" in messages.render(refused.value, "zh")
