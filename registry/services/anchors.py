"""Anchor many registrations under one root, prove each of them, and promote leaves to products."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Final

from registry.domain.anchor_archive import AnchorArchive
from registry.domain.anchor_layout import SUFFIX
from registry.domain.anchor_leaves import Site
from registry.domain.anchor_operations import Anchor, Promote
from registry.domain.anchor_proof import AnchorProof
from registry.domain.anchor_writing import write_archive
from registry.errors import (
    AnchorArchiveDamaged,
    AnchorElsewhere,
    AnchorNotKept,
    AnchorProofRefused,
    ArchiveNeeded,
    ContractMissing,
    FileUnreadable,
    LeafAmbiguous,
    LeafUnknown,
)
from registry.records import dataclass
from registry.services import leftovers
from registry.services.promotable import require_promotable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.domain.anchor import Anchored
    from registry.domain.ids import PartyId, ProductId
    from registry.domain.ledger import Progress, Receipt
    from registry.domain.moment import At, Moment
    from registry.domain.operations import Register
    from registry.domain.product import Product
    from registry.services.actor import Actor

FOLDER: Final = "anchors"
"""The folder of archives in a home."""

_NO_DIGEST: Final = bytes(32)
_NAMED: Final = 100
_BLOCK: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """Hold what anchoring came to.

    `anchored` is what the ledger keeps of the root; `receipt` is None where one's party had
    anchored it before. `archive` is the file that proves the leaves.
    """

    anchored: Anchored
    archive: Path
    receipt: Receipt | None

    @property
    def already(self) -> bool:
        """Tell whether the root was anchored before, so that nothing was sent."""
        return self.receipt is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Hold an archive that is kept here, and what the ledger keeps of its root.

    `anchored` is None where the root is not anchored, or the archive is of another ledger.
    """

    path: Path
    site: Site
    root: bytes
    leaves: int
    anchored: Anchored | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Hold what the chain says of one leaf: whose anchor it stands under, and since when.

    `product` is the record that it was promoted to, None where it was not: it then is no
    registration.
    """

    proof: AnchorProof
    anchored: Anchored
    product: Product | None
    moment: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Hold what became of one leaf; `receipt` is None where it was a product already."""

    index: int
    product: ProductId
    receipt: Receipt | None


class Anchors:
    """Serve the tasks about anchors."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`."""
        self._actor = actor

    # ---- anchoring ---------------------------------------------------------------------------

    def anchor(
        self,
        registrations: Iterable[Register],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Anchoring:
        """Anchor registrations under one root, and keep the archive that proves them.

        The archive is on the disk before the root is sent, so that no root is anchored that cannot
        be proved. A root that one's party anchored before is recognised, its archive written anew.
        `progress` is told how many leaves are written. Raises `AnchorTooLarge`, `LeafTwice`, and
        the contract's error for a registration that could never be promoted.
        """
        self._require_contract()
        site, folder = self.site(), self._folder()
        if folder.is_dir():
            leftovers.clear(folder)
        archive = write_archive(
            folder,
            site,
            registrations,
            check=lambda item: require_promotable(item, site),
            progress=progress,
        )
        with AnchorArchive(archive) as kept:
            root, leaves = kept.root, kept.size
        before = self._actor.ledger.anchor(site.party, root)
        if before is not None:
            return Anchoring(anchored=before, archive=archive, receipt=None)
        receipt = self._actor.submit(Anchor(root=root, leaves=leaves))
        return Anchoring(anchored=self.anchored(site.party, root), archive=archive, receipt=receipt)

    def site(self) -> Site:
        """Return where one's own leaves would stand."""
        ledger = self._actor.ledger
        return Site(
            chain_id=ledger.chain_id,
            registry=ledger.deployment.products,
            party=self._actor.party(),
        )

    # ---- archives ----------------------------------------------------------------------------

    def list(self) -> Iterator[Kept]:
        """Yield the archives that are kept here and can be read, in the order of their roots."""
        for path in self._paths():
            try:
                with AnchorArchive(path) as archive:
                    found = self.kept(archive)
            except _NO_ARCHIVE:
                continue
            yield found

    def damaged(self) -> Iterator[Path]:
        """Yield the files among the archives that are none."""
        for path in self._paths():
            try:
                AnchorArchive(path).close()
            except _NO_ARCHIVE:
                yield path

    def kept(self, archive: AnchorArchive) -> Kept:
        """Return an archive with what the ledger keeps of its root."""
        site = archive.site
        here = self._elsewhere(site) is None
        return Kept(
            path=archive.path,
            site=site,
            root=archive.root,
            leaves=archive.size,
            anchored=self._actor.ledger.anchor(site.party, archive.root) if here else None,
        )

    def open(self, reference: bytes | Path) -> AnchorArchive:
        """Open the archive of a root (32 bytes) that is kept here, or one in a file.

        Raises `AnchorNotKept`, `AnchorArchiveDamaged`, `FileUnreadable`.
        """
        if not isinstance(reference, bytes):
            return AnchorArchive(reference)
        path = self._folder() / (reference.hex() + SUFFIX)
        if not path.is_file():
            raise AnchorNotKept(root="0x" + reference.hex())
        return AnchorArchive(path)

    def find(self, content_root: bytes, *, at: Moment | None = None) -> Iterator[Standing]:
        """Yield the anchored leaves of a content (32 bytes) in the archives that are kept here.

        Only those that the ledger asked knows, as of `at`. An archive that cannot be read, or no
        longer leads to its root, shows nothing.
        """
        archive = self._actor.archive
        if archive is None or not (archive.home / FOLDER).is_dir():
            return
        moment = at or self._actor.ledger.moment(None)
        for path in self._paths():
            try:
                with AnchorArchive(path) as known:
                    if self._elsewhere(known.site) is None:
                        proofs = [self.prove(known, index) for index in known.find(content_root)]
                        yield from self._standings(proofs, moment)
            except (*_NO_ARCHIVE, AnchorProofRefused):
                continue

    # ---- proofs ------------------------------------------------------------------------------

    def index(
        self,
        archive: AnchorArchive,
        *,
        product: ProductId | None = None,
        content_root: bytes | None = None,
    ) -> int:
        """Return which leaf of an archive a product or a content is.

        Raises `LeafUnknown`, and `LeafAmbiguous` where several leaves have the content.
        """
        if product is not None:
            return archive.find_product(product)
        wanted = content_root or _NO_DIGEST
        found = sorted(archive.find(wanted))
        if not found:
            raise LeafUnknown(file=str(archive.path), wanted="0x" + wanted.hex())
        if len(found) > 1:
            raise LeafAmbiguous(
                file=str(archive.path),
                content_root="0x" + wanted.hex(),
                indexes=[str(one) for one in found[:_NAMED]],
            )
        return found[0]

    def prove(self, archive: AnchorArchive, index: int) -> AnchorProof:
        """Return the proof of one leaf; raises `LeafUnknown`, `AnchorArchiveDamaged`."""
        proof = AnchorProof(
            site=archive.site,
            leaves=archive.size,
            root=archive.root,
            proven=archive.prove(index),
        )
        proof.require_meaning()
        return proof

    def check(self, proof: AnchorProof, *, at: At | None = None) -> Standing:
        """Return what the chain says of a leaf that a proof leads to, without the archive.

        Raises `AnchorElsewhere`, the `AnchorUnknown` of the contract where its party anchored no
        such root, and `AnchorProofRefused` where the anchor is of another number of leaves.
        """
        self._require_here(proof.site)
        return self._standing(proof, self._actor.ledger.moment(at))

    def anchored(self, party: PartyId, root: bytes, *, at: Moment | None = None) -> Anchored:
        """Return what the ledger keeps of a root of a party; raises `AnchorUnknown`."""
        found = self._actor.ledger.anchor(party, root, at=at)
        if found is None:
            from registry.reverts import AnchorUnknown  # noqa: PLC0415 (start-up: seldom raised)

            raise AnchorUnknown(by=party, root=root)
        return found

    # ---- promotion ---------------------------------------------------------------------------

    def promote(self, proof: AnchorProof) -> Promoted:
        """Make a product of one leaf, whose record keeps the time of its anchor.

        What cannot be is refused before anything is sent: the contract's error for a leaf that is
        a product already, for a root that was not anchored, or for a proof that leads elsewhere.
        """
        self._require_own(proof.site)
        self._require_leaves(proof, self.anchored(proof.site.party, proof.root))
        receipt = self._actor.submit(_promotion(proof))
        return Promoted(index=proof.proven.index, product=proof.product, receipt=receipt)

    def promote_all(
        self,
        archive: AnchorArchive,
        indexes: Iterable[int] | None = None,
        *,
        progress: Progress | None = None,
    ) -> Iterator[Promoted]:
        """Make products of many leaves, all of them unless some are named; yield each in order.

        Those that are products already are recognised, so that a run that was interrupted goes on
        where it was. `progress` is told how many are done. Raises as `promote` does.
        """
        self._require_own(archive.site)
        kept = self.anchored(archive.site.party, archive.root)
        if kept.leaves != archive.size:
            raise AnchorProofRefused(reason="leaves-other")
        places, done = iter(range(archive.size) if indexes is None else indexes), 0
        while block := list(islice(places, _BLOCK)):
            for one in self._promote_some(archive, block):
                done += 1
                if progress is not None:
                    progress(done)
                yield one

    def promoted(self, archive: AnchorArchive) -> int:
        """Return how many leaves of an anchor are products, as far as the node's events are."""
        from registry.domain.anchor_events import LeafPromoted  # noqa: PLC0415 (start-up time)

        events = self._actor.ledger.events([LeafPromoted], party=archive.site.party)
        return sum(
            1 for one in events if isinstance(one, LeafPromoted) and one.root == archive.root
        )

    # ---- within ------------------------------------------------------------------------------

    def _promote_some(self, archive: AnchorArchive, block: Sequence[int]) -> Iterator[Promoted]:
        """Promote those of some leaves that are no products yet, with many in flight."""
        ledger, site = self._actor.ledger, archive.site
        products = [site.product(archive.leaf(index)) for index in block]
        known = ledger.products(products)
        asked = zip(block, known, strict=True)
        wanted = (self.prove(archive, index) for index, found in asked if found is None)
        receipts = ledger.submit_all(map(_promotion, wanted), account=self._actor.key())
        for index, product, found in zip(block, products, known, strict=True):
            receipt = next(receipts) if found is None else None
            yield Promoted(index=index, product=product, receipt=receipt)
        # Run to its end, so that it is told of the last receipt.
        deque(receipts, maxlen=0)

    def _standing(self, proof: AnchorProof, moment: Moment) -> Standing:
        anchored = self.anchored(proof.site.party, proof.root, at=moment)
        self._require_leaves(proof, anchored)
        product = self._actor.ledger.product(proof.product, at=moment)
        return Standing(proof=proof, anchored=anchored, product=product, moment=moment)

    def _standings(self, proofs: Sequence[AnchorProof], moment: Moment) -> Iterator[Standing]:
        """Yield what the chain says of leaves of one root, nothing where it is not anchored."""
        if proofs and self._actor.ledger.anchor(proofs[0].site.party, proofs[0].root, at=moment):
            yield from (self._standing(proof, moment) for proof in proofs)

    def _require_leaves(self, proof: AnchorProof, anchored: Anchored) -> None:
        if proof.leaves != anchored.leaves:
            raise AnchorProofRefused(reason="leaves-other")

    def _elsewhere(self, site: Site) -> AnchorElsewhere | None:
        """Return what is wrong with a site that the ledger asked is not."""
        ledger = self._actor.ledger
        for what, given, expected in (
            ("chain", site.chain_id, ledger.chain_id),
            ("registry", site.registry, ledger.deployment.products),
        ):
            if given != expected:
                return AnchorElsewhere(what=what, given=str(given), expected=str(expected))
        return None

    def _require_here(self, site: Site) -> None:
        self._require_contract()
        error = self._elsewhere(site)
        if error is not None:
            raise error

    def _require_own(self, site: Site) -> None:
        """Refuse to promote what another party anchored: only it can."""
        self._require_here(site)
        own = self._actor.party()
        if site.party != own:
            raise AnchorElsewhere(what="party", given=str(site.party), expected=str(own))

    def _require_contract(self) -> None:
        deployment = self._actor.ledger.deployment
        if deployment.anchors is None:
            raise ContractMissing(name="anchors", address=str(deployment.directory), url="")

    def _folder(self) -> Path:
        archive = self._actor.archive
        if archive is None:
            raise ArchiveNeeded(kind="anchors")
        return archive.home / FOLDER

    def _paths(self) -> Sequence[Path]:
        return sorted(self._folder().glob("*" + SUFFIX))


_NO_ARCHIVE: Final = (AnchorArchiveDamaged, FileUnreadable)


def _promotion(proof: AnchorProof) -> Promote:
    proven = proof.proven
    return Promote(
        root=proof.root,
        index=proven.index,
        registration=proven.leaf.registration,
        proof=proven.proof,
    )
