"""Measure what each operation costs in gas, on an anvil started for it.

    python -m benchmarks.gas

prints one JSON object: operation to `gasUsed` of its receipt, a transaction of its own; for a batch
of a hundred (`register_100` …) the gas of each item. Ten products and grants are there before the
first measurement, parties are enrolled, and all hashes and salts are random, so that no word is
cheaper than in use. Gas is exact: a figure differs from run to run only by the zero bytes among
the random ones.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.anchor_gas import AnchorBench
from benchmarks.grant_gas import GrantBench, Side
from benchmarks.lineage_gas import LineageBench
from registry.chain.devchain import DevChain
from registry.chain.genesis import deploy
from registry.chain.ledger import ChainLedger
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.calendar import day_of, start_of
from registry.domain.case_events import CaseFiled
from registry.domain.case_operations import Apply, Certify, EnterCase, Proceed
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import PartyEnrolled, ProductRegistered
from registry.domain.flow_table import Act
from registry.domain.ids import Address
from registry.domain.operations import (
    Enrol,
    Issue,
    IssueBatch,
    Operation,
    Register,
    RegisterBatch,
    Resume,
    Retire,
    Revoke,
    RevokeBatch,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.party import Enrolment
from registry.domain.product import Profile
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Obligation,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.chain.rpc import Rpc
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.ledger import Receipt

BATCH = 100
PRESENT = 10
YEAR = 365 * 86_400
FUNDS = 10**20
# Longer than five working days, and short enough for the calendar known.
PUBLICITY = 14 * 86_400


class Bench:
    """Carry out operations on a fresh deployment and keep what they cost."""

    def __init__(
        self,
        rpc: Rpc,
        ledger: ChainLedger,
        senders: Callable[[Address], Sender],
        founder: Address,
        holder: LocalSigner,
        buyer: LocalSigner,
    ) -> None:
        self._rpc = rpc
        self._ledger = ledger
        self._senders = senders
        self._founder = founder
        self._holder = holder.address
        self.gas: dict[str, int | float] = {}
        self._holder_party, _ = self._enrol(holder.address)
        self._buyer_party, self.gas["enrol"] = self._enrol(buyer.address)
        self._sides = (
            Side(key=holder, party=self._holder_party),
            Side(key=buyer, party=self._buyer_party),
        )

    def measure(self, batch: int = BATCH) -> dict[str, int | float]:
        """Return the gas of each operation; a batch is measured with `batch` items."""
        products = [self._registered(self._submit(self._registration())) for _ in range(PRESENT)]
        grants = [self._issued(product) for product in products]
        self._single("register", self._registration())
        self._products(products[0])
        self._grants(products[1], grants[1])
        under = GrantBench(
            ledger=self._ledger, sides=self._sides, third=self._founder, product=products[2]
        )
        self.gas |= under.measure(batch)
        holder, user = self._sides
        derived = LineageBench(ledger=self._ledger, senders=self._senders, holder=holder, user=user)
        self.gas |= derived.measure()
        anchored = AnchorBench(ledger=self._ledger, holder=holder, series=products[3])
        self.gas |= anchored.measure()
        self._claims(batch)
        self._batches(batch)
        suspended = Suspend(
            party=self._buyer_party, reason=Reason.RISK, evidence=secrets.token_bytes(12)
        )
        self._single("suspend", suspended, by=self._founder)
        self._single("resume", Resume(party=self._buyer_party, index=0), by=self._founder)
        # The first of a month opens a counter of codes; the second is what a registration costs.
        self._case()
        self._case()
        return dict(sorted(self.gas.items()))

    def _case(self) -> None:
        """Carry one registration under PROPERTY from submission to its certificate."""
        application = Apply(
            registration=self._registration(),
            profile=Profile.PROPERTY,
            registrar=1,
            evidence=_word(),
        )
        filed = self._submit(application)
        product = next(e.product for e in filed.events if isinstance(e, CaseFiled))
        costs = {"case_submit": filed.gas_used}
        for name, act in (("case_accept", Act.ACCEPT), ("case_publicise", Act.PUBLICISE)):
            step = Proceed(product=product, index=0, act=act)
            costs[name] = self._submit(step, by=self._founder).gas_used
        self._later(PUBLICITY)
        until = start_of(day_of(self._ledger.moment().time) + 365)
        entry = EnterCase(product=product, index=0, evidence=_word(), valid_until=until)
        costs["case_register"] = self._submit(entry, by=self._founder).gas_used
        self.gas["property_registration"] = sum(costs.values())
        certificate = Certify(product=product, digest=_word())
        costs["case_certify"] = self._submit(certificate, by=self._founder).gas_used
        self.gas |= costs

    def _later(self, seconds: int) -> None:
        """Let time pass on the chain, which nothing but a dev chain does on request."""
        self._rpc.call("evm_increaseTime", seconds)
        self._rpc.call("evm_mine")

    def _products(self, product: ProductId) -> None:
        self._single(
            "update",
            Update(product=product, latest=1, content_root=_word(), metadata_hash=_word()),
        )
        self._single("transfer", Transfer(product=product, to=self._buyer_party, rights=Right.USE))
        self._single("retire", Retire(product=product))

    def _grants(self, product: ProductId, grant: GrantId) -> None:
        self._single("grant", Issue(clauses=self._clauses(product)))
        self._single("revoke", Revoke(grant=grant, reason=Reason.BREACH))

    def _claims(self, batch: int) -> None:
        root = _word()
        costs = [self._submit(self._registration(root)).gas_used for _ in range(batch)]
        self.gas["claim_2nd"] = costs[1]
        self.gas["claim_last"] = costs[-1]

    def _batches(self, batch: int) -> None:
        items = tuple(self._registration() for _ in range(batch))
        registered = self._batch("register", RegisterBatch(items=items), batch)
        made = [
            event.product for event in registered.events if isinstance(event, ProductRegistered)
        ]
        clauses = tuple(self._clauses(product) for product in made)
        self._batch("grant", IssueBatch(items=clauses), batch)
        ids = tuple(self._id(one) for one in clauses)
        self._batch("revoke", RevokeBatch(grants=ids, reason=Reason.BREACH), batch)

    def _batch(self, name: str, operation: Operation, items: int) -> Receipt:
        receipt = self._submit(operation)
        self.gas[f"{name}_{items}"] = round(receipt.gas_used / items, 2)
        return receipt

    def _single(self, name: str, operation: Operation, *, by: Address | None = None) -> None:
        self.gas[name] = self._submit(operation, by=by).gas_used

    def _submit(self, operation: Operation, *, by: Address | None = None) -> Receipt:
        return self._ledger.submit(operation, account=by or self._holder)

    def _enrol(self, account: Address) -> tuple[PartyId, int]:
        receipt = self._submit(Enrol(identity_hash=_word()), by=account)
        party = next(e.party for e in receipt.events if isinstance(e, PartyEnrolled))
        return party, receipt.gas_used

    def _registered(self, receipt: Receipt) -> ProductId:
        return next(e.product for e in receipt.events if isinstance(e, ProductRegistered))

    def _issued(self, product: ProductId) -> GrantId:
        clauses = self._clauses(product)
        self._submit(Issue(clauses=clauses))
        return self._id(clauses)

    def _id(self, clauses: Clauses) -> GrantId:
        deployment = self._ledger.deployment
        domain = SigningDomain(chain_id=deployment.chain_id, verifying_contract=deployment.grants)
        return clauses.digest(domain)

    @staticmethod
    def _registration(root: bytes | None = None) -> Register:
        return Register(
            content_root=root or _word(),
            metadata_hash=_word(),
            salt=int.from_bytes(_word()[:8]),
        )

    def _clauses(self, product: ProductId) -> Clauses:
        """Return a grant such as people agree on: the fixed part in full, text and territory."""
        now = self._ledger.moment().time
        return Clauses(
            template=Template.PROVISION,
            product=product,
            version=1,
            grantor=self._holder_party,
            grantee=self._buyer_party,
            rights=Right.USE,
            actions=Action.QUERY | Action.ANALYSE | Action.DISPLAY,
            purposes=Purpose.INSURANCE | Purpose.RISK_CONTROL,
            obligations=Obligation.ATTRIBUTE | Obligation.REPORT_USE,
            window=Window(start=now, until=now + YEAR),
            quota=Quota(unit=QuotaUnit.CALL, total=10_000),
            acceptance_days=15,
            derived_rights=DerivedRights.GRANTEE,
            notice_days=0,
            text=_word(),
            territory=(156_410_000,),
            salt=int.from_bytes(_word()[:8]),
        )


@contextmanager
def bench(home: Path) -> Iterator[Bench]:
    """Start a chain of its own under `home`, deploy to it, and stop it again."""
    chain = DevChain(home)
    chain.up()
    try:
        with chain.rpc() as rpc, closing(chain.journal()) as journal:
            signers = [LocalSigner(_word()) for _ in range(3)]
            senders = {
                signer.address: Sender(rpc, signer, journal, lock_dir=home / "locks")
                for signer in signers
            }
            founder = signers[0].address
            for address in senders:
                chain.fund(address, FUNDS)
            deployment = deploy(senders[founder], policy=Enrolment.OPEN)
            ledger = ChainLedger(rpc, deployment, senders=senders.__getitem__)
            yield Bench(rpc, ledger, senders.__getitem__, founder, signers[1], signers[2])
    finally:
        chain.down(force=True)


def measure(batch: int = BATCH) -> dict[str, int | float]:
    """Return the gas of each operation, in batches of `batch`, on a chain of its own."""
    with tempfile.TemporaryDirectory(prefix="dengji-gas-") as home, bench(Path(home)) as using:
        return using.measure(batch)


def _word() -> bytes:
    return secrets.token_bytes(32)


def main() -> None:
    """Print the gas of each operation as one JSON object."""
    json.dump(measure(), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
