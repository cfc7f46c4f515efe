"""Check the proof within a certificate, and that it is of what the certificate says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from registry.domain.patricia import value_at
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


_PREFIX: Final = 2


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
    digests = ("0x" + certificate.content_root.hex(), "0x" + certificate.metadata_hash.hex())
    stated = (version["contentRoot"], version["metadataHash"])
    yield "credentialSubject.profile", product["profile"] == certificate.profile.name
    yield "credentialSubject.contentRoot", stated == digests
    until = None if certificate.valid_until is None else show_time(certificate.valid_until)
    yield "validUntil", product["until"] == until
    yield "credentialSubject.state", bool(product["inForce"])
    yield "issuer.number", product["registrar"] == certificate.issuer.number
    yield "credentialSubject.code", _code(product["code"]) == certificate.code[_PREFIX:]
    yield "credentialSubject.holders", _held(shown) == _stated(certificate)


def _block(certificate: Certificate) -> tuple[int, bytes, int]:
    block = certificate.block
    return block.number, block.hash, block.time


def _code(told: dict[str, Any] | None) -> str | None:
    """Return a registration's code without the two letters of its rule set."""
    return None if told is None else f"{told['seat']}{told['month']:06}{told['serial']:04}"


def _held(shown: Shown) -> set[tuple[str, tuple[str, ...]]]:
    """Return who held which rights as of the block."""
    lasting = [one for one in shown.facts["holdings"] if one["to"] is None]
    return {(one["party"], tuple(one["rights"])) for one in lasting}


def _stated(certificate: Certificate) -> set[tuple[str, tuple[str, ...]]]:
    return {(str(one.party), tuple(names(one.rights))) for one in certificate.holders}
