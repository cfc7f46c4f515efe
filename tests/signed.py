"""Draw random messages of every kind that parties sign."""

from hypothesis import strategies as st

from registry.domain.refusal import Refusal
from registry.domain.signing import (
    Agreement,
    Consent,
    Ending,
    KeyConsent,
    Message,
    Terms,
    UsageReceipt,
)
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose
from tests import strategies

U32, U40, U64 = 2**32 - 1, 2**40 - 1, 2**64 - 1

terms: st.SearchStrategy[Message] = st.builds(
    Terms, clauses=strategies.clauses(), parent=st.none() | strategies.grants
)
agreements: st.SearchStrategy[Message] = st.builds(
    Agreement, agreement=strategies.hashes, offer_until=st.integers(0, U40)
)
consents: st.SearchStrategy[Message] = st.builds(Consent, grant=strategies.grants)
endings: st.SearchStrategy[Message] = st.builds(
    Ending,
    grant=strategies.grants,
    ends_at=st.integers(0, U40),
    deadline=st.integers(0, U40),
)
receipts: st.SearchStrategy[Message] = st.builds(
    UsageReceipt,
    grant=strategies.grants,
    cumulative=st.integers(0, U64),
    sequence=st.integers(0, U32),
    purpose=st.integers(1, Purpose.ALL).map(Purpose),
    action=st.integers(1, Action.ALL).map(Action),
    at=st.integers(0, U40),
)
key_consents: st.SearchStrategy[Message] = st.builds(
    KeyConsent,
    party=strategies.parties,
    key=strategies.addresses,
    kind=st.integers(0, 255),
    scopes=st.integers(0, 2**16 - 1),
    valid_until=st.integers(0, U40),
    deadline=st.integers(0, U40),
)
refusals: st.SearchStrategy[Message] = st.builds(
    Refusal,
    grant=strategies.grants,
    user=strategies.parties,
    purpose=st.integers(1, Purpose.ALL).map(Purpose),
    action=st.integers(1, Action.ALL).map(Action),
    amount=st.integers(0, U64),
    verdict=st.sampled_from(Verdict),
    block=st.integers(0, U40),
    block_hash=strategies.hashes,
    at=st.integers(0, U40),
)
messages = terms | agreements | consents | endings | receipts | refusals | key_consents
