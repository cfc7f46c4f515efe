"""Write and read the short reference that a certificate's QR code holds.

    DENGJI:C1:<chain id>:<product>:<digest, 48 hexadecimal digits>:<code>

All of it is in the alphanumeric set of QR codes, so that the code stays coarse enough to be read
from a photocopy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from registry.domain.certificate import CODE, digest_of
from registry.domain.ids import ProductId
from registry.errors import CertificateUnreadable, IdMistyped
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.certificate import Certificate

PREFIX: Final = "DENGJI:C1:"
_FORM: Final = re.compile(
    rf"{PREFIX}([1-9][0-9]{{0,77}}):(PRODUCT1[0-9A-Z]+):([0-9A-F]{{48}}):({CODE})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Point at the record of one certificate; `digest` is what the chain keeps of it (24 bytes)."""

    chain_id: int
    product: ProductId
    digest: bytes
    code: str

    @classmethod
    def to(cls, certificate: Certificate) -> Reference:
        """Return the reference to a certificate as it stands."""
        return cls(
            chain_id=certificate.status.chain_id,
            product=certificate.product,
            digest=digest_of(certificate.canonical()),
            code=certificate.code,
        )

    @classmethod
    def parse(cls, text: str) -> Reference:
        """Read what a QR code holds; raises `CertificateUnreadable`."""
        found = _FORM.fullmatch(text.strip())
        if found is None:
            raise CertificateUnreadable(field="document", reason="no-reference")
        try:
            product = ProductId.parse(found[2].lower())
        except IdMistyped as error:
            raise CertificateUnreadable(field="product", reason=error.problem) from error
        return cls(
            chain_id=int(found[1]), product=product, digest=bytes.fromhex(found[3]), code=found[4]
        )

    def __str__(self) -> str:
        return f"{PREFIX}{self.chain_id}:{self.product}:{self.digest.hex()}:{self.code}".upper()
