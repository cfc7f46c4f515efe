"""Turn operations on agreements, sub-grants and suspensions of grants into calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from registry.chain.bindings import GrantRegistry
from registry.domain.agreement_operations import (
    Agree,
    AgreeJointly,
    EndByConsent,
    IssueUnder,
    ResumeGrant,
    SuspendGrant,
    VoidOffer,
)

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.agreement_operations import Approval
    from registry.domain.clauses import Clauses

_NO_GRANT: Final = bytes(32)
_NO_APPROVAL: Final = (bytes(20), b"")


def approval(given: Approval | None) -> tuple[bytes, bytes]:
    """Return the ``Approval`` struct, empty where none is needed."""
    return _NO_APPROVAL if given is None else (given.signer.raw, given.signature)


def _agree(operation: Agree) -> tuple[Function, tuple[AbiValue, ...]]:
    """Return the call for terms on a product, or the one for terms under a parent."""
    sides = (approval(operation.grantor), approval(operation.grantee))
    packed = operation.clauses.pack()
    if operation.path is None:
        return GrantRegistry.agree, (packed, *sides)
    consent = approval(operation.consent)
    return GrantRegistry.agree_under, (operation.path.raw(), packed, *sides, consent)


def _jointly(operation: AgreeJointly) -> tuple[Function, tuple[AbiValue, ...]]:
    """Return the call for several grants, in the order that the contract asks for."""
    items = sorted(operation.items, key=_bare_hash)
    return GrantRegistry.agree_jointly, (
        [one.pack() for one in items],
        [approval(one) for one in operation.approvals],
    )


def _bare_hash(clauses: Clauses) -> bytes:
    return replace(clauses, agreement=None).clauses_hash()


AGREEMENT_CALLS: Final[dict[type, Callable[[Any], tuple[Function, tuple[AbiValue, ...]]]]] = {
    IssueUnder: lambda o: (
        GrantRegistry.issue_under,
        (o.path.raw(), o.clauses.pack(), approval(o.consent)),
    ),
    Agree: _agree,
    AgreeJointly: _jointly,
    VoidOffer: lambda o: (
        GrantRegistry.void_offer,
        (_NO_GRANT if o.parent is None else o.parent.raw, o.clauses.pack()),
    ),
    SuspendGrant: lambda o: (
        GrantRegistry.suspend,
        (o.grant.raw, int(o.reason), o.evidence),
    ),
    ResumeGrant: lambda o: (GrantRegistry.resume, (o.grant.raw, o.index)),
    EndByConsent: lambda o: (
        GrantRegistry.end_by_consent,
        (o.grant.raw, o.ends_at, o.deadline, approval(o.other)),
    ),
}
"""The function of the registry of grants and its arguments, for each kind of operation."""
