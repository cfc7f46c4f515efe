"""Put a mutant into the contracts as they are deployed, and ask the tests of Python.

A mutant of which the compiler, with the settings of a deployment, makes the same bytes as of the
contracts themselves cannot be noticed by anybody: it is equivalent.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT
from assurance.mutation.mutant import EQUIVALENT, INVALID, KILLED, SURVIVED, TIMED_OUT, Mutant
from assurance.mutation.records import Fate
from scripts.compile import (
    ARTIFACTS,
    OUTPUTS,
    CompileFailed,
    output_of,
    units,
    webassembly_compiler,
)

if TYPE_CHECKING:
    from pathlib import Path

TESTS: Final = "tests/parity"
STAGE: Final = "deployed"
_LEFT: Final = shutil.ignore_patterns(
    *("node_modules", ".venv*", "out", "cache", "build", "dist", ".git", "__pycache__", ".*_cache")
)
_SECONDS: Final = 3600
_FAILED: Final = re.compile(r"^(?:FAILED|ERROR) ([^:\s]+)(?:::(\S+))?", re.MULTILINE)


@dataclass(slots=True)
class Deployment:
    """Hold a copy of the project, whose contracts are changed one mutant at a time.

    :ivar codes: the creation code of each contract without a mutant, by source and name.
    """

    folder: Path
    codes: dict[tuple[str, str], str] = field(default_factory=dict)

    def prepare(self) -> None:
        """Copy the project, and compile it as it is."""
        kept = self.folder / "cache"
        for path in self.folder.iterdir() if self.folder.exists() else ():
            if path != kept and not path.is_symlink():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(ROOT, self.folder, ignore=_LEFT, dirs_exist_ok=True)
        modules = self.folder / "node_modules"
        if not modules.is_symlink():
            modules.symlink_to((ROOT / "node_modules").resolve())
        self.codes = {key: made["bytecode"] for key, made in self._compiled().items()}

    def _compiled(self) -> dict[tuple[str, str], dict[str, Any]]:
        compiler = webassembly_compiler(self.folder)
        found = {}
        for unit in units(self.folder):
            output = output_of(self.folder, compiler, unit, {unit: {"*": OUTPUTS}})
            for name, made in output["contracts"][unit].items():
                deployed = made["evm"]["deployedBytecode"]
                places = [one for few in deployed["immutableReferences"].values() for one in few]
                found[unit, name] = {
                    "bytecode": "0x" + made["evm"]["bytecode"]["object"],
                    "deployedBytecode": "0x" + deployed["object"],
                    "immutableReferences": sorted(places, key=lambda place: int(place["start"])),
                }
        return found

    def judge(self, mutant: Mutant) -> Fate:
        """Compile with a mutant, and run the tests that hold the two languages together."""
        source = self.folder / mutant.path
        original = source.read_bytes()
        artifacts = {path: path.read_bytes() for path in (self.folder / ARTIFACTS).glob("*.json")}
        try:
            source.write_bytes(mutant.applied(original))
            made = self._compiled()
            if {key: one["bytecode"] for key, one in made.items()} == self.codes:
                return Fate(state=EQUIVALENT)
            for path, content in artifacts.items():
                artifact = json.loads(content)
                new = made[artifact["sourceName"], artifact["contractName"]]
                path.write_text(json.dumps(artifact | new), "utf-8")
            return self._tested()
        except CompileFailed:
            return Fate(state=INVALID)
        finally:
            source.write_bytes(original)
            for path, content in artifacts.items():
                path.write_bytes(content)

    def _tested(self) -> Fate:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", TESTS]
        command += ["-p", "no:cacheprovider", f"--basetemp={self.folder}/cache/tests"]
        environ = os.environ | {"PYTHONPATH": str(self.folder)}
        try:
            ran = subprocess.run(
                command,
                cwd=self.folder,
                env=environ,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Fate(state=TIMED_OUT, stage=STAGE)
        if ran.returncode == 0:
            return Fate(state=SURVIVED, stage=STAGE)
        failed = _FAILED.search(ran.stdout)
        if failed is None:
            raise RuntimeError(f"pytest ended with {ran.returncode}: {ran.stdout[-2000:]}")
        return Fate(state=KILLED, suite=failed[1], test=failed[2] or "", stage=STAGE)
