"""Headers hash as Ethereum's do, and no other spelling of one is taken."""

from __future__ import annotations

import pytest

from registry.domain.header import LATER, HeaderInvalid, exact, header_of, is_quantity

EMPTY = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
# The first block of Ethereum's main network.
GENESIS = {
    "parentHash": "0x" + "00" * 32,
    "sha3Uncles": "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347",
    "miner": "0x" + "00" * 20,
    "stateRoot": "0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544",
    "transactionsRoot": EMPTY,
    "receiptsRoot": EMPTY,
    "logsBloom": "0x" + "00" * 256,
    "difficulty": "0x400000000",
    "number": "0x0",
    "gasLimit": "0x1388",
    "gasUsed": "0x0",
    "timestamp": "0x0",
    "extraData": "0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa",
    "mixHash": "0x" + "00" * 32,
    "nonce": "0x0000000000000042",
}
HASH = "d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"


def test_the_first_block_of_the_main_network_has_its_hash() -> None:
    """Fields beside those of a header, as nodes tell them, do not count."""
    told = {**GENESIS, "hash": "0x" + HASH, "size": "0x21c", "transactions": []}
    found = header_of(told)
    assert found.hash.hex() == HASH
    assert (found.number, found.time) == (0, 0)
    assert found.state_root.hex() == GENESIS["stateRoot"][2:]


@pytest.mark.parametrize("name", GENESIS)
def test_every_field_counts(name: str) -> None:
    """Another value is another hash, or no header; a missing one is no header."""
    other = GENESIS[name][:-1] + ("1" if GENESIS[name][-1] != "1" else "2")
    assert exact({**GENESIS, name: other}).hash.hex() != HASH
    with pytest.raises(HeaderInvalid):
        exact({key: value for key, value in GENESIS.items() if key != name})


def test_later_fields_stand_in_their_order() -> None:
    """Each fork's field is hashed, and none stands without those before it."""
    values = {name: "0x1" if kind == 0 else "0x" + "11" * 32 for name, kind in LATER}
    fields, seen = dict(GENESIS), {HASH}
    for name, _ in LATER:
        fields[name] = values[name]
        seen.add(exact(fields).hash.hex())
    assert len(seen) == len(LATER) + 1
    for name, _ in LATER[:-1]:
        with pytest.raises(HeaderInvalid):
            exact({key: value for key, value in fields.items() if key != name})
    with pytest.raises(HeaderInvalid):
        exact({**fields, "blockAccessListHash": "0x" + "11" * 32})


@pytest.mark.parametrize(
    "said", ["0x", "0x00", "0x01", "1", "0X1", "0xA", "0x1 ", "-0x1", "0x" + "1" * 65]
)
def test_numbers_have_one_spelling(said: str) -> None:
    """Leading zeros, capitals, and what is too long are no quantities."""
    assert not is_quantity(said)
    with pytest.raises(HeaderInvalid):
        exact({**GENESIS, "gasLimit": said})
