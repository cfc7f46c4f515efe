"""Local keys sign, and show themselves nowhere."""

import copy
import pickle
import traceback

import coincurve
import pytest

from registry.chain.signer import GROUP_ORDER, LocalSigner, Signer, address_of
from registry.domain.ids import Address
from registry.errors import KeyMalformed

KEY = bytes.fromhex("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
ADDRESS = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")


def test_the_address_is_that_of_the_key() -> None:
    """A well-known development key gives its well-known address, and is a `Signer`."""
    signer: Signer = LocalSigner(KEY)
    assert signer.address == ADDRESS


def test_a_signature_recovers_to_the_address() -> None:
    """Whoever has the digest and the signature finds the signer's address."""
    digest = b"\x37" * 32
    signature = LocalSigner(KEY).sign_digest(digest)
    assert signature[64] in (27, 28)
    compact = signature[:64] + bytes((signature[64] - 27,))
    public = coincurve.PublicKey.from_signature_and_message(compact, digest, hasher=None)
    assert address_of(public.format(compressed=False)) == ADDRESS


def test_the_key_shows_nowhere() -> None:
    """Neither repr, str, attributes nor vars hold the key."""
    signer = LocalSigner(KEY)
    shown = [repr(signer), str(signer), *(repr(getattr(signer, name)) for name in dir(signer))]
    assert not any(KEY.hex() in one or repr(KEY)[2:-1] in one for one in shown)
    with pytest.raises(TypeError):
        vars(signer)
    assert not hasattr(signer, "__dict__")


def test_a_signer_is_neither_pickled_nor_copied() -> None:
    """Writing a signer down would write its key down, so it is refused."""
    signer = LocalSigner(KEY)
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="private key"):
            attempt(signer)


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        (b"\x7e" * 31, "wrong-length"),
        (b"\x7e" * 33, "wrong-length"),
        (bytes(32), "out-of-range"),
        (GROUP_ORDER.to_bytes(32, "big"), "out-of-range"),
    ],
)
def test_a_bad_key_is_refused_without_being_shown(key: bytes, problem: str) -> None:
    """The error says what is wrong with a key, and neither it nor its causes hold the key."""
    with pytest.raises(KeyMalformed) as caught:
        LocalSigner(key)
    assert caught.value.problem == problem
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert key.hex() not in "".join(traceback.format_exception(caught.value))


def test_a_digest_has_32_bytes() -> None:
    """Anything but a digest is refused, rather than hashed once more."""
    with pytest.raises(ValueError, match="32 bytes"):
        LocalSigner(KEY).sign_digest(b"message")
