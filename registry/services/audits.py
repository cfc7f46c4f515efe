"""Hold what the contracts keep against what they told, word by word, from their making on."""

from __future__ import annotations

from contextlib import closing
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from registry.domain import rlp
from registry.domain.audit import Difference, Finding
from registry.domain.layout import variable
from registry.domain.moment import AtBlock
from registry.domain.replay import constants, replay
from registry.domain.replay_parties import PAUSED
from registry.domain.replayed import Book
from registry.domain.trie_root import EMPTY_ROOT, trie_root
from registry.domain.word_names import differing, word_name
from registry.errors import ChainMoved
from registry.records import dataclass
from registry.replays import Mark, Replays
from registry.services.products import Products
from registry.services.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.domain.audit import Receipts, Stretch, Told, Witness
    from registry.domain.ids import ProductId
    from registry.domain.moment import At, Moment
    from registry.domain.product import Holding
    from registry.replays import Kept
    from registry.services.actor import Actor
    from registry.services.questions import Entitlement

    OnProgress = Callable[["AuditProgress"], None]

MOST: Final = 1_000
"""So many differences are named; the others are counted."""
_ZEROS: Final = 100
_REPLAYED: Final = "replayed"
_PROVED: Final = "proved"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditProgress:
    """Say how far an audit is: in which step (`events`, `words`), how much of how much."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Hold what an audit came to: as of which moment, over how many events and words.

    `differences` are the first of `differences_count`. `resumed` is the block up to which an
    earlier audit had read. `unseen` names what was not looked at: `logs-left-out` where the node's
    word was taken for which logs there are, `unnamed-words` where it was for words at places that
    no event names.
    """

    moment: Moment
    first: int
    events: int
    words: int
    deep: bool
    differences: tuple[Difference, ...]
    differences_count: int
    unseen: tuple[str, ...]
    resumed: int | None = None

    def __bool__(self) -> bool:
        return self.differences_count == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """Hold who could use a product at a moment: its holders, and the grants that held."""

    moment: Moment
    holders: tuple[Holding, ...]
    entitlements: tuple[Entitlement, ...]


class Audits:
    """Serve who trusts nobody about what the contracts hold."""

    def __init__(self, actor: Actor) -> None:
        """Act as `actor`; without an archive nothing is kept for the next audit."""
        self._actor = actor

    def run(
        self,
        *,
        to: At | None = None,
        deep: bool = False,
        anew: bool = False,
        progress: OnProgress | None = None,
    ) -> Audit:
        """Replay all events up to a block, and compare every word that they come to with storage.

        1. Read and replay the events, going on where an earlier audit of this home ended; `deep`
        takes them from the receipts of every block, once these have the root that the header has,
        and names what the node left out or made up. 2. Compare the words. 3. With `deep`, compute
        the root of each contract's storage from the words, so that there is none beside them.
        Raises `ChainMoved` where the chain was reorganised meanwhile, `StateUnavailable`.
        """
        ledger = self._actor.ledger
        witness, moment = ledger.witness(), ledger.moment(to)
        moment = ledger.moment(AtBlock(moment.block))
        with closing(self._shelf(witness, moment, anew=anew)) as shelf:
            run = _Run(witness, shelf, moment, deep=deep, progress=progress or _silent)
            done = run.audit()
            if not done:
                # What a node told falsely once is asked again, of another one as it may be.
                shelf.forget()
            return done

    def who(self, product: ProductId, *, at: At | None = None) -> Usable:
        """Return who could use a product at a past moment: its holders, and all grants that held.

        Complete as far as the events are that the node gives, which a deep audit proves; each
        grant is proved by its id and judged by the chain as of that moment. Raises
        `ProductUnknown`, `StateUnavailable`.
        """
        actor = self._actor
        found = Products(actor).get(product, at=at)
        moment, entitlements = Questions(actor).who(product, at=at, usable=True)
        holders = actor.ledger.holdings(found.id, at=moment)
        standing = tuple(one for one in holders if one.until is None)
        return Usable(moment=moment, holders=standing, entitlements=entitlements)

    def _shelf(self, witness: Witness, moment: Moment, *, anew: bool) -> Replays:
        """Return what an earlier audit kept, or nothing where that is of another chain."""
        archive, deployment = self._actor.archive, witness.deployment
        stamp = f"{deployment.chain_id}:{deployment.directory}"
        if archive is None:
            return Replays(None, stamp)
        name = f"{deployment.chain_id}-{deployment.directory}.sqlite3"
        shelf = Replays(archive.home / "audits" / name, stamp)
        if anew:
            shelf.begin_anew()
        mark = shelf.mark(_REPLAYED)
        if mark is None:
            return shelf
        if mark.block > moment.block:
            # What was read further stays for the next audit.
            shelf.close()
            return Replays(None, stamp)
        if witness.moment(mark.block).block_hash != mark.block_hash:
            shelf.begin_anew()
        return shelf


class _Run:
    """Carry one audit out."""

    def __init__(
        self,
        witness: Witness,
        shelf: Replays,
        moment: Moment,
        *,
        deep: bool,
        progress: OnProgress,
    ) -> None:
        self._witness = witness
        self._shelf = shelf
        self._book = Book(shelf)
        self._moment = moment
        self._deep = deep
        self._progress = progress
        self._first = witness.deployment.block
        self._unseen = [] if deep else ["logs-left-out", "unnamed-words"]
        self._resumed = shelf.mark(_REPLAYED)
        self._events = 0 if self._resumed is None else self._resumed.events

    def audit(self) -> Audit:
        """Read, compare, and say what it came to."""
        if self._resumed is None:
            for one in constants():
                self._book.put(one)
        self._read()
        found = list(self._shelf.findings())
        words = 0
        for batch in self._shelf.words():
            words += len(batch)
            found += self._compared(batch)
            self._progress(AuditProgress(step="words", done=words, total=words))
        if self._deep:
            found += self._roots()
        if self._witness.moment(self._moment.block).block_hash != self._moment.block_hash:
            raise ChainMoved(block=self._moment.block)
        return Audit(
            moment=self._moment,
            first=self._first,
            events=self._events,
            words=words,
            deep=self._deep,
            differences=tuple(found[:MOST]),
            differences_count=len(found),
            unseen=tuple(self._unseen),
            resumed=None if self._resumed is None else self._resumed.block,
        )

    # ---- 1. ----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Replay what was not replayed, and prove what was not proved where that is asked."""
        replayed = self._after(_REPLAYED)
        start = min(replayed, self._after(_PROVED)) if self._deep else replayed
        for stretch in self._witness.history(start, self._moment.block):
            for one in self._proved(stretch) if self._deep else stretch.told:
                if one.block >= replayed:
                    self._replay(one)
            self._mark(stretch.last, replayed)
            total = self._moment.block - self._first + 1
            done = stretch.last - self._first + 1
            self._progress(AuditProgress(step="events", done=done, total=total))

    def _proved(self, stretch: Stretch) -> Iterator[Told]:
        """Yield what was told in a stretch, as the receipts of its blocks have it."""
        mark = self._shelf.mark(_PROVED)
        before = None if mark is None else mark.block_hash
        receipts = self._witness.receipts(stretch.first, stretch.last)
        yield from proved(stretch, receipts, before, self._shelf.find)

    def _after(self, name: str) -> int:
        mark = self._shelf.mark(name)
        return self._first if mark is None else mark.block + 1

    def _mark(self, block: int, replayed: int) -> None:
        digest = self._witness.moment(block).block_hash
        mark = Mark(block=block, block_hash=digest, events=self._events)
        if block >= replayed:
            self._shelf.set_mark(_REPLAYED, mark)
        if self._deep and block >= self._after(_PROVED):
            self._shelf.set_mark(_PROVED, mark)

    def _replay(self, told: Told) -> None:
        self._events += 1
        if told.event is None:
            self._find(Finding.UNKNOWN, told)
        elif not replay(self._book, told.contract, told.event):
            self._find(Finding.UNFIT, told)

    def _find(self, kind: Finding, told: Told) -> None:
        self._shelf.find(difference(kind, told))

    # ---- 2. ----------------------------------------------------------------------------------

    def _compared(self, batch: Sequence[Kept]) -> Iterator[Difference]:
        """Yield where storage does not hold the words that it should."""
        asked = [(one.contract, one.place) for one in batch]
        stored = self._witness.words(asked, self._moment.block)
        for one, found in zip(batch, stored, strict=True):
            if found != one.word:
                known = variable(one.contract, one.name)
                yield Difference(
                    kind=Finding.WORD,
                    contract=one.contract,
                    block=self._moment.block,
                    what=word_name(known, one.keys),
                    place=one.place,
                    expected=one.word.hex(),
                    found=found.hex(),
                    fields=differing(known, one.word, found),
                )

    # ---- 3. ----------------------------------------------------------------------------------

    def _roots(self) -> Iterator[Difference]:
        """Yield the contracts whose storage is not exactly the words that events told of."""
        words = (one for batch in self._shelf.words() for one in batch)
        told = {name: trie_root(_leaves(ones)) for name, ones in groupby(words, _contract)}
        for contract in self._witness.contracts:
            found = self._witness.storage_root(contract, self._moment.block)
            if found is None:
                self._unseen.append("unnamed-words")
                return
            expected = told.get(contract, EMPTY_ROOT)
            if found == expected:
                continue
            if self._keeps_zeros():
                self._unseen.append("unnamed-words")
                return
            yield Difference(
                kind=Finding.STORAGE,
                contract=contract,
                block=self._moment.block,
                expected=expected.hex(),
                found=found.hex(),
            )

    def _keeps_zeros(self) -> bool:
        """Tell whether the node's tries are none of Ethereum's, so that their roots say nothing."""
        zeros = [(PAUSED.contract, PAUSED.place())]
        for batch in self._shelf.words():
            zeros += [(one.contract, one.place) for one in batch if not any(one.word)]
            if len(zeros) > _ZEROS:
                break
        return self._witness.keeps_zeros(zeros[:_ZEROS], self._moment.block)


def proved(
    stretch: Stretch,
    receipts: Iterable[Receipts],
    before: bytes | None,
    find: Callable[[Difference], None],
) -> Iterator[Told]:
    """Yield what was told in a stretch of blocks, as their receipts have it.

    What the receipts of a block do not fit, or the node's own list of logs is not, is handed to
    `find`; of a block whose receipts do not have the root of its header, that list is yielded.
    `before` is the hash of the block before the stretch, where that is known.
    """
    listed = {block: tuple(told) for block, told in groupby(stretch.told, attrgetter("block"))}
    for one in receipts:
        ours = listed.get(one.block, ())
        if one.hash != one.given or before not in (None, one.parent):
            expected = one.hash.hex()
            find(
                Difference(
                    kind=Finding.HEADER,
                    block=one.block,
                    expected=expected,
                    found=one.given.hex(),
                )
            )
        before = one.given
        if not one.root_fits:
            find(Difference(kind=Finding.RECEIPTS, block=one.block))
            yield from ours
            continue
        here = {(told.log_index, told.fingerprint) for told in one.told}
        there = {(told.log_index, told.fingerprint) for told in ours}
        for kind, all_, others in (
            (Finding.LOG_MISSING, one.told, there),
            (Finding.LOG_INVENTED, ours, here),
        ):
            for told in all_:
                if (told.log_index, told.fingerprint) not in others:
                    find(difference(kind, told))
        yield from one.told


def difference(kind: Finding, told: Told) -> Difference:
    """Return a difference about something that a contract told."""
    return Difference(
        kind=kind,
        contract=told.contract,
        block=told.block,
        log_index=told.log_index,
        what="" if told.event is None else type(told.event).__name__,
    )


def _contract(word: Kept) -> str:
    return word.contract


def _leaves(words: Iterable[Kept]) -> Iterator[tuple[bytes, bytes]]:
    """Yield words as a storage trie holds them: those of zero are not in it."""
    for one in words:
        value = one.word.lstrip(b"\0")
        if value:
            yield one.hashed, rlp.encode(value)


def _silent(_progress: AuditProgress) -> None:
    """Tell nobody."""
