"""Say what can be wrong with proofs, and with making them."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ChainError, IntegrityError, InvalidInputError


class ProofUnreadable(InvalidInputError):
    """What was given is no proof of a known format; `where` points to the offending part.

    `reason` is the reader's word for it.
    """

    code: ClassVar[str] = "proof-unreadable"
    where: str
    reason: str


class ProofSubjectMissing(InvalidInputError):
    """The ledger has nothing of this name at that block, or has what was to be absent."""

    code: ClassVar[str] = "proof-subject-missing"
    subject: str
    block: int
    reason: str


class ProofRefused(IntegrityError):
    """A proof does not hold: `reason` says why, `part` which part of it."""

    code: ClassVar[str] = "proof-refused"
    part: str
    reason: str


class ProofUnavailable(ChainError):
    """The node does not give what a proof is made of; `reason` says what is missing."""

    code: ClassVar[str] = "proof-unavailable"
    url: str
    block: int
    reason: str
