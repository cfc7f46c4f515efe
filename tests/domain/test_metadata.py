"""The descriptive fields of a data product."""

import re
import unicodedata
from hashlib import sha256
from pathlib import Path

import pytest

from registry import messages
from registry.domain.metadata import Attachment, Metadata, metadata_hash
from registry.domain.metadata_values import AttachmentKind, Form, Source, Structure
from registry.errors import MetadataInvalid

FULL = {
    "dataName": "2024年河南省冬小麦种植图斑数据集",
    "summary": "第一行\n第二行",
    "industry": "A01",
    "source": "采集生成",
    "regionScope": "省",
    "region": "河南省",
    "timeScope": "2024",
    "updateFrequency": "年",
    "volume": "42 GB",
    "form": ["图片", "表格"],
    "structure": ["结构化"],
    "restrictions": ["不得转售"],
    "deliveryMode": ["dataset"],
    "accessMode": "authorised",
    "productsAndServices": "遥感监测",
    "scenario": "农业保险",
    "securityRiskAssessment": "ab" * 32,
    "evidenceRef": "CZ-2024-1",
    "catalogId": "410000-7-000001",
    "attachments": [{"kind": "sample", "sha256": "cd" * 32}],
    "salt": "00" * 16,
    "kind": "product",
    "sector": ["现代农业", "金融服务"],
    "regionCode": ["410000"],
    "operatingSince": "2024-10-01",
    "confidentialHash": "ef" * 32,
}
LATER = {"kind", "sector", "regionCode", "operatingSince", "confidentialHash"}
BEFORE = "8f344d6f104aca4bb069629d8aec4cb4ca78921103aad61c86246e321020d546"


def refused(mapping: dict[str, object]) -> MetadataInvalid:
    """Return the error for a mapping, given a valid name unless it brings its own."""
    with pytest.raises(MetadataInvalid) as caught:
        Metadata.from_mapping({"dataName": "x"} | mapping)
    return caught.value


def test_every_field_is_read_and_written_back() -> None:
    """A full description survives the way to values and back unchanged."""
    metadata = Metadata.from_mapping(FULL)
    assert metadata.to_mapping() == FULL
    assert metadata.form == (Form.IMAGE, Form.TABLE)
    assert metadata.attachments == (
        Attachment(kind=AttachmentKind.SAMPLE, sha256=bytes.fromhex("cd" * 32)),
    )


def test_english_names_stand_for_the_rules_words() -> None:
    """A value given in English is the same description as the rule's word."""
    english = Metadata.from_mapping(
        {"dataName": "x", "source": "public-crawl", "form": ["TABLE"], "structure": "structured"}
    )
    assert english.source is Source.PUBLIC_CRAWL
    assert english == Metadata(
        data_name="x",
        source=Source.PUBLIC_CRAWL,
        form=(Form.TABLE,),
        structure=(Structure.STRUCTURED,),
    )


def test_hash_is_that_of_canonical_json() -> None:
    """The metadata hash is SHA-256 over canonical JSON of the fields that are given."""
    metadata = Metadata(data_name="é", summary="b")
    assert metadata.canonical() == '{"dataName":"é","summary":"b"}'.encode()
    assert metadata_hash(metadata) == sha256('{"dataName":"é","summary":"b"}'.encode()).digest()


def test_order_and_unicode_form_of_what_is_given_do_not_count() -> None:
    """Members in any order, and text in any normal form, give one hash."""
    mapping = dict(reversed(FULL.items())) | {"region": unicodedata.normalize("NFD", "Zürich")}
    other = FULL | {"region": unicodedata.normalize("NFC", "Zürich")}
    first, second = Metadata.from_mapping(mapping), Metadata.from_mapping(other)
    assert metadata_hash(first) == metadata_hash(second)


@pytest.mark.parametrize("field", [name for name in FULL if name != "salt"])
def test_every_field_is_in_the_hash(field: str) -> None:
    """Leaving out any field gives another hash."""
    less = {name: value for name, value in FULL.items() if name != field} | {"dataName": "x"}
    more = FULL | {"dataName": "x" if field != "dataName" else "y"}
    first, second = Metadata.from_mapping(less), Metadata.from_mapping(more)
    assert metadata_hash(first) != metadata_hash(second)


def test_only_the_name_must_be_given() -> None:
    """A name alone is a description; null and empty lists count as not given."""
    assert Metadata.from_mapping({"dataName": "x", "summary": None, "form": []}) == Metadata(
        data_name="x"
    )
    with pytest.raises(MetadataInvalid) as caught:
        Metadata.from_mapping({"summary": "x"})
    assert (caught.value.field, caught.value.problem) == ("dataName", "missing")


def test_unknown_field_is_named_with_those_that_exist() -> None:
    """A mistyped field is refused, and the error lists the fields."""
    error = refused({"dataname": "x"})
    assert (error.field, error.problem) == ("dataname", "unknown-field")
    assert "dataName" in error.allowed


@pytest.mark.parametrize(
    ("field", "given", "problem"),
    [
        ("dataName", "x" * 41, "too-long"),
        ("dataName", "  ", "empty"),
        ("dataName", 5, "wrong-type"),
        ("dataName", "a\x07b", "malformed"),
        ("dataName", "\ud800", "malformed"),
        ("summary", "x" * 401, "too-long"),
        ("region", "x" * 201, "too-long"),
        ("industry", "01", "not-a-code"),
        ("industry", "A1", "not-a-code"),
        ("source", "stolen", "not-allowed"),
        ("source", ["采集生成"], "wrong-type"),
        ("form", ["表格", "smell"], "not-allowed"),
        ("restrictions", ["x"] * 33, "too-long"),
        ("attachments", ["x"], "wrong-type"),
        ("attachments", [{"kind": "sample"}], "missing"),
        ("attachments", [{"kind": "sample", "sha256": "AB" * 32}], "malformed"),
        ("attachments", [{"kind": "odd", "sha256": "ab" * 32}], "not-allowed"),
        ("salt", "00" * 15, "malformed"),
        ("salt", 5, "malformed"),
        ("industry", 1, "wrong-type"),
        ("operatingSince", 2024, "malformed"),
        ("operatingSince", "2024-02-30", "malformed"),
        ("operatingSince", "2024-2-3", "malformed"),
        ("securityRiskAssessment", "x", "malformed"),
    ],
)
def test_values_that_may_not_be_are_named(field: str, given: object, problem: str) -> None:
    """Each kind of wrong value is refused by field and problem."""
    error = refused({field: given})
    assert (re.split(r"[\[.]", error.field)[0], error.problem) == (field, problem)


def test_everything_wrong_is_said_at_once() -> None:
    """A document with several faults is answered with all of them, each under its own place."""
    error = refused(
        {
            "sumary": "x",
            "source": "colected",
            "form": ["表格", "smell"],
            "attachments": [{"kind": "sample", "sha256": "ab" * 32}, {"kind": "sampel"}],
        }
    )
    told = [(one["field"], one["problem"], one["nearest"]) for one in error.problems]
    assert told == [
        ("sumary", "unknown-field", "summary"),
        ("source", "not-allowed", "collected"),
        ("form[1]", "not-allowed", ""),
        ("attachments[1].kind", "not-allowed", "sample"),
        ("attachments[1].sha256", "missing", ""),
    ]
    assert "did you mean summary?" in str(error)
    assert "是否应为 collected？" in messages.render(error, "zh")


def test_codes_are_those_of_the_lists() -> None:
    """An industry or region that the lists do not have is refused, with its neighbours named."""
    error = refused({"industry": "农业", "regionCode": ["410105", "419999"]})
    assert [one["nearest"] for one in error.problems] == ["A01 农业", "410000 河南省"]


def test_what_was_recorded_outlives_the_lists() -> None:
    """A code that has gone from the lists since does not make a recorded description unreadable."""
    recorded = Metadata.recorded({"dataName": "x", "industry": "A99", "regionCode": "419999"})
    assert recorded.industry == "A99"
    assert Metadata.recorded(recorded.to_mapping()) == recorded
    with pytest.raises(MetadataInvalid):
        Metadata.from_mapping(recorded.to_mapping())


def test_hashes_of_earlier_descriptions_stand() -> None:
    """The fields that there were before hash to what they hashed to before."""
    before = {name: value for name, value in FULL.items() if name not in LATER}
    assert metadata_hash(Metadata.from_mapping(before)).hex() == BEFORE


def test_closed_list_is_shown() -> None:
    """A value outside a closed list is answered with the list, English names beside."""
    error = refused({"source": "stolen"})
    assert error.value == "stolen"
    assert "自动化收集公开数据 (public-crawl)" in error.allowed


def test_name_of_forty_chinese_characters_fits() -> None:
    """Lengths count characters, not bytes."""
    assert Metadata(data_name="数" * 40).data_name == "数" * 40


def test_values_made_directly_are_checked_too() -> None:
    """A description built in code obeys the same limits."""
    with pytest.raises(MetadataInvalid):
        Metadata(data_name="x" * 41)
    with pytest.raises(MetadataInvalid):
        Metadata(data_name=unicodedata.normalize("NFD", "é"))
    with pytest.raises(MetadataInvalid):
        Metadata(data_name="")
    with pytest.raises(MetadataInvalid):
        Metadata(data_name="x", form=(Form.TEXT, Form.TEXT))


def test_doubles_in_lists_fall_together() -> None:
    """A value that a list has twice counts once."""
    assert Metadata.from_mapping({"dataName": "x", "form": ["文本", "text"]}).form == (Form.TEXT,)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("data", "data"), ("x" * 60, "x" * 40), ("a\tb", "ab"), (" ", "data")],
)
def test_content_without_description_is_named_after_its_path(
    tmp_path: Path, name: str, expected: str
) -> None:
    """The least description is the name of the content, made to fit."""
    assert Metadata.named_after(tmp_path / name) == Metadata(data_name=expected)
