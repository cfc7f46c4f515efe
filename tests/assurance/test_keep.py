"""What a long part has found is kept, and only for the sources that it was found on."""

from __future__ import annotations

import contextlib
import json
import signal
from pathlib import Path

import pytest

from assurance import interruption
from assurance.keep import ROOT, Keep, digest


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep in a folder of the test's own."""
    monkeypatch.setenv("DENGJI_ASSURANCE_KEEP", str(tmp_path))
    return tmp_path


def test_records_are_there_for_the_next_process() -> None:
    """What was appended is read back in its order, and is found by its values."""
    keep = Keep("faults", sources="a")
    keep.append({"case": 1, "name": "测", "lost": 0})
    assert keep.covers(case=1)
    assert not keep.covers(case=2)
    keep.append({"case": 2, "name": "b", "lost": 1})
    again = Keep("faults", sources="a")
    assert list(again) == list(keep)
    assert [record["case"] for record in again] == [1, 2]
    assert again.covers(case=2, name="b")
    assert not again.covers(case=1, name="b")
    assert again.found(name="测") == {"case": 1, "name": "测", "lost": 0}
    assert not again.covers(other=1)


def test_the_newest_record_of_a_key_counts() -> None:
    """Of two records with the same values the later one is found."""
    keep = Keep("faults")
    keep.append({"case": 1, "lost": 1})
    assert keep.covers(case=1)
    keep.append({"case": 1, "lost": 0})
    assert keep.found(case=1) == {"case": 1, "lost": 0}
    assert Keep("faults").found(case=1) == {"case": 1, "lost": 0}


def test_records_of_other_sources_and_parts_are_of_no_account() -> None:
    """After a change of the sources nothing counts, and after it is taken back all does."""
    Keep("faults", sources="a").append({"case": 1})
    assert list(Keep("faults", sources="b")) == []
    assert list(Keep("keys", sources="a")) == []
    Keep("faults", sources="b").append({"case": 2})
    assert list(Keep("faults", sources="a")) == [{"case": 1}]


def test_a_line_that_was_cut_off_is_found_anew(folder: Path) -> None:
    """A process that was killed while it wrote loses that record alone."""
    keep = Keep("faults")
    keep.append({"case": 1})
    path = folder / "faults.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-9])
    again = Keep("faults")
    assert list(again) == [{"case": 1}]
    again.append({"case": 2})
    assert [json.loads(line)["found"]["case"] for line in path.read_text().splitlines()] == [1, 2]


def test_nothing_is_kept_after_an_interruption(folder: Path) -> None:
    """What is tried may have taken it for its own, so that what it came to says nothing."""
    keep = Keep("faults")
    before = signal.getsignal(signal.SIGINT)
    interruption.listen()
    try:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with interruption.interruptible("faults"):
            keep.append({"case": 1})
        assert interruption.interrupted()
        assert not keep.covers(case=1)
        assert not list(folder.iterdir())
    finally:
        interruption.forget()
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def test_the_smallest_form_keeps_nothing(folder: Path) -> None:
    """At its smallest a part neither sees what a long form kept nor adds to it."""
    Keep("faults").append({"case": 1})
    small = Keep("faults", smallest=True)
    assert list(small) == []
    small.append({"case": 2})
    assert small.covers(case=2)
    assert len(Keep("faults")) == 1
    assert [path.name for path in folder.iterdir()] == ["faults.jsonl"]


def test_a_digest_is_of_names_and_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed byte, another name and a new file change it; caches and order do not."""
    monkeypatch.setattr("assurance.keep.ROOT", tmp_path)
    inner = tmp_path / "inner"
    (inner / "__pycache__").mkdir(parents=True)
    (inner / "a.py").write_text("1")
    (tmp_path / "b").write_text("2")
    seen = {digest("inner", "b")}
    (inner / "__pycache__" / "a.pyc").write_text("3")
    assert seen == {digest("b", "inner", "inner/a.py")}
    (inner / "a.py").write_text("4")
    seen.add(digest("inner", "b"))
    (inner / "a.py").rename(inner / "c.py")
    seen.add(digest("inner", "b"))
    (inner / "d.py").write_text("")
    seen.add(digest("inner", "b"))
    assert len(seen) == 4
    with pytest.raises(FileNotFoundError):
        digest("gone")


def test_without_a_folder_named_the_build_folder_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records lie in `build/`, which is no part of what is committed."""
    monkeypatch.delenv("DENGJI_ASSURANCE_KEEP")
    assert Keep("never")._path == ROOT / "build" / "assurance" / "never.jsonl"
    assert "build/" in (ROOT / ".gitignore").read_text().splitlines()
