"""Journal writes to the dev chain so that none that is reported as done can be lost."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

from registry.chain.journal import Journal
from registry.errors import ChainError, ConnectionLost, DevChainUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from registry.chain.devchain.archive import BlockArchive
    from registry.chain.entries import Inclusion
    from registry.chain.rpc import Rpc

_GONE: Final = "the block is no longer on the chain"


class DevJournal(Journal):
    """Open the journal of a home for writes to its dev chain.

    A sender reports a write as done when it has settled it here; by then its block and all before
    it are durably in the archive. `settled` is called afterwards with the last block's number.
    """

    def __init__(
        self, path: Path, *, archive: BlockArchive, rpc: Rpc, settled: Callable[[int], object]
    ) -> None:
        """Open or create the file."""
        super().__init__(path)
        self._archive = archive
        self._rpc = rpc
        self._settled = settled

    def settle(self, found: Mapping[bytes, Inclusion], *, claim: bool = False) -> None:
        """Archive the blocks, then write where the transactions were included.

        Raises ChainError when the node is gone before its blocks are in the archive, or was
        restored without them: then nothing is written.
        """
        last = max((where.block for where in found.values()), default=0)
        self._archive.extend(self._rpc, upto=last, known=self._raw)
        if not self._has(found):
            # A shorter chain took the place of what is archived.
            self._archive.mend(self._rpc)
            self._archive.extend(self._rpc, upto=last, known=self._raw)
            if not self._has(found):
                raise ConnectionLost(url=self._rpc.url, reason=_GONE)
        super().settle(found, claim=claim)
        # What follows only makes the next restore shorter: the write is safe already.
        with contextlib.suppress(ChainError, DevChainUnusable, OSError):
            self._settled(last)

    def close(self) -> None:
        """Close journal, archive and connection."""
        super().close()
        self._archive.close()
        self._rpc.close()

    def _has(self, found: Mapping[bytes, Inclusion]) -> bool:
        """Tell whether the archive has the very blocks in which these transactions were found."""
        blocks = {where.block: where.block_hash for where in found.values()}
        return all(self._archive.hash_of(number) == one for number, one in blocks.items())

    def _raw(self, transaction: bytes) -> bytes | None:
        entry = self.get(transaction)
        return None if entry is None else entry.raw
