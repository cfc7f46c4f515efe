#!/usr/bin/env python3
"""Try an installed wheel of Dengji from outside its checkout: `smoke.py ENVIRONMENT CHECKOUT`."""

import importlib
import importlib.metadata
import importlib.resources
import json
import subprocess
import sys
from pathlib import Path


def command(environment: Path, *arguments: str) -> str:
    """Run the installed `dengji` and return what it prints."""
    program = environment / "bin" / "dengji"
    return subprocess.run(
        [program, *arguments], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


def data_files(package: str, folder: str) -> set[str]:
    """Return the paths of the JSON files that `package` carries in `folder`, each of them read."""
    base = importlib.resources.files(package).joinpath(folder)
    with importlib.resources.as_file(base) as root:
        found = sorted(root.rglob("*.json"))
        for path in found:
            json.loads(path.read_text("utf-8"))
        return {path.relative_to(root).as_posix() for path in found}


def problems(environment: Path, checkout: Path) -> list[str]:
    """List what an installed wheel lacks that the checkout has."""
    found: list[str] = []
    home = Path(str(importlib.import_module("registry").__file__)).resolve()
    if not home.is_relative_to(environment.resolve()):
        found.append(f"registry is imported from {home}")
    version = importlib.metadata.version("dengji")
    if version not in command(environment, "--version"):
        found.append(f"dengji --version does not say {version}")
    if "register" not in command(environment, "--help"):
        found.append("dengji --help does not name `register`")
    for folder in ("artifacts", "vocabulary", "catalogue"):
        source = checkout / "registry" / folder
        expected = {path.relative_to(source).as_posix() for path in source.rglob("*.json")}
        if not expected or data_files("registry", folder) != expected:
            found.append(f"registry/{folder} is not whole")
    found += [
        f"{package} has no py.typed"
        for package in ("registry", "cli")
        if not importlib.resources.files(package).joinpath("py.typed").is_file()
    ]
    return found


def main() -> int:
    """Run as a program; return 0, or 1 after naming each problem."""
    environment, checkout = map(Path, sys.argv[1:3])
    found = problems(environment, checkout)
    for problem in found:
        print(f"wheel: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
