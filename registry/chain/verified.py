"""Believe nothing that comes back from a signer: hold it against what it was asked to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain import signatures
from registry.chain.signer import LocalSigner
from registry.chain.transactions import signature_of
from registry.errors import SignatureMalformed, SignatureWrong

if TYPE_CHECKING:
    from registry.chain.signer import Signer
    from registry.chain.transactions import Transaction
    from registry.domain.ids import Address
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain


class VerifiedSigner:
    """Pass on to a signer that somebody plugged in, and refuse what it did not sign as asked."""

    def __init__(self, signer: Signer) -> None:
        """Take the signer, whose address is asked once."""
        self.address: Address = signer.address
        self._signer = signer

    def __repr__(self) -> str:
        return f"VerifiedSigner({self.address})"

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, which is the one asked for, signed by the address.

        Raises SignatureWrong and SignatureMalformed.
        """
        raw = self._signer.sign_transaction(transaction)
        try:
            signature = signature_of(raw)
        except ValueError as error:
            raise SignatureMalformed(given="0x" + raw[:80].hex()) from error
        signatures.require(self.address, transaction.digest(), signature)
        if transaction.signed_by(lambda _: signature) != raw:
            raise SignatureWrong(signer=str(self.address), recovered=None)
        return raw

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return the signature, which is the address's over this message; raises likewise."""
        signature = self._signer.sign_message(message, domain)
        signatures.require(self.address, message.digest(domain), signature)
        return signature


def verified(signer: Signer) -> Signer:
    """Return a signer whose signatures are held against what was asked; a local key's are its."""
    return signer if isinstance(signer, LocalSigner) else VerifiedSigner(signer)
