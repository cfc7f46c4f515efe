"""Write one file of a data product as canonical JSON (RFC 8785)."""

from __future__ import annotations

from json.encoder import encode_basestring as json_text
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Python escapes text exactly as RFC 8785 asks for, as long as it leaves alone what is not ASCII.
__all__ = ["entry_leaf", "entry_line", "json_text"]


def entry_leaf(path: str, size: int, digest: bytes) -> bytes:
    """Return what a folder's tree hashes for one file: its canonical line without further digests.

    The members stand in the order that RFC 8785 asks for.
    """
    return f'{{"digest":"{digest.hex()}","path":{json_text(path)},"size":{size}}}'.encode()


def entry_line(
    path: str, size: int, digest: bytes, names: Sequence[str], further: Sequence[bytes]
) -> bytes:
    """Return the canonical line of one file, line feed included."""
    if not names:
        return entry_leaf(path, size, digest) + b"\n"
    given = dict(zip(names, further, strict=True))
    members = [f'"digest":"{digest.hex()}"', f'"path":{json_text(path)}', f'"size":{size}']
    members += [f'"{name}":"{value.hex()}"' for name, value in given.items()]
    # A member's name ends before its colon; none of these names holds a character below it.
    return ("{" + ",".join(sorted(members)) + "}\n").encode()
