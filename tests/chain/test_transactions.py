"""Transactions become the bytes that the chain knows."""

import dataclasses

import pytest

from registry.chain.signer import LocalSigner
from registry.chain.transactions import (
    DynamicFee,
    LegacyFee,
    Signature,
    Transaction,
    hash_of,
    parse,
)
from registry.domain import rlp

KEY = bytes.fromhex("46" * 32)
EIP155 = Transaction(
    chain_id=1,
    nonce=9,
    gas=21000,
    fee=LegacyFee(price=20 * 10**9),
    to=bytes.fromhex("35" * 20),
    value=10**18,
)
DYNAMIC = dataclasses.replace(EIP155, fee=DynamicFee(max_fee=50, priority=2), data=b"\x01\x02")


def test_the_example_of_eip_155_is_signed_as_published() -> None:
    """The transaction, key and signature printed in EIP-155 come out byte for byte."""
    raw = LocalSigner(KEY).sign_transaction(EIP155)
    assert EIP155.digest().hex() == (
        "daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"
    )
    assert raw.hex() == (
        "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025"
        "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
        "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
    )
    assert hash_of(raw).hex() == "33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788"


@pytest.mark.parametrize("transaction", [EIP155, DYNAMIC, dataclasses.replace(DYNAMIC, to=None)])
def test_a_raw_transaction_is_read_back(transaction: Transaction) -> None:
    """Parsing returns the transaction that was signed, contract creations too."""
    assert parse(LocalSigner(KEY).sign_transaction(transaction)) == transaction


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02",
        b"\x01" + rlp.encode([b""] * 12),
        b"\x02" + rlp.encode([b""] * 11),
        b"\x02" + rlp.encode([b""] * 12),
        b"\x02" + rlp.encode([b"", b"", b"", b"", b"", b"", [], b"", [], b"", b"", b""]),
        rlp.encode([b""] * 9),
        rlp.encode([b""] * 6 + [b"\x1b", b"", b""]),
    ],
)
def test_other_bytes_are_refused(raw: bytes) -> None:
    """Other types, field counts and signatures without a chain are no transactions of ours."""
    with pytest.raises(ValueError, match=r"."):
        parse(raw)


def test_a_signature_has_one_form() -> None:
    """A high s, a foreign v, a zero and a wrong length are refused."""
    good = LocalSigner(KEY).sign_digest(b"\x11" * 32)
    assert Signature.parse(good).y_parity == good[64] - 27
    high = (1 << 255).to_bytes(32, "big")
    for bad in (
        good[:64],
        good[:64] + b"\x00",
        good[:32] + high + good[64:],
        bytes(32) + good[32:],
    ):
        with pytest.raises(ValueError, match="signature"):
            Signature.parse(bad)


def test_the_limit_is_the_most_that_gas_may_cost() -> None:
    """The fee's limit is the maximum of the new kind and the price of the old."""
    assert (EIP155.fee.limit, DYNAMIC.fee.limit) == (20 * 10**9, 50)
