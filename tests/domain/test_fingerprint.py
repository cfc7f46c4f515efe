"""Files and folders have the fingerprint that the documentation describes."""

import hashlib
import os
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from blake3 import blake3

from registry.domain import hashing, merkle
from registry.domain.batches import Batch, Hashed
from registry.domain.cache import FingerprintCache
from registry.domain.fingerprint import Fingerprint, Progress, fingerprint
from registry.domain.manifest import read_manifest
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.processes import HashingProcess
from registry.errors import (
    ContentMissing,
    DigestUnknown,
    FileChanged,
    FolderEmpty,
    ManifestInsideContent,
    PathsRefused,
)

MIB = 1 << 20
NFC = unicodedata.normalize("NFC", "é")
NFD = unicodedata.normalize("NFD", "é")


def write(root: Path, files: dict[str, bytes]) -> Path:
    """Write files under a folder and return it."""
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def file_root(data: bytes) -> bytes:
    """Return a file's root as the documentation words it."""
    parts = [data[start : start + MIB] for start in range(0, len(data), MIB)]
    return merkle.root_of(blake3(part).digest() for part in parts)


def folder_root(files: dict[str, bytes]) -> bytes:
    """Return a folder's root as the documentation words it, for names that need no escape."""
    return merkle.root_of(
        f'{{"digest":"{file_root(data).hex()}","path":"{name}","size":{len(data)}}}'.encode()
        for name, data in sorted(files.items(), key=lambda item: item[0].encode())
    )


def root_of(path: Path, workers: int | None = None) -> bytes:
    """Return the content root of a path."""
    return fingerprint(path, workers=workers).content_root


def many(count: int) -> dict[str, bytes]:
    """Return so many small files in folders."""
    return {f"{n % 7}/{n % 11}/{n:04}": b"%d" % n * (n % 50) for n in range(count)}


def test_folder(tmp_path: Path) -> None:
    """A folder's root is that of its files' lines, in byte order of their paths."""
    files = {"a/x": b"1", "a.txt": b"2", "a-b": b"", "数/据": b"3" * (2 * MIB + 1)}
    found = fingerprint(write(tmp_path / "data", files))
    assert found == Fingerprint(
        content_root=folder_root(files),
        metadata_hash=metadata_hash(Metadata(data_name="data")),
        files=4,
        size=2 * MIB + 3,
        kind="folder",
    )


def test_known_folder(tmp_path: Path) -> None:
    """The root of a small folder never changes from one release to the next."""
    write(tmp_path, {"a.csv": b"id,name\n1,x\n", "b/empty": b""})
    expected = "29123935b5d4bdb4e8b12ac42a9184ce007cd193cd396d5e64842978c3984dc0"
    assert root_of(tmp_path).hex() == expected


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_large_folder_goes_through_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    """Enough files for processes, with large ones between, give the same root and manifest."""
    answers = []
    real = HashingProcess.hash

    def counted(self: HashingProcess, batch: Batch) -> Hashed:
        answers.append(real(self, batch))
        return answers[-1]

    monkeypatch.setattr(HashingProcess, "hash", counted)
    files = many(1500) | {f"{n}/large": bytes([n]) * (5 * MIB) for n in range(3)}
    write(tmp_path / "data", files)
    manifest = tmp_path / "m.jsonl"
    found = fingerprint(tmp_path / "data", workers=workers, manifest=manifest, digests=["sha256"])
    assert found.content_root == folder_root(files)
    assert (found.files, found.size) == (1503, sum(map(len, files.values())))
    assert read_manifest(manifest).content_root == found.content_root
    assert bool(answers) == (workers > 1)
    lines = manifest.read_text().splitlines()[1:]
    for (_, data), line in zip(sorted(files.items()), lines, strict=True):
        assert hashlib.sha256(data).hexdigest() in line


@pytest.mark.parametrize("count", [1, 15, 16, 17, 255, 256, 300, 8192, 8500, 9216])
def test_any_number_of_files(tmp_path: Path, count: int) -> None:
    """Batches of every size, whole or not, and split by a large file, come to the same root."""
    for number in range(count):
        (tmp_path / f"{number:05}").write_bytes(b"")
    files = {f"{number:05}": b"" for number in range(count)}
    assert root_of(tmp_path) == folder_root(files)
    middle = f"{count // 2:05}"
    with (tmp_path / middle).open("r+b") as file:
        file.truncate(5 * MIB)
    assert root_of(tmp_path) == folder_root(files | {middle: bytes(5 * MIB)})


def test_lost_process_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no process can be started, or one dies, the files are hashed all the same."""
    files = many(1200)
    write(tmp_path, files)
    expected = folder_root(files)
    monkeypatch.setattr(sys, "executable", "/nonexistent")
    assert root_of(tmp_path, 2) == expected
    monkeypatch.setattr(sys, "executable", "/bin/false")
    started = []
    real = HashingProcess.__init__

    def counted(self: HashingProcess) -> None:
        started.append(self)
        real(self)

    monkeypatch.setattr(HashingProcess, "__init__", counted)
    assert root_of(tmp_path, 2) == expected
    # Once one is lost no other is started, but for those that the other thread had begun.
    assert 1 <= len(started) <= 2


def test_errors_come_out_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that vanished before a process came to it is named."""
    write(tmp_path, many(1200))
    real = hashing.Hasher._batches

    def batches(self: hashing.Hasher, root: bytes, files: object) -> object:
        for number, batch in enumerate(real(self, root, files)):  # type: ignore[arg-type]
            if number == 13:
                (tmp_path / os.fsdecode(batch.paths[5])).unlink()
            yield batch

    monkeypatch.setattr(hashing.Hasher, "_batches", batches)
    with pytest.raises(FileChanged) as caught:
        fingerprint(tmp_path, workers=2)
    assert caught.value.change == "vanished"


@pytest.mark.parametrize("name", ["a.csv", "b", NFD])
def test_name_of_a_single_file_does_not_count(tmp_path: Path, name: str) -> None:
    """A file by itself has the root of its chunks, whatever it is called."""
    data = b"x" * (3 * MIB + 7)
    write(tmp_path, {name: data})
    found = fingerprint(tmp_path / name, metadata=Metadata(data_name="x"))
    assert found.content_root == file_root(data)
    assert (found.files, found.size, found.kind) == (1, len(data), "file")


def test_file_is_not_the_folder_that_holds_it(tmp_path: Path) -> None:
    """A folder of one file has another root than the file."""
    write(tmp_path, {"a": b"x"})
    assert root_of(tmp_path) != root_of(tmp_path / "a")


def test_empty_file_has_a_root(tmp_path: Path) -> None:
    """A file without bytes can be registered: its root is that of the empty tree."""
    write(tmp_path, {"a": b""})
    assert root_of(tmp_path / "a") == hashlib.sha256(b"").digest()


def test_what_the_root_does_not_depend_on(tmp_path: Path) -> None:
    """Place, times, permissions and empty folders have no part in the root."""
    one = write(tmp_path / "one", {"a/b": b"1"})
    other = write(tmp_path / "elsewhere", {"a/b": b"1"})
    (other / "empty").mkdir()
    (other / "a" / "b").chmod(0o700)
    os.utime(other / "a" / "b", (0, 0))
    assert root_of(one) == root_of(other)


def test_unicode_form_of_names_does_not_count(tmp_path: Path) -> None:
    """One folder written by a machine that decomposes names and one that does not are equal."""
    one, other = tmp_path / "one", tmp_path / "other"
    assert root_of(write(one, {NFC: b"1"})) == root_of(write(other, {NFD: b"1"}))


def test_contents_are_never_normalised(tmp_path: Path) -> None:
    """Line ends, byte order marks and Unicode forms of contents are content."""
    variants = [b"a\n", b"a\r\n", b"\xef\xbb\xbfa\n", NFC.encode(), NFD.encode()]
    roots = {root_of(write(tmp_path / str(n), {"a": v})) for n, v in enumerate(variants)}
    assert len(roots) == len(variants)


def test_every_byte_and_name_counts(tmp_path: Path) -> None:
    """A byte changed, a file renamed, moved, split, added or emptied gives another root."""
    variants = [
        {"a": b"12", "b": b"3"},
        {"a": b"13", "b": b"3"},
        {"a": b"1", "b": b"23"},
        {"c": b"12", "b": b"3"},
        {"d/a": b"12", "b": b"3"},
        {"a": b"12", "b": b"3", "c": b""},
        {"a": b"12", "b": b""},
        {"a": b"3", "b": b"12"},
        {"a": b"123"},
    ]
    roots = {root_of(write(tmp_path / str(n), files)) for n, files in enumerate(variants)}
    assert len(roots) == len(variants)


def test_further_digests_are_not_in_the_root(tmp_path: Path) -> None:
    """A manifest with further digests has the same root."""
    write(tmp_path / "data", {"a": b"1"})
    plain = fingerprint(tmp_path / "data")
    with_digest = fingerprint(tmp_path / "data", digests=["sha256"], manifest=tmp_path / "m.jsonl")
    assert plain == with_digest
    assert read_manifest(tmp_path / "m.jsonl").content_root == plain.content_root


def test_unknown_digest_is_refused(tmp_path: Path) -> None:
    """A digest that is not on offer is named with those that are."""
    with pytest.raises(DigestUnknown) as caught:
        fingerprint(write(tmp_path, {"a": b""}), digests=["md5"])
    assert caught.value.digest == "md5"
    assert "sha256" in caught.value.allowed


def test_content_that_is_not_there(tmp_path: Path) -> None:
    """A path with nothing at it, or below a file, is refused by name."""
    write(tmp_path, {"a": b""})
    for path in (tmp_path / "none", tmp_path / "a" / "b"):
        with pytest.raises(ContentMissing) as caught:
            fingerprint(path)
        assert caught.value.path == str(path)


def test_folder_without_files(tmp_path: Path) -> None:
    """A folder that holds only folders is refused, and no manifest is left behind."""
    (tmp_path / "data" / "deep").mkdir(parents=True)
    with pytest.raises(FolderEmpty):
        fingerprint(tmp_path / "data", manifest=tmp_path / "m.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_link_and_pipe_are_refused(tmp_path: Path) -> None:
    """Content that is itself a link or a pipe is refused by name."""
    write(tmp_path, {"a": b""})
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    for name, refusal in (("link", "symlink"), ("pipe", "special-file")):
        with pytest.raises(PathsRefused) as caught:
            fingerprint(tmp_path / name)
        assert caught.value.offences == [f"{tmp_path / name}: {refusal}"]


def test_file_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    """A single file with a name in another encoding is refused: no manifest could say it."""
    path = tmp_path / os.fsdecode(b"\xff")
    path.write_bytes(b"")
    with pytest.raises(PathsRefused):
        fingerprint(path)


@pytest.mark.parametrize("where", ["data/m.jsonl", "data/deep/m.jsonl", "data/a"])
def test_manifest_inside_the_content_is_refused(tmp_path: Path, where: str) -> None:
    """A manifest that would change what it describes is refused before anything is written."""
    write(tmp_path / "data", {"a": b"1"})
    with pytest.raises(ManifestInsideContent):
        fingerprint(tmp_path / "data", manifest=tmp_path / where)
    with pytest.raises(ManifestInsideContent):
        fingerprint(tmp_path / "data" / "a", manifest=tmp_path / "data" / "a")
    assert (tmp_path / "data" / "a").read_bytes() == b"1"


def test_progress_comes_to_the_whole(tmp_path: Path) -> None:
    """Progress never runs backwards, keeps its totals, and ends at them."""
    files = many(600) | {"large": b"x" * (40 * MIB)}
    seen: list[Progress] = []
    fingerprint(write(tmp_path, files), progress=seen.append)
    size = sum(map(len, files.values()))
    assert seen == sorted(seen, key=lambda p: (p.bytes_done, p.files_done))
    assert {(p.bytes_total, p.files_total) for p in seen} == {(size, 601)}
    assert (seen[-1].bytes_done, seen[-1].files_done) == (size, 601)


def test_cache_is_used_only_when_given(tmp_path: Path) -> None:
    """A change hidden from size and time is missed with the cache, and seen without it."""
    data = write(tmp_path / "data", {"a": b"1", "b": b"2" * (5 * MIB), "c": b"3"})
    for name in ("a", "b", "c"):
        os.utime(data / name, (1, 1))
    with FingerprintCache(tmp_path / "cache.sqlite3") as cache:
        first = fingerprint(data, cache=cache)
        write(data, {"a": b"9"})
        os.utime(data / "a", (1, 1))
        assert fingerprint(data, cache=cache) == first
        assert fingerprint(data) != first
        write(data, {"a": b"10"})
        os.utime(data / "a", (1, 1))
        assert fingerprint(data, cache=cache) == fingerprint(data) != first
        write(data, {"a": b"11"})
        os.utime(data / "a", (2, 2))
        assert fingerprint(data, cache=cache) == fingerprint(data)


def test_cache_of_a_single_file(tmp_path: Path) -> None:
    """A single file is remembered too, with its further digests apart."""
    path = write(tmp_path, {"a": b"1" * MIB}) / "a"
    os.utime(path, (1, 1))
    with FingerprintCache(tmp_path / "cache.sqlite3") as cache:
        first = fingerprint(path, cache=cache)
        path.write_bytes(b"2" * MIB)
        os.utime(path, (1, 1))
        assert fingerprint(path, cache=cache) == first
        assert fingerprint(path, cache=cache, digests=["sha256"]) != first


def test_young_files_are_not_remembered(tmp_path: Path) -> None:
    """A file modified this second might change again unseen, so it is read again."""
    path = write(tmp_path, {"a": b"1"}) / "a"
    with FingerprintCache(tmp_path / "cache.sqlite3") as cache:
        first = fingerprint(path, cache=cache)
        stamp = path.stat()
        path.write_bytes(b"2")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert fingerprint(path, cache=cache) != first


def test_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    """Interrupted in the middle, it ends its threads and processes and leaves no manifest."""
    write(tmp_path / "data", many(3000) | {"a-large": b"x" * (64 * MIB)})
    program = (
        "import sys, pathlib, signal\n"
        "from registry.domain import progress as telling\n"
        "from registry.domain.fingerprint import fingerprint\n"
        # However fast the machine, it is told in the middle too.
        "telling._INTERVAL_SECONDS = 0\n"
        "def progress(p):\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "try:\n"
        "    fingerprint(pathlib.Path(sys.argv[1]), workers=2, progress=progress,\n"
        "                manifest=pathlib.Path(sys.argv[2]))\n"
        "except KeyboardInterrupt:\n"
        "    print('interrupted')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data"), str(tmp_path / "m.jsonl")],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert (ended.stdout, ended.stderr) == ("interrupted\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_script_without_a_main_guard(tmp_path: Path) -> None:
    """Ten lines of a user's own script work as they stand: processes do not run it again."""
    write(tmp_path / "data", many(1200))
    script = tmp_path / "script.py"
    script.write_text(
        "import pathlib\n"
        "from registry.domain.fingerprint import fingerprint\n"
        f"print(fingerprint(pathlib.Path({str(tmp_path / 'data')!r}), workers=2).files)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=True
    )
    assert (ended.stdout, ended.stderr) == ("1200\n", "")


def test_a_hashing_process_is_handed_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a child that hashes has nothing of what is set for us or for others."""
    given: list[dict[str, str]] = []
    real = subprocess.Popen

    def seen(*arguments: object, **options: object) -> object:
        given.append(options["env"])  # type: ignore[arg-type]
        return real(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setenv("DENGJI_RPC", "https://node.example/planted-token")
    monkeypatch.setattr(subprocess, "Popen", seen)
    HashingProcess().close()
    assert len(given) == 1
    assert "PATH" in given[0]
    assert not any("planted" in one for one in given[0].values())


def test_no_thread_outlives_the_hashing(tmp_path: Path) -> None:
    """When the hashing is left, its threads have ended, while it is still referred to."""
    write(tmp_path, {"a": b"1", "b": b"2"})
    with hashing.Hasher(workers=2) as hasher:
        found = [(name, name) for name in (b"a", b"b")]
        assert list(hasher.hash_all(os.fsencode(tmp_path), found))
        running = {one.name for one in threading.enumerate()}
        assert any(name.startswith("hash") for name in running)
    left = {one.name for one in threading.enumerate() if one.name.startswith("hash")}
    assert left == set(), hasher
