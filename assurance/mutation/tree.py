"""Build the contracts and their tests once, with many mutants asleep in them.

The contracts are compiled without the optimizer, as the tests are, in a copy of the project. A
mutant is called up by writing its number over the mark in what the compiler made, of the contracts
and of the tests that take a library in, so that no compiler runs for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.keep import ROOT, digest
from assurance.mutation.schema import DECLARATION, FILE, MARK, Written, written
from assurance.mutation.solidity import Site, sites

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CONTRACTS: Final = "contracts"
TESTS: Final = "tests/contracts"
_WIDTH: Final = len(MARK)
_ROUNDS: Final = 12
_TOOL: Final = tuple(f"assurance/mutation/{name}.py" for name in ("schema", "solidity"))
_NEEDED: Final = ("scripts/solc", "package.json")


class BuildFailed(Exception):
    """Tells that the tree cannot be compiled, and why."""


def _compiled(root: Path, sources: Mapping[str, str], wanted: Sequence[str]) -> dict[str, Any]:
    settings = tomllib.loads((ROOT / "foundry.toml").read_text("utf-8"))["profile"]["default"]
    asked = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sources.items()},
        "settings": {
            "remappings": settings["remappings"],
            "evmVersion": settings["evm_version"],
            "outputSelection": {"*": {"": list(wanted)}},
        },
    }
    command = [str(root / "scripts" / "solc"), "--standard-json", "--base-path", str(root)]
    command += ["--allow-paths", str((ROOT / "node_modules").resolve())]
    said = subprocess.run(
        command, input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    found: dict[str, Any] = json.loads(said.stdout)
    return found


def population(only: Sequence[str] = ()) -> list[Site]:
    """Return every change of every contract, or of those named, that this tool knows."""
    paths = [ROOT / name for name in only] or sorted((ROOT / CONTRACTS).rglob("*.sol"))
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    trees = _compiled(ROOT, sources, ["ast"])["sources"]
    return [
        site
        for path, text in sources.items()
        for site in sites(path, text.encode(), trees[path]["ast"])
    ]


@dataclass(slots=True)
class Tree:
    """Hold a copy of the project with these mutants in it.

    :ivar folder: where the copy lies; it is built again unless it is of the same mutants.
    :ivar numbered: the mutants, by the number that calls them up.
    :ivar copied: the contracts and tests that are compiled.
    :ivar refused: why the compiler does not take some of them.
    """

    folder: Path
    numbered: Mapping[int, Site]
    copied: Sequence[str] = (CONTRACTS, TESTS)
    refused: dict[int, str] = field(default_factory=dict)
    marks: dict[Path, list[int]] = field(default_factory=dict)

    def build(self) -> None:
        """Write, check and compile everything, if it has not been done."""
        built = self.folder / "built.json"
        told = {"sources": self._digest(), "refused": self.refused}
        if not built.exists() or json.loads(built.read_text())["sources"] != told["sources"]:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._copy()
            for _ in range(_ROUNDS):
                if not self._refusals():
                    break
            self._forge()
            built.write_text(json.dumps(told), "utf-8")
        kept = json.loads(built.read_text("utf-8"))["refused"]
        self.refused = {int(number): why for number, why in kept.items()}
        self._find_marks()

    def _digest(self) -> str:
        """Return a digest of all that the copy is made of."""
        sources = digest(*self.copied, *_NEEDED, "foundry.toml", *_TOOL)
        told = sorted((number, site.mutant.key) for number, site in self.numbered.items())
        return hashlib.sha256(repr((sources, told)).encode()).hexdigest()

    def _copy(self) -> None:
        for name in (*self.copied, *_NEEDED):
            source, target = ROOT / name, self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)
        (self.folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
        (self.folder / FILE).write_text(DECLARATION, "utf-8")
        text = (ROOT / "foundry.toml").read_text("utf-8")
        lines = [line for line in text.splitlines() if not line.startswith(_REPLACED)]
        (self.folder / "foundry.toml").write_text(
            "\n".join(lines).replace("[profile.default]", _PROFILE, 1) + "\n", "utf-8"
        )

    def _refusals(self) -> bool:
        """Write the mutants that are left, and take out those that the compiler complains of."""
        files: dict[str, dict[int, Site]] = {}
        for number, site in self.numbered.items():
            if number not in self.refused:
                files.setdefault(site.mutant.path, {})[number] = site
        made = {
            path: written(path, (ROOT / path).read_bytes(), files.get(path, {}))
            for path in {site.mutant.path for site in self.numbered.values()}
        }
        for path, new in made.items():
            (self.folder / path).write_bytes(new.source)
        sources = {
            path.relative_to(self.folder).as_posix(): path.read_text("utf-8")
            for path in sorted((self.folder / CONTRACTS).rglob("*.sol"))
        }
        said = _compiled(self.folder, sources, []).get("errors", [])
        errors = [error for error in said if error["severity"] == "error"]
        for error in errors:
            for number in _blamed(error, made):
                self.refused.setdefault(number, error["message"])
        return bool(errors)

    def _forge(self) -> None:
        environ = os.environ | {"SOLC_WASM_OPTIMIZE": "1"}
        said = subprocess.run(
            ["forge", "build"],
            cwd=self.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if said.returncode:
            raise BuildFailed((said.stdout + said.stderr)[-4000:])

    def _find_marks(self) -> None:
        mark = MARK.encode()
        for path in sorted((self.folder / "out").rglob("*.json")):
            content = path.read_bytes()
            places = list(_places(content, mark))
            kept = path.with_suffix(".marks")
            if places and not kept.exists():
                kept.write_text(json.dumps(places))
            if kept.exists():
                self.marks[path] = json.loads(kept.read_text())

    def call_up(self, number: int) -> None:
        """Bring a mutant to life, 0 for none, in everything that was compiled."""
        text = (f"{number:0{_WIDTH}x}" if number else MARK).encode()
        for path, places in self.marks.items():
            with path.open("r+b") as file:
                for place in places:
                    file.seek(place)
                    file.write(text)


_REPLACED: Final = (
    *("via_ir", "optimizer", "additional_compiler_profiles", "compilation_restrictions"),
    *("deny", "gas_snapshot_check", "gas_limit"),
)
_PROFILE: Final = """\
[profile.default]
via_ir = false
optimizer = false
gas_snapshot_check = false
gas_limit = 3_000_000_000"""


def _places(content: bytes, mark: bytes) -> Iterator[int]:
    at = content.find(mark)
    while at >= 0:
        yield at
        at = content.find(mark, at + 1)


def _blamed(error: Mapping[str, Any], made: Mapping[str, Written]) -> set[int]:
    """Return the mutants that an error is about.

    :raises BuildFailed: where it is about none.
    """
    where = error.get("sourceLocation") or {"file": "", "start": 0, "end": 0}
    at = made.get(where["file"])
    start, end = where["start"], where["end"]
    found = at.blamed(start, end) if at else set()
    if at and not found:
        # A constant that assembly uses has to be a bare number: what is wrong is its declaration.
        name = at.source[start:end]
        found = {number for one in made.values() for number in one.declaring(name)}
    if not found:
        raise BuildFailed(error["formattedMessage"])
    return found
