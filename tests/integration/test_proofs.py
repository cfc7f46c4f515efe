"""Proofs made of what stands on a real chain, and checked without it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from registry.chain.proofs import ChainProofs
from registry.chain.rpc import HttpTransport, Rpc
from registry.chain.signer import LocalSigner
from registry.chain.tries import confirmed_value_at
from registry.domain.agreement_operations import IssueUnder
from registry.domain.ancestry import Path
from registry.domain.clauses import Quota
from registry.domain.ids import GrantId, ProductId
from registry.domain.key_operations import Rotate
from registry.domain.keys import controller_consent
from registry.domain.lineage import Pin
from registry.domain.moment import AtBlock, AtTime
from registry.domain.operations import Issue, Revoke, Suspend
from registry.domain.proof import OfAbsence, OfGrant, OfProduct
from registry.domain.proof_check import check
from registry.domain.proof_file import load
from registry.domain.terms import SigningDomain
from registry.domain.usage_operations import RecordUsage
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, Reason, SubDelegation
from registry.errors import ProofRefused, ProofSubjectMissing, ProofUnavailable
from registry.services.actor import Actor
from registry.services.proofs import Proofs
from tests.integration.test_reader import Counting
from tests.proof_world import BUYER, FOUNDER, HOLDER, NEXT, ROOT, USER, ProofWorld

if TYPE_CHECKING:
    from registry.services.proofs import Proved
    from tests.conftest import World

pytestmark = [pytest.mark.anvil]

REFUSED = {"code": -32601, "message": "the method eth_getProof does not exist"}


@pytest.fixture
def scene(world: World) -> ProofWorld:
    """Give a chain with parties on it."""
    return ProofWorld(world)


def facts(proved: Proved) -> dict[str, Any]:
    """Check a proof as a stranger does, with both readers; return what it shows."""
    rests_on = proved.shown.rests_on
    shown = check(proved.raw, block_hash=rests_on, read=confirmed_value_at)
    assert shown == proved.shown
    return shown.facts


def test_shows_a_product_with_all_that_is_kept_of_it(scene: ProofWorld) -> None:
    """Versions, claims, holdings, annotations and parties of a product, as the ledger has them."""
    product, ledger = scene.rich_product(), scene.world.ledger
    found = facts(scene.proofs.create(OfProduct(product=product)))
    known = ledger.product(product)
    assert known is not None
    assert found["product"]["id"] == str(product)
    assert found["product"]["applicant"] == str(known.applicant)
    assert (found["product"]["latest"], found["product"]["controls"]) == (2, 1)
    assert found["product"]["inForce"] is True
    assert [one["number"] for one in found["versions"]] == [1, 2]
    assert found["versions"][0]["contentRoot"] == "0x" + ROOT.hex()
    assert (found["versions"][0]["claim"], found["versions"][1]["claim"]) == (1, 0)
    assert found["versions"][1]["contentRoot"] == "0x" + NEXT.hex()
    held = [(one["party"], one["rights"]) for one in found["holdings"] if one["to"] is None]
    assert held == [
        (str(one.party), [right.name for right in type(one.rights) if right in one.rights])
        for one in ledger.holdings(product)
        if one.until is None
    ]
    assert [one["kind"] for one in found["annotations"]] == ["LIMIT", "CONTROL"]
    parties = {str(scene.party(HOLDER)), str(scene.party(BUYER))}
    assert {one["id"] for one in found["parties"]} == parties


def test_shows_one_version_by_the_digest_of_the_one_before(scene: ProofWorld) -> None:
    """A version asked for is shown with version 1, later ones are not needed."""
    product = scene.rich_product()
    found = facts(scene.proofs.create(OfProduct(product=product, version=1)))
    assert [one["number"] for one in found["versions"]] == [1]
    with pytest.raises(ProofSubjectMissing) as caught:
        scene.proofs.create(OfProduct(product=product, version=3))
    assert caught.value.reason == "version-missing"


def test_shows_what_a_version_was_made_of(scene: ProofWorld) -> None:
    """Sources, activity, purposes, method and agents, as their digest on the ledger has them."""
    product = scene.derived_product()
    found = facts(scene.proofs.create(OfProduct(product=product)))
    made = found["versions"][0]["derivation"]
    (known,) = scene.world.ledger.derivations([Pin(product, 1)])
    assert known is not None
    assert made["activity"] == "FUSION"
    assert [one["product"] for one in made["sources"]] == [
        str(one.product) for one in known.sources
    ]
    assert sum(one["grant"] is not None for one in made["sources"]) == 1
    assert made["agents"] == [str(scene.party(HOLDER))]
    assert (found["product"]["derived"], found["product"]["purposes"]) == (True, ["RESEARCH"])


def test_shows_a_grant_with_all_that_it_rests_on(scene: ProofWorld) -> None:
    """A sub-grant, the grant above it with its suspension, all three parties and the product."""
    above, grant = scene.sub_grant()
    found = facts(scene.proofs.create(OfGrant(grant=grant)))
    assert [one["id"] for one in found["grants"]] == [str(above), str(grant)]
    assert [one["standing"] for one in found["grants"]] == ["GRANT_SUSPENDED", "OK"]
    assert found["grants"][0]["suspensions"][0]["to"] is None
    assert found["grants"][1]["period"]["limit"] == "5"
    assert len(found["parties"]) == 3
    assert found["clauses"]["product"] == found["product"]["id"]
    assert [one["verdict"] for one in found["against"]] == ["ANCESTOR_SUSPENDED"]


def test_a_period_that_is_used_up_stands_against_a_grant(scene: ProofWorld) -> None:
    """A daily quota used up stands against the grant and those under it until the next day."""
    product = scene.register()
    quota = Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=86_400)
    free = {"sub_delegation": SubDelegation.FREE, "depth": 2}
    upper = scene.clauses(product, HOLDER, BUYER, quota=quota, **free)
    scene.do(HOLDER, Issue(clauses=upper))
    lower = scene.clauses(product, BUYER, USER, quota=replace(quota, total=50))
    path = Path(clauses=upper)
    scene.do(BUYER, IssueUnder(path=path, clauses=lower))
    above = upper.digest(scene.domain)
    below = lower.digest(scene.domain, above)
    assert facts(scene.proofs.create(OfGrant(grant=below)))["against"] == []
    spent = RecordUsage(path=path, action=Action.READ, purpose=Purpose.RESEARCH, amount=10)
    scene.do(BUYER, spent)
    (own,) = facts(scene.proofs.create(OfGrant(grant=above)))["against"]
    assert own == {"verdict": "PERIOD_EXCEEDED", "subject": str(above)}
    (of_above,) = facts(scene.proofs.create(OfGrant(grant=below)))["against"]
    assert of_above == {"verdict": "ANCESTOR_EXHAUSTED", "subject": str(above)}
    scene.world.mine(86_400)
    assert facts(scene.proofs.create(OfGrant(grant=above)))["against"] == []


def test_shows_a_grant_at_one_block_and_its_end_at_another(scene: ProofWorld) -> None:
    """The same grant stands at an earlier block and is revoked at a later one, party suspended."""
    product = scene.register()
    clauses = scene.clauses(product, HOLDER, BUYER)
    scene.do(HOLDER, Issue(clauses=clauses))
    block = scene.world.ledger.moment().block
    grant = clauses.digest(scene.domain)
    scene.do(HOLDER, Revoke(grant=grant, reason=Reason.BREACH))
    halted = Suspend(party=scene.party(BUYER), reason=Reason.BREACH, evidence=b"e" * 12)
    scene.do(FOUNDER, halted)
    before = facts(scene.proofs.create(OfGrant(grant=grant), at=AtBlock(block)))
    after = facts(scene.proofs.create(OfGrant(grant=grant)))
    assert before["against"] == []
    assert [one["verdict"] for one in after["against"]] == ["GRANT_REVOKED", "GRANTEE_SUSPENDED"]


def test_shows_that_nothing_is_kept_of_a_name(scene: ProofWorld) -> None:
    """A grant, a product and a content that are not there; what is there is not absent."""
    product = scene.register()
    for absent in (GrantId.of(5), ProductId.of(5), b"\x07" * 32):
        found = facts(scene.proofs.create(OfAbsence(absent=absent)))
        text = str(absent) if not isinstance(absent, bytes) else "0x" + absent.hex()
        assert found["absent"]["id"] == text
    for there in (product, ROOT):
        with pytest.raises(ProofSubjectMissing) as caught:
            scene.proofs.create(OfAbsence(absent=there))
        assert caught.value.reason == "not-absent"


def test_what_is_not_there_yet_is_absent_at_its_block(scene: ProofWorld) -> None:
    """A product registered later is absent at an earlier block."""
    scene.party(HOLDER)
    block = scene.world.ledger.moment().block
    product = scene.register()
    found = scene.proofs.create(OfAbsence(absent=product), at=AtBlock(block))
    assert facts(found)["absent"]["kind"] == "product"
    with pytest.raises(ProofSubjectMissing):
        scene.proofs.create(OfProduct(product=product), at=AtBlock(block))


def test_a_time_between_blocks_rests_on_the_next_one(scene: ProofWorld) -> None:
    """The block's own header cannot say that it was the last: the next one's can."""
    product = scene.register()
    moment = scene.world.ledger.moment()
    scene.world.mine(100)
    header = scene.world.ledger.moment(AtBlock(moment.block))
    asked = AtTime(header.time + 50)
    proved = scene.proofs.create(OfProduct(product=product), at=asked)
    assert proved.shown.asked == asked.seconds
    assert proved.shown.block == moment.block
    after = scene.world.ledger.moment(AtBlock(moment.block + 1))
    assert proved.shown.rests_on == after.block_hash != moment.block_hash
    facts(proved)
    with pytest.raises(ProofRefused) as caught:
        check(proved.raw, block_hash=header.block_hash)
    assert caught.value.reason == "block-other"
    late = AtTime(scene.world.ledger.moment(AtBlock(moment.block + 1)).time)
    with pytest.raises(ProofUnavailable) as none:
        scene.proofs.create(OfProduct(product=product), at=late)
    assert none.value.reason == "no-next-block"


def test_the_ledger_that_is_meant_can_be_named(scene: ProofWorld) -> None:
    """A proof of another directory or chain than the one that is meant is refused."""
    proved = scene.proofs.create(OfAbsence(absent=GrantId.of(5)))
    block_hash, made = proved.shown.rests_on, scene.world.deployment
    check(proved.raw, block_hash=block_hash, directory=made.directory, chain_id=made.chain_id)
    with pytest.raises(ProofRefused) as caught:
        check(proved.raw, block_hash=block_hash, directory=made.products)
    assert caught.value.reason == "directory-other"
    with pytest.raises(ProofRefused) as chained:
        check(proved.raw, block_hash=block_hash, chain_id=1)
    assert chained.value.reason == "chain-other"
    assert json.loads(proved.raw)["chain"] == made.chain_id


def test_later_blocks_revocations_and_rotations_change_no_proof(scene: ProofWorld) -> None:
    """A proof of a past block is the same to the byte whenever it is made, and holds for good."""
    product = scene.register()
    clauses = scene.clauses(product, HOLDER, BUYER)
    scene.do(HOLDER, Issue(clauses=clauses))
    grant, block = clauses.digest(scene.domain), scene.world.ledger.moment().block
    before = scene.proofs.create(OfGrant(grant=grant), at=AtBlock(block))
    signer = LocalSigner(b"\x07" * 32)
    domain = SigningDomain(
        chain_id=scene.world.deployment.chain_id,
        verifying_contract=scene.world.deployment.parties,
    )
    deadline = scene.world.ledger.moment().time + 3_600
    wanted = controller_consent(party=scene.party(HOLDER), key=signer.address, deadline=deadline)
    consent = signer.sign_digest(wanted.digest(domain))
    scene.do(HOLDER, Revoke(grant=grant, reason=Reason.BREACH))
    rotated = Rotate(successor=signer.address, deadline=deadline, consent=consent)
    scene.do(HOLDER, rotated)
    scene.world.mine(1_000)
    after = scene.proofs.create(OfGrant(grant=grant), at=AtBlock(block))
    assert after.raw == before.raw
    now = facts(scene.proofs.create(OfGrant(grant=grant)))
    controllers = {one["id"]: one["controller"] for one in now["parties"]}
    assert controllers[str(scene.party(BUYER))] == str(scene.world.accounts[BUYER])
    assert str(signer.address) in controllers.values()
    facts(before)


@pytest.mark.parametrize(
    ("method", "change", "error", "reason"),
    [
        (
            "eth_getProof",
            {"error": {"code": -32601, "message": "no"}},
            ProofUnavailable,
            "no-proofs",
        ),
        ("eth_getBlockByNumber", {"gasUsed": "0x1"}, ProofUnavailable, "header-unknown"),
        ("eth_getProof", {"balance": "0x5"}, ProofRefused, "account-other"),
        ("eth_getProof", {"storageHash": "0x" + "07" * 32}, ProofRefused, "account-other"),
        ("eth_getCode", "0x6001", ProofRefused, "code-other"),
    ],
)
def test_a_lying_node_makes_no_proof(
    scene: ProofWorld,
    method: str,
    change: str | dict[str, object],
    error: type[ProofRefused | ProofUnavailable],
    reason: str,
) -> None:
    """What the node tells is checked before it is kept."""
    product = scene.register()

    def lie(call: Any, reply: Any) -> Any:  # noqa: ANN401 (whatever the node says)
        if call["method"] != method:
            return reply
        if isinstance(change, str):
            return {**reply, "result": change}
        if "error" in change:
            return {"jsonrpc": "2.0", "id": reply["id"], **change}
        return {**reply, "result": {**reply["result"], **change}}

    wire = Counting(HttpTransport(scene.world.url), lie=lie)
    with Rpc(wire, chain_id=scene.world.deployment.chain_id) as rpc:
        actor = Actor(ledger=scene.world.ledger, choose=lambda: None)
        proofs = Proofs(actor, lambda deployment: ChainProofs(rpc, deployment))
        with pytest.raises(error) as caught:
            proofs.create(OfProduct(product=product))
    assert caught.value.fields["reason"] == reason


def test_the_trips_to_the_node_do_not_grow_with_what_is_shown(scene: ProofWorld) -> None:
    """Words are asked for together: a rich product takes few trips more than a plain one."""
    counts = []
    for product in (scene.register(content_root=b"\x11" * 32), scene.rich_product()):
        wire = Counting(HttpTransport(scene.world.url))
        with Rpc(wire, chain_id=scene.world.deployment.chain_id) as rpc:
            source = ChainProofs(rpc, scene.world.deployment)
            given = load(scene.proofs.create(OfProduct(product=product)).raw)[0].preimages
            moment = scene.world.ledger.moment()
            source.make(OfProduct(product=product), given, moment, asked=None)
        counts.append(wire.trips)
    assert counts[1] <= counts[0] + 8
    assert counts[1] <= 32
