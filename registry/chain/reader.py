"""Answer questions from the contracts of one deployment: the reading half of a ledger.

Nothing is remembered between questions, and nothing but the node is asked. Where a moment is given,
every part of the answer comes from the state of its block.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from registry.chain.bindings import (
    GrantJudge,
    GrantRegistry,
    PartyRegistry,
    ProductRegistry,
    UsageMeter,
)
from registry.chain.events import EventReader
from registry.chain.layouts import Function
from registry.chain.moments import moment
from registry.chain.questions import Question, ask
from registry.chain.states import (
    annotation_of,
    claim_of,
    grant_of,
    grant_suspension_of,
    holding_of,
    party_of,
    product_of,
    suspension_of,
    use_tuple,
)
from registry.chain.usages import period_of, settled_of
from registry.chain.versions import versions_of
from registry.domain.ancestry import Path
from registry.domain.events import KEY_EVENTS, ProductOpened, ProductRegistered, ProductUpdated
from registry.domain.ids import PartyId, ProductId
from registry.domain.moment import AtBlock
from registry.domain.product import Holding
from registry.domain.usage import Settled
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Right
from registry.errors import (
    ChainMoved,
    ContractMissing,
    ContractRevert,
    NodeRefused,
    VersionsContradicted,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.chain.abi import AbiValue
    from registry.chain.cases import CaseReader
    from registry.chain.keys import KeyBook
    from registry.chain.questions import Answer
    from registry.chain.rpc import Rpc
    from registry.domain.anchor import Anchored
    from registry.domain.annotation import Annotation
    from registry.domain.audit import Witness
    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case, Docket, Objection
    from registry.domain.certificate_check import Entry
    from registry.domain.clauses import Clauses
    from registry.domain.events import Event
    from registry.domain.flow_table import Stage
    from registry.domain.grant import GrantState, GrantSuspension
    from registry.domain.ids import Address, GrantId, Identifier
    from registry.domain.keys import PartyKey, Recovery, Registrar
    from registry.domain.ledger import Deployment
    from registry.domain.lineage import Derivation, Pin
    from registry.domain.moment import At, Moment
    from registry.domain.party import Party, Suspension
    from registry.domain.product import Claim, Product, Version
    from registry.domain.usage import Period
    from registry.domain.verdict import Use

_T = TypeVar("_T")

_PAGE: Final = 100
_QUERIES: Final = 1_000
"""So many uses are judged in one call, which some 600 kB of calldata ask."""
# No list has more items: each costs its writer a transaction's storage.
_MOST: Final = 1_000_000
_ATTEMPTS: Final = 2
_UNKNOWN: Final = ("PartyUnknown", "ProductUnknown", "GrantUnknown", "CaseUnknown")


class ChainReader:
    """Read one deployment through one node.

    :param rpc: the node; its chain id should be expected to be the deployment's.
    :param deployment: the contracts.
    """

    def __init__(self, rpc: Rpc, deployment: Deployment) -> None:
        self._rpc = rpc
        self._deployment = deployment
        self._events = EventReader(rpc, deployment)
        # The latest block that the node has told of: an end up to there needs no other question.
        self._seen = 0

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self._deployment.chain_id

    @property
    def deployment(self) -> Deployment:
        """Return the contracts that are asked."""
        return self._deployment

    def origin(self, subject: Identifier) -> Deployment:
        """Return the deployment that knows a party, product or grant: there is but one."""
        del subject
        return self._deployment

    def witness(self) -> Witness:
        """Return what an audit of this deployment asks the node."""
        # Imported here for start-up time: who asks a question audits nothing.
        from registry.chain.history import History  # noqa: PLC0415

        return History(self._rpc, self._deployment)

    def moment(self, at: At | None = None) -> Moment:
        """Return the moment of a past block or time, of now for None."""
        found = moment(self._rpc, at, since=self._deployment.block)
        self._seen = max(self._seen, found.block)
        return found

    def calendar(self, *, at: Moment | None = None) -> WorkCalendar:
        """Return the calendar of working days, as far as it is loaded."""
        # Imported here for start-up time: most questions reckon no working days.
        from registry.chain.calendars import calendar  # noqa: PLC0415

        return calendar(self._deployment, lambda questions: self._each(questions, at))

    def docket(self, product: ProductId, *, at: Moment | None = None) -> Docket:
        """Return what the registration desk keeps of a product: its code, how many cases."""
        return self._cases(at).docket(product)

    def product_of(self, code: str, *, at: Moment | None = None) -> ProductId | None:
        """Return the product with a code of registration, None for none."""
        if self._deployment.certificates is None:
            return None
        return self._cases(at).product_of(code)

    def cases(self, product: ProductId, *, at: Moment | None = None) -> tuple[Case, ...]:
        """Return all cases of a product as they were last written, the first one first."""
        return self._cases(at).cases(product)

    def pending(self, product: ProductId, index: int, *, at: Moment | None = None) -> bytes:
        """Return what a case would change, 32 bytes, all zero for nothing."""
        return self._cases(at).pending(product, index)

    def stage(
        self, product: ProductId, index: int, *, at: Moment | None = None
    ) -> tuple[Stage, int]:
        """Return where the contract says that a case stands, and since when."""
        return self._cases(at).stage(product, index)

    def objections(self, product: ProductId, *, at: Moment | None = None) -> tuple[Objection, ...]:
        """Return all objections to a product, in the order of their index."""
        return self._cases(at).objections(product)

    def _cases(self, at: Moment | None) -> CaseReader:
        # Imported here for start-up time: most questions are about no case.
        from registry.chain.cases import CaseReader  # noqa: PLC0415

        return CaseReader(
            self._deployment,
            lambda questions: self._each(questions, at),
            lambda questions: self._values(questions, at),
        )

    def certificates(self, product: ProductId) -> tuple[Entry, ...]:
        """Return what is kept of all certificates of a product, the first one first."""
        # Imported here for start-up time: most questions are about no certificate.
        from registry.chain.certificates import certificates  # noqa: PLC0415

        count = self.docket(product).certificates
        return certificates(self._deployment, product, count, lambda asked: self._each(asked, None))

    def party(self, party: PartyId, *, at: Moment | None = None) -> Party | None:
        """Return a party, None for an unknown one."""
        found = self._of_party(PartyRegistry.party_record, int(party), at=at)
        return None if found is None else self._made(partial(party_of, party), found)

    def party_of(self, key: Address, *, at: Moment | None = None) -> PartyId | None:
        """Return the party that a key belongs to, None for none."""
        found = self._of_party(PartyRegistry.party_of, key.raw, at=at)
        return PartyId.of(found[0]) if found is not None and found[0] else None

    def key(self, key: Address, *, at: Moment | None = None) -> PartyKey | None:
        """Return the record of a key, None for nobody's."""
        if at is not None and at.block < self._deployment.block:
            return None
        return next(iter(self._key_book(at).records([key])), None)

    def keys(self, party: PartyId, *, at: Moment | None = None) -> tuple[PartyKey, ...]:
        """Return all keys that a party has had, in the order in which they came."""
        from registry.domain.keys import keys_in  # noqa: PLC0415 (start-up: few ask about keys)

        last = (at or self.moment()).block
        told = self._events.read(KEY_EVENTS, first=0, last=last, named=(party,))
        return self._key_book(at).records(keys_in(told))

    def recovery(self, party: PartyId, *, at: Moment | None = None) -> Recovery | None:
        """Return the recovery that is announced for a party, None for none."""
        return self._key_book(at).recovery(party)

    def registrars(
        self, *, at: Moment | None = None, of: ProductId | None = None
    ) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers, delisted ones included."""
        del of
        if at is not None and at.block < self._deployment.block:
            return ()
        return self._key_book(at).registrars()

    def admission(self, key: Address, *, at: Moment | None = None) -> bytes:
        """Return the identity hash that a registrar admitted a key with, all zero for none."""
        return self._key_book(at).admission(key)

    def _key_book(self, at: Moment | None) -> KeyBook:
        # Imported here for start-up time: few questions are about keys.
        from registry.chain.keys import KeyBook  # noqa: PLC0415

        return KeyBook(self._deployment, lambda questions: self._each(questions, at))

    def suspensions(self, party: PartyId, *, at: Moment | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions that a party has had, in the order of their index."""
        counted = self._of_party(PartyRegistry.suspension_count, int(party), at=at)
        total = 0 if counted is None else self._count(counted[0])
        function = PartyRegistry.suspension
        intervals = self._each(
            [self._parties(function, int(party), index) for index in range(total)], at
        )
        return tuple(
            self._made(partial(suspension_of, party, index), interval)
            for index, (interval,) in enumerate(intervals)
        )

    def product(self, product: ProductId, *, at: Moment | None = None) -> Product | None:
        """Return a product, None for an unknown one."""
        return self.products([product], at=at)[0]

    def products(
        self, products: Sequence[ProductId], *, at: Moment | None = None
    ) -> tuple[Product | None, ...]:
        """Return many products in their order, in as few round trips as the node allows."""
        asked = [self._products(ProductRegistry.product_record, one.raw) for one in products]
        made = [
            None if found is None else self._made(partial(product_of, product), found[0])
            for product, found in zip(products, self._values(asked, at), strict=True)
        ]
        if not any(one is not None and one.may_expire for one in made):
            return tuple(made)
        time = (at or self.moment()).time
        return tuple(one and one.as_of(time) for one in made)

    def rights_of(self, product: ProductId, party: PartyId, *, at: Moment | None = None) -> Right:
        """Return the rights that a party holds in a product."""
        return self.rights_in([product], party, at=at)[0]

    def rights_in(
        self, products: Sequence[ProductId], party: PartyId, *, at: Moment | None = None
    ) -> tuple[Right, ...]:
        """Return the rights of a party in many products, in as few round trips as possible."""
        asked = [self._products(ProductRegistry.rights_of, one.raw, int(party)) for one in products]
        return tuple(Right(found[0] if found else 0) for found in self._values(asked, at))

    def holdings(self, product: ProductId, *, at: Moment | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""
        record, counted, first = self._values(
            [
                self._products(ProductRegistry.product_record, product.raw),
                self._products(ProductRegistry.holding_count, product.raw),
                self._products(ProductRegistry.holdings, product.raw, 0, _PAGE),
            ],
            at,
        )
        if record is None or counted is None or first is None:
            return ()
        if not counted[0]:
            known = self._made(partial(product_of, product), record[0])
            return (Holding(party=known.applicant, rights=known.rights, since=known.since),)
        rest = self._pages(ProductRegistry.holdings, product.raw, counted[0], at)
        return self._all_made(holding_of, (*first[0], *rest))

    def _recorded_holdings(self, product: ProductId, at: Moment | None) -> tuple[Holding, ...]:
        """Return the holdings that were recorded, all of them in pages."""
        ((count,),) = self._each([self._products(ProductRegistry.holding_count, product.raw)], at)
        asked = self._products(ProductRegistry.holdings, product.raw, 0, _PAGE)
        ((first,),) = self._each([asked], at)
        rest = self._pages(ProductRegistry.holdings, product.raw, count, at)
        return self._all_made(holding_of, (*first, *rest))

    def annotations(
        self, product: ProductId, *, at: Moment | None = None
    ) -> tuple[Annotation, ...]:
        """Return all annotations that a product has had, in the order of their index."""
        counted, first = self._values(
            [
                self._products(ProductRegistry.annotation_count, product.raw),
                self._products(ProductRegistry.annotations, product.raw, 0, _PAGE),
            ],
            at,
        )
        if counted is None or first is None:
            return ()
        rest = self._pages(ProductRegistry.annotations, product.raw, counted[0], at)
        return tuple(
            self._made(partial(annotation_of, product, index), interval)
            for index, interval in enumerate((*first[0], *rest))
        )

    def claims(self, content_root: bytes, *, at: Moment | None = None) -> tuple[Claim, ...]:
        """Return all registrations of a content root, the first one first."""
        counted, first = self._values(
            [
                self._products(ProductRegistry.claim_count, content_root),
                self._products(ProductRegistry.claims, content_root, 0, _PAGE),
            ],
            at,
        )
        if counted is None or first is None:
            return ()
        rest = self._pages(ProductRegistry.claims, content_root, counted[0], at)
        return self._all_made(claim_of, (*first[0], *rest))

    def claims_on(
        self, content_roots: Sequence[bytes], *, at: Moment | None = None
    ) -> tuple[tuple[Claim, ...], ...]:
        """Return the registrations of many content roots, in as few round trips as possible."""
        asked = [self._products(ProductRegistry.claims, one, 0, _PAGE) for one in content_roots]
        pages = [found[0] if found else () for found in self._values(asked, at)]
        return tuple(
            self._all_made(claim_of, page) if len(page) < _PAGE else self.claims(root, at=at)
            for root, page in zip(content_roots, pages, strict=True)
        )

    def versions(self, product: ProductId, *, at: Moment | None = None) -> tuple[Version, ...]:
        """Return all versions of a product, checked against the digests in storage.

        :raises VersionsContradicted: where the node's events are not those that the digests attest.
        :raises ChainMoved: where the block of the moment was given up.
        """
        if at is not None:
            return self._versions(product, at)
        for _ in range(_ATTEMPTS):
            try:
                return self._versions(product, self.moment())
            except ChainMoved:
                continue
        return self._versions(product, self.moment())

    def _versions(self, product: ProductId, at: Moment) -> tuple[Version, ...]:
        try:
            return self._told_versions(product, at)
        except VersionsContradicted:
            # Where the chain was reorganised amid the questions, the answers fit nothing.
            self._require_standing(at)
            raise

    def _require_standing(self, at: Moment) -> None:
        """Refuse to answer from a block that the chain has given up."""
        if moment(self._rpc, AtBlock(at.block)).block_hash != at.block_hash:
            raise ChainMoved(block=at.block)

    def _told_versions(self, product: ProductId, at: Moment) -> tuple[Version, ...]:
        known = self.product(product, at=at)
        if known is None:
            return ()
        kinds = (ProductRegistered, ProductOpened, ProductUpdated)
        told = tuple(self._events.read(kinds, first=0, last=at.block, named=(product,)))
        asked = self._products(ProductRegistry.version_digest, product.raw, known.latest)
        (stored,) = self._each([asked], at)
        return versions_of(self._deployment, known, told, stored[0], at.block)

    def grant(self, grant: GrantId, *, at: Moment | None = None) -> GrantState | None:
        """Return the state of a grant, None for an unknown one."""
        found = self._value(self._grants(GrantRegistry.state_of, grant.raw), at)
        return None if found is None else self._made(partial(grant_of, grant), found[0])

    def grants(
        self, grants: Sequence[GrantId], *, at: Moment | None = None
    ) -> tuple[GrantState | None, ...]:
        """Return the states of many grants in their order, in as few round trips as possible."""
        asked = [self._grants(GrantRegistry.state_of, one.raw) for one in grants]
        return tuple(
            None if found is None else self._made(partial(grant_of, grant), found[0])
            for grant, found in zip(grants, self._values(asked, at), strict=True)
        )

    def derivations(
        self, pins: Sequence[Pin], *, at: Moment | None = None
    ) -> tuple[Derivation | None, ...]:
        """Return what versions were made of, checked against the digests in storage.

        :raises DerivationContradicted: where the node's events are not those that were digested.
        """
        # Imported here for start-up time: most questions are about no derivation.
        from registry.chain.lineage import derivations_of, stored_digests  # noqa: PLC0415
        from registry.domain.lineage_events import ProductDerived  # noqa: PLC0415

        lineage, moment = self._deployment.lineage, at or self.moment()
        if lineage is None or moment.block < self._deployment.block:
            return (None,) * len(pins)
        digests = stored_digests(lineage, pins, lambda asked: self._each(asked, moment))
        subjects = [pin.product for pin in digests]
        told = self.events_naming((ProductDerived,), "product", subjects, last=moment.block)
        proved = derivations_of(digests, told, moment.block)
        return tuple(proved.get(pin) for pin in pins)

    def anchor(self, party: PartyId, root: bytes, *, at: Moment | None = None) -> Anchored | None:
        """Return what is kept of a root that a party anchored, None for one that it did not."""
        # Imported here for start-up time: most questions are about no anchor.
        from registry.chain.anchors import anchored_of  # noqa: PLC0415
        from registry.chain.bindings import BatchAnchor  # noqa: PLC0415

        if self._deployment.anchors is None:
            return None
        asked = Question(self._deployment.anchors, BatchAnchor.anchor_of, (int(party), root))
        found = self._value(asked, at)
        return None if found is None else anchored_of(party, root, found)

    def grant_suspensions(
        self, grant: GrantId, *, at: Moment | None = None
    ) -> tuple[GrantSuspension, ...]:
        """Return all suspensions that a grant itself has had, in the order of their index."""
        counted = self._value(self._grants(GrantRegistry.suspension_count, grant.raw), at)
        total = 0 if counted is None else self._count(counted[0])
        function = GrantRegistry.suspension
        asked = [self._grants(function, grant.raw, index) for index in range(total)]
        return tuple(
            self._made(partial(grant_suspension_of, grant, index), interval)
            for index, (interval,) in enumerate(self._each(asked, at))
        )

    def check(self, grant: Clauses | Path, use: Use, *, at: Moment | None = None) -> Verdict:
        """Judge a use under the grant with these clauses, or the sub-grant at the end of a path."""
        return self.check_all([(grant, use)], at=at)[0]

    def check_all(
        self, asked: Sequence[tuple[Clauses | Path, Use]], *, at: Moment | None = None
    ) -> tuple[Verdict, ...]:
        """Judge many uses at one moment, in as few round trips as the node allows."""
        moment = at or self.moment()
        judge = self._deployment.judge
        if judge is not None and len(asked) > 1:
            queries = _queries(asked, moment)
            parts = [
                self._judged(judge, queries[start : start + _QUERIES], moment)
                for start in range(0, len(queries), _QUERIES)
            ]
            if None not in parts:
                return self._all_made(Verdict, [one for part in parts for one in part or ()])
        questions = [self._check(subject, use_tuple(use, moment)) for subject, use in asked]
        found = self._values(questions, moment)
        unknown = (Verdict.GRANT_UNKNOWN,)
        return self._all_made(Verdict, [(values or unknown)[0] for values in found])

    def _judged(
        self, judge: Address, queries: Sequence[AbiValue], moment: Moment
    ) -> list[int] | None:
        """Return the verdicts that one call of the judge gives to all, halved where it is too much.

        None where the judge was not there yet.
        """
        asked = Question(judge, GrantJudge.check_batch, (list(queries),))
        try:
            found = self._value(asked, moment)
        except NodeRefused:
            # Nodes bound the gas of a call, each at its own height.
            if len(queries) == 1:
                raise
            half = len(queries) // 2
            parts = [self._judged(judge, part, moment) for part in (queries[:half], queries[half:])]
            return None if None in parts else [one for part in parts for one in part or ()]
        return None if found is None else list(found[0])

    def settled(self, grant: GrantId, *, at: Moment | None = None) -> Settled:
        """Return what is settled of a grant's receipts, all zero before the first."""
        meter = self._deployment.meter
        if meter is None:
            return Settled()
        asked = Question(meter, UsageMeter.settled_of, (grant.raw,))
        found = self._value(asked, at)
        return Settled() if found is None else self._made(settled_of, found[0])

    def period(self, grant: GrantId, *, at: Moment | None = None) -> Period | None:
        """Return a grant's quota for each period and its use, None for a grant without one."""
        found = self._value(self._grants(GrantRegistry.period_of, grant.raw), at)
        return None if found is None else self._made(period_of, found[0])

    def events(
        self,
        kinds: Sequence[type[Event]] | None = None,
        *,
        first: int | None = None,
        last: int | None = None,
        party: PartyId | None = None,
        product: ProductId | None = None,
        grant: GrantId | None = None,
    ) -> Iterator[Event]:
        """Return events in the order of the chain, from block `first` to block `last`.

        A party, product or grant leaves those that name it in any of their indexed fields.
        """
        named: list[Identifier] = [one for one in (party, product, grant) if one is not None]
        if last is None or last > self._seen:
            head = self.moment().block
            last = head if last is None else min(last, head)
        return self._events.read(kinds, first=first or 0, last=last, named=named)

    def events_naming(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[Identifier],
        *,
        last: int | None = None,
    ) -> Iterator[Event]:
        """Return events whose indexed field is one of these ids, in the order of the chain."""
        end = self.moment().block if last is None else last
        return self._events.read_naming(kinds, field, subjects, last=end)

    # Asking

    def _parties(self, function: Function, *arguments: AbiValue) -> Question:
        return Question(self._deployment.parties, function, arguments)

    def _products(self, function: Function, *arguments: AbiValue) -> Question:
        return Question(self._deployment.products, function, arguments)

    def _grants(self, function: Function, *arguments: AbiValue) -> Question:
        return Question(self._deployment.grants, function, arguments)

    def _check(self, subject: Clauses | Path, use: tuple[int, ...]) -> Question:
        if isinstance(subject, Path) and subject.above:
            packed, above = subject.raw()
            return Question(self._judge(), GrantJudge.check, (above, packed, use))
        clauses = subject.clauses if isinstance(subject, Path) else subject
        return self._grants(GrantRegistry.check, clauses.pack(), use)

    def _judge(self) -> Address:
        """Return the contract that judges sub-grants; a deployment from before them has none."""
        found = self._deployment.judge
        if found is None:
            raise ContractMissing(
                name="GrantJudge", address=str(self._deployment.directory), url=self._rpc.url
            )
        return found

    def _of_party(
        self, function: Function, *arguments: AbiValue, at: Moment | None
    ) -> tuple[AbiValue, ...] | None:
        return self._value(self._parties(function, *arguments), at)

    def _value(self, question: Question, at: Moment | None) -> tuple[AbiValue, ...] | None:
        return self._values([question], at)[0]

    def _values(
        self, questions: Sequence[Question], at: Moment | None
    ) -> list[tuple[AbiValue, ...] | None]:
        """Return what each call returns, None where the subject is unknown; else raise."""
        if at is not None and at.block < self._deployment.block:
            return [None] * len(questions)
        answers = ask(self._rpc, questions, at)
        return [_known(answer) for answer in answers]

    def _each(self, questions: Sequence[Question], at: Moment | None) -> list[tuple[AbiValue, ...]]:
        """Return what each call returns, where each must return something."""
        found = self._values(questions, at)
        if None in found:
            raise self._rpc.malformed("eth_call", "nothing where there must be something")
        return [values for values in found if values is not None]

    def _pages(
        self, function: Function, subject: bytes, count: int, at: Moment | None
    ) -> list[AbiValue]:
        """Return the items after the first page of a list in storage that only grows."""
        pages = self._each(
            [
                self._products(function, subject, first, _PAGE)
                for first in range(_PAGE, self._count(count), _PAGE)
            ],
            at,
        )
        return [item for (page,) in pages for item in page]

    def _count(self, told: int) -> int:
        """Return how many items a list has, as the node tells it, if that can be."""
        if told > _MOST:
            raise self._rpc.malformed("eth_call", f"a list of {told} items")
        return told

    def _made(self, make: Callable[[AbiValue], _T], value: AbiValue) -> _T:
        return self._rpc.shaped("eth_call", value, make)

    def _all_made(
        self, make: Callable[[AbiValue], _T], values: Iterable[AbiValue]
    ) -> tuple[_T, ...]:
        return tuple(self._made(make, value) for value in values)


def _known(answer: Answer) -> tuple[AbiValue, ...] | None:
    if isinstance(answer, ContractRevert):
        if type(answer).__name__ in _UNKNOWN:
            return None
        raise answer
    return answer


def _queries(
    asked: Sequence[tuple[Clauses | Path, Use]], moment: Moment
) -> list[tuple[AbiValue, ...]]:
    """Return the ``Query`` structs of questions to the judge, each grant packed once."""
    packed: dict[int, tuple[bytes, list[bytes]]] = {}
    for subject, _ in asked:
        if id(subject) not in packed:
            path = subject if isinstance(subject, Path) else Path(clauses=subject)
            packed[id(subject)] = path.raw()
    queries = []
    for subject, use in asked:
        clauses, above = packed[id(subject)]
        queries.append((above, clauses, use_tuple(use, moment)))
    return queries
