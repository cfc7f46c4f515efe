"""Show that everything Dengji is built from is pinned to its bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REQUIREMENTS: Final = ROOT / "requirements"
PACKAGE_LOCK: Final = ROOT / "package-lock.json"
_NONE: Final = Target(limit=0)
_PIN: Final = re.compile(r"([A-Za-z0-9._-]+)(\[[^]]*\])?==([^\s;]+)")
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})(?![0-9a-f])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Hold a locked package and the digests that its files may have.

    :ivar hashes: SHA-256 in hex of each file of a Python package, or the `integrity` of npm.
    """

    name: str
    version: str
    hashes: tuple[str, ...]


def python_pins(lock: Path) -> Iterator[Pin]:
    """Yield the packages that a file of `requirements/` pins, with their hashes.

    :raises ValueError: where something is asked for by anything but an exact version.
    """
    joined = lock.read_text("utf-8").replace("\\\n", " ")
    for line in joined.splitlines():
        asked = line.split("#")[0].strip()
        if not asked:
            continue
        pin = _PIN.match(asked)
        if pin is None:
            raise ValueError(f"{lock.name} pins no version: {asked[:80]}")
        hashes = tuple(_HASH.findall(asked))
        yield Pin(name=pin[1], version=pin[3], hashes=hashes)


def node_pins(lock: Path) -> Iterator[Pin]:
    """Yield the packages of a package-lock.json, with their integrity."""
    for path, entry in json.loads(lock.read_bytes())["packages"].items():
        if path:
            name = entry.get("name", path.rpartition("node_modules/")[2])
            kept = entry.get("integrity")
            yield Pin(name=name, version=entry["version"], hashes=(kept,) if kept else ())


def section(*, smallest: bool = False) -> Section:
    """Count what is pinned, and what is pinned without a hash."""
    del smallest
    python = [pin for lock in sorted(REQUIREMENTS.glob("*.txt")) for pin in python_pins(lock)]
    node = list(node_pins(PACKAGE_LOCK))
    figures = (
        _counted("Python packages pinned, in all lock files", len(python)),
        _counted("hashes of their files", sum(len(pin.hashes) for pin in python)),
        _counted("Python packages without a hash", _bare(python), _NONE),
        _counted("npm packages pinned", len(node)),
        _counted("npm packages without a hash", _bare(node), _NONE),
    )
    return Section(
        name="supply",
        title="Supply chain",
        how="What `requirements/*.txt` and `package-lock.json` pin is counted, and what of it has "
        "no hash.",
        figures=figures,
    )


def _bare(pins: list[Pin]) -> int:
    return sum(not pin.hashes for pin in pins)


def _counted(name: str, count: int, target: Target | None = None) -> Figure:
    return Figure(name=name, samples=(float(count),), target=target)
