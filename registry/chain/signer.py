"""Sign transactions and digests, with a key held here or by something the user plugs in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn, Protocol

from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.errors import KeyMalformed
from registry.secret import Bytes, Secret

if TYPE_CHECKING:
    from registry.chain.transactions import Transaction
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain

GROUP_ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""How many points secp256k1 has; a key is below it."""
_KEY_BYTES: Final = 32


class Signer(Protocol):
    """Sign in the name of one address: a local key, a hardware wallet, a remote service.

    What signs is given all that is signed, never a digest alone: it can show what it says, and
    refuse. What comes back is verified before it is used.
    """

    @property
    def address(self) -> Address:
        """Return the address whose signatures these are."""
        ...

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send."""
        ...

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a typed message (EIP-712)."""
        ...


class LocalSigner:
    """Sign with a private key held in memory.

    The key lies in memory of its own that shows in no `repr`, `vars`, log or exception, and is
    overwritten by `close`; a signer cannot be pickled or copied. Bytes that were given as the key
    are the caller's to let go of.

    Raises KeyMalformed when the 32 bytes are no secp256k1 key.
    """

    __slots__ = ("_key", "address")

    address: Address

    def __init__(self, key: Bytes | Secret) -> None:
        """Take the 32 bytes of the key; a `Secret` is taken over, and wiped with the signer."""
        self._key = key if isinstance(key, Secret) else Secret.of(key)
        del key
        if len(self._key) != _KEY_BYTES:
            raise KeyMalformed(problem="wrong-length")
        # Loading the curve takes 40 ms that commands which only ask must not pay.
        from registry.chain import curve  # noqa: PLC0415

        public = curve.public_key(self._key.view)
        if public is None:
            raise KeyMalformed(problem="out-of-range")
        self.address = address_of(public)

    def __repr__(self) -> str:
        return f"LocalSigner({self.address})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is not written down: it holds a private key")

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send."""
        return transaction.signed_by(self.sign_digest)

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a typed message (EIP-712)."""
        return self.sign_digest(message.digest(domain))

    def sign_digest(self, digest: bytes) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a 32-byte digest.

        Raises ValueError for another length, and after `close`.
        """
        from registry.chain import curve  # noqa: PLC0415 (start-up time)

        if len(digest) != _KEY_BYTES:
            raise ValueError(f"a digest has 32 bytes, not {len(digest)}")
        if not self._key:
            raise ValueError("the key was wiped")
        return curve.sign(self._key.view, digest)

    def close(self) -> None:
        """Overwrite the key; nothing can be signed any more."""
        self._key.wipe()


def address_of(public_key: bytes) -> Address:
    """Return the address of an uncompressed public key of 65 bytes, 0x04 ‖ x ‖ y."""
    return Address(keccak(public_key[1:])[12:])
