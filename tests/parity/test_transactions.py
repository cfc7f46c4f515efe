"""Signed transactions equal eth-account's, byte for byte."""

from eth_account import Account
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chain.signer import GROUP_ORDER, LocalSigner
from registry.chain.transactions import DynamicFee, LegacyFee, Transaction, hash_of, parse
from registry.domain.ids import Address

KEYS = st.integers(1, GROUP_ORDER - 1).map(lambda number: number.to_bytes(32, "big"))
AMOUNTS = st.integers(0, 2**256 - 1) | st.integers(0, 2**20)
DYNAMIC_FEES = st.tuples(AMOUNTS, AMOUNTS).map(
    lambda pair: DynamicFee(max_fee=max(pair), priority=min(pair))
)
LEGACY_FEES = AMOUNTS.map(lambda price: LegacyFee(price=price))
TRANSACTIONS = st.builds(
    Transaction,
    chain_id=st.integers(1, 2**64 - 1),
    nonce=st.integers(0, 2**64 - 2),
    gas=st.integers(0, 2**63),
    fee=DYNAMIC_FEES | LEGACY_FEES,
    to=st.none() | st.binary(min_size=20, max_size=20),
    value=AMOUNTS,
    data=st.binary(max_size=300),
)


def as_eth_account_takes_it(transaction: Transaction) -> dict[str, object]:
    """Return the dictionary that eth-account signs."""
    fields: dict[str, object] = {
        "chainId": transaction.chain_id,
        "nonce": transaction.nonce,
        "gas": transaction.gas,
        "value": transaction.value,
        "data": transaction.data,
        "to": "" if transaction.to is None else str(Address(transaction.to)),
    }
    if isinstance(transaction.fee, LegacyFee):
        return {**fields, "gasPrice": transaction.fee.price}
    return {
        **fields,
        "type": 2,
        "maxFeePerGas": transaction.fee.max_fee,
        "maxPriorityFeePerGas": transaction.fee.priority,
    }


@settings(deadline=None, max_examples=200)
@given(TRANSACTIONS, KEYS)
def test_transactions_equal_those_of_eth_account(transaction: Transaction, key: bytes) -> None:
    """Both kinds of transactions have the same bytes, hash and sender as eth-account's."""
    signer = LocalSigner(key)
    raw = signer.sign_transaction(transaction)
    other = Account.sign_transaction(as_eth_account_takes_it(transaction), key)
    assert raw == bytes(other.raw_transaction)
    assert hash_of(raw) == bytes(other.hash)
    assert Account.recover_transaction(raw) == str(signer.address)
    assert parse(raw) == transaction
