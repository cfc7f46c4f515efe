"""Measure the archive of an anchor, its proofs and their check, by the number of leaves."""

from __future__ import annotations

import hashlib
import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.curves import Curve
from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_leaves import Site
from registry.domain.anchor_writing import write_archive
from registry.domain.ids import Address, PartyId
from registry.domain.operations import Register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEAVES: Final = (1, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
ROUNDS: Final = 3
_PROVED: Final = 200
"""How many leaves of a tree are proved and checked in a round, at most."""

_MICRO: Final = 1e6
_WORD: Final = 32
_SITE: Final = Site(chain_id=31_337, registry=Address(b"\x11" * 20), party=PartyId(b"\x22" * 8))
_TIMES: Final = ("write the archive, each leaf", "take a proof from it", "check a proof")
_SIZES: Final = ("proof", "archive, each leaf")


def curves(at: Sequence[int], rounds: int) -> tuple[Curve, Curve]:
    """Return what it takes in time and in bytes, by how many leaves there are."""
    times: dict[str, list[tuple[float, ...]]] = {name: [] for name in _TIMES}
    sizes: dict[str, list[tuple[float, ...]]] = {name: [] for name in _SIZES}
    for count in at:
        taken = [_round(count) for _ in range(rounds)]
        for name, samples in zip(
            _TIMES, zip(*(one[:3] for one in taken), strict=True), strict=True
        ):
            times[name].append(samples)
        for name, size in zip(_SIZES, taken[0][3:], strict=True):
            sizes[name].append((size,))
    along = "leaves of an anchor"
    return (
        Curve(
            name="growth-tree-time",
            title="Anchors: time by the number of leaves",
            along=along,
            axis="microseconds",
            at=tuple(at),
            lines={name: tuple(samples) for name, samples in times.items()},
            log=True,
        ),
        Curve(
            name="growth-tree-size",
            title="Anchors: bytes by the number of leaves",
            along=along,
            axis="bytes",
            at=tuple(at),
            lines={name: tuple(samples) for name, samples in sizes.items()},
        ),
    )


def _round(count: int) -> tuple[float, ...]:
    """Return microseconds to write each leaf, to prove and to check, and bytes of each."""
    with tempfile.TemporaryDirectory(prefix="dengji-trees-") as folder:
        began = time.perf_counter()
        path = write_archive(Path(folder), _SITE, _registrations(count))
        written = (time.perf_counter() - began) / count
        with AnchorArchive(path) as archive:
            root = archive.root
            chance = random.Random(count)
            places = [chance.randrange(count) for _ in range(min(_PROVED, 10 * count))]
            began = time.perf_counter()
            proofs = [archive.prove(place) for place in places]
            proved = (time.perf_counter() - began) / len(places)
        began = time.perf_counter()
        right = [proof.root(_SITE, count) == root for proof in proofs]
        checked = (time.perf_counter() - began) / len(places)
        if not all(right):
            raise AssertionError("a proof does not lead to the root")
        longest = max(len(proof.proof) for proof in proofs) * _WORD
        times = (_MICRO * written, _MICRO * proved, _MICRO * checked)
        return (*times, float(longest), path.stat().st_size / count)


def _registrations(count: int) -> Iterator[Register]:
    """Yield registrations as a table's rows come to them, all different."""
    for number in range(count):
        digest = hashlib.sha256(b"%d" % number).digest()
        yield Register(content_root=digest, metadata_hash=digest[::-1], salt=number)
