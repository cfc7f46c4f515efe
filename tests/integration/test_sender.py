"""The sender on a real node: nothing is lost, nothing is sent twice."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
import time
from typing import TYPE_CHECKING

import pytest

from registry.chain.fees import Fees
from registry.chain.journal import Status
from registry.chain.sender import Call, Landed, Patience
from registry.chain.signer import LocalSigner
from registry.chain.transactions import DynamicFee, LegacyFee, Transaction, hash_of, parse
from registry.chain.transport import HttpTransport
from registry.chain.wire import to_data, to_quantity
from registry.domain.ids import Address
from registry.errors import (
    AccountBusy,
    InsufficientFunds,
    JournalConflict,
    JournalCorrupt,
    NodeUnreachable,
    ReceiptTimeout,
    UnexplainedRevert,
    WrongChain,
)
from registry.reverts import FailedCall
from tests import second_node
from tests.integration.sending import (
    BURNER,
    CALM,
    CHAIN_ID,
    CRASH_POINTS,
    DEAD,
    KEY,
    OTHER_KEY,
    QUICK,
    Anvil,
    Bench,
    bench,
    child,
    counting,
    deployed,
    running,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.anvil
STRANGER = Address.parse("0x00000000000000000000000000000000000000aa")
PUSHES = b"eth_sendRawTransaction"
PATIENT = 120
"""How long, in seconds, a test waits for what comes at once unless the machine is very slow."""


class Mining:
    """Make a block every so often, in a thread, until the end of the block of code.

    Where a base fee is given, in wei, each block asks for it.
    """

    def __init__(self, anvil: Anvil, every: float = 0.1, base_fee: int | None = None) -> None:
        self._anvil, self._every, self._end = anvil, every, threading.Event()
        self._base_fee = base_fee
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        while not self._end.wait(self._every):
            if self._base_fee is not None:
                self._anvil.rpc.call("hardhat_setNextBlockBaseFeePerGas", hex(self._base_fee))
            self._anvil.mine()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()


@pytest.fixture(scope="module")
def steady() -> Iterator[Anvil]:
    """Return a node that makes a block every 30 ms.

    Not one that mines at once: with many transactions waiting anvil then stops mining now and then.
    """
    with running("--no-mining") as anvil, Mining(anvil, every=0.03):
        yield anvil


@pytest.fixture
def manual() -> Iterator[Anvil]:
    """Return a node of its own that mines at once, until told otherwise."""
    with running() as anvil:
        yield anvil


@pytest.fixture
def using(steady: Anvil, tmp_path: Path) -> Iterator[Bench]:
    """Return a sender on the steady node."""
    with bench(steady, tmp_path) as made:
        yield made


@pytest.fixture
def held(manual: Anvil, tmp_path: Path) -> Iterator[Bench]:
    """Return a sender on a node of its own, which soon helps along what waits."""
    with bench(manual, tmp_path, patience=QUICK) as made:
        yield made


def no_mining(anvil: Anvil) -> None:
    """Stop the node from making blocks by itself."""
    anvil.rpc.call("evm_setAutomine", False)  # noqa: FBT003


def in_background(using: Bench, calls: list[Call]) -> tuple[threading.Thread, list[object]]:
    """Send calls in a thread; the list holds what landed, or what was raised."""
    outcomes: list[object] = []

    def work() -> None:
        try:
            outcomes.extend(using.sender.send_all(calls))
        except Exception as error:  # noqa: BLE001 (looked at by the test)
            outcomes.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    return thread, outcomes


def until(done: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENT
    while not done():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def waiting(using: Bench) -> list[bytes]:
    """Return the hashes of what was sent and is not in a block, by nonce."""
    chain = using.sender.submission.chain()
    rows = using.journal.unfinished(chain, using.sender.address.raw)
    return [row.hash for row in rows if row.status is Status.SENT]


def conflicting(counter: Address) -> list[Call]:
    """Return two calls of which only one can succeed, and each when tried out alone."""
    return [Call(to=counter, data=word(1) + word(1), intent=f"once:{k}") for k in range(2)]


# ---- what a caller sees ------------------------------------------------------------------------


def test_a_call_lands_and_says_where(using: Bench) -> None:
    """What is returned agrees with the chain: block, time, gas, logs; and the journal has it."""
    counter = deployed(using)
    landed = using.sender.send(Call(to=counter, data=word(1)))
    assert using.anvil.count(counter, 1) == 1
    receipt = using.anvil.rpc.call("eth_getTransactionReceipt", to_data(landed.transaction))
    block = using.anvil.rpc.call("eth_getBlockByNumber", to_quantity(landed.block), False)  # noqa: FBT003
    assert to_data(landed.block_hash) == receipt["blockHash"] == block["hash"]
    assert to_quantity(landed.time) == block["timestamp"]
    assert to_quantity(landed.gas_used) == receipt["gasUsed"]
    entry = using.journal.get(landed.transaction)
    assert entry is not None
    assert (entry.status, entry.claimed) == (Status.LANDED, True)
    assert not landed.resumed


def test_a_refused_call_is_never_signed(using: Bench) -> None:
    """A revert found by trying out raises the contract's typed error, and nothing is sent."""
    counter = deployed(using)
    before = using.anvil.nonce(using.sender.address)
    with pytest.raises(FailedCall):
        using.sender.send(Call(to=counter))
    assert using.anvil.nonce(using.sender.address) == before
    assert using.transport.count(PUSHES) == 1


def test_calls_come_back_in_order_and_each_once(using: Bench) -> None:
    """Hundreds of calls land once each, in the order of their nonces, in few round trips."""
    counter = deployed(using)
    using.transport.payloads.clear()
    landed = list(using.sender.send_all(counting(counter, 100, 350)))
    assert [one.intent for one in landed] == [f"count:{key}" for key in range(100, 450)]
    nonces = [one.nonce for one in landed]
    assert nonces == list(range(nonces[0], nonces[0] + 350))
    assert all(using.anvil.count(counter, key) == 1 for key in range(100, 450))
    assert sum(PUSHES in payload for payload in using.transport.payloads) < 12


def test_calls_may_build_on_one_another(using: Bench) -> None:
    """A call that only its predecessor makes possible is sent after it, not refused."""
    start = using.anvil.nonce(using.sender.address)
    preview = Address(bytes(20))
    with bench(using.anvil, using.home / "preview", key=OTHER_KEY) as other:
        preview = deployed(other)
    transfers = [
        Call(to=Address(word(2**150 + k)[12:]), value=10**18, intent=f"transfer:{k}")
        for k in range(3)
    ]
    list(using.sender.send_all([*transfers, Call(to=preview, data=word(5) + word(1))]))
    assert using.anvil.count(preview, 5) == 1
    assert using.anvil.nonce(using.sender.address) == start + 4


def test_nothing_after_a_refused_call_is_sent(using: Bench) -> None:
    """Those before it land and are returned, then its error is raised, the rest stays unsent."""
    counter = deployed(using)
    calls = counting(counter, 500, 30)
    calls[20] = Call(to=counter, intent="refused")
    results = using.sender.send_all(calls)
    landed = list(itertools.islice(results, 20))
    assert [one.intent for one in landed] == [call.intent for call in calls[:20]]
    with pytest.raises(FailedCall):
        next(results)
    assert [using.anvil.count(counter, key) for key in (500, 519, 521, 529)] == [1, 1, 0, 0]


def test_the_same_words_are_a_new_wish_once_answered(using: Bench) -> None:
    """An intent that was answered may be wished again; within one list equal calls count apart."""
    counter = deployed(using)
    (call,) = counting(counter, 600, 1)
    first, second = using.sender.send(call), using.sender.send(call)
    assert first.transaction != second.transaction
    list(using.sender.send_all([call, call]))
    assert using.anvil.count(counter, 600) == 4


def test_a_named_run_remembers_its_outcomes(using: Bench) -> None:
    """The same run asked for again returns what landed, and sends only what did not."""
    counter = deployed(using)
    first = list(using.sender.send_all(counting(counter, 700, 5), run="table.csv"))
    again = list(using.sender.send_all(counting(counter, 700, 8), run="table.csv"))
    assert [one.transaction for one in again[:5]] == [one.transaction for one in first]
    assert [one.resumed for one in again] == [True] * 5 + [False] * 3
    assert all(using.anvil.count(counter, key) == 1 for key in range(700, 708))


def test_an_intent_cannot_stand_for_two_calls(held: Bench) -> None:
    """An open intent asked for with other calldata is a contradiction, not a silent mix-up."""
    counter = deployed(held)
    no_mining(held.anvil)
    impatient = Patience(timeout=0.3)
    with bench(held.anvil, held.home, patience=impatient) as hasty, pytest.raises(ReceiptTimeout):
        hasty.sender.send(Call(to=counter, data=word(1), intent="one"))
    with pytest.raises(JournalConflict):
        held.sender.send(Call(to=counter, data=word(2), intent="one"))


# ---- what can go wrong -------------------------------------------------------------------------


def test_an_account_without_funds_is_told_what_it_needs(steady: Anvil, tmp_path: Path) -> None:
    """Before anything is signed, the error names the account, what it has and what it needs."""
    with bench(steady, tmp_path, key=b"\x33" * 32) as poor:
        with pytest.raises(InsufficientFunds) as caught:
            poor.sender.send(Call(to=STRANGER, data=b"\x01"))
        assert caught.value.address == str(poor.sender.address)
        assert caught.value.balance == "0"
        assert int(caught.value.needed) > 21_000
        assert poor.transport.count(PUSHES) == 0
        with pytest.raises(InsufficientFunds):
            poor.sender.send(Call(to=STRANGER, value=1))


def test_another_chain_is_refused_before_signing(steady: Anvil, tmp_path: Path) -> None:
    """A node whose chain id changed under way gets nothing."""
    with running(chain_id=4711) as elsewhere, bench(steady, tmp_path) as using:
        using.sender.send(Call(to=STRANGER))
        using.transport.close()
        using.transport.carrier = HttpTransport(elsewhere.url)
        with pytest.raises(WrongChain) as caught:
            using.sender.send(Call(to=STRANGER))
        assert (caught.value.expected, caught.value.actual) == (CHAIN_ID, 4711)


def lose_once(using: Bench, when: str) -> None:
    """Lose the next transaction on its way, or the answer to it."""
    faults = iter([when])
    using.transport.fault = lambda payload: next(faults, None) if PUSHES in payload else None


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_leads_to_no_second_signature(using: Bench, when: str) -> None:
    """Whether the node got it or not, the same bytes land once, and nothing else was signed."""
    counter = deployed(using)
    lose_once(using, when)
    calls = counting(counter, 800, 40)
    landed = list(using.sender.send_all(calls))
    assert all(using.anvil.count(counter, key) == 1 for key in range(800, 840))
    chain = using.sender.submission.chain()
    for one in landed:
        rivals = using.journal.rivals(chain, using.sender.address.raw, one.nonce)
        assert [rival.hash for rival in rivals] == [one.transaction]


def test_a_node_away_for_a_while_is_waited_for(using: Bench) -> None:
    """While a node that was there does not answer, the sender waits and then goes on."""
    counter = deployed(using)
    pushed = threading.Event()
    back = time.monotonic() + 60

    def fault(payload: bytes) -> str | None:
        nonlocal back
        if PUSHES in payload and not pushed.is_set():
            pushed.set()
            back = time.monotonic() + 1
            return "after"
        return "before" if pushed.is_set() and time.monotonic() < back else None

    using.transport.fault = fault
    using.sender.send(Call(to=counter, data=word(900)))
    assert using.anvil.count(counter, 900) == 1


def test_a_node_that_stays_away_ends_the_wait_and_loses_nothing(using: Bench) -> None:
    """After a while the outage is reported; the transaction stays in the journal and is found."""
    counter = deployed(using)
    gone = threading.Event()

    def fault(payload: bytes) -> str | None:
        if PUSHES in payload:
            gone.set()
            return "after"
        return "before" if gone.is_set() else None

    (call,) = counting(counter, 910, 1)
    patience = Patience(outage=0.5)
    with bench(using.anvil, using.home, patience=patience) as cut_off:
        cut_off.transport.fault = fault
        with pytest.raises(NodeUnreachable):
            cut_off.sender.send(call)
    landed = using.sender.send(call)
    assert landed.resumed
    assert using.anvil.count(counter, 910) == 1


def test_a_node_that_never_was_there_is_reported_at_once(using: Bench) -> None:
    """Without a first contact nobody waits."""
    using.transport.fault = lambda _: "before"
    with pytest.raises(NodeUnreachable):
        using.sender.send(Call(to=STRANGER))
    assert len(using.transport.payloads) == 1


def test_a_transaction_that_fails_in_its_block_says_why(held: Bench) -> None:
    """What passed when tried out and failed when mined raises the contract's error all the same."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, conflicting(counter))
    until(lambda: len(waiting(held)) == 2)
    second = waiting(held)[1]
    held.anvil.drop(second)
    held.anvil.mine()
    until(lambda: "transactions-resent" in held.codes)
    with Mining(held.anvil):
        thread.join()
    assert isinstance(outcomes[1], FailedCall)
    failed = held.journal.get(second)
    assert failed is not None
    assert failed.status is Status.FAILED


def test_a_failure_that_cannot_be_explained_says_so(held: Bench) -> None:
    """Of two conflicting calls in one block the second fails, and the parent does not say why."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, conflicting(counter))
    until(lambda: len(waiting(held)) == 2)
    held.anvil.mine()
    thread.join()
    landed, error = outcomes
    assert isinstance(error, UnexplainedRevert)
    assert error.block == getattr(landed, "block", 0)
    assert error.gas_used < error.gas_limit


def test_a_call_that_runs_out_of_gas_is_sent_again_with_more(using: Bench) -> None:
    """Calls alike but for their cost share a limit; the one that it is too low for lands later."""
    burner = using.sender.send(Call(to=None, data=BURNER, purpose="deploy")).contract
    rounds = [1, 1, 20_000, 1, 1, 1]
    calls = [
        Call(to=burner, data=word(number), intent=f"burn:{k}") for k, number in enumerate(rounds)
    ]
    landed = list(using.sender.send_all(calls))
    assert [one.intent for one in landed] == [call.intent for call in calls]
    assert landed[2].nonce == landed[5].nonce + 1
    assert landed[2].gas_used > 400_000
    with pytest.raises(UnexplainedRevert) as caught:
        using.sender.send(Call(to=burner, data=word(20_000), gas=50_000))
    assert caught.value.gas_used == caught.value.gas_limit == 50_000


def test_waiting_in_vain_ends_and_the_same_call_goes_on_waiting(held: Bench) -> None:
    """ReceiptTimeout names the transaction; asked again, that transaction is waited for."""
    counter = deployed(held)
    no_mining(held.anvil)
    (call,) = counting(counter, 1, 1)
    with bench(held.anvil, held.home, patience=Patience(timeout=0.5)) as hasty:
        with pytest.raises(ReceiptTimeout) as caught:
            hasty.sender.send(call)
        assert caught.value.transaction.startswith("0x")
    with Mining(held.anvil):
        landed = held.sender.send(call)
    assert to_data(landed.transaction) == caught.value.transaction
    assert landed.resumed
    assert held.anvil.count(counter, 1) == 1


# ---- the pool, the fees, the nonces ------------------------------------------------------------


def test_what_the_pool_loses_is_sent_again(held: Bench) -> None:
    """Transactions that the node dropped are given to it again as the same bytes."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, counting(counter, 1, 5))
    until(lambda: len(waiting(held)) == 5)
    before = waiting(held)
    for one in before:
        held.anvil.drop(one)
    until(lambda: "transactions-resent" in held.codes)
    with Mining(held.anvil):
        thread.join()
    assert [getattr(one, "transaction", one) for one in outcomes] == before
    assert all(held.anvil.count(counter, key) == 1 for key in range(1, 6))


def base_fee(anvil: Anvil) -> int:
    """Return what the last block asks for, in wei."""
    head = anvil.rpc.call("eth_getBlockByNumber", "latest", False)  # noqa: FBT003
    return int(head["baseFeePerGas"], 16)


def test_a_stuck_transaction_is_replaced_at_a_higher_fee(held: Bench) -> None:
    """When fees rise above what was offered, one replacement with the same nonce lands."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, counting(counter, 1, 1))
    until(lambda: len(waiting(held)) == 1)
    (before,) = waiting(held)
    with Mining(held.anvil, base_fee=6 * base_fee(held.anvil)):
        thread.join()
    (landed,) = outcomes
    assert getattr(landed, "transaction", before) != before, outcomes
    assert held.anvil.count(counter, 1) == 1
    assert "transaction-replaced" in held.codes
    chain = held.sender.submission.chain()
    rivals = held.journal.rivals(chain, held.sender.address.raw, landed.nonce)  # type: ignore[attr-defined]
    assert rivals[0].hash == before
    assert [rival.status for rival in rivals].count(Status.LANDED) == 1
    assert {rival.status for rival in rivals} == {Status.LANDED, Status.REPLACED}
    fees = [parse(rival.raw).fee.limit for rival in rivals]
    assert all(after * 1000 >= first * 1125 for first, after in itertools.pairwise(fees))


def test_the_replaced_transaction_may_land_after_all(held: Bench) -> None:
    """If a node includes the first one, that one counts, and the rival is put down as replaced."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, counting(counter, 1, 1))
    until(lambda: len(waiting(held)) == 1)
    (before,) = waiting(held)
    entry = held.journal.get(before)
    assert entry is not None
    fee = hex(6 * base_fee(held.anvil))

    def replaced() -> bool:
        # Blocks are counted from the sender's first look on, which may come after any of them.
        with held.sender.locked():
            if "transaction-replaced" in held.codes:
                return True
            held.anvil.rpc.call("hardhat_setNextBlockBaseFeePerGas", fee)
            held.anvil.mine()
            return False

    until(replaced)
    until(lambda: waiting(held) not in ([], [before]))
    # Whoever has the lock sends alone.
    with held.sender.locked():
        (rival,) = waiting(held)
        held.anvil.drop(rival)
        held.anvil.rpc.call("hardhat_setNextBlockBaseFeePerGas", hex(1))
        held.anvil.rpc.call("eth_sendRawTransaction", to_data(entry.raw))
        held.anvil.mine()
    thread.join()
    assert getattr(outcomes[0], "transaction", None) == before
    found = {one: held.journal.get(one) for one in (before, rival)}
    assert {one: row.status for one, row in found.items() if row} == {
        before: Status.LANDED,
        rival: Status.REPLACED,
    }
    assert held.anvil.count(counter, 1) == 1


def foreign(using: Bench, nonce: int) -> bytes:
    """Sign, past the journal, what another program might send with the same key."""
    fee = DynamicFee(max_fee=10**11, priority=10**10)
    transaction = Transaction(
        chain_id=CHAIN_ID, nonce=nonce, gas=21_000, fee=fee, to=STRANGER.raw, value=1
    )
    raw = LocalSigner(KEY).sign_transaction(transaction)
    using.anvil.rpc.call("eth_sendRawTransaction", to_data(raw))
    return hash_of(raw)


def test_a_nonce_taken_by_another_program_is_noticed(held: Bench) -> None:
    """Ours can never land then: it is put down as lost, and the call is signed anew, once."""
    counter = deployed(held)
    no_mining(held.anvil)
    thread, outcomes = in_background(held, counting(counter, 1, 2))
    until(lambda: len(waiting(held)) == 2)
    nonce = held.anvil.nonce(held.sender.address)
    # Whoever has the lock sends alone.
    with held.sender.locked():
        first, _ = waiting(held)
        foreign(held, nonce)
        held.anvil.mine()
    with Mining(held.anvil):
        thread.join()
    lost = held.journal.get(first)
    assert lost is not None
    assert lost.status is Status.LOST
    assert [getattr(one, "nonce", one) for one in outcomes] == [nonce + 2, nonce + 1]
    assert [held.anvil.count(counter, key) for key in (1, 2)] == [1, 1]


def test_what_a_pool_holds_and_passes_over_is_replaced(held: Bench) -> None:
    """A node that knows a transaction, does not count it and never mines it gets a replacement."""
    counter = deployed(held)
    first: list[str] = []

    def answer(payload: bytes) -> bytes | None:
        asked = json.loads(payload)
        if PUSHES not in payload or isinstance(asked, list):
            return None
        first.append(asked["params"][0])
        if asked["params"][0] != first[0]:
            return None
        known = {"code": -32000, "message": "already known"}
        return json.dumps({"jsonrpc": "2.0", "id": asked["id"], "error": known}).encode()

    patience = Patience(timeout=PATIENT, resend=0.2)
    with bench(held.anvil, held.home, patience=patience) as using:
        using.transport.answer = answer
        landed = using.sender.send(Call(to=counter, data=word(1)))
    assert to_data(landed.transaction) != to_data(hash_of(bytes.fromhex(first[0][2:])))
    assert first.count(first[0]) >= 3
    # What the pool does not count is given to it again; where that changed nothing three times, it
    # is replaced. Nothing else happens, though on a slow machine the replacement may be replaced.
    assert using.codes[:4] == ["transactions-resent"] * 3 + ["transaction-replaced"]
    assert set(using.codes[4:]) <= {"transaction-replaced"}
    assert held.anvil.count(counter, 1) == 1


def test_a_hole_in_the_nonces_is_filled(held: Bench) -> None:
    """When another program's transaction below ours is dropped, an empty one takes its nonce."""
    counter = deployed(held)
    no_mining(held.anvil)
    nonce = held.anvil.nonce(held.sender.address)
    other = foreign(held, nonce)
    thread, outcomes = in_background(held, counting(counter, 1, 2))
    until(lambda: len(waiting(held)) == 2)
    held.anvil.drop(other)
    until(lambda: "nonce-refilled" in held.codes)
    with Mining(held.anvil):
        thread.join()
    assert [getattr(one, "nonce", one) for one in outcomes] == [nonce + 1, nonce + 2]


def test_fees_stay_below_the_ceiling(held: Bench) -> None:
    """A transaction that is stuck is not replaced at a fee above the ceiling."""
    counter = deployed(held)
    no_mining(held.anvil)
    fee = base_fee(held.anvil)
    ceiling = fee * 2 + 10**9
    patience = Patience(timeout=3, bump=0.3)
    with bench(held.anvil, held.home, fees=Fees(ceiling=ceiling), patience=patience) as thrifty:
        thread, outcomes = in_background(thrifty, counting(counter, 1, 1))
        until(lambda: len(waiting(thrifty)) == 1)
        with Mining(held.anvil, base_fee=6 * fee):
            thread.join()
        assert isinstance(outcomes[0], ReceiptTimeout)
        assert "transaction-replaced" not in thrifty.codes


def test_a_network_without_base_fee_is_served(tmp_path: Path) -> None:
    """Before EIP-1559 transactions are legacy ones with a price, replaced at a higher price."""
    # Calm, so that none but the test replaces anything.
    with running("--hardfork", "berlin") as anvil, bench(anvil, tmp_path) as using:
        counter = deployed(using)
        no_mining(anvil)
        thread, outcomes = in_background(using, counting(counter, 1, 1))
        until(lambda: len(waiting(using)) == 1)
        (before,) = waiting(using)
        entry = using.journal.get(before)
        assert entry is not None
        assert isinstance(parse(entry.raw).fee, LegacyFee)
        chain = using.sender.submission.chain()
        with using.sender.locked():
            assert using.sender.replace(entry) is not None
        with Mining(anvil):
            thread.join()
        assert isinstance(outcomes[0], Landed), outcomes
        assert anvil.count(counter, 1) == 1
        rivals = using.journal.rivals(chain, using.sender.address.raw, entry.nonce)
        assert [rival.status for rival in rivals] == [Status.REPLACED, Status.LANDED]


def test_damaged_bytes_are_not_sent(held: Bench) -> None:
    """A row whose bytes were changed since they were signed stops the sender."""
    counter = deployed(held)
    no_mining(held.anvil)
    with (
        bench(held.anvil, held.home, patience=Patience(timeout=0.3)) as hasty,
        pytest.raises(ReceiptTimeout),
    ):
        hasty.sender.send(Call(to=counter, data=word(1)))
    (one,) = waiting(held)
    held.anvil.drop(one)
    held.journal._db.execute(
        "UPDATE transactions SET raw = CAST(raw || x'00' AS BLOB) WHERE hash = ?", (one,)
    )
    with pytest.raises(JournalCorrupt, match=one.hex()):
        held.sender.send(Call(to=counter, data=word(2)))


# ---- reorganisations ---------------------------------------------------------------------------


def assert_journal_agrees(using: Bench, transaction: bytes) -> None:
    """Assert that the journal has a transaction where the chain has it."""
    entry = using.journal.get(transaction)
    assert entry is not None
    assert entry.status is Status.LANDED
    assert entry.inclusion is not None
    receipt = using.anvil.rpc.call("eth_getTransactionReceipt", to_data(transaction))
    assert receipt["blockHash"] == to_data(entry.inclusion.block_hash)


def test_a_reorganised_transaction_is_sent_again_while_waiting(
    manual: Anvil, tmp_path: Path
) -> None:
    """Before it has its confirmations a block vanishes: the same bytes land in another."""
    # No replacement, however long it takes: the same bytes are to land.
    patience = dataclasses.replace(CALM, resend=0.3)
    with bench(manual, tmp_path, confirmations=3, patience=patience) as using:
        with Mining(manual):
            counter = deployed(using)
        no_mining(manual)
        thread, outcomes = in_background(using, counting(counter, 1, 1))
        until(lambda: len(waiting(using)) == 1)
        (before,) = waiting(using)
        manual.mine()
        until(lambda: not waiting(using))
        assert manual.count(counter, 1) == 1
        manual.rpc.call("anvil_reorg", 1, [])
        assert manual.count(counter, 1) == 0
        with Mining(manual):
            thread.join()
        (landed,) = outcomes
        assert getattr(landed, "transaction", landed) == before
        assert manual.count(counter, 1) == 1
        assert_journal_agrees(using, before)


def test_a_reorganisation_is_noticed_by_the_next_sender(held: Bench) -> None:
    """What was reported done and then reorganised away is sent again before anything new."""
    counter = deployed(held)
    first = [held.sender.send(call) for call in counting(counter, 1, 3)]
    held.anvil.rpc.call("anvil_reorg", 2, [])
    assert [held.anvil.count(counter, key) for key in (1, 2, 3)] == [1, 0, 0]
    with bench(held.anvil, held.home) as later:
        later.sender.send(Call(to=counter, data=word(9)))
        assert "transactions-reorganised" in later.codes
    assert [held.anvil.count(counter, key) for key in (1, 2, 3, 9)] == [1, 1, 1, 1]
    assert held.sender.resume() == 0
    for landed in first:
        assert_journal_agrees(held, landed.transaction)


# ---- crashes and company -----------------------------------------------------------------------


@pytest.mark.parametrize("point", CRASH_POINTS)
def test_after_a_crash_the_same_command_sends_only_what_did_not_land(
    steady: Anvil, tmp_path: Path, point: str
) -> None:
    """Wherever a process dies, the next one finishes: each call lands once, with no hole."""
    with bench(steady, tmp_path) as using:
        counter = deployed(using)
    start = steady.nonce(LocalSigner(KEY).address)
    victim = child(steady, tmp_path, counter, 1, 12, point)
    victim.communicate()
    second = child(steady, tmp_path, counter, 1, 12)
    answer, _ = second.communicate()
    assert (victim.returncode, second.returncode) == (DEAD, 0)
    assert len(answer.splitlines()) == 12
    counted = [steady.count(counter, key) for key in range(1, 13)]
    # Once the outcomes are written down as handed over, the same words are a new wish.
    assert counted == [2 if point == "after-claim" else 1] * 12
    assert steady.nonce(LocalSigner(KEY).address) == start + sum(counted)


def test_a_process_killed_in_the_middle_leaves_nothing_behind(
    steady: Anvil, tmp_path: Path
) -> None:
    """A process killed at any moment of a long run: the next one's results are each there once."""
    with bench(steady, tmp_path) as using:
        counter = deployed(using)
        for attempt, patience in enumerate((0.3, 0.0, 0.6, 0.1, 0.9, 0.2)):
            first = 1000 * (attempt + 1)
            victim = child(steady, tmp_path, counter, first, 300)
            assert victim.stdout is not None
            # Half of them die while starting up and trying out, half while results come in.
            reported = len(victim.stdout.readline().splitlines()) if attempt % 2 else 0
            time.sleep(patience)
            victim.kill()
            answer, _ = victim.communicate()
            reported += len(answer.splitlines())
            list(using.sender.send_all(counting(counter, first + reported, 300 - reported)))
            counted = [steady.count(counter, key) for key in range(first, first + 300)]
            assert counted == [1] * 300


def test_two_processes_with_one_key_do_not_disturb_each_other(
    steady: Anvil, tmp_path: Path
) -> None:
    """Both finish, every call lands once, and the nonces are distinct and without a hole."""
    with bench(steady, tmp_path) as using:
        counter = deployed(using)
    start = steady.nonce(LocalSigner(KEY).address)
    both = [child(steady, tmp_path, counter, first, 150) for first in (1, 1001)]
    answers = [one.communicate()[0].split() for one in both]
    assert [one.returncode for one in both] == [0, 0]
    nonces = sorted(int(nonce) for answer in answers for nonce in answer[1::2])
    assert nonces == list(range(start, start + 300))
    keys = [*range(1, 151), *range(1001, 1151)]
    assert all(steady.count(counter, key) == 1 for key in keys)


def test_a_key_in_use_is_waited_for_and_then_given_up(using: Bench) -> None:
    """Another holder of the key is announced after a second, and named after the patience."""
    patience = Patience(lock=3)
    with bench(using.anvil, using.home, patience=patience) as second:
        with using.sender.locked(), pytest.raises(AccountBusy) as caught:
            second.sender.send(Call(to=STRANGER))
        assert caught.value.address == str(using.sender.address)
        assert second.codes == ["account-waits"]
        second.sender.send(Call(to=STRANGER))


def test_resuming_finishes_what_others_left(held: Bench) -> None:
    """Unfinished transactions are followed to their end, and kept for whoever asks for them."""
    counter = deployed(held)
    no_mining(held.anvil)
    calls = counting(counter, 1, 3)
    with (
        bench(held.anvil, held.home, patience=Patience(timeout=0.3)) as hasty,
        pytest.raises(ReceiptTimeout),
    ):
        list(hasty.sender.send_all(calls))
    with Mining(held.anvil):
        assert held.sender.resume() == 3
        assert held.sender.resume() == 0
        landed = list(held.sender.send_all(calls))
    assert all(one.resumed for one in landed)
    assert [held.anvil.count(counter, key) for key in (1, 2, 3)] == [1, 1, 1]


def test_what_had_no_room_in_a_last_block_is_set_going(tmp_path: Path) -> None:
    """A chain that makes a block only when something comes makes one for what was left over."""
    patience = Patience(timeout=PATIENT, resend=0.2)
    with (
        running("--no-mining", "--order", "fifo", "--gas-limit", "3000000") as anvil,
        bench(anvil, tmp_path, patience=patience) as using,
    ):

        def answer(payload: bytes) -> bytes | None:
            """Make one block for each time that transactions come, however many they are."""
            if PUSHES not in payload:
                return None
            said = using.transport.carrier.send(payload)
            anvil.mine()
            return said

        using.transport.answer = answer
        burner = using.sender.send(Call(to=None, data=BURNER, purpose="deploy")).contract
        calls = [
            Call(to=burner, data=word(20_000), gas=900_000, purpose="burn", intent=str(number))
            for number in range(9)
        ]
        landed = list(using.sender.send_all(calls))
    first = landed[0].block
    assert [one.block - first for one in landed] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    if second_node.chosen():
        # It counts what the next block has room for, and is given again what it does not count.
        assert set(using.codes) == {"transactions-resent", "transaction-replaced"}
    else:
        assert using.codes == ["transaction-replaced"] * 2
