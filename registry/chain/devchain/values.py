"""Name what the dev chain tells: where it is, what was restored, how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Hold what makes one block again: its `transactions` raw and in order, its `time`.

    `hash` is what the block must come out as; empty where only the number is known. `time` is in
    unix seconds.
    """

    number: int
    time: int
    hash: bytes
    transactions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """Tell what was done to bring the chain back.

    `clean` says that it had been stopped in order, so that nothing had been lost. `state_file` is
    the name of the state file that was taken, None where all blocks were made again from genesis;
    `state_block` is its block. `blocks` and `transactions` were made again after it. Of these
    `recovered_blocks` and `recovered_transactions` are in no state file at all: without the
    archive and the journal they would be gone. `history_from` is the first block whose state can be
    asked about. `identical` says that every block came out with the hash it had. `missing` are the
    hashes of journalled transactions that could not be included again (they count as unfinished,
    and the sender sends them again). `refused` are the state files and archives that could not be
    used; they are kept. `seconds` is how long it took.
    """

    clean: bool
    state_file: str | None
    state_block: int
    head: int
    blocks: int
    transactions: int
    recovered_blocks: int
    recovered_transactions: int
    history_from: int
    identical: bool
    missing: tuple[bytes, ...] = ()
    refused: tuple[str, ...] = ()
    seconds: float = 0.0

    def notices(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Yield what a person is told of it: keys of the catalogue below `cli.notice`, fields."""
        state = self.state_file or "genesis"
        if not self.clean:
            told = {"head": self.head, "state": state}
            lost = {"transactions": self.recovered_transactions, "blocks": self.recovered_blocks}
            yield "chain-restored", {**told, **lost}
        for name in self.refused:
            yield "state-refused", {"name": name}
        if not self.identical:
            yield "chain-differs", {"missing": len(self.missing), "state": state}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Say where the running dev chain is.

    `started` tells whether this call started it; then `restored` says from what.
    """

    url: str
    port: int
    pid: int
    chain_id: int
    genesis: bytes
    anvil: str
    started: bool = False
    restored: RestoreReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevChainStatus:
    """Say how the dev chain of a home stands.

    `state` is `absent` (never started), `running`, `hanging` (its process does not answer),
    `starting`, `stopped` (in order) or `crashed` (its process is gone, or was killed: the next
    start restores it). `block` is the latest block, that of the
    archive where the chain does not run. `state_age` is in seconds, None without a state file.
    """

    state: str
    home: str
    url: str | None = None
    pid: int | None = None
    chain_id: int | None = None
    genesis: bytes | None = None
    block: int | None = None
    faucet: str | None = None
    anvil: str | None = None
    state_file: str | None = None
    state_block: int | None = None
    state_bytes: int | None = None
    state_age: int | None = None
