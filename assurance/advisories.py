"""Ask the registries for known weaknesses of what is locked, and tell what they answered."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTES: Final = 10
"""How long a registry may take over all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hold what a registry said.

    :ivar asked: the number of packages it was asked about.
    :ivar answered: of how many it knows whether something is wrong with them.
    :ivar weaknesses: what is wrong, one line each.
    :ivar said: why it did not answer for the others, empty where it did.
    """

    tool: str
    asked: int
    answered: int
    weaknesses: tuple[str, ...] = ()
    said: str = ""

    def remark(self) -> str:
        """Return the answer as a paragraph of the page."""
        told = f"`{self.tool}`: {self.asked:,} packages asked about, {self.answered:,} answered for"
        if self.said:
            told += f" ({self.said})"
        lines = [f"- {one}" for one in self.weaknesses]
        return "\n".join([f"{told}.", *([""] if lines else []), *lines])


def python(lock: Path) -> Answer:
    """Ask about the packages of a lock file, after one of them has shown that there is an answer.

    A registry that has no advisories answers for no package; it is not asked about all of them.
    """
    tool = "pip-audit"
    made = _run([ROOT / "scripts" / "tools", "audit"])
    asked = len(re.findall(r"(?m)^[A-Za-z0-9]", lock.read_text("utf-8")))
    if made.returncode:
        return Answer(tool=tool, asked=0, answered=0, said="it could not be installed")
    program = Path(made.stdout.strip(), tool)
    first = lock.read_text("utf-8").partition("\n    # via")[0] + "\n"
    with tempfile.TemporaryDirectory(prefix="dengji-audit-") as folder:
        one = Path(folder, "one.txt")
        one.write_text(first, "utf-8")
        tried = read_python(tool, 1, _audit(program, one).stdout)
    return read_python(tool, asked, _audit(program, lock).stdout) if tried.answered else tried


def _audit(program: Path, lock: Path) -> subprocess.CompletedProcess[str]:
    options = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json")
    return _run([program, *options, "--requirement", lock])


def read_python(tool: str, asked: int, said: str) -> Answer:
    """Read what pip-audit wrote. A package that it skips is one of which nothing is known."""
    try:
        found = json.loads(said)["dependencies"]
    except ValueError:
        return Answer(tool=tool, asked=asked, answered=0, said="it wrote no report")
    known = [one for one in found if "vulns" in one]
    skipped = {re.sub(r":.*", "", one["skip_reason"]) for one in found if "skip_reason" in one}
    weaknesses = [
        f"{one['name']} {one['version']}: {weakness['id']}"
        for one in known
        for weakness in one["vulns"]
    ]
    return Answer(
        tool=tool,
        asked=asked,
        answered=len(known),
        weaknesses=tuple(weaknesses),
        said="; ".join(sorted(skipped)),
    )


def node(asked: int) -> Answer:
    """Ask about the packages of package-lock.json, so many of them."""
    ran = _run(["npm", "audit", "--json", "--package-lock-only"])
    return read_node(asked, ran.stdout)


def read_node(asked: int, said: str) -> Answer:
    """Read what `npm audit --json` wrote: a report, or why there is none."""
    tool = "npm audit"
    try:
        found = json.loads(said)
    except ValueError:
        return Answer(tool=tool, asked=asked, answered=0, said="it wrote no report")
    if "vulnerabilities" not in found:
        # The rest of the sentence says which address was asked.
        why = str(found.get("message", "it gave no reason")).partition(" - ")[0]
        return Answer(tool=tool, asked=asked, answered=0, said=why)
    weaknesses = [
        f"{name}: {one['severity']}" for name, one in sorted(found["vulnerabilities"].items())
    ]
    return Answer(tool=tool, asked=asked, answered=asked, weaknesses=tuple(weaknesses))


def _run(arguments: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60 * MINUTES
    )
