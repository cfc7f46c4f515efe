"""Write through a misbehaving network until all is written, whatever happens meanwhile.

    python -m assurance.fault_client FOLDER

is a process of a campaign of faults (`assurance.faults`), made to be killed. `campaign.json` in the
folder says what it is to write, and where the proxy is; what was reported to it as done is noted
in `reported`, one number a line. Started again it goes on after the last one.
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.chain.deployment import find
from registry.chain.devchain import DevChain, record
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import HttpTransport, Rpc
from registry.chain.sender import Patience, Sender
from registry.chain.signer import LocalSigner
from registry.domain.ancestry import Path as Way
from registry.domain.clauses import Clauses
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.domain.operations import Register
from registry.domain.usage_operations import RecordUsage
from registry.domain.vocabulary import Action, Purpose
from registry.errors import ChainError, NodeUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ledger import Deployment
    from registry.domain.operations import Operation

WRITER: Final = LocalSigner(keccak(b"writer under faults"))
RUN: Final = "campaign"
METADATA: Final = keccak(b"metadata")
# What a person waits for, shortened, so that a campaign meets many an end of patience.
PATIENCE: Final = Patience(timeout=60, resend=1, bump=20, lock=60, outage=6)
_SIZES: Final = (1, 1, 2, 3, 8, 30)
_PAUSE: Final = 0.05
_TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Say what is to be written; kept in the folder as `campaign.json`.

    :ivar clauses: those of the grant whose use is recorded, in hexadecimal.
    """

    proxy: str
    directory: str
    clauses: str
    writes: int
    seed: int

    def save(self, folder: Path) -> None:
        """Write it down."""
        (folder / "campaign.json").write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Campaign:
        """Return what is written down."""
        return cls(**json.loads((folder / "campaign.json").read_bytes()))

    def operation(self, number: int) -> Operation:
        """Return a write: by turns a registration, and a use, which could be recorded twice.

        Each is told from all others by what its event tells: the content root, the amount.
        """
        if number % 2:
            return Register(content_root=root(number), metadata_hash=METADATA)
        path = Way(clauses=Clauses.unpack(bytes.fromhex(self.clauses)))
        return RecordUsage(
            path=path, action=Action.READ, purpose=Purpose.RESEARCH, amount=number + 1
        )

    def group(self, number: int) -> list[Operation]:
        """Return what is sent together from one write on: the same whenever it is asked for."""
        size = random.Random(self.seed * self.writes + number).choice(_SIZES)
        return [self.operation(one) for one in range(number, min(number + size, self.writes))]


def root(number: int) -> bytes:
    """Return the content root that a write registers."""
    return keccak(b"content" + number.to_bytes(8))


def reported(folder: Path) -> int:
    """Return how many writes were reported as done."""
    path = folder / "reported"
    return path.read_bytes().count(b"\n") if path.exists() else 0


class ThroughProxy:
    """Send payloads through the proxy while the dev chain is whole, as its own gate has it.

    :param path: where the dev chain's record stands.
    """

    def __init__(self, proxy: str, path: Path) -> None:
        self._http = HttpTransport(proxy, timeout=_TIMEOUT)
        self._path = path

    @property
    def url(self) -> str:
        """Return where the proxy is."""
        return self._http.url

    def send(self, payload: bytes) -> bytes:
        """Send one payload, and return the reply to it."""
        found = record.load(self._path)
        if found is None or not found.ready:
            raise NodeUnreachable(url=self.url, reason="being-restored")
        return self._http.send(payload)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class _Opened(contextlib.ExitStack):
    """Open node, journal and sender as one process has them."""

    def __init__(self, devchain: DevChain, campaign: Campaign, deployment: Deployment) -> None:
        super().__init__()
        path = devchain.folder / record.FILE_NAME
        rpc = self.enter_context(
            Rpc(ThroughProxy(campaign.proxy, path), chain_id=deployment.chain_id)
        )
        journal = self.enter_context(devchain.journal())
        sender = Sender(rpc, WRITER, journal, lock_dir=devchain.home / "locks", patience=PATIENCE)
        self.ledger = ChainLedger(rpc, deployment, senders=lambda _: sender, run=RUN)


def write(folder: Path) -> None:
    """Write all that is left, and note what is reported as done, and each error on the way."""
    campaign, devchain = Campaign.load(folder), DevChain(folder / "home")
    deployment: Deployment | None = None
    while reported(folder) < campaign.writes:
        try:
            if deployment is None:
                with devchain.rpc() as rpc:
                    deployment = find(rpc, Address.parse(campaign.directory))
            with _Opened(devchain, campaign, deployment) as opened:
                _write_on(opened.ledger, campaign, folder)
        except ChainError as error:
            with (folder / "errors").open("a") as notes:
                notes.write(f"{error.code}\n")
            time.sleep(_PAUSE)


def _write_on(through: ChainLedger, campaign: Campaign, folder: Path) -> None:
    with (folder / "reported").open("a") as notes:
        number = reported(folder)
        while number < campaign.writes:
            for _ in _receipts(through, campaign.group(number)):
                notes.write(f"{number}\n")
                notes.flush()
                number += 1


def _receipts(through: ChainLedger, operations: list[Operation]) -> Iterator[object]:
    if len(operations) == 1:
        yield through.submit(operations[0], account=WRITER.address)
    else:
        yield from through.submit_all(operations, account=WRITER.address)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
