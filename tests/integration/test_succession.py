"""A deployment that succeeds others: what was written to them before is still read.

The first release's contracts are those of `tests/fixtures/release_1.json`, their creation code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from registry.chain import abi
from registry.chain.bindings import Directory
from registry.chain.calls import Call
from registry.chain.deployment import find
from registry.chain.earlier import FIRST, find_any, reader_of
from registry.chain.genesis import deploy
from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.sender import Sender
from registry.chain.signer import LocalSigner
from registry.chain.succession import SuccessiveLedger
from registry.client import Dengji
from registry.domain.directory import entry_name, predict
from registry.domain.events import GrantIssued, PartyEnrolled, ProductRegistered
from registry.domain.ids import GrantId, ProductId
from registry.domain.moment import AtBlock
from registry.domain.operations import (
    Enrol,
    Register,
    RegisterBatch,
    Retire,
    Revoke,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.party import Enrolment
from registry.domain.product import Profile
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Action, Purpose, Reason, Right, SecurityClass
from registry.errors import CodeUnknown
from registry.reverts import GrantUnknown, ProductUnknown
from tests.integration.sending import KEY, OTHER_KEY, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.chain.rpc import Rpc
    from registry.domain.ids import Address, PartyId
    from registry.domain.ledger import Deployment, Ledger

pytestmark = pytest.mark.anvil

FIXTURE: Final = Path(__file__).parents[1] / "fixtures" / "release_1.json"
ROOT, NEXT, LATER = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
CREATED: Final = {
    "Authority": ("address",),
    "PartyRegistry": ("address", "uint8", "address", "bytes32"),
    "ProductRegistry": ("address",),
    "GrantRegistry": ("address", "address"),
}


@dataclass(frozen=True, kw_only=True)
class World:
    """Hold three deployments, each after the other, and what was written to the first two."""

    rpc: Rpc
    senders: dict[Address, Sender]
    first: Deployment
    second: Deployment
    newest: Deployment
    holder: PartyId
    buyer: PartyId
    product: ProductId
    grant: GrantId
    young: ProductId
    account: Address
    other: Address

    @property
    def ledger(self) -> SuccessiveLedger:
        """Return a fresh ledger of the newest, which finds the others by itself."""
        return SuccessiveLedger(
            self.rpc,
            self.newest,
            found=lambda directory: find_any(self.rpc, directory),
            senders=self.senders.__getitem__,
        )


def first_release(sender: Sender) -> Deployment:
    """Deploy the contracts of the first release, from their creation code."""
    creation = {
        name: bytes.fromhex(code.removeprefix("0x"))
        for name, code in json.loads(FIXTURE.read_bytes()).items()
    }
    data = creation["Directory"] + abi.encode(("uint16", "address"), (FIRST, bytes(20)))
    directory = sender.send(Call(to=None, data=data, purpose="deploy")).contract
    assert directory is not None
    at = {name: predict(directory, name).raw for name in CREATED}
    arguments: dict[str, tuple[abi.AbiValue, ...]] = {
        "Authority": (sender.address.raw,),
        "PartyRegistry": (at["Authority"], 0, sender.address.raw, bytes(32)),
        "ProductRegistry": (at["PartyRegistry"],),
        "GrantRegistry": (at["PartyRegistry"], at["ProductRegistry"]),
    }
    for name, kinds in CREATED.items():
        code = creation[name] + abi.encode(kinds, arguments[name])
        data = Directory.create.call(entry_name(name), code)
        sender.send(Call(to=directory, data=data, purpose="deploy"))
    sender.send(Call(to=directory, data=Directory.seal.call(), purpose="deploy"))
    return find_any(sender.rpc, directory)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Write to the first release, then to a successor of it, and then succeed that too."""
    home = tmp_path_factory.mktemp("succession")
    with running() as anvil, Journal(home / "journal.sqlite3") as journal:
        senders = {
            signer.address: Sender(anvil.rpc, signer, journal, lock_dir=home / "locks")
            for signer in (LocalSigner(KEY), LocalSigner(OTHER_KEY))
        }
        account, other = senders
        first = first_release(senders[account])
        old = ChainLedger(anvil.rpc, first, senders=senders.__getitem__)
        enrolled = old.submit(Enrol(identity_hash=bytes(32)), account=other).events[0]
        assert isinstance(enrolled, PartyEnrolled)
        holder = old.party_of(account)
        assert holder is not None
        made = old.submit(
            Register(
                content_root=ROOT, metadata_hash=bytes(32), security_class=SecurityClass.GENERAL
            ),
            account=account,
        ).events[0]
        assert isinstance(made, ProductRegistered)
        old.submit(
            Update(product=made.product, latest=1, content_root=NEXT, metadata_hash=LATER),
            account=account,
        )
        issued = Dengji(replaced(old, first), account).grants.issue(
            product=made.product, to=enrolled.party, actions=Action.READ, purposes=Purpose.RESEARCH
        )
        old.submit(
            Transfer(product=made.product, to=enrolled.party, rights=Right.USE), account=account
        )
        second = deploy(senders[account], policy=Enrolment.OPEN, predecessor=first.directory)
        middle = ChainLedger(anvil.rpc, second, senders=senders.__getitem__)
        young = middle.submit(
            Register(content_root=ROOT, metadata_hash=bytes(32)), account=account
        ).events[0]
        assert isinstance(young, ProductRegistered)
        newest = deploy(
            senders[account],
            policy=Enrolment.OPEN,
            predecessor=second.directory,
            label="newest",
        )
        yield World(
            rpc=anvil.rpc,
            senders=senders,
            first=first,
            second=second,
            newest=newest,
            holder=holder,
            buyer=enrolled.party,
            product=made.product,
            grant=issued.id,
            young=young.product,
            account=account,
            other=other,
        )


def replaced(ledger: ChainLedger, deployment: Deployment) -> Ledger:
    """Return what reads a deployment of the first release and writes to it."""

    class Old(type(reader_of(ledger._rpc, deployment)), ChainLedger):  # type: ignore[misc]
        """The first release's reader, with the sending of ours."""

    made: Ledger = Old(ledger._rpc, deployment, senders=ledger._senders)
    return made


def test_what_was_written_before_is_read_as_it_stands(world: World) -> None:
    """Parties, products, versions, holders, claims and grants of the first release are known."""
    client = Dengji(world.ledger)
    product = client.products.get(world.product)
    assert (product.applicant, product.latest, product.profile) == (world.holder, 2, Profile.OPEN)
    assert (product.in_force, product.moved, product.registrar) == (True, True, 0)
    assert [one.content_root for one in client.products.versions(world.product)] == [ROOT, NEXT]
    held = [(one.party, one.rights) for one in client.products.holders(world.product)]
    left = Right.HOLD | Right.OPERATE
    assert held == [(world.holder, Right.ALL), (world.holder, left), (world.buyer, Right.USE)]
    assert world.ledger.rights_of(world.product, world.buyer) == Right.USE
    assert client.products.annotations(world.product) == ()
    assert client.parties.get(world.buyer).controller == world.other
    grant = client.grants.get(world.grant)
    assert (grant.clauses.grantee, grant.clauses.product) == (world.buyer, world.product)
    answer = client.grants.check(world.product, world.buyer, Action.READ, Purpose.RESEARCH)
    assert (answer.verdict, answer.grant) == (Verdict.OK, world.grant)
    no = client.grants.check(world.product, world.buyer, Action.READ, Purpose.MARKETING)
    assert no.verdict is Verdict.PURPOSE_NOT_GRANTED


def test_content_is_found_in_every_deployment(world: World) -> None:
    """Claims of one content stand in the order of their times, whichever deployment has them."""
    claims = world.ledger.claims(ROOT)
    assert [one.product for one in claims] == [world.product, world.young]
    assert world.ledger.claims_on([bytes(32), ROOT]) == ((), claims)
    assert [one.id for one in Dengji(world.ledger).products.list()] == [world.product, world.young]
    found = world.ledger.products([world.young, world.product])
    assert [one.id for one in found if one is not None] == [world.young, world.product]


def test_each_answer_says_where_it_comes_from(world: World) -> None:
    """A subject's deployment is the one that knows it; of nobody's it is the newest."""
    ledger = world.ledger
    for subject in (world.product, world.holder, world.grant):
        assert ledger.origin(subject) == world.first
    assert ledger.origin(world.young) == world.second
    assert ledger.origin(ProductId(bytes(20))) == world.newest
    assert ledger.origin(GrantId(bytes(32))) == world.newest


def test_events_are_those_of_all_in_the_order_of_the_chain(world: World) -> None:
    """Nothing is told twice and nothing is left out; a kind or a subject chooses as ever."""
    ledger = world.ledger
    told = list(ledger.events())
    places = [(event.block, event.log_index) for event in told]
    assert places == sorted(set(places))
    alone = [
        len(list(reader_of(world.rpc, one).events()))
        for one in (world.first, world.second, world.newest)
    ]
    assert len(told) == sum(alone)
    assert len(list(ledger.events([ProductRegistered]))) == 2
    (issued,) = ledger.events([GrantIssued], product=world.product)
    assert isinstance(issued, GrantIssued)
    assert issued.grant == world.grant


def test_the_past_reaches_back_to_the_first(world: World) -> None:
    """A moment before the newest deployment is asked of those that were there."""
    ledger = world.ledger
    (made,) = ledger.events([ProductRegistered], product=world.product)
    then = ledger.moment(AtBlock(made.block))
    product = ledger.product(world.product, at=then)
    assert product is not None
    assert (product.latest, product.moved) == (1, False)
    assert ledger.product(world.young, at=then) is None
    assert ledger.rights_of(world.product, world.buyer, at=then) == Right(0)


def test_writes_go_to_the_newest(world: World) -> None:
    """A new registration stands in the newest; what only an older one knows cannot be changed."""
    ledger = world.ledger
    made = ledger.submit(
        Register(content_root=LATER, metadata_hash=bytes(32)), account=world.account
    ).events[0]
    assert isinstance(made, ProductRegistered)
    assert ledger.origin(made.product) == world.newest
    assert made.applicant == ledger.party_of(world.account) != world.holder
    with pytest.raises(ProductUnknown):
        ledger.submit(Retire(product=world.product), account=world.account)
    with pytest.raises(GrantUnknown):
        ledger.submit(Revoke(grant=world.grant, reason=Reason.BREACH), account=world.account)


def test_a_suspension_there_still_counts(world: World) -> None:
    """What happens to an older deployment is seen through the newest as well."""
    old = ChainLedger(world.rpc, world.first, senders=world.senders.__getitem__)
    snapshot = world.rpc.call("evm_snapshot")
    try:
        old.submit(
            Suspend(party=world.buyer, reason=Reason.RISK, evidence=bytes(12)),
            account=world.account,
        )
        client = Dengji(world.ledger)
        answer = client.grants.check(world.product, world.buyer, Action.READ, Purpose.RESEARCH)
        assert answer.verdict is Verdict.GRANTEE_SUSPENDED
        assert [one.reason for one in client.parties.suspensions(world.buyer)] == [Reason.RISK]
    finally:
        world.rpc.call("evm_revert", snapshot)


def test_code_that_no_release_has_is_refused(world: World) -> None:
    """A predecessor whose contract is another's is not taken for one of ours."""
    code = world.rpc.call("eth_getCode", world.first.products.hex, "latest")
    assert isinstance(code, str)
    world.rpc.call("hardhat_setCode", world.first.products.hex, code[:-2] + "00")
    try:
        with pytest.raises(CodeUnknown) as refused:
            world.ledger.product(world.product)
        assert refused.value.name == "ProductRegistry"
        assert world.ledger.deployment == find(world.rpc, world.newest.directory)
    finally:
        world.rpc.call("hardhat_setCode", world.first.products.hex, code)


def test_batches_of_the_first_release_are_read(world: World) -> None:
    """Many products of both are asked about in one go, the unknown among them."""
    old = ChainLedger(world.rpc, world.first, senders=world.senders.__getitem__)
    items = tuple(
        Register(content_root=ROOT, metadata_hash=bytes(32), salt=salt) for salt in range(1, 4)
    )
    receipt = old.submit(RegisterBatch(items=items), account=world.account)
    made = [event.product for event in receipt.events if isinstance(event, ProductRegistered)]
    found = world.ledger.products([*made, world.young])
    assert [one.id for one in found if one is not None] == [*made, world.young]
    assert world.ledger.rights_in(made, world.holder) == (Right.ALL,) * 3
