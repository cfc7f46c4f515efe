"""Cases are filed, decided and followed in memory by the table that the contract has."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest

from registry import reverts
from registry.client import Dengji
from registry.domain import flow
from registry.domain.calendar import day_of, start_of
from registry.domain.case import Case, Outcome, Record, change_pending
from registry.domain.case_operations import PROCEEDING, Apply, Origin, Proceed
from registry.domain.flow_table import ENDS, Act, Actor, CaseKind, Condition, Stage
from registry.domain.ids import ProductId
from registry.domain.moment import At, AtBlock
from registry.domain.operations import Register
from registry.domain.party import Role
from registry.domain.product import ProductState, Profile, Share
from registry.domain.vocabulary import AnnotationKind, Reason, Right, Source
from registry.errors import ContractRevert
from registry.services.deriving import Made, Wanted
from registry.services.restricted import Step
from registry.testing import MemoryLedger, account

if TYPE_CHECKING:
    from pathlib import Path

EVIDENCE = b"\x05" * 32
NEW = (b"\x07" * 32, b"\x08" * 32)
DAY = 86_400


@pytest.fixture
def registrar(ledger: MemoryLedger) -> Dengji:
    """Return the client of the founder, the first registrar."""
    return Dengji(ledger, account(0))


def application(profile: Profile = Profile.PROPERTY, **more: object) -> Apply:
    """Return an application for a product."""
    asked = Apply(
        registration=Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32),
        profile=profile,
        registrar=1,
        evidence=EVIDENCE,
    )
    return replace(asked, **more)  # type: ignore[arg-type]


def registered(applicant: Dengji, registrar: Dengji, **more: object) -> ProductId:
    """Return a product that was registered without publicity."""
    product = applicant.cases.apply(application(**more)).case.product  # type: ignore[arg-type]
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.WAIVE, evidence=EVIDENCE)
    registrar.cases.register(product, evidence=EVIDENCE)
    return product


def test_a_registration_gets_its_code_and_the_longest_validity(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """Entered in the record, the product is in force for five years and found by its code."""
    product = registered(holder, registrar)
    known = ledger.product(product)
    assert known is not None
    assert known.state is ProductState.REGISTERED
    assert known.until == flow.latest_validity(Profile.PROPERTY, known.since)
    code = registrar.cases.docket(product).code
    assert code == "SJ0012026010001"
    assert ledger.product_of(code) == product
    (entry,) = list(registrar.cases.desk(open_only=False))
    assert entry.over


def test_a_change_is_entered_as_it_was_filed(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """Other digests than those whose hash is pending are refused; the right ones are version 2."""
    product = registered(holder, registrar)
    filed = holder.cases.change(product, *NEW)
    assert ledger.pending(product, filed.case.index) == change_pending(*NEW)
    registrar.cases.proceed(product, Act.ACCEPT)
    with pytest.raises(reverts.PendingMismatch):
        registrar.cases.register(product, evidence=EVIDENCE, content_root=NEW[1])
    registrar.cases.register(product, evidence=EVIDENCE, content_root=NEW[0], metadata_hash=NEW[1])
    assert ledger.versions(product)[-1].content_root == NEW[0]


def test_a_transfer_waits_for_its_receiver(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """The desk shows whom it waits for; concurred and registered, the transferor keeps nothing."""
    product, me = registered(holder, registrar), buyer.parties.mine().id
    holder.cases.transfer(product, me, Right.OPERATE)
    registrar.cases.proceed(product, Act.ACCEPT)
    with pytest.raises(reverts.ConsentMissing):
        registrar.cases.register(product, evidence=EVIDENCE)
    (waiting,) = list(buyer.cases.desk(awaiting="me"))
    assert waiting.case.missing == (me,)
    buyer.cases.concur(product)
    registrar.cases.register(product, evidence=EVIDENCE)
    assert ledger.rights_of(product, me) is Right.OPERATE
    assert Right.OPERATE not in ledger.rights_of(product, holder.parties.mine().id)


def test_joint_holders_must_concur(holder: Dengji, buyer: Dengji, registrar: Dengji) -> None:
    """Named in an application, another holder agrees before it is registered."""
    shares = (
        Share(party=holder.parties.mine().id, rights=Right.ALL),
        Share(party=buyer.parties.mine().id, rights=Right.USE),
    )
    product = holder.cases.apply(application(shares=shares)).case.product
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.WAIVE, evidence=EVIDENCE)
    with pytest.raises(reverts.ConsentMissing):
        registrar.cases.register(product, evidence=EVIDENCE)
    assert buyer.cases.concur(product).case.missing == ()
    assert registrar.cases.register(product, evidence=EVIDENCE).code


def test_fused_data_without_an_agreement_needs_every_side(holder: Dengji) -> None:
    """OPERATE over fused data is not one side's to register alone."""
    fused = Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32, source=Source.FUSED)
    with pytest.raises(reverts.RightsBeyondSource):
        holder.cases.apply(application(registration=fused))


def test_a_registrar_registers_nothing_of_its_own(registrar: Dengji) -> None:
    """The party that decides cannot be the one that applies."""
    with pytest.raises(reverts.RegistrarOwnData):
        registrar.cases.apply(application())


def test_an_upheld_objection_ends_the_case(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """The application is terminated, and its product was never registered."""
    product = holder.cases.apply(application(Profile.PUBLIC)).case.product
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.PUBLICISE)
    buyer.cases.object(product, EVIDENCE)
    made = registrar.cases.decide(product, Outcome.UPHELD, reasons=EVIDENCE)
    assert made.standing.stage is Stage.TERMINATED
    known = ledger.product(product)
    assert known is not None
    assert known.state is ProductState.DECLINED
    assert made.options == ()


def test_a_party_has_one_open_objection_to_a_product(
    holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """Until its objection is decided a party raises no other; then it may, others may at once."""
    product = holder.cases.apply(application(Profile.PUBLIC)).case.product
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.PUBLICISE)
    holder.cases.object(product, EVIDENCE)
    buyer.cases.object(product, EVIDENCE)
    with pytest.raises(reverts.ObjectionOpen) as refused:
        buyer.cases.object(product, NEW[0])
    told = refused.value.product, refused.value.by, refused.value.index
    assert told == (product, buyer.parties.mine().id, 1)
    registrar.cases.decide(product, Outcome.REJECTED, reasons=EVIDENCE)
    with pytest.raises(reverts.ObjectionOpen):
        buyer.cases.object(product, NEW[0])
    registrar.cases.decide(product, Outcome.REJECTED, reasons=EVIDENCE)
    assert buyer.cases.object(product, NEW[0]).index == 2


def test_what_a_registrar_does_of_its_own_motion(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """PUBLIC can be revoked, PROPERTY cannot; both can be cancelled."""
    product = registered(holder, registrar)
    with pytest.raises(reverts.TransitionForbidden):
        registrar.cases.revoke(product, Reason.FALSEHOOD, EVIDENCE)
    registrar.cases.cancel(product, Reason.DATA_LOST, EVIDENCE)
    known = ledger.product(product)
    assert known is not None
    assert known.state is ProductState.CANCELLED
    acts = [one.act for one in registrar.cases.timeline(product).entries]
    assert acts == [Act.SUBMIT, Act.ACCEPT, Act.WAIVE, Act.REGISTER, Act.CANCEL]


def test_a_dispute_bars_the_transfer_until_it_is_released(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """What is noted on the product shows in what the timeline says of its case, then and now."""
    product = registered(holder, registrar)
    holder.cases.transfer(product, buyer.parties.mine().id, Right.OPERATE)
    registrar.cases.proceed(product, Act.ACCEPT)
    buyer.cases.concur(product)
    before = ledger.moment()
    ledger.advance(60)
    registrar.products.annotate(product, AnnotationKind.DISPUTE)
    assert blocked(registrar, product) == (Condition.UNENCUMBERED,)
    assert blocked(registrar, product, AtBlock(before.block)) == ()
    with pytest.raises(reverts.ProductEncumbered):
        registrar.cases.register(product, evidence=EVIDENCE)
    registrar.products.release(product, 0)
    assert blocked(registrar, product) == ()
    registrar.cases.register(product, evidence=EVIDENCE)


def test_an_award_leaves_the_change_of_the_former_holder_behind(
    holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """Whoever filed and lost HOLD cannot have it registered, which the act itself tells."""
    product = registered(holder, registrar)
    holder.cases.change(product, *NEW)
    registrar.cases.proceed(product, Act.ACCEPT)
    parties = (holder.parties.mine().id, buyer.parties.mine().id)
    made = registrar.cases.award(product, *parties, Right.HOLD, EVIDENCE)
    (register,) = (one for one in made.options if one.act is Act.REGISTER)
    assert register.blocked == (Condition.FILER_HOLDS,)
    assert made.options == registrar.cases.timeline(product).options
    with pytest.raises(reverts.RightsMissing):
        registrar.cases.register(product, evidence=EVIDENCE, content_root=NEW[0])


def test_a_delisted_registrar_is_offered_nothing(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """What it had to decide stays undecided, and the timeline says why."""
    product = registered(holder, registrar)
    holder.cases.change(product, *NEW)
    registrar.cases.proceed(product, Act.ACCEPT)
    me = registrar.parties.mine().id
    assert registrar.registrars.take(me, Role.REGISTRAR).step is Step.ANNOUNCED
    ledger.advance(5 * DAY)
    assert registrar.registrars.take(me, Role.REGISTRAR).step is Step.DONE
    offered = {one.act: one for one in holder.cases.prospects(product)}
    for act in (Act.ASK, Act.REFUSE, Act.CANCEL):
        assert offered[act].blocked == (Condition.IN_OFFICE,)
    assert offered[Act.WITHDRAW].allowed(ledger.now)
    with pytest.raises(reverts.RoleMissing):
        registrar.cases.proceed(product, Act.REFUSE, evidence=EVIDENCE)


def test_a_suspended_applicant_is_offered_nothing_of_its_case(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """Until it is resumed, which the timeline tells of the moment asked for."""
    product = holder.cases.apply(application()).case.product
    before = ledger.moment()
    ledger.advance(60)
    me = holder.parties.mine().id
    registrar.parties.suspend(me, Reason.BREACH)

    def withdrawal(at: At | None = None) -> tuple[Condition, ...]:
        options = holder.cases.prospects(product, at=at)
        return next(one.blocked for one in options if one.act is Act.WITHDRAW)

    assert withdrawal() == (Condition.ACTIVE,)
    assert withdrawal(AtBlock(before.block)) == ()
    with pytest.raises(reverts.PartyInactive):
        holder.cases.proceed(product, Act.WITHDRAW)
    registrar.parties.resume(me)
    assert withdrawal() == ()
    holder.cases.proceed(product, Act.WITHDRAW)


def test_derived_data_is_not_registered_before_it_is_declared(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji, tmp_path: Path
) -> None:
    """The timeline names what is missing, as of the moment asked for."""
    (tmp_path / "plots.csv").write_text("plots")
    source = holder.products.register(tmp_path / "plots.csv").product.id
    derived = Register(content_root=NEW[0], metadata_hash=NEW[1], source=Source.DERIVED)
    asked = application(registration=derived, origins=(Origin(product=source),))
    product = holder.cases.apply(asked).case.product
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.WAIVE, evidence=EVIDENCE)
    before = ledger.moment()
    ledger.advance(60)
    assert blocked(registrar, product) == (Condition.DERIVATION_DECLARED,)
    with pytest.raises(reverts.DerivationMissing):
        registrar.cases.register(product, evidence=EVIDENCE)
    holder.provenance.declare(product, Made(sources=(Wanted(product=source),)))
    assert blocked(registrar, product) == ()
    assert blocked(registrar, product, AtBlock(before.block)) == (Condition.DERIVATION_DECLARED,)
    registrar.cases.register(product, evidence=EVIDENCE)


def blocked(client: Dengji, product: ProductId, at: At | None = None) -> tuple[Condition, ...]:
    """Return what stands against the registration of the case that runs."""
    options = client.cases.prospects(product, at=at)
    assert options == client.cases.timeline(product, at=at).options
    (register,) = (one for one in options if one.act is Act.REGISTER)
    return register.blocked


def test_the_desk_shows_what_is_due(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji
) -> None:
    """By a day the clerk finds what runs out by then, and whose turn it is."""
    product = holder.cases.apply(application()).case.product
    (mine,) = list(registrar.cases.desk(awaiting="me"))
    assert (mine.case.product, mine.overdue) == (product, False)
    assert mine.due is not None
    assert list(registrar.cases.desk(due=mine.due - 1)) == []
    assert list(registrar.cases.desk(due=mine.due)) == [mine]
    assert list(holder.cases.desk(awaiting="me")) == []
    ledger.advance(40 * DAY)
    (later,) = list(registrar.cases.desk(awaiting="me"))
    assert (later.standing.stage, later.overdue) == (Stage.ACCEPTED, True)


def test_an_objection_to_a_registration_is_on_the_desk_until_it_is_answered(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """The case is over, and its registrar has five working days; then it is overdue."""
    product = registered(holder, registrar)
    buyer.cases.object(product, EVIDENCE)
    (mine,) = list(registrar.cases.desk(awaiting="me"))
    assert (mine.case.product, mine.standing.stage) == (product, Stage.REGISTERED)
    assert (mine.objections, mine.over, mine.overdue) == (1, False, False)
    (reject,) = (one for one in registrar.cases.prospects(product) if one.act is Act.REJECT)
    assert mine.due == reject.due
    assert mine.due is not None
    ledger.advance(14 * DAY)
    (late,) = list(registrar.cases.desk(due=mine.due))
    assert late.overdue
    registrar.cases.decide(product, Outcome.REJECTED, reasons=EVIDENCE)
    assert list(registrar.cases.desk()) == []


def test_the_earliest_limit_of_a_product_is_the_desks(
    holder: Dengji, buyer: Dengji, registrar: Dengji
) -> None:
    """While a change waits for its holder, an objection waits for the registrar."""
    product = registered(holder, registrar)
    buyer.cases.object(product, EVIDENCE)
    holder.cases.change(product, *NEW)
    registrar.cases.proceed(product, Act.RETURN, evidence=EVIDENCE, days=30)
    (both,) = list(registrar.cases.desk())
    assert both.awaiting == (holder.parties.mine().id, registrar.parties.mine().id)
    (answer,) = (one for one in registrar.cases.prospects(product) if one.act is Act.REJECT)
    assert both.due == answer.due
    registrar.cases.decide(product, Outcome.SETTLED, reasons=EVIDENCE)
    (one,) = list(registrar.cases.desk())
    assert one.awaiting == (holder.parties.mine().id,)
    assert one.due == registrar.cases.timeline(product).due


@pytest.mark.parametrize("seed", range(12))
def test_predictions_agree_with_the_ledger_in_memory(
    ledger: MemoryLedger, holder: Dengji, registrar: Dengji, seed: int
) -> None:
    """On random schedules an act is refused exactly where it is not offered."""
    random = Random(seed)
    profile = random.choice((Profile.PROPERTY, Profile.PUBLIC))
    product = holder.cases.apply(application(profile)).case.product
    for _ in range(30):
        ledger.advance(random.choice((0, DAY // 2, DAY, 4 * DAY)))
        case = ledger.cases(product)[-1]
        offered = flow.options(case, ledger.calendar(), ledger.now)
        act = random.choice([one for one in PROCEEDING if one is not Act.LAPSE])
        for client in (holder, registrar):
            told = any(
                one.act is act and one.allowed(ledger.now) and _is(client, case, one.actors)
                for one in offered
            )
            operation = Proceed(
                product=product, index=case.index, act=act, evidence=EVIDENCE, days=4
            )
            assert client.account is not None
            try:
                ledger.submit(operation, account=client.account)
            except ContractRevert:
                assert not told, (act, case)
            else:
                assert told, (act, case)
                break
        if ledger.stage(product, 0)[0] in ENDS:
            break


def _is(client: Dengji, case: Case, actors: Actor) -> bool:
    me = client.parties.mine().id
    return (Actor.APPLICANT in actors and me == case.filer) or (
        Actor.REGISTRAR in actors and me == case.registrar
    )


def test_a_record_is_packed_and_read_alike() -> None:
    """The word that an event carries gives the record that it was made of."""
    random = Random(3)
    for _ in range(200):
        word = random.getrandbits(256) & ~1
        # Bits that no enumeration has a value for.
        word = word & ~(7 << 53) | random.choice(list(CaseKind)) << 53
        word = word & ~(15 << 49) | random.choice(list(Stage)) << 49
        assert Record.of(word).word == word


def test_a_validity_ends_at_midnight(
    holder: Dengji, registrar: Dengji, ledger: MemoryLedger
) -> None:
    """Any other second, a past day and one beyond the longest span are refused."""
    product = holder.cases.apply(application()).case.product
    registrar.cases.proceed(product, Act.ACCEPT)
    registrar.cases.proceed(product, Act.WAIVE, evidence=EVIDENCE)
    today, latest = day_of(ledger.now), flow.latest_validity(Profile.PROPERTY, ledger.now)
    for until in (start_of(today + 9) + 1, start_of(today), latest + DAY):
        with pytest.raises(reverts.ValidityOutOfRange):
            registrar.cases.register(product, evidence=EVIDENCE, valid_until=until)
    registrar.cases.register(product, evidence=EVIDENCE, valid_until=latest)
