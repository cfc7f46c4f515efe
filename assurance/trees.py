"""Lay out copies of the contracts for tools that want them built in their own way, or changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILD: Final = ROOT / "build"
_LINKED: Final = ("node_modules", "scripts", "package.json")


class ToolFailed(Exception):
    """Say what a tool wrote that could not do its work."""


def tools() -> dict[str, str]:
    """Return the environment that slither and halmos run in, made when first asked for.

    :raises ToolFailed: where they cannot be installed.
    """
    command = [str(ROOT / "scripts" / "tools"), "analysis"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise ToolFailed(made.stderr)
    return {**os.environ, "PATH": f"{made.stdout.strip()}{os.pathsep}{os.environ['PATH']}"}


def lay(folder: Path, sources: Mapping[str, str], settings: str) -> None:
    """Make a folder one of forge's with these sources, by their paths, and its settings.

    What stands there as it should be is left alone, so that nothing is compiled twice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in _LINKED:
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(ROOT / name)
    wanted = {**sources, "foundry.toml": settings}
    for path in sorted(folder.rglob("*.sol")):
        inside = path.relative_to(folder).as_posix()
        if not inside.startswith(("node_modules/", "build/", "scripts/")) and inside not in wanted:
            path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")


def sources(*folders: str) -> dict[str, str]:
    """Return the Solidity sources in folders of the project, by their paths."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.sol"))
    }


def built(folder: Path, environ: Mapping[str, str], *arguments: str) -> None:
    """Have forge build a folder.

    :raises ToolFailed: where it does not compile.
    """
    command = ["forge", "build", "--root", str(folder), *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    if ran.returncode:
        raise ToolFailed(ran.stdout + ran.stderr)


def copied(folder: Path, fresh: Path) -> None:
    """Make a folder what another one is, with what forge built there."""
    if fresh.exists():
        shutil.rmtree(fresh)
    shutil.copytree(folder, fresh, symlinks=True)


def code_files(folder: Path, codes: Mapping[str, str]) -> None:
    """Write creation codes, by the names of the contracts, where properties look for them."""
    place = folder / "build" / "symbolic" / "code"
    place.mkdir(parents=True, exist_ok=True)
    for name, code in codes.items():
        (place / f"{name}.json").write_text(json.dumps({"bytecode": {"object": code}}), "utf-8")
