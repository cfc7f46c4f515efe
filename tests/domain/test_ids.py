"""Test the typed ids."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import bech32
from registry.domain.ids import Address, GrantId, Identifier, PartyId, ProductId
from registry.errors import AddressMistyped, IdMistyped
from tests import strategies

KINDS: tuple[type[Identifier], ...] = (PartyId, ProductId, GrantId)

# The checksummed addresses that EIP-55 gives as examples.
CHECKSUMMED = (
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
    "0xde709f2102306220921060314715629080e2fb77",
    "0x27b1fdb04752bbc536007a920d24acb045561c26",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
    "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
)


def sample(kind: type[Identifier]) -> Identifier:
    """Return an id without zero bytes."""
    return kind(bytes(range(1, kind.length + 1)))


@given(st.sampled_from(KINDS), st.data())
def test_reads_its_own_text_and_hex(kind: type[Identifier], data: st.DataObject) -> None:
    """An id is read back from its text, its text in upper case, and its hexadecimal digits."""
    made = kind(data.draw(st.binary(min_size=kind.length, max_size=kind.length)))
    for text in (str(made), str(made).upper(), made.hex, f" {made}\n"):
        assert kind.parse(text) == made
    assert kind.of(int(made)) == kind.of(bytes(made)) == made


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_every_change_of_one_character(kind: type[Identifier]) -> None:
    """An id with any one character replaced by any other of the alphabet is refused."""
    text = str(sample(kind))
    for place, character in enumerate(text):
        for other in bech32.ALPHABET + "1bio":
            if other != character:
                with pytest.raises(IdMistyped):
                    kind.parse(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_a_missing_doubled_or_swapped_character(kind: type[Identifier]) -> None:
    """An id with a character left out, typed twice, or swapped with the next is refused."""
    text = str(sample(kind))
    for place in range(len(text)):
        left_out = text[:place] + text[place + 1 :]
        doubled = text[: place + 1] + text[place:]
        swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        for wrong in {left_out, doubled, swapped} - {text}:
            with pytest.raises(IdMistyped):
                kind.parse(wrong)


@given(st.sampled_from(KINDS), st.data())
def test_refuses_up_to_four_changed_characters(kind: type[Identifier], data: st.DataObject) -> None:
    """Any four or fewer characters after the prefix replaced at once are noticed."""
    text = str(sample(kind))
    start = len(kind.kind) + 1
    places = data.draw(st.sets(st.integers(start, len(text) - 1), min_size=1, max_size=4))
    wrong = list(text)
    for place in places:
        others = [other for other in bech32.ALPHABET if other != text[place]]
        wrong[place] = data.draw(st.sampled_from(others))
    with pytest.raises(IdMistyped) as caught:
        kind.parse("".join(wrong))
    assert caught.value.problem == "bad-checksum"


def test_names_the_kind_and_the_problem() -> None:
    """An id of another kind is refused as such, with what was given."""
    given_text = str(ProductId.of(5))
    with pytest.raises(IdMistyped) as caught:
        PartyId.parse(given_text)
    assert caught.value.fields == {"kind": "party", "given": given_text, "problem": "other-kind"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0x01", "wrong-length"),
        ("0x" + "0" * 17, "bad-character"),
        ("0x" + "0g" * 8, "bad-character"),
        ("0x00 00 00 00 0000", "wrong-length"),
        ("", "no-prefix"),
        ("party", "no-prefix"),
        (bech32.encode("party", bytes(7)), "wrong-length"),
    ],
)
def test_refuses_what_is_no_party_id(text: str, problem: str) -> None:
    """Hexadecimal digits and texts of another length or alphabet are refused."""
    with pytest.raises(IdMistyped) as caught:
        PartyId.parse(text)
    assert caught.value.problem == problem


def test_ids_of_different_kinds_are_never_equal() -> None:
    """The same bytes as an address and as a product are two things."""
    raw = bytes(range(20))
    product, address = ProductId(raw), Address(raw)
    assert len({product, address, ProductId(raw)}) == 2


def test_ids_cannot_be_changed_and_survive_pickling() -> None:
    """An id is frozen, and comes back from another process as it was."""
    made = sample(GrantId)
    with pytest.raises(AttributeError):
        made.raw = bytes(32)  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 (our own bytes)


def test_zero_names_nothing() -> None:
    """The id that is all zero is false, any other true."""
    assert not PartyId.of(0)
    assert PartyId.of(1)


@pytest.mark.parametrize("text", CHECKSUMMED)
def test_shows_addresses_with_their_checksum(text: str) -> None:
    """An address is shown as EIP-55 says, however it was given."""
    for given_text in (text, text.lower(), "0x" + text[2:].upper()):
        assert str(Address.parse(given_text)) == text


@pytest.mark.parametrize("text", CHECKSUMMED[4:])
def test_refuses_an_address_with_another_case(text: str) -> None:
    """An address in mixed case with one letter's case changed is refused."""
    for place in (place for place, letter in enumerate(text) if place > 1 and letter.isalpha()):
        wrong = text[:place] + text[place].swapcase() + text[place + 1 :]
        with pytest.raises(AddressMistyped) as caught:
            Address.parse(wrong)
        assert caught.value.problem == "bad-checksum"


@pytest.mark.parametrize(
    "text", ["", "0x", CHECKSUMMED[0][2:], CHECKSUMMED[0] + "0", "0x" + "z" * 40]
)
def test_refuses_what_is_no_address(text: str) -> None:
    """What has not 0x and 40 hexadecimal digits is no address."""
    with pytest.raises(AddressMistyped):
        Address.parse(text)


@given(strategies.addresses, strategies.addresses, st.integers(1, 2**64), st.data())
def test_derivation_depends_on_every_part(
    registry: Address, key: Address, chain_id: int, data: st.DataObject
) -> None:
    """Another chain, registry or key gives another party; the same ones the same."""
    party = PartyId.derive(chain_id, registry, key)
    assert party == PartyId.derive(chain_id, registry, key)
    other = data.draw(strategies.addresses.filter(lambda address: address not in (registry, key)))
    assert party != PartyId.derive(chain_id + 1, registry, key)
    assert party != PartyId.derive(chain_id, other, key)
    assert party != PartyId.derive(chain_id, registry, other)
