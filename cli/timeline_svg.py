"""Draw a case's timeline as a picture, in SVG that loads nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from cli.timeline import ahead, submission_line, way, what, when, who
from registry import messages
from registry.domain.flow_table import Actor
from registry.domain.flow_words import called
from registry.domain.times import show_local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.flow import Option
    from registry.domain.timeline import Entry, Timeline

WIDTH: Final = 980
_MARGIN: Final = 44
_ROW: Final = 34
_TOP: Final = 190
_RAIL: Final = 214
_STYLE: Final = """
    text { font-size: 13px; fill: #3c4a59 }
    .h { font-size: 17px; font-weight: 700; fill: #1d2733 }
    .b { font-weight: 700; fill: #1d2733 }
    .s { font-size: 11.5px; fill: #5a6877 }
    .late { fill: #a6322a; font-weight: 700 }
    .done { fill: #3d7d57; stroke: #3d7d57 }
    .here { fill: #46709f; stroke: #46709f }
    .ahead { fill: #ffffff; stroke: #b9c2cc }
    .line { stroke: #b9c2cc; stroke-width: 2; fill: none }
    .c { text-anchor: middle }
    .e { text-anchor: end }
""".strip("\n")


def drawing(timeline: Timeline, lang: str) -> str:
    """Return the picture in one language."""
    past = list(_past(timeline, lang))
    future_top = _TOP + 30 + _ROW * (len(timeline.entries) + 1)
    future = list(_future(timeline, lang, future_top))
    height = future_top + _ROW * (len(ahead(timeline)) + 1) + 24
    title = messages.text("cli.timeline.title", lang, product=_short(str(timeline.product)))
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
                f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="title" '
                "font-family=\"Helvetica Neue, Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', "
                "'WenQuanYi Zen Hei', sans-serif\">"
            ),
            f'  <title id="title">{escape(title)}</title>',
            f"  <style>\n{_STYLE}\n  </style>",
            f'  <rect width="{WIDTH}" height="{height}" rx="14" fill="#fcfbf8" stroke="#dcd8cf"/>',
            *_head(timeline, title, lang),
            *_way(timeline, lang),
            *past,
            *future,
            "</svg>",
        ]
    )


def _text(x: int, y: int, words: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'  <text x="{x}" y="{y}"{named}>{escape(words)}</text>'


def _head(timeline: Timeline, title: str, lang: str) -> Iterator[str]:
    case, now = timeline.case, timeline.standing
    profile = messages.text(f"cli.timeline.profile-{case.profile.name.lower()}", lang)
    code = f" · {timeline.code}" if timeline.code else ""
    yield _text(_MARGIN, 42, title + code, "h")
    said = messages.text(
        "cli.timeline.case",
        lang,
        profile=profile,
        kind=called(case.kind, lang),
        number=case.index + 1,
    )
    stands = messages.text(
        "cli.timeline.stands", lang, stage=called(now.stage, lang), since=show_local(now.since)
    )
    yield _text(_MARGIN, 64, f"{said} · {stands}")
    if (line := submission_line(timeline, lang)) is not None:
        yield _text(_MARGIN, 84, line, "late")


def _way(timeline: Timeline, lang: str) -> Iterator[str]:
    told = way(timeline)
    step = (WIDTH - 2 * _MARGIN) // max(len(told), 1)
    first = _MARGIN + step // 2
    last = first + step * (len(told) - 1)
    yield f'  <path class="line" d="M{first} 108H{last}"/>'
    for number, (stage, how) in enumerate(told):
        x = first + step * number
        yield f'  <circle cx="{x}" cy="108" r="9" class="{how}" stroke-width="2"/>'
        yield _text(x, 140, called(stage, lang), "c b" if how == "here" else "c")


def _past(timeline: Timeline, lang: str) -> Iterator[str]:
    yield f'  <path class="line" d="M{_RAIL} {_TOP}V{_TOP + _ROW * len(timeline.entries)}"/>'
    for number, entry in enumerate(timeline.entries):
        yield from _entry(entry, _TOP + _ROW * number, timeline, lang)
    y = _TOP + _ROW * len(timeline.entries)
    yield f'  <circle cx="{_RAIL}" cy="{y}" r="6" class="ahead" stroke-width="2"/>'
    yield _text(_RAIL - 18, y + 4, show_local(timeline.moment.time), "e")
    yield _text(_RAIL + 18, y + 4, messages.text("cli.timeline.now", lang), "b")


def _entry(entry: Entry, y: int, timeline: Timeline, lang: str) -> Iterator[str]:
    yield f'  <circle cx="{_RAIL}" cy="{y}" r="6" class="{"here" if entry.by else "ahead"}"/>'
    yield _text(_RAIL - 18, y + 4, show_local(entry.time), "e")
    late = f" {messages.text('cli.timeline.late', lang)}" if entry.overdue else ""
    yield _text(_RAIL + 18, y + 4, called(entry.act, lang) + late, "late" if late else "b")
    yield _text(_RAIL + 230, y + 4, f"→ {called(entry.stage, lang)}")
    yield _text(_RAIL + 430, y + 4, _short(who(entry.by, timeline, lang)), "s")


def _future(timeline: Timeline, lang: str, top: int) -> Iterator[str]:
    time = timeline.moment.time
    ordered = ahead(timeline)
    if not ordered:
        yield _text(_MARGIN, top, messages.text("cli.timeline.nothing", lang))
        return
    yield _text(_MARGIN, top, messages.text("cli.timeline.next", lang), "b")
    for number, option in enumerate(ordered, 1):
        yield from _option(option, time, top + _ROW * number, lang)


def _option(option: Option, time: int, y: int, lang: str) -> Iterator[str]:
    mark = "◷" if option.by_clock else "▶" if option.allowed(time) else "·"
    late = option.allowed(time) and option.overdue(time)
    yield _text(_MARGIN, y, mark)
    yield _text(_MARGIN + 22, y, what(option, lang), "b")
    yield _text(_MARGIN + 190, y, called(Actor(option.actors), lang), "s")
    yield _text(_MARGIN + 360, y, when(option, time, lang), "late" if late else "")


def _short(words: str) -> str:
    """Return words with the long ids among them cut in the middle."""
    return " ".join(
        f"{one[:14]}…{one[-4:]}" if len(one) > 24 and "1" in one else one  # noqa: PLR2004
        for one in words.split(" ")
    )
