"""Measure how long it takes to judge a thousand uses: by web3.py, in batches, and in one call.

    python -m benchmarks.checks [--count 1000] [--sample 50] [--rounds 5]

An anvil has one grant, and every use is judged by the contracts. In every round, in turn, over
HTTP: *web3.py* calls the contract for each use of a sample, and in its own batches of a hundred;
*batch* asks the same by calldata of our own in JSON-RPC batches; *ours* is `Ledger.check_all`,
which asks one contract about all of them at once. Times are of so many uses, a sample's counted up.
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.events import contract_abi
from benchmarks.report import Target
from benchmarks.sending import setting
from registry.chain.bindings import GrantRegistry
from registry.chain.ledger import ChainLedger
from registry.chain.operations import call_for
from registry.chain.questions import Question, ask
from registry.chain.states import use_tuple
from registry.chain.wire import to_data
from registry.domain.clauses import Clauses
from registry.domain.events import ProductRegistered
from registry.domain.ids import Address
from registry.domain.operations import Enrol, Issue
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Purpose, Right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.sending import Setting
    from registry.domain.ids import PartyId

COUNT: Final = 1_000
SAMPLE: Final = 50
TARGETS: Final = {"web3.py, in batches ÷ ours": Target(limit=20, at_least=True)}
_BATCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Hold a grant, uses of it that are allowed or not in turn, and web3.py's way to ask."""

    ledger: ChainLedger
    clauses: Clauses
    uses: tuple[Use, ...]
    rpc: Any
    web3: Any
    check: Any

    def arguments(self, uses: Sequence[Use]) -> list[tuple[bytes, tuple[int, ...]]]:
        """Return what the contract is called with, for each use."""
        now = self.ledger.moment()
        return [(self.clauses.pack(), use_tuple(use, now)) for use in uses]


@contextmanager
def asking(count: int) -> Iterator[Asking]:
    """Start an anvil with a grant on it, and end it again."""
    from web3 import HTTPProvider, Web3  # noqa: PLC0415 (two seconds that no other way needs)

    with setting() as using:
        using.mine(at_once=True)
        account = using.sender.address
        ledger = ChainLedger(using.rpc, using.deployment, senders=lambda _: using.sender)

        buyer = Address.parse(using.rpc.call("eth_accounts")[1])
        parties = [_party(using, ledger, one) for one in (account, buyer)]
        (item,) = using.operations(1)
        made = ledger.submit(item, account=account).events
        product = next(one.product for one in made if isinstance(one, ProductRegistered))
        clauses = Clauses(
            product=product,
            grantor=parties[0],
            grantee=parties[1],
            rights=Right.USE,
            actions=Action.READ,
            purposes=Purpose.RESEARCH,
        )
        ledger.submit(Issue(clauses=clauses), account=account)
        purposes = (Purpose.RESEARCH, Purpose.MARKETING)
        uses = tuple(
            Use(user=parties[1], action=Action.READ, purpose=purposes[number % 2])
            for number in range(count)
        )
        web3 = Web3(HTTPProvider(using.url))
        address = web3.to_checksum_address(using.deployment.grants.raw)
        contract: Any = web3.eth.contract(address, abi=contract_abi("GrantRegistry"))
        yield Asking(
            ledger=ledger,
            clauses=clauses,
            uses=uses,
            rpc=using.rpc,
            web3=web3,
            check=contract.functions.check,
        )


def _party(using: Setting, ledger: ChainLedger, account: Address) -> PartyId:
    """Return the party of one of the node's own accounts, enrolled if need be."""
    known = ledger.party_of(account)
    if known is None:
        call = call_for(using.deployment, Enrol(identity_hash=bytes(32)))
        sent = {"from": account.hex, "to": using.deployment.parties.hex, "data": to_data(call.data)}
        using.rpc.call("eth_sendTransaction", sent)
        using.rpc.call("evm_mine")
        known = ledger.party_of(account)
    if known is None:
        raise AssertionError("no party came to be")
    return known


def by_web3(given: Asking, uses: Sequence[Use]) -> list[int]:
    """Return the verdicts that web3.py gets, one call after the other."""
    return [given.check(*one).call() for one in given.arguments(uses)]


def by_web3_batches(given: Asking, uses: Sequence[Use]) -> list[int]:
    """Return the verdicts that web3.py gets in batches."""
    asked, found = given.arguments(uses), []
    for start in range(0, len(asked), _BATCH):
        with given.web3.batch_requests() as batch:
            for one in asked[start : start + _BATCH]:
                batch.add(given.check(*one))
            found += batch.execute()
    return found


def by_batches(given: Asking, uses: Sequence[Use]) -> list[int]:
    """Return the verdicts that JSON-RPC batches of our own give."""
    grants = given.ledger.deployment.grants
    asked = [Question(grants, GrantRegistry.check, one) for one in given.arguments(uses)]
    answers = ask(given.rpc, asked)
    return [one[0] for one in answers if isinstance(one, tuple)]


def by_ours(given: Asking, uses: Sequence[Use]) -> list[int]:
    """Return the verdicts of one call of ours."""
    return [int(one) for one in given.ledger.check_all([(given.clauses, use) for use in uses])]


def measure(count: int, sample: int, rounds: int) -> dict[str, tuple[float, ...]]:
    """Return the milliseconds that each way takes, and how they compare, in each round."""
    with asking(count) as given:
        taken = [_round(given, sample) for _ in range(rounds)]
    return {name: tuple(one[name] for one in taken) for name in taken[0]}


def _round(given: Asking, sample: int) -> dict[str, float]:
    count = len(given.uses)
    scaled = count / sample
    taken = {
        "web3.py, one by one": scaled * _timed(by_web3, given, given.uses[:sample]),
        "web3.py, in batches": _timed(by_web3_batches, given, given.uses),
        "JSON-RPC batches": _timed(by_batches, given, given.uses),
        "ours": _timed(by_ours, given, given.uses),
    }
    return {
        **taken,
        "web3.py, in batches ÷ ours": taken["web3.py, in batches"] / taken["ours"],
        "JSON-RPC batches ÷ ours": taken["JSON-RPC batches"] / taken["ours"],
    }


def _timed(
    way: Callable[[Asking, Sequence[Use]], list[int]], given: Asking, uses: Sequence[Use]
) -> float:
    """Return the milliseconds that a way takes; its verdicts must be the right ones."""
    started = time.perf_counter()
    found = way(given, uses)
    seconds = time.perf_counter() - started
    both = (Verdict.OK, Verdict.PURPOSE_NOT_GRANTED)
    if found != [int(both[number % 2]) for number in range(len(uses))]:
        raise AssertionError("a verdict is another")
    return 1000 * seconds


def unit(name: str) -> str:
    """Return the unit of a figure, empty for a ratio."""
    return "" if "÷" in name else "ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--sample", type=int, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    for name, samples in measure(given.count, given.sample, given.rounds).items():
        print(f"{name:24} {statistics.median(samples):12,.2f} {unit(name)}")


if __name__ == "__main__":
    main()
