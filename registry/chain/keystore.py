"""Keep encrypted private keys in a directory that only its owner can read."""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
import string
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain import keyfile
from registry.chain.keyfile import LIGHT, STANDARD, Cost
from registry.chain.signer import GROUP_ORDER, LocalSigner
from registry.domain.ids import Address
from registry.errors import (
    AccountExists,
    AccountUnknown,
    KeyMalformed,
    KeystoreExposed,
    KeystoreMalformed,
    PasswordWrong,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LIGHT", "STANDARD", "Cost", "Keystore"]

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_KEY_BYTES: Final = 32
_HEX_DIGITS: Final = 64
# What is longer is no keystore, and is cut where it cannot be JSON any more.
_FILE_BYTES: Final = 1 << 20
_FILE_NAME: Final = re.compile(r"UTC--.+--(?:0x)?([0-9a-fA-F]{40})")
_DERIVATION_PATH: Final = "m/44'/60'/0'/0/0"

Password = str | Callable[[], str]
"""A password, or how to ask for it."""


class Keystore:
    """Hold the keystores of one directory, one version 3 file for each address.

    A key is unlocked once: the object remembers the signers it has made. The directory is made with
    mode 0700 and files with 0600; where others may read either, KeystoreExposed is raised.
    """

    def __init__(self, directory: Path) -> None:
        """Name the directory; it is made when the first key is written."""
        self.directory = directory
        self._unlocked: dict[Address, LocalSigner] = {}

    def addresses(self) -> tuple[Address, ...]:
        """Return whose keys are here, in the order of their files' names, the oldest first."""
        return tuple(self._files())

    def path_of(self, address: Address) -> Path:
        """Return the file of an address; raise AccountUnknown where there is none."""
        try:
            return self._files()[address]
        except KeyError:
            raise AccountUnknown(address=str(address), directory=str(self.directory)) from None

    def create(self, password: str, *, cost: Cost = STANDARD) -> Address:
        """Make a new key at random, write it and return its address."""
        while True:
            key = secrets.token_bytes(_KEY_BYTES)
            if 0 < int.from_bytes(key, "big") < GROUP_ORDER:
                return self._add(key, password, cost)

    def import_key(self, given: str, password: str, *, cost: Cost = STANDARD) -> Address:
        """Write a key given as 64 hex digits, or as a BIP-39 mnemonic.

        Of a mnemonic the first account is taken, as wallets do.
        Raises KeyMalformed, which never shows what was given, or AccountExists.
        """
        words = given.split()
        key = _key_of_mnemonic(words) if len(words) > 1 else _key_of_hex(given.strip())
        return self._add(key, password, cost)

    def import_file(self, path: Path, password: str) -> Address:
        """Copy a version 3 keystore, after having opened it with its password.

        Raises KeystoreMalformed, PasswordWrong or AccountExists.
        """
        document = _read(path)
        signer = LocalSigner(_open(path, document, password, shown=path.name))
        self._refuse_known(signer.address)
        document["address"] = signer.address.raw.hex()
        self._write(signer.address, document)
        self._unlocked[signer.address] = signer
        return signer.address

    def unlock(self, address: Address, password: Password) -> LocalSigner:
        """Return the signer of an address, asking for the password only the first time.

        Raises AccountUnknown, PasswordWrong, KeystoreExposed or KeystoreMalformed.
        """
        if address not in self._unlocked:
            path = self.path_of(address)
            for guarded in (self.directory, path):
                _refuse_exposed(guarded)
            document = _read(path)
            given = password if isinstance(password, str) else password()
            signer = LocalSigner(_open(path, document, given, shown=str(address)))
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

    def _add(self, key: bytes, password: str, cost: Cost) -> Address:
        signer = LocalSigner(key)
        self._refuse_known(signer.address)
        document = keyfile.encrypt(key, signer.address.raw, password, cost)
        self._write(signer.address, document)
        self._unlocked[signer.address] = signer
        return signer.address

    def _refuse_known(self, address: Address) -> None:
        known = self._files().get(address)
        if known is not None:
            raise AccountExists(address=str(address), path=str(known))

    def _write(self, address: Address, document: dict[str, Any]) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_exposed(self.directory)
        now = time.time_ns()
        moment = time.strftime("%Y-%m-%dT%H-%M-%S", time.gmtime(now // 10**9))
        name = f"UTC--{moment}.{now % 10**9:09d}Z--{address.raw.hex()}"
        _write_durably(self.directory / name, json.dumps(document).encode())


def _write_durably(path: Path, content: bytes) -> None:
    """Write a new file that is there whole or not at all, and stays."""
    temporary = path.with_name(f".{path.name}.new")
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    temporary.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _refuse_exposed(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        raise KeystoreExposed(path=str(path), mode=f"{mode:04o}")


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            document: object = json.loads(file.read(_FILE_BYTES))
    except OSError as error:
        raise KeystoreMalformed(path=str(path), reason=error.strerror or str(error)) from error
    except (ValueError, RecursionError) as error:
        raise KeystoreMalformed(path=str(path), reason="not-json") from error
    if not isinstance(document, dict):
        raise KeystoreMalformed(path=str(path), reason="not-json-object")
    return document


def _open(path: Path, document: dict[str, Any], password: str, *, shown: str) -> bytes:
    try:
        return keyfile.decrypt(document, password)
    except keyfile.PasswordMismatch as error:
        raise PasswordWrong(address=shown) from error
    except ValueError as error:
        raise KeystoreMalformed(path=str(path), reason=str(error)) from error


def _key_of_hex(given: str) -> bytes:
    digits = given.removeprefix("0x").removeprefix("0X")
    if len(digits) != _HEX_DIGITS:
        raise KeyMalformed(problem="wrong-length")
    # Asked before decoding, since the decoder's error would carry a part of the key.
    if not set(digits) <= set(string.hexdigits):
        raise KeyMalformed(problem="not-hex")
    return bytes.fromhex(digits)


def _key_of_mnemonic(words: list[str]) -> bytes:
    # A library below eth_account raises the limit so far that a deeply nested answer of a node
    # would end the process, not the parsing.
    depth = sys.getrecursionlimit()
    # Two seconds to load, and only ever needed here.
    from eth_account.hdaccount import key_from_seed  # noqa: PLC0415
    from eth_account.hdaccount.mnemonic import Mnemonic  # noqa: PLC0415
    from eth_account.types import Language  # noqa: PLC0415

    sys.setrecursionlimit(depth)

    # Asked before deriving, since the library's error would carry the words.
    phrase = " ".join(words)
    if not any(Mnemonic(language).is_mnemonic_valid(phrase) for language in Language):
        raise KeyMalformed(problem="mnemonic-invalid")
    return bytes(key_from_seed(Mnemonic.to_seed(phrase), _DERIVATION_PATH))
