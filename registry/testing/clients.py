"""Put clients on top of an in-memory ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.archive import Archive
from registry.client import Dengji
from registry.testing.ledger import MemoryLedger, account
from registry.testing.seal import MemorySeal

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.ledger import Ledger


def memory_client(
    ledger: Ledger | None = None,
    *,
    number: int = 1,
    enrol: bool = True,
    home: Path | None = None,
) -> Dengji:
    """Return a client of a ledger in memory, a fresh one unless given, as the `number`-th account.

    The account's party is enrolled unless told otherwise; account 0 is the ledger's founder. With a
    `home`, manifests and identities are kept in it. Clients of one ledger see each other's writes.

    >>> holder = memory_client()
    >>> buyer = memory_client(holder.ledger, number=2)
    >>> [party.id == buyer.parties.mine().id for party in holder.parties.list()]
    [False, False, True]
    """
    archive = None if home is None else Archive(home)
    client = Dengji(ledger or MemoryLedger(), account(number), archive=archive, seal=MemorySeal())
    if enrol:
        client.parties.enrol()
    return client
