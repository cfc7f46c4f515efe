"""Turn a filled-in form and a fingerprint into an application for a first registration."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from registry.domain.case_operations import Apply, Origin
from registry.domain.operations import Register
from registry.domain.product import Profile, Share
from registry.domain.vocabulary import Right, SecurityClass, Source
from registry.errors import HolderUnnamed
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.application import Application
    from registry.domain.fingerprint import Fingerprint
    from registry.domain.ids import GrantId, PartyId, ProductId
    from registry.domain.lineage_operations import Making
    from registry.services.actor import Actor
    from registry.services.deriving import Made
    from registry.services.grants import Grants


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold what an application asks for beside its form.

    `evidence` is the digest of the evidence deposited, that of the form's materials where None.
    `made` says what derived data was made of; None for the form's own sources. `operation` is the
    grant of operation. `resume` takes what an interrupted attempt had read from the archive.
    """

    registrar: int
    evidence: bytes | None = None
    rights: Right | None = None
    security_class: SecurityClass | None = None
    source: Source | None = None
    salt: int = 0
    made: Made | None = None
    operation: GrantId | None = None
    draft: bool = False
    resume: bool = False


def application_for(
    actor: Actor,
    grants: Grants,
    form: Application,
    found: Fingerprint,
    asked: Asked,
    making: Making | None,
) -> Apply:
    """Return the operation that applies for what a form describes, made so.

    Raises `HolderUnnamed` where the form names another holder and not its party.
    """
    shares = _shares(form, actor.party())
    held = reduce(or_, (share.rights for share in shares), Right(0))
    return Apply(
        registration=Register(
            content_root=found.content_root,
            metadata_hash=found.metadata_hash,
            salt=asked.salt,
            rights=asked.rights or held or form.applicant_rights,
            security_class=asked.security_class or form.security_class,
            source=asked.source or form.source,
            flags=form.flags,
        ),
        profile=Profile(form.profile),
        registrar=asked.registrar,
        evidence=form.evidence if asked.evidence is None else asked.evidence,
        shares=shares,
        origins=() if making is None else origins_of(making),
        operation=b"" if asked.operation is None else _clauses(grants, asked.operation),
        draft=asked.draft,
    )


def _shares(form: Application, applicant: PartyId) -> tuple[Share, ...]:
    """Return who holds what, none where the applicant alone holds all."""
    own = form.applicants[0].id_number if form.applicants else None
    if all(one.credit_code == own and one.party in (None, applicant) for one in form.holders):
        return ()
    shares = []
    for holder in form.holders:
        party = applicant if holder.credit_code == own else holder.party
        if party is None:
            raise HolderUnnamed(holder=holder.name)
        shares.append(Share(party=party, rights=holder.rights))
    return tuple(shares)


def made_of(form: Application, asked: Asked) -> Made | None:
    """Return what an application says that the data was made of, None for nothing."""
    if asked.made is not None or not form.parents:
        return asked.made
    from registry.services.deriving import Made, Wanted  # noqa: PLC0415 (start-up time)

    return Made(sources=tuple(Wanted(product=parent) for parent in form.parents))


def origins_of(making: Making) -> tuple[Origin, ...]:
    """Return the products that data was made of, each once, with the rights to derive from them."""
    found: dict[ProductId, Origin] = {}
    for one in making.bases:
        found[one.product] = Origin(product=one.product, clauses=one.clauses, above=one.above)
    return tuple(found.values())


def _clauses(grants: Grants, grant: GrantId) -> bytes:
    return grants.get(grant).clauses.pack()
