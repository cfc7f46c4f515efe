"""Refuse values that no parameter of the contracts can hold, as encoding them for a chain does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    RegisterBatch: ("registerBatch", _REGISTRATION),
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


def require_fit(operation: Operation) -> None:
    """Refuse an operation with a field that its parameter cannot hold; raises `ArgumentUnfit`."""
    function, parameters = _PARAMETERS.get(type(operation), ("", {}))
    items = operation.items if isinstance(operation, RegisterBatch) else (operation,)
    for item in items:
        for name, kind in parameters.items():
            value = getattr(item, name)
            if not _fits(value, kind):
                shown = repr(value) if isinstance(value, bytes) else int(value)
                raise ArgumentUnfit(function=function, reason=f"{shown} is no {kind}")


def _fits(value: int | bytes, kind: str) -> bool:
    if isinstance(value, bytes):
        return kind == f"bytes{len(value)}"
    bits = kind.removeprefix("uint")
    return bits.isdecimal() and 0 <= value < 1 << int(bits)
