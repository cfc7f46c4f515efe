"""Refuse values that no parameter of the contracts can hold, as encoding them for a chain does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.anchor_operations import Anchor, Promote
from registry.domain.key_operations import (
    AnnounceRecovery,
    AppointAgent,
    Recover,
    Rotate,
    SetRoles,
)
from registry.domain.operations import (
    AdmitKey,
    Annotate,
    Enrol,
    Register,
    RegisterBatch,
    Release,
    Resume,
    Suspend,
    Transfer,
    Update,
)
from registry.errors import ArgumentUnfit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.operations import Operation

_REGISTRATION: Final = {
    "salt": "uint64",
    "rights": "uint8",
    "content_root": "bytes32",
    "metadata_hash": "bytes32",
}
_PARAMETERS: Final[Mapping[type, tuple[str, Mapping[str, str]]]] = {
    Rotate: ("rotate", {"deadline": "uint40"}),
    AppointAgent: (
        "appointAgent",
        {"scopes": "uint16", "valid_until": "uint40", "deadline": "uint40"},
    ),
    AnnounceRecovery: ("announceRecovery", {"evidence": "bytes32"}),
    Recover: ("recover", {"deadline": "uint40"}),
    SetRoles: ("setRoles", {"roles": "uint16"}),
    Enrol: ("enrol", {"identity_hash": "bytes32"}),
    AdmitKey: ("admit", {"identity_hash": "bytes32"}),
    Suspend: ("suspend", {"evidence": "bytes12"}),
    Resume: ("resume", {"index": "uint256"}),
    Register: ("register", _REGISTRATION),
    Anchor: ("anchor", {"root": "bytes32", "leaves": "uint32"}),
    Promote: ("promote", {"root": "bytes32", "index": "uint32"}),
    RegisterBatch: ("registerBatch", {}),
    Update: (
        "update",
        {"latest": "uint16", "content_root": "bytes32", "metadata_hash": "bytes32"},
    ),
    Annotate: ("annotate", {"evidence": "bytes32"}),
    Release: ("release", {"index": "uint256", "evidence": "bytes32"}),
    Transfer: ("transfer", {"rights": "uint8"}),
}
"""The function of each kind of operation, and the types of those fields whose values may not fit.

What is not named here is of a type of the domain that always fits.
"""


_UNLISTED: Final = "a series or a locator is told of a product that is registered by itself"


def require_fit(operation: Operation) -> None:
    """Refuse an operation with a field that its parameter cannot hold; raises `ArgumentUnfit`."""
    function, parameters = _PARAMETERS.get(type(operation), ("", {}))
    if isinstance(operation, RegisterBatch):
        for item in operation.items:
            _require_registration(function, item)
    elif isinstance(operation, Register) and operation.listed:
        _require_text("registerListed", operation.locator)
        _require_fields("registerListed", operation, parameters)
    else:
        _require_fields(function, operation, parameters)
    if isinstance(operation, Promote):
        _require_registration(function, operation.registration)
        for sibling in operation.proof:
            _require_value(function, sibling, "bytes32")


def _require_registration(function: str, item: Register) -> None:
    if item.listed:
        raise ArgumentUnfit(function=function, reason=_UNLISTED)
    _require_fields(function, item, _REGISTRATION)


def _require_text(function: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as cause:
        raise ArgumentUnfit(function=function, reason="a string that is no UTF-8") from cause


def _require_fields(
    function: str, item: Operation | Register, parameters: Mapping[str, str]
) -> None:
    for name, kind in parameters.items():
        _require_value(function, getattr(item, name), kind)


def _require_value(function: str, value: int | bytes, kind: str) -> None:
    if not _fits(value, kind):
        shown = repr(value) if isinstance(value, bytes) else int(value)
        raise ArgumentUnfit(function=function, reason=f"{shown} is no {kind}")


def _fits(value: int | bytes, kind: str) -> bool:
    if isinstance(value, bytes):
        return kind == f"bytes{len(value)}"
    bits = kind.removeprefix("uint")
    return bits.isdecimal() and 0 <= value < 1 << int(bits)
