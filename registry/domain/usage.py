"""Count use by cumulative receipts: the value that travels, its text, and what may follow what.

A receipt says what was used under a grant from its beginning until a time. Because it is
cumulative, a lost or repeated one does no harm: only the newest counts. The grantee signs it to
use, the grantor signs the same digest to settle it on the chain. The text is canonical JSON
(RFC 8785); in an HTTP header it is base64url (RFC 4648, section 5, without padding).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, Self, TypeVar

from registry.domain.agreement_operations import Approval
from registry.domain.ids import Address, GrantId
from registry.domain.nesting import read_shallow
from registry.domain.signing import UsageReceipt
from registry.domain.vocabulary import Action, Purpose
from registry.domain.words import names
from registry.errors import ReceiptMalformed, ReceiptNarrowed, ReceiptNotNext, RegistryError
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_Id = TypeVar("_Id", Address, GrantId)
_Word = TypeVar("_Word", Action, Purpose)

Side = Literal["grantor", "grantee"]
"""Who signs: the one who granted, or the one who uses."""

FORMAT: Final = "dengji-receipt/1"
LONGEST_TEXT: Final = 4096
"""Bytes of a receipt's text at most: it comes from strangers."""
_WIDTHS: Final = {"cumulative": 64, "sequence": 32, "at": 40}
_SIDES: Final[tuple[Side, ...]] = ("grantor", "grantee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Hold what the chain has settled of a grant's receipts: sum, number and time of the last."""

    cumulative: int = 0
    sequence: int = 0
    at: int = 0

    def includes(self, receipt: UsageReceipt) -> bool:
        """Tell whether a receipt says no more than this: it or a later one was settled."""
        known = receipt.sequence <= self.sequence and receipt.cumulative <= self.cumulative
        return self.sequence > 0 and known


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Hold the quota of a grant for each period, and what was used in the latest with a use.

    `length` is in seconds, `index` counts periods from 0, which began at `first_at`.
    """

    limit: int
    used: int
    length: int
    index: int
    first_at: int

    def left(self, time: int) -> int:
        """Return the units left at a time; a use of a past period counts in the latest one."""
        return self.limit - (self.used if self._at(time) <= self.index else 0)

    def renewed(self, time: int) -> int:
        """Return since when a use has as many units left as one at a time, 0 for since ever."""
        if not self.used or self._at(time) <= self.index:
            return 0
        return self.first_at + (self.index + 1) * self.length

    def debited(self, amount: int, time: int) -> Period:
        """Return the period after units were used at a time; they must be left."""
        current = self._at(time)
        used = self.used if current <= self.index else 0
        return replace(self, used=used + amount, index=max(current, self.index))

    def _at(self, time: int) -> int:
        return (time - self.first_at) // self.length if time >= self.first_at else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedReceipt:
    """Hold a receipt and the signatures that it has so far.

    `chain_id` and `meter` are the chain and the contract that it is settled at: they are part of
    what is signed.
    """

    chain_id: int
    meter: Address
    receipt: UsageReceipt
    grantor: Approval | None = None
    grantee: Approval | None = None

    @property
    def complete(self) -> bool:
        """Tell whether both sides have signed, so that it can be settled."""
        return self.grantor is not None and self.grantee is not None

    def by(self, side: Side) -> Approval | None:
        """Return the signature of a side, None where it has not signed."""
        return self.grantor if side == "grantor" else self.grantee

    def signed(self, side: Side, signature: Approval) -> Self:
        """Return the receipt with the signature of a side, `grantor` or `grantee`."""
        if side == "grantor":
            return replace(self, grantor=signature)
        return replace(self, grantee=signature)

    def text(self) -> str:
        """Return the receipt as canonical JSON."""
        # Imported here for start-up time: most commands write no receipt.
        import rfc8785  # noqa: PLC0415

        return rfc8785.dumps(self._plain()).decode()

    def header(self) -> str:
        """Return the receipt as one word, fit for an HTTP header."""
        return base64.urlsafe_b64encode(self.text().encode()).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a receipt from its JSON or its header; raises `ReceiptMalformed`."""
        if len(text) > LONGEST_TEXT:
            raise ReceiptMalformed(field="receipt", problem="too-long")
        plain = text if text.lstrip().startswith("{") else _from_header(text.strip())
        try:
            given = read_shallow(plain)
        except ValueError as error:
            raise ReceiptMalformed(field="receipt", problem="not-json") from error
        if not isinstance(given, dict):
            raise ReceiptMalformed(field="receipt", problem="not-json-object")
        return cls._read(given)

    def _plain(self) -> dict[str, Any]:
        told = self.receipt
        plain: dict[str, Any] = {
            "format": FORMAT,
            "chainId": str(self.chain_id),
            "meter": str(self.meter),
            "grant": str(told.grant),
            "cumulative": str(told.cumulative),
            "sequence": told.sequence,
            "purpose": "|".join(names(told.purpose)),
            "action": "|".join(names(told.action)),
            "at": told.at,
        }
        for side in _SIDES:
            signature = self.by(side)
            if signature is not None:
                plain[side] = {
                    "signer": str(signature.signer),
                    "signature": "0x" + signature.signature.hex(),
                }
        return plain

    @classmethod
    def _read(cls, given: Mapping[str, Any]) -> Self:
        known = {*_FIELDS, *_SIDES}
        for name in given:
            if name not in known:
                raise ReceiptMalformed(field=str(name)[:40], problem="unknown-field")
        for name in _FIELDS:
            if name not in given:
                raise ReceiptMalformed(field=name, problem="missing")
        if given["format"] != FORMAT:
            raise ReceiptMalformed(field="format", problem="other-format")
        return cls(
            chain_id=_number("chainId", given["chainId"], 64),
            meter=_identifier("meter", given["meter"], Address),
            receipt=UsageReceipt(
                grant=_identifier("grant", given["grant"], GrantId),
                purpose=_mask("purpose", given["purpose"], Purpose),
                action=_mask("action", given["action"], Action),
                **{name: _number(name, given[name], bits) for name, bits in _WIDTHS.items()},
            ),
            **{side: _signature(side, given[side]) for side in _SIDES if side in given},
        )


_FIELDS: Final = (
    *("format", "chainId", "meter", "grant", "cumulative", "sequence", "purpose", "action", "at"),
)


def following(last: UsageReceipt | Settled | None, receipt: UsageReceipt) -> int:
    """Return by how many units a receipt goes beyond the last one, None for the first.

    The last one is the newest known here, or what the chain has settled.

    :raises ReceiptNotNext: where its number does not rise or its sum falls.
    """
    sequence, cumulative = (0, 0) if last is None else (last.sequence, last.cumulative)
    if receipt.sequence <= sequence or receipt.cumulative < cumulative:
        raise not_next(last, receipt)
    return receipt.cumulative - cumulative


def latest(last: UsageReceipt | None, settled: Settled) -> UsageReceipt | Settled:
    """Return what the next receipt goes on from: the last one known, or what is settled beyond."""
    if last is None or last.sequence < settled.sequence:
        return settled
    return last


def left_out(last: UsageReceipt | None, settled: Settled, receipt: UsageReceipt) -> tuple[str, ...]:
    """Return the actions and purposes of the last receipt that this one does not repeat.

    A receipt stands for all that was done since the last settled one; once the chain has the last
    one, there is nothing to repeat.
    """
    if last is None or settled.includes(last):
        return ()
    missing = (last.action & ~receipt.action, last.purpose & ~receipt.purpose)
    return tuple(name for one in missing for name in names(one))


def require_whole(last: UsageReceipt | None, settled: Settled, receipt: UsageReceipt) -> None:
    """Refuse a receipt that leaves out what was done since the last settled one.

    :raises ReceiptNarrowed: saying what is left out.
    """
    if missing := left_out(last, settled, receipt):
        raise ReceiptNarrowed(grant=str(receipt.grant), missing=list(missing))


def not_next(last: UsageReceipt | Settled | None, receipt: UsageReceipt) -> ReceiptNotNext:
    """Return the error that a receipt does not go beyond the last one as it must."""
    return ReceiptNotNext(
        grant=str(receipt.grant),
        sequence=receipt.sequence,
        cumulative=receipt.cumulative,
        last_sequence=0 if last is None else last.sequence,
        last_cumulative=0 if last is None else last.cumulative,
    )


def _from_header(word: str) -> str:
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4), "-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ReceiptMalformed(field="receipt", problem="not-base64url") from error


def _number(name: str, value: object, bits: int) -> int:
    """Read a number; as decimal text where it may pass what JSON's readers keep exactly."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= bits:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << bits:
        raise ReceiptMalformed(field=name, problem="out-of-range")
    return value


def _identifier(name: str, value: object, kind: type[_Id]) -> _Id:
    try:
        return kind.parse(value if isinstance(value, str) else "")
    except RegistryError as error:
        raise ReceiptMalformed(field=name, problem="mistyped") from error


def _mask(name: str, value: object, kind: type[_Word]) -> _Word:
    """Read words joined by |, each once and in the vocabulary's order."""
    mask = 0
    for word in value.split("|") if isinstance(value, str) else ():
        member = kind.__members__.get(word)
        if member is None or int(member).bit_count() != 1:
            raise ReceiptMalformed(field=name, problem="unknown-word")
        mask |= int(member)
    if not mask or "|".join(names(kind(mask))) != value:
        raise ReceiptMalformed(field=name, problem="unknown-word")
    return kind(mask)


def _signature(side: str, value: object) -> Approval:
    if not isinstance(value, dict) or set(value) != {"signer", "signature"}:
        raise ReceiptMalformed(field=side, problem="incomplete")
    text = value["signature"]
    try:
        raw = bytes.fromhex(text.removeprefix("0x")) if isinstance(text, str) else b""
    except ValueError:
        raw = b""
    if not raw:
        raise ReceiptMalformed(field=side, problem="bad-signature")
    return Approval(signer=_identifier(side, value["signer"], Address), signature=raw)
