"""Draw random proposals of every kind, with signatures and earlier offers."""

from dataclasses import replace

from hypothesis import strategies as st

from registry.chain.signatures import sign_typed
from registry.chain.signer import LocalSigner
from registry.domain.ancestry import Path
from registry.domain.clauses import MAX_TIME, Clauses
from registry.domain.ids import PartyId
from registry.domain.proposal import FullText, Kind, Offer, Proposal, Signature, agreed
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import Form, SubDelegation
from tests import strategies

times = st.integers(1, MAX_TIME)
domains = st.builds(
    SigningDomain,
    chain_id=st.integers(1, 2**53 - 1),
    verifying_contract=strategies.addresses,
)


def signer_of(party: PartyId) -> LocalSigner:
    """Return the made-up key of a party."""
    return LocalSigner(party.raw.rjust(31, b"\0") + b"\1")


def sign(proposal: Proposal, party: PartyId, time: int = 1) -> Proposal:
    """Return the proposal with all that a party has to sign."""
    signer = signer_of(party)
    return proposal.signed(
        *(
            Signature(
                party=party,
                signer=signer.address,
                signature=sign_typed(signer, proposal.over(over), proposal.domain),
                time=time,
                over=over,
            )
            for over in proposal.asked(party)
        )
    )


@st.composite
def terms(draw: st.DrawFn, form: Form) -> Clauses:
    """Draw clauses of a form, whose offer lapses at a time that can be shown."""
    return replace(
        draw(strategies.clauses()),
        form=form,
        offer_until=draw(times),
        agreement=None,
    )


@st.composite
def offers(draw: st.DrawFn, kind: Kind, grantor: PartyId | None = None) -> tuple[Clauses, ...]:
    """Draw the clauses of one offer."""
    if kind is not Kind.JOINT:
        form = Form.TWO_SIDED
        if kind is Kind.SUB_GRANT:
            form = draw(st.sampled_from((Form.ONE_SIDED, Form.TWO_SIDED)))
        one = draw(terms(form))
        return (one if grantor is None else replace(one, grantor=grantor),)
    several = draw(st.lists(terms(Form.JOINT), min_size=2, max_size=3))
    until = several[0].offer_until
    return agreed(kind, tuple(replace(one, offer_until=until) for one in several))


@st.composite
def paths(draw: st.DrawFn) -> Path:
    """Draw a parent that allows sub-grants, with up to two grants above it."""
    parent = draw(strategies.clauses())
    way = draw(st.sampled_from((SubDelegation.CONSENT, SubDelegation.FREE)))
    parent = replace(parent, sub_delegation=way, depth=2, offer_until=None)
    above = draw(st.lists(strategies.hashes, max_size=2))
    return Path(clauses=parent, above=tuple(above))


@st.composite
def proposals(draw: st.DrawFn, kinds: tuple[Kind, ...] = tuple(Kind)) -> Proposal:
    """Draw a proposal, signed by some, countered or not."""
    kind = draw(st.sampled_from(kinds))
    domain = draw(domains)
    path = draw(paths()) if kind is Kind.SUB_GRANT else None
    grantor = None if path is None else path.clauses.grantee
    first = draw(offers(kind, grantor))
    made = Proposal(
        domain=domain,
        kind=kind,
        path=path,
        offer=Offer(clauses=first, by=first[0].grantor, time=draw(times)),
        texts=tuple(
            FullText(digest=one.text, salt=bytes(16), name="text.pdf") for one in first if one.text
        ),
    )
    for _ in range(draw(st.integers(0, 2))):
        after = draw(offers(kind, grantor))
        made = made.countered(after, by=after[0].grantee, time=draw(times))
    for party in dict.fromkeys(party for party, _ in made.needed):
        if draw(st.booleans()):
            made = sign(made, party, draw(times))
    return made
