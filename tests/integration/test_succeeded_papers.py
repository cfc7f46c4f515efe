"""What was certified, granted and used before a deployment was succeeded, asked afterwards."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from cli.proof import _asked
from registry.archive import Archive
from registry.chain.genesis import deploy
from registry.chain.proofs import ChainProofs
from registry.chain.signatures import KeySeal
from registry.chain.signer import LocalSigner
from registry.chain.succession import SuccessiveLedger
from registry.client import Dengji
from registry.documents.certificate_paper import read_paper
from registry.domain.certificate_check import Outcome
from registry.domain.clauses import Quota
from registry.domain.exports.credentials import of_certificate
from registry.domain.exports.status import Status
from registry.domain.party import Enrolment
from registry.domain.proof import OfGrant
from registry.domain.proof_check import check
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Environment, Purpose, QuotaUnit
from registry.enforcement import Guard
from registry.enforcement.ledger_book import LedgerBook
from registry.reverts import GrantUnknown
from registry.services.proofs import Proofs
from tests.conftest import KEYS
from tests.integration.test_certificates import office

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import World

pytestmark = [pytest.mark.anvil]


def succeeded(world: World) -> SuccessiveLedger:
    """Put a new deployment in the place of the world's, with another founder; return both."""
    newest = deploy(
        world.senders[world.accounts[3]],
        policy=Enrolment.OPEN,
        predecessor=world.deployment.directory,
        label="newest",
    )
    return SuccessiveLedger(
        world.rpc, newest, found=lambda _: world.deployment, senders=world.senders.__getitem__
    )


def test_a_certificate_from_before_is_valid(world: World, tmp_path: Path) -> None:
    """It names the contracts that it was recorded in, which stay the record's."""
    at_work = office(world, tmp_path / "home")
    first, second = at_work.issue(), at_work.issue("华南登记")
    after = Dengji(succeeded(world))
    outcomes = [
        after.certificates.verify(read_paper(one.canonical())).finding.outcome
        for one in (first, second)
    ]
    assert outcomes == [Outcome.SUPERSEDED, Outcome.VALID]


def test_credentials_and_proofs_from_before_hold(world: World, tmp_path: Path) -> None:
    """They name the deployment that their subject stands in, before and afterwards."""
    at_work = office(world, tmp_path / "home")
    registrar = at_work.registrar
    grant = Dengji(world.ledger, world.accounts[1]).grants.issue(
        product=at_work.product,
        to=at_work.buyer,
        actions=Action.QUERY,
        purposes=Purpose.RESEARCH,
    )
    ledger = succeeded(world)
    exports = Dengji(ledger).exports
    before = (
        registrar.exports.product(at_work.product, "vc"),
        registrar.exports.grant(grant.id),
        of_certificate(at_work.issue()),
    )
    for one in before:
        assert exports.verify(json.dumps(one).encode()).status is Status.IN_FORCE
    after = (exports.product(at_work.product, "vc"), exports.grant(grant.id))
    for one in after:
        assert registrar.exports.verify(json.dumps(one).encode()).status is Status.IN_FORCE
    proofs = Proofs(registrar._actor, lambda found: ChainProofs(world.rpc, found))
    proved = proofs.create(OfGrant(grant=grant.id))
    file = tmp_path / "grant.proof.json"
    file.write_bytes(proved.raw)
    later = Proofs(Dengji(ledger)._actor, lambda found: ChainProofs(world.rpc, found))
    session = SimpleNamespace(reading=lambda: SimpleNamespace(proofs=later, ledger=ledger))
    trusted, directory = _asked(session, proved.raw)  # type: ignore[arg-type]
    shown = check(proved.raw, block_hash=trusted, directory=directory)
    assert shown.directory == world.deployment.directory != ledger.deployment.directory


def test_a_period_from_before_is_counted(world: World, tmp_path: Path) -> None:
    """What is left of it and what was settled is what the grant's own deployment keeps."""
    keys = {one.address: one for one in (LocalSigner(bytes.fromhex(key)) for key in KEYS)}
    seal = KeySeal(keys.__getitem__)
    provider = Dengji(world.ledger, world.accounts[0], archive=Archive(tmp_path / "a"), seal=seal)
    buyer = Dengji(world.ledger, world.accounts[1], archive=Archive(tmp_path / "b"), seal=seal)
    buyer.parties.enrol()
    rows = tmp_path / "rows.csv"
    rows.write_text("1\n")
    product = provider.products.register(rows).product.id
    user = buyer.parties.mine().id
    grant = provider.grants.issue(
        product=product,
        to=user,
        actions=Action.QUERY,
        purposes=Purpose.RESEARCH,
        quota=Quota(unit=QuotaUnit.CALL, total=10, per_period=2, period=86_400),
    )
    guard = Guard(
        LedgerBook(provider, environment=Environment.API),
        provider.usages.receipts,
        product,
        Action.QUERY,
    )
    used: dict[str, Any] = {"action": Action.QUERY, "purpose": Purpose.RESEARCH}
    buyer.usages.take(guard.admit(buyer.usages.sign(grant, **used, amount=2), 2))
    list(provider.usages.settle())
    ledger = succeeded(world)
    after = Dengji(ledger)
    found = after.questions.explain(product, user, Action.QUERY, Purpose.RESEARCH)
    assert found.verdict is Verdict.PERIOD_EXCEEDED
    assert after.usages.settled(grant.id).cumulative == 2


def test_a_grant_from_before_is_not_served(world: World, tmp_path: Path) -> None:
    """Its receipts would be settled at the newest meter, which does not know it."""
    keys = {one.address: one for one in (LocalSigner(bytes.fromhex(key)) for key in KEYS)}
    seal = KeySeal(keys.__getitem__)
    provider = Dengji(world.ledger, world.accounts[0])
    buyer = Dengji(world.ledger, world.accounts[1]).parties.enrol().party.id
    rows = tmp_path / "rows.csv"
    rows.write_text("1\n")
    product = provider.products.register(rows).product.id
    used: dict[str, Any] = {"action": Action.QUERY, "purpose": Purpose.RESEARCH}
    grant = provider.grants.issue(
        product=product, to=buyer, actions=Action.QUERY, purposes=Purpose.RESEARCH
    )
    ledger = succeeded(world)
    here, there = (
        Dengji(ledger, account, archive=Archive(tmp_path / account.hex), seal=seal)
        for account in world.accounts[:2]
    )
    book = LedgerBook(here, environment=Environment.API)
    guard = Guard(book, here.usages.receipts, product, Action.QUERY)
    with pytest.raises(GrantUnknown):
        guard.admit(there.usages.sign(grant, **used))
