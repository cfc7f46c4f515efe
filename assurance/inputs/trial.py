"""Run one reader on one input, and hold what it does against what every reader promises.

A reader ends within seconds of its own time and within memory that follows the length of what it
is given; it raises one of its own errors, which the catalogue has a sentence for in every
language; or it returns a value which, written and read again, is the same value.
"""

from __future__ import annotations

import json
import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from cli.plain import plain
from registry import messages
from registry.errors import RegistryError

if TYPE_CHECKING:
    from types import FrameType

SECONDS: Final = 10.0
"""CPU seconds that one execution may take; what is right takes thousandths."""

MEMORY_BASE: Final = 24 << 20
MEMORY_FACTOR: Final = 200
"""Bytes of memory allowed for any input, and for each byte of it: objects of Python are large."""

LONGEST_SENTENCE: Final = 40_000
"""Characters that an error may say, however much it was given."""

Shape = Literal["json", "lines", "toml", "text", "binary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Name a reader of outside input.

    :ivar name: as reports name it.
    :ivar read: reads bytes, or raises one of `refusals`.
    :ivar seeds: makes inputs that it takes.
    :ivar write: gives the bytes from which a value is read back, None where there is no such form.
    :ivar sealed: whether nothing but what a seed says may ever be accepted, since digests or
        signatures hold it.
    :ivar shape: how inputs are changed so that much of them stays what it is.
    :ivar piece: how many executions make one piece of a campaign, fewer for a slow reader.
    :ivar longest: bytes beyond which inputs are not made.
    """

    name: str
    read: Callable[[bytes], Any]
    seeds: Callable[[], Sequence[bytes]]
    write: Callable[[Any], bytes] | None = None
    sealed: bool = False
    shape: Shape = "json"
    refusals: tuple[type[Exception], ...] = (RegistryError,)
    piece: int = 5_000
    longest: int = 1 << 16


class PromiseBrokenError(Exception):
    """Say which promise a reader broke on which input."""

    def __init__(self, target: str, promise: str, detail: str, given: bytes) -> None:
        super().__init__(f"{target}: {promise}: {detail[:400]} (given {given[:200]!r})")
        self.promise = promise
        self.detail = detail
        self.given = given


class _TooSlowError(BaseException):
    """Interrupt a reader; not an Exception, so that no reader takes it for its own."""


@dataclass(slots=True)
class Tally:
    """Count what came of executions.

    :ivar refused: how often, by the code of the error.
    :ivar seconds: the longest execution, in CPU seconds.
    :ivar memory: the greatest peak of memory, in bytes, of those that were measured.
    """

    executions: int = 0
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    memory: int = 0
    measured: int = 0


class Trial:
    """Run a target, remembering what its seeds say."""

    def __init__(self, target: Target, *, seconds: float = SECONDS) -> None:
        """Read all seeds, each of which must be taken.

        :raises PromiseBrokenError: a seed is refused.
        """
        self.target = target
        self.tally = Tally()
        self._seconds = seconds
        self.seeds = tuple(target.seeds())
        self._sealed: list[Any] = []
        self._told: set[tuple[str, str]] = set()
        for seed in self.seeds:
            try:
                self._sealed.append(target.read(seed))
            except target.refusals as error:
                raise self._broken("seeds are taken", repr(error), seed) from error
            self.run(seed)

    def run(self, given: bytes, *, measure: bool = False) -> bool:
        """Execute the reader once and tell whether it accepted; `measure` watches its memory too.

        :raises PromiseBrokenError: it did what no reader may do.
        """
        started = time.process_time()
        try:
            with _limited(self._seconds):
                accepted = self._measured(given) if measure else self._judged(given)
        except _TooSlowError as error:
            raise self._broken("ends in time", f"{self._seconds} CPU seconds", given) from error
        self.tally.executions += 1
        self.tally.accepted += accepted
        self.tally.seconds = max(self.tally.seconds, time.process_time() - started)
        return accepted

    def _measured(self, given: bytes) -> bool:
        tracemalloc.start()
        try:
            accepted = self._judged(given)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.tally.measured += 1
        self.tally.memory = max(self.tally.memory, peak)
        if peak > MEMORY_BASE + MEMORY_FACTOR * len(given):
            raise self._broken("keeps within memory", f"{peak} for {len(given)} bytes", given)
        return accepted

    def _judged(self, given: bytes) -> bool:
        target = self.target
        try:
            value = target.read(given)
        except target.refusals as error:
            self._require_said(error, given)
            return False
        except _TooSlowError:
            raise
        except BaseException as error:
            raise self._broken("raises its own errors alone", repr(error), given) from error
        if target.sealed and value not in self._sealed:
            raise self._broken("takes nothing unsealed", repr(value), given)
        if target.write is not None:
            self._require_same(value, given)
        return True

    def _require_same(self, value: Any, given: bytes) -> None:  # noqa: ANN401 (any reader's)
        target = self.target
        if target.write is None:
            return
        try:
            written = target.write(value)
            again = target.read(written)
        except Exception as error:
            raise self._broken("reads what it wrote", repr(error), given) from error
        if again != value:
            raise self._broken("reads what it wrote", f"{value!r} became {again!r}", given)

    def _require_said(self, error: Exception, given: bytes) -> None:
        code = error.code if isinstance(error, RegistryError) else type(error).__name__
        self.tally.refused[code] = self.tally.refused.get(code, 0) + 1
        if not isinstance(error, RegistryError):
            return
        try:
            fields = json.dumps(error.fields)
            sentences = [messages.render(error, lang) for lang in messages.LANGUAGES]
            hints = [messages.hint(error, lang) or "" for lang in messages.LANGUAGES]
            plain("".join([*sentences, *hints])).encode()
        except Exception as cause:
            raise self._broken("errors can be told", repr(cause), given) from cause
        if not all(messages.has(f"{_PREFIX}{code}", lang) for lang in messages.LANGUAGES):
            raise self._broken("errors are in the catalogue", code, given)
        if max(map(len, (fields, *sentences))) > LONGEST_SENTENCE:
            raise self._broken("errors are short", code, given)

    def _broken(self, promise: str, detail: str, given: bytes) -> PromiseBrokenError:
        return PromiseBrokenError(self.target.name, promise, detail, given)


_PREFIX: Final = "error."


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Interrupt what takes more CPU time than that; only the main thread can be."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
