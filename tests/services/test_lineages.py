"""Register derived data and follow it, up and down, on a ledger in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.client import Dengji
from registry.domain.ids import ProductId
from registry.domain.lineage import Pin
from registry.domain.lineage_graph import Condition, Direction
from registry.domain.lineage_operations import (
    Basis,
    Making,
    RegisterDerived,
    RegisterDerivedBatch,
)
from registry.domain.moment import AtBlock
from registry.domain.operations import Annotate, Register
from registry.domain.party import Role
from registry.domain.vocabulary import (
    Action,
    Activity,
    AnnotationKind,
    Purpose,
    Reason,
    Right,
    SubDelegation,
)
from registry.errors import (
    AlreadyMadeOtherwise,
    PurposesDisjoint,
    SourceNotGranted,
    SourceRepeated,
)
from registry.reverts import (
    DerivationMissing,
    ProductUnknown,
    PurposesBeyondProduct,
    PurposesBeyondSources,
    VersionUnknown,
)
from registry.services.deriving import Made, Wanted
from registry.services.provenance import Outcome
from registry.testing import account

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.ids import GrantId
    from registry.testing import MemoryLedger

BOTH = Purpose.RESEARCH | Purpose.INSURANCE


def a_file(tmp_path: Path, text: str) -> Path:
    """Return a file with a text of its own."""
    path = tmp_path / f"{text}.csv"
    path.write_text(text)
    return path


def derived_from(client: Dengji, path: Path, *sources: ProductId, **given: object) -> ProductId:
    """Register a file as made of the latest versions of products, and return its id."""
    made = Made(sources=tuple(Wanted(product=one) for one in sources), **given)  # type: ignore[arg-type]
    return client.products.register(path, made=made).product.id


def granted(
    holder: Dengji,
    buyer: Dengji,
    product: ProductId,
    actions: Action = Action.DERIVE,
    purposes: Purpose = BOTH,
) -> GrantId:
    """Return a grant to derive from a product."""
    to = buyer.parties.mine().id
    return holder.grants.issue(product=product, to=to, actions=actions, purposes=purposes).id


@pytest.fixture
def plots(holder: Dengji, tmp_path: Path) -> ProductId:
    """Return a product of the holder."""
    return holder.products.register(a_file(tmp_path, "plots")).product.id


def test_own_data_needs_no_grant(holder: Dengji, plots: ProductId, tmp_path: Path) -> None:
    """What is made of one's own data is registered as derived, and tells what it was made of."""
    made = Made(sources=(Wanted(product=plots),), activity=Activity.CLEANING, method=b"\x05" * 32)
    registered = holder.products.register(a_file(tmp_path, "clean"), made=made)
    assert registered.product.derived
    assert [source.pin for source in registered.sources] == [Pin(plots, 1)]
    found = holder.provenance.trace(registered.product.id)
    assert found.roots == (Pin(registered.product.id, 1),)
    assert [node.pin.product for node in found.nodes] == [plots, registered.product.id]
    derivation = found.nodes[1].derivation
    assert derivation is not None
    assert (derivation.activity, derivation.method) == (Activity.CLEANING, b"\x05" * 32)
    assert found.nodes[0].name == "plots.csv"
    assert found.flags == ()


def test_a_grant_is_found_and_told(
    holder: Dengji, buyer: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """Without a grant named, the live one that allows most is used; its purposes are taken over."""
    granted(holder, buyer, plots, Action.READ)
    granted(holder, buyer, plots, purposes=Purpose.RESEARCH)
    wide = granted(holder, buyer, plots)
    made = Made(sources=(Wanted(product=plots),))
    registered = buyer.products.register(a_file(tmp_path, "index"), made=made)
    assert registered.sources[0].grant == wide
    assert registered.product.purposes == BOTH


def test_a_sub_grant_is_shown_with_its_ancestors(
    holder: Dengji, buyer: Dengji, ledger: MemoryLedger, plots: ProductId, tmp_path: Path
) -> None:
    """Who was granted further may derive, and the lineage knows when what it rests on ends."""
    third = Dengji(ledger, account(3))
    third.parties.enrol()
    parent = holder.grants.issue(
        product=plots,
        to=buyer.parties.mine().id,
        actions=Action.DERIVE | Action.SUBLICENSE,
        purposes=BOTH,
        rights=Right.USE | Right.OPERATE,
        sub_delegation=SubDelegation.FREE,
        depth=2,
    )
    clauses = buyer.grants.clauses(
        product=plots,
        to=third.parties.mine().id,
        actions=Action.DERIVE,
        purposes=Purpose.RESEARCH,
    )
    child = buyer.agreements.issue_under(clauses, parent.id)
    index = derived_from(third, a_file(tmp_path, "third"), plots)
    (edge,) = third.provenance.trace(index).edges
    assert (edge.grant, edge.conditions) == (child.id, ())
    holder.grants.revoke(parent.id)
    (edge,) = third.provenance.trace(index).edges
    assert edge.conditions == (Condition.GRANT_REVOKED,)


def test_without_a_right_nothing_is_derived(
    holder: Dengji, buyer: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """Who may not derive is told why each grant of theirs does not let them."""
    reading = granted(holder, buyer, plots, Action.READ)
    with pytest.raises(SourceNotGranted) as refused:
        derived_from(buyer, a_file(tmp_path, "x"), plots)
    assert refused.value.grants == [f"{reading}: ACTION_NOT_GRANTED"]
    granted(holder, buyer, plots, purposes=Purpose.RESEARCH)
    with pytest.raises(SourceNotGranted) as refused:
        derived_from(buyer, a_file(tmp_path, "x"), plots, purposes=Purpose.INSURANCE)
    assert refused.value.grants[1].endswith("PURPOSE_NOT_GRANTED")


def test_purposes_stay_within_those_of_all_sources(
    holder: Dengji, buyer: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """Purposes are the intersection, and neither wider ones nor grants beyond them are taken."""
    weather = holder.products.register(a_file(tmp_path, "weather")).product.id
    one = granted(holder, buyer, plots, purposes=BOTH)
    granted(holder, buyer, weather, purposes=Purpose.INSURANCE | Purpose.CREDIT)
    index = derived_from(buyer, a_file(tmp_path, "index"), plots, weather)
    assert buyer.products.get(index).purposes == Purpose.INSURANCE
    with pytest.raises(PurposesBeyondProduct):
        granted(buyer, holder, index, Action.READ, Purpose.RESEARCH)
    wanted = (Wanted(product=plots, grant=one), Wanted(product=weather))
    with pytest.raises(PurposesBeyondSources):
        buyer.products.register(
            a_file(tmp_path, "y"), made=Made(sources=wanted[:1], purposes=Purpose.CREDIT)
        )
    land = holder.products.register(a_file(tmp_path, "land")).product.id
    granted(holder, buyer, land, purposes=Purpose.STATISTICS)
    with pytest.raises(PurposesDisjoint) as refused:
        derived_from(buyer, a_file(tmp_path, "z"), land, weather)
    assert len(refused.value.allowed) == 2


def test_a_source_is_named_once_and_exists(
    holder: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """A source named twice, a version or a product that does not exist: each is told by name."""
    twice = (Wanted(product=plots), Wanted(product=plots, version=1))
    with pytest.raises(SourceRepeated):
        holder.products.register(a_file(tmp_path, "x"), made=Made(sources=twice))
    with pytest.raises(VersionUnknown):
        holder.products.register(
            a_file(tmp_path, "x"), made=Made(sources=(Wanted(product=plots, version=2),))
        )
    with pytest.raises(ProductUnknown):
        derived_from(holder, a_file(tmp_path, "x"), type(plots)(bytes(20)))


def test_the_same_again_is_recognised(holder: Dengji, plots: ProductId, tmp_path: Path) -> None:
    """Derived content registered before is recognised, and refused as made of something else."""
    path = a_file(tmp_path, "clean")
    index = derived_from(holder, path, plots)
    made = Made(sources=(Wanted(product=plots),))
    again = holder.products.register(path, made=made)
    assert again.already
    assert again.product.id == index
    other = holder.products.register(a_file(tmp_path, "other")).product.id
    with pytest.raises(AlreadyMadeOtherwise):
        derived_from(holder, path, other)


def test_each_later_version_says_what_it_was_made_of(
    holder: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """A derived product takes later versions only with their sources, its own among them."""
    index = derived_from(holder, a_file(tmp_path, "v1"), plots)
    with pytest.raises(DerivationMissing):
        holder.products.update(index, a_file(tmp_path, "v2"))
    made = Made(sources=(Wanted(product=index), Wanted(product=plots)))
    updated = holder.products.update(index, a_file(tmp_path, "v2"), made=made)
    assert updated.version == 2
    found = holder.provenance.trace(index)
    assert found.roots == (Pin(index, 2),)
    ranks = found.ranks()
    assert [ranks[Pin(*pin)] for pin in ((plots, 1), (index, 1), (index, 2))] == [0, 1, 2]
    assert Condition.NEWER_VERSION in found.by_pin()[Pin(index, 1)].conditions
    assert not found.by_pin()[Pin(index, 2)].inherited


def test_descendants_are_flagged_and_stay(
    holder: Dengji, buyer: Dengji, ledger: MemoryLedger, plots: ProductId, tmp_path: Path
) -> None:
    """What rests on a disputed source or a revoked grant is flagged, and stays in force."""
    grant = granted(holder, buyer, plots)
    index = derived_from(buyer, a_file(tmp_path, "index"), plots)
    priced = derived_from(buyer, a_file(tmp_path, "priced"), index)
    before = ledger.moment()
    founder = Dengji(ledger, account(0))
    founder.registrars.give(holder.parties.mine().id, Role.COURT)
    ledger.advance(5 * 86_400)
    founder.registrars.give(holder.parties.mine().id, Role.COURT)
    ledger.submit(
        Annotate(
            product=plots,
            kind=AnnotationKind.DISPUTE,
            reason=Reason.DISPUTE,
            evidence=b"\x01" * 32,
        ),
        account=account(1),
    )
    holder.grants.revoke(grant)
    found = holder.provenance.trace(plots, direction="down")
    assert found.direction is Direction.DOWN
    assert {node.pin.product for node in found.nodes} == {plots, index, priced}
    assert [node.inherited for node in found.nodes] == [False, True, True]
    told = {(flag.pin.product, flag.condition) for flag in found.flags}
    assert told == {(plots, Condition.DISPUTED), (plots, Condition.GRANT_REVOKED)}
    assert all(node.record is not None and node.record.in_force for node in found.nodes)
    past = holder.provenance.trace(plots, direction="down", at=AtBlock(before.block))
    assert past.flags == ()


def test_depth_is_bounded(holder: Dengji, plots: ProductId, tmp_path: Path) -> None:
    """A depth stops both ways, and what goes on beyond is marked."""
    one = derived_from(holder, a_file(tmp_path, "1"), plots)
    two = derived_from(holder, a_file(tmp_path, "2"), one)
    up = holder.provenance.trace(two, depth=1)
    assert [(node.pin.product, node.more) for node in up.nodes] == [(one, True), (two, False)]
    down = holder.provenance.trace(plots, direction="down", depth=1)
    assert [(node.pin.product, node.more) for node in down.nodes] == [(plots, False), (one, True)]
    assert len(holder.provenance.trace(two, depth=0).nodes) == 1


def test_verify_walks_the_lineage(
    holder: Dengji, buyer: Dengji, plots: ProductId, tmp_path: Path
) -> None:
    """A grant revoked later flags what was made under it, and breaks nothing."""
    grant = granted(holder, buyer, plots)
    path = a_file(tmp_path, "index")
    index = derived_from(buyer, path, plots)
    found = buyer.provenance.verify(path)
    assert found.outcome is Outcome.IN_FORCE
    assert found.lineage is not None
    assert found.lineage.roots == (Pin(index, 1),)
    assert not found.flagged
    holder.grants.revoke(grant)
    after = buyer.provenance.verify(path)
    assert (after.outcome, after.breaks, after.flagged) == (Outcome.IN_FORCE, (), True)


def test_plain_data_has_no_lineage(holder: Dengji, tmp_path: Path) -> None:
    """Data made of nothing registered is verified without a lineage."""
    path = a_file(tmp_path, "plain")
    holder.products.register(path)
    assert holder.provenance.verify(path).lineage is None


def test_batches_may_rest_on_one_another(holder: Dengji, ledger: MemoryLedger) -> None:
    """Several derived products are registered at once, one made of another before it."""
    party = holder.parties.mine().id

    def item(number: int) -> Register:
        return Register(content_root=bytes([number]) * 32, metadata_hash=b"\x02" * 32)

    def its_id(number: int) -> ProductId:
        return ProductId.derive(
            chain_id=ledger.chain_id,
            registry=ledger.deployment.products,
            party=party,
            content_root=bytes([number]) * 32,
            metadata_hash=b"\x02" * 32,
            salt=0,
        )

    ledger.submit(item(1), account=account(1))
    ledger.submit(
        RegisterDerivedBatch(
            items=tuple(
                RegisterDerived(
                    registration=item(number),
                    making=Making(
                        activity=Activity.SAMPLING,
                        bases=(Basis(product=its_id(number - 1), version=1),),
                        purposes=Purpose(0),
                    ),
                )
                for number in (2, 3)
            )
        ),
        account=account(1),
    )
    assert len(holder.provenance.trace(its_id(3)).nodes) == 3
