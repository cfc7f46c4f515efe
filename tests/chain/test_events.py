"""How logs are selected, and what is no log of ours."""

from __future__ import annotations

import pytest

from registry.chain import abi, logs
from registry.chain.bindings import ProductRegistry
from registry.chain.events import filters_for
from registry.chain.logs import Log, LogReader, bindings, field_of
from registry.chain.wire import WireError
from registry.domain.anchor_events import ANCHOR_EVENTS
from registry.domain.case_events import CASE_EVENTS
from registry.domain.events import EVENTS, ProductRetired, RightsTransferred
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.ledger import Deployment
from registry.domain.lineage_events import LINEAGE_EVENTS

DEPLOYMENT = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=Address(b"\x04" * 20),
    interface_version=1,
    block=1,
    calendar=Address(b"\x05" * 20),
    meter=Address(b"\x06" * 20),
    lineage=Address(b"\x0a" * 20),
    anchors=Address(b"\x0b" * 20),
    desk=Address(b"\x07" * 20),
    certificates=Address(b"\x08" * 20),
)
PARTY, OTHER, PRODUCT = PartyId.of(9), PartyId.of(10), ProductId(b"\x08" * 20)
TOPIC_OF_PARTY, TOPIC_OF_PRODUCT = (9).to_bytes(32), b"\x08" * 20 + bytes(12)


def test_every_event_of_the_domain_is_bound_field_by_field() -> None:
    """Each event class has a Solidity event of its name, whose parameters are its fields."""
    bound = [binding for found in bindings().values() for binding in found]
    assert {binding.kind for binding in bound} == {
        *EVENTS,
        *CASE_EVENTS,
        *LINEAGE_EVENTS,
        *ANCHOR_EVENTS,
    }
    packed = {
        "particulars": {"salt", "rights", "security_class", "source", "flags"},
        "usage": {"environment", "purpose", "action", "territory", "amount"},
        "receipt": {"cumulative", "sequence", "purpose", "action", "at"},
        "place": {"index", "since"},
    }
    for binding in bound:
        fields = set(binding.annotations)
        parameters = {field_of(parameter.name) for parameter in binding.layout.parameters}
        parts = [packed[word] for word in parameters & packed.keys()]
        assert parameters - packed.keys() == fields - (set().union(*parts) - parameters)


def test_all_events_without_condition_share_one_filter() -> None:
    """Asking for everything is one request."""
    (one,) = filters_for(DEPLOYMENT, None, ())
    assert len(one.addresses) == 10
    assert one.topics[0] is not None
    assert len(one.topics[0]) == len(EVENTS) + len(CASE_EVENTS) + len(LINEAGE_EVENTS) + len(
        ANCHOR_EVENTS
    )


def test_an_id_is_looked_for_wherever_it_can_stand() -> None:
    """A party stands in different places of different events, each of them a filter."""
    found = filters_for(DEPLOYMENT, [RightsTransferred, ProductRetired], [PARTY])
    topics = {(one.topics[0], one.topics[1:]) for one in found}
    both = tuple(
        sorted([ProductRegistry.ProductRetired.topic, ProductRegistry.RightsTransferred.topic])
    )
    transferred = (ProductRegistry.RightsTransferred.topic,)
    assert topics == {
        (both, (None, (TOPIC_OF_PARTY,))),
        (transferred, (None, None, (TOPIC_OF_PARTY,))),
    }


def test_ids_together_must_all_be_named() -> None:
    """Two parties stand in two places; what has no place for an id is left out."""
    kinds = [RightsTransferred, ProductRetired]
    found = filters_for(DEPLOYMENT, kinds, [PRODUCT, PARTY, OTHER])
    places = {one.topics[1:] for one in found}
    of_other = (10).to_bytes(32)
    assert places == {
        ((TOPIC_OF_PRODUCT,), (TOPIC_OF_PARTY,), (of_other,)),
        ((TOPIC_OF_PRODUCT,), (of_other,), (TOPIC_OF_PARTY,)),
    }
    assert filters_for(DEPLOYMENT, [ProductRetired], [PARTY, OTHER]) == []


def retired(**changed: object) -> Log:
    """Return a log of a retired product, with some of it changed."""
    topics = (ProductRegistry.ProductRetired.topic, TOPIC_OF_PRODUCT, TOPIC_OF_PARTY)
    given = {
        "address": DEPLOYMENT.products.raw,
        "topics": topics,
        "data": b"",
        "block": 5,
        "block_hash": b"\x0c" * 32,
        "number": 2,
        "transaction": b"\x0d" * 32,
        "time": 100,
    }
    return Log(**{**given, **changed})  # type: ignore[arg-type]


def test_reads_a_log_as_its_event() -> None:
    """The fields come as ids, the place as block and number."""
    event = LogReader(DEPLOYMENT).event(retired())
    assert event == ProductRetired(
        block=5, log_index=2, transaction=b"\x0d" * 32, time=100, product=PRODUCT, by=PARTY
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"address": DEPLOYMENT.parties.raw},
        {"address": b"\x09" * 20},
        {"topics": ()},
        {"topics": (b"\x07" * 32,)},
    ],
)
def test_leaves_logs_of_others_out(changed: dict[str, object]) -> None:
    """The same event from another contract, or another event, is none of the ledger's."""
    assert LogReader(DEPLOYMENT).event(retired(**changed)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"data": bytes(32)},
        {"topics": (ProductRegistry.ProductRetired.topic, TOPIC_OF_PRODUCT)},
        {
            "topics": (
                ProductRegistry.ProductRetired.topic,
                TOPIC_OF_PRODUCT,
                TOPIC_OF_PARTY,
                TOPIC_OF_PARTY,
            )
        },
        {"topics": (ProductRegistry.ProductRetired.topic, b"\x08" * 32, TOPIC_OF_PARTY)},
        {"topics": (ProductRegistry.ProductRetired.topic, TOPIC_OF_PRODUCT, b"\x09" * 32)},
    ],
)
def test_refuses_a_log_that_has_not_its_events_form(changed: dict[str, object]) -> None:
    """Missing, surplus or dirty topics and data are not read as something else."""
    with pytest.raises(abi.AbiError):
        LogReader(DEPLOYMENT).event(retired(**changed))


RAW = {
    "address": "0x" + "03" * 20,
    "topics": ["0x" + "07" * 32],
    "data": "0x",
    "blockNumber": "0x5",
    "blockHash": "0x" + "0c" * 32,
    "logIndex": "0x2",
    "transactionHash": "0x" + "0d" * 32,
}


@pytest.mark.parametrize(
    "changed",
    [
        {"blockNumber": None},
        {"blockHash": None},
        {"address": "0x03"},
        {"topics": None},
        {"topics": ["0x07"]},
        {"data": "0x0"},
        {"data": "0x0 0 "},
        {"logIndex": 2},
        {"transactionHash": "0x"},
        {"blockTimestamp": "soon"},
    ],
)
def test_refuses_logs_that_are_not_mined_or_malformed(changed: dict[str, object]) -> None:
    """A pending log, or one with a field of the wrong form, is refused."""
    with pytest.raises(WireError):
        logs.logs([{**RAW, **changed}])


def test_leaves_out_what_a_reorganisation_took_back() -> None:
    """A log marked as removed never happened."""
    kept = logs.logs([RAW, {**RAW, "removed": True}, {**RAW, "removed": False}])
    assert [one.number for one in kept] == [2, 2]
    assert kept[0].time is None
