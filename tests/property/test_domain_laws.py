"""Laws of the domain's values that hold for every value there is."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain import territory, vocabulary, words
from registry.domain.clauses import Clauses
from registry.domain.ids import ProductId
from registry.domain.product import first_digest, next_digest
from registry.domain.terms import SigningDomain
from registry.domain.times import parse_time, show_time
from registry.errors import ClauseRefused
from tests import strategies

MASKS = ("Right", "Action", "Purpose", "Environment", "Obligation")

countries = st.sampled_from((156, 158, 702, 840))
places = st.builds(
    lambda country, province, city, district: (
        country * 1_000_000 + province * 10_000 + (city * 100 + district if province else 0)
    ),
    countries,
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 3),
)
versions = st.lists(st.tuples(strategies.hashes, strategies.hashes), min_size=1, max_size=5)


@given(places, places)
def test_territories_nest_or_are_apart(one: int, other: int) -> None:
    """Two territories share a place only if one contains the other, and both only if equal."""
    first = range(one, one + territory.span(one))
    second = range(other, other + territory.span(other))
    shared = max(first.start, second.start) < min(first.stop, second.stop)
    nested = territory.contains(one, other), territory.contains(other, one)
    assert shared == any(nested)
    assert all(nested) == (one == other)


@given(places, st.integers(0, 3), st.integers(0, 3))
def test_containment_is_passed_on(code: int, near: int, far: int) -> None:
    """What a contained territory contains, the containing one contains too."""
    wider = [code - code % size for size in (1, 100, 10_000, 1_000_000)]
    inner, outer = wider[min(near, far)], wider[max(near, far)]
    assert territory.contains(inner, code)
    assert territory.contains(outer, inner)
    assert territory.contains(outer, code)


@given(strategies.clauses(), strategies.clauses(), strategies.domains)
@settings(max_examples=30, deadline=None)
def test_every_clause_counts(one: Clauses, other: Clauses, domain: SigningDomain) -> None:
    """Exchanging any one clause that differs gives another packed form and another id."""
    for field in fields(Clauses):
        value = getattr(other, field.name)
        if value == getattr(one, field.name):
            continue
        try:
            changed = replace(one, **{field.name: value})
        except ClauseRefused:
            continue
        assert changed.pack() != one.pack(), field.name
        assert changed.digest(domain) != one.digest(domain), field.name


@given(strategies.products, versions, st.data())
def test_a_version_attests_all_before_it(
    product: ProductId, history: list[tuple[bytes, bytes]], data: st.DataObject
) -> None:
    """Changing any digest of any version changes the digest of the last one."""

    def last(given: list[tuple[bytes, bytes]]) -> bytes:
        digest = first_digest(product)
        for root, metadata in given:
            digest = next_digest(root, metadata, digest)
        return digest

    place = data.draw(st.integers(0, len(history) - 1))
    root, metadata = history[place]
    other = data.draw(strategies.hashes.filter(lambda drawn: drawn not in (root, metadata)))
    for changed in ((other, metadata), (root, other)):
        assert last([*history[:place], changed, *history[place + 1 :]]) != last(history)
    assert last(history[:-1]) != last(history)


@given(st.integers(1, 2**32 - 1))
def test_a_time_reads_as_it_is_shown(seconds: int) -> None:
    """Any second that storage can hold is read back from its text."""
    assert parse_time(show_time(seconds)) == seconds


@pytest.mark.parametrize("name", MASKS)
@given(st.data())
def test_a_mask_reads_as_it_is_said(name: str, data: st.DataObject) -> None:
    """Any set of words of a vocabulary is read back from their list."""
    kind = getattr(vocabulary, name)
    mask = kind(data.draw(st.integers(1, int(kind.ALL))))
    assert words.parse(name, ",".join(words.names(mask)), many=True) == mask
