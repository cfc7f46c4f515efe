"""Compare the derivation of ids with the contracts', on a real chain."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chain.bindings import PartyRegistry, ProductRegistry
from registry.chain.layouts import Function
from registry.chain.rpc import Rpc
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.ledger import Deployment
from tests import strategies
from tests.conftest import Node

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="session")
def rpc(anvil: Node) -> Iterator[Rpc]:
    """Connect to the session's node."""
    with Rpc.connect(anvil.url) as connected:
        yield connected


def asked(
    rpc: Rpc, to: Address, function: Function, *given: int | bytes, sender: Address
) -> object:
    """Return the one value that a function answers a sender."""
    call = {"to": str(to), "from": str(sender), "data": "0x" + function.call(*given).hex()}
    return function.result(bytes.fromhex(str(rpc.call("eth_call", call, "latest"))[2:]))


@settings(max_examples=20, deadline=None)
@given(strategies.parties, strategies.hashes, strategies.hashes, st.integers(0, 2**64 - 1))
def test_products_are_named_alike(
    rpc: Rpc, deployment: Deployment, party: PartyId, root: bytes, metadata: bytes, salt: int
) -> None:
    """The contract derives the id of any registration as Python does."""
    ours = ProductId.derive(
        chain_id=deployment.chain_id,
        registry=deployment.products,
        party=party,
        content_root=root,
        metadata_hash=metadata,
        salt=salt,
    )
    parts = (int(party), root, metadata, salt)
    theirs = asked(
        rpc, deployment.products, ProductRegistry.id_of, *parts, sender=deployment.directory
    )
    assert ours.raw == theirs


@settings(max_examples=20, deadline=None)
@given(strategies.addresses.filter(bool))
def test_parties_are_named_alike(rpc: Rpc, deployment: Deployment, key: Address) -> None:
    """A key that enrols gets the id that Python derives from it."""
    ours = PartyId.derive(deployment.chain_id, deployment.parties, key)
    theirs = asked(rpc, deployment.parties, PartyRegistry.enrol, bytes(32), sender=key)
    assert int(ours) == theirs
