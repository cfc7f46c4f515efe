"""Laws that hold of a ledger whatever its parties do.

Sequences of random operations run on the in-memory ledger; a parity test shows that the contracts
answer the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.clauses import Clauses
from registry.domain.events import (
    Event,
    GrantIssued,
    GrantRevoked,
    PartyEnrolled,
    PartyResumed,
    PartySuspended,
    ProductRegistered,
    ProductRetired,
    ProductUpdated,
    RightsTransferred,
)
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Right
from registry.errors import ContractRevert
from registry.testing import MemoryLedger, account
from tests.sequences import ROOTS, Author

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.moment import Moment

ACCOUNTS = [account(number) for number in range(6)]
FINAL = {Verdict.GRANT_REVOKED, Verdict.GRANT_ENDED}

seeds = st.integers(0, 2**32)


def play(seed: int, steps: int = 60) -> Iterator[tuple[MemoryLedger, Author, bool]]:
    """Run a random sequence; after every step give ledger, author, and whether it was done."""
    ledger = MemoryLedger(founder=ACCOUNTS[0])
    author = Author(Random(seed), ACCOUNTS, ledger)
    author.note(ledger.events())
    for _ in range(steps):
        step = author.step()
        ledger.advance(step.jump)
        try:
            author.learn(ledger.submit(step.operation, account=step.account))
        except ContractRevert:
            yield ledger, author, False
        else:
            yield ledger, author, True


def state(ledger: MemoryLedger, author: Author, at: Moment | None = None) -> list[object]:
    """Read everything that the author knows of, now or at a moment."""
    found: list[object] = [ledger.party_of(key, at=at) for key in ACCOUNTS]
    for party in author.parties:
        found += [ledger.party(party, at=at), ledger.suspensions(party, at=at)]
    for product in author.products:
        found += [ledger.product(product, at=at), ledger.holdings(product, at=at)]
    found += [ledger.grant(grant, at=at) for grant in author.grants]
    found += [ledger.claims(root, at=at) for root in ROOTS]
    return found


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_a_refused_operation_changes_nothing(seed: int) -> None:
    """After a refusal every read, the block and the events are what they were before."""
    before: list[object] = []
    for ledger, author, done in play(seed):
        after = [*state(ledger, author), ledger.moment().block, len(list(ledger.events()))]
        if not done and before:
            assert after == before
        before = after


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_every_past_moment_reads_as_it_did(seed: int) -> None:
    """What was read in a block is read again at its moment when the sequence is over."""
    seen: dict[int, tuple[Moment, list[object]]] = {}
    ledger, author = None, None
    for ledger, author, _ in play(seed):
        now = ledger.moment()
        seen[now.block] = (now, state(ledger, author))
    assert ledger is not None
    assert author is not None
    for moment, found in seen.values():
        again = state(ledger, author, moment)
        assert [one for one in again if one not in (None, ())] == [
            one for one in found if one not in (None, ())
        ]


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_each_declared_right_has_one_holder(seed: int) -> None:
    """Transfers move rights: none is lost, none is made, none is held by two."""
    for ledger, author, _ in play(seed):
        for product in author.products:
            known = ledger.product(product)
            assert known is not None
            held = [ledger.rights_of(product, party) for party in author.parties]
            assert sum(held) == known.rights
            assert Right(sum(held)) == known.rights


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_holdings_of_a_party_do_not_overlap(seed: int) -> None:
    """A party's holdings in a product follow each other, and at most the last one is open."""
    for ledger, author, _ in play(seed):
        for product in author.products:
            for party in author.parties:
                own = [one for one in ledger.holdings(product) if one.party == party]
                for before, after in pairwise(own):
                    assert before.until is not None
                    assert before.until <= after.since


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_an_ended_grant_never_comes_back(seed: int) -> None:
    """Once a check says that a grant was revoked or has ended, no later check says it holds."""
    over: set[Clauses] = set()
    for ledger, author, _ in play(seed):
        for clauses in author.granted:
            verdict = ledger.check(clauses, author.use(clauses))
            assert clauses not in over or verdict in FINAL
            if verdict in FINAL:
                over.add(clauses)


@dataclass
class Replay:
    """The state of a ledger as its events alone tell it."""

    parties: dict[PartyId, int] = field(default_factory=dict)
    latest: dict[ProductId, int] = field(default_factory=dict)
    rights: dict[tuple[ProductId, PartyId], Right] = field(default_factory=dict)
    retired: set[ProductId] = field(default_factory=set)
    ends: dict[GrantId, int | None] = field(default_factory=dict)
    claims: dict[bytes, list[tuple[ProductId, int]]] = field(default_factory=dict)

    def apply(self, event: Event) -> None:
        """Carry one event over into the state."""
        match event:
            case PartyEnrolled():
                self.parties[event.party] = 0
            case PartySuspended():
                self.parties[event.party] += 1
            case PartyResumed():
                self.parties[event.party] -= 1
            case ProductRegistered():
                self.latest[event.product] = 1
                self.rights[event.product, event.applicant] = event.rights
                self.claims.setdefault(event.content_root, []).append((event.product, 1))
            case ProductUpdated():
                self.latest[event.product] = event.version
                claim = (event.product, event.version)
                self.claims.setdefault(event.content_root, []).append(claim)
            case RightsTransferred():
                to = (event.product, event.to)
                self.rights[event.product, event.from_] &= ~event.rights
                self.rights[to] = self.rights.get(to, Right(0)) | event.rights
            case ProductRetired():
                self.retired.add(event.product)
            case GrantIssued():
                self.ends[event.grant] = Clauses.unpack(event.clauses).window.until
            case GrantRevoked():
                self.ends[event.grant] = event.ends_at


@given(seeds)
@settings(max_examples=15, deadline=None)
def test_the_events_rebuild_the_state(seed: int) -> None:
    """Replaying all events gives the parties, products, rights, claims and grants of storage."""
    *_, (ledger, author, _) = play(seed)
    replay = Replay()
    for event in ledger.events():
        replay.apply(event)
    for party, suspensions in replay.parties.items():
        known = ledger.party(party)
        assert known is not None
        assert known.active == (suspensions == 0)
    for product, latest in replay.latest.items():
        found = ledger.product(product)
        assert found is not None
        assert (found.latest, found.in_force) == (latest, product not in replay.retired)
    for (product, party), rights in replay.rights.items():
        assert ledger.rights_of(product, party) == rights
    for grant, ends_at in replay.ends.items():
        state_of = ledger.grant(grant)
        assert state_of is not None
        assert state_of.ends_at == ends_at
    for root in ROOTS:
        claims = [(claim.product, claim.version) for claim in ledger.claims(root)]
        assert claims == replay.claims.get(root, [])
    assert set(author.products) == set(replay.latest)
