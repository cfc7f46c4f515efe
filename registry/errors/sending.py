"""Say what can go wrong with keys, the journal, and what is sent through it."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ChainError, ConfigError, IntegrityError, InvalidInputError

# The journal, and what is sent through it


class JournalUnusable(ConfigError):
    """The journal cannot be opened or written; `reason` is the system's word for it."""

    code: ClassVar[str] = "journal-unusable"
    path: str
    reason: str


class JournalBusy(ConfigError):
    """Another process held the journal for longer than `seconds`."""

    code: ClassVar[str] = "journal-busy"
    path: str
    seconds: int


class JournalTooNew(ConfigError):
    """A later version wrote the journal; this one knows schemas up to `known`."""

    code: ClassVar[str] = "journal-too-new"
    path: str
    found: int
    known: int


class JournalCorrupt(IntegrityError):
    """The journal is damaged or is no journal; it is left as it is."""

    code: ClassVar[str] = "journal-corrupt"
    path: str
    reason: str


class JournalConflict(IntegrityError):
    """The journal holds something that contradicts what was to be written."""

    code: ClassVar[str] = "journal-conflict"
    transaction: str
    reason: str


class AccountBusy(ChainError):
    """Another process kept sending with the same key for longer than `seconds`."""

    code: ClassVar[str] = "account-busy"
    address: str
    seconds: int


class InsufficientFunds(ChainError):
    """The account cannot pay for gas and value; both amounts are wei in decimal digits."""

    code: ClassVar[str] = "insufficient-funds"
    address: str
    balance: str
    needed: str


class FeeTooHigh(ChainError):
    """The network asks more for gas than the ceiling set; both in wei, decimal digits."""

    code: ClassVar[str] = "fee-too-high"
    asked: str
    ceiling: str


class NonceConflict(ChainError):
    """Another program sends with the same key and took the nonce of a transaction."""

    code: ClassVar[str] = "nonce-conflict"
    address: str
    nonce: int
    transaction: str


class ReceiptTimeout(ChainError):
    """A transaction was sent and not included within `seconds`; it is followed up next time."""

    code: ClassVar[str] = "receipt-timeout"
    transaction: str
    seconds: int


class UnexplainedRevert(ChainError):
    """A transaction failed in a block, and asking again for the reason gave none."""

    code: ClassVar[str] = "unexplained-revert"
    transaction: str
    block: int
    gas_used: int
    gas_limit: int


# Keys


class AccountUnknown(ConfigError):
    """No keystore holds the key of this address."""

    code: ClassVar[str] = "account-unknown"
    address: str
    directory: str


class AccountExists(InvalidInputError):
    """A keystore for this address is there already."""

    code: ClassVar[str] = "account-exists"
    address: str
    path: str


class KeystoreMalformed(ConfigError):
    """A file is not a version 3 keystore that can be read."""

    code: ClassVar[str] = "keystore-malformed"
    path: str
    reason: str


class KeystoreExposed(ConfigError):
    """Others may read a keystore or list its directory; `mode` is its permissions in octal."""

    code: ClassVar[str] = "keystore-exposed"
    path: str
    mode: str


class KeyMalformed(InvalidInputError):
    """What was given is no private key and no mnemonic.

    `problem` is one of `not-hex`, `wrong-length`, `out-of-range`, `mnemonic-invalid`; the key
    itself is never part of an error.
    """

    code: ClassVar[str] = "key-malformed"
    problem: str


class PasswordWrong(InvalidInputError):
    """The password does not open the keystore of this address."""

    code: ClassVar[str] = "password-wrong"
    address: str


# What signs elsewhere


class SignerUnusable(ConfigError):
    """The file that says where an account's signer is cannot be used."""

    code: ClassVar[str] = "signer-unusable"
    path: str
    reason: str


class SignerExposed(ConfigError):
    """Others than the signer's owner may stand at its socket, or answer there."""

    code: ClassVar[str] = "signer-exposed"
    socket: str
    reason: str


class SignerUnreachable(ChainError):
    """Nothing answers at a signer's socket."""

    code: ClassVar[str] = "signer-unreachable"
    socket: str
    reason: str


class SignerTimeout(ChainError):
    """A signer gave no answer within `seconds`."""

    code: ClassVar[str] = "signer-timeout"
    socket: str
    seconds: int


class SignerRefused(ConfigError):
    """A signer, or the person at it, will not sign; `problem` is one of `REFUSALS`.

    `reason` is its own word for it, whatever that says.
    """

    code: ClassVar[str] = "signer-refused"
    socket: str
    problem: str
    reason: str


class SignerMisbehaved(IntegrityError):
    """A signer answered something that is no answer to what it was asked."""

    code: ClassVar[str] = "signer-misbehaved"
    socket: str
    reason: str
