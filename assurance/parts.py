"""Put the parts of the assurance, each in its long form or at its smallest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from assurance import (
    analysis,
    breakage,
    coverage,
    coverage_solidity,
    faults,
    fuzzing,
    invariants,
    keys,
    mutants_python,
    mutants_solidity,
    nodes,
    proofs,
    supply,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.report import Section

PARTS: Final[Mapping[str, Callable[..., Section]]] = {
    "analysis": analysis.section,
    "breakage": breakage.section,
    "coverage": coverage.section,
    "coverage_solidity": coverage_solidity.section,
    "faults": faults.section,
    "fuzzing": fuzzing.section,
    "invariants": invariants.section,
    "keys": keys.section,
    "mutants_python": mutants_python.section,
    "mutants_solidity": mutants_solidity.section,
    "nodes": nodes.section,
    "proofs": proofs.section,
    "supply": supply.section,
}
"""What each module shows, by its name, in the order of the page."""
