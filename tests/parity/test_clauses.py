"""Compare the packed form and the hash of clauses with the contract's, on a real chain."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import reverts
from registry.chain.bindings import GrantRegistry
from registry.chain.reverts import explained
from registry.chain.rpc import Rpc
from registry.domain import clauses_codec, terms
from registry.domain.clauses import Clauses
from registry.domain.ids import GrantId
from registry.domain.ledger import Deployment
from registry.domain.terms import SigningDomain
from registry.errors import ClausesUnreadable, NodeRefused
from tests import strategies
from tests.conftest import Node

pytestmark = pytest.mark.anvil

# An id, or the length and offset of a refusal.
Answer = GrantId | tuple[int, int]


@pytest.fixture(scope="session")
def asked(anvil: Node, deployment: Deployment) -> Iterator["Asked"]:
    """Give the contract of grants, to be asked."""
    with Rpc.connect(anvil.url, chain_id=deployment.chain_id) as rpc:
        yield Asked(rpc, deployment)


class Asked:
    """Ask the contract and Python for the id of packed clauses."""

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        self.rpc = rpc
        self.grants = deployment.grants
        self.domain = SigningDomain(
            chain_id=deployment.chain_id, verifying_contract=deployment.grants
        )

    def theirs(self, parent: GrantId, packed: list[bytes]) -> list[Answer]:
        """Return what the contract answers, in one round trip."""
        calls = [GrantRegistry.id_of.call(parent.raw, one) for one in packed]
        transactions = [{"to": str(self.grants), "data": "0x" + call.hex()} for call in calls]
        requests = [("eth_call", (transaction, "latest")) for transaction in transactions]
        return [self._answer(answer) for answer in self.rpc.attempt(requests)]

    def _answer(self, answer: object) -> Answer:
        if not isinstance(answer, NodeRefused):
            return GrantId.parse(str(answer))
        error = explained(answer)
        assert isinstance(error, reverts.ClausesMalformed), error
        return error.length, error.offset

    def ours(self, parent: GrantId, packed: list[bytes]) -> list[Answer]:
        """Return what Python answers."""
        return [self._digest(parent, one) for one in packed]

    def _digest(self, parent: GrantId, packed: bytes) -> Answer:
        try:
            raw = clauses_codec.unpack(packed)
        except ClausesUnreadable as error:
            return error.length, error.offset
        return terms.terms_digest(self.domain, parent, terms.clauses_hash(raw))


@settings(max_examples=20, deadline=None)
@given(st.lists(strategies.clauses(), min_size=1, max_size=20), strategies.grants)
def test_ids_equal_the_contracts(asked: Asked, clauses: list[Clauses], parent: GrantId) -> None:
    """Any clauses have the id that the contract gives them, under a parent and under none."""
    packed = [one.pack() for one in clauses]
    for above in (parent, GrantId.of(0)):
        assert asked.ours(above, packed) == asked.theirs(above, packed)
        assert asked.ours(above, packed) == [one.digest(asked.domain, above) for one in clauses]


@settings(max_examples=30, deadline=None)
@given(strategies.clauses(), st.lists(st.tuples(st.integers(0), st.integers(1, 255)), max_size=20))
def test_damaged_clauses_are_refused_alike(
    asked: Asked, clauses: Clauses, damages: list[tuple[int, int]]
) -> None:
    """Clauses with a byte changed have one id on both sides, or are refused at one place."""
    whole = clauses.pack()
    damaged = [bytearray(whole) for _ in damages]
    for one, (place, change) in zip(damaged, damages, strict=True):
        one[place % len(one)] ^= change
    packed = [bytes(one) for one in damaged]
    assert asked.ours(GrantId.of(0), packed) == asked.theirs(GrantId.of(0), packed)


@settings(max_examples=30, deadline=None)
@given(strategies.clauses(), st.binary(max_size=80), st.integers(0, 2**16 - 1))
def test_noise_is_refused_alike(asked: Asked, clauses: Clauses, noise: bytes, options: int) -> None:
    """Bytes cut off, added, or announced by other options are judged alike on both sides."""
    whole = clauses.pack()
    packed = [
        noise,
        whole + noise,
        whole[: len(whole) - len(noise)],
        whole[:94] + options.to_bytes(2) + whole[96:],
        whole[:94] + (options % 512).to_bytes(2) + noise,
    ]
    assert asked.ours(GrantId.of(0), packed) == asked.theirs(GrantId.of(0), packed)
