"""Write docs/commands.md and docs/commands.zh.md from the command tree, and docs/json.md.

`python -m scripts.gen_commands` writes them, `--check` says whether they are stale (exit code 1).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from cli import help as help_page
from cli.schema import RESULTS, SHAPES, VARIANTS
from cli.session import Session
from cli.tree import root
from registry import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.grammar import Command, Group

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
PAGES: Final = {"commands.md": "en", "commands.zh.md": "zh"}
_CODES: Final = (0, 1, 2, 3, 4, 5, 6, 7, 70, 74, 130, 141)


def commands_page(lang: str) -> str:
    """Return the page of all commands in one language."""
    parts = [
        f"# {_text('title', lang)}",
        _text("generated", lang),
        _text("intro", lang),
        f"## {_text('exit-codes', lang)}",
        _table(
            [_text("code", lang), _text("meaning", lang)],
            [[str(code), _text(f"exit-{code}", lang)] for code in _CODES],
        ),
    ]
    for command, context in _walk(root, _context(root, lang)):
        parts += _section(command, context, lang)
    return "\n\n".join(parts) + "\n"


def json_page() -> str:
    """Return the page of what `--json` prints."""
    parts = [
        "# What `--json` prints",
        _text("generated", "en"),
        _text("json-intro", "en"),
        "## Results",
        *(
            _shape(f"dengji {topic.replace('.', ' ')}", fields)
            for topic, fields in (RESULTS | VARIANTS).items()
        ),
        "## Shapes",
        *(_shape(name, fields) for name, fields in SHAPES.items()),
    ]
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` compare them."""
    pages = {name: commands_page(lang) for name, lang in PAGES.items()} | {"json.md": json_page()}
    stale = [name for name, page in pages.items() if _read(DOCS / name) != page]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/{name} is stale: run `python -m scripts.gen_commands`", file=sys.stderr)
        return 1 if stale else 0
    DOCS.mkdir(exist_ok=True)
    for name in stale:
        (DOCS / name).write_text(pages[name])
    return 0


def _context(command: click.Command, lang: str) -> click.Context:
    session = Session({"DENGJI_LANG": lang})
    return click.Context(command, info_name="dengji", obj=session)


def _walk(
    command: Command | Group, context: click.Context
) -> Iterator[tuple[Command | Group, click.Context]]:
    yield command, context
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is None:
            raise LookupError(name)
        yield from _walk(found, click.Context(found, parent=context, info_name=name))  # type: ignore[arg-type]


def _section(command: Command | Group, context: click.Context, lang: str) -> list[str]:
    level = "##" if context.parent is None or context.parent.parent is None else "###"
    parts = [
        f"{level} `{context.command_path}`",
        f"    {help_page.usage(command, context, lang).partition(' ')[2]}",
        messages.text(f"cli.{command.topic}.help", lang),
    ]
    for title, rows in help_page.tables(command, context, lang):
        parts += [f"**{_help(title, lang)}**", _table(None, [[f"`{a}`", b] for a, b in rows])]
    shown = "\n".join(f"    {line}" for line in help_page.examples(command, lang))
    codes = [list(row) for row in help_page.exits(command, lang)]
    return [
        *parts,
        *(f"**{_help('examples', lang)}**", shown),
        *(f"**{_help('exits', lang)}**", _table(None, codes)),
    ]


def _shape(name: str, fields: dict[str, str]) -> str:
    rows = [
        [f"`{field}`", f"`{kind}`", messages.text(f"cli.field.{field}", "en")]
        for field, kind in fields.items()
    ]
    return f"### `{name}`\n\n" + _table(["field", "type", "meaning"], rows)


def _table(head: list[str] | None, rows: list[list[str]]) -> str:
    columns = len(rows[0])
    lines = [head or [""] * columns, ["---"] * columns, *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


def _text(key: str, lang: str) -> str:
    return messages.text(f"cli.docs.{key}", lang)


def _help(key: str, lang: str) -> str:
    return messages.text(f"cli.help.{key}", lang)


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
