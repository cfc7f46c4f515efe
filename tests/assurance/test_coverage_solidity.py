"""What the tests of the contracts do not reach is named, or argued by its own text."""

from __future__ import annotations

from assurance import coverage_solidity
from assurance.coverage_solidity import Reach, arguments, read, unargued
from assurance.keep import ROOT

LCOV = """TN:
SF:contracts/libraries/Merkle.sol
DA:10,1
DA:10,0
DA:11,0
BRDA:12,0,0,3
BRDA:12,0,1,-
DA:12,3
end_of_record
SF:tests/contracts/Vm.sol
DA:1,0
end_of_record
"""


def test_lines_and_branches_are_read() -> None:
    """A line is reached if it was reached once, a branch by each of its ways."""
    sources = read(LCOV)
    assert list(sources) == ["libraries/Merkle.sol"]
    reach = sources["libraries/Merkle.sol"]
    assert reach.lines == {10: 1, 11: 0, 12: 3}
    assert reach.branches == {(12, 0, 0): 3, (12, 0, 1): 0}
    assert reach.missed == (11, 12)


def test_what_is_not_argued_is_named() -> None:
    """A line that nothing reached is named with its text, unless that text is argued."""
    sources = {"libraries/Merkle.sol": Reach(lines={2: 0}, branches={})}
    (named,) = unargued(sources, {})
    assert named == "`libraries/Merkle.sol:2` `pragma solidity ^0.8.28;`"
    argued = {("libraries/Merkle.sol", "pragma solidity ^0.8.28;"): "not code"}
    assert list(unargued(sources, argued)) == []


def test_arguments_are_of_lines_that_there_are() -> None:
    """An argument whose line was changed or taken out is left over."""
    for source, line in arguments():
        written = (ROOT / "contracts" / source).read_text(encoding="utf-8")
        assert line in {one.strip() for one in written.splitlines()}, source
    table = coverage_solidity.ARGUED.read_text(encoding="utf-8")
    assert table.count("\n| `") == len(arguments())
