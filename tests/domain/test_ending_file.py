"""Test the file in which one side's will to end a grant travels."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.agreement_operations import Approval
from registry.domain.clauses import MAX_TIME
from registry.domain.ending_file import SignedEnding, load
from registry.domain.signing import Ending
from registry.errors import ProposalMalformed, ProposalTampered
from tests import strategies
from tests.proposals import domains

signed = st.builds(
    SignedEnding,
    domain=domains,
    ending=st.builds(
        Ending,
        grant=strategies.grants,
        ends_at=st.integers(0, MAX_TIME),
        deadline=st.integers(1, MAX_TIME),
    ),
    party=strategies.parties,
    approval=st.builds(
        Approval,
        signer=strategies.addresses,
        signature=st.binary(min_size=1, max_size=100),
    ),
)


@given(signed)
def test_a_file_gives_the_will_back(will: SignedEnding) -> None:
    """What was written is read back."""
    assert load(will.dump()) == will


@given(signed, st.sampled_from(["ends_at", "deadline", "grant"]))
def test_a_changed_will_is_found_out(will: SignedEnding, key: str) -> None:
    """Another time or grant than the one signed is refused."""
    document = json.loads(will.dump())
    other = {"grant": str(other_grant(will)), "ends_at": "2100-01-01T00:00:00Z"}
    document[key] = other.get(key, "2100-01-01T00:00:00Z")
    if document == json.loads(will.dump()):
        return
    with pytest.raises(ProposalTampered):
        load(rfc8785.dumps(document) + b"\n")


def other_grant(will: SignedEnding) -> object:
    """Return another grant than the one that is to end."""
    raw = bytearray(will.ending.grant.raw)
    raw[0] ^= 1
    return type(will.ending.grant)(bytes(raw))


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"[]\n", b'{"format":"dengji-ending/2"}\n'])
def test_what_is_no_will_is_refused(raw: bytes) -> None:
    """Whatever else is refused with one clear error."""
    with pytest.raises(ProposalMalformed):
        load(raw)
