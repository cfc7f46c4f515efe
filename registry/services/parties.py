"""Enrol, find, suspend and resume parties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from registry.domain.events import PartyEnrolled
from registry.domain.identity import identity_bytes
from registry.domain.ids import PartyId
from registry.domain.operations import Enrol, Resume, Suspend
from registry.domain.party import Role
from registry.domain.vocabulary import Reason
from registry.errors import IdentityNotAdmitted
from registry.records import dataclass
from registry.services.cursor import beyond
from registry.services.identities import fresh_identity, keep_identity, opening, opens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.ids import Address
    from registry.domain.keys import Recovery
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At
    from registry.domain.party import Party, Suspension
    from registry.services.actor import Actor, Me
    from registry.services.identities import Opening

_NO_EVIDENCE = bytes(12)
_NO_IDENTITY = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Hold one's party, and the receipt of its enrolment, None where it was enrolled before."""

    party: Party
    receipt: Receipt | None


class Parties:
    """Serve the tasks about parties."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def enrol(self, identity: str | None = None) -> Membership:
        """Enrol the account as a new party, or find the party it belongs to already.

        `identity` is a text that identifies the party, such as its credit code: only a salted
        digest goes on the chain, and salt and text are kept in the archive. Where a registrar
        admitted the account under an identity, it is that one. Raises `IdentityNotAdmitted` where
        the text is another's.
        """
        actor = self._actor
        known = actor.ledger.party_of(actor.key())
        if known is not None:
            return Membership(party=self.get(known), receipt=None)
        hashed = self._identity_hash(actor.key(), identity)
        # Broken off and begun anew it has another salt, and is the same wish all the same.
        wish = "" if identity is None else identity_bytes(identity).hex()
        receipt = actor.submit(Enrol(identity_hash=hashed, wish=wish))
        made = next(event for event in receipt.events if isinstance(event, PartyEnrolled))
        return Membership(party=self.get(made.party), receipt=receipt)

    def get(self, party: PartyId | Me, *, at: At | None = None) -> Party:
        """Return a party, now or at a past moment; raises `PartyUnknown`."""
        ledger = self._actor.ledger
        named = self._actor.resolve(party)
        found = ledger.party(named, at=None if at is None else ledger.moment(at))
        if found is None:
            from registry.reverts import PartyUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise PartyUnknown(party=named)
        return found

    def mine(self) -> Party:
        """Return the party of the account."""
        return self.get("me")

    def list(self, *, after: PartyId | None = None) -> Iterator[Party]:
        """Yield all parties in the order in which they enrolled, each as it stands now.

        `after` is one of them to go on after; raises `CursorUnknown` where it is not.
        """
        events = self._actor.ledger.events([PartyEnrolled])
        ids = (event.party for event in events if isinstance(event, PartyEnrolled))
        yield from map(self.get, beyond(ids, after))

    def suspensions(self, party: PartyId, *, at: At | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions that a party has had."""
        ledger = self._actor.ledger
        return ledger.suspensions(party, at=None if at is None else ledger.moment(at))

    def suspend(
        self, party: PartyId, reason: Reason = Reason.UNSPECIFIED, evidence: bytes = _NO_EVIDENCE
    ) -> Receipt:
        """Suspend a party; `evidence` is the first 12 bytes of a document's digest."""
        return self._actor.submit(Suspend(party=party, reason=reason, evidence=evidence))

    def resume(self, party: PartyId) -> tuple[Receipt, ...]:
        """End the live suspensions of a party that one's own made; a regulator ends all of them."""
        mine = self.get("me")
        ends_all = Role.REGULATOR in mine.roles
        chosen = [
            end
            for one in self.suspensions(party)
            if ends_all or one.by == mine.id
            for end in [Resume(party=party, index=one.index)]
            # What an earlier run ended and did not tell is told as well.
            if one.until is None or self._actor.awaits(end)
        ]
        return tuple(map(self._actor.submit, chosen))

    def identity(self, party: PartyId | Me = "me") -> Opening:
        """Return a party's identity hash, and what opens it where that is kept here."""
        found = self.get(party)
        return opening(self._actor, found.id, found.identity_hash)

    def prepare_identity(self, identity: str) -> Opening:
        """Make the salted hash of an identity before it is enrolled, and keep what opens it."""
        return replace(
            opening(self._actor, PartyId.of(0), keep_identity(self._actor, identity)), party=None
        )

    def opens(self, party: Party, identity: str) -> bool:
        """Tell whether a text is what a party enrolled with, as far as its salt is kept here."""
        kept = opening(self._actor, party.id, party.identity_hash)
        return kept.text is not None and identity_bytes(kept.text) == identity_bytes(identity)

    def recovery(self, party: PartyId, *, at: At | None = None) -> Recovery | None:
        """Return the recovery announced for a party that has not lapsed, None for none."""
        ledger = self._actor.ledger
        moment = ledger.moment(at)
        found = ledger.recovery(party, at=None if at is None else moment)
        return found if found is not None and moment.time < found.lapses else None

    def verify_identity(self, party: PartyId, identity: str, salt: bytes) -> bool:
        """Tell whether a text and a salt are what a party enrolled with."""
        return opens(self.get(party).identity_hash, identity, salt)

    def _identity_hash(self, key: Address, identity: str | None) -> bytes:
        admitted = self._actor.ledger.admission(key)
        if identity is None:
            return admitted
        if admitted == _NO_IDENTITY:
            return fresh_identity(self._actor, identity)
        kept = opening(self._actor, PartyId.of(0), admitted)
        if kept.text is not None and identity_bytes(kept.text) != identity_bytes(identity):
            raise IdentityNotAdmitted(account=str(key), admitted="0x" + admitted.hex())
        return admitted
