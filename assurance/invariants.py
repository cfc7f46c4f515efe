"""Run the invariants of the contracts in their long form, slice by slice."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any, Final

from assurance.interruption import interruptible
from assurance.keep import ROOT, Keep, digest
from benchmarks.report import Figure, Section, Target

RUNS: Final = 10_000
DEPTH: Final = 100
SLICE: Final = 250
"""So many runs of each suite are one process, with a seed of its own: that is what a kill loses."""

SUITES: Final = ("Ledger", "Grants", "Cases", "Lineage")
FEWEST_RULES: Final = 20
_FOLDER: Final = ROOT / "tests" / "contracts" / "invariants"
_RULE: Final = re.compile(r"    /// @notice (.*(?:\n    /// .*)*)\n    function rule([A-Z]\w+)\(")
_CALL: Final = re.compile(r"^        rule([A-Z]\w+)\(\);$", re.MULTILINE)
_SOURCES: Final = (
    # Their bytes, not their text: a comment that changes takes nothing back.
    "registry/artifacts",
    "tests/contracts/invariants",
    *(
        f"tests/contracts/{name}.sol"
        # `Vm.sol` names forge's cheat codes, and grows with other tests.
        for name in ("Calendars", "Draft", "Fixture", "KeyConsents", "Rules", "Trees")
    ),
)


def section(*, smallest: bool = False) -> Section:
    """Run what of the long form is missing, and count what was run."""
    keep = Keep("invariants", sources=digest(*_SOURCES), smallest=smallest)
    suites = SUITES[3:] if smallest else SUITES
    wanted, runs, depth = (1, 2, 10) if smallest else (RUNS // SLICE, SLICE, DEPTH)
    slices = [(suite, seed) for seed in range(1, wanted + 1) for suite in suites]
    with interruptible("invariants"):
        for suite, seed in slices:
            if not keep.covers(suite=suite, seed=seed, runs=runs, depth=depth):
                keep.append(campaign(suite, seed, runs, depth))
    ended = [one for one in keep if (one["runs"], one["depth"]) == (runs, depth)]
    return _section(suites, ended, Target(limit=wanted * runs, at_least=True))


def _section(suites: tuple[str, ...], ended: list[dict[str, Any]], wanted: Target) -> Section:
    figures = []
    for suite in suites:
        mine = [one for one in ended if one["suite"] == suite]
        runs = float(sum(one["runs"] for one in mine))
        figures.append(Figure(name=f"{suite}: runs", samples=(runs,), target=wanted))
        for counted in ("calls", "reverts"):
            limit = Target(limit=0) if counted == "reverts" else None
            figures.append(
                Figure(
                    name=f"{suite}: {counted}",
                    samples=(float(sum(one[counted] for one in mine)),),
                    target=limit,
                )
            )
    held = [rule for suite in SUITES for rule in rules(suite)]
    figures.append(
        Figure(
            name="invariants held",
            samples=(float(len(held)),),
            target=Target(limit=FEWEST_RULES, at_least=True),
        )
    )
    return Section(
        name="invariants",
        title="Invariants of the contracts",
        how=f"`forge test` with the profile `long`: runs of {DEPTH} calls of the handlers, drawn "
        "at random, in processes of their own with the seeds 1, 2, 3 and so on. A call of a "
        "handler that reverts ends the campaign. At each call a handler sees to it that what must "
        "pass passed, that what must be refused was refused for its reason, and that every word "
        "written is the one that the events tell of; all that is listed is asked at every tenth "
        "call and at the end of each run, when every word of storage is compared besides. "
        "*Ledger* has parties, keys, products, grants, use, derivations, anchors and batches "
        "together; the others go deeper each in one of them.",
        figures=tuple(figures),
        remarks=tuple(_remark(suite) for suite in SUITES),
    )


def _remark(suite: str) -> str:
    lines = "\n".join(f"- `{name}`: {said}" for name, said in rules(suite).items())
    return f"**{suite}**\n\n{lines}"


def rules(suite: str) -> dict[str, str]:
    """Return what a suite asks, each by its name with what it says."""
    said = {
        name: re.sub(r"\s+/// ", " ", text)
        for path in sorted(_FOLDER.glob("*.t.sol"))
        if path.name in {f"{suite}.t.sol", f"{suite}Rules.t.sol"}
        for text, name in _RULE.findall(path.read_text(encoding="utf-8"))
    }
    asked = _CALL.findall((_FOLDER / f"{suite}.t.sol").read_text(encoding="utf-8"))
    return {name: said[name] for name in [*asked, "EventsRebuildStorage"] if name in said}


def campaign(suite: str, seed: int, runs: int, depth: int) -> dict[str, object]:
    """Run one slice of a suite and return what it counted.

    :raises RuntimeError: an invariant was broken, or forge did not run.
    """
    command = ("forge", "test", "--json", "--fuzz-seed", str(seed))
    path = f"tests/contracts/invariants/{suite}.t.sol"
    given = {
        "FOUNDRY_PROFILE": "long",
        "FOUNDRY_INVARIANT_RUNS": str(runs),
        "FOUNDRY_INVARIANT_DEPTH": str(depth),
    }
    ran = subprocess.run(
        (*command, "--match-path", path, "--match-test", "invariant_AllHold"),
        cwd=ROOT,
        env={**os.environ, **given},
        check=False,
        capture_output=True,
        text=True,
    )
    result = _result(ran.stdout)
    if ran.returncode or result is None or result["status"] != "Success":
        raise RuntimeError(f"{suite}, seed {seed}: {ran.stdout[-4000:]}{ran.stderr[-4000:]}")
    counted = result["kind"]["Invariant"]
    return {
        "suite": suite,
        "seed": seed,
        "depth": depth,
        **{name: counted[name] for name in ("runs", "calls", "reverts")},
    }


def _result(written: str) -> dict[str, Any] | None:
    """Return what forge says of the one function, None where it says nothing of it."""
    lines = [line for line in written.splitlines() if line.startswith('{"tests/')]
    if not lines:
        return None
    (suite,) = json.loads(lines[-1]).values()
    found: dict[str, Any] | None = suite["test_results"].get("invariant_AllHold()")
    return found
