"""Judge a certificate against what the ledger records: the record outranks the paper.

Pure: the service gathers the record, and everything else follows from it. Suspending or rotating
the registrar's keys, or ending its office, changes nothing about what it certified before.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from registry.domain.certificate import Block, Holder, Issuer, Note, Status, differences
from registry.domain.product import ProductState
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.certificate import Certificate
    from registry.domain.certificate_reference import Reference
    from registry.domain.ids import Address, ProductId
    from registry.domain.moment import Moment
    from registry.domain.product import Product, Profile

CANONICAL_FORM: Final = "canonical-form"
"""The fault of a paper whose JSON says the same in other bytes."""


class Outcome(StrEnum):
    """Say what a certificate turned out to be."""

    VALID = "valid"
    DISPUTED = "disputed"
    SEIZED = "seized"
    CONTROLLED = "controlled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    NOT_IN_FORCE = "not-in-force"
    OTHER_CHAIN = "other-chain"
    AHEAD = "ahead"
    ALTERED = "altered"
    CONTRADICTED = "contradicted"
    SUPERSEDED = "superseded"
    OVERTAKEN = "overtaken"
    NOT_YET = "not-yet"
    NOT_ADMITTED = "not-admitted"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """Return the exit code of `dengji certificate verify`."""
        return _EXITS[self]


_EXITS: Final = {
    **dict.fromkeys((Outcome.VALID, Outcome.DISPUTED), 0),
    **dict.fromkeys((Outcome.SEIZED, Outcome.CONTROLLED, Outcome.EXPIRED), 1),
    **dict.fromkeys((Outcome.CANCELLED, Outcome.REVOKED, Outcome.NOT_IN_FORCE), 1),
    **dict.fromkeys((Outcome.OTHER_CHAIN, Outcome.AHEAD), 4),
    **dict.fromkeys((Outcome.ALTERED, Outcome.CONTRADICTED), 5),
    **dict.fromkeys((Outcome.SUPERSEDED, Outcome.OVERTAKEN), 6),
    **dict.fromkeys((Outcome.NOT_YET, Outcome.NOT_ADMITTED, Outcome.UNKNOWN), 7),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold what the ledger keeps of one certificate: number from 1, digest of 24 bytes, issue."""

    number: int
    digest: bytes
    issued_at: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold what a certificate says that the ledger knows, as of one block.

    Holders and notes carry no words here: names, terms and limits are the application's.
    """

    profile: Profile
    issuer: Issuer
    code: str
    version: int
    content_root: bytes
    metadata_hash: bytes
    holders: tuple[Holder, ...]
    annotations: tuple[Note, ...]
    evidence: bytes | None
    valid_from: int
    valid_until: int | None
    block: Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Say which ledger is asked: its chain and contracts."""

    chain_id: int
    directory: Address
    products: Address
    certificates: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Hold what the ledger says of the product that a certificate names, at one moment.

    `entries` are all its certificates by now, the first one first. `at_issue` are the facts of the
    block that the paper names, None where they cannot be read; `now` those of the moment, of which
    what a certificate says was last changed at `amended_at`.
    `admitted` says whether the issuer that the paper names ever was a registrar, `ahead` whether
    the node has not the block that it names: one that lags behind knows nothing of it yet.
    """

    place: Place
    moment: Moment
    product: Product | None
    entries: tuple[Entry, ...] = ()
    at_issue: Facts | None = None
    now: Facts | None = None
    amended_at: int = 0
    admitted: bool = True
    ahead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Hold the judgement: the outcome, the entry that the paper leads to, and the reasons.

    `fields` are the paths that differ, of the paper where it is altered, of the record where it has
    moved on since; `superseded_by` is the number of the newest certificate. `compared` says whether
    every fact on the paper could be compared with the record.
    """

    outcome: Outcome
    entry: Entry | None = None
    fields: tuple[str, ...] = ()
    superseded_by: int | None = None
    compared: bool = True

    @property
    def good(self) -> bool:
        """Tell whether the certificate can be relied on, though there may be a dispute."""
        return self.outcome.exit_code == 0


def composed(
    facts: Facts, words: Certificate, *, place: Place, product: ProductId, number: int
) -> Certificate:
    """Return a certificate of these facts, with the words of another one where it has them.

    Whether the chain is a local one is such a word: a ledger cannot tell by what name it is known.
    """
    told = {holder.party: holder for holder in words.holders}
    holders = tuple(
        replace(told[one.party], rights=one.rights, since=one.since) if one.party in told else one
        for one in facts.holders
    )
    return replace(
        words,
        profile=facts.profile,
        issuer=replace(facts.issuer, name=words.issuer.name),
        code=facts.code,
        version=facts.version,
        content_root=facts.content_root,
        metadata_hash=facts.metadata_hash,
        holders=holders,
        annotations=facts.annotations,
        evidence=facts.evidence,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        block=facts.block,
        status=Status(
            chain_id=place.chain_id,
            directory=place.directory,
            products=place.products,
            certificates=place.certificates,
            product=product,
            number=number,
        ),
    )


def judge(
    reference: Reference,
    certificate: Certificate | None,
    record: Record,
    *,
    faults: tuple[str, ...] = (),
) -> Finding:
    """Judge a paper.

    1. A block and a number that the node has not come to. 2. A product that this ledger does not
    know. 3. A digest that none of its certificates has. 4. A paper whose other words are not those
    of its digest, or that the record contradicts. 5. The registration itself. 6. Later
    certificates, and what changed since. 7. What stands against it.
    """
    # 1.
    if _is_ahead(reference, certificate, record):
        outcome = Outcome.ALTERED if faults else Outcome.AHEAD
        return Finding(outcome=outcome, fields=faults, compared=False)
    # 2.
    if record.product is None:
        return Finding(outcome=_stranger(reference, certificate, record))
    entry = next((one for one in record.entries if one.digest == reference.digest), None)
    # 3.
    if entry is None:
        return _unrecorded(reference, certificate, record, faults)
    # 4.
    untrue = _untrue(reference, certificate, record, entry, faults)
    if untrue is not None:
        return untrue
    compared = certificate is None or record.at_issue is not None
    # 5. and 6.
    ended = _ended(record.product)
    outdated = _outdated(record, entry) if ended is None else None
    if outdated is not None:
        return outdated
    # 7.
    return Finding(outcome=ended or _burden(record.product), entry=entry, compared=compared)


def _is_ahead(reference: Reference, certificate: Certificate | None, record: Record) -> bool:
    """Tell whether a paper may be of what the node has not come to.

    Where its number is given already, it is known what was certified under that.
    """
    if certificate is None or not record.ahead or certificate.number <= len(record.entries):
        return False
    return not _is_elsewhere(reference, certificate, record.place)


def _stranger(reference: Reference, certificate: Certificate | None, record: Record) -> Outcome:
    if _is_elsewhere(reference, certificate, record.place):
        return Outcome.OTHER_CHAIN
    return Outcome.UNKNOWN if record.admitted else Outcome.NOT_ADMITTED


def _is_elsewhere(reference: Reference, certificate: Certificate | None, place: Place) -> bool:
    """Tell whether a paper names another chain or deployment than the one that is asked."""
    if reference.chain_id != place.chain_id:
        return True
    return certificate is not None and certificate.status.directory != place.directory


def _unrecorded(
    reference: Reference,
    certificate: Certificate | None,
    record: Record,
    faults: tuple[str, ...],
) -> Finding:
    """Judge a paper whose product is known, and whose digest is not."""
    if not record.entries:
        return Finding(outcome=Outcome.UNKNOWN if record.admitted else Outcome.NOT_ADMITTED)
    fields = [*_misstated(reference, record, tuple(f for f in faults if f != "page"))]
    if certificate is not None:
        fields += _contradictions(certificate, record, None)
        if not 1 <= certificate.number <= len(record.entries):
            fields.append("credentialStatus.number")
    compared = certificate is not None and record.at_issue is not None
    told = tuple(dict.fromkeys(fields))
    return Finding(outcome=Outcome.ALTERED, fields=told, compared=compared)


def _untrue(
    reference: Reference,
    certificate: Certificate | None,
    record: Record,
    entry: Entry,
    faults: tuple[str, ...],
) -> Finding | None:
    """Judge what a paper says beside and beyond its digest, None where nothing is wrong."""
    fields = _misstated(reference, record, faults)
    if fields:
        return Finding(outcome=Outcome.ALTERED, entry=entry, fields=fields)
    if entry.issued_at > record.moment.time:
        return Finding(outcome=Outcome.NOT_YET, entry=entry)
    contradictions = _contradictions(certificate, record, entry.number)
    if contradictions:
        return Finding(outcome=Outcome.CONTRADICTED, entry=entry, fields=contradictions)
    return None


def _outdated(record: Record, entry: Entry) -> Finding | None:
    """Judge whether a later certificate or a later fact has taken its place."""
    newest = max(one.number for one in record.entries if one.issued_at <= record.moment.time)
    if newest != entry.number:
        return Finding(outcome=Outcome.SUPERSEDED, entry=entry, superseded_by=newest)
    moved = _moved_on(record)
    if moved or record.amended_at > entry.issued_at:
        return Finding(outcome=Outcome.OVERTAKEN, entry=entry, fields=moved)
    return None


def _misstated(reference: Reference, record: Record, faults: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is wrong with what stands beside the digest: the chain, the code, the page."""
    wrong = list(faults)
    if reference.chain_id != record.place.chain_id:
        wrong.append("credentialStatus.chainId")
    if record.now is not None and record.now.code != reference.code:
        wrong.append("credentialSubject.code")
    return tuple(wrong)


def _contradictions(
    certificate: Certificate | None, record: Record, number: int | None
) -> tuple[str, ...]:
    """Return the fields of a certificate that are not as the ledger had them at issue."""
    if certificate is None or record.at_issue is None:
        return ()
    true = composed(
        record.at_issue,
        certificate,
        place=record.place,
        product=certificate.product,
        number=certificate.number if number is None else number,
    )
    return differences(certificate, true)


def _ended(product: Product) -> Outcome | None:
    if product.state is ProductState.REVOKED:
        return Outcome.REVOKED
    if product.state is ProductState.CANCELLED:
        return Outcome.CANCELLED
    if product.state is not ProductState.REGISTERED:
        return Outcome.NOT_IN_FORCE
    return Outcome.EXPIRED if product.expired else None


def _moved_on(record: Record) -> tuple[str, ...]:
    """Return what the record has changed since issue of what a certificate certifies."""
    before, now = record.at_issue, record.now
    if before is None or now is None:
        return ()
    held = [{(one.party, one.rights) for one in facts.holders} for facts in (before, now)]
    changes = {
        "credentialSubject.version": before.version != now.version,
        "credentialSubject.holders": held[0] != held[1],
        "validUntil": before.valid_until != now.valid_until,
    }
    return tuple(path for path, changed in changes.items() if changed)


def _burden(product: Product) -> Outcome:
    if product.seizures:
        return Outcome.SEIZED
    if product.controls:
        return Outcome.CONTROLLED
    return Outcome.DISPUTED if product.disputes else Outcome.VALID
