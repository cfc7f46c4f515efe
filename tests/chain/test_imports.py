"""What a question needs is imported quickly: none of the libraries that take seconds."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = ("web3", "eth_account", "eth_abi", "eth_utils", "eth_keys", "coincurve", "rich", "sqlite3")


@pytest.mark.parametrize(
    "module", ["rpc", "abi", "bindings", "reader", "deployment", "operations", "reverts", "events"]
)
def test_asking_imports_nothing_slow(module: str) -> None:
    """A module that a question passes through loads neither web3.py nor its kin."""
    code = f"import sys, json, registry.chain.{module}; print(json.dumps(list(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(ran.stdout)}
    assert loaded.isdisjoint(SLOW)
    assert "registry.reverts" not in json.loads(ran.stdout)
