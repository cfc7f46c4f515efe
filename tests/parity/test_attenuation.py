"""Hold the judgement of sub-grants against the contracts' own, on ten thousand random pairs."""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

from registry.chain.bindings import GrantJudge
from registry.chain.questions import Question, ask
from registry.domain.attenuation import Wider, wider
from registry.reverts import ClauseWider
from tests import narrowing

if TYPE_CHECKING:
    from registry.domain.clauses import Clauses
    from tests.conftest import World

PAIRS = int(os.environ.get("DENGJI_PARITY_PAIRS", "10000"))
BATCH = 500
MOST_OF_ONE_KIND = 0.8


def test_the_chain_names_the_same_clause(world: World) -> None:
    """Each pair is let pass by both, or refused by both for the same clause and values."""
    judge = world.deployment.judge
    assert judge is not None
    rng = Random(20261122)
    refused: set[int] = set()
    passed = 0
    for _ in range(PAIRS // BATCH):
        pairs = [_pair(rng) for _ in range(BATCH)]
        asked = [
            Question(judge, GrantJudge.require_narrower, (above.pack(), below.pack()))
            for above, below in pairs
        ]
        for (above, below), answer in zip(pairs, ask(world.rpc, asked, None), strict=True):
            ours = next(iter(wider(above, below)), None)
            assert ours == _theirs(answer), (above, below)
            passed += ours is None
            refused |= set() if ours is None else {int(ours.clause)}
    # Neither answer alone would show anything, nor would a few clauses.
    assert (1 - MOST_OF_ONE_KIND) * PAIRS < passed < MOST_OF_ONE_KIND * PAIRS
    assert len(refused) == _JUDGED


_JUDGED = 18
"""How many clauses have a rule."""


def _pair(rng: Random) -> tuple[Clauses, Clauses]:
    above = narrowing.parent(rng)
    return above, narrowing.child(rng, above)


def _theirs(answer: object) -> Wider | None:
    if isinstance(answer, ClauseWider):
        return Wider(clause=answer.clause, parent=answer.parent, child=answer.child)
    assert answer == ()
    return None
