"""The closed lists of values that descriptive fields take.

Each value is the rule's own word, and that is what is kept and hashed; its English name is accepted
on input.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A closed list of values, each with an English name."""

    @property
    def english(self) -> str:
        """Return the value's English name, such as `public-crawl`."""
        return self.name.lower().replace("_", "-")

    @classmethod
    def allowed(cls) -> list[str]:
        """Return what may be given: each value, with its English name where that differs."""
        return [m.value if m.value == m.english else f"{m.value} ({m.english})" for m in cls]

    @classmethod
    def named(cls, given: str) -> Self | None:
        """Return the member that has this value or English name, None where there is none."""
        wanted = given.strip().lower()
        return next((m for m in cls if wanted in {m.value.lower(), m.english}), None)


class Source(Choice):
    """How the data was come by."""

    COLLECTED = "采集生成"
    PUBLIC_CRAWL = "自动化收集公开数据"
    AGREEMENT = "协议取得"
    DERIVED = "衍生创造"


class RegionScope(Choice):
    """How wide an area the data covers."""

    INTERNATIONAL = "国际"
    NATIONAL = "全国"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "区县"
    BELOW_COUNTY = "以下"


class UpdateFrequency(Choice):
    """How often the data is renewed."""

    REAL_TIME = "实时"
    DAILY = "日"
    WEEKLY = "周"
    MONTHLY = "月"
    YEARLY = "年"
    ON_DEMAND = "按需"
    OTHER = "其他"


class Form(Choice):
    """What kind of content the data is."""

    IMAGE = "图片"
    TEXT = "文本"
    VIDEO = "视频"
    AUDIO = "音频"
    TABLE = "表格"
    OTHER = "其他"


class Structure(Choice):
    """How far the data is structured."""

    STRUCTURED = "结构化"
    SEMI_STRUCTURED = "半结构化"
    UNSTRUCTURED = "非结构化"


class AccessMode(Choice):
    """How public data is opened to those who want it."""

    OPEN = "open"
    AUTHORISED = "authorised"
    ON_REQUEST = "onRequest"


class DeliveryMode(Choice):
    """In what shape the product is delivered."""

    DATASET = "dataset"
    API = "API"
    APP = "app"
    REPORT = "report"
    OBJECT = "object"
    OTHER = "other"


class AttachmentKind(Choice):
    """What a document that goes with a registration is."""

    IDENTITY = "identity"
    ACQUISITION = "acquisition"
    SAMPLE = "sample"
    DESCRIPTION = "description"
    WATERMARK = "watermark"
    FINGERPRINT = "fingerprint"
