"""Test the boundary: usage, errors, languages and forms, without any chain."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli import config
from cli.session import Session

Dengji = Callable[..., Any]


def test_no_arguments_show_help(dengji: Dengji) -> None:
    """Without a command the help goes to stderr, with the code of wrong usage."""
    ran = dengji()
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: dengji" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "fields"),
    [
        (["chek"], "no-such-command", {"command": "chek", "close": ["check"]}),
        (["product", "shwo"], "no-such-command", {"command": "shwo", "close": ["show"]}),
        (["config", "show", "--jsn"], "no-such-option", None),
        (["check"], "missing-parameter", {"parameter": "PRODUCT"}),
        (["grant", "issue", "--to"], "option-needs-value", {"option": "--to"}),
        (["completion", "csh"], "bad-value", None),
        (["config", "show", "more"], "too-many-arguments", None),
        (["--lang", "fr", "config", "show"], "bad-value", None),
        ([], "missing-command", None),
    ],
)
def test_wrong_usage(
    dengji: Dengji, arguments: list[str], code: str, fields: dict[str, Any] | None
) -> None:
    """A wrong command line has exit code 2, a line with a hint, and a code in JSON."""
    ran = dengji("--json", *arguments)
    assert ran.code == 2
    assert ran.json["ok"] is False
    assert ran.json["error"]["code"] == code
    assert ran.json["error"]["hint"]
    if fields is not None:
        assert ran.json["error"]["fields"] == fields
    if arguments:
        prose = dengji(*arguments)
        assert (prose.code, prose.out) == (2, "")
        first, second = prose.err.splitlines()
        assert first.startswith("dengji: ")
        assert second.startswith("  hint: ")


def test_options_of_the_root_stand_anywhere(dengji: Dengji) -> None:
    """`--json` before, between and after the command's words prints the same."""
    runs = [
        dengji("--json", "config", "show"),
        dengji("config", "--json", "show"),
        dengji("config", "show", "--json"),
    ]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0].json["ok"] is True


def test_the_last_value_given_wins(dengji: Dengji) -> None:
    """A global option given twice counts as the command's own, which stands last."""
    ran = dengji("--home", "/one", "config", "show", "--home", "/two", "--json")
    items = {item["setting"]: item for item in ran.json["result"]["items"]}
    assert items["home"] == {"setting": "home", "value": "/two", "origin": "--home"}


def test_help_wherever_the_language_stands(dengji: Dengji) -> None:
    """Help is in the language asked for, even where that stands after it."""
    before = dengji("--lang", "zh", "check", "--help")
    after = dengji("check", "--help", "--lang", "zh")
    assert before == after
    assert "用法" in before.out


@pytest.mark.parametrize(
    ("environ", "lang"),
    [({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "C"}, "en"), ({"DENGJI_LANG": "zh"}, "zh")],
)
def test_language_follows_the_locale(environ: dict[str, str], lang: str) -> None:
    """Without a flag the variables decide."""
    assert Session.early([], environ).lang == lang


def test_version(dengji: Dengji) -> None:
    """The version is printed alone."""
    ran = dengji("--version")
    assert ran.code == 0
    assert ran.out.startswith("dengji ")


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["product", "show", "product1qqqq"], "id-mistyped", 3),
        (
            [
                "check",
                "0x" + "11" * 20,
                "--grantee",
                "0x" + "22" * 8,
                "--action",
                "REED",
                "--purpose",
                "RESEARCH",
            ],
            "term-unknown",
            3,
        ),
        (["--network", "mars", "config", "show"], "network-unknown", 3),
        (["--confirmations", "many", "config", "show"], "setting-invalid", 3),
        (["product", "list", "--content", "0x12"], "digest-malformed", 3),
        (["verify", "nowhere"], "content-missing", 3),
        (["register", "nowhere"], "content-missing", 3),
        (["chain", "status", "--rpc", "http://127.0.0.1:1"], "dev-chain-only", 3),
        (["chain", "reset"], "consent-needed", 3),
        (["account", "show", "abc"], "account-ambiguous", 3),
        (["account", "show"], "account-needed", 3),
        (["account", "import"], "secret-needed", 3),
        (["account", "new", "--password-file", "nowhere"], "password-file-unusable", 3),
    ],
)
def test_bad_input(dengji: Dengji, arguments: list[str], code: str, exit_code: int) -> None:
    """What cannot be used is refused by its code, in one line with a hint, without a traceback."""
    ran = dengji(*arguments, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (exit_code, code)
    prose = dengji(*arguments)
    assert (prose.code, prose.out) == (exit_code, "")
    assert prose.err.startswith("dengji: ")
    assert "Traceback" not in prose.err
    chinese = dengji(*arguments, "--lang", "zh")
    assert chinese.err.startswith("dengji：")


def test_did_you_mean_a_word(dengji: Dengji) -> None:
    """A mistyped word of the vocabulary is answered with those that are near."""
    ran = dengji(
        *("check", "0x" + "11" * 20, "--grantee", "me", "--action", "REED"),
        *("--purpose", "RESEARCH", "--json"),
    )
    assert "READ" in ran.json["error"]["fields"]["known"]


def test_names_cannot_steer_the_terminal(dengji: Dengji) -> None:
    """An escape sequence in what is shown back is written out."""
    ran = dengji("verify", "no\x1b[2Jwhere")
    assert "\x1b" not in ran.err
    assert "\\x1b[2J" in ran.err


def test_a_fault_is_said_to_be_ours(dengji: Dengji, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen exception is one line and exit code 70, a traceback only with --debug."""

    def broken(*_: object) -> object:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr(config.show, "callback", broken)
    ran = dengji("config", "show")
    assert (ran.code, ran.out) == (70, "")
    assert "fault of dengji: ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err
    assert dengji("config", "show", "--json").json["error"]["code"] == "fault"
    shown = dengji("config", "show", "--debug")
    assert shown.code == 70
    assert "Traceback" in shown.err


def test_debug_keeps_the_code_of_an_error(dengji: Dengji) -> None:
    """With --debug an error of input shows its traceback, its sentence and its own exit code."""
    ran = dengji("verify", "nowhere", "--debug", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "content-missing")
    assert "Traceback" in ran.err


def test_a_home_that_cannot_be_used(dengji: Dengji, tmp_path: Path) -> None:
    """What the system refuses is named with its reason, and is no fault of dengji."""
    (tmp_path / "file").write_text("x")
    home = str(tmp_path / "file" / "home")
    ran = dengji("account", "new", "--home", home, "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "system-refused")
    assert ran.json["error"]["fields"]["path"].startswith(home)


def test_interruption(dengji: Dengji, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends with exit code 130 and says that a transaction may still land."""

    def interrupted(*_: object) -> object:
        raise KeyboardInterrupt

    monkeypatch.setattr(config.show, "callback", interrupted)
    ran = dengji("config", "show")
    assert ran.code == 130
    assert "interrupted" in ran.err


def test_reader_that_goes_away(home: Path) -> None:
    """A reader that closes the pipe early meets no traceback."""
    environ = {**os.environ, "DENGJI_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "config", "show"],
        env=environ,
        cwd=Path(__file__).parents[2],
        stdout=write,
        stderr=subprocess.PIPE,
        restore_signals=False,
    )
    os.close(write)
    _, err = process.communicate(timeout=300)
    assert err == b""
    assert process.returncode == 141


SECRET_KEY = "4c0883a69102937d" * 4
SECRET_WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.mark.parametrize("secret", [SECRET_KEY, "0x" + SECRET_KEY, SECRET_WORDS])
@pytest.mark.parametrize(
    "arguments",
    [
        ["--account", "{}", "account", "list"],
        ["account", "show", "{}"],
        ["account", "import", "{}"],
        ["account", "{}"],
        ["config", "show", "{}"],
        ["--lang", "{}", "config", "show"],
        ["--confirmations", "{}", "config", "show"],
        ["--{}", "config", "show"],
        ["--network", "{}", "product", "list"],
        ["--rpc", "{}", "product", "list"],
        ["--account", "{}", "config", "show"],
        ["register", "{}"],
        ["party", "show", "{}"],
        ["check", "{}", "--grantee", "me", "--action", "READ", "--purpose", "RESEARCH"],
    ],
)
def test_a_secret_typed_by_mistake_is_not_repeated(
    dengji: Dengji, arguments: list[str], secret: str
) -> None:
    """Whatever a key or a mnemonic was given for, no output shows it: it may end in a log."""
    for form in ([], ["--json"], ["--debug"]):
        ran = dengji(*form, *(argument.format(secret) for argument in arguments))
        assert secret[2:20] not in ran.out + ran.err
