"""Test that every command says everything, in both languages, and that the pages are fresh."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli.help import page
from cli.schema import RESULTS
from cli.session import Session
from cli.tree import root
from registry import messages
from scripts import gen_commands


def _commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(root, info_name="dengji", obj=Session({}))
    for command, found in gen_commands._walk(root, context):
        yield command.topic, command, found


COMMANDS = {topic: (command, context) for topic, command, context in _commands()}


@pytest.mark.parametrize("topic", COMMANDS)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_help_is_whole(topic: str, lang: str) -> None:
    """Every command and each of its parameters is described, and no brace is left unfilled."""
    command, context = COMMANDS[topic]
    shown = page(command, context, lang)  # type: ignore[arg-type]
    assert messages.text(f"cli.{topic}.help", lang).split("\n")[0][:20] in shown
    if topic != "dengji":
        assert messages.text(f"cli.{topic}.brief", lang)


def test_every_command_states_its_result() -> None:
    """The schema covers exactly the commands that answer."""
    answering = {
        topic for topic, (command, _) in COMMANDS.items() if not isinstance(command, click.Group)
    }
    assert set(RESULTS) == answering


def test_pages_are_fresh() -> None:
    """The generated pages are what the tree says now."""
    assert gen_commands.main(["--check"]) == 0


def test_catalogue_has_no_dead_help() -> None:
    """Every sentence about a command belongs to a command that exists."""
    known = {f"cli.{topic}.brief" for topic in COMMANDS}
    dead = [key for key in messages.catalogue("en") if key.endswith(".brief") and key not in known]
    assert dead == []
