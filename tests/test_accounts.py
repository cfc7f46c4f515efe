"""Test which account a run uses, and where its password comes from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.accounts import Accounts, password_in
from registry.chain.keystore import LIGHT, Keystore
from registry.chain.signer import Signer
from registry.domain.ids import Address, GrantId
from registry.domain.signing import Consent
from registry.domain.terms import SigningDomain
from registry.errors import (
    AccountAmbiguous,
    AccountNeeded,
    AccountUnknown,
    AddressMistyped,
    PasswordFileUnusable,
    PasswordNeeded,
    PasswordWrong,
)
from registry.secret import Secret
from registry.settings import Settings


def accounts(home: Path, **settings: object) -> Accounts:
    """Return the accounts of a home with these settings."""
    return Accounts(Settings(home=home, **settings))  # type: ignore[arg-type]


def signs(signer: Signer) -> bool:
    """Have something signed by a signer."""
    domain = SigningDomain(chain_id=1, verifying_contract=Address(bytes(20)))
    return len(signer.sign_message(Consent(grant=GrantId(bytes(32))), domain)) == 65


@pytest.fixture
def two(tmp_path: Path) -> tuple[Address, Address]:
    """Make two accounts at a home, the older first."""
    keystore = accounts(tmp_path).keystore
    return keystore.create("one", cost=LIGHT), keystore.create("two", cost=LIGHT)


def test_chooses_the_one_asked_for(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """An account is asked for by its address or by the beginning of it."""
    for given in (str(two[1]), two[1].hex, two[1].hex[:10], two[1].raw.hex()[:8]):
        assert accounts(tmp_path, account=given).needed() == two[1]


def test_chooses_by_itself_only_where_that_is_plain(
    tmp_path: Path, two: tuple[Address, Address]
) -> None:
    """The dev chain takes the first account; another network wants to be told which of two."""
    assert accounts(tmp_path).needed() == two[0]
    with pytest.raises(AccountNeeded) as caught:
        accounts(tmp_path, network="city", rpc="http://node").needed()
    assert caught.value.known == [str(one) for one in two]


def test_the_only_account_is_taken_anywhere(tmp_path: Path) -> None:
    """A home with one account needs no choice on any network."""
    only = accounts(tmp_path).keystore.create("one", cost=LIGHT)
    assert accounts(tmp_path, network="city", rpc="http://node").needed() == only


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ("0x12", AccountAmbiguous),
        ("ffffffff", AccountAmbiguous),
        ("", AccountAmbiguous),
        ("0x" + "zz" * 20, AddressMistyped),
    ],
)
def test_refuses_what_names_none(
    tmp_path: Path, two: tuple[Address, Address], given: str, error: type[Exception]
) -> None:
    """Too few digits, digits of nobody and no address at all are refused."""
    del two
    with pytest.raises(error):
        accounts(tmp_path, account=given).needed()


def test_password_of_an_account_of_the_dev_chain(tmp_path: Path) -> None:
    """Its random password lies in a private file and opens its key, on the dev chain only."""
    here = accounts(tmp_path)
    made = here.make_for_dev()
    assert here.password_path(made).stat().st_mode & 0o777 == 0o600
    assert signs(here.signer(made, None))
    elsewhere = accounts(tmp_path, network="city", rpc="http://node")
    with pytest.raises(PasswordNeeded):
        signs(elsewhere.signer(made, None))


def test_a_password_is_kept_before_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ended between the two, a home has no account of the dev chain that nothing opens."""
    here = accounts(tmp_path)

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Keystore, "_write", ended)
    with pytest.raises(KeyboardInterrupt):
        here.make_for_dev()
    assert here.keystore.addresses() == ()
    assert len(list((tmp_path / "dev-passwords").iterdir())) == 1


def test_a_password_comes_through_a_pipe_whole(tmp_path: Path) -> None:
    """A file may be a pipe that gives it in pieces; only its first line is read."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code = (
        "import os, sys\n"
        "out = os.open(sys.argv[1], os.O_WRONLY)\n"
        "for piece in (b'open ', b'ses', b'ame\\n', b'more'): os.write(out, piece)\n"
    )
    writer = subprocess.Popen([sys.executable, "-c", code, str(pipe)])
    assert password_in(pipe) == Secret.of("open sesame")
    writer.wait()


def test_password_file_comes_first(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """The first line of the file named is the password; a wrong or empty one is refused."""
    file = tmp_path / "password"
    file.write_bytes(b"one\r\nsecond line\n")
    named = accounts(tmp_path, password_file=file)
    assert signs(named.signer(two[0], None))
    with pytest.raises(PasswordWrong):
        signs(named.signer(two[1], None))
    file.write_bytes(b"\none\n")
    with pytest.raises(PasswordFileUnusable):
        named.password(two[0], None)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"x" * 5_000])
def test_a_damaged_password_of_the_dev_chain(tmp_path: Path, content: bytes) -> None:
    """A kept password that is torn, or too long to be one, is named with its file."""
    here = accounts(tmp_path)
    made = here.make_for_dev()
    here.password_path(made).write_bytes(content)
    with pytest.raises(PasswordFileUnusable) as caught:
        here.password(made, None)
    assert caught.value.file == str(here.password_path(made))


def test_unlocks_once_and_only_to_sign(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """A password is asked for at the first signature, of the right account, and never again."""
    asked: list[str] = []

    def ask(address: str) -> str:
        asked.append(address)
        return "one"

    signer = accounts(tmp_path).signer(two[0], ask)
    assert (asked, signer.address) == ([], two[0])
    signs(signer)
    signs(signer)
    assert asked == [str(two[0])]


def test_a_key_that_is_not_at_home(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """One can ask about any address, but sign only for those whose key is at home."""
    del two
    other = Address(bytes(range(20)))
    assert accounts(tmp_path, account=str(other)).needed() == other
    with pytest.raises(AccountUnknown):
        accounts(tmp_path).signer(other, None)
