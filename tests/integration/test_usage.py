"""Uses on a real chain: recorded, counted by receipts, guarded at a service, and settled."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from examples.data_api.service import guarded, rows_of
from registry.archive import Archive
from registry.chain.rpc import Rpc
from registry.chain.signatures import KeySeal
from registry.chain.signer import LocalSigner
from registry.client import Dengji
from registry.domain.clauses import Quota
from registry.domain.events import ReceiptSettled
from registry.domain.ids import GrantId
from registry.domain.ledger import Receipt
from registry.domain.usage import SignedReceipt
from registry.domain.usage_operations import Settlement, SettleReceipts
from registry.domain.vocabulary import Action, Environment, Purpose, QuotaUnit, Reason
from registry.enforcement import Guard, GuardedAsgi
from registry.enforcement import guarded as guarded_function
from registry.enforcement.ledger_book import LedgerBook
from registry.enforcement.responses import HEADER
from registry.errors import (
    ReceiptNotNext,
    ReceiptSignerWrong,
    ReceiptSumWrong,
    ReceiptTimeWrong,
    SignatureWrong,
    UseRefused,
    UseUndecidable,
)
from registry.receipts import Receipts
from registry.reverts import ReceiptStale, UsageRefused
from registry.services.grants import Grant
from tests.conftest import CHAIN_ID, KEYS, World
from tests.serving import served


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A provider with a product, a buyer with a grant on it, and a stranger."""

    world: World
    provider: Dengji
    buyer: Dengji
    stranger: Dengji
    rows: Path
    grant: Grant

    @property
    def guard(self) -> Guard:
        """Return a guard of the provider's."""
        return self.guard_for(2)

    def guard_for(self, blocks: int) -> Guard:
        """Return a guard that remembers for so many blocks."""
        book = LedgerBook(self.provider, environment=Environment.API)
        receipts = self.provider.usages.receipts
        return Guard(book, receipts, self.grant.clauses.product, Action.QUERY, blocks=blocks)

    def used(self, guard: Guard, amount: int = 1, purpose: Purpose = Purpose.INSURANCE) -> None:
        """Have the buyer use so much, and note that it was served."""
        self.buyer.usages.take(guard.admit(self.signed(amount, purpose), amount))

    def signed(self, amount: int = 1, purpose: Purpose = Purpose.INSURANCE) -> SignedReceipt:
        """Return the buyer's next receipt."""
        return self.buyer.usages.sign(
            self.grant, action=Action.QUERY, purpose=purpose, amount=amount
        )


@pytest.fixture
def trade(world: World, tmp_path: Path) -> Iterator[Trade]:
    """Make a product, and a grant of 10,000 calls on it for insurance."""
    keys = {
        s.address: LocalSigner(bytes.fromhex(k))
        for k, s in zip(KEYS, world.senders.values(), strict=True)
    }
    seal = KeySeal(keys.__getitem__)
    with ExitStack() as opened:
        clients = [
            opened.enter_context(
                Dengji(world.ledger, one, archive=Archive(tmp_path / str(place)), seal=seal)
            )
            for place, one in enumerate(world.accounts[:3])
        ]
        for client in clients[1:]:
            client.parties.enrol()
        rows = tmp_path / "rows.csv"
        rows.write_text("name,value\n" + "".join(f"row {n},{n}\n" for n in range(20)))
        product = clients[0].products.register(rows).product.id
        grant = clients[0].grants.issue(
            product=product,
            to=clients[1].parties.mine().id,
            actions=Action.QUERY,
            purposes=Purpose.INSURANCE | Purpose.RESEARCH,
            environment=Environment.API,
            quota=Quota(unit=QuotaUnit.CALL, total=10_000),
        )
        yield Trade(
            world=world,
            provider=clients[0],
            buyer=clients[1],
            stranger=clients[2],
            rows=rows,
            grant=grant,
        )


def test_of_a_quota_all_can_be_used_and_no_more(trade: Trade) -> None:
    """After 9,999 of 10,000 calls two are refused, with evidence kept, and one is recorded."""

    def record(amount: int) -> int | None:
        return trade.buyer.usages.record(
            trade.grant,
            action=Action.QUERY,
            purpose=Purpose.INSURANCE,
            amount=amount,
            environment=Environment.API,
        ).remaining

    assert record(9_999) == 1
    with pytest.raises(UsageRefused) as refused:
        record(2)
    assert refused.value.verdict.name == "QUOTA_EXCEEDED"
    ((number, text),) = trade.buyer.usages.refusals(trade.grant.id)
    told = json.loads(text)
    assert (number, told["amount"], told["verdict"]) == (1, "2", "QUOTA_EXCEEDED")
    assert told["signer"] == str(trade.buyer.account)
    assert record(1) == 0


def test_another_purpose_is_refused_with_evidence(trade: Trade) -> None:
    """A use for what was not granted is refused, and the refusal can be shown."""
    with pytest.raises(UsageRefused):
        trade.buyer.usages.record(
            trade.grant,
            action=Action.QUERY,
            purpose=Purpose.RESALE,
            environment=Environment.API,
        )
    told = [json.loads(text) for _, text in trade.buyer.usages.refusals()]
    assert [one["verdict"] for one in told] == ["PURPOSE_NOT_GRANTED"]


def test_receipts_are_settled_once(trade: Trade) -> None:
    """What was used by receipts is debited in one go, and a settled receipt settles no more."""
    guard = trade.guard
    for _ in range(5):
        trade.used(guard)
    (done,) = trade.provider.usages.settle()
    assert done.gas_used > 0
    counted = trade.provider.usages.counted(trade.grant.id)
    assert (counted.settled.cumulative, counted.remaining, counted.open) == (5, 9_995, 0)
    assert list(trade.provider.usages.settle()) == []
    kept = trade.provider.usages.newest(trade.grant.id)
    assert kept is not None
    trade.provider.usages.receipts.settled(
        kept.receipt.chain_id, kept.receipt.meter, trade.grant.id, 0
    )
    again = trade.provider.usages._settlement(kept)
    assert again is None
    trade.used(guard, 3, Purpose.RESEARCH)
    (_,) = trade.provider.usages.settle([trade.grant.id])
    assert trade.provider.usages.settled(trade.grant.id).cumulative == 8


def test_a_receipt_is_good_for_one_use(trade: Trade) -> None:
    """A replay, another sum, another's signature and a changed receipt are refused."""
    guard = trade.guard
    signed = trade.signed()
    trade.buyer.usages.take(guard.admit(signed))
    with pytest.raises(ReceiptNotNext):
        guard.admit(signed)
    with pytest.raises(ReceiptSumWrong):
        guard.admit(trade.signed(), 2)
    stolen = trade.stranger.usages.sign(
        trade.grant, action=Action.QUERY, purpose=Purpose.INSURANCE, amount=1
    )
    other = replace(stolen.receipt, sequence=9, cumulative=2)
    forged = trade.stranger.usages.signed(replace(stolen, receipt=other), "grantee")
    with pytest.raises(ReceiptSignerWrong):
        guard.admit(forged)
    honest = trade.signed().grantee
    assert honest is not None
    with pytest.raises(SignatureWrong):
        guard.admit(forged.signed("grantee", honest))
    assert guard.expected(trade.grant.id) == (1, 1)


def test_a_revocation_is_felt_within_the_stated_blocks(trade: Trade) -> None:
    """With answers that count for two blocks, the third block after a revocation serves nothing."""
    guard = trade.guard_for(2)
    trade.used(guard)
    trade.provider.grants.revoke(trade.grant.id, Reason.BREACH)
    served = 0
    for _ in range(4):
        try:
            trade.used(guard)
            served += 1
        except UseRefused:
            break
        trade.world.mine()
    assert served <= 2
    strict = trade.guard_for(0)
    with pytest.raises(UseRefused):
        strict.admit(trade.signed(), 1)
    assert [json.loads(text)["verdict"] for _, text in trade.provider.usages.refusals()]


def test_a_reorganisation_does_not_lengthen_an_answer(trade: Trade) -> None:
    """Where the block that was asked is replaced by a revocation, the stated bound holds."""
    guard = trade.guard_for(2)
    trade.world.mine()
    trade.used(guard)
    trade.world.rpc.call("anvil_rollback", 1)
    done = trade.provider.grants.revoke(trade.grant.id, Reason.BREACH)
    head = done.block
    refused = None
    for _ in range(5):
        try:
            trade.used(guard)
        except UseRefused:
            refused = head
            break
        trade.world.mine()
        head += 1
    assert refused is not None
    assert refused <= done.block + 3


def test_a_guard_remembers_so_many_answers(trade: Trade) -> None:
    """Whatever is asked of a guard, it keeps no more than its size, and answers still."""
    book = LedgerBook(trade.provider, environment=Environment.API)
    product = trade.grant.clauses.product
    guard = Guard(book, trade.provider.usages.receipts, product, Action.QUERY, size=1)
    for purpose in (Purpose.INSURANCE, Purpose.RESEARCH, Purpose.INSURANCE):
        trade.used(guard, 1, purpose)
    assert len(guard._answers) == 1
    assert guard.expected(trade.grant.id) == (3, 3)


def test_threads_with_one_receipt_get_one_use(trade: Trade) -> None:
    """Of twenty uses at once with the same receipt one is served, and the sum is that of one."""
    guard, signed = trade.guard, trade.signed()
    served: list[int] = []

    def use(number: int) -> None:
        with suppress(ReceiptNotNext):
            guard.admit(signed)
            served.append(number)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(served) == 1
    assert guard.expected(trade.grant.id) == (1, 1)


def test_what_the_chain_would_not_settle_is_not_served(trade: Trade) -> None:
    """A receipt of a time at which the grant is not there, or before the last one, is refused."""
    guard, now = trade.guard, trade.world.ledger.moment(None).time

    def signed(at: int) -> SignedReceipt:
        return trade.buyer.usages.sign(
            trade.grant, action=Action.QUERY, purpose=Purpose.INSURANCE, at=at
        )

    state = trade.world.ledger.grant(trade.grant.id)
    assert state is not None
    with pytest.raises(ReceiptTimeWrong):
        guard.admit(signed(state.since - 1))
    trade.buyer.usages.take(guard.admit(signed(now + 100)))
    with pytest.raises(ReceiptTimeWrong):
        guard.admit(signed(now + 99))
    ending = trade.provider.grants.issue(
        product=trade.grant.clauses.product,
        to=trade.grant.clauses.grantee,
        actions=Action.QUERY,
        purposes=Purpose.INSURANCE,
        environment=Environment.API,
        until=now + 200,
    )
    late = trade.buyer.usages.sign(
        ending, action=Action.QUERY, purpose=Purpose.INSURANCE, at=now + 200
    )
    with pytest.raises(ReceiptTimeWrong):
        guard.admit(late)
    timely = trade.buyer.usages.sign(
        ending, action=Action.QUERY, purpose=Purpose.INSURANCE, at=now + 199
    )
    assert guard.admit(timely).receipt.cumulative == 1


def test_a_lost_file_of_receipts_gives_no_second_use(trade: Trade, tmp_path: Path) -> None:
    """What is settled counts at a service that knows nothing of it, and use goes on from there."""
    for _ in range(3):
        trade.used(trade.guard)
    list(trade.provider.usages.settle())
    book = LedgerBook(trade.provider, environment=Environment.API)
    with Receipts(tmp_path / "new.sqlite3") as receipts:
        guard = Guard(book, receipts, trade.grant.clauses.product, Action.QUERY)
        again = trade.signed()
        first = replace(again.receipt, sequence=9, cumulative=1)
        with pytest.raises(ReceiptNotNext):
            guard.admit(trade.buyer.usages.signed(replace(again, receipt=first), "grantee"))
        assert guard.admit(again).receipt.cumulative == 4
        assert guard.expected(trade.grant.id)[1] == 4


def test_one_refused_receipt_holds_up_no_other(trade: Trade) -> None:
    """Of three receipts one is refused: the others are settled, and then the refusal is told."""
    others = [
        trade.provider.grants.issue(
            product=trade.grant.clauses.product,
            to=trade.grant.clauses.grantee,
            actions=Action.QUERY,
            purposes=Purpose.INSURANCE,
            environment=Environment.API,
        )
        for _ in range(2)
    ]
    for one in (trade.grant, *others):
        signed = trade.buyer.usages.sign(one, action=Action.QUERY, purpose=Purpose.INSURANCE)
        trade.buyer.usages.take(trade.guard.admit(signed))
    trade.provider.agreements.suspend(others[0].id, Reason.BREACH)
    with pytest.raises(UsageRefused) as refused:
        list(trade.provider.usages.settle())
    assert refused.value.grant == others[0].id
    sums = [trade.provider.usages.settled(one.id).cumulative for one in (trade.grant, *others)]
    assert sums == [1, 0, 1]


def _due(trade: Trade, count: int) -> tuple[Settlement, ...]:
    """Have a use under each of so many grants; return their receipts in the order of settling."""
    for _ in range(count):
        grant = trade.provider.grants.issue(
            product=trade.grant.clauses.product,
            to=trade.grant.clauses.grantee,
            actions=Action.QUERY,
            purposes=Purpose.INSURANCE,
            environment=Environment.API,
        )
        signed = trade.buyer.usages.sign(grant, action=Action.QUERY, purpose=Purpose.INSURANCE)
        trade.buyer.usages.take(trade.guard.admit(signed))
    usages = trade.provider.usages
    found = tuple(one for one in map(usages._settlement, usages.kept()) if one is not None)
    assert len(found) == count
    return found


def _settled_grants(receipt: Receipt) -> list[GrantId]:
    return [event.grant for event in receipt.events if isinstance(event, ReceiptSettled)]


def test_receipts_that_others_file_first_hold_up_no_other(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What others file of a batch before it is sent is left out; what is told is what was new."""
    monkeypatch.setattr("registry.services.usages.BATCH", 2)
    due = _due(trade, 6)
    ids = [one.signed.receipt.grant for one in due]

    def file(*items: Settlement) -> Receipt:
        stranger = trade.world.accounts[2]
        return trade.stranger.ledger.submit(SettleReceipts(items=items), account=stranger)

    settling = trade.provider.usages.settle()
    assert _settled_grants(next(settling)) == ids[:2]
    file(due[2])
    assert _settled_grants(next(settling)) == ids[3:4]
    file(*due[4:])
    assert _settled_grants(file(*due[:4])) == []
    assert [_settled_grants(one) for one in settling] == [[]]
    kept = trade.provider.usages.kept()
    assert [one.settled for one in kept] == [1] * 6


def test_a_last_receipt_that_others_file_first_is_settled(
    trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alone in its batch and settled meanwhile it is refused by the chain, and noted as settled."""
    monkeypatch.setattr("registry.services.usages.BATCH", 1)
    due = _due(trade, 3)
    settling = trade.provider.usages.settle()
    next(settling)
    stranger = trade.world.accounts[2]
    trade.stranger.ledger.submit(SettleReceipts(items=(due[1],)), account=stranger)
    (last,) = settling
    assert _settled_grants(last) == [due[2].signed.receipt.grant]
    assert [one.settled for one in trade.provider.usages.kept()] == [1, 1, 1]


def test_a_service_signs_for_no_other_grantor(trade: Trade) -> None:
    """A service that is not the grantor leaves its receipts to be signed by who is."""
    book = LedgerBook(trade.stranger, environment=Environment.API)
    assert book.countersign(trade.signed()) is None
    own = LedgerBook(trade.provider, environment=Environment.API).countersign(trade.signed())
    assert own is not None


def test_refusals_do_not_fill_the_disk(trade: Trade) -> None:
    """Of refusals without end in one block, evidence is kept of a few."""
    guard = trade.guard_for(0)
    trade.provider.grants.revoke(trade.grant.id, Reason.BREACH)
    for _ in range(10):
        with pytest.raises(UseRefused):
            guard.admit(trade.signed())
    assert len(list(trade.provider.usages.refusals())) == 4


def test_a_guarded_function_runs_only_when_allowed(trade: Trade) -> None:
    """The decorator calls the function for a receipt that covers what the call costs."""
    calls: list[int] = []

    @guarded_function(trade.guard, amount=lambda count: count)
    def rows(count: int) -> int:
        calls.append(count)
        return count

    signed = trade.signed(3)
    assert rows(signed.header(), 3) == 3
    trade.buyer.usages.take(signed)
    with pytest.raises(ReceiptSumWrong):
        rows(trade.signed(1), 2)
    assert calls == [3]


def get(address: str, path: str, receipt: str | None, lang: str = "en") -> tuple[int, Any, str]:
    """Return status, JSON body and receipt of an answer."""
    connection = http.client.HTTPConnection(address, timeout=120)
    headers = {"Accept-Language": lang} | ({} if receipt is None else {HEADER: receipt})
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), answer.getheader(HEADER, "")
    finally:
        connection.close()


def test_a_data_service_serves_what_is_allowed_and_counted(trade: Trade) -> None:
    """Over HTTP a call with its receipt is served and countersigned; each other is refused."""
    application = guarded(rows_of(trade.rows), trade.provider, trade.grant.clauses.product)
    with served(application) as address:
        status, body, back = get(address, "/rows/7", trade.signed().header())
        assert (status, body) == (200, {"name": "row 7", "value": "7"})
        assert SignedReceipt.parse(back).complete
        trade.buyer.usages.take(SignedReceipt.parse(back))
        status, body, _ = get(address, "/rows/7", None, "zh-CN")
        assert (status, body["error"]["code"]) == (400, "receipt-missing")
        assert "收据" in body["error"]["message"]
        assert get(address, "/rows/7", "!!!")[0] == 400
        assert get(address, "/rows/7", back)[0] == 409
        trade.provider.grants.revoke(trade.grant.id)
        for _ in range(3):
            trade.world.mine()
        status, body, _ = get(address, "/rows/7", trade.signed().header())
        assert (status, body["error"]["fields"]["verdict"]) == (403, "GRANT_REVOKED")


def test_without_a_node_nothing_is_served(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the ledger cannot be asked, the answer is 503 and says nothing of the inside."""
    application = guarded(rows_of(trade.rows), trade.provider, trade.grant.clauses.product)
    word = trade.signed().header()
    with served(application) as address:
        gone = Rpc.connect("http://127.0.0.1:1", chain_id=CHAIN_ID)
        monkeypatch.setattr(trade.world.rpc, "_transport", gone._transport)
        status, body, _ = get(address, "/rows/7", word)
    assert (status, body["error"]["code"]) == (503, "use-undecidable")
    assert "127.0.0.1" not in json.dumps(body)
    with pytest.raises(UseUndecidable):
        trade.guard.admit(SignedReceipt.parse(word))


def test_the_same_guard_stands_before_an_asgi_application(trade: Trade) -> None:
    """Under uvicorn a call is served with its receipt and refused without."""

    async def application(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 (ASGI)
        del receive
        if scope["type"] == "lifespan":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"here": true}'})

    wrapped = GuardedAsgi(application, trade.guard)
    config = uvicorn.Config(wrapped, host="127.0.0.1", port=0, lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        for _ in range(6000):
            if server.started:
                break
            time.sleep(0.02)
        address = f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        status, body, back = get(address, "/", trade.signed().header())
        assert (status, body) == (200, {"here": True})
        assert SignedReceipt.parse(back).complete
        assert get(address, "/", None)[0] == 400
        assert get(address, "/", back)[0] == 409
    finally:
        server.should_exit = True
        thread.join()


def test_a_replayed_settlement_is_refused_by_the_chain(trade: Trade) -> None:
    """The meter takes a receipt once, whoever files it again."""
    trade.guard.admit(trade.signed())
    kept = trade.provider.usages.newest(trade.grant.id)
    assert kept is not None
    item = trade.provider.usages._settlement(kept)
    assert item is not None
    trade.provider.ledger.submit(SettleReceipts(items=(item,)), account=trade.world.accounts[2])
    with pytest.raises(ReceiptStale):
        trade.provider.ledger.submit(SettleReceipts(items=(item,)), account=trade.world.accounts[2])
