"""Lay out the questions of the application form, and read what is typed as their answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cli.metadata_template import ORDER, allowed_of, asked_for
from registry import messages
from registry.domain import code_lists
from registry.domain.application import DOCUMENT
from registry.domain.completeness import APPLICANT_REQUIRED, RIGHT_REQUIRED, name_of
from registry.domain.fields import Code, Flag, Hex, Many, Reading, Record, Word
from registry.domain.metadata_files import digest_of
from registry.domain.product import Profile
from registry.errors import MetadataUnreadable
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from registry.domain.fields import Field
    from registry.errors import Flaw

MORE: Final = "+"
"""The last part of the path of the question whether a list of records goes on."""

_MOST_RECORDS: Final = 16
# Under OPEN the form asks for the description alone.
_OPEN_LEFT_OUT: Final = frozenset(
    {
        *("accessMode", "productsAndServices", "scenario", "securityRiskAssessment"),
        *("evidenceRef", "operatingSince", "agreedRights", "rawPublic", "operated", "basis"),
        *("nonSubstituting", "sources", "applicants", "rights", "attachments", "securityClass"),
    }
)
_PUBLIC_ONLY: Final = frozenset(
    {
        *("accessMode", "productsAndServices", "scenario", "securityRiskAssessment"),
        *("evidenceRef", "operatingSince"),
    }
)

Where = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Hold one question: where its answer goes, its kind, and whether the profile asks for it."""

    where: Where
    kind: Field
    needed: bool

    @property
    def key(self) -> str:
        """Return what the message catalogue calls the field, such as `applicants.name`."""
        return ".".join(str(part) for part in self.where if isinstance(part, str) and part != MORE)

    @property
    def goes_on(self) -> bool:
        """Tell whether it asks if a list of records goes on."""
        return self.where[-1] == MORE

    def title(self, lang: str) -> str:
        """Return what the field is called, with the number of its record."""
        label = messages.text(f"metadata.{self.key}", lang)
        number = next((part for part in self.where if isinstance(part, int)), None)
        return label if number is None else f"{label} ({number + 1})"

    def help(self, lang: str) -> str:
        """Return what the field means."""
        return messages.text(f"metadata.{self.key}.help", lang)

    def choices(self) -> list[str]:
        """Return the values of a closed list, empty where the field has none."""
        inner = self.kind.of if isinstance(self.kind, Many) else self.kind
        return [one.value for one in inner.choices] if isinstance(inner, Word) else []

    def allowed(self, lang: str) -> str:
        """Return what the answer may be, in words; a closed list is shown with numbers."""
        return "" if self.choices() else allowed_of(self.kind, lang)

    def read(self, typed: str) -> tuple[Any, list[Flaw], list[code_lists.Entry]]:
        """Return the answer, what is wrong with it, and the codes that a search found."""
        reading = Reading()
        found: list[code_lists.Entry] = []
        items = _split(typed) if isinstance(self.kind, Many) else [typed.strip()]
        inner = self.kind.of if isinstance(self.kind, Many) else self.kind
        values = []
        for item in items:
            chosen = self._one(inner, item)
            if isinstance(inner, Code) and chosen not in code_lists.entries(inner.name):
                found += code_lists.find(inner.name, chosen)
            values.append(chosen)
        answer: Any = values if isinstance(self.kind, Many) else values[0]
        self.kind.read(self.key, answer, reading)
        return answer, reading.flaws, found

    def _one(self, kind: Field, item: str) -> Any:  # noqa: ANN401 (text, or yes and no)
        if isinstance(kind, Flag):
            return {"y": True, "yes": True, "是": True, "n": False, "no": False, "否": False}.get(
                item.lower(), item
            )
        listed = self.choices()
        if listed and item.isdigit() and 1 <= int(item) <= len(listed):
            return listed[int(item) - 1]
        return _digest(item) if isinstance(kind, Hex) else item


def questions(answers: Mapping[Where, Any], profile: Profile) -> Iterator[Question]:
    """Yield the questions that there are, as the answers so far have it."""
    for name in ORDER:
        if profile is Profile.OPEN and name in _OPEN_LEFT_OUT:
            continue
        if profile is Profile.PROPERTY and name in _PUBLIC_ONLY:
            continue
        kind = DOCUMENT[name].kind
        needed = asked_for(name, profile)
        record = kind.of if isinstance(kind, Many) else kind
        if not isinstance(record, Record):
            yield Question(where=(name,), kind=kind, needed=needed)
            continue
        for number in range(_MOST_RECORDS):
            more = Question(where=(name, number, MORE), kind=Flag(), needed=False)
            if number or not needed:
                yield more
                if answers.get(more.where) is not True:
                    break
            yield from _inner(name, number, record)


def mapping_of(answers: Mapping[Where, Any], profile: Profile) -> dict[str, Any]:
    """Return the fields that the answers give, those of questions that still stand."""
    made: dict[str, Any] = {}
    for question in questions(answers, profile):
        value = answers.get(question.where)
        if question.goes_on or value is None:
            continue
        name, *rest = question.where
        if not rest:
            made[str(name)] = value
            continue
        records: list[dict[str, Any]] = made.setdefault(str(name), [])
        while len(records) <= int(rest[0]):
            records.append({})
        records[int(rest[0])][str(rest[1])] = value
    return made


def _inner(name: str, number: int, record: Record) -> Iterator[Question]:
    wanted = {"applicants": APPLICANT_REQUIRED, "rights": RIGHT_REQUIRED}.get(name, ())
    required = {name_of(attribute) for attribute in wanted}
    for inner, member in record.members.items():
        needed = member.required or inner in required
        yield Question(where=(name, number, inner), kind=member.kind, needed=needed)


def _split(typed: str) -> list[str]:
    parts = typed.replace("，", ",").replace("、", ",").split(",")
    return [part.strip() for part in parts if part.strip()] or [""]


def _digest(item: str) -> str:
    """Return the digest of a file where one is named, else what was typed."""
    try:
        path = Path(item).expanduser()
        is_file = path.is_file()
    except (OSError, ValueError, RuntimeError):
        # A ~ before a name that nobody here has is what was typed.
        return item
    if not is_file:
        return item
    try:
        return digest_of(path.name, path.absolute().parent)
    except MetadataUnreadable:
        return item
