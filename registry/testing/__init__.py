"""Test code that builds on Dengji without a chain.

`MemoryLedger` carries out and answers what the contracts do, with the same ids, errors, events and
times; `memory_client` puts a `Dengji` on top of one.

>>> from registry.domain.operations import Enrol
>>> ledger = MemoryLedger()
>>> receipt = ledger.submit(Enrol(identity_hash=bytes(32)), account=account(1))
>>> [type(event).__name__ for event in receipt.events]
['PartyEnrolled']
"""

from registry.testing.clients import memory_client
from registry.testing.ledger import CHAIN_ID, START, MemoryLedger, account
from registry.testing.seal import MemorySeal

__all__ = ["CHAIN_ID", "START", "MemoryLedger", "MemorySeal", "account", "memory_client"]
