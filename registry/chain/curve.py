"""Sign and derive on secp256k1 with a key that stays where it can be wiped.

libsecp256k1 is called as its Python package calls it, but with a pointer to our memory: the
package's own class would keep the key as bytes, which nothing can overwrite.
"""

from __future__ import annotations

from typing import Final

from coincurve._libsecp256k1 import ffi, lib  # type: ignore[import-not-found]
from coincurve.context import GLOBAL_CONTEXT

_RECOVERY_BASE: Final = 27
_UNCOMPRESSED_BYTES: Final = 65


def public_key(key: memoryview) -> bytes | None:
    """Return the uncompressed public key, 0x04 ‖ x ‖ y, of the 32 bytes of a private one.

    None where they are zero, or not below the order of the curve.
    """
    found = ffi.new("secp256k1_pubkey *")
    if not lib.secp256k1_ec_pubkey_create(GLOBAL_CONTEXT.ctx, found, ffi.from_buffer(key)):
        return None
    written = ffi.new("unsigned char[]", _UNCOMPRESSED_BYTES)
    length = ffi.new("size_t *", _UNCOMPRESSED_BYTES)
    lib.secp256k1_ec_pubkey_serialize(
        GLOBAL_CONTEXT.ctx, written, length, found, lib.SECP256K1_EC_UNCOMPRESSED
    )
    return bytes(ffi.buffer(written))


def sign(key: memoryview, digest: bytes) -> bytes:
    """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a digest of 32 bytes.

    Deterministic (RFC 6979), and always in the lower half. Raises ValueError for what is no key.
    """
    made = ffi.new("secp256k1_ecdsa_recoverable_signature *")
    if not lib.secp256k1_ecdsa_sign_recoverable(
        GLOBAL_CONTEXT.ctx, made, digest, ffi.from_buffer(key), ffi.NULL, ffi.NULL
    ):
        raise ValueError("the key was wiped")
    compact, parity = ffi.new("unsigned char[64]"), ffi.new("int *")
    lib.secp256k1_ecdsa_recoverable_signature_serialize_compact(
        GLOBAL_CONTEXT.ctx, compact, parity, made
    )
    return bytes(ffi.buffer(compact)) + bytes((parity[0] + _RECOVERY_BASE,))
