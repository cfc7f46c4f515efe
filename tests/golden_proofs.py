"""Make the golden proofs: `python -m tests.golden_proofs FOLDER`.

They are kept as they were made, and must be verified by every later release. What is deployed then
is marked as kept by `python -m scripts.gen_storage --keep`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from registry.domain.ids import GrantId
from registry.domain.moment import AtTime
from registry.domain.proof import OfAbsence, OfGrant, OfProduct
from tests.conftest import lone_world
from tests.proof_world import ProofWorld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.services.proofs import Proved

FIXTURES = Path(__file__).parent / "fixtures" / "proofs"
BEGIN = 1_767_225_600
"""The first second of 2026, so that the proofs do not depend on when they are made."""


def made(folder: Path) -> Iterator[tuple[str, Proved]]:
    """Yield the proofs by name, from a chain of their own."""
    with lone_world(folder, BEGIN) as world:
        yield from _proofs(ProofWorld(world))


def _proofs(scene: ProofWorld) -> Iterator[tuple[str, Proved]]:
    product = scene.rich_product()
    _, grant = scene.sub_grant()
    asked = AtTime(scene.world.ledger.moment().time + 10)
    scene.world.mine(100)
    proofs = scene.proofs
    yield "product", proofs.create(OfProduct(product=product))
    yield "version", proofs.create(OfProduct(product=product, version=1), at=asked)
    yield "grant", proofs.create(OfGrant(grant=grant), at=asked)
    yield "derived", proofs.create(OfProduct(product=scene.derived_product()))
    yield "no-grant", proofs.create(OfAbsence(absent=GrantId.of(7)))
    yield "no-content", proofs.create(OfAbsence(absent=bytes(31) + b"\x07"))


def main(folder: Path) -> None:
    """Write each proof, and beside it the hash of the block that it rests on."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as workplace:
        for name, proved in made(Path(workplace)):
            (folder / f"{name}.proof.json").write_bytes(proved.raw)
            (folder / f"{name}.hash").write_text("0x" + proved.shown.rests_on.hex() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
