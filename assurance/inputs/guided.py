"""Let libFuzzer choose the inputs of a target, by the parts of our code that they reach.

    python -m assurance.inputs.guided TARGET RUNS SEED

runs in this process, and prints what came of it as the last line of standard output; libFuzzer
prints how many edges it saw on standard error. It needs `atheris`.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import atheris

with atheris.instrument_imports(include=["registry", "cli"]):
    from assurance.inputs.campaign import bound
    from assurance.inputs.catalogue import targets
    from assurance.inputs.mutations import mutated
    from assurance.inputs.trial import PromiseBrokenError, Trial

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN = 5


def chosen(name: str, runs: int, tell: Callable[[dict[str, Any]], None]) -> Callable[..., bytes]:
    """Return what changes inputs, and set up what runs them; `tell` gets the outcome at the end."""
    target = targets()[name]
    trial = Trial(target)
    broken: list[dict[str, str]] = []

    def one(given: bytes) -> None:
        try:
            trial.run(given)
        except PromiseBrokenError as error:
            broken.append({"promise": error.promise, "detail": error.detail[:300]})
        tally = trial.tally
        if tally.executions + len(broken) >= runs + len(trial.seeds):
            tell(
                {
                    "target": name,
                    "executions": tally.executions + len(broken),
                    "accepted": tally.accepted,
                    "refused": tally.refused,
                    "seconds": tally.seconds,
                    "broken": len(broken),
                    "shown": broken[:_SHOWN],
                }
            )

    def change(given: bytes, most: int, seed: int) -> bytes:
        rng = Random(seed)
        # Ours keeps the form, libFuzzer's own knows what was compared with what.
        made = (
            mutated(rng, [given or trial.seeds[0], *trial.seeds[:1]], target.shape, most)
            if rng.randrange(3)
            else atheris.Mutate(given, most)
        )
        return bytes(made)[:most]

    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(trial.seeds):
            Path(corpus, f"{number}").write_bytes(seed)
        options = [f"-atheris_runs={runs}", "-timeout=60", "-rss_limit_mb=3000", "-verbosity=1"]
        options += [f"-max_len={target.longest}", "-seed=7"]
        atheris.Setup([sys.argv[0], *options, corpus], one, custom_mutator=change)
        atheris.Fuzz()
    return change


def main(arguments: list[str]) -> None:
    """Run one target, and print what came of it."""
    name, runs = arguments[0], int(arguments[1])
    chosen(name, runs, lambda told: print(json.dumps(told), flush=True))


if __name__ == "__main__":
    bound()
    main(sys.argv[1:])
