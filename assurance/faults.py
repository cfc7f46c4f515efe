"""Send very many writes through a network that fails all the time, and count what came of them.

In slices, each on a dev chain of its own: a client writes through the proxy of `tests/faults`, from
whose ten families a fault befalls each request with a chance of 5% each. Once in each slice the
client is killed without warning, and once the node; both begin again by the ways that any user has.
Afterwards all events are read from the chain itself, each write is looked for among them, and every
row of the journal is held against its receipt.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assurance.fault_client import WRITER, Campaign, reported, root
from assurance.keep import ROOT, Keep, digest
from benchmarks.report import Figure, Section, Target
from registry.chain import wire
from registry.chain.devchain import FAUCET_KEY, DevChain, processes
from registry.chain.entries import Chain, Status
from registry.chain.genesis import deploy
from registry.chain.ledger import ChainLedger
from registry.chain.receipts import Receipts
from registry.chain.rpc import Rpc
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.domain.clauses import Clauses, Quota
from registry.domain.events import PartyEnrolled, ProductRegistered, UsageRecorded
from registry.domain.keccak import keccak
from registry.domain.operations import Enrol, Issue, Register
from registry.domain.party import Enrolment
from registry.domain.vocabulary import Action, Purpose, QuotaUnit
from registry.errors import DevChainStale
from tests.faults.control import proxy
from tests.faults.kinds import STORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import PartyId
    from registry.domain.ledger import Deployment
    from tests.faults.control import Proxy

SLICES: Final = 20
WRITES: Final = 500
CHANCE: Final = 0.05
_SMALLEST: Final = 40
_FUNDS: Final = 10**22
_POLL: Final = 0.02
_LONGEST_WAIT: Final = 3_600
"""Seconds without anything new, a write or an error, after which a client counts as hung."""
_MOST_TRIES: Final = 1_000
"""How many errors may be told to a client between two writes; a storm needs some four."""
_SOURCES: Final = (
    *("assurance/faults.py", "assurance/fault_client.py"),
    *("registry/artifacts", "registry/chain/devchain"),
    *(f"tests/faults/{name}.py" for name in ("control", "kinds", "proxy", "replies", "wires")),
    *(f"registry/chain/{name}.py" for name in ("entries", "flights", "http", "journal", "ledger")),
    *(f"registry/chain/{name}.py" for name in ("pipeline", "receipts", "recovery", "rpc")),
    *(f"registry/chain/{name}.py" for name in ("sender", "simulation", "submission", "transport")),
)
_USER: Final = LocalSigner(keccak(b"user under faults"))


class CampaignBrokenError(Exception):
    """Say why a slice could not be carried out."""


def section(*, smallest: bool = False) -> Section:
    """Run the slices that are missing, and report all."""
    keep = Keep("faults", sources=digest(*_SOURCES), smallest=smallest)
    slices, writes = (1, _SMALLEST) if smallest else (SLICES, WRITES)
    for number in range(slices):
        if not keep.covers(slice=number, writes=writes):
            with tempfile.TemporaryDirectory(prefix="dengji-faults-") as folder:
                keep.append(run(Path(folder), number, writes))
    return _section([keep.found(slice=number, writes=writes) or {} for number in range(slices)])


def _section(found: list[dict[str, Any]]) -> Section:
    def total(name: str) -> float:
        return float(sum(one[name] for one in found))

    faults = sum((Counter(one["faults"]) for one in found), Counter[str]())
    errors = sum((Counter(one["errors"]) for one in found), Counter[str]())
    nothing, all_ = Target(limit=0), Target(limit=10_000, at_least=True)
    whole = total("writes") > WRITES
    figures = (
        _figure("writes", total("writes"), all_ if whole else None),
        _figure("writes lost", total("lost"), nothing),
        _figure("writes doubled", total("doubled"), nothing),
        _figure("rows of the journal that differ from the chain", total("differing"), nothing),
        _figure(
            *("kills of the client", total("client_kills")),
            Target(limit=20, at_least=True) if whole else None,
        ),
        _figure(
            *("kills of the chain", total("chain_kills")),
            Target(limit=20, at_least=True) if whole else None,
        ),
        _figure("requests", total("requests")),
        _figure("faults met", float(sum(faults.values()))),
        _figure("kinds of faults met", float(len(faults))),
        _figure("transactions that a restored chain got from the journal", total("recovered")),
        _figure("errors told to the client, which then began again", float(sum(errors.values()))),
    )
    return Section(
        name="faults",
        title="Writes through a network that fails",
        how="Registrations and recorded uses by turns, alone and up to thirty together, through "
        "a proxy that befalls each request with faults of ten families, each with a chance of 5%: "
        f"{', '.join(STORM)}. In each slice of {WRITES} writes the client is killed once with "
        "SIGKILL, and once the node, which the dev chain's own way of recovery brings back. "
        "Afterwards each write is looked for among the events of the chain, and each row of the "
        "journal is held against its receipt.",
        figures=figures,
        remarks=(_table("fault", faults), _table("error told", errors)),
    )


def _figure(name: str, value: float, target: Target | None = None) -> Figure:
    return Figure(name=name, samples=(value,), target=target)


def _table(name: str, counted: Counter[str]) -> str:
    rows = [f"| {one} | {count:,} |" for one, count in sorted(counted.items())]
    return "\n".join([f"| {name} | times |", "|---|---:|", *rows])


# ---- one slice ---------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Kills:
    """Count what was killed, and what the chain got back."""

    client: int = 0
    chain: int = 0
    recovered: int = 0


def run(folder: Path, number: int, writes: int) -> dict[str, Any]:
    """Carry out one slice in an empty folder, and return what it came to."""
    devchain = DevChain(folder / "home", start=ROOT)
    endpoint = devchain.up()
    started = time.monotonic()
    try:
        deployment, clauses = _prepared(devchain)
        with proxy(endpoint.url) as between:
            campaign = Campaign(
                proxy=between.url,
                directory=str(deployment.directory),
                clauses=clauses.pack().hex(),
                writes=writes,
                seed=number,
            )
            campaign.save(folder)
            between.storm(CHANCE, number)
            kills = _driven(folder, devchain, campaign, between)
            counted = between.calm()
        found = _looked_for(devchain, deployment, writes)
    finally:
        with contextlib.suppress(DevChainStale):
            devchain.down(force=True)
    told = folder / "errors"
    kinds: Counter[str] = Counter()
    for one, times in counted.done.items():
        kinds[one.split()[0]] += times
    return {
        "slice": number,
        "writes": writes,
        **found,
        "client_kills": kills.client,
        "chain_kills": kills.chain,
        "recovered": kills.recovered,
        "requests": sum(counted.asked.values()),
        "faults": kinds,
        "errors": Counter(told.read_text().split()) if told.exists() else {},
        "seconds": round(time.monotonic() - started),
    }


def _prepared(devchain: DevChain) -> tuple[Deployment, Clauses]:
    """Lay the contracts, enrol the writer and a user, and grant the user a product."""
    for key in (WRITER, _USER):
        devchain.fund(key.address, _FUNDS)
    with devchain.rpc() as rpc, devchain.journal() as journal:
        keys = (LocalSigner(FAUCET_KEY), WRITER, _USER)
        senders = {
            key.address: Sender(rpc, key, journal, lock_dir=devchain.home / "locks") for key in keys
        }
        deployment = deploy(senders[keys[0].address], policy=Enrolment.OPEN)
        ledger = ChainLedger(rpc, deployment, senders=senders.__getitem__)
        grantor, grantee = (_enrolled(ledger, key) for key in (WRITER, _USER))
        registered = ledger.submit(
            Register(content_root=keccak(b"granted"), metadata_hash=keccak(b"metadata")),
            account=WRITER.address,
        )
        (product,) = (e.product for e in registered.events if isinstance(e, ProductRegistered))
        clauses = Clauses(
            product=product,
            grantor=grantor,
            grantee=grantee,
            actions=Action.READ,
            purposes=Purpose.RESEARCH,
            quota=Quota(unit=QuotaUnit.CALL, total=2**39),
        )
        ledger.submit(Issue(clauses=clauses), account=WRITER.address)
        return deployment, clauses


def _enrolled(ledger: ChainLedger, key: LocalSigner) -> PartyId:
    receipt = ledger.submit(Enrol(identity_hash=keccak(key.address.raw)), account=key.address)
    (party,) = (event.party for event in receipt.events if isinstance(event, PartyEnrolled))
    return party


def _driven(folder: Path, devchain: DevChain, campaign: Campaign, between: Proxy) -> _Kills:
    """Have the client write all, and kill it once, and once the chain, at moments of chance."""
    chance, kills = random.Random(campaign.seed), _Kills()
    first, second = sorted(chance.sample(range(campaign.writes // 8, campaign.writes * 7 // 8), 2))
    client_first = chance.random() < 0.5  # noqa: PLR2004 (either)
    client = _client(folder)
    try:
        for at, of_client in ((first, client_first), (second, not client_first)):
            awaited(folder, at, client)
            time.sleep(chance.uniform(0, 0.2))
            if of_client:
                client.kill()
                client.wait()
                kills.client += 1
                client = _client(folder)
            else:
                kills.chain += 1
                kills.recovered += _killed(devchain, between)
        awaited(folder, campaign.writes, client)
        if client.wait(_LONGEST_WAIT):
            raise CampaignBrokenError(f"the client ended with {client.returncode}")
    finally:
        client.kill()
        client.wait()
    return kills


def _client(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "assurance.fault_client", str(folder)]
    return subprocess.Popen(command, cwd=ROOT)


def awaited(folder: Path, number: int, client: subprocess.Popen[bytes]) -> None:
    """Wait until so many writes were reported: as long as the client gets on, however slowly.

    Raises CampaignBrokenError where it ended before, or tries and tries and writes nothing.
    """
    done, tries, tries_before, since = -1, 0, 0, time.monotonic()
    while (reached := reported(folder)) < number:
        found = _tries(folder)
        if (reached, found) != (done, tries):
            since = time.monotonic()
        if reached != done:
            tries_before = found
        done, tries = reached, found
        if code := client.poll():
            raise CampaignBrokenError(f"the client ended with {code}: {done} of {number} writes")
        if tries - tries_before > _MOST_TRIES or time.monotonic() - since > _LONGEST_WAIT:
            raise CampaignBrokenError(f"{done} of {number} writes, then no more")
        time.sleep(_POLL)


def _tries(folder: Path) -> int:
    """Return how many errors were told to the client, which began again after each."""
    path = folder / "errors"
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _killed(devchain: DevChain, between: Proxy) -> int:
    """Kill the node, bring the chain back, and return how many transactions it had lost."""
    pid = devchain.endpoint().pid
    os.kill(pid, signal.SIGKILL)
    while processes.identity(pid) is not None:
        time.sleep(_POLL)
    endpoint = devchain.up()
    between.node_is(endpoint.url)
    if endpoint.restored is None:
        return 0
    if endpoint.restored.missing:
        raise CampaignBrokenError(f"missing after a restore: {endpoint.restored.missing}")
    return endpoint.restored.recovered_transactions


# ---- what came of it ---------------------------------------------------------------------------


def _looked_for(devchain: DevChain, deployment: Deployment, writes: int) -> dict[str, int]:
    """Count each write among the events of the chain, and hold the journal against the chain."""
    with _resumed(devchain) as rpc:
        ledger = ChainLedger(rpc, deployment)
        events = list(ledger.events())
        roots = Counter(e.content_root for e in events if isinstance(e, ProductRegistered))
        uses = Counter(e.amount for e in events if isinstance(e, UsageRecorded))
        times = [roots[root(n)] if n % 2 else uses[n + 1] for n in range(writes)]
        foreign = sum(uses.values()) - sum(times[::2])
        return {
            "lost": sum(1 for one in times if one == 0),
            "doubled": sum(one - 1 for one in times if one) + foreign,
            "differing": _differing(devchain, rpc),
        }


@contextmanager
def _resumed(devchain: DevChain) -> Iterator[Rpc]:
    """Finish whatever the client has left, which is nothing where it ended by itself."""
    with devchain.rpc() as rpc, devchain.journal() as journal:
        Sender(rpc, WRITER, journal, lock_dir=devchain.home / "locks").resume()
        yield rpc


def _differing(devchain: DevChain, rpc: Rpc) -> int:
    """Return how many rows of the writer differ from the chain, or are missing on either side."""
    with devchain.journal() as journal:
        genesis = rpc.ask(wire.header, "eth_getBlockByNumber", "0x0", False).hash  # noqa: FBT003
        chain = Chain(chain_id=rpc.chain_id(), genesis=genesis)
        rows = [row for row in journal.landed_after(chain, 0) if row.account == WRITER.address.raw]
        receipts = Receipts(rpc).of([row.hash for row in rows])
        wrong = sum(
            1
            for row in rows
            if row.hash not in receipts or receipts[row.hash].inclusion != row.inclusion
        )
        left = len(journal.unfinished(chain, WRITER.address.raw))
        nonce = rpc.ask(wire.quantity, "eth_getTransactionCount", WRITER.address.hex, "latest")
        unnamed = sum(1 for row in rows if row.status is Status.FAILED)
        return wrong + left + abs(nonce - len(rows)) + unnamed
