"""Give every value its one JSON shape: ids as text, times in ISO 8601 UTC, amounts as strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.times import show_time
from registry.domain.words import names

if TYPE_CHECKING:
    from cli.output import Json
    from registry.domain.annotation import Annotation
    from registry.domain.clauses import Clauses
    from registry.domain.comparison import Comparison
    from registry.domain.grant import GrantSuspension
    from registry.domain.ids import Identifier
    from registry.domain.ledger import Ledger, Receipt
    from registry.domain.lineage import Source
    from registry.domain.moment import Moment
    from registry.domain.party import Party, Suspension
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.verdict import Check
    from registry.services.grants import Grant
    from registry.services.provenance import Match
    from registry.services.registrations import Registration

MOST: Final = 1_000
"""How many registrations by others an answer names; what else there is, it counts."""

Shape = dict[str, "Json"]


def time(seconds: int | None) -> str | None:
    """Return a time, None for none."""
    return None if not seconds else show_time(seconds)


def hexed(raw: bytes | None) -> str | None:
    """Return bytes as 0x and digits, None for none or all zero."""
    return "0x" + raw.hex() if raw is not None and any(raw) else None


def moment(value: Moment) -> Shape:
    """Shape the moment an answer is about."""
    return {"block": value.block, "time": time(value.time), "block_hash": hexed(value.block_hash)}


def ledger(network: str, value: Ledger) -> Shape:
    """Shape which ledger an answer rests on, and by what name the settings call its network."""
    directory = str(value.deployment.directory)
    return {"network": network, "chain_id": value.chain_id, "directory": directory}


def earlier(value: Ledger, subject: Identifier) -> str | None:
    """Return the directory of the earlier deployment that a subject stands in, None for ours."""
    origin = value.origin(subject).directory
    return None if origin == value.deployment.directory else str(origin)


def receipt(value: Receipt | None) -> Shape | None:
    """Shape what became of a write."""
    if value is None:
        return None
    return {
        "transaction": hexed(value.transaction),
        "block": value.block,
        "time": time(value.time),
        "gas_used": str(value.gas_used),
        "resumed": value.resumed,
    }


def party(value: Party) -> Shape:
    """Shape a party."""
    return {
        "id": str(value.id),
        "controller": str(value.controller),
        "standing": value.standing.name,
        "roles": [role.name for role in type(value.roles) if role in value.roles and role.name],
        "since": time(value.since),
        "identity_hash": hexed(value.identity_hash),
    }


def suspension(value: Suspension | GrantSuspension) -> Shape:
    """Shape one suspension of a party or a grant."""
    return {
        "index": value.index,
        "by": str(value.by),
        "reason": value.reason.name,
        "evidence": hexed(value.evidence),
        "since": time(value.since),
        "until": time(value.until),
    }


def product(value: Product) -> Shape:
    """Shape a product."""
    return {
        "id": str(value.id),
        "applicant": str(value.applicant),
        "state": value.state.name,
        "in_force": value.in_force,
        "latest": value.latest,
        "expired": value.expired,
        "profile": value.profile.name,
        "registrar": value.registrar or None,
        "security_class": value.security_class.name,
        "rights": names(value.rights),
        "moved": value.moved,
        "operated": value.operated,
        "since": time(value.since),
        "until": time(value.until),
        "derived": value.derived,
        "purposes": names(value.purposes),
        "seizures": value.seizures,
        "controls": value.controls,
        "disputes": value.disputes,
        "flags": flags(value),
    }


def flags(value: Product) -> list[str]:
    """Name what a reader of a product must not overlook."""
    told = {
        "EXPIRED": value.expired,
        "SEIZED": value.seizures,
        "CONTROLLED": value.controls,
        "DISPUTED": value.disputes,
    }
    return [name for name, holds in told.items() if holds]


def annotation(value: Annotation) -> Shape:
    """Shape one annotation of a product."""
    return {
        "index": value.index,
        "kind": value.kind.name,
        "by": str(value.by),
        "reason": value.reason.name,
        "evidence": hexed(value.evidence),
        "since": time(value.since),
        "until": time(value.until),
    }


def holding(value: Holding) -> Shape:
    """Shape the rights of one holder."""
    return {
        "party": str(value.party),
        "rights": names(value.rights),
        "since": time(value.since),
        "until": time(value.until),
    }


def version(value: Version) -> Shape:
    """Shape one version of a product."""
    return {
        "version": value.number,
        "content_root": hexed(value.content_root),
        "metadata_hash": hexed(value.metadata_hash),
        "digest": hexed(value.digest),
        "by": str(value.by),
        "time": time(value.time),
        "block": value.block,
        "transaction": hexed(value.transaction),
    }


def claim(value: Claim) -> Shape:
    """Shape one registration of a content."""
    return {
        "product": str(value.product),
        "version": value.version,
        "first_at": time(value.first_at),
    }


def registration(value: Registration) -> Shape:
    """Shape what registering came to."""
    found = value.fingerprint
    return {
        "product": str(value.product.id),
        "version": value.version,
        "already": value.already,
        "applicant": str(value.product.applicant),
        "content_root": hexed(found.content_root),
        "metadata_hash": hexed(value.metadata_hash),
        "files": found.files,
        "bytes": str(found.size),
        "others": [claim(other) for other in value.others[:MOST]],
        "others_count": len(value.others),
        "sources": [source(one) for one in value.sources],
        "manifest": str(value.manifest) if value.manifest else None,
        "private": value.salts is not None,
        "salts": str(value.salts) if value.salts else None,
        "receipt": receipt(value.receipt),
    }


def source(value: Source) -> Shape:
    """Shape one source of what was registered just now."""
    return {
        "product": str(value.product),
        "version": value.version,
        "grant": _text(value.grant),
    }


def clauses(value: Clauses) -> Shape:
    """Shape the clauses of a grant."""
    return {
        "actions": names(value.actions),
        "purposes": names(value.purposes),
        "rights": names(value.rights),
        "version": value.version or None,
        "valid_from": time(value.window.start),
        "valid_until": time(value.window.until),
        "quota": _quota(value),
        "environment": names(value.environment),
        "territory": list(value.territory),
        "obligations": names(value.obligations),
        "form": value.form.name,
        "template": value.template.name,
        "mode": value.mode.name,
        "sub_delegation": value.sub_delegation.name,
        "depth": value.depth,
        "notice_days": value.notice_days,
        "derived_rights": value.derived_rights.name,
        "price": _price(value),
        "offer_until": time(value.offer_until),
        "acceptance_days": value.acceptance_days,
        "service_party": _text(value.service_party),
        "replaces": _text(value.replaces),
        "text": hexed(value.text),
        "agreement": hexed(value.agreement),
        "scope": hexed(value.scope),
        "filing": hexed(value.filing),
        "salt": str(value.salt),
    }


def grant(value: Grant) -> Shape:
    """Shape a grant: where it stands, and its clauses."""
    state = value.state
    return {
        "id": str(value.id),
        "state": value.stand.value,
        "product": str(value.clauses.product),
        "grantor": str(state.grantor),
        "grantee": str(state.grantee),
        "since": time(state.since),
        "ends_at": time(state.ends_at),
        "remaining": None if state.remaining is None else str(state.remaining),
        "parent": _text(value.parent),
        "block": value.block,
        "transaction": hexed(value.transaction),
        "at": moment(value.moment),
        "clauses": clauses(value.clauses),
    }


def check(value: Check) -> Shape:
    """Shape the answer to a question."""
    use = value.use
    return {
        "allowed": bool(value),
        "verdict": value.verdict.name,
        "grant": _text(value.grant),
        "grantee": str(use.user),
        "action": use.action.name,
        "purpose": use.purpose.name,
        "amount": str(use.amount),
        "version": use.version or None,
        "environment": use.environment.name if use.environment else None,
        "territory": use.territory or None,
        "at": moment(value.moment),
    }


def match(value: Match) -> Shape:
    """Shape one registration that verified content has."""
    return {
        "product": str(value.product.id),
        "version": value.version,
        "outcome": value.outcome.name,
        "applicant": str(value.product.applicant),
        "state": value.product.state.name,
        "latest": value.product.latest,
        "first_at": time(value.first_at),
        "private": value.private,
    }


def differences(value: Comparison | None) -> Shape | None:
    """Shape the files that differ from a manifest; at most a thousand are named."""
    if value is None:
        return None
    named: dict[str, list[Json]] = {"changed": [], "missing": [], "extra": []}
    for one in value.differences:
        named[one.kind.value].append(one.path)
    return {**named, "count": value.count}


def _quota(value: Clauses) -> Shape | None:
    quota = value.quota
    if quota is None:
        return None
    periodic: dict[str, Any] = {}
    if quota.period:
        periodic = {"per_period": str(quota.per_period), "period": quota.period}
    return {"unit": quota.unit.name, "total": str(quota.total), **periodic}


def _price(value: Clauses) -> Shape | None:
    price = value.price
    if price is None:
        return None
    return {
        "model": price.model.name,
        "currency": price.currency,
        "unit_price": str(price.unit),
        "cap_price": str(price.cap),
    }


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)
