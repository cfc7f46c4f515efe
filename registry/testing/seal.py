"""Stand in for keys on a ledger that has none: whose a signature is, it says itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.ids import Address
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain

_DIGEST_BYTES: Final = 32
_LENGTH: Final = 65


class MemorySeal:
    """Make signatures that `MemoryLedger` takes: a digest bound to a name, as long as a key's.

    They keep nobody from signing in another's name, and are for tests alone.
    """

    def sign(self, account: Address, message: Message, domain: SigningDomain) -> bytes:
        """Return an account's signature of a message in a domain, 65 bytes."""
        return _bound(account, message.digest(domain))

    def signer_of(self, digest: bytes, signature: bytes) -> Address | None:
        """Return whose signature of a digest this is, None for nobody's."""
        named = signature[_DIGEST_BYTES : _DIGEST_BYTES + Address.length]
        if len(signature) != _LENGTH:
            return None
        account = Address(named)
        return account if _bound(account, digest) == signature else None


def _bound(account: Address, digest: bytes) -> bytes:
    return (keccak(account.raw + digest) + account.raw).ljust(_LENGTH, b"\0")
