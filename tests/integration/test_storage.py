"""Words read from storage by their places, against what the contracts' own views say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from registry.chain import wire
from registry.chain.bindings import (
    CertificateRegistry,
    Directory,
    GrantRegistry,
    PartyRegistry,
    ProductRegistry,
    RegistrationDesk,
    UsageMeter,
    WorkCalendar,
)
from registry.chain.questions import Question, ask
from registry.domain import layout
from registry.domain.case_operations import Apply
from registry.domain.clauses import Clauses, Quota
from registry.domain.directory import entry_name
from registry.domain.ids import Address, GrantId, PartyId, ProductId
from registry.domain.operations import (
    Annotate,
    Enrol,
    Issue,
    Register,
    Resume,
    Suspend,
    Transfer,
    Update,
)
from registry.domain.product import Profile
from registry.domain.terms import SigningDomain
from registry.domain.vocabulary import (
    Action,
    AnnotationKind,
    Purpose,
    QuotaUnit,
    Reason,
    Right,
)

if TYPE_CHECKING:
    from registry.chain.layouts import Function
    from registry.domain.operations import Operation
    from registry.domain.storage import KeyValue
    from tests.conftest import World

pytestmark = [pytest.mark.anvil]

FOUNDER, HOLDER, BUYER = 0, 1, 2
ROOT, META, EVIDENCE = b"\xcd" * 32, b"\xab" * 32, bytes(range(32))


class Stored:
    """Read words of a deployment's contracts, and ask its views."""

    def __init__(self, world: World) -> None:
        """Read from the chain of a world."""
        self.world = world
        made = world.deployment
        self.locations: dict[str, Address | None] = {
            "Directory": made.directory,
            "PartyRegistry": made.parties,
            "ProductRegistry": made.products,
            "GrantRegistry": made.grants,
            "UsageMeter": made.meter,
            "WorkCalendar": made.calendar,
            "CertificateRegistry": made.certificates,
            "RegistrationDesk": made.desk,
        }

    def at(self, contract: str) -> Address:
        """Return where a contract is."""
        found = self.locations[contract]
        assert found is not None
        return found

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Return the fields of a stored word."""
        variable = layout.variable(contract, name)
        place = wire.to_data(variable.place(*keys))
        asked = ("eth_getStorageAt", self.at(contract).hex, place, "latest")
        return variable.word.unpack(self.world.rpc.ask(wire.data, *asked))

    def value(self, contract: str, name: str, *keys: KeyValue) -> int:
        """Return the one value of a stored word."""
        return self.word(contract, name, *keys)["value"]

    def packed(self, contract: str, name: str, *keys: KeyValue) -> int:
        """Return a stored word as it is, after taking it apart and putting it together."""
        word = layout.variable(contract, name).word
        return int.from_bytes(word.pack(**self.word(contract, name, *keys)))

    def view(self, contract: str, function: Function, *arguments: Any) -> list[Any]:  # noqa: ANN401
        """Return what a view says, structs laid flat, ids and bytes as numbers."""
        (answer,) = ask(self.world.rpc, [Question(self.at(contract), function, arguments)])
        assert isinstance(answer, tuple), answer
        return _flat(answer)

    def do(self, who: int, operation: Operation) -> Any:  # noqa: ANN401
        """Carry out an operation with one of the accounts; return its first event."""
        account = self.world.accounts[who]
        return self.world.ledger.submit(operation, account=account).events[0]

    def party(self, who: int) -> PartyId:
        """Return the party of an account, enrolled where it is not."""
        account = self.world.accounts[who]
        if self.world.ledger.party_of(account) is None:
            self.do(who, Enrol(identity_hash=bytes([who]) * 32))
        found = self.world.ledger.party_of(account)
        assert found is not None
        return found


def _flat(value: object) -> list[Any]:
    if isinstance(value, tuple | list):
        return [one for part in value for one in _flat(part)]
    if isinstance(value, bytes):
        return [int.from_bytes(value)]
    return [int(value)]  # type: ignore[call-overload]


@pytest.fixture
def stored(world: World) -> Stored:
    """Give a reader of the stored words of a fresh deployment."""
    return Stored(world)


def test_the_directory_keeps_its_entries_where_the_layout_says(stored: Stored) -> None:
    """Names, addresses, hashes of code, the place by name, and the seal."""
    told = stored.view("Directory", Directory.entries)
    count = stored.value("Directory", "entryCount")
    assert len(told) == 3 * count
    for index in range(count):
        words = [
            stored.value("Directory", name, index)
            for name in ("entryNames", "entryLocations", "entryCodeHashes")
        ]
        assert words == told[3 * index : 3 * index + 3]
        name = words[0].to_bytes(32)
        assert stored.value("Directory", "places", name) == index + 1
    assert stored.value("Directory", "places", entry_name("Nothing")) == 0
    assert [stored.value("Directory", "sealedAt")] == stored.view("Directory", Directory.sealed_at)


def test_parties_keys_and_registrars_stand_where_the_layout_says(stored: Stored) -> None:
    """A suspended party, its key and suspensions, its identity, and a registrar with its seat."""
    party, key = stored.party(HOLDER), stored.world.accounts[HOLDER]
    for evidence in (b"e" * 12, b"f" * 12):
        stored.do(FOUNDER, Suspend(party=party, reason=Reason.BREACH, evidence=evidence))
    stored.do(FOUNDER, Resume(party=party, index=0))
    name = "PartyRegistry"
    record = stored.view(name, PartyRegistry.party_record, int(party))
    assert [
        *stored.word(name, "parties", party).values(),
        stored.value(name, "identities", party),
    ] == record
    keyed = stored.view(name, PartyRegistry.key_record, key.raw)
    assert list(stored.word(name, "keys", key).values()) == keyed
    counts = stored.word(name, "suspensionCounts", party)
    assert [counts["total"], counts["live"]] == [2, 1]
    assert stored.view(name, PartyRegistry.suspension_count, int(party)) == [2, 1]
    for index in range(2):
        told = stored.view(name, PartyRegistry.suspension, int(party), index)
        assert list(stored.word(name, "suspensions", party, index).values()) == told
    founder = stored.party(FOUNDER)
    number = stored.value(name, "registrarNumbers", founder)
    assert [number] == stored.view(name, PartyRegistry.registrar_number, int(founder)) == [1]
    seat = stored.word(name, "registrars", number)
    assert [seat["party"], seat["seat"]] == stored.view(name, PartyRegistry.registrar, number)
    assert stored.value(name, "seats", seat["seat"].to_bytes(3)) == number
    assert stored.value(name, "registrarCount") == 1
    assert [stored.value(name, "pausedUntil")] == stored.view(name, PartyRegistry.paused_until)
    authority = stored.world.deployment.authority
    assert authority is not None
    assert stored.word(name, "authority") == {"consuming": 0, "authority": int(authority)}


def _product(stored: Stored, **fields: Any) -> ProductId:  # noqa: ANN401
    stored.party(HOLDER)
    made = stored.do(HOLDER, Register(content_root=ROOT, metadata_hash=META, **fields))
    found: ProductId = made.product
    return found


def test_products_claims_holdings_and_annotations_stand_where_the_layout_says(
    stored: Stored,
) -> None:
    """A product with two versions, moved rights, two claims on its content, and annotations."""
    first, product = _product(stored), _product(stored, salt=5)
    buyer, name = stored.party(BUYER), "ProductRegistry"
    stored.do(HOLDER, Update(product=product, latest=1, content_root=META, metadata_hash=ROOT))
    stored.do(HOLDER, Transfer(product=product, to=buyer, rights=Right.OPERATE))
    for who, kind in ((HOLDER, AnnotationKind.LIMIT), (FOUNDER, AnnotationKind.CONTROL)):
        made = Annotate(product=product, kind=kind, reason=Reason.AUTHORITY, evidence=EVIDENCE)
        stored.do(who, made)
    head = stored.word(name, "heads", product)
    told = stored.view(name, ProductRegistry.head_of, product.raw)
    assert [stored.packed(name, "heads", product)] == told
    known = stored.world.ledger.product(product)
    assert known is not None
    assert (known.latest, known.moved, known.controls) == (2, True, 1)
    assert (head["latest"], head["moved"], head["controls"]) == (2, 1, 1)
    assert (head["applicant"], head["since"]) == (int(known.applicant), known.since)
    (digest,) = stored.view(name, ProductRegistry.version_digest, product.raw, 2)
    assert stored.value(name, "versions", product, 2) == digest
    told = stored.view(name, ProductRegistry.claims, ROOT, 0, 10)
    claims = [
        *stored.word(name, "firstClaims", ROOT).values(),
        *stored.word(name, "claims", ROOT, 1).values(),
    ]
    assert claims == told
    assert claims[0] == int(first)
    count = stored.value(name, "holdingCounts", product)
    held = [
        value
        for index in range(count)
        for value in stored.word(name, "holdings", product, index).values()
    ]
    assert held == stored.view(name, ProductRegistry.holdings, product.raw, 0, 10)
    assert stored.value(name, "openHoldings", product, buyer) in range(1, count + 1)
    noted = [
        value
        for index in range(2)
        for value in stored.word(name, "annotations", product, index).values()
    ]
    assert noted == stored.view(name, ProductRegistry.annotations, product.raw, 0, 10)
    assert stored.word(name, "annotationCounts", product) == {"live": 2, "total": 2}


def test_grants_and_their_periods_stand_where_the_layout_says(stored: Stored) -> None:
    """A grant with a quota for each period."""
    product, grantor, grantee = _product(stored), stored.party(HOLDER), stored.party(BUYER)
    clauses = Clauses(
        product=product,
        grantor=grantor,
        grantee=grantee,
        rights=Right.USE,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        quota=Quota(unit=QuotaUnit.CALL, total=100, per_period=10, period=86_400),
    )
    stored.do(HOLDER, Issue(clauses=clauses))
    made, name = stored.world.deployment, "GrantRegistry"
    grant = clauses.digest(SigningDomain(chain_id=made.chain_id, verifying_contract=made.grants))
    told = stored.view(name, GrantRegistry.state_of, grant.raw)
    assert list(stored.word(name, "grants", grant).values()) == told
    period = stored.view(name, GrantRegistry.period_of, grant.raw)
    assert [stored.packed(name, "periods", grant)] == period != [0]
    assert stored.word(name, "suspensionCounts", grant) == {"live": 0, "total": 0}
    unknown = GrantId.of(1)
    assert set(stored.word(name, "grants", unknown).values()) == {0}
    settled = stored.view("UsageMeter", UsageMeter.settled_of, grant.raw)
    assert set(stored.word("UsageMeter", "settled", grant).values()) == set(settled)


def test_cases_and_the_calendar_stand_where_the_layout_says(stored: Stored) -> None:
    """A case that was filed, and the days that are loaded."""
    stored.party(HOLDER)
    registration = Register(content_root=ROOT, metadata_hash=META)
    applied = Apply(
        registration=registration, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE
    )
    product, name = stored.do(HOLDER, applied).product, "RegistrationDesk"
    told = stored.view(name, RegistrationDesk.case_record, product.raw, 0)
    assert list(stored.word(name, "cases", product, 0).values()) == told
    pending = stored.view(name, RegistrationDesk.pending_of, product.raw, 0)
    assert [stored.value(name, "pending", product, 0)] == pending
    docket = stored.view(name, RegistrationDesk.docket_of, product.raw)
    assert sorted(stored.word(name, "dockets", product).values()) == sorted(docket)
    record = stored.view("CertificateRegistry", CertificateRegistry.code_record, product.raw)
    assert set(stored.word("CertificateRegistry", "codeRecords", product).values()) == set(record)
    days = stored.word("WorkCalendar", "days")
    assert [days["endDay"]] == stored.view("WorkCalendar", WorkCalendar.end_day)
    stopped = stored.view("WorkCalendar", WorkCalendar.stopped)
    assert [days["stoppedFrom"], days["stoppedUntil"]] == stopped
    word = days["endDay"] // 256
    exceptions = stored.view("WorkCalendar", WorkCalendar.exceptions, word)
    assert [stored.value("WorkCalendar", "exceptions", word)] == exceptions
    assert exceptions != [0]
