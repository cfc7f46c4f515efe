"""Hold keys apart from Dengji, and sign at a local socket what rules, and a person, allow."""

from __future__ import annotations

import argparse
import json
import os
import socketserver
import stat
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from examples.signer.requests import Malformed, address_of, message_of, transaction_of
from examples.signer.rules import Denied, Rules, RulesMalformed
from registry.accounts import password_in
from registry.chain.external import MAX_REQUEST, REFUSALS, VERSION
from registry.chain.keystore import Keystore
from registry.chain.peers import user_of
from registry.domain.ids import Address
from registry.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from registry.chain.signer import LocalSigner
    from registry.secret import Secret

    Confirm = Callable[[str], bool]
    """Is shown what would be signed, and returns whether a person wants that."""

_READ_SECONDS: Final = 10
_ENVELOPE: Final = {"signer", "id", "method"}


class Refusal(Exception):
    """Say why nothing is signed: a code of `REFUSALS`, and words."""

    def __init__(self, code: str, reason: str) -> None:
        """Take both."""
        super().__init__(code, reason)
        self.code, self.reason = code, reason


@dataclass(slots=True, kw_only=True)
class Desk:
    """Decide on requests and sign, one person being asked about one thing at a time."""

    signers: Mapping[Address, LocalSigner]
    rules: Rules
    confirm: Confirm
    _one: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, line: bytes) -> bytes:
        """Return the answer to a line, itself a line."""
        asked: object = None
        try:
            request = _request(line)
            asked = request["id"]
            told: dict[str, object] = {"result": self._result(request)}
        except Refusal as refusal:
            told = {"error": {"code": refusal.code, "reason": refusal.reason}}
        except Malformed as error:
            told = {"error": {"code": "malformed", "reason": str(error)}}
        except Denied as error:
            told = {"error": {"code": "denied", "reason": str(error)}}
        return json.dumps({"signer": VERSION, "id": asked, **told}).encode() + b"\n"

    def _result(self, request: Mapping[str, Any]) -> dict[str, object]:
        method = request["method"]
        if method == "accounts":
            return {"accounts": [str(one) for one in self.signers]}
        if method not in ("sign-transaction", "sign-message"):
            raise Refusal("unsupported", "there is no such method")
        address = address_of(request.get("account"))
        if address not in self.signers:
            raise Refusal("unknown-account", f"{address} is not held here")
        digest, words = self._judged(method, request)
        if self.rules.confirm:
            with self._one:
                if not self.confirm(f"As {address}:\n{words}"):
                    raise Denied("the person at the signer said no")
        return {"signature": "0x" + self.signers[address].sign_digest(digest).hex()}

    def _judged(self, method: str, request: Mapping[str, Any]) -> tuple[bytes, str]:
        """Return the digest of what is allowed, and what it says."""
        if method == "sign-transaction":
            transaction = transaction_of(request.get("transaction"))
            self.rules.judge_transaction(transaction)
            shown = json.dumps(request["transaction"], indent=1)
            return transaction.digest(), f"a transaction of at most {transaction.cost} wei\n{shown}"
        message = message_of(request.get("message"))
        self.rules.judge_message(message.kind, message.chain_id, message.contract)
        shown = json.dumps(message.content, indent=1)
        return message.digest, f"{message.kind} for {message.contract}\n{shown}"


def _request(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Malformed("the request is no JSON") from error
    if not isinstance(request, dict) or not request.keys() >= _ENVELOPE:
        raise Malformed("the request is no object with signer, id and method")
    if not isinstance(request["id"], str):
        raise Malformed("id is no text")
    if request["signer"] != VERSION:
        raise Refusal("unsupported", f"only version {VERSION} is spoken here")
    return request


class SignerServer(socketserver.ThreadingUnixStreamServer):
    """Answer at a socket of one's own, one line to one line a connection.

    The socket's folder is made with mode 0700 where it is missing; the socket has mode 0600.
    """

    daemon_threads = True

    def __init__(self, path: Path, desk: Desk) -> None:
        """Listen at `path`; what an earlier server left there is removed."""
        self.desk = desk
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if stat.S_ISSOCK(path.lstat().st_mode):
                path.unlink()
        before = os.umask(0o177)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(before)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401 (as above)
        """Turn away programs of other users."""
        del client_address
        return user_of(request) in (None, os.geteuid())


class _Handler(socketserver.StreamRequestHandler):
    timeout = _READ_SECONDS
    server: SignerServer

    def handle(self) -> None:
        with suppress(OSError):
            line = self.rfile.readline(MAX_REQUEST + 1)
            if line.endswith(b"\n"):
                self.wfile.write(self.server.desk.answer(line))


def at_terminal(words: str) -> bool:
    """Show what would be signed, and ask for a yes."""
    # Whatever a name holds, it does not steer the terminal: JSON writes it out.
    sys.stderr.write(f"\n{words}\nSign? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _password(file: Path | None, keystore: Keystore) -> str | Secret:
    return (
        getpass(f"Password of the keys in {keystore.directory}: ")
        if file is None
        else (password_in(file))
    )


def main() -> None:
    """Unlock the keys, and serve until interrupted."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("socket", type=Path)
    asked.add_argument("--keystore", type=Path, required=True, help="a folder of keystores")
    asked.add_argument("--rules", type=Path, required=True, help="a TOML file")
    asked.add_argument("--password-file", type=Path)
    given = asked.parse_args()
    os.umask(0o077)
    try:
        rules, keystore = Rules.load(given.rules), Keystore(given.keystore)
        signers = {
            address: keystore.unlock(address, lambda: _password(given.password_file, keystore))
            for address in keystore.addresses()
        }
    except (RegistryError, RulesMalformed) as error:
        asked.exit(3, f"{error}\n")
    desk = Desk(signers=signers, rules=rules, confirm=at_terminal)
    with SignerServer(given.socket, desk) as server:
        sys.stderr.write(f"signing at {given.socket} for {len(signers)} accounts\n")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            keystore.close()
        finally:
            given.socket.unlink(missing_ok=True)


__all__ = ["REFUSALS", "Desk", "Refusal", "SignerServer", "at_terminal", "main"]

if __name__ == "__main__":
    main()
