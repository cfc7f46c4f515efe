"""Read what the lock files pin: each package, its version, its digests, and who asked for it."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PINNED: Final = re.compile(
    r"([A-Za-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)(?: ; ([^\\]+?))?(?: \\)?"
)
_HASH: Final = re.compile(r"    --hash=sha256:([0-9a-f]{64})(?: \\)?")
_VIA: Final = re.compile(r"    # (?:via(?: (.+))?|  (.+))")
_ALGORITHMS: Final = {
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}

Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Hold a digest in hex, and its algorithm as CycloneDX names it."""

    algorithm: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Hold a locked package.

    :ivar kind: `pypi` or `npm`.
    :ivar digests: those that its files may have; of npm's packages, which are one file, its own.
    :ivar asked_by: the packages and files that want it; of npm's, purls.
    :ivar marker: on which machines it is installed, empty where on all.
    :ivar licence: as the lock file states it, empty where it does not.
    """

    kind: str
    name: str
    version: str
    digests: tuple[Digest, ...]
    asked_by: frozenset[str]
    marker: str = ""
    licence: str = ""

    @property
    def purl(self) -> str:
        """Return the package's URL, its name in all lists of this kind.

        >>> Pin(kind="npm", name="@a/b", version="1", digests=(), asked_by=frozenset()).purl
        'pkg:npm/%40a/b@1'
        """
        name = self.name.lower().replace("_", "-") if self.kind == "pypi" else self.name
        return f"pkg:{self.kind}/{name.replace('@', '%40')}@{self.version}"


def python_pins(lock: Path) -> Iterator[Pin]:
    """Yield the packages that a file of `requirements/` pins.

    :raises ValueError: at a line that is not as `scripts/lock` writes it, such as one that asks
        for a package by anything but an exact version.
    """
    lines: list[str] = []
    for line in lock.read_text("utf-8").splitlines():
        if not line.startswith((" ", "#")) and line and lines:
            yield _python_pin(lines, lock.name)
            lines = []
        lines.append(line)
    if lines:
        yield _python_pin(lines, lock.name)


def _python_pin(lines: list[str], where: str) -> Pin:
    found = _PINNED.fullmatch(lines[0])
    if found is None:
        raise ValueError(f"{where} pins no version: {lines[0]}")
    digests, asked_by = [], set()
    for line in lines[1:]:
        if kept := _HASH.fullmatch(line):
            digests.append(Digest(algorithm="SHA-256", content=kept[1]))
        elif via := _VIA.fullmatch(line):
            asked_by |= {one for one in via.groups() if one is not None}
        else:
            raise ValueError(f"{where} has a line that is no pin's: {line}")
    return Pin(
        kind="pypi",
        name=found[1],
        version=found[2],
        digests=tuple(digests),
        asked_by=frozenset(asked_by),
        marker=found[3] or "",
    )


def node_pins(lock: Path) -> Iterator[Pin]:
    """Yield the packages of a `package-lock.json`, each as often as it is installed."""
    entries: Entries = json.loads(lock.read_bytes())["packages"]
    asked_by: dict[str, set[str]] = {path: set() for path in entries}
    for path, entry in entries.items():
        for name in {**entry.get("dependencies", {}), **entry.get("optionalDependencies", {})}:
            if path and (met := _resolved(entries, path, name)):
                asked_by[met].add(_node_pin(path, entry, frozenset()).purl)
    for path, entry in entries.items():
        if path:
            yield _node_pin(path, entry, frozenset(asked_by[path]))


def _node_pin(path: str, entry: Mapping[str, Any], asked_by: frozenset[str]) -> Pin:
    return Pin(
        kind="npm",
        name=entry.get("name", path.rpartition("node_modules/")[2]),
        version=entry["version"],
        digests=tuple(map(_integrity, entry.get("integrity", "").split())),
        asked_by=asked_by,
        licence=entry.get("license", ""),
    )


def _integrity(text: str) -> Digest:
    algorithm, _, value = text.partition("-")
    content = base64.b64decode(value, validate=True).hex()
    return Digest(algorithm=_ALGORITHMS[algorithm], content=content)


def _resolved(entries: Entries, path: str, name: str) -> str | None:
    """Return where a package finds another one: in its own folder, or in one above."""
    while True:
        inner = f"{path}/node_modules/{name}" if path else f"node_modules/{name}"
        if inner in entries:
            return inner
        if not path:
            return None
        path = path.rpartition("node_modules/")[0].rstrip("/")
