"""What has broken a reader once is kept, and tried again."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from assurance.inputs.catalogue import targets
from assurance.inputs.trial import Trial
from registry.errors import AuditUnusable
from registry.replays import Replays


def seed(name: str, number: int = 0) -> bytes:
    """Return an input that a target takes."""
    return targets()[name].seeds()[number]


def swapped(name: str, old: bytes, new: bytes) -> bytes:
    """Return an input that a target takes with a part of it changed."""
    given = seed(name)
    assert old in given
    return given.replace(old, new, 1)


DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("territory", b"7" * 5_000),
        ("quota", b"7" * 5_000 + b"call"),
        ("salts", b'{"format":"dengji-salts/1","party":null}'),
        ("salts", DEEP),
        ("certificate (page)", b"<a " * 20_000),
        ("certificate (page)", b"<script " * 20_000),
        ("certificate (page)", b"<!--" * 20_000),
        ("certificate (page)", b"<meta a='" * 20_000),
        ("ignore file", b"[" * 20_000),
        ("ignore file", b"a\n" * 6_000),
        ("node: HTTP", b"HTTP/1.1 " + b"9" * 5_000 + b" x\r\n\r\n"),
        ("deployments known", b'{"7:0x' + b"01" * 32 + b'":5}'),
        ("deployments known", DEEP),
        ("deployments verified", b'{"stamp":"stamp","x":1}'),
        ("deployments verified", b"[]"),
        ("texts kept", DEEP),
        ("draft of a form", DEEP),
        ("secret of a home", b"abab\x83"),
        ("secret of a home", b"ab"),
        ("record of an erasure", b"7"),
        ("record of an erasure", DEEP),
        ("record of the dev chain", DEEP),
        ("record of the dev chain", b'{"format":1}'),
        ("checkpoint (right checksums)", b"F" + bytes(8)),
        ("checkpoint (right checksums)", b"C"),
    ],
    ids=str,
)
def test_what_once_broke_a_reader(name: str, given: bytes) -> None:
    """Each input is refused, or read for what it says, in time and in our own words."""
    Trial(targets()[name]).run(given, measure=True)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("description (DCAT, RDF/XML)", b"utf-8", b"utf.8"),
        ("node: eth_getBlockByNumber (transactions)", b'"from": "0x0c', b'"from": 5, "x": "0x0c'),
        ("journal", b"landed", b"lbnded"),
        ("keystore", b'"r": 8', b'"r": 0'),
        ("keystore", b'"n": ', b'"n": -'),
        ("node: eth_getProof", b'"0xe7a0', b'"0xe8a0'),
        ("node: eth_getProof", b'901"]}]}', b'901", "0xc0"]}]}'),
        ("audit kept", b"5 " + b"03" * 32, b"5 g3" + b"03" * 31),
        ("audit kept", b"words", b"w\xff\xff\xff\xff"),
        ("record of the dev chain", b"8545", b'"8545"'),
        ("certificate (JSON)", b'"asOf"', b'"' + b"x" * 50_000 + b'":1,"asOf"'),
    ],
)
def test_a_part_that_once_broke_a_reader(name: str, old: bytes, new: bytes) -> None:
    """The same, for documents of which one part was changed."""
    Trial(targets()[name]).run(swapped(name, old, new), measure=True)


def test_a_checkpoint_does_not_expand_without_end() -> None:
    """A frame that was packed small is not unpacked beyond what a batch of files can be."""
    packed = zlib.compress(bytes(1 << 28), 9)
    head = (1).to_bytes(4, "little") + len(packed).to_bytes(4, "little")
    Trial(targets()["checkpoint (right checksums)"]).run(b"F" + head + packed[: 1 << 20])


def test_an_audit_that_cannot_be_read_holds_no_lock(tmp_path: Path) -> None:
    """Whoever catches the error can open the file that takes the damaged one's place."""
    path = tmp_path / "audit.sqlite3"
    path.write_bytes(swapped("audit kept", b"words", b"w\xff\xff\xff\xff"))
    with pytest.raises(AuditUnusable) as caught:
        Replays(path, "stamp")
    held = {one.resolve() for one in Path("/proc/self/fd").iterdir()}
    assert path.resolve() not in held
    assert caught.value.file == str(path)
