"""Build the command tree: click's parsing, with every word of help from the message catalogue.

A command's `topic` is its path with dots ("product.show"). Its help is `cli.<topic>.help`, its one
line in a list `cli.<topic>.brief`, and the help of its parameter `name` is `cli.<topic>.<name>`,
else `cli.option.<name>`. The options of the root may stand after any command too.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from cli.streams import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cli.session import Session

F = TypeVar("F", bound="Callable[..., object]")

SETTING_OPTIONS: Final = (
    ("--network", "NAME"),
    ("--rpc", "URL"),
    ("--directory", "ADDRESS"),
    ("--account", "ACCOUNT"),
    ("--as", "PARTY"),
    ("--confirmations", "NUMBER"),
    ("--max-block-age", "SECONDS"),
    ("--password-file", "FILE"),
    ("--home", "FOLDER"),
)


class Command(click.Command):
    """A command that takes its help from the catalogue and the root's options beside its own."""

    def __init__(self, name: str, *, topic: str, **attributes: Any) -> None:  # noqa: ANN401 (click's)
        """Take `topic` beside click's own attributes."""
        super().__init__(name, **attributes)
        self.topic = topic

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help page."""
        return _showing_help(super().get_help_option(ctx))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's parameters, then the root's options."""
        own = super().get_params(ctx)
        return own if ctx.parent is None else [*own, *GLOBAL_OPTIONS]

    def get_help(self, ctx: click.Context) -> str:
        """Return the whole help page in the language of the run."""
        # Imported here for start-up time: most runs show no help.
        from cli import help as help_page  # noqa: PLC0415

        session: Session = ctx.find_root().obj
        return help_page.page(self, ctx, session.lang)


class Group(click.Group):
    """A group of commands; one named by `module:attribute` is imported when it is used."""

    def __init__(
        self,
        name: str,
        *,
        topic: str,
        lazy: Mapping[str, str] | None = None,
        **attributes: Any,  # noqa: ANN401 (click's)
    ) -> None:
        """Take `topic` and the lazy commands beside click's own attributes."""
        super().__init__(name, **attributes)
        self.topic = topic
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they were declared."""
        del ctx
        return [*self.lazy, *self.commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported now if it was not yet."""
        del ctx
        target = self.lazy.get(cmd_name)
        if target is None:
            return self.commands.get(cmd_name)
        module, attribute = target.split(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help page."""
        return _showing_help(super().get_help_option(ctx))

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the group's parameters, then the root's options."""
        return [*super().get_params(ctx), *GLOBAL_OPTIONS]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command named first, or say which names there are."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            raise click.exceptions.NoSuchCommand(
                name, possibilities=self.list_commands(ctx), ctx=ctx
            )
        return (name if command else None), command, args[1:]

    def get_help(self, ctx: click.Context) -> str:
        """Return the whole help page in the language of the run."""
        # Imported here for start-up time: most runs show no help.
        from cli import help as help_page  # noqa: PLC0415

        session: Session = ctx.find_root().obj
        return help_page.page(self, ctx, session.lang)


def group(topic: str) -> Group:
    """Return an empty group of the root."""
    return Group(topic.rpartition(".")[2], topic=topic, no_args_is_help=True)


def command(topic: str, within: Group | None = None) -> Callable[[F], Command]:
    """Make a command of a function that takes the session and the parameters, and answers."""

    def decorate(function: F) -> Command:
        params = cast("list[click.Parameter]", getattr(function, "__click_params__", []))
        made = Command(
            topic.rpartition(".")[2],
            topic=topic,
            callback=click.pass_obj(function),
            params=params[::-1],
        )
        if within is not None:
            within.add_command(made)
        return made

    return decorate


def option(*names: str, **attributes: Any) -> Callable[[F], F]:  # noqa: ANN401 (click's)
    """Declare an option, without help: the catalogue has it."""
    return click.option(*names, **attributes)


def argument(name: str, **attributes: Any) -> Callable[[F], F]:  # noqa: ANN401 (click's)
    """Declare an argument, without help: the catalogue has it."""
    return click.argument(name, **attributes)


def together(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Combine the declarations of several parameters into one, in their order."""

    def decorate(function: F) -> F:
        for one in reversed(decorators):
            function = one(function)
        return function

    return decorate


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    """Keep a global option's value; the last one given wins, wherever it stands."""
    if value is None or value is False or ctx.resilient_parsing:
        return
    if value == "":
        raise click.BadParameter("", ctx, param)
    session: Session = ctx.find_root().obj
    session.remember(str(param.name).removeprefix("global_"), value)


def _global(name: str, **attributes: Any) -> click.Option:  # noqa: ANN401 (click's)
    stored = {"--as": "party"}.get(name, name[2:].replace("-", "_"))
    return click.Option(
        [*attributes.pop("short", ()), name, "global_" + stored],
        expose_value=False,
        callback=_remember,
        is_eager=True,
        **attributes,
    )


def _version(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    if not value or ctx.resilient_parsing:
        return
    from registry._version import __version__  # noqa: PLC0415 (start-up: seldom asked)

    say(f"dengji {__version__}", sys.stdout)
    ctx.exit()


def _showing_help(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.callback = _help
    return option


def _help(ctx: click.Context, param: click.Parameter, value: object) -> None:
    del param
    if value and not ctx.resilient_parsing:
        say(ctx.get_help(), sys.stdout)
        ctx.exit()


def _globals() -> Iterable[click.Parameter]:
    for name, metavar in SETTING_OPTIONS:
        yield _global(name, metavar=metavar)
    yield _global("--lang", type=click.Choice(["en", "zh"]))
    yield _global("--json", is_flag=True)
    yield _global("--yes", short=("-y",), is_flag=True)
    yield _global("--debug", is_flag=True)


GLOBAL_OPTIONS: Final[list[click.Parameter]] = list(_globals())

VERSION_OPTION: Final = click.Option(
    ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_version
)
