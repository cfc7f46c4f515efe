"""Hold the clauses of a grant: who may do what with which product, for what, when and how much.

Whatever can be held here is well formed by itself; whether the parties and the product allow it,
the chain decides.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from registry.domain import clauses_codec, terms
from registry.domain.grant import UNLIMITED
from registry.domain.ids import GrantId, PartyId, ProductId
from registry.domain.times import show_time
from registry.domain.vocabulary import (
    Action,
    DerivedRights,
    Environment,
    Form,
    Mode,
    Obligation,
    PriceModel,
    Purpose,
    QuotaUnit,
    Right,
    SubDelegation,
    Template,
)
from registry.errors import ClauseRefused
from registry.records import dataclass

if TYPE_CHECKING:
    from registry.domain.terms import Raw, SigningDomain

MAX_DEPTH: Final = 8
MAX_NOTICE_DAYS: Final = 63
MAX_TIME: Final = 2**32 - 1
"""Storage keeps times in 32 bits, good until 2106."""

_ANYWHERE: Final = Environment(0)
_NOTHING_OWED: Final = Obligation(0)
_U64: Final = 2**64 - 1
_HASH_BYTES: Final = 32

E = TypeVar("E", bound=IntEnum)


class Clause(IntEnum):
    """Name one clause, so that a refusal can say which."""

    LAYOUT = 0
    FORM = 1
    TEMPLATE = 2
    MODE = 3
    RIGHTS = 4
    SUB_DELEGATION = 5
    DEPTH = 6
    NOTICE_DAYS = 7
    ENVIRONMENT = 8
    QUOTA_UNIT = 9
    VERSION = 10
    PRODUCT = 11
    GRANTOR = 12
    GRANTEE = 13
    QUOTA_TOTAL = 14
    SALT = 15
    VALID_FROM = 16
    VALID_UNTIL = 17
    ACTIONS = 18
    PURPOSES = 19
    OBLIGATIONS = 20
    OFFER_UNTIL = 21
    ACCEPTANCE_DAYS = 22
    DERIVED_RIGHTS = 23
    OPTIONS = 24
    TEXT = 25
    AGREEMENT = 26
    REPLACES = 27
    SCOPE = 28
    FILING = 29
    SERVICE_PARTY = 30
    PERIOD = 31
    PRICE = 32
    TERRITORY = 33


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hold when a grant may be used, in seconds since 1970: from `start` on, before `until`.

    `start` None is at once, `until` None is without an end.
    """

    start: int | None = None
    until: int | None = None

    def __post_init__(self) -> None:
        for clause, time in ((Clause.VALID_FROM, self.start), (Clause.VALID_UNTIL, self.until)):
            if time is not None:
                _within(clause, time, 1, MAX_TIME)
        if self.until is not None and self.until <= (self.start or 0):
            raise _refused(Clause.VALID_UNTIL, show_time(self.until), "end-before-start")

    def contains(self, time: int) -> bool:
        """Tell whether a time, in seconds since 1970, lies in the window."""
        return (self.start or 0) <= time and (self.until is None or time < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """Hold how many units may be used in all, and in each period of so many seconds, 0 for none."""

    unit: QuotaUnit
    total: int
    per_period: int = 0
    period: int = 0

    def __post_init__(self) -> None:
        if self.unit is QuotaUnit.NONE:
            raise _refused(Clause.QUOTA_UNIT, self.unit.name, "needs-unit")
        _within(Clause.QUOTA_TOTAL, self.total, 1, UNLIMITED - 1)
        _within(Clause.PERIOD, self.per_period, 0, self.total)
        _within(Clause.PERIOD, self.period, 0, MAX_TIME)
        if (self.per_period == 0) != (self.period == 0):
            raise _refused(Clause.PERIOD, f"{self.per_period}/{self.period}", "incomplete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Hold how it is paid: amounts in minor units of the ISO 4217 numeric `currency`.

    `unit` is the price of one unit of the quota or of the whole, `cap` the highest price, 0 for
    none.
    """

    model: PriceModel
    currency: int = 0
    unit: int = 0
    cap: int = 0

    def __post_init__(self) -> None:
        _within(Clause.PRICE, self.currency, 0, 2**16 - 1)
        _within(Clause.PRICE, self.unit, 0, self.cap or _U64)
        _within(Clause.PRICE, self.cap, 0, _U64)
        if self.model is PriceModel.NONE:
            raise _refused(Clause.PRICE, self.model.name, "needs-model")
        if self.model is PriceModel.FREE and (self.currency or self.unit or self.cap):
            raise _refused(Clause.PRICE, self.unit, "free-has-no-price")


_ALWAYS: Final = Window()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """Hold the clauses of a grant.

    `version` 0 is every version; `environment` 0 is anywhere; no `quota` is without limit; an empty
    `territory` is everywhere, else at most 16 codes, ascending. `text`, `agreement`, `scope` and
    `filing` are 32-byte hashes. Raises `ClauseRefused`, naming the clause.
    """

    product: ProductId
    grantor: PartyId
    grantee: PartyId
    actions: Action
    purposes: Purpose
    rights: Right = Right.USE
    version: int = 0
    window: Window = _ALWAYS
    quota: Quota | None = None
    environment: Environment = _ANYWHERE
    territory: tuple[int, ...] = ()
    obligations: Obligation = _NOTHING_OWED
    sub_delegation: SubDelegation = SubDelegation.NONE
    depth: int = 0
    notice_days: int = 0
    derived_rights: DerivedRights = DerivedRights.NONE
    price: Price | None = None
    form: Form = Form.ONE_SIDED
    template: Template = Template.NONE
    mode: Mode = Mode.NONE
    offer_until: int | None = None
    acceptance_days: int = 0
    service_party: PartyId | None = None
    replaces: GrantId | None = None
    text: bytes | None = None
    agreement: bytes | None = None
    scope: bytes | None = None
    filing: bytes | None = None
    salt: int = 0

    def __post_init__(self) -> None:
        self._check_masks()
        self._check_numbers()
        self._check_hashes()
        self._check_territory()

    def _check_masks(self) -> None:
        _known(Clause.RIGHTS, self.rights, Right.ALL)
        _known(Clause.ACTIONS, self.actions, Action.ALL)
        _known(Clause.PURPOSES, self.purposes, Purpose.ALL)
        _known(Clause.ENVIRONMENT, self.environment, Environment.ALL)
        _known(Clause.OBLIGATIONS, self.obligations, Obligation.ALL)
        # Whoever is entrusted with processing gets no right in the data, unless the clauses say so.
        if not self.rights and self.template is not Template.ENTRUSTMENT:
            raise _refused(Clause.RIGHTS, 0, "empty")
        if not self.actions:
            raise _refused(Clause.ACTIONS, 0, "empty")
        if not self.purposes:
            raise _refused(Clause.PURPOSES, 0, "empty")

    def _check_numbers(self) -> None:
        _within(Clause.VERSION, self.version, 0, 2**16 - 1)
        _within(Clause.NOTICE_DAYS, self.notice_days, 0, MAX_NOTICE_DAYS)
        _within(Clause.ACCEPTANCE_DAYS, self.acceptance_days, 0, 2**16 - 1)
        _within(Clause.SALT, self.salt, 0, _U64)
        if self.offer_until is not None:
            _within(Clause.OFFER_UNTIL, self.offer_until, 1, 2**40 - 1)
        if self.sub_delegation is SubDelegation.NONE and self.depth:
            raise _refused(Clause.DEPTH, self.depth, "needs-sub-delegation")
        if self.sub_delegation is not SubDelegation.NONE:
            _within(Clause.DEPTH, self.depth, 1, MAX_DEPTH)

    def _check_hashes(self) -> None:
        for clause, value in (
            (Clause.TEXT, self.text),
            (Clause.AGREEMENT, self.agreement),
            (Clause.SCOPE, self.scope),
            (Clause.FILING, self.filing),
        ):
            if value is None:
                continue
            if len(value) != _HASH_BYTES:
                raise _refused(clause, "0x" + value.hex(), "not-32-bytes")
            if not any(value):
                raise _refused(clause, "0x" + value.hex(), "zero")
        for clause, named in (
            (Clause.REPLACES, self.replaces),
            (Clause.SERVICE_PARTY, self.service_party),
        ):
            if named is not None and not named:
                raise _refused(clause, str(named), "zero")

    def _check_territory(self) -> None:
        if len(self.territory) > clauses_codec.MAX_TERRITORIES:
            raise _refused(Clause.TERRITORY, len(self.territory), "too-many")
        before = 0
        for code in self.territory:
            _within(Clause.TERRITORY, code, 1, 2**32 - 1)
            if code <= before:
                raise _refused(Clause.TERRITORY, code, "unsorted")
            before = code

    def raw(self) -> dict[str, Raw]:
        """Return every clause as it is hashed, by its name in the EIP-712 type."""
        quota, price = self.quota, self.price
        return {
            "form": self.form,
            "template": self.template,
            "mode": self.mode,
            "rights": self.rights,
            "subDelegation": self.sub_delegation,
            "depth": self.depth,
            "noticeDays": self.notice_days,
            "environment": self.environment,
            "quotaUnit": quota.unit if quota else 0,
            "version": self.version,
            "product": self.product.raw,
            "grantor": int(self.grantor),
            "grantee": int(self.grantee),
            "quotaTotal": quota.total if quota else 0,
            "salt": self.salt,
            "validFrom": self.window.start or 0,
            "validUntil": self.window.until or 0,
            "actions": self.actions,
            "purposes": self.purposes,
            "obligations": self.obligations,
            "offerUntil": self.offer_until or 0,
            "acceptanceDays": self.acceptance_days,
            "derivedRights": self.derived_rights,
            "text": self.text or bytes(32),
            "agreement": self.agreement or bytes(32),
            "replaces": self.replaces.raw if self.replaces else bytes(32),
            "scope": self.scope or bytes(32),
            "filing": self.filing or bytes(32),
            "serviceParty": int(self.service_party) if self.service_party else 0,
            "periodQuota": quota.per_period if quota else 0,
            "periodLength": quota.period if quota else 0,
            "priceModel": price.model if price else 0,
            "currency": price.currency if price else 0,
            "unitPrice": price.unit if price else 0,
            "capPrice": price.cap if price else 0,
            "territory": self.territory,
        }

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return the clauses with these values by name; raises `ClauseRefused`."""
        return cls(
            form=_member(Clause.FORM, Form, raw["form"]),
            template=_member(Clause.TEMPLATE, Template, raw["template"]),
            mode=_member(Clause.MODE, Mode, raw["mode"]),
            rights=Right(raw["rights"]),
            sub_delegation=_member(Clause.SUB_DELEGATION, SubDelegation, raw["subDelegation"]),
            depth=raw["depth"],
            notice_days=raw["noticeDays"],
            environment=Environment(raw["environment"]),
            quota=_quota(raw),
            version=raw["version"],
            product=ProductId(raw["product"]),
            grantor=PartyId.of(raw["grantor"]),
            grantee=PartyId.of(raw["grantee"]),
            salt=raw["salt"],
            window=Window(start=raw["validFrom"] or None, until=raw["validUntil"] or None),
            actions=Action(raw["actions"]),
            purposes=Purpose(raw["purposes"]),
            obligations=Obligation(raw["obligations"]),
            offer_until=raw["offerUntil"] or None,
            acceptance_days=raw["acceptanceDays"],
            derived_rights=_member(Clause.DERIVED_RIGHTS, DerivedRights, raw["derivedRights"]),
            text=_hash(raw["text"]),
            agreement=_hash(raw["agreement"]),
            replaces=GrantId(raw["replaces"]) if any(raw["replaces"]) else None,
            scope=_hash(raw["scope"]),
            filing=_hash(raw["filing"]),
            service_party=PartyId.of(raw["serviceParty"]) if raw["serviceParty"] else None,
            price=_price(raw),
            territory=raw["territory"],
        )

    def pack(self) -> bytes:
        """Return the packed form that the contracts take."""
        return clauses_codec.pack(self.raw())

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Read the packed form; raises `ClausesUnreadable` and `ClauseRefused`."""
        return cls.from_raw(clauses_codec.unpack(packed))

    def clauses_hash(self) -> bytes:
        """Return the EIP-712 hash of the clauses, 32 bytes."""
        return terms.clauses_hash(self.raw())

    def digest(self, domain: SigningDomain, parent: GrantId | None = None) -> GrantId:
        """Return the id of the grant with these clauses under `parent`, or under none."""
        return terms.terms_digest(domain, parent, self.clauses_hash())

    def typed_data(self, domain: SigningDomain, parent: GrantId | None = None) -> dict[str, Any]:
        """Return the terms as wallets take them for `eth_signTypedData_v4`."""
        return terms.typed_data(domain, parent, self.raw())


def _quota(raw: dict[str, Any]) -> Quota | None:
    unit = _member(Clause.QUOTA_UNIT, QuotaUnit, raw["quotaUnit"])
    if unit is QuotaUnit.NONE:
        _within(Clause.QUOTA_TOTAL, raw["quotaTotal"], 0, 0)
        _within(Clause.PERIOD, raw["periodQuota"] or raw["periodLength"], 0, 0)
        return None
    return Quota(
        unit=unit,
        total=raw["quotaTotal"],
        per_period=raw["periodQuota"],
        period=raw["periodLength"],
    )


def _price(raw: dict[str, Any]) -> Price | None:
    model = _member(Clause.PRICE, PriceModel, raw["priceModel"])
    if model is PriceModel.NONE:
        _within(Clause.PRICE, raw["currency"] or raw["unitPrice"] or raw["capPrice"], 0, 0)
        return None
    return Price(model=model, currency=raw["currency"], unit=raw["unitPrice"], cap=raw["capPrice"])


def _hash(value: bytes) -> bytes | None:
    return value if any(value) else None


def _member(clause: Clause, kind: type[E], value: int) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise _refused(clause, value, "out-of-range") from error


def _known(clause: Clause, mask: int, known: int) -> None:
    if int(mask) & ~int(known):
        raise _refused(clause, int(mask), "unknown-bits")


def _within(clause: Clause, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise _refused(clause, value, "out-of-range")


def _refused(clause: Clause, given: object, problem: str) -> ClauseRefused:
    name = clause.name.lower().replace("_", "-")
    return ClauseRefused(clause=name, given=str(given), problem=problem)
