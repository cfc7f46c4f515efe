"""Test what a command loads: who only asks or reads help must not wait for what signs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ETHEREUM = {"web3", "eth_account", "eth_abi", "eth_utils", "eth_keys", "eth_typing", "hexbytes"}
SIGNING = {
    "coincurve",
    "registry.chain.sender",
    "registry.chain.keystore",
    "registry.chain.signer",
    "registry.chain.transactions",
}
SLOW = {"rich", "platformdirs", "asyncio", "importlib.metadata", "sqlite3"}

_PROBE = """
import json, sys
from cli.main import main
code = main(sys.argv[1:])
sys.stderr.write("\\n" + json.dumps([code, sorted(sys.modules)]))
"""


def loaded(home: Path, *arguments: str) -> tuple[int, set[str]]:
    """Return the exit code of a run in a process of its own, and the modules it had loaded."""
    environ = {**os.environ, "DENGJI_HOME": str(home), "DENGJI_LANG": "en"}
    ran = subprocess.run(
        [sys.executable, "-c", _PROBE, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    code, modules = json.loads(ran.stderr.rpartition("\n")[2])
    return code, set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["check", "--help"],
        ["completion", "bash"],
        ["config", "show"],
        ["product", "show", "--help"],
        ["--no-such-option"],
    ],
)
def test_pure_commands_load_no_chain(home: Path, arguments: list[str]) -> None:
    """Help, version, completion and settings load nothing that a chain or a file would need."""
    code, modules = loaded(home, *arguments)
    assert code in (0, 2)
    assert not modules & (ETHEREUM | SIGNING | SLOW)
    assert not modules & {"registry.client", "registry.connection", "registry.chain.rpc"}


def test_root_help_loads_no_command(home: Path) -> None:
    """The root's help says one line of each command without importing any of them."""
    _, modules = loaded(home, "--help")
    commands = {"cli.register", "cli.check", "cli.verify", "cli.product", "cli.grant", "cli.party"}
    assert not modules & (commands | {"registry.errors", "registry.domain", "dataclasses"})


@pytest.mark.parametrize(
    "arguments",
    [
        ["product", "show", "0x" + "11" * 20],
        ["grant", "show", "0x" + "22" * 32],
        [
            *("check", "0x" + "11" * 20, "--grantee", "0x" + "33" * 8),
            *("--action", "READ", "--purpose", "RESEARCH"),
        ],
        ["product", "export", "0x" + "11" * 20, "--format", "prov"],
        ["grant", "export", "0x" + "22" * 32, "--format", "vc"],
    ],
)
def test_questions_load_nothing_that_signs(home: Path, arguments: list[str]) -> None:
    """A question goes to the node without loading web3, the keystore or the sender."""
    node = ["--rpc", "http://127.0.0.1:9", "--directory", "0x" + "44" * 20]
    code, modules = loaded(home, *arguments, *node)
    assert code == 4
    assert "registry.chain.rpc" in modules
    assert not modules & (ETHEREUM | SIGNING | SLOW)
    assert not modules & {"blake3", "registry.domain.fingerprint", "cli.register"}


def test_verify_loads_nothing_that_signs(home: Path, tmp_path: Path) -> None:
    """Verifying hashes and asks; it signs nothing."""
    (tmp_path / "a").write_text("a")
    node = ["--rpc", "http://127.0.0.1:9", "--directory", "0x" + "44" * 20]
    code, modules = loaded(home, "verify", str(tmp_path / "a"), *node)
    assert code == 4
    assert not modules & (ETHEREUM | SIGNING)
