"""Test the clauses of grants: what they refuse, and their one packed form."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import clauses_codec
from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.vocabulary import (
    Action,
    Environment,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import ClauseRefused, ClausesUnreadable
from tests import strategies

PLAIN = Clauses(
    product=ProductId(bytes(range(1, 21))),
    grantor=PartyId.of(0x1111111111111111),
    grantee=PartyId.of(0x2222222222222222),
    actions=Action.READ | Action.ANALYSE,
    purposes=Purpose.RESEARCH,
)

FULL = replace(
    PLAIN,
    text=b"\x01" * 32,
    agreement=b"\x02" * 32,
    replaces=GrantId(b"\x03" * 32),
    scope=b"\x04" * 32,
    filing=b"\x05" * 32,
    service_party=PartyId.of(6),
    quota=Quota(unit=QuotaUnit.CALL, total=1000, per_period=10, period=86_400),
    price=Price(model=PriceModel.METERED, currency=156, unit=80, cap=100),
    territory=(156_410_000, 702_000_000),
)

FULL_OFFSETS = (96, 128, 160, 192, 224, 256, 264, 276, 295, 304)
"""Where each optional part of FULL begins; the last is its end."""


@given(strategies.clauses())
def test_reads_what_it_packed(clauses: Clauses) -> None:
    """Any clauses come back as they were packed, and pack to the same bytes again."""
    packed = clauses.pack()
    assert Clauses.unpack(packed) == clauses
    assert Clauses.unpack(packed).pack() == packed


@given(strategies.clauses(), st.data())
def test_no_two_byte_strings_mean_the_same(clauses: Clauses, data: st.DataObject) -> None:
    """A packed form with any one byte changed is refused or means something else."""
    packed = bytearray(clauses.pack())
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    try:
        changed = Clauses.unpack(bytes(packed))
    except (ClauseRefused, ClausesUnreadable):
        return
    assert changed != clauses
    assert changed.pack() == bytes(packed)


@given(st.binary(max_size=400))
def test_any_bytes_are_canonical_or_refused(noise: bytes) -> None:
    """Whatever is read from arbitrary bytes packs to exactly these bytes."""
    for packed in (noise, PLAIN.pack()[:-2] + noise, FULL.pack()[:94] + noise):
        try:
            read = Clauses.unpack(packed)
        except (ClauseRefused, ClausesUnreadable):
            continue
        assert read.pack() == packed


def test_packs_to_the_layout_written_down() -> None:
    """The first word, the second, the third and the options stand where the layout says."""
    packed = FULL.pack()
    assert packed[0] == clauses_codec.LAYOUT
    assert packed[4] == Right.USE
    assert packed[9] == QuotaUnit.CALL
    assert packed[12:32] == FULL.product.raw
    assert packed[32:40] == FULL.grantor.raw
    assert packed[40:48] == FULL.grantee.raw
    assert int.from_bytes(packed[48:56]) == 1000
    assert int.from_bytes(packed[74:78]) == FULL.actions
    assert int.from_bytes(packed[78:82]) == FULL.purposes
    assert packed[94:96] == b"\x01\xff"
    assert packed[264:276] == (10).to_bytes(8) + (86_400).to_bytes(4)
    assert packed[295:] == b"\x02" + (156_410_000).to_bytes(4) + (702_000_000).to_bytes(4)
    assert len(PLAIN.pack()) == clauses_codec.HEAD


@pytest.mark.parametrize("length", [0, 1, 95])
def test_refuses_less_than_three_words(length: int) -> None:
    """Fewer than 96 bytes are refused, with their number."""
    with pytest.raises(ClausesUnreadable) as caught:
        Clauses.unpack(PLAIN.pack()[:length])
    assert caught.value.fields == {"length": length, "offset": 0}


@pytest.mark.parametrize("layout", [0, 2, 255])
def test_refuses_another_layout(layout: int) -> None:
    """A first byte other than 1 is refused."""
    with pytest.raises(ClausesUnreadable) as caught:
        Clauses.unpack(bytes([layout]) + PLAIN.pack()[1:])
    assert caught.value.offset == 0


@pytest.mark.parametrize("bit", range(9, 16))
def test_refuses_unknown_options(bit: int) -> None:
    """An option bit that announces no known part is refused."""
    with pytest.raises(ClausesUnreadable) as caught:
        Clauses.unpack(PLAIN.pack()[:94] + (1 << bit).to_bytes(2))
    assert caught.value.offset == 94


def test_refuses_bytes_at_the_end() -> None:
    """Bytes after the last part are refused, with and without optional parts."""
    for clauses in (PLAIN, FULL, replace(FULL, territory=())):
        packed = clauses.pack()
        with pytest.raises(ClausesUnreadable) as caught:
            Clauses.unpack(packed + b"\0")
        assert caught.value.length == len(packed) + 1


@pytest.mark.parametrize("part", range(9))
def test_refuses_a_part_cut_off(part: int) -> None:
    """A packed form that ends inside an optional part is refused, with where the part begins."""
    start, end = FULL_OFFSETS[part : part + 2]
    for length in range(start, end):
        with pytest.raises(ClausesUnreadable) as caught:
            Clauses.unpack(FULL.pack()[:length])
        assert caught.value.offset == start


@pytest.mark.parametrize("part", range(9))
def test_refuses_a_part_that_is_all_zero(part: int) -> None:
    """An announced part without content is refused: it must be left out."""
    start, end = FULL_OFFSETS[part : part + 2]
    packed = FULL.pack()
    with pytest.raises(ClausesUnreadable) as caught:
        Clauses.unpack(packed[:start] + bytes(end - start) + packed[end:])
    assert caught.value.offset == start


@pytest.mark.parametrize(
    "codes",
    [(2, 1), (1, 1), (0,), (0, 1), (3, 2, 4)],
    ids=["down", "twice", "zero", "zero-1", "dip"],
)
def test_refuses_territories_out_of_order(codes: tuple[int, ...]) -> None:
    """Territory codes must ascend from above zero."""
    head = PLAIN.pack()[:94] + b"\x01\x00" + bytes([len(codes)])
    with pytest.raises(ClausesUnreadable):
        Clauses.unpack(head + b"".join(code.to_bytes(4) for code in codes))


def test_refuses_more_than_sixteen_territories() -> None:
    """A seventeenth territory code is refused in both forms."""
    codes = tuple(range(1, 18))
    head = PLAIN.pack()[:94] + b"\x01\x00" + bytes([17])
    with pytest.raises(ClausesUnreadable):
        Clauses.unpack(head + b"".join(code.to_bytes(4) for code in codes))
    with pytest.raises(ClauseRefused) as caught:
        replace(PLAIN, territory=codes)
    assert caught.value.problem == "too-many"


@pytest.mark.parametrize(
    ("changes", "clause", "problem"),
    [
        ({"actions": Action(0)}, "actions", "empty"),
        ({"actions": Action(1 << 31)}, "actions", "unknown-bits"),
        ({"purposes": Purpose(0)}, "purposes", "empty"),
        ({"purposes": Purpose(1 << 31)}, "purposes", "unknown-bits"),
        ({"rights": Right(0)}, "rights", "empty"),
        ({"rights": Right(8)}, "rights", "unknown-bits"),
        ({"environment": Environment(32)}, "environment", "unknown-bits"),
        ({"obligations": Obligation(1 << 31)}, "obligations", "unknown-bits"),
        ({"version": 2**16}, "version", "out-of-range"),
        ({"version": -1}, "version", "out-of-range"),
        ({"notice_days": 64}, "notice-days", "out-of-range"),
        ({"acceptance_days": 2**16}, "acceptance-days", "out-of-range"),
        ({"salt": 2**64}, "salt", "out-of-range"),
        ({"offer_until": 0}, "offer-until", "out-of-range"),
        ({"depth": 1}, "depth", "needs-sub-delegation"),
        ({"sub_delegation": SubDelegation.FREE}, "depth", "out-of-range"),
        ({"sub_delegation": SubDelegation.CONSENT, "depth": 9}, "depth", "out-of-range"),
        ({"text": bytes(31)}, "text", "not-32-bytes"),
        ({"agreement": bytes(32)}, "agreement", "zero"),
        ({"scope": bytes(33)}, "scope", "not-32-bytes"),
        ({"filing": bytes(32)}, "filing", "zero"),
        ({"replaces": GrantId(bytes(32))}, "replaces", "zero"),
        ({"service_party": PartyId.of(0)}, "service-party", "zero"),
        ({"territory": (2, 1)}, "territory", "unsorted"),
        ({"territory": (2**32,)}, "territory", "out-of-range"),
    ],
)
def test_refuses_a_clause_that_cannot_be(
    changes: dict[str, Any], clause: str, problem: str
) -> None:
    """Each impossible clause is refused by name, with what is wrong about it."""
    with pytest.raises(ClauseRefused) as caught:
        replace(PLAIN, **changes)
    assert (caught.value.clause, caught.value.problem) == (clause, problem)


def test_entrustment_may_grant_no_right() -> None:
    """Whoever is entrusted with processing may get no right in the data."""
    entrusted = replace(PLAIN, template=Template.ENTRUSTMENT, rights=Right(0))
    assert Clauses.unpack(entrusted.pack()) == entrusted


@pytest.mark.parametrize(
    ("start", "until", "problem"),
    [
        (10, 10, "end-before-start"),
        (10, 9, "end-before-start"),
        (0, None, "out-of-range"),
        (None, 0, "out-of-range"),
        (None, 2**32, "out-of-range"),
        (2**32, None, "out-of-range"),
    ],
)
def test_refuses_a_window_that_cannot_be(
    start: int | None, until: int | None, problem: str
) -> None:
    """A window that ends when it starts or before, or beyond 32 bits, is refused."""
    with pytest.raises(ClauseRefused) as caught:
        Window(start=start, until=until)
    assert caught.value.problem == problem


def test_a_window_the_wrong_way_round_is_told_in_times() -> None:
    """Who is told that a window ends before it starts reads a time, not a count of seconds."""
    with pytest.raises(ClauseRefused) as caught:
        Window(start=1_798_761_600, until=1_796_083_200)
    assert caught.value.given == "2026-12-01T00:00:00Z"


def test_a_window_has_its_start_and_not_its_end() -> None:
    """A time is in the window from the start on and before the end; an open side has no limit."""
    window = Window(start=10, until=20)
    assert [time for time in (9, 10, 19, 20) if window.contains(time)] == [10, 19]
    assert Window().contains(0)
    assert Window(until=5).contains(0)
    assert Window(start=5).contains(2**40)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"unit": QuotaUnit.NONE, "total": 1}, "needs-unit"),
        ({"unit": QuotaUnit.CALL, "total": 0}, "out-of-range"),
        ({"unit": QuotaUnit.CALL, "total": 2**52 - 1}, "out-of-range"),
        ({"unit": QuotaUnit.CALL, "total": 5, "per_period": 6, "period": 1}, "out-of-range"),
        ({"unit": QuotaUnit.CALL, "total": 5, "per_period": 5}, "incomplete"),
        ({"unit": QuotaUnit.CALL, "total": 5, "period": 5}, "incomplete"),
    ],
)
def test_refuses_a_quota_that_cannot_be(values: dict[str, Any], problem: str) -> None:
    """A quota needs a unit, an amount the chain can count down, and whole periods."""
    with pytest.raises(ClauseRefused) as caught:
        Quota(**values)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"model": PriceModel.NONE}, "needs-model"),
        ({"model": PriceModel.FREE, "unit": 1}, "free-has-no-price"),
        ({"model": PriceModel.FREE, "currency": 156}, "free-has-no-price"),
        ({"model": PriceModel.METERED, "unit": 101, "cap": 100}, "out-of-range"),
        ({"model": PriceModel.FIXED, "currency": 2**16}, "out-of-range"),
        ({"model": PriceModel.FIXED, "unit": -1}, "out-of-range"),
    ],
)
def test_refuses_a_price_that_cannot_be(values: dict[str, Any], problem: str) -> None:
    """A price needs a model, stays under its cap, and is nothing where it is free."""
    with pytest.raises(ClauseRefused) as caught:
        Price(**values)
    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("place", "value", "clause"),
    [
        (1, 3, "form"),
        (2, 6, "template"),
        (3, 4, "mode"),
        (5, 3, "sub-delegation"),
        (9, 8, "quota-unit"),
        (93, 4, "derived-rights"),
    ],
)
def test_refuses_values_outside_the_vocabulary(place: int, value: int, clause: str) -> None:
    """A packed value that the vocabulary does not have is refused by the clause's name."""
    packed = bytearray(PLAIN.pack())
    packed[place] = value
    with pytest.raises(ClauseRefused) as caught:
        Clauses.unpack(bytes(packed))
    assert caught.value.fields == {"clause": clause, "given": str(value), "problem": "out-of-range"}


def test_refuses_a_quota_or_price_without_its_kind() -> None:
    """Amounts without a unit, and prices without a model, are refused."""
    amount = bytearray(PLAIN.pack())
    amount[55] = 1
    price = PLAIN.pack()[:94] + b"\x00\x80" + bytes(3) + (1).to_bytes(8) + bytes(8)
    period = PLAIN.pack()[:94] + b"\x00\x40" + (1).to_bytes(8) + (1).to_bytes(4)
    for packed, clause in ((bytes(amount), "quota-total"), (price, "price"), (period, "period")):
        with pytest.raises(ClauseRefused) as caught:
            Clauses.unpack(packed)
        assert caught.value.clause == clause
