"""Test that who made a mistake in the settings is told what they may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("setting", "value", "allowed"),
    [
        ("chain_id", "0", ("1",)),
        ("confirmations", "many", ("1", "10000")),
        ("max_block_age", "5m", ("1", "31536000")),
        ("lang", "fr", ("en", "zh")),
        ("rpc", "ftp://x", ("http://", "https://", "/")),
        ("password_file", "~nobody-of-this-name/x", ("~NAME",)),
    ],
)
def test_a_wrong_value_is_answered_with_those_that_are_right(
    dengji: Callable[..., Run],
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    allowed: tuple[str, ...],
) -> None:
    """The hint says what the setting may be; `config show` could not run either."""
    monkeypatch.setenv(f"DENGJI_{setting.upper()}", value)
    ran = dengji("config", "show")
    assert ran.code == 3
    _, hint = ran.err.splitlines()
    assert all(one in hint for one in allowed)
    assert "config show" not in hint


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("text", ["networks = 5", "[networks]\ncity = 5"])
def test_networks_that_are_no_tables(
    dengji: Callable[..., Run], tmp_path: Path, text: str, lang: str
) -> None:
    """What `networks` must hold is said."""
    (tmp_path / "dengji.toml").write_text(text)
    ran = dengji("config", "show", "--lang", lang)
    assert ran.code == 3
    assert "[networks.NAME]" in ran.err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_unknown_setting_is_answered_with_those_that_there_are(
    dengji: Callable[..., Run], tmp_path: Path, lang: str
) -> None:
    """The hint lists what may stand in a file, since nothing runs while the file is wrong."""
    (tmp_path / "dengji.toml").write_text('netwrok = "city"')
    ran = dengji("config", "show", "--lang", lang)
    assert ran.code == 3
    plain, _, network = ran.err.partition("[networks.NAME]")
    for key in set(settings.KEYS) - {"home"}:
        assert key in plain or key in network
    assert "config show" not in ran.err
