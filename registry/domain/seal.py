"""Define the port to what signs messages and tells whose a signature is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from registry.domain.ids import Address
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain


class Seal(Protocol):
    """Sign in the name of accounts, without a transaction."""

    def sign(self, account: Address, message: Message, domain: SigningDomain) -> bytes:
        """Return an account's signature of a message in a domain.

        The digest is reckoned from the message. Raises `AccountUnknown` where the account's key is
        not at hand.
        """

    def signer_of(self, digest: bytes, signature: bytes) -> Address | None:
        """Return whose key made a signature, None for what no key makes as the contracts ask."""
