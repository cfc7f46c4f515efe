"""Write registry/chain/bindings.py from the ABI of the contracts, registry/artifacts/*.json.

Run as ``python -m scripts.gen_bindings``; with ``--check`` it writes nothing and exits with 1 when
the written file differs from what the artifacts give. Selectors and topics are hashed here, so that
nothing is hashed when the client starts.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from registry.domain.keccak import keccak

ROOT: Final = Path(__file__).resolve().parent.parent
ARTIFACTS: Final = ROOT / "registry" / "artifacts"
TARGET: Final = ROOT / "registry" / "chain" / "bindings.py"
HEADER: Final = '''"""Bind the functions and events of the contracts.

Generated from registry/artifacts/*.json by scripts/gen_bindings.py. Do not edit.
"""

from __future__ import annotations

from typing import Final

from registry.chain.layouts import EventLayout, Function, Parameter
'''

Json = dict[str, Any]


def canonical(parameter: Json) -> str:
    """Return the type of a parameter as it stands in a signature: tuples spelt out."""
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(map(canonical, parameter["components"]))
    return f"({inner}){kind.removeprefix('tuple')}"


def signature(entry: Json) -> str:
    """Return the signature of a function, event or error."""
    return f"{entry['name']}({','.join(map(canonical, entry['inputs']))})"


def snake(name: str) -> str:
    """Return a camel-case name in snake case: ``partyOf`` is ``party_of``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def tuple_of(items: Iterable[str]) -> str:
    """Return a tuple display of these expressions."""
    shown = list(items)
    return f"({', '.join(shown)}{',' if len(shown) == 1 else ''})"


def function(entry: Json) -> str:
    """Return the binding of a function."""
    selector = keccak(signature(entry).encode())[:4].hex()
    inputs = tuple_of(repr(canonical(item)) for item in entry["inputs"])
    outputs = tuple_of(repr(canonical(item)) for item in entry["outputs"])
    return f'Function({entry["name"]!r}, bytes.fromhex("{selector}"), {inputs}, {outputs})'


def event(entry: Json) -> str:
    """Return the binding of an event."""
    topic = keccak(signature(entry).encode()).hex()
    parameters = tuple_of(
        f"Parameter({item['name']!r}, {canonical(item)!r}, indexed={item['indexed']})"
        for item in entry["inputs"]
    )
    return f'EventLayout({entry["name"]!r}, bytes.fromhex("{topic}"), {parameters})'


def contract(name: str, abi: list[Json]) -> Iterator[str]:
    """Yield the lines of one contract's class."""
    kinds = {kind: [e for e in abi if e["type"] == kind] for kind in ("function", "event")}
    names = [e["name"] for entries in kinds.values() for e in entries]
    if len(set(names)) != len(names):
        # AccessManager overloads nothing that is called; say so before one binding hides another.
        raise SystemExit(f"{name} overloads {sorted({n for n in names if names.count(n) > 1})}")
    yield f'class {name}:\n    """Bind `{name}`."""\n'
    makers = [item for e in abi if e["type"] == "constructor" for item in e["inputs"]]
    kinds_of = tuple_of(repr(canonical(item)) for item in makers)
    yield f"    constructor: Final[tuple[str, ...]] = {kinds_of}"
    for entry in sorted(kinds["function"], key=lambda e: str(e["name"])):
        yield f"    {snake(entry['name'])}: Final = {function(entry)}"
    events = sorted(kinds["event"], key=lambda e: str(e["name"]))
    for entry in events:
        yield f"    {entry['name']}: Final = {event(entry)}"
    yield (
        f"    events: Final[tuple[EventLayout, ...]] = {tuple_of(str(e['name']) for e in events)}"
    )


def generate() -> str:
    """Return the text of the bindings, formatted."""
    lines = [HEADER]
    for path in sorted(ARTIFACTS.glob("*.json")):
        artifact = json.loads(path.read_bytes())
        lines += contract(artifact["contractName"], artifact["abi"])
    ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TARGET), "-"]
    formatted = subprocess.run(
        ruff, input="\n".join(lines), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return formatted.stdout


def main() -> int:
    """Write the bindings, or with ``--check`` compare them; 1 where they differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    made = generate()
    if not parser.parse_args().check:
        TARGET.write_text(made, "utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text("utf-8") == made:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is stale: run python -m scripts.gen_bindings")
    return 1


if __name__ == "__main__":
    sys.exit(main())
