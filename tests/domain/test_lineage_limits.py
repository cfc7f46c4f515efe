"""Where lineages end: pictures of very many roots, and intervals at their very ends."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from registry import messages
from registry.domain.lineage import Pin
from registry.domain.lineage_check import stood
from registry.domain.lineage_graph import Direction, graph
from registry.domain.lineage_svg import MOST_DRAWN, drawing
from tests.lineage_world import facts, product_id, record

SVG = "{http://www.w3.org/2000/svg}"


def test_of_too_many_roots_no_more_are_drawn_than_fit() -> None:
    """The picture has as many boxes as it may have, and says how many versions it leaves out."""
    count = MOST_DRAWN + 7
    pins = [Pin(product_id(number), 1) for number in range(1, count + 1)]
    told = facts(
        derivations=dict.fromkeys(pins),
        products={pin.product: record(number) for number, pin in enumerate(pins, start=1)},
        names={},
    )
    drawn = drawing(graph(pins, Direction.UP, told), "en")
    picture = ET.fromstring(drawn)  # noqa: S314 (our own)
    assert len(picture.findall(f"{SVG}g")) == MOST_DRAWN
    assert messages.text("lineage.left-out", "en", count=7) in "".join(picture.itertext())


@pytest.mark.parametrize(
    ("time", "covered"), [(4, False), (5, False), (6, True), (8, True), (9, False), (10, False)]
)
def test_an_interval_covers_neither_of_its_ends(time: int, *, covered: bool) -> None:
    """In the seconds of its beginning and end the contract knew the order, and its word stands."""
    assert stood([(5, 9)], time) is covered
