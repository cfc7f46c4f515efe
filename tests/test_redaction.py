"""Test that secrets given by mistake are shown nowhere."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from registry.accounts import Accounts
from registry.domain.ids import GrantId
from registry.errors import RegistryError
from registry.redaction import concealed, concealed_path, concealed_trace
from registry.settings import Settings

KEY = "0x" + "4c0883a69102937d" * 4
WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PASSWORD = "hunter2"
TOKEN = "0123456789abcdef0123456789abcdef"


def shown(error: RegistryError) -> str:
    """Return everything that an error shows of itself."""
    return f"{error} {error.fields} {error!r} {error.args}"


@pytest.mark.parametrize("given", [KEY, KEY[2:], KEY + "00", WORDS, f" {WORDS}\n", WORDS.upper()])
def test_a_key_given_for_an_account_is_not_shown(tmp_path: Path, given: str) -> None:
    """Who gives a private key or a mnemonic where an account is asked for does not see it again."""
    with pytest.raises(RegistryError) as caught:
        Accounts(Settings(home=tmp_path, account=given)).needed()
    assert KEY[2:10] not in shown(caught.value)
    assert "sausage" not in shown(caught.value).lower()
    assert "…" in str(caught.value)


def test_a_key_given_for_an_id_is_not_shown() -> None:
    """An id that is mistyped may be a key: 64 digits are not repeated."""
    with pytest.raises(RegistryError) as caught:
        GrantId.parse(KEY + "0")
    assert KEY[2:10] not in shown(caught.value)


@pytest.mark.parametrize(
    "rpc",
    [
        f"wss://user:{PASSWORD}@node.example/v3/{TOKEN}",
        f"user:{PASSWORD}@node.example:8545",
        f"node.example/v3/{TOKEN}",
        f"user:{PASSWORD}@x://{TOKEN}",
    ],
)
def test_of_an_unusable_address_only_the_scheme_is_shown(tmp_path: Path, rpc: str) -> None:
    """An address of a node that cannot be used keeps its secrets, wherever it was given."""
    (tmp_path / "dengji.toml").write_text(f'[networks.city]\nrpc = "{rpc}"\n')
    environ = {"DENGJI_HOME": str(tmp_path / "home")}
    for flags in ({"rpc": rpc}, {"network": "city"}):
        with pytest.raises(RegistryError) as caught:
            Settings.load(flags, environ, tmp_path)
        for secret in (PASSWORD, TOKEN):
            assert secret not in shown(caught.value)


@pytest.mark.parametrize("text", ['networks = "{}"', '[networks]\ncity = "{}"', '"{}" = 1'])
def test_an_address_at_the_wrong_place_of_a_file_is_not_shown(tmp_path: Path, text: str) -> None:
    """A settings file whose tables are wrong gives away no address either."""
    address = f"https://user:{PASSWORD}@node.example/v3/{TOKEN}"
    (tmp_path / "dengji.toml").write_text(text.format(address))
    with pytest.raises(RegistryError) as caught:
        Settings.load({}, {"DENGJI_HOME": str(tmp_path)}, tmp_path)
    for secret in (PASSWORD, TOKEN):
        assert secret not in shown(caught.value)


def test_other_text_stays_as_it_was_given() -> None:
    """Ids, short sentences and file names are repeated, so that a mistake can be seen."""
    for text in (
        "party1qqqq",
        "0x" + "ab" * 20,
        "Research, statistics and nine more things",
        "90d",
    ):
        assert concealed(text) == text
    assert concealed_path("/data/" + "ab" * 31) == "/data/" + "ab" * 31
    assert concealed_path(f"/home/{KEY}") == "…"


@pytest.mark.parametrize(
    "piece", ["a", "a:", "1+", "a@", "a ", "' ", "a:b@", "word,", "a/", "0x", "é", "ab:/", ":"]
)
def test_long_texts_take_no_longer_than_their_length(piece: str) -> None:
    """However long a text is and whatever it repeats, it is looked through once."""
    text = piece * (300_000 // len(piece))
    started = time.process_time()
    for conceal in (concealed, concealed_trace, concealed_path):
        conceal(text)
        conceal(text + "@")
    assert time.process_time() - started < 20
