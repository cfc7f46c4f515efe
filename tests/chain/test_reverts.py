"""Revert data becomes the exception of the contracts' error, or says that it is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.chain import abi, reverts
from registry.domain.ids import PartyId, ProductId
from registry.domain.party import Standing
from registry.domain.vocabulary import Right
from registry.errors import NodeRefused, Panic, PlainRevert, UnknownRevert
from registry.reverts import BY_SELECTOR, PartyInactive, ProductUnknown, RightsMissing

if TYPE_CHECKING:
    from registry.errors import ContractRevert

ARTIFACTS = Path(__file__).resolve().parents[2] / "registry" / "artifacts"


def data_of(kind: type[Any], *values: abi.AbiValue) -> bytes:
    """Return what a contract reverts with for this error."""
    types = abi.split(kind.signature.partition("(")[2][:-1])
    return bytes(kind.selector) + abi.encode(types, values)


def test_decodes_each_field_to_its_own_type() -> None:
    """Ids, masks and enumerations come as what they are."""
    found = reverts.decode(data_of(RightsMissing, b"\x01" * 20, 7, 1, 4))
    assert isinstance(found, RightsMissing)
    assert found.product == ProductId(b"\x01" * 20)
    assert found.party == PartyId.of(7)
    assert (found.held, found.needed) == (Right.HOLD, Right.OPERATE)


def every_error() -> list[tuple[str, list[str]]]:
    """Return name and types of every error in the artifacts."""
    found = {}
    for path in sorted(ARTIFACTS.glob("*.json")):
        for entry in json.loads(path.read_bytes())["abi"]:
            if entry["type"] == "error":
                found[entry["name"]] = [item["type"] for item in entry["inputs"]]
    return sorted(found.items())


ZEROS: dict[str, abi.AbiValue] = {"address": bytes(20), "bool": False, "bytes": b"", "string": ""}


@pytest.mark.parametrize(("name", "types"), every_error())
def test_every_error_of_the_contracts_has_its_exception(name: str, types: list[str]) -> None:
    """Each Solidity error decodes to the class of its name, with as many fields."""
    zeros = [
        ZEROS.get(kind, bytes(int(kind[5:])) if kind.startswith("bytes") and kind[5:] else 0)
        for kind in types
    ]
    (kind,) = [one for one in BY_SELECTOR.values() if one.__name__ == name]
    found = reverts.decode(data_of(kind, *zeros))
    assert type(found).__name__ == name
    assert len(found.fields) == len(types)


def test_knows_what_solidity_itself_reverts_with() -> None:
    """Assertions and plain reasons are told from our errors."""
    panic = reverts.decode(data_of(Panic, 0x11))
    plain = reverts.decode(data_of(PlainRevert, "no"))
    assert isinstance(panic, Panic)
    assert isinstance(plain, PlainRevert)
    assert (panic.reason, plain.reason) == (0x11, "no")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        b"\xde\xad\xbe\xef",
        data_of(ProductUnknown, b"\x01" * 20)[:-1],
        data_of(ProductUnknown, b"\x01" * 20) + b"\0",
        PartyInactive.selector + abi.encode(["uint64", "uint8"], [1, len(Standing)]),
    ],
)
def test_keeps_data_that_it_cannot_read(data: bytes) -> None:
    """Unknown, damaged or senseless data is an unknown revert that carries it."""
    found = reverts.decode(data)
    assert isinstance(found, UnknownRevert)
    assert found.data == data


@given(
    st.one_of(
        st.binary(max_size=100),
        st.sampled_from(sorted(BY_SELECTOR)).flatmap(
            lambda selector: st.binary(max_size=140).map(lambda rest: selector + rest)
        ),
    )
)
def test_never_fails_on_what_a_node_sends(data: bytes) -> None:
    """Whatever bytes come, an exception comes out, not up."""
    found: ContractRevert = reverts.decode(data)
    assert str(found)


@pytest.mark.parametrize(
    ("error", "message", "data", "kind"),
    [
        (3, "execution reverted", "0x", UnknownRevert),
        (-32000, "Execution reverted", "", UnknownRevert),
        (-32603, "VM Exception", "0xdeadbeef", UnknownRevert),
        (-32000, "insufficient funds", "", NodeRefused),
        (-32000, "Transaction ran out of gas", "0x", NodeRefused),
    ],
)
def test_tells_a_contract_that_refuses_from_a_node_that_does(
    error: int, message: str, data: str, kind: type[Exception]
) -> None:
    """Only what the contract said is a revert."""
    refusal = NodeRefused(url="", method="eth_call", error=error, message=message, data=data)
    assert type(reverts.explained(refusal)) is kind
