"""Rotate keys, appoint and dismiss agents, recover parties, and tell who spoke when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.consents import SignedConsent
from registry.domain.key_operations import (
    AnnounceRecovery,
    AppointAgent,
    CancelRecovery,
    DismissAgent,
    Recover,
    Rotate,
)
from registry.domain.keys import agent_consent, controller_consent
from registry.domain.party import KeyKind
from registry.domain.terms import SigningDomain
from registry.errors import AccountUnknown, ConsentForged, ConsentForOther, KeyConsentNeeded

if TYPE_CHECKING:
    from registry.domain.ids import Address, PartyId
    from registry.domain.keys import PartyKey, Recovery
    from registry.domain.ledger import Receipt
    from registry.domain.moment import At
    from registry.domain.party import Scope
    from registry.domain.signing import KeyConsent
    from registry.services.actor import Actor, Me

CONSENT_LASTS: Final = 7 * 86_400
"""How long a consent may be used unless told otherwise, in seconds."""
_NO_EVIDENCE: Final = bytes(32)


class Keys:
    """Serve the tasks about keys.

    A key becomes a party's by its own consent: signed here where its account is at home, or carried
    here in a file that it was signed into on another machine.
    """

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    # Asking

    def list(self, party: PartyId | Me = "me", *, at: At | None = None) -> tuple[PartyKey, ...]:
        """Return all keys that a party has had with the spans in which they spoke for it."""
        ledger = self._actor.ledger
        when = None if at is None else ledger.moment(at)
        return ledger.keys(self._actor.resolve(party), at=when)

    def agents(self, party: PartyId | Me = "me", *, at: At | None = None) -> tuple[PartyKey, ...]:
        """Return all agents that a party has had."""
        return tuple(one for one in self.list(party, at=at) if one.kind is KeyKind.AGENT)

    def record(self, key: Address) -> PartyKey | None:
        """Return a key's record with its span, None for nobody's key.

        That span stays provable after a rotation: `record(key).spoke_at(time)` says whether what
        the key signed at that time was signed for its party.
        """
        return self._actor.ledger.key(key)

    def recovery(self, party: PartyId | Me = "me") -> Recovery | None:
        """Return the recovery announced for a party that has not lapsed, None for none."""
        ledger = self._actor.ledger
        found = ledger.recovery(self._actor.resolve(party))
        return found if found is not None and ledger.moment().time < found.lapses else None

    # Consenting

    @property
    def domain(self) -> SigningDomain:
        """Return the domain in which keys consent."""
        deployment = self._actor.ledger.deployment
        return SigningDomain(chain_id=deployment.chain_id, verifying_contract=deployment.parties)

    def consent(
        self,
        party: PartyId,
        key: Address,
        *,
        scopes: Scope | None = None,
        valid_until: int = 0,
        deadline: int | None = None,
    ) -> SignedConsent:
        """Sign with an account that it will be a party's controller, or with scopes its agent.

        Raises `AccountUnknown` where the key is not at home.
        """
        ends = deadline or self._actor.ledger.moment().time + CONSENT_LASTS
        message = controller_consent(party=party, key=key, deadline=ends)
        if scopes is not None:
            message = agent_consent(
                party=party, key=key, scopes=scopes, valid_until=valid_until, deadline=ends
            )
        signature = self._actor.sealing().sign(key, message, self.domain)
        return SignedConsent(message=message, domain=self.domain, signature=signature)

    # Writing

    def rotate(self, to: Address | SignedConsent) -> Receipt:
        """Hand one's own party over to another key, by account or by its consent."""
        consent = self._consented(self._actor.party(), to)
        self._require_kind(consent, KeyKind.CONTROLLER)
        return self._actor.submit(
            Rotate(
                successor=consent.message.key,
                deadline=consent.message.deadline,
                consent=consent.signature,
                wish=_wish(consent),
            )
        )

    def appoint(
        self,
        agent: Address | SignedConsent,
        scopes: Scope | None = None,
        valid_until: int = 0,
        *,
        said: str = "",
    ) -> Receipt:
        """Let a key act for one's own party, by account with scopes and end, or by its consent.

        Scopes and an end given beside a consent must be those that it was signed for. `said` are
        the words that the end was given in, such as "30d", which come to another time each time.
        """
        party = self._actor.party()
        consent = self._consented(party, agent, scopes=scopes, valid_until=valid_until)
        self._require_kind(consent, KeyKind.AGENT)
        if scopes is not None and scopes != consent.scopes:
            self._refuse("scopes", consent.scopes.name or "", scopes.name or "")
        if valid_until and valid_until != consent.message.valid_until:
            self._refuse("valid_until", str(consent.message.valid_until), str(valid_until))
        return self._actor.submit(
            AppointAgent(
                key=consent.message.key,
                scopes=consent.scopes,
                valid_until=consent.message.valid_until,
                deadline=consent.message.deadline,
                consent=consent.signature,
                wish=_wish(consent, until=said),
            )
        )

    def dismiss(self, agent: Address) -> Receipt:
        """End an agent's span at once."""
        return self._actor.submit(DismissAgent(key=agent))

    def announce_recovery(
        self, party: PartyId, key: Address, evidence: bytes = _NO_EVIDENCE
    ) -> Receipt:
        """Announce that a key shall control a party whose own is lost; evidence is a digest."""
        return self._actor.submit(AnnounceRecovery(party=party, key=key, evidence=evidence))

    def cancel_recovery(self, party: PartyId | Me = "me") -> Receipt:
        """Cancel the recovery announced for a party."""
        return self._actor.submit(CancelRecovery(party=self._actor.resolve(party)))

    def recover(self, party: PartyId, consent: SignedConsent | None = None) -> Receipt:
        """Carry out an announced recovery, with the new key's consent where it is not at home."""
        announced = self._actor.ledger.recovery(party)
        if announced is None:
            left = Recover(party=party, deadline=0, consent=b"", wish=str(party))
            if self._actor.awaits(left):
                return self._actor.submit(left)
            from registry.reverts import RecoveryUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise RecoveryUnknown(party=party)
        signed = self._consented(party, consent or announced.key)
        self._require_kind(signed, KeyKind.CONTROLLER)
        if signed.message.key != announced.key:
            self._refuse("key", str(signed.message.key), str(announced.key))
        return self._actor.submit(
            Recover(
                party=party,
                deadline=signed.message.deadline,
                consent=signed.signature,
                wish=str(party),
            )
        )

    # Internal

    def _consented(
        self,
        party: PartyId,
        given: Address | SignedConsent,
        *,
        scopes: Scope | None = None,
        valid_until: int = 0,
    ) -> SignedConsent:
        """Return a consent that was checked, or one signed now with an account at home."""
        if isinstance(given, SignedConsent):
            return self._checked(party, given)
        try:
            return self.consent(party, given, scopes=scopes, valid_until=valid_until)
        except AccountUnknown as error:
            raise KeyConsentNeeded(account=str(given)) from error

    def _checked(self, party: PartyId, consent: SignedConsent) -> SignedConsent:
        """Refuse what the contracts would, and say why; of a contract's consent only they judge."""
        consent.require_domain(self.domain)
        message: KeyConsent = consent.message
        if message.party != party:
            self._refuse("party", str(message.party), str(party))
        if len(consent.signature) == 65:  # noqa: PLR2004 (a key's signature)
            digest = message.digest(consent.domain)
            if self._actor.sealing().signer_of(digest, consent.signature) != message.key:
                raise ConsentForged(account=str(message.key))
        return consent

    def _require_kind(self, consent: SignedConsent, kind: KeyKind) -> None:
        if consent.kind is not kind:
            self._refuse("kind", consent.kind.name, kind.name)

    def _refuse(self, field: str, given: str, needed: str) -> None:
        raise ConsentForOther(field=field, given=given, needed=needed)


def _wish(consent: SignedConsent, *, until: str = "") -> str:
    """Return what was asked for: all that is signed but the deadline, which differs each time.

    The end is `until`, as it was said, where that is given.
    """
    message = consent.message
    ends = until or message.valid_until
    return f"{message.party} {message.key} {message.kind} {message.scopes} {ends}"
