"""Gather what exports are made from, and tell what credentials that were shown are worth."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from registry.domain.certificate import LOCAL_CHAIN
from registry.domain.exports import credentials, dcat, openlineage, packages, prov, status
from registry.domain.exports.record import Place, Record
from registry.domain.exports.status import Status
from registry.domain.lineage import Pin
from registry.domain.manifest import open_manifest
from registry.domain.metadata import Metadata, metadata_hash
from registry.domain.moment import AtBlock
from registry.domain.verdict import Verdict
from registry.errors import (
    BlockUnknown,
    CertificateUnreadable,
    CredentialUnreadable,
    DescriptionNeeded,
    DescriptionOther,
    ManifestNeeded,
    MetadataInvalid,
    StateUnavailable,
)
from registry.records import dataclass
from registry.services.births import Family
from registry.services.certificates import Certificates
from registry.services.grants import Grants
from registry.services.products import Products
from registry.services.questions import least_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.exports.credentials import Credential
    from registry.domain.ids import GrantId, Identifier, ProductId
    from registry.domain.lineage import Derivation
    from registry.domain.manifest import ManifestReader
    from registry.domain.moment import At, Moment
    from registry.domain.product import Version
    from registry.services.actor import Actor
    from registry.services.certificates import Verified as VerifiedCertificate

FORMATS: Final = ("prov", "dcat", "vc", "openlineage", "datapackage", "croissant")
"""What a product is exported as."""

_CHANGING: Final = ("validUntil", "credentialSubject.securityClass")
"""Fields that the record may have changed since, where its state of then cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Hold what verifying a credential came to.

    `differing` are the paths of fields that are not as the ledger has them. `compared` says whether
    all could be compared; what may have changed since cannot where the node has no state of then.
    `until` is when the record ends as of `moment`, in seconds since 1970, None while that is open;
    `verdict` judges a grant, `latest` is the newest version of a product.
    """

    credential: Credential
    status: Status
    moment: Moment
    differing: tuple[str, ...] = ()
    compared: bool = True
    until: int | None = None
    latest: int | None = None
    verdict: Verdict | None = None


class Exports:
    """Serve the tasks about exports and credentials."""

    def __init__(self, actor: Actor, *, local: bool) -> None:
        """Act as `actor`; `local` says that its ledger is a local chain."""
        self._actor = actor
        self._ledger = actor.ledger
        self._local = local
        self._products = Products(actor)
        self._grants = Grants(actor)
        self._certificates = Certificates(actor, local=local)

    def product(
        self,
        product: ProductId,
        form: str,
        *,
        at: At | None = None,
        metadata: Metadata | None = None,
        access_url: str | None = None,
    ) -> dict[str, Any] | list[dict[str, Any]]:
        """Return a product in one of `FORMATS` as JSON values; for `openlineage` a list of events.

        `metadata` is the registered description where it is not kept at home. Raises
        `ProductUnknown`, `DescriptionNeeded`, `DescriptionOther`, `ManifestNeeded`,
        `AccessUrlUnfit`.
        """
        record = self.record(product, at=at, metadata=metadata)
        if form == "prov":
            return prov.to_prov(record)
        if form == "openlineage":
            return openlineage.to_openlineage(record)
        if form == "vc":
            return credentials.of_product(record, record.metadata)
        described = self._described(record)
        if form == "dcat":
            return dcat.to_dcat(record, described, access_url=access_url)
        write = packages.to_croissant if form == "croissant" else packages.to_datapackage
        with self._manifest(record) as manifest:
            return write(record, described, manifest, manifest.header.digests)

    def record(
        self, product: ProductId, *, at: At | None = None, metadata: Metadata | None = None
    ) -> Record:
        """Return what is on record of a product as of a block; raises `ProductUnknown`."""
        moment = self._block(at)
        known = self._products.found(product, moment)
        made = self._ledger.versions(product, at=moment)
        return Record(
            place=self._place(product),
            moment=moment,
            product=known,
            versions=made,
            holders=self._ledger.holdings(product, at=moment),
            code=None if known.open else self._ledger.docket(product, at=moment).code,
            metadata=self._description(made[-1], metadata),
            derivations=self._derivations(made, moment),
        )

    def grant(self, grant: GrantId, *, at: At | None = None) -> dict[str, Any]:
        """Return a grant as a credential; raises `GrantUnknown`."""
        return credentials.of_grant(self._granted(grant, self._block(at), self._place(grant)))

    def verify(self, raw: bytes, *, at: At | None = None) -> Verified:
        """Say what a credential is worth, now or as of a past moment.

        1. It names another ledger. 2. It names a block that the node has not: a node that lags
        behind knows nothing of it yet. 3. The ledger does not know its subject. 4. It is made again
        as of that block, and compared. 5. Its status is what the record comes to. Raises
        `CredentialUnreadable`.
        """
        shown, moment = credentials.read(raw), self._ledger.moment(at)
        place = self._place(shown.subject)
        # 1.
        if (shown.chain_id, shown.directory) != (str(place.chain_id), str(place.directory)):
            return Verified(credential=shown, status=Status.OTHER_CHAIN, moment=moment)
        if shown.kind in credentials.CERTIFICATES:
            return self._certified(shown, at, moment)
        # 2.
        try:
            then = self._ledger.moment(AtBlock(shown.block))
        except BlockUnknown:
            return Verified(credential=shown, status=Status.AHEAD, moment=moment, compared=False)
        # 3.
        if not self._known(shown, moment):
            return Verified(credential=shown, status=Status.UNKNOWN, moment=moment)
        # 4.
        differing, compared = self._compared(shown, then, moment)
        if differing:
            return Verified(
                credential=shown,
                status=Status.ALTERED,
                moment=moment,
                differing=differing,
                compared=compared,
            )
        # 5.
        return replace(self._standing(shown, moment), compared=compared)

    # ---- gathering -----------------------------------------------------------------------------

    def _block(self, at: At | None) -> Moment:
        """Return a moment that is a block's own, so that what is made of it can be made again."""
        return self._ledger.moment(AtBlock(self._ledger.moment(at).block))

    def _place(self, subject: Identifier) -> Place:
        directory = self._ledger.origin(subject).directory
        return Place(chain_id=self._ledger.chain_id, directory=directory, local=self._local)

    def _derivations(self, versions: tuple[Version, ...], moment: Moment) -> tuple[Derivation, ...]:
        """Return the derivations that lead to versions, up to the roots, a level at a time."""
        level = [Pin(one.product, one.number) for one in versions]
        known: dict[Pin, Derivation | None] = {}
        while level:
            found = self._ledger.derivations(level, at=moment)
            known.update(zip(level, found, strict=True))
            sources = (one.pin for each in found if each is not None for one in each.sources)
            level = [pin for pin in dict.fromkeys(sources) if pin not in known]
        made = [one for one in known.values() if one is not None]
        return tuple(sorted(made, key=lambda one: (one.block, one.pin)))

    def _description(self, version: Version, given: Metadata | None) -> Metadata | None:
        """Return the registered description: the one given, else the one kept at home."""
        if given is not None:
            found = metadata_hash(given)
            if found != version.metadata_hash:
                raise DescriptionOther(
                    product=str(version.product),
                    version=version.number,
                    metadata_hash=version.metadata_hash,
                    given_hash=found,
                )
            return given
        archive = self._actor.archive
        path = None if archive is None else archive.manifest_path(version.content_root)
        if path is None or not path.exists():
            return None
        with open_manifest(path) as reader:
            kept = reader.header.metadata
        return kept if metadata_hash(kept) == version.metadata_hash else None

    @staticmethod
    def _described(record: Record) -> Metadata:
        if record.metadata is None:
            raise DescriptionNeeded(
                product=str(record.product.id),
                version=record.version.number,
                metadata_hash=record.version.metadata_hash,
            )
        return record.metadata

    @contextmanager
    def _manifest(self, record: Record) -> Iterator[ManifestReader]:
        root, archive = record.version.content_root, self._actor.archive
        path = None if archive is None else archive.manifest_path(root)
        if path is None or not path.exists():
            raise ManifestNeeded(
                product=str(record.product.id), version=record.version.number, content_root=root
            )
        with open_manifest(path) as manifest:
            yield manifest

    def _granted(self, grant: GrantId, moment: Moment, place: Place) -> credentials.Granted:
        known = self._grants.get(grant, at=AtBlock(moment.block))
        return credentials.Granted(
            place=place,
            moment=moment,
            grant=grant,
            parent=known.parent,
            clauses=known.clauses,
            since=known.state.since,
            until=known.state.ends_at,
            block=known.block,
            transaction=known.transaction,
        )

    # ---- verifying -----------------------------------------------------------------------------

    def _known(self, shown: Credential, moment: Moment) -> bool:
        if shown.kind == credentials.GRANT:
            return self._ledger.grant(_grant(shown), at=moment) is not None
        product = self._ledger.product(_product(shown), at=moment)
        return product is not None and 1 <= (shown.version or 0) <= product.latest

    def _compared(
        self, shown: Credential, then: Moment, moment: Moment
    ) -> tuple[tuple[str, ...], bool]:
        """Return the fields that differ from what the ledger says, and whether all were told."""
        try:
            true, compared = self._made_again(shown, then, then), True
        except StateUnavailable:
            true, compared = self._made_again(shown, then, moment), False
        differing = credentials.differing(shown.document, true)
        found = [one for one in differing if compared or not _may_have_changed(shown, one)]
        return tuple(found), compared

    def _made_again(self, shown: Credential, then: Moment, state: Moment) -> dict[str, Any]:
        """Return the credential as it is made of the ledger, whose state may be a later one."""
        terms = shown.document.get("termsOfUse")
        local = isinstance(terms, list) and {"type": LOCAL_CHAIN} in terms
        place = replace(self._place(shown.subject), local=local)
        if shown.kind == credentials.GRANT:
            made = self._granted(_grant(shown), state, place)
            return credentials.of_grant(replace(made, moment=then))
        product = _product(shown)
        versions = tuple(
            v for v in self._ledger.versions(product, at=state) if v.block <= then.block
        )
        if not versions:
            return {}
        known = self._products.found(product, state)
        record = Record(
            place=place,
            moment=then,
            product=known,
            versions=versions,
            holders=(),
            code=None if known.open else self._ledger.docket(product, at=state).code,
        )
        return credentials.of_product(record, _description_in(shown, versions[-1]))

    def _standing(self, shown: Credential, moment: Moment) -> Verified:
        if shown.kind == credentials.GRANT:
            return self._granted_now(shown, moment)
        product = self._products.found(_product(shown), moment)
        return Verified(
            credential=shown,
            status=status.of_product(product, shown.version or 0),
            moment=moment,
            until=product.until,
            latest=product.latest,
        )

    def _granted_now(self, shown: Credential, moment: Moment) -> Verified:
        grant = _grant(shown)
        known = self._grants.get(grant, at=AtBlock(moment.block))
        path = Family.read(self._ledger, moment, known.clauses.product).require_path(grant)
        verdict = self._ledger.check(path, least_use(known.clauses), at=moment)
        return Verified(
            credential=shown,
            status=status.of_grant(known.state, verdict, moment.time),
            moment=moment,
            until=known.state.ends_at,
            verdict=verdict,
        )

    def _certified(self, shown: Credential, at: At | None, moment: Moment) -> Verified:
        """Judge the credential of a certificate by the certificate that it was made of."""
        from registry.documents.certificate_paper import read_paper  # noqa: PLC0415 (start-up)

        try:
            certificate = credentials.to_certificate(shown)
        except CertificateUnreadable as error:
            raise CredentialUnreadable(field=error.field, reason=error.reason) from error
        differing = credentials.differing(shown.document, credentials.of_certificate(certificate))
        found = self._certificates.verify(read_paper(certificate.canonical()), at=at)
        return Verified(
            credential=shown,
            status=Status.ALTERED if differing else _of_certificate(found),
            moment=moment,
            differing=differing or found.finding.fields,
            compared=found.finding.compared,
            until=None if found.product is None else found.product.until,
            latest=None if found.product is None else found.product.latest,
        )


def _of_certificate(found: VerifiedCertificate) -> Status:
    """Return the status that a certificate's outcome comes to."""
    name = found.finding.outcome.name
    same = {
        "VALID": Status.IN_FORCE,
        "CONTRADICTED": Status.ALTERED,
        "OVERTAKEN": Status.SUPERSEDED,
        "NOT_YET": Status.UNKNOWN,
        "NOT_ADMITTED": Status.UNKNOWN,
    }
    return same[name] if name in same else Status[name]


def _may_have_changed(shown: Credential, path: str) -> bool:
    """Tell whether a field that differs from a later state may have been right in its time."""
    if path == "credentialSubject.code":
        # A registration gets its code once, and keeps it.
        return "code" not in shown.part("credentialSubject")
    return path in _CHANGING


def _description_in(shown: Credential, version: Version) -> Metadata | None:
    """Return the description that a credential carries, if it is the registered one."""
    given = shown.part("credentialSubject").get("metadata")
    if not isinstance(given, dict):
        return None
    try:
        found = Metadata.recorded(given)
    except MetadataInvalid:
        return None
    return found if metadata_hash(found) == version.metadata_hash else None


def _grant(shown: Credential) -> GrantId:
    from registry.domain.ids import GrantId  # noqa: PLC0415 (start-up time)

    return GrantId(shown.subject.raw)


def _product(shown: Credential) -> ProductId:
    from registry.domain.ids import ProductId  # noqa: PLC0415 (start-up time)

    return ProductId(shown.subject.raw)
