"""Choose the account of a run among the keystores at home, and find its password."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from registry.archive import write_private
from registry.domain.ids import Address
from registry.errors import AccountAmbiguous, AccountNeeded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from registry.chain.keystore import Keystore
    from registry.settings import Settings

    AskPassword = Callable[[str], str]
    """Is given an address and returns the password of its keystore."""

_PREFIX_DIGITS: Final = 4
_PASSWORD_BYTES: Final = 24


class Accounts:
    """Hold the accounts of one home, and which of them a run uses."""

    def __init__(self, settings: Settings) -> None:
        """Take the home, and the account that was asked for, from the settings."""
        self._settings = settings

    @property
    def keystore(self) -> Keystore:
        """Return where the keys are."""
        # Imported here for start-up time: who only asks needs no keys.
        from registry.chain.keystore import Keystore  # noqa: PLC0415

        return Keystore(self._settings.home / "keystore")

    def chosen(self) -> Address | None:
        """Return the account asked for, else the only one or, on the dev chain, the first.

        None where there is none, or where several stand and none was asked for. A whole address
        need not be at home: one can ask about it. Raises `AccountAmbiguous`, `AddressMistyped`.
        """
        given = self._settings.account
        if given is not None:
            return self.named(given)
        known = self.keystore.addresses()
        if known and (len(known) == 1 or self._settings.local):
            return known[0]
        return None

    def named(self, given: str) -> Address:
        """Return an account by its address, or by four or more first digits of one at home.

        Raises `AccountAmbiguous`, `AddressMistyped`.
        """
        digits = given.lower().removeprefix("0x")
        if len(digits) == 2 * Address.length:
            return Address.parse(given)
        known = self.keystore.addresses()
        matches = [one for one in known if one.raw.hex().startswith(digits)]
        if len(digits) < _PREFIX_DIGITS or len(matches) != 1:
            raise AccountAmbiguous(given=given, matches=_texts(matches))
        return matches[0]

    def needed(self) -> Address:
        """Return the account that writes; raises `AccountNeeded` where none was chosen."""
        found = self.chosen()
        if found is None:
            raise AccountNeeded(known=_texts(self.keystore.addresses()))
        return found

    def password_path(self, address: Address) -> Path:
        """Return where the password of an account that the dev chain made by itself is."""
        return self._settings.home / "dev-passwords" / address.raw.hex()

    def password(self, address: Address, ask: AskPassword | None) -> str:
        """Return an account's password: on the dev chain the one kept, else the one asked for."""
        if self._settings.local and self._settings.password_file is None:
            try:
                return self.password_path(address).read_text().strip()
            except FileNotFoundError:
                pass
        if ask is None:
            raise AccountNeeded(known=[str(address)])
        return ask(str(address))

    def make_for_dev(self) -> Address:
        """Make an account for the dev chain, its random password in a file of its owner alone.

        Its key is stretched less than others' are: the password is as strong as the key.
        """
        # Imported here for start-up time: seldom needed.
        from registry.chain.keystore import LIGHT  # noqa: PLC0415

        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        address = self.keystore.create(password, cost=LIGHT)
        write_private(self.password_path(address), password.encode() + b"\n")
        return address


def _texts(addresses: Iterable[Address]) -> list[str]:
    return [str(address) for address in addresses]
