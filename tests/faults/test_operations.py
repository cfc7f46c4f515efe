"""Every kind of write under the faults of a network, each in a state in which it is valid.

Random sequences come by such states: before an operation is carried out for the first time, it is
tried under its faults, each time from that state, and counted on the chain and in the journal.
"""

from __future__ import annotations

import contextlib
from random import Random
from typing import TYPE_CHECKING

import pytest

from registry.chain.journal import Journal
from registry.chain.signer import LocalSigner
from registry.domain.case_operations import Certify, EndRegistration
from registry.domain.flow_table import Act
from registry.domain.operations import Enrol, Operation, Register
from registry.domain.party import Enrolment
from registry.domain.product import Profile
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import Reason, Right
from registry.errors import RegistryError
from registry.testing import START, MemoryLedger
from tests.case_trial import START as OPENING
from tests.case_trial import Trial as Life
from tests.case_trial import seat_court
from tests.case_world import EVIDENCE, CaseWorld, at, case_world
from tests.conftest import KEYS
from tests.faults.cases import AGREED, DERIVED, FILED, OPERATIONS, ORDINARY, chosen, expected
from tests.faults.control import Proxy, proxy
from tests.faults.sites import site_of
from tests.faults.trial import DONE, Site, Trial
from tests.integration.sending import stilled
from tests.parity import test_memory_agreements as agreements
from tests.parity import test_memory_lineage as lineage
from tests.parity.test_memory_ledger import SIGNERS, deployed, paired
from tests.sequences import DAY, ROOTS, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from registry.chain.rpc import Rpc
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment, Ledger, Receipt

pytestmark = [pytest.mark.anvil, pytest.mark.slow]
STEPS = 400


class Harvest:
    """Try each wanted kind of operation once, as soon as one is valid."""

    def __init__(self, site: Site, wanted: Sequence[str]) -> None:
        self._site = site
        self.wanted = list(wanted)

    def meet(self, operation: Operation, account: Address) -> None:
        """Try an operation that is about to be carried out, where its kind is still wanted."""
        name = type(operation).__name__
        if name not in self.wanted:
            return
        trial = Trial(self._site, operation, account)
        if trial.plainly != DONE:
            return
        self.wanted.remove(name)
        for fault in chosen(OPERATIONS.index(name)):
            assert trial.under(fault).code == expected(fault), (name, fault)


@pytest.fixture
def node() -> Iterator[Rpc]:
    """Run a chain of its own, whose clock moves only as the test moves it."""
    with stilled(START, SIGNERS) as rpc:
        yield rpc


@pytest.fixture
def between(node: Rpc) -> Iterator[Proxy]:
    """Stand a proxy before the chain."""
    with proxy(node.url) as made:
        yield made


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Open a journal for what is carried out without faults."""
    with Journal(tmp_path / "journal.sqlite3") as opened:
        yield opened


def clocked(site: Site, time: int) -> None:
    """Have every trial from here on take place at a time."""
    site.began = lambda: site.rpc.call("evm_setNextBlockTimestamp", time)
    site.began()


def test_what_parties_do_by_themselves(
    node: Rpc, journal: Journal, between: Proxy, tmp_path: Path
) -> None:
    """Parties, keys, products, grants and anchors."""
    pair = paired(node, journal, Random(39))
    site = site_of(node, pair.chain.deployment, between, tmp_path / "tried")
    harvest = Harvest(site, ORDINARY)
    for _ in range(STEPS):
        if not harvest.wanted:
            break
        step = pair.author.step()
        clocked(site, pair.memory.advance(step.jump))
        harvest.meet(step.operation, step.account)
        site.began()
        real, made = pair.play(step)
        assert made == real
    assert harvest.wanted == []


def played(real: Ledger, memory: MemoryLedger, step: Step) -> Receipt | None:
    """Carry out a step on both, and return the receipt of the ledger in memory."""
    with contextlib.suppress(RegistryError):
        real.submit(step.operation, account=step.account)
        return memory.submit(step.operation, account=step.account)
    with contextlib.suppress(RegistryError):
        memory.submit(step.operation, account=step.account)
        raise AssertionError("refused by the chain alone")
    return None


def twin_of(real: Ledger, deployment: Deployment) -> MemoryLedger:
    """Return a ledger in memory that stands where the chain does."""
    founder = real.party_of(SIGNERS[0].address)
    assert founder is not None
    known = real.party(founder)
    assert known is not None
    return MemoryLedger(
        founder=SIGNERS[0].address,
        deployment=deployment,
        block=real.moment().block,
        time=known.since,
        seal=agreements.SEAL,
    )


def beginnings(parties: int, products: int) -> list[Step]:
    """Return what makes some parties, and a product of each of the first."""
    enrolled = [
        Step(operation=Enrol(identity_hash=bytes(32)), account=one.address, jump=1)
        for one in SIGNERS[1:parties]
    ]
    return enrolled + [
        Step(
            operation=Register(content_root=ROOTS[n], metadata_hash=ROOTS[n], rights=Right.ALL),
            account=SIGNERS[n].address,
            jump=1,
        )
        for n in range(products)
    ]


@pytest.mark.parametrize("what", ["agreements", "lineage"])
def test_what_is_agreed_and_derived(
    node: Rpc, journal: Journal, between: Proxy, tmp_path: Path, what: str
) -> None:
    """Agreements, sub-grants, uses and settlements; derived data and its declarations."""
    real, deployment = deployed(node, journal, Enrolment.OPEN)
    memory = twin_of(real, deployment)
    site = site_of(node, deployment, between, tmp_path / "tried")
    domain = SigningDomain(chain_id=real.chain_id, verifying_contract=deployment.grants)
    writer: agreements.Writer | lineage.Writer
    if what == "agreements":
        writer = agreements.Writer(rng=Random(0), ledger=memory, domain=domain)
    else:
        writer = lineage.Writer(rng=Random(1), ledger=memory)
    harvest = Harvest(site, AGREED if what == "agreements" else DERIVED)
    steps = beginnings(5, 3)
    for number in range(STEPS):
        if not harvest.wanted:
            break
        if number == len(steps):
            _introduce(writer, memory)
        step = steps[number] if number < len(steps) else writer.step()
        clocked(site, memory.advance(step.jump))
        if number >= len(steps):
            harvest.meet(step.operation, step.account)
        site.began()
        receipt = played(real, memory, step)
        if receipt is not None:
            writer.learn(receipt.events)
    assert harvest.wanted == []


def _introduce(writer: agreements.Writer | lineage.Writer, memory: MemoryLedger) -> None:
    """Tell a writer of the parties that there are."""
    known = {
        party: one.address
        for one in SIGNERS[:5]
        if (party := memory.party_of(one.address)) is not None
    }
    if isinstance(writer, lineage.Writer):
        writer.accounts = known
    else:
        writer.keys, writer.parties = known, list(known)


def test_what_is_filed_and_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offices, cases, objections, awards and certificates."""
    with case_world(tmp_path, at(OPENING) - 10 * DAY) as world, proxy(world.rpc.url) as between:
        keys = [LocalSigner(bytes.fromhex(key)) for key in KEYS]
        site = site_of(
            world.rpc, world.ledger.deployment, between, tmp_path / "tried", signers=keys
        )
        harvest = Harvest(site, FILED)
        submit, next_at = world.ledger.submit, CaseWorld.next_at
        due = [0]

        def submitted(operation: Operation, *, account: Address) -> Receipt:
            clocked(site, max(due[0], world.now() + 1))
            harvest.meet(operation, account)
            site.began()
            return submit(operation, account=account)

        def noted(made: CaseWorld, time: int) -> None:
            due[0] = time
            next_at(made, time)

        monkeypatch.setattr(world.ledger, "submit", submitted)
        monkeypatch.setattr(CaseWorld, "next_at", noted)
        seat_court(world)
        life = Life(world, Profile.PROPERTY, 6, Random(106))
        for _ in range(STEPS):
            if not harvest.wanted or not _lived(life):
                break
            known = world.ledger.product(life.product)
            if known is not None and known.in_force:
                clocked(site, world.now() + 1)
                _closing(harvest, life)
        assert harvest.wanted == []


def _lived(life: Life) -> Act | bool | None:
    """Have something happen to a product, in time; nothing where its life is over."""
    if life.random.random() < 0.25:
        life.aside()
    life.jump()
    return life.step() or life.resume()


def _closing(harvest: Harvest, life: Life) -> None:
    """Try what can be done with a product in force, and is not done: its life goes on."""
    registrar, *others = life.world.accounts
    harvest.meet(Certify(product=life.product, digest=b"\x0c" * 32), registrar)
    for act in (Act.REVOKE, Act.CANCEL):
        ended = EndRegistration(
            product=life.product, act=act, reason=Reason.BREACH, evidence=EVIDENCE
        )
        for account in (registrar, *others):
            harvest.meet(ended, account)
