"""Say what can be wrong with identities, seats and the consents of keys."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import IntegrityError, InvalidInputError


class CreditCodeWrong(InvalidInputError):
    """What was given is no unified social credit code; `problem` says why.

    `problem` is one of `wrong-length`, `bad-character`, `bad-checksum`.
    """

    code: ClassVar[str] = "credit-code-wrong"
    given: str
    problem: str


class SeatMistyped(InvalidInputError):
    """What was given is no seat of a registrar: two digits, then a digit or capital letter."""

    code: ClassVar[str] = "seat-mistyped"
    given: str


class SaltMalformed(InvalidInputError):
    """What was given is no salt: 16 bytes in hexadecimal digits."""

    code: ClassVar[str] = "salt-malformed"
    given: str


class IdentityNeeded(InvalidInputError):
    """Nothing says what identity is meant: no code, text, hash or admission."""

    code: ClassVar[str] = "identity-needed"


class IdentityNotAdmitted(InvalidInputError):
    """A registrar admitted the account under another identity; `admitted` is its hash as hex."""

    code: ClassVar[str] = "identity-not-admitted"
    account: str
    admitted: str


class KeyConsentNeeded(InvalidInputError):
    """A key's consent is needed, and neither its key is at home nor a file of it was given."""

    code: ClassVar[str] = "key-consent-needed"
    account: str


class ConsentMalformed(InvalidInputError):
    """A file is no consent of a key; `where` points into it as RFC 6901 does."""

    code: ClassVar[str] = "consent-malformed"
    file: str
    where: str
    reason: str


class ConsentElsewhere(InvalidInputError):
    """A consent was signed for another deployment."""

    code: ClassVar[str] = "consent-elsewhere"
    chain_id: int
    registry: str


class ConsentForOther(InvalidInputError):
    """A consent is for another party or purpose; `field` names what differs."""

    code: ClassVar[str] = "consent-for-other"
    field: str
    given: str
    needed: str


class ConsentForged(IntegrityError):
    """The signature of a consent is not its key's."""

    code: ClassVar[str] = "consent-forged"
    account: str


class OptionsUnfit(InvalidInputError):
    """Of several options exactly one must be given, or all of them together, or not together.

    `rule` is `one-of`, `together`, `apart`, `alike` or `seat`; `options` are their names.
    """

    code: ClassVar[str] = "options-unfit"
    rule: str
    options: list[str]
