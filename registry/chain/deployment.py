"""Find a deployment by the address of its directory, and make sure of what is there.

A directory records the contracts that it made. Each is trusted only when its code is, but for what
its constructor filled in, the code of the build that this client was made for, and when it names
the other contracts of the same deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.chain import builds, wire
from registry.chain.bindings import (
    ApplicationJudge,
    BatchAnchor,
    CertificateRegistry,
    Directory,
    GrantJudge,
    GrantRegistry,
    Lineage,
    PartyRegistry,
    ProductRegistry,
    RegistrationDesk,
    UsageMeter,
    WorkCalendar,
)
from registry.chain.questions import Question, answer_of, request
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.domain.ledger import Deployment
from registry.errors import (
    CodeUnknown,
    ContractMissing,
    ContractRevert,
    DeploymentContradicted,
    DeploymentUnfinished,
    InterfaceUnsupported,
    NodeRefused,
)
from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.questions import Answer
    from registry.chain.rpc import Rpc
    from registry.chain.wire import Json

INTERFACE_VERSION: Final = 2
"""The version of the contracts' interfaces that this client speaks."""

_TIES: Final = (
    ("PartyRegistry", PartyRegistry.authority, "Authority"),
    ("ProductRegistry", ProductRegistry.parties, "PartyRegistry"),
    ("ProductRegistry", ProductRegistry.desk, "RegistrationDesk"),
    ("ProductRegistry", ProductRegistry.lineage, "Lineage"),
    ("ProductRegistry", ProductRegistry.anchors, "BatchAnchor"),
    ("GrantRegistry", GrantRegistry.parties, "PartyRegistry"),
    ("GrantRegistry", GrantRegistry.products, "ProductRegistry"),
    ("GrantRegistry", GrantRegistry.judge, "GrantJudge"),
    ("GrantRegistry", GrantRegistry.meter, "UsageMeter"),
    ("GrantJudge", GrantJudge.grants, "GrantRegistry"),
    ("UsageMeter", UsageMeter.parties, "PartyRegistry"),
    ("UsageMeter", UsageMeter.products, "ProductRegistry"),
    ("UsageMeter", UsageMeter.grants, "GrantRegistry"),
    ("WorkCalendar", WorkCalendar.authority, "Authority"),
    ("WorkCalendar", WorkCalendar.parties, "PartyRegistry"),
    ("ApplicationJudge", ApplicationJudge.parties, "PartyRegistry"),
    ("ApplicationJudge", ApplicationJudge.products, "ProductRegistry"),
    ("ApplicationJudge", ApplicationJudge.grants, "GrantRegistry"),
    ("ApplicationJudge", ApplicationJudge.lineage, "Lineage"),
    ("BatchAnchor", BatchAnchor.parties, "PartyRegistry"),
    ("BatchAnchor", BatchAnchor.products, "ProductRegistry"),
    ("Lineage", Lineage.parties, "PartyRegistry"),
    ("Lineage", Lineage.products, "ProductRegistry"),
    ("Lineage", Lineage.grant_judge, "GrantJudge"),
    ("CertificateRegistry", CertificateRegistry.parties, "PartyRegistry"),
    ("CertificateRegistry", CertificateRegistry.products, "ProductRegistry"),
    ("CertificateRegistry", CertificateRegistry.desk, "RegistrationDesk"),
    ("RegistrationDesk", RegistrationDesk.parties, "PartyRegistry"),
    ("RegistrationDesk", RegistrationDesk.products, "ProductRegistry"),
    ("RegistrationDesk", RegistrationDesk.calendar, "WorkCalendar"),
    ("RegistrationDesk", RegistrationDesk.judge, "ApplicationJudge"),
    ("RegistrationDesk", RegistrationDesk.certificates, "CertificateRegistry"),
)
"""Which contract names which other, by which of its views."""
_VIEWS: Final = (
    Directory.entries,
    Directory.sealed_at,
    Directory.interface_version,
    Directory.predecessor,
    Directory.genesis_block,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold what a directory recorded of one contract; the hash is of the code it was made with."""

    name: str
    location: Address
    code_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Hold what a directory says; `sealed_at` is 0 while contracts may still be added."""

    chain_id: int
    entries: tuple[Entry, ...]
    sealed_at: int
    interface_version: int
    predecessor: Address | None
    block: int


def records(rpc: Rpc, directory: Address, *, unknown_build: bool = False) -> Records:
    """Return what a directory says, after making sure that it is one, in one round trip.

    :param unknown_build: whether code that this client was not made for is let pass.
    :raises ContractMissing: where there is no contract at the address.
    :raises CodeUnknown: where there is another one.
    """
    questions = [Question(directory, function) for function in _VIEWS]
    chain_id, code, *answers = rpc.attempt(
        [
            ("eth_chainId", ()),
            ("eth_getCode", (directory.hex, "latest")),
            *map(request, questions),
        ]
    )
    found = rpc.shaped("eth_getCode", _given(code), wire.data)
    _refuse_code(rpc, builds.DIRECTORY, directory, found, unknown_build=unknown_build)
    entries, sealed_at, version, predecessor, block = (
        _value(answer_of(rpc, question, answer))
        for question, answer in zip(questions, answers, strict=True)
    )
    return Records(
        chain_id=rpc.shaped("eth_chainId", _given(chain_id), wire.quantity),
        entries=tuple(_entry(*entry) for entry in entries),
        sealed_at=sealed_at,
        interface_version=version,
        predecessor=Address(predecessor) if any(predecessor) else None,
        block=block,
    )


def located(entries: Sequence[Entry]) -> dict[str, Address]:
    """Return where the contracts of a directory are, by name."""
    return {entry.name: entry.location for entry in entries}


def find(rpc: Rpc, directory: Address, *, unknown_build: bool = False) -> Deployment:
    """Return the deployment of a directory, after making sure of its contracts.

    :param unknown_build: whether code that this client was not made for is let pass.
    :raises ContractMissing: where there is no contract at an address where one must be.
    :raises CodeUnknown: where there is one that this client was not made for.
    :raises DeploymentUnfinished: where the directory is not sealed.
    :raises InterfaceUnsupported: where the contracts speak a version that this client does not.
    :raises DeploymentContradicted: where the contracts do not name one another.
    """
    record = records(rpc, directory, unknown_build=unknown_build)
    if record.interface_version != INTERFACE_VERSION:
        raise InterfaceUnsupported(
            directory=str(directory), found=record.interface_version, known=INTERFACE_VERSION
        )
    made = located(record.entries)
    if not record.sealed_at or not made.keys() >= set(builds.FIRST):
        raise DeploymentUnfinished(directory=str(directory), made=sorted(made))
    _verify(rpc, record, unknown_build=unknown_build)
    return Deployment(
        chain_id=record.chain_id,
        directory=directory,
        parties=made["PartyRegistry"],
        products=made["ProductRegistry"],
        grants=made["GrantRegistry"],
        interface_version=record.interface_version,
        block=record.block,
        predecessor=record.predecessor,
        calendar=made.get("WorkCalendar"),
        desk=made.get("RegistrationDesk"),
        certificates=made.get("CertificateRegistry"),
        authority=made.get("Authority"),
        judge=made.get("GrantJudge"),
        meter=made.get("UsageMeter"),
        lineage=made.get("Lineage"),
        anchors=made.get("BatchAnchor"),
    )


def _verify(rpc: Rpc, record: Records, *, unknown_build: bool) -> None:
    """Compare the contracts' code and their ties to one another, in one round trip."""
    made = located(record.entries)
    ties = [
        (Question(made[name], view), other)
        for name, view, other in _TIES
        if {name, other} <= made.keys()
    ]
    checked = [entry for entry in record.entries if entry.name in builds.MADE]
    answers = rpc.attempt(
        [
            *(("eth_getCode", (entry.location.hex, "latest")) for entry in checked),
            *(request(question) for question, _ in ties),
        ]
    )
    for entry, answer in zip(checked, answers, strict=False):
        code = rpc.shaped("eth_getCode", _given(answer), wire.data)
        _refuse_code(rpc, entry.name, entry.location, code, unknown_build=unknown_build)
        if keccak(code) != entry.code_hash:
            raise DeploymentContradicted(contract=entry.name, address=str(entry.location))
    for (question, name), answer in zip(ties, answers[len(checked) :], strict=True):
        if _value(answer_of(rpc, question, answer)) != made[name].raw:
            raise DeploymentContradicted(contract=name, address=str(question.contract))


def _refuse_code(
    rpc: Rpc, name: str, address: Address, code: bytes, *, unknown_build: bool
) -> None:
    if not code:
        raise ContractMissing(name=name, address=str(address), url=rpc.url)
    if not unknown_build and not builds.build(name).made(code):
        raise CodeUnknown(name=name, address=str(address), code_hash=keccak(code))


def _entry(name: bytes, location: bytes, code_hash: bytes) -> Entry:
    shown = name.rstrip(b"\0").decode("ascii", "replace")
    return Entry(name=shown, location=Address(location), code_hash=code_hash)


def _given(answer: Json | NodeRefused) -> Json:
    if isinstance(answer, NodeRefused):
        raise answer
    return answer


def _value(answer: Answer) -> AbiValue:
    if isinstance(answer, ContractRevert):
        raise answer
    return None if answer is None else answer[0]
