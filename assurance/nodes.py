"""Run the integration tests on a second kind of node, so that nothing leans on one node's ways."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from assurance.keep import ROOT, Keep, Record, digest
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

_TESTS: Final = ROOT / "tests" / "integration"
_NODE: Final = "hardhat"
_NONE: Final = Target(limit=0)
_ONLY_ANVIL: Final = "only anvil: "
_FILE_SECONDS: Final = 3 * 3_600
_FEW: Final = {
    "test_audit.py": "begun_anew",
    "test_cli_lineage.py": "",
    "test_sender.py": "reorganis or hole or explained",
    "test_usage.py": "reorganisation or settled_once",
}
"""What the smallest form runs: of these files the tests whose names fit."""


def section(*, smallest: bool = False) -> Section:
    """Run what was not run before on the same sources, file by file, and count what came of it."""
    keep = Keep("nodes", sources=digest(*_sources()), smallest=smallest)
    found = [_of(keep, name, _FEW.get(name, "") if smallest else "") for name in _files(smallest)]
    failed = [f"{one['file']}: {name}" for one in found for name in one["failed"]]
    left: Counter[str] = Counter()
    for one in found:
        left.update(one["left"])
    anvils = sum(count for why, count in left.items() if why.startswith(_ONLY_ANVIL))
    counts = [
        ("files of tests", len(found), None),
        ("tests that passed", sum(one["passed"] for one in found), None),
        ("tests that failed", len(failed), _NONE),
        ("tests left out, since only anvil can", anvils, None),
        ("tests left out for another reason", left.total() - anvils, None),
    ]
    return Section(
        name="nodes",
        title="Another kind of node",
        how=f"The tests of `tests/integration`, which `make test` runs on anvil, are run on "
        f"`hardhat node` {_version()}, another program with another EVM; the dev chains of the "
        "homes on which commands are run are such nodes too. What is asked of it is what is asked "
        "of anvil; only what tests tell a node to do is put in its words (`tests/hardhat/`). A "
        "test that needs what anvil alone can do says why in its marker `only_anvil`.",
        figures=tuple(
            Figure(name=name, samples=(float(count),), target=target)
            for name, count, target in counts
        ),
        remarks=(_table(found), *_reasons(left), *(f"Failed: {one}" for one in failed[:50])),
    )


def _sources() -> Iterator[str]:
    """Yield what every file of tests depends on: all but the files of tests."""
    yield from ("assurance/nodes.py", "cli", "registry", "package-lock.json", "tests/hardhat")
    yield "tests/parity"
    for path in sorted((*(ROOT / "tests").glob("*.py"), *_TESTS.rglob("*.py"))):
        if not path.name.startswith("test_"):
            yield path.relative_to(ROOT).as_posix()


def _files(smallest: bool) -> list[str]:  # noqa: FBT001 (as of `section`)
    if smallest:
        return list(_FEW)
    return sorted(path.relative_to(_TESTS).as_posix() for path in _TESTS.rglob("test_*.py"))


def _of(keep: Keep, name: str, chosen: str) -> Record:
    """Return what came of a file of tests, run now where it was not before."""
    key = {"file": name, "digest": digest(f"tests/integration/{name}"), "chosen": chosen}
    known = keep.found(**key)
    if known is None:
        known = {**key, **_run(name, chosen)}
        keep.append(known)
    return known


def _run(name: str, chosen: str) -> Record:
    """Run a file of tests on the other node; return how many passed, which failed, what was not."""
    with TemporaryDirectory(prefix="dengji-nodes-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
        if chosen:
            command += ["-k", chosen]
        try:
            ran = subprocess.run(
                [*command, f"--junitxml={report}", str(_TESTS / name)],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), "DENGJI_TEST_NODE": _NODE},
                capture_output=True,
                text=True,
                check=False,
                timeout=_FILE_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return {"passed": 0, "failed": [f"not done in {_FILE_SECONDS} s"], "left": {}}
        found = told(report.read_text("utf-8")) if report.exists() else told("<testsuites/>")
    if ran.returncode and not found["failed"]:
        found["failed"] = [f"pytest exits with {ran.returncode}: {ran.stdout[-500:]}"]
    return found


def told(report: str) -> Record:
    """Return what a report in JUnit's form tells of: passed, failed, and left out by reason.

    >>> told('<a><testcase name="b"/><testcase name="c"><skipped message="d"/></testcase></a>')
    {'passed': 1, 'failed': [], 'left': {'d': 1}}
    """
    passed, failed, left = 0, [], Counter[str]()
    # The report is pytest's own, written a moment ago.
    for case in ET.fromstring(report).iter("testcase"):  # noqa: S314
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(str(case.get("name")))
        elif skipped is not None:
            left[str(skipped.get("message"))] += 1
        else:
            passed += 1
    return {"passed": passed, "failed": failed, "left": dict(left)}


def _table(found: list[Record]) -> str:
    rows = ["| file | passed | failed | left out |", "|---|---:|---:|---:|"]
    rows += [
        f"| {one['file']} | {one['passed']} | {len(one['failed'])} | {sum(one['left'].values())} |"
        for one in found
    ]
    return "\n".join(rows)


def _reasons(left: Counter[str]) -> Iterator[str]:
    if left:
        rows = ["| left out | why |", "|---:|---|"]
        rows += [f"| {count} | {why} |" for why, count in sorted(left.items())]
        yield "\n".join(rows)


def _version() -> str:
    lock = json.loads((ROOT / "package-lock.json").read_bytes())
    return str(lock["packages"]["node_modules/hardhat"]["version"])
