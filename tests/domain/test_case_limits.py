"""What a case is that nobody has said more of than that it was filed."""

from __future__ import annotations

from dataclasses import replace

from registry.domain import flow
from registry.domain.case import Case
from registry.domain.flow_table import CaseKind, Condition, Stage, rows
from registry.domain.ids import PartyId, ProductId
from registry.domain.product import Profile

FILED = Case(
    product=ProductId.of(5),
    index=1,
    profile=Profile.PROPERTY,
    kind=CaseKind.INITIAL,
    stage=Stage.ACCEPTED,
    filer=PartyId.of(1),
    registrar=PartyId.of(2),
    since=1_790_000_000,
)


def test_publicity_is_waived_only_where_somebody_waived_it() -> None:
    """A filed case may still be publicised; one whose publicity was waived may not."""
    naming = [row for row in rows() if Condition.NOT_PUBLICISED in row.conditions]
    assert naming
    for row in naming:
        assert Condition.NOT_PUBLICISED not in flow.unmet(FILED, row)
        assert Condition.NOT_PUBLICISED in flow.unmet(replace(FILED, waived=True), row)
