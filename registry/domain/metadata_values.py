"""Name the closed lists of values that descriptive fields take.

Each value is the rule's own word, and that is what is kept and hashed; its English name is accepted
on input. Generated from registry/vocabulary/metadata/*.json by scripts/gen_metadata_values.py. Do
not edit.
"""

from collections.abc import Mapping
from typing import Final

from registry.domain.choice import Choice


class AccessMode(Choice):
    """How public data is opened to those who want it."""

    OPEN = "open"
    AUTHORISED = "authorised"
    ON_REQUEST = "onRequest"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "无条件开放": "open",
            "授权使用": "authorised",
            "依申请提供": "onRequest",
        }


class ApplicantType(Choice):
    """What an applicant is in law."""

    NATURAL_PERSON = "自然人"
    LEGAL_PERSON = "法人"
    UNINCORPORATED = "非法人组织"


class AttachmentKind(Choice):
    """What a document that goes with a registration is."""

    IDENTITY = "identity"
    ACQUISITION = "acquisition"
    SAMPLE = "sample"
    DESCRIPTION = "description"
    WATERMARK = "watermark"
    FINGERPRINT = "fingerprint"
    AGREEMENT = "agreement"
    AUTHORISATION = "authorisation"
    OTHER = "other"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "身份证明": "identity",
            "取得证明": "acquisition",
            "数据样例": "sample",
            "数据说明": "description",
            "水印": "watermark",
            "指纹": "fingerprint",
            "权利约定": "agreement",
            "经办人授权书": "authorisation",
            "其他材料": "other",
        }


class Form(Choice):
    """What kind of content the data is."""

    IMAGE = "图片"
    TEXT = "文本"
    VIDEO = "视频"
    AUDIO = "音频"
    TABLE = "表格"
    OTHER = "其他"


class DataClass(Choice):
    """The class of the data under the rules of data security."""

    GENERAL = "一般"
    IMPORTANT = "重要"
    CORE = "核心"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "一般数据": "一般",
            "重要数据": "重要",
            "核心数据": "核心",
        }


class DeliveryMode(Choice):
    """In what shape the product is delivered."""

    DATASET = "dataset"
    API = "API"
    APP = "app"
    REPORT = "report"
    OBJECT = "object"
    OTHER = "other"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "数据集": "dataset",
            "接口": "API",
            "应用": "app",
            "报告": "report",
            "数据对象": "object",
            "其他": "other",
        }


class ProductKind(Choice):
    """What kind of thing is registered."""

    RESOURCE = "resource"
    PRODUCT = "product"
    SERVICE = "service"
    ELEMENT = "element"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "数据资源": "resource",
            "数据产品": "product",
            "数据服务": "service",
            "数据元件": "element",
        }


class RegionScope(Choice):
    """How wide an area the data covers."""

    INTERNATIONAL = "国际"
    NATIONAL = "全国"
    PROVINCE = "省"
    CITY = "市"
    COUNTY = "区县"
    BELOW_COUNTY = "以下"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "省级": "省",
            "市级": "市",
            "区县级": "区县",
            "区县以下": "以下",
        }


class RightType(Choice):
    """Which of the three rights in data is claimed."""

    HOLD = "数据持有权"
    USE = "数据使用权"
    OPERATE = "数据经营权"


class Sector(Choice):
    """The sector of the data-element programme that the data serves."""

    MANUFACTURING = "工业制造"
    AGRICULTURE = "现代农业"
    COMMERCE = "商贸流通"
    TRANSPORT = "交通运输"
    FINANCE = "金融服务"
    SCIENCE = "科技创新"
    CULTURE_TOURISM = "文化旅游"
    HEALTH = "医疗健康"
    EMERGENCY = "应急管理"
    METEOROLOGY = "气象服务"
    URBAN_GOVERNANCE = "城市治理"
    GREEN_LOW_CARBON = "绿色低碳"
    MEDICAL_SECURITY = "医疗保障"
    OTHER = "其他"


class Source(Choice):
    """How the data was come by."""

    COLLECTED = "采集生成"
    PUBLIC_CRAWL = "自动化收集公开数据"
    AGREEMENT = "协议取得"
    DERIVED = "衍生创造"
    FUSED = "融合"
    ENTRUSTED = "受托处理"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "generated": "采集生成",
            "crawled": "自动化收集公开数据",
            "agreed": "协议取得",
            "多方融合": "融合",
        }


class Structure(Choice):
    """How far the data is structured."""

    STRUCTURED = "结构化"
    SEMI_STRUCTURED = "半结构化"
    UNSTRUCTURED = "非结构化"


class UpdateFrequency(Choice):
    """How often the data is renewed."""

    REAL_TIME = "实时"
    DAILY = "日"
    WEEKLY = "周"
    MONTHLY = "月"
    YEARLY = "年"
    ON_DEMAND = "按需"
    OTHER = "其他"

    @classmethod
    def also(cls) -> Mapping[str, str]:
        """Return further names that are read, with the value that each stands for."""
        return {
            "每日": "日",
            "每周": "周",
            "每月": "月",
            "每年": "年",
        }


FILES: Final = {
    "AccessMode": "access_mode",
    "ApplicantType": "applicant_type",
    "AttachmentKind": "attachment",
    "Form": "content_form",
    "DataClass": "data_class",
    "DeliveryMode": "delivery_mode",
    "ProductKind": "product_kind",
    "RegionScope": "region_scope",
    "RightType": "right_type",
    "Sector": "sector",
    "Source": "source",
    "Structure": "structure",
    "UpdateFrequency": "update_frequency",
}
"""The file of each list, by the name of its class."""
