"""Every word that the contracts hold, rebuilt from their events alone, after rich histories."""

from __future__ import annotations

from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain import bindings
from registry.chain.authority import announcement
from registry.chain.calls import Call
from registry.chain.history import CONTRACTS, History
from registry.chain.journal import Journal
from registry.client import Dengji
from registry.domain.calendar import day_of
from registry.domain.case_operations import ExecuteAward
from registry.domain.operations import Annotate, Enrol, Register, Release
from registry.domain.party import Enrolment, Role
from registry.domain.product import Profile
from registry.domain.replay import HANDLERS, constants, replay
from registry.domain.replayed import Book, ShelfInMemory
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import AnnotationKind, Reason, Right
from registry.testing import START, MemoryLedger
from tests.case_trial import Trial
from tests.case_world import at, case_world
from tests.integration.sending import stilled
from tests.integration.test_certificates import DELAY, EVIDENCE, office
from tests.parity.test_memory_agreements import PARTIES, SEAL, Writer
from tests.parity.test_memory_agreements import outcome as signed_outcome
from tests.parity.test_memory_ledger import SIGNERS, deployed, outcome, paired
from tests.parity.test_memory_lineage import Writer as DerivationWriter
from tests.parity.test_memory_lineage import outcome as derived_outcome
from tests.sequences import ROOTS, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.chain.rpc import Rpc
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment
    from tests.case_world import CaseWorld
    from tests.conftest import World

pytestmark = [pytest.mark.anvil]

STEPS = 60
SEIZED: dict[str, Any] = {"reason": Reason.AUTHORITY, "evidence": EVIDENCE}
# A standard event of OpenZeppelin's that nothing emits, and those of grants come from one contract.
UNTOLD = {"EIP712DomainChanged"}


@pytest.fixture
def node() -> Iterator[Rpc]:
    """Run a chain of its own, whose clock moves only as the test moves it."""
    with stilled(START, SIGNERS) as rpc:
        yield rpc


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Open a journal for the senders of a sequence."""
    opened = Journal(tmp_path / "journal.sqlite3")
    yield opened
    opened.close()


def told_of(rpc: Rpc, deployment: Deployment) -> set[tuple[str, str]]:
    """Replay all events, hold every word against storage, and return the kinds of words."""
    history, shelf = History(rpc, deployment), ShelfInMemory()
    book, head = Book(shelf), history.moment(None).block
    for variable in constants():
        book.put(variable)
    for stretch in history.history(deployment.block, head):
        for told in stretch.told:
            assert told.event is not None, told
            assert replay(book, told.contract, told.event), told.event
    asked = list(shelf.words)
    stored = history.words(asked, head)
    for (contract, place), word in zip(asked, stored, strict=True):
        expected, name, keys = shelf.words[contract, place]
        assert word.hex() == expected.hex(), (contract, name, keys.hex())
    return {(contract, shelf.words[contract, place][1]) for contract, place in asked}


def registered(node: Rpc, journal: Journal, seed: int) -> Deployment:
    """Return the deployment after a random sequence of all operations, keys included."""
    pair = paired(node, journal, Random(seed))
    for _ in range(STEPS):
        step = pair.author.step()
        pair.set_clock(step.jump)
        outcome(pair.chain, step)
        outcome(pair.memory, step, pair.author)
    return pair.chain.deployment


@pytest.mark.parametrize("seed", range(3))
def test_products_grants_and_keys(seed: int, node: Rpc, journal: Journal) -> None:
    """After a random sequence of all operations, keys included, each word told is in storage."""
    kinds = told_of(node, registered(node, journal, seed))
    assert ("GrantRegistry", "grants") in kinds


def agreed(node: Rpc, journal: Journal) -> Deployment:
    """Return the deployment after a random sequence of agreements, sub-grants and receipts."""
    real, _ = deployed(node, journal, Enrolment.OPEN)
    founder = real.party_of(SIGNERS[0].address)
    assert founder is not None
    known = real.party(founder)
    assert known is not None
    memory = MemoryLedger(
        founder=SIGNERS[0].address,
        deployment=real.deployment,
        block=real.moment().block,
        time=known.since,
        seal=SEAL,
    )
    domain = SigningDomain(chain_id=real.chain_id, verifying_contract=real.deployment.grants)
    writer = Writer(rng=Random(0), ledger=memory, domain=domain)
    steps = [
        Step(operation=Enrol(identity_hash=bytes(32)), account=one.address, jump=1)
        for one in SIGNERS[1:PARTIES]
    ]
    for number in range(3):
        root = ROOTS[number]
        register = Register(content_root=root, metadata_hash=root)
        steps.append(Step(operation=register, account=SIGNERS[number].address, jump=1))
    for number in range(len(steps) + 3 * STEPS):
        if number == len(steps):
            writer.keys = {
                party: one.address
                for one in SIGNERS[:PARTIES]
                if (party := memory.party_of(one.address)) is not None
            }
            writer.parties = list(writer.keys)
        step = steps[number] if number < len(steps) else writer.step()
        node.call("evm_setNextBlockTimestamp", memory.advance(step.jump))
        assert signed_outcome(real, step) == signed_outcome(memory, step, writer)
    return real.deployment


def test_agreements_and_uses(node: Rpc, journal: Journal) -> None:
    """After a random sequence of agreements, sub-grants and receipts it is the same."""
    kinds = told_of(node, agreed(node, journal))
    assert {("UsageMeter", "settled"), ("GrantRegistry", "suspensions")} <= kinds


def fused(node: Rpc, journal: Journal) -> Deployment:
    """Return the deployment after a random sequence of what is derived and declared."""
    real, _ = deployed(node, journal, Enrolment.OPEN)
    founder = real.party_of(SIGNERS[0].address)
    assert founder is not None
    known = real.party(founder)
    assert known is not None
    memory = MemoryLedger(
        founder=SIGNERS[0].address,
        deployment=real.deployment,
        block=real.moment().block,
        time=known.since,
        seal=SEAL,
    )
    writer = DerivationWriter(rng=Random(1), ledger=memory)
    steps: list[Step] = []
    for number, rights in enumerate((Right.ALL, Right.ALL, Right.HOLD | Right.OPERATE)):
        account, root = SIGNERS[number].address, ROOTS[number]
        if number:
            steps.append(Step(operation=Enrol(identity_hash=root), account=account, jump=1))
        register = Register(content_root=root, metadata_hash=root, rights=rights)
        steps.append(Step(operation=register, account=account, jump=1))
    for number in range(len(steps) + 2 * STEPS):
        if number == len(steps):
            parties = {memory.party_of(one.address): one.address for one in SIGNERS[:3]}
            writer.accounts = {party: at for party, at in parties.items() if party is not None}
        step = steps[number] if number < len(steps) else writer.step()
        node.call("evm_setNextBlockTimestamp", memory.advance(step.jump - 1))
        assert derived_outcome(real, step) == derived_outcome(memory, step, writer)
    heads = [real.product(product) for product in (*writer.products, *writer.applied)]
    assert any(one is not None and one.purposes for one in heads)
    return real.deployment


def test_derivations(node: Rpc, journal: Journal) -> None:
    """After a random sequence of derived registrations, versions, declarations it is the same."""
    kinds = told_of(node, fused(node, journal))
    assert ("Lineage", "derivations") in kinds


@contextmanager
def tried(profile: Profile, folder: Path) -> Iterator[CaseWorld]:
    """Yield a chain after the random lives of a few products under a registrar."""
    with case_world(folder, at("2026-03-30T10:00:00")) as world:
        for number in range(3):
            trial = Trial(world, profile, number, Random(number))
            for _ in range(10):
                trial.jump()
                if not trial.predicted(world.now() + 1):
                    break
                trial.step()
        yield world


@pytest.mark.parametrize("profile", [Profile.PROPERTY, Profile.PUBLIC])
def test_cases_and_certificates(profile: Profile, tmp_path: Path) -> None:
    """After the random lives of a few products under a registrar it is the same."""
    with tried(profile, tmp_path) as world:
        kinds = told_of(world.rpc, world.ledger.deployment)
        assert {("RegistrationDesk", "cases"), ("WorkCalendar", "exceptions")} <= kinds


def administered(world: World, target: Address | None, data: bytes, *, done: bool = True) -> None:
    """Announce a call of the administration, and carry it out after the delay."""
    founder = world.senders[world.accounts[0]]
    authority = world.deployment.authority
    assert authority is not None
    call = Call(to=target or authority, data=data, purpose="administer")
    founder.send(announcement(authority, call))
    if done:
        world.mine(DELAY)
        founder.send(call)


def governed(world: World) -> Deployment:
    """Return the deployment after roles, pauses, days and the manager's own changes."""
    made, founder = world.deployment, world.accounts[0]
    party = world.ledger.party_of(founder)
    buyer = Dengji(world.ledger, world.accounts[1]).parties.enrol().party.id
    assert party is not None
    assert made.calendar is not None
    role, other = 7, world.accounts[2].raw
    parties, calendar = bindings.PartyRegistry, bindings.WorkCalendar
    manager = bindings.Authority
    administered(world, made.parties, parties.admit_registrar.call(int(buyer), b"44A"))
    administered(world, made.parties, parties.set_roles.call(int(buyer), int(Role.COURT)))
    until = world.ledger.moment().time + DELAY + 3 * 86_400
    administered(world, made.parties, parties.pause_writes.call(until))
    known = world.ledger.calendar()
    day = day_of(world.ledger.moment().time) + 30
    for working in (True, False):
        administered(world, made.calendar, calendar.correct.call(day, working))
    end = known.end_day + 300
    words = [(1 << 256) - 1, 0x1234, 3][: (end - 1) // 256 + 1 - known.end_day // 256]
    administered(world, made.calendar, calendar.extend.call(end, words))
    selector = parties.pause_writes.selector
    for data in (
        manager.label_role.call(role, "clerks"),
        manager.grant_role.call(role, other, DELAY),
        manager.grant_role.call(role, other, 2 * DELAY),
        manager.grant_role.call(role, other, DELAY),
        manager.set_role_admin.call(role, 8),
        manager.set_role_guardian.call(role, 9),
        manager.set_grant_delay.call(role, 3 * DELAY),
        manager.set_grant_delay.call(role, DELAY),
        manager.set_target_function_role.call(made.parties.raw, [selector], role),
        *(manager.set_target_closed.call(made.parties.raw, one) for one in (True, False)),
        manager.set_target_admin_delay.call(made.parties.raw, DELAY),
    ):
        administered(world, None, data)
    administered(world, None, manager.revoke_role.call(5, other), done=False)
    assert made.authority is not None
    revoke = manager.revoke_role.call(5, other)
    cancel = manager.cancel.call(founder.raw, made.authority.raw, revoke)
    world.senders[founder].send(Call(to=made.authority, data=cancel, purpose="cancel"))
    return made


def test_the_administration(world: World) -> None:
    """After roles, pauses, days and the manager's own changes it is the same."""
    kinds = told_of(world.rpc, governed(world))
    assert {name for contract, name in kinds if contract == "Authority"} == {
        *("targetRoles", "targets", "members", "roles", "schedules", "executionId"),
    }
    assert {("PartyRegistry", "pausedUntil"), ("WorkCalendar", "days")} <= kinds


def certified(world: World, folder: Path) -> Deployment:
    """Return the deployment after codes, certificates, seizures and an award."""
    at_work = office(world, folder / "home")
    at_work.issue()
    at_work.do(3, Annotate(product=at_work.product, kind=AnnotationKind.SEIZURE, **SEIZED))
    at_work.do(3, Release(product=at_work.product, index=0, evidence=EVIDENCE))
    award = ExecuteAward(
        product=at_work.product,
        from_=at_work.holder,
        to=at_work.buyer,
        rights=Right.OPERATE,
        evidence=EVIDENCE,
    )
    at_work.do(0, award)
    at_work.issue()
    return world.deployment


def test_certificates_and_awards(world: World, tmp_path: Path) -> None:
    """After codes, certificates, seizures and an award it is the same."""
    kinds = told_of(world.rpc, certified(world, tmp_path))
    assert {name for contract, name in kinds if contract == "CertificateRegistry"} == {
        *("codeRecords", "serials", "codes", "certificates"),
    }


@pytest.mark.parametrize("contract", sorted(CONTRACTS.values()))
def test_every_event_is_replayed(contract: str) -> None:
    """There is no event of a contract that the replay does not know what to do with."""
    told = {layout.name for layout in getattr(bindings, contract).events}
    known = {kind.__name__ for kind in HANDLERS[contract]}
    assert told - known <= UNTOLD
