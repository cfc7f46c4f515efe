"""Descriptions in the formats of others, and hostile ones."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from registry.domain import metadata_dcat
from registry.domain.application import problems
from registry.domain.metadata_documents import FORMATS, MAX_BYTES, Description, read
from registry.domain.metadata_files import digest_of, find_beside, with_digests
from registry.errors import ExtraMissing, MetadataUnreadable

GIVEN = Path(__file__).parents[1] / "descriptions"
LICENCE = "licence: https://creativecommons.org/licenses/by/4.0/"


_OF_FILES = ("contentUrl", "sha256", "containedIn", "includes")


def described(name: str) -> Description:
    """Read one of the documents that stand beside the tests."""
    return read((GIVEN / name).read_bytes(), file=name)


def left(found: Description) -> set[tuple[str, str]]:
    """Return what was not taken over, with the reason."""
    return {(one.where, one.reason) for one in found.unmapped}


def refused(raw: bytes, form: str | None = None) -> str:
    """Return why a document is refused."""
    with pytest.raises(MetadataUnreadable) as caught:
        read(raw, file="x", form=form)
    return caught.value.reason


def test_a_data_package_is_carried_over() -> None:
    """Each property of a data package is a field, or named as left."""
    found = described("datapackage.json")
    assert found.format == "datapackage"
    assert found.mapping == {
        "dataName": "2024年河南省冬小麦产量表",
        "summary": "按县统计的冬小麦产量。",
        "sector": ["现代农业", "金融服务"],
        "restrictions": ["licence: CC-BY-4.0"],
        "form": ["表格", "文本"],
        "structure": ["结构化", "非结构化"],
        "volume": "2 MB, 2 files",
    }
    assert left(found) == {
        ("name", "no-field"),
        ("version", "no-field"),
        ("created", "no-field"),
        ("keywords[]", "no-field"),
        ("contributors", "person"),
        *((f"resources[].{key}", "content") for key in ("name", "path", "schema", "hash")),
    }


def test_a_data_package_with_odd_values_is_read_all_the_same() -> None:
    """What has another type than it should, or is too many, is left by its place and counted."""
    package = {
        "name": "harvest",
        "resources": ["data.csv", {"path": "a.csv", "bytes": 5}],
        "description": {"en": "x"},
        "licenses": [{"title": "CC-BY-4.0"}, 7, *({"name": f"L{one}"} for one in range(40))],
        "dengji:fields": {"dataName": "Harvest", "salt": 5, "colour": "red"},
    }
    found = read(json.dumps(package).encode(), file="datapackage.json")
    assert found.mapping["dataName"] == "Harvest"
    assert found.mapping["restrictions"][:2] == ["licence: CC-BY-4.0", "licence: L0"]
    assert len(found.mapping["restrictions"]) == 32
    assert {
        ("resources[]", "no-value"),
        ("description", "no-value"),
        ("licenses[]", "no-value"),
        ("licenses[]", "too-many"),
        ("dengji:fields.salt", "no-value"),
        ("dengji:fields.colour", "no-field"),
    } <= left(found)


def test_croissant_is_carried_over() -> None:
    """Croissant's terms become fields; the title in another language is left by name."""
    found = described("croissant.json")
    assert found.format == "croissant"
    assert found.mapping == {
        "dataName": "2025年青岛市机器人振动数据集",
        "summary": "关节振动时序。",
        "sector": ["工业制造"],
        "restrictions": [LICENCE],
        "form": ["表格"],
        "structure": ["结构化"],
        "volume": "1.2 TB, 1 file",
        "region": "青岛市",
        "regionCode": ["370200"],
        "regionScope": "市",
        "timeScope": "2023-01-01/2025-06-01",
    }
    assert left(found) == {
        ("creator", "person"),
        ("name", "other-language"),
        *((name, "no-field") for name in ("datePublished", "keywords", "url")),
        *((f"distribution[].{key}", "content") for key in _OF_FILES),
        ("recordSet", "content"),
    }


@pytest.mark.parametrize("name", ["dcat.ttl", "dcat.rdf", "dcat.jsonld"])
def test_dcat_is_carried_over_from_each_syntax(name: str) -> None:
    """Turtle, RDF/XML and JSON-LD of one dataset say the same."""
    found = described(name)
    assert found.format == "dcat"
    assert found.mapping == {
        "dataName": "2025年四川省冰雹指数",
        "summary": "Hail index by township.",
        "catalogId": "510000-7-000001",
        "accessMode": "authorised",
        "updateFrequency": "日",
        "region": "四川省",
        "regionCode": ["510000"],
        "regionScope": "省",
        "timeScope": "2025-01-01/2025-12-31",
        "restrictions": [LICENCE],
        "form": ["表格"],
        "structure": ["结构化"],
        "volume": "2.05 kB, 1 file",
        "sector": ["气象服务"],
    }
    assert left(found) == {
        ("dct:issued", "no-field"),
        ("dct:publisher", "person"),
        ("dct:title", "other-language"),
        ("dcat:keyword", "no-field"),
        ("dcat:distribution.dcat:downloadURL", "content"),
    }


NAMELESS = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<urn:x> a dcat:Dataset ; dct:title "Plots" ; dct:spatial [ dct:x 1 ] , [ dct:title "Qingdao" ] ;
  dct:license [ ] ; dct:temporal [ ] ; dct:accrualPeriodicity [ ] ; dcat:theme [ ] ;
  dct:accessRights [ ] ; dct:publisher [ ] ; dcat:distribution [ dct:format [ ] ; dct:x [ ] ] .
"""


def test_what_nobody_names_is_left() -> None:
    """A node without a name or label is left as such: no reader's own name of it is taken over."""
    found, again = (read(NAMELESS, file="x.ttl") for _ in range(2))
    assert (found.mapping, found.unmapped) == (again.mapping, again.unmapped)
    assert found.mapping["region"] == "Qingdao"
    assert "restrictions" not in found.mapping
    assert {("dct:spatial", "no-value"), ("dct:license", "no-value")} <= left(found)
    assert {one.value for one in found.unmapped if one.reason == "no-value"} == {""}


@pytest.mark.parametrize("name", sorted(path.name for path in GIVEN.iterdir()))
def test_what_is_carried_over_is_valid(name: str) -> None:
    """Whatever a reader takes over is a good document of ours."""
    assert problems(described(name).mapping, None) == []


def test_long_names_are_shortened_and_said() -> None:
    """What does not fit is cut, and stands whole in the report."""
    package = {"title": "数" * 50, "description": "x" * 500, "resources": []}
    found = read(json.dumps(package).encode(), file="x")
    assert (len(found.mapping["dataName"]), len(found.mapping["summary"])) == (40, 400)
    assert [(one.where, one.value[:50]) for one in found.unmapped if one.reason == "shortened"] == [
        ("description", "x" * 50),
        ("title", "数" * 50),
    ]


def test_every_value_of_a_data_package_is_somewhere() -> None:
    """No property of a package is dropped unsaid: it is in a field or in the report."""
    package = {f"key{i}": f"value{i}" for i in range(30)} | {"title": "t", "resources": [{"a": 1}]}
    found = read(json.dumps(package).encode(), file="x")
    assert len(found.unmapped) == 31


def test_a_service_is_delivered_by_an_interface() -> None:
    """A DCAT data service is a service with an interface."""
    turtle = b"""@prefix dcat: <http://www.w3.org/ns/dcat#> .
    @prefix dct: <http://purl.org/dc/terms/> .
    <urn:x> a dcat:DataService ; dct:title "s" ; dcat:endpointURL <http://e.org> ."""
    found = read(turtle, file="x")
    assert found.mapping == {"dataName": "s", "kind": "service", "deliveryMode": ["API"]}
    assert left(found) == {("dcat:endpointURL", "no-field")}


@pytest.mark.parametrize(
    ("raw", "form"),
    [
        (b'dataName = "x"', "toml"),
        (b"# a comment\n[[attachments]]\n", "toml"),
        (b"[[attachments]]\n", "toml"),
        (b'{"dataName": "x"}', "json"),
        (b'\xef\xbb\xbf{"dataName": "x"}', "json"),
        (b'{"resources": []}', "datapackage"),
        (b'{"@context": {"@vocab": "https://schema.org/"}, "@type": "Dataset"}', "croissant"),
    ],
)
def test_the_format_is_told_by_the_content(raw: bytes, form: str) -> None:
    """No name or ending is needed to tell the formats apart."""
    assert form in FORMATS
    assert read(raw, file="x").format == form


def test_a_format_can_be_forced() -> None:
    """What a person says it is, it is read as."""
    assert read(b'{"resources": []}', file="x", form="json").mapping == {"resources": []}
    assert refused(b"{}", "toml").startswith("not-toml:")


def test_dots_in_texts_are_no_depth() -> None:
    """Only keys are counted, not what their values say."""
    long = ".".join("abc" for _ in range(90))[:200]
    assert read(f"summary = \"{long}\"\nregion = '{long}'".encode(), file="x").format == "toml"


def test_a_thousand_faults_are_not_all_told() -> None:
    """After a hundred faults one says that there are more."""
    found = problems({f"f{i}": i for i in range(1000)}, None)
    assert len(found) == 101
    assert found[-1]["problem"] == "more-faults"


def test_days_in_toml_are_days() -> None:
    """A day that TOML writes without quotes is the day."""
    assert read(b"operatingSince = 2026-11-22", file="x").mapping == {
        "operatingSince": "2026-11-22"
    }


def _nested(depth: int) -> bytes:
    return b'{"x":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" " * (MAX_BYTES + 1), "too-many-bytes"),
        (b"x = 1\n" + b"#" * (1 << 18), "too-many-bytes"),
        (_nested(40), "too-deep"),
        (_nested(100_000), "too-deep"),
        (b"x = " + b"[" * 100_000, "too-deep"),
        (b"a." * 60_000 + b"b = 1", "too-deep"),
        (b"[" + b" 'a' . " * 60 + b"b]", "too-deep"),
        (b'{"a": 1, "a": 2}', "double-key:a"),
        (b'{"a": NaN}', "no-number:NaN"),
        (b"[{}, 2]", "not-json-object"),
        (b"{", "not-json-line"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not-json"),
        (b"\xff\xfe = 1", "not-utf-8"),
        (b"a = 1\na = 2", "not-toml"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_hostile_documents_are_refused(raw: bytes, reason: str) -> None:
    """Too long, too deep, double or half documents are refused, and nothing falls over."""
    assert refused(raw).startswith(reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b'{"@context": "http://evil.example/c", "@type": "dcat:Dataset"}', "remote-context"),
        (
            b'{"@context": {"x": {"@id": "y", "@context": "http://e.example"}}, "@type": "dcat:x"}',
            "remote-context",
        ),
        (
            b'{"@context": {"@import": "http://e.example"}, "@type": "dcat:Dataset"}',
            "remote-context",
        ),
        (
            b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF/>',
            "document-type",
        ),
        (b"<?xml version='1.0'?>" + b"<a>" * 300_000, "too-deep"),
        (b"<?xml version='1.0'?>" + b"<a/>" * 300_000, "too-many-bytes"),
        (b"@prefix a: <http://a> .\n" + b"[" * 1000, "too-deep"),
        (b"@prefix a: <http://a> .\n a:b a:c", "not-rdf"),
        (b"<rdf:RDF xmlns:rdf='x'>", "not-rdf"),
        (b"@prefix a: <http://a#> .\n a:b a a:c .", "no-dataset"),
        (
            b"@prefix d: <http://www.w3.org/ns/dcat#> .\n d:a a d:Dataset . d:b a d:Dataset .",
            "several-datasets:2",
        ),
    ],
    ids=lambda value: str(value)[:20],
)
def test_dcat_fetches_nothing_and_is_bounded(raw: bytes, reason: str) -> None:
    """Contexts elsewhere, document types, depth and nonsense are refused by name."""
    assert refused(raw).startswith(reason)


def test_a_known_context_is_not_fetched() -> None:
    """The W3C's own context for DCAT stands for its terms, without the network."""
    document = {
        "@context": "https://www.w3.org/ns/dcat3.jsonld",
        "@id": "urn:x",
        "@type": "dcat:Dataset",
        "title": "t",
        "keyword": "气象服务",
    }
    found = read(json.dumps(document).encode(), file="x")
    assert found.mapping == {"dataName": "t", "sector": ["气象服务"]}


def test_without_rdflib_dcat_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is missing, the error names it."""
    import sys  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, "rdflib", None)
    with pytest.raises(ExtraMissing) as caught:
        metadata_dcat.carry(b"", None, "x")
    assert (caught.value.extra, caught.value.package) == ("dcat", "rdflib")


def test_documents_named_as_files_are_digested(tmp_path: Path) -> None:
    """A file in place of a digest is read from the description's folder."""
    (tmp_path / "id.pdf").write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    mapping: dict[str, Any] = {
        "attachments": [{"kind": "identity", "file": "id.pdf"}, "odd"],
        "rights": [{"proofFile": "id.pdf"}],
        "securityRiskAssessmentFile": "id.pdf",
    }
    assert with_digests(mapping, tmp_path) == {
        "attachments": [{"kind": "identity", "sha256": digest}, "odd"],
        "rights": [{"proofHash": digest}],
        "securityRiskAssessment": digest,
    }


@pytest.mark.parametrize("name", ["/etc/hostname", "../x", "missing", ".", "link", "a\0b"])
def test_only_files_of_the_folder_are_read(tmp_path: Path, name: str) -> None:
    """A description cannot reach files outside its folder, nor what is no file."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "x").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "x")
    with pytest.raises(MetadataUnreadable):
        digest_of(name, folder)


def test_a_description_is_found_beside_the_data(tmp_path: Path) -> None:
    """One well-known name is taken; none or several are refused by name."""
    data = tmp_path / "data.csv"
    data.write_text("x")
    with pytest.raises(MetadataUnreadable, match=r"metadata\.toml"):
        find_beside(data)
    (tmp_path / "datapackage.json").write_text("{}")
    assert find_beside(data) == find_beside(tmp_path) == tmp_path / "datapackage.json"
    (tmp_path / "metadata.toml").write_text("")
    with pytest.raises(MetadataUnreadable, match="several"):
        find_beside(data)


def test_a_whole_application_is_read_as_its_form() -> None:
    """What is kept at home of an application, and handed to the registrar, is its form again."""
    form = {"dataName": "x", "form": ["表格"]}
    kept = json.dumps({"profile": "PROPERTY", "form": form}).encode()
    assert read(kept, file="kept.json").mapping == form
    assert read(json.dumps(form).encode(), file="own.json").mapping == form


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": [' + b"[]," * 40 + b'"' + b'\\"' * 400_000,
        b"\n" * 2_000_000,
        b" " * 2_000_000,
        b"\n" * 2_000_000 + b"x",
        b"a" * 250_000,
        b'# "\n' + b"a." * 100_000 + b'a = 1\n# "\n',
        b"@prefix a: <b> .\n" + b"<" * 900_000,
        b"@prefix a: <b> .\n" + b'"\\' * 400_000,
        b"{" + b",".join(b'"%d":1' % number for number in range(200_000)) + b',"0":2}',
        b"{" + b'"a":{' * 30 + b'"a":1,"a":2' + b"}" * 31,
    ],
)
def test_what_repeats_without_end_is_refused_in_time(raw: bytes) -> None:
    """The time to refuse a document grows with its length, whatever it repeats."""
    started = time.process_time()
    assert refused(raw)
    assert time.process_time() - started < 20


def test_a_document_named_in_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    """A file that is a link to itself is none of the folder's."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for named in ("loop", "loop/x", "a\0b"):
        with pytest.raises(MetadataUnreadable):
            digest_of(named, tmp_path)
