"""`dengji config`: look at the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.grammar import command, group
from cli.output import Json, Page

if TYPE_CHECKING:
    from cli.session import Session

config = group("config")


@command("config.show", config)
def show(session: Session) -> Page:
    """Show each setting with its origin."""
    from registry.settings import KEYS  # noqa: PLC0415 (start-up time)

    settings = session.settings
    items: list[dict[str, Json]] = []
    for key in KEYS:
        value = getattr(settings, key)
        text = _without_secrets(value) if key == "rpc" and value else value
        shown = text if isinstance(text, int) or text is None else str(text)
        items.append({"setting": key, "value": shown, "origin": settings.origins[key]})
    return Page(items=items, columns=("setting", "value", "origin"))


def _without_secrets(url: str) -> str:
    from registry.chain.transport import redacted  # noqa: PLC0415 (start-up: it loads HTTP)

    return redacted(url)
