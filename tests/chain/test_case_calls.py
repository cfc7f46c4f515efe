"""Each operation on cases becomes the one call of the desk that carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest

from registry.chain.bindings import CertificateRegistry
from registry.chain.bindings import RegistrationDesk as Desk
from registry.chain.operations import call_for
from registry.domain import case_operations as ops
from registry.domain.case import Outcome
from registry.domain.flow_table import Act, CaseKind
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.ledger import Deployment
from registry.domain.operations import Register
from registry.domain.product import Profile, Share
from registry.domain.vocabulary import Reason, Right
from registry.errors import ContractMissing

if TYPE_CHECKING:
    from registry.chain.layouts import Function

OLD = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=Address(b"\x04" * 20),
    interface_version=1,
    block=1,
)
DEPLOYMENT = Deployment(
    chain_id=7,
    directory=Address(b"\x01" * 20),
    parties=Address(b"\x02" * 20),
    products=Address(b"\x03" * 20),
    grants=Address(b"\x04" * 20),
    interface_version=1,
    block=1,
    desk=Address(b"\x05" * 20),
    certificates=Address(b"\x06" * 20),
)
PRODUCT, PARTY, OTHER = ProductId(b"\x08" * 20), PartyId.of(9), PartyId.of(10)
E, P = b"\x0e" * 32, b"\x0f" * 32
RAW = PRODUCT.raw
APPLY = ops.Apply(
    registration=Register(content_root=E, metadata_hash=P, salt=5, rights=Right.HOLD),
    profile=Profile.PUBLIC,
    registrar=3,
    evidence=E,
    shares=(Share(party=PARTY, rights=Right.HOLD),),
    origins=(ops.Origin(product=PRODUCT, clauses=b"abc", above=(E,)),),
    operation=b"xyz",
)
APPLICATION = ((E, P, 5 << 16 | 1 << 8), 3, 3, E, ((9, 1),), ((RAW, (E,), b"abc"),), b"xyz")
DRAFT = ops.Apply(
    registration=APPLY.registration, profile=Profile.PROPERTY, registrar=1, draft=True
)


def proceed(act: Act) -> ops.Proceed:
    """Return an act with everything that any act may carry."""
    return ops.Proceed(product=PRODUCT, index=2, act=act, evidence=E, days=7, pending=P)


CASES: list[tuple[ops.CaseOperation, Function, tuple[Any, ...]]] = [
    (APPLY, Desk.submit, (APPLICATION,)),
    (DRAFT, Desk.draft, (((E, P, 5 << 16 | 1 << 8), 2, 1, bytes(32), (), (), b""),)),
    (ops.SubmitDraft(product=PRODUCT, evidence=E), Desk.submit_draft, (RAW, E)),
    (
        ops.FileCase(product=PRODUCT, kind=CaseKind.CHANGE, registrar=4, pending=P, evidence=E),
        Desk.file,
        (RAW, (1, 4, P, E, b"")),
    ),
    (proceed(Act.ACCEPT), Desk.accept, (RAW, 2)),
    (proceed(Act.RETURN), Desk.return_for_correction, (RAW, 2, 7, E)),
    (proceed(Act.NOT_ACCEPT), Desk.not_accept, (RAW, 2, E)),
    (proceed(Act.RESUBMIT), Desk.resubmit, (RAW, 2, P, E)),
    (proceed(Act.WITHDRAW), Desk.withdraw, (RAW, 2)),
    (proceed(Act.EXTEND), Desk.extend, (RAW, 2, 7, E)),
    (proceed(Act.ASK), Desk.ask, (RAW, 2, 7, E)),
    (proceed(Act.SUPPLEMENT), Desk.supplement, (RAW, 2, P, E)),
    (proceed(Act.PUBLICISE), Desk.publicise, (RAW, 2)),
    (proceed(Act.WAIVE), Desk.waive, (RAW, 2, E)),
    (proceed(Act.REFUSE), Desk.refuse, (RAW, 2, E)),
    (proceed(Act.LAPSE), Desk.lapse, (RAW, 2)),
    (ops.Concur(product=PRODUCT, index=2, place=1), Desk.concur, (RAW, 2, 1)),
    (
        ops.EnterCase(product=PRODUCT, index=2, evidence=E, valid_until=99, content_root=P),
        Desk.register,
        (RAW, 2, (E, 99, P, bytes(32))),
    ),
    (ops.Object(product=PRODUCT, evidence=E), Desk.object, (RAW, E)),
    (
        ops.Decide(product=PRODUCT, index=1, outcome=Outcome.SETTLED, reasons=E),
        Desk.decide,
        (RAW, 1, 3, E),
    ),
    (ops.Certify(product=PRODUCT, digest=E), CertificateRegistry.certify, (RAW, E)),
    (
        ops.EndRegistration(product=PRODUCT, act=Act.CANCEL, reason=Reason.RISK, evidence=E),
        Desk.cancel,
        (RAW, int(Reason.RISK), E),
    ),
    (
        ops.EndRegistration(product=PRODUCT, act=Act.REVOKE, reason=Reason.RISK, evidence=E),
        Desk.revoke,
        (RAW, int(Reason.RISK), E),
    ),
    (
        ops.ExecuteAward(product=PRODUCT, from_=PARTY, to=OTHER, rights=Right.OPERATE, evidence=E),
        Desk.execute_award,
        (RAW, 9, 10, 4, E),
    ),
]


@pytest.mark.parametrize(("operation", "function", "arguments"), CASES)
def test_calls_the_function_of_the_operation(
    operation: ops.CaseOperation, function: Function, arguments: tuple[Any, ...]
) -> None:
    """Function and arguments are those of the operation, at the contract that has them."""
    call = call_for(DEPLOYMENT, operation)
    certifies = isinstance(operation, ops.Certify)
    assert call.to == (DEPLOYMENT.certificates if certifies else DEPLOYMENT.desk)
    assert function.arguments(call.data) == arguments
    assert call.purpose == function.name


def test_knows_every_operation_and_act() -> None:
    """No operation on cases is left without its call, and no act of those that proceed."""
    assert {type(operation) for operation, *_ in CASES} == set(get_args(ops.CaseOperation))
    acts = {operation.act for operation, *_ in CASES if isinstance(operation, ops.Proceed)}
    assert acts == set(ops.PROCEEDING)


def test_a_deployment_without_a_desk_is_said_to_have_none() -> None:
    """What was deployed before there were cases takes none."""
    with pytest.raises(ContractMissing):
        call_for(OLD, proceed(Act.ACCEPT))
