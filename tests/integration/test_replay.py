"""Every word that the contracts hold, rebuilt from their events alone, after rich histories."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from registry.chain.history import History
from registry.chain.journal import Journal
from registry.domain.operations import Enrol, Register
from registry.domain.party import Enrolment
from registry.domain.product import Profile
from registry.domain.replay import constants, replay
from registry.domain.replayed import Book, ShelfInMemory
from registry.domain.terms import SigningDomain
from registry.testing import START, MemoryLedger
from tests.case_world import at, case_world
from tests.integration.sending import running
from tests.parity.test_memory_agreements import PARTIES, SEAL, Writer
from tests.parity.test_memory_agreements import outcome as signed_outcome
from tests.parity.test_memory_ledger import SIGNERS, deployed, outcome, paired
from tests.property.test_case_predictions import Trial
from tests.sequences import ROOTS, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from registry.chain.rpc import Rpc
    from registry.domain.ledger import Deployment

pytestmark = [pytest.mark.anvil]

STEPS = 60


@pytest.fixture
def node() -> Iterator[Rpc]:
    """Run a chain of its own, whose clock moves only as the test moves it."""
    with running("--timestamp", str(START), "--accounts", "1") as anvil:
        anvil.rpc.call("anvil_setBlockTimestampInterval", 0)
        for signer in SIGNERS:
            anvil.rpc.call("anvil_setBalance", signer.address.hex, hex(10**22))
        yield anvil.rpc


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


@pytest.mark.parametrize("seed", range(3))
def test_products_grants_and_keys(seed: int, node: Rpc, journal: Journal) -> None:
    """After a random sequence of all operations, keys included, each word told is in storage."""
    pair = paired(node, journal, Random(seed))
    for _ in range(STEPS):
        step = pair.author.step()
        pair.set_clock(step.jump)
        outcome(pair.chain, step)
        outcome(pair.memory, step, pair.author)
    kinds = told_of(node, pair.chain.deployment)
    assert ("GrantRegistry", "grants") in kinds


def test_agreements_and_uses(node: Rpc, journal: Journal) -> None:
    """After a random sequence of agreements, sub-grants and receipts it is the same."""
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
    kinds = told_of(node, real.deployment)
    assert {("UsageMeter", "settled"), ("GrantRegistry", "suspensions")} <= kinds


@pytest.mark.parametrize("profile", [Profile.PROPERTY, Profile.PUBLIC])
def test_cases_and_certificates(profile: Profile, tmp_path: Path) -> None:
    """After the random lives of a few products under a registrar it is the same."""
    with case_world(tmp_path, at("2026-03-30T10:00:00")) as world:
        for number in range(3):
            trial = Trial(world, profile, number, Random(number))
            for _ in range(10):
                trial.jump()
                if not trial.predicted(world.now() + 1):
                    break
                trial.step()
        kinds = told_of(world.rpc, world.ledger.deployment)
        assert {("RegistrationDesk", "cases"), ("WorkCalendar", "exceptions")} <= kinds
