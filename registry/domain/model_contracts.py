"""Start terms from a model contract, and hold them against the rules of its kind.

The templates in registry/templates/*.toml are starting points in our own words: default clauses,
clauses that must be given, and an outline of the full text, which is not law and binds nobody until
both sides have written theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain import words
from registry.domain.clauses import Clause, Clauses
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    Purpose,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import TemplateUnmet
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_MASKS: Final[Mapping[str, type[Any]]] = {
    "rights": Right,
    "actions": Action,
    "purposes": Purpose,
    "environment": Environment,
    "obligations": Obligation,
}
_ENUMS: Final = {
    "form": "Form",
    "mode": "Mode",
    "sub_delegation": "SubDelegation",
    "derived_rights": "DerivedRights",
}
_NUMBERS: Final = ("acceptance_days", "notice_days", "depth")
_UTC8: Final = 28_800
_LONGEST_YEARS: Final = 5
_DISPOSAL: Final = Obligation.DELETE_AT_END | Obligation.RETURN_AT_END


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelContract:
    """Hold a template: default clauses by their names in `Clauses`, and what must be given.

    `title`, `summary` and `articles` (an outline of the full text) are by language.
    """

    template: Template
    title: Mapping[str, str]
    summary: Mapping[str, str]
    articles: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    defaults: Mapping[str, Any]

    def outline(self, lang: str) -> str:
        """Return a draft of the full text to be written, in a language."""
        lines = [self.title[lang], "", self.summary[lang], ""]
        lines += [f"{number}. {said}" for number, said in enumerate(self.articles[lang], 1)]
        return "\n".join(lines) + "\n"


def names() -> tuple[str, ...]:
    """Return the names of the templates.

    >>> names()
    ('PROVISION', 'ENTRUSTMENT', 'FUSION', 'INTERMEDIARY', 'PUBLIC_OPERATION')
    """
    return tuple(one.name for one in Template if one is not Template.NONE)


def load(template: Template) -> ModelContract:
    """Return a template that is one; there is a file for each but NONE."""
    # Imported here for start-up time: few commands start from a template.
    import tomllib  # noqa: PLC0415

    raw = tomllib.loads(_path(template).read_text(encoding="utf-8"))
    languages = ("en", "zh")
    return ModelContract(
        template=Template[raw["template"]],
        title={lang: raw[f"title_{lang}"] for lang in languages},
        summary={lang: raw[f"summary_{lang}"] for lang in languages},
        articles={lang: tuple(one[lang] for one in raw["articles"]) for lang in languages},
        required=tuple(raw["required"]),
        defaults=_defaults(raw["clauses"]),
    )


def _path(template: Template) -> Path:
    from pathlib import Path as Where  # noqa: PLC0415 (start-up time)

    return Where(__file__).parents[1] / "templates" / f"{template.name.lower()}.toml"


def _defaults(given: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        if key in _MASKS:
            kind = _MASKS[key]
            found[key] = kind(words.union(kind[word] for word in value))
        elif key in _ENUMS:
            found[key] = words.parse(_ENUMS[key], value)
        elif key in _NUMBERS:
            found[key] = int(value)
        else:
            raise KeyError(key)
    return found


def require(clauses: Clauses, *, now: int) -> None:
    """Refuse terms that are not as their template asks; raises `TemplateUnmet`.

    Terms without a template are not looked at. `now`, in seconds since 1970, is when terms begin
    that name no start.
    """
    if clauses.template is Template.NONE:
        return
    contract = load(clauses.template)
    for name in contract.required:
        if not _given(clauses, name):
            raise _unmet(clauses, name, "template-needs")
    for name, problem in _RULES[clauses.template](clauses, now):
        raise _unmet(clauses, name, problem)


def _given(clauses: Clauses, name: str) -> bool:
    found = clauses.window.until if name == "valid_until" else getattr(clauses, name)
    return bool(found)


Found = tuple[str, str]


def _provision(clauses: Clauses, now: int) -> Iterator[Found]:
    del now
    yield from _form(clauses, Form.TWO_SIDED)
    yield from _consented(clauses)


def _entrustment(clauses: Clauses, now: int) -> Iterator[Found]:
    del now
    yield from _form(clauses, Form.TWO_SIDED)
    if clauses.rights:
        yield "rights", "template-no-rights"
    if clauses.derived_rights is not DerivedRights.GRANTOR:
        yield "derived_rights", "template-derived"
    proved = Obligation.PROVE_DISPOSAL in clauses.obligations
    if not (proved and clauses.obligations & _DISPOSAL):
        yield "obligations", "template-disposal"
    yield from _consented(clauses)


def _fusion(clauses: Clauses, now: int) -> Iterator[Found]:
    del now
    yield from _form(clauses, Form.JOINT)
    if clauses.derived_rights is DerivedRights.NONE:
        yield "derived_rights", "template-derived"
    yield from _consented(clauses)


def _intermediary(clauses: Clauses, now: int) -> Iterator[Found]:
    del now
    yield from _form(clauses, Form.TWO_SIDED)
    if clauses.service_party in (None, clauses.grantor, clauses.grantee):
        yield "service_party", "template-service-party"
    yield from _consented(clauses)


def _public_operation(clauses: Clauses, now: int) -> Iterator[Found]:
    yield from _form(clauses, Form.TWO_SIDED)
    if clauses.mode in (Mode.FIELD, Mode.SCENARIO) and clauses.scope is None:
        yield "scope", "template-needs"
    start = max(clauses.window.start or 0, now)
    if (clauses.window.until or 0) > years_after(start, _LONGEST_YEARS):
        yield "valid_until", "template-five-years"
    yield from _consented(clauses)


_RULES: Final[Mapping[Template, Callable[[Clauses, int], Iterator[Found]]]] = {
    Template.PROVISION: _provision,
    Template.ENTRUSTMENT: _entrustment,
    Template.FUSION: _fusion,
    Template.INTERMEDIARY: _intermediary,
    Template.PUBLIC_OPERATION: _public_operation,
}


def _form(clauses: Clauses, form: Form) -> Iterator[Found]:
    if clauses.form is not form:
        yield "form", "template-form"


def _consented(clauses: Clauses) -> Iterator[Found]:
    if clauses.sub_delegation is SubDelegation.FREE:
        yield "sub_delegation", "template-free-delegation"


def years_after(time: int, years: int) -> int:
    """Return the same time of day so many years later, by the calendar at UTC+8.

    Both in seconds since 1970; a 29 February becomes the 28th.

    >>> years_after(1_709_136_000, 1) - 1_709_136_000 == 366 * 86_400
    True
    """
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415 (start-up time)

    local = datetime.fromtimestamp(time, UTC) + timedelta(seconds=_UTC8)
    try:
        later = local.replace(year=local.year + years)
    except ValueError:
        later = local.replace(year=local.year + years, day=28)
    return int(later.timestamp()) - _UTC8


def _unmet(clauses: Clauses, name: str, problem: str) -> TemplateUnmet:
    clause = Clause[name.upper()] if name.upper() in Clause.__members__ else None
    shown = name.replace("_", "-") if clause is None else clause.name.lower().replace("_", "-")
    return TemplateUnmet(template=clauses.template.name, clause=shown, problem=problem)
