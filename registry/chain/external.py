"""Have a program at a local socket sign: one that holds the key, shows what it signs, may refuse.

docs/signer.md describes what is said. Nothing that comes back is believed: the digest is reckoned
here, of what was asked, and the signature must be the account's over it, in its one form. What
does not answer, answers for ever, or answers something else is given up.
"""

from __future__ import annotations

import json
import re
import secrets
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from registry.chain import signatures
from registry.chain.peers import refuse_strange_socket, refuse_stranger
from registry.chain.transactions import DynamicFee
from registry.domain.ids import Address
from registry.domain.nesting import read_shallow
from registry.errors import (
    AddressMistyped,
    SignatureMalformed,
    SignerMisbehaved,
    SignerRefused,
    SignerTimeout,
    SignerUnreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from registry.chain.transactions import Transaction
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain

VERSION: Final = 1
MAX_REQUEST: Final = 1 << 20
"""No request is longer, its end of line included."""
MAX_ANSWER: Final = 1 << 14
"""No answer is longer, its end of line included."""
REFUSALS: Final = ("denied", "locked", "malformed", "unknown-account", "unsupported")
"""Why a signer does not sign, as it says itself."""

_CONNECT_SECONDS: Final = 5.0
_ID_BYTES: Final = 8
_REASON_CHARACTERS: Final = 200
_CHUNK: Final = 4096
_SIGNATURE: Final = re.compile(r"0x[0-9a-f]{130}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Say where a signer is: a socket of `owner`, and how many seconds an answer may take."""

    path: Path
    owner: int
    timeout: int = 60

    def accounts(self) -> tuple[Address, ...]:
        """Return the accounts that the signer signs for; raises as `ask` does."""
        given = self.ask("accounts").get("accounts")
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise self.misbehaved("signer-answer")
        try:
            return tuple(Address.parse(one) for one in given)
        except AddressMistyped as error:
            raise self.misbehaved("signer-answer") from error

    def ask(self, method: str, **given: object) -> dict[str, Any]:
        """Return the result of one request.

        Raises SignerExposed, SignerUnreachable, SignerTimeout, SignerRefused, SignerMisbehaved.
        """
        asked = secrets.token_hex(_ID_BYTES)
        request = {"signer": VERSION, "id": asked, "method": method, **given}
        payload = json.dumps(request, separators=(",", ":")).encode() + b"\n"
        if len(payload) > MAX_REQUEST:
            raise self._refused("malformed", f"{len(payload)} > {MAX_REQUEST}")
        answer = self._parsed(self._exchanged(payload))
        if answer.get("signer") != VERSION or answer.get("id") != asked:
            raise self.misbehaved("signer-other-answer")
        error = answer.get("error")
        if error is not None:
            raise self._told(error)
        result = answer.get("result")
        if not isinstance(result, dict):
            raise self.misbehaved("signer-answer")
        return result

    def misbehaved(self, reason: str) -> SignerMisbehaved:
        """Return the error that says what was wrong with an answer."""
        return SignerMisbehaved(socket=str(self.path), reason=reason)

    def _refused(self, problem: str, reason: str) -> SignerRefused:
        return SignerRefused(socket=str(self.path), problem=problem, reason=reason)

    def _told(self, error: object) -> SignerRefused | SignerMisbehaved:
        code = error.get("code") if isinstance(error, dict) else None
        if not isinstance(error, dict) or not isinstance(code, str) or code not in REFUSALS:
            return self.misbehaved("signer-answer")
        return self._refused(code, str(error.get("reason", ""))[:_REASON_CHARACTERS])

    def _exchanged(self, payload: bytes) -> bytes:
        """Send one line over a connection of its own, and return the line that comes back."""
        refuse_strange_socket(self.path, self.owner)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_CONNECT_SECONDS)
            try:
                connection.connect(str(self.path))
                refuse_stranger(connection, self.path, self.owner)
                connection.sendall(payload)
                return self._line(connection)
            except TimeoutError as error:
                raise SignerTimeout(socket=str(self.path), seconds=self.timeout) from error
            except OSError as error:
                reason = error.strerror or str(error)
                raise SignerUnreachable(socket=str(self.path), reason=reason) from error

    def _line(self, connection: socket.socket) -> bytes:
        received = bytearray()
        deadline = time.monotonic() + self.timeout
        while b"\n" not in received:
            if len(received) > MAX_ANSWER:
                raise self.misbehaved("signer-too-long")
            # All in all, not for each byte: a drip keeps nobody waiting for ever.
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
            chunk = connection.recv(_CHUNK)
            if not chunk:
                raise self.misbehaved("signer-hung-up")
            received += chunk
        line, _, more = bytes(received).partition(b"\n")
        if more or len(line) >= MAX_ANSWER:
            raise self.misbehaved("signer-too-long")
        return line

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            answer = read_shallow(line)
        except ValueError as error:
            raise self.misbehaved("not-json") from error
        if not isinstance(answer, dict):
            raise self.misbehaved("not-json-object")
        return answer


@dataclass(slots=True, kw_only=True)
class ExternalSigner:
    """Sign as an account whose key another program holds; a `Signer`.

    :param told: is called before the first signature of this object is asked for.
    """

    address: Address
    line: Line
    told: Callable[[], object] | None = field(default=None, repr=False)

    def sign_transaction(self, transaction: Transaction) -> bytes:
        """Return the raw transaction, ready to send; raises as `Line.ask`, and SignatureWrong."""
        answer = self._asked("sign-transaction", transaction=described(transaction))
        signature = self._verified(answer, transaction.digest())
        return transaction.signed_by(lambda _: signature)

    def sign_message(self, message: Message, domain: SigningDomain) -> bytes:
        """Return r ‖ s ‖ v, 65 bytes with v 27 or 28, over a typed message; raises likewise."""
        answer = self._asked("sign-message", message=message.typed_data(domain))
        return self._verified(answer, message.digest(domain))

    def _asked(self, method: str, **given: object) -> dict[str, Any]:
        if self.told is not None:
            told, self.told = self.told, None
            told()
        return self.line.ask(method, account=str(self.address), **given)

    def _verified(self, answer: dict[str, Any], digest: bytes) -> bytes:
        given = answer.get("signature")
        if not isinstance(given, str) or not _SIGNATURE.fullmatch(given):
            raise self.line.misbehaved("signer-signature")
        signature = bytes.fromhex(given[2:])
        try:
            signatures.require(self.address, digest, signature)
        except SignatureMalformed as error:
            raise self.line.misbehaved("signer-signature") from error
        return signature


def described(transaction: Transaction) -> dict[str, str | None]:
    """Return a transaction as it is shown to a signer: numbers as decimal text, bytes as hex."""
    fee = transaction.fee
    offered = (
        {"type": "2", "maxFeePerGas": str(fee.max_fee), "maxPriorityFeePerGas": str(fee.priority)}
        if isinstance(fee, DynamicFee)
        else {"type": "0", "gasPrice": str(fee.price)}
    )
    return {
        **offered,
        "chainId": str(transaction.chain_id),
        "nonce": str(transaction.nonce),
        "gas": str(transaction.gas),
        "to": None if transaction.to is None else str(Address(transaction.to)),
        "value": str(transaction.value),
        "data": "0x" + transaction.data.hex(),
    }
