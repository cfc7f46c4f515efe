"""`dengji metadata`, and descriptions from files and flags."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.metadata_template import ORDER, template_of
from cli.schema import RESULTS, problems
from registry import messages
from registry.domain.application import DOCUMENT
from registry.domain.ids import ProductId
from registry.domain.product import Profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run

TESTS = Path(__file__).parents[1]
STORY = str(TESTS / "applications" / "hail_index.toml")
NODE = ["--rpc", "http://127.0.0.1:9", "--directory", "0x" + "44" * 20]


def test_check_says_what_becomes_public(dengji: Callable[..., Run]) -> None:
    """A whole application is answered with its public part, and the names of what is kept back."""
    ran = dengji("metadata", "check", STORY, "--profile", "property", "--json")
    assert ran.code == 0, ran.err
    result = ran.json["result"]
    assert problems(RESULTS["metadata.check"], result) == []
    assert result["kept_back"] == ["applicants", "rights", "securityClass", "confidentialSalt"]
    assert result["public"]["dataName"] == "2025年四川省冰雹指数接口"
    assert "郑示例" not in ran.out


def test_check_is_the_same_every_time(dengji: Callable[..., Run], home: Path) -> None:
    """One home gives one form one hash; the secret behind it is the owner's alone to read."""
    first, second = (dengji("metadata", "check", STORY, "--json").json["result"] for _ in range(2))
    assert first == second
    assert (home / "applications" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (home / "applications").iterdir()] == ["secret"]


def test_all_faults_are_listed(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """Prose has one line for each fault, JSON an object for each."""
    (tmp_path / "m.toml").write_text('dataName = "x"\nsumary = "y"\nform = ["smell"]\nkind = "api"')
    ran = dengji("metadata", "check", "m.toml")
    assert ran.code == 3
    assert ran.err.splitlines()[0] == "dengji: The description has 3 faults:"
    assert (
        ran.err.splitlines()[1] == "  - sumary: there is no such field (y); did you mean summary?"
    )
    assert "资源" not in ran.err
    faults = dengji("metadata", "check", "m.toml", "--json").json["error"]["fields"]["problems"]
    assert [(one["field"], one["nearest"]) for one in faults] == [
        ("sumary", "summary"),
        ("form[0]", ""),
        ("kind", ""),
    ]


def test_faults_cannot_forge_lines(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """What a document holds is shown without the characters that steer a terminal."""
    (tmp_path / "m.json").write_text(json.dumps({"dataName": "x", "a\n- b\x1b[31m": "c\nd"}))
    shown = dengji("metadata", "check", "m.json").err
    assert "\x1b" not in shown
    assert len(shown.splitlines()) == 2


def test_unmapped_is_said_on_stderr_and_in_json(dengji: Callable[..., Run]) -> None:
    """What another format says and the form has no place for is never dropped unsaid."""
    ran = dengji("metadata", "check", str(TESTS / "descriptions" / "datapackage.json"), "--json")
    assert "Not taken over: contributors (people are not taken over; 1 value)" in ran.err
    told = {one["where"]: one["reason"] for one in ran.json["result"]["unmapped"]}
    assert told["resources[].schema"] == "content"


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("profile", [Profile.OPEN, Profile.PROPERTY, Profile.PUBLIC])
def test_the_template_is_toml_with_every_field(lang: str, profile: Profile) -> None:
    """With its signs of comment taken off, the template is a document of all fields."""
    lines = template_of(profile, lang).splitlines()
    bare = [line[2:] for line in lines if re.match(r"# (\w+ = |\[\[)", line)]
    found = tomllib.loads("\n".join(bare))
    assert list(found) == list(ORDER)
    assert tomllib.loads("\n".join(lines)) == {}
    assert set(DOCUMENT) - set(ORDER) == {"salt", "confidentialHash", "confidentialSalt"}


def test_lists_of_codes_are_searched(dengji: Callable[..., Run]) -> None:
    """A region or industry is found by its name in either language, or its code."""
    assert "410100  郑州市" in dengji("metadata", "words", "region", "郑州市").out
    assert "J68" in dengji("metadata", "words", "industry", "insurance").out
    assert "数据元件" in dengji("metadata", "words", "product_kind").out


def test_flags_come_before_the_file(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """A field that is set wins over the file's; lists take several; a node is not even asked."""
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "m.toml").write_text('dataName = "x"\nindustry = "A99"')
    ran = dengji("register", "a.csv", "--metadata", "m.toml", *NODE)
    assert (ran.code, "A99" in ran.err) == (3, True)
    fixed = ("--set", "industry=A01", "--set", "form=表格", "--set", "form=文本")
    assert dengji("register", "a.csv", "--metadata", "m.toml", *fixed, *NODE).code == 4
    assert dengji("register", "a.csv", "--set", "industry", *NODE).code == 2


def test_a_whole_application_is_kept_and_a_half_one_refused(
    dengji: Callable[..., Run], tmp_path: Path, home: Path
) -> None:
    """Under PROPERTY what is missing is said, and what is whole is kept; then the node is asked."""
    (tmp_path / "a.csv").write_text("x")
    half = dengji("register", "a.csv", "--profile", "property", "--json", *NODE)
    assert half.json["error"]["code"] == "metadata-invalid"
    assert not (home / "applications").exists()
    whole = dengji(
        *("register", "a.csv", "--profile", "PROPERTY", "--metadata", STORY, "--json", *NODE)
    )
    assert whole.code == 4
    (kept,) = (home / "applications").glob("*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())["form"]["applicants"][0]["contact"] == "郑示例"


def test_origins_are_the_forms_sources(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """Derived data need not say twice what it was made of."""
    (tmp_path / "a.csv").write_text("x")
    product = str(ProductId.of(7))
    story = str(TESTS / "applications" / "crop_forecast.toml")
    given = ["a.csv", "--profile", "property", "--metadata", story, "--set", f"basis={product}"]
    missing = dengji("register", *given, "--json", *NODE).json["error"]["fields"]["problems"]
    assert [one["problem"] for one in missing] == ["needs-sources"]
    assert dengji("register", *given, "--from", product, *NODE).code == 4


def test_beside_the_data_only_when_asked(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """A description beside the data is taken when it is asked for, and not otherwise."""
    (tmp_path / "a.csv").write_text("x")
    (tmp_path / "metadata.toml").write_text('bogus = "x"')
    assert dengji("register", "a.csv", *NODE).code == 4
    ran = dengji("register", "a.csv", "--find-metadata", *NODE)
    assert ran.code == 3
    assert "bogus" in ran.err


def test_a_form_needs_a_terminal(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """Without a terminal nobody is asked."""
    (tmp_path / "a.csv").write_text("x")
    ran = dengji("register", "a.csv", "--form", "--json", *NODE)
    assert ran.json["error"]["code"] == "terminal-needed"
    assert ran.code == 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_description_in_another_encoding(
    dengji: Callable[..., Run], tmp_path: Path, lang: str
) -> None:
    """Who wrote a form in GBK is told to write it in UTF-8, and may keep to TOML."""
    (tmp_path / "form.toml").write_bytes('dataName = "数据"\n'.encode("gbk"))
    ran = dengji("metadata", "check", "form.toml", "--lang", lang)
    assert ran.code == 3
    _, hint = ran.err.splitlines()
    assert "UTF-8" in hint
    assert "TOML" in hint
