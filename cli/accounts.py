"""Name accounts on the command line: whole addresses, or the first digits of one at home."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cli.session import Session
    from registry.domain.ids import Address


def named(session: Session, given: str) -> Address:
    """Return an account by its address or first digits; raises `AddressMistyped` and its like."""
    from registry.accounts import Accounts  # noqa: PLC0415 (start-up time)

    return Accounts(session.settings).named(given)
