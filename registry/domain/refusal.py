"""Keep evidence that a use was refused: a statement, signed by whoever was refused or refused it.

The chain takes back what it refuses, its events included, so that a refusal leaves no trace there.
The statement says what was asked, what the answer was, and of which block; anyone with a node that
has that block's state can ask again. It is signed as typed data (EIP-712) in the domain of the
registry of grants, and never sent to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from registry.domain.signing import REFUSAL, Message, Struct
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose
from registry.domain.words import names
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address, GrantId, PartyId
    from registry.domain.terms import SigningDomain

FORMAT: Final = "dengji-refusal/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal(Message):
    """Hold a use that was refused: by the ledger as of `block`, at the local time `at`.

    `user` is the grantee; `block_hash` is 32 bytes; `at` is in seconds since 1970.
    """

    struct: ClassVar[Struct] = REFUSAL
    grant: GrantId
    user: PartyId
    purpose: Purpose
    action: Action
    amount: int
    verdict: Verdict
    block: int
    block_hash: bytes
    at: int

    def values(self) -> dict[str, Any]:
        """Return every field."""
        return {
            "grant": self.grant,
            "user": self.user,
            "purpose": self.purpose,
            "action": self.action,
            "amount": self.amount,
            "verdict": self.verdict,
            "blockNumber": self.block,
            "blockHash": self.block_hash,
            "at": self.at,
        }

    def statement(self, domain: SigningDomain, signer: Address, signature: bytes) -> dict[str, Any]:
        """Return the statement as plain JSON, with who signed it."""
        return {
            "format": FORMAT,
            "chainId": str(domain.chain_id),
            "grants": str(domain.verifying_contract),
            "grant": str(self.grant),
            "user": str(self.user),
            "purpose": "|".join(names(self.purpose)),
            "action": "|".join(names(self.action)),
            "amount": str(self.amount),
            "verdict": self.verdict.name,
            "block": self.block,
            "blockHash": "0x" + self.block_hash.hex(),
            "at": self.at,
            "signer": str(signer),
            "signature": "0x" + signature.hex(),
        }
