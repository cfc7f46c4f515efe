"""Questions to the contracts on a real chain: answers, past moments, few trips, lying nodes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain import reader
from registry.chain.bindings import PartyRegistry, ProductRegistry
from registry.chain.ledger import ChainLedger
from registry.chain.reader import ChainReader
from registry.chain.rpc import HttpTransport, Rpc
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import (
    GrantIssued,
    GrantRevoked,
    PartyEnrolled,
    ProductRegistered,
    ProductUpdated,
    RightsTransferred,
)
from registry.domain.grant import GrantStage
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.moment import AtBlock, AtTime
from registry.domain.operations import (
    Enrol,
    Issue,
    Register,
    RegisterBatch,
    Resume,
    Retire,
    Revoke,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.party import Standing
from registry.domain.product import ProductState
from registry.domain.terms import SigningDomain
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, Reason, Right
from registry.errors import (
    AccountNeeded,
    ArgumentUnfit,
    BlockUnknown,
    ChainMoved,
    NodeAnswerMalformed,
    StateUnavailable,
    TimeBeforeChain,
    TimeInFuture,
    VersionsContradicted,
)
from registry.reverts import ProductTaken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from registry.domain.ledger import Ledger, Receipt
    from registry.domain.operations import Operation
    from tests.conftest import World

HOLDER, BUYER = 1, 2
ROOT, META = b"\xcd" * 32, b"\xab" * 32


@dataclass
class Counting:
    """Count what goes to the node, and change what comes back, if told how."""

    inner: HttpTransport
    trips: int = 0
    sent: list[Any] = field(default_factory=list)
    lie: Callable[[Any, Any], Any] | None = None

    @property
    def url(self) -> str:
        """Return the node's address."""
        return self.inner.url

    def send(self, payload: bytes) -> bytes:
        """Pass a payload on."""
        self.trips += 1
        asked = json.loads(payload)
        self.sent.append(asked)
        reply = self.inner.send(payload)
        if self.lie is None:
            return reply
        calls = asked if isinstance(asked, list) else [asked]
        replies = json.loads(reply)
        listed = replies if isinstance(replies, list) else [replies]
        changed = [self.lie(call, one) for call, one in zip(calls, listed, strict=True)]
        return json.dumps(changed if isinstance(replies, list) else changed[0]).encode()

    def close(self) -> None:
        """Close the connection."""
        self.inner.close()


@dataclass
class Scene:
    """Hold a holder and a buyer on a fresh deployment, and a reader whose trips are counted."""

    world: World
    wire: Counting
    reader: ChainReader
    holder: PartyId
    buyer: PartyId

    def do(self, who: int, operation: Operation) -> Receipt:
        """Carry out an operation with one of the accounts."""
        return self.world.ledger.submit(operation, account=self.world.accounts[who])

    def product(self, root: bytes = ROOT, **fields: Any) -> ProductId:  # noqa: ANN401
        """Register a product of the holder's."""
        made = self.do(HOLDER, Register(content_root=root, metadata_hash=META, **fields))
        (event,) = made.events
        assert isinstance(event, ProductRegistered)
        return event.product

    def clauses(self, product: ProductId, **fields: Any) -> Clauses:  # noqa: ANN401
        """Return clauses of a grant to the buyer."""
        given = {
            "product": product,
            "grantor": self.holder,
            "grantee": self.buyer,
            "rights": Right.USE,
            "actions": Action.READ,
            "purposes": Purpose.RESEARCH,
            **fields,
        }
        return Clauses(**given)

    def use(self, **fields: Any) -> Use:  # noqa: ANN401
        """Return a use by the buyer."""
        given = {"user": self.buyer, "action": Action.READ, "purpose": Purpose.RESEARCH, **fields}
        return Use(**given)

    def id_of(self, clauses: Clauses) -> GrantId:
        """Return the id of the grant with these clauses."""
        deployment = self.world.deployment
        domain = SigningDomain(chain_id=deployment.chain_id, verifying_contract=deployment.grants)
        return clauses.digest(domain)


def for_times(world: World) -> int:
    """Return how many trips the times of events take: none where the node's logs tell them."""
    asked = {"address": world.deployment.parties.hex, "fromBlock": "0x0"}
    return 0 if "blockTimestamp" in world.rpc.call("eth_getLogs", asked)[0] else 1


@pytest.fixture
def scene(world: World) -> Iterator[Scene]:
    """Enrol a holder and a buyer."""
    for who in (HOLDER, BUYER):
        world.ledger.submit(Enrol(identity_hash=bytes(32)), account=world.accounts[who])
    holder = world.ledger.party_of(world.accounts[HOLDER])
    buyer = world.ledger.party_of(world.accounts[BUYER])
    assert holder is not None
    assert buyer is not None
    counting = Counting(HttpTransport(world.url))
    with Rpc(counting, chain_id=world.deployment.chain_id) as rpc:
        reader = ChainReader(rpc, world.deployment)
        yield Scene(world=world, wire=counting, reader=reader, holder=holder, buyer=buyer)


def test_reads_parties_and_their_suspensions(scene: Scene) -> None:
    """A party, its standing and each suspension it has had, with their times."""
    reader = scene.reader
    assert reader.party(PartyId.of(1)) is None
    assert reader.party_of(scene.world.deployment.grants) is None
    derived = PartyId.derive(
        scene.world.deployment.chain_id,
        scene.world.deployment.parties,
        scene.world.accounts[HOLDER],
    )
    assert scene.holder == derived
    suspended = scene.do(0, Suspend(party=scene.holder, reason=Reason.BREACH, evidence=b"e" * 12))
    known = reader.party(scene.holder)
    assert known is not None
    assert known.standing is Standing.SUSPENDED
    ended = scene.do(0, Resume(party=scene.holder, index=0))
    (one,) = reader.suspensions(scene.holder)
    assert (one.index, one.reason, one.evidence) == (0, Reason.BREACH, b"e" * 12)
    assert (one.since, one.until) == (suspended.time, ended.time)


def test_reads_products_rights_holdings_and_claims(scene: Scene) -> None:
    """What is registered, who holds which right since when, and what a content root leads to."""
    reader, product = scene.reader, scene.product()
    other = scene.product(salt=9)
    known = reader.product(product)
    assert known is not None
    assert (known.applicant, known.latest, known.rights) == (scene.holder, 1, Right.ALL)
    assert reader.product(ProductId.of(5)) is None
    assert reader.rights_of(product, scene.buyer) == Right(0)
    assert [one.party for one in reader.holdings(product)] == [scene.holder]
    assert [one.product for one in reader.claims(ROOT)] == [product, other]
    assert reader.claims(b"\x99" * 32) == ()
    assert reader.claims_on([b"\x99" * 32, ROOT]) == ((), reader.claims(ROOT))
    scene.do(HOLDER, Transfer(product=product, to=scene.buyer, rights=Right.OPERATE))
    assert reader.rights_of(product, scene.buyer) == Right.OPERATE
    lasting = [one for one in reader.holdings(product) if one.until is None]
    held = {one.party: one.rights for one in lasting}
    assert held == {scene.holder: Right.HOLD | Right.USE, scene.buyer: Right.OPERATE}
    scene.do(HOLDER, Retire(product=product))
    retired = reader.product(product)
    assert retired is not None
    assert retired.state is ProductState.RETIRED


def test_reads_long_lists_to_the_end(scene: Scene) -> None:
    """More claims than a page holds come all, in order, in two round trips."""
    items = tuple(Register(content_root=ROOT, metadata_hash=META, salt=salt) for salt in range(230))
    scene.do(HOLDER, RegisterBatch(items=items[:115]))
    scene.do(HOLDER, RegisterBatch(items=items[115:]))
    scene.wire.trips = 0
    claims = scene.reader.claims(ROOT)
    assert len({one.product for one in claims}) == 230
    assert scene.wire.trips == 2
    scene.wire.trips = 0
    assert scene.reader.claims_on([META, ROOT]) == ((), claims)
    assert scene.wire.trips == 3


def test_checks_a_use_in_two_round_trips(scene: Scene) -> None:
    """The first asks what now is, the second for the verdict."""
    product = scene.product()
    clauses = scene.clauses(product, quota=Quota(unit=QuotaUnit.CALL, total=5))
    assert scene.reader.check(clauses, scene.use()) is Verdict.GRANT_UNKNOWN
    scene.do(HOLDER, Issue(clauses=clauses))
    scene.wire.trips = 0
    assert scene.reader.check(clauses, scene.use()) is Verdict.OK
    assert scene.wire.trips == 2
    assert scene.reader.check(clauses, scene.use(amount=6)) is Verdict.QUOTA_EXCEEDED
    wrong = scene.use(purpose=Purpose.MARKETING)
    assert scene.reader.check(clauses, wrong) is Verdict.PURPOSE_NOT_GRANTED
    scene.do(HOLDER, Revoke(grant=scene.id_of(clauses), reason=Reason.BREACH))
    assert scene.reader.check(clauses, scene.use()) is Verdict.GRANT_REVOKED
    state = scene.reader.grant(scene.id_of(clauses))
    assert state is not None
    assert (state.stage, state.remaining) == (GrantStage.REVOKED, 5)


def test_answers_from_events_in_three_round_trips(scene: Scene) -> None:
    """What now is, the grants issued until then, and the verdicts on them."""
    clauses = scene.clauses(scene.product())
    scene.do(HOLDER, Issue(clauses=clauses))
    scene.wire.trips = 0
    now = scene.reader.moment()
    issued = list(scene.reader.events([GrantIssued], last=now.block, party=scene.buyer))
    found = [Clauses.unpack(one.clauses) for one in issued if isinstance(one, GrantIssued)]
    assert scene.reader.check_all([(one, scene.use()) for one in found], at=now) == (Verdict.OK,)
    assert scene.wire.trips == 3 + for_times(scene.world)
    assert list(scene.reader.events([GrantIssued], last=now.block + 1000)) == issued
    assert scene.wire.trips == 5 + 2 * for_times(scene.world)


def test_checks_a_thousand_uses_in_few_round_trips(scene: Scene) -> None:
    """Questions go in batches, and the answers come in their order."""
    clauses = scene.clauses(scene.product())
    scene.do(HOLDER, Issue(clauses=clauses))
    purposes = [Purpose.RESEARCH, Purpose.MARKETING]
    asked = [(clauses, scene.use(purpose=purposes[n % 2])) for n in range(1000)]
    scene.wire.trips = 0
    verdicts = scene.reader.check_all(asked)
    assert scene.wire.trips <= 6
    assert verdicts == (Verdict.OK, Verdict.PURPOSE_NOT_GRANTED) * 500


def test_more_uses_than_one_call_judges_are_judged_in_order(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several grants, known or not, are judged in calls of a bounded size each."""
    product = scene.product()
    known, unknown = scene.clauses(product), scene.clauses(product, salt=7)
    scene.do(HOLDER, Issue(clauses=known))
    monkeypatch.setattr(reader, "_QUERIES", 3)
    asked = [
        (known, scene.use()),
        (unknown, scene.use()),
        (known, scene.use(user=scene.holder)),
    ] * 3
    verdicts = scene.reader.check_all(asked[:8])
    assert verdicts == tuple(scene.reader.check(*one) for one in asked[:8])
    assert set(verdicts) == {Verdict.OK, Verdict.GRANT_UNKNOWN, Verdict.USER_NOT_GRANTEE}


def test_now_goes_on_while_no_block_is_made(scene: Scene) -> None:
    """A grant that ended on an idle chain is ended, though the last block is older."""
    head = scene.reader.moment()
    until = head.time + 100
    clauses = scene.clauses(scene.product(), window=Window(until=until))
    scene.do(HOLDER, Issue(clauses=clauses))
    assert scene.reader.check(clauses, scene.use()) is Verdict.OK
    scene.world.rpc.call("evm_increaseTime", 200)
    now = scene.reader.moment()
    assert now.time >= until
    assert scene.reader.check(clauses, scene.use()) is Verdict.GRANT_ENDED


def test_answers_for_past_moments(scene: Scene) -> None:
    """Each question has the answer that the state of its block gives."""
    reader = scene.reader
    before = reader.moment()
    product = scene.product()
    registered = reader.moment()
    clauses = scene.clauses(product)
    issued = scene.do(HOLDER, Issue(clauses=clauses))
    scene.world.mine(50)
    scene.do(HOLDER, Update(product=product, latest=1, content_root=META, metadata_hash=ROOT))
    scene.do(HOLDER, Retire(product=product))
    assert reader.product(product, at=before) is None
    then = reader.product(product, at=registered)
    assert then is not None
    assert (then.latest, then.in_force) == (1, True)
    at = reader.moment(AtBlock(issued.block))
    assert (at.block, at.time) == (issued.block, issued.time)
    assert reader.check(clauses, scene.use(), at=at) is Verdict.OK
    assert reader.check(clauses, scene.use()) is Verdict.PRODUCT_NOT_IN_FORCE
    assert reader.grant(scene.id_of(clauses), at=registered) is None
    early = reader.moment(AtBlock(scene.world.deployment.block - 1))
    assert reader.product(product, at=early) is None
    assert reader.rights_of(product, scene.holder, at=early) == Right(0)
    assert reader.check(clauses, scene.use(), at=early) is Verdict.GRANT_UNKNOWN


def test_finds_blocks_by_time(scene: Scene) -> None:
    """The moment of a time is the last block not after it, found in few round trips."""
    first = scene.reader.moment(AtBlock(0))
    for _ in range(60):
        scene.world.mine(10)
    times = [
        scene.reader.moment(AtBlock(number)).time
        for number in range(scene.reader.moment().block + 1)
    ]
    for number in range(0, len(times) - 1, 5):
        for time in range(times[number], times[number + 1]):
            scene.wire.trips = 0
            found = scene.reader.moment(AtTime(time))
            assert (found.block, found.time) == (number, time)
            assert scene.wire.trips <= 5
    with pytest.raises(TimeBeforeChain) as early:
        scene.reader.moment(AtTime(first.time - 1))
    assert early.value.fields == {"given": first.time - 1, "begins": first.time}
    with pytest.raises(BlockUnknown):
        scene.reader.moment(AtBlock(10**6))


def test_no_moment_after_now(scene: Scene) -> None:
    """A time between the last block and now is the last block's; later ones are refused."""
    scene.world.rpc.call("evm_increaseTime", 100)
    now = scene.reader.moment()
    last = scene.reader.moment(AtBlock(now.block)).time
    assert last + 50 < now.time
    found = scene.reader.moment(AtTime(last + 1))
    assert (found.block, found.time) == (now.block, last + 1)
    with pytest.raises(TimeInFuture) as late:
        scene.reader.moment(AtTime(now.time + 3_600))
    assert late.value.given == now.time + 3_600
    assert late.value.now >= now.time


def test_a_value_that_no_parameter_holds_is_refused_here(scene: Scene) -> None:
    """What cannot be asked is said so, without asking."""
    clauses = scene.clauses(scene.product())
    scene.wire.trips = 0
    with pytest.raises(ArgumentUnfit):
        scene.reader.check(clauses, scene.use(amount=2**64), at=scene.world.ledger.moment())
    assert scene.wire.trips == 0


def test_a_refusal_comes_as_the_contracts_error(scene: Scene) -> None:
    """The error that the contract raised, with its fields, before anything is sent."""
    product = scene.product()
    nonce = scene.world.rpc.call(
        "eth_getTransactionCount", scene.world.accounts[HOLDER].hex, "latest"
    )
    with pytest.raises(ProductTaken) as caught:
        scene.product()
    assert caught.value.product == product
    assert nonce == scene.world.rpc.call(
        "eth_getTransactionCount", scene.world.accounts[HOLDER].hex, "latest"
    )


def test_receipts_carry_the_events_of_the_call(scene: Scene) -> None:
    """Each receipt says where its operation stands and what it made."""
    operations = [Register(content_root=ROOT, metadata_hash=META, salt=n) for n in range(20)]
    done: list[int] = []
    account = scene.world.accounts[HOLDER]
    receipts = list(
        scene.world.ledger.submit_all(operations, account=account, progress=done.append)
    )
    assert [one.operation for one in receipts] == operations
    assert done == list(range(1, 21))
    for receipt, operation in zip(receipts, operations, strict=True):
        (event,) = receipt.events
        assert isinstance(event, ProductRegistered)
        assert (event.salt, event.block, event.time) == (
            operation.salt,
            receipt.block,
            receipt.time,
        )
        assert event.transaction == receipt.transaction


def test_reads_events_by_kind_and_by_what_they_name(scene: Scene) -> None:
    """Events come in the order of the chain, narrowed by kind, party, product, grant and block."""
    reader, product = scene.reader, scene.product()
    start = reader.moment().block
    clauses = scene.clauses(product)
    scene.do(HOLDER, Issue(clauses=clauses))
    scene.do(HOLDER, Transfer(product=product, to=scene.buyer, rights=Right.USE))
    other = scene.product(salt=1)
    grant = scene.id_of(clauses)
    scene.do(BUYER, Revoke(grant=grant, reason=Reason.RENOUNCED))

    def kinds(**filters: Any) -> list[type]:  # noqa: ANN401
        return [type(event) for event in reader.events(**filters)]

    assert kinds(product=product) == [ProductRegistered, GrantIssued, RightsTransferred]
    assert kinds(party=scene.buyer) == [
        PartyEnrolled,
        GrantIssued,
        RightsTransferred,
        GrantRevoked,
    ]
    assert kinds(grant=grant) == [GrantIssued, GrantRevoked]
    assert kinds(product=other, party=scene.buyer) == []
    assert kinds(product=product, party=scene.buyer) == [GrantIssued, RightsTransferred]
    assert kinds(kinds=[ProductRegistered], first=start + 1) == [ProductRegistered]
    assert kinds(kinds=[ProductRegistered], last=start) == [ProductRegistered]
    everything = list(reader.events())
    places = [(event.block, event.log_index) for event in everything]
    assert places == sorted(places)
    assert all(event.time for event in everything)
    (issued,) = reader.events(kinds=[GrantIssued])
    assert isinstance(issued, GrantIssued)
    assert Clauses.unpack(issued.clauses) == clauses


def _limited(limit: int) -> Callable[[Any, Any], Any]:
    def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401
        if call["method"] != "eth_getLogs":
            return reply
        asked = call["params"][0]
        if int(asked["toBlock"], 16) - int(asked["fromBlock"], 16) >= limit:
            error = {"code": -32005, "message": "query exceeds max block range"}
            return {"jsonrpc": "2.0", "id": call["id"], "error": error}
        for log in reply["result"]:
            log.pop("blockTimestamp", None)
        return reply

    return lie


def test_narrows_the_range_for_a_node_that_refuses_it(scene: Scene) -> None:
    """A node that gives seven blocks at a time, and no times, tells the same story."""
    product = scene.product()
    for latest in range(1, 12):
        root = latest.to_bytes(32)
        scene.do(
            HOLDER, Update(product=product, latest=latest, content_root=root, metadata_hash=META)
        )
        scene.world.mine()
    whole = list(scene.reader.events())
    scene.wire.lie = _limited(7)
    scene.wire.sent.clear()
    assert list(scene.reader.events()) == whole
    asked = [
        call["params"][0]["fromBlock"]
        for payload in scene.wire.sent
        for call in (payload if isinstance(payload, list) else [payload])
        if call["method"] == "eth_getLogs"
    ]
    assert min(int(first, 16) for first in asked) == scene.world.deployment.block
    blocks = scene.reader.moment().block - scene.world.deployment.block + 1
    assert len(asked) < blocks / 2
    assert [version.number for version in scene.reader.versions(product)] == list(range(1, 13))


def test_many_products_are_asked_about_at_once(scene: Scene) -> None:
    """Many products, and one's rights in them, take one trip each, however many they are."""
    made = [scene.product(salt=number) for number in range(1, 8)]
    asked = [*made, ProductId.of(5)]
    scene.reader.moment()
    scene.wire.trips = 0
    found = scene.reader.products(asked)
    assert [one and one.id for one in found] == [*made, None]
    assert scene.reader.rights_in(asked, scene.holder) == (*[Right.ALL] * 7, Right(0))
    assert scene.wire.trips == 2
    assert scene.reader.products([]) == ()


@pytest.mark.parametrize("bits", [64, 255])
def test_a_list_cannot_be_longer_than_any_is(scene: Scene, bits: int) -> None:
    """A node that tells of more items than anyone can have written is not believed."""
    product = scene.product()
    counts = (
        ProductRegistry.claim_count.call(ROOT),
        ProductRegistry.holding_count.call(product.raw),
        PartyRegistry.suspension_count.call(int(scene.holder)),
    )

    def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401
        if call["method"] == "eth_call" and call["params"][0]["data"] in told:
            reply["result"] = "0x" + (1 << bits).to_bytes(32).hex()
        return reply

    told = {"0x" + data.hex() for data in counts}
    scene.wire.lie = lie
    for ask in (
        lambda: scene.reader.claims(ROOT),
        lambda: scene.reader.holdings(product),
        lambda: scene.reader.suspensions(scene.holder),
    ):
        with pytest.raises(NodeAnswerMalformed):
            ask()


def test_versions_are_proved_by_the_digest_in_storage(scene: Scene) -> None:
    """A node that changes, hides or adds an event of a version is found out."""
    product = scene.product()
    second = Update(product=product, latest=1, content_root=META, metadata_hash=ROOT)
    scene.do(HOLDER, second)
    scene.do(HOLDER, Update(product=product, latest=2, content_root=ROOT, metadata_hash=ROOT))
    versions = scene.reader.versions(product)
    assert [one.content_root for one in versions] == [ROOT, META, ROOT]
    assert all(one.by == scene.holder for one in versions)
    assert scene.reader.versions(ProductId.of(1)) == ()

    def with_logs(change: Callable[[list[Any]], list[Any]]) -> Callable[[Any, Any], Any]:
        def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401
            if call["method"] == "eth_getLogs":
                reply["result"] = change(reply["result"])
            return reply

        return lie

    def altered(logs: list[Any]) -> list[Any]:
        data = logs[1]["data"]
        logs[1]["data"] = data.replace(META.hex(), "33" * 32)
        return logs

    def foreign(logs: list[Any]) -> list[Any]:
        logs[0]["data"] = logs[0]["data"].replace(ROOT.hex(), "33" * 32)
        return logs

    changes: list[Callable[[list[Any]], list[Any]]] = [
        altered,
        foreign,
        lambda logs: logs[:-1],
        lambda logs: logs[1:],
        lambda _: [],
    ]
    for change in changes:
        scene.wire.lie = with_logs(change)
        with pytest.raises(VersionsContradicted):
            scene.reader.versions(product)


def test_asks_again_when_the_chain_is_reorganised_amid_the_questions(scene: Scene) -> None:
    """Answers from two branches fit nothing; that is no lie, and the next ones fit, or say so."""
    product = scene.product()
    cut = 0

    def reorganised(call: Any, reply: Any) -> Any:  # noqa: ANN401
        nonlocal cut
        if call["method"] == "eth_getLogs" and cut < 2:
            cut += 1
            reply["result"] = []
        if call["method"] == "eth_getBlockByNumber" and call["params"][0][:2] == "0x":
            reply["result"]["hash"] = "0x" + "77" * 32
        return reply

    scene.wire.lie = reorganised
    assert [version.number for version in scene.reader.versions(product)] == [1]
    cut = -1
    with pytest.raises(ChainMoved):
        scene.reader.versions(product)


def test_serves_as_the_port_of_the_domain(world: World) -> None:
    """Services take it for what they know: a ledger."""
    ledger: Ledger = world.ledger
    assert ledger.chain_id == ledger.deployment.chain_id


def test_a_ledger_without_keys_is_only_read(world: World) -> None:
    """A write says that it needs an account, before anything is asked."""
    reading = ChainLedger(world.rpc, world.deployment)
    assert reading.party_of(world.accounts[0]) is not None
    with pytest.raises(AccountNeeded):
        reading.submit(Enrol(identity_hash=bytes(32)), account=world.accounts[1])


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("missing trie node 0a0b (path ) state 0x0a is not available", StateUnavailable),
        ("historical state 0a0b is not available", StateUnavailable),
        ("World state unavailable for block", StateUnavailable),
        ("required historical state unavailable (reexec=128)", StateUnavailable),
        ("state at block #5 is pruned", StateUnavailable),
        ("No state available for block 5", StateUnavailable),
        ("header not found", BlockUnknown),
        ("unknown block", BlockUnknown),
        ("header for hash not found", BlockUnknown),
        ("hash 0a0b is not currently canonical", BlockUnknown),
        ("block not found: hash 0x0a0b", BlockUnknown),
        ("0x0a0b hash could not be found", BlockUnknown),
        ("Resource not found", BlockUnknown),
    ],
)
def test_a_state_that_is_gone_is_undecidable(
    scene: Scene, message: str, kind: type[Exception]
) -> None:
    """Whatever a node calls it: no state, no answer."""
    at = scene.reader.moment()

    def gone(call: Any, reply: Any) -> Any:  # noqa: ANN401
        if call["method"] != "eth_call":
            return reply
        return {"id": call["id"], "error": {"code": -32000, "message": message}}

    scene.wire.lie = gone
    with pytest.raises(kind):
        scene.reader.party(scene.holder, at=at)


def test_another_block_of_the_same_number_is_not_answered_from(scene: Scene) -> None:
    """Whoever asks about a block that was given up is told so, and not what stands in its place."""
    at = replace(scene.reader.moment(), block_hash=b"\x77" * 32)
    with pytest.raises(ChainMoved) as caught:
        scene.reader.party(scene.holder, at=at)
    assert caught.value.block == at.block


def test_refuses_answers_that_make_no_sense(scene: Scene) -> None:
    """Cut, padded or impossible return data is the node's fault, not an answer."""
    product = scene.product()

    def with_result(change: Callable[[str], str]) -> Callable[[Any, Any], Any]:
        def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401
            if call["method"] == "eth_call":
                reply["result"] = change(reply["result"])
            return reply

        return lie

    cuts: list[Callable[[str], str]] = [
        lambda text: text[:-2],
        lambda text: text + "00",
        lambda _: "0x",
        lambda text: text[2:],
        lambda text: text.replace("1", "f"),
    ]
    for cut in cuts:
        scene.wire.lie = with_result(cut)
        with pytest.raises(NodeAnswerMalformed):
            scene.reader.product(product)


def test_reads_the_second_version_as_an_update(scene: Scene) -> None:
    """An update names its version, its maker and both digests."""
    product = scene.product()
    made = scene.do(
        HOLDER, Update(product=product, latest=1, content_root=META, metadata_hash=ROOT)
    )
    (event,) = made.events
    assert isinstance(event, ProductUpdated)
    assert (event.version, event.by, event.content_root) == (2, scene.holder, META)
