"""Test agreements and sub-grants from proposal to end, on a ledger in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry.client import Dengji
from registry.domain.clauses import Clause, Clauses, Quota, Window
from registry.domain.ids import GrantId, ProductId
from registry.domain.proposal import Proposal
from registry.domain.proposal_file import dump, load
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import (
    Action,
    Form,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import (
    ProposalElsewhere,
    ProposalLapsed,
    ProposalUnsigned,
    SignerUninvolved,
    TemplateUnmet,
)
from registry.reverts import (
    AncestorNotInForce,
    ClauseWider,
    GrantNotYours,
    GrantTaken,
    OfferIsVoid,
    ParentNotYours,
    SignatureInvalid,
    SignerMismatch,
)
from registry.services.grants import Stand
from registry.testing import MemoryLedger, account
from registry.testing.seal import MemorySeal

DAY = 86_400


@pytest.fixture
def clients(ledger: MemoryLedger) -> list[Dengji]:
    """Return four clients, each of an enrolled party that can sign."""
    made = [Dengji(ledger, account(n), seal=MemorySeal()) for n in range(1, 5)]
    for client in made:
        client.parties.enrol()
    return made


@pytest.fixture
def product(clients: list[Dengji], data: Path) -> ProductId:
    """Return a product of the first party."""
    return clients[0].products.register(data).product.id


def terms(by: Dengji, to: Dengji, product: ProductId, **others: Any) -> Clauses:  # noqa: ANN401 (fields of Clauses)
    """Return two-sided terms, good for two weeks."""
    now = by.ledger.moment(None).time
    given: dict[str, Any] = {
        "actions": Action.READ | Action.QUERY,
        "purposes": Purpose.RESEARCH,
        "form": Form.TWO_SIDED,
        "offer_until": now + 14 * DAY,
        **others,
    }
    return by.grants.clauses(product=product, to=to.parties.mine().id, **given)


def check(client: Dengji, product: ProductId) -> Verdict:
    """Return whether the client's party may read."""
    return client.grants.check(product, "me", Action.READ, Purpose.RESEARCH).verdict


def passed(proposal: Proposal) -> Proposal:
    """Return the proposal as the other side reads it from its file."""
    return load(dump(proposal))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["grantor-first", "grantee-first"])
def test_either_side_signs_first_and_anyone_files(
    clients: list[Dengji], product: ProductId, order: tuple[int, int]
) -> None:
    """Signed in either order, filed by a third account, the agreement is a grant."""
    proposal = clients[0].agreements.propose(terms(clients[0], clients[1], product))
    for one in order:
        proposal = passed(clients[one].agreements.sign(proposal))
    (grant,) = clients[3].agreements.submit(proposal)
    assert grant.id == proposal.grants[0]
    assert grant.stand is Stand.ACTIVE
    assert check(clients[1], product) is Verdict.OK
    with pytest.raises(GrantTaken):
        clients[3].agreements.submit(proposal)


def test_one_signature_is_not_enough(clients: list[Dengji], product: ProductId) -> None:
    """What one side alone has signed is not sent, and who is missing is named."""
    proposal = clients[0].agreements.propose(terms(clients[0], clients[1], product))
    proposal = clients[0].agreements.sign(proposal)
    with pytest.raises(ProposalUnsigned) as caught:
        clients[0].agreements.submit(proposal)
    assert caught.value.parties == [str(clients[1].parties.mine().id)]


def test_a_clock_that_is_wrong_makes_no_other_signature(
    clients: list[Dengji], product: ProductId
) -> None:
    """The time beside a signature is not signed: what was signed by a wrong clock is filed."""
    holder, buyer, stranger, _ = clients
    clauses = terms(holder, buyer, product)
    now = holder.ledger.moment(None).time
    proposal = holder.agreements.propose(clauses)
    made = [holder.agreements.sign(proposal, now=time) for time in (1, now, now + 13 * DAY)]
    assert len({one.offer.signatures[0].signature for one in made}) == 1
    signed = buyer.agreements.sign(made[-1], now=1)
    assert stranger.agreements.submit(signed)


def test_a_stranger_signs_nothing(clients: list[Dengji], product: ProductId) -> None:
    """A party that is neither side can neither sign nor counter nor void."""
    proposal = clients[0].agreements.propose(terms(clients[0], clients[1], product))
    for act in (clients[2].agreements.sign, clients[2].agreements.void):
        with pytest.raises(SignerUninvolved):
            act(proposal)
    with pytest.raises(SignerUninvolved):
        clients[2].agreements.counter(proposal, *proposal.offer.clauses)


def test_a_counter_offer_is_agreed_on(clients: list[Dengji], product: ProductId) -> None:
    """A counter-offer needs both signatures anew; the first offer is history."""
    one, two = clients[0], clients[1]
    first = one.agreements.sign(one.agreements.propose(terms(one, two, product)))
    other = replace(first.offer.clauses[0], notice_days=30)
    second = passed(two.agreements.sign(two.agreements.counter(passed(first), other)))
    assert [party for party, _ in second.missing] == [one.parties.mine().id]
    (grant,) = one.agreements.submit(one.agreements.sign(second))
    assert grant.clauses.notice_days == 30
    assert second.history == (first.offer,)


def test_a_forged_signature_is_refused(clients: list[Dengji], product: ProductId) -> None:
    """A signature of other terms, or in another's name, is refused by the ledger."""
    one, two = clients[0], clients[1]
    proposal = one.agreements.sign(one.agreements.propose(terms(one, two, product)))
    other = one.agreements.propose(terms(one, two, product))
    stolen = two.agreements.sign(other).offer.signatures[0]
    moved = replace(proposal.offer, signatures=(*proposal.offer.signatures, stolen))
    with pytest.raises(SignatureInvalid):
        one.agreements.submit(replace(proposal, offer=moved))
    own = replace(proposal.offer.signatures[0], party=two.parties.mine().id)
    moved = replace(proposal.offer, signatures=(*proposal.offer.signatures, own))
    with pytest.raises(SignerMismatch):
        one.agreements.submit(replace(proposal, offer=moved))
    assert [good for _, good in one.agreements.verified(proposal)] == [True]


def test_an_offer_lapses(ledger: MemoryLedger, clients: list[Dengji], product: ProductId) -> None:
    """After its time nothing is signed or filed."""
    one, two = clients[0], clients[1]
    proposal = one.agreements.sign(one.agreements.propose(terms(one, two, product)))
    ledger.advance(15 * DAY)
    now = ledger.now
    with pytest.raises(ProposalLapsed):
        two.agreements.sign(proposal, now=now)
    with pytest.raises(ProposalLapsed):
        two.agreements.submit(two.agreements.sign(proposal, now=1))


def test_a_voided_offer_never_comes_to_be(clients: list[Dengji], product: ProductId) -> None:
    """Either side may void what is not filed yet, though both have signed."""
    one, two = clients[0], clients[1]
    proposal = two.agreements.sign(
        one.agreements.sign(one.agreements.propose(terms(one, two, product)))
    )
    two.agreements.void(proposal)
    with pytest.raises(OfferIsVoid):
        one.agreements.submit(proposal)


def test_a_proposal_is_for_one_ledger(clients: list[Dengji], product: ProductId) -> None:
    """What is made for another chain or contract is not filed here."""
    proposal = clients[0].agreements.propose(terms(clients[0], clients[1], product))
    elsewhere = replace(proposal, domain=replace(proposal.domain, chain_id=1))
    with pytest.raises(ProposalElsewhere):
        clients[0].agreements.submit(elsewhere)


def test_new_terms_end_the_old(clients: list[Dengji], product: ProductId) -> None:
    """Terms that replace a grant end it in the same step."""
    one, two = clients[0], clients[1]
    old = agreed(one, two, terms(one, two, product))
    new = agreed(one, two, terms(one, two, product, replaces=old))
    assert one.grants.get(old).stand is Stand.ENDED
    assert one.grants.get(new).stand is Stand.ACTIVE


def agreed(one: Dengji, two: Dengji, clauses: Clauses, parent: GrantId | None = None) -> GrantId:
    """Return the grant of terms that both sides sign."""
    proposal = one.agreements.propose(clauses, parent=parent)
    signed = two.agreements.sign(one.agreements.sign(proposal))
    return one.agreements.submit(signed)[0].id


def test_a_template_is_kept(clients: list[Dengji], product: ProductId) -> None:
    """Terms that break the rules of their template are not proposed."""
    processing = terms(clients[0], clients[1], product, template=Template.ENTRUSTMENT)
    with pytest.raises(TemplateUnmet):
        clients[0].agreements.propose(processing)


@pytest.fixture
def products(clients: list[Dengji], tmp_path: Path) -> list[ProductId]:
    """Return a product of each of three parties."""
    made = []
    for number, client in enumerate(clients[:3]):
        file = tmp_path / f"{number}.csv"
        file.write_text(str(number))
        made.append(client.products.register(file).product.id)
    return made


def test_fusion_is_active_once_all_have_signed(
    clients: list[Dengji], products: list[ProductId]
) -> None:
    """Of three parties' grants under one agreement none is there until all have signed."""
    three = clients[:3]
    until = clients[0].ledger.moment(None).time + 14 * DAY
    all_terms = [
        replace(
            clients[0].grants.clauses(
                product=product,
                to=to.parties.mine().id,
                actions=Action.READ,
                purposes=Purpose.RESEARCH,
                form=Form.JOINT,
                offer_until=until,
            ),
            grantor=by.parties.mine().id,
        )
        for by, product in zip(three, products, strict=True)
        for to in three
        if to is not by
    ]
    proposal = clients[1].agreements.propose(*all_terms)
    for client in three:
        with pytest.raises(ProposalUnsigned):
            clients[3].agreements.submit(proposal)
        assert check(clients[2], products[0]) is Verdict.GRANT_UNKNOWN
        proposal = passed(client.agreements.sign(proposal))
    made = clients[3].agreements.submit(proposal)
    assert [grant.id for grant in made] == list(proposal.grants)
    assert check(clients[2], products[0]) is Verdict.OK
    assert check(clients[0], products[2]) is Verdict.OK
    assert len({grant.clauses.agreement for grant in made}) == 1


def test_an_offer_of_several_is_void_as_a_whole(
    clients: list[Dengji], products: list[ProductId]
) -> None:
    """One side's word ends the whole joint offer."""
    one, two = clients[0], clients[1]
    both = [
        terms(one, two, products[0], form=Form.JOINT, offer_until=2_000_000_000),
        terms(two, one, products[1], form=Form.JOINT, offer_until=2_000_000_000),
    ]
    proposal = one.agreements.propose(*both)
    signed = two.agreements.sign(one.agreements.sign(proposal))
    two.agreements.void(signed)
    with pytest.raises(OfferIsVoid):
        one.agreements.submit(signed)


PARENT: dict[str, Any] = {
    "sub_delegation": SubDelegation.FREE,
    "depth": 3,
    "quota": Quota(unit=QuotaUnit.CALL, total=100),
}


def below(by: Dengji, to: Dengji, product: ProductId, **others: Any) -> Clauses:  # noqa: ANN401 (fields of Clauses)
    """Return one-sided terms that fit under `PARENT`."""
    given = {"quota": Quota(unit=QuotaUnit.CALL, total=10), **others}
    given = {"actions": Action.READ, "purposes": Purpose.RESEARCH, **given}
    return by.grants.clauses(product=product, to=to.parties.mine().id, **given)


def test_a_sub_grant_rests_on_its_parent(clients: list[Dengji], product: ProductId) -> None:
    """What its grantee grants further is usable while all above it stands."""
    one, two, three, four = clients
    root = agreed(one, two, terms(one, two, product, **PARENT))
    child = two.agreements.issue_under(
        below(two, three, product, sub_delegation=SubDelegation.FREE, depth=2), root
    )
    grandchild = three.agreements.issue_under(below(three, four, product), child.id)
    assert child.parent == root
    assert check(four, product) is Verdict.OK
    assert [one.id for one in one.agreements.descendants(root)] == [child.id, grandchild.id]
    one.grants.revoke(root)
    assert check(three, product) is Verdict.ANCESTOR_REVOKED
    assert check(four, product) is Verdict.ANCESTOR_REVOKED
    with pytest.raises(AncestorNotInForce):
        three.agreements.issue_under(below(three, four, product), child.id)


@pytest.mark.parametrize(
    ("clause", "others"),
    [
        (Clause.ACTIONS, {"actions": Action.READ | Action.TRAIN}),
        (Clause.QUOTA_TOTAL, {"quota": Quota(unit=QuotaUnit.CALL, total=101)}),
        (Clause.RIGHTS, {"rights": Right.USE | Right.OPERATE}),
        (Clause.DEPTH, {"sub_delegation": SubDelegation.FREE, "depth": 3}),
    ],
)
def test_a_wider_sub_grant_is_refused_before_it_is_sent(
    ledger: MemoryLedger,
    clients: list[Dengji],
    product: ProductId,
    clause: Clause,
    others: dict[str, Any],
) -> None:
    """The clause that is wider is named, and nothing is written."""
    one, two, three, _ = clients
    root = agreed(one, two, terms(one, two, product, **PARENT))
    before = ledger.moment(None).block
    with pytest.raises(ClauseWider) as caught:
        two.agreements.issue_under(below(two, three, product, **others), root)
    assert caught.value.clause == clause
    assert ledger.moment(None).block == before


def test_where_sub_grants_are_forbidden_that_is_what_is_named(
    clients: list[Dengji], product: ProductId
) -> None:
    """Of many clauses that are wider the one is named that no other terms would mend."""
    one, two, three, _ = clients
    root = agreed(one, two, terms(one, two, product))
    wider = below(two, three, product, actions=Action.READ | Action.TRAIN)
    with pytest.raises(ClauseWider) as caught:
        two.agreements.issue_under(wider, root)
    assert caught.value.clause == Clause.SUB_DELEGATION


def test_only_its_grantee_grants_further(clients: list[Dengji], product: ProductId) -> None:
    """Another party cannot make a sub-grant of a grant that is not its own."""
    one, two, three, four = clients
    root = agreed(one, two, terms(one, two, product, **PARENT))
    with pytest.raises(ParentNotYours):
        three.agreements.issue_under(below(three, four, product), root)


def test_a_sub_grant_needs_the_consent_that_its_parent_asks_for(
    clients: list[Dengji], product: ProductId
) -> None:
    """Where the terms want it, the parent's grantor signs a consent besides both sides."""
    one, two, three, four = clients
    parent = {**PARENT, "sub_delegation": SubDelegation.CONSENT}
    root = agreed(one, two, terms(one, two, product, **parent))
    proposal = two.agreements.propose(
        terms(two, three, product, quota=Quota(unit=QuotaUnit.CALL, total=5)), parent=root
    )
    for client in (three, two):
        proposal = passed(client.agreements.sign(proposal))
    with pytest.raises(ProposalUnsigned) as caught:
        four.agreements.submit(proposal)
    assert caught.value.parties == [str(one.parties.mine().id)]
    (grant,) = four.agreements.submit(passed(one.agreements.sign(proposal)))
    assert grant.parent == root
    assert check(three, product) is Verdict.OK


def test_what_a_revocation_would_hit_is_what_it_hits(
    clients: list[Dengji], product: ProductId
) -> None:
    """The list of a dry run equals those grants whose check turns from yes to no."""
    one, two, three, four = clients
    root = agreed(one, two, terms(one, two, product, **PARENT))
    other = agreed(one, two, terms(one, two, product, **PARENT))
    deeper = {"sub_delegation": SubDelegation.FREE, "depth": 2}
    made = [
        two.agreements.issue_under(below(two, three, product, **deeper), root).id,
        two.agreements.issue_under(below(two, four, product), root).id,
        two.agreements.issue_under(below(two, three, product), other).id,
    ]
    made.append(three.agreements.issue_under(below(three, four, product), made[0]).id)
    future = Window(start=one.ledger.moment(None).time + 90 * DAY)
    later = replace(below(two, four, product), window=future)
    made.append(two.agreements.issue_under(later, root).id)
    one.agreements.suspend(other)
    one.agreements.resume(other, 0)
    two.agreements.suspend(made[1])
    every = [root, other, *made]
    usable = {hit.grant.id for hit in one.agreements.hits(every) if hit.usable}
    hits = one.agreements.hits([root])
    one.grants.revoke(root)
    left = {hit.grant.id for hit in one.agreements.hits(every) if hit.usable}
    assert {hit.grant.id for hit in hits if hit.usable} == usable - left
    assert {hit.grant.id for hit in hits} == {root, made[0], made[1], made[3], made[4]}
    assert usable - left == {root, made[0], made[3]}


def test_a_suspension_halts_all_below(clients: list[Dengji], product: ProductId) -> None:
    """Suspended by its grantor, a grant and what rests on it cannot be used until resumed."""
    one, two, three, _ = clients
    root = agreed(one, two, terms(one, two, product, **PARENT))
    two.agreements.issue_under(below(two, three, product), root)
    one.agreements.suspend(root, Reason.RISK)
    assert check(two, product) is Verdict.GRANT_SUSPENDED
    assert check(three, product) is Verdict.ANCESTOR_SUSPENDED
    assert one.grants.get(root).stand is Stand.SUSPENDED
    with pytest.raises(GrantNotYours):
        three.agreements.suspend(root)
    one.agreements.resume(root, 0)
    assert check(three, product) is Verdict.OK
    assert [one.until is None for one in one.ledger.grant_suspensions(root)] == [False]


def test_both_sides_end_a_grant(clients: list[Dengji], product: ProductId) -> None:
    """One side's call with the other's signature ends it; a signature for another time does not."""
    one, two, three, _ = clients
    root = agreed(one, two, terms(one, two, product))
    deadline = one.ledger.moment(None).time + DAY
    will = two.agreements.sign_ending(root, ends_at=0, deadline=deadline)
    with pytest.raises(SignatureInvalid):
        one.agreements.end(root, ends_at=deadline, deadline=deadline, other=will)
    mine = one.agreements.sign_ending(root, ends_at=0, deadline=deadline)
    with pytest.raises(SignerMismatch):
        one.agreements.end(root, ends_at=0, deadline=deadline, other=mine)
    with pytest.raises(GrantNotYours):
        three.agreements.end(root, ends_at=0, deadline=deadline, other=will)
    one.agreements.end(root, ends_at=0, deadline=deadline, other=will)
    assert one.grants.get(root).stand is Stand.ENDED
    assert check(two, product) is Verdict.GRANT_ENDED


def test_a_signature_made_elsewhere_is_attached(clients: list[Dengji], product: ProductId) -> None:
    """What a wallet signed counts like one's own."""
    one, two = clients[0], clients[1]
    proposal = one.agreements.sign(one.agreements.propose(terms(one, two, product)))
    by_wallet = MemorySeal().sign(account(2), proposal.message, proposal.domain)
    party = two.parties.mine().id
    proposal = one.agreements.attach(proposal, signer=account(2), signature=by_wallet, party=party)
    one.agreements.submit(proposal)
    assert check(two, product) is Verdict.OK
