"""What the lock files pin is pinned to its bytes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scripts.gen_sbom import ROOT, locks
from scripts.pins import Digest, Pin, node_pins, python_pins

FEW = 40
"""Less in a large lock file would mean that it is written in another way than is read."""

LOCK = """\
click==8.5.1 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via dengji (pyproject.toml)
colorama[win]==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:{c}
    # via
    #   -c requirements/runtime.txt
    #   click
""".format(a="a" * 64, b="b" * 64, c="c" * 64)


def test_no_pin_is_without_a_hash() -> None:
    """Each package of each lock file has an exact version and a digest of SHA-2."""
    held = locks(ROOT)
    assert set(held) >= {"requirements/runtime.txt", "requirements/dev.txt", "package-lock.json"}
    assert all(len(held[lock]) >= FEW for lock in ("requirements/dev.txt", "package-lock.json"))
    bare = [
        (lock, pin.purl)
        for lock, pins in held.items()
        for pin in pins
        if not any(one.algorithm in {"SHA-256", "SHA-512"} for one in pin.digests)
    ]
    assert bare == []


def test_no_lock_file_names_where_it_was_resolved() -> None:
    """Neither an index nor the address of a file stands in a lock file."""
    texts = {lock: (ROOT / lock).read_text("utf-8") for lock in locks(ROOT)}
    assert [lock for lock, text in texts.items() if "://" in _without_funding(text)] == []


def test_npm_runs_nothing_while_it_installs() -> None:
    """Install scripts of packages are off for every npm that is called in this folder."""
    told = subprocess.run(
        ["npm", "config", "get", "ignore-scripts"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "true"


def _without_funding(text: str) -> str:
    """Leave out where npm's makers ask for money, which is no place to fetch from."""
    if not text.startswith("{"):
        return text
    packages = json.loads(text)["packages"].values()
    return json.dumps([{**one, "funding": None} for one in packages])


def test_a_lock_file_of_python_is_read(tmp_path: Path) -> None:
    """Versions, markers, hashes and who asked are read as `scripts/lock` writes them."""
    lock = tmp_path / "dev.txt"
    lock.write_text(LOCK, "utf-8")
    click, colorama = python_pins(lock)
    assert click == Pin(
        kind="pypi",
        name="click",
        version="8.5.1",
        digests=tuple(Digest(algorithm="SHA-256", content=one * 64) for one in "ab"),
        asked_by=frozenset({"dengji (pyproject.toml)"}),
    )
    assert colorama.marker == "sys_platform == 'win32'"
    assert colorama.asked_by == {"-c requirements/runtime.txt", "click"}
    assert colorama.purl == "pkg:pypi/colorama@0.4.6"


@pytest.mark.parametrize(
    "line",
    [
        "click>=8",
        "click",
        "https://example.org/click.whl",
        "-e .",
        "--index-url=https://example.org",
        "click==8.5.1 \\\n    --hash=md5:aa",
        f"click==8.5.1 \\\n    --hash=sha256:{'a' * 63}",
        f"click==8.5.1 \\\n    --hash=sha256:{'a' * 65}",
    ],
)
def test_what_is_not_pinned_is_refused(tmp_path: Path, line: str) -> None:
    """A range, an address, an option and a weak or short hash are no pins."""
    lock = tmp_path / "dev.txt"
    lock.write_text(line + "\n", "utf-8")
    with pytest.raises(ValueError, match=r"^dev.txt "):
        list(python_pins(lock))


def test_a_pin_without_a_hash_is_seen(tmp_path: Path) -> None:
    """A version alone is read as a pin that has no digest, which the tests above refuse."""
    lock = tmp_path / "dev.txt"
    lock.write_text("click==8.5.1\n    # via rich\n", "utf-8")
    (click,) = python_pins(lock)
    assert click.digests == ()


def test_a_lock_file_of_npm_is_read(tmp_path: Path) -> None:
    """Integrity is read as hex, aliases by their true name, and askers by where they look."""
    lock = tmp_path / "package-lock.json"
    entry = {"version": "1.0.0", "integrity": "sha512-AAH/"}
    packages = {
        "": {"dependencies": {"a": "1"}},
        "node_modules/a": {**entry, "dependencies": {"b": "2", "c": "1", "gone": "1"}},
        "node_modules/a/node_modules/b": {**entry, "version": "2.0.0"},
        "node_modules/b": {"version": "1.0.0", "license": "MIT"},
        "node_modules/c": {**entry, "name": "ms", "dependencies": {"b": "1"}},
    }
    lock.write_text(json.dumps({"packages": packages}), "utf-8")
    pins = list(node_pins(lock))
    assert [pin.purl for pin in pins] == [
        *("pkg:npm/a@1.0.0", "pkg:npm/b@2.0.0", "pkg:npm/b@1.0.0", "pkg:npm/ms@1.0.0"),
    ]
    assert [set(pin.asked_by) for pin in pins] == [
        *(set(), {"pkg:npm/a@1.0.0"}, {"pkg:npm/ms@1.0.0"}, {"pkg:npm/a@1.0.0"}),
    ]
    assert pins[0].digests == (Digest(algorithm="SHA-512", content="0001ff"),)
    assert pins[2].digests == ()
    assert pins[2].licence == "MIT"
