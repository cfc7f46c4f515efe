"""Take a party's identity from the command line: a credit code, a text, or a file of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.files import read_text
from cli.grammar import option, together
from cli.types import FILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def identified() -> Callable[[F], F]:
    """Declare the options that say who somebody is; the last one given counts."""
    return together(
        option("--credit-code", metavar="CODE"),
        option("--identity", metavar="TEXT"),
        option("--identity-file", type=FILE, metavar="FILE"),
    )


def text_of(
    credit_code: str | None, identity: str | None, identity_file: Path | None
) -> str | None:
    """Return the identity that the options name, a credit code checked; None for none."""
    if credit_code is not None:
        from registry.domain.identity import parse_credit_code  # noqa: PLC0415 (start-up time)

        return parse_credit_code(credit_code)
    return identity if identity_file is None else read_text(identity_file)


def needed_of(credit_code: str | None, identity: str | None, identity_file: Path | None) -> str:
    """Return the identity that the options name; raises `IdentityNeeded`."""
    found = text_of(credit_code, identity, identity_file)
    if found is None:
        from registry.errors import IdentityNeeded  # noqa: PLC0415 (start-up: seldom raised)

        raise IdentityNeeded
    return found
