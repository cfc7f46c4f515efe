"""A made-up lineage: public plots and weather fused into a forecast, priced for hail insurance."""

from __future__ import annotations

from typing import Final

from registry.domain.grant import GrantOrigin, GrantStage, GrantState
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.lineage import Derivation, Pin, Source
from registry.domain.lineage_graph import Direction, Facts, Graph, graph
from registry.domain.moment import Moment
from registry.domain.product import Product, ProductState, Profile
from registry.domain.vocabulary import Activity, Purpose, Right, SecurityClass

NOW: Final = 1_795_305_600
DAY: Final = 86_400
MOMENT: Final = Moment(block=4_711, time=NOW, block_hash=b"\x77" * 32)
OPERATOR, WEATHER, INSURER = PartyId.of(71), PartyId.of(72), PartyId.of(73)


def product_id(number: int) -> ProductId:
    """Return a made-up product."""
    return ProductId(number.to_bytes(2) * 10)


def grant_id(number: int) -> GrantId:
    """Return a made-up grant."""
    return GrantId(number.to_bytes(2) * 16)


def record(number: int, *, state: ProductState = ProductState.REGISTERED, **given: int) -> Product:
    """Return a product as it stands now, registered `number` days after the first."""
    return Product(
        id=product_id(number),
        applicant=OPERATOR,
        profile=Profile.OPEN,
        state=state,
        security_class=SecurityClass.GENERAL,
        rights=Right.ALL,
        moved=False,
        latest=given.pop("latest", 1),
        since=NOW - 100 * DAY + number * DAY,
        until=None if state is ProductState.REGISTERED else NOW - DAY,
        **given,  # type: ignore[arg-type]  # the counts of annotations
    )


def grant_state(
    number: int, stage: GrantStage = GrantStage.ISSUED, ends_at: int | None = None
) -> GrantState:
    """Return a grant as it stands now."""
    return GrantState(
        id=grant_id(number),
        grantor=WEATHER,
        grantee=OPERATOR,
        since=NOW - 90 * DAY,
        ends_at=ends_at,
        remaining=None,
        notice_days=0,
        stage=stage,
        origin=GrantOrigin.ONE_SIDED,
        periodic=False,
    )


def derived(
    number: int,
    *sources: tuple[int, int | None],
    activity: Activity = Activity.PROCESSING,
    version: int = 1,
    of: int = 1,
) -> Derivation:
    """Return how version `version` of a product was made of version `of` of each source."""
    named = (
        Source(
            product=product_id(source),
            version=of,
            grant=None if grant is None else grant_id(grant),
        )
        for source, grant in sources
    )
    return Derivation(
        product=product_id(number),
        version=version,
        by=OPERATOR,
        time=NOW - 80 * DAY + number * DAY,
        activity=activity,
        purposes=Purpose.INSURANCE,
        method=None,
        agents=(),
        sources=tuple(named),
        block=100 + number,
        transaction=number.to_bytes(32),
    )


def facts(**given: object) -> Facts:
    """Return the facts of the lineage, some of them others."""
    derivations = {
        Pin(product_id(one.product.raw[1]), 1): one
        for one in (
            derived(4, (1, None), (2, 21), activity=Activity.FUSION),
            derived(5, (2, 22), (3, None), activity=Activity.CLEANING),
            derived(6, (4, None), (5, 23), activity=Activity.MODEL_TRAINING),
            derived(7, (1, None), (6, 24), activity=Activity.INFERENCE),
        )
    }
    pins = {Pin(product_id(number), 1): None for number in (1, 2, 3)}
    told: dict[str, object] = {
        "moment": MOMENT,
        "derivations": {**pins, **derivations},
        "products": {
            product_id(number): record(number, **extra)  # type: ignore[arg-type]
            for number, extra in {
                1: {},
                2: {"disputes": 1},
                3: {"latest": 3},
                4: {},
                5: {},
                6: {},
                7: {},
            }.items()
        },
        "grants": {
            grant_id(21): [grant_state(21)],
            grant_id(22): [grant_state(22, GrantStage.REVOKED, NOW - DAY)],
            grant_id(23): [grant_state(23)],
            grant_id(24): [grant_state(24, GrantStage.SUSPENDED)],
        },
        "names": {
            Pin(product_id(1), 1): "2024年河南省冬小麦种植图斑数据集",
            Pin(product_id(2), 1): "Hourly weather grid, North China Plain, 2020–2025",
            Pin(product_id(3), 1): "土壤墒情逐日观测数据",
            Pin(product_id(4), 1): "图斑与气象融合特征表",
            Pin(product_id(6), 1): "冬小麦单产预测模型",
            Pin(product_id(7), 1): "河南省冬小麦冰雹保险定价指数",
        },
        "more": frozenset(),
    }
    return Facts(**{**told, **given})  # type: ignore[arg-type]  # as the fields are


def lineage() -> Graph:
    """Return the lineage of the index, from its sources down."""
    return graph([Pin(product_id(7), 1)], Direction.UP, facts())
