"""What the lines of a .dengjiignore leave out."""

import time

import pytest

from registry.domain.ignore import IgnoreRules
from registry.errors import IgnoreMalformed


def left_out(lines: str, path: str, *, folder: bool = False) -> bool:
    """Say whether these lines leave out a path."""
    return IgnoreRules.parse(lines.encode()).leaves_out(path, folder=folder)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.tmp", "a.tmp"),
        ("*.tmp", "deep/er/a.tmp"),
        ("a", "x/a"),
        ("/a", "a"),
        ("b/a", "b/a"),
        ("**/a", "a"),
        ("**/a", "x/y/a"),
        ("a/**", "a/x"),
        ("a/**", "a/x/y"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("?", "x"),
        ("[abc]x", "bx"),
        ("[a-c]", "b"),
        ("[!a]", "b"),
        ("[]]", "]"),
        ("\\#a", "#a"),
        ("\\!a", "!a"),
        ("a\\*", "a*"),
        ("a\\ ", "a "),
        ("a  ", "a"),
        ("a\r", "a"),
        ("é", "é"),
        ("e\u0301", "é"),
        ("**", "x"),
    ],
)
def test_patterns_that_fit(pattern: str, path: str) -> None:
    """A pattern leaves out what the documentation says it does."""
    assert left_out(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*.tmp", "a.tmpx"),
        ("/a", "x/a"),
        ("b/a", "x/b/a"),
        ("a*b", "a/b"),
        ("a?b", "a/b"),
        ("a[!x]b", "a/b"),
        ("a/**", "a"),
        ("a/", "a"),
        ("#a", "#a"),
        ("", "a"),
        ("A", "a"),
        ("a.b", "axb"),
        ("(a|b)", "a"),
        ("[\\d]", "1"),
        ("a\\*", "ab"),
    ],
)
def test_patterns_that_do_not_fit(pattern: str, path: str) -> None:
    """A pattern leaves out nothing else."""
    assert not left_out(pattern, path)


def test_pattern_with_a_slash_at_its_end_fits_folders_only() -> None:
    """`name/` leaves out folders and keeps files of that name."""
    assert left_out("build/", "x/build", folder=True)
    assert not left_out("build/", "x/build")


def test_last_line_that_fits_decides() -> None:
    """A later line takes back, or leaves out again."""
    assert not left_out("*.csv\n!keep.csv", "keep.csv")
    assert left_out("*.csv\n!keep.csv", "other.csv")
    assert left_out("*.csv\n!keep.csv\nkeep.*", "keep.csv")


def test_ignore_file_cannot_leave_itself_out() -> None:
    """The ignore file at the top always stays, one further down is a file like any other."""
    assert not left_out("*", ".dengjiignore")
    assert left_out("*", "below/.dengjiignore")


@pytest.mark.parametrize(
    ("text", "line"),
    [(b"a\n[z-a]", 2), (b"/", 1), (b"!", 1), (b"a\\", 1), (b"ok\n\xff", 2), (b"[]", 1)],
)
def test_lines_that_mean_nothing_are_refused(text: bytes, line: int) -> None:
    """A line that cannot be understood is named."""
    with pytest.raises(IgnoreMalformed) as caught:
        IgnoreRules.parse(text)
    assert caught.value.line == line


def test_file_beyond_a_mebibyte_is_refused() -> None:
    """An absurdly long ignore file is refused."""
    with pytest.raises(IgnoreMalformed):
        IgnoreRules.parse(b"a\n" * (1 << 20))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 20 + "b", "a" * 255),
        ("**/a/" * 12 + "b", "a/" * 1000 + "c"),
        ("x/**/*a*a*a*b/**/c", "x/" + "aaaaaaaaaaaaaaaaaaaaaaa/" * 60 + "d"),
        ("?*" * 60, "a" * 50 + "/b"),
    ],
)
def test_many_wildcards_take_no_longer(pattern: str, path: str) -> None:
    """A pattern that almost fits is given up without trying all places of all its wildcards."""
    started = time.process_time()
    assert not IgnoreRules.parse(pattern.encode()).leaves_out(path, folder=False)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("pattern", "path", "left_out"),
    [
        ("a*b*c", "abxbxc", True),
        ("a*b*c", "acb", False),
        ("a/**/b/**/c", "a/x/b/y/b/c", True),
        ("a/**/b*d/**/c", "a/bxd/c", True),
        ("a/**/b/**/c", "a/xb/c", False),
        ("**/a/**/a/b", "a/a/a/b", True),
        ("a*/b*c", "axx/bcc", True),
        ("a*/b*c", "a/x/bc", False),
    ],
)
def test_several_wildcards_in_one_pattern(pattern: str, path: str, *, left_out: bool) -> None:
    """Each wildcard may stand for whatever lets the rest fit."""
    assert IgnoreRules.parse(pattern.encode()).leaves_out(path, folder=False) is left_out
