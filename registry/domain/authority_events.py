"""Mirror the events of the authority, and of what it administers, one to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from registry.domain.events import Event
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.ids import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityUpdated(Event):
    """A contract has its authority, once for all."""

    authority: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationScheduled(Event):
    """An operation was announced, to be carried out from `schedule` on."""

    operation_id: bytes
    nonce: int
    schedule: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationExecuted(Event):
    """An operation was carried out."""

    operation_id: bytes
    nonce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCanceled(Event):
    """An operation that was announced will not be carried out."""

    operation_id: bytes
    nonce: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(Event):
    """An account has a role, or another delay in it: `since` is when that counts from."""

    role_id: int
    account: Address
    delay: int
    since: int
    new_member: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(Event):
    """An account has a role no longer."""

    role_id: int
    account: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAdminChanged(Event):
    """A role is administered by another."""

    role_id: int
    admin: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGuardianChanged(Event):
    """The operations of a role can be cancelled by another."""

    role_id: int
    guardian: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrantDelayChanged(Event):
    """Members of a role count after another delay, from `since` on."""

    role_id: int
    delay: int
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLabel(Event):
    """A role has a name for people; nothing is stored of it."""

    role_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetClosed(Event):
    """A contract was closed to administration, or opened again."""

    target: Address
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFunctionRoleUpdated(Event):
    """A function of a contract may be called by another role."""

    target: Address
    selector: bytes
    role_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetAdminDelayUpdated(Event):
    """A contract is administered with another delay, from `since` on."""

    target: Address
    delay: int
    since: int


AUTHORITY_EVENTS: Final[tuple[type[Event], ...]] = (
    AuthorityUpdated,
    OperationScheduled,
    OperationExecuted,
    OperationCanceled,
    RoleGranted,
    RoleRevoked,
    RoleAdminChanged,
    RoleGuardianChanged,
    RoleGrantDelayChanged,
    RoleLabel,
    TargetClosed,
    TargetFunctionRoleUpdated,
    TargetAdminDelayUpdated,
)
"""Every kind of event of the administration; the ledger's own questions do not ask for them."""
