"""Gather from a ledger what a certificate certifies, as of any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.case_events import CaseMoved
from registry.domain.certificate import TYPES, Block, Holder, Issuer, Note
from registry.domain.certificate_check import Entry, Facts, Place, Record
from registry.domain.flow_table import Act
from registry.domain.moment import AtBlock, AtTime
from registry.domain.party import Role
from registry.errors import BlockUnknown, ContractMissing, StateUnavailable
from registry.services.standing import until

if TYPE_CHECKING:
    from registry.documents.certificate_paper import Paper
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Ledger
    from registry.domain.moment import At, Moment
    from registry.domain.product import Product, Version


class RecordReader:
    """Read records for certificates from one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """Read from `ledger`."""
        self._ledger = ledger

    def place(self, product: ProductId) -> Place:
        """Return where a product stands, by its own deployment.

        Raises `ContractMissing` for a ledger without certificates.
        """
        deployment = self._ledger.origin(product)
        if deployment.certificates is None:
            deployment = self._ledger.deployment
        if deployment.certificates is None:
            directory = str(deployment.directory)
            raise ContractMissing(name="CertificateRegistry", address=directory, url="")
        return Place(
            chain_id=self._ledger.chain_id,
            directory=deployment.directory,
            products=deployment.products,
            certificates=deployment.certificates,
        )

    def record(self, paper: Paper, moment: Moment) -> Record:
        """Return all that the ledger says of the product that a paper names."""
        named = paper.reference.product
        product = self._ledger.product(named, at=moment)
        entries = () if product is None else self._ledger.certificates(named)
        known = next((one for one in entries if one.digest == paper.reference.digest), None)
        through_case = product is not None and product.registrar
        return Record(
            place=self.place(named),
            moment=moment,
            product=product,
            entries=entries,
            at_issue=self._facts_at_issue(paper, known),
            now=self.facts(product, moment) if product is not None and through_case else None,
            amended_at=self._amended(product, moment),
            admitted=self._admitted(paper, moment),
            ahead=self._is_ahead(paper),
        )

    def in_office(self, party: PartyId, moment: Moment) -> bool:
        """Tell whether a party was a registrar at a moment."""
        known = self._ledger.party(party, at=moment)
        return known is not None and Role.REGISTRAR in known.roles

    def _is_ahead(self, paper: Paper) -> bool:
        """Tell whether the node has not the block that a paper names; a reference names none."""
        if paper.certificate is None:
            return False
        try:
            self._ledger.moment(AtBlock(paper.certificate.block.number))
        except BlockUnknown:
            return True
        return False

    def _facts_at_issue(self, paper: Paper, entry: Entry | None) -> Facts | None:
        """Return what the ledger says of the block that a paper was made from, where it can."""
        one = paper.certificate
        at: At | None = None
        if one is not None:
            at = AtBlock(one.block.number)
        elif entry is not None:
            at = AtTime(entry.issued_at)
        if at is None:
            return None
        try:
            moment = self._ledger.moment(at)
            product = self._ledger.product(paper.reference.product, at=moment)
            if product is None or not product.registrar:
                return None
            return self.facts(product, moment)
        except (StateUnavailable, BlockUnknown):
            return None

    def facts(self, product: Product, moment: Moment) -> Facts:
        """Return what the ledger says at a moment of a product that went through a case."""
        ledger = self._ledger
        registrar = self._registrar(product, moment)
        version = self._version(product, moment)
        docket = ledger.docket(product.id, at=moment)
        return Facts(
            profile=product.profile,
            issuer=registrar,
            code=docket.code or "",
            version=product.latest,
            content_root=version.content_root,
            metadata_hash=version.metadata_hash,
            holders=tuple(
                Holder(party=one.party, rights=one.rights, since=one.since)
                for one in ledger.holdings(product.id, at=moment)
                if one.until is None
            ),
            annotations=tuple(
                Note(
                    index=one.index,
                    kind=one.kind.name,
                    by=one.by,
                    reason=one.reason.name,
                    evidence=one.evidence,
                    since=one.since,
                )
                for one in ledger.annotations(product.id, at=moment)
                if one.until is None
            ),
            evidence=self._evidence(product.id, moment),
            valid_from=product.since,
            valid_until=product.until,
            block=Block(number=moment.block, hash=moment.block_hash, time=moment.time),
        )

    def _amended(self, product: Product | None, moment: Moment) -> int:
        if product is None or product.profile not in TYPES:
            return 0
        return self._ledger.docket(product.id, at=moment).amended or 0

    def _registrar(self, product: Product, moment: Moment) -> Issuer:
        number = product.registrar
        known = {one.number: one for one in self._ledger.registrars(at=moment, of=product.id)}
        found = known[number]
        return Issuer(party=found.party, number=number, seat=found.seat)

    def _evidence(self, product: ProductId, moment: Moment) -> bytes | None:
        """Return the digest of the evidence that the last registration rested on."""
        moves = self._ledger.events((CaseMoved,), product=product, last=moment.block)
        found = [
            one.evidence
            for one in until(self._ledger, moment, moves)
            if isinstance(one, CaseMoved) and one.act is Act.REGISTER and any(one.evidence)
        ]
        return found[-1] if found else None

    def _version(self, product: Product, moment: Moment) -> Version:
        return self._ledger.versions(product.id, at=moment)[-1]

    def _admitted(self, paper: Paper, moment: Moment) -> bool:
        """Tell whether the registrar that a paper names ever was one; a reference names none."""
        one = paper.certificate
        if one is None or one.status.chain_id != self._ledger.chain_id:
            return True
        registrars = self._ledger.registrars(at=moment, of=one.product)
        known = {each.number: each.party for each in registrars}
        return known.get(one.issuer.number) == one.issuer.party
