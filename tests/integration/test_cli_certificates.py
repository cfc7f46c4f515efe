"""Certificates from the command line, on a dev chain: issued, shown, verified, with exit codes."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.schema import RESULTS, problems
from registry.client import Dengji
from registry.domain.application import Application
from registry.domain.calendar import add_months, day_of, start_of
from registry.domain.case_events import CaseFiled
from registry.domain.case_operations import Apply, EndRegistration, EnterCase, Proceed
from registry.domain.documents import canonical
from registry.domain.flow_table import Act
from registry.domain.ids import ProductId
from registry.domain.operations import Register
from registry.domain.product import Profile
from registry.domain.vocabulary import Reason
from tests.integration.cli_world import make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli_world import Run, World

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

FORM = Path(__file__).parents[1] / "applications" / "battery_cycles.toml"
EVIDENCE = sha256(b"evidence").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Hold a home whose first account is the registrar, and a product that the buyer registered."""

    world: World
    product: str
    out: Path

    def certificate(self, *arguments: str, **variables: str) -> Run:
        """Run a command about certificates as the registrar."""
        return self.world.dengji("certificate", *arguments, **variables)

    def issue(self, *more: str) -> Run:
        """Issue the certificate."""
        form = str(self.out.parent / "form.json")
        return self.certificate(
            *("issue", self.product, "--form", form, "--out", str(self.out), "--json", *more)
        )

    def verified(self, paper: str, *more: str) -> tuple[int, str, Any]:
        """Verify a paper; return the exit code, the outcome and the whole result."""
        run = self.certificate("verify", paper, "--json", *more)
        assert problems(RESULTS["certificate.verify"], run.result) == []
        return run.code, run.result["outcome"], run.result


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Register a product under PROPERTY on a dev chain of its own."""
    folder = tmp_path_factory.mktemp("office")
    world = make(folder)
    try:
        form = Application.from_mapping(_form(), Profile.PROPERTY, secret=b"s" * 32)
        (folder / "form.json").write_text(json.dumps(form.to_mapping(), ensure_ascii=False))
        yield Office(world=world, product=_registered(world, form), out=folder / "out")
    finally:
        world.dengji("chain", "down", "--force")


def _form() -> dict[str, Any]:
    return tomllib.loads(FORM.read_text("utf-8"))


def _registered(world: World, form: Application, content: bytes = b"content") -> str:
    home = str(world.home)
    item = Register(content_root=sha256(content).digest(), metadata_hash=form.metadata_hash)
    applied = Apply(registration=item, profile=Profile.PROPERTY, registrar=1, evidence=EVIDENCE)
    with Dengji.connect(home=home, account=world.buyer_account) as buyer:
        receipt = buyer._actor.submit(applied)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    with Dengji.connect(home=home) as registrar:
        submit, now = registrar._actor.submit, registrar.ledger.moment().time
        submit(Proceed(product=product, index=0, act=Act.ACCEPT))
        submit(Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE))
        until = start_of(add_months(day_of(now), 12))
        submit(EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until))
    return str(product)


def test_only_the_registrar_issues(office: Office) -> None:
    """The holder itself is refused by the chain, with exit code 1."""
    form = str(office.out.parent / "form.json")
    run = office.world.as_buyer("certificate", "issue", office.product, "--form", form)
    assert run.code == 1
    assert "registrar" in run.err


def test_nothing_is_recorded_where_no_certificate_can_be_written(
    office: Office, tmp_path: Path
) -> None:
    """A file in the folder's place is told before the digest goes on the ledger."""
    place = tmp_path / "file"
    place.write_text("")
    for out in (place, place / "below"):
        refused = office.issue("--out", str(out))
        assert (refused.code, refused.error["code"]) == (3, "file-unwritable")
    assert office.certificate("list", "--product", office.product, "--json").result["items"] == []


def test_a_certificate_lives_as_the_ledger_says(office: Office, tmp_path: Path) -> None:
    """From its issue to its cancellation every answer and every exit code is the ledger's."""
    issued = office.issue("--registrar-name", "华南数据登记中心")
    assert issued.code == 0
    assert problems(RESULTS["certificate.issue"], issued.result) == []
    document, page = issued.result["files"]
    reference = f"DENGJI:C1:{office.world.chain_id}:{office.product}:"
    reference = (reference + issued.result["digest"][2:] + ":" + issued.result["code"]).upper()

    for paper in (document, page, reference):
        assert office.verified(paper)[:2] == (0, "VALID")
    said = office.certificate("verify", page, DENGJI_LANG="zh")
    assert said.out.startswith("有效")
    assert office.certificate("verify", page).out.startswith("valid")

    again = office.issue("--registrar-name", "华南数据登记中心")
    assert (again.code, again.result["receipt"]) == (0, None)
    shown = office.certificate("show", office.product, "--json")
    assert problems(RESULTS["certificate.show"], shown.result) == []
    assert shown.result["document"] == json.loads(Path(document).read_bytes())
    listed = office.certificate("list", "--product", office.product, "--json")
    assert [one["certificate"] for one in listed.result["items"]] == [1]

    credential = tmp_path / "certificate.vc.json"
    exported = office.certificate("export", document, "--out", str(credential), "--json")
    assert problems(RESULTS["certificate.export"], exported.result) == []
    assert office.certificate("export", office.product).out == credential.read_text()
    shown = office.world.dengji("credential", "verify", str(credential), "--json")
    assert (shown.code, shown.result["status"]) == (0, "IN_FORCE")

    altered = tmp_path / "altered.json"
    altered.write_bytes(Path(document).read_bytes().replace(b'"HOLD","USE"', b'"HOLD"'))
    code, outcome, result = office.verified(str(altered))
    assert (code, outcome) == (5, "ALTERED")
    assert "credentialSubject.holders" in result["differing"]
    lied = tmp_path / "lied.html"
    lied.write_text(Path(page).read_text("utf-8").replace("合肥市", "芜湖市", 1), "utf-8")
    assert office.verified(str(lied))[:2] == (5, "ALTERED")

    renamed = office.issue("--registrar-name", "华南数据登记中心有限公司")
    assert renamed.result["certificate"] == 2
    code, outcome, result = office.verified(document)
    assert (code, outcome, result["superseded_by"]) == (6, "SUPERSEDED", 2)

    with Dengji.connect(home=str(office.world.home)) as registrar:
        ended = EndRegistration(
            product=ProductId.parse(office.product),
            act=Act.CANCEL,
            reason=Reason.CONSENT,
            evidence=EVIDENCE,
        )
        registrar._actor.submit(ended)
    assert office.verified(renamed.result["files"][0])[:2] == (1, "CANCELLED")


def test_an_open_product_has_no_certificate(office: Office) -> None:
    """What went through no case gets none, and says why."""
    run = office.certificate("issue", office.world.product)
    assert run.code == 3
    assert "OPEN" in run.err


def test_a_proof_within_answers_without_the_ledger(office: Office, tmp_path: Path) -> None:
    """The page with a proof is verified at a home that knows no network, and refused by a lie."""
    form = Application.from_mapping(_form(), Profile.PROPERTY, secret=b"s" * 32)
    other = _registered(office.world, form, b"other content")
    office = replace(office, product=other, out=office.out.parent / "proved")
    issued = office.issue("--proof", "--registrar-name", "证明登记中心")
    document, page = issued.result["files"]
    written = json.loads(Path(document).read_bytes())
    block_hash = written["asOf"]["blockHash"]
    elsewhere = {"DENGJI_HOME": str(tmp_path / "nowhere")}
    for paper in (document, page):
        asked = ("verify", paper, "--block-hash", block_hash, "--json")
        found = office.certificate(*asked, **elsewhere)
        assert problems(RESULTS["certificate.verify"], found.result) == []
        assert (found.code, found.result["outcome"]) == (0, "PROVED")
        assert office.verified(paper)[:2] == (0, "VALID")
    written["credentialSubject"]["contentRoot"] = "0x" + "07" * 32
    lied = tmp_path / "lied.json"
    lied.write_bytes(canonical(written))
    refused = office.certificate("verify", str(lied), "--block-hash", block_hash, "--json")
    assert (refused.code, refused.error["fields"]["part"]) == (5, "credentialSubject.contentRoot")
    plain = office.issue("--registrar-name", "无证明登记中心").result["files"][0]
    missing = office.certificate("verify", plain, "--block-hash", block_hash, "--json")
    assert (missing.code, missing.error["fields"]["field"]) == (3, "stateProof")
