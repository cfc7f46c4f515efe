"""Hold the in-memory ledger against the contracts.

The same random sequences of operations, valid and not, by several parties and with jumps of the
clock, run on both. Every outcome must be the same, receipt and events or error and fields, and so
must everything that can be read, now and at earlier moments. A longer run is asked for by

    DENGJI_PARITY_SEQUENCES=200 DENGJI_PARITY_STEPS=120 DENGJI_PARITY_SEED=1000
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.operations import call_for
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signatures import KeySeal
from registry.chain.signer import LocalSigner
from registry.domain.anchor_operations import Anchor, Promote
from registry.domain.keys import PartyKey
from registry.domain.moment import AtBlock, AtTime
from registry.domain.operations import (
    AdmitKey,
    Annotate,
    Enrol,
    Operation,
    Register,
    RegisterBatch,
    Release,
    Resume,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.party import Enrolment
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import AnnotationKind, Reason, Right
from registry.errors import ArgumentUnfit, RegistryError, TimeBeforeChain, TimeInFuture
from registry.reverts import ContentRootMissing
from registry.testing import START, MemoryLedger
from tests.anchor_sequences import AnchorAuthor
from tests.integration.sending import stilled
from tests.sequences import DAY, NO_GRANT, NO_HASH, NO_PRODUCT, ROOTS, STRANGER, Author

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.domain.clauses import Clauses
    from registry.domain.events import Event
    from registry.domain.ledger import Deployment, Ledger
    from registry.domain.moment import At, Moment
    from registry.domain.verdict import Use
    from tests.sequences import Step

SEQUENCES: Final = int(os.environ.get("DENGJI_PARITY_SEQUENCES", "15"))
STEPS: Final = int(os.environ.get("DENGJI_PARITY_STEPS", "40"))
FIRST_SEED: Final = int(os.environ.get("DENGJI_PARITY_SEED", "0"))
SIGNERS: Final = tuple(LocalSigner(number.to_bytes(32)) for number in range(1, 13))
EVERYTHING: Final = 10


@dataclass
class Pair:
    """A chain and a ledger in memory that stand for the same deployment at the same time."""

    rpc: Rpc
    chain: Ledger
    memory: MemoryLedger
    author: AnchorAuthor
    rng: Random
    moments: dict[int, tuple[Moment, Moment]] = field(default_factory=dict)

    def set_clock(self, jump: int) -> None:
        """Move both clocks to the same time, `jump` seconds on."""
        time = self.memory.advance(jump)
        self.rpc.call("evm_setNextBlockTimestamp", time)

    def play(self, step: Step) -> tuple[object, object]:
        """Submit one step to both, and return what became of it on each."""
        return outcome(self.chain, step), outcome(self.memory, step, self.author)

    def remember(self) -> None:
        """Take note of the present moment of both, to ask about it later."""
        moments = self.chain.moment(), self.memory.moment()
        self.moments[moments[1].block] = moments
        assert timed(moments[0]) == timed(moments[1])


def timed(moment: Moment) -> tuple[int, int]:
    """Return what of a moment two ledgers have in common."""
    return moment.block, moment.time


def found_at(ledger: Ledger, at: At) -> tuple[object, ...]:
    """Return the moment that a ledger finds, or why it has none."""
    try:
        return timed(ledger.moment(at))
    except TimeInFuture as refusal:
        return refusal.code, refusal.fields


def bare(event: Event) -> Event:
    """Return an event without its transaction, whose hash only a chain has."""
    return replace(event, transaction=b"")


def outcome(ledger: Ledger, step: Step, author: Author | None = None) -> object:
    """Submit a step, and return its receipt's or its error's content."""
    try:
        receipt = ledger.submit(step.operation, account=step.account)
    except RegistryError as error:
        return type(error), error.fields
    if author is not None:
        author.learn(receipt)
    return receipt.block, receipt.time, [bare(event) for event in receipt.events]


def begun(answer: object) -> object:
    """Return an answer without the block of the founder's key: only a chain has a genesis."""
    if isinstance(answer, PartyKey) and answer.address == SIGNERS[0].address:
        return replace(answer, from_block=0)
    if isinstance(answer, tuple) and any(isinstance(one, PartyKey) for one in answer):
        return tuple(map(begun, answer))
    return answer


@dataclass(frozen=True)
class Question:
    """A question that any ledger answers, about one or more subjects."""

    method: str
    about: tuple[Any, ...]

    def answer(self, ledger: Ledger, at: Moment | None) -> object:
        """Return the answer, or what refused it."""
        try:
            return begun(getattr(ledger, self.method)(*self.about, at=at))
        except RegistryError as error:
            return type(error), error.fields


def questions(author: AnchorAuthor, rng: Random, *, most: int) -> Iterator[Question]:
    """Write questions about what is known, at most so many of each kind, and about the unknown."""

    def some(known: list[Any], unknown: object) -> list[Any]:
        return [*rng.sample(known, min(most, len(known))), unknown]

    parties = some(author.parties, STRANGER)
    products = some(author.products, NO_PRODUCT)
    subjects: dict[str, Iterable[tuple[Any, ...]]] = {
        "party": [(party,) for party in parties],
        "suspensions": [(party,) for party in parties],
        "party_of": [(key,) for key in author.accounts],
        "key": [(key,) for key in author.accounts],
        "admission": [(key,) for key in author.accounts[:most]],
        "keys": [(party,) for party in parties],
        "recovery": [(party,) for party in parties],
        "registrars": [()],
        "product": [(product,) for product in products],
        "holdings": [(product,) for product in products],
        "annotations": [(product,) for product in products],
        "products": [(products,)],
        "rights_in": [(products, party) for party in parties],
        "rights_of": [(product, party) for product in products for party in parties],
        "claims": [(root,) for root in ROOTS],
        "anchor": [(one.party, one.tree.root) for one in author.plans[-most:]],
        "grant": [(grant,) for grant in some(author.grants, NO_GRANT)],
        "check": uses(author, rng, most),
    }
    for method, each in subjects.items():
        for about in each:
            yield Question(method, about)


def uses(author: Author, rng: Random, most: int) -> Iterator[tuple[Clauses, Use]]:
    """Write uses of grants that exist, and of one that does not: now, later, and too early."""
    known = rng.sample(author.granted, min(most, len(author.granted)))
    for clauses in [*known, *(replace(one, salt=77) for one in known[:1])]:
        use = author.use(clauses)
        yield clauses, use
        start, until = clauses.window.start or 1, clauses.window.until or 1
        later = author.ledger.moment().time + rng.choice((0, 1, 30 * DAY))
        for time in (later, start, start - 1, until, until - 1):
            yield clauses, replace(use, time=time)
        yield clauses, replace(use, time=1)


def compare(pair: Pair, *, most: int) -> None:
    """Ask both ledgers the same, now and at an earlier moment."""
    earlier = pair.moments[pair.rng.choice(list(pair.moments))]
    for chain_at, memory_at in ((None, None), earlier):
        for question in questions(pair.author, pair.rng, most=most):
            real = question.answer(pair.chain, chain_at)
            made = question.answer(pair.memory, memory_at)
            assert made == real, f"{question} at {memory_at}"
    block = earlier[0].block
    for at in (AtBlock(block), AtTime(earlier[0].time), AtTime(earlier[0].time + 1)):
        assert found_at(pair.memory, at) == found_at(pair.chain, at), at
    # Where a chain begins is the one thing in which the two differ.
    for ledger in (pair.memory, pair.chain):
        with pytest.raises(TimeBeforeChain):
            ledger.moment(AtTime(1))


def compare_history(pair: Pair) -> None:
    """Compare all events since the beginning, by kind and by what they name, and all versions."""
    first = min(pair.moments) + 1
    author = pair.author
    named: list[dict[str, Any]] = [{}, {"first": first + 3, "last": first + 9}]
    named += [{"party": party} for party in author.parties]
    named += [{"product": product} for product in author.products]
    named += [{"grant": grant} for grant in author.grants]
    named += [{"party": author.parties[-1], "product": product} for product in author.products[:3]]
    for given in named:
        chosen = {"first": first, **given}
        real = [bare(event) for event in pair.chain.events(**chosen)]
        made = [bare(event) for event in pair.memory.events(**chosen)]
        assert made == real, given
    for product in [*author.products, NO_PRODUCT]:
        versions = [replace(one, transaction=b"") for one in pair.chain.versions(product)]
        assert versions == [replace(one, transaction=b"") for one in pair.memory.versions(product)]


def deployed(rpc: Rpc, journal: Journal, policy: Enrolment) -> tuple[ChainLedger, Deployment]:
    """Deploy the contracts by the first signer, and return their ledger."""
    locks = journal.path.parent / "locks"
    senders = {signer.address: Sender(rpc, signer, journal, lock_dir=locks) for signer in SIGNERS}
    deployment = deploy(senders[SIGNERS[0].address], policy=policy)
    return ChainLedger(rpc, deployment, senders=senders.__getitem__), deployment


def paired(rpc: Rpc, journal: Journal, rng: Random) -> Pair:
    """Deploy the contracts, and begin a ledger in memory for the same deployment and time."""
    founder = SIGNERS[0].address
    policy = rng.choice(list(Enrolment))
    chain, deployment = deployed(rpc, journal, policy)
    enrolled = chain.party_of(founder)
    assert enrolled is not None
    known = chain.party(enrolled)
    assert known is not None
    signers = {signer.address: signer for signer in SIGNERS}
    seal = KeySeal(signers.__getitem__)
    memory = MemoryLedger(
        seal=seal,
        founder=founder,
        enrolment=policy,
        deployment=deployment,
        block=chain.moment().block,
        time=known.since,
    )
    author = AnchorAuthor(
        rng=rng,
        accounts=list(signers),
        ledger=memory,
        seal=seal,
        domain=SigningDomain(chain_id=deployment.chain_id, verifying_contract=deployment.parties),
    )
    author.note(memory.events())
    pair = Pair(rpc=rpc, chain=chain, memory=memory, author=author, rng=rng)
    pair.set_clock(DAY)
    pair.remember()
    return pair


@pytest.fixture
def node() -> Iterator[Rpc]:
    """Run a chain of its own for a sequence; its clock moves only as the test moves it."""
    with stilled(START, SIGNERS) as rpc:
        yield rpc


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Open a journal for the senders of a sequence."""
    opened = Journal(tmp_path / "journal.sqlite3")
    yield opened
    opened.close()


@pytest.mark.anvil
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + SEQUENCES))
def test_the_memory_ledger_behaves_as_the_contracts_do(
    seed: int, node: Rpc, journal: Journal
) -> None:
    """A random sequence has the same outcome and the same reads, step by step, on both ledgers."""
    rng = Random(seed)
    pair = paired(node, journal, rng)
    for number in range(STEPS):
        step = pair.author.step()
        pair.set_clock(step.jump)
        real, made = pair.play(step)
        assert made == real, f"step {number}: {step}"
        pair.set_clock(rng.choice((0, 1, pair.author.jump())))
        pair.remember()
        compare(pair, most=EVERYTHING if number % EVERYTHING == 0 else 2)
    compare(pair, most=100)
    compare_history(pair)


@pytest.mark.anvil
def test_many_operations_end_alike_at_a_refusal(node: Rpc, journal: Journal) -> None:
    """Both carry out what stands before a refusal, tell how far, and send nothing more."""
    pair = paired(node, journal, Random(0))
    roots = (ROOTS[0], ROOTS[0], ROOTS[0], NO_HASH, ROOTS[0])
    wanted = [
        Register(content_root=root, metadata_hash=ROOTS[1], salt=salt)
        for salt, root in enumerate(roots)
    ]
    told: list[object] = []
    for ledger in (pair.chain, pair.memory):
        done: list[int] = []
        receipts = ledger.submit_all(wanted, account=SIGNERS[0].address, progress=done.append)
        made = [next(receipts) for _ in range(3)]
        with pytest.raises(ContentRootMissing) as refused:
            next(receipts)
        products = [event.product for event in made[1].events if hasattr(event, "product")]
        claimed = [claim.product for claim in ledger.claims(ROOTS[0])]
        assert ledger.claims_on(ROOTS) == tuple(map(ledger.claims, ROOTS))
        operations = [receipt.operation for receipt in made]
        told.append((done, refused.value.fields, products, claimed, operations))
    assert told[0] == told[1]


PLAIN: Final = Register(content_root=ROOTS[0], metadata_hash=ROOTS[1])
UNFIT: Final[tuple[Operation, ...]] = (
    Enrol(identity_hash=b"short"),
    AdmitKey(key=SIGNERS[0].address, identity_hash=bytes(33)),
    Suspend(party=STRANGER, reason=Reason.BREACH, evidence=bytes(11)),
    Resume(party=STRANGER, index=-1),
    Register(content_root=bytes(31), metadata_hash=bytes(32)),
    Register(content_root=bytes(32), metadata_hash=bytes(32), salt=2**64),
    Register(content_root=bytes(32), metadata_hash=bytes(32), rights=Right(256)),
    RegisterBatch(items=(Register(content_root=bytes(32), metadata_hash=bytes(1)),)),
    RegisterBatch(items=(Register(content_root=ROOTS[0], metadata_hash=ROOTS[0], locator="a"),)),
    Register(content_root=bytes(32), metadata_hash=bytes(31), series=NO_PRODUCT),
    Register(content_root=bytes(32), metadata_hash=bytes(32), locator="\ud800"),
    Anchor(root=bytes(31), leaves=1),
    Anchor(root=bytes(32), leaves=2**32),
    Promote(root=ROOTS[0], index=-1, registration=PLAIN, proof=()),
    Promote(root=ROOTS[0], index=0, registration=PLAIN, proof=(bytes(33),)),
    Promote(root=ROOTS[0], index=0, registration=replace(PLAIN, series=NO_PRODUCT), proof=()),
    Promote(root=ROOTS[0], index=0, registration=replace(PLAIN, salt=2**64), proof=()),
    Update(product=NO_PRODUCT, latest=2**16, content_root=bytes(32), metadata_hash=bytes(32)),
    Transfer(product=NO_PRODUCT, to=STRANGER, rights=Right(256)),
    Annotate(
        product=NO_PRODUCT,
        kind=AnnotationKind.LIMIT,
        reason=Reason.RISK,
        evidence=bytes(12),
    ),
    Release(product=NO_PRODUCT, index=-1, evidence=bytes(32)),
)


@pytest.mark.parametrize("operation", UNFIT)
def test_values_that_fit_no_parameter_are_refused_alike(operation: Operation) -> None:
    """What a chain's client cannot encode the ledger in memory refuses for the same reason."""
    ledger = MemoryLedger()
    with pytest.raises(ArgumentUnfit) as made:
        ledger.submit(operation, account=ledger.founder)
    with pytest.raises(ArgumentUnfit) as real:
        call_for(ledger.deployment, operation)
    assert made.value.fields == real.value.fields
