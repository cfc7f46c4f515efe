"""Bind a party to who stands behind it: a salted hash on the ledger, opened off chain.

The hash is SHA-256(salt ‖ text), of 16 random bytes and a text in Unicode's form NFC such as the
unified social credit code (GB 32100). Whoever is shown salt and text can check them; nobody else
can guess them, since the salt is random.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Final

from registry.errors import CreditCodeWrong, SaltMalformed

SALT_BYTES: Final = 16


def parse_credit_code(given: str) -> str:
    """Return a unified social credit code in its one form; raises `CreditCodeWrong`.

    >>> parse_credit_code("91440300-ma00000a9p")
    '91440300MA00000A9P'
    """
    # Imported here for start-up time: few commands take a code.
    from stdnum.cn import uscc  # noqa: PLC0415
    from stdnum.exceptions import (  # noqa: PLC0415
        InvalidFormat,
        InvalidLength,
        ValidationError,
    )

    try:
        return uscc.validate(unicodedata.normalize("NFKC", given))
    except ValidationError as error:
        problem = "bad-character" if isinstance(error, InvalidFormat) else "bad-checksum"
        # A wrong length is one kind of wrong format.
        problem = "wrong-length" if isinstance(error, InvalidLength) else problem
        raise CreditCodeWrong(given=given, problem=problem) from error


def identity_bytes(text: str) -> bytes:
    """Return the bytes of an identity's text that are hashed."""
    return unicodedata.normalize("NFC", text).encode()


def identity_hash(text: str, salt: bytes) -> bytes:
    """Return the salted hash of an identity, 32 bytes."""
    return sha256(salt + identity_bytes(text)).digest()


def parse_salt(given: str) -> bytes:
    """Return a salt from its 32 hexadecimal digits; raises `SaltMalformed`."""
    try:
        salt = bytes.fromhex(given.removeprefix("0x"))
    except ValueError as error:
        raise SaltMalformed(given=given) from error
    if len(salt) != SALT_BYTES:
        raise SaltMalformed(given=given)
    return salt
