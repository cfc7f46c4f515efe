"""The child's side of hashing in processes: what it answers, and what it does not stop at."""

from __future__ import annotations

import gc
import io
import pickle
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from registry.domain import worker
from registry.domain.batches import Batch, hash_batch
from registry.domain.mapped import Range, hash_mapped
from registry.domain.stamps import stamp_of
from registry.errors import FileChanged, FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give this process its signals and its collector back."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)
    gc.enable()


def answers(monkeypatch: pytest.MonkeyPatch, *requests: Batch | Range) -> list[object]:
    """Return what the child answers to these requests, one after the other."""
    asked, answered = io.BytesIO(b"".join(map(pickle.dumps, requests))), io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(asked))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(answered))
    worker.serve()
    answered.seek(0)
    found = []
    while answered.tell() < len(answered.getvalue()):
        found.append(pickle.load(answered))  # noqa: S301 (made a moment ago)
    return found


def batch(folder: Path, *names: bytes) -> Batch:
    """Return files of a folder as one batch."""
    return Batch(root=bytes(folder), paths=names, disk_paths=names, detail=True)


def test_each_request_has_its_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch and a range come to what they come to in one process, in the order asked."""
    (tmp_path / "a").write_bytes(b"first")
    (tmp_path / "b").write_bytes(b"second" * 1000)
    files, whole = batch(tmp_path, b"a", b"b"), tmp_path / "b"
    part = Range(path=bytes(whole), stamp=stamp_of(whole.stat()), start=0, end=6000)
    assert answers(monkeypatch, files, part) == [hash_batch(files), hash_mapped(part)]
    assert answers(monkeypatch) == []


def test_an_error_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read, or has changed, is told; what is asked next is answered all the same."""
    (tmp_path / "a").write_bytes(b"first")
    file = tmp_path / "a"
    stale = Range(path=bytes(file), stamp=stamp_of(file.stat()), start=0, end=5)
    file.write_bytes(b"other")
    good = batch(tmp_path, b"a")
    gone, changed, last = answers(monkeypatch, batch(tmp_path, b"gone"), stale, good)
    assert isinstance(gone, (FileChanged, FileUnreadable))
    assert isinstance(changed, FileChanged)
    assert last == hash_batch(good)


def test_an_interrupt_is_its_parents_affair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C reaches the whole group of processes, and the child leaves it to the parent."""
    assert answers(monkeypatch) == []
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
