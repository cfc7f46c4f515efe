"""Test what is given on the command line: empty, out of range, endless, in an odd locale."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import clause_options
from registry.archive import Archive
from registry.errors import MetadataUnreadable, SettingsUnreadable

Dengji = Callable[..., Any]

ROOT = Path(__file__).parents[2]
PRODUCT = "0x" + "11" * 20
PARTY = "0x" + "22" * 8
PROPOSE = ["grant", "propose", PRODUCT, "--out", "offer.json"]
ISSUE = ("grant", "issue", PRODUCT, "--to", PARTY, "--action", "READ", "--purpose", "RESEARCH")
CHECK = ("check", PRODUCT, "--grantee", PARTY, "--action", "READ", "--purpose", "RESEARCH")


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        (["register", ""], "PATH"),
        (["verify", ""], "PATH"),
        (["product", "update", PRODUCT, ""], "PATH"),
        (["register", "data", "--metadata", ""], "--metadata"),
        (["verify", "data", "--manifest="], "--manifest"),
        ([*ISSUE, "--text", ""], "--text"),
        (["party", "suspend", PARTY, "--evidence", ""], "--evidence"),
        (["account", "import", ""], "FILE"),
        (["config", "show", "--home", ""], "--home"),
        (["config", "show", "--password-file", ""], "--password-file"),
    ],
)
def test_an_empty_path_is_no_folder(dengji: Dengji, arguments: list[str], parameter: str) -> None:
    """What a variable that is not set leaves behind is refused, not taken for the folder here."""
    ran = dengji(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "empty-value")
    assert ran.json["error"]["fields"] == {"parameter": parameter}
    assert f"{parameter} is empty" in dengji(*arguments).err


@pytest.mark.parametrize(
    "command", [("grant", "propose", PRODUCT, "--out", "offer.json"), ("grant", "counter", "file")]
)
@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        (("--unit-price", "80"), "--price"),
        (("--cap-price", "0"), "--price"),
        (("--currency", "840"), "--price"),
        (("--per-period", "5/1d"), "--quota"),
    ],
)
def test_a_part_of_a_clause_is_not_dropped_silently(
    dengji: Dengji, command: tuple[str, ...], typed: tuple[str, str], whole: str
) -> None:
    """Typed without the option that it belongs to it is refused, before anything is looked for."""
    ran = dengji(*command, *typed, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "options-unfit")
    fields = {"rule": "together", "options": [whole, typed[0]]}
    assert ran.json["error"]["fields"] == fields
    assert "they belong together" in dengji(*command, *typed).err


@pytest.mark.parametrize(
    ("arguments", "given", "bounds"),
    [
        ([*ISSUE, "--notice-days", "64"], "64", "0..63"),
        (["register", "data", "--salt", "-1"], "-1", f"0..{2**64 - 1}"),
        (["product", "list", "--limit", "0"], "0", "1.."),
        ([*CHECK, "--amount", "-1"], "-1", "0.."),
        ([*CHECK, "--version", "700000"], "700000", "0..65535"),
        (["chain", "up", "--port", "80000"], "80000", "1..65535"),
        (["product", "list", "--limit", "a 'few'"], "a 'few'", "1.."),
    ],
)
def test_a_number_out_of_range(
    dengji: Dengji, arguments: list[str], given: str, bounds: str
) -> None:
    """The refusal repeats the number and says which ones can be."""
    ran = dengji(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (2, "bad-value")
    fields = ran.json["error"]["fields"]
    assert (fields["given"], fields["allowed"]) == (given, [bounds])
    prose = dengji(*arguments).err
    assert f"cannot be {given}" in prose
    assert f"a whole number within {bounds}" in prose


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["register", "data", "--metadata", "/dev/zero"], "file-too-long"),
        (["party", "suspend", PARTY, "--evidence", "/dev/zero"], "file-too-long"),
        (["account", "new", "--password-file", "/dev/zero"], "password-file-unusable"),
        (["account", "import", "/dev/zero", "--password-file", "password"], "keystore-malformed"),
    ],
)
def test_a_file_without_end(
    dengji: Dengji, tmp_path: Path, arguments: list[str], code: str
) -> None:
    """Small files are read up to a bound."""
    (tmp_path / "password").write_text("secret\n")
    ran = dengji(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, code)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([*PROPOSE, "--quota", "5 apples"], "quota-malformed"),
        ([*PROPOSE, "--quota", "CALL"], "quota-malformed"),
        (["grant", "sign", "offer.json", "--signature", "0xzz"], "signature-malformed"),
        (["grant", "sign", "offer.json", "--signature", "0x"], "signature-malformed"),
        (["batch", "show", "0x" + "zz" * 32], "digest-malformed"),
        (["batch", "show", "0x" + "ab" * 31], "digest-malformed"),
        (["batch", "show", "ab " * 32], "digest-malformed"),
    ],
)
def test_words_that_mean_nothing(dengji: Dengji, arguments: list[str], code: str) -> None:
    """An amount without a unit and digits that are none are refused before anything is asked."""
    ran = dengji(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, code)


@pytest.mark.parametrize("content", ["", "{", "nothing", "[" * 5000, "[" * 5000 + "]" * 5000])
def test_a_policy_that_is_no_json(tmp_path: Path, content: str) -> None:
    """A policy that cannot be read is told by its file, however deep it pretends to be."""
    file = tmp_path / "policy.json"
    file.write_text(content)
    with pytest.raises(MetadataUnreadable) as caught:
        clause_options.document(None, file, None)
    assert (caught.value.file, caught.value.reason) == (str(file), "not-json")


def test_a_password_from_a_pipe(home: Path) -> None:
    """A password file may be a pipe, which cannot be read twice."""
    environ = {**os.environ, "DENGJI_HOME": str(home), "DENGJI_LANG": "en"}
    command = f"echo secret | {sys.executable} -m cli account new --password-file /dev/stdin"
    ran = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environ, timeout=300, check=False)
    assert ran.returncode == 0
    assert len(list((home / "keystore").iterdir())) == 1


def test_importing_looks_before_it_asks(dengji: Dengji) -> None:
    """A keystore that is not there is said so before its password is asked for."""
    ran = dengji("account", "import", "nowhere", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "content-missing")


def test_importing_a_secret_needs_a_terminal(dengji: Dengji) -> None:
    """No option stands for typing a key: the hint names none that would change nothing."""
    ran = dengji("account", "import", "--yes", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "secret-needed")
    assert "--yes" not in ran.json["error"]["hint"]


@pytest.mark.parametrize("action", ["READ,QUERY", "REED", "x"])
def test_an_unknown_word_lists_all_that_are_known(dengji: Dengji, action: str) -> None:
    """The hint says which the words are, and leaves none out."""
    ran = dengji(*CHECK[:5], action, *CHECK[6:], "--json")
    known = ran.json["error"]["fields"]["known"]
    assert {"READ", "QUERY", "TRAIN"} <= set(known)
    assert len(known) == len(set(known)) > 5
    if action == "REED":
        assert known[0] == "READ"


def test_an_empty_home_has_no_chain(dengji: Dengji, home: Path) -> None:
    """A question at an empty home is answered with what begins a chain, not with chain 0."""
    ran = dengji("product", "list", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "dev-chain-absent")
    assert ran.json["error"]["fields"] == {"home": str(home)}
    assert "chain 0" not in dengji("product", "list").err


@pytest.mark.parametrize("content", ["", '{"31337:', "[]"])
def test_a_torn_record_of_deployments(home: Path, content: str) -> None:
    """A damaged record of where contracts are is named; it is no fault of dengji."""
    home.mkdir()
    (home / "deployments.json").write_text(content)
    with pytest.raises(SettingsUnreadable) as caught:
        Archive(home).directory_of(31337, bytes(32))
    assert caught.value.file == str(home / "deployments.json")


def test_a_name_in_utf_8_whatever_the_locale(home: Path, tmp_path: Path) -> None:
    """A file name in UTF-8 is one under the locale C too: the node is asked about the content."""
    (tmp_path / "数据.csv").write_text("1,2\n")
    environ = {**os.environ, "DENGJI_HOME": str(home), "LC_ALL": "C", "PYTHONUTF8": "0"}
    node = ["--rpc", "http://127.0.0.1:9", "--directory", "0x" + "44" * 20]
    ran = subprocess.run(
        [sys.executable, "-m", "cli", "verify", str(tmp_path / "数据.csv"), *node],
        cwd=ROOT,
        env=environ | {"DENGJI_LANG": "en"},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 4, ran.stderr
    assert b"cannot be reached" in ran.stderr or b"node" in ran.stderr


def test_a_description_in_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    """Content is described by the same name under every locale, so that its hash is the same."""
    (tmp_path / "数据.csv").write_text("1,2\n")
    line = (
        "import pathlib, sys; from registry.domain.metadata import Metadata;"
        "named = Metadata.named_after(pathlib.Path(sys.argv[1]));"
        "print(ascii(named.data_name))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", line, str(tmp_path / "数据.csv")],
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.stdout.strip() == ascii("数据.csv"), ran.stderr
