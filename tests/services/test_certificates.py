"""Certificates without a chain: the services on the ledger in memory."""

from __future__ import annotations

import copy
import json
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from registry import messages
from registry.client import Dengji
from registry.documents.certificate_paper import read_paper
from registry.domain.application import Application
from registry.domain.calendar import add_months, day_of, start_of
from registry.domain.case_events import CaseFiled
from registry.domain.case_operations import Apply, EnterCase, Proceed
from registry.domain.certificate_check import Outcome
from registry.domain.exports.credentials import of_certificate
from registry.domain.exports.status import Status
from registry.domain.flow_table import Act
from registry.domain.ids import ProductId
from registry.domain.operations import Register
from registry.domain.product import Profile
from registry.errors import CertificateMissing, CertificateNotDue
from registry.testing import MemoryLedger, memory_client

STORY = Path(__file__).parents[1] / "applications" / "battery_cycles.toml"
EVIDENCE = sha256(b"evidence").digest()
FORM = Application.from_mapping(
    tomllib.loads(STORY.read_text("utf-8")), Profile.PROPERTY, secret=b"s" * 32
)


def test_a_certificate_is_issued_and_verified(tmp_path: Path) -> None:
    """The registrar issues once; what was issued is valid, listed and shown again."""
    holder = memory_client()
    registrar = memory_client(holder.ledger, number=0, enrol=False, home=tmp_path)
    item = Register(content_root=sha256(b"content").digest(), metadata_hash=FORM.metadata_hash)
    applied = Apply(registration=item, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE)
    receipt = holder._actor.submit(applied)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    submit = registrar._actor.submit
    submit(Proceed(product=product, index=0, act=Act.ACCEPT))
    with pytest.raises(CertificateNotDue):
        registrar.certificates.issue(product, form=FORM)
    submit(Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE))
    until = start_of(add_months(day_of(registrar.ledger.moment().time), 12))
    submit(EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until))
    with pytest.raises(CertificateMissing):
        registrar.certificates.newest(product)

    one = registrar.certificates.issue(product, form=FORM).certificate
    assert registrar.certificates.issue(product, form=FORM).receipt is None
    assert registrar.certificates.newest(product)[0] == one
    assert [event.number for event in registrar.certificates.list()] == [1]
    found = holder.certificates.verify(read_paper(one.canonical())).finding
    assert (found.outcome, found.compared) == (Outcome.VALID, True)


def test_a_node_that_lags_behind_accuses_no_certificate(tmp_path: Path) -> None:
    """A certificate made since its newest block is undecidable there, alone or in a credential."""
    ledger = MemoryLedger()
    holder = memory_client(ledger)
    registrar = memory_client(ledger, number=0, enrol=False, home=tmp_path)
    submit = registrar._actor.submit
    item = Register(content_root=sha256(b"content").digest(), metadata_hash=FORM.metadata_hash)
    applied = Apply(registration=item, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE)
    receipt = holder._actor.submit(applied)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    submit(Proceed(product=product, index=0, act=Act.ACCEPT))
    submit(Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE))
    until = start_of(add_months(day_of(ledger.moment().time), 12))
    submit(EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until))
    first = registrar.certificates.issue(product, form=FORM).certificate
    behind = Dengji(copy.deepcopy(ledger), None)
    ledger.advance(86_400)
    memory_client(ledger, number=7).parties.mine()
    second = registrar.certificates.issue(
        product, form=FORM, registrar_name="Registry of data"
    ).certificate
    assert second.number == 2
    for one, there, here in (
        (first, Outcome.VALID, Outcome.SUPERSEDED),
        (second, Outcome.AHEAD, Outcome.VALID),
    ):
        for client, outcome in ((behind, there), (holder, here)):
            found = client.certificates.verify(read_paper(one.canonical())).finding
            assert found.outcome is outcome
    shown = json.dumps(of_certificate(second)).encode()
    assert behind.exports.verify(shown).status is Status.AHEAD
    for lang in messages.LANGUAGES:
        for paper in ("certificate", "credential"):
            key = f"cli.{paper}.verify.{Outcome.AHEAD}"
            assert "--rpc" in messages.text(key, lang, block=second.block.number)


def test_a_product_without_a_case_has_no_certificate(tmp_path: Path) -> None:
    """What was registered at once is certified by nobody."""
    client = memory_client(home=tmp_path)
    (tmp_path / "a.csv").write_text("1\n")
    product: ProductId = client.products.register(tmp_path / "a.csv").product.id
    with pytest.raises(CertificateNotDue):
        client.certificates.issue(product)
    assert client.certificates.entries(product) == ()
