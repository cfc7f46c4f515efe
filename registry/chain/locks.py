"""Let one process at a time send with a key."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from typing import TYPE_CHECKING, Final

from registry.errors import AccountBusy, ConfigError, JournalUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.domain.ids import Address

_FIRST_PAUSE: Final = 0.002
_LONGEST_PAUSE: Final = 0.1
_PATIENCE: Final = 1.0
"""Seconds of waiting that nobody needs to be told of."""


class AccountLock:
    """Hold the right to choose nonces for one address on one chain.

    The lock is the operating system's, on a file in `directory`: it ends with the process that
    holds it, however that ends. Threads of one process exclude one another as well.
    """

    def __init__(self, directory: Path, chain_id: int, address: Address) -> None:
        """Name the lock; nothing is taken yet."""
        self.path = directory / f"{chain_id}-{address.hex}.lock"
        self._address = address

    @contextlib.contextmanager
    def held(self, *, timeout: float, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold the lock; `waiting` is called once where another holds it for more than a second.

        Raises AccountBusy after `timeout` seconds.
        """
        descriptor = self._opened()
        try:
            self._take(descriptor, timeout, waiting)
            yield
        finally:
            os.close(descriptor)

    def _opened(self) -> int:
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unusable(error) from error

    def _take(self, descriptor: int, timeout: float, waiting: Callable[[], None]) -> None:
        started, told, pause = time.monotonic(), False, _FIRST_PAUSE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                waited = time.monotonic() - started
                if waited >= timeout:
                    raise AccountBusy(address=str(self._address), seconds=int(timeout)) from error
            except OSError as error:
                raise self._unusable(error) from error
            else:
                return
            if waited >= _PATIENCE and not told:
                told = True
                waiting()
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _unusable(self, error: OSError) -> ConfigError:
        return JournalUnusable(path=str(self.path), reason=error.strerror or str(error))
