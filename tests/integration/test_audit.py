"""Audits on a real chain: what is sound passes, and every planted difference is found and named."""

from __future__ import annotations

import gzip
import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from registry.archive import Archive
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import HttpTransport, Rpc
from registry.client import Dengji
from registry.domain import rlp
from registry.domain.audit import Difference, Finding
from registry.domain.clauses import Clauses
from registry.domain.keccak import keccak
from registry.domain.layout import variable
from registry.domain.moment import AtBlock
from registry.domain.vocabulary import Action, AnnotationKind, Purpose, Reason
from registry.errors import AuditBusy
from registry.services.audits import Audit
from tests import second_node
from tests.conftest import CHAIN_ID
from tests.domain.test_trie_root import plain_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.domain.ids import GrantId, ProductId
    from tests.conftest import World

pytestmark = [pytest.mark.anvil]


class Lying:
    """Carry payloads to a node, and change the answers as `lie` says.

    `lie` sees method, parameters and result, and returns the result to be given.
    """

    def __init__(self, url: str) -> None:
        """Tell the truth until told otherwise."""
        self._carrier = HttpTransport(url)
        self.lie: Callable[[str, list[Any], Any], Any] = lambda _method, _params, result: result
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        """Return where the node is."""
        return self._carrier.url

    def send(self, payload: bytes) -> bytes:
        """Send one payload, single or a batch."""
        sent = json.loads(payload)
        calls = sent if isinstance(sent, list) else [sent]
        self.asked += [one["method"] for one in calls]
        received = json.loads(self._carrier.send(payload))
        answers = received if isinstance(received, list) else [received]
        by_id = {one["id"]: one for one in answers}
        for call in calls:
            answer = by_id[call["id"]]
            if "result" in answer:
                answer["result"] = self.lie(call["method"], call["params"], answer["result"])
        return json.dumps(received).encode()

    def close(self) -> None:
        """Close the connection."""
        self._carrier.close()


class Scene:
    """A small history with all kinds of words, and an auditor whose node may lie."""

    def __init__(self, world: World, folder: Path, opened: ExitStack) -> None:
        """Make a product with a grant, a holder's annotation, and a revoked grant."""
        self.world = world
        self.home = folder / "auditor"
        self.wire = Lying(world.url)
        rpc = opened.enter_context(Rpc(self.wire, chain_id=CHAIN_ID))
        ledger = ChainLedger(rpc, world.deployment)
        self.auditor = Dengji(ledger, archive=Archive(self.home))
        self.holder, self.buyer = (Dengji(world.ledger, one) for one in world.accounts[:2])
        self.buyer.parties.enrol()
        data = folder / "data.csv"
        data.write_text("1,2\n")
        self.product: ProductId = self.holder.products.register(data).product.id
        self.holder.products.annotate(self.product, AnnotationKind.LIMIT, reason=Reason.RISK)
        self.grants = [self._grant(salt) for salt in range(2)]
        self.before = world.ledger.moment().block
        self.holder.grants.revoke(self.grants[1])
        data.write_text("1,2\n3,4\n")
        self.holder.products.update(self.product, data)

    def _grant(self, salt: int) -> GrantId:
        clauses = Clauses(
            product=self.product,
            grantor=self.holder.parties.mine().id,
            grantee=self.buyer.parties.mine().id,
            actions=Action.READ,
            purposes=Purpose.RESEARCH,
            salt=salt,
        )
        return self.holder.grants.issue(clauses).id

    def run(self, *, deep: bool = False, anew: bool = True, **more: Any) -> Audit:  # noqa: ANN401
        """Audit up to the last block."""
        return self.auditor.audits.run(deep=deep, anew=anew, **more)

    def only(self, audit: Audit) -> Difference:
        """Return the one difference that an audit found."""
        assert audit.differences_count == 1, audit.differences
        return audit.differences[0]

    def plant(self, contract: str, name: str, *keys: Any, word: bytes) -> None:  # noqa: ANN401
        """Write a word of storage past the contracts."""
        field = {"GrantRegistry": "grants", "ProductRegistry": "products"}[contract]
        address = getattr(self.world.deployment, field)
        place = variable(contract, name).place(*keys)
        self.world.rpc.call(
            "hardhat_setStorageAt", address.hex, "0x" + place.hex(), "0x" + word.hex()
        )
        self.world.rpc.call("evm_mine")


@pytest.fixture
def scene(world: World, tmp_path: Path) -> Iterator[Scene]:
    """Give a test a scene of its own."""
    with ExitStack() as opened:
        yield Scene(world, tmp_path, opened)


def test_a_sound_chain_passes(scene: Scene) -> None:
    """Without differences an audit says so, over all events and words, deep or not."""
    shallow, deep = scene.run(), scene.run(deep=True)
    for audit in (shallow, deep):
        assert audit, audit.differences
        assert audit.events > 25
        assert audit.words > 40
    assert shallow.unseen == ("logs-left-out", "unnamed-words")
    # anvil's tries are none of Ethereum's.
    assert deep.unseen == (() if second_node.chosen() else ("unnamed-words",))
    assert (deep.events, deep.words) == (shallow.events, shallow.words)


def test_the_next_audit_goes_on_where_one_ended(scene: Scene) -> None:
    """What was read is not read again, every word is compared again, and new events are read."""
    first = scene.run()
    again = scene.run(anew=False)
    assert (again.resumed, again.words, again.events) == (
        first.moment.block,
        first.words,
        first.events,
    )
    scene.wire.asked.clear()
    scene.holder.products.retire(scene.product)
    after = scene.run(anew=False)
    assert after
    assert after.events == first.events + 1
    assert scene.wire.asked.count("eth_getLogs") == 1
    scene.plant("GrantRegistry", "grants", scene.grants[0], word=bytes(32))
    assert scene.only(scene.run(anew=False)).kind is Finding.WORD


def test_an_audit_up_to_an_earlier_block(scene: Scene) -> None:
    """An audit of the past compares the words of then, and leaves what was read further."""
    now = scene.run()
    then = scene.run(anew=False, to=AtBlock(scene.before))
    assert then
    assert then.moment.block == scene.before
    assert then.events < now.events
    assert scene.run(anew=False).resumed == now.moment.block


def test_a_word_that_was_changed_is_named(scene: Scene) -> None:
    """A word of storage that no event explains is found, with its fields and both values."""
    grants = variable("GrantRegistry", "grants")
    place = grants.place(scene.grants[1])
    address = scene.world.deployment.grants.hex
    stored = scene.world.rpc.call("eth_getStorageAt", address, "0x" + place.hex(), "latest")
    fields = grants.word.unpack(bytes.fromhex(stored[2:]))
    revived = grants.word.pack(**{**fields, "stage": 1, "endsAt": 0})
    scene.plant("GrantRegistry", "grants", scene.grants[1], word=revived)
    found = scene.only(scene.run())
    assert (found.kind, found.contract) == (Finding.WORD, "GrantRegistry")
    assert found.what == f"grants[{scene.grants[1]}]"
    assert (found.expected, found.found) == (stored[2:], revived.hex())
    assert set(found.fields) == {"stage", "endsAt"}


def test_a_word_beside_all_events_is_found_deep(scene: Scene) -> None:
    """A word at a place that no event names is found by the root of the contract's storage."""
    if not second_node.chosen():
        scene.wire.lie = _with_tries_of_ethereum(scene.world)
    sound = scene.run(deep=True)
    assert sound, sound.differences
    assert sound.unseen == ()
    scene.plant("ProductRegistry", "holdingCounts", scene.product, word=(1).to_bytes(32))
    assert scene.run()
    found = scene.only(scene.run(deep=True))
    assert (found.kind, found.contract) == (Finding.STORAGE, "ProductRegistry")


def test_a_revocation_that_the_node_leaves_out(scene: Scene) -> None:
    """Without the log of a revocation the grant's word differs; the receipts show which is gone."""
    scene.wire.lie = _without("GrantRevoked")
    found = scene.only(scene.run())
    assert (found.kind, found.what) == (Finding.WORD, f"grants[{scene.grants[1]}]")
    deep = scene.only(scene.run(deep=True))
    assert (deep.kind, deep.what) == (Finding.LOG_MISSING, "GrantRevoked")
    assert deep.contract == "GrantRegistry"


def test_a_grant_that_the_node_leaves_out_whole(scene: Scene) -> None:
    """A grant of which no log is given is seen by a deep audit alone."""
    scene.wire.lie = _without("GrantIssued", "GrantRevoked")
    assert scene.run()
    kinds = {(one.kind, one.what) for one in scene.run(deep=True).differences}
    assert kinds == {
        (Finding.LOG_MISSING, "GrantIssued"),
        (Finding.LOG_MISSING, "GrantRevoked"),
    }


def test_a_log_that_the_node_makes_up(scene: Scene) -> None:
    """A log that no receipt has is named, and is not replayed."""
    registered = _topic("ProductRetired")

    def lie(method: str, _params: list[Any], result: Any) -> Any:  # noqa: ANN401
        if method != "eth_getLogs" or not result:
            return result
        last = result[-1]
        made_up = {**last, "logIndex": hex(int(last["logIndex"], 16) + 7)}
        made_up["topics"] = [registered, last["topics"][1], last["topics"][2]]
        return [*result, {**made_up, "data": "0x", "address": scene.world.deployment.products.hex}]

    scene.wire.lie = lie
    found = scene.only(scene.run(deep=True))
    assert (found.kind, found.what) == (Finding.LOG_INVENTED, "ProductRetired")


@pytest.mark.parametrize(
    "change",
    [
        "data",
        "status",
        pytest.param(
            "dropped", marks=pytest.mark.only_anvil("hardhat tells no receipts of a whole block")
        ),
    ],
)
def test_a_receipt_that_was_altered(scene: Scene, change: str) -> None:
    """Receipts that do not have the root of their header are named with their block."""
    altered = scene.world.ledger.moment().block

    def lie(method: str, params: list[Any], result: Any) -> Any:  # noqa: ANN401
        if method == "eth_getTransactionReceipt" and result["blockNumber"] == hex(altered):
            # Of a node that tells them one by one.
            return lie("eth_getBlockReceipts", [hex(altered)], [result])[0]
        if method != "eth_getBlockReceipts" or params != [hex(altered)]:
            return result
        if change == "dropped":
            return result[:-1]
        if change == "status":
            return [*result[:-1], {**result[-1], "status": "0x0"}]
        logs = result[-1]["logs"]
        forged = [{**logs[0], "data": logs[0]["data"][:-2] + "ff"}, *logs[1:]]
        return [*result[:-1], {**result[-1], "logs": forged}]

    scene.wire.lie = lie
    found = scene.only(scene.run(deep=True))
    assert (found.kind, found.block) == (Finding.RECEIPTS, altered)
    assert scene.run(), "receipts are not asked for unless they are to prove something"


def test_a_header_that_was_altered(scene: Scene) -> None:
    """A header that does not have the hash it is given with is named, whatever its receipts."""
    altered = scene.before

    def lie(method: str, params: list[Any], result: Any) -> Any:  # noqa: ANN401
        if method == "eth_getBlockByNumber" and params[0] == hex(altered):
            return {**result, "receiptsRoot": "0x" + "11" * 32}
        return result

    scene.wire.lie = lie
    kinds = [(one.kind, one.block) for one in scene.run(deep=True).differences]
    assert kinds == [(Finding.HEADER, altered), (Finding.RECEIPTS, altered)]


def test_a_node_without_receipts_of_whole_blocks(scene: Scene) -> None:
    """Receipts are asked for one by one where the node has no other way."""

    class Older(Lying):
        def send(self, payload: bytes) -> bytes:
            return super().send(payload.replace(b"eth_getBlockReceipts", b"eth_getNoReceipts"))

    older = Older(scene.world.url)
    with Rpc(older, chain_id=CHAIN_ID) as rpc:
        auditor = Dengji(ChainLedger(rpc, scene.world.deployment))
        audit = auditor.audits.run(deep=True)
    assert audit, audit.differences
    assert older.asked.count("eth_getTransactionReceipt") > 5


def test_a_lie_is_not_kept(scene: Scene) -> None:
    """After an audit that found a difference the next one reads everything again."""
    scene.wire.lie = _without("GrantRevoked")
    assert not scene.run(deep=True)
    scene.wire.lie = lambda _method, _params, result: result
    after = scene.run(deep=True, anew=False)
    assert after
    assert after.resumed is None


def test_a_chain_begun_anew_is_read_anew(scene: Scene) -> None:
    """Where the block that was read up to is another one now, nothing of it is relied on."""
    scene.run()
    head = scene.world.ledger.moment().block
    scene.world.rpc.call("anvil_reorg", 2, [])
    assert scene.world.ledger.moment().block >= head
    after = scene.run(anew=False)
    assert after.resumed is None


def test_one_audit_writes_at_a_time(scene: Scene) -> None:
    """A second audit of the same home is refused while one is on, and not after."""

    def second(_progress: object) -> None:
        with pytest.raises(AuditBusy):
            Dengji(scene.auditor.ledger, archive=Archive(scene.home)).audits.run()

    assert scene.run(progress=second)
    assert scene.run(anew=False)


def test_who_could_use_it_then(scene: Scene) -> None:
    """The grants that held at a past block are listed with the holders, later ones not."""
    audits = scene.auditor.audits
    then = audits.who(scene.product, at=AtBlock(scene.before))
    now = audits.who(scene.product, at=AtBlock(scene.world.ledger.moment().block))
    assert {one.grant for one in then.entitlements} == set(scene.grants)
    assert {one.grant for one in now.entitlements} == {scene.grants[0]}
    holder = scene.holder.parties.mine().id
    assert [one.party for one in then.holders] == [holder]


def _with_tries_of_ethereum(world: World) -> Callable[[str, list[Any], Any], Any]:
    """Return what answers for storage roots as any chain does: anvil's tries hold zeros too."""

    def tell(method: str, params: list[Any], result: Any) -> Any:  # noqa: ANN401
        if method != "eth_getProof":
            return result
        if params[1]:
            # Whatever the proofs of absence are, none ends in a leaf of zero.
            return {**result, "storageProof": [{**result["storageProof"][0], "proof": []}]}
        dumped = gzip.decompress(bytes.fromhex(world.rpc.call("anvil_dumpState")[2:]))
        words = json.loads(dumped)["accounts"][params[0]]["storage"]
        leaves = {
            keccak(int(place, 16).to_bytes(32)): rlp.encode(rlp.encode_int(int(word, 16)))
            for place, word in words.items()
            if int(word, 16)
        }
        return {**result, "storageHash": "0x" + plain_root(leaves).hex()}

    return tell


def _topic(event: str) -> str:
    from registry.chain import bindings  # noqa: PLC0415

    for contract in (bindings.GrantRegistry, bindings.ProductRegistry):
        for layout in contract.events:
            if layout.name == event:
                return "0x" + layout.topic.hex()
    raise AssertionError(event)


def _without(*events: str) -> Callable[[str, list[Any], Any], Any]:
    """Return a lie that leaves the logs of some events out, of the second grant where of one."""
    topics = {_topic(event) for event in events}

    def lie(method: str, _params: list[Any], result: Any) -> Any:  # noqa: ANN401
        if method != "eth_getLogs":
            return result
        revoked = _topic("GrantRevoked")
        second = {one["topics"][1] for one in result if one["topics"][0] == revoked}
        return [
            one
            for one in result
            if one["topics"][0] not in topics or one["topics"][1] not in second
        ]

    return lie
