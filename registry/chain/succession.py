"""Ask a deployment and those that it succeeds as one ledger; write to the newest alone.

Ids are derived from the contracts' addresses, so that no two deployments know the same party,
product or grant. What the newest does not know is asked of the one before it, and so on. Content is
nobody's own: its claims and all events are those of every deployment together.
"""

from __future__ import annotations

from functools import cached_property
from heapq import merge
from typing import TYPE_CHECKING, TypeVar

from registry.chain.earlier import reader_of
from registry.chain.ledger import ChainLedger
from registry.chain.moments import moment
from registry.chain.reader import ChainReader
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Right

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from registry.chain.rpc import Rpc
    from registry.chain.sender import Sender
    from registry.domain.ancestry import Path
    from registry.domain.anchor import Anchored
    from registry.domain.annotation import Annotation
    from registry.domain.case import Case, Docket, Objection
    from registry.domain.certificate_check import Entry
    from registry.domain.clauses import Clauses
    from registry.domain.events import Event
    from registry.domain.flow_table import Stage
    from registry.domain.grant import GrantState, GrantSuspension
    from registry.domain.ids import Address, Identifier
    from registry.domain.keys import PartyKey, Recovery, Registrar
    from registry.domain.ledger import Deployment
    from registry.domain.lineage import Derivation, Pin
    from registry.domain.moment import At, Moment
    from registry.domain.party import Party, Suspension
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.usage import Period, Settled
    from registry.domain.verdict import Use

_T = TypeVar("_T")
_S = TypeVar("_S")


class SuccessiveLedger(ChainLedger):
    """Write to the newest of several deployments, and read from all of them.

    :param found: returns the deployment of a directory, once it is verified.
    """

    def __init__(
        self,
        rpc: Rpc,
        deployment: Deployment,
        *,
        found: Callable[[Address], Deployment],
        senders: Callable[[Address], Sender] | None = None,
        run: str = "",
    ) -> None:
        super().__init__(rpc, deployment, senders=senders, run=run)
        self._find = found
        # Asked apart, so that its answers are never mixed with those of the others half-way.
        self._newest = ChainReader(rpc, deployment)

    @cached_property
    def _earlier(self) -> tuple[ChainReader, ...]:
        """The deployments that this one succeeds, the latest of them first."""
        readers: list[ChainReader] = []
        seen = {self._deployment.directory}
        following = self._deployment.predecessor
        while following is not None and following not in seen:
            seen.add(following)
            found = self._find(following)
            readers.append(reader_of(self._rpc, found))
            following = found.predecessor
        return tuple(readers)

    def origin(self, subject: Identifier) -> Deployment:
        """Return the deployment that knows a party, product or grant, the newest if none does."""
        for reader in (self._newest, *self._earlier):
            if _knows(reader, subject):
                return reader.deployment
        return self._deployment

    def moment(self, at: At | None = None) -> Moment:
        """Return the moment of a past block or time, of now for None."""
        if at is None:
            return self._newest.moment()
        oldest = (self._newest, *self._earlier)[-1].deployment
        return moment(self._rpc, at, since=oldest.block)

    def party(self, party: PartyId, *, at: Moment | None = None) -> Party | None:
        """Return a party, None for an unknown one."""
        return self._newest.party(party, at=at) or self._first(lambda one: one.party(party, at=at))

    def key(self, key: Address, *, at: Moment | None = None) -> PartyKey | None:
        """Return the record of a key, None for nobody's."""
        return self._newest.key(key, at=at) or self._first(lambda one: one.key(key, at=at))

    def keys(self, party: PartyId, *, at: Moment | None = None) -> tuple[PartyKey, ...]:
        """Return all keys that a party has had, in the order in which they came."""
        return self._newest.keys(party, at=at) or self._some(lambda one: one.keys(party, at=at))

    def recovery(self, party: PartyId, *, at: Moment | None = None) -> Recovery | None:
        """Return the recovery that is announced for a party, None for none."""
        for reader in (self._newest, *self._earlier):
            if reader.party(party, at=at) is not None:
                return reader.recovery(party, at=at)
        return None

    def registrars(
        self, *, at: Moment | None = None, of: ProductId | None = None
    ) -> tuple[Registrar, ...]:
        """Return the registrars of the deployment that knows a product, else of the newest."""
        reader = self._newest if of is None else self._home(of, at)
        return reader.registrars(at=at)

    def certificates(self, product: ProductId) -> tuple[Entry, ...]:
        """Return what is kept of all certificates of a product, the first one first."""
        return self._home(product, None).certificates(product)

    def suspensions(self, party: PartyId, *, at: Moment | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions that a party has had, in the order of their index."""
        found = self._newest.suspensions(party, at=at)
        return found or self._some(lambda one: one.suspensions(party, at=at))

    def products(
        self, products: Sequence[ProductId], *, at: Moment | None = None
    ) -> tuple[Product | None, ...]:
        """Return many products in their order."""
        return self._filled(products, lambda reader, asked: reader.products(asked, at=at))

    def product_of(self, code: str, *, at: Moment | None = None) -> ProductId | None:
        """Return the product with a code of registration, None for none."""
        found = self._newest.product_of(code, at=at)
        return found or self._first(lambda one: one.product_of(code, at=at))

    def docket(self, product: ProductId, *, at: Moment | None = None) -> Docket:
        """Return what the registration desk keeps of a product: its code, how many cases."""
        return self._home(product, at).docket(product, at=at)

    def cases(self, product: ProductId, *, at: Moment | None = None) -> tuple[Case, ...]:
        """Return all cases of a product as they were last written, the first one first."""
        return self._home(product, at).cases(product, at=at)

    def pending(self, product: ProductId, index: int, *, at: Moment | None = None) -> bytes:
        """Return what a case would change, 32 bytes, all zero for nothing."""
        return self._home(product, at).pending(product, index, at=at)

    def stage(
        self, product: ProductId, index: int, *, at: Moment | None = None
    ) -> tuple[Stage, int]:
        """Return where the contract says that a case stands, and since when."""
        return self._home(product, at).stage(product, index, at=at)

    def objections(self, product: ProductId, *, at: Moment | None = None) -> tuple[Objection, ...]:
        """Return all objections to a product, in the order of their index."""
        return self._home(product, at).objections(product, at=at)

    def rights_in(
        self, products: Sequence[ProductId], party: PartyId, *, at: Moment | None = None
    ) -> tuple[Right, ...]:
        """Return the rights of a party in many products."""
        rights = self._newest.rights_in(products, party, at=at)
        for reader in self._earlier:
            told = reader.rights_in(products, party, at=at)
            rights = tuple(Right(a | b) for a, b in zip(rights, told, strict=True))
        return rights

    def holdings(self, product: ProductId, *, at: Moment | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""
        found = self._newest.holdings(product, at=at)
        return found or self._some(lambda one: one.holdings(product, at=at))

    def annotations(
        self, product: ProductId, *, at: Moment | None = None
    ) -> tuple[Annotation, ...]:
        """Return all annotations that a product has had, in the order of their index."""
        found = self._newest.annotations(product, at=at)
        return found or self._some(lambda one: one.annotations(product, at=at))

    def claims(self, content_root: bytes, *, at: Moment | None = None) -> tuple[Claim, ...]:
        """Return all registrations of a content root, each deployment's as they were made."""
        before = [reader.claims(content_root, at=at) for reader in reversed(self._earlier)]
        told = [*before, self._newest.claims(content_root, at=at)]
        return tuple(merge(*told, key=lambda claim: claim.first_at))

    def claims_on(
        self, content_roots: Sequence[bytes], *, at: Moment | None = None
    ) -> tuple[tuple[Claim, ...], ...]:
        """Return the registrations of many content roots, those of all deployments together."""
        readers = (*reversed(self._earlier), self._newest)
        told = [reader.claims_on(content_roots, at=at) for reader in readers]
        return tuple(
            tuple(merge(*claims, key=lambda claim: claim.first_at))
            for claims in zip(*told, strict=True)
        )

    def versions(self, product: ProductId, *, at: Moment | None = None) -> tuple[Version, ...]:
        """Return all versions of a product, checked against the digests in storage."""
        found = self._newest.versions(product, at=at)
        return found or self._some(lambda one: one.versions(product, at=at))

    def anchor(self, party: PartyId, root: bytes, *, at: Moment | None = None) -> Anchored | None:
        """Return what is kept of a root that a party anchored, None for one that it did not."""
        found = self._newest.anchor(party, root, at=at)
        return found or self._first(lambda one: one.anchor(party, root, at=at))

    def grant(self, grant: GrantId, *, at: Moment | None = None) -> GrantState | None:
        """Return the state of a grant, None for an unknown one."""
        return self._newest.grant(grant, at=at) or self._first(lambda one: one.grant(grant, at=at))

    def grants(
        self, grants: Sequence[GrantId], *, at: Moment | None = None
    ) -> tuple[GrantState | None, ...]:
        """Return the states of many grants in their order."""
        return self._filled(grants, lambda reader, asked: reader.grants(asked, at=at))

    def derivations(
        self, pins: Sequence[Pin], *, at: Moment | None = None
    ) -> tuple[Derivation | None, ...]:
        """Return what versions were made of, checked against the digests in storage."""
        moment = at or self.moment()
        return self._filled(pins, lambda reader, asked: reader.derivations(asked, at=moment))

    def grant_suspensions(
        self, grant: GrantId, *, at: Moment | None = None
    ) -> tuple[GrantSuspension, ...]:
        """Return all suspensions that a grant itself has had, in the order of their index."""
        return self._keeper(grant, at).grant_suspensions(grant, at=at)

    def settled(self, grant: GrantId, *, at: Moment | None = None) -> Settled:
        """Return what is settled of a grant's receipts, all zero before the first."""
        return self._keeper(grant, at).settled(grant, at=at)

    def period(self, grant: GrantId, *, at: Moment | None = None) -> Period | None:
        """Return a grant's quota for each period and its use, None for a grant without one."""
        return self._keeper(grant, at).period(grant, at=at)

    def check_all(
        self, asked: Sequence[tuple[Clauses | Path, Use]], *, at: Moment | None = None
    ) -> tuple[Verdict, ...]:
        """Judge many uses at one moment."""
        moment = at or self.moment()
        found = list(self._newest.check_all(asked, at=moment))
        for reader in self._earlier:
            missing = [n for n, one in enumerate(found) if one is Verdict.GRANT_UNKNOWN]
            if not missing:
                break
            told = reader.check_all([asked[place] for place in missing], at=moment)
            for place, one in zip(missing, told, strict=True):
                found[place] = one
        return tuple(found)

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
        """Return the events of all deployments in the order of the chain."""
        end = self._newest.moment().block if last is None else last
        told = [
            reader.events(kinds, first=first, last=end, party=party, product=product, grant=grant)
            for reader in (self._newest, *self._earlier)
        ]
        return merge(*told, key=lambda event: (event.block, event.log_index))

    def events_naming(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[Identifier],
        *,
        last: int | None = None,
    ) -> Iterator[Event]:
        """Return such events of all deployments in the order of the chain."""
        end = self._newest.moment().block if last is None else last
        told = [
            reader.events_naming(kinds, field, subjects, last=end)
            for reader in (self._newest, *self._earlier)
        ]
        return merge(*told, key=lambda event: (event.block, event.log_index))

    # Asking

    def _filled(
        self,
        subjects: Sequence[_S],
        ask: Callable[[ChainReader, Sequence[_S]], Sequence[_T | None]],
    ) -> tuple[_T | None, ...]:
        """Return what the newest deployment knows of subjects, each one missing from the others."""
        found = list(ask(self._newest, subjects))
        for reader in self._earlier:
            missing = [place for place, one in enumerate(found) if one is None]
            if not missing:
                break
            told = ask(reader, [subjects[place] for place in missing])
            for place, one in zip(missing, told, strict=True):
                found[place] = one
        return tuple(found)

    def _home(self, product: ProductId, at: Moment | None) -> ChainReader:
        """Return the reader that knows a product, the newest if none does."""
        readers = (self._newest, *self._earlier)
        return next((one for one in readers if one.product(product, at=at)), self._newest)

    def _keeper(self, grant: GrantId, at: Moment | None) -> ChainReader:
        """Return the reader that knows a grant, the newest if none does."""
        readers = (self._newest, *self._earlier)
        return next((one for one in readers if one.grant(grant, at=at)), self._newest)

    def _first(self, ask: Callable[[ChainReader], _T | None]) -> _T | None:
        """Return the first answer of an earlier deployment that is not None."""
        answers = (ask(reader) for reader in self._earlier)
        return next((answer for answer in answers if answer is not None), None)

    def _some(self, ask: Callable[[ChainReader], tuple[_T, ...]]) -> tuple[_T, ...]:
        """Return the first answer of an earlier deployment that is not empty."""
        answers = (ask(reader) for reader in self._earlier)
        return next((answer for answer in answers if answer), ())


def _knows(reader: ChainReader, subject: Identifier) -> bool:
    if isinstance(subject, PartyId):
        return reader.party(subject) is not None
    if isinstance(subject, GrantId):
        return reader.grant(subject) is not None
    return isinstance(subject, ProductId) and reader.products([subject])[0] is not None
