"""Large files are hashed from the system's cache by processes that may be lost."""

import os
import signal
from pathlib import Path

import pytest

from registry.domain import hashing, processes
from registry.domain.chunks import hash_buffered
from registry.domain.fingerprint import fingerprint
from registry.domain.mapped import Range, hash_mapped
from registry.domain.processes import HashingProcess, WorkerLostError
from registry.domain.stamps import OpenFile
from registry.errors import FileChanged

MIB = 1 << 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a file of 33 MiB and a byte."""
    file = tmp_path / "large"
    file.write_bytes(os.urandom(33 * MIB + 1))
    return file


def test_mapped_chunks_are_those_that_are_read(path: Path) -> None:
    """A range has the same digests however it is read, also one at the end of the file."""
    with OpenFile(bytes(path)) as file:
        for start, end in ((0, 8 * MIB), (8 * MIB, 25 * MIB), (32 * MIB, 33 * MIB + 1)):
            read = hash_buffered(file, start, end)
            assert hash_mapped(Range(bytes(path), file.stamp, start, end)) == read


def test_file_that_changed_since_it_was_opened_is_refused(path: Path) -> None:
    """A process that finds another file than the one that was opened says so."""
    with OpenFile(bytes(path)) as file:
        stamp = file.stamp
        with path.open("r+b") as other:
            other.write(b"x")
    with pytest.raises(FileChanged) as caught:
        hash_mapped(Range(bytes(path), stamp, 0, MIB))
    assert caught.value.change == "rewritten"


def test_process_answers_and_errors_come_back(path: Path) -> None:
    """A process hashes ranges one after the other, and goes on after an error."""
    process = HashingProcess()
    try:
        with OpenFile(bytes(path)) as file:
            wanted = Range(bytes(path), file.stamp, 0, 2 * MIB)
            expected = hash_buffered(file, 0, 2 * MIB)
        assert process.hash_range(wanted) == expected
        with pytest.raises(FileChanged):
            process.hash_range(wanted._replace(path=bytes(path) + b".gone"))
        assert process.hash_range(wanted) == expected
        process.kill()
        with pytest.raises(WorkerLostError):
            process.hash_range(wanted)
    finally:
        process.close()


def test_very_large_file_goes_through_processes(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file beyond the bound has the same root through processes, and when they are lost."""
    expected = fingerprint(path)
    monkeypatch.setattr(hashing, "_SIZE_WORTH_PROCESSES", MIB)
    monkeypatch.setattr(hashing, "_MAPPED_RANGE_STEP", MIB)
    monkeypatch.setattr(hashing, "_MAPPED_RANGES", 3)
    ranges = []
    real = HashingProcess.hash_range

    def counted(self: HashingProcess, wanted: Range) -> list[bytes]:
        ranges.append(wanted)
        return real(self, wanted)

    monkeypatch.setattr(HashingProcess, "hash_range", counted)
    assert fingerprint(path, workers=2) == expected
    assert [(wanted.start, wanted.end) for wanted in sorted(ranges)] == [
        (0, 12 * MIB),
        (12 * MIB, 24 * MIB),
        (24 * MIB, 33 * MIB + 1),
    ]

    def lost(self: HashingProcess, wanted: Range) -> list[bytes]:
        self.kill()
        return real(self, wanted)

    monkeypatch.setattr(HashingProcess, "hash_range", lost)
    assert fingerprint(path, workers=2) == expected


def test_file_cut_short_while_it_is_mapped_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cutting a mapped file takes its process down, and the file is refused by name."""
    program = (
        "import sys; sys.path[:] = sys.argv[1:]\n"
        "import os; from registry.domain import mapped, worker; real = mapped.blake3\n"
        "def cut(chunk):\n"
        f"    os.truncate({str(path)!r}, 0)\n"
        "    return real(chunk)\n"
        "mapped.blake3 = cut\n"
        "worker.serve()\n"
    )
    codes = []
    real = HashingProcess.close

    def close(self: HashingProcess) -> None:
        codes.append(self._child.wait(120))
        real(self)

    monkeypatch.setattr(hashing, "_SIZE_WORTH_PROCESSES", MIB)
    monkeypatch.setattr(processes, "_PROGRAM", program)
    monkeypatch.setattr(HashingProcess, "close", close)
    with pytest.raises(FileChanged) as caught:
        fingerprint(path, workers=1)
    assert (caught.value.path, caught.value.change) == (str(path), "shrank")
    assert codes == [-signal.SIGBUS]
