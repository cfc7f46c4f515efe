"""Hold terms of grants, plain ones and ones that say as much as terms can."""

from __future__ import annotations

from typing import Final

from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import GrantId
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
from tests.recorded import FARM, HOLDER, LAB, PLOTS, START, digest

PLAIN: Final = Clauses(
    product=PLOTS,
    grantor=HOLDER,
    grantee=FARM,
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
)
RICH: Final = Clauses(
    product=PLOTS,
    grantor=HOLDER,
    grantee=FARM,
    actions=Action.READ | Action.TRAIN,
    purposes=Purpose.RESALE | Purpose.INSURANCE,
    rights=Right.HOLD | Right.USE,
    version=7,
    window=Window(start=START - 5_000_000, until=START + 5_000_000),
    quota=Quota(unit=QuotaUnit.CALL, total=10_000, per_period=100, period=3_600),
    environment=Environment.TEE,
    territory=(156_410_000,),
    obligations=Obligation.WATERMARK | Obligation.ATTRIBUTE,
    sub_delegation=SubDelegation.CONSENT,
    depth=2,
    derived_rights=DerivedRights.JOINT,
    notice_days=30,
    price=Price(model=PriceModel.METERED, currency=156, unit=80, cap=100),
    form=Form.TWO_SIDED,
    template=Template.PROVISION,
    mode=Mode.SCENARIO,
    offer_until=START + 9,
    acceptance_days=10,
    service_party=LAB,
    text=digest("text"),
    filing=digest("filing"),
    replaces=GrantId(digest("replaced")),
    salt=5,
)
