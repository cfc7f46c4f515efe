"""Test that secrets show nowhere, and that nothing of them is left in memory or core files."""

from __future__ import annotations

import copy
import os
import pickle
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from registry.chain.keystore import LIGHT, Keystore
from registry.secret import Secret

ROOT = Path(__file__).parents[1]
KEY = bytes.fromhex("8f2a559490d6bb3a4cbb5e57b7e6c4d4a1e9c33f1b62a7d8e0f94c5d6b7a8190")
WORD = b"planted-Passwort-4711-Xq"
# Resets what forbids looking at the process, since it is looked at here.
LOOKED_AT = "import ctypes; ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)\n"


def test_a_secret_shows_nothing() -> None:
    """Neither its text forms nor its attributes are its content."""
    secret = Secret.of(WORD)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", repr([secret])]
    shown += [repr(getattr(secret, name)) for name in dir(secret)]
    assert not any(WORD.decode() in one or "planted" in one for one in shown)
    with pytest.raises(TypeError):
        vars(secret)


@pytest.mark.parametrize("way", [pickle.dumps, copy.copy, copy.deepcopy, hash])
def test_a_secret_is_not_passed_on(way: object) -> None:
    """It is not pickled, copied by accident, or hashed, from which a weak one could be guessed."""
    assert callable(way)
    with pytest.raises(TypeError):
        way(Secret.of(WORD))


def test_secrets_compare_by_content() -> None:
    """Two are equal when their bytes are, and none equals plain bytes."""
    assert Secret.of(WORD) == Secret.of(WORD.decode()) == Secret.of(Secret.of(bytearray(WORD)))
    assert Secret.of(WORD) != Secret.of(WORD[:-1])
    assert Secret.of(WORD) != WORD


def test_a_wiped_secret_is_zeros() -> None:
    """Wiping overwrites the bytes where they are, as the end of a block does; copies are apart."""
    secret = Secret.of(WORD)
    before, other = secret.view, Secret.of(secret)
    with secret:
        secret.cut(7)
        assert bytes(secret.view) == WORD[:7]
        assert bytes(before) == WORD[:7] + bytes(len(WORD) - 7)
    assert (bytes(before), len(secret), bool(secret)) == (bytes(len(WORD)), 0, False)
    assert bytes(other.view) == WORD


@pytest.mark.skipif(sys.platform != "linux", reason="looks at a process through /proc")
def test_nothing_is_left_in_memory(tmp_path: Path) -> None:
    """An unlocked key stands in memory once, its password nowhere; closed, the key is gone too."""
    address = Keystore(tmp_path / "keys").import_key(KEY.hex(), Secret.of(WORD), cost=LIGHT)
    (tmp_path / "word").write_bytes(WORD + b"\n")
    code = (
        "import sys; from pathlib import Path\n"
        "from registry.accounts import password_in\n"
        "from registry.chain.keystore import Keystore\n"
        "from registry.domain.ids import Address\n"
        "keystore = Keystore(Path('keys'))\n"
        "signer = keystore.unlock(Address.parse(sys.argv[1]), lambda: password_in(Path('word')))\n"
        "signer.sign_digest(bytes(range(32)))\n"
        f"{LOOKED_AT}"
        "print(); sys.stdout.flush(); sys.stdin.readline()\n"
        "keystore.close()\n"
        "print(); sys.stdout.flush(); sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(address)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        found = []
        for _ in range(2):
            assert process.stdout.readline() == b"\n"
            found.append(counted(process.pid, KEY, WORD))
            process.stdin.write(b"\n")
            process.stdin.flush()
    assert found == [(1, 0), (0, 0)]


def counted(pid: int, *needles: bytes) -> tuple[int, ...]:
    """Return how often each of some bytes stands in the writable memory of a process."""
    counts = [0] * len(needles)
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(one, 16) for one in span.split("-"))
            memory.seek(start)
            content = memory.read(end - start)
            for at, needle in enumerate(needles):
                counts[at] += content.count(needle)
    return tuple(counts)


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux whether a process is dumpable")
def test_an_unlocked_key_leaves_no_core_file(tmp_path: Path) -> None:
    """Where a key was unlocked, a crash writes no core file, whatever the limits were before."""
    address = Keystore(tmp_path / "keys").import_key(KEY.hex(), "word", cost=LIGHT)
    code = (
        "import ctypes, os, resource, sys; from pathlib import Path\n"
        "from registry.chain.keystore import Keystore\n"
        "from registry.domain.ids import Address\n"
        "_, hard = resource.getrlimit(resource.RLIMIT_CORE)\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))\n"
        "Keystore(Path('keys')).unlock(Address.parse(sys.argv[1]), 'word')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3))\n"
        "sys.stdout.flush(); os.abort()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(address)],
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process.stdout as said:
        assert said.read() == b"0 0\n"
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    assert os.WIFSIGNALED(status)
    assert not os.WCOREDUMP(status)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["keys"]


def test_a_limit_on_locked_memory_is_let_be() -> None:
    """Where no memory may be locked, secrets are held all the same."""
    before = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, before[1]))
    try:
        assert bytes(Secret.of(WORD).view) == WORD
    finally:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, before)
