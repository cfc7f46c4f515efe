"""Time how long a command takes to start and to ask, beside bare click and the import of web3.

    python -m benchmarks.startup [RUNS]

Every process is timed from its start to its end, all kinds in turn, so that a busy machine slows
them alike; the medians are printed, and what they are to a bare click program's `--help`.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15
TARGETS = {"--help": 1.5, "check": 2.5, "product show": 2.5, "grant show": 2.5}
_BARE = """
import click
@click.command()
@click.option("--name", help="A name")
def main(name): pass
main()
"""


def measure(runs: int = RUNS) -> dict[str, float]:
    """Return the median seconds of each kind of process over a dev chain of its own."""
    return {name: statistics.median(times) for name, times in samples(runs).items()}


def samples(runs: int) -> dict[str, list[float]]:
    """Return the seconds of each kind of process in every run, all kinds in turn."""
    folder = Path(tempfile.mkdtemp(prefix="dengji-startup-"))
    # Installed programs come with bytecode: it is kept here even where the machine keeps none, and
    # a first round that does not count writes it.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environ = {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environ |= {"DENGJI_HOME": str(folder / "home"), "DENGJI_LANG": "en"}
    try:
        kinds = _kinds(folder, environ)
        for command in kinds.values():
            _seconds(command, environ)
        taken: dict[str, list[float]] = {name: [] for name in kinds}
        for _ in range(runs):
            for name, command in kinds.items():
                taken[name].append(_seconds(command, environ))
        return taken
    finally:
        _run(["chain", "down", "--force"], environ)
        shutil.rmtree(folder, ignore_errors=True)


def report(medians: Mapping[str, float]) -> str:
    """Return the medians as a table, each beside its target."""
    bare, web3 = medians["bare click --help"], medians["import web3"]
    lines = [
        "| process | ms | × bare click | target | of importing web3 |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, seconds in medians.items():
        target = f"≤ {TARGETS[name]}" if name in TARGETS else ""
        ratios = f"{seconds / bare:.2f} | {target} | {seconds / web3:.3f}"
        lines.append(f"| {name} | {seconds * 1000:.0f} | {ratios} |")
    return "\n".join(lines)


def _kinds(folder: Path, environ: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the command line of each kind; a product and a grant stand on the chain for them."""
    data = folder / "data.csv"
    data.write_text("1\n")
    product = _answer(["register", str(data)], environ, "product")
    account = _answer(["account", "new"], environ, "address")
    buyer = _answer(["--account", account, "party", "enrol"], environ, "id")
    use = ["--action", "READ", "--purpose", "RESEARCH"]
    grant = _answer(["grant", "issue", product, "--to", buyer, *use], environ, "id")
    bare = folder / "bare.py"
    bare.write_text(_BARE)
    python, dengji = sys.executable, str(Path(sys.executable).with_name("dengji"))
    return {
        "python -c pass": [python, "-c", "pass"],
        "bare click --help": [python, str(bare), "--help"],
        "import web3": [python, "-c", "import web3"],
        "--help": [dengji, "--help"],
        "config show": [dengji, "config", "show"],
        "check": [dengji, "check", product, "--grantee", buyer, *use],
        "product show": [dengji, "product", "show", product],
        "grant show": [dengji, "grant", "show", grant],
        "verify": [dengji, "verify", str(data)],
        "register again": [dengji, "register", str(data)],
    }


def _answer(arguments: Sequence[str], environ: Mapping[str, str], field: str) -> str:
    import json  # noqa: PLC0415 (kept out of what is timed)

    answer: str = json.loads(_run([*arguments, "--json"], environ))["result"][field]
    return answer


def _run(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "cli", *arguments]
    ran = subprocess.run(
        command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, check=False
    )
    return ran.stdout


def _seconds(command: Sequence[str], environ: Mapping[str, str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, env=dict(environ), capture_output=True, check=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    print(report(measure(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)))
