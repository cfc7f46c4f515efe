"""Test Bech32m against the vectors of BIP-350."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import bech32

VALID = (
    "A1LQFN3A",
    "a1lqfn3a",
    "an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
    "abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx",
    "11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
    "split1checkupstagehandshakeupstreamerranterredcaperredlc445v",
    "?1v759aa",
)

INVALID = (
    ("\x201xj0phk", "no-prefix"),
    ("\x7f1g6xzxy", "no-prefix"),
    ("\x801vctc34", "no-prefix"),
    (
        "an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4",
        "wrong-length",
    ),
    ("qyrz8wqd2c9m", "no-prefix"),
    ("1qyrz8wqd2c9m", "no-prefix"),
    ("y1b0jsk6g", "bad-character"),
    ("lt1igcx5c0", "bad-character"),
    ("in1muywd", "wrong-length"),
    ("mm1crxm3i", "bad-character"),
    ("au1s5cgom", "bad-character"),
    ("M1VUXWEZ", "bad-checksum"),
    ("16plkw9", "no-prefix"),
    ("1p2gdwpf", "no-prefix"),
)

# The same texts under the older constant of BIP-173 are no Bech32m.
OLDER = ("A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "?1ezyfcl")


@pytest.mark.parametrize("text", VALID)
def test_reads_every_valid_vector(text: str) -> None:
    """Every valid vector of the standard is read, with its prefix in lower case."""
    prefix, _ = bech32.split(text)
    assert prefix == text.lower().rpartition("1")[0]


@pytest.mark.parametrize(("text", "problem"), INVALID)
def test_refuses_every_invalid_vector(text: str, problem: str) -> None:
    """Every invalid vector of the standard is refused, with the problem named."""
    with pytest.raises(bech32.NotBech32) as caught:
        bech32.split(text)
    assert caught.value.problem == problem


@pytest.mark.parametrize("text", OLDER)
def test_refuses_the_older_checksum(text: str) -> None:
    """A text with the checksum of BIP-173 is refused."""
    with pytest.raises(bech32.NotBech32):
        bech32.split(text)


def test_refuses_mixed_case() -> None:
    """Upper and lower case in one text are refused."""
    with pytest.raises(bech32.NotBech32) as caught:
        bech32.split("A1lqfn3a")
    assert caught.value.problem == "mixed-case"


@given(st.binary(max_size=40))
def test_reads_what_it_wrote(data: bytes) -> None:
    """Any bytes come back as they were written, in either case."""
    text = bech32.encode("grant", data)
    assert bech32.decode(text) == bech32.decode(text.upper()) == ("grant", data)


def test_refuses_padding_that_is_not_zero() -> None:
    """Bits left over after the last byte must be zero, so that bytes have one text alone."""
    groups = bech32._to_groups(b"\xff")
    for last in range(1, 4):
        padded = [groups[0], groups[1] | last]
        checks = bech32._checks("grant", padded)
        text = "grant1" + "".join(bech32.ALPHABET[group] for group in padded + checks)
        with pytest.raises(bech32.NotBech32) as caught:
            bech32.decode(text)
        assert caught.value.problem == "bad-padding"
