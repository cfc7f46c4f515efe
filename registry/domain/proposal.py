"""Hold a proposal: terms on their way to an agreement, as one file that the parties pass around.

The file is one canonical JSON document (RFC 8785). It holds the complete terms, where they are to
be filed, the salts of the full texts, the signatures so far, and every earlier offer that a
counter-offer answered. No digest in it is believed: each is reckoned again from what it is of, and
a file that states another is refused.

    two-sided   grantor and grantee sign the same terms
    joint       several grants under one agreement; each party signs the agreement once
    sub-grant   terms under a parent grant, whose path is in the file; where the parent asks for
                it, the parent's grantor signs a consent
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from registry.domain.signing import Agreement, Consent, Terms, agreement_hash
from registry.domain.vocabulary import Form, SubDelegation
from registry.errors import SignerUninvolved
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ancestry import Path
    from registry.domain.clauses import Clauses
    from registry.domain.ids import Address, GrantId, PartyId
    from registry.domain.signing import Message
    from registry.domain.terms import SigningDomain

MAX_GRANTS: Final = 16


class Kind(StrEnum):
    """Say how the terms are agreed."""

    TWO_SIDED = "two-sided"
    JOINT = "joint"
    SUB_GRANT = "sub-grant"


class Over(StrEnum):
    """Say what a signature is over: the terms or the agreement of an offer, or a consent to it."""

    OFFER = "offer"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Hold one party's signature; `signer` is its key or its contract wallet.

    `time` is what the signer's clock said, in seconds since 1970: nothing proves it.
    """

    party: PartyId
    signer: Address
    signature: bytes
    time: int
    over: Over = Over.OFFER


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """Hold what opens the salted hash of a full text: SHA-256 of salt and content."""

    digest: bytes
    salt: bytes
    name: str = ""

    def matches(self, content: bytes) -> bool:
        """Tell whether this is the text."""
        from hashlib import sha256  # noqa: PLC0415 (start-up time)

        return sha256(self.salt + content).digest() == self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Hold terms as one party put them forward, and who has signed them.

    `answers` is the digest of the offer that they counter, None for the first.
    """

    clauses: tuple[Clauses, ...]
    by: PartyId
    time: int
    answers: bytes | None = None
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold an offer with all that its parties need to judge and sign it."""

    domain: SigningDomain
    kind: Kind
    offer: Offer
    path: Path | None = None
    texts: tuple[FullText, ...] = ()
    history: tuple[Offer, ...] = ()

    @property
    def parent(self) -> GrantId | None:
        """Return the grant that the terms rest on, None for none."""
        return None if self.path is None else self.path.parent(self.domain)

    @property
    def digest(self) -> bytes:
        """Return what the parties sign, 32 bytes."""
        return self.message.digest(self.domain)

    @property
    def message(self) -> Message:
        """Return the message that the parties sign: terms, or a joint agreement."""
        return message_of(self.kind, self.offer, self.parent)

    @property
    def grants(self) -> tuple[GrantId, ...]:
        """Return the ids that the grants will have."""
        return tuple(one.digest(self.domain, self.parent) for one in self.offer.clauses)

    @property
    def consent(self) -> Consent | None:
        """Return the consent that is needed besides, None for none."""
        if self.path is None or self.path.clauses.sub_delegation is not SubDelegation.CONSENT:
            return None
        return Consent(grant=self.grants[0])

    @property
    def needed(self) -> tuple[tuple[PartyId, Over], ...]:
        """Return who has to sign what, each once."""
        return needed_of(self.kind, self.offer, self.path)

    @property
    def missing(self) -> tuple[tuple[PartyId, Over], ...]:
        """Return who has not signed yet, and what."""
        done = {(one.party, one.over) for one in self.offer.signatures}
        return tuple(one for one in self.needed if one not in done)

    @property
    def offer_until(self) -> int | None:
        """Return until when the offer can be filed, in seconds since 1970, None for no limit."""
        times = [one.offer_until for one in self.offer.clauses if one.offer_until is not None]
        return min(times, default=None)

    def asked(self, party: PartyId) -> tuple[Over, ...]:
        """Return what a party has to sign; raises `SignerUninvolved` where that is nothing."""
        found = tuple(over for one, over in self.needed if one == party)
        if not found:
            known = [str(one) for one in dict.fromkeys(one for one, _ in self.needed)]
            raise SignerUninvolved(party=str(party), parties=known)
        return found

    def over(self, over: Over) -> Message:
        """Return the message that a signature of this kind is over."""
        if over is Over.CONSENT and self.consent is not None:
            return self.consent
        return self.message

    def signed(self, *signatures: Signature) -> Proposal:
        """Return the proposal with more signatures; a later one of a party replaces its first."""
        known = {(one.party, one.over): one for one in self.offer.signatures}
        known |= {(one.party, one.over): one for one in signatures}
        order = {one: place for place, one in enumerate(self.needed)}
        kept = sorted(known.values(), key=lambda one: order[one.party, one.over])
        return replace(self, offer=replace(self.offer, signatures=tuple(kept)))

    def countered(
        self,
        clauses: tuple[Clauses, ...],
        *,
        by: PartyId,
        time: int,
        texts: tuple[FullText, ...] = (),
    ) -> Proposal:
        """Return the proposal with other terms, put forward by a party in answer to these."""
        answers = self.digest
        history = (*self.history, self.offer)
        offer = Offer(
            clauses=agreed(self.kind, clauses), by=by, time=time, answers=answers, signatures=()
        )
        named = texts_of((*history, offer))
        kept = {one.digest: one for one in (*self.texts, *texts) if one.digest in named}
        return replace(self, offer=offer, history=history, texts=tuple(kept.values()))


def agreed(kind: Kind, clauses: tuple[Clauses, ...]) -> tuple[Clauses, ...]:
    """Return joint clauses with the hash of their agreement in each; others as they are."""
    if kind is not Kind.JOINT:
        return clauses
    common = agreement_of(clauses)
    return tuple(replace(one, agreement=common) for one in clauses)


def agreement_of(clauses: tuple[Clauses, ...]) -> bytes:
    """Return the hash of the agreement that joint clauses share."""
    return agreement_hash([replace(one, agreement=None).clauses_hash() for one in clauses])


def message_of(kind: Kind, offer: Offer, parent: GrantId | None) -> Message:
    """Return what the parties to an offer sign."""
    if kind is Kind.JOINT:
        until = max(one.offer_until or 0 for one in offer.clauses)
        return Agreement(agreement=agreement_of(offer.clauses), offer_until=until)
    return Terms(clauses=offer.clauses[0], parent=parent)


def texts_of(offers: tuple[Offer, ...]) -> set[bytes | None]:
    """Return the salted hashes of all full texts that offers name."""
    return {one.text for offer in offers for one in offer.clauses}


def needed_of(kind: Kind, offer: Offer, path: Path | None) -> tuple[tuple[PartyId, Over], ...]:
    """Return who has to sign what for an offer, each once."""
    found: dict[tuple[PartyId, Over], None] = {}
    for one in offer.clauses:
        if kind is not Kind.SUB_GRANT or one.form is Form.TWO_SIDED:
            found |= {(one.grantor, Over.OFFER): None, (one.grantee, Over.OFFER): None}
    if path is not None and path.clauses.sub_delegation is SubDelegation.CONSENT:
        found[path.clauses.grantor, Over.CONSENT] = None
    return tuple(found)
