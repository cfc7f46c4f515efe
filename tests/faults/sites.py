"""Places where operations are tried under faults."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry.chain.journal import Journal
from registry.domain.party import Enrolment
from tests.faults.control import proxy
from tests.faults.trial import Site
from tests.integration.sending import running
from tests.parity.test_memory_ledger import SIGNERS, deployed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.chain.rpc import Rpc
    from registry.chain.signer import LocalSigner
    from registry.domain.ledger import Deployment
    from tests.faults.control import Proxy


def site_of(
    rpc: Rpc,
    deployment: Deployment,
    between: Proxy,
    folder: Path,
    signers: Iterable[LocalSigner] = SIGNERS,
) -> Site:
    """Return a site at which these act, those of random sequences unless others are named."""
    keys = {signer.address: signer for signer in signers}
    return Site(rpc=rpc, deployment=deployment, between=between, signers=keys, folder=folder)


@contextmanager
def lone_site(folder: Path) -> Iterator[Site]:
    """Run a chain with contracts, and a proxy before it."""
    with running("--accounts", "1") as anvil, proxy(anvil.url) as between:
        for signer in SIGNERS:
            anvil.rpc.call("hardhat_setBalance", signer.address.hex, hex(10**22))
        with Journal(folder / "journal.sqlite3") as journal:
            _, deployment = deployed(anvil.rpc, journal, Enrolment.OPEN)
        yield site_of(anvil.rpc, deployment, between, folder)
