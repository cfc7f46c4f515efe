"""Find where content comes from, and say whether its registration stands."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from enum import IntEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry.domain.comparison import compare
from registry.domain.content import kind_of, name_of
from registry.domain.fingerprint import fingerprint
from registry.domain.lineage import Pin
from registry.domain.manifest import open_manifest
from registry.domain.walk import FolderWalk
from registry.records import dataclass
from registry.services import secrecy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from registry.domain.comparison import Comparison
    from registry.domain.ids import GrantId, ProductId
    from registry.domain.ledger import Receipt
    from registry.domain.lineage_check import Break
    from registry.domain.lineage_graph import Direction, Graph, Node
    from registry.domain.manifest import Entry, Kind
    from registry.domain.moment import At, Moment
    from registry.domain.product import Claim, Product, Version
    from registry.domain.progress import OnProgress
    from registry.domain.slices import SliceProof
    from registry.services.actor import Actor
    from registry.services.anchors import Standing
    from registry.services.deriving import Made
    from registry.services.grants import Grant
    from registry.services.lineages import Tracer

_SAMPLE: Final = 1000


class Outcome(IntEnum):
    """Say what content turned out to be; the numbers are the exit codes of `dengji verify`."""

    IN_FORCE = 0
    NOT_IN_FORCE = 1
    CONTRADICTS = 5
    OLDER_VERSION = 6
    UNKNOWN = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Hold one registration of the content, and what it makes of it.

    `private` says that the ledger holds its root under a salt that is known here.
    """

    product: Product
    version: int
    first_at: int
    outcome: Outcome
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Hold what verifying came to.

    `content_root` is of the content as it is (32 bytes); `matches` are the registrations of this
    very content, the first one first. `comparison` names the files that differ from `manifest`,
    where one was given, or was kept and the content is not what it should be. `forgotten` says that
    by its holder's own claim what tied the product asked for to its content was erased, so that no
    content can be shown to be it, or not to be.
    `anchored` are the leaves of anchors, whose archives are kept here, that have this content: told
    of content that no product has, they show that it existed, and are no registrations.
    `lineage` is what the content was made of, None for data of nothing registered; `breaks` are the
    uses of sources that did not hold when they were made.
    """

    outcome: Outcome
    content_root: bytes
    moment: Moment
    matches: tuple[Match, ...] = ()
    comparison: Comparison | None = None
    manifest: Path | None = None
    forgotten: bool = False
    anchored: tuple[Standing, ...] = ()
    lineage: Graph | None = None
    breaks: tuple[Break, ...] = ()

    @property
    def flagged(self) -> bool:
        """Tell whether something that the content rests on is flagged, mere news left aside."""
        return self.lineage is not None and any(
            not flag.condition.is_notice for flag in self.lineage.flags
        )

    def __bool__(self) -> bool:
        return self.outcome is Outcome.IN_FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Hold a version that rests on a grant: `grant` where it was made under it itself."""

    node: Node
    grant: GrantId | None


class Provenance:
    """Serve the tasks about where content comes from."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    def verify(
        self,
        path: Path | str,
        *,
        code: ProductId | None = None,
        manifest: Path | str | None = None,
        salt: bytes | None = None,
        at: At | None = None,
        progress: OnProgress | None = None,
    ) -> Verification:
        """Verify a file or folder, reading every byte of it.

        1. Hash the content, comparing it with the manifest where one is given. 2. Look its root up
        on the chain, as of `at`, also under the salts of private registrations that are kept, and
        under `salt` where one is given. 3. Judge each registration; with `code`, only that of the
        product counts. 4. Where the content is not what it should be, compare it with the nearest
        manifest that is kept. 5. Walk what the registered version was made of to its roots, and
        judge each use of a source as of its own block; of unknown content say where it is anchored,
        as far as archives are kept. Raises `DerivationContradicted`.
        """
        content, named = Path(path), None if manifest is None else Path(manifest)
        ledger = self._actor.ledger
        moment = ledger.moment(at)
        # 1.
        comparison = None if named is None else compare(content, named, progress=progress)
        root = comparison.content_root if comparison else _root(content, progress)
        # 2.
        claims = ledger.claims(root, at=moment)
        private = [
            claim
            for salted in secrecy.salted_roots(self._actor, root, salt)
            for claim in ledger.claims(salted, at=moment)
        ]
        # 3.
        found = self._matches(claims, moment)
        salty = (replace(one, private=True) for one in self._matches(private, moment))
        matches = (*found, *salty)
        outcome = self._outcome(matches, code, moment)
        forgotten = outcome is Outcome.CONTRADICTS and self._is_forgotten(code, moment)
        outcome = Outcome.UNKNOWN if forgotten else outcome
        # 4.
        if (
            comparison is None
            and not forgotten
            and outcome in (Outcome.UNKNOWN, Outcome.CONTRADICTS)
        ):
            named = self._kept(content, code)
            comparison = None if named is None else compare(content, named, progress=progress)
        # 5.
        lineage, breaks = self._walked(matches, code, outcome, moment)
        anchored = self._anchored(root, moment) if outcome is Outcome.UNKNOWN else ()
        return Verification(
            outcome=Outcome.CONTRADICTS if breaks else outcome,
            content_root=root,
            moment=moment,
            matches=matches,
            comparison=comparison,
            manifest=named,
            forgotten=forgotten,
            anchored=anchored,
            lineage=lineage,
            breaks=breaks,
        )

    def verify_slice(
        self,
        part: Path | str,
        proof: SliceProof,
        code: ProductId,
        *,
        salt: bytes | None = None,
        at: At | None = None,
    ) -> Verification:
        """Verify that some bytes are a slice of what a product registered, without the rest.

        The latest version is tried first, of a private one under the salts that `verify` tries; of
        none of them the outcome is CONTRADICTS, or UNKNOWN where what tied the product to its
        content was erased. Raises `ProductUnknown`.
        """
        from registry.domain.slices import slice_root  # noqa: PLC0415 (start-up time)
        from registry.errors import SliceProofInvalid  # noqa: PLC0415 (start-up time)
        from registry.reverts import ProductUnknown  # noqa: PLC0415 (start-up time)

        ledger = self._actor.ledger
        moment = ledger.moment(at)
        known = ledger.product(code, at=moment)
        if known is None:
            raise ProductUnknown(product=code)
        versions = ledger.versions(code, at=moment)
        shown: bytes | None = None
        salted: tuple[bytes, ...] = ()
        with suppress(SliceProofInvalid), Path(part).open("rb") as data:
            shown = slice_root(data, proof)
            salted = secrecy.salted_roots(self._actor, shown, salt)
        for version in reversed(versions):
            if version.content_root not in (shown, *salted):
                continue
            match = Match(
                product=known,
                version=version.number,
                first_at=_first_at(known, version),
                outcome=_judged(known, version.number),
                private=version.content_root in salted,
            )
            lineage, breaks = self._walked((match,), code, match.outcome, moment)
            return Verification(
                outcome=Outcome.CONTRADICTS if breaks else match.outcome,
                content_root=shown or version.content_root,
                moment=moment,
                matches=(match,),
                lineage=lineage,
                breaks=breaks,
            )
        forgotten = self._is_forgotten(code, moment)
        return Verification(
            outcome=Outcome.UNKNOWN if forgotten else Outcome.CONTRADICTS,
            content_root=versions[-1].content_root if versions else b"",
            moment=moment,
            forgotten=forgotten,
        )

    def trace(
        self,
        product: ProductId,
        *,
        version: int | None = None,
        direction: Direction | str = "up",
        at: At | None = None,
        depth: int | None = None,
    ) -> Graph:
        """Return what a product was made of, or downwards what was made of it.

        Upwards it is the latest version's unless one is named; downwards that of every version that
        anything was made of. `depth` bounds the steps. Downwards it is complete as far as the
        node's events are. Raises `ProductUnknown`, `VersionUnknown`, `DerivationContradicted`.
        """
        from registry.domain.lineage_graph import Direction  # noqa: PLC0415 (start-up time)
        from registry.reverts import ProductUnknown, VersionUnknown  # noqa: PLC0415 (start-up)

        ledger, moment = self._actor.ledger, self._actor.ledger.moment(at)
        known = ledger.product(product, at=moment)
        if known is None:
            raise ProductUnknown(product=product)
        if version is not None and not 0 < version <= known.latest:
            raise VersionUnknown(product=product, version=version, latest=known.latest)
        tracer = self._tracer(moment)
        if Direction(direction) is Direction.UP:
            return tracer.up(Pin(product, version or known.latest), depth)
        versions = tracer.versions_used(product) if version is None else (version,)
        return tracer.down([Pin(product, one) for one in versions or (known.latest,)], depth)

    def declare(self, product: ProductId, made: Made) -> Receipt:
        """Declare what a product that one applied for is made of, before that is decided."""
        from registry.services.deriving import Deriving  # noqa: PLC0415 (start-up time)

        return Deriving(self._actor).declare(product, made)

    def resting_on(self, grants: Sequence[Grant]) -> tuple[Resting, ...]:
        """Return what was made under grants, and what was made of that in turn.

        As it stands now, sources first; complete as far as the node's events are.
        """
        moment = self._actor.ledger.moment(None)
        tracer = self._tracer(moment)
        direct = tracer.made_under(
            [one.clauses.product for one in grants], [one.id for one in grants]
        )
        if not direct:
            return ()
        graph = tracer.down(list(direct))
        return tuple(Resting(node=node, grant=direct.get(node.pin)) for node in graph.nodes)

    def _tracer(self, moment: Moment) -> Tracer:
        from registry.services.lineages import Tracer  # noqa: PLC0415 (start-up time)

        return Tracer(self._actor.ledger, moment, self._actor.archive)

    def _walked(
        self, matches: Sequence[Match], code: ProductId | None, outcome: Outcome, moment: Moment
    ) -> tuple[Graph | None, tuple[Break, ...]]:
        """Return what the registration that decided was made of, and what of that did not hold."""
        deciding = [
            one for one in matches if one.outcome is outcome and code in (None, one.product.id)
        ]
        if not deciding or not deciding[0].product.derived:
            return None, ()
        from registry.services.judging import Judge  # noqa: PLC0415 (start-up time)

        tracer = self._tracer(moment)
        lineage = tracer.up(Pin(deciding[0].product.id, deciding[0].version))
        breaks = Judge(self._actor.ledger, moment, tracer, lineage).breaks()
        return lineage, breaks

    def _anchored(self, root: bytes, moment: Moment) -> tuple[Standing, ...]:
        """Return the anchored leaves of a content, the one that was anchored first at first."""
        from registry.services.anchors import Anchors  # noqa: PLC0415 (start-up time)

        found = Anchors(self._actor).find(root, at=moment)
        return tuple(sorted(found, key=lambda one: (one.anchored.since, one.anchored.root)))

    def _is_forgotten(self, code: ProductId | None, moment: Moment) -> bool:
        return code is not None and secrecy.is_forgotten(self._actor, code, moment)

    def _matches(self, claims: Sequence[Claim], moment: Moment) -> Iterator[Match]:
        # A promoted leaf is claimed late and was first all the same.
        claims = sorted(claims, key=lambda claim: claim.first_at)
        products = self._actor.ledger.products([claim.product for claim in claims], at=moment)
        for claim, product in zip(claims, products, strict=True):
            if product is not None:
                yield Match(
                    product=product,
                    version=claim.version,
                    first_at=claim.first_at,
                    outcome=_judged(product, claim.version),
                )

    def _outcome(
        self, matches: tuple[Match, ...], code: ProductId | None, moment: Moment
    ) -> Outcome:
        if code is not None:
            own = tuple(match for match in matches if match.product.id == code)
            if own:
                return _best(own)
            known = self._actor.ledger.product(code, at=moment)
            return Outcome.UNKNOWN if known is None else Outcome.CONTRADICTS
        return _best(matches) if matches else Outcome.UNKNOWN

    def _kept(self, content: Path, code: ProductId | None) -> Path | None:
        """Return the kept manifest that the content should be compared with."""
        archive = self._actor.archive
        if archive is None:
            return None
        if code is not None and self._actor.ledger.product(code) is not None:
            for version in reversed(self._actor.ledger.versions(code)):
                kept, _ = secrecy.beside(self._actor, version.content_root)
                if kept is not None:
                    return kept
            return None
        return _nearest(list(archive.manifests()), content)


def _first_at(product: Product, version: Version) -> int:
    """Return since when a version is claimed: the first one of a promoted leaf since its anchor."""
    return min(product.since, version.time) if version.number == 1 else version.time


# The better an outcome, the earlier it stands.
_ORDER = (Outcome.IN_FORCE, Outcome.OLDER_VERSION, Outcome.NOT_IN_FORCE)


def _best(matches: tuple[Match, ...]) -> Outcome:
    return min((match.outcome for match in matches), key=_ORDER.index)


def _judged(product: Product, version: int) -> Outcome:
    if not product.in_force:
        return Outcome.NOT_IN_FORCE
    return Outcome.IN_FORCE if version == product.latest else Outcome.OLDER_VERSION


def _nearest(kept: list[Path], content: Path) -> Path | None:
    """Return the manifest that names most of the content's paths, None where none names any.

    Of those that name as many it is the one that agrees on most sizes, then the one that names
    fewest others, then the one kept last: versions of one product have many paths in common.
    A single file is looked for by its name; of a folder the first thousand files are enough.
    """
    kind = kind_of(content)
    sizes = _sizes(content) if kind == "folder" else {name_of(content): content.stat().st_size}
    best, most = None, (0, 0, 0, 0)
    for manifest in kept:
        shared = alike = others = 0
        for entry in _entries(manifest, kind):
            size = sizes.get(entry.path)
            shared += size is not None
            alike += size == entry.size
            others += size is None
        standing = (shared, alike, -others, manifest.stat().st_mtime_ns)
        if shared and (best is None or standing > most):
            best, most = manifest, standing
    return best


def _root(content: Path, progress: OnProgress | None) -> bytes:
    return fingerprint(content, progress=progress).content_root


def _sizes(folder: Path) -> dict[str, int]:
    """Return the first files of a folder, and the size of each."""
    sizes = {}
    for path, place in islice(FolderWalk(os.fsencode(folder)), _SAMPLE):
        # One that is gone by now agrees with no manifest.
        with suppress(OSError):
            sizes[path.decode()] = (folder / os.fsdecode(place)).stat().st_size
    return sizes


def _entries(manifest: Path, kind: Kind) -> Iterator[Entry]:
    with open_manifest(manifest) as reader:
        if reader.header.kind == kind:
            yield from reader
