"""Choose the account of a run among the keystores at home, and find its password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.archive import write_private
from registry.domain.ids import Address
from registry.errors import (
    AccountAmbiguous,
    AccountExists,
    AccountNeeded,
    PasswordFileUnusable,
    PasswordNeeded,
)
from registry.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from io import FileIO
    from pathlib import Path

    from registry.chain.external import Line
    from registry.chain.keystore import Keystore
    from registry.chain.signer import Signer
    from registry.chain.transactions import Transaction
    from registry.chain.wallets import Wallets
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain
    from registry.settings import Settings

    AskPassword = Callable[[str], str | Secret]
    """Is given an address and returns the password of its keystore."""

_PREFIX_DIGITS: Final = 4
_PASSWORD_BYTES: Final = 24
_PASSWORD_LINE: Final = 4096


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

    @property
    def wallets(self) -> Wallets:
        """Return which accounts sign elsewhere."""
        # Imported here for start-up time: most runs only ask.
        from registry.chain.wallets import Wallets  # noqa: PLC0415

        return Wallets(self._settings.home / "signers")

    def addresses(self) -> tuple[Address, ...]:
        """Return the accounts of this home: those whose keys are here, then the others."""
        held = self.keystore.addresses()
        return (*held, *(one for one in self.wallets.addresses() if one not in held))

    def chosen(self) -> Address | None:
        """Return the account asked for, else the only one or, on the dev chain, the first.

        None where there is none, or where several stand and none was asked for. A whole address
        need not be at home: one can ask about it. Raises `AccountAmbiguous`, `AddressMistyped`.
        """
        given = self._settings.account
        if given is not None:
            return self.named(given)
        known = self.addresses()
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
        known = self.addresses()
        matches = [one for one in known if one.raw.hex().startswith(digits)]
        if len(digits) < _PREFIX_DIGITS or len(matches) != 1:
            raise AccountAmbiguous(given=given, matches=_texts(matches))
        return matches[0]

    def needed(self) -> Address:
        """Return the account that writes; raises `AccountNeeded` where none was chosen."""
        found = self.chosen()
        if found is None:
            raise AccountNeeded(known=_texts(self.addresses()))
        return found

    def password_path(self, address: Address) -> Path:
        """Return where the password of an account that the dev chain made by itself is."""
        return self._settings.home / "dev-passwords" / address.raw.hex()

    def password(self, address: Address, ask: AskPassword | None) -> str | Secret:
        """Return an account's password: from the file that was named, else asked for.

        On the dev chain that of an account it made is kept. Raises `PasswordFileUnusable`, and
        `PasswordNeeded` where nobody can be asked.
        """
        if self._settings.password_file is not None:
            return password_in(self._settings.password_file)
        if self._settings.local:
            kept = self.password_path(address)
            if kept.exists():
                return password_in(kept)
        if ask is None:
            raise PasswordNeeded(address=str(address))
        return ask(str(address))

    def signer(
        self,
        address: Address,
        ask: AskPassword | None,
        told: Callable[[str], object] | None = None,
    ) -> DeferredSigner:
        """Return what signs for an account at home, its password asked for at the first signature.

        `told` is told of the socket where a signer elsewhere is asked, before that is.
        Raises `AccountUnknown` where neither its key nor where it signs is at home.
        """
        keystore = self.keystore
        if address not in keystore.addresses() and address in self.wallets.addresses():
            return DeferredSigner(address, lambda: self._elsewhere(address, told))
        keystore.path_of(address)
        return DeferredSigner(
            address, lambda: keystore.unlock(address, lambda: self.password(address, ask))
        )

    def connect(self, line: Line, address: Address | None) -> Address:
        """Remember that an account signs at a socket, the only one there or the one named.

        Raises `AccountAmbiguous`, `AccountExists`, and what `Line.ask` does.
        """
        offered = line.accounts()
        matches = [one for one in offered if address in (None, one)]
        if len(matches) != 1:
            given = str(line.path if address is None else address)
            raise AccountAmbiguous(given=given, matches=_texts(offered))
        (found,) = matches
        if found in self.keystore.addresses():
            raise AccountExists(address=str(found), path=str(self.keystore.path_of(found)))
        self.wallets.connect(found, line)
        return found

    def _elsewhere(self, address: Address, told: Callable[[str], object] | None) -> Signer:
        # Imported here for start-up time: it signs.
        from registry.chain.external import ExternalSigner  # noqa: PLC0415

        line = self.wallets.line(address)
        place = str(line.path)
        return ExternalSigner(
            address=address, line=line, told=None if told is None else lambda: told(place)
        )

    def make_for_dev(self) -> Address:
        """Make an account for the dev chain, its random password in a file of its owner alone.

        Its key is stretched less than others' are: the password is as strong as the key.
        """
        # Imported here for start-up time: seldom needed.
        import secrets  # noqa: PLC0415

        from registry.chain.keystore import LIGHT  # noqa: PLC0415

        password = secrets.token_urlsafe(_PASSWORD_BYTES)

        def keep(address: Address) -> None:
            # Before the key: one whose password is nowhere would be the home's first account.
            write_private(self.password_path(address), password.encode() + b"\n")

        return self.keystore.create(password, cost=LIGHT, before=keep)


def _texts(addresses: Iterable[Address]) -> list[str]:
    return [str(address) for address in addresses]


def password_in(file: Path) -> Secret:
    """Return the first line of a file; raises `PasswordFileUnusable`."""
    line = Secret(_PASSWORD_LINE + 1)
    try:
        with file.open("rb", buffering=0) as opened:
            length = _read_line(opened, line)
    except OSError as error:
        raise PasswordFileUnusable(file=str(file), reason=error.strerror or str(error)) from error
    if length > _PASSWORD_LINE:
        raise PasswordFileUnusable(file=str(file), reason="first-line-too-long")
    while length and line.view[length - 1] in b"\r\n":
        length -= 1
    line.cut(length)
    if not line:
        raise PasswordFileUnusable(file=str(file), reason="first-line-empty")
    if not _is_utf8(line):
        raise PasswordFileUnusable(file=str(file), reason="not-utf-8")
    return line


def _read_line(source: FileIO, line: Secret) -> int:
    """Read a line to its place, and nothing after it; return its length."""
    length = 0
    while length < len(line) and source.readinto(line.view[length : length + 1]):
        length += 1
        if line.view[length - 1] == ord("\n"):
            break
    return length


def _is_utf8(secret: Secret) -> bool:
    """Tell whether bytes are UTF-8, without making a text of them all."""
    # Imported here for start-up time: who only asks has no password.
    import codecs  # noqa: PLC0415

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(len(secret)):
            decoder.decode(secret.view[at : at + 1])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class DeferredSigner:
    """Sign with what is made ready when the first signature is asked for."""

    def __init__(self, address: Address, unlock: Callable[[], Signer]) -> None:
        """Take whose key it is, and what unlocks it, or finds who signs."""
        self.address = address
        self._unlock = unlock
        self._signer: Signer | None = None

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send."""
        return self._unlocked().sign_transaction(transaction)

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a typed message (EIP-712)."""
        return self._unlocked().sign_message(message, domain)

    def _unlocked(self) -> Signer:
        if self._signer is None:
            self._signer = self._unlock()
        return self._signer

    def close(self) -> None:
        """Overwrite a key that was unlocked; nothing can be signed with it any more."""
        close = getattr(self._signer, "close", None)
        if close is not None:
            close()
