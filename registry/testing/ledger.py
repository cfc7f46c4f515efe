"""Carry out operations and answer questions in memory, as the contracts do on a chain."""

from __future__ import annotations

from bisect import bisect_right
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from registry.domain import agreement_operations as agreements
from registry.domain import (
    anchor_operations,
    case_operations,
    flow,
    key_operations,
    lineage_operations,
    operations,
)
from registry.domain.case_events import CertificateIssued
from registry.domain.certificate import DIGEST_BYTES
from registry.domain.certificate_check import Entry
from registry.domain.events import KEY_EVENTS
from registry.domain.ids import Address
from registry.domain.keccak import keccak
from registry.domain.keys import keys_in
from registry.domain.ledger import Deployment, Receipt
from registry.domain.moment import AtBlock, Moment
from registry.domain.party import Enrolment
from registry.domain.terms import SigningDomain
from registry.domain.usage_operations import RecordUsage, SettleReceipts
from registry.domain.verdict import Verdict
from registry.errors import BlockUnknown, OperationNotCovered, TimeBeforeChain, TimeInFuture
from registry.testing.agreements import AgreementBook
from registry.testing.anchors import AnchorBook
from registry.testing.annotations import AnnotationBook
from registry.testing.arguments import require_fit
from registry.testing.calendar import CalendarBook
from registry.testing.cases import CaseBook
from registry.testing.events import selected
from registry.testing.history import History
from registry.testing.keys import KeyMatters
from registry.testing.lineage import LineageBook
from registry.testing.parties import PartyBook
from registry.testing.products import ProductBook
from registry.testing.registrars import RegistrarBook
from registry.testing.seal import MemorySeal
from registry.testing.usages import UsageBook
from registry.testing.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.domain.ancestry import Path
    from registry.domain.anchor import Anchored
    from registry.domain.annotation import Annotation
    from registry.domain.audit import Witness
    from registry.domain.calendar import WorkCalendar
    from registry.domain.case import Case, Docket, Objection
    from registry.domain.clauses import Clauses
    from registry.domain.events import Event
    from registry.domain.flow_table import Stage
    from registry.domain.grant import GrantState, GrantSuspension
    from registry.domain.ids import GrantId, Identifier, PartyId, ProductId
    from registry.domain.keys import PartyKey, Recovery, Registrar
    from registry.domain.ledger import Progress
    from registry.domain.lineage import Derivation, Pin
    from registry.domain.moment import At
    from registry.domain.operations import Operation
    from registry.domain.party import Party, Suspension
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.restricted import Clearance
    from registry.domain.seal import Seal
    from registry.domain.usage import Period, Settled
    from registry.domain.verdict import Use
    from registry.domain.vocabulary import Right

START: Final = 1_767_225_600
"""The time at which a ledger begins unless told otherwise: 2026-01-01 in UTC."""

CHAIN_ID: Final = 31_337

_URL: Final = "memory"


def account(number: int) -> Address:
    """Return the `number`-th made-up account; nobody has its key.

    >>> account(1) == account(1), account(1) == account(2)
    (True, False)
    """
    return Address(keccak(b"registry.testing account %d" % number)[-Address.length :])


def _deployment() -> Deployment:
    return Deployment(
        chain_id=CHAIN_ID,
        directory=account(-1),
        parties=account(-2),
        products=account(-3),
        grants=account(-4),
        desk=account(-5),
        certificates=account(-6),
        meter=account(-7),
        lineage=account(-8),
        anchors=account(-9),
        interface_version=2,
        block=0,
    )


class _Block(NamedTuple):
    number: int
    time: int


class MemoryLedger:
    """A ledger in memory: rules, ids, errors, events and times are those of the contracts.

    Every write is a block of its own, at `now`; the clock moves by `advance` alone. Any account may
    write, since nothing is signed, and nothing costs gas. The founder is enrolled from the start as
    registrar and regulator. The contracts' own making leaves no events here.
    """

    def __init__(
        self,
        *,
        founder: Address | None = None,
        founder_identity: bytes = bytes(32),
        enrolment: Enrolment = Enrolment.OPEN,
        deployment: Deployment | None = None,
        block: int | None = None,
        time: int = START,
        seal: Seal | None = None,
    ) -> None:
        """Begin at `time`, in block `block`, with made-up contracts unless some are given.

        `seal` tells whose a signature is, a `MemorySeal` unless given.
        """
        self._deployment = deployment or _deployment()
        self.founder = founder or account(0)
        chain_id = self.chain_id
        self._history = History()
        self._parties = PartyBook(
            self._history,
            chain_id=chain_id,
            registry=self._deployment.parties,
            enrolment=enrolment,
            clock=lambda: self.now,
        )
        self._products = ProductBook(
            self._history, self._parties, chain_id=chain_id, registry=self._deployment.products
        )
        self._calendar = CalendarBook(self._history, self.founder)
        self._registrars = RegistrarBook(self._history, self._parties, self._calendar.consume)
        self._annotations = AnnotationBook(
            self._history, self._parties, self._products, self._registrars
        )
        domain = SigningDomain(chain_id=chain_id, verifying_contract=self._deployment.grants)
        self._grants = AgreementBook(
            self._history, self._parties, self._products, domain, seal or MemorySeal()
        )
        meter = self._deployment.meter or self._deployment.grants
        self._usages = UsageBook(
            self._history,
            self._parties,
            self._products,
            self._grants,
            (domain, SigningDomain(chain_id=chain_id, verifying_contract=meter)),
            seal or MemorySeal(),
        )
        self._keys = KeyMatters(
            self._history,
            self._parties,
            SigningDomain(chain_id=chain_id, verifying_contract=self._deployment.parties),
            seal or MemorySeal(),
        )
        self._lineage = LineageBook(
            self._history, self._parties, self._products, self._grants, domain
        )
        self._anchors = AnchorBook(
            self._history,
            self._parties,
            self._products,
            chain_id=chain_id,
            registry=self._deployment.products,
        )
        self._cases = CaseBook(
            self._history,
            self._parties,
            self._products,
            self._calendar,
            self._registrars,
            self._lineage,
        )
        self._events: list[Event] = []
        self._clock = time
        height = self._deployment.block if block is None else block
        self._blocks: list[_Block] = []
        self._handlers = self._covered()
        genesis = self._writing(self.founder, height)
        self._history.begin(height)
        party = self._parties.found(genesis, self.founder, founder_identity)
        self._registrars.found(genesis, party)
        self._mine(genesis)

    # The clock

    @property
    def now(self) -> int:
        """Return the time that the next block will have, in seconds since 1970."""
        return max(self._clock, self._blocks[-1].time + 1) if self._blocks else self._clock

    def advance(self, seconds: int) -> int:
        """Move the clock on and return what it then shows; it never goes back."""
        if seconds < 0:
            raise ValueError(f"the clock cannot go back by {-seconds} seconds")
        self._clock = self.now + seconds
        return self._clock

    # Writing

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""
        return self._deployment.chain_id

    @property
    def deployment(self) -> Deployment:
        """Return the contracts that this ledger stands for."""
        return self._deployment

    def submit(self, operation: Operation, *, account: Address) -> Receipt:
        """Carry out one operation in a block of its own, or raise the contracts' error."""
        handler = self._handlers.get(type(operation))
        if handler is None:
            raise OperationNotCovered(
                operation=type(operation).__name__,
                covered=[kind.__name__ for kind in self._handlers],
            )
        require_fit(operation)
        writing = self._writing(account, self._blocks[-1].number + 1)
        self._history.begin(writing.block)
        try:
            handler(writing, operation)
        except BaseException:
            self._history.rollback()
            raise
        self._mine(writing)
        return Receipt(
            operation=operation,
            transaction=writing.transaction,
            block=writing.block,
            time=writing.time,
            gas_used=0,
            events=tuple(writing.events),
        )

    def submit_all(
        self,
        operations: Iterable[Operation],
        *,
        account: Address,
        beside: Sequence[Address] = (),
        progress: Progress | None = None,
    ) -> Iterator[Receipt]:
        """Carry out many operations one after the other; the first that is refused ends it.

        A chain may have taken later ones by then, where only an earlier one made it refuse, or
        where they fell to another key. The keys take turns.
        """
        turns = cycle((account, *beside))
        for done, (operation, key) in enumerate(zip(operations, turns, strict=False), 1):
            yield self.submit(operation, account=key)
            if progress is not None:
                progress(done)

    # Reading

    def origin(self, subject: Identifier) -> Deployment:
        """Return the deployment that this ledger stands for: there is but one."""
        del subject
        return self._deployment

    def witness(self) -> Witness:
        """Refuse: there is no node here, and no storage."""
        raise OperationNotCovered(operation="audit", covered=[])

    def moment(self, at: At | None = None) -> Moment:
        """Return the moment of a past block or time, of now for None."""
        if at is None:
            return self._moment(self._blocks[-1], self.now)
        first, last = self._blocks[0].number, self._blocks[-1].number
        if isinstance(at, AtBlock):
            if not first <= at.number <= last:
                raise BlockUnknown(url=_URL, block=at.number)
            block = self._blocks[at.number - first]
            return self._moment(block, block.time)
        if at.seconds > self.now:
            raise TimeInFuture(given=at.seconds, now=self.now)
        place = bisect_right(self._blocks, at.seconds, key=lambda block: block.time)
        if place == 0:
            raise TimeBeforeChain(given=at.seconds, begins=self._blocks[0].time)
        return self._moment(self._blocks[place - 1], at.seconds)

    def awaits(self, operation: Operation, *, account: Address) -> bool:
        """Tell that no run was ever broken off."""
        del operation, account
        return False

    def clearance(self, operation: Operation, *, account: Address) -> Clearance:
        """Return whether an account may carry out an operation of the administration, and when."""
        return self._calendar.clearance(operation, account, self.now)

    def calendar(self, *, at: Moment | None = None) -> WorkCalendar:
        """Return the calendar of working days, as far as it is loaded."""
        return self._calendar.calendar(_block(at))

    def docket(self, product: ProductId, *, at: Moment | None = None) -> Docket:
        """Return what the registration desk keeps of a product: its code, how many cases."""
        return self._cases.docket(product, _block(at))

    def product_of(self, code: str, *, at: Moment | None = None) -> ProductId | None:
        """Return the product with a code of registration, None for none."""
        return self._cases.product_of(code, _block(at))

    def cases(self, product: ProductId, *, at: Moment | None = None) -> tuple[Case, ...]:
        """Return all cases of a product as they were last written, the first one first."""
        return self._cases.cases(product, _block(at))

    def pending(self, product: ProductId, index: int, *, at: Moment | None = None) -> bytes:
        """Return what a case would change, 32 bytes, all zero for nothing."""
        return self._cases.pending(product, index, _block(at))

    def stage(
        self, product: ProductId, index: int, *, at: Moment | None = None
    ) -> tuple[Stage, int]:
        """Return where a case stands, and since when."""
        time = self.now if at is None else at.time
        found = self.cases(product, at=at)[index]
        now = flow.standing(found, self.calendar(at=at), time)
        return now.stage, now.since

    def objections(self, product: ProductId, *, at: Moment | None = None) -> tuple[Objection, ...]:
        """Return all objections to a product, in the order of their index."""
        return self._cases.objections(product, _block(at))

    def party(self, party: PartyId, *, at: Moment | None = None) -> Party | None:
        """Return a party, None for an unknown one."""
        return self._parties.party(party, _block(at))

    def party_of(self, key: Address, *, at: Moment | None = None) -> PartyId | None:
        """Return the party that a key belongs to, None for none."""
        return self._parties.party_of(key, _block(at))

    def key(self, key: Address, *, at: Moment | None = None) -> PartyKey | None:
        """Return the record of a key, None for nobody's."""
        return self._parties.key(key, _block(at))

    def keys(self, party: PartyId, *, at: Moment | None = None) -> tuple[PartyKey, ...]:
        """Return all keys that a party has had, in the order in which they came."""
        told = self.events(KEY_EVENTS, last=_block(at), party=party)
        found = (self.key(key, at=at) for key in keys_in(told))
        return tuple(one for one in found if one is not None)

    def recovery(self, party: PartyId, *, at: Moment | None = None) -> Recovery | None:
        """Return the recovery that is announced for a party, None for none; it may have lapsed."""
        return self._keys.recovery(party, _block(at))

    def registrars(
        self, *, at: Moment | None = None, of: ProductId | None = None
    ) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers, delisted ones included."""
        del of
        return self._registrars.registrars(_block(at))

    def admission(self, key: Address, *, at: Moment | None = None) -> bytes:
        """Return the identity hash that a registrar admitted a key with, all zero for none."""
        return self._parties.admission(key, _block(at))

    def suspensions(self, party: PartyId, *, at: Moment | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions that a party has had, in the order of their index."""
        return self._parties.suspensions(party, _block(at))

    def product(self, product: ProductId, *, at: Moment | None = None) -> Product | None:
        """Return a product, None for an unknown one."""
        return self._products.product(product, _block(at))

    def products(
        self, products: Sequence[ProductId], *, at: Moment | None = None
    ) -> tuple[Product | None, ...]:
        """Return many products in their order."""
        return tuple(self.product(product, at=at) for product in products)

    def rights_of(self, product: ProductId, party: PartyId, *, at: Moment | None = None) -> Right:
        """Return the rights that a party holds in a product."""
        return self._products.rights_of(product, party, _block(at))

    def rights_in(
        self, products: Sequence[ProductId], party: PartyId, *, at: Moment | None = None
    ) -> tuple[Right, ...]:
        """Return the rights of a party in many products."""
        return tuple(self.rights_of(product, party, at=at) for product in products)

    def holdings(self, product: ProductId, *, at: Moment | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""
        return self._products.holdings(product, _block(at))

    def annotations(
        self, product: ProductId, *, at: Moment | None = None
    ) -> tuple[Annotation, ...]:
        """Return all annotations that a product has had, in the order of their index."""
        return self._annotations.annotations(product, _block(at))

    def claims(self, content_root: bytes, *, at: Moment | None = None) -> tuple[Claim, ...]:
        """Return all registrations of a content root, in the order in which they were made."""
        return self._products.claims(content_root, _block(at))

    def claims_on(
        self, content_roots: Sequence[bytes], *, at: Moment | None = None
    ) -> tuple[tuple[Claim, ...], ...]:
        """Return the registrations of many content roots."""
        return tuple(self.claims(one, at=at) for one in content_roots)

    def versions(self, product: ProductId, *, at: Moment | None = None) -> tuple[Version, ...]:
        """Return all versions of a product."""
        return self._products.versions(product, _block(at))

    def anchor(self, party: PartyId, root: bytes, *, at: Moment | None = None) -> Anchored | None:
        """Return what is kept of a root that a party anchored, None for one that it did not."""
        return self._anchors.anchored(party, root, _block(at))

    def grant(self, grant: GrantId, *, at: Moment | None = None) -> GrantState | None:
        """Return the state of a grant, None for an unknown one."""
        return self._grants.grant(grant, _block(at))

    def grants(
        self, grants: Sequence[GrantId], *, at: Moment | None = None
    ) -> tuple[GrantState | None, ...]:
        """Return the states of many grants in their order."""
        return tuple(self.grant(grant, at=at) for grant in grants)

    def derivations(
        self, pins: Sequence[Pin], *, at: Moment | None = None
    ) -> tuple[Derivation | None, ...]:
        """Return what versions were made of, None for each of which nothing was declared."""
        return tuple(self._lineage.derivation(*pin, _block(at)) for pin in pins)

    def check(self, grant: Clauses | Path, use: Use, *, at: Moment | None = None) -> Verdict:
        """Judge a use under the grant with these clauses, or the sub-grant at the end of a path."""
        return self.check_all([(grant, use)], at=at)[0]

    def grant_suspensions(
        self, grant: GrantId, *, at: Moment | None = None
    ) -> tuple[GrantSuspension, ...]:
        """Return all suspensions that a grant itself has had, in the order of their index."""
        return self._grants.suspensions(grant, _block(at))

    def check_all(
        self, asked: Sequence[tuple[Clauses | Path, Use]], *, at: Moment | None = None
    ) -> tuple[Verdict, ...]:
        """Judge many uses at one moment."""
        moment = at or self.moment()
        place = moment.block - self._blocks[0].number
        if place < 0:
            return (Verdict.GRANT_UNKNOWN,) * len(asked)
        block = self._blocks[place]
        return tuple(
            self._grants.check(subject, use, moment=moment, block_time=block.time)
            for subject, use in asked
        )

    def settled(self, grant: GrantId, *, at: Moment | None = None) -> Settled:
        """Return what is settled of a grant's receipts, all zero before the first."""
        return self._usages.settled(grant, _block(at))

    def period(self, grant: GrantId, *, at: Moment | None = None) -> Period | None:
        """Return a grant's quota for each period and its use, None for a grant without one."""
        return self._grants.period(grant, _block(at))

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
        """Return events in the order of the chain, from block `first` to block `last`."""
        blocks = (first, last)
        ids = (party, product, grant)
        return selected(self._events, kinds, blocks=blocks, ids=ids)

    def events_naming(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[Identifier],
        *,
        last: int | None = None,
    ) -> Iterator[Event]:
        """Return events whose field is one of these ids, in the order of the chain."""
        wanted = frozenset(subjects)
        found = self.events(kinds, last=last)
        return (event for event in found if getattr(event, field, None) in wanted)

    def certificates(self, product: ProductId) -> tuple[Entry, ...]:
        """Return what is kept of all certificates of a product, the first one first."""
        return tuple(
            Entry(
                number=one.number,
                digest=one.digest[:DIGEST_BYTES],
                issued_at=one.time or 0,
                version=one.version,
            )
            for one in self.events((CertificateIssued,), product=product)
            if isinstance(one, CertificateIssued)
        )

    # Internal

    def _covered(self) -> dict[type, Callable[[Writing, Any], None]]:
        parties, products, grants = self._parties, self._products, self._grants
        cases = self._cases
        return {
            operations.Announce: self._calendar.announce,
            operations.ExtendCalendar: self._calendar.extend,
            operations.CorrectDay: self._calendar.correct,
            key_operations.Rotate: self._keys.rotate,
            key_operations.AppointAgent: self._keys.appoint,
            key_operations.DismissAgent: self._keys.dismiss,
            key_operations.AnnounceRecovery: self._keys.announce,
            key_operations.CancelRecovery: self._keys.cancel,
            key_operations.Recover: self._keys.recover,
            key_operations.SetRoles: self._registrars.set_roles,
            key_operations.AdmitRegistrar: self._registrars.admit,
            case_operations.Apply: cases.apply,
            case_operations.SubmitDraft: cases.submit_draft,
            case_operations.FileCase: cases.file,
            case_operations.Proceed: cases.proceed,
            case_operations.Concur: cases.concur,
            case_operations.EnterCase: cases.enter,
            case_operations.Object: cases.object,
            case_operations.Decide: cases.decide,
            case_operations.Certify: cases.certify,
            case_operations.EndRegistration: cases.end,
            case_operations.ExecuteAward: cases.award,
            operations.Enrol: parties.enrol,
            operations.AdmitKey: parties.admit,
            operations.Suspend: parties.suspend,
            operations.Resume: parties.resume,
            operations.Register: products.register,
            operations.RegisterBatch: products.register_batch,
            operations.Update: products.update,
            operations.Transfer: products.transfer,
            operations.Retire: products.retire,
            operations.Annotate: self._annotations.annotate,
            operations.Release: self._annotations.release,
            operations.Issue: grants.issue,
            operations.IssueBatch: grants.issue_batch,
            operations.Revoke: grants.revoke,
            operations.RevokeBatch: grants.revoke_batch,
            agreements.IssueUnder: grants.issue_under,
            agreements.Agree: grants.agree,
            agreements.AgreeJointly: grants.agree_jointly,
            agreements.VoidOffer: grants.void_offer,
            agreements.SuspendGrant: grants.suspend,
            agreements.ResumeGrant: grants.resume,
            agreements.EndByConsent: grants.end_by_consent,
            lineage_operations.RegisterDerived: self._lineage.register,
            lineage_operations.RegisterDerivedBatch: self._lineage.register_batch,
            lineage_operations.UpdateDerived: self._lineage.update,
            lineage_operations.DeclareDerivation: self._lineage.declare,
            anchor_operations.Anchor: self._anchors.anchor,
            anchor_operations.Promote: self._anchors.promote,
            RecordUsage: self._usages.record,
            SettleReceipts: self._usages.settle,
        }

    def _writing(self, sender: Address, block: int) -> Writing:
        preimage = b"%s %d %d" % (sender.raw, self.chain_id, block)
        return Writing(sender=sender, block=block, time=self.now, transaction=keccak(preimage))

    def _mine(self, writing: Writing) -> None:
        self._blocks.append(_Block(writing.block, writing.time))
        self._events.extend(writing.events)

    def _moment(self, block: _Block, time: int) -> Moment:
        block_hash = keccak(b"%d %d %d" % (self.chain_id, block.number, block.time))
        return Moment(block=block.number, time=time, block_hash=block_hash)


def _block(at: Moment | None) -> int | None:
    return None if at is None else at.block
