"""How much the file of a proof may hold, here and in the page that verifies proofs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from registry.documents.verifier import page
from registry.domain.documents import canonical
from registry.domain.layout import VARIABLES
from registry.domain.proof_file import LIMITS, load
from registry.domain.storage import Key
from registry.errors import ProofUnreadable

GOLDEN = Path(__file__).parents[1] / "fixtures" / "proofs" / "1"


def with_keys(count: int) -> bytes:
    """Return a golden proof whose first word is told by so many keys."""
    path = min(GOLDEN.glob("*.proof.json"))
    told: dict[str, Any] = json.loads(path.read_bytes())
    told["accounts"][0]["storage"][0]["keys"] = ["0x" + "11" * 32] * count
    return canonical(told)


def test_a_word_is_told_by_four_keys_at_most() -> None:
    """Four are read, five are refused at their place, and no word that is kept needs more."""
    proof, _ = load(with_keys(4))
    assert len(proof.accounts[0].storage[0].keys) == 4
    with pytest.raises(ProofUnreadable) as refused:
        load(with_keys(5))
    assert refused.value.where == "/accounts/0/storage/0/keys"
    assert max(sum(isinstance(step, Key) for step in one.path) for one in VARIABLES) <= 4


def test_the_page_holds_files_to_the_same_limits() -> None:
    """Each limit is told to the page under the name by which its code asks for it."""
    text = page().decode("utf-8")
    found = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    limits = json.loads(found[1])["limits"]
    assert {name: limits.get(name) for name in LIMITS} == LIMITS
    assert set(LIMITS) <= set(re.findall(r"DATA\.limits\.(\w+)", text))
