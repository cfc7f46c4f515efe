"""Each operation becomes the one call of the contracts that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest

from registry.chain.bindings import (
    Authority,
    GrantRegistry,
    PartyRegistry,
    ProductRegistry,
    WorkCalendar,
)
from registry.chain.operations import call_for
from registry.domain import operations as ops
from registry.domain.clauses import Clauses
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.ledger import Deployment
from registry.domain.vocabulary import (
    Action,
    AnnotationKind,
    Purpose,
    Reason,
    Right,
    SecurityClass,
)
from registry.errors import ArgumentUnfit

if TYPE_CHECKING:
    from registry.chain.layouts import Function

DEPLOYMENT = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=Address(b"\x04" * 20),
    interface_version=1,
    block=1,
    calendar=Address(b"\x06" * 20),
    authority=Address(b"\x07" * 20),
)
ROOT, META = b"\x0a" * 32, b"\x0b" * 32
PARTY, PRODUCT, GRANT = PartyId.of(9), ProductId.of(8), GrantId.of(7)
KEY = Address(b"\x05" * 20)
CLAUSES = Clauses(
    product=PRODUCT,
    grantor=PARTY,
    grantee=PartyId.of(10),
    rights=Right.USE,
    actions=Action.READ,
    purposes=Purpose.RESEARCH,
)
REGISTER = ops.Register(
    content_root=ROOT,
    metadata_hash=META,
    salt=5,
    rights=Right.HOLD | Right.USE,
    security_class=SecurityClass.CORE,
)
REGISTRATION = (ROOT, META, 5 << 16 | 3 << 8 | 2)

CORRECTION = ops.CorrectDay(day=20_000, working=True)

CASES: list[tuple[ops.Operation, Address, Function, tuple[Any, ...]]] = [
    (ops.Enrol(identity_hash=META), DEPLOYMENT.parties, PartyRegistry.enrol, (META,)),
    (
        ops.AdmitKey(key=KEY, identity_hash=META),
        DEPLOYMENT.parties,
        PartyRegistry.admit,
        (KEY.raw, META),
    ),
    (
        ops.Suspend(party=PARTY, reason=Reason.BREACH, evidence=b"e" * 12),
        DEPLOYMENT.parties,
        PartyRegistry.suspend,
        (9, int(Reason.BREACH), b"e" * 12),
    ),
    (CORRECTION, Address(b"\x06" * 20), WorkCalendar.correct, (20_000, True)),
    (
        ops.ExtendCalendar(end_day=20_500, words=(3, 4)),
        Address(b"\x06" * 20),
        WorkCalendar.extend,
        (20_500, (3, 4)),
    ),
    (
        ops.Announce(operation=CORRECTION),
        Address(b"\x07" * 20),
        Authority.schedule,
        (b"\x06" * 20, WorkCalendar.correct.call(20_000, True), 0),  # noqa: FBT003 (ABI values)
    ),
    (ops.Resume(party=PARTY, index=3), DEPLOYMENT.parties, PartyRegistry.resume, (9, 3)),
    (REGISTER, DEPLOYMENT.products, ProductRegistry.register, (REGISTRATION,)),
    (
        ops.RegisterBatch(items=(REGISTER, REGISTER)),
        DEPLOYMENT.products,
        ProductRegistry.register_batch,
        ((REGISTRATION, REGISTRATION),),
    ),
    (
        ops.Update(product=PRODUCT, latest=4, content_root=ROOT, metadata_hash=META),
        DEPLOYMENT.products,
        ProductRegistry.update,
        (PRODUCT.raw, 4, ROOT, META),
    ),
    (
        ops.Transfer(product=PRODUCT, to=PARTY, rights=Right.OPERATE),
        DEPLOYMENT.products,
        ProductRegistry.transfer,
        (PRODUCT.raw, 9, 4),
    ),
    (
        ops.Annotate(
            product=PRODUCT, kind=AnnotationKind.LIMIT, reason=Reason.DISPUTE, evidence=META
        ),
        DEPLOYMENT.products,
        ProductRegistry.annotate,
        (PRODUCT.raw, int(AnnotationKind.LIMIT), int(Reason.DISPUTE), META),
    ),
    (
        ops.Release(product=PRODUCT, index=2, evidence=META),
        DEPLOYMENT.products,
        ProductRegistry.release,
        (PRODUCT.raw, 2, META),
    ),
    (ops.Retire(product=PRODUCT), DEPLOYMENT.products, ProductRegistry.retire, (PRODUCT.raw,)),
    (ops.Issue(clauses=CLAUSES), DEPLOYMENT.grants, GrantRegistry.issue, (CLAUSES.pack(),)),
    (
        ops.IssueBatch(items=(CLAUSES,)),
        DEPLOYMENT.grants,
        GrantRegistry.issue_batch,
        ((CLAUSES.pack(),),),
    ),
    (
        ops.Revoke(grant=GRANT, reason=Reason.CONSENT),
        DEPLOYMENT.grants,
        GrantRegistry.revoke,
        (GRANT.raw, int(Reason.CONSENT)),
    ),
    (
        ops.RevokeBatch(grants=(GRANT,), reason=Reason.CONSENT),
        DEPLOYMENT.grants,
        GrantRegistry.revoke_batch,
        ((GRANT.raw,), int(Reason.CONSENT)),
    ),
]


@pytest.mark.parametrize(("operation", "contract", "function", "arguments"), CASES)
def test_calls_the_function_of_the_operation(
    operation: ops.Operation, contract: Address, function: Function, arguments: tuple[Any, ...]
) -> None:
    """Contract, function and arguments are those of the operation, and it is named for people."""
    call = call_for(DEPLOYMENT, operation)
    assert call.to == contract
    assert function.arguments(call.data) == arguments
    assert call.purpose == function.name


def test_knows_every_operation() -> None:
    """No operation is left without its call; those of other modules have tests of their own."""
    own = {kind for kind in get_args(ops.Operation) if kind.__module__ == ops.__name__}
    assert {type(operation) for operation, *_ in CASES} == own


@pytest.mark.parametrize(
    "operation",
    [
        ops.Enrol(identity_hash=b"\x01"),
        ops.Suspend(party=PARTY, reason=Reason.BREACH, evidence=b"e" * 13),
        ops.Register(content_root=ROOT, metadata_hash=META, salt=2**64),
        ops.Register(content_root=ROOT, metadata_hash=META, salt=-1),
        ops.Update(product=PRODUCT, latest=2**16, content_root=ROOT, metadata_hash=META),
        ops.Resume(party=PARTY, index=-1),
    ],
)
def test_refuses_values_that_no_parameter_holds(operation: ops.Operation) -> None:
    """A value out of range is never cut or wrapped on its way into calldata."""
    with pytest.raises(ArgumentUnfit):
        call_for(DEPLOYMENT, operation)
