"""Time how long a proof takes to be verified without a network.

    python -m benchmarks.proofs [RUNS]

Beside it, a process that imports what the command imports and does nothing: python's start and the
libraries are most of either. Both are timed from start to end, in turn.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.chain.tries import confirmed_value_at
from registry.domain.proof_check import check

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
FIXTURES: Final = ROOT / "tests" / "fixtures" / "proofs" / "1"
RUNS: Final = 15
LIMIT: Final = 3.0
"""How many times python with its imports verification may take, from start to end."""

IMPORTS: Final = "import of what it imports"
_MODULES: Final = (
    *("cli.main", "cli.tree", "cli.proof", "cli.output", "registry.settings"),
    *("registry.domain.proof_check", "registry.domain.proof_wording", "registry.chain.tries"),
    *("registry.chain.devchain.record", "registry.domain.flow_table", "rlp", "trie.hexary"),
)


def samples(runs: int) -> dict[str, list[float]]:
    """Return the seconds of each kind of process in every run, and of verifying alone."""
    with tempfile.TemporaryDirectory(prefix="dengji-proofs-") as folder:
        environ = _environ(Path(folder))
        kinds = _kinds()
        for command in kinds.values():
            _seconds(command, environ)
        taken: dict[str, list[float]] = {name: [] for name in kinds}
        taken["verifying alone"] = []
        for _ in range(runs):
            for name, command in kinds.items():
                taken[name].append(_seconds(command, environ))
            taken["verifying alone"].append(_alone())
        return taken


def size() -> int:
    """Return how many bytes the file has."""
    return _file("grant").stat().st_size


def _environ(folder: Path) -> dict[str, str]:
    # Installed programs come with bytecode: a first round that does not count writes it.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    home = {"DENGJI_HOME": str(folder / "home"), "DENGJI_LANG": "en"}
    return kept | home | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def _file(name: str) -> Path:
    return FIXTURES / f"{name}.proof.json"


def _hash(name: str) -> str:
    return (FIXTURES / f"{name}.hash").read_text().strip()


def _kinds() -> dict[str, list[str]]:
    python = sys.executable
    verify = [python, "-m", "cli", "proof", "verify"]
    kinds = {
        "python -c pass": [python, "-c", "pass"],
        IMPORTS: [python, "-c", f"import {', '.join(_MODULES)}"],
    }
    for name in ("grant", "no-content"):
        kinds[f"proof verify, {name}"] = [*verify, str(_file(name)), "--block-hash", _hash(name)]
    return kinds


def _seconds(command: Sequence[str], environ: dict[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True)
    return time.perf_counter() - begin


def _alone() -> float:
    """Return the seconds of one verification, by both readers, in a process that runs."""
    raw, block_hash = _file("grant").read_bytes(), bytes.fromhex(_hash("grant")[2:])
    begin = time.perf_counter()
    check(raw, block_hash=block_hash, read=confirmed_value_at)
    return time.perf_counter() - begin


if __name__ == "__main__":
    found = samples(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
    for kind, seconds in found.items():
        median = statistics.median(seconds)
        print(f"{kind:28} {median * 1000:7.0f} ms")
