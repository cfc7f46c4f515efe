"""Draw the state diagram of the registration workflow from its table.

Places and courses are laid out here by hand; what is drawn, and what is written at each arrow, is
the table's. An arrow of the table that has no course here is an error.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from scripts.flow_source import Flow, FlowMalformedError, Row

WIDTH: Final = 1240
HEIGHT: Final = 690
BOX: Final = (148, 50)
LINE: Final = 16

PLACES: Final = {
    "NONE": (100, 110),
    "DRAFT": (100, 250),
    "SUBMITTED": (350, 250),
    "ACCEPTED": (610, 250),
    "PUBLICISED": (890, 250),
    "REGISTERED": (1140, 250),
    "RETURNED": (350, 430),
    "SUPPLEMENTING": (610, 430),
    "OBJECTED": (890, 430),
    "NOT_ACCEPTED": (350, 80),
    "WITHDRAWN": (100, 580),
    "LAPSED": (480, 580),
    "REFUSED": (750, 580),
    "TERMINATED": (970, 580),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Hold how an arrow runs, as an SVG path, and where its words begin, short lines on demand."""

    path: str
    at: tuple[int, int]
    anchor: str = "middle"
    split: bool = False


COURSES: Final = {
    ("NONE", "DRAFT"): Course(path="M100 135V225", at=(92, 185), anchor="end"),
    ("NONE", "SUBMITTED"): Course(path="M174 110C240 120 280 170 318 225", at=(222, 84)),
    ("DRAFT", "SUBMITTED"): Course(path="M174 250H276", at=(225, 241)),
    ("SUBMITTED", "ACCEPTED"): Course(path="M424 250H536", at=(480, 209), split=True),
    ("SUBMITTED", "NOT_ACCEPTED"): Course(path="M350 225V105", at=(358, 165), anchor="start"),
    ("SUBMITTED", "RETURNED"): Course(path="M332 275V405", at=(324, 345), anchor="end"),
    ("RETURNED", "SUBMITTED"): Course(path="M368 405V275", at=(376, 345), anchor="start"),
    ("ACCEPTED", "SUPPLEMENTING"): Course(path="M592 275V405", at=(584, 345), anchor="end"),
    ("SUPPLEMENTING", "ACCEPTED"): Course(path="M628 405V275", at=(636, 345), anchor="start"),
    ("ACCEPTED", "PUBLICISED"): Course(path="M684 250H816", at=(750, 241)),
    ("ACCEPTED", "REGISTERED"): Course(path="M672 225C700 70 1080 70 1130 225", at=(895, 84)),
    ("PUBLICISED", "REGISTERED"): Course(path="M964 250H1066", at=(1015, 241)),
    ("PUBLICISED", "OBJECTED"): Course(path="M908 275V405", at=(916, 345), anchor="start"),
    ("OBJECTED", "PUBLICISED"): Course(path="M872 405V275", at=(864, 336), anchor="end"),
    ("OBJECTED", "TERMINATED"): Course(path="M900 455L955 555", at=(940, 500), anchor="start"),
    ("ACCEPTED", "REFUSED"): Course(
        path="M684 262C722 300 728 450 742 555", at=(722, 500), anchor="end"
    ),
    ("PUBLICISED", "REFUSED"): Course(
        path="M816 262C778 300 772 450 758 555", at=(778, 500), anchor="start"
    ),
    ("RETURNED", "LAPSED"): Course(path="M370 455L450 555", at=(398, 510), anchor="end"),
    ("SUPPLEMENTING", "LAPSED"): Course(path="M590 455L510 555", at=(562, 510), anchor="start"),
    ("DRAFT", "WITHDRAWN"): Course(path="M100 275V555", at=(92, 420), anchor="end"),
}

COLOURS: Final = {
    "APPLICANT": "#1f5f99",
    "HOLDER": "#1f5f99",
    "COUNTERPARTY": "#7a4fa3",
    "REGISTRAR": "#8a4b08",
    "ANYONE": "#2f6f44",
    "CLOCK": "#6b7785",
}

WORDS: Final = {
    "en": {
        "title": "Dengji: what becomes of a case of registration",
        "from-all": "from every stage before the end:",
        "only": "{profile} alone",
        "later": "later kinds",
        "waived": "publicity waived (PROPERTY)",
        "days": "{days} working days",
        "chosen": "{least}–{most} working days",
    },
    "zh": {
        "title": "登记：登记案件的流转",
        "from-all": "结束前的任一阶段：",
        "only": "仅{profile}",
        "later": "其他登记类型",
        "waived": "免予公示（PROPERTY）",
        "days": "{days} 个工作日",
        "chosen": "{least}–{most} 个工作日",
    },
}

STYLE: Final = """
    text { font-size: 12.5px; fill: #3c4a59 }
    .h { font-size: 18px; font-weight: 700; fill: #1d2733 }
    .n { font-size: 14.5px; font-weight: 700; fill: #1d2733; text-anchor: middle }
    .s { font-size: 11.5px; fill: #5a6877; text-anchor: middle }
    .halo { paint-order: stroke; stroke: #fcfbf8; stroke-width: 4px; stroke-linejoin: round }
    .open { fill: #e9f0f8; stroke: #46709f }
    .wait { fill: #fbf2df; stroke: #ad812c }
    .done { fill: #e8f3eb; stroke: #3d7d57; stroke-width: 2.4 }
    .over { fill: #f4ebea; stroke: #a05a52 }
    .none { fill: #ffffff; stroke: #b9c2cc; stroke-dasharray: 5 4 }
    rect { stroke-width: 1.5 }
    .a { stroke-width: 1.6; fill: none }
""".strip("\n")
KINDS_OF_BOX: Final = {
    "NONE": "none",
    "REGISTERED": "done",
    **dict.fromkeys(("RETURNED", "SUPPLEMENTING", "OBJECTED"), "wait"),
    **dict.fromkeys(("NOT_ACCEPTED", "REFUSED", "TERMINATED", "WITHDRAWN", "LAPSED"), "over"),
}


def drawing(flow: Flow, lang: str) -> str:
    """Return the diagram as SVG in one language; it loads nothing from elsewhere."""
    words = WORDS[lang]
    parts = [_opening(words["title"]), *_markers()]
    parts.append(f'  <text x="40" y="38" class="h">{escape(words["title"])}</text>')
    arrows = _arrows(flow)
    for (start, end), rows in arrows.items():
        parts += _arrow(flow, COURSES[start, end], rows, lang)
    for stage in flow.raw["stages"]:
        parts += _box(flow, stage, lang)
    parts += _withdrawal(flow, lang)
    parts += _staying(flow, lang)
    parts += _legend(flow, lang)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _opening(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-labelledby="title" font-family="Helvetica Neue, '
        "Helvetica, Arial, 'Noto Sans', 'Noto Sans CJK SC', 'WenQuanYi Zen Hei', sans-serif\">\n"
        f'  <title id="title">{escape(title)}</title>\n  <style>\n{STYLE}\n  </style>'
    )


def _markers() -> list[str]:
    colours = dict.fromkeys(COLOURS.values())
    tips = [
        f'    <marker id="t{colour[1:]}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
        for colour in colours
    ]
    back = f'  <rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="#fcfbf8" stroke="#dcd8cf"/>'
    return ["  <defs>", *tips, "  </defs>", back]


def _arrows(flow: Flow) -> dict[tuple[str, str], list[Row]]:
    """Return the rows that lead from one stage to another; withdrawal is told apart."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in flow.rows:
        for stage in row.stages:
            if row.next in (None, stage) or (row.act == "WITHDRAW" and stage != "DRAFT"):
                continue
            found[stage, str(row.next)].append(row)
    if missing := found.keys() - COURSES.keys():
        raise FlowMalformedError(f"no course is laid out for {sorted(missing)}")
    return found


def _arrow(flow: Flow, course: Course, rows: list[Row], lang: str) -> list[str]:
    colour = COLOURS[rows[0].actors[0]]
    clock = rows[0].actors == ("CLOCK",)
    dash = ' stroke-dasharray="5 4"' if clock else ""
    drawn = [
        (
            f'  <path class="a" d="{course.path}" stroke="{colour}"{dash} '
            f'marker-end="url(#t{colour[1:]})"/>'
        )
    ]
    lines = _labels(flow, rows, lang)
    if course.split:
        lines = [(part, shade) for text, shade in lines for part in text.split(" · ")]
    for place, (text, shade) in enumerate(lines):
        x, y = course.at
        drawn.append(
            f'  <text class="halo" x="{x}" y="{y + LINE * place}" text-anchor="{course.anchor}" '
            f'style="fill:{shade}">{escape(text)}</text>'
        )
    return drawn


def _labels(flow: Flow, rows: list[Row], lang: str) -> list[tuple[str, str]]:
    """Return a line for each act, with the profile or the kinds where it is not for all."""
    words = WORDS[lang]
    found: dict[tuple[str, str, bool], set[str]] = {}
    for row in rows:
        later = "INITIAL" not in row.kinds and row.act != "CONCUR"
        found.setdefault((row.act, row.actors[0], later), set()).update(row.profiles)
    waived = {row.act for row in rows if "PUBLICITY_SETTLED" in row.conditions}
    lines = []
    for (act, actor, later), profiles in found.items():
        text = _name(flow, "acts", act, lang)
        if later:
            text += " · " + words["later"]
        elif act in waived:
            text += " · " + words["waived"]
        elif len(profiles) == 1:
            text += " · " + words["only"].format(profile=min(profiles))
        lines.append((text, COLOURS[actor]))
    return lines


def _name(flow: Flow, group: str, code: str, lang: str) -> str:
    return str(next(entry[lang] for entry in flow.raw[group] if entry["code"] == code))


def _box(flow: Flow, stage: dict[str, Any], lang: str) -> list[str]:
    x, y = PLACES[stage["code"]]
    width, height = BOX
    kind = KINDS_OF_BOX.get(stage["code"], "open")
    limit = _limit(flow, stage["code"], lang)
    drawn = [
        (
            f'  <rect x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" '
            f'rx="9" class="{kind}"/>'
        ),
        f'  <text x="{x}" y="{y + (-1 if limit else 5)}" class="n">{escape(stage[lang])}</text>',
    ]
    if limit:
        drawn.append(f'  <text x="{x}" y="{y + 16}" class="s">{escape(limit)}</text>')
    return drawn


CLOCK_OF_STAGE: Final = {
    "SUBMITTED": "ACCEPTANCE",
    "RETURNED": "CORRECTION",
    "ACCEPTED": "REVIEW",
    "SUPPLEMENTING": "SUPPLEMENT",
    "PUBLICISED": "PUBLICITY",
    "OBJECTED": "OBJECTION",
}


def _limit(flow: Flow, stage: str, lang: str) -> str:
    """Return the time limit of a stage: its days, for each profile where they differ."""
    code = CLOCK_OF_STAGE.get(stage)
    if code is None:
        return ""
    clock = next(entry for entry in flow.raw["clocks"] if entry["code"] == code)
    if "most" in clock:
        return WORDS[lang]["chosen"].format(**clock)
    days = list(dict.fromkeys(clock["days"].values()))
    return WORDS[lang]["days"].format(days=" / ".join(map(str, days)))


def _withdrawal(flow: Flow, lang: str) -> list[str]:
    x, y = PLACES["WITHDRAWN"]
    lines = [WORDS[lang]["from-all"], _name(flow, "acts", "WITHDRAW", lang)]
    return [
        f'  <text x="{x}" y="{y + 44 + LINE * place}" text-anchor="middle" '
        f'style="fill:{COLOURS["APPLICANT"]}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]


def _staying(flow: Flow, lang: str) -> list[str]:
    """Return what may be done in place, to a case under review and to what is registered."""
    drawn = []
    for stage, x, y, anchor in (
        ("REGISTERED", 1140, 300, "middle"),
        ("ACCEPTED", 462, 136, "start"),
    ):
        rows = [row for row in flow.rows if row.next is None and stage in row.stages]
        for place, (text, colour) in enumerate(_labels(flow, rows, lang)):
            drawn.append(
                f'  <text x="{x}" y="{y + LINE * place}" text-anchor="{anchor}" '
                f'style="fill:{colour}">↺ {escape(text)}</text>'
            )
    return drawn


def _legend(flow: Flow, lang: str) -> list[str]:
    shown, x, y = [], 300, 655
    for actor in ("APPLICANT", "REGISTRAR", "ANYONE", "COUNTERPARTY", "CLOCK"):
        name = _name(flow, "actors", actor, lang)
        dash = ' stroke-dasharray="5 4"' if actor == "CLOCK" else ""
        shown.append(
            f'  <path class="a" d="M{x} {y}h30" stroke="{COLOURS[actor]}"{dash} '
            f'marker-end="url(#t{COLOURS[actor][1:]})"/>'
            f'<text x="{x + 38}" y="{y + 4}" style="fill:{COLOURS[actor]}">{escape(name)}</text>'
        )
        x += 180
    return shown
