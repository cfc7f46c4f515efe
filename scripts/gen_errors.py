"""Write registry/reverts.py: one exception for each error in the contracts' ABI.

Run as ``python -m scripts.gen_errors`` after the contracts were compiled; with ``--check`` it
writes nothing and exits with 1 when the module differs from what the ABI gives.
"""

import argparse
import json
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from registry.domain.keccak import keccak

ROOT: Final = Path(__file__).resolve().parent.parent
ARTIFACTS: Final = ROOT / "registry" / "artifacts"
CONTRACTS: Final = ROOT / "contracts"
TARGET: Final = ROOT / "registry" / "reverts.py"
WIDTH: Final = 100

IDS: Final = {"PartyId", "ProductId", "GrantId"}
MODULES: Final = {
    "Address": "registry.domain.ids",
    "PartyId": "registry.domain.ids",
    "ProductId": "registry.domain.ids",
    "GrantId": "registry.domain.ids",
    "Clause": "registry.domain.clauses",
    "Standing": "registry.domain.party",
    "Role": "registry.domain.party",
    "Scope": "registry.domain.party",
    "Seat": "registry.domain.party",
    "Profile": "registry.domain.product",
    "ProductState": "registry.domain.product",
    "Act": "registry.domain.flow_table",
    "Actor": "registry.domain.flow_table",
    "CaseKind": "registry.domain.flow_table",
    "Stage": "registry.domain.flow_table",
    "Verdict": "registry.domain.verdict",
}
"""Where a type of the domain stands; an enumeration not named here is of the vocabulary."""

MASKS: Final = {
    ("uint8", "rights"): "Right",
    ("uint8", "actors"): "Actor",
    ("uint8", "held"): "Right",
    ("uint8", "needed"): "Right",
    ("uint8", "environment"): "Environment",
    ("uint32", "allowed"): "Purpose",
    ("uint32", "declared"): "Purpose",
    ("uint32", "wanted"): "Purpose",
    ("uint16", "roles"): "Role",
    ("uint16", "scopes"): "Scope",
    ("uint16", "held"): "Role",
    ("uint16", "needed"): "Role",
}
"""Which plain integers of the ABI are masks: Solidity has no type for one."""

SCOPED: Final = {"ScopeMissing"}
"""The errors whose masks called `held` and `needed` are of scopes, not of roles."""

NAMES: Final = {"class": "security_class", "from": "from_", "selector": "function"}
"""What a parameter is called where Python, or the base class, keeps its name for itself."""

_NOTICE: Final = re.compile(r"((?:^ *///.*\n)+) *error (\w+)\(", re.MULTILINE)
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Hold one parameter: its name and type in Python, and what makes it of its ABI value."""

    name: str
    kind: str
    maker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revert:
    """Hold one error of the contracts."""

    name: str
    signature: str
    notice: str
    fields: tuple[Field, ...]

    @property
    def code(self) -> str:
        """Return the name in kebab-case."""
        return _WORD.sub("-", self.name).lower()


def _snake(name: str) -> str:
    return NAMES.get(name, _WORD.sub("_", name).lower())


def _field(error: str, parameter: dict[str, str]) -> Field:
    """Translate one ABI parameter of an error."""
    name, abi = parameter["name"], parameter["type"]
    internal = parameter.get("internalType", abi)
    if internal in IDS:
        return Field(name=_snake(name), kind=internal, maker=f"{internal}.of")
    if internal.startswith("enum "):
        kind = internal.removeprefix("enum ").rpartition(".")[2]
        return Field(name=_snake(name), kind=kind, maker=kind)
    if mask := "Scope" if abi == "uint16" and error in SCOPED else MASKS.get((abi, name)):
        return Field(name=_snake(name), kind=mask, maker=mask)
    if (abi, name) == ("bytes3", "seat"):
        return Field(name=name, kind="Seat", maker="Seat.of")
    if abi == "address":
        return Field(name=_snake(name), kind="Address", maker="_address")
    plain = {"bool": "bool", "string": "str"}.get(abi, "bytes" if "bytes" in abi else "int")
    return Field(name=_snake(name), kind=plain, maker=plain)


def notices() -> dict[str, str]:
    """Return what the sources say of each error, by its name."""
    found: dict[str, str] = {}
    for path in sorted(CONTRACTS.rglob("*.sol")):
        for comment, name in _NOTICE.findall(path.read_text(encoding="utf-8")):
            lines = (line.strip().removeprefix("///").strip() for line in comment.splitlines())
            words = " ".join(lines)
            found[name] = words.removeprefix("@notice ").partition(" @")[0]
    return found


def read(artifacts: Iterable[dict[str, Any]]) -> list[Revert]:
    """Return the errors of all contracts, each once, by name."""
    said = notices()
    found: dict[str, Revert] = {}
    for artifact in artifacts:
        for entry in artifact["abi"]:
            if entry["type"] != "error":
                continue
            signature = f"{entry['name']}({','.join(given['type'] for given in entry['inputs'])})"
            revert = Revert(
                name=entry["name"],
                signature=signature,
                notice=said.get(entry["name"], f"OpenZeppelin's `{signature}`."),
                fields=tuple(_field(entry["name"], parameter) for parameter in entry["inputs"]),
            )
            if found.setdefault(revert.name, revert) != revert:
                raise SystemExit(f"two errors are named {revert.name}")
    return [found[name] for name in sorted(found)]


def _docstring(revert: Revert) -> Iterator[str]:
    """Yield a docstring: the first sentence of the notice, then the rest."""
    notice = revert.notice
    first, _, rest = notice.partition(". ")
    lead = f"{first.rstrip('.')}."
    if len(lead) + 10 > WIDTH:
        lead, rest = f"Mirror `{revert.name}`.", notice
    if not rest:
        yield f'    """{lead}"""'
        return
    yield f'    """{lead}'
    yield ""
    yield from textwrap.wrap(rest, WIDTH, initial_indent="    ", subsequent_indent="    ")
    yield '    """'


def _class(revert: Revert) -> Iterator[str]:
    yield f"class {revert.name}(ContractRevert):"
    yield from _docstring(revert)
    yield ""
    yield f'    code: ClassVar[str] = "{revert.code}"'
    yield f'    signature: ClassVar[str] = "{revert.signature}"'
    selector = keccak(revert.signature.encode())[:4].hex()
    yield f'    selector: ClassVar[bytes] = bytes.fromhex("{selector}")'
    if revert.fields:
        makers = ", ".join(field.maker for field in revert.fields)
        comma = "," if len(revert.fields) == 1 else ""
        yield f"    kinds: ClassVar[Makers] = ({makers}{comma})"
    for field in revert.fields:
        yield f"    {field.name}: {field.kind}"


def _imports(reverts: list[Revert]) -> Iterator[str]:
    by_module: dict[str, set[str]] = {}
    for field in (field for revert in reverts for field in revert.fields):
        if field.kind[0].isupper():
            module = MODULES.get(field.kind, "registry.domain.vocabulary")
            by_module.setdefault(module, set()).add(field.kind)
    by_module["registry.errors"] = {"ContractRevert", "Panic", "PlainRevert"}
    for module in sorted(by_module):
        names = sorted(by_module[module])
        line = f"from {module} import {', '.join(names)}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"from {module} import ("
            yield from (f"    {name}," for name in names)
            yield ")"


def python(reverts: list[Revert]) -> str:
    """Return the text of the module, as ruff's formatter leaves it."""
    lines = [
        '"""Mirror the errors of the contracts one to one, to be caught by name.',
        "",
        "Fields stand in ABI order. Times are in seconds since 1970.",
        "",
        "Generated from registry/artifacts/*.json by scripts/gen_errors.py. Do not edit.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "from typing import TYPE_CHECKING, Any, ClassVar, Final",
        "",
        *_imports(reverts),
        "",
        "if TYPE_CHECKING:",
        "    from collections.abc import Callable",
        "",
        "    Makers = tuple[Callable[[Any], object], ...]",
        "",
        "",
        "def _address(value: Any) -> Address:  # noqa: ANN401 (text or bytes, by decoder)",
        "    return Address.parse(value) if isinstance(value, str) else Address(bytes(value))",
    ]
    for revert in reverts:
        lines += ["", "", *_class(revert)]
    lines += ["", "", "REVERTS: Final[tuple[type[ContractRevert], ...]] = ("]
    lines += [f"    {revert.name}," for revert in reverts]
    lines += [")", '"""Every error of the contracts."""', ""]
    lines += ["_ALL: Final[tuple[type[ContractRevert], ...]] = (Panic, PlainRevert, *REVERTS)", ""]
    lines += ["BY_SELECTOR: Final = {kind.selector: kind for kind in _ALL}"]
    lines += ['"""The class of an error by the first four bytes of its data."""']
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the module, or with ``--check`` tell whether it is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if stale")
    check = parser.parse_args().check
    paths = sorted(ARTIFACTS.glob("*.json"))
    text = python(read(json.loads(path.read_text(encoding="utf-8")) for path in paths))
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{'stale' if check else 'written'}: {TARGET.relative_to(ROOT)}")
    if not check:
        TARGET.write_text(text, encoding="utf-8")
    return int(check)


if __name__ == "__main__":
    sys.exit(main())
