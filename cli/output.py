"""Print answers and errors: prose for people, or one JSON object on stdout."""

from __future__ import annotations

import json
import sys
from dataclasses import field
from typing import TYPE_CHECKING, Final, TextIO, TypeAlias

from cli.plain import escaped_json, padded, plain, width
from cli.streams import mention, say, speaks_unicode
from registry import messages
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INLINE: Final = 6

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

# Under what a field's word stands in the catalogue.
_WORDS: Final = "cli.field"
_FORM_WORDS: Final = "metadata"
_NO_FORM: Final[Mapping[str, str]] = {}
_RARE: Final = ("resumed", "submission_late")
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What begins a formula; spreadsheets in Chinese take the wide ones too."""

_NOTHING: Final[tuple[Json, ...]] = (None, [], {}, "", 0, "NONE")
_FROM_ZERO: Final = ("index",)
"""Where 0 is the first, and what commands take it by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Hold what a command answers: a record with a sentence about it.

    `headline` is a catalogue key; its fields are those of `value` and `said`. `hidden` names fields
    of `value` that prose leaves out, `form` those that hold fields of the application form, which
    have their words there.
    """

    value: Mapping[str, Json]
    headline: str | None = None
    said: Mapping[str, Json] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    form: frozenset[str] = frozenset()
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Hold one page of a list.

    `columns` are the fields that prose and CSV show, in order; `after` is what `--after` takes to
    go on, None at the end; `value` is what JSON says of the list as a whole.
    """

    items: Sequence[Mapping[str, Json]]
    columns: tuple[str, ...]
    after: str | None = None
    csv: bool = False
    value: Mapping[str, Json] = field(default_factory=dict)
    exit_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Hold text that is printed as it is, and its form in JSON."""

    text: str
    value: Mapping[str, Json]
    exit_code: int = 0


class Printer:
    """Print in one language and one form."""

    def __init__(self, *, lang: str, as_json: bool) -> None:
        """Print to the streams that stand now."""
        self.lang = lang
        self.as_json = as_json
        self.stdout: TextIO = sys.stdout
        self.stderr: TextIO = sys.stderr

    def answer(self, answer: Answer | Page | Raw, ledger: Mapping[str, Json] | None = None) -> None:
        """Print what a command answers on stdout, and which ledger it rests on."""
        place = {} if ledger is None else {"ledger": ledger}
        if self.as_json:
            self._json({"ok": True, "result": {**_json_form(answer), **place}})
        elif isinstance(answer, Raw):
            self._line(answer.text)
        elif isinstance(answer, Page):
            self._page(answer)
        else:
            self._record(answer, place)

    def error(
        self,
        code: str,
        fields: Mapping[str, Json],
        sentence: str,
        hint: str,
        faults: Sequence[str] = (),
    ) -> None:
        """Print an error: in JSON on stdout, else one line and its hint on stderr.

        Several `faults` of a document are printed one below the other, in place of the sentence;
        the first of them is their heading.
        """
        if self.as_json:
            said = {"message": sentence, "hint": hint}
            self._json({"ok": False, "error": {"code": code, "fields": fields, **said}})
            return
        if faults:
            sentence, *faults = faults
        mention(messages.text("cli.error", self.lang, message=plain(sentence)), self.stderr)
        for fault in faults:
            mention(f"  - {plain(fault)}", self.stderr)
        if hint:
            mention(messages.text("cli.hint", self.lang, hint=plain(hint)), self.stderr)

    def note(self, key: str, **fields: object) -> None:
        """Print a line of prose about what is being done on stderr."""
        shown = {name: plain(str(value)) for name, value in fields.items()}
        mention(messages.text(key, self.lang, **shown), self.stderr)

    def _json(self, value: Mapping[str, Json]) -> None:
        ascii_only = not speaks_unicode(self.stdout)
        self._line(escaped_json(json.dumps(value, ensure_ascii=ascii_only)))

    def _line(self, text: str) -> None:
        say(text, self.stdout)

    def _lines(self, lines: Sequence[str]) -> None:
        """Print lines in one piece: whoever reads the first and goes has been given all of them."""
        if lines:
            self._line("\n".join(lines))

    def _record(self, answer: Answer, place: Mapping[str, Json]) -> None:
        lines = []
        if answer.headline is not None:
            fields = {**answer.value, **answer.said}
            shown = {name: plain(_cell(value)) for name, value in fields.items()}
            lines.append(messages.text(answer.headline, self.lang, **shown))
        shown_fields = {k: v for k, v in answer.value.items() if k not in answer.hidden}
        form = dict.fromkeys(answer.form, _FORM_WORDS)
        indent = 2 if answer.headline else 0
        lines += self._fields({**shown_fields, **place}, indent, form=form)
        self._lines(lines)

    def _fields(
        self,
        value: Mapping[str, Json],
        indent: int,
        words: str = _WORDS,
        form: Mapping[str, str] = _NO_FORM,
    ) -> list[str]:
        told = [item for item in value.items() if _is_told(*item)]
        first = max((width(self._label(name, words)) for name, _ in told), default=0) + 2
        lines = []
        for name, one in told:
            label = self._label(name, words)
            inner = form.get(name, words if words == _WORDS else f"{words}.{name}")
            head = " " * indent + padded(label, first)
            if isinstance(one, dict):
                lines += [head.rstrip(), *self._fields(one, indent + 2, inner)]
            elif isinstance(one, (list, tuple)) and isinstance(one[0], dict):
                lines += [head.rstrip(), *self._items(one, indent + 2, inner)]
            elif isinstance(one, (list, tuple)) and len(one) > _INLINE:
                lines.append(head.rstrip())
                lines += [" " * (indent + 2) + plain(_cell(item)) for item in one]
            else:
                lines.append(head + plain(_cell(one)))
        return lines

    def _items(self, items: Sequence[Json], indent: int, words: str) -> list[str]:
        """Return records of a list one below the other, the first line of each marked."""
        lines = []
        for item in items:
            block = self._fields(item, indent + 2, words) if isinstance(item, dict) else []
            lines += [" " * indent + "- " + block[0].lstrip(), *block[1:]]
        return lines

    def _label(self, name: str, words: str = _WORDS) -> str:
        return messages.text(f"{words}.{name}", self.lang)

    def _page(self, page: Page) -> None:
        if page.csv:
            self._csv(page)
        elif not page.items:
            self.note("cli.list.empty")
        else:
            self._table(page)
        if page.after is not None:
            self.note("cli.list.more", after=page.after)

    def _table(self, page: Page) -> None:
        rows = [[self._label(name) for name in page.columns]]
        rows += [[plain(_cell(item.get(name))) for name in page.columns] for item in page.items]
        widths = [max(width(row[i]) for row in rows) for i in range(len(page.columns))]
        lines = []
        for row in rows:
            cells = [padded(cell, columns) for cell, columns in zip(row, widths, strict=True)]
            lines.append("  ".join(cells).rstrip())
        self._lines(lines)

    def _csv(self, page: Page) -> None:
        # Imported here for start-up time: only lists that ask for it need it.
        import csv  # noqa: PLC0415
        from io import StringIO  # noqa: PLC0415

        rows = StringIO()
        writer = csv.writer(rows, lineterminator="\n")
        writer.writerow(page.columns)
        writer.writerows(
            [_csv_cell(item.get(name)) for name in page.columns] for item in page.items
        )
        self._line(rows.getvalue().removesuffix("\n"))


def _is_told(name: str, value: Json) -> bool:
    """Tell whether prose shows a field: "no" is an answer, except where only "yes" is news."""
    if value is False:
        return name not in _RARE
    return value not in _NOTHING or (value == 0 and name in _FROM_ZERO)


def _json_form(answer: Answer | Page | Raw) -> Mapping[str, Json]:
    if isinstance(answer, Page):
        return {"items": list(answer.items), "after": answer.after, **answer.value}
    return answer.value


def _cell(value: Json) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return str(value).lower()
        case dict():
            return ", ".join(
                f"{name} {_cell(one)}" for name, one in value.items() if one is not None
            )
        case list() | tuple():
            return ", ".join(map(_cell, value))
    return str(value)


def _csv_cell(value: Json) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    cell = "" if value is None else plain(_cell(value))
    return "'" + cell if cell.lstrip()[:1] in _FORMULA else cell
