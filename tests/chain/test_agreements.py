"""Each operation on agreements becomes the one call of the registry that carries it out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import pytest

from registry.chain.bindings import GrantRegistry
from registry.chain.operations import call_for
from registry.domain.agreement_operations import (
    Agree,
    AgreeJointly,
    AgreementOperation,
    Approval,
    EndByConsent,
    IssueUnder,
    ResumeGrant,
    SuspendGrant,
    VoidOffer,
)
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.ledger import Deployment
from registry.domain.vocabulary import Action, Form, Purpose, Reason
from registry.errors import ArgumentUnfit

if TYPE_CHECKING:
    from registry.chain.layouts import Function

GRANTS = Address(b"\x04" * 20)
DEPLOYMENT = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=GRANTS,
    interface_version=1,
    block=1,
)
GRANT = GrantId.of(7)
CLAUSES = Clauses(
    product=ProductId.of(8),
    grantor=PartyId.of(9),
    grantee=PartyId.of(10),
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
)
ONE = Approval(signer=Address(b"\x0a" * 20), signature=b"one")
TWO = Approval(signer=Address(b"\x0b" * 20), signature=b"two")
THREE = Approval(signer=Address(b"\x0c" * 20), signature=b"")
PATH = Path(clauses=CLAUSES, above=(b"\x0d" * 32, b"\x0e" * 32))
PATH_RAW = (CLAUSES.pack(), (b"\x0d" * 32, b"\x0e" * 32))
NOBODY = (bytes(20), b"")
JOINT = [replace(CLAUSES, form=Form.JOINT, agreement=b"\x0f" * 32, salt=salt) for salt in range(5)]


def raw(approval: Approval) -> tuple[bytes, bytes]:
    """Return the struct of an approval."""
    return approval.signer.raw, approval.signature


def bare_hash(clauses: Clauses) -> bytes:
    """Return the hash by which the contract orders joint clauses."""
    return replace(clauses, agreement=None).clauses_hash()


CASES: list[tuple[AgreementOperation, Function, tuple[Any, ...]]] = [
    (
        IssueUnder(path=PATH, clauses=CLAUSES),
        GrantRegistry.issue_under,
        (PATH_RAW, CLAUSES.pack(), NOBODY),
    ),
    (
        IssueUnder(path=PATH, clauses=CLAUSES, consent=ONE),
        GrantRegistry.issue_under,
        (PATH_RAW, CLAUSES.pack(), raw(ONE)),
    ),
    (
        Agree(clauses=CLAUSES, grantor=ONE, grantee=TWO),
        GrantRegistry.agree,
        (CLAUSES.pack(), raw(ONE), raw(TWO)),
    ),
    (
        Agree(clauses=CLAUSES, grantor=ONE, grantee=TWO, path=PATH, consent=THREE),
        GrantRegistry.agree_under,
        (PATH_RAW, CLAUSES.pack(), raw(ONE), raw(TWO), raw(THREE)),
    ),
    (
        AgreeJointly(items=tuple(JOINT), approvals=(ONE, TWO)),
        GrantRegistry.agree_jointly,
        (
            tuple(one.pack() for one in sorted(JOINT, key=bare_hash)),
            (raw(ONE), raw(TWO)),
        ),
    ),
    (VoidOffer(clauses=CLAUSES), GrantRegistry.void_offer, (bytes(32), CLAUSES.pack())),
    (
        VoidOffer(clauses=CLAUSES, parent=GRANT),
        GrantRegistry.void_offer,
        (GRANT.raw, CLAUSES.pack()),
    ),
    (
        SuspendGrant(grant=GRANT, reason=Reason.RISK, evidence=b"e" * 12),
        GrantRegistry.suspend,
        (GRANT.raw, int(Reason.RISK), b"e" * 12),
    ),
    (ResumeGrant(grant=GRANT, index=3), GrantRegistry.resume, (GRANT.raw, 3)),
    (
        EndByConsent(grant=GRANT, ends_at=5, deadline=6, other=ONE),
        GrantRegistry.end_by_consent,
        (GRANT.raw, 5, 6, raw(ONE)),
    ),
]


@pytest.mark.parametrize(("operation", "function", "arguments"), CASES)
def test_calls_the_function_of_the_operation(
    operation: AgreementOperation, function: Function, arguments: tuple[Any, ...]
) -> None:
    """Function and arguments are those of the operation, at the registry of grants."""
    call = call_for(DEPLOYMENT, operation)
    assert (call.to, call.purpose) == (GRANTS, function.name)
    assert _tuples(function.arguments(call.data)) == arguments


def _tuples(value: Any) -> Any:  # noqa: ANN401 (whatever the ABI holds)
    return tuple(map(_tuples, value)) if isinstance(value, (list, tuple)) else value


def test_knows_every_operation() -> None:
    """No operation on agreements is left without its call."""
    assert {type(operation) for operation, *_ in CASES} == set(get_args(AgreementOperation))


@pytest.mark.parametrize(
    "operation",
    [
        SuspendGrant(grant=GRANT, reason=Reason.RISK, evidence=b"e" * 13),
        ResumeGrant(grant=GRANT, index=-1),
        EndByConsent(grant=GRANT, ends_at=2**40, deadline=6, other=ONE),
    ],
)
def test_refuses_values_that_no_parameter_holds(operation: AgreementOperation) -> None:
    """A value out of range is never cut or wrapped on its way into calldata."""
    with pytest.raises(ArgumentUnfit):
        call_for(DEPLOYMENT, operation)
