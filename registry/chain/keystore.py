"""Keep encrypted private keys in a directory that only its owner can read."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import re
import secrets
import string
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain import keyfile, private_files
from registry.chain.keyfile import LIGHT, STANDARD, Cost
from registry.chain.signer import LocalSigner
from registry.domain.ids import Address
from registry.domain.nesting import read_shallow
from registry.errors import (
    AccountExists,
    AccountUnknown,
    KeyMalformed,
    KeystoreMalformed,
    PasswordWrong,
)
from registry.regular_files import open_given
from registry.secret import Secret, shield

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["LIGHT", "STANDARD", "Cost", "Keystore"]

_KEY_BYTES: Final = 32
_BLANKS: Final = frozenset(string.whitespace.encode())
_NIBBLES: Final = {ord(one): int(one, 16) for one in string.hexdigits}
_LOWER: Final = 0x20
_ASCII: Final = 0x7F
# What is longer is no keystore, and is cut where it cannot be JSON any more.
_FILE_BYTES: Final = 1 << 20
_FILE_NAME: Final = re.compile(r"UTC--.+--(?:0x)?([0-9a-fA-F]{40})")
_DERIVATION_PATH: Final = "m/44'/60'/0'/0/0"

Password = str | Secret | Callable[[], str | Secret]
"""A password, or how to ask for it. A `Secret` is left as it is; text cannot be wiped by anyone."""


class Keystore:
    """Hold the keystores of one directory, one version 3 file for each address.

    A key is unlocked once: the object remembers the signers it has made, until `close`. The
    directory is made with mode 0700 and files with 0600; where others may read either,
    KeystoreExposed is raised. Whatever handles a key keeps this process out of core files first
    (`registry.secret.shield`).
    """

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made when the first key is written."""
        self.directory = directory
        self._unlocked: dict[Address, LocalSigner] = {}

    def close(self) -> None:
        """Overwrite the keys that were unlocked; their signers sign nothing any more."""
        while self._unlocked:
            self._unlocked.popitem()[1].close()

    def addresses(self) -> tuple[Address, ...]:
        """Return whose keys are here, in the order of their files' names, the oldest first."""
        return tuple(self._files())

    def path_of(self, address: Address) -> Path:
        """Return the file of an address; raise AccountUnknown where there is none."""
        try:
            return self._files()[address]
        except KeyError:
            raise AccountUnknown(address=str(address), directory=str(self.directory)) from None

    def create(
        self,
        password: str | Secret,
        *,
        cost: Cost = STANDARD,
        before: Callable[[Address], object] | None = None,
    ) -> Address:
        """Make a new key at random, write it and return its address.

        `before` is told the address before anything is written, for what must be there first.
        """
        shield()
        return self._add(_random_key(), Secret.of(password), cost, before)

    def import_key(
        self, given: str | Secret, password: str | Secret, *, cost: Cost = STANDARD
    ) -> Address:
        """Write a key given as 64 hex digits, or as a BIP-39 mnemonic.

        Of a mnemonic the first account is taken, as wallets do.
        Raises KeyMalformed, which never shows what was given, or AccountExists.
        """
        given, password = Secret.of(given), Secret.of(password)
        shield()
        with given:
            key = _key_of(given)
        return self._add(key, password, cost)

    def import_file(self, path: Path, password: str | Secret, *, cost: Cost = STANDARD) -> Address:
        """Take over the key of a version 3 keystore, encrypted anew under the same password.

        So that it is as dear to guess as one made here, whatever the file's own parameters are.
        Raises KeystoreMalformed, also where the file names another address than its key has, since
        not all of what makes the key is under its check; PasswordWrong or AccountExists.
        """
        password = Secret.of(password)
        shield()
        document = _read(path)
        key = _open(path, document, password, shown=path.name)
        _refuse_another(path, document, LocalSigner(key))
        return self._add(key, password, cost)

    def unlock(self, address: Address, password: Password) -> LocalSigner:
        """Return the signer of an address, asking for the password only the first time.

        Raises AccountUnknown, PasswordWrong, KeystoreExposed or KeystoreMalformed.
        """
        given = Secret.of(password) if isinstance(password, str | Secret) else password
        del password
        if address not in self._unlocked:
            path = self.path_of(address)
            private_files.refuse_exposed(self.directory, self.directory.stat())
            document = _read_own(path)
            shield()
            with given if isinstance(given, Secret) else Secret.of(given()) as known:
                signer = LocalSigner(_open(path, document, known, shown=str(address)))
            if signer.address != address:
                raise KeystoreMalformed(path=str(path), reason=f"key-of-another:{signer.address}")
            self._unlocked[address] = signer
        return self._unlocked[address]

    # ---- within --------------------------------------------------------------------------------

    def _files(self) -> dict[Address, Path]:
        if not self.directory.is_dir():
            return {}
        found: dict[Address, Path] = {}
        for path in sorted(self.directory.iterdir()):
            if named := _FILE_NAME.fullmatch(path.name):
                found[Address(bytes.fromhex(named[1]))] = path
        return found

    def _add(
        self,
        key: Secret,
        password: Secret,
        cost: Cost,
        before: Callable[[Address], object] | None = None,
    ) -> Address:
        """Encrypt a key and write it, where none of its address is here."""
        signer = LocalSigner(key)
        self._refuse_known(signer.address)
        with password:
            document = keyfile.encrypt(key, signer.address.raw, password, cost)
        if before is not None:
            before(signer.address)
        private_files.make_folder(self.directory)
        private_files.refuse_exposed(self.directory, self.directory.stat())
        with self._alone():
            # Another process may have written the same key meanwhile, under another password.
            self._refuse_known(signer.address)
            self._write(signer.address, document)
        self._unlocked[signer.address] = signer
        return signer.address

    def _refuse_known(self, address: Address) -> None:
        known = self._files().get(address)
        if known is not None:
            raise AccountExists(address=str(address), path=str(known))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the right to write to the directory; the lock goes with the process."""
        descriptor = os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _write(self, address: Address, document: dict[str, Any]) -> None:
        now = time.time_ns()
        moment = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(now // 10**9))
        name = f"UTC--{moment}.{now % 10**9:09d}Z--{address.raw.hex()}"
        private_files.write(self.directory / name, json.dumps(document).encode())


def _read(path: Path) -> dict[str, Any]:
    """Return the document in a file that a person names, wherever it is."""
    try:
        with open_given(path, devices=True) as file:
            content = file.read(_FILE_BYTES) or b""
    except OSError as error:
        raise KeystoreMalformed(path=str(path), reason=error.strerror or str(error)) from error
    return _parsed(path, content)


def _read_own(path: Path) -> dict[str, Any]:
    """Return the document in a file of ours; raises KeystoreExposed, KeystoreMalformed."""
    try:
        content = private_files.read(path, _FILE_BYTES)
    except OSError as error:
        raise KeystoreMalformed(path=str(path), reason=error.strerror or str(error)) from error
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> dict[str, Any]:
    try:
        document: object = read_shallow(content)
    except ValueError as error:
        raise KeystoreMalformed(path=str(path), reason="not-json") from error
    if not isinstance(document, dict):
        raise KeystoreMalformed(path=str(path), reason="not-json-object")
    return document


def _open(path: Path, document: dict[str, Any], password: Secret, *, shown: str) -> Secret:
    try:
        return keyfile.decrypt(document, password)
    except keyfile.PasswordMismatch as error:
        raise PasswordWrong(address=shown) from error
    except ValueError as error:
        raise KeystoreMalformed(path=str(path), reason=str(error)) from error


def _refuse_another(path: Path, document: dict[str, Any], signer: LocalSigner) -> None:
    """Refuse a file that names another address than its key has: its parts are not of one make.

    The check of version 3 covers the ciphertext, not the vector that it was encrypted with.
    """
    stated = document.get("address")
    if stated and str(stated).lower().removeprefix("0x") != signer.address.raw.hex():
        signer.close()
        raise KeystoreMalformed(path=str(path), reason=f"key-of-another:{signer.address}")


def _random_key() -> Secret:
    """Return 32 bytes from the system's generator, which are read into their place."""
    # Returns once the generator has been seeded.
    secrets.token_bytes(1)
    key = Secret(_KEY_BYTES)
    with open("/dev/urandom", "rb", buffering=0) as source:  # noqa: PTH123 (no buffer of its own)
        if source.readinto(key.view) != _KEY_BYTES:
            raise OSError(errno.EIO, os.strerror(errno.EIO), "/dev/urandom")
    return key


def _key_of(given: Secret) -> Secret:
    """Return the key that hex digits or a mnemonic stand for; raises KeyMalformed."""
    first, last = 0, len(given)
    while first < last and given.view[first] in _BLANKS:
        first += 1
    while first < last and given.view[last - 1] in _BLANKS:
        last -= 1
    text = given.view[first:last]
    if any(one in _BLANKS or one > _ASCII for one in text):
        return _key_of_mnemonic(given)
    prefixed = len(text) > 1 and text[0] == ord("0") and text[1] | _LOWER == ord("x")
    return _key_of_hex(text[2:] if prefixed else text)


def _key_of_hex(digits: memoryview) -> Secret:
    if len(digits) != 2 * _KEY_BYTES:
        raise KeyMalformed(problem="wrong-length")
    if any(one not in _NIBBLES for one in digits):
        raise KeyMalformed(problem="not-hex")
    key = Secret(_KEY_BYTES)
    for at in range(_KEY_BYTES):
        key.view[at] = _NIBBLES[digits[2 * at]] << 4 | _NIBBLES[digits[2 * at + 1]]
    return key


def _key_of_mnemonic(given: Secret) -> Secret:
    key = _seeded(given)
    if key is None:
        raise KeyMalformed(problem="mnemonic-invalid")
    return key


def _seeded(given: Secret) -> Secret | None:
    """Return the key of a mnemonic, None where it is none: no error's frames are to hold it."""
    # A library below eth_account raises the limit so far that a deeply nested answer of a node
    # would end the process, not the parsing.
    depth = sys.getrecursionlimit()
    # Two seconds to load, and only ever needed here.
    from eth_account.hdaccount import key_from_seed  # noqa: PLC0415
    from eth_account.hdaccount.mnemonic import Mnemonic  # noqa: PLC0415
    from eth_account.types import Language  # noqa: PLC0415

    sys.setrecursionlimit(depth)
    try:
        phrase = " ".join(str(given.view, "utf-8").split())
    except UnicodeDecodeError:
        return None
    # Asked before deriving, since the library's error would carry the words.
    if not any(Mnemonic(language).is_mnemonic_valid(phrase) for language in Language):
        return None
    return Secret.of(key_from_seed(Mnemonic.to_seed(phrase), _DERIVATION_PATH))
