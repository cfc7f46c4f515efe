"""Define the port to a ledger: what services ask of it, whatever it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from registry.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from registry.domain.ancestry import Path
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
    from registry.domain.ids import Address, GrantId, Identifier, PartyId, ProductId
    from registry.domain.keys import PartyKey, Recovery, Registrar
    from registry.domain.lineage import Derivation, Pin
    from registry.domain.moment import At, Moment
    from registry.domain.operations import Operation
    from registry.domain.party import Party, Suspension
    from registry.domain.product import Claim, Holding, Product, Version
    from registry.domain.restricted import Clearance
    from registry.domain.usage import Period, Settled
    from registry.domain.verdict import Use, Verdict
    from registry.domain.vocabulary import Right

    Progress: TypeAlias = Callable[[int], None]
    """Is told how many operations are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Hold the contracts of one deployment, which its directory names.

    `block` is the one in which the directory was made: no event of the deployment is older.
    `predecessor` is the directory of the deployment that this one succeeds. A deployment made
    before there was registration by cases has no calendar, no desk and no certificates.
    """

    chain_id: int
    directory: Address
    parties: Address
    products: Address
    grants: Address
    interface_version: int
    block: int
    predecessor: Address | None = None
    calendar: Address | None = None
    desk: Address | None = None
    certificates: Address | None = None
    authority: Address | None = None
    judge: Address | None = None
    meter: Address | None = None
    lineage: Address | None = None
    anchors: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Hold what became of one operation: where it stands and the events it made.

    `operation` is what was asked; `transaction` is the 32-byte hash, `time` the block's in seconds
    since 1970. `resumed` says that the transaction was signed by an earlier run that never told its
    outcome, and stands for the operation; its events say what it came to.
    """

    operation: Operation
    transaction: bytes
    block: int
    time: int
    gas_used: int
    events: tuple[Event, ...]
    resumed: bool = False


class Ledger(Protocol):
    """Write operations and answer questions.

    Writing raises the `ContractRevert` of the contracts' error, before anything is sent where that
    can be known. Questions about a moment raise `StateUnavailable` where the node no longer has its
    state.
    """

    @property
    def chain_id(self) -> int:
        """Return the chain's id."""

    @property
    def deployment(self) -> Deployment:
        """Return the contracts that are asked."""

    def witness(self) -> Witness:
        """Return what an audit of this deployment asks the node."""

    def submit(self, operation: Operation, *, account: Address) -> Receipt:
        """Carry out one operation with the key of `account`, and wait until it counts as done."""

    def submit_all(
        self,
        operations: Iterable[Operation],
        *,
        account: Address,
        beside: Sequence[Address] = (),
        progress: Progress | None = None,
    ) -> Iterator[Receipt]:
        """Carry out many operations with many in flight; their receipts come in the same order.

        The keys of `beside`, agents of the same party, share the work; then no operation may build
        on another.
        """

    def origin(self, subject: Identifier) -> Deployment:
        """Return the deployment that knows a party, product or grant, the newest if none does."""

    def moment(self, at: At | None = None) -> Moment:
        """Return the moment of a past block or time, of now for None."""

    def awaits(self, operation: Operation, *, account: Address) -> bool:
        """Tell whether an earlier run sent an operation, and broke off before it told so.

        Then `submit` returns what became of that one, and sends nothing. To be asked before what
        the operation changes is looked at.
        """

    def clearance(self, operation: Operation, *, account: Address) -> Clearance:
        """Return whether an account may carry out an operation of the administration, and when."""

    def calendar(self, *, at: Moment | None = None) -> WorkCalendar:
        """Return the calendar of working days, as far as it is loaded."""

    def docket(self, product: ProductId, *, at: Moment | None = None) -> Docket:
        """Return what the registration desk keeps of a product: its code, how many cases."""

    def product_of(self, code: str, *, at: Moment | None = None) -> ProductId | None:
        """Return the product with a code of registration, None for none."""

    def cases(self, product: ProductId, *, at: Moment | None = None) -> tuple[Case, ...]:
        """Return all cases of a product as they were last written, the first one first."""

    def pending(self, product: ProductId, index: int, *, at: Moment | None = None) -> bytes:
        """Return what a case would change, 32 bytes, all zero for nothing."""

    def stage(
        self, product: ProductId, index: int, *, at: Moment | None = None
    ) -> tuple[Stage, int]:
        """Return where the ledger says that a case stands, and since when."""

    def objections(self, product: ProductId, *, at: Moment | None = None) -> tuple[Objection, ...]:
        """Return all objections to a product, in the order of their index."""

    def certificates(self, product: ProductId) -> tuple[Entry, ...]:
        """Return what is kept of all certificates of a product, the first one first."""

    def party(self, party: PartyId, *, at: Moment | None = None) -> Party | None:
        """Return a party, None for an unknown one."""

    def party_of(self, key: Address, *, at: Moment | None = None) -> PartyId | None:
        """Return the party that a key belongs to, None for none."""

    def key(self, key: Address, *, at: Moment | None = None) -> PartyKey | None:
        """Return the record of a key, None for nobody's."""

    def keys(self, party: PartyId, *, at: Moment | None = None) -> tuple[PartyKey, ...]:
        """Return all keys that a party has had, in the order in which they came."""

    def recovery(self, party: PartyId, *, at: Moment | None = None) -> Recovery | None:
        """Return the recovery that is announced for a party, None for none; it may have lapsed."""

    def registrars(
        self, *, at: Moment | None = None, of: ProductId | None = None
    ) -> tuple[Registrar, ...]:
        """Return all registrars by their numbers, delisted ones included.

        Of the deployment that knows a product where one is named: each has numbers of its own.
        """

    def admission(self, key: Address, *, at: Moment | None = None) -> bytes:
        """Return the identity hash that a registrar admitted a key with, all zero for none."""

    def suspensions(self, party: PartyId, *, at: Moment | None = None) -> tuple[Suspension, ...]:
        """Return all suspensions that a party has had, in the order of their index."""

    def product(self, product: ProductId, *, at: Moment | None = None) -> Product | None:
        """Return a product, None for an unknown one."""

    def products(
        self, products: Sequence[ProductId], *, at: Moment | None = None
    ) -> tuple[Product | None, ...]:
        """Return many products in their order, in one round trip where possible."""

    def rights_of(self, product: ProductId, party: PartyId, *, at: Moment | None = None) -> Right:
        """Return the rights that a party holds in a product."""

    def rights_in(
        self, products: Sequence[ProductId], party: PartyId, *, at: Moment | None = None
    ) -> tuple[Right, ...]:
        """Return the rights of a party in many products, in one round trip where possible."""

    def holdings(self, product: ProductId, *, at: Moment | None = None) -> tuple[Holding, ...]:
        """Return who held which rights when, the applicant's own holding included."""

    def annotations(
        self, product: ProductId, *, at: Moment | None = None
    ) -> tuple[Annotation, ...]:
        """Return all annotations that a product has had, in the order of their index."""

    def claims(self, content_root: bytes, *, at: Moment | None = None) -> tuple[Claim, ...]:
        """Return all registrations of a content root, in the order in which they were made.

        That of a promoted leaf says the earlier time of its anchor: who was first, the times tell.
        """

    def claims_on(
        self, content_roots: Sequence[bytes], *, at: Moment | None = None
    ) -> tuple[tuple[Claim, ...], ...]:
        """Return the registrations of many content roots, in one round trip where possible."""

    def versions(self, product: ProductId, *, at: Moment | None = None) -> tuple[Version, ...]:
        """Return all versions of a product, checked against the digests in storage."""

    def anchor(self, party: PartyId, root: bytes, *, at: Moment | None = None) -> Anchored | None:
        """Return what is kept of a root that a party anchored, None for one that it did not."""

    def grant(self, grant: GrantId, *, at: Moment | None = None) -> GrantState | None:
        """Return the state of a grant, None for an unknown one."""

    def grants(
        self, grants: Sequence[GrantId], *, at: Moment | None = None
    ) -> tuple[GrantState | None, ...]:
        """Return the states of many grants in their order, in one round trip where possible."""

    def derivations(
        self, pins: Sequence[Pin], *, at: Moment | None = None
    ) -> tuple[Derivation | None, ...]:
        """Return what versions were made of, checked against the digests in storage.

        None for each of which nothing was declared. Raises `DerivationContradicted`.
        """

    def check(self, grant: Clauses | Path, use: Use, *, at: Moment | None = None) -> Verdict:
        """Judge a use under the grant with these clauses, or the sub-grant at the end of a path."""

    def check_all(
        self, asked: Sequence[tuple[Clauses | Path, Use]], *, at: Moment | None = None
    ) -> tuple[Verdict, ...]:
        """Judge many uses at one moment, in one round trip where possible."""

    def grant_suspensions(
        self, grant: GrantId, *, at: Moment | None = None
    ) -> tuple[GrantSuspension, ...]:
        """Return all suspensions that a grant itself has had, in the order of their index."""

    def settled(self, grant: GrantId, *, at: Moment | None = None) -> Settled:
        """Return what is settled of a grant's receipts, all zero before the first."""

    def period(self, grant: GrantId, *, at: Moment | None = None) -> Period | None:
        """Return a grant's quota for each period and its use, None for a grant without one."""

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

    def events_naming(
        self,
        kinds: Sequence[type[Event]],
        field: str,
        subjects: Sequence[Identifier],
        *,
        last: int | None = None,
    ) -> Iterator[Event]:
        """Return events whose indexed field of this name is one of these ids, up to block `last`.

        They come in the order of the chain, in as few round trips as the node allows.
        """
