"""The in-memory ledger carries out operations and answers questions as the contracts do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import pytest

from registry import errors, reverts
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import (
    GrantIssued,
    GrantRevoked,
    PartyEnrolled,
    ProductRegistered,
    RightsTransferred,
)
from registry.domain.ids import PartyId, ProductId
from registry.domain.moment import AtBlock, AtTime
from registry.domain.operations import (
    AdmitKey,
    Enrol,
    Issue,
    IssueBatch,
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
from registry.domain.party import Enrolment, Standing
from registry.domain.product import next_digest
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import (
    Action,
    Environment,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SecurityClass,
)
from registry.testing import START, MemoryLedger, account

if TYPE_CHECKING:
    from registry.domain.ids import GrantId
    from registry.domain.operations import Operation

DAY = 86_400
ROOT = b"\x01" * 32
METADATA = b"\x02" * 32
NOBODY = PartyId.of(12_345)
HOLDER, BUYER, OTHER = account(1), account(2), account(3)


@dataclass
class World:
    """A ledger with a holder, a buyer, and one product of the holder."""

    ledger: MemoryLedger
    holder: PartyId
    buyer: PartyId
    product: ProductId

    def clauses(self, **changed: object) -> Clauses:
        """Return clauses that the holder may grant the buyer."""
        plain = Clauses(
            product=self.product,
            grantor=self.holder,
            grantee=self.buyer,
            actions=Action.READ | Action.QUERY,
            purposes=Purpose.RESEARCH,
        )
        return replace(plain, **changed)  # type: ignore[arg-type]

    def issue(self, clauses: Clauses) -> GrantId:
        """Issue a grant as the holder and return its id."""
        event = self.ledger.submit(Issue(clauses=clauses), account=HOLDER).events[0]
        return cast("GrantIssued", event).grant

    def use(self, **changed: object) -> Use:
        """Return a use that `clauses` allow."""
        plain = Use(user=self.buyer, action=Action.READ, purpose=Purpose.RESEARCH)
        return replace(plain, **changed)  # type: ignore[arg-type]

    def holder_does(self, operation: Operation) -> None:
        """Carry out an operation as the holder."""
        self.ledger.submit(operation, account=HOLDER)


def enrolled(ledger: MemoryLedger, number: int) -> PartyId:
    """Enrol an account and return its party."""
    event = ledger.submit(Enrol(identity_hash=bytes(32)), account=account(number)).events[0]
    return cast("PartyEnrolled", event).party


def registered(ledger: MemoryLedger, **changed: object) -> ProductId:
    """Register a product as the holder and return its id."""
    register = replace(Register(content_root=ROOT, metadata_hash=METADATA), **changed)  # type: ignore[arg-type]
    event = ledger.submit(register, account=HOLDER).events[0]
    return cast("ProductRegistered", event).product


@pytest.fixture
def world() -> World:
    """Enrol a holder and a buyer, and register a product."""
    ledger = MemoryLedger()
    holder, buyer = enrolled(ledger, 1), enrolled(ledger, 2)
    return World(ledger, holder, buyer, registered(ledger))


def test_a_write_is_a_block_of_its_own() -> None:
    """Each write makes the next block, later by a second at least."""
    ledger = MemoryLedger()
    first = ledger.submit(Enrol(identity_hash=METADATA), account=HOLDER)
    second = ledger.submit(Enrol(identity_hash=METADATA), account=BUYER)
    assert (first.block, first.time) == (1, START + 1)
    assert (second.block, second.time) == (2, START + 2)
    assert first.transaction != second.transaction


def test_the_founder_is_registrar_and_regulator() -> None:
    """The founder is enrolled from the start and may suspend others."""
    ledger = MemoryLedger()
    holder = enrolled(ledger, 1)
    suspend = Suspend(party=holder, reason=Reason.BREACH, evidence=bytes(12))
    ledger.submit(suspend, account=ledger.founder)
    party = ledger.party(holder)
    assert party is not None
    assert party.standing is Standing.SUSPENDED


def test_operations_beyond_it_are_refused_by_name() -> None:
    """An operation that the ledger does not know is named in the refusal."""

    class Propose:
        """An operation of another ledger."""

    with pytest.raises(errors.OperationNotCovered) as caught:
        MemoryLedger().submit(cast("Operation", Propose()), account=HOLDER)
    assert caught.value.operation == "Propose"
    assert "RevokeBatch" in caught.value.covered
    assert "Propose" in str(caught.value)


def test_a_key_enrols_once() -> None:
    """A second enrolment of a key is refused with the party it belongs to."""
    ledger = MemoryLedger()
    party = enrolled(ledger, 1)
    with pytest.raises(reverts.KeyTaken) as caught:
        enrolled(ledger, 1)
    assert (caught.value.key, caught.value.party) == (HOLDER, party)


def test_registrars_admit_where_the_policy_says_so() -> None:
    """Under REGISTRARS a key enrols only with the hash that a registrar admitted it with."""
    ledger = MemoryLedger(enrolment=Enrolment.REGISTRARS)
    with pytest.raises(reverts.KeyNotAdmitted):
        ledger.submit(Enrol(identity_hash=ROOT), account=HOLDER)
    ledger.submit(AdmitKey(key=HOLDER, identity_hash=ROOT), account=ledger.founder)
    with pytest.raises(reverts.KeyNotAdmitted):
        ledger.submit(Enrol(identity_hash=METADATA), account=HOLDER)
    ledger.submit(Enrol(identity_hash=ROOT), account=HOLDER)
    with pytest.raises(reverts.RoleMissing):
        ledger.submit(AdmitKey(key=BUYER, identity_hash=ROOT), account=HOLDER)


def test_each_suspension_is_ended_by_itself(world: World) -> None:
    """A party under two suspensions is active again only when both have ended."""
    ledger = world.ledger
    suspend = Suspend(party=world.holder, reason=Reason.BREACH, evidence=bytes(12))
    ledger.submit(suspend, account=ledger.founder)
    ledger.submit(suspend, account=ledger.founder)
    with pytest.raises(reverts.PartyInactive):
        world.holder_does(Retire(product=world.product))
    ledger.submit(Resume(party=world.holder, index=0), account=ledger.founder)
    with pytest.raises(reverts.PartyInactive):
        world.holder_does(Retire(product=world.product))
    ledger.submit(Resume(party=world.holder, index=1), account=ledger.founder)
    world.holder_does(Retire(product=world.product))
    with pytest.raises(reverts.SuspensionUnknown):
        ledger.submit(Resume(party=world.holder, index=1), account=ledger.founder)


def test_claims_of_two_parties_stand_beside_each_other(world: World) -> None:
    """Another party may register the same content; the same party the same digests not twice."""
    with pytest.raises(reverts.ProductTaken) as caught:
        registered(world.ledger)
    assert caught.value.product == world.product
    world.ledger.submit(Register(content_root=ROOT, metadata_hash=METADATA), account=BUYER)
    first, second = world.ledger.claims(ROOT)
    assert first.product == world.product
    assert second.product != world.product


def test_a_refused_batch_leaves_nothing(world: World) -> None:
    """A batch whose second item is refused registers none, makes no block and no event."""
    ledger = world.ledger
    before, seen = ledger.moment(), list(ledger.events())
    fresh = Register(content_root=METADATA, metadata_hash=METADATA)
    with pytest.raises(reverts.ContentRootMissing):
        world.holder_does(RegisterBatch(items=(fresh, replace(fresh, content_root=bytes(32)))))
    assert ledger.claims(METADATA) == ()
    assert ledger.moment() == before
    assert list(ledger.events()) == seen


def test_versions_chain_their_digests(world: World) -> None:
    """A version's digest covers its root, its metadata and the digest before."""
    update = Update(product=world.product, latest=1, content_root=METADATA, metadata_hash=ROOT)
    world.holder_does(update)
    first, second = world.ledger.versions(world.product)
    assert second.digest == next_digest(METADATA, ROOT, first.digest)
    with pytest.raises(reverts.VersionStale) as caught:
        world.holder_does(update)
    assert (caught.value.given, caught.value.latest) == (1, 2)


def test_transferred_rights_leave_their_holder(world: World) -> None:
    """Moved rights change hands, and every holding keeps its span."""
    world.holder_does(Transfer(product=world.product, to=world.buyer, rights=Right.OPERATE))
    ledger = world.ledger
    assert ledger.rights_of(world.product, world.holder) == Right.HOLD | Right.USE
    assert ledger.rights_of(world.product, world.buyer) == Right.OPERATE
    first, kept, moved = ledger.holdings(world.product)
    assert (first.party, first.rights, first.until) == (world.holder, Right.ALL, kept.since)
    assert (moved.party, moved.until) == (world.buyer, None)
    with pytest.raises(reverts.RightsMissing):
        world.issue(world.clauses())


def test_a_past_moment_reads_as_it_was(world: World) -> None:
    """State asked for at an earlier block is that block's, whatever happened since."""
    ledger = world.ledger
    then = ledger.moment()
    grant = world.issue(world.clauses())
    world.holder_does(Transfer(product=world.product, to=world.buyer, rights=Right.ALL))
    assert ledger.grant(grant, at=then) is None
    assert ledger.rights_of(world.product, world.holder, at=then) == Right.ALL
    assert len(ledger.holdings(world.product, at=then)) == 1
    assert ledger.check(world.clauses(), world.use(), at=then) is Verdict.GRANT_UNKNOWN
    assert ledger.check(world.clauses(), world.use()) is Verdict.OK


def test_moments_are_found_by_block_and_by_time(world: World) -> None:
    """A block names its own time; a time names the last block not after it."""
    ledger = world.ledger
    last = ledger.moment().block
    ledger.advance(DAY)
    world.issue(world.clauses())
    assert ledger.moment(AtBlock(last)).time == START + last
    between = ledger.moment(AtTime(START + 100))
    assert (between.block, between.time) == (last, START + 100)
    with pytest.raises(errors.BlockUnknown):
        ledger.moment(AtBlock(last + 2))
    with pytest.raises(errors.TimeBeforeChain) as early:
        ledger.moment(AtTime(START - 1))
    assert early.value.fields == {"given": START - 1, "begins": START}
    assert ledger.moment(AtTime(ledger.now)).block == last + 1
    with pytest.raises(errors.TimeInFuture) as late:
        ledger.moment(AtTime(ledger.now + 1))
    assert late.value.fields == {"given": ledger.now + 1, "now": ledger.now}


@pytest.mark.parametrize("number", [-1, 2**63, 10**30])
def test_what_is_no_block_number_is_bad_input(number: int) -> None:
    """A number that no block can have is refused before anyone is asked."""
    with pytest.raises(errors.BlockOutOfRange):
        AtBlock(number)


def test_the_clock_never_goes_back() -> None:
    """Moving the clock on shows in the next block; moving it back is refused."""
    ledger = MemoryLedger()
    assert ledger.advance(DAY) == START + 1 + DAY
    assert ledger.submit(Enrol(identity_hash=ROOT), account=HOLDER).time == START + 1 + DAY
    with pytest.raises(ValueError, match="cannot go back"):
        ledger.advance(-1)


def test_a_grant_holds_within_its_window_alone(world: World) -> None:
    """A check is no before the start, yes within, and no from the end on, without any write."""
    ledger = world.ledger
    start = ledger.now + DAY
    clauses = world.clauses(window=Window(start=start, until=start + DAY))
    world.issue(clauses)
    assert ledger.check(clauses, world.use()) is Verdict.NOT_STARTED
    ledger.advance(DAY)
    assert ledger.check(clauses, world.use()) is Verdict.OK
    assert ledger.check(clauses, world.use(time=start + DAY)) is Verdict.GRANT_ENDED
    ledger.advance(DAY)
    assert ledger.check(clauses, world.use()) is Verdict.GRANT_ENDED


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"user": NOBODY}, Verdict.USER_NOT_GRANTEE),
        ({"version": 2}, Verdict.VERSION_NOT_GRANTED),
        ({"action": Action.DISTRIBUTE}, Verdict.ACTION_NOT_GRANTED),
        ({"purpose": Purpose.RESALE}, Verdict.PURPOSE_NOT_GRANTED),
        ({"environment": Environment.API}, Verdict.ENVIRONMENT_NOT_GRANTED),
        ({"environment": Environment(0)}, Verdict.ENVIRONMENT_NOT_GRANTED),
        ({"amount": 11}, Verdict.QUOTA_EXCEEDED),
        ({"territory": 702_000_000}, Verdict.TERRITORY_NOT_GRANTED),
        ({}, Verdict.OK),
    ],
)
def test_a_check_names_the_clause_that_fails(
    world: World, changed: dict[str, object], verdict: Verdict
) -> None:
    """Each clause that a use oversteps has a verdict of its own."""
    clauses = world.clauses(
        environment=Environment.TEE,
        quota=Quota(unit=QuotaUnit.CALL, total=10),
        territory=(156_000_000,),
    )
    world.issue(clauses)
    plain = {"environment": Environment.TEE, "territory": 156_410_000, "amount": 10}
    assert world.ledger.check(clauses, world.use(**plain | changed)) is verdict


def test_clauses_that_were_not_granted_find_nothing(world: World) -> None:
    """A check with other clauses than those granted knows no grant."""
    world.issue(world.clauses())
    wider = world.clauses(purposes=Purpose.ALL)
    assert world.ledger.check(wider, world.use()) is Verdict.GRANT_UNKNOWN


def test_suspended_parties_and_retired_products_stop_a_grant(world: World) -> None:
    """A grant stands still while a side is suspended, and for good when the product is retired."""
    ledger = world.ledger
    world.issue(world.clauses())
    for index, (party, verdict) in enumerate(
        [(world.holder, Verdict.GRANTOR_SUSPENDED), (world.buyer, Verdict.GRANTEE_SUSPENDED)]
    ):
        suspend = Suspend(party=party, reason=Reason.RISK, evidence=bytes(12))
        ledger.submit(suspend, account=ledger.founder)
        assert ledger.check(world.clauses(), world.use()) is verdict, index
        ledger.submit(Resume(party=party, index=0), account=ledger.founder)
    world.holder_does(Retire(product=world.product))
    assert ledger.check(world.clauses(), world.use()) is Verdict.PRODUCT_NOT_IN_FORCE
    with pytest.raises(reverts.ProductNotInForce):
        world.issue(world.clauses(salt=1))


def test_a_question_about_the_past_of_its_block_is_refused(world: World) -> None:
    """A use dated before the block asked of is refused, since its state cannot answer."""
    with pytest.raises(reverts.TimeBeforeBlock) as caught:
        world.ledger.check(world.clauses(), world.use(time=START))
    assert caught.value.time == START


def test_a_grantor_revokes_with_notice_and_a_grantee_at_once(world: World) -> None:
    """Notice delays a grantor's revocation; the grantee may then still renounce sooner."""
    ledger = world.ledger
    clauses = world.clauses(notice_days=3)
    grant = world.issue(clauses)
    revoke = Revoke(grant=grant, reason=Reason.BREACH)
    receipt = ledger.submit(revoke, account=HOLDER)
    assert cast("GrantRevoked", receipt.events[0]).ends_at == receipt.time + 3 * DAY
    assert ledger.check(clauses, world.use()) is Verdict.OK
    with pytest.raises(reverts.GrantEndsAlready):
        ledger.submit(revoke, account=HOLDER)
    renounced = ledger.submit(revoke, account=BUYER)
    state = ledger.grant(grant)
    assert state is not None
    assert state.ends_at == renounced.time
    assert ledger.check(clauses, world.use()) is Verdict.GRANT_REVOKED


def test_a_suspended_party_can_still_revoke(world: World) -> None:
    """Suspension stops every write but revocation."""
    grant = world.issue(world.clauses())
    suspend = Suspend(party=world.holder, reason=Reason.RISK, evidence=bytes(12))
    world.ledger.submit(suspend, account=world.ledger.founder)
    with pytest.raises(reverts.PartyInactive):
        world.issue(world.clauses(salt=1))
    world.holder_does(RevokeBatch(grants=(grant,), reason=Reason.BREACH))


def test_strangers_cannot_revoke(world: World) -> None:
    """Only the two sides of a grant can end it."""
    grant = world.issue(world.clauses())
    stranger = enrolled(world.ledger, 3)
    with pytest.raises(reverts.GrantNotYours) as caught:
        world.ledger.submit(Revoke(grant=grant, reason=Reason.BREACH), account=OTHER)
    assert caught.value.party == stranger


def test_sensitive_products_need_a_guarded_environment(world: World) -> None:
    """An important product is granted into guarded environments only."""
    product = registered(world.ledger, salt=1, security_class=SecurityClass.IMPORTANT)
    with pytest.raises(reverts.EnvironmentTooOpen):
        world.issue(world.clauses(product=product))
    with pytest.raises(reverts.EnvironmentTooOpen):
        world.issue(world.clauses(product=product, environment=Environment.TEE | Environment.API))
    world.issue(world.clauses(product=product, environment=Environment.TEE))


def test_a_batch_of_grants_is_all_or_none(world: World) -> None:
    """A batch that repeats a grant issues none of its grants."""
    ledger = world.ledger
    items = (world.clauses(salt=1), world.clauses(salt=2), world.clauses(salt=1))
    with pytest.raises(reverts.GrantTaken):
        world.holder_does(IssueBatch(items=items))
    assert list(ledger.events([GrantIssued])) == []
    world.holder_does(IssueBatch(items=items[:2]))
    assert [event.log_index for event in ledger.events([GrantIssued])] == [0, 1]


def test_many_operations_stop_at_the_first_refusal(world: World) -> None:
    """Receipts come in order with progress, and a refusal ends the rest."""
    done: list[int] = []
    fresh = [Register(content_root=ROOT, metadata_hash=ROOT, salt=salt) for salt in (1, 2, 2, 3)]
    receipts = world.ledger.submit_all(fresh, account=HOLDER, progress=done.append)
    assert [receipt.operation for receipt in (next(receipts), next(receipts))] == fresh[:2]
    with pytest.raises(reverts.ProductTaken):
        next(receipts)
    assert done == [1, 2]


def test_events_are_found_by_kind_block_and_id(world: World) -> None:
    """Filters leave the events of the kinds and blocks asked for that name every id given."""
    ledger = world.ledger
    grant = world.issue(world.clauses())
    world.holder_does(Transfer(product=world.product, to=world.buyer, rights=Right.USE))
    assert [type(event) for event in ledger.events(product=world.product)] == [
        ProductRegistered,
        GrantIssued,
        RightsTransferred,
    ]
    assert [type(event) for event in ledger.events(party=world.buyer)] == [
        PartyEnrolled,
        GrantIssued,
        RightsTransferred,
    ]
    assert [type(event) for event in ledger.events(grant=grant)] == [GrantIssued]
    first, last = ledger.events([ProductRegistered, GrantIssued])
    assert list(ledger.events(first=last.block, last=last.block)) == [last]
    assert list(ledger.events([ProductRegistered], first=first.block + 1)) == []
