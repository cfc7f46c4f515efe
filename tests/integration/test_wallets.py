"""Test that a contract wallet signs an agreement by ERC-1271, and that a hostile one cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from registry.chain.bindings import PartyRegistry
from registry.chain.signatures import KeySeal
from registry.chain.signer import LocalSigner
from registry.client import Dengji
from registry.domain.clauses import Clauses
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.operations import Enrol, Register
from registry.domain.proposal import Proposal, Signature
from registry.domain.vocabulary import Action, Form, Purpose
from registry.reverts import SignatureInvalid
from tests.conftest import KEYS

if TYPE_CHECKING:
    from tests.conftest import World

SIGNERS = [LocalSigner(bytes.fromhex(key)) for key in KEYS]
SEAL = KeySeal({signer.address: signer for signer in SIGNERS}.__getitem__)

pytestmark = pytest.mark.anvil

WALLET = Address(b"\x7a" * 20)
YES = "1626ba7e"
# PUSH4 word, PUSH1 224, SHL, PUSH1 0, MSTORE, PUSH1 32, PUSH1 0, RETURN: one answer to everything.
ANSWERING = "63{}60e01b60005260206000f3"
HOSTILE = {
    "says no": ANSWERING.format("ffffffff"),
    "says nothing": "60006000f3",
    "says too little": "631626ba7e60e01b60005260046000f3",
    "reverts": "60006000fd",
    "never ends": "5b600056",
    # PUSH3 its length, PUSH1 0, RETURN: an answer of 64 KiB that must not be copied.
    "says very much": "620100006000f3",
}


def enrolled(world: World, code: str) -> PartyId:
    """Put a wallet's code on the chain and enrol it as a party, by a call of its own."""
    world.rpc.call("hardhat_setCode", WALLET.hex, "0x" + code)
    world.rpc.call("hardhat_setBalance", WALLET.hex, hex(10**20))
    world.rpc.call("hardhat_impersonateAccount", WALLET.hex)
    sent = {
        "from": WALLET.hex,
        "to": world.deployment.parties.hex,
        "data": "0x" + PartyRegistry.enrol.call(bytes(32)).hex(),
        "gas": hex(500_000),
    }
    world.rpc.call("eth_sendTransaction", sent)
    # Whether the block is made before the call returns is the node's affair.
    world.mine()
    found = world.ledger.party_of(WALLET)
    assert found is not None
    return found


def offered(world: World, wallet: PartyId) -> tuple[Dengji, Proposal]:
    """Return an offer to the wallet's party that the grantor has signed."""
    account = world.accounts[1]
    world.ledger.submit(Enrol(identity_hash=bytes(32)), account=account)
    register = Register(content_root=b"\1" * 32, metadata_hash=b"\2" * 32)
    made = world.ledger.submit(register, account=account)
    product: ProductId = next(e.product for e in made.events if hasattr(e, "product"))
    client = Dengji(world.ledger, account, seal=SEAL)
    clauses: Clauses = client.grants.clauses(
        product=product,
        to=wallet,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        form=Form.TWO_SIDED,
        offer_until=world.ledger.moment(None).time + 10_000,
    )
    return client, client.agreements.sign(client.agreements.propose(clauses))


def signed_by_wallet(proposal: Proposal, party: PartyId, signature: bytes = b"\5") -> Proposal:
    """Return the offer with what the wallet takes for its signature."""
    own = Signature(party=party, signer=WALLET, signature=signature, time=1)
    return proposal.signed(own)


def test_a_wallet_that_agrees_is_a_side(world: World) -> None:
    """A signature that the wallet's contract accepts makes the agreement, whatever its bytes."""
    party = enrolled(world, ANSWERING.format(YES))
    client, proposal = offered(world, party)
    (grant,) = client.agreements.submit(signed_by_wallet(proposal, party))
    assert grant.state.grantee == party


@pytest.mark.parametrize("how", HOSTILE)
def test_a_wallet_that_does_not_agree_is_none(world: World, how: str) -> None:
    """Whatever else a wallet answers, the agreement is refused, and the call ends."""
    party = enrolled(world, HOSTILE[how])
    client, proposal = offered(world, party)
    with pytest.raises(SignatureInvalid) as caught:
        client.agreements.submit(signed_by_wallet(proposal, party))
    assert caught.value.signer == WALLET


def test_a_wallet_signs_for_its_own_party_alone(world: World) -> None:
    """The wallet's yes does not stand for the other side."""
    party = enrolled(world, ANSWERING.format(YES))
    client, proposal = offered(world, party)
    both = signed_by_wallet(proposal, party)
    grantor = proposal.offer.signatures[0]
    forged = replace(grantor, signature=b"\5" * 65)
    with pytest.raises(SignatureInvalid):
        client.agreements.submit(both.signed(forged))
