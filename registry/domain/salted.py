"""Salt the digests of a private registration, so that nobody finds its content by guessing.

The ledger then holds SHA-256(0x02 ‖ salt ‖ digest) in place of the content root, and likewise, with
a salt of its own, in place of the metadata hash; a salt is 32 random bytes. No leaf or node of a
Merkle tree begins with 0x02, so what is salted is never a root of anything. Who has the salt of the
content root can tie the content to its registration; once every copy of it is gone, nobody can.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

import rfc8785

from registry.domain.ids import PartyId
from registry.domain.nesting import read_shallow
from registry.errors import IdMistyped, SaltsUnreadable
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.ids import ProductId
    from registry.domain.product import Version

SALT_BYTES: Final = 32
FORMAT: Final = "dengji-salts/1"
ERASURE_FORMAT: Final = "dengji-erasure/1"
_PREFIX: Final = b"\x02"
_DIGITS: Final = re.compile(r"[0-9a-f]{64}")
_MEMBERS: Final = ("content_root", "content_salt", "metadata_hash", "metadata_salt")


def salted(salt: bytes, digest: bytes) -> bytes:
    """Return a digest (32 bytes) as the ledger holds it under a salt."""
    return sha256(_PREFIX + salt + digest).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Salted:
    """Hold what ties one private registration of a party to its content: 32 bytes each.

    `content_root` and `metadata_hash` are those of the content itself.
    """

    party: PartyId
    content_root: bytes
    content_salt: bytes
    metadata_hash: bytes
    metadata_salt: bytes

    @property
    def salted_root(self) -> bytes:
        """Return the content root as the ledger holds it."""
        return salted(self.content_salt, self.content_root)

    @property
    def salted_metadata(self) -> bytes:
        """Return the metadata hash as the ledger holds it."""
        return salted(self.metadata_salt, self.metadata_hash)

    def canonical(self) -> bytes:
        """Return the file in which it is kept: canonical JSON (RFC 8785)."""
        digests = {name: getattr(self, name).hex() for name in _MEMBERS}
        return rfc8785.dumps({"format": FORMAT, "party": str(self.party), **digests})

    @classmethod
    def read(cls, content: bytes, *, file: str = "") -> Salted:
        """Read such a file; raises `SaltsUnreadable`."""
        try:
            said = read_shallow(content)
            known = said["format"] == FORMAT
            party = PartyId.parse(_text(said["party"]))
            digests = {name: _digest(said[name]) for name in _MEMBERS}
        except (ValueError, KeyError, TypeError, IdMistyped) as error:
            raise SaltsUnreadable(file=file) from error
        if not known:
            raise SaltsUnreadable(file=file)
        return cls(party=party, **digests)


def salt_in(content: bytes, *, file: str = "") -> bytes:
    """Return the salt of the content root that a file holds: one as kept, or its 64 hex digits.

    Raises `SaltsUnreadable`.
    """
    bare = content.strip()
    if _DIGITS.fullmatch(bare.decode("ascii", "replace").lower()):
        return bytes.fromhex(bare.decode())
    return Salted.read(content, file=file).content_salt


def erasure(
    product: ProductId, party: PartyId, versions: Sequence[Version], *, chain_id: int, time: int
) -> bytes:
    """Return the record that the salts of these versions are erased: canonical JSON (RFC 8785).

    It holds only what the ledger holds anyhow, so it ties nothing to any content.
    """
    return rfc8785.dumps(
        {
            "format": ERASURE_FORMAT,
            "chain_id": str(chain_id),
            "product": str(product),
            "by": str(party),
            "time": time,
            "versions": [
                {"version": one.number, "content_root": one.content_root.hex()} for one in versions
            ],
        }
    )


def erased_versions(record: bytes) -> dict[int, bytes]:
    """Return the versions that a record of `erasure` names, with their salted content roots.

    Raises `SaltsUnreadable`.
    """
    try:
        said = read_shallow(record)["versions"]
        found = {int(one["version"]): _digest(one["content_root"]) for one in said}
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise SaltsUnreadable(file="") from error
    return found


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text")
    return value


def _digest(text: object) -> bytes:
    if not isinstance(text, str) or not _DIGITS.fullmatch(text):
        raise ValueError("32 bytes in hexadecimal")
    return bytes.fromhex(text)
