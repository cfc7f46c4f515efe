"""Put the questions that the benchmarks answer, each at full size or at its smallest."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import (
    anchoring,
    checks,
    devchain_crash,
    events,
    fingerprint,
    gas,
    growth,
    memory,
    peer_rates,
    peers,
    proofs,
    sending,
    startup,
)
from benchmarks.report import Figure, Section, Target, ratios

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GAS_TARGETS: Final[Mapping[str, int]] = {
    "register": 78_000,
    "grant": 70_500,
    "property_registration": 420_000,
    "revoke": 35_000,
    "agree": 85_000,
    "sub_grant": 80_000,
    "sub_grant_each_level_more": 4_500,
    "record": 48_000,
    "record_each_ancestor_more": 8_000,
    "settle_100": 30_000,
    "register_100": 50_000,
    "grant_100": 38_000,
    "revoke_100": 8_500,
    "register_listed": 85_690,
    "anchor_1000": 60,
    "anchor_100000": 1,
    "promote": 105_000,
}
ONE_SIXTH: Final = round(1 / 6, 3)
_BARE: Final = "bare click --help"
_WEB3: Final = "import web3"
_ASKING: Final = ("check", "product show", "grant show")


def gas_section(*, smallest: bool = False) -> Section:
    """Measure the gas of each operation."""
    batch, rounds = (2, 1) if smallest else (100, 3)
    taken = [gas.measure(batch) for _ in range(rounds)]
    samples = {name: tuple(float(one[name]) for one in taken) for name in taken[0]}
    figures = [
        Figure(name=name, samples=values, unit="gas", target=_gas_target(name))
        for name, values in samples.items()
    ]
    grown = ratios(samples["claim_last"], samples["claim_2nd"])
    # A zero byte among the random ones of a transaction makes it 12 gas cheaper.
    figures.append(Figure(name="claim_last ÷ claim_2nd", samples=grown, target=Target(limit=1.001)))
    return Section(
        name="gas",
        title="Gas",
        how="Each operation as a transaction of its own through the client, on a chain started for "
        "it: ten products and grants are there before, parties are enrolled, hashes and salts are "
        f"random. `…_{batch}` is each of {batch} in one transaction; `claim_2nd` and `claim_last` "
        f"are the second and the last of {batch} registrations of the same content. "
        "`register_listed` tells a series and a locator of 60 bytes, `anchor_…` is for each leaf, "
        "`promote` of a leaf under twenty siblings, as a tree of 2^20 has them. `gasUsed` of "
        "the receipts; rounds differ by the zero bytes among the random ones.",
        figures=tuple(figures),
    )


def _gas_target(name: str) -> Target | None:
    return Target(limit=GAS_TARGETS[name]) if name in GAS_TARGETS else None


def startup_section(*, smallest: bool = False) -> Section:
    """Measure how long commands take from start to end."""
    taken = startup.samples(1 if smallest else startup.RUNS)
    figures = [
        Figure(name=name, samples=tuple(1000 * one for one in seconds), unit="ms")
        for name, seconds in taken.items()
    ]
    for name, limit in startup.TARGETS.items():
        times = ratios(taken[name], taken[_BARE])
        figures.append(Figure(name=f"{name} ÷ {_BARE}", samples=times, target=Target(limit=limit)))
    for name in _ASKING:
        part = ratios(taken[name], taken[_WEB3])
        figures.append(
            Figure(name=f"{name} ÷ {_WEB3}", samples=part, target=Target(limit=ONE_SIXTH))
        )
    return Section(
        name="startup",
        title="Start-up",
        how="Wall time of whole processes, from start to end, against a running local chain with "
        "one product and one grant; all kinds in turn in every round. A question's time includes "
        "its round trips to the node, which the target allows on top.",
        figures=tuple(figures),
    )


def fingerprint_section(*, smallest: bool = False) -> Section:
    """Measure fingerprints beside plain hashing of the same bytes."""
    rows = fingerprint.run(0.0001 if smallest else 1.0, rounds=1 if smallest else 3)
    figures = []
    for row in rows:
        target = Target(limit=row.limit, at_least=row.target.startswith("≥"))
        figures.append(Figure(name=row.question, samples=tuple(row.ratios), target=target))
    figures += [
        Figure(name=f"{row.question}: {way}", samples=tuple(taken), unit=row.unit)
        for row in rows
        for way, taken in row.ways.items()
    ]
    return Section(
        name="fingerprint",
        title="Fingerprints",
        how="Ratios first, then what is behind them. A large file of random bytes: speed of the "
        "fingerprint to that of the quicker of two plain BLAKE3 hashes over the same bytes, mapped "
        "and read, with all "
        "threads; cold after `posix_fadvise(DONTNEED)`; beside them the bare reading of it, in one "
        "thread. Verified: time of finding and judging the "
        "registration of the same file to that of its fingerprint. Memory: the greatest anonymous "
        "memory of the process and its children, to the 200 MB allowed. Small files of 1 to 8 KiB: "
        "time of the fingerprint to that of two processes that open, read and hash them and do "
        "nothing else, warm. Very many files of 8 bytes, warm, with manifest and checkpoint, in a "
        "process of its own: time of each to that of the same two processes; time of each where a "
        "checkpoint knows all of them, to that; memory. Merkle root: time to the 8 s allowed.",
        figures=tuple(figures),
    )


def sending_section(*, smallest: bool = False) -> Section:
    """Measure registrations a second."""
    count, naive, rounds = (5, 2, 1) if smallest else (3000, 40, 3)
    taken = [sending.measure(count, naive, 1) for _ in range(rounds)]
    figures = []
    for name in taken[0]:
        limit = sending.TARGETS.get(name)
        figures.append(
            Figure(
                name=name,
                samples=tuple(one[name] for one in taken),
                unit="" if name in sending.TARGETS else "registrations/s",
                target=None if limit is None else Target(limit=limit, at_least=True),
            )
        )
    return Section(
        name="sending",
        title="Sending",
        how="Registrations of new content on one anvil, which shares the machine. "
        f"Naive: {naive} by web3.py with its defaults: filled in, signed and sent by `transact`, "
        "waited for, one after the other, on a node that mines at once. "
        f"Pipelined: {count:,} by `Ledger.submit_all`, tried out, journalled on disk, sent in "
        "batches, receipts and events decoded, on a node that makes blocks with pauses twice "
        "as long as making one takes, a tenth of a second at least. Ceiling: as many signed "
        f"beforehand, given in batches and then mined. Batches: {sending.ITEMS} registrations in "
        "each transaction, otherwise as pipelined, four times as many. Each round on a node of its "
        "own.",
        figures=tuple(figures),
    )


def events_section(*, smallest: bool = False) -> Section:
    """Measure events read a second."""
    count, sample, rounds = (60, 30, 1) if smallest else (events.COUNT, events.SAMPLE, 3)
    taken = events.measure(count, sample, rounds)
    figures = [
        Figure(name=name, samples=samples, unit=events.unit(name), target=events.TARGETS.get(name))
        for name, samples in taken.items()
    ]
    return Section(
        name="events",
        title="Reading events",
        how=f"{count:,} registrations on one anvil, 500 in each block, read over HTTP, in turn in "
        f"every round. web3.py: `contract.events.ProductRegistered.get_logs` over {sample:,} of "
        "them, ten blocks at a time, for what it takes grows with their number alone. Ours: all of "
        "them as events of the domain, in order and with their times. Bytes: the same logs off the "
        "socket, and nothing done with them; parse: JSON values made of these bytes by the "
        "standard library. cryo, where there is one: from its start to a file. Memory: the peak of "
        "a process that reads a tenth of them, and of one that reads all.",
        figures=tuple(figures),
    )


def checks_section(*, smallest: bool = False) -> Section:
    """Measure uses judged a second."""
    count, sample, rounds = (20, 4, 1) if smallest else (checks.COUNT, checks.SAMPLE, 5)
    taken = checks.measure(count, sample, rounds)
    figures = [
        Figure(name=name, samples=samples, unit=checks.unit(name), target=checks.TARGETS.get(name))
        for name, samples in taken.items()
    ]
    return Section(
        name="checks",
        title="Judging many uses",
        how=f"Whether {count:,} uses are allowed under a grant on one anvil, over HTTP, in turn in "
        f"every round: by web3.py in a call for each ({sample:,} of them) and in its batches of a "
        "hundred; by calldata of our own in JSON-RPC batches; and by `Ledger.check_all`, one call "
        "of the contract that judges many.",
        figures=tuple(figures),
    )


def devchain_section(*, smallest: bool = False) -> Section:
    """Kill the local chain under load, and count what is missing afterwards."""
    with tempfile.TemporaryDirectory(prefix="dengji-crash-") as home:
        found = devchain_crash.run(Path(home), kills=1 if smallest else 50)
    nothing = Target(limit=0)
    counts = {
        "kills": (found.kills, None),
        "state files torn besides": (found.torn, None),
        "writes reported as done": (found.reported, None),
        "of these missing or moved": (found.missing, nothing),
        "restored chains that differ": (found.not_identical, nothing),
    }
    figures = [
        Figure(name=name, samples=(float(count),), target=target)
        for name, (count, target) in counts.items()
    ]
    seconds = tuple(found.seconds) or (0.0,)
    figures.append(Figure(name="time of a restore", samples=seconds, unit="s"))
    return Section(
        name="devchain_crash",
        title="Killing the local chain",
        how="Four writers in three processes send through the real sender and journal, one by one "
        "and with many in flight; anvil is killed with SIGKILL at random moments, now and then "
        "the newest state file is torn as well, and whoever notices first starts it again. Then "
        "every write that was reported as done has to be where it was: block, hash, place in the "
        "block, time.",
        figures=tuple(figures),
    )


def proofs_section(*, smallest: bool = False) -> Section:
    """Measure how long a proof takes to be verified without a network."""
    taken = proofs.samples(1 if smallest else proofs.RUNS)
    figures = [
        Figure(name=name, samples=tuple(1000 * one for one in seconds), unit="ms")
        for name, seconds in taken.items()
    ]
    for name in [one for one in taken if one.startswith("proof verify")]:
        times = ratios(taken[name], taken[proofs.IMPORTS])
        target = Target(limit=proofs.LIMIT)
        figures.append(Figure(name=f"{name} ÷ {proofs.IMPORTS}", samples=times, target=target))
    return Section(
        name="proofs",
        title="Verifying proofs",
        how=f"Golden proofs, the larger of {proofs.size():,} bytes, verified by "
        "`dengji proof verify --block-hash` without a network: whole processes from start to end, "
        "beside one that imports the same modules and does nothing. Verifying alone is one call in "
        "a process that runs. Every proof of state is read twice: strictly by our own reader, and "
        "by the libraries `trie` and `rlp`.",
        figures=tuple(figures),
    )


QUESTIONS: Final[Mapping[str, Callable[..., Section]]] = {
    "gas": gas_section,
    "peers": peers.section,
    "startup": startup_section,
    "sending": sending_section,
    "peer_rates": peer_rates.section,
    "anchoring": anchoring.section,
    "growth": growth.section,
    "memory": memory.section,
    "events": events_section,
    "checks": checks_section,
    "fingerprint": fingerprint_section,
    "devchain_crash": devchain_section,
    "proofs": proofs_section,
}
"""What each module answers, by its name."""
