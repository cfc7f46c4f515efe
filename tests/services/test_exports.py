"""Exports and credentials without a chain: the services on the ledger in memory."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from registry.client import Dengji
from registry.domain.application import Application
from registry.domain.calendar import add_months, day_of, start_of
from registry.domain.case_events import CaseFiled
from registry.domain.case_operations import Apply, EnterCase, Proceed
from registry.domain.clauses import Quota
from registry.domain.exports.credentials import of_certificate
from registry.domain.exports.status import Status
from registry.domain.flow_table import Act
from registry.domain.grant import GrantState
from registry.domain.ids import GrantId, ProductId
from registry.domain.metadata import Metadata
from registry.domain.moment import AtBlock, Moment
from registry.domain.operations import Register
from registry.domain.party import Role
from registry.domain.product import Product, Profile
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import (
    Action,
    Activity,
    AnnotationKind,
    Purpose,
    QuotaUnit,
    Reason,
    SubDelegation,
)
from registry.errors import (
    CredentialUnreadable,
    DescriptionNeeded,
    DescriptionOther,
    ManifestNeeded,
    StateUnavailable,
)
from registry.reverts import GrantUnknown, ProductUnknown
from registry.services.deriving import Made, Wanted
from registry.testing import MemoryLedger, account, memory_client

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(
    json.loads((ROOT / "docs/schemas/credential.schema.json").read_bytes()),
    format_checker=FormatChecker(),
)
STORY = ROOT / "tests" / "applications" / "battery_cycles.toml"
EVIDENCE = sha256(b"evidence").digest()
DESCRIBED = Metadata(data_name="plots", summary="two plots")


@pytest.fixture
def product(holder: Dengji, data: Path) -> ProductId:
    """Return a registered product."""
    return holder.products.register(data, metadata=DESCRIBED).product.id


@pytest.fixture
def grant(holder: Dengji, buyer: Dengji, product: ProductId) -> GrantId:
    """Return a grant of ten calls to the buyer."""
    return holder.grants.issue(
        product=product,
        to=buyer.parties.mine().id,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        until="90d",
        quota=Quota(unit=QuotaUnit.CALL, total=10),
    ).id


def written(client: Dengji, subject: ProductId | GrantId) -> dict[str, Any]:
    """Return the credential of a product or a grant, as its file has it."""
    exports = client.exports
    if isinstance(subject, GrantId):
        return exports.grant(subject)
    made = exports.product(subject, "vc")
    assert isinstance(made, dict)
    return made


def status(client: Dengji, document: dict[str, Any]) -> Status:
    """Return what a credential is worth now."""
    return client.exports.verify(json.dumps(document).encode()).status


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401
    """Yield the way to each plain value of a document."""
    if isinstance(value, dict | list) and value:
        keys = value.keys() if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield from leaves(value[key], (*path, key))
    else:
        yield path


def changed(document: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    """Return a copy of a document with one plain value made another of its type."""
    made: dict[str, Any] = json.loads(json.dumps(document))
    copy: Any = made
    for key in path[:-1]:
        copy = copy[key]
    value = copy[path[-1]]
    if isinstance(value, str):
        end = "0" if value[-1:] != "0" else "2"
        copy[path[-1]] = value[:-1] + end
    else:
        copy[path[-1]] = value + 1 if isinstance(value, int) else ["x"]
    return made


def test_a_product_is_in_force_until_it_is_not(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, product: ProductId, data: Path
) -> None:
    """The status follows the record: in force, disputed, superseded, retired."""
    shown = written(holder, product)
    assert list(SCHEMA.iter_errors(shown)) == []
    assert shown["credentialSubject"]["metadata"] == DESCRIBED.to_mapping()
    found = buyer.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.latest, found.compared) == (Status.IN_FORCE, 1, True)
    founder = memory_client(holder.ledger, number=0, enrol=False)
    for _ in range(2):
        founder.registrars.give(buyer.parties.mine().id, Role.COURT)
        ledger.advance(5 * 86_400)
    buyer.products.annotate(product, AnnotationKind.DISPUTE)
    assert status(buyer, shown) is Status.DISPUTED
    (data / "d.csv").write_text("7\n")
    holder.products.update(product, data)
    assert status(buyer, shown) is Status.SUPERSEDED
    newer = written(holder, product)
    assert newer["credentialStatus"]["version"] == 2
    holder.products.retire(product)
    assert (status(buyer, shown), status(buyer, newer)) == (Status.RETIRED, Status.RETIRED)


def test_a_past_moment_has_the_status_of_then(
    holder: Dengji, product: ProductId, grant: GrantId
) -> None:
    """What is revoked now was in force before."""
    before = holder.ledger.moment().block
    shown = json.dumps(written(holder, grant)).encode()
    holder.grants.revoke(grant)
    holder.products.retire(product)
    assert holder.exports.verify(shown).status is Status.REVOKED
    assert holder.exports.verify(shown, at=AtBlock(before)).status is Status.IN_FORCE


def test_a_grant_is_judged_with_all_it_rests_on(
    holder: Dengji, buyer: Dengji, product: ProductId, grant: GrantId
) -> None:
    """A grant whose product has ended stands, and cannot be used, which is said with the reason."""
    shown = written(holder, grant)
    assert list(SCHEMA.iter_errors(shown)) == []
    found = buyer.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.verdict) == (Status.IN_FORCE, Verdict.OK)
    assert found.until is not None
    holder.agreements.suspend(grant)
    assert status(buyer, shown) is Status.SUSPENDED
    holder.agreements.resume(grant, 0)
    holder.products.retire(product)
    found = buyer.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.verdict) == (Status.UNUSABLE, Verdict.PRODUCT_NOT_IN_FORCE)
    holder.grants.revoke(grant)
    assert status(buyer, shown) is Status.REVOKED


def test_a_used_up_grant_is_exhausted(holder: Dengji, buyer: Dengji, grant: GrantId) -> None:
    """Nothing left of the quota is told apart from a grant that ended."""
    shown = written(holder, grant)
    used = buyer.grants.get(grant)
    buyer.usages.record(used, action=Action.READ, purpose=Purpose.RESEARCH, amount=10)
    assert status(holder, shown) is Status.EXHAUSTED


def test_a_used_up_period_and_what_a_sub_grant_rests_on_count(
    holder: Dengji, buyer: Dengji, product: ProductId
) -> None:
    """Until the next period a grant cannot be used, nor can one below it: neither is in force."""
    ledger = holder.ledger
    assert isinstance(ledger, MemoryLedger)
    terms: dict[str, Any] = {
        "product": product,
        "actions": Action.READ,
        "purposes": Purpose.RESEARCH,
        "quota": Quota(unit=QuotaUnit.CALL, total=10, per_period=2, period=3600),
    }
    above = holder.grants.issue(
        **terms, to=buyer.parties.mine().id, sub_delegation=SubDelegation.FREE, depth=1
    )
    third = memory_client(ledger, number=7).parties.mine().id
    below = buyer.agreements.issue_under(buyer.grants.clauses(**terms, to=third), above.id)
    shown = [written(holder, one.id) for one in (above, below)]
    buyer.usages.record(above, action=Action.READ, purpose=Purpose.RESEARCH, amount=2)
    assert [status(holder, one) for one in shown] == [Status.EXHAUSTED, Status.UNUSABLE]
    ledger.advance(3600)
    assert [status(holder, one) for one in shown] == [Status.IN_FORCE, Status.IN_FORCE]


@pytest.mark.parametrize("subject", ["product", "grant"])
def test_no_changed_value_passes(
    holder: Dengji, product: ProductId, grant: GrantId, subject: str
) -> None:
    """Whatever single value is changed, the credential is altered, of another place, or unread."""
    shown = written(holder, product if subject == "product" else grant)
    assert status(holder, shown) is Status.IN_FORCE
    told: dict[Status | str, int] = {}
    for path in leaves(shown):
        try:
            found: Status | str = status(holder, changed(shown, path))
        except CredentialUnreadable:
            found = "unreadable"
        assert found not in (Status.IN_FORCE, Status.DISPUTED), path
        told[found] = told.get(found, 0) + 1
    assert told[Status.ALTERED] > 10
    assert told[Status.OTHER_CHAIN] == 2


JUNK: tuple[Any, ...] = (None, True, -1, 1e300, "", "x", [], [[]], {}, {"id": "urn:x"})


def junked(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield copies of a document with one value, plain or not, made something else."""
    ways = {way[:i] for way in leaves(document) for i in range(1, len(way) + 1)}
    for way in sorted(ways, key=str):
        for junk in JUNK:
            made: dict[str, Any] = json.loads(json.dumps(document))
            inner: Any = made
            for key in way[:-1]:
                inner = inner[key]
            inner[way[-1]] = junk
            if made != document:
                yield made


@pytest.mark.parametrize("subject", ["product", "grant"])
def test_junk_anywhere_is_told_or_refused(
    holder: Dengji, product: ProductId, grant: GrantId, subject: str
) -> None:
    """Whatever stands in place of a value, nothing but the one error is raised, nothing passes."""
    shown = written(holder, product if subject == "product" else grant)
    # Two known terms and no others are read, in the order in which they stand.
    assert shown["termsOfUse"][1] == {"type": "LocalChainNoEvidence"}
    for made in junked(shown):
        try:
            found = status(holder, made)
        except CredentialUnreadable:
            continue
        assert found not in (Status.IN_FORCE, Status.DISPUTED), made


@pytest.mark.parametrize("subject", ["product", "grant"])
def test_nothing_is_added_or_left_out(
    holder: Dengji, product: ProductId, grant: GrantId, subject: str
) -> None:
    """A field more or less shows, by its path."""
    shown = written(holder, product if subject == "product" else grant)
    more = {**shown, "credentialSubject": {**shown["credentialSubject"], "price": "free"}}
    found = holder.exports.verify(json.dumps(more).encode())
    assert (found.status, found.differing) == (Status.ALTERED, ("credentialSubject.price",))
    less = {name: value for name, value in shown.items() if name != "validFrom"}
    found = holder.exports.verify(json.dumps(less).encode())
    assert (found.status, found.differing) == (Status.ALTERED, ("validFrom",))


def test_a_description_may_be_left_out_or_be_another(holder: Dengji, product: ProductId) -> None:
    """Without its description a credential is whole; with another one it is altered."""
    shown = written(holder, product)
    described = shown["credentialSubject"].pop("metadata")
    assert status(holder, shown) is Status.IN_FORCE
    shown["credentialSubject"]["metadata"] = described | {"summary": "three plots"}
    assert status(holder, shown) is Status.ALTERED
    shown["credentialSubject"]["metadata"] = "plots"
    assert status(holder, shown) is Status.ALTERED


def test_another_ledger_knows_nothing_of_it(
    holder: Dengji, product: ProductId, grant: GrantId
) -> None:
    """A subject without a record is unknown, a version that never was as well."""
    other = memory_client()
    for number in range(2, holder.ledger.moment().block + 1):
        memory_client(other.ledger, number=number)
    assert other.ledger.moment().block >= holder.ledger.moment().block
    for subject in (product, grant):
        assert status(other, written(holder, subject)) is Status.UNKNOWN
    shown = written(holder, product)
    for never in (0, 9):
        shown["credentialStatus"]["version"] = never
        assert status(holder, shown) is Status.UNKNOWN


def test_a_block_that_is_not_there_yet_is_no_evidence(holder: Dengji, product: ProductId) -> None:
    """Of a block beyond the node's head nothing can be said; one with another hash is altered."""
    shown = written(holder, product)
    shown["asOf"]["block"] += 10_000
    found = holder.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.status.exit_code) == (Status.AHEAD, 4)
    assert (found.differing, found.compared) == ((), False)
    shown = written(holder, product)
    shown["asOf"]["blockHash"] = "0x" + "00" * 32
    found = holder.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.differing) == (Status.ALTERED, ("asOf.blockHash",))


@pytest.mark.parametrize("known", [True, False])
def test_a_node_that_lags_behind_accuses_nobody(
    ledger: MemoryLedger, holder: Dengji, data: Path, *, known: bool
) -> None:
    """What was registered or exported since its newest block is undecidable there."""
    behind = copy.deepcopy(ledger)
    product = holder.products.register(data).product.id
    if known:
        behind = copy.deepcopy(ledger)
        memory_client(ledger, number=7)
    shown = written(holder, product)
    lagging = Dengji(behind, account(1))
    assert status(lagging, shown) is Status.AHEAD
    assert status(holder, shown) is Status.IN_FORCE


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100,
        b'{"type": ["VerifiableCredential", "Diploma"]}',
        b'{"type": ["VerifiableCredential", "DataUseGrant"]}',
        b'{"type": ["VerifiableCredential", "DataUseGrant"], "credentialStatus": {"type": "X"}}',
        json.dumps(
            {
                "type": ["VerifiableCredential", "DataUseGrant"],
                "credentialStatus": {"type": "DengjiRecord", "grant": "grant1x"},
            }
        ).encode(),
    ],
)
def test_what_is_no_credential_of_ours_is_refused(holder: Dengji, raw: bytes) -> None:
    """What cannot be read is refused with the field that is wrong."""
    with pytest.raises(CredentialUnreadable) as error:
        holder.exports.verify(raw)
    assert error.value.field


def test_a_credential_that_says_a_thing_twice_is_refused(holder: Dengji, data: Path) -> None:
    """Readers differ in which of two members of a name they take, so none is taken."""
    product = holder.products.register(data).product.id
    document = holder.exports.product(product, "vc")
    raw = json.dumps(document).encode()
    assert holder.exports.verify(raw).status is Status.IN_FORCE
    twice = raw.replace(b'"contentRoot":', b'"contentRoot": "0x00", "contentRoot":', 1)
    assert twice != raw
    with pytest.raises(CredentialUnreadable) as error:
        holder.exports.verify(twice)
    assert error.value.reason == "not-json"


def test_what_is_not_on_record_is_not_exported(holder: Dengji) -> None:
    """A product or grant that the ledger does not know has no export."""
    with pytest.raises(ProductUnknown):
        holder.exports.product(ProductId(b"\1" * 20), "vc")
    with pytest.raises(GrantUnknown):
        holder.exports.grant(GrantId(b"\1" * 32))


def test_a_description_is_needed_where_the_format_describes(
    buyer: Dengji, product: ProductId
) -> None:
    """Who keeps no manifest gives the registered description, and no other one."""
    with pytest.raises(DescriptionNeeded):
        buyer.exports.product(product, "dcat")
    with pytest.raises(DescriptionOther):
        buyer.exports.product(product, "dcat", metadata=Metadata(data_name="plots"))
    made = buyer.exports.product(product, "dcat", metadata=DESCRIBED)
    assert isinstance(made, dict)
    assert made["@graph"][0]["dct:title"] == "plots"
    with pytest.raises(ManifestNeeded):
        buyer.exports.product(product, "datapackage", metadata=DESCRIBED)
    assert "metadata" not in written(buyer, product)["credentialSubject"]


@pytest.mark.parametrize("form", ["prov", "vc", "openlineage"])
def test_a_private_registration_gives_nothing_away(holder: Dengji, data: Path, form: str) -> None:
    """Of a private product no export has the name, the summary or a file's name."""
    product = holder.products.register(data, metadata=DESCRIBED, private=True).product.id
    told = json.dumps(holder.exports.product(product, form))
    assert not [word for word in ("plots", "two plots", "a.csv") if f'"{word}' in told]
    for describing in ("dcat", "datapackage", "croissant"):
        with pytest.raises(DescriptionNeeded):
            holder.exports.product(product, describing)


def test_the_files_come_from_the_manifest(holder: Dengji, product: ProductId) -> None:
    """A data package lists what was registered, in the manifest's order."""
    made = holder.exports.product(product, "datapackage")
    assert isinstance(made, dict)
    assert [one["path"] for one in made["resources"]] == ["a.csv", "b.csv", "sub/c.csv"]


def test_the_lineage_is_told_up_to_its_roots(
    holder: Dengji, buyer: Dengji, product: ProductId, tmp_path: Path
) -> None:
    """A product made of another's data names that, what it was made of, and the grant between."""
    clean, model = tmp_path / "clean.csv", tmp_path / "model.bin"
    clean.write_text("clean\n")
    model.write_text("model\n")
    cleaned = holder.products.register(
        clean, made=Made(sources=(Wanted(product=product),), activity=Activity.CLEANING)
    ).product.id
    grant = holder.grants.issue(
        product=cleaned,
        to=buyer.parties.mine().id,
        actions=Action.DERIVE,
        purposes=Purpose.RESEARCH | Purpose.INSURANCE,
    ).id
    made = Made(
        sources=(Wanted(product=cleaned, grant=grant),),
        activity=Activity.MODEL_TRAINING,
        purposes=Purpose.RESEARCH,
        method=b"\x07" * 32,
    )
    trained = buyer.products.register(model, made=made).product.id

    record = buyer.exports.record(trained)
    assert [one.product for one in record.derivations] == [cleaned, trained]
    told = buyer.exports.product(trained, "prov")
    assert isinstance(told, dict)
    derived = [
        (one["prov:generatedEntity"], one["prov:usedEntity"])
        for one in told["wasDerivedFrom"].values()
    ]
    assert sorted(derived) == sorted(
        [
            (f"version:{trained}.1", f"version:{cleaned}.1"),
            (f"version:{cleaned}.1", f"version:{product}.1"),
        ]
    )
    assert f"grant:{grant}" in told["entity"]
    events = buyer.exports.product(trained, "openlineage")
    assert [one["eventType"] for one in events] == ["START", "COMPLETE"]  # type: ignore[index]
    described = buyer.exports.product(trained, "dcat", metadata=Metadata.named_after(model))
    assert isinstance(described, dict)
    assert described["@graph"][0]["prov:wasDerivedFrom"] == [
        {"@id": f"urn:dengji:version:{cleaned}.1"}
    ]


def test_an_earlier_block_has_the_versions_of_then(
    holder: Dengji, product: ProductId, data: Path
) -> None:
    """As of a past block only what was on record then is told."""
    before = holder.ledger.moment().block
    (data / "d.csv").write_text("7\n")
    holder.products.update(product, data)
    exports = holder.exports
    now, then = exports.record(product), exports.record(product, at=AtBlock(before))
    assert [one.number for one in now.versions] == [1, 2]
    assert then.versions == now.versions[:1]
    assert (then.product.latest, then.moment.block) == (1, before)


class Pruned(MemoryLedger):
    """A ledger whose node keeps no state of blocks up to one."""

    forgotten = -1

    def product(self, product: ProductId, *, at: Moment | None = None) -> Product | None:
        """Return a product where its state is kept."""
        self._require(at)
        return super().product(product, at=at)

    def grant(self, grant: GrantId, *, at: Moment | None = None) -> GrantState | None:
        """Return a grant where its state is kept."""
        self._require(at)
        return super().grant(grant, at=at)

    def _require(self, at: Moment | None) -> None:
        if at is not None and at.block <= self.forgotten:
            raise StateUnavailable(url="", block=at.block)


@pytest.mark.parametrize("subject", ["product", "grant"])
def test_without_past_state_only_what_cannot_change_is_compared(
    tmp_path: Path, subject: str
) -> None:
    """Where the state of then is gone, an end that has moved since is no alteration; it is said."""
    ledger = Pruned()
    client = memory_client(ledger, home=tmp_path / "home")
    (tmp_path / "a.csv").write_text("1\n")
    product = client.products.register(tmp_path / "a.csv", metadata=DESCRIBED).product.id
    given = client.grants.issue(
        product=product,
        to=memory_client(ledger, number=2).parties.mine().id,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        until="90d",
    )
    shown = written(client, product if subject == "product" else given.id)
    ledger.forgotten = ledger.moment().block
    if subject == "product":
        client.products.retire(product)
    else:
        client.grants.revoke(given.id)
    found = client.exports.verify(json.dumps(shown).encode())
    ended = {"product": Status.RETIRED, "grant": Status.REVOKED}
    assert (found.status, found.compared) == (ended[subject], False)
    shown["credentialSubject"]["transaction"] = "0x" + "00" * 32
    found = client.exports.verify(json.dumps(shown).encode())
    assert found.differing == ("credentialSubject.transaction",)


def test_a_code_given_since_is_no_alteration(tmp_path: Path) -> None:
    """Without the state of then, no code may be shown of a time before there was one; no other."""
    ledger = Pruned()
    holder = memory_client(ledger)
    registrar = memory_client(ledger, number=0, enrol=False, home=tmp_path)
    item = Register(content_root=sha256(b"content").digest(), metadata_hash=bytes(32))
    applied = Apply(registration=item, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE)
    receipt = holder._actor.submit(applied)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    early = written(holder, product)
    submit = registrar._actor.submit
    submit(Proceed(product=product, index=0, act=Act.ACCEPT))
    submit(Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE))
    until = start_of(add_months(day_of(ledger.moment().time), 12))
    submit(EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until))
    late = written(holder, product)
    ledger.advance(1)
    memory_client(ledger, number=3)
    ledger.forgotten = ledger.moment().block - 1
    for shown in (early, late):
        found = holder.exports.verify(json.dumps(shown).encode())
        assert (found.status, found.compared) == (Status.IN_FORCE, False)
    for shown in (early, late):
        shown["credentialSubject"]["code"] = "SJ0002026010009"
        found = holder.exports.verify(json.dumps(shown).encode())
        assert found.differing == ("credentialSubject.code",)


def test_a_certificate_becomes_a_credential(tmp_path: Path) -> None:
    """A certificate's credential stands and falls as the certificate does."""
    form = Application.from_mapping(
        tomllib.loads(STORY.read_text("utf-8")), Profile.PROPERTY, secret=b"s" * 32
    )
    holder = memory_client()
    registrar = memory_client(holder.ledger, number=0, enrol=False, home=tmp_path)
    item = Register(content_root=sha256(b"content").digest(), metadata_hash=form.metadata_hash)
    applied = Apply(registration=item, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE)
    receipt = holder._actor.submit(applied)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    submit = registrar._actor.submit
    submit(Proceed(product=product, index=0, act=Act.ACCEPT))
    submit(Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE))
    until = start_of(add_months(day_of(registrar.ledger.moment().time), 12))
    submit(EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until))
    shown = of_certificate(registrar.certificates.issue(product, form=form).certificate)
    assert list(SCHEMA.iter_errors(shown)) == []
    found = holder.exports.verify(json.dumps(shown).encode())
    assert (found.status, found.until) == (Status.IN_FORCE, until)

    for path in leaves(shown):
        try:
            worth: Status | None = status(holder, changed(shown, path))
        except CredentialUnreadable:
            worth = None
        assert worth not in (Status.IN_FORCE, Status.DISPUTED), path
    for made in junked(shown):
        try:
            assert status(holder, made) not in (Status.IN_FORCE, Status.DISPUTED)
        except CredentialUnreadable:
            continue

    plain = written(holder, product)
    assert plain["credentialSubject"]["code"] == shown["credentialSubject"]["code"]
    assert status(holder, plain) is Status.IN_FORCE
    registrar.cases.cancel(product, Reason.UNSPECIFIED, EVIDENCE)
    assert (status(holder, shown), status(holder, plain)) == (Status.CANCELLED, Status.CANCELLED)
