"""Test the reading of tables: every kind, every fault named at its line, and no traceback."""

from __future__ import annotations

import json
import subprocess
import sys
import unittest.mock
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain import code_lists
from registry.domain.ids import ProductId
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.product import ParticularFlag
from registry.domain.table import COLUMNS, Defaults, Row, rows
from registry.domain.table_records import MAX_LINE_BYTES, SHOWN, Faults
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.errors import ContentMissing, FileUnreadable, TableInvalid

if TYPE_CHECKING:
    from pathlib import Path

    from registry.errors import Flaw

ROOT, HASH = "11" * 32, "22" * 32


def read(table: Path, defaults: Defaults | None = None) -> list[Row]:
    """Return the rows of a table, or raise with its faults."""
    faults = Faults()
    found = list(rows(table, faults, defaults or Defaults()))
    faults.close(table)
    return found


def refused(table: Path) -> list[Flaw]:
    """Return the faults of a table."""
    with pytest.raises(TableInvalid) as caught:
        read(table)
    assert caught.value.count >= len(caught.value.problems)
    return caught.value.problems


def told(table: Path) -> list[tuple[object, ...]]:
    """Return line, column and problem of each fault."""
    return [(one["line"], one["field"], one["problem"]) for one in refused(table)]


def written(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    """Return a table with this text."""
    table = folder / name
    table.write_bytes(text.encode() if isinstance(text, str) else text)
    return table


def test_csv_in_any_order_of_columns_with_a_mark(tmp_path: Path) -> None:
    """Columns stand in any order, blank lines are none, and the byte order mark is no name."""
    text = "\ufeffsalt,path,rights,class,source,dataName\r\n7,a,HOLD; use,important,,名称\r\n\r\n"
    text += ",b,,,CRAWLED,\r\n"
    table = written(tmp_path, text.replace("b,,", "b,HOLD,"))
    first, second = read(table)
    assert (first.line, first.path, first.salt) == (2, tmp_path / "a", 7)
    assert first.rights == Right.HOLD | Right.USE
    assert first.security_class is SecurityClass.IMPORTANT
    assert first.metadata == Metadata(data_name="名称")
    assert first.described
    assert (second.line, second.source, second.rights) == (4, Source.CRAWLED, Right.HOLD)
    assert (second.metadata, second.security_class, second.described) == (None, None, False)


def test_a_cell_takes_several_values(tmp_path: Path) -> None:
    """Between semicolons, or as a JSON list where a value has one; a record is written in JSON."""
    document = json.dumps([{"kind": "other", "sha256": HASH}]).replace('"', '""')
    text = f'path,form,restrictions,attachments\na,text; image,"[""x; y"", ""z""]","{document}"\n'
    (row,) = read(written(tmp_path, text))
    assert row.metadata is not None
    assert [one.name for one in row.metadata.form] == ["TEXT", "IMAGE"]
    assert row.metadata.restrictions == ("x; y", "z")
    assert row.metadata.attachments[0].sha256 == bytes.fromhex(HASH)
    assert row.metadata.data_name == "a"


def test_a_record_over_several_lines_stands_where_it_begins(tmp_path: Path) -> None:
    """A quoted cell may break lines; a fault after it has the line that an editor shows."""
    text = 'path,summary,salt\na,"one\ntwo",\nb,,x\n'
    assert told(written(tmp_path, text)) == [("4", "salt", "malformed")]


def test_json_lines_with_types(tmp_path: Path) -> None:
    """Values have JSON's types, null is nothing, and blank lines are none."""
    lines = [
        {"path": "a", "rights": ["HOLD", "USE"], "salt": 5, "dataName": None, "regionCode": []},
        {"content_root": "0x" + ROOT, "metadata_hash": HASH, "nonSubstituting": True},
    ]
    text = "\n\n".join(json.dumps(one) for one in lines)
    first, second = read(written(tmp_path, text, "t.jsonl"))
    assert (first.rights, first.salt, first.metadata) == (Right.HOLD | Right.USE, 5, None)
    assert (second.line, second.path) == (3, None)
    assert (second.content_root, second.metadata_hash) == (b"\x11" * 32, b"\x22" * 32)
    assert second.flags == ParticularFlag.NON_SUBSTITUTING
    assert second.described
    # Without its ending it is known by its first character.
    assert len(read(written(tmp_path, text, "t.txt"))) == 2


def test_each_entry_of_a_folder_is_a_product(tmp_path: Path) -> None:
    """Files and folders in byte order of their names, but none that begins with a dot."""
    for name in ("b", ".git", "a"):
        (tmp_path / name).mkdir()
    (tmp_path / "c.csv").write_text("1")
    found = read(tmp_path)
    assert [(one.line, one.path) for one in found] == [
        (1, tmp_path / "a"),
        (2, tmp_path / "b"),
        (3, tmp_path / "c.csv"),
    ]


def test_a_series_and_a_locator_are_told(tmp_path: Path) -> None:
    """Both mean what the options do; what the ledger would not take is a fault of its row."""
    series = ProductId(b"\x07" * 20)
    text = f"path,series,locator\na,{series},https://data.example/a?b=%E5\nb,,\n"
    first, second = read(written(tmp_path, text), Defaults(series=ProductId(b"\x08" * 20)))
    assert (first.series, first.locator) == (series, "https://data.example/a?b=%E5")
    assert (second.series, second.locator) == (ProductId(b"\x08" * 20), "")
    bad = f"path,series,locator\na,product1x,\nb,,a b\nc,,é\nd,,{'x' * 513}\n"
    assert [one[:2] for one in told(written(tmp_path, bad))] == [
        ("2", "series"),
        ("3", "locator"),
        ("4", "locator"),
        ("5", "locator"),
    ]


def test_defaults_hold_where_a_row_says_nothing(tmp_path: Path) -> None:
    """What is declared of the table gives way to what a row says."""
    defaults = Defaults(
        rights=Right.HOLD,
        security_class=SecurityClass.CORE,
        source=Source.CRAWLED,
        description={"summary": "all", "region": "here"},
    )
    first, second = read(written(tmp_path, "path,class,summary\na,,\nb,GENERAL,own\n"), defaults)
    assert (first.rights, first.security_class, first.source) == (
        Right.HOLD,
        SecurityClass.CORE,
        Source.CRAWLED,
    )
    assert first.metadata == Metadata(data_name="a", summary="all", region="here")
    assert second.security_class is SecurityClass.GENERAL
    assert second.metadata == Metadata(data_name="b", summary="own", region="here")


def test_a_description_is_that_of_a_single_registration(tmp_path: Path) -> None:
    """The hash of a row's description is that of the same fields given as flags."""
    (row,) = read(written(tmp_path, "path,dataName,industry,form\na,x,A01,text\n"))
    fields = {"dataName": "x", "industry": "A01", "form": ["text"]}
    assert row.metadata is not None
    assert metadata_hash(row.metadata) == metadata_hash(Metadata.from_mapping(fields))


def test_all_bad_rows_are_named(tmp_path: Path) -> None:
    """Each fault has its line, its column and its problem, whatever else is wrong."""
    text = (
        "path,content_root,metadata_hash,rights,class,source,salt,dataName,agreedRights\n"
        f",{ROOT},,,,,,,\n"
        "a,,,USE,,,,,\n"
        "a,,,,secret,,,,\n"
        "a,,,,,derived,,,\n"
        "a,,,,,crawled,,,\n"
        "a,,,,,,-1,,\n"
        ",,,,,,,x,\n"
        f"a,{ROOT},,,,,,,\n"
        f",{ROOT},{HASH},,,,,x,\n"
        f",{'0' * 64},{HASH}f,,,,,,\n"
        "a,b\n"
        f"a,,,,,,,{'x' * 41},maybe\n"
    )
    assert told(written(tmp_path, text)) == [
        ("2", "metadata_hash", "missing"),
        ("3", "rights", "needs-hold"),
        ("4", "class", "not-allowed"),
        ("5", "source", "needs-sources"),
        ("6", "rights", "beyond-source"),
        ("7", "salt", "malformed"),
        ("8", "path", "missing"),
        ("9", "content_root", "not-with"),
        ("10", "dataName", "not-with"),
        ("11", "content_root", "malformed"),
        ("11", "metadata_hash", "malformed"),
        ("12", "", "other-cells"),
        ("13", "dataName", "too-long"),
        ("13", "agreedRights", "wrong-type"),
    ]


def test_an_unknown_column_is_said_once_with_the_nearest(tmp_path: Path) -> None:
    """The header says it once for CSV; the rows are looked at all the same."""
    found = refused(written(tmp_path, "path,Rights,path\na,HOLD,\nb,\n"))
    assert [(one["line"], one["field"], one["problem"]) for one in found] == [
        ("1", "Rights", "unknown-field"),
        ("1", "path", "duplicate"),
        ("3", "", "other-cells"),
    ]
    assert found[0]["nearest"] == "rights"
    lines = '{"path": "a", "pfad": 1}\n{"path": 1}\n'
    assert told(written(tmp_path, lines, "t.jsonl")) == [
        ("1", "pfad", "unknown-field"),
        ("2", "path", "wrong-type"),
    ]
    assert refused(written(tmp_path, lines, "t.jsonl"))[1]["allowed"] == ["text"]


def test_deep_rows_end_no_process(tmp_path: Path) -> None:
    """Where another package has raised the recursion limit, brackets do not exhaust the stack."""
    brackets = "[" * 100_000
    tables = [
        written(tmp_path, brackets, "t.jsonl"),
        written(tmp_path, f"path,form\na,{brackets}\n"),
    ]
    script = (
        "import pathlib, sys; sys.setrecursionlimit(10**6)\n"
        "from registry.domain.table import rows\n"
        "from registry.domain.table_records import Faults\n"
        "for name in sys.argv[1:]:\n"
        "    faults = Faults()\n"
        "    found = list(rows(pathlib.Path(name), faults))\n"
        "    print(len(found), faults.count)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *map(str, tables)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, "0 1\n0 1\n"), ran.stderr


def test_what_is_no_table_is_told(tmp_path: Path) -> None:
    """Bytes of another encoding, broken quotes, lines without end, JSON that is none."""
    assert told(written(tmp_path, "path\n名".encode("gbk"))) == [("2", "", "text-not-utf-8")]
    assert told(written(tmp_path, "名".encode("gbk"))) == [("1", "", "text-not-utf-8")]
    assert told(written(tmp_path, 'path\n"a"b\nc,d\n')) == [
        ("2", "", "not-csv"),
        ("3", "", "other-cells"),
    ]
    endless = b"path\n" + b"x" * (2 * MAX_LINE_BYTES) + b"\na,b\n"
    assert told(written(tmp_path, endless)) == [
        ("2", "", "line-too-long"),
        ("3", "", "other-cells"),
    ]
    lines = '{"path": "a", "path": "b"}\n[1]\n{"salt": NaN}\n{\n' + "[" * 100_000
    assert told(written(tmp_path, lines, "t.jsonl")) == [
        ("1", "", "not-json"),
        ("2", "", "wrong-type"),
        ("3", "", "not-json"),
        ("4", "", "not-json"),
        ("5", "", "not-json"),
    ]
    for empty in ("", "\n\n", "path\n"):
        assert told(written(tmp_path, empty)) == [("1", "", "no-rows")]


def test_only_the_first_faults_are_named_and_all_counted(tmp_path: Path) -> None:
    """Of many faults those that stand first are named; the number is of all."""
    table = written(tmp_path, "path,salt\n" + "a,x\n" * 100)
    with pytest.raises(TableInvalid) as caught:
        read(table)
    assert caught.value.count == 100
    assert [one["line"] for one in caught.value.problems] == [str(2 + n) for n in range(SHOWN)]
    # What was probably meant is looked for among thousands of codes: not for what is not shown.
    codes = "path,regionCode\n" + "a,999999\n" * 2_000
    with unittest.mock.patch.object(code_lists, "nearest", wraps=code_lists.nearest) as counted:
        assert len(refused(written(tmp_path, codes))) == SHOWN
    assert counted.call_count <= SHOWN
    late = Faults()
    for line in range(100, 0, -1):
        late.refuse(line, "salt", "malformed")
    with pytest.raises(TableInvalid) as other:
        late.close(table)
    assert [one["line"] for one in other.value.problems] == [str(1 + n) for n in range(SHOWN)]


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """What is not there, and what is no file, is refused as such."""
    with pytest.raises(ContentMissing):
        read(tmp_path / "none.csv")
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(FileUnreadable):
        read(loop)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.lists(st.sampled_from(["", "a", '"', "\n", "\0", ",", "7", "HOLD", "[", "{}", "é"])),
            max_size=6,
        ).map(lambda found: ("path,salt,form\n" + "\n".join(map(",".join, found))).encode()),
    ),
    ending=st.sampled_from([".csv", ".jsonl"]),
)
def test_garbage_is_refused_and_never_a_fault_of_ours(
    tmp_path: Path, content: bytes, ending: str
) -> None:
    """Whatever the bytes, a table is read or refused with its faults."""
    table = written(tmp_path, content, "t" + ending)
    faults = Faults()
    found = list(rows(table, faults))
    assert found or faults.count
    if faults.count:
        assert str(refused(table))


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    record=st.dictionaries(st.one_of(st.sampled_from(COLUMNS), st.text(max_size=4)), _JSON),
    lone=st.dictionaries(st.sampled_from(["path", "region", "salt"]), st.just("\ud800")),
)
def test_any_json_is_read_or_refused(
    tmp_path: Path, record: dict[str, Any], lone: dict[str, str]
) -> None:
    """Values of any type in any column are rows or faults."""
    record |= lone
    table = written(tmp_path, json.dumps(record) + "\n", "t.jsonl")
    faults = Faults()
    found = list(rows(table, faults))
    assert bool(found) is not bool(faults.count)
