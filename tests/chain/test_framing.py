"""Where a reply without length ends: as the parser has it, at the cost of one look at each byte."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain.framing import JsonEnd

TEXTS = st.text(st.sampled_from('a"\\[]{}\né\U0001f600/'), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.lists(VALUES, max_size=4) | st.dictionaries(TEXTS, VALUES, max_size=4)
BLANKS = st.text(" \n\t\r", max_size=3)


def plainly(raw: bytes) -> int | None:
    """Return after how many bytes they are JSON for the first time, by parsing them each time."""
    for end in range(1, len(raw) + 1):
        try:
            json.loads(raw[:end])
        except ValueError:
            continue
        return end
    return None


def fed(raw: bytes, cuts: list[int]) -> int | None:
    """Return where the first value ends in bytes that come in parts, cut at these places."""
    end, start = JsonEnd(), 0
    for cut in [*sorted(one % (len(raw) + 1) for one in cuts), len(raw)]:
        if (found := end.feed(raw[start:cut])) is not None:
            return start + found
        start = cut
    return None


@given(
    document=DOCUMENTS,
    before=BLANKS,
    after=BLANKS | DOCUMENTS.map(json.dumps) | st.sampled_from(["]", "}", '"', "\\", "x"]),
    ascii_only=st.booleans(),
    cuts=st.lists(st.integers(0, 10_000), max_size=12),
)
def test_ends_where_the_parser_says(
    document: object,
    before: str,
    after: str,
    *,
    ascii_only: bool,
    cuts: list[int],
) -> None:
    """Whatever is in its strings, however it is cut, and whatever follows it."""
    whole = (before + json.dumps(document, ensure_ascii=ascii_only)).encode()
    assert fed(whole + after.encode(), cuts) == plainly(whole) == len(whole)


@given(document=DOCUMENTS, length=st.integers(0, 10_000), cuts=st.lists(st.integers(0, 10_000)))
def test_half_a_reply_goes_on(document: object, length: int, cuts: list[int]) -> None:
    """What is cut anywhere before its end has none."""
    whole = json.dumps(document).encode()
    assert fed(whole[: length % len(whole)], cuts) is None


@given(raw=st.text('a"\\[]{}', max_size=24).map(str.encode), cuts=st.lists(st.integers(0, 99)))
def test_how_it_is_cut_makes_no_difference(raw: bytes, cuts: list[int]) -> None:
    """Bytes that are no JSON come to the same end, or to the same error, in one part or many."""

    def come(cuts: list[int]) -> int | None:
        try:
            return fed(raw, cuts)
        except ValueError:
            return -1

    assert come(cuts) == come([]) == come(list(range(len(raw))))


@pytest.mark.parametrize("raw", [b"]", b" }", b'"[" }', b'"\\"" ]'])
def test_a_bracket_that_closes_nothing_is_an_error(raw: bytes) -> None:
    """Nothing that follows can make JSON of it."""
    with pytest.raises(ValueError, match="never opened"):
        fed(raw, [])
