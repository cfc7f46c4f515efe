"""Look for known faults with slither, forge lint and solhint, and hold what they find explained.

slither's findings stand with an argument each in `assurance/explained.toml`; one that does not, and
an argument for what is no longer found, both count as unexplained. forge lint and solhint find
nothing, apart from what is excused where it stands, with the reason on the line above, or for the
whole project, with the reason in `foundry.toml` or `explained.toml`.
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT, Keep, Record, digest
from assurance.trees import BUILD, ToolFailed, built, lay, sources, tools
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Place = tuple[str, str]
"""What is looked for, by slither's name of it, and the function or variable where it is found."""

_EXPLAINED: Final = ROOT / "assurance" / "explained.toml"
_EXCUSE: Final = re.compile(r"\s*// (forge-lint: disable|solhint-disable|slither-disable)(?!-end)")
_COMMENT: Final = re.compile(r"^\s*(//|///|#)")
_FORGE_LINT: Final = ("forge", "lint", "contracts")
_SOLHINT: Final = ("solhint", "--noPoster", "--max-warnings", "0", "contracts/**/*.sol")
_NONE: Final = Target(limit=0)

# slither 0.11.6 takes two types of one name for each other, though no source sees both.
_RENAMED: Final = {
    "contracts/Lineage.sol",
    "contracts/interfaces/ILineage.sol",
    "contracts/types/Derivation.sol",
}
_TYPE_NAME: Final = re.compile(r"\bSource(?=\[\]| \{|\(\{|\})")

_SETTINGS: Final = """\
[profile.default]
src = "contracts"
test = "contracts"
script = "contracts"
libs = ["node_modules"]
solc = "scripts/solc"
remappings = ["@openzeppelin/contracts/=node_modules/@openzeppelin/contracts/"]
auto_detect_remappings = false
evm_version = "cancun"

[lint]
lint_on_build = false
"""


def section(*, smallest: bool = False) -> Section:
    """Run the three tools, or at its smallest only what needs no build and no installation."""
    explained = dict(explanations())
    bare = list(unexplained_excuses())
    figures = [
        _counted("findings of slither explained", len(explained)),
        _counted("excuses in the sources without a reason", len(bare), _NONE),
    ]
    if not smallest:
        figures += _found(explained)
    rows = ["| slither | places | why it stands |", "|---|---:|---|"]
    reasons = Counter((check, explained[check, place]) for check, place in explained)
    rows += [f"| {check} | {count} | {why} |" for (check, why), count in sorted(reasons.items())]
    return Section(
        name="analysis",
        title="Static analysis",
        how="slither 0.11.6 with all its detectors, forge lint with all severities and solhint 6 "
        "look at the contracts. `assurance/explained.toml` names every place that slither finds, "
        "with the reason why it stays.",
        figures=tuple(figures),
        remarks=("\n".join(rows), *(f"No reason is given at {place}." for place in bare)),
    )


def _found(explained: Mapping[Place, str]) -> Iterator[Figure]:
    keep = Keep("analysis", sources=digest("contracts", "assurance/analysis.py", "foundry.toml"))
    found = {(one["check"], one["place"]) for one in _slither(keep)["found"]}
    new = sorted(found - explained.keys())
    gone = sorted(explained.keys() - found)
    for check, place in (*new, *gone):
        print(f"analysis: {'new' if (check, place) in found else 'gone'}: {check}: {place}")
    yield _counted("findings of slither", len(found))
    yield _counted("findings of slither without an argument", len(new), _NONE)
    yield _counted("arguments without a finding", len(gone), _NONE)
    yield _counted("findings of forge lint", _lines(_FORGE_LINT, r"^(note|warning|error)"), _NONE)
    yield _counted("findings of solhint", _lines(_SOLHINT, r"(warning|error) "), _NONE)


def explanations() -> Iterator[tuple[Place, str]]:
    """Yield the places that are explained, each with the reason.

    :raises ToolFailed: where a place is named twice, or a reason is missing.
    """
    seen: set[Place] = set()
    for group in tomllib.loads(_EXPLAINED.read_text("utf-8"))["finding"]:
        for place in group["places"]:
            key = (group["check"], place)
            if key in seen or not group["why"].strip():
                raise ToolFailed(f"{_EXPLAINED.name}: twice or without a reason: {key}")
            seen.add(key)
            yield key, group["why"]


def unexplained_excuses() -> Iterator[str]:
    """Yield where a linter is silenced with no comment above that says why."""
    for name, text in sources("contracts").items():
        lines = text.splitlines()
        for number, line in enumerate(lines):
            if _EXCUSE.match(line) and not _reasoned(lines[max(0, number - 2) : number]):
                yield f"{name}:{number + 1}"


def _reasoned(above: list[str]) -> bool:
    """Tell whether a comment stands right above, or above the function that begins there."""
    if above and _COMMENT.match(above[-1]):
        return True
    return len(above) > 1 and "function " in above[-1] and bool(_COMMENT.match(above[0]))


def _slither(keep: Keep) -> Record:
    """Return what slither finds, now or when it last looked at these sources."""
    known = keep.found(tool="slither")
    if known is not None:
        return known
    environ = tools()
    tree = BUILD / "analysis" / "tree"
    laid = {
        name: _TYPE_NAME.sub("JudgedSource", text) if name in _RENAMED else text
        for name, text in sources("contracts").items()
    }
    lay(tree, laid, _SETTINGS)
    built(tree, environ, "--build-info")
    answer = tree / "slither.json"
    answer.unlink(missing_ok=True)
    command = ["slither", ".", "--ignore-compile", "--filter-paths", "node_modules"]
    ran = subprocess.run(
        [*command, "--json", answer.name],
        capture_output=True,
        text=True,
        env=environ,
        cwd=tree,
        check=False,
    )
    if not answer.exists() or not (said := json.loads(answer.read_bytes()))["success"]:
        raise ToolFailed(ran.stderr)
    found = sorted({(one["check"], _place(one)) for one in said["results"]["detectors"]})
    record = {
        "tool": "slither",
        "found": [{"check": check, "place": place} for check, place in found],
    }
    keep.append(record)
    return record


def _place(finding: dict[str, Any]) -> str:
    """Return the name of what a finding is about: the contract, and what of it."""
    element = finding["elements"][0]
    fields = element.get("type_specific_fields", {})
    named = str(fields.get("signature", element["name"]))
    parent = fields.get("parent", {})
    if element["type"] == "node" or element["type"] == "variable":
        inner = parent.get("type_specific_fields", {})
        named = str(inner.get("signature", parent.get("name", ""))) + f".{_short(named)}"
        parent = inner.get("parent", parent)
    return f"{parent.get('name', '')}.{named.replace(' ', '')}".replace("..", ".")


def _short(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:60]


def _lines(command: tuple[str, ...], pattern: str) -> int:
    """Return how many lines of what a linter says are findings.

    :raises ToolFailed: where it fails and names none.
    """
    environ = tools()
    environ["PATH"] = f"{ROOT / 'node_modules' / '.bin'}:{environ['PATH']}"
    ran = subprocess.run(
        command, capture_output=True, text=True, env=environ, cwd=ROOT, check=False
    )
    found = len(re.findall(pattern, ran.stdout + ran.stderr, re.MULTILINE))
    if ran.returncode and not found:
        raise ToolFailed(ran.stdout + ran.stderr)
    return found


def _counted(name: str, count: int, target: Target | None = None) -> Figure:
    return Figure(name=name, samples=(float(count),), target=target)
