"""Keystores keep keys encrypted, private and readable by other programs."""

import errno
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account
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
from registry.secret import Secret

ROOT = Path(__file__).parents[2]

KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
MNEMONIC = "test test test test test test test test test test test junk"
ADDRESS = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
PASSWORD = "correct horse 电池 staple"


def cast_program() -> Path:
    """Return the native cast, which npm brought."""
    found = sorted(ROOT.glob("node_modules/@foundry-rs/cast-*/bin/cast"))
    if not found:
        pytest.fail("cast is not installed: run `make setup`")
    return found[0]


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
    assert keystore.import_file(tmp_path / "theirs.json", PASSWORD, cost=LIGHT) == ADDRESS
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


@pytest.mark.parametrize("bit", [0, 77, 127])
def test_a_file_whose_vector_was_changed_gives_no_other_key(
    keystore: Keystore, tmp_path: Path, bit: int
) -> None:
    """The file's own check does not cover the vector; the address that it names does."""
    source = Keystore(tmp_path / "source")
    path = source.path_of(source.import_key(KEY, PASSWORD, cost=LIGHT))
    document = json.loads(path.read_text())
    vector = int(document["crypto"]["cipherparams"]["iv"], 16) ^ 1 << bit
    document["crypto"]["cipherparams"]["iv"] = f"{vector:032x}"
    path.write_text(json.dumps(document))
    with pytest.raises(KeystoreMalformed) as caught:
        keystore.import_file(path, PASSWORD, cost=LIGHT)
    kind, _, other = caught.value.reason.partition(":")
    assert (caught.value.path, kind) == (str(path), "key-of-another")
    assert Address.parse(other) != ADDRESS
    assert keystore.addresses() == ()


@pytest.mark.parametrize(
    "stated", [ADDRESS.raw.hex(), ADDRESS.hex, str(ADDRESS), ADDRESS.raw.hex().upper(), "", None]
)
def test_however_a_file_writes_its_address(
    keystore: Keystore, tmp_path: Path, stated: str | None
) -> None:
    """With 0x or without, in capitals or not, and left open: it is the same key."""
    document = create_keyfile_json(bytes.fromhex(KEY), PASSWORD.encode(), iterations=1024)
    (tmp_path / "theirs.json").write_text(json.dumps(document | {"address": stated}))
    assert keystore.import_file(tmp_path / "theirs.json", PASSWORD, cost=LIGHT) == ADDRESS


@pytest.mark.parametrize("stated", ["11" * 20, "nobody", 7, ["x"]])
def test_a_file_that_names_another_address_is_refused(
    keystore: Keystore, tmp_path: Path, stated: object
) -> None:
    """What the file calls itself, and is not, is said with whose key it holds."""
    document: dict[str, object] = {
        **create_keyfile_json(bytes.fromhex(KEY), PASSWORD.encode(), iterations=1024)
    }
    (tmp_path / "theirs.json").write_text(json.dumps(document | {"address": stated}))
    with pytest.raises(KeystoreMalformed) as caught:
        keystore.import_file(tmp_path / "theirs.json", PASSWORD, cost=LIGHT)
    assert caught.value.reason == f"key-of-another:{ADDRESS}"
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


@pytest.mark.parametrize(
    "parameter",
    [
        {"n": 1 << 40},
        {"n": 3},
        {"n": 0},
        {"n": 1024, "r": 1, "p": 1 << 20},
        {"dklen": 16},
        {"dklen": 1 << 30},
    ],
)
def test_hostile_parameters_are_refused(parameter: dict[str, int]) -> None:
    """A file that asks for more memory or time than it may, or a broken derivation, is refused."""
    key, password = Secret.of(bytes.fromhex(KEY)), Secret.of(PASSWORD)
    document = keyfile.encrypt(key, ADDRESS.raw, password, LIGHT)
    document["crypto"]["kdfparams"].update(parameter)
    with pytest.raises(ValueError, match=r"."):
        keyfile.decrypt(document, password)


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


def test_no_program_is_started_while_a_key_is_at_hand(tmp_path: Path) -> None:
    """Making, unlocking and using a key starts nothing that would be handed our environment."""
    code = (
        "import sys; from pathlib import Path\n"
        "started = []\n"
        "def seen(event, given):\n"
        "    if event in ('subprocess.Popen', 'os.posix_spawn', 'os.fork', 'os.exec'):\n"
        "        started.append(given)\n"
        "sys.addaudithook(seen)\n"
        "from registry.chain.keystore import LIGHT, Keystore\n"
        "made = Keystore(Path(sys.argv[1])).create('word', cost=LIGHT)\n"
        "Keystore(Path(sys.argv[1])).unlock(made, 'word').sign_digest(bytes(32))\n"
        "assert started == [], started\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "keys")], check=True, cwd=ROOT)


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


VECTORS = {
    "pbkdf2": {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
            "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
            "kdf": "pbkdf2",
            "kdfparams": {
                "c": 262144,
                "dklen": 32,
                "prf": "hmac-sha256",
                "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
            },
            "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    },
    "scrypt": {
        "crypto": {
            "cipher": "aes-128-ctr",
            "cipherparams": {"iv": "83dbcc02d8ccb40e466191a123791e0e"},
            "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
            "kdf": "scrypt",
            "kdfparams": {
                "dklen": 32,
                "n": 262144,
                "p": 8,
                "r": 1,
                "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
            },
            "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
        },
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
        "version": 3,
    },
}
"""The two examples of Web3 Secret Storage, with the password `testpassword`."""
VECTOR_KEY = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"


@pytest.mark.parametrize("kind", VECTORS)
def test_the_published_examples_open(kind: str) -> None:
    """Both examples of the format's description give the key that it says."""
    with keyfile.decrypt(VECTORS[kind], Secret.of("testpassword")) as key:
        assert bytes(key.view).hex() == VECTOR_KEY


def test_a_weak_keystore_is_strengthened(keystore: Keystore, tmp_path: Path) -> None:
    """What is imported is encrypted anew, as dear to guess as one made here."""
    document = create_keyfile_json(
        bytes.fromhex(KEY), PASSWORD.encode(), kdf="scrypt", iterations=2
    )
    document["note"] = "mine"
    (tmp_path / "weak.json").write_text(json.dumps(document))
    keystore.import_file(tmp_path / "weak.json", PASSWORD, cost=LIGHT)
    kept = json.loads(keystore.path_of(ADDRESS).read_text())
    assert kept["crypto"]["kdfparams"]["n"] == LIGHT.n
    assert kept["crypto"]["ciphertext"] != document["crypto"]["ciphertext"]
    assert "note" not in kept


def test_the_other_wallet_and_ours_read_each_other(keystore: Keystore, tmp_path: Path) -> None:
    """eth-account opens what is written here, and what it writes is imported."""
    keystore.import_key(KEY, PASSWORD, cost=LIGHT)
    opened = Account.decrypt(keystore.path_of(ADDRESS).read_text(), PASSWORD)
    assert opened.hex().removeprefix("0x") == KEY
    theirs = tmp_path / "theirs.json"
    theirs.write_text(
        json.dumps(Account.encrypt(bytes.fromhex(KEY), PASSWORD, kdf="scrypt", iterations=1024))
    )
    other = Keystore(tmp_path / "other")
    assert other.import_file(theirs, PASSWORD, cost=LIGHT) == ADDRESS


def test_cast_and_ours_read_each_other(keystore: Keystore, tmp_path: Path) -> None:
    """A third program, in another language, opens our files, and we its."""
    keystore.import_key(KEY, PASSWORD, cost=LIGHT)
    ours, word = keystore.path_of(ADDRESS), tmp_path / "word"
    word.write_text(PASSWORD)
    cast = [str(cast_program()), "wallet"]
    told = ["--keystore", str(ours), "--password-file", str(word)]
    shown = subprocess.run([*cast, "address", *told], check=True, capture_output=True, text=True)
    assert shown.stdout.strip() == str(ADDRESS)
    secret = [f"--unsafe-password={PASSWORD}", f"--keystore-dir={tmp_path}", f"--private-key={KEY}"]
    subprocess.run([*cast, "import", "theirs", *secret], check=True, capture_output=True)
    other = Keystore(tmp_path / "other")
    assert other.import_file(tmp_path / "theirs", PASSWORD, cost=LIGHT) == ADDRESS


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_of_ours_is_refused(keystore: Keystore, kind: str) -> None:
    """A link, even to a good keystore, and a pipe that nobody writes to are refused at once."""
    address = keystore.create(PASSWORD, cost=LIGHT)
    path = keystore.path_of(address)
    aside = path.rename(keystore.directory / "aside")
    if kind == "link":
        path.symlink_to(aside)
    elif kind == "pipe":
        os.mkfifo(path, 0o600)
    else:
        path.mkdir(0o700)
    with pytest.raises(KeystoreMalformed) as caught:
        reopened(keystore).unlock(address, PASSWORD)
    assert caught.value.reason == ("keystore-link" if kind == "link" else "keystore-special")


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_the_umask_neither_opens_nor_spoils(keystore: Keystore, mask: int) -> None:
    """Whatever the umask, files are 0600; the directory is not made for others."""
    if mask == 0o777:
        keystore.directory.mkdir(0o700, parents=True)
    before = os.umask(mask)
    try:
        address = keystore.create(PASSWORD, cost=LIGHT)
    finally:
        os.umask(before)
    assert keystore.path_of(address).stat().st_mode & 0o777 == 0o600
    assert keystore.directory.stat().st_mode & 0o777 == 0o700
    assert keystore.directory.parent.stat().st_mode & 0o077 == 0 or mask == 0o777


def test_of_two_imports_at_once_one_is_refused(tmp_path: Path) -> None:
    """Two processes that import one key under two passwords leave one file, not two."""
    code = (
        "import sys; from pathlib import Path\n"
        "from registry.chain.keystore import LIGHT, Keystore\n"
        "from registry.errors import AccountExists\n"
        "sys.stdin.readline()\n"
        "try: Keystore(Path(sys.argv[1])).import_key(sys.argv[2], sys.argv[3], cost=LIGHT)\n"
        "except AccountExists: sys.exit(9)\n"
    )
    words = [sys.executable, "-c", code, str(tmp_path / "keys"), KEY]
    started = [
        subprocess.Popen([*words, str(one)], stdin=subprocess.PIPE, cwd=ROOT) for one in range(4)
    ]
    for one in started:
        assert one.stdin is not None
        one.stdin.write(b"\n")
        one.stdin.close()
    assert sorted(one.wait() for one in started) == [0, 9, 9, 9]
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_the_check_before_writing_is_made_under_the_lock(
    keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that another process wrote after the first look is seen before ours is written."""
    rival = reopened(keystore)
    encrypt = keyfile.encrypt

    def slowly(*given: Any) -> dict[str, Any]:  # noqa: ANN401 (passed on as it came)
        monkeypatch.setattr(keyfile, "encrypt", encrypt)
        rival.import_key(KEY, "another", cost=LIGHT)
        return encrypt(*given)

    monkeypatch.setattr(keyfile, "encrypt", slowly)
    with pytest.raises(AccountExists):
        keystore.import_key(KEY, PASSWORD, cost=LIGHT)
    assert len(list(keystore.directory.iterdir())) == 1


def test_a_write_that_fails_leaves_nothing(
    keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk there is neither a torn keystore nor a piece of one."""
    keystore.directory.mkdir(0o700, parents=True)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        keystore.create(PASSWORD, cost=LIGHT)
    assert list(keystore.directory.iterdir()) == []


def test_every_folder_on_the_way_survives_lost_power(
    keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file, the directory, and those above that were made for it, are all written through."""
    synced: list[str] = []
    sync = os.fsync

    def recorded(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    address = keystore.create(PASSWORD, cost=LIGHT)
    home = keystore.directory.parent
    path = keystore.path_of(address)
    temporary = str(path.with_name(f".{path.name}.new"))
    assert synced == [str(home.parent), str(home), temporary, str(keystore.directory)]


def test_closing_wipes_the_keys(keystore: Keystore) -> None:
    """After `close` the signers that it gave out hold no key."""
    signer = keystore.unlock(keystore.create(PASSWORD, cost=LIGHT), PASSWORD)
    signer.sign_digest(bytes(32))
    keystore.close()
    with pytest.raises(ValueError, match="wiped"):
        signer.sign_digest(bytes(32))


@pytest.mark.parametrize("how", ["unlock", "import", "file"])
def test_a_traceback_with_variables_shows_no_secret(
    keystore: Keystore, tmp_path: Path, how: str
) -> None:
    """Of what our functions hold while they fail, nothing is the password, the key or its words."""
    words = MNEMONIC.replace("junk", "test")
    address = keystore.create(PASSWORD, cost=LIGHT)
    broken = tmp_path / "broken.json"
    document = json.loads(keystore.path_of(address).read_text())
    document["crypto"]["mac"] = "00" * 32
    broken.write_text(json.dumps(document))
    attempts: dict[str, Callable[[], object]] = {
        "unlock": lambda: reopened(keystore).unlock(address, "guess-47-11"),
        "import": lambda: keystore.import_key(words, "guess-47-11"),
        "file": lambda: keystore.import_file(broken, "guess-47-11"),
    }
    with pytest.raises(RegistryError) as caught:
        attempts[how]()
    # Past the two frames of this test, which holds the words itself.
    inner = caught.tb.tb_next and caught.tb.tb_next.tb_next
    assert inner is not None
    shown = "".join(
        traceback.TracebackException(caught.type, caught.value, inner, capture_locals=True).format()
    )
    assert "guess-47-11" not in shown
    assert "test test" not in shown
    assert "Secret(…)" in shown
