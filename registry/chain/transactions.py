"""Describe a transaction, and turn it into the bytes that are signed and sent.

Two kinds: EIP-1559 (type 2), and the legacy one with the chain id in its signature (EIP-155) for
networks without a base fee. Addresses are 20 raw bytes here, amounts are in wei.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from registry.domain import rlp
from registry.domain.keccak import keccak

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE_DYNAMIC: Final = 2
_DYNAMIC_FIELDS: Final = 12
_LEGACY_FIELDS: Final = 9
_EIP155_BASE: Final = 35
_HALF_ORDER: Final = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_RECOVERY_BASE: Final = 27
_SIGNATURE_BYTES: Final = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicFee:
    """Offer at most `max_fee` for each unit of gas, of which at most `priority` to the producer."""

    max_fee: int
    priority: int

    @property
    def limit(self) -> int:
        """Return the most that one unit of gas may cost, in wei."""
        return self.max_fee


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyFee:
    """Offer `price` for each unit of gas."""

    price: int

    @property
    def limit(self) -> int:
        """Return what one unit of gas costs, in wei."""
        return self.price


Fee = DynamicFee | LegacyFee


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Hold a recoverable secp256k1 signature; `s` is in the lower half, as EIP-2 asks."""

    y_parity: int
    r: int
    s: int

    @classmethod
    def parse(cls, signature: bytes) -> Self:
        """Read 65 bytes, r ‖ s ‖ v with v 27 or 28; raise ValueError on any other."""
        if len(signature) != _SIGNATURE_BYTES:
            raise ValueError(f"a signature has 65 bytes, not {len(signature)}")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:64], "big")
        parity = signature[64] - _RECOVERY_BASE
        if parity not in (0, 1) or not r or not 0 < s <= _HALF_ORDER:
            raise ValueError("the signature is not in its one accepted form")
        return cls(y_parity=parity, r=r, s=s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Describe what to send; `to` is None where a contract is created."""

    chain_id: int
    nonce: int
    gas: int
    fee: Fee
    to: bytes | None
    value: int = 0
    data: bytes = b""

    @property
    def cost(self) -> int:
        """Return the most that it takes from the sender, in wei."""
        return self.gas * self.fee.limit + self.value

    def digest(self) -> bytes:
        """Return the 32 bytes that the sender signs."""
        return keccak(self._unsigned(self._fields()))

    def signed_by(self, sign: Callable[[bytes], bytes]) -> bytes:
        """Return the raw transaction, ready for eth_sendRawTransaction; its Keccak is its hash.

        `sign` returns r ‖ s ‖ v, 65 bytes with v 27 or 28, over the digest.
        """
        fields = self._fields()
        signature = Signature.parse(sign(keccak(self._unsigned(fields))))
        v = signature.y_parity
        if not isinstance(self.fee, DynamicFee):
            v += _EIP155_BASE + 2 * self.chain_id
        return self._envelope(fields + rlp.integers(v, signature.r, signature.s))

    def _fields(self) -> bytes:
        """Return the encoded fields that both what is signed and what is sent begin with."""
        head: tuple[int, ...]
        if isinstance(self.fee, DynamicFee):
            head = (self.chain_id, self.nonce, self.fee.priority, self.fee.max_fee, self.gas)
        else:
            head = (self.nonce, self.fee.price, self.gas)
        content = rlp.encode(self.to or b"") + rlp.integers(self.value) + rlp.encode(self.data)
        access_list = rlp.encode([]) if isinstance(self.fee, DynamicFee) else b""
        return rlp.integers(*head) + content + access_list

    def _unsigned(self, fields: bytes) -> bytes:
        if isinstance(self.fee, DynamicFee):
            return self._envelope(fields)
        return self._envelope(fields + rlp.integers(self.chain_id, 0, 0))

    def _envelope(self, fields: bytes) -> bytes:
        kind = bytes((TYPE_DYNAMIC,)) if isinstance(self.fee, DynamicFee) else b""
        return kind + rlp.enclose(fields)


def hash_of(raw: bytes) -> bytes:
    """Return the hash by which the chain knows a raw transaction."""
    return keccak(raw)


def parse(raw: bytes) -> Transaction:
    """Read back a raw transaction of the two kinds written here, without its signature.

    Raises ValueError on anything else.
    """
    if raw[:1] == bytes((TYPE_DYNAMIC,)):
        return _parse_dynamic(_fields(raw[1:], _DYNAMIC_FIELDS))
    return _parse_legacy(_fields(raw, _LEGACY_FIELDS))


def signature_of(raw: bytes) -> bytes:
    """Return the signature of a raw transaction: r ‖ s ‖ v, 65 bytes with v 27 or 28.

    Raises ValueError on what `parse` does not read, and for numbers that are no signature's.
    """
    dynamic = raw[:1] == bytes((TYPE_DYNAMIC,))
    fields = _fields(raw[dynamic:], _DYNAMIC_FIELDS if dynamic else _LEGACY_FIELDS)
    parity, r, s = map(rlp.decode_int, _scalars(fields[-3:]))
    if not dynamic:
        parity = (parity - _EIP155_BASE) % 2
    if parity not in (0, 1) or max(r, s) >> 256:
        raise ValueError("the signature is no signature")
    return r.to_bytes(32) + s.to_bytes(32) + bytes((parity + _RECOVERY_BASE,))


def _fields(body: bytes, count: int) -> list[rlp.Item]:
    fields = rlp.decode(body)
    if not isinstance(fields, list) or len(fields) != count:
        raise ValueError(f"a transaction of this kind has {count} fields")
    return fields


def _parse_dynamic(fields: list[rlp.Item]) -> Transaction:
    if fields.pop(8) != []:
        raise ValueError("access lists are not written here")
    scalars = _scalars(fields)
    chain_id, nonce, priority, max_fee, gas = map(rlp.decode_int, scalars[:5])
    return Transaction(
        chain_id=chain_id,
        nonce=nonce,
        gas=gas,
        fee=DynamicFee(max_fee=max_fee, priority=priority),
        to=scalars[5] or None,
        value=rlp.decode_int(scalars[6]),
        data=scalars[7],
    )


def _parse_legacy(fields: list[rlp.Item]) -> Transaction:
    scalars = _scalars(fields)
    nonce, price, gas = map(rlp.decode_int, scalars[:3])
    v = rlp.decode_int(scalars[6])
    if v < _EIP155_BASE:
        raise ValueError("the signature names no chain")
    return Transaction(
        chain_id=(v - _EIP155_BASE) // 2,
        nonce=nonce,
        gas=gas,
        fee=LegacyFee(price=price),
        to=scalars[3] or None,
        value=rlp.decode_int(scalars[4]),
        data=scalars[5],
    )


def _scalars(fields: list[rlp.Item]) -> list[bytes]:
    scalars = [field for field in fields if isinstance(field, bytes)]
    if len(scalars) != len(fields):
        raise ValueError("a field is a list that should not be")
    return scalars
