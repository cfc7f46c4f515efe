"""Compare the hash of terms with independent implementations of EIP-712."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.clauses import Clauses
from registry.domain.ids import Address, GrantId
from registry.domain.terms import SigningDomain
from tests import strategies

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "vectors" / "terms.json").read_bytes()
)["vectors"]


def theirs(clauses: Clauses, domain: SigningDomain, parent: GrantId | None) -> bytes:
    """Return the digest as eth-account computes it from the typed data given to a wallet."""
    message = encode_typed_data(full_message=clauses.typed_data(domain, parent))
    return keccak(b"\x19" + message.version + message.header + message.body)


@given(strategies.clauses(), strategies.domains, st.none() | strategies.grants)
def test_equals_eth_account(
    clauses: Clauses, domain: SigningDomain, parent: GrantId | None
) -> None:
    """Any terms have the digest that eth-account computes from their typed data."""
    assert clauses.digest(domain, parent).raw == theirs(clauses, domain, parent)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["digest"])[:8])
def test_equals_what_wallets_compute(vector: dict[str, Any]) -> None:
    """Terms have the digests that two libraries of wallets computed from their typed data."""
    domain = SigningDomain(
        chain_id=vector["chain_id"],
        verifying_contract=Address.parse(vector["verifying_contract"]),
    )
    parent = GrantId.parse("0x" + vector["parent"]) if vector["parent"] else None
    clauses = Clauses.unpack(bytes.fromhex(vector["packed"]))
    assert clauses.digest(domain, parent).raw.hex() == vector["digest"]
