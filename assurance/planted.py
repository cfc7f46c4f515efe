"""Plant secrets, and look for them in whatever comes out, in every form they might take."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from registry.chain.signer import LocalSigner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import Address

WORDS: Final = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """Hold the secrets of a world: two passwords, two keys, a mnemonic, a provider's token."""

    password: str = "Planted-Wort-x7Qz-4711-密"  # noqa: S105 (planted)
    guess: str = "Planted-Guess-k9Wd-0815"
    key: bytes = sha256(b"the first planted key").digest()
    typed: bytes = sha256(b"the second planted key").digest()
    words: str = WORDS
    token: str = "plantedtokenh3v8s2n5c1"  # noqa: S105 (planted)

    @property
    def address(self) -> Address:
        """Return the account of the first key."""
        return LocalSigner(self.key).address

    def needles(self) -> dict[str, bytes]:
        """Return every form of every secret, by what it is."""
        found: dict[str, bytes] = {}
        for name in ("password", "guess", "words", "token"):
            found |= {f"{name}, {how}": form for how, form in text_forms(getattr(self, name))}
        for name in ("key", "typed"):
            found |= {f"{name}, {how}": form for how, form in key_forms(getattr(self, name))}
        return found


def text_forms(text: str) -> Iterator[tuple[str, bytes]]:
    """Yield the forms that a text may stand in, each with its name."""
    raw = text.encode()
    yield "as it is", raw
    yield "in UTF-16", text.encode("utf-16-le")
    yield "as JSON", json.dumps(text)[1:-1].encode()
    yield "in an address", quote(text).encode()
    yield "as Python's bytes", repr(raw)[2:-1].encode()
    yield from _encoded(raw)


def key_forms(key: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the forms that a key may stand in, each with its name; halves count."""
    digits = key.hex()
    yield "as it is", key
    yield "backwards", key[::-1]
    yield "first half", key[:16]
    yield "last half", key[16:]
    for case, text in (("lower", digits), ("upper", digits.upper())):
        yield f"first digits, {case} case", text[:32].encode()
        yield f"last digits, {case} case", text[32:].encode()
    yield "decimal", str(int.from_bytes(key)).encode()
    yield "as a list", ", ".join(map(str, key[:12])).encode()
    yield "as Python's bytes", repr(key)[2:-1].encode()
    yield from _encoded(key)


def _encoded(raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "hexadecimal", raw.hex().encode()
    for skipped in range(3):
        # What stands before it in a longer run shifts its groups of six bits.
        padded = base64.b64encode(bytes(skipped) + raw)
        core = padded[4 if skipped else 0 : -4]
        yield f"Base64 at {skipped}", core
        yield f"Base64 for addresses at {skipped}", core.translate(bytes.maketrans(b"+/", b"-_"))


class Search:
    """Look through outputs, and count them.

    :ivar outputs: how many were looked through, by their kind.
    :ivar leaks: where a secret was found, and in what form.
    """

    def __init__(self, needles: dict[str, bytes]) -> None:
        """Take what is looked for."""
        self.needles = needles
        self.outputs: dict[str, int] = {}
        self.searched = 0
        self.leaks: list[str] = []

    def look(self, kind: str, name: str, content: bytes) -> None:
        """Look through one output of a kind, such as `streams`."""
        self.outputs[kind] = self.outputs.get(kind, 0) + 1
        self.searched += len(content)
        self.leaks += [
            f"{name}: {what}" for what, needle in self.needles.items() if needle in content
        ]
