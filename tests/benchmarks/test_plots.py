"""Pictures show the numbers that they are drawn from, whatever their size."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from benchmarks.curves import Curve, spot
from benchmarks.plot_axes import WIDTH, Scale
from benchmarks.plots import Bar, Bars, Line, Lines, Spot

SVG = "{http://www.w3.org/2000/svg}"
VALUES = st.floats(min_value=1e-6, max_value=1e12)


def words(svg: str) -> list[str]:
    """Return the texts of a picture, in their order."""
    return [one.text or "" for one in etree.fromstring(svg.encode()).iter(f"{SVG}text")]


def sizes(svg: str, kind: str) -> list[float]:
    """Return how wide the rectangles of a colour are."""
    found = etree.fromstring(svg.encode()).iter(f"{SVG}rect")
    return [float(one.attrib["width"]) for one in found if one.get("class") == kind]


@given(values=st.lists(VALUES, min_size=1, max_size=9), log=st.booleans())
def test_every_value_has_its_place_on_the_axis(values: list[float], *, log: bool) -> None:
    """Values stand between the ends, in their order, and the ends are named."""
    scale = Scale.over(values, start=10, end=700, log=log)
    places = [scale.at(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(10 <= place <= 700 for place in places)
    ticks = scale.ticks()
    assert ticks == sorted(ticks)
    assert scale.at(ticks[0]) == pytest.approx(10)
    assert scale.at(ticks[-1]) == pytest.approx(700)
    assert 2 <= len(ticks) <= 20


@pytest.mark.parametrize(
    ("values", "log", "ticks"),
    [
        ([77_755], False, [0, 25_000, 50_000, 75_000, 100_000]),
        ([0], False, [0, 0.25, 0.5, 0.75, 1]),
        ([36, 2318], True, [10, 100, 1000, 10_000]),
        ([3, 70], True, [1, 2, 5, 10, 20, 50, 100]),
        ([10], True, [10, 20, 50, 100]),
    ],
)
def test_an_axis_names_round_numbers(values: list[float], *, log: bool, ticks: list[float]) -> None:
    """An axis begins at 0 or at a decade, ends beyond the values, and has round steps."""
    found = Scale.over(values, start=0, end=1, log=log).ticks()
    assert found == pytest.approx(ticks)


@pytest.mark.parametrize(("values", "log"), [([0.0, 1.0], True), ([-1.0], False)])
def test_what_has_no_place_is_refused(values: list[float], *, log: bool) -> None:
    """Nothing below 0 is drawn, and no 0 by its logarithm."""
    with pytest.raises(ValueError, match="has no place"):
        Scale.over(values, start=0, end=1, log=log)


def test_bars_are_as_long_as_their_values() -> None:
    """A bar of twice the value is twice as long, has its number, and its colour is explained."""
    groups = (
        ("register <b>", (Bar(spot=spot([50.0])), Bar(spot=spot([100.0]), hue=1, note="(2×)"))),
        ("grant", (Bar(spot=spot([25.0, 20.0, 30.0]), limit=40.0),)),
    )
    bars = Bars(title="Gas & more", axis="gas", groups=groups, names=("Dengji", "others"))
    svg = bars.svg()
    (first, third), (second,) = sizes(svg, "f0"), sizes(svg, "f1")
    assert second == pytest.approx(2 * first, abs=0.2)
    assert first == pytest.approx(2 * third, abs=0.2)
    told = words(svg)
    assert {"Gas & more", "register <b>", "50", "100 (2×)", "25", "gas", "target"} < set(told)
    assert {"Dengji", "others"} < set(told)
    expected = "Bars of gas. register <b>: Dengji 50, others 100; grant: Dengji 25."
    assert etree.fromstring(svg.encode()).attrib["aria-label"] == bars.said() == expected
    assert svg == bars.svg()


def test_lines_go_through_their_points() -> None:
    """A line has a marker of its own at each point, and flat figures are flat."""
    flat = Line(name="grant", points=tuple((at, spot([70.0])) for at in (1.0, 10.0, 100.0)))
    risen = Line(
        name="record", points=((1.0, Spot(value=50, low=40, high=60)), (100.0, spot([100.0])))
    )
    lines = Lines(title="Growth", along="products", axis="gas", lines=(flat, risen))
    svg = lines.svg()
    found = re.findall(r'<polyline points="([^"]+)" class="l(\d)"', svg)
    heights = [[float(one.split(",")[1]) for one in points.split()] for points, _ in found]
    assert [kind for _, kind in found] == ["0", "1"]
    assert len(set(heights[0])) == 1
    assert len(heights[0]) == 3
    assert heights[1][0] > heights[0][0] > heights[1][1]
    assert svg.count("<circle") == 3 + 1
    assert svg.count("<polygon") == 2 + 1
    assert {"products, logarithmic", "gas", "1", "10", "100"} < set(words(svg))
    assert lines.said().endswith("grant: 70 at 1, 70 at 100; record: 50 at 1, 100 at 100.")


def test_nothing_leaves_the_picture() -> None:
    """Long names, great numbers and many of them still stand within the width."""
    groups = tuple(
        (f"a rather long name of {index}", (Bar(spot=spot([10.0**index]), hue=index % 5),))
        for index in range(12)
    )
    names = tuple(f"the {index}th way to do it, as it is" for index in range(5))
    svg = Bars(title="x", axis="y", groups=groups, names=names, log=True).svg()
    for one in etree.fromstring(svg.encode()).iter():
        for key in ("x", "x1", "x2"):
            assert 0 <= float(one.get(key, "1")) <= WIDTH


def test_a_picture_loads_nothing() -> None:
    """No picture refers to anything outside of it, and each has colours for a dark ground."""
    svg = Bars(title="x", axis="y", groups=(("z", (Bar(spot=spot([1.0])),)),)).svg()
    assert re.findall(r"(?:https?:)?//[^\s\"<]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "href" not in svg
    assert "prefers-color-scheme:dark" in svg


def test_more_lines_than_colours_are_refused() -> None:
    """A sixth line would look like the first."""
    lines = tuple(Line(name=str(index), points=((1.0, spot([1.0])),)) for index in range(6))
    with pytest.raises(ValueError, match="no colours"):
        Lines(title="x", along="y", axis="z", lines=lines).svg()


def test_a_curve_shows_each_count_with_its_spread() -> None:
    """The table has a row for each count, and no number where nothing was measured."""
    curve = Curve(
        name="x",
        title="X",
        along="leaves",
        axis="ms",
        at=(1, 1000),
        lines={"build": ((1.0, 3.0, 2.0), (5.0,)), "prove": ((), (4.0,))},
    )
    assert curve.table().splitlines() == [
        "| leaves | build | prove |",
        "|---:|---:|---:|",
        "| 1 | 2 (1–3) |  |",
        "| 1,000 | 5 | 4 |",
    ]
    assert [len(line.points) for line in curve.picture().lines] == [2, 1]
