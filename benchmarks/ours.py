"""Do with the registry what the peers are measured by, and say what it costs in gas.

The same fields and nothing optional beside them: a product is two digests, or these with its series
and an address; a grant is product, parties, window, purposes, actions and quota. Salts, rights and
the class of the data come on top.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from benchmarks.payloads import GrantFields, ProductFields, locator, word
from registry.chain.ledger import ChainLedger
from registry.chain.sender import Sender
from registry.chain.signatures import sign_typed
from registry.chain.signer import LocalSigner
from registry.domain.agreement_operations import Agree, Approval
from registry.domain.anchor_operations import Anchor
from registry.domain.clauses import Clauses
from registry.domain.events import PartyEnrolled, ProductRegistered
from registry.domain.operations import (
    Enrol,
    Issue,
    IssueBatch,
    Register,
    RegisterBatch,
    Revoke,
    RevokeBatch,
)
from registry.domain.signing import Terms
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import Action, Form, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.sending import Setting
    from registry.domain.ids import Address, PartyId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.operations import Operation

_FUNDS: Final = 10**21
_PRESENT: Final = 10
MOST_LEAVES: Final = 2**20


def registration() -> Register:
    """Return a registration of random digests with a random salt."""
    told_of = ProductFields()
    return Register(
        content_root=told_of.content_root,
        metadata_hash=told_of.metadata_hash,
        salt=int.from_bytes(word()[:8]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Hold a key and the party that it speaks for."""

    key: LocalSigner
    party: PartyId


class Ours:
    """Register and grant as one party to another."""

    def __init__(self, using: Setting, locks: Path) -> None:
        """Enrol a holder, a user, and let a third file what both sign."""
        keys = [LocalSigner(secrets.token_bytes(32)) for _ in range(3)]
        senders = {
            key.address: Sender(using.rpc, key, using.sender.journal, lock_dir=locks)
            for key in keys
        }
        for address in senders:
            using.rpc.call("anvil_setBalance", address.hex, hex(_FUNDS))
        self._ledger = ChainLedger(using.rpc, using.deployment, senders=senders.__getitem__)
        self.third = keys[2].address
        self.holder, self.user = (Side(key=key, party=self._enrol(key)) for key in keys[:2])

    def measure(self, sizes: Sequence[int]) -> dict[str, float]:
        """Return the gas of each task, and for each of a batch of each size."""
        products = [self._registered(self._do(registration()))[0] for _ in range(_PRESENT)]
        for product in products:
            self._do(Issue(clauses=self.clauses(product)))
            self._do(Anchor(root=word(), leaves=MOST_LEAVES))
        clauses = self.clauses(products[0])
        listed = replace(registration(), series=products[0], locator=locator())
        anchored = Anchor(root=word(), leaves=MOST_LEAVES)
        costs: dict[str, float] = {
            "register": self._do(registration()).gas_used,
            "listed": self._do(listed).gas_used,
            "anchor": self._do(anchored).gas_used,
            "grant": self._do(Issue(clauses=clauses)).gas_used,
            "revoke": self._do(
                Revoke(grant=clauses.digest(self._domain), reason=Reason.BREACH)
            ).gas_used,
            "agree": self._do(self._agreement(products[1]), self.third).gas_used,
        }
        for size in sizes:
            costs |= {f"{task}_{size}": used / size for task, used in self._many(size)}
        return costs

    def clauses(self, product: ProductId) -> Clauses:
        """Return what is granted of a product: the parts that every grant has."""
        said = GrantFields.since(self._ledger.moment().time)
        return Clauses(
            product=product,
            version=1,
            grantor=self.holder.party,
            grantee=self.user.party,
            actions=Action.QUERY | Action.ANALYSE | Action.DISPLAY,
            purposes=said.purposes,
            window=said.window,
            quota=said.quota,
            salt=int.from_bytes(word()[:8]),
        )

    def _many(self, size: int) -> list[tuple[str, int]]:
        """Return the gas of each task for so many items in one transaction."""
        items = tuple(registration() for _ in range(size))
        registered = self._do(RegisterBatch(items=items))
        clauses = tuple(map(self.clauses, self._registered(registered)))
        granted = self._do(IssueBatch(items=clauses))
        ids = tuple(one.digest(self._domain) for one in clauses)
        revoked = self._do(RevokeBatch(grants=ids, reason=Reason.BREACH))
        if not len(clauses) == len(granted.events) == len(revoked.events) == size:
            raise AssertionError("items of a batch are missing")
        landed = {"register": registered, "grant": granted, "revoke": revoked}
        return [(task, receipt.gas_used) for task, receipt in landed.items()]

    def _agreement(self, product: ProductId) -> Agree:
        clauses = self.clauses(product)
        lapse = clauses.window.until or 0
        offer = replace(clauses, form=Form.TWO_SIDED, offer_until=lapse)
        terms = Terms(clauses=offer)
        grantor, grantee = (
            Approval(signer=key.address, signature=sign_typed(key, terms, self._domain))
            for key in (self.holder.key, self.user.key)
        )
        return Agree(clauses=offer, grantor=grantor, grantee=grantee)

    def _enrol(self, key: LocalSigner) -> PartyId:
        receipt = self._do(Enrol(identity_hash=word()), key.address)
        return next(e.party for e in receipt.events if isinstance(e, PartyEnrolled))

    def _registered(self, receipt: Receipt) -> list[ProductId]:
        return [e.product for e in receipt.events if isinstance(e, ProductRegistered)]

    def _do(self, operation: Operation, by: Address | None = None) -> Receipt:
        return self._ledger.submit(operation, account=by or self.holder.key.address)

    @property
    def _domain(self) -> SigningDomain:
        made = self._ledger.deployment
        return SigningDomain(chain_id=made.chain_id, verifying_contract=made.grants)
