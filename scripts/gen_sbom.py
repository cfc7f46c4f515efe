"""Write the list of what Dengji is built from, `docs/sbom.json`, from the lock files.

Run as ``python -m scripts.gen_sbom``; with ``--check`` it writes nothing and exits with 1 when
the list is not that of the lock files. It is CycloneDX 1.6 and depends on the lock files alone: it
has neither time nor serial number, and names no registry. A component is `required` where the
wheel needs it or holds what was compiled from it, `optional` where an extra does, and `excluded`
where it builds, checks or tests.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry import __version__
from scripts.pins import Pin, node_pins, python_pins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT: Final = Path(__file__).resolve().parent.parent
LIST: Final = Path("docs", "sbom.json")
_OWN: Final = f"pkg:pypi/dengji@{__version__}"
_SCOPES: Final = ("required", "optional", "excluded")

JsonObject = dict[str, Any]
Locks = dict[str, list[Pin]]
"""What each lock file pins, by its path."""


def locks(root: Path) -> Locks:
    """Read all lock files of the project."""
    python = {
        path.relative_to(root).as_posix(): list(python_pins(path))
        for path in sorted((root / "requirements").glob("*.txt"))
    }
    return {**python, "package-lock.json": list(node_pins(root / "package-lock.json"))}


def listed(root: Path) -> JsonObject:
    """Return the list as CycloneDX has it."""
    held = locks(root)
    edges = _edges(held)
    direct = sorted(_direct(root, held))
    edges[_OWN] = set(direct)
    scopes = _scopes(held, edges, direct, _extras(root, held))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "lifecycles": [{"phase": "pre-build"}],
            "component": {
                "type": "application",
                "bom-ref": _OWN,
                "name": "dengji",
                "version": __version__,
                "licenses": [{"expression": "Apache-2.0"}],
                "purl": _OWN,
            },
        },
        "components": [
            _component(purl, found, scopes[purl]) for purl, found in sorted(_found(held).items())
        ],
        "dependencies": [
            {"ref": ref, "dependsOn": sorted(wanted)} for ref, wanted in sorted(edges.items())
        ],
    }


def _found(held: Locks) -> dict[str, list[tuple[str, Pin]]]:
    """Return where each package is pinned, by its purl."""
    found: dict[str, list[tuple[str, Pin]]] = defaultdict(list)
    for lock, pins in held.items():
        for pin in pins:
            found[pin.purl].append((lock, pin))
    return found


def _component(purl: str, found: list[tuple[str, Pin]], scope: str) -> JsonObject:
    """Return a component, with all that the lock files know of it."""
    pin = found[0][1]
    digests = sorted({(one.algorithm, one.content) for _, held in found for one in held.digests})
    hashes = [{"alg": algorithm, "content": content} for algorithm, content in digests]
    properties = [("locked-in", lock) for lock in sorted({lock for lock, _ in found})]
    properties += [
        ("marker", marker) for marker in sorted({held.marker for _, held in found} - {""})
    ]
    group, _, name = pin.name.rpartition("/")
    component: JsonObject = {
        "type": "library",
        "bom-ref": purl,
        **({"group": group} if group else {}),
        "name": name,
        "version": pin.version,
        "scope": scope,
        **({"licenses": [{"expression": pin.licence}]} if pin.licence else {}),
        "purl": purl,
        "properties": [{"name": f"dengji:{key}", "value": value} for key, value in properties],
    }
    if pin.kind == "npm":
        component["hashes"] = hashes
    else:
        # One of several files is installed, so that no digest is the component's own.
        component["externalReferences"] = [{"type": "distribution", "url": purl, "hashes": hashes}]
    return component


def _edges(held: Locks) -> dict[str, set[str]]:
    """Return what each package needs, by purls, as the lock files resolved it."""
    edges: dict[str, set[str]] = {purl: set() for purl in _found(held)}
    for pins in held.values():
        purls = {pin.name: pin.purl for pin in pins if pin.kind == "pypi"}
        for pin in pins:
            for asker in pin.asked_by:
                if (ref := purls.get(asker, asker)) in edges:
                    edges[ref].add(pin.purl)
    return edges


def _direct(root: Path, held: Locks) -> Iterator[str]:
    """Yield what the wheel asks for, and the packages whose Solidity is compiled into it."""
    for pin in held["requirements/runtime.txt"]:
        if any(one.startswith("dengji ") for one in pin.asked_by):
            yield pin.purl
    sources = [path.read_text("utf-8") for path in (root / "contracts").rglob("*.sol")]
    imported = {name for text in sources for name in re.findall(r'"(@[\w.-]+/[\w.-]+)/', text)}
    for pin in held["package-lock.json"]:
        if pin.name in imported:
            yield pin.purl


def _extras(root: Path, held: Locks) -> Iterator[str]:
    """Yield what the extras of the package ask for."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [one for extra in project["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[^\w.-]", one)[0] for one in wanted}
    for pin in held["requirements/dev.txt"]:
        if pin.name in names:
            yield pin.purl


def _scopes(
    held: Locks, edges: dict[str, set[str]], direct: Iterable[str], extras: Iterable[str]
) -> dict[str, str]:
    """Return each package's scope, by its purl."""
    required, optional = _closure(edges, direct), _closure(edges, extras)
    return {
        purl: _SCOPES[0 if purl in required else 1 if purl in optional else 2]
        for purl in _found(held)
    }


def _closure(edges: dict[str, set[str]], first: Iterable[str]) -> set[str]:
    reached: set[str] = set()
    waiting = list(first)
    while waiting:
        purl = waiting.pop()
        if purl not in reached:
            reached.add(purl)
            waiting += edges[purl]
    return reached


def text(found: JsonObject) -> str:
    """Return the list as a file: a line for each component, so that a difference can be read."""
    parts = []
    for key, value in found.items():
        if isinstance(value, list):
            lines = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value)
            parts.append(f"  {json.dumps(key)}: [\n{lines}\n  ]")
        else:
            parts.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the list, or with `--check` say whether it is stale."""
    written = text(listed(root))
    path = root / LIST
    if "--check" not in arguments:
        path.write_text(written, "utf-8")
        return 0
    if path.is_file() and path.read_text("utf-8") == written:
        return 0
    print(f"stale: {LIST}: run `python -m scripts.gen_sbom`")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
