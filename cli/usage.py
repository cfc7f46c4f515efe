"""Turn click's complaints into codes, fields and sentences of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.types import NumberType
from registry import messages
from registry.redaction import concealed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.output import Json


def explain(error: click.UsageError) -> tuple[str, Mapping[str, Json]]:
    """Return the code of a wrong command line and its fields, without secrets typed by mistake."""
    code, fields = _explained(error)
    return code, {
        name: concealed(one) if isinstance(one, str) else one for name, one in fields.items()
    }


def _explained(error: click.UsageError) -> tuple[str, dict[str, Json]]:  # noqa: PLR0911 (a table)
    match error:
        case click.NoSuchOption():
            return "no-such-option", {"option": error.option_name, **_close(error.possibilities)}
        case click.exceptions.NoSuchCommand():
            return "no-such-command", {
                "command": error.command_name,
                **_close(_alike(error.command_name, error.possibilities)),
            }
        case click.MissingParameter():
            return "missing-parameter", {"parameter": _parameter(error)}
        case click.BadOptionUsage():
            return "option-needs-value", {"option": error.option_name}
        case click.BadParameter() if not error.message:
            return "empty-value", {"parameter": _parameter(error)}
        case click.BadParameter():
            given, allowed = _choice(error)
            return "bad-value", {"parameter": _parameter(error), "given": given, "allowed": allowed}
    if error.ctx is not None and error.message.startswith("Got unexpected extra"):
        return "too-many-arguments", {"command": error.ctx.command_path}
    if isinstance(error, click.exceptions.NoArgsIsHelpError) or error.message == "Missing command.":
        return "missing-command", {}
    return "usage", {"reason": error.message}


def sentence(code: str, fields: Mapping[str, Json], lang: str) -> str:
    """Return the sentence that says what is wrong with the command line."""
    return messages.text(f"cli.usage.{code}", lang, **_shown(fields))


def hint(code: str, fields: Mapping[str, Json], error: click.UsageError, lang: str) -> str:
    """Return the line that says what would be right."""
    if code == "bad-value" and isinstance(_type(error), NumberType):
        return messages.text(f"cli.usage.{code}.range", lang, **_shown(fields))
    if code == "empty-value" or fields.get("close") or fields.get("allowed"):
        return messages.text(f"cli.usage.{code}.hint", lang, **_shown(fields))
    command = error.ctx.command_path if error.ctx is not None else "dengji"
    return messages.text("cli.usage.hint", lang, command=command)


def _shown(fields: Mapping[str, Json]) -> dict[str, str]:
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for name, value in fields.items()
    }


def _close(names: object) -> dict[str, Json]:
    return {"close": sorted(names) if isinstance(names, (list, tuple, set, frozenset)) else []}


def _alike(given: str, known: object) -> list[str]:
    # Imported here for start-up time: only a mistake needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    return get_close_matches(given, list(known) if isinstance(known, (list, tuple)) else [])


def _parameter(error: click.BadParameter) -> str:
    parameter = error.param
    if isinstance(parameter, click.Option):
        return "|".join([max(parameter.opts, key=len), *parameter.secondary_opts])
    if parameter is not None:
        return str(parameter.metavar or parameter.name).upper()
    return str(error.param_hint or "")


def _choice(error: click.BadParameter) -> tuple[str, list[Json]]:
    kind = _type(error)
    if isinstance(kind, NumberType):
        return error.message, [kind.bounds()]
    given = error.message.split("'")[1] if error.message.count("'") > 1 else ""
    if isinstance(kind, click.Choice):
        return given, [str(choice) for choice in kind.choices]
    return given, []


def _type(error: click.UsageError) -> object:
    parameter = error.param if isinstance(error, click.BadParameter) else None
    return None if parameter is None else parameter.type
