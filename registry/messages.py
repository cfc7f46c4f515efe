"""Say things to people in English and Chinese, from the message catalogue.

The catalogue is registry/catalogue/<language>/<area>.json: flat objects whose keys are unique over
all areas and equal in both languages. A sentence names its fields in braces; after a colon may
follow how to show one:

    {until:time}            2026-11-22 13:40:05 UTC, from seconds since 1970
    {wait:duration}         2 days 3 hours, from seconds
    {decided:day}           22 November 2026, the day of some seconds at UTC+8
    {due:last}              the last day before a deadline in seconds, at UTC+8
    {paths:list}            its items with commas
    {count:plural,file,files}   3 files
    {problem:word}          the sentence fragment under word.<value>, each part of a|b for itself
    {reason:reason}         the fragment under reason.<value>, where there is one: after a colon the
                            value may have a detail for it; the system's own words stay
    {offences:offences}     items `path: reason`, the reason as under word.<reason>
    {problems:flaws}        each fault of a document, as `flaw` says it
    {verdict:verdict}       what a verdict says, without its full stop
    {rights:term,right}     its name in registry/vocabulary/right.json, each part of a|b for itself
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LANGUAGES: Final = ("en", "zh")
"""The languages of the catalogue; the first is the fallback."""

CATALOGUE: Final = Path(__file__).with_name("catalogue")
_VOCABULARY: Final = Path(__file__).with_name("vocabulary")
_LOCALE_VARIABLES: Final = ("DENGJI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_UNITS: Final = (
    ("day", "天", 86_400),
    ("hour", "小时", 3_600),
    ("minute", "分钟", 60),
    ("second", "秒", 1),
)


class Coded(Protocol):
    """Whatever has a sentence in the catalogue: a code and the fields that fill it."""

    @property
    def code(self) -> str:
        """Return the stable code in kebab-case."""

    @property
    def fields(self) -> Mapping[str, object]:
        """Return the fields by name."""


class MessageMissing(LookupError):
    """Say that the catalogue has no sentence under a key."""


def language(explicit: str | None, environ: Mapping[str, str]) -> str:
    """Choose the language: the one asked for, else by DENGJI_LANG, LC_ALL, LC_MESSAGES and LANG.

    The first that is set decides; whatever begins with "zh" is Chinese, all else English.

    >>> language(None, {"LANG": "zh_CN.UTF-8"}), language("en", {"LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    found = next(filter(None, map(environ.get, _LOCALE_VARIABLES)), "")
    chosen = explicit or found
    return "zh" if chosen.lower().startswith("zh") else "en"


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return all sentences of a language by key."""
    merged: dict[str, str] = {}
    for file in sorted((CATALOGUE / lang).glob("*.json")):
        merged |= json.loads(file.read_bytes())
    return MappingProxyType(merged)


@cache
def vocabulary(name: str) -> Mapping[str, Any]:
    """Return the file of one vocabulary, such as "sub_delegation", as it stands."""
    read: dict[str, Any] = json.loads((_VOCABULARY / f"{name}.json").read_bytes())
    return MappingProxyType(read)


def term(name: str, code: str, lang: str) -> str:
    """Return what a member of a vocabulary is called, its code where it has no name there.

    >>> term("right", "HOLD", "zh")
    '持有权'
    """
    named = (entry for entry in vocabulary(name)["entries"] if entry["code"] == code)
    return next((str(entry[lang]) for entry in named), _word(code, lang, ""))


def has(key: str, lang: str = "en") -> bool:
    """Tell whether the catalogue has a sentence under `key`."""
    return key in catalogue(lang)


def text(key: str, lang: str, /, **fields: object) -> str:
    """Return the sentence under `key` with its fields filled in; raises `MessageMissing`."""
    try:
        sentence = catalogue(lang)[key]
    except KeyError as error:
        raise MessageMissing(key) from error
    return sentence.format_map(
        {name: _Shown(value, lang, fields) for name, value in fields.items()}
    )


def render(error: Coded, lang: str) -> str:
    """Return the sentence of an error, or its code and fields where the catalogue has none."""
    fields = error.fields
    key = f"error.{error.code}"
    if has(key, lang):
        return text(key, lang, **fields)
    given = ", ".join(f"{name} {_shown(value, lang)}" for name, value in fields.items())
    words = error.code.replace("-", " ")
    return f"{words}: {given}" if given else words


def hint(error: Coded, lang: str) -> str | None:
    """Return what a person can do about an error, None where nothing general can be said."""
    key = f"hint.{error.code}"
    return text(key, lang, **error.fields) if has(key, lang) else None


def flaw(one: Mapping[str, object], lang: str) -> str:
    """Return what one fault of a document is, and what would do.

    What is allowed is a value, or a code that stands under `allowed.<code>`, after a colon with its
    detail. A word that is a code but for its detail is a value: columns have such names.
    """
    known = catalogue(lang)
    problem = _word(one["problem"], lang, "")
    told = text("flaw.problem", lang, field=one["field"], problem=problem)
    if "line" in one:
        # Of a table, where a whole row may be at fault.
        told = text("flaw.line", lang, line=one["line"]) + (told if one["field"] else problem)
    if one["value"] not in ("", one["field"]):
        told += text("flaw.value", lang, value=_one_line(one["value"]))
    if one["nearest"]:
        told += text("flaw.nearest", lang, nearest=one["nearest"])
    would_do = []
    # Where one field is plainly meant, the list of all is no help.
    listed = [] if one["nearest"] and one["problem"] == "unknown-field" else one["allowed"]
    for item in listed if isinstance(listed, list) else []:
        code, _, detail = str(item).partition(":")
        key = f"allowed.{code}"
        is_code = key in known and (detail or "{detail" not in known[key])
        would_do.append(text(key, lang, detail=detail) if is_code else str(item))
    return told + (text("flaw.allowed", lang, allowed=would_do) if would_do else "")


_NONE: Final[Mapping[str, object]] = MappingProxyType({})


class _Shown:
    """Show one field as the sentence asks; `of` shows it as another one says what it is."""

    __slots__ = ("_beside", "_lang", "_value")

    def __init__(self, value: object, lang: str, beside: Mapping[str, object] = _NONE) -> None:
        self._value = value
        self._lang = lang
        self._beside = beside

    def __format__(self, how: str) -> str:
        name, _, arguments = how.partition(",")
        if not name:
            return _shown(self._value, self._lang)
        if name == "of":
            return _of_clause(str(self._beside[arguments]), int(str(self._value)), self._lang)
        return _WAYS[name](self._value, self._lang, arguments)


_MASKS: Final = {
    "RIGHTS": "right",
    "ENVIRONMENT": "environment",
    "ACTIONS": "action",
    "PURPOSES": "purpose",
    "OBLIGATIONS": "obligation",
}


def _of_clause(clause: str, value: int, lang: str) -> str:
    """Return what a clause says, in the words that it is asked for in."""
    if clause in _MASKS:
        entries = vocabulary(_MASKS[clause])["entries"]
        named = [one["code"] for one in entries if value >> one["bit"] & 1]
        return _list(named or [text("clause.unstated", lang)], lang, "")
    if clause in ("VALID_FROM", "VALID_UNTIL"):
        return _time(value, lang, "") if value else text("clause.unstated", lang)
    return str(value)


def _shown(value: object, lang: str) -> str:
    if isinstance(value, (bytes, bytearray)):
        return "0x" + value.hex()
    if isinstance(value, (list, tuple)):
        return _list(value, lang, "")
    return str(value)


def _list(value: object, lang: str, _: str) -> str:
    items = value if isinstance(value, (list, tuple)) else [value]
    return ("、" if lang == "zh" else ", ").join(_shown(item, lang) for item in items)


def _time(value: object, _lang: str, _: str) -> str:
    # Imported here for start-up time: few sentences show a time.
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    seconds = int(str(value))
    try:
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    except OverflowError:
        return str(seconds)
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _day(value: object, lang: str, _: str) -> str:
    # Imported here for start-up time: few sentences show a day.
    from registry.civil_time import day  # noqa: PLC0415

    return day(int(str(value)), lang)


def _date(value: object, _lang: str, _: str) -> str:
    """Return a day that is given by its number since 1970, as the calendar counts them."""
    # Imported here for start-up time: few sentences show a day.
    from datetime import date, timedelta  # noqa: PLC0415

    try:
        return f"{date(1970, 1, 1) + timedelta(days=int(str(value)))}"
    except OverflowError:
        return str(value)


def _last(value: object, lang: str, _: str) -> str:
    from registry.civil_time import last_day  # noqa: PLC0415 (start-up time)

    return last_day(int(str(value)), lang)


def _duration(value: object, lang: str, _: str) -> str:
    rest = int(str(value))
    parts = []
    for english, chinese, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            unit = f"{count} {english}{'' if count == 1 else 's'}"
            parts.append(f"{count} {chinese}" if lang == "zh" else unit)
    nothing = "0 秒" if lang == "zh" else "0 seconds"
    return " ".join(parts[:2]) or nothing


def _plural(value: object, _lang: str, arguments: str) -> str:
    one, _, many = arguments.partition(",")
    return f"{value} {one if str(value) == '1' else many}"


def _word(value: object, lang: str, _: str) -> str:
    known = catalogue(lang)
    parts = (part.lower().replace("_", "-") for part in str(value).split("|"))
    return _list([known.get(f"word.{part}", part) for part in parts], lang, "")


def _reason(value: object, lang: str, _: str) -> str:
    code, _, detail = str(value).partition(":")
    key = f"reason.{code}"
    return text(key, lang, detail=detail) if has(key, lang) else str(value)


def _setting(value: object, lang: str, _: str) -> str:
    """Return what a setting may be; what is wrong with one network is told of all."""
    return text(f"setting.{str(value).partition('.')[0]}", lang)


def _offences(value: object, lang: str, _: str) -> str:
    told = [str(item).rpartition(": ") for item in value] if isinstance(value, list) else []
    between = "：" if lang == "zh" else ": "
    return _list([f"{path}{between}{_word(why, lang, '')}" for path, _, why in told], lang, "")


def _flaws(value: object, lang: str, _: str) -> str:
    told = [flaw(item, lang) for item in value] if isinstance(value, list) else []
    return ("；" if lang == "zh" else "; ").join(told)


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _term(value: object, lang: str, name: str) -> str:
    return _list([term(name, part, lang) for part in str(value).split("|")], lang, "")


def _verdict(value: object, lang: str, _: str) -> str:
    key = f"verdict.{str(value).lower().replace('_', '-')}"
    return text(key, lang).rstrip(".。") if has(key, lang) else str(value)


_WAYS: Final[Mapping[str, Callable[[object, str, str], str]]] = {
    "list": _list,
    "time": _time,
    "duration": _duration,
    "day": _day,
    "date": _date,
    "last": _last,
    "plural": _plural,
    "word": _word,
    "reason": _reason,
    "setting": _setting,
    "offences": _offences,
    "flaws": _flaws,
    "term": _term,
    "verdict": _verdict,
}
