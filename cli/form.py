"""Ask for an application field by field, at a terminal.

`<` goes back, `?` tells what may be answered, `-` clears, nothing keeps what stands. After every
answer a draft is kept at home, so that whoever breaks off goes on where they were.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import click

from cli.form_questions import MORE, Question, mapping_of, questions
from cli.plain import padded, plain, width
from cli.streams import mention
from registry import messages
from registry.applications import Draft
from registry.domain.application import problems
from registry.domain.code_lists import called
from registry.domain.product import Profile
from registry.errors import TerminalNeeded

if TYPE_CHECKING:
    from cli.form_questions import Where
    from cli.session import Session
    from registry.applications import Applications
    from registry.domain.code_lists import Entry

BACK: Final = "<"
HELP: Final = "?"
CLEAR: Final = "-"
_LISTED: Final = 20


class Form:
    """Go through the questions; the answers stand by where they go."""

    def __init__(
        self,
        session: Session,
        profile: Profile,
        home: Applications,
        data: str,
        defaults: dict[str, Any],
    ) -> None:
        """Start with what is already known; `data` tells this form's draft from others."""
        self._session = session
        self._profile = profile
        self._data = data
        self._home = home
        self._answers: dict[Where, Any] = _answers_of(defaults)
        self._settled: list[Where] = []

    def fill(self) -> dict[str, Any]:
        """Ask until the form is whole and a person agrees to it; return its fields.

        :raises TerminalNeeded: there is nobody to ask.
        """
        if not self._session.interactive:
            raise TerminalNeeded(option="--form")
        self._resume()
        self._say("cli.form.start")
        position, mending = len(self._settled), False
        while True:
            asked = list(questions(self._answers, self._profile))
            if position >= len(asked):
                chosen = self._agreed(asked)
                if chosen is None:
                    return mapping_of(self._answers, self._profile)
                # What is mended alone leads straight back to the summary.
                position, mending = chosen, not asked[chosen].goes_on
                continue
            step = self._ask(asked[position])
            position = sys.maxsize if mending and step > 0 else max(0, position + step)
            mending = False

    def _resume(self) -> None:
        draft = self._home.draft(self._data, self._profile.name)
        if draft is None:
            return
        self._answers |= {tuple(where): value for where, value in draft.answers}
        known = set(self._answers)
        asked = [one.where for one in questions(self._answers, self._profile)]
        last = max((i for i, where in enumerate(asked) if where in known), default=-1)
        self._settled = asked[: last + 1]
        self._say("cli.form.resumed", count=len(self._settled))

    def _ask(self, question: Question) -> int:
        """Ask one question until it is answered; return how far to go on, or back."""
        lang = self._session.lang
        while True:
            typed = self._prompt(question)
            if typed == BACK:
                return -1
            if typed == HELP:
                self._explain(question)
                continue
            if typed in ("", CLEAR):
                if typed == CLEAR:
                    self._settle(question.where, None)
                if question.needed and self._answers.get(question.where) is None:
                    self._say("cli.form.needed", field=question.title(lang))
                    continue
                self._settle(question.where, self._answers.get(question.where))
                return 1
            answer, flaws, found = question.read(typed)
            if not flaws:
                self._settle(question.where, answer)
                return 1
            if found:
                self._show(found)
                continue
            for flaw in flaws:
                self._line("  " + messages.flaw(flaw, lang))

    def _prompt(self, question: Question) -> str:
        lang = self._session.lang
        title = question.title(lang)
        if question.goes_on:
            title = messages.text("cli.form.more", lang, field=title)
        if not question.goes_on:
            for number, value in enumerate(question.choices(), start=1):
                self._line(f"  {number:>2}  {_named(question, value, lang)}")
        star = "*" if question.needed else ""
        now = _shown(self._answers.get(question.where))
        default = f" [{plain(now)}]" if now else ""
        return self._typed(f"{title}{star}{default}")

    def _typed(self, asked: str) -> str:
        said = click.prompt(asked, default="", show_default=False, err=True, prompt_suffix=": ")
        return str(said).strip()

    def _explain(self, question: Question) -> None:
        lang = self._session.lang
        self._line("  " + question.help(lang))
        if question.allowed(lang):
            self._line("  " + question.allowed(lang))
        self._say("cli.form.keys")

    def _show(self, found: list[Entry]) -> None:
        for one in found[:_LISTED]:
            self._line(f"  {one.code}  {one.zh}  {one.en}".rstrip())
        if len(found) > _LISTED:
            self._say("cli.form.more-found", count=len(found) - _LISTED)

    def _settle(self, where: Where, value: object) -> None:
        """Keep an answer, and the draft with it."""
        if value is None:
            self._answers.pop(where, None)
        else:
            self._answers[where] = value
        kept = [(list(one), said) for one, said in self._answers.items()]
        draft = Draft(data=self._data, profile=self._profile.name, answers=kept)
        self._home.save_draft(draft)

    def _agreed(self, asked: list[Question]) -> int | None:
        """Show the whole form; return None where it stands, else the question to ask again."""
        lang = self._session.lang
        self._summary(asked)
        flaws = problems(mapping_of(self._answers, self._profile), self._profile)
        for flaw in flaws:
            self._line("  ! " + messages.flaw(flaw, lang))
        key = "cli.form.mend" if flaws else "cli.form.agree"
        while True:
            typed = click.prompt(
                messages.text(key, lang),
                default="",
                show_default=False,
                err=True,
                prompt_suffix=": ",
            ).strip()
            if not typed and not flaws:
                return None
            if typed == BACK:
                return len(asked) - 1
            named = (i for i, one in enumerate(asked) if typed in (str(i + 1), one.key))
            position = next(named, None)
            if position is not None:
                return position
            self._say("cli.form.no-such-question", given=typed)

    def _summary(self, asked: list[Question]) -> None:
        lang = self._session.lang
        self._say("cli.form.summary", profile=self._profile.name)
        told = [
            (i, one.title(lang), _shown(self._answers.get(one.where)))
            for i, one in enumerate(asked, start=1)
            if not one.goes_on and self._answers.get(one.where) is not None
        ]
        widest = max((width(title) for _, title, _ in told), default=0) + 2
        for i, title, said in told:
            self._line(f"  {i:>3}  {padded(title, widest)}{plain(said)}")

    def _say(self, key: str, **fields: object) -> None:
        self._session.printer.note(key, **fields)

    def _line(self, text: str) -> None:
        mention(plain(text), self._session.printer.stderr)


def _named(question: Question, value: str, lang: str) -> str:
    """Return a value of a closed list with its name in the language of the run."""
    kind: Any = question.kind
    name = called(getattr(kind, "of", kind).choices(value), lang)
    return value if name == value else f"{value}  {name}"


def _answers_of(defaults: dict[str, Any]) -> dict[Where, Any]:
    """Return a document's fields as answers."""
    made: dict[Where, Any] = {}
    for name, value in defaults.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, record in enumerate(value):
                made[name, number, MORE] = True
                made |= {(name, number, inner): said for inner, said in record.items()}
        else:
            made[name,] = value
    return made


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
