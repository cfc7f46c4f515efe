"""Small changes of the sources are found, drawn, put in asleep, and remembered."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assurance.keep import ROOT
from assurance.mutation import records
from assurance.mutation.mutant import (
    INVALID,
    KILLED,
    SURVIVED,
    TIMED_OUT,
    Mutant,
    drawn,
    sample,
    share,
    told_apart,
)
from assurance.mutation.python import LIVE, changes, woven
from assurance.mutation.records import Fate, Fates
from assurance.mutation.schema import MARK, written
from assurance.mutation.score import Sample, arguments, listed, section_of
from assurance.mutation.solidity import EXPRESSION, STATEMENT, Site

SOURCE = '''
"""Say something."""

LIMIT = 3


def below(value: int, *, most: int = LIMIT) -> bool:
    """Tell whether a value is small."""
    if value < 0:
        raise ValueError("negative")
    return value <= most


class Counter:
    """Count."""

    def __init__(self) -> None:
        self.count = 0

    def add(self) -> int:
        """Count one more."""
        self.count += 1
        return self.count
'''


def mutant(number: int, path: str = "contracts/A.sol", operator: str = "never") -> Mutant:
    """Return one of many mutants."""
    return Mutant(
        path=path,
        line=number,
        place=f"A.f{number}",
        operator=operator,
        start=number,
        end=number + 1,
        old="x",
        new="false",
    )


# Drawing


def test_a_sample_has_the_share_of_every_kind_and_is_the_same_again() -> None:
    """One in ten is one in ten of each file and kind, whatever else there is and in what order."""
    many = [mutant(n, operator="never") for n in range(200)]
    few = [mutant(n, operator="always") for n in range(200, 250)]
    other = [mutant(n, path="contracts/B.sol") for n in range(250, 265)]
    chosen = sample([*many, *few, *other], 10, seed=1)
    counted = Counter((one.path, one.operator) for one in chosen)
    assert counted["contracts/A.sol", "never"] == 20
    assert counted["contracts/A.sol", "always"] == 5
    assert counted["contracts/B.sol", "never"] in {1, 2}
    assert sample([*reversed(few), *other, *many], 10, seed=1) == chosen
    # Another file changes nothing of what is drawn of this one.
    alone = {one.key for one in sample(many, 10, seed=1)}
    assert alone == {one.key for one in chosen if one in many}
    assert {one.key for one in sample(many, 10, seed=2)} != alone


def test_the_second_sample_has_nothing_of_the_first() -> None:
    """It is as large, drawn by another seed, and says how what was never looked at fares."""
    found = [mutant(number) for number in range(100)]
    first, second = drawn(found, 10)
    assert len(first) == 10
    assert len(second) == 9
    assert not {one.key for one in first} & {one.key for one in second}


def test_repetitions_are_told_apart() -> None:
    """Two changes that look alike at one place have two keys."""
    first, second = told_apart([mutant(1), mutant(1)])
    assert first.key != second.key
    assert (first.repetition, second.repetition) == (0, 1)


@pytest.mark.parametrize(
    ("states", "percent"),
    [
        ([], 0.0),
        ([KILLED] * 19 + [SURVIVED], 95.0),
        ([KILLED, TIMED_OUT, INVALID], 100.0),
        ([SURVIVED, INVALID], 0.0),
    ],
)
def test_the_score_is_of_the_valid_ones(states: list[str], percent: float) -> None:
    """Those that do not compile count neither way, and what takes too long counts as killed."""
    assert share(states) == percent


# Python


def loaded(*live: int, numbers: dict[tuple[str, ...], int] | None = None) -> dict[str, Any]:
    """Return the names of the module, with these mutants called up."""
    if numbers is None:
        found = changes("m.py", SOURCE)
        numbers = {change.mutant.key: number for number, change in enumerate(found, 1)}
    space: dict[str, Any] = {LIVE: set(live)}
    exec(compile(woven("m.py", SOURCE, numbers), "m.py", "exec"), space)  # noqa: S102 (its subject)
    return space


def number_of(place: str, new: str) -> int:
    """Return the number of a change of the module."""
    found = [(change.mutant.place, change.mutant.new) for change in changes("m.py", SOURCE)]
    return found.index((place, new)) + 1


def test_asleep_nothing_changes() -> None:
    """With every mutant in it and none called up a module does what it did."""
    module = loaded()
    assert module["LIMIT"] == 3
    assert [module["below"](value) for value in (0, 3, 4)] == [True, True, False]
    with pytest.raises(ValueError, match=r"^negative$"):
        module["below"](-1)
    counter = module["Counter"]()
    assert (counter.add(), counter.add()) == (1, 2)
    assert module["below"].__doc__ == "Tell whether a value is small."


@pytest.mark.parametrize(
    ("place", "new", "value", "answer"),
    [
        ("below", "value < most", 3, False),
        ("below", "value <= 0", 0, ValueError),
        ("below", "if False", -1, True),
        ("below", "pass", -1, True),
        ("below", "return None", 1, None),
        ("", "4", 4, True),
    ],
)
def test_called_up_a_mutant_does_what_it_says(
    place: str, new: str, value: int, answer: object
) -> None:
    """Each of them alone changes what the function returns."""
    below = loaded(number_of(place, new))["below"]
    if answer is ValueError:
        with pytest.raises(ValueError, match="negative"):
            below(value)
    else:
        assert below(value) == answer


def test_what_runs_at_loading_is_told() -> None:
    """Constants and defaults run when the module is loaded, bodies do not."""
    early = {change.mutant.place: change.loading for change in changes("m.py", SOURCE)}
    assert early == {"": True, "below": False, "Counter.__init__": False, "Counter.add": False}


def test_docstrings_and_annotations_are_left() -> None:
    """No change is of what only readers and type checkers see."""
    texts = {change.mutant.old for change in changes("m.py", SOURCE)}
    assert '"negative"' in texts
    assert not any("Tell" in text or "Say" in text for text in texts)
    assert changes("m.py", "x: 'int'\ny: Literal['a'] = z\n") == []


def test_what_stands_for_type_checkers_is_left() -> None:
    """Neither the condition nor what it guards is changed."""
    source = "if TYPE_CHECKING:\n    LIMIT = 5\nelse:\n    LIMIT = 6\n"
    assert changes("a.py", source) == []


def test_every_change_of_the_domain_can_be_woven_in() -> None:
    """All changes of a real module together still make a module."""
    path = Path(ROOT, "registry/domain/merkle.py")
    found = changes(path.name, path.read_text("utf-8"))
    numbers = {change.mutant.key: number for number, change in enumerate(found, 1)}
    assert len(numbers) == len(found) > 200
    tree = woven(path.name, path.read_text("utf-8"), numbers)
    compile(tree, path.name, "exec")
    assert ast.unparse(tree).count(f" in {LIVE}") == len(found)


# Solidity

CONTRACT = b"""pragma solidity ^0.8.28;
contract A {
    // \xe2\x80\x96
    function f(uint256 a) external returns (bool) {
        if (a < 3) g(a);
        return true;
    }
}
"""


def site(old: bytes, new: str, form: str, cast: str = "") -> Site:
    """Return a change of the contract."""
    start = CONTRACT.index(old)
    end = start + len(old)
    made = Mutant(
        path="contracts/A.sol",
        line=5,
        place="A.f",
        operator="some",
        start=start,
        end=end,
        old=old.decode(),
        new=new,
    )
    return Site(mutant=made, form=form, cast=cast)


def test_mutants_of_a_contract_stand_beside_what_they_replace() -> None:
    """Expressions are chosen between, statements left out, one within another, by their numbers."""
    numbered = {
        1: site(b"a < 3", "true", EXPRESSION),
        2: site(b"a < 3", "a <= 3", EXPRESSION),
        3: site(b"3", "4", EXPRESSION, "uint256"),
        4: site(b"g(a);", "{}", STATEMENT),
    }
    made = written("contracts/A.sol", CONTRACT, numbered)
    source = made.source.decode()
    assert source.startswith('pragma solidity ^0.8.28; import {MUTANT} from "./Mutant.sol";\n')
    assert (
        "if ((MUTANT == 1 ? (true) : ((MUTANT == 2 ? (a <= 3) : "
        "(a < (MUTANT == 3 ? uint256(4) : uint256(3))))))" in source
    )
    assert "{ if (MUTANT != 4) { g(a); } }" in source
    assert source.count("\n") == CONTRACT.decode().count("\n")
    assert len(MARK) == 64
    # A complaint is blamed on the narrowest mutant around it.
    at = made.source.index(b"uint256(4)")
    assert made.blamed(at, at + 7) == {3}
    at = made.source.index(b"a <= 3")
    assert made.blamed(at, at + 1) == {2}
    assert made.blamed(0, 3) == set()


def test_a_mutant_can_be_applied_alone() -> None:
    """Its text takes the place of the old one, and of nothing else."""
    changed = site(b"a < 3", "a <= 3", EXPRESSION).mutant.applied(CONTRACT)
    assert changed == CONTRACT.replace(b"a < 3", b"a <= 3")


# What became of them


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of one contract and two files of tests."""
    monkeypatch.setattr(records, "ROOT", tmp_path)
    monkeypatch.setattr("assurance.keep.ROOT", tmp_path)
    monkeypatch.setenv("DENGJI_ASSURANCE_KEEP", str(tmp_path / "keep"))
    for name in ("contracts/A.sol", "tests/one.t.sol", "tests/two.t.sol"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def fates() -> Fates:
    """Return the fates that are kept."""
    return Fates("mutants", "contracts", ["tests"])


def test_a_kill_holds_while_its_test_and_the_mutated_file_do(project: Path) -> None:
    """Another test may change; the one that killed, and what it killed, may not."""
    fate = Fate(state=KILLED, suite="tests/one.t.sol", test="test_It")
    fates().put(mutant(1), fate)
    assert fates().of(mutant(1)) == fate
    assert fates().of(mutant(2)) is None
    (project / "tests" / "two.t.sol").write_text("other")
    assert fates().of(mutant(1)) == fate
    (project / "tests" / "one.t.sol").write_text("other")
    assert fates().of(mutant(1)) is None
    (project / "tests" / "one.t.sol").write_text("tests/one.t.sol")
    (project / "contracts" / "A.sol").write_text("other")
    assert fates().of(mutant(1)) is None


def test_a_survival_holds_while_no_test_changes(project: Path) -> None:
    """A new test may kill what lived through the others."""
    fates().put(mutant(1), Fate(state=SURVIVED, stage="all"))
    assert fates().known(mutant(1), "likely")
    assert fates().known(mutant(1), "all")
    assert not fates().known(mutant(1), "deployed")
    (project / "tests" / "three.t.sol").write_text("new")
    assert not fates().known(mutant(1), "likely")


@pytest.mark.usefixtures("project")
def test_what_was_not_judged_counts_for_nothing() -> None:
    """Counted are those judged; the living are listed, with what is said of them or without."""
    kept = fates()
    kept.put(mutant(1), Fate(state=KILLED, suite="tests/one.t.sol"))
    kept.put(mutant(2), Fate(state=SURVIVED, stage="all"))
    few = Sample(name="sample", mutants=[mutant(number) for number in (1, 2, 3)])
    told = section_of(
        part="mutants_one", title="", how="", count=9, samples=[few, few], fates=kept, fewest=2
    )
    found = {figure.name: figure for figure in told.figures}
    assert found["mutants there are"].median == 9
    assert found["judged and valid"].median == 2
    assert found["judged and valid"].met is True
    assert found["sample: mutants drawn"].median == 3
    assert found["sample: of these judged and valid"].median == 2
    assert found["sample: living without an argument"].median == 1
    assert found["sample: score"].median == 50
    assert listed([few], kept) == ("- contracts/A.sol:2 A.f2: `x` → `false`: **not argued yet**.")


def test_arguments_are_sentences_about_files_that_are_there() -> None:
    """Each names a mutant of a file of this project, and says why it may live."""
    for key, why in arguments().items():
        assert (ROOT / key[0]).is_file(), key
        assert why.endswith(".")
        assert len(why) > 20
