"""The signer of the examples signs what its rules and its person allow, and nothing else."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from examples.signer.requests import Malformed, message_of, transaction_of
from examples.signer.rules import Denied, Rules, RulesMalformed
from examples.signer.server import Desk, SignerServer
from registry.chain.external import MAX_REQUEST, ExternalSigner, Line, described
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, LegacyFee, Transaction
from registry.domain.ids import Address, GrantId
from registry.domain.signing import Consent
from registry.domain.terms import SigningDomain
from registry.errors import SignerRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = LocalSigner(b"\x31" * 32)
CONTRACT = Address(b"\x0c" * 20)
DOMAIN = SigningDomain(chain_id=5, verifying_contract=CONTRACT)
MESSAGE = Consent(grant=GrantId(b"\x07" * 32))
FEE = DynamicFee(max_fee=10, priority=1)
PLAIN = Transaction(chain_id=5, nonce=0, gas=100, fee=FEE, to=CONTRACT.raw, data=b"\1\2")
RULES = Rules(
    chains=frozenset({5}),
    contracts=frozenset({CONTRACT}),
    messages=frozenset({"Consent"}),
    most=1000,
    confirm=False,
)


@contextmanager
def serving(path: Path, rules: Rules, answers: str = "") -> Iterator[ExternalSigner]:
    """Serve one account under rules, whose person gives these answers in turn."""
    left = list(answers)
    desk = Desk(signers={KEY.address: KEY}, rules=rules, confirm=lambda _: left.pop(0) == "y")
    with SignerServer(path, desk) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            line = Line(path=path, owner=os.geteuid())
            yield ExternalSigner(address=KEY.address, line=line)
        finally:
            server.shutdown()
            thread.join()
    assert left == []


def test_it_signs_as_a_key_would(tmp_path: Path) -> None:
    """Two implementations come to one digest, of a transaction of either kind and of a message."""
    with serving(tmp_path / "s" / "socket", RULES) as signer:
        for one in (PLAIN, replace(PLAIN, fee=LegacyFee(price=10))):
            assert signer.sign_transaction(one) == KEY.sign_transaction(one)
        assert signer.sign_message(MESSAGE, DOMAIN) == KEY.sign_message(MESSAGE, DOMAIN)
        assert signer.line.accounts() == (KEY.address,)
        assert stat.S_IMODE(signer.line.path.lstat().st_mode) == 0o600
        assert stat.S_IMODE(signer.line.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("transaction", "word"),
    [
        (replace(PLAIN, chain_id=6), "chain 6"),
        (replace(PLAIN, to=b"\x0d" * 20), "not called"),
        (replace(PLAIN, to=None), "no contracts"),
        (replace(PLAIN, value=1), "0 wei are sent"),
        (replace(PLAIN, gas=101), "more than 1000"),
    ],
)
def test_rules_bound_transactions(transaction: Transaction, word: str) -> None:
    """Chain, contract, creation, value and cost each have their rule."""
    RULES.judge_transaction(PLAIN)
    with pytest.raises(Denied, match=word):
        RULES.judge_transaction(transaction)


def test_rules_bound_messages(tmp_path: Path) -> None:
    """Kind, chain and contract of a message each have their rule."""
    del tmp_path
    RULES.judge_message("Consent", 5, CONTRACT)
    for given in (("Terms", 5, CONTRACT), ("Consent", 6, CONTRACT), ("Consent", 5, KEY.address)):
        with pytest.raises(Denied):
            RULES.judge_message(*given)


def test_a_person_decides(tmp_path: Path) -> None:
    """Where rules ask for it, each signature waits for a yes."""
    with serving(tmp_path / "s", replace(RULES, confirm=True), "yn") as signer:
        assert signer.sign_message(MESSAGE, DOMAIN)
        with pytest.raises(SignerRefused) as caught:
            signer.sign_message(MESSAGE, DOMAIN)
    assert (caught.value.problem, "said no" in caught.value.reason) == ("denied", True)


def test_another_account_is_not_signed_for(tmp_path: Path) -> None:
    """A key that is not held here signs nothing."""
    with serving(tmp_path / "s", RULES) as signer:
        other = ExternalSigner(address=CONTRACT, line=signer.line)
        with pytest.raises(SignerRefused) as caught:
            other.sign_message(MESSAGE, DOMAIN)
    assert caught.value.problem == "unknown-account"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b"[" * 5000, "malformed"),
        (b"{}", "malformed"),
        (b'{"signer":1,"id":7,"method":"accounts"}', "malformed"),
        (b'{"signer":2,"id":"a","method":"accounts"}', "unsupported"),
        (b'{"signer":1,"id":"a","method":"sign-digest"}', "unsupported"),
        (b'{"signer":1,"id":"a","method":"sign-message"}', "malformed"),
    ],
)
def test_what_is_no_request_is_answered_so(line: bytes, code: str) -> None:
    """Garbage, another version and a bare digest get an error by its code."""
    desk = Desk(signers={KEY.address: KEY}, rules=RULES, confirm=lambda _: True)
    assert json.loads(desk.answer(line))["error"]["code"] == code


def bent(**changes: object) -> dict[str, Any]:
    """Return the description of a transaction with some of its fields changed."""
    return {**described(PLAIN), **changes}


@pytest.mark.parametrize(
    "given",
    [
        None,
        bent(type="1"),
        bent(type="0"),
        bent(extra="1"),
        bent(nonce=1),
        bent(nonce="01"),
        bent(nonce="-1"),
        bent(value=str(1 << 256)),
        bent(data="0x1"),
        bent(data="0xAB"),
        bent(to="0x" + "0c" * 19),
        bent(to=str(Address(b"\xab" * 20)).swapcase()),
        {name: value for name, value in bent().items() if name != "gas"},
    ],
)
def test_a_transaction_is_read_strictly(given: object) -> None:
    """A field that is missing, left over, or written in another way is refused."""
    assert transaction_of(described(PLAIN)) == PLAIN
    with pytest.raises(Malformed):
        transaction_of(given)


@pytest.mark.parametrize("part", ["types", "primaryType", "domain", "message"])
@pytest.mark.parametrize("value", [None, 7, [], {}, "x"])
def test_a_message_is_read_strictly(part: str, value: object) -> None:
    """A typed message with a part of another shape is refused, whatever the shape."""
    whole = MESSAGE.typed_data(DOMAIN)
    assert message_of(whole).digest == MESSAGE.digest(DOMAIN)
    with pytest.raises(Malformed):
        message_of({**whole, part: value})


def test_rules_are_read_strictly(tmp_path: Path) -> None:
    """What a file does not allow is denied, a person is asked; a mistake in it ends the start."""
    path = tmp_path / "rules.toml"
    path.write_text(f'chains = [5]\ncontracts = ["{CONTRACT}"]\nmost = 7\n')
    assert Rules.load(path) == Rules(
        chains=frozenset({5}), contracts=frozenset({CONTRACT}), messages=frozenset(), most=7
    )
    for text in ("x", "chain = [5]", 'chains = ["5"]', "most = true", "confirm = 1", "chains = 5"):
        path.write_text(text)
        with pytest.raises(RulesMalformed):
            Rules.load(path)
    with pytest.raises(RulesMalformed):
        Rules.load(tmp_path / "none")


def test_what_is_too_long_is_not_read(tmp_path: Path) -> None:
    """A line beyond the limit, or one without an end, gets no answer."""
    with serving(tmp_path / "s", RULES) as signer:
        for sent in (b"x" * (MAX_REQUEST + 1) + b"\n", b"{}"):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(signer.line.path))
                try:
                    connection.sendall(sent)
                    connection.shutdown(socket.SHUT_WR)
                    assert connection.recv(100) == b""
                except (BrokenPipeError, ConnectionResetError):
                    continue


def test_what_an_earlier_server_left_is_taken_over(tmp_path: Path) -> None:
    """A socket that nobody listens at is replaced; another file is not."""
    path = tmp_path / "s"
    for _ in range(2):
        with serving(path, RULES) as signer:
            assert signer.sign_message(MESSAGE, DOMAIN)
    path.unlink()
    path.write_text("mine")
    with pytest.raises(OSError, match="in use"), serving(path, RULES):
        pass
    assert path.read_text() == "mine"
