"""Test signing messages without a transaction, and telling whose a signature is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain.signatures import recover, require, sign_typed
from registry.chain.signer import GROUP_ORDER, LocalSigner
from registry.domain.ids import Address, GrantId
from registry.domain.signing import Consent, Ending, Message
from registry.domain.terms import SigningDomain
from registry.errors import MessageRefused, SignatureMalformed, SignatureWrong
from tests import strategies
from tests.signed import messages

KEY = bytes.fromhex("11" * 32)
SIGNER = LocalSigner(KEY)
OTHER = LocalSigner(bytes.fromhex("22" * 32))
DOMAIN = SigningDomain(chain_id=31_337, verifying_contract=Address(b"\7" * 20))
MESSAGE = Consent(grant=GrantId(b"\3" * 32))


@given(messages, strategies.domains)
def test_a_signature_is_its_signers(message: Message, domain: SigningDomain) -> None:
    """Whatever is signed, the signer is found from digest and signature."""
    signature = sign_typed(SIGNER, message, domain)
    assert recover(message.digest(domain), signature) == SIGNER.address


@given(st.integers(0, 65 * 8 - 1))
def test_a_changed_signature_is_not_the_signers(bit: int) -> None:
    """With any one bit changed a signature is refused, or another's."""
    changed = bytearray(sign_typed(SIGNER, MESSAGE, DOMAIN))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises((SignatureMalformed, SignatureWrong)):
        require(SIGNER.address, MESSAGE.digest(DOMAIN), bytes(changed))


def test_a_signature_is_for_one_message_in_one_domain() -> None:
    """On another chain, for another contract or grant, the signature is not the signer's."""
    signature = sign_typed(SIGNER, MESSAGE, DOMAIN)
    elsewhere = [
        (MESSAGE, replace(DOMAIN, chain_id=1)),
        (MESSAGE, replace(DOMAIN, verifying_contract=Address(b"\x08" * 20))),
        (Consent(grant=GrantId(b"\4" * 32)), DOMAIN),
    ]
    for message, domain in elsewhere:
        with pytest.raises(SignatureWrong):
            require(SIGNER.address, message.digest(domain), signature)


def test_the_twin_of_a_signature_is_refused() -> None:
    """The same signature in the upper half of the curve is malformed."""
    signature = sign_typed(SIGNER, MESSAGE, DOMAIN)
    upper = GROUP_ORDER - int.from_bytes(signature[32:64])
    twin = signature[:32] + upper.to_bytes(32) + bytes((27 + 28 - signature[64],))
    with pytest.raises(SignatureMalformed):
        recover(MESSAGE.digest(DOMAIN), twin)


@pytest.mark.parametrize("length", [0, 64, 66])
def test_another_length_is_refused(length: int) -> None:
    """Short forms and longer ones are malformed."""
    with pytest.raises(SignatureMalformed):
        recover(bytes(32), bytes(length))


def test_what_signs_something_else_is_found_out() -> None:
    """A device that signs with another key than its address says is not believed."""

    class Impostor(LocalSigner):
        """Say one address and sign with another's key."""

        __slots__ = ()

        def sign_digest(self, digest: bytes) -> bytes:
            """Sign with the other key."""
            return OTHER.sign_digest(digest)

    with pytest.raises(SignatureWrong) as caught:
        sign_typed(Impostor(KEY), MESSAGE, DOMAIN)
    assert caught.value.recovered == str(OTHER.address)
    assert KEY.hex() not in repr(caught.value)


def test_a_field_that_fits_no_type_is_not_signed() -> None:
    """A time beyond 40 bits is refused, not cut."""
    message = Ending(grant=GrantId(b"\3" * 32), ends_at=1 << 40, deadline=1)
    with pytest.raises(MessageRefused) as caught:
        sign_typed(SIGNER, message, DOMAIN)
    assert (caught.value.field, caught.value.given) == ("endsAt", str(1 << 40))
