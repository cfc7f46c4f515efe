"""Measure how many records a second ours takes, and the Ethereum Attestation Service beside it.

    python -m benchmarks.peer_rates

Everything on one anvil in one run, two digests each time: one by one through web3.py with its
defaults, and many in one transaction; `multiAttest` once as web3.py encodes, signs and sends it,
and once by our own encoding and sender, which takes away what is the client's and leaves what is
the contract's.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks import eas, sending
from benchmarks.eas import Eas
from benchmarks.hand import Hand, told
from benchmarks.packages import Package
from benchmarks.report import Figure, Section, ratios
from benchmarks.sending import KEY, Setting, setting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from registry.chain.calls import Landed

TOGETHER: Final = 100
"""Attestations in one transaction."""
RATIOS: Final = (
    "ours: pipelined ÷ eas: one by one, web3.py",
    "ours: batches ÷ eas: multiAttest, web3.py",
    "ours: batches ÷ eas: multiAttest, our sender",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Hold the node with ours and EAS on it."""

    using: Setting
    service: Eas

    def attest(self, count: int) -> float:
        """Return attestations a second through web3.py, one sent and waited for after the other."""
        return count / self._by_web3("attest", [self._one() for _ in range(count)])

    def attest_together(self, count: int) -> float:
        """Return attestations a second through web3.py, many in each transaction."""
        return count / self._by_web3("multiAttest", self._parts(count))

    def attest_pipelined(self, count: int) -> float:
        """Return attestations a second through our sender, many in each transaction."""
        calls = [self.service.service.call("multiAttest", *part) for part in self._parts(count)]
        with self.using.mining():
            started = time.perf_counter()
            landed = list(self.using.sender.send_all(calls))
            seconds = time.perf_counter() - started
        self._counted(landed, count)
        return count / seconds

    def _by_web3(self, function: str, arguments: Sequence[Sequence[Any]]) -> float:
        """Return how many seconds calls took, each sent and waited for."""
        from eth_account import Account  # noqa: PLC0415 (two seconds that only this needs)
        from web3 import HTTPProvider, Web3  # noqa: PLC0415
        from web3.middleware import SignAndSendRawMiddlewareBuilder  # noqa: PLC0415

        self.using.mine(at_once=True)
        web3, account = Web3(HTTPProvider(self.using.url)), Account.from_key(KEY)
        web3.middleware_onion.inject(SignAndSendRawMiddlewareBuilder.build(account), layer=0)
        web3.eth.default_account = account.address
        placed = self.service.service
        at = web3.to_checksum_address(placed.address.raw)
        called = web3.eth.contract(at, abi=placed.contract.interface).functions[function]
        started = time.perf_counter()
        for given in arguments:
            sent = called(*given).transact()
            if web3.eth.wait_for_transaction_receipt(sent)["status"] != 1:
                raise AssertionError("an attestation failed")
        return time.perf_counter() - started

    def _one(self) -> tuple[Any, ...]:
        item = self.service.digests()
        return ((item.schema, item.request),)

    def _parts(self, count: int) -> list[tuple[Any, ...]]:
        """Return the arguments of as many calls of `multiAttest` as these attestations fill."""
        items = [self.service.digests() for _ in range(count)]
        return [
            self.service.together(items[start : start + TOGETHER])
            for start in range(0, count, TOGETHER)
        ]

    def _counted(self, landed: Sequence[Landed], count: int) -> None:
        topic = self.service.service.contract.topic("Attested")
        if sum(len(told(one, topic)) for one in landed) != count:
            raise AssertionError("attestations are missing")


def ways(beside: Beside, count: int, few: int) -> dict[str, Callable[[], float]]:
    """Return what measures each way, by its name; the slow ones take a few items only."""
    using = beside.using
    return {
        "ours: one by one, web3.py": lambda: sending.naive(using, few),
        "eas: one by one, web3.py": lambda: beside.attest(few),
        "ours: pipelined": lambda: sending.pipelined(using, count),
        "ours: batches": lambda: sending.batches(using, count),
        "eas: multiAttest, web3.py": lambda: beside.attest_together(count),
        "eas: multiAttest, our sender": lambda: beside.attest_pipelined(count),
    }


def measure(count: int, few: int, *, backwards: bool = False) -> dict[str, float]:
    """Return the records a second of each way, on a node that is there for this round."""
    with setting() as using:
        service = Eas(Hand(sender=using.sender), Package.installed(eas.PACKAGE))
        measured = ways(Beside(using=using, service=service), count, few)
        # A node gets slower with its state: whoever goes first must not always be the same.
        order = reversed(measured) if backwards else iter(measured)
        rates = {name: measured[name]() for name in order}
    return {name: rates[name] for name in measured}


def section(*, smallest: bool = False) -> Section:
    """Measure the records a second of each way."""
    count, few, rounds = (4, 1, 1) if smallest else (2_000, 40, 4)
    taken = [measure(count, few, backwards=turn % 2 == 1) for turn in range(rounds)]
    samples: Mapping[str, tuple[float, ...]] = {
        name: tuple(one[name] for one in taken) for name in taken[0]
    }
    figures = [
        Figure(name=name, samples=values, unit="records/s") for name, values in samples.items()
    ]
    for name in RATIOS:
        above, _, below = name.partition(" ÷ ")
        figures.append(Figure(name=name, samples=ratios(samples[above], samples[below])))
    return Section(
        name="peer_rates",
        title="Records a second beside others",
        how=f"Two digests recorded here and with {Package.installed(eas.PACKAGE)}, on one anvil, "
        "which shares the machine, each round on a node of its own, its order turned in every "
        f"other. One by one: {few} by web3.py with its defaults, sent and waited for, on a node "
        f"that mines at once. The others: {count:,}, four times as many of ours in batches; ours "
        "through the client, each in a transaction of its own (pipelined) or "
        f"{sending.ITEMS} in one (batches); `multiAttest` with {TOGETHER} in one, by web3.py, and "
        "by our own encoding and sender, to a node that makes one block after the other.",
        figures=tuple(figures),
    )


def main() -> None:
    """Measure and print."""
    print(section().page())


if __name__ == "__main__":
    main()
