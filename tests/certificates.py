"""Make certificates for tests."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from hypothesis import strategies as st

from registry.domain.certificate import Block, Certificate, Holder, Issuer, Note, Status
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.product import Profile
from registry.domain.vocabulary import Right

DAY = 86_400
MIDNIGHT = 1795276800  # 2026-11-22T00:00 at UTC+8
ISSUED = MIDNIGHT + 37_000


def digest(what: str) -> bytes:
    """Return 32 bytes that look like what they stand for."""
    return sha256(what.encode()).digest()


SAMPLE = Certificate(
    profile=Profile.PROPERTY,
    issuer=Issuer(
        party=PartyId(digest("registrar")[:8]), number=1, seat="440", name="华南数据登记中心"
    ),
    code="SJ4402026110001",
    catalog_id="440000-0913/1-000018-37",
    version=1,
    content_root=digest("content"),
    metadata_hash=digest("metadata"),
    data_name="2024年广东省动力电池循环寿命检测数据集",
    summary="2024年采集自广东省三家检测机构的动力电池循环寿命试验记录，含电压、电流、温度与容量，共计1.2亿行。",
    holders=(
        Holder(
            party=PartyId(digest("holder")[:8]),
            rights=Right.ALL,
            since=MIDNIGHT,
            name="杭州星港数据科技有限公司",
            credit_code="91330100MA00000236",
            term="长期",
        ),
        Holder(
            party=PartyId(digest("institute")[:8]),
            rights=Right.HOLD | Right.USE,
            since=MIDNIGHT,
            name="Guangzhou Battery Testing and Certification Institute",
            credit_code="91440300MA00000A9P",
            limits="仅限境内使用",
        ),
    ),
    annotations=(
        Note(
            index=0,
            kind="LIMIT",
            by=PartyId(digest("holder")[:8]),
            reason="CONSENT",
            evidence=digest("document")[:12],
            since=MIDNIGHT + 3_600,
        ),
    ),
    evidence=digest("evidence"),
    valid_from=MIDNIGHT + 36_000,
    valid_until=MIDNIGHT + 1826 * DAY,
    issued=ISSUED,
    status=Status(
        chain_id=31337,
        directory=Address(digest("directory")[:20]),
        products=Address(digest("products")[:20]),
        certificates=Address(digest("certificates")[:20]),
        product=ProductId(digest("product")[:20]),
        number=1,
    ),
    block=Block(number=1204, hash=digest("block"), time=ISSUED),
    local=True,
)

PUBLIC = replace(
    SAMPLE,
    profile=Profile.PUBLIC,
    code="GG4102026110007",
    data_name="2024年河南省冬小麦种植图斑数据集",
    annotations=(),
    local=False,
)

names = st.text(min_size=1, max_size=60)
"""Any text that has bytes."""


def hostile(name: str) -> Certificate:
    """Return a certificate in which every free text is `name`."""
    first, second = SAMPLE.holders
    return replace(
        SAMPLE,
        data_name=name,
        summary=name,
        catalog_id=name,
        issuer=replace(SAMPLE.issuer, name=name),
        holders=(
            replace(first, name=name, credit_code=name, term=name, limits=name),
            replace(second, name=name),
        ),
    )
