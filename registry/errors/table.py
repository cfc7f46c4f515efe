"""Say what can be wrong with a table of products."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from registry.errors.base import InvalidInputError

if TYPE_CHECKING:
    from registry.errors.base import Flaw


class TableInvalid(InvalidInputError):
    """Rows of a table cannot be registered as they are; nothing was sent.

    `count` is how many faults there are, and `problems` has the first of them in the order of their
    lines: each with the `line` (counted from 1) and what `MetadataInvalid` says of a fault, where
    `field` is the column. A problem is one that `MetadataInvalid` names, or `duplicate`,
    `not-with`, `needs-hold`, `beyond-source`, `other-cells`, `text-not-utf-8`, `not-json`,
    `not-csv`, `line-too-long`, `no-rows`, `registered-otherwise`, or the code of the error that the
    content of a path raised.
    """

    code: ClassVar[str] = "table-invalid"
    file: str
    count: int
    problems: list[Flaw]
