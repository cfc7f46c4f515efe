"""The Merkle library of the contracts and the one of Python answer alike."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain import abi
from registry.chain.rpc import Rpc
from registry.domain import merkle
from registry.domain.keccak import keccak
from scripts import compile as compiling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.conftest import Node

ROOT = Path(__file__).resolve().parents[2]
HARNESS = "tests/contracts/libraries/MerkleHarness.sol"
ADDRESS = "0x" + "5e" * 20
PROOF = ("bytes32", "uint256", "uint256", "bytes32[]")
MOST_LEAVES = 40


@pytest.fixture(scope="module")
def code() -> str:
    """Return the code of the harness, compiled with the contracts' own settings."""
    name = "MerkleHarness"
    sources = compiling.closure(ROOT, HARNESS)
    asked = {
        "language": "Solidity",
        "sources": {path: {"content": text} for path, text in sources.items()},
        "settings": compiling.settings(ROOT)
        | {"outputSelection": {HARNESS: {name: ["evm.deployedBytecode.object"]}}},
    }
    compiler = compiling.native_compiler(ROOT, os.environ) or compiling.webassembly_compiler(ROOT)
    output = compiling._run_once(ROOT, compiler, asked)
    code: str = output["contracts"][HARNESS][name]["evm"]["deployedBytecode"]["object"]
    return code


@pytest.fixture(scope="module")
def rpc(anvil: Node, code: str) -> Iterator[Rpc]:
    """Return a node that has the harness at a known address."""
    with Rpc.connect(anvil.url) as node:
        node.call("hardhat_setCode", ADDRESS, "0x" + code)
        yield node


def asked(
    rpc: Rpc, name: str, types: Sequence[str], results: Sequence[str], all_values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return what a function of the harness answers to each list of arguments."""
    selector = keccak(f"{name}({','.join(types)})".encode())[:4]
    calls = [
        ("eth_call", ({"to": ADDRESS, "data": "0x" + (selector + data).hex()}, "latest"))
        for data in (abi.encode(types, values) for values in all_values)
    ]
    return [abi.decode(results, bytes.fromhex(str(text)[2:])) for text in rpc.batch(calls)]


def spoiled(case: tuple[Any, ...], chance: random.Random) -> tuple[Any, ...]:
    """Return a leaf, index, size and proof of which one thing is wrong, or nothing."""
    leaf, index, size, proof = case
    sibling = chance.randbytes(32)
    return chance.choice(
        [
            case,
            (sibling, index, size, proof),
            (leaf, chance.randrange(MOST_LEAVES), size, proof),
            (leaf, index, chance.randrange(MOST_LEAVES), proof),
            (leaf, index, chance.getrandbits(256), proof),
            (leaf, chance.getrandbits(256), chance.getrandbits(256), proof),
            (leaf, index, size, proof[:-1]),
            (leaf, index, size, (*proof, sibling)),
            (leaf, index, size, (sibling, *proof[1:])),
        ]
    )


def test_hashes_of_leaves_and_nodes_agree(rpc: Rpc) -> None:
    """Leaves of any length and nodes of any two hashes have one hash in both."""
    chance = random.Random(1)
    leaves = [(chance.randbytes(length),) for length in range(130)]
    answers = asked(rpc, "leafHash", ["bytes"], ["bytes32"], leaves)
    assert answers == [(merkle.leaf_hash(data),) for (data,) in leaves]
    pairs = [(chance.randbytes(32), chance.randbytes(32)) for _ in range(20)]
    answers = asked(rpc, "nodeHash", ["bytes32", "bytes32"], ["bytes32"], pairs)
    assert answers == [(merkle.node_hash(*pair),) for pair in pairs]


def test_every_true_proof_verifies_in_solidity(rpc: Rpc) -> None:
    """Every leaf of every tree up to forty leaves is accepted with the proof from Python."""
    cases = []
    for size in range(1, MOST_LEAVES + 1):
        leaves = [size.to_bytes(2, "big") + index.to_bytes(2, "big") for index in range(size)]
        tree = merkle.Tree(leaves)
        cases += [
            (tree.root, merkle.leaf_hash(leaf), index, size, tree.proof(index))
            for index, leaf in enumerate(leaves)
        ]
    assert set(asked(rpc, "verify", ["bytes32", *PROOF], ["bool"], cases)) == {(True,)}


def test_spoiled_proofs_are_judged_alike(rpc: Rpc) -> None:
    """Whatever is wrong with a proof, both say that it does not fit, or reach one root."""
    chance = random.Random(2)
    cases = []
    for _ in range(600):
        size = chance.randint(1, MOST_LEAVES)
        hashes = [chance.randbytes(32) for _ in range(size)]
        index = chance.randrange(size)
        proof = merkle.Tree(hashes=hashes).proof(index)
        cases.append(spoiled((hashes[index], index, size, proof), chance))
    theirs = asked(rpc, "rootFrom", PROOF, ["bool", "bytes32"], cases)
    ours = [merkle.root_from_proof(*case) for case in cases]
    assert [root if fits else None for fits, root in theirs] == ours
    assert 100 < ours.count(None) < 500
