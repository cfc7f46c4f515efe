"""Write bytes as text with check characters, and read them back: Bech32m as BIP-350 defines it.

Any change of up to four characters is found, so that a mistyped id is refused and never taken for
another one. The bytes are cut into groups of five bits; bits left over must be zero.
"""

from functools import lru_cache, reduce
from operator import xor
from typing import Final

ALPHABET: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECK_LENGTH: Final = 6
GROUP_BITS: Final = 5
MAX_LENGTH: Final = 90
_CONSTANT: Final = 0x2BC830A3
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_VALUES: Final = {character: value for value, character in enumerate(ALPHABET)}


class NotBech32(ValueError):
    """Say why a text is not Bech32m, as one of the words of the catalogue."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def encode(prefix: str, data: bytes) -> str:
    """Return `data` as Bech32m under a lower-case `prefix`.

    >>> encode("party", bytes(8))
    'party1qqqqqqqqqqqqq7ynhgm'
    """
    groups = _to_groups(data)
    return f"{prefix}1{''.join(ALPHABET[group] for group in groups + _checks(prefix, groups))}"


def decode(text: str) -> tuple[str, bytes]:
    """Return the prefix and the bytes of a Bech32m text; raises `NotBech32`."""
    prefix, groups = split(text)
    return prefix, _from_groups(groups)


def split(text: str) -> tuple[str, list[int]]:
    """Return the prefix and the five-bit groups of a Bech32m text, checked; raises `NotBech32`."""
    if text not in (text.lower(), text.upper()):
        raise NotBech32("mixed-case")
    prefix, separator, rest = text.lower().rpartition("1")
    if not separator or not prefix or any(not "!" <= character <= "~" for character in prefix):
        raise NotBech32("no-prefix")
    if len(text) > MAX_LENGTH or len(rest) < CHECK_LENGTH:
        raise NotBech32("wrong-length")
    try:
        groups = [_VALUES[character] for character in rest]
    except KeyError as error:
        raise NotBech32("bad-character") from error
    if _polymod(groups, _begun(prefix)) != _CONSTANT:
        raise NotBech32("bad-checksum")
    return prefix, groups[:-CHECK_LENGTH]


def _factor(top: int) -> int:
    """Return what the five bits that leave the register on top add to it."""
    chosen = (factor for place, factor in enumerate(_GENERATOR) if top >> place & 1)
    return reduce(xor, chosen, 0)


_FACTORS: Final = tuple(_factor(top) for top in range(1 << GROUP_BITS))


def _polymod(values: list[int], check: int = 1) -> int:
    """Return the register after these groups, from where an earlier call left it."""
    for value in values:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _FACTORS[check >> 25]
    return check


@lru_cache(maxsize=64)
def _begun(prefix: str) -> int:
    """Return the register after a prefix; there are few prefixes and many ids."""
    high = [ord(character) >> 5 for character in prefix]
    return _polymod([*high, 0, *(ord(character) & 31 for character in prefix)])


def _checks(prefix: str, groups: list[int]) -> list[int]:
    check = _polymod(groups + [0] * CHECK_LENGTH, _begun(prefix)) ^ _CONSTANT
    return [check >> GROUP_BITS * (CHECK_LENGTH - 1 - place) & 31 for place in range(CHECK_LENGTH)]


def _to_groups(data: bytes) -> list[int]:
    bits = len(data) * 8
    count = -(-bits // GROUP_BITS)
    number = int.from_bytes(data) << count * GROUP_BITS - bits
    return [number >> GROUP_BITS * (count - 1 - place) & 31 for place in range(count)]


def _from_groups(groups: list[int]) -> bytes:
    length, spare = divmod(len(groups) * GROUP_BITS, 8)
    number = 0
    for group in groups:
        number = number << GROUP_BITS | group
    if spare >= GROUP_BITS or number & (1 << spare) - 1:
        raise NotBech32("bad-padding")
    return (number >> spare).to_bytes(length)
