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

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = 3
_KEY_BYTES: Final = 32
_BLOCK_SIZE: Final = 8
_MAX_MEMORY: Final = 1 << 30
_MAX_ITERATIONS: Final = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Say how dear a guess at a password is: `n` KiB of memory for scrypt, a power of two."""

    n: int


STANDARD: Final = Cost(n=1 << 18)
"""What geth and eth-account take: about a second and 256 MiB."""
LIGHT: Final = Cost(n=1 << 12)
"""A few milliseconds: for keys whose password lies beside them, such as the dev chain's."""


class PasswordMismatch(Exception):
    """Say that the password does not open the document."""


def encrypt(key: bytes, address: bytes, password: str, cost: Cost) -> dict[str, Any]:
    """Return the keystore document of a 32-byte key, ready for JSON."""
    salt, iv = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(16)
    parameters = {
        "dklen": _KEY_BYTES,
        "n": cost.n,
        "r": _BLOCK_SIZE,
        "p": 1,
        "salt": salt.hex(),
    }
    derived = _scrypt(parameters, password.encode())
    ciphertext = _aes_ctr(derived[:16], iv, key)
    return {
        "address": address.hex(),
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": iv.hex()},
            "ciphertext": ciphertext.hex(),
            "kdf": "scrypt",
            "kdfparams": parameters,
            "mac": keccak(derived[16:32] + ciphertext).hex(),
        },
        "id": str(uuid.uuid4()),
        "version": VERSION,
    }


def decrypt(document: Mapping[str, Any], password: str) -> bytes:
    """Return the private key of a keystore document.

    Raises PasswordMismatch, or ValueError where the document cannot be understood.
    """
    try:
        return _decrypt(document, password)
    except (KeyError, TypeError, AttributeError, OverflowError, MemoryError) as error:
        raise ValueError(f"keystore-incomplete:{type(error).__name__}: {error}") from error


def _decrypt(document: Mapping[str, Any], password: str) -> bytes:
    if document["version"] != VERSION:
        raise ValueError(f"keystore-version:{document['version']}")
    # Old files write "Crypto".
    crypto = {name.lower(): value for name, value in document.items()}["crypto"]
    if crypto["cipher"] != "aes-128-ctr":
        raise ValueError(f"cipher-unknown:{crypto['cipher']}")
    ciphertext = _unhex(crypto["ciphertext"])
    derived = _derive(crypto["kdf"], crypto["kdfparams"], password.encode())
    if not hmac.compare_digest(keccak(derived[16:32] + ciphertext), _unhex(crypto["mac"])):
        raise PasswordMismatch
    key = _aes_ctr(derived[:16], _unhex(crypto["cipherparams"]["iv"]), ciphertext)
    if len(key) != _KEY_BYTES:
        raise ValueError(f"key-length:{len(key)}")
    return key


def _derive(function: str, parameters: Mapping[str, Any], password: bytes) -> bytes:
    if parameters["dklen"] < _KEY_BYTES:
        raise ValueError(f"derived-key-short:{parameters['dklen']}")
    if function == "scrypt":
        return _scrypt(parameters, password)
    if function == "pbkdf2" and parameters["prf"] == "hmac-sha256":
        rounds = parameters["c"]
        if not 0 < rounds <= _MAX_ITERATIONS:
            raise ValueError(f"too-many-rounds:{rounds}")
        return hashlib.pbkdf2_hmac(
            "sha256", password, _unhex(parameters["salt"]), rounds, parameters["dklen"]
        )
    raise ValueError(f"derivation-unknown:{function}")


def _scrypt(parameters: Mapping[str, Any], password: bytes) -> bytes:
    n, r, p = parameters["n"], parameters["r"], parameters["p"]
    # What OpenSSL needs, by its own reckoning; a hostile file could ask for any amount.
    memory = 128 * r * (n + p + 2)
    if memory > _MAX_MEMORY:
        raise ValueError(f"too-much-memory:{memory >> 20}")
    return hashlib.scrypt(
        password,
        salt=_unhex(parameters["salt"]),
        n=n,
        r=r,
        p=p,
        dklen=parameters["dklen"],
        maxmem=memory + (1 << 20),
    )


def _unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _aes_ctr(key: bytes, iv: bytes, data: bytes) -> bytes:
    # Only commands that sign need a cipher; loading it takes 60 ms.
    from Crypto.Cipher import AES  # noqa: PLC0415

    cipher = AES.new(key, AES.MODE_CTR, nonce=b"", initial_value=iv)
    return cipher.encrypt(data)
