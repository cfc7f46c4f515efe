"""Leave files out of a folder's content by a `.dengjiignore` at its top.

The file is UTF-8, one pattern a line, and is itself part of the content, so that whoever has the
folder sees what was left out. It cannot leave itself out. The patterns are a subset of
gitignore's:

- Empty lines and lines that begin with `#` say nothing; spaces at the end of a line are dropped.
- `*` stands for any characters but `/`, `?` for one of them, `[abc]`, `[a-z]`, `[!abc]` for one of
  a set; a backslash takes the next character as it is.
- `**/` at the beginning, `/**/` inside and `/**` at the end stand for any number of folders.
- A pattern with a `/` at its beginning or inside counts from the top; any other fits a name at
  every depth. One that ends in `/` fits folders only.
- `!` takes back what an earlier line left out; the last line that fits decides. Nothing below a
  folder that is left out can be taken back.

Patterns are compared with normalised paths, case counts, and a `.dengjiignore` further down is a
file like any other.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.errors import IgnoreMalformed

if TYPE_CHECKING:
    from collections.abc import Sequence

IGNORE_FILE: Final = ".dengjiignore"
MAX_IGNORE_BYTES: Final = 1 << 20
MAX_RULES: Final = 5_000
_TOKEN: Final = re.compile(
    r"(?P<deep_start>\A\*\*/)|(?P<deep_end>/\*\*\Z)|(?P<deep>/\*\*/)|(?P<stars>\*+)|(?P<one>\?)"
    r"|\[(?P<negated>[!^]?)(?P<set>\]?(?:\\.|[^\]\\]){0,255}+)\]|\\(?P<escaped>.)|(?P<plain>.)",
    re.DOTALL,
)
_WILDCARDS: Final = {
    "deep_end": "/.*",
    "stars": "[^/]*",
    "one": "[^/]",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """One line of the file."""

    expression: re.Pattern[str]
    leaves_out: bool
    folders_only: bool


class IgnoreRules:
    """Say which paths the lines of an ignore file leave out."""

    __slots__ = ("_rules",)

    def __init__(self, rules: Sequence[_Rule] = ()) -> None:
        self._rules = tuple(reversed(rules))

    @classmethod
    def parse(cls, text: bytes) -> IgnoreRules:
        """Read the content of an ignore file.

        :raises IgnoreMalformed: it is too long, not UTF-8, or a pattern cannot be understood.
        """
        if len(text) > MAX_IGNORE_BYTES:
            raise IgnoreMalformed(line=0, pattern="", reason=f"too-many-bytes:{MAX_IGNORE_BYTES}")
        rules: list[_Rule] = []
        for number, line in enumerate(text.split(b"\n"), start=1):
            if len(rules) >= MAX_RULES:
                raise IgnoreMalformed(
                    line=number, pattern="", reason=f"too-many-patterns:{MAX_RULES}"
                )
            try:
                pattern = line.decode()
            except UnicodeDecodeError as error:
                raise IgnoreMalformed(
                    line=number, pattern=repr(line), reason="not-utf-8"
                ) from error
            rule = _rule(number, unicodedata.normalize("NFC", pattern))
            if rule:
                rules.append(rule)
        return cls(rules)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def leaves_out(self, path: str, *, folder: bool) -> bool:
        """Say whether this path, whose parent is not left out, is left out."""
        if path == IGNORE_FILE:
            return False
        for rule in self._rules:
            if (folder or not rule.folders_only) and rule.expression.fullmatch(path):
                return rule.leaves_out
        return False


def _rule(number: int, line: str) -> _Rule | None:
    """Return what one line says, None where it says nothing."""
    pattern = _without_trailing_spaces(line.removesuffix("\r"))
    if not pattern or pattern.startswith("#"):
        return None
    leaves_out = not pattern.startswith("!")
    body = pattern if leaves_out else pattern[1:]
    folders_only = body.endswith("/")
    body = body.removesuffix("/")
    anchored = "/" in body
    body = body.removeprefix("/")
    if not body or (body.endswith("\\") and not body.endswith("\\\\")):
        raise IgnoreMalformed(line=number, pattern=pattern, reason="nothing-to-match")
    try:
        expression = re.compile(("" if anchored else "(?:.*/)?") + _expression(body), re.DOTALL)
    except re.error as error:
        raise IgnoreMalformed(line=number, pattern=pattern, reason="pattern-malformed") from error
    return _Rule(expression=expression, leaves_out=leaves_out, folders_only=folders_only)


def _without_trailing_spaces(line: str) -> str:
    """Drop the spaces at the end, up to one that a backslash keeps."""
    bare = line.rstrip(" ")
    if bare != line and bare.endswith("\\") and not bare.endswith("\\\\"):
        return bare + " "
    return bare


def _expression(pattern: str) -> str:
    """Return the regular expression of a pattern without its markers.

    What stands between two wildcards of a kind is taken where it fits first, and for good: nothing
    further left or right would let more fit, and trying all places would take a time that grows
    with each wildcard as a power of the path's length.
    """
    made, deeps, run = "", 0, list[re.Match[str]]()
    parts: list[tuple[str, list[re.Match[str]]]] = [("", run)]
    for token in _TOKEN.finditer(pattern):
        if token.lastgroup in _DEEP:
            deeps += 1
            run = []
            parts.append((_DEEP[token.lastgroup], run))
        else:
            run.append(token)
    for number, (lead, tokens) in enumerate(parts):
        within = lead + _run(tokens)
        made += f"(?>{within}(?=/))" if 0 < number < deeps else within
    return made


_DEEP: Final = {"deep_start": "(?:[^/]*/)*?", "deep": "/(?:[^/]*/)*?"}


def _run(tokens: Sequence[re.Match[str]]) -> str:
    """Return the regular expression of tokens without `**` in their midst."""
    pieces = [_piece(token) for token in tokens]
    made, waiting = "", None
    for token, piece in zip(tokens, pieces, strict=True):
        if token.lastgroup == "stars" or piece.startswith("/"):
            if waiting is not None:
                again = token.lastgroup == "stars"
                made += f"(?>[^/]*?{waiting})" if again else f"[^/]*{waiting}"
            waiting = "" if token.lastgroup == "stars" else None
            made += "" if waiting == "" else piece
        elif waiting is None:
            made += piece
        else:
            waiting += piece
    return made if waiting is None else f"{made}[^/]*{waiting}"


def _piece(token: re.Match[str]) -> str:
    """Return the regular expression of one token."""
    kind = token.lastgroup or "plain"
    if kind in _WILDCARDS:
        return _WILDCARDS[kind]
    if token["set"] is not None:
        return _set(token["set"], negated=bool(token["negated"]))
    return re.escape(token["escaped"] or token["plain"])


def _set(members: str, *, negated: bool) -> str:
    """Return the regular expression of a bracketed set, which never fits `/`."""
    literal = re.sub(r"\\(.)|([\[\]^&~|])", lambda m: re.escape(m[1] or m[2]), members)
    return f"(?!/)[{'^' if negated else ''}{literal}]"
