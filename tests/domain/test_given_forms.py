"""What is given in a form of its own is taken whole, or refused with the reason that is meant."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.domain import code_lists
from registry.domain.anchor_layout import HEAD, Head
from registry.domain.anchor_leaves import Site
from registry.domain.application import problems
from registry.domain.catalogue_ndi import NDI
from registry.domain.clauses import Clause, Clauses, Quota
from registry.domain.fields import Reading, Text
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.ignore import IgnoreRules
from registry.domain.metadata_documents import read
from registry.domain.metadata_mapping import Carrier
from registry.domain.metadata_values import ProductKind, Sector
from registry.domain.nesting import is_deep
from registry.domain.operations import Register
from registry.domain.product import Profile
from registry.domain.table_records import Faults, records
from registry.domain.vocabulary import Action, Purpose, QuotaUnit
from registry.domain.wording import sentences
from registry.errors import IgnoreMalformed, MetadataUnreadable, ProductCodeMistyped

if TYPE_CHECKING:
    from registry.domain.choice import Choice

STORIES = Path(__file__).parents[1] / "applications"
NDI_CODE = "410000MB0000019/P00000132"
NAME_LIMIT = 40
"""How many characters the name of data has at most, by the rules."""


def faulty(table: Path) -> tuple[list[dict[str, object]], list[tuple[str, str]]]:
    """Return the values of a table's records, and the field and problem of each fault."""
    faults = Faults()
    found = [one.values for one in records(table, ("path", "salt"), faults)]
    told = [(str(flaw["field"]), str(flaw["problem"])) for _, _, flaw in faults._first]
    return found, told


# ---- Descriptions ------------------------------------------------------------------------------


@pytest.mark.parametrize("over", [-1, 0])
def test_a_text_that_fits_is_carried_over_whole(over: int) -> None:
    """A name of as many characters as the field holds is neither cut nor noted as shortened."""
    carrier, name = Carrier(), "数" * (NAME_LIMIT + over)
    carrier.text("dataName", name, "title")
    assert (carrier.mapping, carrier.left) == ({"dataName": name}, {})


def test_a_text_that_does_not_fit_is_cut_and_noted() -> None:
    """A name of one character more is cut to what the field holds, and named as shortened."""
    carrier, name = Carrier(), "数" * (NAME_LIMIT + 1)
    carrier.text("dataName", name, "title")
    assert carrier.mapping == {"dataName": "数" * (NAME_LIMIT - 1) + "…"}
    assert [(one.reason, one.value) for one in carrier.left.values()] == [("shortened", name)]


@pytest.mark.parametrize(
    ("temporal", "said"),
    [
        ('"2024"', "2024"),
        ('[ dct:title "harvest of 2024" ]', "harvest of 2024"),
        ('[ dcat:startDate "2024-01-01" ; dcat:endDate "2024-12-31" ]', "2024-01-01/2024-12-31"),
        ('[ dcat:startDate "2024-01-01" ]', "2024-01-01"),
    ],
)
def test_a_period_is_its_days_or_what_it_is_called(temporal: str, said: str) -> None:
    """A period of DCAT without days is taken over by its text or its title."""
    raw = f"""
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <urn:x> a dcat:Dataset ; dct:title "Plots" ; dct:temporal {temporal} .
    """
    assert read(raw.encode(), file="x.ttl").mapping["timeScope"] == said


def test_json_in_another_encoding_is_named_as_such() -> None:
    """JSON with bytes that are no UTF-8 is refused for these, not as JSON."""
    with pytest.raises(MetadataUnreadable) as caught:
        read(b'{"dataName": "caf\xe9"}', file="x.json")
    assert caught.value.reason == "not-utf-8"


@pytest.mark.parametrize(
    ("given", "shown"), [(["a", "b"], "list"), (("a",), "tuple"), ({"a": 1}, "dict"), (7, "7")]
)
def test_of_lists_and_objects_the_kind_is_shown(given: object, shown: str) -> None:
    """A fault shows a value that was given, and of what holds several only what kind it is."""
    reading = Reading()
    Text(limit=5).read("dataName", given, reading)
    (flaw,) = reading.flaws
    assert (flaw["problem"], flaw["value"]) == ("wrong-type", shown)


def test_the_party_of_a_holder_is_checked() -> None:
    """A holder's party with a character mistyped is refused, the right one is not."""
    mapping: dict[str, Any] = tomllib.loads((STORIES / "sea_rail_fusion.toml").read_text())
    right = str(PartyId.of(9))
    wrong = right[:-1] + ("q" if right[-1] != "q" else "p")
    for party, told in ((right, []), (wrong, [("rights[2].party", "check-failed")])):
        mapping["rights"][2]["party"] = party
        found = [(one["field"], one["problem"]) for one in problems(mapping, Profile.PROPERTY)]
        assert [one for one in found if str(one[0]).endswith("party")] == told


@pytest.mark.parametrize(
    ("member", "zh", "en"),
    [
        (ProductKind.ELEMENT, "数据元件", "standard intermediate"),
        (ProductKind.PRODUCT, "数据产品", "data product"),
        (Sector.FINANCE, "金融服务", "financial services"),
    ],
)
def test_values_of_short_lists_have_a_name_in_each_language(
    member: Choice, zh: str, en: str
) -> None:
    """A value of a short list is called by its Chinese and by its English name."""
    assert code_lists.called(member, "zh") == zh
    assert code_lists.called(member, "en").lower() == en


# ---- Tables ------------------------------------------------------------------------------------


@pytest.mark.parametrize("byte", [b"\x80", b"\xc3", b"\xfe", b"\xff"])
@pytest.mark.parametrize("table", ["t.csv", "t.jsonl"])
def test_any_byte_that_is_no_utf_8_is_a_fault(tmp_path: Path, byte: bytes, table: str) -> None:
    """Each byte that no text in UTF-8 has alone, up to the highest, is refused as such."""
    lines = {"t.csv": b"path\na" + byte + b"\n", "t.jsonl": b'{"path": "a' + byte + b'"}\n'}
    (tmp_path / table).write_bytes(lines[table])
    assert faulty(tmp_path / table) == ([], [("", "text-not-utf-8")])


@pytest.mark.parametrize(
    ("header", "row", "values", "told"),
    [
        ("path,colour", "a,red", {"path": "a"}, ("colour", "unknown-field")),
        ("path,salt,path", "a,1,b", {"path": "a", "salt": "1"}, ("path", "duplicate")),
    ],
)
def test_cells_of_faulty_columns_are_left_out(
    tmp_path: Path, header: str, row: str, values: dict[str, object], told: tuple[str, str]
) -> None:
    """A record has known columns alone, and of a column that stands twice the first."""
    table = tmp_path / "t.csv"
    table.write_text(f"{header}\n{row}\n")
    assert faulty(table) == ([values], [told])


# ---- Codes, rules, archives --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (NDI_CODE[:-1], "wrong-length"),
        (NDI_CODE + "0", "wrong-length"),
        (NDI_CODE.replace("P", "-"), "bad-character"),
        ("A" + NDI_CODE[1:], "bad-character"),
        (NDI_CODE[:-2] + "33", "bad-checksum"),
    ],
)
def test_a_mistyped_catalogue_identifier_says_what_is_wrong(given: str, problem: str) -> None:
    """Too short or long, a character where none such can be, and check digits are told apart."""
    assert NDI.parse(NDI_CODE) == NDI_CODE
    with pytest.raises(ProductCodeMistyped) as caught:
        NDI.parse(given)
    assert (caught.value.given, caught.value.problem) == (given, problem)


@pytest.mark.parametrize("line", ["/", "!", "!/", "a\\", "\\"])
def test_a_rule_that_nothing_can_match_is_refused(line: str) -> None:
    """A rule without a name, or that ends in a bare backslash, is refused at its line."""
    with pytest.raises(IgnoreMalformed) as caught:
        IgnoreRules.parse(f"# first\n{line}\n".encode())
    found = caught.value
    assert (found.line, found.pattern, found.reason) == (2, line, "nothing-to-match")


@pytest.mark.parametrize(
    ("raw", "most", "deep"),
    [
        (b"1", 0, False),
        (b"[1]", 0, True),
        (b"[[1]]", 2, False),
        (b"[[[1]]]", 2, True),
        (b"[[1],[2],[3]]", 2, False),
        (b'["[[[",{"a":"{{{"}]', 2, False),
        (b'{"a":[{"b":1}]}', 2, True),
    ],
)
def test_depth_is_that_of_brackets_within_brackets(raw: bytes, most: int, deep: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Only brackets within others count as depth: neither neighbours nor those in strings."""
    assert is_deep(raw, most) is deep


@pytest.mark.parametrize("changed", [{"leaves": "3"}, {"leaves": 3.0}, {"chainId": 31337}])
def test_the_numbers_of_an_archive_are_of_their_type(changed: dict[str, object]) -> None:
    """A head whose leaves are no number, or whose chain is no text, is told by these two."""
    site = Site(chain_id=31337, registry=Address(b"\1" * 20), party=PartyId.of(1))
    head = Head(site=site, size=3, root=b"\2" * 32)
    assert Head.load(head.dump()) == head
    block = json.dumps(json.loads(head.dump()) | changed).ljust(HEAD).encode()
    with pytest.raises(TypeError, match=r"^leaves and chainId$"):
        Head.load(block)


# ---- Registrations and grants ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "listed"),
    [
        ({}, False),
        ({"series": ProductId.of(7)}, True),
        ({"locator": "https://example.org/plots"}, True),
        ({"series": ProductId.of(7), "locator": "https://example.org/plots"}, True),
    ],
)
def test_a_series_or_a_locator_alone_is_listed(said: dict[str, Any], listed: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Either of what an event tells has a product registered by itself."""
    made = Register(content_root=bytes(32), metadata_hash=bytes(32), **said)
    assert made.listed is listed


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("quota", "periods"),
    [
        (None, 0),
        (Quota(unit=QuotaUnit.CALL, total=100), 0),
        (Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=3_600), 1),
    ],
)
def test_only_a_quota_with_periods_speaks_of_them(
    quota: Quota | None, periods: int, lang: str
) -> None:
    """A quota for the whole time is not said to allow nothing in each period of no seconds."""
    clauses = Clauses(
        product=ProductId.of(1),
        grantor=PartyId.of(1),
        grantee=PartyId.of(2),
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        quota=quota,
    )
    said = [one.clause for one in sentences(clauses, lang)]
    assert said.count(Clause.PERIOD) == periods
