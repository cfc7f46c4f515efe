"""Keystores keep keys encrypted, private and readable by other programs."""

import json
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from eth_keyfile.keyfile import KDFType, create_keyfile_json, extract_key_from_keyfile

from registry.chain import keyfile
from registry.chain.keystore import LIGHT, Keystore
from registry.domain.ids import Address
from registry.errors import (
    AccountExists,
    AccountUnknown,
    KeyMalformed,
    KeystoreExposed,
    KeystoreMalformed,
    PasswordWrong,
    RegistryError,
)

KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
MNEMONIC = "test test test test test test test test test test test junk"
ADDRESS = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
PASSWORD = "correct horse 电池 staple"


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    """Return an empty keystore in a directory that is not yet there."""
    return Keystore(tmp_path / "home" / "keystore")


def reopened(keystore: Keystore) -> Keystore:
    """Return the keystore as a new process sees it."""
    return Keystore(keystore.directory)


def test_a_new_key_is_unlocked_by_its_password(keystore: Keystore) -> None:
    """A key that was made can be unlocked by another process, and signs for its address."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    assert reopened(keystore).unlock(address, PASSWORD).address == address
    assert keystore.addresses() == (address,)


def test_files_and_directory_are_private(keystore: Keystore) -> None:
    """The directory has mode 0700, its one file 0600 and geth's kind of name."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    (path,) = keystore.directory.iterdir()
    assert path == keystore.path_of(address)
    assert keystore.directory.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.name.startswith("UTC--20")
    assert path.name.endswith(f"--{address.raw.hex()}")


def test_the_password_is_asked_for_once(keystore: Keystore) -> None:
    """Unlocking asks for the password the first time only, and not for a key just made."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    asked: list[str] = []

    def ask() -> str:
        asked.append("password")
        return PASSWORD

    keystore.unlock(address, ask)
    assert not asked
    other = reopened(keystore)
    assert other.unlock(address, ask) is other.unlock(address, ask)
    assert len(asked) == 1


def test_a_wrong_password_is_named(keystore: Keystore) -> None:
    """A wrong password raises PasswordWrong with the address, and does not show the password."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    guess = "guess-47-11"
    with pytest.raises(PasswordWrong) as caught:
        reopened(keystore).unlock(address, guess)
    assert caught.value.address == str(address)
    assert guess not in "".join(traceback.format_exception(caught.value))


def test_an_unknown_address_is_named(keystore: Keystore) -> None:
    """An address without a keystore raises AccountUnknown, before any password is asked for."""
    with pytest.raises(AccountUnknown) as caught:
        keystore.unlock(ADDRESS, lambda: pytest.fail("no password is needed"))
    assert caught.value.address == str(ADDRESS)
    assert keystore.addresses() == ()


@pytest.mark.parametrize("given", [KEY, f"0x{KEY}", f" {KEY.upper()}\n", MNEMONIC])
def test_keys_and_mnemonics_are_imported(keystore: Keystore, given: str) -> None:
    """Hex digits and a mnemonic's first account give the account that other wallets show."""
    assert keystore.import_key(given, PASSWORD, cost=LIGHT) == ADDRESS
    assert reopened(keystore).unlock(ADDRESS, PASSWORD).address == ADDRESS


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (KEY[:-1], "wrong-length"),
        (KEY[:-1] + "g", "not-hex"),
        ("0" * 64, "out-of-range"),
        ("f" * 64, "out-of-range"),
        (MNEMONIC.replace("junk", "test"), "mnemonic-invalid"),
        (MNEMONIC.replace("junk", "jynk"), "mnemonic-invalid"),
        (" ".join(MNEMONIC.split()[1:]), "mnemonic-invalid"),
    ],
)
def test_a_mistyped_secret_is_refused_without_being_shown(
    keystore: Keystore, given: str, problem: str
) -> None:
    """The error says what is wrong; no part of the secret hangs on it or on its causes."""
    with pytest.raises(KeyMalformed) as caught:
        keystore.import_key(given, PASSWORD)
    assert caught.value.problem == problem
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert keystore.addresses() == ()


def test_a_second_import_of_one_account_is_refused(keystore: Keystore) -> None:
    """An account that is there is not written again under another password."""
    keystore.import_key(KEY, PASSWORD, cost=LIGHT)
    with pytest.raises(AccountExists) as caught:
        keystore.import_key(KEY, "another", cost=LIGHT)
    assert caught.value.path == str(keystore.path_of(ADDRESS))


@pytest.mark.parametrize("kdf", ["scrypt", "pbkdf2"])
def test_keystores_of_other_programs_are_imported(
    keystore: Keystore, tmp_path: Path, kdf: KDFType
) -> None:
    """A version 3 file that eth-keyfile wrote is copied, its address added if missing."""
    document = create_keyfile_json(bytes.fromhex(KEY), PASSWORD.encode(), kdf=kdf, iterations=1024)
    del document["address"]
    (tmp_path / "theirs.json").write_text(json.dumps(document))
    assert keystore.import_file(tmp_path / "theirs.json", PASSWORD) == ADDRESS
    assert reopened(keystore).unlock(ADDRESS, PASSWORD).address == ADDRESS
    with pytest.raises(AccountExists):
        keystore.import_file(tmp_path / "theirs.json", PASSWORD)


def test_other_programs_open_our_keystores(keystore: Keystore) -> None:
    """What is written here, eth-keyfile decrypts to the same key."""
    keystore.import_key(KEY, PASSWORD, cost=LIGHT)
    path = str(keystore.path_of(ADDRESS))
    assert extract_key_from_keyfile(path, PASSWORD.encode()).hex() == KEY


def test_an_import_with_the_wrong_password_changes_nothing(
    keystore: Keystore, tmp_path: Path
) -> None:
    """A file that its password does not open is not copied."""
    source = Keystore(tmp_path / "source")
    path = source.path_of(source.import_key(KEY, PASSWORD, cost=LIGHT))
    with pytest.raises(PasswordWrong):
        keystore.import_file(path, "wrong")
    assert keystore.addresses() == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 5_000,
        b'{"version": 4}',
        b'{"version": 3}',
        b'{"version": 3, "crypto": 1}',
        b'{"version": 3, "crypto": {"cipher": "rot13"}}',
    ],
)
def test_a_malformed_file_is_named(keystore: Keystore, tmp_path: Path, content: bytes) -> None:
    """Whatever is no version 3 keystore raises KeystoreMalformed with its path."""
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    with pytest.raises(KeystoreMalformed) as caught:
        keystore.import_file(path, PASSWORD)
    assert caught.value.path == str(path)


@pytest.mark.parametrize("parameter", [{"n": 1 << 40}, {"n": 3}, {"n": 0}, {"dklen": 16}])
def test_hostile_parameters_are_refused(parameter: dict[str, int]) -> None:
    """A file that asks for more memory than it may, or for a broken derivation, is refused."""
    document = keyfile.encrypt(bytes.fromhex(KEY), ADDRESS.raw, PASSWORD, LIGHT)
    document["crypto"]["kdfparams"].update(parameter)
    with pytest.raises(ValueError, match=r"."):
        keyfile.decrypt(document, PASSWORD)


@pytest.mark.parametrize("which", ["directory", "file"])
def test_what_others_can_read_is_refused(keystore: Keystore, which: str) -> None:
    """A keystore or directory that others may read is not used, and the error says its mode."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    path = keystore.directory if which == "directory" else keystore.path_of(address)
    path.chmod(0o750)
    with pytest.raises(KeystoreExposed) as caught:
        reopened(keystore).unlock(address, PASSWORD)
    assert (caught.value.path, caught.value.mode) == (str(path), "0750")


def test_a_keystore_under_another_name_is_refused(keystore: Keystore) -> None:
    """A file that holds another key than its name says is not used."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    path = keystore.path_of(address)
    path.rename(path.with_name(f"UTC--2026-01-01T00-00-00.0Z--{ADDRESS.raw.hex()}"))
    with pytest.raises(KeystoreMalformed, match=str(address)):
        reopened(keystore).unlock(ADDRESS, PASSWORD)


def test_files_of_other_kinds_are_passed_over(keystore: Keystore) -> None:
    """Names that end in no address are no keystores."""
    keystore.create(PASSWORD, cost=LIGHT)
    (keystore.directory / "UTC--x--notes").write_text("x")
    (keystore.directory / f"UTC--x--{'z' * 40}").write_text("x")
    assert len(keystore.addresses()) == 1


def test_every_error_is_of_the_tree() -> None:
    """What the keystore raises are registry errors, so that the command line can say them."""
    raised = (AccountExists, AccountUnknown, KeyMalformed, KeystoreExposed, PasswordWrong)
    assert all(issubclass(one, RegistryError) for one in raised)


def test_a_mnemonic_leaves_the_recursion_limit(tmp_path: Path) -> None:
    """What importing a mnemonic loads does not make deep nesting dangerous for the process."""
    code = (
        "import sys; from pathlib import Path\n"
        "from registry.chain.keystore import LIGHT, Keystore\n"
        "before = sys.getrecursionlimit()\n"
        f"Keystore(Path({str(tmp_path)!r})).import_key({MNEMONIC!r}, 'word', cost=LIGHT)\n"
        "assert 'eth_account' in sys.modules\n"
        "assert sys.getrecursionlimit() == before\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
