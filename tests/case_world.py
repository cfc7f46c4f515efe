"""A chain with a registrar, an applicant and others, on which cases are tried at any time."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from registry.chain import reverts
from registry.chain.ledger import ChainLedger
from registry.chain.operations import call_for
from registry.chain.rpc import Rpc
from registry.client import Dengji
from registry.domain.case_operations import Apply, Origin
from registry.domain.events import ProductRegistered
from registry.domain.moment import AtBlock
from registry.domain.operations import Register
from registry.domain.product import Profile
from registry.domain.vocabulary import Source
from registry.errors import ContractRevert, NodeRefused
from tests.conftest import lone_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.domain.ids import Address, PartyId, ProductId
    from registry.domain.operations import Operation

CHINA = timezone(timedelta(hours=8))
EVIDENCE = b"\x05" * 32


def at(text: str) -> int:
    """Return the time that a clock in China shows."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp())


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWorld:
    """Hold a deployment on a chain of its own, and a client for each role.

    The first account made the deployment and is its registrar; the second applies, the third has
    nothing to do with it, and rights are transferred to the fourth.
    """

    rpc: Rpc
    ledger: ChainLedger
    accounts: tuple[Address, ...]
    clients: tuple[Dengji, ...]

    @property
    def registrar(self) -> Dengji:
        """Return the client of the registrar."""
        return self.clients[0]

    @property
    def applicant(self) -> Dengji:
        """Return the client of the applicant."""
        return self.clients[1]

    @property
    def other(self) -> Dengji:
        """Return the client of somebody else."""
        return self.clients[2]

    @property
    def receiver(self) -> Dengji:
        """Return the client of the party to whom rights are transferred."""
        return self.clients[3]

    def parties(self) -> tuple[PartyId, ...]:
        """Return the parties of the clients, in their order."""
        return tuple(client.parties.mine().id for client in self.clients)

    def now(self) -> int:
        """Return the time of the last block."""
        return self.ledger.moment(AtBlock(self.ledger.moment().block)).time

    def go_to(self, time: int) -> None:
        """Make a block at a time, where it is not past."""
        if time > self.now():
            self.rpc.call("evm_setNextBlockTimestamp", time)
            self.rpc.call("evm_mine")

    def next_at(self, time: int) -> None:
        """Have the next block made at a time."""
        self.rpc.call("evm_setNextBlockTimestamp", time)

    def tried(self, asked: Sequence[tuple[Operation, Address]]) -> list[ContractRevert | None]:
        """Return what each operation, by an account, comes to at the time of the last block."""
        requests = []
        for operation, account in asked:
            call = call_for(self.ledger.deployment, operation)
            assert call.to is not None
            sent = {"from": account.hex, "to": call.to.hex, "data": "0x" + call.data.hex()}
            requests.append(("eth_call", (sent, "latest")))
        answers = self.rpc.attempt(requests)
        return [_refusal(one) if isinstance(one, NodeRefused) else None for one in answers]

    def apply(
        self,
        profile: Profile,
        number: int = 0,
        *,
        draft: bool = False,
        origin: ProductId | None = None,
    ) -> ProductId:
        """Apply for a product whose content is a number, derived where an origin is given."""
        made = self.applicant.cases.apply(
            Apply(
                registration=Register(
                    content_root=number.to_bytes(31) + b"\x01",
                    metadata_hash=b"\x02" * 32,
                    source=Source.DERIVED if origin else Source.UNSPECIFIED,
                ),
                profile=profile,
                registrar=1,
                evidence=EVIDENCE,
                origins=(Origin(product=origin),) if origin else (),
                draft=draft,
            )
        )
        return made.case.product

    def open(self, number: int) -> ProductId:
        """Register a product of the applicant at once, to derive another from."""
        item = Register(content_root=number.to_bytes(31) + b"\x03", metadata_hash=b"\x02" * 32)
        made = self.ledger.submit(item, account=self.accounts[1])
        (registered,) = (one for one in made.events if isinstance(one, ProductRegistered))
        return registered.product


def _refusal(refused: NodeRefused) -> ContractRevert:
    explained = reverts.explained(refused)
    assert isinstance(explained, ContractRevert), explained
    return explained


@contextmanager
def case_world(folder: Path, start: int) -> Iterator[CaseWorld]:
    """Run a chain from a time on, with contracts and four parties on it."""
    with lone_world(folder, start) as world:
        ledger, accounts = world.ledger, world.accounts
        clients = tuple(Dengji(ledger, address) for address in accounts)
        for client in clients[1:]:
            client.parties.enrol()
        yield CaseWorld(rpc=world.rpc, ledger=ledger, accounts=accounts, clients=clients)
