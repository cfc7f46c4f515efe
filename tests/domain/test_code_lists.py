"""The lists of codes that are shipped as data."""

import json
import re
from pathlib import Path

import pytest

from registry import messages
from registry.domain import code_lists, metadata_values
from registry.domain.choice import Choice

LISTS = Path(messages.__file__).parent / "vocabulary" / "metadata"
SHORT = sorted(path.stem for path in LISTS.glob("*.json") if path.stem not in code_lists.NAMES)


def test_industries_are_complete() -> None:
    """There are the 20 sections and 97 divisions of GB/T 4754-2017, each division once."""
    codes = list(code_lists.entries("industry"))
    assert [code for code in codes if len(code) == 1] == list("ABCDEFGHIJKLMNOPQRST")
    divisions = [code for code in codes if len(code) == 3]
    assert sorted(code[1:] for code in divisions) == [f"{number:02}" for number in range(1, 98)]
    assert code_lists.entries("industry")["M74"].en == "Professional technical services"


def test_regions_are_complete() -> None:
    """All 34 provinces are there, and whatever lies below one is in one that is there."""
    codes = code_lists.entries("region")
    provinces = [code for code in codes if code.endswith("0000")]
    assert len(provinces) == 34
    assert all(codes[code].en for code in provinces)
    assert len(codes) > 3000
    assert all(re.fullmatch("[1-8][0-9]{5}", code) for code in codes)
    assert all(code[:2] + "0000" in codes for code in codes)
    assert list(codes) == sorted(codes)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("410000", "河南省"),
        ("330200", "浙江省宁波市"),
        ("110108", "北京市海淀区"),
        ("441900", "广东省东莞市"),
        ("419001", "河南省济源市"),
        ("810000", "香港特别行政区"),
    ],
)
def test_a_place_has_its_whole_name(code: str, name: str) -> None:
    """A region is called by all it lies in, without what is no place."""
    assert code_lists.place(code) == name


@pytest.mark.parametrize(
    ("name", "given", "first"),
    [
        ("industry", "农业", "A01"),
        ("industry", "agricultre", "A01"),
        ("industry", "a01", "A01"),
        ("region", "郑州市", "410100"),
        ("region", "郑洲市", "410100"),
        ("region", "410199", "410100"),
        ("region", "Henan", "410000"),
    ],
)
def test_the_nearest_code_is_found(name: str, given: str, first: str) -> None:
    """A name, a mistyped one or a neighbouring code leads to the code that was meant."""
    assert code_lists.nearest(name, given)[0].code == first


def test_nothing_near_is_nothing() -> None:
    """What is like no code at all has no nearest one."""
    assert code_lists.nearest("industry", "☃☃☃☃") == []


@pytest.mark.parametrize("stem", SHORT)
def test_short_lists_have_names_in_both_languages(stem: str) -> None:
    """Each list says what it is and where it comes from; each value is named and read."""
    raw = json.loads((LISTS / f"{stem}.json").read_bytes())
    assert raw["version"] >= 1
    assert raw["source"]
    assert raw["definition_en"] != raw["definition_zh"]
    choices: type[Choice] = getattr(metadata_values, raw["name"])
    assert [one["value"] for one in raw["entries"]] == [one.value for one in choices]
    for one, member in zip(raw["entries"], choices, strict=True):
        assert one["en"]
        assert re.search("[一-鿿]", one["zh"])
        for spelling in (one["value"], member.english, member.name, *one.get("also", ())):
            assert choices.named(spelling) is member
    assert len({one["value"] for one in raw["entries"]}) == len(raw["entries"])


def test_the_twelve_sectors_are_there() -> None:
    """The action plan's twelve sectors come first, in its order."""
    assert [one.value for one in metadata_values.Sector][:12] == [
        *("工业制造", "现代农业", "商贸流通", "交通运输", "金融服务", "科技创新"),
        *("文化旅游", "医疗健康", "应急管理", "气象服务", "城市治理", "绿色低碳"),
    ]
