"""Say what can be wrong with receipts of use, and why a use is refused before it happens."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ChainError, ConfigError, ContractRevert, InvalidInputError


class ReceiptMalformed(InvalidInputError):
    """What was given is no receipt; `field` says where, `receipt` for the whole.

    `problem` is one of `too-long`, `not-base64url`, `not-json`, `not-json-object`, `missing`,
    `unknown-field`, `other-format`, `out-of-range`, `mistyped`, `unknown-word`, `incomplete`,
    `bad-signature`.
    """

    code: ClassVar[str] = "receipt-malformed"
    field: str
    problem: str


class ReceiptNotNext(InvalidInputError):
    """A receipt does not go beyond the last one: replayed, out of order, or with a smaller sum."""

    code: ClassVar[str] = "receipt-not-next"
    grant: str
    sequence: int
    cumulative: int
    last_sequence: int
    last_cumulative: int


class ReceiptNarrowed(InvalidInputError):
    """A receipt leaves out what earlier ones say was done, of which none is settled.

    `missing` are the actions and purposes, as the vocabularies name them.
    """

    code: ClassVar[str] = "receipt-narrowed"
    grant: str
    missing: list[str]


class ReceiptElsewhere(InvalidInputError):
    """A receipt is settled on another chain or at another contract, or counts something else.

    `what` is one of `chain`, `meter`, `product`, `action`.
    """

    code: ClassVar[str] = "receipt-elsewhere"
    what: str
    given: str
    expected: str


class ReceiptNotOwn(InvalidInputError):
    """A receipt that is to be taken was not signed to use by a key of one's own party."""

    code: ClassVar[str] = "receipt-not-own"
    grant: str
    sequence: int


class ReceiptUnsigned(InvalidInputError):
    """A side that had to has not signed the receipt."""

    code: ClassVar[str] = "receipt-unsigned"
    side: str
    grant: str


class ReceiptSumWrong(InvalidInputError):
    """The receipt adds another amount than this use costs, after the last one counted."""

    code: ClassVar[str] = "receipt-sum-wrong"
    grant: str
    added: int
    amount: int
    expected_cumulative: int
    last_sequence: int


class ReceiptTimeWrong(InvalidInputError):
    """The time of a receipt is too far from the clock here; both in seconds since 1970."""

    code: ClassVar[str] = "receipt-time-wrong"
    at: int
    now: int


class ReceiptSignerWrong(InvalidInputError):
    """The key that signed does not speak for the side it signs for, or not now, or not for this."""

    code: ClassVar[str] = "receipt-signer-wrong"
    side: str
    signer: str
    party: str


class ReceiptMissing(InvalidInputError):
    """A request to a guarded service carries no receipt."""

    code: ClassVar[str] = "receipt-missing"
    header: str


class UseRefused(ContractRevert):
    """The ledger says that this use is not allowed; `verdict` says why, as of `block`."""

    code: ClassVar[str] = "use-refused"
    grant: str
    verdict: str
    block: int


class UseUndecidable(ChainError):
    """The ledger cannot be asked, so the use is refused: the guard fails closed."""

    code: ClassVar[str] = "use-undecidable"
    grant: str
    reason: str


class ReceiptsUnusable(ConfigError):
    """The file that keeps receipts cannot be read or written; nothing is served without it."""

    code: ClassVar[str] = "receipts-unusable"
    file: str
    reason: str


class UseUnnamed(InvalidInputError):
    """Neither a use was named in full nor a file to countersign, or both were."""

    code: ClassVar[str] = "use-unnamed"
    file: str
