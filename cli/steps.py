"""Tell how far an operation of the administration has come: announced, waiting, or done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli import shapes
from cli.output import Answer

if TYPE_CHECKING:
    from cli.output import Json
    from registry.services.restricted import Progress


def answer(topic: str, progress: Progress, **fields: Json) -> Answer:
    """Return the answer of a command that takes such a step; waiting is exit code 1.

    The sentence of a step that is done is `cli.<topic>.done`.
    """
    from registry.services.restricted import Step  # noqa: PLC0415 (start-up time)

    done = progress.step is Step.DONE
    left = 0 if progress.ready is None else max(0, progress.ready - progress.now)
    return Answer(
        headline=f"cli.{topic}.done" if done else f"cli.step.{progress.step}",
        value={
            **fields,
            "step": progress.step.value,
            "ready": shapes.time(progress.ready),
            "lapses": shapes.time(progress.lapses),
            "receipt": shapes.receipt(progress.receipt),
        },
        said={"left": _span(left)},
        exit_code=1 if progress.step is Step.WAITING else 0,
    )


def _span(seconds: int) -> str:
    """Return a span of time as days, hours and minutes, rounded up to the minute."""
    minutes = -(-seconds // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return " ".join(parts) or "0 min"
