"""Give every test of the services a ledger in memory and parties on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.party import Role
from registry.testing import MemoryLedger, account


@pytest.fixture
def ledger() -> MemoryLedger:
    """Return a fresh ledger."""
    return MemoryLedger()


@pytest.fixture
def holder(ledger: MemoryLedger, tmp_path: Path) -> Dengji:
    """Return a client whose party is enrolled and who keeps an archive."""
    client = Dengji(ledger, account(1), archive=Archive(tmp_path / "holder"))
    client.parties.enrol()
    return client


@pytest.fixture
def buyer(ledger: MemoryLedger) -> Dengji:
    """Return a client of a second enrolled party, without an archive."""
    client = Dengji(ledger, account(2))
    client.parties.enrol()
    return client


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return a folder of three files."""
    folder = tmp_path / "data"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("1,2\n")
    (folder / "b.csv").write_text("3,4\n")
    (folder / "sub" / "c.csv").write_text("5,6\n")
    return folder


DAY = 86_400


def given_role(ledger: MemoryLedger, client: Dengji, role: Role) -> None:
    """Give a client's party a role, after the days that it takes."""
    founder = Dengji(ledger, account(0))
    founder.registrars.give(client.parties.mine().id, role)
    ledger.advance(5 * DAY)
    founder.registrars.give(client.parties.mine().id, role)


@pytest.fixture
def court(ledger: MemoryLedger) -> Dengji:
    """Return a client whose party, of account 3, is a court."""
    client = Dengji(ledger, account(3))
    client.parties.enrol()
    given_role(ledger, client, Role.COURT)
    return client
