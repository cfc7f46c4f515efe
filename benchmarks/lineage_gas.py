"""Measure what deriving costs in gas, by the number of sources; part of `benchmarks.gas`."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from registry.chain.bindings import Lineage
from registry.chain.calls import Call
from registry.chain.registrations import registration
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import ProductRegistered
from registry.domain.operations import Issue, Register
from registry.domain.vocabulary import Action, Activity, Purpose, QuotaUnit, Right, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.grant_gas import Side
    from registry.chain.ledger import ChainLedger
    from registry.chain.sender import Sender
    from registry.domain.ids import Address, ProductId

FEW: Final = 4
YEAR: Final = 365 * 86_400

Basis = tuple[bytes, int, tuple[bytes, ...], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageBench:
    """Derive products of the holder's own, and under grants that it gives another."""

    ledger: ChainLedger
    senders: Callable[[Address], Sender]
    holder: Side
    user: Side

    def measure(self) -> dict[str, int | float]:
        """Return the gas of one source, own or granted, and of each further one."""
        own = self._derive(self.holder, [self._own()])
        more = self._derive(self.holder, [self._own() for _ in range(FEW)])
        granted = self._derive(self.user, [self._granted()])
        most = self._derive(self.user, [self._granted() for _ in range(FEW)])
        return {
            "derive_own": own,
            "derive_own_each_source_more": (more - own) / (FEW - 1),
            "derive_granted": granted,
            "derive_granted_each_source_more": (most - granted) / (FEW - 1),
        }

    def _derive(self, side: Side, sources: Sequence[Basis]) -> int:
        lineage = self.ledger.deployment.lineage
        how = (int(Activity.AGGREGATION), int(Purpose.INSURANCE), secrets.token_bytes(32), ())
        item = registration(_registration(Source.DERIVED))
        call = Call(to=lineage, data=Lineage.register.call(item, (*how, tuple(sorted(sources)))))
        return self.senders(side.key.address).send(call).gas_used

    def _own(self) -> Basis:
        return self._registered().raw, 1, (), b""

    def _granted(self) -> Basis:
        product, now = self._registered(), self.ledger.moment().time
        clauses = Clauses(
            product=product,
            grantor=self.holder.party,
            grantee=self.user.party,
            rights=Right.USE,
            actions=Action.QUERY | Action.DERIVE,
            purposes=Purpose.INSURANCE | Purpose.RISK_CONTROL,
            window=Window(start=now, until=now + YEAR),
            quota=Quota(unit=QuotaUnit.CALL, total=10_000),
            salt=int.from_bytes(secrets.token_bytes(8)),
        )
        self.ledger.submit(Issue(clauses=clauses), account=self.holder.key.address)
        return product.raw, 1, (), clauses.pack()

    def _registered(self) -> ProductId:
        receipt = self.ledger.submit(
            _registration(Source.UNSPECIFIED), account=self.holder.key.address
        )
        return next(e.product for e in receipt.events if isinstance(e, ProductRegistered))


def _registration(source: Source) -> Register:
    return Register(
        content_root=secrets.token_bytes(32),
        metadata_hash=secrets.token_bytes(32),
        salt=int.from_bytes(secrets.token_bytes(8)),
        source=source,
    )
