"""Bring a dev chain back: choose a state to begin from, replay what came after, prove the result.

A chain is what its archive of blocks says, and after the archive's end what the journal says. State
files only shorten the way. They are tried in this order, until the last block comes out with the
hash it had:

1. a state old enough that the replay gives `history` blocks whose state can be asked about, or
   genesis on a young chain (first only if the same anvil will make the same blocks);
2. the state files, the newest first;
3. genesis.

Where none leads there exactly (someone had changed balances or storage by anvil's own methods
since the last state file, or another version of anvil makes other blocks), the newest state that
loads is taken, everything after it is sent again in order, and what differs is told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from itertools import chain as chained
from typing import TYPE_CHECKING

from registry.chain import wire
from registry.chain.devchain import anvil as anvils
from registry.chain.devchain import replay, states
from registry.chain.devchain.values import RestoreReport
from registry.chain.entries import Inclusion
from registry.chain.rpc import Rpc
from registry.errors import AnvilFailed, ChainError, DevChainLost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.chain.devchain.anvil import Anvil
    from registry.chain.devchain.archive import BlockArchive
    from registry.chain.devchain.states import StateFile
    from registry.chain.devchain.values import Block
    from registry.chain.journal import Chain, Journal
    from registry.chain.wire import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """Hold what a restore works with.

    `launch` starts an anvil that mines on demand, with these further options. `history` is how many
    old blocks are to have their state. `exact` says that this anvil made the chain, so that a
    replay will give the same blocks. `clean` says that the chain was stopped in order.
    """

    folder: Path
    chain: Chain
    launch: Callable[[list[str]], Anvil]
    archive: BlockArchive
    journal: Journal
    history: int
    exact: bool
    clean: bool
    refused: list[str]

    def run(self) -> tuple[Anvil, RestoreReport]:
        """Bring the chain back, and leave it mining at once.

        Raises DevChainLost where nothing works, AnvilMissing, PortTaken; then no file has changed
        but that state files found torn are renamed.
        """
        began = time.monotonic()
        self.archive.begin_epoch()
        reasons: list[str] = []
        head = self._head()
        made = None
        for base in self._bases(head):
            made = self._attempt(base, reasons, head=head)
            if made is not None:
                break
        made = made or self._salvage(reasons)
        _let_go(made.anvil)
        return made.anvil, self._report(made, time.monotonic() - began)

    def _head(self) -> int:
        """Return the number of the last block that anything here knows of."""
        last = archived = self.archive.head()
        for block in replay.journalled(self.journal, self.chain, archived):
            last = block.number
        return max([last, *(file.block for file in states.listed(self.folder))])

    def _script(self, after: int) -> Iterator[Block]:
        """Yield all blocks after one: those of the archive, then what only the journal knows."""
        return chained(
            self.archive.blocks(after),
            replay.journalled(self.journal, self.chain, max(after, self.archive.head())),
        )

    def _bases(self, head: int) -> list[StateFile | None]:
        """Return where to begin from, best first; None is genesis."""
        files = states.listed(self.folder)
        oldest_wanted = head - self.history
        deep = next((file for file in files if file.block <= oldest_wanted), None)
        order: list[StateFile | None] = [*files, None]
        if self.exact:
            order.insert(0, deep)
        return list(dict.fromkeys(order))

    def _attempt(
        self, base: StateFile | None, reasons: list[str], *, head: int | None
    ) -> _Made | None:
        """Bring the chain back from a state; None, with the reason noted, where that fails.

        With `head` every block up to it must come out as it was, without it what can be is taken.
        """
        anvil = self._launched(base, reasons)
        if anvil is None:
            return None
        try:
            with Rpc.connect(anvil.url, chain_id=self.chain.chain_id) as rpc:
                return self._made(rpc, anvil, base, head=head)
        except (replay.DivergenceError, ChainError) as error:
            reasons.append(f"{_name(base)}: {error}")
            anvils.kill(anvil)
            return None
        except BaseException:
            anvils.kill(anvil)
            raise

    def _launched(self, base: StateFile | None, reasons: list[str]) -> Anvil | None:
        """Start from a state; a file that anvil does not take, or takes wrongly, is put aside."""
        if base is not None and not base.path.exists():
            return None
        try:
            anvil = self.launch([] if base is None else ["--load-state", str(base.path)])
        except AnvilFailed as failed:
            if base is None:
                raise
            reasons.append(f"{base.path.name}: {' '.join(failed.lines)}")
            self.refused.append(states.refuse(base))
            return None
        number = 0 if base is None else base.block
        digest = self.archive.hash_of(number) if number else self.chain.genesis or None
        try:
            with Rpc.connect(anvil.url, chain_id=self.chain.chain_id) as rpc:
                replay.expect_state(rpc, number=number, digest=digest)
        except (replay.DivergenceError, ChainError) as error:
            anvils.kill(anvil)
            reasons.append(f"{_name(base)}: {error}")
            if base is not None:
                self.refused.append(states.refuse(base))
            return None
        return anvil

    def _made(self, rpc: Rpc, anvil: Anvil, base: StateFile | None, *, head: int | None) -> _Made:
        after = 0 if base is None else base.block
        strict = head is not None
        blocks, transactions = replay.replay(rpc, self._script(after), strict=strict)
        if head is not None and after + blocks < head:
            raise replay.DivergenceError(f"only {after + blocks} blocks are known from there")
        missing = () if strict else self._reconcile(rpc, after)
        self.archive.extend(rpc, known=_nothing)
        return _Made(
            anvil=anvil,
            base=base,
            blocks=blocks,
            transactions=transactions,
            identical=strict,
            missing=missing,
        )

    def _salvage(self, reasons: list[str]) -> _Made:
        """Take the newest state that loads, and bring in what can be."""
        for base in (*states.listed(self.folder), None):
            made = self._attempt(base, reasons, head=None)
            if made is not None:
                return made
        raise DevChainLost(home=str(self.folder), reasons=reasons)

    def _reconcile(self, rpc: Rpc, after: int) -> tuple[bytes, ...]:
        """Bring journal and archive in line with a chain that came out otherwise.

        Return the transactions that did not come back.
        """
        self.archive.copy_aside()
        rows = list(self.journal.landed_after(self.chain, after))
        found = _inclusions(rpc, [row.hash for row in rows])
        missing = tuple(row.hash for row in rows if row.hash not in found)
        self.journal.settle(found)
        self.journal.mark_vanished(missing)
        self.archive.cut(after)
        return missing

    def _report(self, made: _Made, seconds: float) -> RestoreReport:
        begun = 0 if made.base is None else made.base.block
        newest = next((file.block for file in states.listed(self.folder)), 0)
        recovered = [len(block.transactions) for block in self.archive.blocks(newest)]
        head = begun + made.blocks
        return RestoreReport(
            clean=self.clean,
            state_file=None if made.base is None else made.base.path.name,
            state_block=begun,
            head=head,
            blocks=made.blocks,
            transactions=made.transactions,
            recovered_blocks=len(recovered),
            recovered_transactions=sum(recovered),
            history_from=max(begun, head - anvils.STATES_ON_DISK),
            identical=made.identical,
            missing=made.missing,
            refused=tuple(self.refused),
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """Hold the outcome of one attempt."""

    anvil: Anvil
    base: StateFile | None
    blocks: int
    transactions: int
    identical: bool
    missing: tuple[bytes, ...]


def _let_go(anvil: Anvil) -> None:
    """Set the clock, which stands at genesis, and mine whatever comes from now on."""
    with Rpc.connect(anvil.url) as rpc:
        head, _ = replay.latest(rpc)
        # Where the chain's time was moved ahead of ours, it must not go back.
        rpc.call("anvil_setTime", max(int(time.time()), head.time))
        rpc.call("evm_setAutomine", True)  # noqa: FBT003


def _name(base: StateFile | None) -> str:
    return "genesis" if base is None else base.path.name


def _nothing(_: bytes) -> None:
    """Know no transaction: the node, which has them all, is asked."""


def _inclusions(rpc: Rpc, hashes: Sequence[bytes]) -> dict[bytes, Inclusion]:
    """Return where these transactions stand; those that stand nowhere are left out."""
    method = "eth_getTransactionReceipt"
    answers = rpc.batch([(method, (wire.to_data(one),)) for one in hashes])
    receipts = {
        one: rpc.shaped(method, answer, wire.record)
        for one, answer in zip(hashes, answers, strict=True)
        if answer is not None
    }
    times = _times(rpc, {str(receipt.get("blockNumber")) for receipt in receipts.values()})
    return {
        one: rpc.shaped(method, receipt, partial(_inclusion, times=times))
        for one, receipt in receipts.items()
    }


def _times(rpc: Rpc, numbers: Iterable[str]) -> dict[int, int]:
    method = "eth_getBlockByNumber"
    answers = rpc.batch([(method, (number, False)) for number in numbers])
    headers = [rpc.shaped(method, answer, wire.header) for answer in answers]
    return {header.number: header.time for header in headers}


def _inclusion(value: Json, times: dict[int, int]) -> Inclusion:
    receipt = wire.record(value)
    block = wire.quantity(wire.member(receipt, "blockNumber"))
    return Inclusion(
        block=block,
        block_hash=wire.data(wire.member(receipt, "blockHash"), wire.HASH_BYTES),
        index=wire.quantity(wire.member(receipt, "transactionIndex")),
        time=times[block],
        gas_used=wire.quantity(wire.member(receipt, "gasUsed")),
        succeeded=wire.quantity(wire.member(receipt, "status")) == 1,
    )
