"""Read certificates from their registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.chain.bindings import CertificateRegistry
from registry.chain.questions import Question
from registry.domain.certificate_check import Entry
from registry.errors import ContractMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.chain.abi import AbiValue
    from registry.domain.ids import ProductId
    from registry.domain.ledger import Deployment

    Ask = Callable[[Sequence[Question]], list[tuple[AbiValue, ...]]]


def certificates(
    deployment: Deployment, product: ProductId, count: int, ask: Ask
) -> tuple[Entry, ...]:
    """Return the first `count` certificates of a product, in one round of questions.

    :raises ContractMissing: where the deployment was made before there were certificates.
    """
    registry = deployment.certificates
    if registry is None:
        directory = str(deployment.directory)
        raise ContractMissing(name="CertificateRegistry", address=directory, url="")
    numbers, function = range(1, count + 1), CertificateRegistry.certificate
    answers = ask([Question(registry, function, (product.raw, number)) for number in numbers])
    return tuple(
        Entry(number=number, digest=digest, issued_at=issued_at, version=version)
        for number, ((digest, issued_at, version),) in zip(numbers, answers, strict=True)
    )
