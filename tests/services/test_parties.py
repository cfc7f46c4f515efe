"""Test the tasks about parties."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.ids import PartyId
from registry.domain.ledger import Receipt
from registry.domain.operations import Enrol, Operation
from registry.domain.party import Standing
from registry.domain.vocabulary import Reason
from registry.errors import AccountNeeded, ArchiveNeeded, PartyMismatch, PartyNeeded
from registry.reverts import PartyInactive, PartyUnknown
from registry.testing import MemoryLedger, account


def test_enrols_once(ledger: MemoryLedger) -> None:
    """A second enrolment finds the first one and sends nothing."""
    client = Dengji(ledger, account(5))
    first = client.parties.enrol()
    second = client.parties.enrol()
    assert first.receipt is not None
    assert second.receipt is None
    assert first.party == second.party
    assert client.parties.mine().controller == account(5)


def test_identity_stays_at_home(ledger: MemoryLedger, tmp_path: Path) -> None:
    """Only the salted digest of an identity reaches the chain; what opens it is kept."""
    client = Dengji(ledger, account(5), archive=Archive(tmp_path))
    party = client.parties.enrol("91440300MA00000A9P").party
    kept = json.loads((tmp_path / "identities" / f"{party.identity_hash.hex()}.json").read_bytes())
    opened = bytes.fromhex(kept["salt"]) + bytes.fromhex(kept["content"])
    assert bytes.fromhex(kept["content"]) == b"91440300MA00000A9P"
    assert sha256(opened).digest() == party.identity_hash


def test_an_enrolment_is_one_wish_for_each_identity(
    ledger: MemoryLedger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the same identity it is the same wish whatever the salt; under another one another."""
    asked = list[Enrol]()

    def broken_off(operation: Operation, **_: object) -> Receipt:
        assert isinstance(operation, Enrol)
        asked.append(operation)
        raise KeyboardInterrupt

    client = Dengji(ledger, account(5), archive=Archive(tmp_path))
    monkeypatch.setattr(ledger, "submit", broken_off)
    for identity in ("91440300MA00000A9P", "91440300MA00000A9P", "11410000MB0000019W", None):
        with pytest.raises(KeyboardInterrupt):
            client.parties.enrol(identity)
    first, again, other, none = asked
    assert (again.wish, again.identity_hash != first.identity_hash) == (first.wish, True)
    assert len({first.wish, other.wish, none.wish}) == 3
    assert none.wish == ""


def test_identity_needs_an_archive(ledger: MemoryLedger) -> None:
    """An identity whose salt could not be kept is refused."""
    with pytest.raises(ArchiveNeeded):
        Dengji(ledger, account(5)).parties.enrol("91440300MA00000A9P")


def test_unknown_party(ledger: MemoryLedger) -> None:
    """Asking for a party that is not there names it."""
    with pytest.raises(PartyUnknown) as caught:
        Dengji(ledger).parties.get(PartyId.of(7))
    assert caught.value.party == PartyId.of(7)


def test_me_needs_an_account_and_a_party(ledger: MemoryLedger) -> None:
    """`me` is refused without an account, and for an account that belongs to no party."""
    with pytest.raises(AccountNeeded):
        Dengji(ledger).parties.mine()
    with pytest.raises(PartyNeeded) as caught:
        Dengji(ledger, account(9)).parties.mine()
    assert caught.value.account == str(account(9))


def test_another_party_is_not_acted_for(holder: Dengji, buyer: Dengji) -> None:
    """A client that must act for one party refuses an account of another."""
    theirs = buyer.parties.mine().id
    mistaken = Dengji(holder.ledger, holder.account, party=theirs)
    with pytest.raises(PartyMismatch) as caught:
        mistaken.parties.mine()
    assert caught.value.actual == str(holder.parties.mine().id)


def test_lists_in_order_of_enrolment(ledger: MemoryLedger, holder: Dengji, buyer: Dengji) -> None:
    """All parties are listed, the founder's first."""
    listed = [party.controller for party in holder.parties.list()]
    assert listed == [ledger.founder, holder.account, buyer.account]


def test_suspends_and_resumes(ledger: MemoryLedger, holder: Dengji) -> None:
    """A regulator suspends a party, which then cannot write, and resumes it."""
    regulator = Dengji(ledger, ledger.founder)
    party = holder.parties.mine().id
    regulator.parties.suspend(party, Reason.BREACH, b"evidence1234")
    assert holder.parties.mine().standing is Standing.SUSPENDED
    (suspension,) = regulator.parties.suspensions(party)
    assert (suspension.reason, suspension.evidence) == (Reason.BREACH, b"evidence1234")
    with pytest.raises(PartyInactive) as caught:
        holder.parties.suspend(regulator.parties.mine().id)
    assert caught.value.party == party
    assert len(regulator.parties.resume(party)) == 1
    assert holder.parties.mine().active
