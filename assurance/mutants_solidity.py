"""Show how many small changes of the contracts the tests notice."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.interruption import interruptible
from assurance.keep import folder
from assurance.mutation import deployed
from assurance.mutation.deployed import Deployment
from assurance.mutation.forge import Suites, judged, suites
from assurance.mutation.mutant import INVALID, KILLED, SURVIVED, drawn
from assurance.mutation.records import Fate, Fates
from assurance.mutation.score import Sample, arguments, section_of
from assurance.mutation.tree import CONTRACTS, TESTS, Tree, population
from benchmarks.report import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assurance.mutation.solidity import Site

PART: Final = "mutants_solidity"
ONE_IN: Final = 20
_TITLE: Final = "Mutants of the contracts"
_HOW: Final = (
    "Comparisons, arithmetic, bits, logic, conditions, numbers, members of enumerations, "
    "arguments, statements, modifiers and assembly of the contracts are changed, one change "
    "at a time; a sample is drawn by a seed, from each file and kind of change as many as its"
    " share is. The contracts are compiled once, without the optimizer, with all mutants of "
    "the samples asleep in them; each is called up in what was compiled and put before the "
    "suites that are likeliest to see it, then before all others but those that measure gas, "
    "fuzzed 32 times. What lives through them is compiled as it is deployed and, unless the "
    "code is the same, put before the tests that hold contracts and client against each "
    "other. What lives of either sample is looked at: a test is written for it, or it is argued "
    "why it may."
)
_SMALL: Final = (
    *("contracts/libraries/CivilDate.sol", "tests/contracts/libraries/CivilDate.t.sol"),
    "tests/contracts/Vm.sol",
)
_FEW: Final = (
    ("CivilDate.dayOf", "uint256(time) - OFFSET"),
    ("CivilDate.startOf", "local <= OFFSET"),
    ("CivilDate.yearMonth", "year * 100 - month"),
)
"""By their places and what they change: the second one makes no difference."""
_LIKELY: Final = "likely"
_ALL: Final = "all"


def grown(chosen: Sequence[Site]) -> Tree:
    """Return the tree with these mutants in it, built."""
    tree = Tree(folder=folder() / f"{PART}-tree", numbered=dict(enumerate(chosen, 1)))
    tree.build()
    return tree


def judge_all(tree: Tree, fates: Fates, known: Suites, stage: str) -> None:
    """Find out what becomes of every mutant that it is not known of."""
    for number, site in _ordered(tree):
        mutant = site.mutant
        if fates.known(mutant, stage):
            continue
        if number in tree.refused:
            fates.put(mutant, Fate(state=INVALID))
            continue
        fate = judged(tree, number, known, mutant, wide=stage == _ALL)
        fates.put(mutant, Fate(state=fate.state, suite=fate.suite, test=fate.test, stage=stage))
        if fate.state == KILLED:
            known.learn(mutant, fate.suite)
        print(f"{PART}: {fate.state} {fate.suite} {mutant}", file=sys.stderr, flush=True)


def _ordered(tree: Tree) -> list[tuple[int, Site]]:
    """Return the mutants by their numbers, last those of which it is argued that they live."""
    known = arguments()
    return sorted(tree.numbered.items(), key=lambda item: item[1].mutant.key in known)


def _require_passing(tree: Tree, known: Suites) -> None:
    outcome = judged(tree, 0, known)
    if outcome.state != SURVIVED:
        raise RuntimeError(f"without a mutant {outcome.suite} fails: {outcome.test}")


def judge_deployed(tree: Tree, fates: Fates) -> None:
    """Put those that lived through all tests of the contracts before the tests of Python."""
    living = [
        site.mutant
        for _, site in _ordered(tree)
        if (fate := fates.of(site.mutant)) and fate.state == SURVIVED and fate.stage == _ALL
    ]
    if not living:
        return
    copy = Deployment(folder() / f"{PART}-deployed")
    copy.prepare()
    for mutant in living:
        fate = copy.judge(mutant)
        fates.put(mutant, fate)
        print(f"{PART}: {fate.state} {fate.suite} {mutant}", file=sys.stderr, flush=True)


def section(*, smallest: bool = False) -> Section:
    """Judge both samples, and count; at its smallest three mutants of one library."""
    if smallest:
        return _smallest()
    found = population()
    by_key = {site.mutant.key: site for site in found}
    first, second = drawn([site.mutant for site in found], ONE_IN)
    tree = grown([by_key[mutant.key] for mutant in (*first, *second)])
    fates, known = Fates(PART, CONTRACTS, (TESTS, deployed.TESTS)), suites(tree)
    for key, suite in fates.kills():
        if key in by_key:
            known.learn(by_key[key].mutant, suite)
    with interruptible(PART):
        if not all(fates.known(site.mutant, _ALL) for site in tree.numbered.values()):
            _require_passing(tree, known)
        for stage in (_LIKELY, _ALL):
            judge_all(tree, fates, known, stage)
        judge_deployed(tree, fates)
    samples = (
        Sample(name="first sample", mutants=first),
        Sample(name="second sample", mutants=second),
    )
    return section_of(
        part=PART, title=_TITLE, how=_HOW, count=len(found), samples=samples, fates=fates
    )


def _smallest() -> Section:
    chosen = [
        site for site in population(_SMALL[:1]) if (site.mutant.place, site.mutant.new) in _FEW
    ]
    fates = Fates(PART, CONTRACTS, (TESTS,), smallest=True)
    with tempfile.TemporaryDirectory() as named:
        tree = Tree(Path(named, "tree"), dict(enumerate(chosen, 1)), _SMALL)
        tree.build()
        known = suites(tree)
        _require_passing(tree, known)
        for stage in (_LIKELY, _ALL):
            judge_all(tree, fates, known, stage)
    few = Sample(name="first sample", mutants=[site.mutant for site in chosen])
    count = len(chosen)
    return section_of(
        part=PART, title=_TITLE, how=_HOW, count=count, samples=[few], fates=fates, fewest=count
    )
