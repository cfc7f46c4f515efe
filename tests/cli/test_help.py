"""Test that every command says everything, in both languages, and that the pages are fresh."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from string import Template

import click
import pytest

from cli.help import about, examples, exits, page
from cli.schema import RESULTS
from cli.session import Session
from cli.tree import root
from registry import messages
from registry.domain.ids import GrantId, PartyId, ProductId
from scripts import gen_commands


def _commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(root, info_name="dengji", obj=Session({}))
    for command, found in gen_commands._walk(root, context):
        yield command.topic, command, found


IDS = {
    "PRODUCT": ProductId(b"\x11" * 20),
    "SOURCE": ProductId(b"\x12" * 20),
    "PARTY": PartyId(b"\x22" * 8),
    "GRANT": GrantId(b"\x33" * 32),
    "ROOT": "0x" + "44" * 32,
}
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


@pytest.mark.parametrize("topic", COMMANDS)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_help_shows_examples_and_exit_codes(topic: str, lang: str) -> None:
    """Every page, in the terminal and in the documents, has an example and the exit codes."""
    command, context = COMMANDS[topic]
    shown = page(command, context, lang)  # type: ignore[arg-type]
    for section in ("examples", "exits"):
        _, title, rest = shown.partition("\n" + messages.text(f"cli.help.{section}", lang) + "\n")
        assert title
        first = rest.split("\n")[0]
        assert first.startswith("  dengji " if section == "examples" else "  0 ")
    written = gen_commands.commands_page(lang)
    assert all(f"\n    {line}" in written for line in examples(command, lang))  # type: ignore[arg-type]


@pytest.mark.parametrize("topic", COMMANDS)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_examples_are_understood(topic: str, lang: str) -> None:
    """Each example parses, ids filled in, as the command whose help shows it or one within."""
    command, _ = COMMANDS[topic]
    for line in examples(command, lang):  # type: ignore[arg-type]
        first, *words = shlex.split(Template(line).substitute(IDS))
        assert first == "dengji"
        reached = _parsed(words)
        if isinstance(command, click.Group):
            assert topic == "dengji" or reached.startswith(topic + ".")
        else:
            assert reached == topic


def _parsed(words: list[str]) -> str:
    """Parse a command line down to its last command, whose topic is returned."""
    context = root.make_context("dengji", words, obj=Session({}))
    while isinstance(context.command, click.Group):
        rest = [*context._protected_args, *context.args]
        name, command, rest = context.command.resolve_command(context, rest)
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    topic: str = context.command.topic  # type: ignore[attr-defined]
    return topic


@pytest.mark.parametrize("topic", COMMANDS)
def test_exit_codes_are_the_same_in_both_languages(topic: str) -> None:
    """Which codes a command has is no matter of language; a group has those of its commands."""
    command, _ = COMMANDS[topic]
    codes = [code for code, _ in exits(command, "en")]  # type: ignore[arg-type]
    assert codes == [code for code, _ in exits(command, "zh")]  # type: ignore[arg-type]
    assert codes == sorted(set(codes), key=int)
    assert {"0", "2"} <= set(codes)
    for other, (one, _) in COMMANDS.items():
        if other.startswith(topic + ".") or topic == "dengji":
            assert {code for code, _ in exits(one, "en")} <= set(codes)  # type: ignore[arg-type]


@pytest.mark.parametrize("topic", COMMANDS)
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_defaults_are_those_that_help_states(topic: str, lang: str) -> None:
    """A default that is a number or a word of a vocabulary is the one that counts."""
    command, _ = COMMANDS[topic]
    for parameter in command.params:
        if not isinstance(parameter, click.Option) or not isinstance(parameter.default, (int, str)):
            continue
        said = about(command, parameter, lang)  # type: ignore[arg-type]
        stated = re.search(r"(?:default: |默认 )([0-9]+|[A-Z_]+)[)）]", said)
        if stated:
            assert stated[1] == str(parameter.default), f"{topic} {parameter.name}"


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
    kinds = ("brief", "examples", "exits")
    known = {f"cli.{topic}.{kind}" for topic in COMMANDS for kind in kinds} | {
        f"cli.help.{kind}" for kind in kinds
    }
    told = [key for key in messages.catalogue("en") if key.rpartition(".")[2] in kinds]
    dead = [key for key in told if key not in known]
    assert dead == []
