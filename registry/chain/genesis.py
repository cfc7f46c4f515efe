"""Make a deployment: the directory first, then by its hand the contracts, then the seal.

All of it is one queue of calls in a named run of the journal. After a crash at any step the same
call, made again, goes on where it broke off: what landed is recognised, what was signed is followed
up, and the rest is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import abi, builds
from registry.chain.bindings import (
    ApplicationJudge,
    Authority,
    BatchAnchor,
    CertificateRegistry,
    Directory,
    GrantJudge,
    GrantOffice,
    GrantRegistry,
    Lineage,
    PartyRegistry,
    ProductRegistry,
    RegistrationDesk,
    UsageMeter,
    WorkCalendar,
)
from registry.chain.calls import Call
from registry.chain.deployment import INTERFACE_VERSION, find, located, records
from registry.domain.calendar import official
from registry.domain.directory import entry_name, predict
from registry.domain.ids import Address
from registry.domain.party import DEFAULT_SEAT
from registry.errors import ContractMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.sender import Sender
    from registry.domain.ledger import Deployment
    from registry.domain.party import Enrolment, Seat

_NO_ADDRESS: Final = Address(bytes(Address.length))
_NO_HASH: Final = bytes(32)
_DESK_STANDS_ON: Final = ("WorkCalendar", "ApplicationJudge", "CertificateRegistry")
_PURPOSE: Final = "deploy"


def deploy(
    sender: Sender,
    *,
    policy: Enrolment,
    predecessor: Address | None = None,
    identity_hash: bytes = _NO_HASH,
    seat: Seat = DEFAULT_SEAT,
    label: str = "",
    directory: Address | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Deployment:
    """Deploy the contracts, or finish a deployment begun with the same parameters.

    The sender's account administers the deployment, and becomes its first party, registrar and
    regulator.

    :param policy: how parties come to be enrolled.
    :param predecessor: the directory that this deployment succeeds.
    :param identity_hash: the salted hash of the first party's identity, 32 bytes, zero for none.
    :param seat: the first party's seat as a registrar, which the codes that it gives carry.
    :param label: tells deployments alike in all else apart: the same label finds the same one.
    :param directory: one that this account made and did not seal, to finish it without the journal
        that has its making.
    :param progress: is told how many transactions of how many are done.
    :raises ChainError: as `Sender.send_all` does; the same call, made again, goes on from there.
    """
    total = len(builds.MADE) + 2
    told = progress or _silent
    choices = (policy.name, str(predecessor or ""), identity_hash.hex(), seat, label)
    run = ":".join((_PURPOSE, builds.release(), *choices))
    genesis = directory or _founded(sender, predecessor, run)
    told(1, total)
    founder = (int(policy), sender.address.raw, identity_hash, seat.raw)
    calls = list(_calls(sender, genesis, founder, run))
    # One after the other: together they would not fit into one block, and on a chain that makes
    # a block for each transaction alone what is left over would wait for the next to come.
    window, sender.window = sender.window, 1
    try:
        for done, _ in enumerate(sender.send_all(calls, run=run), start=total - len(calls) + 1):
            told(done, total)
    finally:
        sender.window = window
    if not calls:
        told(total, total)
    return find(sender.rpc, genesis)


def _founded(sender: Sender, predecessor: Address | None, run: str) -> Address:
    """Return the directory made in this run, which is made if it is not there yet."""
    arguments = (INTERFACE_VERSION, (predecessor or _NO_ADDRESS).raw)
    creation = builds.build(builds.DIRECTORY).creation
    data = creation + abi.encode(Directory.constructor, arguments)
    intent = f"{run}:{builds.DIRECTORY}"
    made = sender.send(Call(to=None, data=data, purpose=_PURPOSE, intent=intent), run=run).contract
    if made is None:
        raise ContractMissing(name=builds.DIRECTORY, address="", url=sender.rpc.url)
    return made


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def _calls(
    sender: Sender, directory: Address, founder: Sequence[AbiValue], run: str
) -> Iterator[Call]:
    """Yield the calls that are missing from what the directory has recorded so far."""
    record = records(sender.rpc, directory)
    if record.sealed_at:
        return
    made = located(record.entries)
    for name, arguments in _arguments(sender, directory, founder).items():
        if name not in made:
            data = Directory.create.call(entry_name(name), builds.build(name).creation + arguments)
            yield Call(
                to=directory, data=data, purpose=_PURPOSE, intent=f"{run}:{directory}:{name}"
            )
    seal = Directory.seal.call()
    yield Call(to=directory, data=seal, purpose=_PURPOSE, intent=f"{run}:{directory}:seal")


def _arguments(sender: Sender, directory: Address, founder: Sequence[AbiValue]) -> dict[str, bytes]:
    """Return the encoded arguments of each contract's constructor, in the order of making."""
    parties, products = predict(directory, "PartyRegistry"), predict(directory, "ProductRegistry")
    authority, account = predict(directory, "Authority"), sender.address
    desk, lineage = predict(directory, "RegistrationDesk"), predict(directory, "Lineage")
    load = official()
    grants, judge = predict(directory, "GrantRegistry"), predict(directory, "GrantJudge")
    asked = (parties.raw, products.raw, judge.raw, predict(directory, "UsageMeter").raw)
    arguments: dict[str, tuple[Sequence[str], Sequence[AbiValue]]] = {
        "Authority": (Authority.constructor, (account.raw,)),
        "PartyRegistry": (
            PartyRegistry.constructor,
            (authority.raw, *founder, predict(directory, "WorkCalendar").raw),
        ),
        "ProductRegistry": (
            ProductRegistry.constructor,
            (parties.raw, desk.raw, lineage.raw, predict(directory, "BatchAnchor").raw),
        ),
        "ApplicationJudge": (
            ApplicationJudge.constructor,
            (parties.raw, products.raw, grants.raw, lineage.raw),
        ),
        "CertificateRegistry": (
            CertificateRegistry.constructor,
            (parties.raw, products.raw, desk.raw),
        ),
        "RegistrationDesk": (
            RegistrationDesk.constructor,
            (
                parties.raw,
                products.raw,
                *(predict(directory, name).raw for name in _DESK_STANDS_ON),
            ),
        ),
        "GrantRegistry": (
            GrantRegistry.constructor,
            (*asked, predict(directory, "GrantOffice").raw),
        ),
        "GrantOffice": (GrantOffice.constructor, asked),
        "GrantJudge": (GrantJudge.constructor, (parties.raw, products.raw, grants.raw)),
        "Lineage": (Lineage.constructor, (parties.raw, products.raw, judge.raw)),
        "BatchAnchor": (BatchAnchor.constructor, (parties.raw, products.raw)),
        "UsageMeter": (UsageMeter.constructor, (parties.raw, products.raw, grants.raw)),
        "WorkCalendar": (
            WorkCalendar.constructor,
            (authority.raw, parties.raw, load.first_day, load.end_day, tuple(load.words())),
        ),
    }
    return {name: abi.encode(*arguments[name]) for name in builds.MADE}
