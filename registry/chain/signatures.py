"""Sign typed messages without a transaction, and find out whose a signature is.

The digest is reckoned from the message's own fields each time: none is taken from outside, so that
nobody can have a digest signed that says something else than what was shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain.signer import GROUP_ORDER, address_of
from registry.errors import SignatureMalformed, SignatureWrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.chain.signer import Signer
    from registry.domain.ids import Address
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain

LENGTH: Final = 65
_RECOVERY_BASE: Final = 27


class KeySeal:
    """Sign messages with the keys of accounts.

    :param signers: returns what signs for an account.
    """

    def __init__(self, signers: Callable[[Address], Signer]) -> None:
        self._signers = signers

    def sign(self, account: Address, message: Message, domain: SigningDomain) -> bytes:
        """Return an account's signature of a message in a domain."""
        return sign_typed(self._signers(account), message, domain)

    def signer_of(self, digest: bytes, signature: bytes) -> Address | None:
        """Return whose key made a signature, None for what no key makes as the contracts ask."""
        return recover(digest, signature) if _well_formed(signature) else None


def sign_typed(signer: Signer, message: Message, domain: SigningDomain) -> bytes:
    """Return the signature of a message in a domain: r ‖ s ‖ v, 65 bytes with v 27 or 28.

    :raises SignatureWrong: where what signs (a device, a service) has signed something else, or
        with another key.
    """
    digest = message.digest(domain)
    signature = signer.sign_message(message, domain)
    require(signer.address, digest, signature)
    return signature


def require(signer: Address, digest: bytes, signature: bytes) -> None:
    """Refuse a signature that is not the signer's.

    :raises SignatureMalformed: where it has not the one form that the contracts take of a key.
    :raises SignatureWrong: where another key, or none, made it.
    """
    found = recover(digest, signature)
    if found != signer:
        raise SignatureWrong(signer=str(signer), recovered=None if found is None else str(found))


def recover(digest: bytes, signature: bytes) -> Address | None:
    """Return whose signature this is, None for nobody's.

    :raises SignatureMalformed: for another length, a `v` besides 27 and 28, and the upper half of
        the curve, in which each signature has a twin.
    """
    if not _well_formed(signature):
        raise SignatureMalformed(given="0x" + signature.hex())
    # Loading the curve takes 40 ms that commands which only ask must not pay.
    import coincurve  # noqa: PLC0415

    compact = signature[:64] + bytes((signature[64] - _RECOVERY_BASE,))
    try:
        key = coincurve.PublicKey.from_signature_and_message(compact, digest, hasher=None)
    except ValueError:
        return None
    except Exception as error:
        if type(error) is not Exception:
            raise
        return None
    return address_of(key.format(compressed=False))


def _well_formed(signature: bytes) -> bool:
    if len(signature) != LENGTH or signature[64] not in (_RECOVERY_BASE, _RECOVERY_BASE + 1):
        return False
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:64])
    return 0 < r < GROUP_ORDER and 0 < s <= GROUP_ORDER // 2
