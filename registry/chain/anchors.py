"""Turn operations on anchors into calls, and read what the chain keeps of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from registry.chain.bindings import BatchAnchor
from registry.chain.registrations import registration
from registry.domain.anchor import Anchored
from registry.domain.anchor_operations import Anchor, Promote

if TYPE_CHECKING:
    from registry.chain.abi import AbiValue
    from registry.chain.layouts import Function
    from registry.domain.ids import PartyId

ANCHOR_CALLS: Final[dict[type, tuple[str, Function, Callable[[Any], tuple[AbiValue, ...]]]]] = {
    Anchor: ("anchors", BatchAnchor.anchor, lambda o: (o.root, o.leaves)),
    Promote: (
        "anchors",
        BatchAnchor.promote,
        lambda o: (o.root, o.index, registration(o.registration), list(o.proof)),
    ),
}
"""The contract, the function and its arguments, for each kind of operation on anchors."""


def anchored_of(party: PartyId, root: bytes, returned: tuple[Any, ...]) -> Anchored | None:
    """Return what an ``Anchor`` struct says, None where it says that there is none."""
    ((since, leaves),) = returned
    return Anchored(party=party, root=root, since=since, leaves=leaves) if leaves else None
