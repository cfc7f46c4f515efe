"""Run the examples in the docstrings of the values."""

import doctest
from types import ModuleType

import pytest

from registry import messages
from registry.domain import bech32, ids, keccak, meanings, territory, words

MODULES = (bech32, ids, keccak, meanings, messages, territory, words)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_examples_are_true(module: ModuleType) -> None:
    """Each module has examples, and each gives what it says."""
    results = doctest.testmod(module)
    assert results.attempted
    assert not results.failed
