"""Carry one side's signed will to end a grant to the other, as one canonical JSON file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain import documents
from registry.domain.agreement_operations import Approval
from registry.domain.documents import Node
from registry.domain.signing import Ending
from registry.domain.terms import SigningDomain
from registry.domain.times import show_time
from registry.errors import ProposalTampered
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import PartyId

FORMAT: Final = "dengji-ending/1"
_HASH: Final = 32
_MOST_CHAIN: Final = 2**53 - 1
_MAX_SIGNATURE: Final = 4_096
_KEYS: Final = ("format", "domain", "grant", "ends_at", "deadline", "digest", "party", "signer")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEnding:
    """Hold the will of one party that a grant ends, and its signature."""

    domain: SigningDomain
    ending: Ending
    party: PartyId
    approval: Approval

    def dump(self) -> bytes:
        """Return the file."""
        ending = self.ending
        return documents.canonical(
            {
                "format": FORMAT,
                "domain": {
                    "chain_id": self.domain.chain_id,
                    "grants": str(self.domain.verifying_contract),
                },
                "grant": str(ending.grant),
                "ends_at": show_time(ending.ends_at) if ending.ends_at else None,
                "deadline": show_time(ending.deadline),
                "digest": "0x" + ending.digest(self.domain).hex(),
                "party": str(self.party),
                "signer": str(self.approval.signer),
                "signature": "0x" + self.approval.signature.hex(),
            }
        )


def load(raw: bytes) -> SignedEnding:
    """Read the file; raises `ProposalMalformed`, `ProposalTampered`."""
    given = documents.parse(raw).object((*_KEYS, "signature"))
    if given["format"].text() != FORMAT:
        raise given["format"].refused("proposal-format")
    place = given["domain"].object(("chain_id", "grants"))
    domain = SigningDomain(
        chain_id=place["chain_id"].integer(_MOST_CHAIN),
        verifying_contract=place["grants"].address(),
    )
    ending = Ending(
        grant=given["grant"].grant(),
        ends_at=given["ends_at"].maybe(Node.time) or 0,
        deadline=given["deadline"].time(),
    )
    computed = ending.digest(domain)
    if given["digest"].bytes(_HASH) != computed:
        stated = given["digest"].text()
        raise ProposalTampered(where="/digest", stated=stated, computed="0x" + computed.hex())
    return SignedEnding(
        domain=domain,
        ending=ending,
        party=given["party"].party(),
        approval=Approval(
            signer=given["signer"].address(),
            signature=given["signature"].bytes(1, _MAX_SIGNATURE),
        ),
    )
