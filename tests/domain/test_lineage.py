"""Test the digest of derivations, graphs with their flags, and the judgement of edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.clauses import Clauses
from registry.domain.grant import GrantStage, GrantSuspension
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.keccak import keccak
from registry.domain.lineage import Derivation, Pin, Source, purposes_within
from registry.domain.lineage_check import Fault, Link, SourceFacts, faults
from registry.domain.lineage_graph import Condition, Direction, graph, of_grants, of_product
from registry.domain.product import ProductState
from registry.domain.vocabulary import Action, Activity, Purpose, Reason, Right
from tests.lineage_world import (
    DAY,
    NOW,
    OPERATOR,
    WEATHER,
    derived,
    facts,
    grant_id,
    grant_state,
    lineage,
    product_id,
    record,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MADE = derived(4, (2, 21))
GRANTED = MADE.sources[0]
OWN = Source(product=product_id(2), version=1)
CLAUSES = Clauses(
    product=product_id(2),
    grantor=WEATHER,
    grantee=OPERATOR,
    actions=Action.DERIVE,
    purposes=Purpose.INSURANCE,
)

# ---- digest ------------------------------------------------------------------------------------


def test_digest_is_that_of_the_abi() -> None:
    """The digest of a written-out derivation is the hash of its words, put together by hand."""
    one = Derivation(
        product=ProductId(b"\x11" * 20),
        version=2,
        by=PartyId.of(0x22),
        time=0x33,
        activity=Activity.FUSION,
        purposes=Purpose.RESEARCH,
        method=b"\x44" * 32,
        agents=(PartyId.of(0x55),),
        sources=(Source(product=ProductId(b"\x66" * 20), version=7, grant=GrantId(b"\x77" * 32)),),
        block=1,
        transaction=b"",
    )

    def word(value: int) -> str:
        return f"{value:064x}"

    agents = word(0x20) + word(1) + word(0x55)
    sources = word(0x20) + word(1) + "66" * 20 + "00" * 12 + word(7) + "77" * 32
    words = [
        "11" * 20 + "00" * 12,
        *(word(value) for value in (2, 0x22, 0x33, int(Activity.FUSION), int(Purpose.RESEARCH))),
        "44" * 32,
        keccak(bytes.fromhex(agents)).hex(),
        keccak(bytes.fromhex(sources)).hex(),
    ]
    assert one.digest() == keccak(bytes.fromhex("".join(words)))


CHANGES: list[dict[str, object]] = [
    {"product": product_id(5)},
    {"version": 2},
    {"by": WEATHER},
    {"time": MADE.time + 1},
    {"activity": Activity.SAMPLING},
    {"purposes": Purpose.CREDIT},
    {"method": b"\x01" * 32},
    {"agents": (WEATHER,)},
    {"sources": (replace(GRANTED, version=2),)},
    {"sources": (replace(GRANTED, grant=None),)},
    {"sources": (*MADE.sources, OWN)},
]


@pytest.mark.parametrize("change", CHANGES, ids=",".join)
def test_digest_covers_every_field(change: dict[str, object]) -> None:
    """No field that the event tells can differ under one digest."""
    assert replace(MADE, **change).digest() != MADE.digest()  # type: ignore[arg-type]


def test_digest_leaves_the_place_out() -> None:
    """Where the event stands is the node's word, which the digest does not prove."""
    assert replace(MADE, block=1, transaction=b"x").digest() == MADE.digest()


@given(st.integers(0, 15), st.integers(0, 15))
def test_purposes_within_are_subsets(inner: int, outer: int) -> None:
    """No purposes stand for all of them: such a set holds any, and is held by none but itself."""
    expected = outer == 0 or (inner != 0 and inner | outer == outer)
    assert purposes_within(Purpose(inner), Purpose(outer)) is expected


# ---- graph -------------------------------------------------------------------------------------


def test_sources_come_before_what_was_made_of_them() -> None:
    """A graph lists every source before its products, one column for each step."""
    found = lineage()
    ranks = found.ranks()
    assert [ranks[node.pin] for node in found.nodes] == [0, 0, 0, 1, 1, 2, 3]
    assert all(ranks[edge.source] < ranks[edge.product] for edge in found.edges)


def test_what_rests_on_flagged_is_flagged() -> None:
    """A dispute taints what is below it; a newer version of a source taints nothing."""
    told = {node.pin.product: (node.conditions, node.inherited) for node in lineage().nodes}
    assert told[product_id(2)] == ((Condition.DISPUTED,), False)
    assert told[product_id(3)] == ((Condition.NEWER_VERSION,), False)
    assert [told[product_id(n)][1] for n in (1, 4, 5, 6, 7)] == [False, True, True, True, True]
    products = {n: facts().products[product_id(n)] for n in range(1, 8)}
    products[2] = record(2)
    sound = {grant_id(n): [grant_state(n)] for n in (21, 22, 23, 24)}
    well = facts(products={product_id(n): one for n, one in products.items()}, grants=sound)
    found = graph([Pin(product_id(7), 1)], Direction.UP, well)
    assert not any(node.inherited for node in found.nodes)
    assert [flag.condition for flag in found.flags] == [Condition.NEWER_VERSION]


def test_flags_name_what_stands_against() -> None:
    """Each flag names the version or the grant; of what was asked about itself, none."""
    told = {(flag.condition, flag.pin.product, flag.grant) for flag in lineage().flags}
    assert told == {
        (Condition.DISPUTED, product_id(2), None),
        (Condition.NEWER_VERSION, product_id(3), None),
        (Condition.GRANT_REVOKED, product_id(2), grant_id(22)),
        (Condition.GRANT_SUSPENDED, product_id(6), grant_id(24)),
    }
    own = facts(products={**facts().products, product_id(7): record(7, seizures=1)})
    assert graph([Pin(product_id(7), 1)], Direction.UP, own).flags == lineage().flags


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        (ProductState.RETIRED, Condition.RETIRED),
        (ProductState.CANCELLED, Condition.CANCELLED),
        (ProductState.REVOKED, Condition.REVOKED),
        (ProductState.PENDING, Condition.PENDING),
        (ProductState.DRAFT, Condition.PENDING),
        (ProductState.DECLINED, Condition.DECLINED),
    ],
)
def test_states_are_conditions(state: ProductState, condition: Condition) -> None:
    """What is not registered has a condition of its own name."""
    assert of_product(record(1, state=state), 1) == (condition,)


def test_counts_and_expiry_are_conditions() -> None:
    """Annotations, expiry and later versions are told beside one another."""
    known = replace(record(1, latest=2, seizures=1, controls=1, disputes=1), expired=True)
    assert of_product(known, 1) == (
        Condition.EXPIRED,
        Condition.SEIZED,
        Condition.CONTROLLED,
        Condition.DISPUTED,
        Condition.NEWER_VERSION,
    )
    assert of_product(None, 1) == ()


def test_a_grant_stands_with_all_that_it_rests_on() -> None:
    """The end of an ancestor is the end of what rests on it; a later one is none yet."""
    ended = grant_state(1, ends_at=NOW - 1)
    revoked = grant_state(2, GrantStage.REVOKED, NOW - 1)
    to_come = grant_state(3, GrantStage.REVOKED, NOW + DAY)
    asleep = grant_state(4, GrantStage.SUSPENDED)
    assert of_grants([ended, grant_state(5)], NOW) == (Condition.GRANT_ENDED,)
    assert of_grants([revoked, asleep], NOW) == (
        Condition.GRANT_REVOKED,
        Condition.GRANT_SUSPENDED,
    )
    assert of_grants([to_come, None], NOW) == ()


def test_a_circle_ends_the_walk_all_the_same() -> None:
    """Told of a circle, which no ledger can have, a graph is still made."""
    one, two = derived(1, (2, None)), derived(2, (1, None))
    circle = facts(derivations={one.pin: one, two.pin: two})
    found = graph([one.pin], Direction.UP, circle)
    assert len(found.nodes) == len(found.edges) == 2


# ---- judging -----------------------------------------------------------------------------------


def link(**given: object) -> Link:
    """Return a grant that stood when the derivation was made."""
    told: dict[str, object] = {
        "id": grant_id(21),
        "clauses": CLAUSES,
        "state": replace(grant_state(21), since=MADE.time - DAY),
    }
    return Link(**{**told, **given})  # type: ignore[arg-type]


def source_facts(**given: object) -> SourceFacts:
    """Return facts under which both kinds of use hold."""
    told: dict[str, object] = {
        "record": replace(record(2), purposes=Purpose.INSURANCE),
        "version_at": MADE.time - DAY,
        "held": Right.USE,
        "frozen": False,
        "links": [link()],
    }
    return SourceFacts(**{**told, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize("source", [OWN, GRANTED])
def test_a_use_that_held_has_no_fault(source: Source) -> None:
    """A live grant, or one's own right, is enough."""
    assert faults(MADE, source, source_facts()) == ()


def suspended(since: int, until: int | None) -> GrantSuspension:
    """Return a suspension of the grant."""
    return GrantSuspension(
        grant=grant_id(21),
        index=0,
        by=WEATHER,
        reason=Reason.UNSPECIFIED,
        evidence=bytes(12),
        since=since,
        until=until,
    )


THEN = MADE.time
BROKEN: list[tuple[Source, Callable[[], SourceFacts], Fault]] = [
    (OWN, lambda: source_facts(record=None), Fault.SOURCE_UNKNOWN),
    (OWN, lambda: source_facts(version_at=None), Fault.VERSION_LATER),
    (OWN, lambda: source_facts(version_at=THEN + 1), Fault.VERSION_LATER),
    (OWN, lambda: source_facts(held=Right.HOLD), Fault.RIGHTS_MISSING),
    (OWN, lambda: source_facts(frozen=True), Fault.SOURCE_FROZEN),
    (
        OWN,
        lambda: source_facts(record=replace(record(2), since=THEN + 1)),
        Fault.SOURCE_NOT_IN_FORCE,
    ),
    (
        OWN,
        lambda: source_facts(record=replace(record(2), until=THEN - 1)),
        Fault.SOURCE_NOT_IN_FORCE,
    ),
    (
        OWN,
        lambda: source_facts(record=replace(record(2), state=ProductState.DECLINED)),
        Fault.SOURCE_NOT_IN_FORCE,
    ),
    (
        OWN,
        lambda: source_facts(record=replace(record(2), purposes=Purpose.CREDIT)),
        Fault.PURPOSES_WIDER,
    ),
    (GRANTED, lambda: source_facts(links=[]), Fault.GRANT_UNKNOWN),
    (GRANTED, lambda: source_facts(links=[link(state=None)]), Fault.GRANT_UNKNOWN),
    (
        GRANTED,
        lambda: source_facts(links=[link(state=replace(grant_state(21), since=THEN + 1))]),
        Fault.GRANT_LATER,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(state=grant_state(21, ends_at=THEN - 1))]),
        Fault.GRANT_OVER,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(suspensions=[suspended(THEN - 1, None)])]),
        Fault.GRANT_SUSPENDED,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(state=grant_state(1, ends_at=THEN - 1)), link()]),
        Fault.GRANT_OVER,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(clauses=replace(CLAUSES, product=product_id(9)))]),
        Fault.GRANT_OF_OTHER_PRODUCT,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(clauses=replace(CLAUSES, version=2))]),
        Fault.GRANT_OF_OTHER_VERSION,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(clauses=replace(CLAUSES, grantee=PartyId.of(74)))]),
        Fault.GRANT_TO_ANOTHER,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(clauses=replace(CLAUSES, actions=Action.READ))]),
        Fault.GRANT_WITHOUT_DERIVE,
    ),
    (
        GRANTED,
        lambda: source_facts(links=[link(clauses=replace(CLAUSES, purposes=Purpose.CREDIT))]),
        Fault.PURPOSES_WIDER,
    ),
]


@pytest.mark.parametrize(("source", "given_facts", "fault"), BROKEN)
def test_each_fault_is_found(
    source: Source, given_facts: Callable[[], SourceFacts], fault: Fault
) -> None:
    """Whatever was not so when it was made breaks the use, by that name alone."""
    assert faults(MADE, source, given_facts()) == (fault,)


def test_what_happened_later_breaks_nothing() -> None:
    """An end, a suspension and a seizure that came after the derivation leave it as it is."""
    later = link(
        state=grant_state(21, GrantStage.REVOKED, THEN + 1),
        suspensions=[suspended(THEN, None), suspended(THEN + 5, THEN + 9)],
    )
    retired = replace(
        record(2, state=ProductState.RETIRED), until=THEN + 1, purposes=Purpose.INSURANCE
    )
    assert faults(MADE, GRANTED, source_facts(links=[later], record=retired)) == ()
