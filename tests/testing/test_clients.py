"""Clients of an in-memory ledger do the main job without a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose
from registry.errors import PartyNeeded
from registry.services.provenance import Outcome
from registry.testing import MemoryLedger, memory_client

if TYPE_CHECKING:
    from pathlib import Path


def test_the_main_job_runs_in_memory(tmp_path: Path) -> None:
    """Register, grant, check, revoke, check and verify work from end to end."""
    data = tmp_path / "data.csv"
    data.write_text("1,2\n")
    ledger = MemoryLedger()
    holder = memory_client(ledger, home=tmp_path / "home")
    buyer = memory_client(ledger, number=2).parties.mine().id

    product = holder.products.register(data).product.id
    grant = holder.grants.issue(
        product=product, to=buyer, actions=Action.READ, purposes=Purpose.RESEARCH
    )
    yes = holder.grants.check(product, buyer, Action.READ, Purpose.RESEARCH)
    no = holder.grants.check(product, buyer, Action.READ, Purpose.RESALE)
    assert (yes.verdict, no.verdict) == (Verdict.OK, Verdict.PURPOSE_NOT_GRANTED)

    holder.grants.revoke(grant.id)
    after = holder.grants.check(product, buyer, Action.READ, Purpose.RESEARCH)
    assert after.verdict is Verdict.GRANT_REVOKED
    assert holder.provenance.verify(data).outcome is Outcome.IN_FORCE
    data.write_text("1,3\n")
    assert holder.provenance.verify(data).outcome is Outcome.UNKNOWN


def test_a_client_may_come_without_a_party(tmp_path: Path) -> None:
    """A client that is not enrolled is told that it needs a party before it registers."""
    data = tmp_path / "data.csv"
    data.write_text("1,2\n")
    stranger = memory_client(enrol=False)
    with pytest.raises(PartyNeeded):
        stranger.products.register(data)
