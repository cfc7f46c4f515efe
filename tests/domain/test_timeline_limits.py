"""When a case leaves the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.domain.case import Case
from registry.domain.flow import Standing
from registry.domain.flow_table import ENDS, CaseKind, Stage
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile
from registry.domain.timeline import Pending

SINCE = 1_790_000_000


@pytest.mark.parametrize("stage", list(Stage))
def test_a_case_is_over_at_its_end_unless_an_objection_is_open(stage: Stage) -> None:
    """Nothing is left to answer where nothing was said of objections; one keeps it on the desk."""
    case = Case(
        product=ProductId.of(5),
        index=1,
        profile=Profile.PUBLIC,
        kind=CaseKind.INITIAL,
        stage=stage,
        filer=PartyId.of(1),
        registrar=PartyId.of(2),
        since=SINCE,
    )
    standing = Standing(stage=stage, since=SINCE)
    pending = Pending(case=case, standing=standing, awaiting=(), due=None, time=SINCE)
    assert pending.over is (stage in ENDS)
    assert not replace(pending, objections=1).over
