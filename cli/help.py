"""Render help pages in two languages, from the command tree and the catalogue alone."""

from __future__ import annotations

from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final

import click

from cli.plain import padded, width, wrapped
from registry import messages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.grammar import Command, Group

_WIDEST: Final = 100
_COLUMN: Final = 30


def page(command: Command | Group, ctx: click.Context, lang: str) -> str:
    """Return the page of a command: usage, what it does, parameters, examples, exit codes."""
    columns = min(get_terminal_size().columns, _WIDEST)
    sections = [usage(command, ctx, lang), *_text(text(f"{command.topic}.help", lang), columns)]
    for title, rows in tables(command, ctx, lang):
        sections.append(_table(text(f"help.{title}", lang), rows, columns))
    lines = [text("help.examples", lang), *(f"  {line}" for line in examples(command, lang))]
    sections.append("\n".join(lines))
    sections.append(_table(text("help.exits", lang), exits(command, lang), columns))
    if ctx.parent is not None:
        sections += _text(text("help.globals", lang), columns)
    return "\n\n".join(sections)


def tables(
    command: Command | Group, ctx: click.Context, lang: str
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield what a page tabulates: a title's key, and names with what is said of them."""
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    if arguments:
        yield "arguments", [(_name(p), about(command, p, lang)) for p in arguments]
    if isinstance(command, click.Group):
        names = command.list_commands(ctx)
        yield "commands", [(name, text(_topic(command, name) + ".brief", lang)) for name in names]
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option)]
    if ctx.parent is not None:
        options = [p for p in options if not str(p.name).startswith("global_")]
    yield "options", [(_name(p), about(command, p, lang)) for p in options]


def examples(command: Command | Group, lang: str) -> list[str]:
    """Return command lines that show how the command, or one of the group's, is used."""
    return text(f"{command.topic}.examples", lang).split("\n")


def exits(command: Command | Group, lang: str) -> list[tuple[str, str]]:
    """Return the exit codes of the command, each with what it means there."""
    codes = text(f"{command.topic}.exits", lang).split()
    return [(code, _meaning(command.topic, code, lang)) for code in codes]


def _meaning(topic: str, code: str, lang: str) -> str:
    keys = (f"{topic}.exit-{code}", f"exit-{code}", f"docs.exit-{code}")
    return text(next(key for key in keys if messages.has(f"cli.{key}")), lang)


def usage(command: Command | Group, ctx: click.Context, lang: str) -> str:
    """Return the one line that shows how the command is written."""
    pieces = [ctx.command_path, text("help.options-metavar", lang)]
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            pieces.append(_name(parameter))
        elif parameter.required:
            pieces.append(_name(parameter).split(", ")[-1])
    if isinstance(command, click.Group):
        pieces.append(text("help.command-metavar", lang))
    return f"{text('help.usage', lang)} " + " ".join(pieces)


def about(command: Command | Group, parameter: click.Parameter, lang: str) -> str:
    """Return what the catalogue says of a parameter: of this command's first, else of the name."""
    name = str(parameter.name).removeprefix("global_")
    own = f"cli.{command.topic}.{name}"
    if name == "_click_default_help":
        own = name = "help"
    for key in (own, f"cli.option.{name}"):
        if messages.has(key):
            said = messages.text(key, lang)
            break
    else:
        raise KeyError(f"cli.{command.topic}.{name}")
    if isinstance(parameter, click.Option) and isinstance(parameter.type, click.Choice):
        said += f" [{'|'.join(map(str, parameter.type.choices))}]"
    if isinstance(parameter, click.Option) and parameter.multiple:
        said += " " + text("help.repeatable", lang)
    return said


def text(key: str, lang: str) -> str:
    """Return a text of the command line from the catalogue."""
    return messages.text("cli." + key, lang)


def _topic(group: click.Group, name: str) -> str:
    topic = getattr(group, "topic", "")
    return name if topic == "dengji" else f"{topic}.{name}"


def _name(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Argument):
        shown = (parameter.metavar or str(parameter.name)).upper()
        shown += "…" if parameter.nargs != 1 else ""
        return shown if parameter.required else f"[{shown}]"
    names = ", ".join(sorted(parameter.opts, key=len))
    if parameter.secondary_opts:
        names += "|" + ", ".join(parameter.secondary_opts)
    if isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count):
        return names
    return f"{names} {(parameter.metavar or str(parameter.name).removeprefix('global_')).upper()}"


def _text(paragraphs: str, columns: int) -> list[str]:
    return ["\n".join(wrapped(paragraph, columns)) for paragraph in paragraphs.split("\n\n")]


def _table(title: str, rows: Sequence[tuple[str, str]], columns: int) -> str:
    first = min(max(width(name) for name, _ in rows), _COLUMN) + 4
    lines = [title]
    for name, said in rows:
        body = wrapped(said, max(columns - first, 20))
        head = padded(f"  {name}", first)
        if width(name) > first - 4:
            lines.append(f"  {name}")
            head = " " * first
        lines.append(head + body[0])
        lines += [" " * first + line for line in body[1:]]
    return "\n".join(lines)
