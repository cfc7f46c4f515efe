"""Turn operations on derivations into calls, and read what the chain keeps of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain.bindings import Lineage
from registry.chain.questions import Question
from registry.chain.registrations import registration
from registry.domain.lineage import Derivation, Pin
from registry.domain.lineage_events import ProductDerived
from registry.domain.lineage_operations import (
    DeclareDerivation,
    RegisterDerived,
    RegisterDerivedBatch,
    UpdateDerived,
)
from registry.errors import DerivationContradicted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.events import Event
    from registry.domain.ids import Address
    from registry.domain.lineage_operations import Making

    Ask = Callable[[Sequence[Question]], list[tuple[AbiValue, ...]]]

_NOTHING: Final = bytes(32)


def _making(making: Making) -> tuple[AbiValue, ...]:
    """Return the ``Derivation`` struct (contracts/types/Derivation.sol)."""
    return (
        int(making.activity),
        int(making.purposes),
        making.method or _NOTHING,
        [int(agent) for agent in making.agents],
        [(one.product.raw, one.version, list(one.above), one.clauses) for one in making.bases],
    )


def _registered(item: RegisterDerived) -> tuple[AbiValue, ...]:
    return registration(item.registration), _making(item.making)


LINEAGE_CALLS: Final[dict[type, tuple[str, Function, Callable[[Any], tuple[AbiValue, ...]]]]] = {
    RegisterDerived: ("lineage", Lineage.register, _registered),
    RegisterDerivedBatch: (
        "lineage",
        Lineage.register_batch,
        lambda o: ([_registered(item) for item in o.items],),
    ),
    UpdateDerived: (
        "lineage",
        Lineage.update,
        lambda o: (o.product.raw, o.latest, o.content_root, o.metadata_hash, _making(o.making)),
    ),
    DeclareDerivation: (
        "lineage",
        Lineage.declare,
        lambda o: (o.product.raw, _making(o.making)),
    ),
}
"""The contract, the function and its arguments, for each kind of operation on derivations."""


def stored_digests(lineage: Address, pins: Sequence[Pin], ask: Ask) -> dict[Pin, bytes]:
    """Return the digests that the contract keeps, of those versions that it keeps one of."""
    asked = [Question(lineage, Lineage.derivation_digest, (p.product.raw, p.version)) for p in pins]
    told = zip(pins, ask(asked), strict=True)
    return {pin: digest for pin, (digest,) in told if digest != _NOTHING}


def derivations_of(
    digests: dict[Pin, bytes], told: Iterable[Event], block: int
) -> dict[Pin, Derivation]:
    """Return what versions were made of, as events tell it and digests prove it.

    :param told: the events about the products, in the order of the chain.
    :param block: that of the state which the digests are from.
    :raises DerivationContradicted: where no event leads to a digest.
    """
    proved: dict[Pin, Derivation] = {}
    for event in told:
        if isinstance(event, ProductDerived):
            made = _made(event)
            if digests.get(made.pin) == made.digest():
                proved[made.pin] = made
    missing = next((pin for pin in digests if pin not in proved), None)
    if missing is not None:
        raise DerivationContradicted(
            product=str(missing.product), version=missing.version, block=block
        )
    return proved


def _made(event: ProductDerived) -> Derivation:
    return Derivation(
        product=event.product,
        version=event.version,
        by=event.by,
        time=event.time or 0,
        activity=event.activity,
        purposes=event.purposes,
        method=None if event.method == _NOTHING else event.method,
        agents=event.agents,
        sources=event.sources,
        block=event.block,
        transaction=event.transaction,
    )
