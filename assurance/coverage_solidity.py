"""Measure which lines and branches of the contracts their tests reach."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT, Keep, digest
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WRITTEN: Final = Path("build/coverage/contracts.info")
ARGUED: Final = ROOT / "tests" / "contracts" / "unreached.md"
"""What no test can reach, each with its reason."""

_SOURCES: Final = ("contracts", "tests/contracts", "foundry.toml", "scripts/coverage-contracts")
_ARGUMENT: Final = re.compile(r"^\| `([\w/.]+\.sol)` \| `(.+)` \| (.+) \|$", re.MULTILINE)
_SMALL: Final = (
    *("contracts/libraries/Merkle.sol", "tests/contracts/Vm.sol", "foundry.toml", "package.json"),
    *("tests/contracts/libraries/Merkle.t.sol", "tests/contracts/libraries/MerkleHarness.sol"),
)
"""One library with its tests, a project of its own: forge compiles all of a project to measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Hold the lines and branches of one source by how often they were reached.

    A branch is a line, the number of what branches there, and the number of the way out of it.
    """

    lines: Mapping[int, int]
    branches: Mapping[tuple[int, int, int], int]

    @property
    def missed(self) -> tuple[int, ...]:
        """Return the lines that were not reached, or left by fewer ways than there are."""
        lines = {line for line, hits in self.lines.items() if not hits}
        return tuple(sorted(lines | {key[0] for key, hits in self.branches.items() if not hits}))


def section(*, smallest: bool = False) -> Section:
    """Run the tests of the contracts under measurement, at the smallest those of one library."""
    sources = read(_one_library() if smallest else _all())
    argued = arguments()
    left = list(unargued(sources, argued))
    return Section(
        name="coverage_solidity",
        title="Lines and branches of the contracts",
        how="All tests of the contracts but those of gas and the campaigns of the invariants, by "
        "`scripts/coverage-contracts`: `forge coverage` on contracts built without optimizer. "
        "Counted are lines, and the ways out of each that has several, of every contract, library "
        "and type. What no test can reach is argued in `tests/contracts/unreached.md`.",
        figures=tuple(_figures(sources, len(argued), len(left), smallest=smallest)),
        remarks=tuple(f"Not reached: {one}" for one in left) if not smallest else (),
    )


def _all() -> str:
    keep = Keep("coverage_solidity", sources=digest(*_SOURCES))
    if not keep.covers(ended=True):
        _measure(ROOT)
        keep.append({"ended": True, "lcov": (ROOT / WRITTEN).read_text(encoding="utf-8")})
    found = keep.found(ended=True)
    return str(found["lcov"]) if found else ""


def _one_library() -> str:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in _SMALL:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, root / name)
        for name in ("scripts", "node_modules", ".venv"):
            (root / name).symlink_to((ROOT / name).resolve())
        _measure(root)
        return (root / WRITTEN).read_text(encoding="utf-8")


def _measure(root: Path) -> None:
    ran = subprocess.run(
        (str(ROOT / "scripts" / "coverage-contracts"), str(root)),
        env={**os.environ},
        check=False,
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise RuntimeError(f"scripts/coverage-contracts: {ran.stdout[-4000:]}{ran.stderr[-4000:]}")


def _figures(
    sources: Mapping[str, Reach], argued: int, unargued: int, *, smallest: bool
) -> Iterable[Figure]:
    lines = [hits for one in sources.values() for hits in one.lines.values()]
    branches = [hits for one in sources.values() for hits in one.branches.values()]
    counted = {
        "sources measured": len(sources),
        "lines that can run": len(lines),
        "of these reached": sum(hits > 0 for hits in lines),
        "branches": len(branches),
        "of the branches reached": sum(hits > 0 for hits in branches),
        "lines not reached, or left by fewer ways, and argued": argued,
    }
    for name, value in counted.items():
        yield Figure(name=name, samples=(float(value),))
    yield Figure(
        name="lines not reached, or left by fewer ways, and not argued",
        samples=(float(unargued),),
        target=None if smallest else Target(limit=0),
    )


def read(lcov: str) -> dict[str, Reach]:
    r"""Return what was reached of each source of ours.

    >>> read("SF:contracts/A.sol\nDA:3,1\nBRDA:3,0,1,-\nend_of_record\\n")["A.sol"].missed
    (3,)
    """
    sources = {}
    for record in lcov.split("end_of_record"):
        named = re.search(r"^SF:contracts/(.+)$", record, re.MULTILINE)
        if not named:
            continue
        lines: dict[int, int] = {}
        for line, hits in re.findall(r"^DA:(\d+),(\d+)", record, re.MULTILINE):
            lines[int(line)] = max(lines.get(int(line), 0), int(hits))
        branches: dict[tuple[int, int, int], int] = {}
        for one in re.findall(r"^BRDA:(\d+),(\d+),(\d+),(-|\d+)", record, re.MULTILINE):
            branches[int(one[0]), int(one[1]), int(one[2])] = 0 if one[3] == "-" else int(one[3])
        sources[named[1]] = Reach(lines=lines, branches=branches)
    return sources


def arguments() -> dict[tuple[str, str], str]:
    """Return why lines are not reached, by source and the line's own text."""
    written = ARGUED.read_text(encoding="utf-8")
    return {(source, line): reason for source, line, reason in _ARGUMENT.findall(written)}


def unargued(sources: Mapping[str, Reach], argued: Mapping[tuple[str, str], str]) -> Iterable[str]:
    """Yield each line that was missed and is not argued, by its place and text."""
    for source, reach in sorted(sources.items()):
        text = (ROOT / "contracts" / source).read_text(encoding="utf-8").splitlines()
        for line in reach.missed:
            if (source, text[line - 1].strip()) not in argued:
                yield f"`{source}:{line}` `{text[line - 1].strip()}`"
