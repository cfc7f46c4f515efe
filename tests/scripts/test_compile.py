"""The compiler script: what it writes, what it calls stale, which compiler it takes."""

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from scripts import compile as script

COUNTER = """// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

library Step {
    function by(uint256 value) internal pure returns (uint256) {
        return value + 1;
    }
}

interface ICounter {
    function next() external view returns (uint256);
}

contract Counter is ICounter {
    uint256 private immutable _start;

    constructor(uint256 start) {
        _start = start;
    }

    function next() external view returns (uint256) {
        return Step.by(_start);
    }
}
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small project around the real compiler and settings, with its artifacts written."""
    root = tmp_path_factory.mktemp("project")
    for name in ("foundry.toml", "package.json", "scripts/solc"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(script.ROOT / name, root / name)
    (root / "node_modules").symlink_to(script.ROOT / "node_modules")
    (root / "contracts").mkdir()
    (root / "contracts" / "Counter.sol").write_text(COUNTER, "utf-8")
    assert run(root) == 0
    return root


@pytest.fixture
def project(compiled: Path, tmp_path: Path) -> Path:
    """Copy the compiled project, so that a test may spoil it."""
    root = tmp_path / "project"
    shutil.copytree(compiled, root, symlinks=True)
    return root


def run(root: Path, *arguments: str, **environ: str) -> int:
    """Run the script on `root`, with nothing but `node` and these variables in its environment."""
    return script.main(arguments, root=root, environ={"PATH": "", **environ})


def artifact(root: Path) -> dict[str, object]:
    """Read the counter's artifact."""
    read: dict[str, object] = json.loads(artifact_file(root).read_text("utf-8"))
    return read


def artifact_file(root: Path) -> Path:
    """Name the counter's artifact."""
    return root / script.ARTIFACTS / "Counter.json"


def fake_compiler(path: Path, body: str) -> Path:
    """Write a program that answers as a compiler might."""
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_only_what_can_be_deployed_has_an_artifact(compiled: Path) -> None:
    """Interfaces and internal libraries leave none."""
    assert [path.name for path in (compiled / script.ARTIFACTS).iterdir()] == ["Counter.json"]


def test_an_artifact_says_how_it_was_made(compiled: Path) -> None:
    """It carries the code, the places of immutables, and the compiler and settings that made it."""
    made = artifact(compiled)
    assert made["contractName"] == "Counter"
    assert made["sourceName"] == "contracts/Counter.sol"
    assert str(made["compiler"]).startswith(script.pinned_version(compiled) + "+commit.")
    assert str(made["bytecode"]).endswith(str(made["deployedBytecode"])[2:])
    assert isinstance(made["immutableReferences"], list)
    assert [place["length"] for place in made["immutableReferences"]] == [32]
    assert isinstance(made["settings"], dict)
    assert made["settings"]["metadata"] == {"appendCBOR": False, "bytecodeHash": "none"}


def test_a_second_compile_writes_the_same_bytes(project: Path) -> None:
    """The artifacts depend on the sources alone, also without the cache."""
    before = artifact_file(project).read_bytes()
    shutil.rmtree(project / "cache")
    assert run(project) == 0
    assert artifact_file(project).read_bytes() == before


def test_only_what_changed_is_compiled_again(project: Path) -> None:
    """A contract beside the changed one is taken from the cache, its imports counted as its own."""
    source = project / "contracts/Second.sol"
    source.write_text(
        'import {ICounter} from "./Counter.sol";\n'
        "contract Second { function f() external pure returns (uint256) { return 1; } }\n",
        "utf-8",
    )
    append(source, "// SPDX-License-Identifier: Apache-2.0\npragma solidity ^0.8.28;\n")
    assert list(script.closure(project, "contracts/Second.sol")) == [
        "contracts/Counter.sol",
        "contracts/Second.sol",
    ]
    assert run(project) == 0
    kept = set((project / "cache/compile").iterdir())
    append(source, "// A remark.\n")
    assert run(project) == 0
    assert len(set((project / "cache/compile").iterdir()) - kept) == 1
    append(project / "contracts/Counter.sol", "// A remark.\n")
    assert run(project) == 0
    assert len(set((project / "cache/compile").iterdir()) - kept) == 3


def test_an_import_of_a_package_is_followed() -> None:
    """A remapped import counts as a source too, under the name that forge gives it."""
    unit = "contracts/Authority.sol"
    assert "node_modules/@openzeppelin/contracts/access/manager/AccessManager.sol" in (
        script.closure(script.ROOT, unit)
    )


def test_fresh_artifacts_pass_the_check(project: Path) -> None:
    """Nothing is stale straight after a compile."""
    assert run(project, "--check") == 0


def append(path: Path, text: str) -> None:
    """Add text to the end of a file."""
    path.write_text(path.read_text("utf-8") + text, "utf-8")


SPOILINGS: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a changed source": (
        lambda root: append(
            root / "contracts/Counter.sol",
            "contract Other { function f() external pure returns (uint256) { return 1; } }",
        ),
        "Other.json: missing",
    ),
    "a changed setting": (
        lambda root: (root / "foundry.toml").write_text(
            (root / "foundry.toml").read_text("utf-8").replace("10_000", "7"), "utf-8"
        ),
        "settings",
    ),
    "a changed artifact": (
        lambda root: artifact_file(root).write_text(
            artifact_file(root).read_text("utf-8").replace('"next"', '"last"'), "utf-8"
        ),
        "Counter.json: differs in abi",
    ),
    "a lost artifact": (lambda root: artifact_file(root).unlink(), "Counter.json: missing"),
    "a left-over artifact": (
        lambda root: (root / script.ARTIFACTS / "Gone.json").write_text("{}", "utf-8"),
        "Gone.json: belongs to no contract",
    ),
    "a torn artifact": (
        lambda root: artifact_file(root).write_text("{", "utf-8"),
        "Counter.json: differs in everything",
    ),
}


@pytest.mark.parametrize("spoiling", SPOILINGS)
def test_the_check_names_what_is_stale(
    project: Path, spoiling: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each way of being out of step is found and named, and a compile mends it."""
    spoil, told = SPOILINGS[spoiling]
    spoil(project)
    assert run(project, "--check") == 1
    assert told in capsys.readouterr().err
    assert run(project) == 0
    assert run(project, "--check") == 0


def test_a_compiler_error_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The compiler's own words reach the person, and nothing is written."""
    before = artifact_file(project).read_bytes()
    append(project / "contracts/Counter.sol", "contract Broken is Nothing {}")
    assert run(project) == 1
    assert "Identifier not found" in capsys.readouterr().err
    assert artifact_file(project).read_bytes() == before


def test_a_warning_in_our_sources_fails(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A warning of the compiler is not overlooked."""
    append(
        project / "contracts/Counter.sol",
        "contract Idle { function f() external { uint256 x; } }",
    )
    assert run(project) == 1
    assert "Unused local variable" in capsys.readouterr().err


def test_a_compiler_of_another_version_is_refused(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A named compiler has to be the pinned one."""
    old = fake_compiler(tmp_path / "solc", "echo 'Version: 0.7.6+commit.7338295f.Linux.g++'")
    assert run(project, DENGJI_SOLC=str(old)) == 1
    assert "DENGJI_SOLC is 0.7.6+commit.7338295f" in capsys.readouterr().err


def test_a_compiler_on_the_path_of_another_version_is_passed_over(
    project: Path, tmp_path: Path
) -> None:
    """What merely lies on the PATH is used only where it is the pinned version."""
    fake_compiler(tmp_path / "solc", "echo 'Version: 0.7.6+commit.7338295f.Linux.g++'")
    assert script.native_compiler(project, {"PATH": str(tmp_path)}) is None


def test_a_compiler_on_the_path_of_the_pinned_version_is_taken(
    project: Path, tmp_path: Path
) -> None:
    """A native compiler of the right version comes before the WebAssembly one."""
    version = script.pinned_version(project)
    program = fake_compiler(tmp_path / "solc", f"echo 'Version: {version}+commit.0.Linux.g++'")
    found = script.native_compiler(project, {"PATH": str(tmp_path)})
    assert found is not None
    assert (found.program, found.release) == (program, f"{version}+commit.0")


def test_without_a_native_compiler_the_comparison_says_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An untested claim is reported as untested."""
    assert run(project, "--compare") == 0
    assert "not tested" in capsys.readouterr().out


def test_the_comparison_of_equal_compilers_passes(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two programs that give the same bytes agree."""
    same = fake_compiler(tmp_path / "solc", f'exec {project / "scripts/solc"} "$@"')
    assert run(project, "--compare", DENGJI_SOLC=str(same)) == 0
    assert "same bytes for 1 contracts" in capsys.readouterr().out


def test_the_comparison_names_the_contracts_that_differ(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A compiler that gives other bytes is found out."""
    body = f'exec {project / "scripts/solc"} "$@" | sed s/5f80fd/5f81fd/g'
    other = fake_compiler(tmp_path / "solc", body.replace("exec ", ""))
    assert run(project, "--compare", DENGJI_SOLC=str(other)) == 1
    assert "different bytes: Counter.json" in capsys.readouterr().err


def test_forge_gives_the_same_bytes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What forge tests is what the package carries; an artifact of another build is found out."""
    assert run(project, "--forge") == 1
    assert "other bytes, or none, for Counter" in capsys.readouterr().err
    path = f"{script.ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    environ = {**os.environ, "PATH": path, "FOUNDRY_PROFILE": "default"}
    subprocess.run(["forge", "build", "--root", project], check=True, env=environ)
    assert run(project, "--forge") == 0
    text = artifact_file(project).read_text("utf-8")
    artifact_file(project).write_text(text.replace("5f80fd", "5f81fd"), "utf-8")
    assert run(project, "--forge") == 1


def test_the_version_is_pinned_once() -> None:
    """No file but package.json and what is generated from it states the compiler's version."""
    version = script.pinned_version(script.ROOT)
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=script.ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    generated = re.compile(r"package-lock\.json|registry/artifacts/|docs/|CHANGELOG\.md|snapshots/")
    stating = {
        name
        for name in filter(None, names)
        if not generated.match(name)
        and (script.ROOT / name).is_file()
        and re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", read(script.ROOT / name))
    }
    assert stating == {"package.json"}


def test_a_range_is_no_pin(project: Path) -> None:
    """A version that npm could move is refused."""
    manifest = project / "package.json"
    manifest.write_text('{"devDependencies": {"solc": "^0.8.1"}}', "utf-8")
    with pytest.raises(script.CompileFailed, match=r"pin solc exactly, it says '\^0\.8\.1'"):
        script.pinned_version(project)


def read(path: Path) -> str:
    """Read a text file; a binary one has nothing to say."""
    return path.read_text("utf-8", errors="ignore")
