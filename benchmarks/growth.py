"""Measure what grows with the number of products, of descendants, of levels, and what does not.

    python -m benchmarks --only growth

Gas is exact here: no word of a measured call holds a zero byte, which would make it 12 gas cheaper,
so that two figures that are the same are so to the last unit. `check` is a view; here it is called
by a transaction, whose receipt says what it took, the 21,000 of every transaction included.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Final

from benchmarks import trees
from benchmarks.curves import Curve
from benchmarks.nodes import world
from benchmarks.report import Figure, Section, Target, ratios
from registry.chain.bindings import GrantJudge
from registry.chain.calls import Call
from registry.chain.states import use_tuple
from registry.domain.agreement_operations import IssueUnder
from registry.domain.ancestry import Path
from registry.domain.clauses import Clauses, Quota, Window
from registry.domain.events import ProductRegistered
from registry.domain.keccak import keccak
from registry.domain.operations import Issue, Register, RegisterBatch, Revoke
from registry.domain.terms import SigningDomain
from registry.domain.usage_operations import RecordUsage
from registry.domain.verdict import Use, Verdict
from registry.domain.vocabulary import Action, Purpose, QuotaUnit, Reason, SubDelegation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from benchmarks.curves import Samples
    from benchmarks.nodes import World
    from registry.domain.ids import GrantId, ProductId

PRODUCTS: Final = (1, 10, 100, 1_000, 10_000, 100_000)
DESCENDANTS: Final = (1, 10, 100, 1_000, 5_000)
DEPTHS: Final = (1, 2, 3, 4, 5, 6, 7, 8)
ASKED: Final = 30
"""How often a question is timed at each number of products."""

_FLAT: Final[Mapping[str, tuple[str, ...]]] = {
    "growth-products": ("register", "grant", "record", "check", "revoke"),
    "growth-descendants": ("sub_grant", "record", "check", "revoke"),
    "growth-depth": ("revoke",),
}
"""What must not grow, of each curve."""

_FRUGAL: Final = ("--prune-history", "16")
"""Options of a node that keeps the states of a few blocks only, which it may still be asked for."""

_A_BATCH: Final = 240
_YEAR: Final = 365 * 86_400

Taken = dict[str, list["Samples"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Carry out operations between the two sides of a world, on words without zero bytes."""

    on: World
    start: int
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, on: World) -> Ground:
        """Begin at a moment just past."""
        return cls(on=on, start=_unbroken(on.ledger.moment().time))

    def word(self) -> bytes:
        """Return 32 bytes that no other call had, none of them zero."""
        return bytes(byte or 1 for byte in keccak(b"%d" % next(self.numbers)))

    def registration(self) -> Register:
        """Return a registration of new content."""
        salt = int.from_bytes(self.word()[:8])
        return Register(content_root=self.word(), metadata_hash=self.word(), salt=salt)

    def registered(self) -> tuple[ProductId, int]:
        """Register a product; return it with the gas."""
        receipt = self.on.submit(self.registration())
        (product,) = (e.product for e in receipt.events if isinstance(e, ProductRegistered))
        return product, receipt.gas_used

    def fill(self, products: int) -> None:
        """Register so many products, in batches."""
        batches = (
            RegisterBatch(items=tuple(self.registration() for _ in range(min(_A_BATCH, rest))))
            for rest in range(products, 0, -_A_BATCH)
        )
        self.on.mine(every=1)
        holder = self.on.sides[0].key.address
        made = sum(len(one.events) for one in self.on.ledger.submit_all(batches, account=holder))
        self.on.mine(every=0)
        if made != products:
            raise AssertionError(f"{made} of {products} products were registered")

    def clauses(self, product: ProductId, *, depth: int = 0) -> Clauses:
        """Return a grant whose id and hash have no zero byte, with leave to sub-grant so deep."""
        found = Clauses(
            product=product,
            version=1,
            grantor=self.on.sides[0].party,
            grantee=self.on.sides[1].party,
            actions=Action.QUERY | Action.ANALYSE | Action.DISPLAY,
            purposes=Purpose.INSURANCE | Purpose.RISK_CONTROL,
            window=Window(start=self.start, until=self.start + _YEAR),
            quota=Quota(unit=QuotaUnit.CALL, total=10_000),
            sub_delegation=SubDelegation.FREE if depth else SubDelegation.NONE,
            depth=depth,
        )
        return self._salted(found, None)

    def below(self, path: Path) -> Clauses:
        """Return what the grantee at the end of a path may grant the other side under it."""
        above = path.clauses
        depth = above.depth - 1
        turned = replace(
            above,
            grantor=above.grantee,
            grantee=above.grantor,
            depth=depth,
            sub_delegation=SubDelegation.FREE if depth else SubDelegation.NONE,
        )
        return self._salted(turned, path.parent(self.domain))

    def side(self, level: int) -> int:
        """Return which side grants at a level, 0 for the top."""
        return level % 2

    def record(self, path: Path, level: int) -> int:
        """Record a use under the grant at the end of a path; return the gas."""
        use = RecordUsage(path=path, action=Action.QUERY, purpose=Purpose.INSURANCE, amount=3)
        return self.on.submit(use, self.side(level)).gas_used

    def check(self, path: Path, level: int) -> int:
        """Have the chain judge a use in a transaction; return the gas."""
        packed, above = path.raw()
        asked = use_tuple(self.use(level), self.on.ledger.moment())
        judge = self.on.ledger.deployment.judge
        call = Call(to=judge, data=GrantJudge.check.call(above, packed, asked))
        return self.on.senders[self.on.sides[0].key.address].send(call).gas_used

    def use(self, level: int) -> Use:
        """Return a use by the grantee at a level, in a while: what is past is not judged."""
        user = self.on.sides[1 - self.side(level)].party
        moment = _unbroken(self.start + _YEAR // 2)
        return Use(user=user, action=Action.QUERY, purpose=Purpose.INSURANCE, time=moment)

    def revoke(self, grant: GrantId, level: int = 0) -> int:
        """Revoke a grant as its grantor; return the gas."""
        return self.on.submit(Revoke(grant=grant, reason=Reason.BREACH), self.side(level)).gas_used

    @property
    def domain(self) -> SigningDomain:
        """Return what ids of grants are derived with."""
        made = self.on.ledger.deployment
        return SigningDomain(chain_id=made.chain_id, verifying_contract=made.grants)

    def _salted(self, clauses: Clauses, parent: GrantId | None) -> Clauses:
        while True:
            salted = replace(clauses, salt=int.from_bytes(self.word()[:8]))
            if 0 not in salted.digest(self.domain, parent).raw + salted.clauses_hash():
                return salted


def by_products(ground: Ground, at: Sequence[int], asked: int) -> tuple[Curve, Curve]:
    """Return the gas of operations, and the time of questions, by how many products there are."""
    gas: Taken = {name: [] for name in ("register", "grant", "record", "check", "revoke")}
    times: Taken = {"check a use": [], "look a product up": []}
    first, present = None, 0
    for wanted in at:
        ground.fill(wanted - present)
        present = wanted + 1
        product, used = ground.registered()
        first = first or product
        path = Path(clauses=ground.clauses(first))
        grant = path.parent(ground.domain)
        _note(gas, "register", used)
        _note(gas, "grant", ground.on.submit(Issue(clauses=path.clauses)).gas_used)
        _note(gas, "record", ground.record(path, 0))
        _note(gas, "check", ground.check(path, 0))
        for name, seconds in _asked(ground, path, product, asked).items():
            times[name].append(tuple(1000 * one for one in seconds))
        _note(gas, "revoke", ground.revoke(grant))
    title = "by the number of products registered before"
    along = "products registered before"
    return (
        _curve("growth-products", f"Gas {title}", along, at, gas),
        _curve("growth-asking", f"Asking {title}", along, at, times, axis="milliseconds", log=True),
    )


def _asked(ground: Ground, path: Path, product: ProductId, asked: int) -> dict[str, list[float]]:
    """Return the seconds that each of some questions took, in turn."""
    ledger, use = ground.on.ledger, ground.use(0)

    def judged() -> None:
        if ledger.check(path, use) is not Verdict.OK:
            raise AssertionError("a use that the grant allows is refused")

    def found() -> None:
        if ledger.product(product) is None:
            raise AssertionError("a product is missing")

    ways: Mapping[str, Callable[[], None]] = {"check a use": judged, "look a product up": found}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(asked):
        for name, way in ways.items():
            taken[name].append(_seconds(way))
    return taken


def by_descendants(ground: Ground, at: Sequence[int], product: ProductId) -> Curve:
    """Return the gas around a grant by how many sub-grants rest on it, at all levels."""
    gas: Taken = {name: [] for name in ("sub_grant", "check", "record", "revoke")}
    for wanted in at:
        top = Path(clauses=ground.clauses(product, depth=DEPTHS[-1]))
        ground.on.submit(Issue(clauses=top.clauses))
        last = _descend(ground, top, wanted - 1)
        path, used = _sub_grant(ground, top, 1)
        _note(gas, "sub_grant", used)
        _note(gas, "check", ground.check(path, 1))
        _note(gas, "record", ground.record(path, 1))
        _note(gas, "revoke", ground.revoke(top.parent(ground.domain)))
        for level, one in ((1, path), last):
            if ground.on.ledger.check(one, ground.use(level)) is Verdict.OK:
                raise AssertionError("what rests on a revoked grant is valid")
    title, along = "Gas by the number of descendants of a grant", "descendants"
    return _curve("growth-descendants", title, along, at, gas)


def _descend(ground: Ground, top: Path, wanted: int) -> tuple[int, Path]:
    """Issue so many sub-grants: one way down to the deepest level, the others below the top.

    Return the last of the way down, with its level.
    """
    path, level = top, 0
    while level < min(wanted, DEPTHS[-1]):
        level += 1
        path, _ = _sub_grant(ground, path, level)
    others = (IssueUnder(path=top, clauses=ground.below(top)) for _ in range(wanted - level))
    account = ground.on.sides[ground.side(1)].key.address
    ground.on.mine(every=1)
    made = sum(1 for _ in ground.on.ledger.submit_all(others, account=account))
    ground.on.mine(every=0)
    if made != wanted - level:
        raise AssertionError(f"{made} of {wanted - level} sub-grants were issued")
    return level, path


def _sub_grant(ground: Ground, path: Path, level: int) -> tuple[Path, int]:
    """Issue a sub-grant under the grant at the end of a path; return the path to it, and gas."""
    below = ground.below(path)
    receipt = ground.on.submit(IssueUnder(path=path, clauses=below), ground.side(level))
    return path.below(below), receipt.gas_used


def by_depth(ground: Ground, at: Sequence[int], product: ProductId) -> Curve:
    """Return the gas around a sub-grant by how many grants it rests on."""
    gas: Taken = {name: [] for name in ("sub_grant", "record", "check", "revoke")}
    path = Path(clauses=ground.clauses(product, depth=DEPTHS[-1]))
    ground.on.submit(Issue(clauses=path.clauses))
    for level in at:
        sibling, _ = _sub_grant(ground, path, level)
        _note(gas, "revoke", ground.revoke(sibling.parent(ground.domain), level))
        path, used = _sub_grant(ground, path, level)
        _note(gas, "sub_grant", used)
        _note(gas, "record", ground.record(path, level))
        _note(gas, "check", ground.check(path, level))
    return _curve(
        "growth-depth",
        "Gas by the depth of a sub-grant",
        "grants that it rests on",
        at,
        gas,
        log_along=False,
    )


def _unbroken(time: int) -> int:
    """Return the nearest time before whose number has no zero byte."""
    while 0 in time.to_bytes(4):
        time -= 1
    return time


def _note(gas: Taken, name: str, used: float) -> None:
    gas[name].append((float(used),))


def _curve(
    name: str,
    title: str,
    along: str,
    at: Sequence[int],
    taken: Taken,
    *,
    axis: str = "gas",
    log: bool = False,
    log_along: bool = True,
) -> Curve:
    lines = {line: tuple(samples) for line, samples in taken.items()}
    return Curve(
        name=name,
        title=title,
        along=along,
        axis=axis,
        at=tuple(at),
        lines=lines,
        log=log,
        log_along=log_along,
    )


def _seconds(way: Callable[[], object]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def section(*, smallest: bool = False) -> Section:
    """Measure every curve."""
    few = 2 if smallest else None
    with world(*_FRUGAL) as on:
        ground = Ground.of(on)
        product, _ = ground.registered()
        below = [
            by_descendants(ground, DESCENDANTS[:few], product),
            by_depth(ground, DEPTHS[:few], product),
        ]
    with world(*_FRUGAL) as on:
        grown = by_products(Ground.of(on), PRODUCTS[:few], 1 if smallest else ASKED)
    curves = (*grown, *below)
    return Section(
        name="growth",
        title="What grows, and what does not",
        how="Each curve on a chain of its own kind: as many products, sub-grants or leaves as it "
        "says are there before anything is measured. Gas is that of a receipt, a transaction of "
        "its own, and exact: no word of a measured call holds a zero byte. `check` is a view that "
        "is called by a transaction here, whose 21,000 are included. Descendants: one way down to "
        "the eighth level, the others right below the top; after the revocation the chain says of "
        "the last and of the deepest that they are not in force. Questions are timed at the client "
        f"in turn, {ASKED} times each. Trees: the archive of an anchor as `batch anchor` writes "
        "it, a proof as `batch prove` takes it from there, and its check without a network.",
        figures=tuple(_flat(curves)),
        curves=(*curves, *trees.curves(trees.LEAVES[:few], 1 if smallest else trees.ROUNDS)),
    )


def _flat(curves: Sequence[Curve]) -> Iterator[Figure]:
    """Yield what gas at the greatest count is to gas at the least, where it must not grow."""
    for curve in curves:
        for name in _FLAT.get(curve.name, ()):
            first, last = curve.lines[name][0], curve.lines[name][-1]
            what = f"{name}, at {curve.at[-1]:,} {curve.along} ÷ at {curve.at[0]:,}"
            yield Figure(name=what, samples=ratios(last, first), target=Target(limit=1))
