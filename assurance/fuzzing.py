"""Put every reader of outside input through a million inputs that were made to break it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from assurance.inputs.campaign import piece as run_piece
from assurance.inputs.campaign import sources
from assurance.inputs.catalogue import module_of, targets
from assurance.keep import ROOT, Keep, Record
from benchmarks.report import Figure, Section, Target

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST: Final = 1_000_000
"""How many executions a whole run counts at the least."""

PIECES: Final = 1
GUIDED_RUNS: Final = 4_000
GUIDED: Final = (
    *("manifest", "proposal", "ending", "key consent", "receipt", "certificate (JSON)"),
    *("credential", "anchor proof", "slice proof", "terms (TOML)", "terms (ODRL)", "application"),
    *("table (CSV)", "table (JSON lines)", "ignore file", "description (our own, JSON)"),
    *("description (data package)", "description (Croissant)", "registration code", "time"),
    *("settings of the folder", "checkpoint (right checksums)", "ABI", "RLP", "raw transaction"),
    *("clauses (packed)", "node: HTTP", "node: reply", "node: eth_getLogs"),
)
"""Readers in whose own code libFuzzer looks for new ways."""

_SECONDS: Final = 3_600
_EDGES: Final = re.compile(r"\bcov: ([0-9]+)")
_NOTHING: Final = Target(limit=0)


@dataclass(slots=True)
class Sum:
    """Add up what came of the pieces of one target."""

    executions: int = 0
    guided: int = 0
    accepted: int = 0
    broken: int = 0
    edges: int = 0
    seconds: float = 0.0
    memory: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def add(self, record: Record) -> None:
        """Add one piece."""
        self.executions += record["executions"]
        self.guided += record["executions"] if record["guided"] else 0
        self.accepted += record["accepted"]
        self.broken += record["broken"]
        self.edges = max(self.edges, record.get("edges", 0))
        self.memory = max(self.memory, record.get("memory", 0))
        # What libFuzzer adds to an execution is not the reader's time.
        self.seconds = max(self.seconds, 0.0 if record["guided"] else record["seconds"])
        self.refused.update(record["refused"])
        self.shown += [f"{one['promise']}: {one['detail']}" for one in record["shown"]]

    def row(self, name: str) -> str:
        """Return a row of the table of all targets."""
        cells = (
            *(name, f"{self.executions:,}", f"{self.accepted:,}"),
            *(f"{self.refused.total():,}", str(len(self.refused)), str(self.edges or "")),
            *(f"{1000 * self.seconds:.0f}", f"{self.memory / 1024:,.0f}"),
        )
        return "| " + " | ".join(cells) + " |"


def section(*, smallest: bool = False) -> Section:
    """Run what is left to run, and return what came of all."""
    keep = Keep("fuzzing", smallest=smallest)
    sums: dict[str, Sum] = {name: Sum() for name in targets()}
    for record in _smallest() if smallest else _pieces(keep):
        sums[record["target"]].add(record)
    if not smallest:
        for record in _guided(keep):
            sums[record["target"]].add(record)
    return Section(
        name="fuzzing",
        title="Input",
        how="Every reader of outside input is given documents that were changed at random, in "
        "processes with bounded memory: bits, spans, fields and lines flipped, cut, doubled, "
        "moved and swapped, numbers at their bounds, other types, names twice, nesting, characters "
        "that hide. Of each execution it is asked that it ends within ten seconds of its own time, "
        "raises nothing but an error that the catalogue tells in both languages, and returns only "
        "what comes back equal from its own canonical form; where digests or signatures hold a "
        "document, nothing else is ever accepted. Of 64 executions one is watched "
        "for its memory. libFuzzer chooses the inputs of some readers by the code they reach. The "
        "list of readers is held against the sources by a test.",
        figures=_figures(sums),
        remarks=_remarks(sums),
    )


def _figures(sums: dict[str, Sum]) -> tuple[Figure, ...]:
    def total(name: str) -> float:
        return float(sum(getattr(one, name) for one in sums.values()))

    codes = {code for one in sums.values() for code in one.refused}
    refused = sum(one.refused.total() for one in sums.values())
    rows: tuple[tuple[str, float, str, Target | None], ...] = (
        ("inputs tried", total("executions"), "", Target(limit=LEAST, at_least=True)),
        ("of them chosen by coverage", total("guided"), "", None),
        ("readers", float(len(sums)), "", None),
        ("promises broken", total("broken"), "", _NOTHING),
        ("inputs accepted", total("accepted"), "", None),
        ("inputs refused", float(refused), "", None),
        ("kinds of refusals", float(len(codes)), "", None),
        ("longest execution", max(one.seconds for one in sums.values()), "CPU s", None),
        ("most memory", max(one.memory for one in sums.values()) / (1 << 20), "MiB", None),
    )
    return tuple(
        Figure(name=name, samples=(value,), unit=unit, target=target)
        for name, value, unit, target in rows
    )


_HEAD: Final = (
    "| reader | inputs | accepted | refused | kinds | edges | longest, ms | most memory, KiB |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


def _remarks(sums: dict[str, Sum]) -> tuple[str, ...]:
    table = "\n".join([*_HEAD, *(one.row(name) for name, one in sums.items())])
    broken = [f"- {name}: {said}" for name, one in sums.items() for said in one.shown]
    return (table, *(["\n".join(broken)] if broken else ()))


# ---- running --------------------------------------------------------------------------------

_FEW: Final = 20


def _smallest() -> Iterator[Record]:
    for name in targets():
        yield {**run_piece(name, 0, _FEW), "guided": False}


def _pieces(keep: Keep) -> Iterator[Record]:
    """Yield what pieces came to, running those that are not known, each in its own process."""
    for number in range(PIECES):
        for name, target in targets().items():
            key = {
                "guided": False,
                "target": name,
                "piece": number,
                "count": target.piece,
                "sources": sources(module_of(name)),
            }
            record = keep.found(**key)
            if record is None:
                command = ("assurance.inputs.campaign", name, str(number), str(target.piece))
                record = {**_run(name, *command), **key}
                keep.append(record)
            yield record


def _guided(keep: Keep) -> Iterator[Record]:
    if importlib.util.find_spec("atheris") is None:
        return
    for name in GUIDED:
        key = {
            "guided": True,
            "target": name,
            "piece": 0,
            "count": GUIDED_RUNS,
            "sources": sources(module_of(name)),
        }
        record = keep.found(**key)
        if record is None:
            record = {**_run(name, "assurance.inputs.guided", name, str(GUIDED_RUNS)), **key}
            keep.append(record)
        yield record


def _run(name: str, module: str, *arguments: str) -> dict[str, Any]:
    """Return what a process came to; one that did not end of itself broke a promise."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        said, ended = done.stdout.strip().splitlines()[-1:], f"ended with {done.returncode}"
        edges = [int(one) for one in _EDGES.findall(done.stderr)]
    except subprocess.TimeoutExpired:
        said, ended, edges = [], "did not end", []
    if said and said[0].startswith("{"):
        return {**json.loads(said[0]), "edges": edges[-1] if edges else 0}
    lost = {"promise": "leaves the process alive", "detail": ended}
    return {
        "target": name,
        "executions": 0,
        "accepted": 0,
        "refused": {},
        "seconds": 0.0,
        "memory": 0,
        "broken": 1,
        "shown": [lost],
        "edges": 0,
    }
