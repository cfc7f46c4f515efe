"""Interruptions while transactions are on their way to the node."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from registry.chain.pipeline import _Pushes
from registry.chain.submission import Outcome, Reply

PATIENCE = 30.0


class Node:
    """Take transactions, but answer only once it is let."""

    def __init__(self) -> None:
        """Hold back the answer."""
        self.asked, self.let = threading.Event(), threading.Event()

    def push(self, raws: list[bytes]) -> list[Reply]:
        """Answer that each was taken."""
        self.asked.set()
        assert self.let.wait(PATIENCE)
        return [Reply(outcome=Outcome.TAKEN) for _ in raws]


def flight(number: int) -> Any:  # noqa: ANN401 (what of a flight is looked at)
    """Return a transaction that no block has yet."""
    return SimpleNamespace(entry=SimpleNamespace(raw=b"", hash=bytes([number])), found=None)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have SIGINT do what it does in a command."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("background", [False, True])
def test_what_is_on_its_way_is_waited_for_when_interrupted(*, background: bool) -> None:
    """Ctrl-C while the node has not answered yet is told once it has; what it took is kept."""
    node, marked, told = Node(), list[bytes](), list[Reply]()
    journal = SimpleNamespace(mark_sent=marked.extend)
    sender: Any = SimpleNamespace(submission=node, journal=journal)

    def interrupt() -> None:
        assert node.asked.wait(PATIENCE)
        # The sender waits by then; and whoever did not wait on would have gone on.
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.3)
        node.let.set()

    def send() -> None:
        with _Pushes(sender, lambda _, reply: told.append(reply)) as pushes:
            pushes.begin([flight(1), flight(2)], background=background)
            pushes.begin([], background=False)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        send()
    assert marked == [b"\1", b"\2"]
    assert [one.outcome for one in told] == [Outcome.TAKEN] * 2


def test_whatever_ends_a_push_is_raised_where_it_is_waited_for() -> None:
    """No exception in the thread is taken for an answer of nothing."""

    def broken(_: list[bytes]) -> list[Reply]:
        raise SystemExit

    journal = SimpleNamespace(mark_sent=list)
    sender: Any = SimpleNamespace(submission=SimpleNamespace(push=broken), journal=journal)
    with pytest.raises(SystemExit), _Pushes(sender, lambda *_: None) as pushes:
        pushes.begin([flight(1)], background=False)
