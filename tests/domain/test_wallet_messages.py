"""What wallets are given to sign, and how long an offer stands: all that a signer looks at."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth_account.messages import encode_typed_data

from registry.domain.clauses import Clauses
from registry.domain.clauses_json import to_json
from registry.domain.ids import Address, GrantId, PartyId
from registry.domain.keccak import keccak
from registry.domain.keys import controller_consent
from registry.domain.proposal import Kind, Offer, Proposal, agreed, agreement_of
from registry.domain.signing import (
    Agreement,
    Consent,
    Ending,
    Message,
    Terms,
    UsageReceipt,
    agreement_hash,
)
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import Action, Form, Purpose
from registry.errors import ClauseRefused
from tests.golden_terms import PLAIN, RICH

DOMAIN = SigningDomain(chain_id=31_337, verifying_contract=Address(bytes(range(1, 21))))
GRANT = GrantId(bytes(range(32)))
MESSAGES = (
    Terms(clauses=PLAIN),
    Terms(clauses=RICH, parent=GRANT),
    Agreement(agreement=bytes(range(32)), offer_until=9),
    Consent(grant=GRANT),
    Ending(grant=GRANT, ends_at=8, deadline=9),
    UsageReceipt(
        grant=GRANT,
        cumulative=2**60,
        sequence=3,
        purpose=Purpose.RESEARCH,
        action=Action.READ,
        at=9,
    ),
    controller_consent(party=PartyId.of(7), key=Address.of(5), deadline=9),
)


def hashed(typed_data: dict[str, object]) -> bytes:
    """Return the 32 bytes that a wallet signs for what it is given, by a library of others."""
    made = encode_typed_data(full_message=typed_data)
    return keccak(b"\x19" + made.version + made.header + made.body)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_wallet_signs_the_digest_that_the_chain_reckons(message: Message) -> None:
    """From what the wallet is given alone it comes to the same 32 bytes."""
    assert hashed(message.typed_data(DOMAIN)) == message.digest(DOMAIN)


def test_a_wallet_shows_bytes_as_digits_and_numbers_in_full() -> None:
    """No number is beyond what JavaScript holds exactly, and every list is a list."""
    told = Terms(clauses=RICH, parent=GRANT).typed_data(DOMAIN)
    assert told["primaryType"] == "Terms"
    shown = told["message"]["clauses"]
    assert shown["product"] == "0x" + RICH.product.raw.hex()
    assert shown["territory"] == ["156410000"]
    assert shown["quotaTotal"] == "10000"


@pytest.mark.parametrize("parent", [None, GRANT])
@pytest.mark.parametrize("clauses", [PLAIN, RICH])
def test_a_wallet_signs_clauses_as_the_grant_that_they_come_to(
    clauses: Clauses, parent: GrantId | None
) -> None:
    """What is signed is the id of the grant, under its parent or under none."""
    told = clauses.typed_data(DOMAIN, parent)
    assert hashed(told) == clauses.digest(DOMAIN, parent).raw
    assert told["primaryType"] == "Terms"


def test_an_agreement_is_hashed_as_the_contract_does() -> None:
    """The hashes stand one after another in ascending order, whichever way they are given."""
    one, other = b"\1" * 32, b"\2" * 32
    assert agreement_hash([other, one]) == agreement_hash([one, other]) == keccak(one + other)


def proposal(*times: int | None) -> Proposal:
    """Return a proposal of as many grants, which can be filed until these times."""
    clauses = tuple(
        replace(PLAIN, form=Form.JOINT, offer_until=until, salt=number)
        for number, until in enumerate(times, start=1)
    )
    return Proposal(
        domain=DOMAIN,
        kind=Kind.JOINT,
        offer=Offer(clauses=agreed(Kind.JOINT, clauses), by=PLAIN.grantor, time=1),
    )


@pytest.mark.parametrize(
    ("times", "until"), [((), None), ((None, None), None), ((9, 9), 9), ((9, None, 8), 8)]
)
def test_an_offer_can_be_filed_until_the_first_of_its_terms_lapses(
    times: tuple[int | None, ...], until: int | None
) -> None:
    """Terms without a limit set none, and of several limits the earliest counts."""
    assert proposal(*times).offer_until == until


def test_a_joint_offer_is_signed_with_the_time_that_its_terms_share() -> None:
    """What everybody signs names the agreement and until when it can be filed."""
    offered = proposal(9, 9)
    agreement = agreement_of(offered.offer.clauses)
    assert offered.message == Agreement(agreement=agreement, offer_until=9)


def test_an_offer_beyond_the_times_that_can_be_told_is_refused_by_its_clause() -> None:
    """The contracts hold later times than files can say: the clause is named as words have it."""
    with pytest.raises(ClauseRefused) as caught:
        to_json(replace(PLAIN, offer_until=2**32))
    assert caught.value.fields["clause"] == "offer-until"
    assert to_json(replace(PLAIN, offer_until=2**32 - 1))["offer_until"] == "2106-02-07T06:28:15Z"
