"""Test the hash of terms, which is the id of a grant."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from registry.domain.clauses import Clauses
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.terms import CLAUSES_TYPE, TERMS_TYPE, SigningDomain
from registry.domain.vocabulary import Action, Purpose
from tests import strategies

DOMAIN = SigningDomain(chain_id=31_337, verifying_contract=Address(bytes(range(20))))

CLAUSES = Clauses(
    product=ProductId(bytes(range(1, 21))),
    grantor=PartyId.of(1),
    grantee=PartyId.of(2),
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
)


def test_the_type_is_the_one_specified() -> None:
    """The EIP-712 type is as written down, to the character: ids depend on it for ever."""
    assert CLAUSES_TYPE == (
        "Clauses(uint8 form,uint8 template,uint8 mode,uint8 rights,uint8 subDelegation,uint8 depth,"
        "uint8 noticeDays,uint8 environment,uint8 quotaUnit,uint16 version,bytes20 product,"
        "uint64 grantor,uint64 grantee,uint64 quotaTotal,uint64 salt,uint40 validFrom,"
        "uint40 validUntil,uint32 actions,uint32 purposes,uint32 obligations,uint40 offerUntil,"
        "uint16 acceptanceDays,uint8 derivedRights,bytes32 text,bytes32 agreement,bytes32 replaces,"
        "bytes32 scope,bytes32 filing,uint64 serviceParty,uint64 periodQuota,uint32 periodLength,"
        "uint8 priceModel,uint16 currency,uint64 unitPrice,uint64 capPrice,uint32[] territory)"
    )
    assert f"Terms(bytes32 parent,Clauses clauses){CLAUSES_TYPE}" == TERMS_TYPE


@given(strategies.clauses(), strategies.domains, st.none() | strategies.grants)
def test_the_id_depends_on_domain_and_parent(
    clauses: Clauses, domain: SigningDomain, parent: GrantId | None
) -> None:
    """Another chain, contract or parent gives another id; the same ones the same."""
    made = clauses.digest(domain, parent)
    assert made == Clauses.unpack(clauses.pack()).digest(domain, parent)
    assert made != clauses.digest(replace(domain, chain_id=domain.chain_id + 1), parent)
    assert made != clauses.digest(domain, GrantId.of(1) if parent is None else None)


@given(strategies.clauses(), strategies.clauses())
def test_other_clauses_have_another_id(one: Clauses, other: Clauses) -> None:
    """Two sets of clauses have the same id only when they are the same."""
    assert (one.digest(DOMAIN) == other.digest(DOMAIN)) == (one == other)


def test_no_parent_is_the_zero_parent() -> None:
    """A grant that rests on the product itself is hashed under the zero id."""
    assert CLAUSES.digest(DOMAIN) == CLAUSES.digest(DOMAIN, GrantId.of(0))
