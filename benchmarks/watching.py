"""Watch how much memory processes take."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable


class AnonymousMemory:
    """Watch the anonymous memory of a process and its children while it is entered.

    :param process: the process by its number, this one where none is given.
    :ivar peak_mb: the most at one time, in MB.
    """

    _INTERVAL: Final = 0.02

    def __init__(self, process: int | None = None) -> None:
        self.peak_mb = 0.0
        self._family = _family(os.getpid() if process is None else process)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(self._INTERVAL):
            self.peak_mb = max(self.peak_mb, sum(map(_anonymous_mb, self._family())))


def _family(process: int) -> Callable[[], list[str]]:
    """Return what names a process and its children."""
    tasks = Path("/proc", str(process), "task")

    def family() -> list[str]:
        try:
            found = list(tasks.iterdir())
        except OSError:
            return []
        children = [child for task in found for child in _read(task / "children").split()]
        return [str(process), *children]

    return family


def _anonymous_mb(process: str) -> float:
    """Return a process's anonymous memory, 0 where it is gone."""
    for line in _read(Path("/proc", process, "status")).splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
