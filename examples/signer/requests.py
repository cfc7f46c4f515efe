"""Read what a signer is asked: each field strictly, and nothing left over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from eth_abi.exceptions import EncodingError
from eth_account.messages import encode_typed_data
from eth_utils.exceptions import ValidationError

from registry.chain.transactions import DynamicFee, Fee, LegacyFee, Transaction
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.errors import AddressMistyped

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,77}")
_BYTES: Final = re.compile(r"0x(?:[0-9a-f]{2})*")
_DYNAMIC: Final = {"type", "maxFeePerGas", "maxPriorityFeePerGas"}
_LEGACY: Final = {"type", "gasPrice"}
_COMMON: Final = {"chainId", "nonce", "gas", "to", "value", "data"}
_KIND: Final = re.compile(
    r"(?:address|u?int[0-9]{1,3}|bytes[0-9]{0,2}|bool|string|[A-Z]\w*)(?:\[\])?"
)
_UNFIT: Final = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError),
    *(RecursionError, ValidationError, EncodingError),
)
_TYPED: Final = {"types", "primaryType", "domain", "message"}
_DOMAIN: Final = {"name", "version", "chainId", "verifyingContract"}


class Malformed(Exception):
    """Say that a request is none; the text is shown to whoever asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedMessage:
    """Hold a typed message, and the digest reckoned from all of it."""

    kind: str
    chain_id: int
    contract: Address
    content: dict[str, Any]
    digest: bytes


def transaction_of(given: object) -> Transaction:
    """Return the transaction that was described; raises Malformed."""
    record = _record(given, "transaction")
    dynamic = record.get("type") == "2"
    _exact(record, _COMMON | (_DYNAMIC if dynamic else _LEGACY), "transaction")
    if not dynamic and record["type"] != "0":
        raise Malformed("a transaction is of type 0 or 2")
    fee: Fee = LegacyFee(price=0)
    if dynamic:
        priority = _number(record, "maxPriorityFeePerGas")
        fee = DynamicFee(max_fee=_number(record, "maxFeePerGas"), priority=priority)
    else:
        fee = LegacyFee(price=_number(record, "gasPrice"))
    data = record["data"]
    if not isinstance(data, str) or not _BYTES.fullmatch(data):
        raise Malformed("data is 0x and pairs of digits")
    return Transaction(
        chain_id=_number(record, "chainId"),
        nonce=_number(record, "nonce"),
        gas=_number(record, "gas"),
        fee=fee,
        to=None if record["to"] is None else address_of(record["to"]).raw,
        value=_number(record, "value"),
        data=bytes.fromhex(data[2:]),
    )


def message_of(given: object) -> TypedMessage:
    """Return the typed message that was described; raises Malformed.

    The digest is reckoned by another implementation than the asking client's, so that a slip of
    either shows: the client refuses a signature of another digest than its own.
    """
    record = _record(given, "message")
    _exact(record, _TYPED, "message")
    domain = _record(record["domain"], "domain")
    _exact(domain, _DOMAIN, "domain")
    for fields in _record(record["types"], "types").values():
        if not isinstance(fields, list) or not all(_is_field(one) for one in fields):
            raise Malformed("a type is a list of names and types")
    if not isinstance(record["primaryType"], str) or type(domain["chainId"]) is not int:
        raise Malformed("primaryType is no text, or chainId no number")
    try:
        encoded = encode_typed_data(full_message=dict(record))
    except _UNFIT as error:
        raise Malformed(f"the message cannot be encoded: {type(error).__name__}") from error
    return TypedMessage(
        kind=record["primaryType"],
        chain_id=domain["chainId"],
        contract=address_of(domain["verifyingContract"]),
        content=_record(record["message"], "content"),
        digest=keccak(b"\x19" + encoded.version + encoded.header + encoded.body),
    )


def address_of(given: object) -> Address:
    """Return an address from its checksummed text; raises Malformed."""
    try:
        return Address.parse(given if isinstance(given, str) else "")
    except AddressMistyped as error:
        raise Malformed("an address is 0x and 40 digits with their checksum") from error


def _is_field(given: object) -> bool:
    return (
        isinstance(given, dict)
        and given.keys() == {"name", "type"}
        and all(isinstance(one, str) for one in given.values())
        and _KIND.fullmatch(given["type"]) is not None
    )


def _record(given: object, name: str) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Malformed(f"{name} is no object")
    return given


def _exact(record: Mapping[str, object], names: set[str], name: str) -> None:
    if record.keys() != names:
        odd = ", ".join(sorted(record.keys() ^ names))
        raise Malformed(f"{name} has not the fields it should: {odd[:100]}")


def _number(record: Mapping[str, object], name: str) -> int:
    text = record[name]
    if not isinstance(text, str) or not _NUMBER.fullmatch(text) or int(text) >> 256:
        raise Malformed(f"{name} is no decimal number below 2**256")
    return int(text)
