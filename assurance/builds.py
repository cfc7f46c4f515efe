"""Build what is handed out in places that have nothing in common, and compare the bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT
from scripts.compile import ARTIFACTS, closure, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_PACKAGED: Final = (
    *("registry", "cli", "contracts", "foundry.toml", "pyproject.toml", ".gitignore"),
    *("README.md", "README.zh.md", "CHANGELOG.md", "LICENSE"),
)
_COMPILED: Final = ("contracts", "foundry.toml", "package.json", "scripts/solc")
_COMPILE: Final = "import sys; from pathlib import Path; from scripts.compile import main; "


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Say how one place to build in differs from another.

    :ivar name: of its folder.
    :ivar umask: what new files are not allowed.
    :ivar changed: when all of its files were changed last, in seconds of Unix time.
    :ivar backwards: whether its files were made in the opposite order.
    :ivar variables: of its environment.
    """

    name: str
    umask: int
    changed: int
    backwards: bool
    variables: Mapping[str, str] = field(default_factory=dict)


PLACES: Final = (
    Place(
        name="here",
        umask=0o022,
        changed=1_000_000_000,
        backwards=False,
        variables={"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC", "LANG": "C"},
    ),
    Place(
        name="there/这里 and there",
        umask=0o077,
        changed=1_700_000_001,
        backwards=True,
        variables={"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "HOME": "/"},
    ),
)
Digests = dict[str, set[str]]
"""The different digests that each file came to, by its name."""


def packages() -> Digests:
    """Build wheel and source archive in each place."""
    return _compared(_PACKAGED, _package)


def contracts(*, smallest: bool = False) -> tuple[Digests, list[str]]:
    """Compile the contracts in each place, at the smallest those of one source.

    :return: what each artifact came to, and which of them are not the package's own.
    """
    names: Iterable[str] = _COMPILED
    if smallest:
        source = min(units(ROOT), key=lambda unit: len(closure(ROOT, unit)))
        own = [name for name in closure(ROOT, source) if name.startswith("contracts/")]
        names = (*own, *_COMPILED[1:])
    found = _compared(names, _compile)
    kept = {path.name: _digest(path) for path in (ROOT / ARTIFACTS).iterdir()}
    return found, sorted(name for name, ones in found.items() if ones != {kept.get(name)})


def _compared(names: Iterable[str], make: Callable[[Path, Place], Iterable[Path]]) -> Digests:
    found: Digests = defaultdict(set)
    for place in PLACES:
        with tempfile.TemporaryDirectory(prefix="dengji-build-") as held:
            folder = Path(held) / place.name
            _copy(names, folder, place)
            for path in make(folder, place):
                found[path.name].add(_digest(path))
    return dict(found)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _package(folder: Path, place: Place) -> Iterator[Path]:
    out = folder.parent / "built"
    _run(("-m", "build", "--no-isolation", "--outdir", str(out), str(folder)), folder, place)
    yield from sorted(out.iterdir())


def _compile(folder: Path, place: Place) -> Iterator[Path]:
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    _run(("-c", f"{_COMPILE}sys.exit(main([], root=Path({str(folder)!r})))"), ROOT, place)
    yield from sorted((folder / ARTIFACTS).iterdir())


def _run(arguments: tuple[str, ...], folder: Path, place: Place) -> None:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR"}}
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**inherited, **place.variables},
        umask=place.umask,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"{place.name}: {ran.stdout}{ran.stderr}")


def _copy(names: Iterable[str], folder: Path, place: Place) -> None:
    """Copy files and folders of the project as one who checks it out there would have them."""
    paths = sorted(path for name in names for path in _files(ROOT / name))
    for path in reversed(paths) if place.backwards else paths:
        new = folder / path.relative_to(ROOT)
        new.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, new)
        runs = 0o111 if path.stat().st_mode & 0o100 else 0
        new.chmod((0o666 | runs) & ~place.umask)
        os.utime(new, (place.changed, place.changed))


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for inner in path.rglob("*"):
        if inner.is_file() and "__pycache__" not in inner.parts:
            yield inner
