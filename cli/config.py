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
        text = _without_secrets(key, value) if isinstance(value, str) else value
        shown = text if isinstance(text, int) or text is None else str(text)
        items.append({"setting": key, "value": shown, "origin": settings.origins[key]})
    return Page(items=items, columns=("setting", "value", "origin"))


def _without_secrets(key: str, value: str) -> str:
    from registry.redaction import concealed, redacted  # noqa: PLC0415 (start-up time)

    return redacted(value) if key == "rpc" else concealed(value)
