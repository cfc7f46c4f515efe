"""Turn operations on cases into calls of the registration desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain.bindings import RegistrationDesk as Desk
from registry.chain.registrations import registration
from registry.domain.case_operations import (
    Apply,
    Concur,
    Decide,
    EndRegistration,
    EnterCase,
    ExecuteAward,
    FileCase,
    Object,
    Proceed,
    SubmitDraft,
)
from registry.domain.flow_table import Act

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function

_Way = tuple["Function", tuple["AbiValue", ...]]

# What each act passes beside product and index.
_NOTHING: Final[tuple[str, ...]] = ()
_PROCEEDING: Final[dict[Act, tuple[Function, tuple[str, ...]]]] = {
    Act.ACCEPT: (Desk.accept, _NOTHING),
    Act.RETURN: (Desk.return_for_correction, ("days", "evidence")),
    Act.NOT_ACCEPT: (Desk.not_accept, ("evidence",)),
    Act.RESUBMIT: (Desk.resubmit, ("pending", "evidence")),
    Act.WITHDRAW: (Desk.withdraw, _NOTHING),
    Act.EXTEND: (Desk.extend, ("days", "evidence")),
    Act.ASK: (Desk.ask, ("days", "evidence")),
    Act.SUPPLEMENT: (Desk.supplement, ("pending", "evidence")),
    Act.PUBLICISE: (Desk.publicise, _NOTHING),
    Act.WAIVE: (Desk.waive, ("evidence",)),
    Act.REFUSE: (Desk.refuse, ("evidence",)),
    Act.LAPSE: (Desk.lapse, _NOTHING),
}


def way(operation: Any) -> _Way:  # noqa: ANN401 (each kind has its fields)
    """Return the function and arguments of an operation on cases."""
    return _WAYS[type(operation)](operation)


def _apply(o: Apply) -> _Way:
    shares = [(int(share.party), int(share.rights)) for share in o.shares]
    origins = [(one.product.raw, list(one.above), one.clauses) for one in o.origins]
    application = (
        registration(o.registration),
        int(o.profile),
        o.registrar,
        o.evidence,
        shares,
        origins,
        o.operation,
    )
    return (Desk.draft if o.draft else Desk.submit), (application,)


def _proceed(o: Proceed) -> _Way:
    function, names = _PROCEEDING[o.act]
    return function, (o.product.raw, o.index, *(getattr(o, name) for name in names))


def _file(o: FileCase) -> _Way:
    filing = (int(o.kind), o.registrar, o.pending, o.evidence, o.operation)
    return Desk.file, (o.product.raw, filing)


def _enter(o: EnterCase) -> _Way:
    entry = (o.evidence, o.valid_until, o.content_root, o.metadata_hash)
    return Desk.register, (o.product.raw, o.index, entry)


def _end(o: EndRegistration) -> _Way:
    function = Desk.revoke if o.act is Act.REVOKE else Desk.cancel
    return function, (o.product.raw, int(o.reason), o.evidence)


_WAYS: Final[dict[type, Callable[[Any], _Way]]] = {
    Apply: _apply,
    SubmitDraft: lambda o: (Desk.submit_draft, (o.product.raw, o.evidence)),
    FileCase: _file,
    Proceed: _proceed,
    Concur: lambda o: (Desk.concur, (o.product.raw, o.index, o.place)),
    EnterCase: _enter,
    Object: lambda o: (Desk.object, (o.product.raw, o.evidence)),
    Decide: lambda o: (Desk.decide, (o.product.raw, o.index, int(o.outcome), o.reasons)),
    EndRegistration: _end,
    ExecuteAward: lambda o: (
        Desk.execute_award,
        (o.product.raw, int(o.from_), int(o.to), int(o.rights), o.evidence),
    ),
}
