"""Write random sequences of operations, valid and not, by several parties, over time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeVar

from registry.domain.clauses import Clauses, Price, Quota, Window
from registry.domain.events import GrantIssued, KeyAdmitted, PartyEnrolled, ProductRegistered
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.operations import (
    AdmitKey,
    Annotate,
    Enrol,
    Issue,
    IssueBatch,
    Operation,
    Register,
    RegisterBatch,
    Release,
    Resume,
    Retire,
    Revoke,
    RevokeBatch,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.product import ParticularFlag
from registry.domain.verdict import Use
from registry.domain.vocabulary import (
    Action,
    AnnotationKind,
    Environment,
    Form,
    Mode,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
    SecurityClass,
    Source,
    Template,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from random import Random

    from registry.domain.events import Event
    from registry.domain.ledger import Ledger, Receipt

T = TypeVar("T")
F = TypeVar("F", Action, Purpose)

DAY: Final = 86_400
ROOTS: Final = tuple(bytes([number]) * 32 for number in range(1, 5))
NO_HASH: Final = bytes(32)
STRANGER: Final = PartyId.of(0xBAD)
NOBODY: Final = PartyId.of(0)
NO_PRODUCT: Final = ProductId.of(0xBAD)
NO_GRANT: Final = GrantId.of(0xBAD)
PLACES: Final = (156_000_000, 156_410_000, 156_410_100, 156_410_102, 702_000_000)
_AT_FIRST: Final = 3
_RARELY: Final = 0.1
_TURN: Final = 0.3
TIMES: Final = (0, 1, 60, DAY // 2, DAY, 3 * DAY, 40 * DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Hold one operation, who submits it, and how far the clock moves first, in seconds."""

    operation: Operation
    account: Address
    jump: int


@dataclass
class Author:
    """Write operations over what has happened so far; `ledger` is asked who holds what.

    `learn` each receipt. Most operations are by someone who may, some by anyone on anything.
    """

    rng: Random
    accounts: Sequence[Address]
    ledger: Ledger
    parties: list[PartyId] = field(default_factory=list)
    products: list[ProductId] = field(default_factory=list)
    granted: list[Clauses] = field(default_factory=list)
    grants: list[GrantId] = field(default_factory=list)
    keys: dict[PartyId, Address] = field(default_factory=dict)
    admitted: dict[Address, bytes] = field(default_factory=dict)

    def learn(self, receipt: Receipt) -> None:
        """Take note of the parties, products and grants that a receipt brings."""
        self.note(receipt.events)

    def note(self, events: Iterable[Event]) -> None:
        """Take note of the parties, products and grants that events bring."""
        for event in events:
            if isinstance(event, PartyEnrolled):
                self.parties.append(event.party)
                self.keys[event.party] = event.key
            elif isinstance(event, KeyAdmitted):
                self.admitted[event.key] = event.identity_hash
            elif isinstance(event, ProductRegistered):
                self.products.append(event.product)
            elif isinstance(event, GrantIssued):
                self.grants.append(event.grant)
                self.granted.append(Clauses.unpack(event.clauses))

    def step(self) -> Step:
        """Write the next step: the first few bring parties and products, the rest anything."""
        if len(self.parties) <= _AT_FIRST:
            return self._newcomer()
        if len(self.products) < _AT_FIRST:
            register, applicant = self._register()
            return Step(operation=register, account=self._account(applicant), jump=1)
        writers = self.writers()
        write = self.rng.choices(list(writers), weights=list(writers.values()))[0]
        operation, by = write()
        jump = self.jump()
        if isinstance(operation, Issue | IssueBatch):
            # Its window is written for now.
            jump = self._mostly(min(jump, 60), self.jump)
        if isinstance(operation, Revoke) and self.rng.random() < _TURN:
            jump = self._until_end(operation.grant) or jump
        return Step(operation=operation, account=self._account(by), jump=jump)

    def writers(self) -> dict[Callable[[], tuple[Operation, PartyId | None]], int]:
        """Return what writes operations, with how often."""
        return {
            self._enrol: 3,
            self._admit: 2,
            self._suspend: 3,
            self._resume: 9,
            self._register: 8,
            self._register_batch: 4,
            self._update: 10,
            self._transfer: 12,
            self._retire: 2,
            self._annotate: 4,
            self._release: 6,
            self._issue: 26,
            self._issue_batch: 6,
            self._revoke: 8,
            self._revoke_batch: 4,
        }

    def jump(self) -> int:
        """Return how far the clock moves next: often to where something begins or ends."""
        ahead = [time - self.ledger.moment().time for time in self.turns()]
        near = [seconds for seconds in ahead if 0 <= seconds <= DAY]
        if near and self.rng.random() < _TURN:
            return self.rng.choice(near)
        return self.rng.choices(TIMES, weights=(12, 12, 8, 3, 3, 1, 1))[0]

    def turns(self) -> list[int]:
        """Return the times at which a grant begins or ends, and those just before."""
        states = [self.ledger.grant(grant) for grant in self.grants[-6:]]
        times = [state.ends_at for state in states if state]
        times += [clauses.window.start for clauses in self.granted[-6:]]
        return [time - early for time in times if time for early in (0, 1)]

    def _until_end(self, grant: GrantId) -> int:
        """Return how far off the end of a grant is, less its notice; 0 for past or open ones."""
        state = self.ledger.grant(grant)
        if state is None or state.ends_at is None:
            return 0
        notice = self.rng.choice((0, state.notice_days * DAY))
        return max(0, state.ends_at - notice - self.ledger.moment().time)

    def _newcomer(self) -> Step:
        """Write an enrolment, or the admission that it may need."""
        fresh = [key for key in self.accounts if key not in self.keys.values()]
        key = self.rng.choice(fresh)
        if key in self.admitted or self.rng.random() < _TURN:
            identity = self.admitted.get(key, NO_HASH)
            return Step(operation=Enrol(identity_hash=identity), account=key, jump=1)
        admit = AdmitKey(key=key, identity_hash=ROOTS[0])
        return Step(operation=admit, account=self.accounts[0], jump=1)

    def use(self, clauses: Clauses) -> Use:
        """Write a use that is mostly within the clauses."""
        rng = self.rng
        return Use(
            user=self._mostly(clauses.grantee, self._party),
            action=self._mostly(_lowest(clauses.actions, Action), self._action),
            purpose=self._mostly(_lowest(clauses.purposes, Purpose), self._purpose),
            version=self._mostly(clauses.version, lambda: rng.randrange(4)),
            environment=self._mostly(clauses.environment, self._environment),
            territory=rng.choice((0, *PLACES)),
            amount=rng.choice((0, 1, 1, 1, 10, 11, 2**40)),
        )

    # Who and what

    def _account(self, by: PartyId | None) -> Address:
        likely = self.keys.get(by) if by else self.rng.choice(list(self.keys.values()))
        return self._mostly(likely or self.accounts[0], lambda: self.rng.choice(self.accounts))

    def _mostly(self, likely: T, otherwise: Callable[[], T]) -> T:
        return likely if self.rng.random() < 0.85 else otherwise()

    def _party(self) -> PartyId:
        return self.rng.choice([*self.parties * 4, STRANGER, NOBODY])

    def _product(self) -> ProductId:
        return self.rng.choice([*self.products[-6:] * 3, NO_PRODUCT])

    def _grant(self) -> GrantId:
        return self.rng.choice([*self.grants[-6:] * 3, NO_GRANT])

    def _holder(self, product: ProductId, right: Right) -> PartyId | None:
        holders = [party for party in self.parties if self.ledger.rights_of(product, party) & right]
        return self.rng.choice(holders) if holders else None

    def _root(self) -> bytes:
        return self.rng.choices((*ROOTS, NO_HASH), weights=(9, 9, 9, 9, 2))[0]

    def _action(self) -> Action:
        return self.rng.choice((Action(0), Action.TRAIN, Action.READ | Action.TRAIN))

    def _purpose(self) -> Purpose:
        return self.rng.choice((Purpose(0), Purpose.RESALE, Purpose.RESEARCH | Purpose.RESALE))

    def _environment(self) -> Environment:
        return Environment(self.rng.randrange(Environment.ALL + 1))

    # Operations, with a party that may

    def _enrol(self) -> tuple[Operation, None]:
        return Enrol(identity_hash=self.rng.choice((NO_HASH, ROOTS[0]))), None

    def _admit(self) -> tuple[Operation, PartyId]:
        key = self.rng.choice(self.accounts)
        return AdmitKey(key=key, identity_hash=self._root()), self.parties[0]

    def _suspend(self) -> tuple[Operation, PartyId]:
        # Now and then the founder, which stops much of what follows.
        one = self.rng.choices(
            (self.rng.choice(self.parties[1:]), STRANGER, self.parties[0]), weights=(30, 2, 1)
        )
        party = self.rng.choice(self._suspended() or one)
        reason = self.rng.choice(list(Reason))
        return Suspend(party=party, reason=reason, evidence=self.rng.randbytes(12)), self.parties[0]

    def _resume(self) -> tuple[Operation, PartyId]:
        suspended = self._suspended()
        if not suspended:
            return self._suspend()
        party = self._mostly(self.rng.choice(suspended), self._party)
        index = self._mostly(next(self._live(party), 0), lambda: self.rng.randrange(3))
        return Resume(party=party, index=index), self.parties[0]

    def _live(self, party: PartyId) -> Iterator[int]:
        return (one.index for one in self.ledger.suspensions(party) if one.until is None)

    def _suspended(self) -> list[PartyId]:
        return [party for party in self.parties if any(True for _ in self._live(party))]

    def _registration(self) -> Register:
        rights = self.rng.choices((7, 5, 3, 1, 2, 0, 9, 255), weights=(20, 4, 4, 4, 1, 1, 1, 1))
        return Register(
            content_root=self._root(),
            metadata_hash=self.rng.choice(ROOTS),
            salt=self.rng.choice((0, 1, 2, 2**64 - 1)),
            rights=Right(rights[0]),
            security_class=self.rng.choice(list(SecurityClass)),
            source=self._mostly(Source.UNSPECIFIED, lambda: self.rng.choice(list(Source))),
            flags=self._mostly(
                ParticularFlag(0),
                lambda: ParticularFlag(self.rng.randrange(ParticularFlag.ALL + 1)),
            ),
        )

    def _register(self) -> tuple[Operation, PartyId]:
        return self._registration(), self._party()

    def _register_batch(self) -> tuple[Operation, PartyId]:
        items = tuple(self._registration() for _ in range(self.rng.randrange(4)))
        return RegisterBatch(items=items), self._party()

    def _update(self) -> tuple[Operation, PartyId | None]:
        product = self._product()
        known = self.ledger.product(product)
        latest = self._mostly(known.latest if known else 1, lambda: self.rng.randrange(3))
        operation = Update(
            product=product,
            latest=latest,
            content_root=self._root(),
            metadata_hash=self.rng.choice(ROOTS),
        )
        return operation, self._holder(product, Right.HOLD)

    def _transfer(self) -> tuple[Operation, PartyId | None]:
        product = self._product()
        by = self._holder(product, Right.ALL)
        held = self.ledger.rights_of(product, by) if by else Right.ALL
        rights = self._mostly(
            Right(held & self.rng.choice((1, 2, 4, 6, 7)) or held),
            lambda: Right(self.rng.choice((0, 1, 2, 4, 7, 8, 128))),
        )
        others = [party for party in self.parties if party != by]
        to = self._mostly(self.rng.choice(others), self._party)
        return Transfer(product=product, to=to, rights=rights), by

    def _retire(self) -> tuple[Operation, PartyId | None]:
        product = self._product()
        return Retire(product=product), self._holder(product, Right.HOLD)

    def _annotate(self) -> tuple[Operation, PartyId | None]:
        product = self._product()
        kind = self.rng.choice(list(AnnotationKind))
        holds = kind is AnnotationKind.LIMIT
        operation = Annotate(
            product=product,
            kind=kind,
            reason=self.rng.choice(list(Reason)),
            evidence=self.rng.randbytes(32),
        )
        return operation, self._holder(product, Right.HOLD) if holds else self.parties[0]

    def _release(self) -> tuple[Operation, PartyId]:
        noted = [one for p in self.products for one in self.ledger.annotations(p) if one.stands]
        if not noted:
            operation = Release(product=self._product(), index=0, evidence=NO_HASH)
            return operation, self.parties[0]
        one = self.rng.choice(noted)
        index = self._mostly(one.index, lambda: self.rng.randrange(3))
        operation = Release(product=one.product, index=index, evidence=self.rng.randbytes(32))
        return operation, self._mostly(one.by, self._party)

    def _issue(self) -> tuple[Operation, PartyId]:
        clauses = self._clauses()
        return Issue(clauses=clauses), clauses.grantor

    def _issue_batch(self) -> tuple[Operation, PartyId | None]:
        first = self._clauses()
        others = [
            self._mostly(replace(first, salt=self.rng.randrange(4)), self._clauses)
            for _ in range(self.rng.randrange(3))
        ]
        if self.rng.random() < _RARELY:
            first = replace(first, grantee=NOBODY)
        items = self._mostly((first, *others), tuple)
        return IssueBatch(items=items), first.grantor

    def _revoke(self) -> tuple[Operation, PartyId | None]:
        if not self.grants:
            return self._issue()
        grant = self._grant()
        return Revoke(grant=grant, reason=self.rng.choice(list(Reason))), self._side(grant)

    def _revoke_batch(self) -> tuple[Operation, PartyId | None]:
        if not self.grants:
            return self._issue_batch()
        grants = tuple(self._grant() for _ in range(self.rng.randrange(3)))
        by = self._side(grants[0]) if grants else None
        return RevokeBatch(grants=grants, reason=Reason.BREACH), by

    def _side(self, grant: GrantId) -> PartyId | None:
        state = self.ledger.grant(grant)
        return self.rng.choice((state.grantor, state.grantor, state.grantee)) if state else None

    # Clauses

    def _clauses(self) -> Clauses:
        rng = self.rng
        if self.granted and rng.random() < 0.1:
            return rng.choice(self.granted)
        product = self._product()
        grantor = self._holder(product, Right.OPERATE) or self._party()
        others = [party for party in self.parties if party != grantor] or [STRANGER]
        held = self.ledger.rights_of(product, grantor)
        known = self.ledger.product(product)
        guarded = known is not None and known.security_class is not SecurityClass.GENERAL
        plain = Clauses(
            product=product,
            grantor=grantor,
            grantee=self._mostly(rng.choice(others), self._party),
            actions=Action(rng.choice((1, 3, 0b1011, Action.ALL))),
            purposes=Purpose(rng.choice((1, 0b101, Purpose.ALL))),
            rights=self._mostly(held or Right.USE, lambda: Right(rng.randrange(1, 8))),
            version=rng.choices((0, 1, 2), weights=(6, 2, 1))[0],
            window=self._window(),
            environment=self._mostly(
                Environment.TEE if guarded else Environment(0), self._environment
            ),
            notice_days=rng.choice((0, 0, 1, 63)),
            obligations=Obligation(rng.choice((0, 1, Obligation.ALL))),
            salt=rng.choice((0, 1, 2**64 - 1)),
        )
        return self._with_options(plain)

    def _window(self) -> Window:
        now = self.ledger.moment().time
        start = self.rng.choice((None, None, now - DAY, now + 30))
        span = self.rng.choice((1, 60, DAY))
        begin = start or 0
        end = max(self.rng.choice((now, *(now + 60 * span,) * 4, begin + span)), begin + 1)
        return Window(start=start, until=self.rng.choice((None, end)))

    def _with_options(self, plain: Clauses) -> Clauses:
        rng = self.rng
        optional: dict[str, tuple[float, Callable[[], object]]] = {
            "quota": (0.4, self._quota),
            "price": (0.2, lambda: Price(model=PriceModel.FIXED, currency=156, unit=80, cap=100)),
            "territory": (0.3, lambda: tuple(sorted(set(rng.choices(PLACES, k=2))))),
            "text": (0.3, lambda: rng.choice(ROOTS)),
            "scope": (0.1, lambda: rng.choice(ROOTS)),
            "filing": (0.1, lambda: rng.choice(ROOTS)),
            "service_party": (0.1, lambda: rng.choice([*self.parties, STRANGER])),
            "template": (0.08, lambda: rng.choice(list(Template))),
            "replaces": (0.03, lambda: NO_GRANT),
            "agreement": (0.03, lambda: rng.choice(ROOTS)),
            "offer_until": (0.03, lambda: self.ledger.moment().time + DAY),
            "form": (0.04, lambda: rng.choice(list(Form))),
            "mode": (0.04, lambda: rng.choice(list(Mode))),
        }
        chosen = {
            name: make() for name, (likely, make) in optional.items() if rng.random() < likely
        }
        return replace(plain, **chosen)  # type: ignore[arg-type]

    def _quota(self) -> Quota:
        unit = self.rng.choice((QuotaUnit.CALL, QuotaUnit.ROW))
        if self.rng.random() < 0.3:
            return Quota(unit=unit, total=100, per_period=10, period=DAY)
        return Quota(unit=unit, total=self.rng.choice((1, 10, 2**52 - 2)))


def _lowest(mask: F, kind: type[F]) -> F:
    return kind(mask & -mask)
