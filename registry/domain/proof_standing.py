"""Judge what proved words say at a time, as the contracts' predicates do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.grant import GrantStage
from registry.domain.party import Standing
from registry.domain.product import ProductState
from registry.domain.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from registry.domain.clauses import Clauses

_HALTED: Final = (
    GrantStage.SUSPENDED,
    GrantStage.REVOKED_SUSPENDED,
    GrantStage.ENDED_SUSPENDED,
)
_REVOKED: Final = (GrantStage.REVOKED, GrantStage.REVOKED_SUSPENDED)
_BELOW: Final = {
    Verdict.GRANT_REVOKED: Verdict.ANCESTOR_REVOKED,
    Verdict.GRANT_ENDED: Verdict.ANCESTOR_ENDED,
    Verdict.GRANT_SUSPENDED: Verdict.ANCESTOR_SUSPENDED,
    # Nothing can rest on an offer that never began.
    Verdict.GRANT_VOIDED: Verdict.GRANT_UNKNOWN,
}

Told = dict[str, Any]


def expired(head: Mapping[str, int], time: int) -> bool:
    """Tell whether a product's validity, or its record, has ended by a time."""
    return head["until"] != 0 and head["until"] <= time


def in_force(head: Mapping[str, int], time: int) -> bool:
    """Tell whether a product is registered and in its validity at a time."""
    return head["state"] == ProductState.REGISTERED and not expired(head, time)


def standing(state: Mapping[str, int], time: int) -> Verdict:
    """Return what a grant's own word says of it at a time: `OK`, or why it cannot be used."""
    stage, over = GrantStage(state["stage"]), state["endsAt"] != 0 and state["endsAt"] <= time
    if stage is GrantStage.VOIDED:
        return Verdict.GRANT_VOIDED
    if over:
        return Verdict.GRANT_REVOKED if stage in _REVOKED else Verdict.GRANT_ENDED
    return Verdict.GRANT_SUSPENDED if stage in _HALTED else Verdict.OK


def is_spent(period: Mapping[str, int], time: int) -> bool:
    """Tell whether nothing is left of the period that a time falls into; none is gone back to.

    Source: `PeriodWordLibrary` in contracts/types/Period.sol.
    """
    first = period["firstAt"]
    current = (time - first) // period["length"] if time >= first else 0
    used = 0 if current > period["index"] else period["used"]
    return used >= period["limit"]


def against(
    told: Told, clauses: Clauses, time: int, *, spent: Collection[str] = ()
) -> list[dict[str, str]]:
    """Return what stands against any use of a grant at a time, in the contract's order.

    What depends on the use itself, such as its purpose, is not among it.

    :param told: what is shown: the grants from the root down, the product and the parties.
    :param spent: the ids of the grants of whose quota for the period nothing is left.
    """
    *above, last = told["grants"]
    active = {one["id"]: one["standing"] == Standing.ACTIVE.name for one in told["parties"]}
    found = [
        *_above(above, active),
        *_own(last, active),
        *_start(clauses, time),
        *_of_product(told["product"]),
    ]
    found += [(verdict, last["id"]) for verdict in _exhausted(last, spent)[:1]]
    found += [(Verdict.ANCESTOR_EXHAUSTED, one["id"]) for one in above if _exhausted(one, spent)]
    return [{"verdict": verdict.name, "subject": subject} for verdict, subject in found]


def _above(grants: Sequence[Told], active: Mapping[str, bool]) -> Iterator[tuple[Verdict, str]]:
    for one in grants:
        own = Verdict[one["standing"]]
        if own is not Verdict.OK:
            yield _BELOW[own], one["id"]
        if not active[one["grantor"]]:
            yield Verdict.ANCESTOR_PARTY_SUSPENDED, one["grantor"]


def _own(grant: Told, active: Mapping[str, bool]) -> Iterator[tuple[Verdict, str]]:
    if grant["standing"] != Verdict.OK.name:
        yield Verdict[grant["standing"]], grant["id"]
    for side, verdict in (
        ("grantor", Verdict.GRANTOR_SUSPENDED),
        ("grantee", Verdict.GRANTEE_SUSPENDED),
    ):
        if not active[grant[side]]:
            yield verdict, grant[side]


def _start(clauses: Clauses, time: int) -> Iterator[tuple[Verdict, str]]:
    if clauses.window.start is not None and time < clauses.window.start:
        yield Verdict.NOT_STARTED, str(clauses.product)


def _exhausted(grant: Told, spent: Collection[str]) -> list[Verdict]:
    """Return which quotas of a grant have nothing left: that of all time, that of the period."""
    held = {
        Verdict.QUOTA_EXCEEDED: grant["remaining"] == "0",
        Verdict.PERIOD_EXCEEDED: grant["id"] in spent,
    }
    return [verdict for verdict, holds in held.items() if holds]


def _of_product(product: Told) -> Iterator[tuple[Verdict, str]]:
    if product["state"] != ProductState.REGISTERED.name:
        yield Verdict.PRODUCT_NOT_IN_FORCE, product["id"]
    elif not product["inForce"]:
        yield Verdict.PRODUCT_EXPIRED, product["id"]
    if product["seizures"]:
        yield Verdict.PRODUCT_SEIZED, product["id"]
    if product["controls"]:
        yield Verdict.PRODUCT_CONTROLLED, product["id"]
