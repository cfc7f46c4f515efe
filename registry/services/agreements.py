"""Propose, sign, counter and file agreements; make sub-grants; suspend, void and end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain import attenuation, model_contracts
from registry.domain.agreement_operations import (
    Agree,
    AgreeJointly,
    Approval,
    EndByConsent,
    IssueUnder,
    ResumeGrant,
    SuspendGrant,
    VoidOffer,
)
from registry.domain.clauses import Clause
from registry.domain.proposal import Kind, Offer, Over, Proposal, Signature, agreed
from registry.domain.signing import Ending
from registry.domain.terms import SigningDomain
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Environment, Form, Purpose, Reason, SubDelegation
from registry.errors import (
    ProposalElsewhere,
    ProposalLapsed,
    ProposalUnsigned,
    SignatureWrong,
    SignerUninvolved,
)
from registry.records import dataclass
from registry.services.births import BIRTHS, Family, births
from registry.services.grants import Grants, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.ancestry import Path
    from registry.domain.clauses import Clauses
    from registry.domain.ids import Address, GrantId, PartyId
    from registry.domain.ledger import Receipt
    from registry.domain.proposal import FullText
    from registry.domain.seal import Seal
    from registry.services.actor import Actor
    from registry.services.births import Born
    from registry.services.grants import Grant

NO_EVIDENCE = bytes(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Hold a grant that a revocation of `revoked` would hit, itself or one below it.

    `verdict` is what the chain says today of the least use it allows: where it is `OK`, that is
    what will change.
    """

    grant: Grant
    revoked: GrantId
    verdict: Verdict

    @property
    def usable(self) -> bool:
        """Tell whether the grant can be used today."""
        return self.verdict is Verdict.OK


class Agreements:
    """Serve the tasks about agreements and sub-grants."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor
        self._grants = Grants(actor)

    # ---- proposing ---------------------------------------------------------------------------

    def propose(
        self,
        *clauses: Clauses,
        parent: GrantId | None = None,
        texts: Sequence[FullText] = (),
    ) -> Proposal:
        """Return a proposal of these terms, made by one's own party: several for a joint agreement.

        With a parent they are a sub-grant's. Raises `TemplateUnmet` where a template asks for other
        terms, and the chain's own error where a sub-grant would be wider than its parent.
        """
        now = self._actor.ledger.moment(None).time
        path = None if parent is None else self.path(parent)
        kind = _kind(clauses, path)
        for one in clauses:
            model_contracts.require(one, now=now)
            if path is not None:
                require_narrower(path.clauses, one)
        offer = Offer(clauses=agreed(kind, clauses), by=self._actor.party(), time=now)
        domain = self._grants.domain
        return Proposal(domain=domain, kind=kind, path=path, offer=offer, texts=tuple(texts))

    def counter(
        self, proposal: Proposal, *clauses: Clauses, texts: Sequence[FullText] = ()
    ) -> Proposal:
        """Return the proposal with other terms in answer to it; all signatures fall away."""
        now = self._actor.ledger.moment(None).time
        by = self._actor.party()
        _require_side(proposal, by)
        for one in clauses:
            model_contracts.require(one, now=now)
            if proposal.path is not None:
                require_narrower(proposal.path.clauses, one)
        return proposal.countered(clauses, by=by, time=now, texts=tuple(texts))

    # ---- signing -----------------------------------------------------------------------------

    def sign(
        self, proposal: Proposal, *, over: Over | None = None, now: int | None = None
    ) -> Proposal:
        """Return the proposal with one's own signature on all that one's party has to sign.

        `over` names one of them. Who signs without a node calls `signed_by`. Raises
        `SignerUninvolved`, `ProposalLapsed`, and `AccountNeeded` without an account.
        """
        party = self._actor.party()
        moment = self._actor.ledger.moment(None).time if now is None else now
        account = self._signing_account()
        return signed_by(
            proposal, party, account, seal=self._actor.sealing(), now=moment, over=over
        )

    def attach(
        self,
        proposal: Proposal,
        *,
        signer: Address,
        signature: bytes,
        party: PartyId,
        over: Over = Over.OFFER,
    ) -> Proposal:
        """Return the proposal with a signature made elsewhere, by a wallet or a device.

        Whether a contract wallet accepts its own, the chain says when it is filed.
        """
        if over not in proposal.asked(party):
            raise _uninvolved(proposal, party)
        now = self._actor.ledger.moment().time
        made = Signature(party=party, signer=signer, signature=signature, time=now, over=over)
        return proposal.signed(made)

    def verified(self, proposal: Proposal) -> tuple[tuple[Signature, bool], ...]:
        """Return each signature, and whether it is of the key that it names; see `checked`."""
        return checked(proposal, self._actor.sealing())

    # ---- filing ------------------------------------------------------------------------------

    def submit(self, proposal: Proposal) -> tuple[Grant, ...]:
        """File what all have signed, as whoever pays for it; return the grants.

        Raises `ProposalElsewhere`, `ProposalUnsigned`, `ProposalLapsed`, and the chain's errors.
        """
        self._require_here(proposal)
        filing = None if proposal.missing else _filing(proposal)
        # What was filed in time and not told may have lapsed since.
        if filing is None or not self._actor.awaits(filing):
            _require_open(proposal, self._actor.ledger.moment(None).time)
        if filing is None:
            raise ProposalUnsigned(parties=[str(party) for party, _ in proposal.missing])
        receipt = self._actor.submit(filing)
        born = {event.grant for event in receipt.events if isinstance(event, BIRTHS)}
        return tuple(self._grants.get(one) for one in proposal.grants if one in born)

    def issue_under(
        self, clauses: Clauses, parent: GrantId, *, consent: Approval | None = None, wish: str = ""
    ) -> Grant:
        """Issue a sub-grant of one's own accord, once it is sure to be no wider than its parent."""
        path = self.path(parent)
        require_narrower(path.clauses, clauses)
        operation = IssueUnder(path=path, clauses=clauses, consent=consent, wish=wish)
        receipt = self._actor.submit(operation)
        event = next(one for one in receipt.events if isinstance(one, BIRTHS))
        return self._grants.born(event, resumed=receipt.resumed)

    def void(self, proposal: Proposal) -> tuple[Receipt, ...]:
        """Make an offer void that was not filed yet, as either side; the whole of a joint one."""
        self._require_here(proposal)
        own = self._actor.party()
        mine = [one for one in proposal.offer.clauses if own in (one.grantor, one.grantee)]
        if not mine:
            raise _uninvolved(proposal, own)
        # Joint grants come to be together or not at all: one that is void is enough.
        return (self._actor.submit(VoidOffer(clauses=mine[0], parent=proposal.parent)),)

    # ---- suspending and ending ---------------------------------------------------------------

    def suspend(
        self,
        grant: GrantId,
        reason: Reason = Reason.UNSPECIFIED,
        *,
        evidence: bytes = NO_EVIDENCE,
    ) -> Receipt:
        """Suspend a grant and all that rests on it, as its grantor, a regulator or a court."""
        return self._actor.submit(SuspendGrant(grant=grant, reason=reason, evidence=evidence))

    def resume(self, grant: GrantId, index: int) -> Receipt:
        """End the suspension `index` of a grant."""
        return self._actor.submit(ResumeGrant(grant=grant, index=index))

    def sign_ending(self, grant: GrantId, *, ends_at: int, deadline: int) -> Approval:
        """Return one's own signature of the will that a grant ends; 0 is at once."""
        account = self._signing_account()
        message = Ending(grant=grant, ends_at=ends_at, deadline=deadline)
        signature = self._actor.sealing().sign(account, message, self._grants.domain)
        return Approval(signer=account, signature=signature)

    def end(self, grant: GrantId, *, ends_at: int, deadline: int, other: Approval) -> Receipt:
        """End a grant with the other side's signature of the same will."""
        message = Ending(grant=grant, ends_at=ends_at, deadline=deadline)
        digest = message.digest(self._grants.domain)
        found = self._actor.sealing().signer_of(digest, other.signature)
        if found is not None and found != other.signer:
            raise SignatureWrong(signer=str(other.signer), recovered=str(found))
        return self._actor.submit(
            EndByConsent(grant=grant, ends_at=ends_at, deadline=deadline, other=other)
        )

    # ---- what rests on what ------------------------------------------------------------------

    def path(self, grant: GrantId) -> Path:
        """Return the way from the product down to a grant; raises `GrantUnknown`."""
        return self._family(grant).require_path(grant)

    def descendants(self, grant: GrantId) -> tuple[Grant, ...]:
        """Return all that rests on a grant, parents before children, as it stands now."""
        family = self._family(grant)
        return tuple(self._grants.known(one) for one in family.below(grant))

    def hits(self, grants: Sequence[GrantId]) -> tuple[Hit, ...]:
        """Return what revoking grants would hit: them and all that rests on them, each once."""
        ledger = self._actor.ledger
        moment = ledger.moment(None)
        hit: dict[GrantId, tuple[Born, Path, GrantId]] = {}
        for grant in grants:
            family = self._family(grant)
            own = family.get(grant)
            if own is None:
                raise unknown(grant)
            for one in (own, *family.below(grant)):
                hit.setdefault(one.id, (one, family.require_path(one.id), grant))
        asked = [(path, any_use(one.clauses)) for one, path, _ in hit.values()]
        verdicts = ledger.check_all(asked, at=moment) if asked else ()
        return tuple(
            Hit(grant=self._grants.known(one, moment), revoked=revoked, verdict=verdict)
            for (one, _, revoked), verdict in zip(hit.values(), verdicts, strict=True)
        )

    def _family(self, grant: GrantId) -> Family:
        ledger = self._actor.ledger
        moment = ledger.moment(None)
        for event in births(ledger, moment, grant=grant):
            return Family.read(ledger, moment, event.product)
        return Family(())

    # ---- within ------------------------------------------------------------------------------

    def _signing_account(self) -> Address:
        """Return the account that signs; unlike one that writes, it asks nothing of the chain."""
        account = self._actor.account
        return self._actor.key() if account is None else account

    def _require_here(self, proposal: Proposal) -> None:
        here: SigningDomain = self._grants.domain
        if proposal.domain != here:
            raise ProposalElsewhere(
                chain_id=proposal.domain.chain_id,
                grants=str(proposal.domain.verifying_contract),
                connected_chain=here.chain_id,
                connected_grants=str(here.verifying_contract),
            )


def signed_by(
    proposal: Proposal,
    party: PartyId,
    account: Address,
    *,
    seal: Seal,
    now: int,
    over: Over | None = None,
) -> Proposal:
    """Return the proposal with a party's signature on all that it has to sign; asks no chain.

    `now` is in seconds since 1970. Raises `SignerUninvolved`, `ProposalLapsed`.
    """
    _require_open(proposal, now)
    asked = proposal.asked(party)
    if over is not None and over not in asked:
        raise _uninvolved(proposal, party)
    made = [
        Signature(
            party=party,
            signer=account,
            signature=seal.sign(account, proposal.over(one), proposal.domain),
            time=now,
            over=one,
        )
        for one in (asked if over is None else (over,))
    ]
    return proposal.signed(*made)


def checked(proposal: Proposal, seal: Seal) -> tuple[tuple[Signature, bool], ...]:
    """Return each signature of a proposal, and whether it is of the key that it names.

    One that is not may be a contract wallet's, which the chain alone can judge.
    """
    found = []
    for one in proposal.offer.signatures:
        digest = proposal.over(one.over).digest(proposal.domain)
        found.append((one, seal.signer_of(digest, one.signature) == one.signer))
    return tuple(found)


def require_narrower(parent: Clauses, child: Clauses) -> None:
    """Refuse a sub-grant wider than its parent, as the chain would; raises `ClauseWider`.

    It names the first clause that is; where the parent allows no sub-grants, that, which no other
    terms would mend.
    """
    from registry.reverts import ClauseWider  # noqa: PLC0415 (start-up: seldom raised)

    forbidden = parent.sub_delegation is SubDelegation.NONE
    found = attenuation.wider(parent, child)
    for one in sorted(found, key=lambda one: forbidden and one.clause is not Clause.SUB_DELEGATION):
        raise ClauseWider(clause=one.clause, parent=one.parent, child=one.child)


def any_use(clauses: Clauses) -> Use:
    """Return a use that the clauses allow, of no amount, so that a quota does not matter."""
    return Use(
        user=clauses.grantee,
        action=Action(_lowest(clauses.actions)),
        purpose=Purpose(_lowest(clauses.purposes)),
        version=clauses.version,
        environment=Environment(_lowest(clauses.environment)),
        territory=clauses.territory[0] if clauses.territory else 0,
        amount=0,
    )


def _lowest(mask: int) -> int:
    return int(mask) & -int(mask)


def _kind(clauses: Sequence[Clauses], path: Path | None) -> Kind:
    if path is not None:
        return Kind.SUB_GRANT
    return Kind.JOINT if clauses[0].form is Form.JOINT else Kind.TWO_SIDED


def _filing(proposal: Proposal) -> Agree | AgreeJointly | IssueUnder:
    """Return the operation that files a proposal."""
    approvals = {
        (one.party, one.over): Approval(signer=one.signer, signature=one.signature)
        for one in proposal.offer.signatures
    }
    clauses = proposal.offer.clauses
    if proposal.kind is Kind.JOINT:
        return AgreeJointly(items=clauses, approvals=tuple(approvals.values()))
    (one,) = clauses
    path = proposal.path
    consent = approvals.get((path.clauses.grantor, Over.CONSENT)) if path is not None else None
    if path is not None and one.form is Form.ONE_SIDED:
        return IssueUnder(path=path, clauses=one, consent=consent)
    return Agree(
        clauses=one,
        grantor=approvals[one.grantor, Over.OFFER],
        grantee=approvals[one.grantee, Over.OFFER],
        path=path,
        consent=consent,
    )


def _require_open(proposal: Proposal, now: int) -> None:
    until = proposal.offer_until
    if until is not None and until <= now:
        raise ProposalLapsed(until=until)


def _require_side(proposal: Proposal, party: PartyId) -> None:
    sides = {side for one in proposal.offer.clauses for side in (one.grantor, one.grantee)}
    if party not in sides:
        raise _uninvolved(proposal, party)


def _uninvolved(proposal: Proposal, party: PartyId) -> SignerUninvolved:
    known = [str(one) for one in dict.fromkeys(one for one, _ in proposal.needed)]
    return SignerUninvolved(party=str(party), parties=known)
