#!/usr/bin/env python3
"""Compile the contracts and keep `registry/artifacts` in step with them.

The compiler's version stands in package.json, its settings in foundry.toml. A native compiler of
that version is used where one is found (DENGJI_SOLC, the PATH, or one that py-solc-x installed),
else `scripts/solc`, which runs npm's WebAssembly build; the two must give the same bytes.
"""

import argparse
import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import solcx
from solcx.exceptions import SolcError

ROOT: Final = Path(__file__).resolve().parent.parent
ARTIFACTS: Final = Path("registry", "artifacts")
# EIP-170: a chain refuses a contract with more code.
LARGEST_CODE: Final = 24_576
# The first runs the code of the second at its own address, so that its callers see both as one.
SERVED: Final = {"GrantRegistry.json": "GrantOffice.json"}
OUTPUTS: Final = (
    "abi",
    "evm.bytecode.object",
    "evm.deployedBytecode.object",
    "evm.deployedBytecode.immutableReferences",
)

JsonObject = dict[str, Any]


class CompileFailed(Exception):
    """Tells a person why there is nothing to write or compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiler:
    """A program that speaks `solc --standard-json`, and the release it says it is."""

    program: Path
    release: str
    native: bool


def pinned_version(root: Path) -> str:
    """Return the compiler's version, which package.json alone states, as an exact one."""
    manifest = json.loads((root / "package.json").read_text("utf-8"))
    version = str(manifest["devDependencies"]["solc"])
    if re.fullmatch(r"\d+\.\d+\.\d+", version) is None:
        raise CompileFailed(f"package.json must pin solc exactly, it says {version!r}")
    return version


def release_of(program: Path) -> str:
    """Return what `program` says it is, such as `0.8.30+commit.73712a01`, without its platform."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CompileFailed(f"{program} does not answer --version: {error}") from error
    found = re.search(r"Version: (\d+\.\d+\.\d+(?:[^\s.]*\+commit\.[0-9a-f]+)?)", said.stdout)
    if found is None:
        raise CompileFailed(f"{program} --version names no version")
    return found[1]


def native_compiler(root: Path, environ: Mapping[str, str]) -> Compiler | None:
    """Find a native compiler of the pinned version; one named by DENGJI_SOLC has to be it."""
    version = pinned_version(root)
    if named := environ.get("DENGJI_SOLC"):
        release = release_of(Path(named))
        if release.partition("+")[0] != version:
            raise CompileFailed(f"DENGJI_SOLC is {release}, package.json pins {version}")
        return Compiler(program=Path(named), release=release, native=True)
    for program in _native_candidates(version, environ):
        release = release_of(program)
        if release.partition("+")[0] == version:
            return Compiler(program=program, release=release, native=True)
    return None


def _native_candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    if on_path := shutil.which("solc", path=environ.get("PATH")):
        yield Path(on_path)
    if version in map(str, solcx.get_installed_solc_versions()):
        yield Path(solcx.install.get_executable(version))


def webassembly_compiler(root: Path) -> Compiler:
    """Return npm's compiler, which `make setup` brings in the pinned version."""
    program = root / "scripts" / "solc"
    release = release_of(program)
    version = pinned_version(root)
    if release.partition("+")[0] != version:
        raise CompileFailed(
            f"node_modules has solc {release}, package.json pins {version}: run `make setup`"
        )
    return Compiler(program=program, release=release, native=False)


def profile(root: Path) -> JsonObject:
    """Return forge's default profile, which is where the compiler's settings stand."""
    read: JsonObject = tomllib.loads((root / "foundry.toml").read_text("utf-8"))
    default: JsonObject = read["profile"]["default"]
    return default


def settings(root: Path) -> JsonObject:
    """Say forge's settings in the compiler's words."""
    chosen = profile(root)
    return {
        "remappings": chosen["remappings"],
        "viaIR": chosen["via_ir"],
        "optimizer": {"enabled": chosen["optimizer"], "runs": chosen["optimizer_runs"]},
        "evmVersion": chosen["evm_version"],
        "metadata": {
            "bytecodeHash": chosen["bytecode_hash"],
            "appendCBOR": chosen["cbor_metadata"],
        },
    }


def units(root: Path) -> list[str]:
    """Name the sources that define a contract which can be deployed, by their path from the root.

    Such a path is also the source's name for the compiler, as it is for forge.
    """
    paths = sorted((root / profile(root)["src"]).rglob("*.sol"))
    return [
        path.relative_to(root).as_posix()
        for path in paths
        if re.search(r"^contract ", path.read_text("utf-8"), re.MULTILINE)
    ]


def closure(root: Path, unit: str) -> dict[str, str]:
    """Return a source and everything that it imports, each by its name, in the order of names."""
    remappings = [remapping.split("=") for remapping in profile(root)["remappings"]]
    found: dict[str, str] = {}
    waiting = [unit]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = (root / name).read_text("utf-8")
        imports = re.findall(r"^\s*import[^;]*?\"([^\"]+)\"", found[name], re.MULTILINE)
        waiting += [_source_name(name, imported, remappings) for imported in imports]
    return dict(sorted(found.items()))


def _source_name(importing: str, imported: str, remappings: Sequence[Sequence[str]]) -> str:
    if imported.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(importing), imported))
    for prefix, target in remappings:
        if imported.startswith(prefix):
            return target + imported.removeprefix(prefix)
    return imported


def compile_contracts(root: Path, compiler: Compiler) -> dict[str, str]:
    """Return the text of every artifact by its file name.

    Each source is compiled alone with what it imports: so a contract's bytes depend on nothing
    else, the processors share the work, and only what changed is compiled again.

    :raises CompileFailed: for the compiler's errors and warnings, and for code no chain would take.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = list(pool.map(lambda unit: _compile_unit(root, compiler, unit), units(root)))
    artifacts: dict[str, str] = {}
    for name, text in (artifact for unit in made for artifact in unit):
        if name in artifacts:
            raise CompileFailed(f"two contracts have the artifact {name}")
        artifacts[name] = text
    for name, other in SERVED.items():
        if name in artifacts:
            artifacts[name] = _with_interface(artifacts[name], artifacts[other])
    return artifacts


def _with_interface(text: str, other: str) -> str:
    """Return an artifact with what another contract's interface has beside its own."""
    artifact = json.loads(text)
    known = [entry for entry in artifact["abi"] if entry["type"] != "fallback"]
    added = [entry for entry in json.loads(other)["abi"] if entry["type"] != "constructor"]
    more = [entry for entry in added if entry not in known]
    artifact["abi"] = sorted(known + more, key=_abi_order)
    return json.dumps(artifact, sort_keys=True, indent=1) + "\n"


def _compile_unit(root: Path, compiler: Compiler, unit: str) -> list[tuple[str, str]]:
    output = output_of(root, compiler, unit, {unit: {"*": OUTPUTS}})
    warnings = [
        error["formattedMessage"]
        for error in output.get("errors", ())
        if not error.get("sourceLocation", {}).get("file", "").startswith("node_modules/")
    ]
    if warnings:
        raise CompileFailed("\n".join(warnings))
    return [
        (f"{name}.json", _artifact(unit, name, made, compiler, settings(root)))
        for name, made in output["contracts"][unit].items()
        if made["evm"]["bytecode"]["object"] and not _only_internal(made["abi"])
    ]


def output_of(root: Path, compiler: Compiler, unit: str, wanted: JsonObject) -> JsonObject:
    """Return what the compiler says of a source, of what is `wanted`, its output selection.

    :raises CompileFailed: where it does not run.
    """
    asked = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in closure(root, unit).items()},
        "settings": settings(root) | {"outputSelection": wanted},
    }
    return _run_once(root, compiler, asked)


def _only_internal(abi: Sequence[JsonObject]) -> bool:
    """Tell a library beside the contract, whose code is an empty shell."""
    return not any(entry["type"] in {"function", "constructor"} for entry in abi)


def _run_once(root: Path, compiler: Compiler, asked: JsonObject) -> JsonObject:
    # The output is a function of these bytes alone: the same question is asked only once.
    question = json.dumps([asked, compiler.release, compiler.native], sort_keys=True)
    key = hashlib.sha256(question.encode()).hexdigest()
    kept = root / "cache" / "compile" / f"{key}.json"
    if kept.exists():
        cached: JsonObject = json.loads(kept.read_text("utf-8"))
        return cached
    try:
        output: JsonObject = solcx.compile_standard(asked, solc_binary=compiler.program)
    except SolcError as error:
        raise CompileFailed(error.message) from error
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    unfinished.write_text(json.dumps(output), "utf-8")
    unfinished.replace(kept)
    return output


def _artifact(
    source: str, name: str, made: JsonObject, compiler: Compiler, chosen: JsonObject
) -> str:
    deployed = made["evm"]["deployedBytecode"]
    size = len(deployed["object"]) // 2
    if size > LARGEST_CODE:
        raise CompileFailed(f"{name} has {size:,} bytes of code, a chain takes {LARGEST_CODE:,}")
    places = [place for found in deployed["immutableReferences"].values() for place in found]
    artifact = {
        "contractName": name,
        "sourceName": source,
        "compiler": compiler.release,
        "settings": chosen,
        "abi": sorted(made["abi"], key=_abi_order),
        "bytecode": "0x" + made["evm"]["bytecode"]["object"],
        "deployedBytecode": "0x" + deployed["object"],
        "immutableReferences": sorted(places, key=lambda place: int(place["start"])),
    }
    return json.dumps(artifact, sort_keys=True, indent=1) + "\n"


def _abi_order(entry: JsonObject) -> tuple[str, str, str]:
    types = ",".join(parameter["type"] for parameter in entry.get("inputs", ()))
    return entry["type"], entry.get("name", ""), types


def stale(root: Path, artifacts: Mapping[str, str]) -> list[str]:
    """List the artifact files that are missing, differ, or belong to no contract any more."""
    folder = root / ARTIFACTS
    present = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    lines = [f"{name}: missing" for name in artifacts.keys() - present.keys()]
    lines += [f"{name}: belongs to no contract" for name in present.keys() - artifacts.keys()]
    lines += [
        f"{name}: differs in {_differences(present[name], artifacts[name])}"
        for name in artifacts.keys() & present.keys()
        if present[name] != artifacts[name]
    ]
    return sorted(lines)


def _differences(left: str, right: str) -> str:
    try:
        one, other = json.loads(left), json.loads(right)
    except json.JSONDecodeError:
        return "everything: it is no JSON"
    keys = sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))
    return ", ".join(keys) or "its layout"


def write(root: Path, artifacts: Mapping[str, str]) -> None:
    """Make `registry/artifacts` hold exactly these artifacts."""
    folder = root / ARTIFACTS
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.name not in artifacts:
            path.unlink()
    for name, text in artifacts.items():
        (folder / name).write_text(text, "utf-8")


def compare(root: Path, environ: Mapping[str, str]) -> str:
    """Compile with the native compiler and the WebAssembly one and say that they agree.

    :raises CompileFailed: naming the contracts whose bytes differ.
    """
    native = native_compiler(root, environ)
    if native is None:
        return "native compiler: not tested, none was found (name one with DENGJI_SOLC)"
    one = compile_contracts(root, native)
    other = compile_contracts(root, webassembly_compiler(root))
    differing = sorted(
        name for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    )
    if differing:
        raise CompileFailed(
            f"{native.program} and scripts/solc give different bytes: {', '.join(differing)}"
        )
    return f"native compiler: {native.program} gives the same bytes for {len(one)} contracts"


def compare_with_forge(root: Path) -> str:
    """Say that what forge built last, and tested, is what the package carries.

    :raises CompileFailed: naming the contracts whose bytes differ, or that forge has not built.
    """
    differing = []
    artifacts = sorted((root / ARTIFACTS).glob("*.json"))
    for artifact in map(_read_json, artifacts):
        source = Path(artifact["sourceName"]).name
        built = _read_json(root / "out" / source / f"{artifact['contractName']}.json")
        if any(
            built.get(code, {}).get("object") != artifact[code]
            for code in ("bytecode", "deployedBytecode")
        ):
            differing.append(artifact["contractName"])
    if differing:
        raise CompileFailed(f"forge built other bytes, or none, for {', '.join(differing)}")
    return f"forge built the same bytes for {len(artifacts)} contracts"


def _read_json(path: Path) -> JsonObject:
    read: JsonObject = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return read


def sizes(artifacts: Mapping[str, str]) -> Iterator[str]:
    """Say how much code each contract has, of what a chain takes."""
    for name, text in sorted(artifacts.items()):
        size = len(json.loads(text)["deployedBytecode"]) // 2 - 1
        yield f"{name.removesuffix('.json'):24} {size:7,} bytes {size / LARGEST_CODE:6.1%}"


def main(
    arguments: Sequence[str] | None = None,
    *,
    root: Path = ROOT,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Run as a program; return its exit code: 0, or 1 with the reason on stderr."""
    parser = argparse.ArgumentParser(prog="scripts/compile.py", description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="fail if the artifacts are stale")
    parser.add_argument("--compare", action="store_true", help="compare native and WebAssembly")
    parser.add_argument("--forge", action="store_true", help="compare with forge's last build")
    options = parser.parse_args(arguments)
    try:
        if options.compare or options.forge:
            print(compare_with_forge(root) if options.forge else compare(root, environ))
            return 0
        compiler = native_compiler(root, environ) or webassembly_compiler(root)
        artifacts = compile_contracts(root, compiler)
    except CompileFailed as failure:
        print(f"compile: {failure}", file=sys.stderr)
        return 1
    if not options.check:
        write(root, artifacts)
        print("\n".join(sizes(artifacts)))
    elif lines := stale(root, artifacts):
        print(
            "registry/artifacts is stale, run `make compile`:", *lines, sep="\n  ", file=sys.stderr
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
