"""Issue registration certificates, find them, and verify those that are shown."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from registry.domain.case_events import CertificateIssued
from registry.domain.case_operations import Certify
from registry.domain.certificate import (
    TYPES,
    Certificate,
    Holder,
    Status,
    digest_of,
)
from registry.domain.certificate_check import Entry, Facts, Finding, composed, judge
from registry.domain.certificate_reader import from_json
from registry.domain.metadata import metadata_hash
from registry.domain.moment import AtBlock
from registry.domain.product import ProductState
from registry.domain.proof import OfProduct
from registry.errors import (
    CertificateMetadataNeeded,
    CertificateMetadataOther,
    CertificateMisnumbered,
    CertificateMissing,
    CertificateNotDue,
    CertificateUnreadable,
)
from registry.records import dataclass
from registry.services.certificate_records import RecordReader
from registry.services.contents import kept_description

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from registry.documents.certificate_paper import Paper
    from registry.domain.application import Application
    from registry.domain.ids import ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.metadata import Metadata
    from registry.domain.moment import At, Moment
    from registry.domain.product import Product
    from registry.services.actor import Actor
    from registry.services.proofs import Proofs

_TRIES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """Hold what issuing came to; `receipt` is None where nothing changed since the newest one."""

    certificate: Certificate
    entry: Entry
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Hold what verifying a paper came to, and the product as it stood at the moment asked about.

    `registrar_admitted` says whether the product's registrar was in office at that moment, which
    changes nothing about what it certified before; None where there is none.
    """

    paper: Paper
    finding: Finding
    moment: Moment
    product: Product | None
    registrar_admitted: bool | None = None


class Certificates:
    """Serve the tasks about certificates."""

    def __init__(
        self, actor: Actor, *, local: bool, proofs: Callable[[], Proofs] | None = None
    ) -> None:
        """Act as `actor`; `local` says that its ledger is a local chain.

        `proofs` makes the proofs that certificates carry where they are asked for.
        """
        self._actor = actor
        self._ledger = actor.ledger
        self._local = local
        self._proofs = proofs
        self._records = RecordReader(actor.ledger)

    def issue(
        self,
        product: ProductId,
        *,
        form: Application | None = None,
        registrar_name: str | None = None,
        proof: bool = False,
    ) -> Issued:
        """Make a certificate of what is registered now, and put its digest on the ledger.

        The description is that of `form`, else the one kept at home; it must be the registered one.
        Names, credit codes, terms and limits come from `form`, whose digest the description
        carries. Where nothing changed since the newest certificate, that one is returned. With
        `proof` the document carries a proof of the record as of its block. Raises
        `CertificateNotDue`, `CertificateMetadataNeeded`, `CertificateMetadataOther`.
        """
        number = 0
        for _ in range(_TRIES):
            issued = self._issue(self._composed(product, form, registrar_name), proof=proof)
            if issued.entry.number == issued.certificate.number:
                return issued
            # Another clerk was quicker: the number that the document names was taken.
            number = issued.entry.number
        raise CertificateMisnumbered(product=str(product), number=number)

    def entries(self, product: ProductId) -> tuple[Entry, ...]:
        """Return what the ledger keeps of a product's certificates; raises `ProductUnknown`."""
        self._found(product, None)
        return self._ledger.certificates(product)

    def newest(self, product: ProductId) -> tuple[Certificate, Entry]:
        """Return the newest certificate of a product that is kept at home.

        Raises `ProductUnknown`, and `CertificateMissing` where its document is not here.
        """
        entries = self.entries(product)
        for kept in self._kept(product):
            if entries and digest_of(kept) == entries[-1].digest:
                return from_json(kept), entries[-1]
        raise CertificateMissing(product=str(product), recorded=len(entries))

    def list(self, *, product: ProductId | None = None) -> Iterator[CertificateIssued]:
        """Yield the certificates that were recorded, in the order of the chain."""
        for event in self._ledger.events((CertificateIssued,), product=product):
            if isinstance(event, CertificateIssued):
                yield event

    def verify(self, paper: Paper, *, at: At | None = None) -> Verified:
        """Judge a paper against the ledger, now or as of a past moment."""
        moment = self._ledger.moment(at)
        record = self._records.record(paper, moment)
        return Verified(
            paper=paper,
            finding=judge(paper.reference, paper.certificate, record, faults=paper.faults),
            moment=moment,
            product=record.product,
            registrar_admitted=None
            if record.now is None
            else self._records.in_office(record.now.issuer.party, moment),
        )

    # ---- issuing --------------------------------------------------------------------------

    def _issue(self, made: Certificate, *, proof: bool) -> Issued:
        """Record a certificate, unless the newest says all this already."""
        known = self._kept_alike(made)
        certificate = made if known is None else known
        if proof and certificate.state_proof is None:
            certificate = replace(made, state_proof=self._proved(made))
        canonical = certificate.canonical()
        digest = digest_of(canonical)
        entries = self._ledger.certificates(made.product)
        if entries and entries[-1].digest == digest:
            return Issued(certificate=certificate, entry=entries[-1])
        self._keep(certificate)
        whole = sha256(canonical).digest()
        receipt = self._actor.submit(Certify(product=made.product, digest=whole))
        event = next(one for one in receipt.events if isinstance(one, CertificateIssued))
        entry = Entry(
            number=event.number, digest=digest, issued_at=receipt.time, version=event.version
        )
        return Issued(certificate=certificate, entry=entry, receipt=receipt)

    def _proved(self, made: Certificate) -> bytes:
        """Return a proof of the record as of the certificate's block."""
        if self._proofs is None:
            raise CertificateUnreadable(field="stateProof", reason="missing")
        subject = OfProduct(product=made.product, version=made.version)
        return self._proofs().create(subject, at=AtBlock(made.block.number)).raw

    def _composed(
        self,
        product: ProductId,
        form: Application | None,
        registrar_name: str | None,
    ) -> Certificate:
        """Return the next certificate, of the newest block."""
        moment = self._ledger.moment(AtBlock(self._ledger.moment().block))
        known = self._found(product, moment)
        if known.profile not in TYPES or known.state is not ProductState.REGISTERED:
            raise CertificateNotDue(
                product=str(product), profile=known.profile.name, state=known.state.name
            )
        facts = self._records.facts(known, moment)
        described = self._description(known, facts, None if form is None else form.metadata)
        place = self._records.place(product)
        words = Certificate(
            profile=facts.profile,
            issuer=replace(facts.issuer, name=registrar_name),
            code=facts.code,
            version=facts.version,
            content_root=facts.content_root,
            metadata_hash=facts.metadata_hash,
            data_name=described.data_name,
            summary=described.summary,
            catalog_id=described.catalog_id,
            holders=tuple(_worded(one, form, facts) for one in facts.holders),
            valid_from=facts.valid_from,
            issued=moment.time,
            status=Status(
                chain_id=place.chain_id,
                directory=place.directory,
                products=place.products,
                certificates=place.certificates,
                product=product,
                number=0,
            ),
            block=facts.block,
            local=self._local,
        )
        number = len(self._ledger.certificates(product)) + 1
        return composed(facts, words, place=place, product=product, number=number)

    def _description(self, product: Product, facts: Facts, given: Metadata | None) -> Metadata:
        """Return the registered description: the one given, else the one kept at home."""
        if given is not None:
            found = metadata_hash(given)
            if found != facts.metadata_hash:
                raise CertificateMetadataOther(
                    product=str(product.id),
                    version=facts.version,
                    metadata_hash=facts.metadata_hash,
                    given_hash=found,
                )
            return given
        kept = kept_description(self._actor.archive, facts.content_root, facts.metadata_hash)
        if kept is None:
            raise CertificateMetadataNeeded(
                product=str(product.id), version=facts.version, metadata_hash=facts.metadata_hash
            )
        return kept

    def _kept_alike(self, made: Certificate) -> Certificate | None:
        """Return a kept certificate that says the same and was, or can still be, recorded."""
        entries = {one.digest: one for one in self._ledger.certificates(made.product)}
        newest = max((one.number for one in entries.values()), default=0)
        for kept in self._kept(made.product):
            one = from_json(kept)
            recorded = entries.get(digest_of(kept))
            usable = one.number == newest + 1 if recorded is None else recorded.number == newest
            same = replace(
                made,
                issued=one.issued,
                block=one.block,
                status=one.status,
                state_proof=one.state_proof,
            )
            if usable and one == same:
                return one
        return None

    def _kept(self, product: ProductId) -> Iterator[bytes]:
        if self._actor.archive is not None:
            yield from self._actor.archive.certificates(product)

    def _keep(self, certificate: Certificate) -> None:
        if self._actor.archive is not None:
            canonical = certificate.canonical()
            self._actor.archive.keep_certificate(
                certificate.product, digest_of(canonical), canonical
            )

    # ---- asking ------------------------------------------------------------------------------

    def _found(self, product: ProductId, moment: Moment | None) -> Product:
        known = self._ledger.product(product, at=moment)
        if known is None:
            from registry.reverts import ProductUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise ProductUnknown(product=product)
        return known


def _worded(holder: Holder, form: Application | None, facts: Facts) -> Holder:
    """Return a holder with what the application form says of it: by its party, or as the one."""
    stated = () if form is None else form.rights
    mine = [one for one in stated if one.party == str(holder.party)]
    if not mine and len(facts.holders) == 1 and len({one.credit_code for one in stated}) == 1:
        mine = [one for one in stated if one.party is None]
    if not mine:
        return holder
    return replace(
        holder,
        name=mine[0].holder,
        credit_code=mine[0].credit_code,
        term=_joined(one.term for one in mine),
        limits=_joined(one.limits for one in mine),
    )


def _joined(texts: Iterable[str | None]) -> str | None:
    """Return what is said, each text once; None for nothing."""
    return "；".join(dict.fromkeys(one for one in texts if one)) or None
