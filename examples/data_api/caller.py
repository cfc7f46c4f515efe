"""Call the data service as the holder of a grant: sign a receipt for each call.

A call can fail after it was counted, where its answer is lost on the way. Its receipt is kept until
it is known what became of it; where the service says that it counts, it is taken.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Final

from registry.client import Dengji
from registry.domain.ids import GrantId
from registry.domain.usage import SignedReceipt
from registry.domain.vocabulary import Action, Purpose
from registry.enforcement.responses import HEADER

_NOT_COUNTED: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.CONFLICT,
)
"""Answers without a receipt after which nothing was counted; after others that is not known."""


class Unanswered:
    """Keep receipts of which it is not known whether they were counted, one a line of a file."""

    def __init__(self, path: Path) -> None:
        """Keep them at `path`, for the owner alone."""
        self._path = path

    def add(self, signed: SignedReceipt) -> None:
        """Keep a receipt before it is sent."""
        self._write([*self._all(), signed])

    def find(self, grant: GrantId, sequence: int | None) -> SignedReceipt | None:
        """Return the receipt of this number under a grant, None where it is not kept."""
        own = (one for one in self._all() if one.receipt.grant == grant)
        return next((one for one in own if one.receipt.sequence == sequence), None)

    def forget(self, grant: GrantId, sequence: int | None = None) -> None:
        """Forget a grant's receipts, or the one of this number."""
        gone = [
            one
            for one in self._all()
            if one.receipt.grant == grant and sequence in (None, one.receipt.sequence)
        ]
        self._write([one for one in self._all() if one not in gone])

    def _all(self) -> list[SignedReceipt]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [SignedReceipt.parse(line) for line in lines]

    def _write(self, receipts: list[SignedReceipt]) -> None:
        whole = self._path.with_name(self._path.name + ".new")
        whole.touch(mode=0o600)
        whole.write_text("".join(one.text() + "\n" for one in receipts))
        whole.replace(self._path)


def call(
    client: Dengji, address: str, grant: GrantId, purpose: Purpose, path: str, kept: Unanswered
) -> bytes:
    """Return what the service at `host:port` answers to one call under a grant.

    A call that was served counts; one that was refused does not. Where the service says that it
    counted one whose answer never came, that one is taken, and the call is made once more.
    """
    while True:
        signed = client.usages.sign(client.grants.get(grant), action=Action.QUERY, purpose=purpose)
        kept.add(signed)
        status, receipt, body = _asked(address, path, signed)
        if receipt is not None:
            client.usages.take(SignedReceipt.parse(receipt))
            # It goes on from the last one counted: of those before it, none was.
            kept.forget(grant)
            return body
        if status not in _NOT_COUNTED:
            return body
        kept.forget(grant, signed.receipt.sequence)
        lost = kept.find(grant, _last(body)) if status == HTTPStatus.CONFLICT else None
        if lost is None:
            return body
        client.usages.take(lost)
        kept.forget(grant)


def _asked(address: str, path: str, signed: SignedReceipt) -> tuple[int, str | None, bytes]:
    """Return the status of an answer, the receipt in it and its body; raises where none comes."""
    connection = http.client.HTTPConnection(address, timeout=10)
    try:
        connection.request("GET", path, headers={HEADER: signed.header()})
        answer = connection.getresponse()
        return answer.status, answer.getheader(HEADER), answer.read()
    finally:
        connection.close()


def _last(body: bytes) -> int | None:
    """Return the number of the last receipt counted, as a refusal tells it."""
    try:
        told = json.loads(body)["error"]["fields"]["last_sequence"]
    except (ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, int) else None


def main() -> None:
    """Call once and print the answer."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("address", help="host:port of the service")
    asked.add_argument("grant", type=GrantId.parse)
    asked.add_argument("path")
    asked.add_argument("--purpose", type=Purpose.__getitem__, default=Purpose.RESEARCH)
    asked.add_argument(
        "--kept", type=Path, default=Path("unanswered.jsonl"), help="receipts without an answer"
    )
    given = asked.parse_args()
    kept = Unanswered(given.kept)
    with Dengji.connect() as client:
        answer = call(client, given.address, given.grant, given.purpose, given.path, kept)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
