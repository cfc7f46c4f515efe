"""Test that a sub-grant which is too wide is told of in the words it was asked for in."""

from __future__ import annotations

import pytest

from registry import messages
from registry.domain.clauses import Clause
from registry.domain.vocabulary import Action, Environment, Purpose
from registry.reverts import ClauseWider


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("clause", "parent", "child", "words"),
    [
        (Clause.PURPOSES, Purpose.RESEARCH, Purpose.MARKETING, ("RESEARCH", "MARKETING")),
        (Clause.ACTIONS, Action.READ, Action.READ | Action.QUERY, ("READ", "QUERY")),
        (Clause.ENVIRONMENT, Environment.TEE, 0, ("TEE",)),
        (Clause.VALID_UNTIL, 1_798_046_664, 1_804_094_665, ("2026-12-23", "2027-03-03")),
        (Clause.DEPTH, 1, 2, ("1", "2")),
    ],
    ids=str,
)
def test_a_clause_that_is_wider(
    clause: Clause, parent: int, child: int, words: tuple[str, ...], lang: str
) -> None:
    """Words of vocabularies and times are shown, and no masks or seconds."""
    error = ClauseWider(clause=clause, parent=int(parent), child=int(child))
    said = messages.render(error, lang)
    assert clause.name in said
    assert all(word in said for word in words)
    if clause is not Clause.DEPTH:
        assert not {str(int(parent)), str(int(child))} & set(said.replace(".", " ").split())


@pytest.mark.parametrize("clause", Clause)
@pytest.mark.parametrize("value", [0, 2**256 - 1])
def test_any_value_of_any_clause_is_told(clause: Clause, value: int) -> None:
    """Whatever a contract answers, there is a sentence."""
    for lang in ("en", "zh"):
        assert messages.render(ClauseWider(clause=clause, parent=value, child=value), lang)
