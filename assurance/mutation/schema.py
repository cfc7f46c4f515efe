"""Write many mutants of a contract into one source, each to be called up by a number.

The number is a constant of 32 bytes that stands in the compiled code as it is. One mutant comes to
life where it is written over, so that all of them together are compiled once.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from assurance.mutation.solidity import (
    EXPRESSION,
    MODIFIER,
    STATEMENT,
    YUL_STATEMENT,
    Site,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MARK: Final = hashlib.sha256(b"no mutant").hexdigest()
"""What stands in the code where no mutant was called up."""
NAME: Final = "MUTANT"
FILE: Final = "contracts/Mutant.sol"
DECLARATION: Final = (
    "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.28;\n\n"
    f"uint256 constant {NAME} = 0x{MARK};\n"
)


@dataclass(slots=True)
class Written:
    """Hold a source with mutants in it, and where each of them lies.

    :ivar ranges: for each range of the new source, in bytes, the number of the mutant that the
        compiler refuses if it complains there.
    """

    chunks: list[bytes] = field(default_factory=list)
    length: int = 0
    ranges: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def source(self) -> bytes:
        """Return the new source."""
        return b"".join(self.chunks)

    def add(self, text: bytes) -> None:
        """Go on with this text."""
        self.chunks.append(text)
        self.length += len(text)

    def blamed(self, start: int, end: int) -> set[int]:
        """Return whose fault an error in this range may be: the narrowest one around it."""
        around = [one for one in self.ranges if one[0] <= start and end <= one[1]]
        if around:
            return {min(around, key=lambda one: one[1] - one[0])[2]}
        return {number for low, high, number in self.ranges if start <= low and high <= end}

    def declaring(self, name: bytes) -> set[int]:
        """Return the mutants in the declaration of a constant."""
        source = self.source
        found = re.search(rb"\bconstant " + re.escape(name) + rb"\s*=[^;]*;", source)
        if found is None:
            return set()
        return {number for low, high, number in self.ranges if found.start() < low < found.end()}


def written(path: str, source: bytes, numbered: Mapping[int, Site]) -> Written:
    """Return a source in which the mutants stand beside what they replace, asleep."""
    above = "../" * (path.count("/") - 1) or "./"
    head = source.index(b";", source.index(b"pragma solidity")) + 1
    out = Written()
    out.add(source[:head] + f' import {{{NAME}}} from "{above}Mutant.sol";'.encode())
    spans = sorted(
        numbered.items(), key=lambda one: (one[1].mutant.start, -one[1].mutant.end, one[0])
    )
    groups = [
        ((start, end), list(members))
        for (start, end), members in groupby(
            spans, key=lambda one: (one[1].mutant.start, one[1].mutant.end)
        )
    ]
    behind = [
        (site.behind, number, site) for number, site in numbered.items() if site.form == MODIFIER
    ]
    ends = sorted(behind, key=lambda one: one[:2])
    _Writer(source=source, groups=groups, ends=ends, out=out).between(head, len(source))
    return out


@dataclass(slots=True)
class _Writer:
    source: bytes
    groups: list[tuple[tuple[int, int], list[tuple[int, Site]]]]
    ends: list[tuple[int, int, Site]]
    out: Written
    at: int = 0

    def between(self, start: int, end: int) -> None:
        """Write a range of the old source with the mutants in it."""
        while self.at < len(self.groups) and self.groups[self.at][0][1] <= end:
            (low, high), members = self.groups[self.at]
            if low < start:
                raise AssertionError(f"changes overlap at {low}")
            self.at += 1
            self.plain(start, low)
            self.chosen(members, low, high)
            start = high
        self.plain(start, end)

    def plain(self, start: int, end: int) -> None:
        """Write a range of the old source, and the modifiers whose place is in it."""
        while self.ends and start <= self.ends[0][0] <= end:
            place, number, site = self.ends.pop(0)
            self.out.add(self.source[start:place])
            modifier = (
                f" modifier mutant{number}() {{ if ({NAME} != {number}) {{ {site.body} }} _; }}"
            )
            low = self.out.length
            self.out.add(modifier.encode())
            self.out.ranges.append((low, self.out.length, number))
            start = place
        self.out.add(self.source[start:end])

    def chosen(self, members: Sequence[tuple[int, Site]], start: int, end: int) -> None:
        """Write one mutant around the others of the same range, and those within it."""
        if not members:
            self.between(start, end)
            return
        (number, site), *others = members
        before, after = _around(number, site)
        low = self.out.length
        self.out.add(before.encode())
        if site.form != MODIFIER:
            self.chosen(others, start, end)
        self.out.add(after.encode())
        self.out.ranges.append((low, self.out.length, number))


def _around(number: int, site: Site) -> tuple[str, str]:
    """Return what is written before and behind what a mutant replaces."""
    new = site.mutant.new
    if site.form == EXPRESSION:
        cast = site.cast
        return f"({NAME} == {number} ? {cast}({new}) : {cast}(", "))"
    if site.form == STATEMENT and new == "{}":
        return f"{{ if ({NAME} != {number}) {{ ", " } }"
    if site.form == STATEMENT:
        return f"{{ if ({NAME} == {number}) {{ {new} }} else {{ ", " } }"
    if site.form == MODIFIER:
        return f"mutant{number}", ""
    return _around_yul(f"eq({NAME}, {number})", site)


def _around_yul(asked: str, site: Site) -> tuple[str, str]:
    if site.form == YUL_STATEMENT:
        return f"if iszero({asked}) {{ ", " }"
    if site.mutant.operator == "number + 1":
        return "add(", f", {asked})"
    return "xor(", f", mul({asked}, xor({site.mutant.old}, {site.mutant.new})))"
