"""Make proofs of what the ledger keeps, which anyone can check without a node."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from registry.domain.events import ProductOpened, ProductRegistered
from registry.domain.ids import GrantId
from registry.domain.lineage import Pin
from registry.domain.moment import AtTime
from registry.domain.proof import (
    GrantPreimage,
    OfAbsence,
    OfGrant,
    OfProduct,
    Preimages,
    VersionPreimage,
)
from registry.domain.proof_check import check
from registry.domain.proof_file import dump
from registry.errors import ProofRefused, ProofSubjectMissing
from registry.records import dataclass
from registry.services.births import Family, births
from registry.services.standing import require_standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.ids import Identifier, ProductId
    from registry.domain.ledger import Deployment, Ledger
    from registry.domain.lineage import Derivation
    from registry.domain.moment import At, Moment
    from registry.domain.product import Version
    from registry.domain.proof import Facts, Proof, Shown, Subject
    from registry.services.actor import Actor


class ProofSource(Protocol):
    """Whatever gathers proofs of what one deployment keeps."""

    def make(
        self, subject: Subject, given: Preimages, moment: Moment, *, asked: int | None
    ) -> tuple[Proof, Facts]:
        """Return a proof, and what it shows, as of a moment, `asked` by its time or not."""

    def block_hash(self, number: int) -> bytes:
        """Return the hash of a block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """Hold the file of a proof, and what it shows."""

    raw: bytes
    shown: Shown


class Proofs:
    """Serve the tasks about proofs."""

    def __init__(self, actor: Actor, source: Callable[[Deployment], ProofSource]) -> None:
        """Read the ledger of `actor`; `source` gathers proofs of a deployment of it."""
        self._ledger = actor.ledger
        self._source = source

    def create(self, subject: Subject, *, at: At | None = None) -> Proved:
        """Make a proof, and check it as anyone would who is given it.

        Raises `ProofSubjectMissing`, `ProofUnavailable`, `ChainMoved` where the chain was
        reorganised meanwhile, and `ProofRefused` where the node's answers do not hold together.
        """
        moment = self._ledger.moment(at)
        try:
            return self._made(subject, moment, asked=at.seconds if isinstance(at, AtTime) else None)
        except (ProofRefused, ProofSubjectMissing):
            require_standing(self._ledger, moment)
            raise

    def _made(self, subject: Subject, moment: Moment, *, asked: int | None) -> Proved:
        deployment = self.deployment(subject)
        given = _Collector(self._ledger, moment).preimages(subject)
        try:
            proof, facts = self._source(deployment).make(subject, given, moment, asked=asked)
        except ProofRefused as error:
            if error.reason not in ("nothing-there", "not-absent", "version-missing"):
                raise
            raise _missing(subject, moment, error.reason) from error
        raw = dump(proof, facts)
        shown = check(
            raw,
            block_hash=proof.rests_on,
            directory=deployment.directory,
            chain_id=deployment.chain_id,
        )
        return Proved(raw=raw, shown=shown)

    def block_hash(self, number: int) -> bytes:
        """Return the hash of a block, as the node's header comes to it."""
        return self._source(self._ledger.deployment).block_hash(number)

    def deployment(self, subject: Subject) -> Deployment:
        """Return the deployment that a subject stands in, the newest where it stands in none."""
        if isinstance(subject, OfProduct):
            return self._ledger.origin(subject.product)
        if isinstance(subject, OfGrant):
            return self._ledger.origin(subject.grant)
        return self._ledger.deployment


def _missing(subject: Subject, moment: Moment, reason: str) -> ProofSubjectMissing:
    named: Identifier | bytes
    if isinstance(subject, OfProduct):
        named = subject.product
    elif isinstance(subject, OfGrant):
        named = subject.grant
    else:
        named = subject.absent
    text = "0x" + named.hex() if isinstance(named, bytes) else str(named)
    return ProofSubjectMissing(subject=text, block=moment.block, reason=reason)


class _Collector:
    """Collect what digests are made of from the ledger's events, as of one moment."""

    def __init__(self, ledger: Ledger, moment: Moment) -> None:
        self._ledger = ledger
        self._moment = moment

    def preimages(self, subject: Subject) -> Preimages:
        if isinstance(subject, OfAbsence):
            return Preimages()
        if isinstance(subject, OfProduct):
            return Preimages(versions=self._versions(subject.product, subject.version))
        grant = self._grant(subject.grant)
        clauses = grant.clauses
        return Preimages(versions=self._versions(clauses.product, clauses.version), grant=grant)

    def _grant(self, grant: GrantId) -> GrantPreimage:
        """Return what a grant's id is made of, and the ids of those above it."""
        event = next(births(self._ledger, self._moment, grant=grant), None)
        if event is None:
            raise _missing(OfGrant(grant=grant), self._moment, "nothing-there")
        family = Family.read(self._ledger, self._moment, event.product)
        path = family.require_path(grant)
        return GrantPreimage(clauses=path.clauses, above=path.above)

    def _versions(self, product: ProductId, version: int) -> tuple[VersionPreimage, ...]:
        """Return version 1, which the id proves, and the one asked for, or the latest."""
        known = self._ledger.product(product, at=self._moment)
        if known is None:
            raise _missing(OfProduct(product=product), self._moment, "nothing-there")
        chosen = version or known.latest
        if chosen > known.latest:
            raise _missing(OfProduct(product=product), self._moment, "version-missing")
        all_of_it = self._ledger.versions(product, at=self._moment)
        if chosen > len(all_of_it):
            raise ProofRefused(part="preimages", reason="versions-other")
        return tuple(self._version(all_of_it[number - 1]) for number in sorted({1, chosen}))

    def _version(self, version: Version) -> VersionPreimage:
        claims = self._ledger.claims(version.content_root, at=self._moment)
        named = [(one.product, one.version) for one in claims]
        return VersionPreimage(
            number=version.number,
            content_root=version.content_root,
            metadata_hash=version.metadata_hash,
            claim=named.index((version.product, version.number)),
            salt=self._salt(version.product) if version.number == 1 else 0,
            derivation=self._derivation(version),
        )

    def _derivation(self, version: Version) -> Derivation | None:
        """Return what a version was made of, without the block and transaction that say it."""
        pin = Pin(version.product, version.number)
        (found,) = self._ledger.derivations([pin], at=self._moment)
        return None if found is None else replace(found, block=0, transaction=b"")

    def _salt(self, product: ProductId) -> int:
        kinds = (ProductRegistered, ProductOpened)
        for event in self._ledger.events(kinds, product=product):
            if isinstance(event, kinds):
                return event.salt
        raise _missing(OfProduct(product=product), self._moment, "nothing-there")
