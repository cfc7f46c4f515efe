"""Say what can go wrong between a client and its ledger."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import ConfigError, IntegrityError, InvalidInputError


class OperationNotCovered(InvalidInputError):
    """The in-memory ledger carries out the kinds of operations in `covered`, not this one."""

    code: ClassVar[str] = "operation-not-covered"
    operation: str
    covered: list[str]


class MetadataUnreadable(InvalidInputError):
    """A file of descriptive fields is no JSON object; `reason` is the reader's word for it."""

    code: ClassVar[str] = "metadata-unreadable"
    file: str
    reason: str


class ExtraMissing(ConfigError):
    """What was asked for needs an optional package; `extra` of dengji brings it."""

    code: ClassVar[str] = "extra-missing"
    extra: str
    package: str


class ArchiveNeeded(ConfigError):
    """Something is to be kept beside the chain, and the client has no home to keep it in."""

    code: ClassVar[str] = "archive-needed"
    kind: str


class EventContradicted(IntegrityError):
    """The clauses in an event do not lead to the id of the grant that it names."""

    code: ClassVar[str] = "event-contradicted"
    grant: str
    transaction: bytes


class RegisteredOtherwise(InvalidInputError):
    """One's standing registration of the content declares something else than was asked for.

    `what` is `rights`, `security-class`, `series` or `locator`; `registered` and `asked` are their
    words, `-` for no series or locator.
    """

    code: ClassVar[str] = "registered-otherwise"
    product: str
    what: str
    registered: list[str]
    asked: list[str]
