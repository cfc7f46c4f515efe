"""Name parties, products, grants and accounts by typed ids, derived as the contracts derive them.

A person sees an id as Bech32m text (`party1…`, `product1…`, `grant1…`), whose check characters
refuse a mistyped one, and an account as the checksummed address of EIP-55.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from registry.domain import bech32
from registry.domain.keccak import keccak
from registry.errors import AddressMistyped, IdMistyped

__all__ = ["Address", "GrantId", "Identifier", "PartyId", "ProductId"]


@dataclass(frozen=True, slots=True, order=True, repr=False)
class Identifier:
    """Hold the bytes of an id; ids of different kinds are never equal."""

    raw: bytes

    length: ClassVar[int]
    kind: ClassVar[str]

    def __post_init__(self) -> None:
        if len(self.raw) != self.length:
            raise IdMistyped(kind=self.kind, given="0x" + self.raw.hex(), problem="wrong-length")

    @classmethod
    def of(cls, value: int | bytes) -> Self:
        """Return the id with this value: a number, big-endian, or its bytes."""
        if isinstance(value, int):
            return cls(value.to_bytes(cls.length))
        return cls(bytes(value))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an id from its text or from 0x-hex; raises `IdMistyped`.

        >>> PartyId.parse(str(PartyId.of(7))) == PartyId.of(7)
        True
        """
        given = text.strip()
        if given[:2].lower() == "0x":
            return cls(cls._from_hex(given))
        try:
            prefix, raw = bech32.decode(given)
        except bech32.NotBech32 as error:
            raise IdMistyped(kind=cls.kind, given=text, problem=error.problem) from error
        if prefix != cls.kind:
            raise IdMistyped(kind=cls.kind, given=text, problem="other-kind")
        if len(raw) != cls.length:
            raise IdMistyped(kind=cls.kind, given=text, problem="wrong-length")
        return cls(raw)

    @classmethod
    def _from_hex(cls, given: str) -> bytes:
        try:
            raw = bytes.fromhex(given[2:])
        except ValueError as error:
            raise IdMistyped(kind=cls.kind, given=given, problem="bad-character") from error
        # fromhex takes blanks between digits, which an id has not.
        if len(given) != 2 + 2 * cls.length or len(raw) != cls.length:
            raise IdMistyped(kind=cls.kind, given=given, problem="wrong-length")
        return raw

    @property
    def hex(self) -> str:
        """Return the bytes as 0x and lower-case hexadecimal digits."""
        return "0x" + self.raw.hex()

    def __str__(self) -> str:
        return bech32.encode(self.kind, self.raw)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.parse({str(self)!r})"

    def __bytes__(self) -> bytes:
        return self.raw

    def __int__(self) -> int:
        return int.from_bytes(self.raw)

    def __bool__(self) -> bool:
        """Tell whether the id names anything: all zero names nothing."""
        return any(self.raw)


class Address(Identifier):
    """Name an account or a contract: 20 bytes, shown with the checksum of EIP-55.

    >>> str(Address.parse("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"))
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
    """

    __slots__ = ()
    length = 20
    kind = "address"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address, checksummed where in mixed case; raises `AddressMistyped`."""
        given = text.strip()
        digits = given[2:]
        if given[:2].lower() != "0x" or len(digits) != 2 * cls.length or not digits.isalnum():
            raise AddressMistyped(given=text, problem="wrong-length")
        try:
            address = cls(bytes.fromhex(digits))
        except ValueError as error:
            raise AddressMistyped(given=text, problem="bad-character") from error
        if digits not in (digits.lower(), digits.upper()) and str(address)[2:] != digits:
            raise AddressMistyped(given=text, problem="bad-checksum")
        return address

    def __str__(self) -> str:
        digits = self.raw.hex()
        check = keccak(digits.encode()).hex()
        return "0x" + "".join(
            digit.upper() if nibble >= "8" else digit
            for digit, nibble in zip(digits, check, strict=False)
        )


class PartyId(Identifier):
    """Name a party: 8 bytes."""

    __slots__ = ()
    length = 8
    kind = "party"

    @classmethod
    def derive(cls, chain_id: int, registry: Address, first_key: Address) -> Self:
        """Derive the id of the party that enrols with `first_key` at a party registry."""
        return cls(keccak(_word(chain_id) + _padded(registry) + _padded(first_key))[: cls.length])


class ProductId(Identifier):
    """Name a product: 20 bytes, which prove its version 1."""

    __slots__ = ()
    length = 20
    kind = "product"

    @classmethod
    def derive(
        cls,
        *,
        chain_id: int,
        registry: Address,
        party: PartyId,
        content_root: bytes,
        metadata_hash: bytes,
        salt: int,
    ) -> Self:
        """Derive the id of the product that `party` registers with these 32-byte digests."""
        preimage = _word(chain_id) + _padded(registry) + _padded(party)
        return cls(keccak(preimage + content_root + metadata_hash + _word(salt))[: cls.length])


class GrantId(Identifier):
    """Name a grant: 32 bytes, the EIP-712 digest of its terms."""

    __slots__ = ()
    length = 32
    kind = "grant"


def _word(number: int) -> bytes:
    return number.to_bytes(32)


def _padded(identifier: Identifier) -> bytes:
    return identifier.raw.rjust(32, b"\0")
