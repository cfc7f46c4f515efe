"""Prove properties of the contracts for all inputs and all storage, with halmos.

The properties stand in `tests/symbolic/`; each says what is a symbol there and what is bounded. The
code that they look at is that of `registry/artifacts`, byte by byte. One is proved where no path
through it ends in a violation, no path was left out for a bound on loops or given up by the
solver, and at least one comes to its end. That the properties would notice is shown with planted
bugs, `assurance/planted_bugs.py`: each is found where the property named beside it has a
counterexample.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT, Keep, Record
from assurance.planted_bugs import PLANTED, Planted
from assurance.trees import BUILD, ToolFailed, built, code_files, copied, lay, sources, tools
from benchmarks.report import Figure, Section, Target
from scripts import compile as compiling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WHOLE: Final = re.compile(
    r"((?:    ///[^\n]*\n)+)    function (check_\w+)\(.*?^    }\n", re.MULTILINE | re.DOTALL
)
_CONTRACT: Final = re.compile(r"^contract (\w+)", re.MULTILINE)
_SOLVER: Final = ("--solver", "yices", "--solver-timeout-assertion", "300s")
_WITHIN: Final = ("contracts/libraries", "contracts/types")
"""What properties compile with themselves, in place of taking it as it is deployed."""
_LOOPS: Final = 40
"""How often a loop is unrolled: more than the 37 words of clauses, and the depth limit of 8."""
_OUT: Final = "build/symbolic/out"
_AST: Final = ("--ast", "--extra-output", "storageLayout", "metadata")
_ENDED: Final = {
    0: "proved",
    1: "counterexample",
    2: "solver out of time",
    3: "stuck",
    4: "no path comes to its end",
    5: "error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Name a property, in the order of its file.

    :ivar said: its first sentence, and what is symbolic and bounded.
    :ivar text: the property, and what stands in its file beside properties.
    """

    file: str
    contract: str
    name: str
    said: str
    text: str


def properties(root: Path = ROOT) -> list[Property]:
    """Return the properties that stand in `tests/symbolic/`."""
    found = []
    for path in sorted((root / "tests" / "symbolic").glob("*.t.sol")):
        text = path.read_text("utf-8")
        (contract,) = _CONTRACT.findall(text)
        beside = _WHOLE.sub("", text)
        found += [
            Property(
                file=path.name,
                contract=contract,
                name=one[2],
                said=_said(one[1]),
                text=f"{one[0]}{beside}",
            )
            for one in _WHOLE.finditer(text)
        ]
    return found


def _said(comment: str) -> str:
    words = " ".join(line.strip().removeprefix("///").strip() for line in comment.splitlines())
    return words.replace("@notice ", "").replace(" @dev ", " — ")


def section(*, smallest: bool = False) -> Section:
    """Prove every property and find every planted bug; at its smallest only compile them."""
    wanted = properties()
    if smallest:
        compiled(tools=dict(os.environ))
        return _section(wanted, [], PLANTED, [])
    keep = Keep("proofs")
    workshop = Workshop()
    proofs = [workshop.proof(one, keep) for one in wanted]
    hunts = [workshop.hunt(one, keep) for one in PLANTED]
    return _section(wanted, proofs, PLANTED, hunts)


def _section(
    wanted: Sequence[Property],
    proofs: Sequence[Record],
    planted: Sequence[Planted],
    hunts: Sequence[Record],
) -> Section:
    proved = sum(one["ended"] == "proved" for one in proofs)
    found = sum(one["ended"] == "counterexample" for one in hunts)
    figures = [_counted("properties", len(wanted)), _counted("planted bugs", len(planted))]
    if proofs:
        figures += [
            _counted("properties proved", proved, at_least=len(wanted)),
            _counted("paths explored in them", sum(one["paths"] for one in proofs)),
            _counted("planted bugs found", found, at_least=len(planted)),
            Figure(
                name="time of all proofs",
                samples=(round(sum(one["seconds"] for one in (*proofs, *hunts)), 1),),
                unit="s",
            ),
        ]
    rows = ["| Property | | paths | s |", "|---|---|---:|---:|"]
    rows += [
        f"| `{one.name}`: {one.said} | {proof['ended']} | {proof['paths']:,} "
        f"| {proof['seconds']:.0f} |"
        for one, proof in zip(wanted, proofs, strict=False)
    ]
    bugs = ["| Planted bug | Property that has to fail | |", "|---|---|---|"]
    bugs += [
        f"| {one.name} (`{Path(one.file).name}`) | `{one.finder}` | {hunt['ended']} |"
        for one, hunt in zip(planted, hunts, strict=False)
    ]
    return Section(
        name="proofs",
        title="Properties proved",
        how="halmos 0.3.3 runs each property of `tests/symbolic/` on the deployed code with "
        f"symbols for inputs, time and storage, loops unrolled {_LOOPS} times, and yices looks for "
        "values that break it. Proved means: on no path, none left out.",
        figures=tuple(figures),
        remarks=("\n".join(rows), "\n".join(bugs)) if proofs else (),
    )


def _counted(name: str, count: int, at_least: int | None = None) -> Figure:
    target = None if at_least is None else Target(limit=at_least, at_least=True)
    return Figure(name=name, samples=(float(count),), target=target)


def compiled(*, tools: Mapping[str, str]) -> Path:
    """Return the folder where the properties are compiled, beside the code that is deployed.

    :raises ToolFailed: where they do not compile.
    """
    tree = BUILD / "proofs" / "true"
    _lay(tree, {})
    code_files(tree, _deployed())
    built(tree, {**tools, "FOUNDRY_PROFILE": "symbolic"}, *_AST)
    return tree


def _lay(folder: Path, changed: Mapping[str, str]) -> None:
    found = sources("contracts", "tests/symbolic")
    lay(folder, {**found, **changed}, (ROOT / "foundry.toml").read_text("utf-8"))


class Workshop:
    """Build what is proved, run halmos on it, and keep what it says."""

    __slots__ = ("_environ", "_tree")

    def __init__(self) -> None:
        self._environ = {**tools(), "FOUNDRY_PROFILE": "symbolic"}
        self._tree = compiled(tools=self._environ)

    def proof(self, one: Property, keep: Keep) -> Record:
        """Return what halmos says of a property, now or when it was last asked."""
        return self._asked(self._tree, one, keep, planted="")

    def hunt(self, bug: Planted, keep: Keep) -> Record:
        """Return what halmos says of the property that has to notice a planted bug.

        :raises ToolFailed: where the bug cannot be planted any more.
        """
        before = (ROOT / bug.file).read_text("utf-8")
        if before.count(bug.before) != 1:
            raise ToolFailed(f"{bug.file} has no place for the planted bug: {bug.name}")
        (finder,) = (one for one in properties() if one.name == bug.finder)
        folder = BUILD / "proofs" / "planted"
        copied(self._tree, folder)
        _lay(folder, {bug.file: before.replace(bug.before, bug.after)})
        compiler = compiling.webassembly_compiler(ROOT)
        if bug.unit:
            unit = f"contracts/{bug.unit}.sol"
            # The cache of answers of the real tree serves the copies too.
            (folder / "cache").mkdir(exist_ok=True)
            output = compiling.output_of(folder, compiler, unit, {unit: {"*": compiling.OUTPUTS}})
            made = output["contracts"][unit][bug.unit]["evm"]["bytecode"]["object"]
            code_files(folder, {bug.unit: made})
        built(folder, self._environ, *_AST)
        return self._asked(folder, finder, keep, planted=bug.name)

    def _asked(self, folder: Path, one: Property, keep: Keep, *, planted: str) -> Record:
        key = {"property": one.name, "planted": planted, "code": _code_digest(folder, one)}
        known = keep.found(**key)
        if known is not None:
            return known
        started = time.monotonic()
        said = self._run(folder, one)
        found: Record = {**key, **said, "seconds": round(time.monotonic() - started, 1)}
        keep.append(found)
        return found

    def _run(self, folder: Path, one: Property) -> Record:
        answer = folder / "build" / "symbolic" / f"{one.name}.json"
        answer.unlink(missing_ok=True)
        command = [
            *("halmos", "--root", str(folder), "--forge-build-out", _OUT, "--no-status"),
            *("--contract", one.contract, "--match-test", rf"^{one.name}\("),
            *("--loop", str(_LOOPS), *_SOLVER, "--json-output", str(answer)),
        ]
        ran = subprocess.run(
            command, capture_output=True, text=True, env=self._environ, cwd=folder, check=False
        )
        if not answer.exists():
            raise ToolFailed(ran.stdout + ran.stderr)
        return _read(json.loads(answer.read_bytes()))


def _read(answer: dict[str, Any]) -> Record:
    ((result,),) = answer["test_results"].values()
    ended = _ENDED.get(result["exitcode"], "error")
    if result["num_bounded_loops"]:
        ended = "a loop was cut short"
    return {"ended": ended, "paths": (result["num_paths"] or [0])[0]}


def _deployed() -> dict[str, str]:
    return {
        path.stem: json.loads(path.read_bytes())["bytecode"].removeprefix("0x")
        for path in sorted((ROOT / compiling.ARTIFACTS).glob("*.json"))
    }


def _code_digest(folder: Path, one: Property) -> str:
    """Return a digest of all that a proof depends on: property, code that it runs, and bounds."""
    found = hashlib.sha256(repr((_SOLVER, _LOOPS, one.text)).encode())
    shared = (path for path in (folder / "tests/symbolic").glob("*.sol") if ".t." not in path.name)
    codes = (folder / "build" / "symbolic" / "code").glob("*.json")
    within = (path for name in _WITHIN for path in (folder / name).glob("*.sol"))
    for path in sorted([*shared, *codes, *within]):
        found.update(path.read_bytes())
    return found.hexdigest()[:32]
