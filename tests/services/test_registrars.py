"""Test the tasks about offices, and enrolment where registrars decide."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry import reverts
from registry.archive import Archive
from registry.client import Dengji
from registry.domain.keys import parse_seat
from registry.domain.party import Enrolment, Role
from registry.errors import ArchiveNeeded, IdentityNotAdmitted
from registry.services.restricted import Progress, Step
from registry.testing import MemoryLedger, account, memory_client

CODE, OTHER = "91440300MA00000A9P", "11410000MB0000019W"
DAY = 86_400


def founder_of(ledger: MemoryLedger, home: Path | None = None) -> Dengji:
    """Return a client of the founder, who administers and is the first registrar."""
    return memory_client(ledger, number=0, enrol=False, home=home)


def test_admits_a_registrar_in_two_steps() -> None:
    """Announced, waiting, done: the second registrar gets the next number and its seat."""
    ledger = MemoryLedger()
    party = memory_client(ledger, number=1).parties.mine().id
    founder = founder_of(ledger)
    steps = [founder.registrars.admit(party, parse_seat("441"))]
    steps.append(founder.registrars.admit(party, parse_seat("441")))
    ledger.advance(5 * DAY)
    steps.append(founder.registrars.admit(party, parse_seat("441")))
    assert [one.step for one in steps] == [Step.ANNOUNCED, Step.WAITING, Step.DONE]
    first, second = founder.registrars.list()
    assert (first.number, first.seat, first.listed) == (1, "001", True)
    assert (second.number, second.party, second.seat) == (2, party, "441")


def test_a_delisted_registrar_keeps_its_place() -> None:
    """A registrar without its role stands in the list, unlisted, and comes back under its seat."""
    ledger = MemoryLedger()
    party = memory_client(ledger, number=1).parties.mine().id
    founder = founder_of(ledger)
    steps: tuple[Callable[[], Progress], ...] = (
        lambda: founder.registrars.admit(party, parse_seat("441")),
        lambda: founder.registrars.take(party, Role.REGISTRAR),
        lambda: founder.registrars.admit(party, parse_seat("441")),
    )
    for step in steps:
        step()
        ledger.advance(5 * DAY)
        assert step().step is Step.DONE
    assert [one.number for one in founder.registrars.list()] == [1, 2]
    founder.registrars.admit(party, parse_seat("442"))
    ledger.advance(5 * DAY)
    with pytest.raises(reverts.SeatFixed) as caught:
        founder.registrars.admit(party, parse_seat("442"))
    assert caught.value.seat == "441"


def test_gives_and_takes_other_roles() -> None:
    """A court is admitted beside what it is already, and only the administrator can."""
    ledger = MemoryLedger()
    member = memory_client(ledger, number=1)
    party, founder = member.parties.mine().id, founder_of(ledger)
    founder.registrars.give(party, Role.COURT)
    with pytest.raises(reverts.AccessManagerUnauthorizedCall):
        member.registrars.give(party, Role.REGULATOR)
    ledger.advance(5 * DAY)
    founder.registrars.give(party, Role.COURT)
    assert member.parties.mine().roles == Role.COURT


def test_a_seat_belongs_to_one_registrar() -> None:
    """The founder's seat is taken from the start."""
    ledger = MemoryLedger()
    party, founder = memory_client(ledger, number=1).parties.mine().id, founder_of(ledger)
    founder.registrars.admit(party, parse_seat("001"))
    ledger.advance(5 * DAY)
    with pytest.raises(reverts.SeatTaken) as caught:
        founder.registrars.admit(party, parse_seat("001"))
    assert caught.value.number == 1


def test_enrols_as_admitted_with_its_own_salt(tmp_path: Path) -> None:
    """The applicant makes the hash, the registrar checks and admits it, and both can verify it."""
    ledger = MemoryLedger(enrolment=Enrolment.REGISTRARS)
    applicant = memory_client(ledger, number=1, enrol=False, home=tmp_path / "applicant")
    with pytest.raises(reverts.KeyNotAdmitted):
        applicant.parties.enrol(CODE)
    prepared = applicant.parties.prepare_identity(CODE)
    assert prepared.salt is not None
    founder = founder_of(ledger)
    hashed = founder.registrars.hash_of(CODE, prepared.salt)
    assert hashed == prepared.identity_hash
    founder.registrars.admit_key(account(1), hashed)
    with pytest.raises(IdentityNotAdmitted):
        applicant.parties.enrol(OTHER)
    made = applicant.parties.enrol(CODE).party
    assert made.identity_hash == hashed
    assert founder.parties.verify_identity(made.id, CODE, prepared.salt)
    assert not founder.parties.verify_identity(made.id, OTHER, prepared.salt)
    assert not founder.parties.verify_identity(made.id, CODE, bytes(16))
    assert applicant.parties.identity().text == CODE
    assert founder.parties.identity(made.id).text is None


def test_enrols_as_admitted_with_the_registrars_salt(tmp_path: Path) -> None:
    """Where the registrar draws the salt, the applicant need not name itself."""
    ledger = MemoryLedger(enrolment=Enrolment.REGISTRARS)
    founder = founder_of(ledger, tmp_path)
    hashed = founder.registrars.hash_of(CODE)
    assert founder.registrars.hash_of(CODE) == hashed
    founder.registrars.admit_key(account(1), hashed)
    made = memory_client(ledger, number=1).parties.mine()
    assert made.identity_hash == hashed
    assert founder.parties.identity(made.id).text == CODE


def test_a_salt_is_kept_somewhere() -> None:
    """Without an archive no salt is drawn, neither by a registrar nor by an applicant."""
    ledger = MemoryLedger()
    with pytest.raises(ArchiveNeeded):
        founder_of(ledger).registrars.hash_of(CODE)
    with pytest.raises(ArchiveNeeded):
        founder_of(ledger).parties.prepare_identity(CODE)


def test_an_identity_enrolled_twice_is_not_linked(tmp_path: Path) -> None:
    """Two parties of one home with the same identity have nothing in common on the ledger."""
    ledger = MemoryLedger()
    hashes = {
        memory_client(ledger, number=number, enrol=False, home=tmp_path)
        .parties.enrol(CODE)
        .party.identity_hash
        for number in (1, 2)
    }
    assert len(hashes) == 2
    assert set(Archive(tmp_path).kept_digests("identities", CODE.encode())) == hashes
