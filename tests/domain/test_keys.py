"""Test spans of keys, seats, identities and the files in which keys consent."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import consents
from registry.domain.consents import SignedConsent
from registry.domain.documents import canonical
from registry.domain.identity import (
    identity_hash,
    parse_credit_code,
    parse_salt,
)
from registry.domain.ids import Address, PartyId
from registry.domain.keys import PartyKey, agent_consent, controller_consent, parse_seat
from registry.domain.party import KeyKind, Scope, Seat, Standing
from registry.domain.terms import SigningDomain
from registry.errors import (
    ConsentElsewhere,
    ConsentMalformed,
    CreditCodeWrong,
    SaltMalformed,
    SeatMistyped,
)

DOMAIN = SigningDomain(chain_id=7, verifying_contract=Address(b"\x07" * 20))
PARTY, KEY = PartyId.of(9), Address(b"\x05" * 20)
AGENT = PartyKey(
    address=KEY,
    party=PARTY,
    kind=KeyKind.AGENT,
    standing=Standing.ACTIVE,
    scopes=Scope.GRANT,
    since=100,
    until=200,
    from_block=1,
    until_block=None,
)
scopes = st.integers(1, int(Scope.ALL)).map(Scope)
times = st.integers(1, 2**32 - 1)
signed = st.builds(
    lambda message, signature: SignedConsent(message=message, domain=DOMAIN, signature=signature),
    st.builds(controller_consent, party=st.just(PARTY), key=st.just(KEY), deadline=times)
    | st.builds(
        agent_consent,
        party=st.just(PARTY),
        key=st.just(KEY),
        scopes=scopes,
        valid_until=times,
        deadline=times,
    ),
    st.binary(max_size=100),
)


@pytest.mark.parametrize(("time", "spoke"), [(99, False), (100, True), (199, True), (200, False)])
def test_a_span_begins_with_its_first_second_and_ends_before_its_last(
    time: int,
    spoke: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """The second of the end belongs to whoever speaks next."""
    assert AGENT.spoke_at(time) is spoke


def test_a_span_without_an_end_lasts() -> None:
    """An open span covers every later time."""
    assert replace(AGENT, until=None).spoke_at(2**40)


@pytest.mark.parametrize(
    ("agents_since", "until", "standing"),
    [
        (None, 200, Standing.ACTIVE),
        (99, 200, Standing.ACTIVE),
        (100, 100, Standing.CLOSED),
        (150, 150, Standing.CLOSED),
        (300, 200, Standing.CLOSED),
    ],
)
def test_a_recovery_voids_the_agents_of_before(
    agents_since: int | None, until: int, standing: Standing
) -> None:
    """An agent appointed until the recovery ends with it, a later one does not."""
    left = AGENT.voided_by(agents_since)
    assert (left.until, left.standing) == (until, standing)


def test_a_recovery_voids_no_controller() -> None:
    """What a recovery closes of controllers is the old one, by its own record."""
    controller = replace(AGENT, kind=KeyKind.CONTROLLER, until=None)
    assert controller.voided_by(150) == controller


@pytest.mark.parametrize("seat", ["441", "00Z", "999"])
def test_takes_seats(seat: str) -> None:
    """Two digits of a region and a symbol are a seat, and its bytes are its text."""
    assert parse_seat(seat) == seat
    assert Seat.of(parse_seat(seat).raw) == seat


@pytest.mark.parametrize("seat", ["", "44", "4411", "44a", "A41", "4４1", "44-"])
def test_refuses_what_is_no_seat(seat: str) -> None:
    """Anything else is refused and repeated."""
    with pytest.raises(SeatMistyped) as caught:
        parse_seat(seat)
    assert caught.value.given == seat


@pytest.mark.parametrize(
    "code",
    ["11410000MB0000019W", "91410100MA00000236", "91440300MA00000A9P", "91110108MA0000031G"],
)
def test_takes_credit_codes(code: str) -> None:
    """Codes whose check character fits are taken, however they are written."""
    assert parse_credit_code(code) == code
    assert parse_credit_code(f" {code[:8]}-{code[8:].lower()} ") == code


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91440300MA00000A9Q", "bad-checksum"),
        ("91440300MA00000A8P", "bad-checksum"),
        ("91440300MA00000A9", "wrong-length"),
        ("91440300MA0000IA9P", "bad-character"),
    ],
)
def test_refuses_wrong_credit_codes(code: str, problem: str) -> None:
    """A mistyped code is refused with what is wrong about it."""
    with pytest.raises(CreditCodeWrong) as caught:
        parse_credit_code(code)
    assert caught.value.problem == problem


def test_an_identity_is_hashed_with_its_salt_in_one_normal_form() -> None:
    """The same name hashes the same however it is composed; another salt gives another hash."""
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    assert identity_hash(composed, b"\x01" * 16) == identity_hash(decomposed, b"\x01" * 16)
    assert identity_hash(composed, b"\x01" * 16) != identity_hash(composed, b"\x02" * 16)


@pytest.mark.parametrize("salt", ["", "00", "zz" * 16, "00" * 17])
def test_refuses_what_is_no_salt(salt: str) -> None:
    """A salt has sixteen bytes."""
    assert parse_salt("0x" + "0f" * 16) == b"\x0f" * 16
    with pytest.raises(SaltMalformed):
        parse_salt(salt)


@given(signed)
def test_a_consent_survives_its_file(consent: SignedConsent) -> None:
    """What is written is read back."""
    assert consents.load(consents.dump(consent)) == consent


@pytest.mark.parametrize(
    "change",
    [
        {"format": "dengji-key-consent/2"},
        {"kind": "NONE"},
        {"kind": "AGENT"},
        {"scopes": ["GRANT"]},
        {"valid_until": "2026-01-01T00:00:00Z"},
        {"party": "party1nobody"},
        {"deadline": 7},
        {"signature": "0xzz"},
        {"more": 1},
    ],
)
def test_refuses_files_that_are_no_consent(change: dict[str, object]) -> None:
    """A file with another field, or one of another type, is refused and named."""
    consent = SignedConsent(
        message=controller_consent(party=PARTY, key=KEY, deadline=100),
        domain=DOMAIN,
        signature=b"\x01" * 65,
    )
    given = json.loads(consents.dump(consent))
    with pytest.raises(ConsentMalformed) as caught:
        consents.load(canonical(given | change), file="consent.json")
    assert caught.value.file == "consent.json"


def test_a_consent_counts_for_its_deployment_alone() -> None:
    """Another chain or registry is another deployment."""
    consent = SignedConsent(
        message=controller_consent(party=PARTY, key=KEY, deadline=100),
        domain=DOMAIN,
        signature=b"",
    )
    consent.require_domain(DOMAIN)
    for other in (
        SigningDomain(chain_id=8, verifying_contract=DOMAIN.verifying_contract),
        SigningDomain(chain_id=7, verifying_contract=KEY),
    ):
        with pytest.raises(ConsentElsewhere):
            consent.require_domain(other)
