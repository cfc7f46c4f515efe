"""Hold what one run of `dengji` was told, and make from it what its command needs."""

from __future__ import annotations

import contextlib
import gc
import sys
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING

from registry import messages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cli.output import Printer
    from cli.shapes import Shape
    from registry.client import Dengji
    from registry.connection import Connection
    from registry.secret import Secret
    from registry.settings import Settings

_NAMED = 3
_SWITCHES = ("json", "yes", "debug")


class Session:
    """Collect the global options; load settings, printer and client when first asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Start with nothing but the environment."""
        self.environ = environ
        self.flags: dict[str, str] = {}
        self.json = False
        self.yes = False
        self.debug = False
        self._language: str | None = None
        self._client: Dengji | None = None
        self._opened = contextlib.ExitStack()
        self._connections: list[Connection] = []
        self._whose_said = False

    @classmethod
    def early(cls, arguments: Sequence[str], environ: Mapping[str, str]) -> Session:
        """Look ahead for what is needed even when the command line turns out to be wrong."""
        session = cls(environ)
        before = arguments[: arguments.index("--")] if "--" in arguments else arguments
        session.json = "--json" in before
        session.debug = "--debug" in before
        for word, following in zip_longest(before, before[1:], fillvalue=""):
            name, equals, value = word.partition("=")
            if name == "--lang" and (value if equals else following) in ("en", "zh"):
                session._language = value if equals else following
        return session

    def remember(self, key: str, value: object) -> None:
        """Keep the value of a global option."""
        if key in _SWITCHES:
            setattr(self, key, True)
            return
        self.flags[key] = str(value)
        if key == "lang":
            self._language = str(value)

    @property
    def lang(self) -> str:
        """Return the language of the run: the flag's, a setting's, the locale's."""
        chosen = self._language
        if chosen is None and "settings" in self.__dict__:
            chosen = self.settings.lang
        return messages.language(chosen, self.environ)

    @cached_property
    def settings(self) -> Settings:
        """Load the settings once."""
        # Imported here for start-up time: help needs no settings.
        from registry.settings import Settings  # noqa: PLC0415

        return Settings.load(self.flags, self.environ)

    @property
    def printer(self) -> Printer:
        """Return what prints in the run's language and form."""
        # Imported here for start-up time: help needs no printer.
        from cli.output import Printer  # noqa: PLC0415

        return Printer(lang=self.lang, as_json=self.json)

    def reading(self) -> Dengji:
        """Return a client that only asks."""
        return self._connected(writing=False)

    def writing(self, *, enrol: bool = True, founding: str | None = None) -> Dengji:
        """Return a client that may write: on the dev chain what is missing is made first.

        `founding` identifies the first party where the contracts are made now.
        """
        self.long()
        return self._connected(writing=True, enrol=enrol, founding=founding)

    def long(self) -> None:
        """Prepare for work that takes longer than a question: collect garbage again."""
        gc.enable()

    def connection(self) -> Connection:
        """Return a bare connection, without a client on it."""
        from registry.connection import Connection  # noqa: PLC0415 (start-up: help needs none)

        self._say_whose_settings()
        made = Connection(self.settings, password=self.password, notice=self.notice, deferred=True)
        self._connections.append(made)
        return self._opened.enter_context(contextlib.closing(made))

    def _connected(
        self, *, writing: bool, enrol: bool = False, founding: str | None = None
    ) -> Dengji:
        from registry.client import Dengji  # noqa: PLC0415 (start-up: help needs no client)

        self._say_whose_settings()
        client = Dengji.connect(
            self.settings,
            writing=writing,
            enrol=enrol,
            founding=founding,
            password=self.password,
            notice=self.notice,
            deferred=True,
        )
        self._client = client
        if client.connection is not None and writing:
            self._connections.append(client.connection)
        return self._opened.enter_context(client)

    def settle(self) -> None:
        """See to what earlier runs left, once the command has nothing to do any more."""
        for connection in self._connections:
            from registry.errors import RegistryError  # noqa: PLC0415 (start-up: writing needs it)

            # What cannot be seen to now is by the next command that writes.
            with contextlib.suppress(RegistryError):
                connection.settle()

    def told(self) -> None:
        """Note that the answer was printed: the same words are a new wish from now on."""
        for connection in self._connections:
            from registry.errors import RegistryError  # noqa: PLC0415 (as above)

            try:
                connection.told()
            except RegistryError:
                self.notice("answer-unnoted", {})

    def say_what_is_under_way(self) -> None:
        """Say which transactions were sent and not told, and that nothing is lost."""
        for connection in self._connections:
            found = connection.under_way()
            if found:
                named = [f"{one.purpose} 0x{one.hash.hex()}" for one in found]
                told = ", ".join(named[:_NAMED] + ["…"] * (len(named) > _NAMED))
                self.notice("under-way", {"count": len(found), "named": told})

    def ledger(self) -> Shape | None:
        """Return which ledger the run has asked, None where it asked none."""
        if self._client is None:
            return None
        from cli import shapes  # noqa: PLC0415 (start-up: only answers from a chain need it)

        return shapes.ledger(self.settings.network, self._client.ledger)

    def _say_whose_settings(self) -> None:
        """Say in one line what the working folder's file decides: anyone may have written it."""
        settings = self.settings
        keys = [key for key in settings.from_folder if key not in ("rpc", "chain_id", "directory")]
        if settings.from_folder and not self._whose_said:
            self._whose_said = True
            said = dict.fromkeys(("network", *keys))
            told = ", ".join(f"{key} {getattr(settings, key)}" for key in said)
            self.notice("folder-settings", {"file": settings.folder_file, "settings": told})

    def notice(self, key: str, fields: Mapping[str, object]) -> None:
        """Say in one line what was done on the way."""
        self.printer.note(f"cli.notice.{key}", **fields)

    def password(self, address: str) -> Secret:
        """Return the password of an account: from the file that was named, else by prompt."""
        from cli import prompts  # noqa: PLC0415 (start-up: only signing needs it)

        return prompts.password(self, address)

    @property
    def interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def close(self) -> None:
        """Let go of every connection."""
        self._opened.close()
