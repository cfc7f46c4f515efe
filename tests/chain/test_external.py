"""Whatever a signer at a socket answers, only the account's signature of what was asked is used."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from registry.chain import external, peers
from registry.chain.external import MAX_ANSWER, ExternalSigner, Line
from registry.chain.signatures import recover
from registry.chain.signer import GROUP_ORDER, LocalSigner, Signer
from registry.chain.transactions import DynamicFee, LegacyFee, Transaction, parse
from registry.chain.verified import VerifiedSigner
from registry.chain.wallets import Wallets
from registry.domain.ids import Address, GrantId
from registry.domain.signing import Consent, Message
from registry.domain.terms import SigningDomain
from registry.errors import (
    AccountExists,
    AccountUnknown,
    KeystoreExposed,
    RegistryError,
    SignatureMalformed,
    SignatureWrong,
    SignerExposed,
    SignerMisbehaved,
    SignerRefused,
    SignerTimeout,
    SignerUnreachable,
    SignerUnusable,
)

KEY, OTHER = LocalSigner(b"\x11" * 32), LocalSigner(b"\x22" * 32)
DOMAIN = SigningDomain(chain_id=5, verifying_contract=Address(b"\x0c" * 20))
MESSAGE = Consent(grant=GrantId(b"\x07" * 32))
TRANSACTION = Transaction(
    chain_id=5,
    nonce=3,
    gas=90_000,
    fee=DynamicFee(max_fee=9, priority=1),
    to=b"\x0c" * 20,
    data=b"\x01\x02\xff",
)
Answering = Callable[[dict[str, Any]], bytes]


@contextlib.contextmanager
def listening(folder: Path, answer: Answering, *, close: bool = True) -> Iterator[Line]:
    """Answer at a socket with the bytes that `answer` makes of each request."""
    folder.mkdir(0o700, parents=True, exist_ok=True)
    path = folder / "s"
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(str(path))
    path.chmod(0o600)
    server.listen()
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with contextlib.suppress(OSError):
                line = connection.makefile("rb").readline()
                connection.sendall(answer(json.loads(line)) if line else b"")
            if close:
                connection.close()
            else:
                held.append(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Line(path=path, owner=os.geteuid(), timeout=1 if not close else 60)
    finally:
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(60)
        for connection in held:
            connection.close()
        path.unlink()


def told(request: dict[str, Any], **more: object) -> bytes:
    """Return an answer to a request."""
    return json.dumps({"signer": 1, "id": request["id"], **more}).encode() + b"\n"


def signed(request: dict[str, Any], signature: bytes) -> bytes:
    """Return the answer that gives a signature."""
    return told(request, result={"signature": "0x" + signature.hex()})


def digest(request: dict[str, Any]) -> bytes:
    """Return what a request wants signed."""
    asked = {"sign-transaction": TRANSACTION.digest(), "sign-message": MESSAGE.digest(DOMAIN)}
    return asked[request["method"]]


def honest(request: dict[str, Any]) -> bytes:
    """Answer as a signer should."""
    return signed(request, KEY.sign_digest(digest(request)))


def twin(signature: bytes) -> bytes:
    """Return the other signature that every signature has, in the upper half of the curve."""
    s = GROUP_ORDER - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes((55 - signature[64],))


def test_a_transaction_and_a_message_are_signed(tmp_path: Path) -> None:
    """What a signer signs is used as if the key were here; the listener is told once."""
    heard: list[str] = []
    with listening(tmp_path / "d", honest) as line:
        signer = ExternalSigner(address=KEY.address, line=line, told=lambda: heard.append("asked"))
        plain: Signer = signer
        assert plain.sign_transaction(TRANSACTION) == KEY.sign_transaction(TRANSACTION)
        assert plain.sign_message(MESSAGE, DOMAIN) == KEY.sign_message(MESSAGE, DOMAIN)
    assert heard == ["asked"]


def test_a_signer_is_shown_all_that_it_signs(tmp_path: Path) -> None:
    """The request holds every field of the transaction, and the whole typed message."""
    asked: list[dict[str, Any]] = []

    def noting(request: dict[str, Any]) -> bytes:
        asked.append(request)
        return honest(request)

    with listening(tmp_path / "d", noting) as line:
        signer = ExternalSigner(address=KEY.address, line=line)
        signer.sign_transaction(TRANSACTION)
        signer.sign_message(MESSAGE, DOMAIN)
    assert asked[0]["account"] == asked[1]["account"] == str(KEY.address)
    assert asked[0]["transaction"] == {
        "type": "2",
        "chainId": "5",
        "nonce": "3",
        "gas": "90000",
        "maxFeePerGas": "9",
        "maxPriorityFeePerGas": "1",
        "to": str(Address(b"\x0c" * 20)),
        "value": "0",
        "data": "0x0102ff",
    }
    assert asked[1]["message"] == MESSAGE.typed_data(DOMAIN)
    assert asked[0]["id"] != asked[1]["id"]


HOSTILE: dict[str, tuple[Answering, type[RegistryError]]] = {
    "another key": (lambda r: signed(r, OTHER.sign_digest(digest(r))), SignatureWrong),
    "another digest": (lambda r: signed(r, KEY.sign_digest(b"\x01" * 32)), SignatureWrong),
    "the twin": (lambda r: signed(r, twin(KEY.sign_digest(digest(r)))), SignerMisbehaved),
    "v of 0": (lambda r: signed(r, KEY.sign_digest(digest(r))[:64] + b"\0"), SignerMisbehaved),
    "v of a chain": (
        lambda r: signed(r, KEY.sign_digest(digest(r))[:64] + b"\x2d"),
        SignerMisbehaved,
    ),
    "too short": (lambda r: signed(r, b"\1" * 64), SignerMisbehaved),
    "zeros": (lambda r: signed(r, bytes(65)), SignerMisbehaved),
    "r of no point": (lambda r: signed(r, b"\xff" * 32 + b"\1" * 32 + b"\x1b"), SignerMisbehaved),
    "no text": (lambda r: told(r, result={"signature": 7}), SignerMisbehaved),
    "no digits": (lambda r: told(r, result={"signature": "0x" + "z" * 130}), SignerMisbehaved),
    "nothing": (lambda r: told(r, result={}), SignerMisbehaved),
    "no result": (told, SignerMisbehaved),
    "a list": (lambda _: b"[]\n", SignerMisbehaved),
    "no JSON": (lambda _: b"\xff\xfe\n", SignerMisbehaved),
    "deep": (lambda _: b"[" * 9_000 + b"\n", SignerMisbehaved),
    "half a line": (lambda r: honest(r)[:-9], SignerMisbehaved),
    "two lines": (lambda r: honest(r) * 2, SignerMisbehaved),
    "hangs up": (lambda _: b"", SignerMisbehaved),
    "without end": (lambda _: b"x" * (1 << 20), SignerMisbehaved),
    "long": (lambda r: told(r, result={"x": "x" * MAX_ANSWER}), SignerMisbehaved),
    "another id": (lambda r: honest({**r, "id": "0" * 16}), SignerMisbehaved),
    "another version": (
        lambda r: json.dumps({"signer": 2, "id": r["id"], "result": {}}).encode() + b"\n",
        SignerMisbehaved,
    ),
    "an odd error": (lambda r: told(r, error={"code": "hm"}), SignerMisbehaved),
    "an error that is none": (lambda r: told(r, error="no"), SignerMisbehaved),
    "no": (lambda r: told(r, error={"code": "denied", "reason": "x" * 900}), SignerRefused),
}


@pytest.mark.parametrize("how", HOSTILE)
def test_nothing_else_is_used(tmp_path: Path, how: str) -> None:
    """Of a transaction as of a message, any other answer is an error of its kind."""
    answer, error = HOSTILE[how]
    with listening(tmp_path / "d", answer) as line:
        signer = ExternalSigner(address=KEY.address, line=line)
        with pytest.raises(error) as first:
            signer.sign_transaction(TRANSACTION)
        with pytest.raises(error):
            signer.sign_message(MESSAGE, DOMAIN)
    assert len(str(first.value)) < 500


@pytest.mark.parametrize("drip", [b"", b" "])
def test_waiting_has_an_end(tmp_path: Path, drip: bytes) -> None:
    """A signer that says nothing, or a little now and then, is given up after its time."""

    def slow(_: dict[str, Any]) -> bytes:
        return drip

    with listening(tmp_path / "d", slow, close=False) as line:
        before = time.monotonic()
        with pytest.raises(SignerTimeout) as caught:
            ExternalSigner(address=KEY.address, line=line).sign_message(MESSAGE, DOMAIN)
    assert caught.value.seconds == 1
    assert time.monotonic() - before >= 1


def test_a_drip_does_not_prolong_the_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is all in all: bytes that keep coming do not begin it anew."""
    ours, theirs = socket.socketpair()
    now = iter(range(100))
    clock = SimpleNamespace(monotonic=lambda: next(now))
    monkeypatch.setattr(external, "time", clock)
    line = Line(path=tmp_path / "s", owner=0, timeout=3)
    for _ in range(20):
        theirs.sendall(b"x")
    monkeypatch.setattr(external, "_CHUNK", 1)
    with ours, theirs, pytest.raises(TimeoutError):
        line._line(ours)
    assert next(now) == 4


def test_a_request_that_is_too_long_is_not_sent(tmp_path: Path) -> None:
    """What no signer would read is refused here."""
    with listening(tmp_path / "d", honest) as line, pytest.raises(SignerRefused) as caught:
        line.ask("sign-transaction", transaction="x" * external.MAX_REQUEST)
    assert caught.value.problem == "malformed"


def test_accounts_are_listed(tmp_path: Path) -> None:
    """A signer says for whom it signs; what is no list of addresses is refused."""
    answers: list[object] = [[str(KEY.address)], "x", [7], ["0x12"]]
    with listening(tmp_path / "d", lambda r: told(r, result={"accounts": answers.pop(0)})) as line:
        assert line.accounts() == (KEY.address,)
        for _ in range(3):
            with pytest.raises(SignerMisbehaved):
                line.accounts()


def test_nobody_at_the_socket(tmp_path: Path) -> None:
    """A socket that is not there, or at which nobody listens any more, is said to be."""
    folder = tmp_path / "d"
    with listening(folder, honest) as line:
        pass
    with pytest.raises(SignerUnreachable):
        line.ask("accounts")
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(line.path))
    dead.close()
    line.path.chmod(0o600)
    with pytest.raises(SignerUnreachable):
        line.ask("accounts")


def spoil_mode(path: Path) -> None:
    """Let others open the socket."""
    path.chmod(0o660)


def spoil_folder(path: Path) -> None:
    """Let others put another socket there."""
    path.parent.chmod(0o770)


def spoil_kind(path: Path) -> None:
    """Put a link to the socket in its place."""
    aside = path.rename(path.with_name("aside"))
    path.symlink_to(aside)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (spoil_mode, "signer-mode:0660"),
        (spoil_folder, "signer-folder-mode:0770"),
        (spoil_kind, "signer-no-socket"),
    ],
)
def test_a_socket_that_others_could_exchange_is_not_used(
    tmp_path: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    """Neither what others may open, nor what lies where others write, nor a link is used."""
    asked: list[object] = []

    def noting(request: dict[str, Any]) -> bytes:
        asked.append(request)
        return honest(request)

    with listening(tmp_path / "d", noting) as line:
        spoil(line.path)
        with pytest.raises(SignerExposed) as caught:
            line.ask("accounts")
    assert caught.value.reason == reason
    assert asked == []


def test_a_program_of_another_user_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who answers is looked at before anything is said; so is whose socket it is."""
    asked: list[object] = []

    def noting(request: dict[str, Any]) -> bytes:
        asked.append(request)
        return honest(request)

    with listening(tmp_path / "d", noting) as line:
        with pytest.raises(SignerExposed) as caught:
            Line(path=line.path, owner=line.owner + 1).ask("accounts")
        assert caught.value.reason == f"signer-owner:{line.owner}"
        monkeypatch.setattr(peers, "user_of", lambda _: line.owner + 7)
        with pytest.raises(SignerExposed) as caught:
            line.ask("accounts")
        assert caught.value.reason == f"signer-peer:{line.owner + 7}"
    assert asked == []


def test_the_system_says_who_is_at_the_other_end() -> None:
    """The user of a program at a socket is asked of the system, not of the program."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peers.user_of(ours) == os.geteuid()


class Impostor:
    """Sign with another key, or something else, in the name of an address."""

    def __init__(self, raw: Callable[[Transaction], bytes], signature: bytes) -> None:
        """Take what it gives for a transaction and for a message."""
        self.address = KEY.address
        self._raw, self._signature = raw, signature

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return whatever."""
        return self._raw(transaction)

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return whatever."""
        del message, domain
        return self._signature


def bent(transaction: Transaction) -> bytes:
    """Return another transaction than the one asked for, properly signed."""
    return KEY.sign_transaction(
        Transaction(
            chain_id=transaction.chain_id,
            nonce=transaction.nonce,
            gas=transaction.gas,
            fee=transaction.fee,
            to=b"\x0d" * 20,
        )
    )


LEGACY = Transaction(chain_id=5, nonce=1, gas=21_000, fee=LegacyFee(price=7), to=None, data=b"\1")


@pytest.mark.parametrize("transaction", [TRANSACTION, LEGACY])
def test_a_signer_that_was_plugged_in_is_verified(transaction: Transaction) -> None:
    """What it signed is passed on where it is what was asked, signed by its address."""
    good = VerifiedSigner(Impostor(KEY.sign_transaction, KEY.sign_message(MESSAGE, DOMAIN)))
    raw = good.sign_transaction(transaction)
    assert (raw, parse(raw)) == (KEY.sign_transaction(transaction), transaction)
    signature = good.sign_message(MESSAGE, DOMAIN)
    assert recover(MESSAGE.digest(DOMAIN), signature) == KEY.address
    for how, error in (
        (OTHER.sign_transaction, SignatureWrong),
        (bent, SignatureWrong),
        (lambda _: b"\x02\xc0", SignatureMalformed),
        (lambda _: b"", SignatureMalformed),
        (lambda one: KEY.sign_transaction(one) + b"\0", SignatureMalformed),
    ):
        bad = VerifiedSigner(Impostor(how, OTHER.sign_message(MESSAGE, DOMAIN)))
        with pytest.raises(error):
            bad.sign_transaction(transaction)
        with pytest.raises(SignatureWrong):
            bad.sign_message(MESSAGE, DOMAIN)


def test_where_accounts_sign_is_remembered(tmp_path: Path) -> None:
    """A file for each account, its owner's alone, says where it signs, until it is forgotten."""
    wallets = Wallets(tmp_path / "home" / "signers")
    line = Line(path=tmp_path / "s", owner=4, timeout=9)
    wallets.connect(KEY.address, line)
    wallets.connect(OTHER.address, line)
    assert wallets.line(KEY.address) == line
    assert wallets.path_of(KEY.address).stat().st_mode & 0o777 == 0o600
    assert wallets.folder.stat().st_mode & 0o777 == 0o700
    assert set(wallets.addresses()) == {KEY.address, OTHER.address}
    with pytest.raises(AccountExists):
        wallets.connect(KEY.address, line)
    wallets.disconnect(KEY.address)
    assert wallets.addresses() == (OTHER.address,)
    with pytest.raises(AccountUnknown):
        wallets.disconnect(KEY.address)


@pytest.mark.parametrize(
    "bend",
    [
        {"version": 2},
        {"address": str(OTHER.address)},
        {"socket": "relative"},
        {"socket": 7},
        {"owner": True},
        {"timeout": 0},
        {"timeout": 1e9},
        "[]",
        "{",
        "\xff",
    ],
)
def test_a_file_that_says_something_else_is_not_used(tmp_path: Path, bend: object) -> None:
    """A file that is damaged, or of another account, leads nowhere."""
    wallets = Wallets(tmp_path / "signers")
    wallets.connect(KEY.address, Line(path=tmp_path / "s", owner=4))
    path = wallets.path_of(KEY.address)
    known = json.loads(path.read_text())
    path.write_text(
        json.dumps({**known, **bend}) if isinstance(bend, dict) else str(bend), "latin-1"
    )
    with pytest.raises(SignerUnusable):
        wallets.line(KEY.address)


def test_a_file_that_others_may_write_is_not_used(tmp_path: Path) -> None:
    """Who could write it could name a socket of theirs."""
    wallets = Wallets(tmp_path / "signers")
    wallets.connect(KEY.address, Line(path=tmp_path / "s", owner=4))
    wallets.path_of(KEY.address).chmod(0o622)
    with pytest.raises(KeystoreExposed):
        wallets.line(KEY.address)
