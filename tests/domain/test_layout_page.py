"""The page that says where contracts keep what, against what proofs are computed from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from registry.domain import layout
from registry.domain.storage import Items, Member

if TYPE_CHECKING:
    from registry.domain.storage import Variable

PAGE = Path(__file__).parents[2] / "docs" / "storage.md"
ROW = re.compile(r"\| `(\w+)` \| `([^`]+)` \| \[(\w+)\]\(#\w+\) \| (.+) \|")


def published() -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return steps, word and description by contract and name, as the page has them."""
    found = {}
    contract = ""
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("## "):
            contract = line.removeprefix("## ")
        elif matched := ROW.fullmatch(line):
            name, steps, word, about = matched.groups()
            found[contract, name] = (steps, word, about)
    return found


def steps_of(variable: Variable) -> str:
    """Return the way to a word in the notation that the page explains."""
    told = [str(variable.slot)]
    for step in variable.path:
        if isinstance(step, Member):
            told += [f"+ {step.after}"] if step.after else []
        elif isinstance(step, Items):
            told.append(f"[{step.name} × {step.size}]")
        else:
            told.append(f"[{step.name}: {step.kind}]")
    return " ".join(told)


def test_the_page_tells_every_place_and_what_it_is() -> None:
    """Whoever reads the page finds the words, the steps to them and their meaning as they are."""
    assert published() == {
        (one.contract, one.name): (steps_of(one), one.word.name, one.about)
        for one in layout.VARIABLES
    }
