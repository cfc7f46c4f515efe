"""Make records of products for tests of exports."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from registry.domain.exports.record import Place, Record
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.lineage import Derivation, Source
from registry.domain.metadata import Attachment, Metadata
from registry.domain.metadata_values import (
    AccessMode,
    AttachmentKind,
    DeliveryMode,
    Form,
    ProductKind,
    RegionScope,
    Sector,
    Structure,
    UpdateFrequency,
)
from registry.domain.metadata_values import Source as Origin
from registry.domain.moment import Moment
from registry.domain.product import Holding, Product, ProductState, Profile, Version
from registry.domain.vocabulary import Activity, Purpose, Right, SecurityClass

START = 1795276800  # 2026-11-22T00:00 at UTC+8


def digest(what: str) -> bytes:
    """Return 32 bytes that look like what they stand for."""
    return sha256(what.encode()).digest()


OWN = ProductId(digest("product")[:20])
PLOTS = ProductId(digest("plots")[:20])
WEATHER = ProductId(digest("weather")[:20])
HOLDER = PartyId(digest("holder")[:8])
FARM = PartyId(digest("farm")[:8])
LAB = PartyId(digest("lab")[:8])
GRANT = GrantId(digest("grant"))
METHOD = digest("method")

FULL = Metadata(
    data_name="2024年河南省冬小麦长势遥感监测数据集",
    summary="由地块与气象数据融合而成，逐日更新。",
    industry="A01",
    source=Origin.DERIVED,
    region_scope=RegionScope.PROVINCE,
    region="河南省",
    region_code=("410000", "410100"),
    time_scope="2024-01-01/2024-12-31",
    update_frequency=UpdateFrequency.ON_DEMAND,
    volume="42 GB, 3 files",
    form=(Form.TABLE, Form.IMAGE),
    structure=(Structure.UNSTRUCTURED, Structure.STRUCTURED),
    restrictions=("resale is excluded", "licence: by agreement"),
    delivery_mode=(DeliveryMode.API, DeliveryMode.DATASET),
    access_mode=AccessMode.ON_REQUEST,
    products_and_services="长势指数接口",
    scenario="农业保险定损",
    security_risk_assessment=digest("assessment"),
    evidence_ref="2026-存-17",
    catalog_id="410000-0913/1-000018-37",
    attachments=(Attachment(kind=AttachmentKind.SAMPLE, sha256=digest("sample")),),
    salt=b"s" * 16,
    kind=ProductKind.PRODUCT,
    sector=(Sector.FINANCE, Sector.AGRICULTURE),
    operating_since=date(2024, 3, 1),
    confidential_hash=digest("people"),
)
LEAST = Metadata(data_name="plots.csv")


def version(number: int, metadata_hash: bytes = digest("description")) -> Version:
    """Return one version of the product."""
    return Version(
        product=OWN,
        number=number,
        content_root=digest(f"content {number}"),
        metadata_hash=metadata_hash,
        digest=digest(f"digest {number}"),
        by=HOLDER,
        block=10 + number,
        time=START + number,
        transaction=digest(f"transaction {number}"),
    )


DERIVATIONS = (
    Derivation(
        product=PLOTS,
        version=1,
        by=FARM,
        time=START - 9,
        activity=Activity.CLEANING,
        purposes=Purpose(0),
        method=None,
        agents=(),
        sources=(Source(product=WEATHER, version=4),),
        block=9,
        transaction=digest("transaction of the plots"),
    ),
    Derivation(
        product=OWN,
        version=2,
        by=HOLDER,
        time=START + 2,
        activity=Activity.MODEL_TRAINING,
        purposes=Purpose.RESEARCH | Purpose.INSURANCE,
        method=METHOD,
        agents=(LAB,),
        sources=(
            Source(product=OWN, version=1),
            Source(product=PLOTS, version=1, grant=GRANT),
        ),
        block=12,
        transaction=digest("transaction 2"),
    ),
)


def record(
    metadata: Metadata | None = FULL,
    *,
    versions: int = 3,
    derivations: tuple[Derivation, ...] = DERIVATIONS,
) -> Record:
    """Return the record of a product with as many versions, the second one derived."""
    return Record(
        place=Place(chain_id=31337, directory=Address(digest("directory")[:20]), local=True),
        moment=Moment(block=20, time=START + 100, block_hash=digest("block")),
        product=Product(
            id=OWN,
            applicant=HOLDER,
            profile=Profile.OPEN,
            state=ProductState.REGISTERED,
            security_class=SecurityClass.GENERAL,
            rights=Right.ALL,
            moved=False,
            latest=versions,
            since=START + 1,
        ),
        versions=tuple(version(number) for number in range(1, versions + 1)),
        holders=(
            Holding(party=FARM, rights=Right.USE, since=START + 1, until=START + 5),
            Holding(party=HOLDER, rights=Right.ALL, since=START + 1),
        ),
        metadata=metadata,
        derivations=derivations,
    )
