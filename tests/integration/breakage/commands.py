"""Find the commands that write, by what their functions come to call."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import cli
from cli.grammar import Command
from cli.tree import root

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRITES: Final = frozenset({"writing", "deploy"})
"""The methods by which a command gets at what sends: of the session, and of its connection."""


def writing_topics() -> set[str]:
    """Return the topics of the commands that reach one of these methods, through the cli's own."""
    uses = _uses()
    return {command.topic for command in _commands(root) if _reaches(_function(command), uses)}


def _commands(within: click.Group) -> Iterator[Command]:
    """Yield every command, those of groups included."""
    context = click.Context(within)
    for name in within.list_commands(context):
        found = within.get_command(context, name)
        if isinstance(found, click.Group):
            yield from _commands(found)
        elif isinstance(found, Command):
            yield found


def _function(command: Command) -> str:
    callback: Any = getattr(command.callback, "__wrapped__", command.callback)
    return f"{callback.__module__}:{callback.__qualname__.split('.')[0]}"


def _uses() -> dict[str, set[str]]:
    """Return, by `module:name`, what each function of the command line names in its body."""
    found = {}
    for path in sorted(Path(cli.__file__).parent.glob("*.py")):
        module = f"cli.{path.stem}"
        importlib.import_module(module)
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            alias.asname or alias.name: f"{node.module}:{alias.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cli")
            for alias in node.names
        }
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                found[f"{module}:{node.name}"] = set(_named(node, module, imported))
    return found


def _named(function: ast.FunctionDef, module: str, imported: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            # A function of a module of the command line, or a method.
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            where = imported.get(owner, "")
            yield f"{where.replace(':', '.')}:{node.attr}" if where else node.attr
        elif isinstance(node, ast.Name):
            yield imported.get(node.id, f"{module}:{node.id}")


def _reaches(function: str, uses: dict[str, set[str]]) -> bool:
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        named = uses.get(one, set())
        if named & _WRITES:
            return True
        waiting.extend(named & uses.keys())
    return False
