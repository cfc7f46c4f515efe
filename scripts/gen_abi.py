"""Keep `snapshots/abi.json`: what callers, indexers and signers of the contracts rely on.

For each contract its functions by their selectors, with what they return and whether they write,
its errors by their selectors, its events by their topics with what is indexed; and every type that
is signed by EIP-712, with its hash. A change of any of it breaks somebody, so it has to be meant:
``python -m scripts.gen_abi`` and ``--check`` compare alone, with exit code 1 where something
differs, and say what; ``--meant``, which is what `make snapshots` gives, writes the file.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT: Final = Path(__file__).resolve().parent.parent
SNAPSHOT: Final = Path("snapshots", "abi.json")
_ARTIFACTS: Final = Path("registry", "artifacts")
_CONTRACTS: Final = Path("contracts")
_TYPE: Final = re.compile(r'keccak256\(\s*"([A-Z]\w*\(\w[^"]*\))"\s*\)')
_MOST_NAMED: Final = 10

Json = dict[str, Any]


def interfaces(root: Path) -> Json:
    """Return what the artifacts say that each contract offers, by the contract's name."""
    found = {}
    for path in sorted((root / _ARTIFACTS).glob("*.json")):
        abi = json.loads(path.read_bytes())["abi"]
        found[path.stem] = {
            "functions": dict(sorted(_functions(abi))),
            "errors": {_selector(one): _signature(one) for one in _ordered(abi, "error")},
            "events": {_hash(_signature(one)): _told(one) for one in _ordered(abi, "event")},
        }
    return found


def signed_types(root: Path) -> dict[str, str]:
    """Return the hash of every EIP-712 type that the contracts name, by its encoding."""
    texts = (path.read_text("utf-8") for path in sorted((root / _CONTRACTS).rglob("*.sol")))
    return {name: _hash(name) for name in sorted({one for text in texts for one in _types(text)})}


def _types(text: str) -> list[str]:
    return _TYPE.findall(text)


def snapshot(root: Path) -> str:
    """Return the text of the snapshot as it should be."""
    told = {"contracts": interfaces(root), "types": signed_types(root)}
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _functions(abi: list[Json]) -> Iterator[tuple[str, str]]:
    for one in abi:
        if one["type"] == "fallback":
            yield "fallback", one["stateMutability"]
        elif one["type"] == "function":
            returned = f" returns ({_kinds(one['outputs'])})" if one["outputs"] else ""
            yield _selector(one), f"{_signature(one)} {one['stateMutability']}{returned}"


def _ordered(abi: list[Json], kind: str) -> list[Json]:
    return sorted((one for one in abi if one["type"] == kind), key=_signature)


def _told(event: Json) -> str:
    """Return an event with the names of what it tells, and which of that is indexed."""
    said = (
        f"{_kind(one)} indexed {one['name']}" if one["indexed"] else f"{_kind(one)} {one['name']}"
        for one in event["inputs"]
    )
    return f"{event['name']}({', '.join(said)})"


def _signature(one: Json) -> str:
    return f"{one['name']}({_kinds(one['inputs'])})"


def _kinds(parameters: list[Json]) -> str:
    return ",".join(map(_kind, parameters))


def _kind(parameter: Json) -> str:
    """Return a type as signatures have it: a struct is written out."""
    kind = str(parameter["type"])
    if not kind.startswith("tuple"):
        return kind
    return f"({_kinds(parameter['components'])}){kind.removeprefix('tuple')}"


def _selector(one: Json) -> str:
    return _hash(_signature(one))[:10]


def _hash(text: str) -> str:
    return "0x" + keccak(text.encode()).hex()


def differences(kept: Mapping[str, Any], told: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield what two snapshots differ in, each with its place in them."""
    for name in sorted(kept.keys() | told.keys()):
        before, now = kept.get(name), told.get(name)
        if isinstance(before, dict) and isinstance(now, dict):
            yield from differences(before, now, f"{place}{name}: ")
        elif before != now:
            yield f"{place}{name}: {_shown(before)} → {_shown(now)}"


def _shown(value: object) -> str:
    return "nothing" if value is None else value if isinstance(value, str) else "…"


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Compare the snapshot with the contracts, or with `--meant` write it."""
    path, text = root / SNAPSHOT, snapshot(root)
    kept = path.read_text("utf-8") if path.exists() else "{}"
    if kept == text:
        return 0
    if "--meant" in arguments:
        path.write_text(text, "utf-8")
        return 0
    found = list(differences(json.loads(kept), json.loads(text))) or ["its layout"]
    more = [f"and {len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    print(f"{SNAPSHOT} differs; where that is meant, run `make snapshots`:", file=sys.stderr)
    for line in [*found[:_MOST_NAMED], *more]:
        print(f"  {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
