"""What commands read: files, and pipes that the shell hands over, but nothing that never ends."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from cli.files import MAX_BYTES, read_bytes
from registry.domain.ids import GrantId
from registry.domain.manifest import read_manifest
from registry.domain.table_records import Faults, records
from registry.errors import FileTooLong, FileUnreadable
from registry.messages import LANGUAGES, render

if TYPE_CHECKING:
    from collections.abc import Iterator

Dengji = Callable[..., Any]

ROOT = Path(__file__).parents[2]
PARTY = "0x" + "22" * 8
READING = [
    ["metadata", "check", "FILE"],
    ["certificate", "verify", "FILE"],
    ["proof", "verify", "FILE"],
    ["credential", "verify", "FILE"],
    ["grant", "show", "FILE"],
    ["batch", "anchor", "FILE"],
    ["batch", "check", "FILE"],
    ["register", "--from-table", "FILE", "--dry-run"],
    ["register", "data", "--metadata", "FILE"],
    ["party", "suspend", PARTY, "--evidence", "FILE"],
]
pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """Return a pipe in a folder that nobody ever writes to."""
    made = tmp_path / "pipe"
    os.mkfifo(made)
    return made


@contextmanager
def handed(content: bytes) -> Iterator[Path]:
    """Have a pipe give some bytes, and return what the shell calls it."""
    source, sink = os.pipe()

    def written() -> None:
        with os.fdopen(sink, "wb") as file:
            file.write(content)

    writer = threading.Thread(target=written)
    writer.start()
    try:
        yield Path(f"/dev/fd/{source}")
    finally:
        os.close(source)
        writer.join()


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(
    dengji: Dengji, tmp_path: Path, pipe: Path, command: list[str]
) -> None:
    """Wherever a file is read, one error says that it is a pipe, and what to do instead."""
    (tmp_path / "data").write_text("data")
    ran = dengji(*(str(pipe) if one == "FILE" else one for one in command), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "file-unreadable")
    assert ran.json["error"]["fields"] == {"path": str(pipe), "reason": reason_of(command)}


def reason_of(command: list[str]) -> str:
    """Return why a pipe is refused: what is read by places is no pipe at all."""
    return "not-regular" if command[:2] == ["batch", "check"] else "named-pipe"


def test_a_pipe_is_said_to_be_one(pipe: Path) -> None:
    """In each language, with the way that is open."""
    with pytest.raises(FileUnreadable) as caught:
        read_bytes(pipe)
    for language in LANGUAGES:
        assert "/dev/stdin" in render(caught.value, language)


def test_a_keystore_from_a_pipe_that_nobody_writes_to(
    dengji: Dengji, tmp_path: Path, pipe: Path
) -> None:
    """It is no keystore, and nothing is waited for."""
    (tmp_path / "password").write_text("secret\n")
    ran = dengji("account", "import", str(pipe), "--password-file", "password", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "keystore-malformed")
    assert ran.json["error"]["fields"]["reason"] == "named-pipe"


@pytest.mark.parametrize("path", [Path("/dev/zero"), Path("/dev/urandom")])
def test_what_is_read_whole_is_no_device(path: Path) -> None:
    """A table or manifest may have any length, so that it may not come from what never ends."""
    with pytest.raises(FileUnreadable) as table:
        list(records(path, ("path",), Faults()))
    with pytest.raises(FileUnreadable) as manifest:
        read_manifest(path)
    assert table.value.reason == manifest.value.reason == "not-regular"


@pytest.mark.parametrize("command", READING[:5], ids=" ".join)
def test_a_device_is_read_up_to_a_bound(dengji: Dengji, command: list[str]) -> None:
    """A small file from what never ends is too long."""
    ran = dengji(*("/dev/zero" if one == "FILE" else one for one in command), "--json")
    assert (ran.code, ran.json["error"]["code"]) == (3, "file-too-long")


def test_what_a_pipe_gives_is_there_for_the_whole_command() -> None:
    """Read by two parts of a command, a pipe gives both the same; the next command reads anew."""
    for content in (b"the text", b"another"):
        with handed(content) as path, click.Context(click.Command("sign")):
            assert read_bytes(path) == read_bytes(path) == content


def test_a_pipe_gives_no_more_than_a_small_file_has() -> None:
    """Its bound is that of a file."""
    with (
        handed(bytes(MAX_BYTES + 1)) as path,
        click.Context(click.Command("sign")),
        pytest.raises(FileTooLong),
    ):
        read_bytes(path)


def test_a_table_comes_through_a_pipe() -> None:
    """What the shell hands over is read as a file would be."""
    with handed(b"path\na.csv\nb.csv\n") as path:
        found = [one.values["path"] for one in records(path, ("path",), Faults())]
    assert found == ["a.csv", "b.csv"]


@pytest.mark.parametrize("how", ["cat given | {} /dev/stdin", "{} /dev/stdin < given"])
def test_what_is_piped_in_is_read(tmp_path: Path, how: str) -> None:
    """The name that the shell gives to what is piped in stands for it."""
    (tmp_path / "given").write_text('dataName = "Prices"\n')
    command = how.format(f"{sys.executable} -m cli metadata check --json")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=environ,
        timeout=120,
        check=False,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert '"dataName": "Prices"' in ran.stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_will_that_cannot_be_read_is_no_offer(dengji: Dengji, tmp_path: Path, lang: str) -> None:
    """Who files the other side's will is told which command writes such a file."""
    (tmp_path / "will.json").write_text("{")
    grant = str(GrantId.of(1))
    ran = dengji("grant", "end", grant, "--with", "will.json", "--yes", "--lang", lang)
    assert ran.code == 3
    assert "`end --out`" in ran.err
