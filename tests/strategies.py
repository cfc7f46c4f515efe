"""Draw random values of the domain, for the property tests of several layers."""

from hypothesis import strategies as st

from registry.domain.clauses import (
    MAX_DEPTH,
    MAX_NOTICE_DAYS,
    MAX_TIME,
    Clauses,
    Price,
    Quota,
    Window,
)
from registry.domain.grant import UNLIMITED
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Right,
    SubDelegation,
    Template,
)

U64 = 2**64 - 1

addresses = st.binary(min_size=20, max_size=20).map(Address)
parties = st.integers(1, U64).map(PartyId.of)
products = st.binary(min_size=20, max_size=20).filter(any).map(ProductId)
grants = st.binary(min_size=32, max_size=32).filter(any).map(GrantId)
hashes = st.binary(min_size=32, max_size=32).filter(any)
domains = st.builds(SigningDomain, chain_id=st.integers(1, 2**63), verifying_contract=addresses)


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Draw a window, with or without a start and an end."""
    start = draw(st.none() | st.integers(1, MAX_TIME - 1))
    until = draw(st.none() | st.integers((start or 0) + 1, MAX_TIME))
    return Window(start=start, until=until)


@st.composite
def quotas(draw: st.DrawFn) -> Quota:
    """Draw a quota, with or without one for each period."""
    total = draw(st.integers(1, UNLIMITED - 1))
    per_period = draw(st.just(0) | st.integers(1, total))
    return Quota(
        unit=draw(st.sampled_from([unit for unit in QuotaUnit if unit])),
        total=total,
        per_period=per_period,
        period=draw(st.integers(1, MAX_TIME)) if per_period else 0,
    )


@st.composite
def prices(draw: st.DrawFn) -> Price:
    """Draw a price of any model."""
    model = draw(st.sampled_from([model for model in PriceModel if model]))
    if model is PriceModel.FREE:
        return Price(model=model)
    cap = draw(st.just(0) | st.integers(1, U64))
    unit = draw(st.integers(0, cap or U64))
    return Price(model=model, currency=draw(st.integers(0, 999)), unit=unit, cap=cap)


@st.composite
def clauses(draw: st.DrawFn) -> Clauses:
    """Draw clauses of any form, each optional part there or not."""
    sub_delegation = draw(st.sampled_from(SubDelegation))
    template = draw(st.sampled_from(Template))
    fewest_rights = 0 if template is Template.ENTRUSTMENT else 1
    return Clauses(
        product=draw(products),
        grantor=draw(parties),
        grantee=draw(parties),
        actions=Action(draw(st.integers(1, Action.ALL))),
        purposes=Purpose(draw(st.integers(1, Purpose.ALL))),
        rights=Right(draw(st.integers(fewest_rights, Right.ALL))),
        version=draw(st.integers(0, 2**16 - 1)),
        window=draw(windows()),
        quota=draw(st.none() | quotas()),
        environment=Environment(draw(st.integers(0, Environment.ALL))),
        territory=tuple(sorted(draw(st.sets(st.integers(1, 2**32 - 1), max_size=16)))),
        obligations=Obligation(draw(st.integers(0, Obligation.ALL))),
        sub_delegation=sub_delegation,
        depth=draw(st.integers(1, MAX_DEPTH)) if sub_delegation else 0,
        notice_days=draw(st.integers(0, MAX_NOTICE_DAYS)),
        derived_rights=draw(st.sampled_from(DerivedRights)),
        price=draw(st.none() | prices()),
        form=draw(st.sampled_from(Form)),
        template=template,
        mode=draw(st.sampled_from(Mode)),
        offer_until=draw(st.none() | st.integers(1, 2**40 - 1)),
        acceptance_days=draw(st.integers(0, 2**16 - 1)),
        service_party=draw(st.none() | parties),
        replaces=draw(st.none() | grants),
        text=draw(st.none() | hashes),
        agreement=draw(st.none() | hashes),
        scope=draw(st.none() | hashes),
        filing=draw(st.none() | hashes),
        salt=draw(st.integers(0, U64)),
    )
