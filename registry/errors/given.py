"""Say what can be wrong with ids, words of the vocabulary and terms of grants."""

from __future__ import annotations

from typing import ClassVar

from registry.errors.base import InvalidInputError

# Ids and vocabulary


class IdMistyped(InvalidInputError):
    """What was given is no id of the kind asked for.

    `kind` is `party`, `product` or `grant`; `problem` is one of `mixed-case`, `no-prefix`,
    `wrong-length`, `bad-character`, `bad-checksum`, `bad-padding`, `other-kind`.
    """

    code: ClassVar[str] = "id-mistyped"
    kind: str
    given: str
    problem: str


class ProductCodeMistyped(InvalidInputError):
    """What was given is no code of a product, though it looks like one.

    `scheme` is `registration` or the name of a catalogue's; `problem` is one of the words of
    `IdMistyped`, or `out-of-range`, `unknown-region`.
    """

    code: ClassVar[str] = "product-code-mistyped"
    given: str
    scheme: str
    problem: str


class CatalogueSchemeUnknown(InvalidInputError):
    """No scheme of catalogue identifiers is named so, or none looks so; `known` are those there."""

    code: ClassVar[str] = "catalogue-scheme-unknown"
    given: str
    known: list[str]


class ProductCodeUnknown(InvalidInputError):
    """No product is known by the code; of catalogue identifiers, only manifests at hand tell."""

    code: ClassVar[str] = "product-code-unknown"
    given: str


class AddressMistyped(InvalidInputError):
    """What was given is no address; `problem` is one of the words of `IdMistyped`."""

    code: ClassVar[str] = "address-mistyped"
    given: str
    problem: str


class TermUnknown(InvalidInputError):
    """A word is not in the vocabulary named; `known` lists those that are, like ones first."""

    code: ClassVar[str] = "term-unknown"
    vocabulary: str
    given: str
    known: list[str]


class TerritoryMistyped(InvalidInputError):
    """What was given is no territory code."""

    code: ClassVar[str] = "territory-mistyped"
    given: str


class CalendarEnds(InvalidInputError):
    """A day is not in the calendar of working days, which reaches to the day before `end_day`.

    Both are numbers of days from 1970-01-01 on.
    """

    code: ClassVar[str] = "calendar-ends"
    day: int
    end_day: int


class HolderUnnamed(InvalidInputError):
    """The form states rights of another holder and does not say which party that is."""

    code: ClassVar[str] = "holder-unnamed"
    holder: str


# Terms of grants


class ClausesUnreadable(InvalidInputError):
    """Bytes are not clauses in their one packed form; `offset` is where they stop being so."""

    code: ClassVar[str] = "clauses-unreadable"
    length: int
    offset: int


class ClauseRefused(InvalidInputError):
    """A clause has a value that the terms of a grant cannot have.

    `clause` is its name; `problem` is one of `out-of-range`, `empty`, `unknown-bits`,
    `end-before-start`, `needs-sub-delegation`, `needs-unit`, `needs-model`, `incomplete`,
    `free-has-no-price`, `unsorted`, `too-many`, `not-32-bytes`, `zero`.
    """

    code: ClassVar[str] = "clause-refused"
    clause: str
    given: str
    problem: str
