"""Run tests on another kind of node than anvil, so that nothing leans on one node's ways.

With `DENGJI_TEST_NODE=hardhat` whatever starts a node starts npm's `hardhat node`, whose EVM is
another one: the tests by themselves, and the dev chain of the homes on which they run commands.
`tests/hardhat/anvil` stands in anvil's place and takes its options, and what tests tell a node to
do that Hardhat calls otherwise. Tests that need what anvil alone can do are marked `only_anvil`
with the reason, and passed over; `assurance/nodes.py` counts both.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Final

import pytest

VARIABLE: Final = "DENGJI_TEST_NODE"
ROOT: Final = Path(__file__).resolve().parent.parent
PROGRAM: Final = ROOT / "tests" / "hardhat" / "anvil"
NODES: Final = ("anvil", "hardhat")


def chosen() -> bool:
    """Tell whether the tests run on the second kind of node."""
    named = os.environ.get(VARIABLE, NODES[0])
    if named not in NODES:
        pytest.exit(f"{VARIABLE} names no node that is known: {named}", 3)
    return named == NODES[1]


def at_hand() -> bool:
    """Tell whether its program comes for this machine."""
    return (platform.system(), platform.machine()) == ("Linux", "x86_64")


def program() -> Path:
    """Return what starts a node of the second kind with anvil's options."""
    if not (ROOT / "node_modules" / "hardhat" / "builtin-tasks" / "node.js").exists():
        pytest.exit("hardhat is not installed: run `make setup`", 3)
    return PROGRAM


def taken() -> None:
    """Have this process, and those that it starts, find the second kind of node as `anvil`."""
    os.environ["PATH"] = os.pathsep.join((str(program().parent), os.environ.get("PATH", "")))
