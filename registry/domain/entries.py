"""Write one file of a data product as canonical JSON (RFC 8785)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Python escapes text exactly as RFC 8785 asks for, once it leaves what is not ASCII alone.
json_text: Final = json.JSONEncoder(ensure_ascii=False).encode


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
