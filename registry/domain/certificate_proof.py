"""Check the proof within a certificate, and that it is of what the certificate says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.domain.codes import RegistrationCode
from registry.domain.patricia import value_at
from registry.domain.product import Profile
from registry.domain.proof import OfProduct
from registry.domain.proof_check import check
from registry.domain.times import show_time
from registry.domain.words import names
from registry.errors import CertificateUnreadable, ProofRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.certificate import Certificate
    from registry.domain.proof import Shown
    from registry.domain.proof_check import Reader


def confirm(certificate: Certificate, *, block_hash: bytes, read: Reader = value_at) -> Shown:
    """Return what the proof within a certificate shows; no network is needed.

    Names and what else the ledger does not keep are not compared, and nothing is said of what has
    happened since the block.

    :param block_hash: the hash of the block that the certificate names, from somebody trusted.
    :raises CertificateUnreadable: where there is no proof within.
    :raises ProofRefused: where it does not hold, or is of something else than the certificate says.
    """
    if certificate.state_proof is None:
        raise CertificateUnreadable(field="stateProof", reason="missing")
    status = certificate.status
    shown = check(
        certificate.state_proof,
        block_hash=block_hash,
        directory=status.directory,
        chain_id=status.chain_id,
        read=read,
    )
    for part, holds in _compared(certificate, shown):
        if not holds:
            raise ProofRefused(part=part, reason="certificate-other")
    return shown


def _compared(certificate: Certificate, shown: Shown) -> Iterator[tuple[str, bool]]:
    """Yield each part of a certificate that a proof shows, and whether they agree."""
    subject = OfProduct(product=certificate.product, version=certificate.version)
    yield "credentialSubject.id", shown.subject == subject
    yield "asOf", _block(certificate) == (shown.block, shown.block_hash, shown.block_time)
    product, version = shown.facts["product"], shown.facts["versions"][-1]
    digests = (_hexed(certificate.content_root), _hexed(certificate.metadata_hash))
    stated = (version["contentRoot"], version["metadataHash"])
    yield "credentialSubject.profile", product["profile"] == certificate.profile.name
    yield "credentialSubject.contentRoot", stated == digests
    yield "validFrom", product["since"] == show_time(certificate.valid_from)
    until = None if certificate.valid_until is None else show_time(certificate.valid_until)
    yield "validUntil", product["until"] == until
    yield "credentialSubject.state", bool(product["inForce"])
    issuer, code = certificate.issuer, product["code"]
    yield "issuer.number", product["registrar"] == issuer.number
    yield "credentialSubject.code", _code(code) == certificate.code
    # Of a registrar that took the product over, party and seat are not in the proof.
    if code is not None and code["registrar"] == issuer.number:
        yield "issuer.id", code["party"] == str(issuer.party)
        yield "issuer.seat", code["seat"] == issuer.seat
    yield "credentialSubject.holders", _held(shown) == _stated(certificate)
    yield "credentialSubject.annotations", _standing(shown) == _noted(certificate)


def _block(certificate: Certificate) -> tuple[int, bytes, int]:
    block = certificate.block
    return block.number, block.hash, block.time


def _code(told: dict[str, Any] | None) -> str | None:
    """Return a registration's code."""
    if told is None:
        return None
    code = RegistrationCode(
        profile=Profile[told["profile"]],
        region=told["seat"][:-1],
        registrar=told["seat"][-1:],
        year=told["month"] // 100,
        month=told["month"] % 100,
        serial=told["serial"],
    )
    return str(code)


def _held(shown: Shown) -> set[tuple[str, ...]]:
    """Return who held which rights as of the block, and since when."""
    lasting = [one for one in shown.facts["holdings"] if one["to"] is None]
    return {(one["party"], one["from"], *one["rights"]) for one in lasting}


def _stated(certificate: Certificate) -> set[tuple[str, ...]]:
    return {
        (str(one.party), show_time(one.since), *names(one.rights)) for one in certificate.holders
    }


def _standing(shown: Shown) -> list[tuple[object, ...]]:
    """Return the annotations that stood as of the block."""
    return [
        (index, *(one[name] for name in ("kind", "by", "reason", "evidence", "from")))
        for index, one in enumerate(shown.facts["annotations"])
        if one["to"] is None
    ]


def _noted(certificate: Certificate) -> list[tuple[object, ...]]:
    return [
        (one.index, one.kind, str(one.by), one.reason, _hexed(one.evidence), show_time(one.since))
        for one in certificate.annotations
    ]


def _hexed(raw: bytes) -> str:
    return "0x" + raw.hex()
