"""Encrypt private keys in version 3 keystore files, as geth and eth-account write them.

Written here because the usual package imports pairing cryptography with it, two seconds at every
command that signs; a parity test proves each reads what the other writes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from registry.domain.keccak import keccak
from registry.secret import Bytes, Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = 3
_KEY_BYTES: Final = 32
_BLOCK_SIZE: Final = 8
_MAX_MEMORY: Final = 1 << 30
_MAX_ITERATIONS: Final = 20_000_000
_MAX_DERIVED: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Say how dear a guess at a password is: `n` KiB of memory for scrypt, a power of two."""

    n: int


STANDARD: Final = Cost(n=1 << 18)
"""What geth and eth-account take: about a second and 256 MiB."""
LIGHT: Final = Cost(n=1 << 12)
"""A few milliseconds: for keys whose password lies beside them, such as the dev chain's."""

_MAX_WORK: Final = 32 * STANDARD.n * _BLOCK_SIZE


class PasswordMismatch(Exception):
    """Say that the password does not open the document."""


def encrypt(key: Secret, address: bytes, password: Secret, cost: Cost) -> dict[str, Any]:
    """Return the keystore document of a 32-byte key, ready for JSON."""
    salt, iv = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(16)
    parameters = {
        "dklen": _KEY_BYTES,
        "n": cost.n,
        "r": _BLOCK_SIZE,
        "p": 1,
        "salt": salt.hex(),
    }
    with _scrypt(parameters, password) as derived:
        ciphertext = bytes(_aes_ctr(derived, iv, key.view).view)
        mac = _mac(derived, ciphertext)
    return {
        "address": address.hex(),
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": iv.hex()},
            "ciphertext": ciphertext.hex(),
            "kdf": "scrypt",
            "kdfparams": parameters,
            "mac": mac.hex(),
        },
        "id": str(uuid.uuid4()),
        "version": VERSION,
    }


def decrypt(document: Mapping[str, Any], password: Secret) -> Secret:
    """Return the private key of a keystore document.

    Raises PasswordMismatch, or ValueError where the document cannot be understood.
    """
    try:
        return _decrypt(document, password)
    except (KeyError, TypeError, AttributeError, OverflowError, MemoryError) as error:
        raise ValueError(f"keystore-incomplete:{type(error).__name__}: {error}") from error


def _decrypt(document: Mapping[str, Any], password: Secret) -> Secret:
    if document["version"] != VERSION:
        raise ValueError(f"keystore-version:{document['version']}")
    # Old files write "Crypto".
    crypto = {name.lower(): value for name, value in document.items()}["crypto"]
    if crypto["cipher"] != "aes-128-ctr":
        raise ValueError(f"cipher-unknown:{crypto['cipher']}")
    ciphertext = _unhex(crypto["ciphertext"])
    if len(ciphertext) != _KEY_BYTES:
        raise ValueError(f"key-length:{len(ciphertext)}")
    iv, mac = _unhex(crypto["cipherparams"]["iv"]), _unhex(crypto["mac"])
    with _derive(crypto["kdf"], crypto["kdfparams"], password) as derived:
        if not hmac.compare_digest(_mac(derived, ciphertext), mac):
            raise PasswordMismatch
        return _aes_ctr(derived, iv, ciphertext)


def _derive(function: str, parameters: Mapping[str, Any], password: Secret) -> Secret:
    length = parameters["dklen"]
    if length < _KEY_BYTES:
        raise ValueError(f"derived-key-short:{length}")
    if length > _MAX_DERIVED:
        raise ValueError(f"derived-key-long:{length}")
    if function == "scrypt":
        return _scrypt(parameters, password)
    if function == "pbkdf2" and parameters["prf"] == "hmac-sha256":
        rounds = parameters["c"]
        if not 0 < rounds <= _MAX_ITERATIONS:
            raise ValueError(f"too-many-rounds:{rounds}")
        salt = _unhex(parameters["salt"])
        return Secret.of(hashlib.pbkdf2_hmac("sha256", password.view, salt, rounds, length))
    raise ValueError(f"derivation-unknown:{function}")


def _scrypt(parameters: Mapping[str, Any], password: Secret) -> Secret:
    n, r, p = parameters["n"], parameters["r"], parameters["p"]
    if min(n, r, p) < 1:
        raise ValueError(f"derivation-parameters:{n}, {r}, {p}")
    # What OpenSSL needs, by its own reckoning; a hostile file could ask for any amount.
    memory = 128 * r * (n + p + 2)
    if memory > _MAX_MEMORY:
        raise ValueError(f"too-much-memory:{memory >> 20}")
    # Memory does not bound the time: each of `p` goes through all of it, one after the other.
    if n * r * p > _MAX_WORK:
        raise ValueError(f"too-much-work:{n * r * p // (STANDARD.n * _BLOCK_SIZE)}")
    salt, length = _unhex(parameters["salt"]), parameters["dklen"]
    if n >= 1 << 16 * r:
        return _scrypt_unusual(password, salt, n, r, p, length)
    limit = memory + (1 << 20)
    return Secret.of(
        hashlib.scrypt(password.view, salt=salt, n=n, r=r, p=p, dklen=length, maxmem=limit)
    )


def _scrypt_unusual(password: Secret, salt: bytes, n: int, r: int, p: int, length: int) -> Secret:
    """Derive with an `n` beyond what RFC 7914 allows for `r`, and OpenSSL therefore refuses.

    The example in the description of the format is such a one, and files written after it.
    """
    _start_nothing()
    from Crypto.Protocol import KDF  # noqa: PLC0415 (start-up: seldom needed)

    # Its types say text for the password; bytes are taken as they are.
    made: Any = KDF.scrypt(bytes(password.view), salt, length, N=n, r=r, p=p)  # type: ignore[arg-type]
    return Secret.of(made)


def _start_nothing() -> None:
    """Have the cipher's package not start `file` from the PATH to learn the machine's kind.

    It would be handed our whole environment while a key is at hand, and only tells Windows apart.
    """
    from Crypto.Util import _raw_api  # noqa: PLC0415 (start-up time)

    known = getattr(_raw_api, "cached_architecture", None)
    if known == []:
        known[:] = ("", "")


def _mac(derived: Secret, ciphertext: bytes) -> bytes:
    return keccak(b"".join((derived.view[16:32], ciphertext)))


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _aes_ctr(derived: Secret, iv: bytes, data: Bytes) -> Secret:
    _start_nothing()
    # Only commands that sign need a cipher; loading it takes 60 ms.
    from Crypto.Cipher import AES  # noqa: PLC0415

    cipher = AES.new(derived.view[:16], AES.MODE_CTR, nonce=b"", initial_value=iv)
    made = Secret(len(data))
    cipher.encrypt(data, output=made.view)
    return made
