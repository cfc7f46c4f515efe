"""Compare what is signed with two independent implementations of EIP-712."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from eth_account.messages import encode_typed_data
from eth_utils.crypto import keccak
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.chain.signatures import sign_typed
from registry.chain.signer import LocalSigner
from registry.domain.signing import STRUCTS, Message, Terms
from registry.domain.terms import SigningDomain
from tests import strategies
from tests.signed import messages

ROOT = Path(__file__).parents[2]
COUNT = 500
Signed = tuple[Message, SigningDomain, LocalSigner]

# A wallet reads the chain's id as a number of JavaScript, exact to 2**53 only.
domains = st.builds(
    SigningDomain,
    chain_id=st.integers(1, 2**53 - 1),
    verifying_contract=strategies.addresses,
)


def theirs(message: Message, domain: SigningDomain) -> bytes:
    """Return the digest as eth-account computes it from the typed data given to a wallet."""
    made = encode_typed_data(full_message=message.typed_data(domain))
    return keccak(b"\x19" + made.version + made.header + made.body)


def drawn(count: int) -> list[Signed]:
    """Return random messages, each with a domain and a signer."""
    found: list[Signed] = []
    signer = st.integers(1, 2**255).map(lambda key: LocalSigner(key.to_bytes(32)))

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(messages, domains, signer)
    def draw(message: Message, domain: SigningDomain, key: LocalSigner) -> None:
        found.append((message, domain, key))

    draw()
    return found


@pytest.fixture(scope="module")
def signed() -> list[Signed]:
    """Return the messages that the tests share."""
    return drawn(COUNT)


def test_every_type_is_among_the_messages(signed: list[Signed]) -> None:
    """Each kind of message is compared, and as many as were asked for."""
    assert {message.struct for message, _, _ in signed} == set(STRUCTS)
    assert len(signed) == COUNT


def test_equals_what_a_wallet_computes(signed: list[Signed]) -> None:
    """A wallet's library reaches the same digests, and finds the signer by our signatures."""
    asked = [
        {
            "data": message.typed_data(domain),
            "signature": "0x" + sign_typed(key, message, domain).hex(),
        }
        for message, domain, key in signed
    ]
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("wallet_digests.mjs")), str(ROOT / "package.json")],
        input=json.dumps(asked),
        capture_output=True,
        check=True,
        text=True,
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    assert [answer["digest"] for answer in answers] == [
        message.digest(domain).hex() for message, domain, _ in signed
    ]
    assert [answer["signer"] for answer in answers] == [key.address.hex for _, _, key in signed]


def test_equals_eth_account(signed: list[Signed]) -> None:
    """The digests are those that eth-account computes."""
    for message, domain, _ in random.Random(7).sample(signed, 100):
        assert message.digest(domain) == theirs(message, domain)


@given(strategies.clauses(), strategies.domains, st.none() | strategies.grants)
def test_terms_have_one_digest(clauses: Any, domain: SigningDomain, parent: Any) -> None:  # noqa: ANN401 (drawn)
    """The digest of terms as a message is the id of the grant, and the wallet's form is one."""
    terms = Terms(clauses=clauses, parent=parent)
    assert terms.digest(domain) == clauses.digest(domain, parent).raw
    assert terms.typed_data(domain) == clauses.typed_data(domain, parent)
