"""Deploying, finishing what a crash left, and finding what is there, on a real chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.chain import abi, builds, wire
from registry.chain.bindings import Directory
from registry.chain.calls import Call
from registry.chain.deployment import INTERFACE_VERSION, find, records
from registry.chain.genesis import _calls, deploy
from registry.chain.questions import Question, ask
from registry.domain.directory import entry_name, predict
from registry.domain.ids import Address
from registry.domain.party import DEFAULT_SEAT, Enrolment, Role
from registry.errors import (
    CodeUnknown,
    ContractMissing,
    DeploymentContradicted,
    DeploymentUnfinished,
    InterfaceUnsupported,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.chain.sender import Sender
    from tests.conftest import World

STEPS = len(builds.MADE) + 2


class Crash(BaseException):
    """Stand for the end of the process."""


def test_finds_what_was_deployed(world: World) -> None:
    """The address of the directory leads to the whole deployment."""
    assert find(world.rpc, world.deployment.directory) == world.deployment


def test_contracts_lie_at_the_addresses_predicted(world: World) -> None:
    """Each address follows from the directory's and the contract's name."""
    record = records(world.rpc, world.deployment.directory)
    assert [entry.name for entry in record.entries] == list(builds.MADE)
    for entry in record.entries:
        assert predict(world.deployment.directory, entry.name) == entry.location
        asked = Question(world.deployment.directory, Directory.predict, (entry_name(entry.name),))
        assert ask(world.rpc, [asked]) == [(entry.location.raw,)]


def test_the_deployer_is_the_first_party(world: World) -> None:
    """The account that deploys is registrar and regulator from the start."""
    first = world.ledger.party_of(world.accounts[0])
    assert first is not None
    known = world.ledger.party(first)
    assert known is not None
    assert known.roles == Role.REGISTRAR | Role.REGULATOR
    assert known.controller == world.accounts[0]


def test_deploying_again_finds_the_same_one(world: World) -> None:
    """The same call with the same journal sends nothing more."""
    sender = world.senders[world.accounts[1]]
    first = deploy(sender, policy=Enrolment.OPEN, label="again")
    nonce = world.rpc.call("eth_getTransactionCount", sender.address.hex, "latest")
    assert deploy(sender, policy=Enrolment.OPEN, label="again") == first
    assert world.rpc.call("eth_getTransactionCount", sender.address.hex, "latest") == nonce
    assert deploy(sender, policy=Enrolment.OPEN, label="another") != first


def test_a_successor_names_its_predecessor(world: World) -> None:
    """A deployment that succeeds another says so for good."""
    old = world.deployment.directory
    sender = world.senders[world.accounts[1]]
    new = deploy(sender, policy=Enrolment.REGISTRARS, predecessor=old)
    assert new.predecessor == old
    assert new.block > world.deployment.block


@pytest.mark.parametrize("step", range(1, STEPS))
def test_goes_on_after_a_crash_at_any_step(world: World, step: int) -> None:
    """What landed before the process ended is not sent again, and the rest is."""
    sender = world.senders[world.accounts[1]]
    # One at a time, so that the crash leaves the later steps undone.
    sender.window = 1
    nonce = wire.quantity(world.rpc.call("eth_getTransactionCount", sender.address.hex, "latest"))

    def crash(done: int, total: int) -> None:
        assert total == STEPS
        if done == step:
            raise Crash

    with pytest.raises(Crash):
        deploy(sender, policy=Enrolment.OPEN, label="crash", progress=crash)
    done: list[int] = []
    made = deploy(
        sender,
        policy=Enrolment.OPEN,
        label="crash",
        progress=lambda one, _: done.append(one),
    )
    assert find(world.rpc, made.directory) == made
    assert done[-1] == STEPS
    sent = wire.quantity(world.rpc.call("eth_getTransactionCount", sender.address.hex, "latest"))
    assert sent - nonce == STEPS


@pytest.mark.parametrize("made", [0, 2, 4])
def test_finishes_a_directory_whose_journal_is_lost(world: World, made: int) -> None:
    """What the directory recorded decides what is left to do."""
    sender = world.senders[world.accounts[0]]
    directory = _directory(sender, INTERFACE_VERSION)
    founder = (int(Enrolment.OPEN), sender.address.raw, bytes(32), DEFAULT_SEAT.raw)
    calls = list(_calls(sender, directory, founder, "earlier"))
    for call in calls[:made]:
        sender.send(call)
    assert len(records(world.rpc, directory).entries) == made
    done: list[int] = []
    finished = deploy(
        sender,
        policy=Enrolment.OPEN,
        directory=directory,
        progress=lambda one, _: done.append(one),
    )
    assert finished.directory == directory
    assert done == [1, *range(made + 2, STEPS + 1)]
    assert deploy(sender, policy=Enrolment.OPEN, directory=directory) == finished


def test_says_what_an_unfinished_deployment_has(world: World) -> None:
    """A directory that is not sealed is refused, with what it has so far."""
    sender = world.senders[world.accounts[1]]
    directory = _directory(sender, INTERFACE_VERSION)
    authority = builds.build("Authority").creation + abi.encode(["address"], [b"\x01" * 20])
    data = Directory.create.call(entry_name("Authority"), authority)
    sender.send(Call(to=directory, data=data))
    with pytest.raises(DeploymentUnfinished) as caught:
        find(world.rpc, directory)
    assert caught.value.fields == {"directory": str(directory), "made": ["Authority"]}


def test_refuses_an_address_without_contract(world: World) -> None:
    """Where nothing lies there is no deployment."""
    nowhere = Address(b"\x01" * 20)
    with pytest.raises(ContractMissing) as caught:
        find(world.rpc, nowhere)
    assert (caught.value.name, caught.value.address) == ("Directory", str(nowhere))


def test_refuses_another_contract_for_a_directory(world: World) -> None:
    """Some other contract at the address is told by its code."""
    with pytest.raises(CodeUnknown) as caught:
        find(world.rpc, world.deployment.parties)
    assert caught.value.name == "Directory"


@pytest.mark.parametrize("name", builds.MADE)
def test_notices_a_single_changed_byte_of_code(world: World, name: str) -> None:
    """Code that differs from the build is refused; let pass, the recorded hash still catches it."""
    location = predict(world.deployment.directory, name)
    code = bytearray(wire.data(world.rpc.call("eth_getCode", location.hex, "latest")))
    code[-1] ^= 1
    world.rpc.call("hardhat_setCode", location.hex, wire.to_data(bytes(code)))
    with pytest.raises(CodeUnknown) as caught:
        find(world.rpc, world.deployment.directory)
    assert caught.value.name == name
    with pytest.raises(DeploymentContradicted) as told:
        find(world.rpc, world.deployment.directory, unknown_build=True)
    assert told.value.contract == name


def test_notices_an_immutable_of_another_deployment(world: World) -> None:
    """The right code tied to a stranger's contract is caught by the hash in the directory."""
    grants = world.deployment.grants
    code = wire.data(world.rpc.call("eth_getCode", grants.hex, "latest"))
    tied = code.replace(world.deployment.parties.raw, b"\x07" * 20)
    assert tied != code
    world.rpc.call("hardhat_setCode", grants.hex, wire.to_data(tied))
    with pytest.raises(DeploymentContradicted):
        find(world.rpc, world.deployment.directory)


def _directory(sender: Sender, version: int) -> Address:
    """Return a new directory without entries."""
    arguments = abi.encode(Directory.constructor, (version, bytes(20)))
    creation = builds.build("Directory").creation + arguments
    directory = sender.send(Call(to=None, data=creation)).contract
    assert directory is not None
    return directory


def _deploy_directory(
    sender: Sender, version: int, made: Callable[[Address, str], bytes]
) -> Address:
    """Return a sealed directory whose contracts have the creation code that ``made`` returns."""
    directory = _directory(sender, version)
    for name in builds.MADE:
        data = Directory.create.call(entry_name(name), made(directory, name))
        sender.send(Call(to=directory, data=data))
    sender.send(Call(to=directory, data=Directory.seal.call()))
    return directory


def test_notices_contracts_tied_to_strangers(world: World) -> None:
    """Genuine code, honestly recorded, and yet made for another deployment's parties."""
    stranger = world.deployment.parties.raw

    def made(directory: Address, name: str) -> bytes:
        authority = predict(directory, "Authority").raw
        products = predict(directory, "ProductRegistry").raw
        arguments = {
            "Authority": (("address",), (world.accounts[1].raw,)),
            "PartyRegistry": (
                ("address", "uint8", "address", "bytes32", "bytes3", "address"),
                (authority, 0, world.accounts[1].raw, bytes(32), b"001", products),
            ),
            "ProductRegistry": (("address",) * 4, (stranger,) * 4),
            "ApplicationJudge": (("address",) * 4, (stranger,) * 4),
            "CertificateRegistry": (("address",) * 3, (stranger,) * 3),
            "RegistrationDesk": (("address",) * 5, (stranger,) * 5),
            "Lineage": (("address",) * 3, (stranger, products, stranger)),
            "BatchAnchor": (("address",) * 2, (stranger, products)),
            "GrantRegistry": (("address",) * 5, (stranger, products, *(stranger,) * 3)),
            "GrantOffice": (("address",) * 4, (stranger, products, stranger, stranger)),
            "GrantJudge": (("address",) * 3, (stranger, products, stranger)),
            "UsageMeter": (("address",) * 3, (stranger, products, stranger)),
            "WorkCalendar": (
                ("address", "address", "uint24", "uint24", "uint256[]"),
                (authority, stranger, 1, 2, (0,)),
            ),
        }
        return builds.build(name).creation + abi.encode(*arguments[name])

    directory = _deploy_directory(world.senders[world.accounts[1]], INTERFACE_VERSION, made)
    with pytest.raises(DeploymentContradicted) as caught:
        find(world.rpc, directory)
    assert caught.value.contract == "PartyRegistry"


def test_refuses_an_interface_that_it_does_not_speak(world: World) -> None:
    """A deployment of a later interface is refused by number."""
    stop = bytes.fromhex("6001600c60003960016000f300")
    directory = _deploy_directory(world.senders[world.accounts[1]], 9, lambda *_: stop)
    with pytest.raises(InterfaceUnsupported) as caught:
        find(world.rpc, directory)
    assert caught.value.fields["found"] == 9
