"""Name the tasks that are compared, and what ours, the floor and each peer call them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

WHO: Final = {"ours": "Dengji", "floor": "floor", "eas": "EAS", "ocean": "Ocean"}
"""How a page calls ours, the floor and the peers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Name one task and what each calls it; empty where there is no such thing."""

    task: str
    ours: str
    floor: str = ""
    eas: str = ""
    ocean: str = ""

    def figures(self, suffix: str, names: Collection[str]) -> dict[str, str]:
        """Return the names of those figures that there are, by who."""
        called = {"ours": self.ours, "floor": self.floor, "eas": self.eas, "ocean": self.ocean}
        whole = {who: f"{who}: {task}{suffix}" for who, task in called.items()}
        return {who: name for who, name in whole.items() if name in names}


ROWS: Final = (
    Row(
        task="register a product: two digests",
        ours="register",
        floor="register",
        eas="digests",
        ocean="product",
    ),
    Row(
        task="the same with a URI and a parent",
        ours="listed",
        floor="listed",
        eas="product",
    ),
    Row(task="grant its use", ours="grant", floor="grant", eas="grant", ocean="order"),
    Row(task="grant it by signatures, filed by a third", ours="agree", eas="delegated"),
    Row(task="revoke the grant", ours="revoke", floor="revoke", eas="revoke"),
    Row(
        task="put down one root, of up to a million registrations",
        ours="anchor",
        floor="anchor",
        eas="timestamp",
    ),
)
BATCHED: Final = ("register", "grant", "revoke")


def compared(names: Collection[str]) -> list[tuple[str, dict[str, str]]]:
    """Return each task, alone and then in batches, with the figure of everyone who has it.

    :param names: what was measured; a figure is called by who, a colon and what.
    """
    found = (re.fullmatch(r"ours: register_(\d+)", name) for name in names)
    sizes = sorted(int(match[1]) for match in found if match)
    asked = [(row.task, row, "") for row in ROWS]
    asked += [
        (f"{row.task}, each of {size}", row, f"_{size}")
        for size in sizes
        for row in ROWS
        if row.ours in BATCHED
    ]
    return [(task, row.figures(suffix, names)) for task, row, suffix in asked]
