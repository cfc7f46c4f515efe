"""Run targets a great many times, in pieces that are kept, each of which can be run again alone.

    python -m assurance.inputs.campaign TARGET PIECE COUNT

runs one piece in this process and prints what came of it as a line of JSON. A piece is named by
its target and number, and is the same wherever and whenever it is run.
"""

from __future__ import annotations

import ast
import json
import resource
import sys
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from assurance.inputs.catalogue import targets
from assurance.inputs.mutations import mutated
from assurance.inputs.trial import PromiseBrokenError, Trial
from assurance.keep import ROOT, digest

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURED_EACH: Final = 64
"""Of so many executions one is watched for its memory, which slows it several times."""

_MOST_MEMORY: Final = 3 << 30
_MOST_SHOWN: Final = 5


def piece(name: str, number: int, count: int) -> dict[str, Any]:
    """Run so many executions of a target, and return what came of them."""
    target = targets()[name]
    trial = Trial(target)
    broken: list[dict[str, str]] = []
    for place in range(count):
        rng = Random(f"{name}:{number}:{place}")
        given = mutated(rng, trial.seeds, target.shape, target.longest)
        try:
            trial.run(given, measure=place % MEASURED_EACH == 0)
        except PromiseBrokenError as error:
            broken.append(
                {"promise": error.promise, "detail": error.detail[:300], "at": str(place)}
            )
    tally = trial.tally
    return {
        "target": name,
        "piece": number,
        "executions": tally.executions + len(broken),
        "accepted": tally.accepted,
        "refused": tally.refused,
        "seconds": tally.seconds,
        "memory": tally.memory,
        "measured": tally.measured,
        "broken": len(broken),
        "shown": broken[:_MOST_SHOWN],
    }


def bound() -> None:
    """Bound the memory of this process, whatever a reader asks for."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, most))


@cache
def sources(module: str) -> str:
    """Return a digest of the targets in a module, and of all that they read with.

    What errors are called and how they are told is left out: it has no part in what is accepted.
    """
    ours = {f"assurance/inputs/{name}.py" for name in ("mutations", "written", "trial")}
    return digest(*sorted(ours | _reached(module)))


def _reached(module: str) -> set[str]:
    """Return the files of the project that a module imports, directly or not."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        path = _file(waiting.pop())
        if path is None or (name := path.relative_to(ROOT).as_posix()) in found:
            continue
        found.add(name)
        waiting += _imported(path)
    return found


_TAKEN_IN: Final = ("assurance.inputs.", "registry", "cli.")
_LEFT_OUT: Final = ("registry.errors", "registry.messages", "registry.chain.bindings")


def _file(module: str) -> Path | None:
    if not module.startswith(_TAKEN_IN) or module.startswith(_LEFT_OUT):
        return None
    base = ROOT.joinpath(*module.split("."))
    return next(
        (one for one in (base.with_suffix(".py"), base / "__init__.py") if one.is_file()), None
    )


@cache
def _imported(path: Path) -> tuple[str, ...]:
    return tuple(_names(ast.parse(path.read_bytes())))


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)
    elif not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
        for inner in ast.iter_child_nodes(node):
            yield from _names(inner)


def main(arguments: list[str]) -> None:
    """Run one piece, and print what came of it."""
    bound()
    name, number, count = arguments
    print(json.dumps(piece(name, int(number), int(count)), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
