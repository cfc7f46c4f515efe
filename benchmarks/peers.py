"""Measure in gas what the registry's tasks cost elsewhere, and at the least, all on one anvil.

    python -m benchmarks.peers

The contracts of the Ethereum Attestation Service and of Ocean Protocol come from their npm packages
as their makers compiled them, and stand beside ours on one chain, in one run. Each is given the
same fields, random where they are digests and names; ten records of each kind are there before;
each measurement is the `gasUsed` of a transaction's receipt.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import eas, ocean
from benchmarks.eas import Eas
from benchmarks.floor import Floor
from benchmarks.hand import Hand
from benchmarks.ocean import Ocean
from benchmarks.ours import Ours
from benchmarks.packages import Package
from benchmarks.payloads import word
from benchmarks.peer_tasks import WHO, compared
from benchmarks.report import Figure, Section, Target, ratios
from benchmarks.sending import setting
from registry.chain import wire
from registry.domain.ids import ProductId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Samples = dict[str, tuple[float, ...]]
"""Gas in every round by its name: who, a colon, what."""

SIZES: Final = (10, 100)
SMALLEST: Final = (2,)
TRANSACTION_LIMIT: Final = 16_777_216
"""The most gas that a transaction may take (EIP-7825)."""


RATIOS: Final[Mapping[str, Target]] = {
    "ours: register ÷ floor: register": Target(limit=1.65),
    "eas: product ÷ ours: listed": Target(limit=4, at_least=True),
    "eas: digests ÷ ours: register": Target(limit=2.8, at_least=True),
    "eas: grant ÷ ours: grant": Target(limit=4.5, at_least=True),
    "eas: revoke ÷ ours: revoke": Target(limit=2.25, at_least=True),
    "ocean: product ÷ ours: register": Target(limit=15, at_least=True),
}
LIMITS: Final[Mapping[str, Target]] = {"ours: register_100": Target(limit=50_000)}

NOTES: Final = (
    (
        "**Floor** (`benchmarks/contracts/Floor.sol`, compiled as our contracts are): one new slot "
        "and one log with exactly the fields that ours takes and tells, for a revocation one slot "
        "changed; no party, right, clause or earlier record is looked at."
    ),
    (
        "**EAS**: `attest`, `multiAttest`, `attestByDelegation`, `revoke`, `multiRevoke`, "
        "`timestamp`, without a resolver. `digests` is an attestation to the holder under the "
        f"schema `{eas.DIGESTS}`; `product` one under `{eas.PRODUCT}` with a URI of 60 bytes, "
        f"which refers to its parent's; `grant` one to the grantee under `{eas.GRANT}`, and it is "
        "what `revoke` takes back; `…_to_nobody` names no recipient. `delegated` is a grant whose "
        "attester has signed before. A hundred of these attestations in one transaction are more "
        f"than a transaction may take since EIP-7825 ({TRANSACTION_LIMIT:,} gas)."
    ),
    (
        "**Ocean**: `product` is `createNftWithErc20` with a URI of 60 bytes, and `setMetaData` "
        f"with a DDO of {ocean.DDO:,} bytes and its hash, two transactions; `order` is the first "
        "`startOrder` of a datatoken, `order_again` the second, `order_dispensed` the second "
        "`buyFromDispenserAndOrder`. Nobody asks a fee. An order is not taken back."
    ),
    (
        "Ours carries more than the fields compared: rights, class and salt of a registration; "
        "grantor, rights, actions and salt of a grant. Attestations and orders serve other tasks "
        "as well; these figures compare this task and nothing else."
    ),
)
"""What each was asked to do."""


def measure(sizes: Sequence[int]) -> dict[str, float]:
    """Return the gas of every task of everyone, batches of each size by the item."""
    with setting() as using, tempfile.TemporaryDirectory(prefix="dengji-peers-") as locks:
        hand = Hand(sender=using.sender)
        ours = Ours(using, Path(locks))
        head = using.rpc.ask(wire.header, "eth_getBlockByNumber", "latest", False)  # noqa: FBT003 (a JSON value)
        found = {
            "ours": ours.measure(sizes),
            "floor": Floor(hand, lambda: ours.clauses(ProductId(word()[:20]))).measure(sizes),
            "eas": Eas(hand, Package.installed(eas.PACKAGE)).measure(head.time, sizes),
            "ocean": Ocean(hand, Package.installed(ocean.PACKAGE)).measure(),
        }
    return {f"{who}: {task}": gas for who, costs in found.items() for task, gas in costs.items()}


def section(*, smallest: bool = False) -> Section:
    """Measure the gas of each task, here and elsewhere."""
    sizes, rounds = (SMALLEST, 1) if smallest else (SIZES, 3)
    taken = [measure(sizes) for _ in range(rounds)]
    samples = {name: tuple(one[name] for one in taken) for name in taken[0]}
    figures = [
        Figure(name=name, samples=values, unit="gas", target=LIMITS.get(name))
        for name, values in samples.items()
    ]
    figures += [
        Figure(name=name, samples=ratios(*_both(samples, name)), target=target)
        for name, target in RATIOS.items()
    ]
    return Section(
        name="peers",
        title="Gas beside others",
        how=_how(sizes),
        figures=tuple(figures),
        remarks=(_table(samples), *NOTES),
    )


def _both(samples: Samples, name: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    above, _, below = name.partition(" ÷ ")
    return samples[above], samples[below]


def _how(sizes: Sequence[int]) -> str:
    packages = " and ".join(str(Package.installed(one.PACKAGE)) for one in (eas, ocean))
    batches = " and ".join(map(str, sizes))
    return (
        "The same fields recorded here and elsewhere, on one anvil in one run: ours, the contracts "
        f"of the npm packages {packages}, and a floor. Each is a transaction of its own, "
        f"`gasUsed` of its receipt; `…_{sizes[-1]}` is each of so many in one transaction, of "
        f"which {batches} were tried. Ten records of each kind are there before. Digests and names "
        "are random and have no zero bytes."
    )


def _table(samples: Samples) -> str:
    """Return all beside each other: gas, and how many times ours."""
    lines = [f"| | {' | '.join(WHO.values())} |", "|---|---:|---:|---:|---:|"]
    for task, names in compared(samples.keys()):
        gas = {who: statistics.median(samples[name]) for who, name in names.items()}
        cells = (_cell(who, gas) for who in WHO)
        lines.append(f"| {task} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(who: str, gas: Mapping[str, float]) -> str:
    if who not in gas:
        return "–"
    times = gas[who] / gas["ours"]
    factor = {"ours": "", "floor": f" ({times:.2f}×)"}.get(who, f" ({times:.1f}×)")
    return f"{gas[who]:,.0f}{factor}"


def main() -> None:
    """Measure and print."""
    print(section().page())


if __name__ == "__main__":
    main()
