"""Calls, answers and logs are the same as web3.py's, on a real chain with random values."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from eth_typing import HexStr
from eth_utils.abi import abi_to_signature
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web3 import HTTPProvider, Web3
from web3.exceptions import ContractCustomError

from registry.chain import bindings, reverts, wire
from registry.chain.layouts import EventLayout, Function
from registry.chain.logs import field_of
from registry.chain.questions import Question, ask
from registry.chain.reader import ChainReader
from registry.chain.rpc import Rpc
from registry.chain.web3_transport import Web3Transport
from registry.domain.events import ProductRegistered
from registry.domain.ids import Address, ProductId
from registry.domain.operations import Enrol, Register, Retire, Suspend, Transfer, Update
from registry.domain.vocabulary import Reason, Right, SecurityClass
from registry.errors import ConnectionLost, ContractRevert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import World

ARTIFACTS = Path(__file__).resolve().parents[2] / "registry" / "artifacts"
CONTRACTS = (
    "ApplicationJudge",
    "Authority",
    "CertificateRegistry",
    "Directory",
    "GrantRegistry",
    "PartyRegistry",
    "ProductRegistry",
    "RegistrationDesk",
    "WorkCalendar",
)


def abi_of(name: str) -> list[dict[str, Any]]:
    """Return the ABI of a contract, as the compiler gave it."""
    abi: list[dict[str, Any]] = json.loads((ARTIFACTS / f"{name}.json").read_bytes())["abi"]
    return abi


def bound(name: str, kind: type[Function | EventLayout]) -> dict[str, Any]:
    """Return the bindings of one kind of a contract by their Solidity names."""
    members: list[Any] = list(vars(getattr(bindings, name)).values())
    return {member.name: member for member in members if isinstance(member, kind)}


@pytest.mark.parametrize("name", CONTRACTS)
def test_binds_every_function_and_event_as_web3_does(name: str) -> None:
    """Selectors, topics and types of all functions and events agree."""
    functions, events = bound(name, Function), bound(name, EventLayout)
    entries = [e for e in abi_of(name) if e["type"] in {"function", "event"}]
    assert {e["name"] for e in entries} == functions.keys() | events.keys()
    for entry in entries:
        signature = abi_to_signature(entry)  # type: ignore[arg-type]
        digest = bytes(Web3.keccak(text=signature))
        if entry["type"] == "function":
            function = functions[entry["name"]]
            assert function.selector == digest[:4]
            assert signature == f"{entry['name']}({','.join(function.inputs)})"
        else:
            event = events[entry["name"]]
            assert event.topic == digest
            assert signature == f"{entry['name']}({','.join(p.kind for p in event.parameters)})"


def flat(value: Any) -> Any:  # noqa: ANN401
    """Return a value of web3's in the shape of ours: tuples, bytes, addresses as 20 bytes."""
    if isinstance(value, (list, tuple)):
        return tuple(map(flat, value))
    if isinstance(value, str) and value.startswith("0x"):
        return bytes.fromhex(value[2:])
    return bytes(value) if isinstance(value, (bytes, bytearray)) else value


@pytest.fixture
def theirs(world: World) -> Iterator[Web3]:
    """Return web3.py on the same node."""
    provider = HTTPProvider(world.url)
    yield Web3(provider)
    provider._request_session_manager.session_cache.clear()


def contract(world: World, web3: Web3, name: str) -> Any:  # noqa: ANN401
    """Return web3's contract of this name."""
    deployment = world.deployment
    address = {
        "Directory": deployment.directory,
        "PartyRegistry": deployment.parties,
        "ProductRegistry": deployment.products,
        "GrantRegistry": deployment.grants,
        "WorkCalendar": deployment.calendar,
    }[name]
    assert address is not None
    return web3.eth.contract(address=Web3.to_checksum_address(address.hex), abi=abi_of(name))


def populate(world: World) -> list[ProductId]:
    """Write a little of everything; return the products."""
    ledger = world.ledger
    for who in (1, 2):
        ledger.submit(Enrol(identity_hash=bytes([who]) * 32), account=world.accounts[who])
    rng = random.Random(7)
    registrations = [
        Register(
            content_root=rng.randbytes(32),
            metadata_hash=rng.randbytes(32),
            salt=rng.getrandbits(64),
            rights=Right.HOLD | Right(rng.randrange(8)),
            security_class=SecurityClass(rng.randrange(3)),
        )
        for _ in range(12)
    ]
    products = []
    for receipt in ledger.submit_all(registrations, account=world.accounts[1]):
        (event,) = receipt.events
        assert isinstance(event, ProductRegistered)
        products.append(event.product)
    account, buyer = world.accounts[1], ledger.party_of(world.accounts[2])
    assert buyer is not None
    root = rng.randbytes(32)
    for operation in (
        Update(product=products[0], latest=1, content_root=root, metadata_hash=root),
        Transfer(product=products[0], to=buyer, rights=Right.HOLD),
        Retire(product=products[1]),
    ):
        ledger.submit(operation, account=account)
    ledger.submit(
        Suspend(party=buyer, reason=Reason.RISK, evidence=rng.randbytes(12)),
        account=world.accounts[0],
    )
    return products


def test_every_question_has_the_answer_that_web3_gets(world: World, theirs: Web3) -> None:
    """All views, asked about what is there and what is not, answer alike or refuse alike."""
    products = populate(world)
    parties = [world.ledger.party_of(account) for account in world.accounts[:3]]
    samples: dict[str, list[Any]] = {
        "address": [*(a.raw for a in world.accounts), world.deployment.grants.raw, bytes(20)],
        "bytes20": [products[0].raw, products[1].raw, products[2].raw, bytes(20)],
        "bytes32": [bytes(32), b"\x01" * 32],
        "uint64": [*(int(party) for party in parties if party is not None), 0, 2**64 - 1],
        "uint256": [0, 1, 2, 100],
        "uint16": [0, 1, 2, 9],
        "uint40": [0, 2**40 - 1],
        "bytes": [b"", b"\x01" * 96],
    }
    rng, asked = random.Random(11), 0
    for name in ("Directory", "PartyRegistry", "ProductRegistry", "GrantRegistry"):
        web3_contract = contract(world, theirs, name)
        address = bytes.fromhex(web3_contract.address[2:])
        views = [e for e in abi_of(name) if e.get("stateMutability") in {"view", "pure"}]
        for entry in views:
            function: Function = bound(name, Function)[entry["name"]]
            if not all(kind in samples for kind in function.inputs):
                continue
            for _ in range(4 if function.inputs else 1):
                arguments = [rng.choice(samples[kind]) for kind in function.inputs]
                assert_same(world, web3_contract, address, function, arguments)
                asked += 1
    assert asked > 60


def assert_same(
    world: World,
    web3_contract: Any,  # noqa: ANN401
    address: bytes,
    function: Function,
    arguments: list[Any],
) -> None:
    """Ask both, and compare calldata, answer and refusal."""
    given_theirs = [
        Web3.to_checksum_address(value) if kind == "address" else value
        for kind, value in zip(function.inputs, arguments, strict=True)
    ]
    calldata = web3_contract.encode_abi(function.name, args=given_theirs)
    assert function.call(*arguments) == bytes.fromhex(calldata[2:])
    (ours,) = ask(world.rpc, [Question(Address(address), function, tuple(arguments))])
    if isinstance(ours, ContractRevert):
        with pytest.raises(ContractCustomError) as refused:
            web3_contract.functions[function.name](*given_theirs).call()
        assert reverts.decode(bytes.fromhex(str(refused.value.data)[2:])).fields == ours.fields
        return
    answer = web3_contract.functions[function.name](*given_theirs).call()
    expected = (flat(answer),) if len(function.outputs) == 1 else flat(answer)
    assert ours == expected, function.name


def test_every_log_reads_as_web3_reads_it(world: World, theirs: Web3) -> None:
    """Each event that the reader returns has the values that web3 decodes from the same log."""
    populate(world)
    seen: dict[tuple[int, int], tuple[str, dict[str, Any]]] = {}
    for name in ("Directory", "PartyRegistry", "ProductRegistry", "WorkCalendar"):
        web3_contract = contract(world, theirs, name)
        for entry in abi_of(name):
            if entry["type"] == "event":
                for log in web3_contract.events[entry["name"]].get_logs(from_block=0):
                    values = {field_of(key): flat(value) for key, value in log["args"].items()}
                    if (word := values.pop("particulars", None)) is not None:
                        salt, rights, kind = word >> 16, word >> 8 & 255, word & 255
                        values |= {"salt": salt, "rights": rights, "security_class": kind}
                    seen[log["blockNumber"], log["logIndex"]] = (entry["name"], values)
    ours = list(ChainReader(world.rpc, world.deployment).events())
    assert len(ours) > 20
    for event in ours:
        name, values = seen[event.block, event.log_index]
        assert type(event).__name__ == name
        for field, value in values.items():
            found = getattr(event, field)
            raw = getattr(found, "raw", found)
            assert raw == value or int.from_bytes(raw) == value, (name, field)


WORDS = st.binary(min_size=32, max_size=32)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(items=st.lists(st.tuples(WORDS, WORDS, st.integers(0, 2**80 - 1)), max_size=5))
def test_calldata_of_batches_is_web3s(items: list[tuple[bytes, bytes, int]]) -> None:
    """Dynamic arrays of tuples are laid out as web3 lays them."""
    web3_contract: Any = Web3().eth.contract(abi=abi_of("ProductRegistry"))
    ours = bindings.ProductRegistry.register_batch.call(items)
    assert "0x" + ours.hex() == web3_contract.encode_abi("registerBatch", args=[items])


def test_a_provider_of_web3_serves_as_transport(world: World, theirs: Web3) -> None:
    """The same questions through web3.py's own provider have the same answers."""
    product = populate(world)[0]
    with Rpc(Web3Transport(theirs.provider), chain_id=world.deployment.chain_id) as rpc:
        reader = ChainReader(rpc, world.deployment)
        assert reader.product(product) == world.ledger.product(product)
        assert reader.holdings(product) == world.ledger.holdings(product)
        assert list(reader.events()) == list(world.ledger.events())
        assert rpc.url == world.url


def test_transactions_on_chain_carry_our_calldata(world: World, theirs: Web3) -> None:
    """web3 decodes a sent transaction to the function and arguments that were meant."""
    populate(world)
    receipt = world.ledger.submit(
        Register(content_root=b"\x31" * 32, metadata_hash=b"\x32" * 32, salt=5),
        account=world.accounts[1],
    )
    sent = theirs.eth.get_transaction(HexStr(wire.to_data(receipt.transaction)))
    function, arguments = contract(world, theirs, "ProductRegistry").decode_function_input(
        sent["input"]
    )
    assert function.fn_name == "register"
    assert arguments["registration"]["contentRoot"] == b"\x31" * 32
    mined = theirs.eth.get_transaction_receipt(HexStr(wire.to_data(receipt.transaction)))
    assert (mined["gasUsed"], mined["blockNumber"]) == (receipt.gas_used, receipt.block)


def test_whatever_a_provider_raises_is_a_chain_error() -> None:
    """Errors of web3.py and its libraries do not leak, and the address shows no secret."""
    provider = HTTPProvider("http://127.0.0.1:1/0123456789abcdef")
    with pytest.raises(ConnectionLost) as caught:
        Rpc(Web3Transport(provider)).call("eth_chainId")
    assert caught.value.url == "http://127.0.0.1:1/…"
