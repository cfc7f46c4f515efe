"""Test which account a run uses, and where its password comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.accounts import Accounts
from registry.chain.keystore import LIGHT
from registry.domain.ids import Address
from registry.errors import (
    AccountAmbiguous,
    AccountNeeded,
    AccountUnknown,
    AddressMistyped,
    PasswordFileUnusable,
    PasswordNeeded,
    PasswordWrong,
)
from registry.settings import Settings


def accounts(home: Path, **settings: object) -> Accounts:
    """Return the accounts of a home with these settings."""
    return Accounts(Settings(home=home, **settings))  # type: ignore[arg-type]


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
    assert here.signer(made, None).sign_digest(bytes(32))
    elsewhere = accounts(tmp_path, network="city", rpc="http://node")
    with pytest.raises(PasswordNeeded):
        elsewhere.signer(made, None).sign_digest(bytes(32))


def test_password_file_comes_first(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """The first line of the file named is the password; a wrong or empty one is refused."""
    file = tmp_path / "password"
    file.write_bytes(b"one\r\nsecond line\n")
    named = accounts(tmp_path, password_file=file)
    assert named.signer(two[0], None).sign_digest(bytes(32))
    with pytest.raises(PasswordWrong):
        named.signer(two[1], None).sign_digest(bytes(32))
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
    signer.sign_digest(bytes(32))
    signer.sign_digest(bytes(32))
    assert asked == [str(two[0])]


def test_a_key_that_is_not_at_home(tmp_path: Path, two: tuple[Address, Address]) -> None:
    """One can ask about any address, but sign only for those whose key is at home."""
    del two
    other = Address(bytes(range(20)))
    assert accounts(tmp_path, account=str(other)).needed() == other
    with pytest.raises(AccountUnknown):
        accounts(tmp_path).signer(other, None)
