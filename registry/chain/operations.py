"""Turn operations, which any ledger carries out, into calls of the contracts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, get_args

from registry.chain.abi import AbiError
from registry.chain.agreements import AGREEMENT_CALLS
from registry.chain.anchors import ANCHOR_CALLS
from registry.chain.authority import announcement
from registry.chain.bindings import (
    CertificateRegistry,
    GrantRegistry,
    PartyRegistry,
    ProductRegistry,
    WorkCalendar,
)
from registry.chain.calls import Call
from registry.chain.lineage import LINEAGE_CALLS
from registry.chain.registrations import arguments_for, function_for, registration
from registry.chain.usages import USAGE_CALLS
from registry.domain.case_operations import CaseOperation, Certify
from registry.domain.key_operations import (
    AdmitRegistrar,
    AnnounceRecovery,
    AppointAgent,
    CancelRecovery,
    DismissAgent,
    Recover,
    Rotate,
    SetRoles,
)
from registry.domain.operations import (
    AdmitKey,
    Annotate,
    Announce,
    CorrectDay,
    Enrol,
    ExtendCalendar,
    Issue,
    IssueBatch,
    Operation,
    Register,
    RegisterBatch,
    Release,
    Resume,
    Retire,
    Revoke,
    RevokeBatch,
    Suspend,
    Transfer,
    Update,
)
from registry.errors import ArgumentUnfit, ContractMissing

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.ids import Address
    from registry.domain.ledger import Deployment


def call_for(deployment: Deployment, operation: Operation) -> Call:
    """Return the call that carries out an operation.

    :raises ArgumentUnfit: where a field has a value that its parameter cannot hold.
    """
    if isinstance(operation, Announce):
        announced = call_for(deployment, operation.operation)
        return announcement(address_of(deployment, "authority"), announced)
    if isinstance(operation, get_args(CaseOperation)) and not isinstance(operation, Certify):
        return _case_call(deployment, operation)
    contract, function, given = _way(operation)
    try:
        data = function.call(*given())
    except AbiError as cause:
        raise ArgumentUnfit(function=function.name, reason=str(cause)) from cause
    wish = getattr(operation, "wish", "")
    return Call(to=address_of(deployment, contract), data=data, purpose=function.name, wish=wish)


def _case_call(deployment: Deployment, operation: Operation) -> Call:
    # Imported here for start-up time: most writes are no act of a case.
    from registry.chain.case_calls import way  # noqa: PLC0415

    function, arguments = way(operation)
    try:
        data = function.call(*arguments)
    except AbiError as cause:
        raise ArgumentUnfit(function=function.name, reason=str(cause)) from cause
    wish = getattr(operation, "wish", "")
    return Call(to=address_of(deployment, "desk"), data=data, purpose=function.name, wish=wish)


def address_of(deployment: Deployment, contract: str) -> Address:
    """Return where a contract of a deployment is.

    :raises ContractMissing: where the deployment was made before there was such a contract.
    """
    found: Address | None = getattr(deployment, contract)
    if found is None:
        raise ContractMissing(name=contract, address=str(deployment.directory), url="")
    return found


def _way(operation: Operation) -> tuple[str, Function, Callable[[], Sequence[AbiValue]]]:
    """Return the contract, the function, and what makes its arguments."""
    agreed = AGREEMENT_CALLS.get(type(operation))
    if agreed is not None:
        function, values = agreed(operation)
        return "grants", function, lambda: values
    if isinstance(operation, Register):
        return "products", function_for(operation), lambda: arguments_for(operation)
    kind = type(operation)
    contract, function, arguments = next(ways[kind] for ways in _ALL_WAYS if kind in ways)
    return contract, function, lambda: arguments(operation)


_Arguments = Callable[[Any], tuple["AbiValue", ...]]


def _consented(operation: Rotate | Recover) -> tuple[AbiValue, ...]:
    """Return what follows the subject of an operation that rests on a key's consent."""
    return operation.deadline, operation.consent


_WAYS: Final[dict[type, tuple[str, Function, _Arguments]]] = {
    Enrol: ("parties", PartyRegistry.enrol, lambda o: (o.identity_hash,)),
    AdmitKey: ("parties", PartyRegistry.admit, lambda o: (o.key.raw, o.identity_hash)),
    Suspend: (
        "parties",
        PartyRegistry.suspend,
        lambda o: (int(o.party), int(o.reason), o.evidence),
    ),
    Rotate: ("parties", PartyRegistry.rotate, lambda o: (o.successor.raw, *_consented(o))),
    AppointAgent: (
        "parties",
        PartyRegistry.appoint_agent,
        lambda o: (o.key.raw, int(o.scopes), o.valid_until, o.deadline, o.consent),
    ),
    DismissAgent: ("parties", PartyRegistry.dismiss_agent, lambda o: (o.key.raw,)),
    AnnounceRecovery: (
        "parties",
        PartyRegistry.announce_recovery,
        lambda o: (int(o.party), o.key.raw, o.evidence),
    ),
    CancelRecovery: ("parties", PartyRegistry.cancel_recovery, lambda o: (int(o.party),)),
    Recover: ("parties", PartyRegistry.recover, lambda o: (int(o.party), *_consented(o))),
    SetRoles: ("parties", PartyRegistry.set_roles, lambda o: (int(o.party), int(o.roles))),
    AdmitRegistrar: (
        "parties",
        PartyRegistry.admit_registrar,
        lambda o: (int(o.party), o.seat.raw),
    ),
    Certify: ("certificates", CertificateRegistry.certify, lambda o: (o.product.raw, o.digest)),
    ExtendCalendar: ("calendar", WorkCalendar.extend, lambda o: (o.end_day, o.words)),
    CorrectDay: ("calendar", WorkCalendar.correct, lambda o: (o.day, o.working)),
    Resume: ("parties", PartyRegistry.resume, lambda o: (int(o.party), o.index)),
    RegisterBatch: (
        "products",
        ProductRegistry.register_batch,
        lambda o: ([registration(item) for item in o.items],),
    ),
    Update: (
        "products",
        ProductRegistry.update,
        lambda o: (o.product.raw, o.latest, o.content_root, o.metadata_hash),
    ),
    Transfer: (
        "products",
        ProductRegistry.transfer,
        lambda o: (o.product.raw, int(o.to), int(o.rights)),
    ),
    Retire: ("products", ProductRegistry.retire, lambda o: (o.product.raw,)),
    Annotate: (
        "products",
        ProductRegistry.annotate,
        lambda o: (o.product.raw, int(o.kind), int(o.reason), o.evidence),
    ),
    Release: (
        "products",
        ProductRegistry.release,
        lambda o: (o.product.raw, o.index, o.evidence),
    ),
    Issue: ("grants", GrantRegistry.issue, lambda o: (o.clauses.pack(),)),
    IssueBatch: (
        "grants",
        GrantRegistry.issue_batch,
        lambda o: ([clauses.pack() for clauses in o.items],),
    ),
    Revoke: ("grants", GrantRegistry.revoke, lambda o: (o.grant.raw, int(o.reason))),
    RevokeBatch: (
        "grants",
        GrantRegistry.revoke_batch,
        lambda o: ([grant.raw for grant in o.grants], int(o.reason)),
    ),
}
"""The contract, the function and its arguments, for each kind of operation."""
_ALL_WAYS: Final = (_WAYS, USAGE_CALLS, LINEAGE_CALLS, ANCHOR_CALLS)
