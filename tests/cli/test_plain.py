"""Test what makes text safe and fitting for a terminal."""

from __future__ import annotations

import json
from unicodedata import bidirectional, category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.plain import escaped_json, padded, plain, width, wrapped


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\rb\nc\td", "a\\x0db\\x0ac\\x09d"),
        ("\x9b2J", "\\x9b2J"),
        ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
        ("name\udcff", "name\\udcff"),
        ("数据 €", "数据 €"),
        ("a\xadb\u3164c\ufff9", "a\\xadb\\u3164c\\ufff9"),
        ("\U000e0041\U0001d173", "\\U000e0041\\U0001d173"),
        ("葛\U000e0100", "葛\U000e0100"),
    ],
)
def test_steering_characters_are_written_out(given_text: str, shown: str) -> None:
    """Whatever steers a terminal or turns text around is shown, not obeyed."""
    assert plain(given_text) == shown


@given(st.text())
def test_json_reads_back(text: str) -> None:
    """Escaping serialised JSON changes nothing of its value and leaves nothing that steers."""
    written = escaped_json(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(written)["name"] == text
    assert plain(written) == written


def test_no_control_or_separator_passes() -> None:
    """Of all characters, none that steers, breaks a line, or turns and hides others is shown."""
    shown = {"Cc", "Cs", "Zl", "Zp"}
    steering = [one for one in map(chr, range(0x110000)) if category(one) in shown]
    steering += [one for one in map(chr, range(0x110000)) if bidirectional(one) in _TURNING]
    assert [one for one in steering if one in plain(f"a{one}b")] == []


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_chinese_takes_two_columns() -> None:
    """Widths count columns, so that tables with Chinese line up."""
    assert (width("abc"), width("数据ab"), width("e\u0301")) == (3, 6, 1)
    assert padded("数据", 6) == "数据  "


@given(st.text(alphabet="ab 数据，。", max_size=60), st.integers(8, 30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, columns: int) -> None:
    """No line is wider than asked unless one word is, and no character but blanks is lost."""
    lines = wrapped(text, columns)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= columns or " " not in line.strip() for line in lines)
