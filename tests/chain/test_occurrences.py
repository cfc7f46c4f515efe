"""Words are counted alike in memory and beyond it."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.chain.occurrences import Occurrences


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdefgh")), st.integers(0, 9))
def test_each_word_is_told_which_time_it_comes(words: list[str], kept: int) -> None:
    """However few are kept in memory, each count is that of a plain counter."""
    counter: Counter[str] = Counter()
    occurrences = Occurrences(kept)
    for word in words:
        counter[word] += 1
        assert occurrences.count(word) == counter[word]
