"""Test the drawings of lineages: what they show, what they escape, and how they are laid out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from registry import messages
from registry.domain import lineage_drawing, lineage_svg
from registry.domain.lineage import Pin
from registry.domain.lineage_graph import Direction, Graph, graph
from registry.domain.lineage_layout import Bend, layout
from tests.lineage_world import derived, facts, lineage, product_id, record

if TYPE_CHECKING:
    from registry.domain.lineage import Derivation

HOSTILE = '\x1b[31m"]; <script>alert(1)</script> \\" & \u202e#quot;`|\n--> x'
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawn: str) -> ET.Element:
    """Return a picture of ours as XML."""
    return ET.fromstring(drawn)  # noqa: S314 (our own)


def hostile() -> Graph:
    """Return a lineage whose source has a name made to break out of whatever it stands in."""
    names = {Pin(product_id(1), 1): HOSTILE, Pin(product_id(7), 1): HOSTILE}
    return graph([Pin(product_id(7), 1)], Direction.UP, facts(names=names))


def chain_of(length: int) -> Graph:
    """Return a lineage of one version under the other."""
    derivations: dict[Pin, Derivation | None] = {Pin(product_id(1), 1): None}
    for number in range(2, length + 1):
        one = derived(number, (number - 1, None))
        derivations[one.pin] = one
    products = {product_id(number): record(number) for number in range(1, length + 1)}
    told = facts(derivations=derivations, products=products, names={})
    return graph([Pin(product_id(length), 1)], Direction.UP, told)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_tree_shows_each_use_and_follows_each_version_once(lang: str) -> None:
    """Every use is a line; what stands there twice is followed the first time alone."""
    found = lineage()
    lines = lineage_drawing.tree(found, lang)
    assert len(lines) == 1 + len(found.edges)
    assert lines[0].startswith(str(found.roots[0]))
    assert sum(messages.text("lineage.inherited", lang) in line for line in lines) == 4
    assert sum(messages.text("lineage.condition.disputed", lang) in line for line in lines) == 2
    diamond = facts(
        derivations={
            one.pin: one
            for one in (
                derived(3, (2, None)),
                derived(4, (3, None)),
                derived(5, (3, None), (4, 23)),
            )
        }
        | {Pin(product_id(2), 1): None}
    )
    twice = lineage_drawing.tree(graph([Pin(product_id(5), 1)], Direction.UP, diamond), lang)
    assert sum(messages.text("lineage.above", lang) in line for line in twice) == 1


def test_tree_is_deeper_than_the_stack() -> None:
    """A lineage of thousands of steps is drawn."""
    lines = lineage_drawing.tree(chain_of(3_000), "en")
    assert len(lines) == 3_000
    assert lines[-1].startswith("   " * 2_998 + "└─ ")


def test_tree_goes_down_too() -> None:
    """Downwards a tree begins at the source."""
    down = graph([Pin(product_id(1), 1)], Direction.DOWN, facts())
    lines = lineage_drawing.tree(down, "en")
    assert lines[0].startswith(str(product_id(1)))
    assert str(product_id(4)) in lines[1]


@pytest.mark.parametrize(
    "draw", [lineage_drawing.tree, lineage_drawing.dot, lineage_drawing.mermaid]
)
def test_no_name_steers_the_terminal(draw: object) -> None:
    """Nothing that a name holds moves, colours or reorders what stands beside it."""
    shown = draw(hostile(), "en")  # type: ignore[operator]
    text = shown if isinstance(shown, str) else "\n".join(shown)
    assert "script" in text
    assert all(one.isprintable() for one in text.split("\n"))
    assert "\u202e" not in text


def test_no_name_ends_its_quotes_in_dot() -> None:
    """Each quote and backslash of a name is escaped: as many lines and statements as without."""
    text = lineage_drawing.dot(hostile(), "en")
    assert len(text.splitlines()) == len(lineage_drawing.dot(lineage(), "en").splitlines())
    for line in text.splitlines():
        assert len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 0
    assert '\\"]; <script>' in text


def test_no_name_ends_its_quotes_in_mermaid() -> None:
    """Whatever Mermaid could take for its own stands as a number."""
    text = lineage_drawing.mermaid(hostile(), "en")
    labels = re.findall(r'n\d+\["(.*)"\]:::', text)
    assert len(labels) == 7
    assert not any(set(re.sub(r"#\d+;|<br/>", "", label)) & set('"<>#;`|&\\[]') for label in labels)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_picture_has_every_version_and_use(lang: str) -> None:
    """The picture is XML of its own with one box and title a version, one line a use, a legend."""
    found = lineage()
    picture = parsed(lineage_svg.drawing(found, lang))
    groups = picture.findall(f"{SVG}g")
    titles = [group.findtext(f"{SVG}title") or "" for group in groups]
    assert {title.rsplit(" ", 1)[-1] for title in titles} == {str(node.pin) for node in found.nodes}
    lines = [one for one in picture.iter(f"{SVG}path") if one.get("class") == "e"]
    assert len(lines) == len(found.edges) + 3
    dashed = [one for one in lines if one.get("stroke-dasharray")]
    assert len(dashed) == 2 + 1
    words = "".join(picture.itertext())
    for key in ("sound", "news", "inherited", "grave", "root", "own", "granted", "lapsed"):
        assert messages.text(f"lineage.legend.{key}", lang) in words
    assert messages.text("lineage.condition.grant-revoked", lang) in words
    assert "冬小麦单产预测模型" in words


def test_picture_escapes_names_and_loads_nothing() -> None:
    """A name stays text, and nothing in the picture is fetched or run."""
    drawn = lineage_svg.drawing(hostile(), "zh")
    picture = parsed(drawn)
    assert {one.tag.removeprefix(SVG) for one in picture.iter()} <= {
        *("svg", "title", "style", "defs", "marker", "path", "rect", "text", "g"),
    }
    assert "<script" not in drawn
    assert "\x1b" not in drawn
    references = re.findall(r'(?:href|src|url)\s*[=(]\s*["\']?([^"\')]*)', drawn)
    assert all(one.startswith("#") for one in references)


def test_boxes_do_not_overlap_and_names_fit() -> None:
    """Boxes of a column stand apart, and long names end in their box, in two lines at most."""
    picture = parsed(lineage_svg.drawing(lineage(), "zh"))
    boxes = []
    for group in picture.findall(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        assert box is not None
        left, top = float(box.get("x", "")), float(box.get("y", ""))
        width, height = float(box.get("width", "")), float(box.get("height", ""))
        boxes.append((left, top, left + width, top + height))
        titles = [one for one in group.findall(f"{SVG}text") if one.get("class") == "b"]
        assert 1 <= len(titles) <= 2
        for text in group.findall(f"{SVG}text"):
            assert top < float(text.get("y", "")) < top + height
            assert left < float(text.get("x", ""))
    for place, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_a_large_lineage_is_drawn_in_part() -> None:
    """Of more than fit the nearest are drawn, and the picture says how many are not."""
    picture = parsed(lineage_svg.drawing(chain_of(lineage_svg.MOST_DRAWN + 7), "en"))
    assert len(picture.findall(f"{SVG}g")) == lineage_svg.MOST_DRAWN
    said = messages.text("lineage.left-out", "en", count=7)
    assert said in "".join(picture.itertext())


def test_layout_gives_edges_a_place_in_each_column_they_pass() -> None:
    """An edge over several columns bends in each, and no two places of a column are too near."""
    found = lineage()
    ranks = found.ranks()
    placed = layout(ranks, found.edges)
    for edge, way in zip(found.edges, placed.ways, strict=True):
        assert way[0] == edge.source
        assert way[-1] == edge.product
        columns = [one.column for one in way if isinstance(one, Bend)]
        assert columns == list(range(ranks[edge.source] + 1, ranks[edge.product]))
    for column in placed.columns:
        heights = [placed.heights[one] for one in column]
        assert heights == sorted(heights)
        for one, two, low, high in zip(column, column[1:], heights, heights[1:], strict=False):
            bends = isinstance(one, Bend) + isinstance(two, Bend)
            assert high - low >= (1 - 0.35 * bends) - 1e-9
    assert min(placed.heights.values()) == 0


def test_nothing_is_laid_out_as_nothing() -> None:
    """A lineage of one version is one column."""
    placed = layout({Pin(product_id(1), 1): 0}, [])
    assert placed.columns == ((Pin(product_id(1), 1),),)
    assert placed.rows == 1
