"""Sign transactions and digests, with a key held here or by something the user plugs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.errors import KeyMalformed

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.chain.transactions import Transaction

GROUP_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""How many points secp256k1 has; a key is below it."""
_KEY_BYTES: Final = 32
_RECOVERY_BASE: Final = 27


class Signer(Protocol):
    """Sign in the name of one address: a local key, a hardware wallet, a remote service."""

    @property
    def address(self) -> Address:
        """Return the address whose signatures these are."""
        ...

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send."""
        ...

    def sign_digest(self, digest: bytes) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a 32-byte digest."""
        ...


class LocalSigner:
    """Sign with a private key held in memory.

    The key stands in no attribute: it shows in no `repr`, `vars`, log or exception, and a signer
    cannot be pickled or copied.

    Raises KeyMalformed when the 32 bytes are no secp256k1 key.
    """

    __slots__ = ("_sign", "address")

    address: Address

    def __init__(self, key: bytes) -> None:
        """Take the 32 bytes of the key."""
        self.address, self._sign = _bind(key)

    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is not written down: it holds a private key")

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send."""
        return transaction.signed_by(self._sign)

    def sign_digest(self, digest: bytes) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a 32-byte digest."""
        if len(digest) != _KEY_BYTES:
            raise ValueError(f"a digest has 32 bytes, not {len(digest)}")
        return self._sign(digest)


def address_of(public_key: bytes) -> Address:
    """Return the address of an uncompressed public key of 65 bytes, 0x04 ‖ x ‖ y."""
    return Address(keccak(public_key[1:])[12:])


def _bind(key: bytes) -> tuple[Address, Callable[[bytes], bytes]]:
    """Return the key's address and a function that signs with it."""
    # Loading the curve takes 40 ms that commands which only ask must not pay.
    import coincurve  # noqa: PLC0415

    if len(key) != _KEY_BYTES:
        raise KeyMalformed(problem="wrong-length")
    # Asked here, since the library's error would keep the key alive in its frames.
    if not 0 < int.from_bytes(key) < GROUP_ORDER:
        raise KeyMalformed(problem="out-of-range")
    private = coincurve.PrivateKey(key)

    def sign(digest: bytes) -> bytes:
        # libsecp256k1 signs deterministically (RFC 6979) and always in the lower half.
        signature = private.sign_recoverable(digest, hasher=None)
        return signature[:64] + bytes((signature[64] + _RECOVERY_BASE,))

    return address_of(private.public_key.format(compressed=False)), sign
