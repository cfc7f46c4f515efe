"""Certificates on a real chain: issued by a registrar, judged by what the ledger says since."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from registry.archive import Archive
from registry.chain.authority import announcement
from registry.chain.bindings import PartyRegistry
from registry.chain.calls import Call
from registry.chain.signer import LocalSigner
from registry.client import Dengji
from registry.documents.certificate_page import certificate_page
from registry.documents.certificate_paper import read_paper
from registry.domain.application import Application
from registry.domain.calendar import add_months, day_of, start_of
from registry.domain.case_events import CaseFiled
from registry.domain.case_operations import (
    Apply,
    Certify,
    EndRegistration,
    EnterCase,
    ExecuteAward,
    Proceed,
)
from registry.domain.certificate import Certificate, digest_of
from registry.domain.certificate_check import Finding, Outcome
from registry.domain.certificate_proof import confirm
from registry.domain.certificate_reference import Reference
from registry.domain.flow_table import Act
from registry.domain.ids import PartyId, ProductId
from registry.domain.key_operations import Rotate
from registry.domain.keys import controller_consent
from registry.domain.moment import AtBlock
from registry.domain.operations import Annotate, Register, Release, Suspend
from registry.domain.party import Role
from registry.domain.product import Profile
from registry.domain.vocabulary import AnnotationKind, Reason, Right
from registry.errors import (
    CertificateMetadataNeeded,
    CertificateMetadataOther,
    CertificateNotDue,
    CertificateUnreadable,
    ProofRefused,
)
from registry.reverts import NotRegistrar
from registry.services.certificates import Certificates
from tests.proof_world import ProofWorld

if TYPE_CHECKING:
    from tests.conftest import World

pytestmark = [pytest.mark.anvil]

STORY = Path(__file__).parents[1] / "applications" / "battery_cycles.toml"
DELAY = 5 * 86_400 + 1
EVIDENCE = sha256(b"evidence").digest()
YEARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Hold a registrar with its home, a holder, a buyer and a court, and a registered product."""

    world: World
    registrar: Dengji
    holder: PartyId
    buyer: PartyId
    court: PartyId
    product: ProductId
    form: Application

    def do(self, number: int, operation: Any) -> None:  # noqa: ANN401 (any operation)
        """Carry out an operation as the n-th account."""
        self.world.ledger.submit(operation, account=self.world.accounts[number])

    def issue(self, name: str = "华南数据登记中心") -> Certificate:
        """Issue a certificate."""
        issued = self.registrar.certificates.issue(
            self.product, form=self.form, registrar_name=name
        )
        return issued.certificate

    def found(self, certificate: Certificate, *, block: int | None = None) -> Finding:
        """Verify a document."""
        return self.judged(certificate.canonical(), block=block)

    def judged(self, given: bytes, *, block: int | None = None) -> Finding:
        """Verify what was handed over."""
        at = None if block is None else AtBlock(block)
        return self.registrar.certificates.verify(read_paper(given), at=at).finding

    def outcome(self, certificate: Certificate, *, block: int | None = None) -> Outcome:
        """Return the outcome of verifying a document, which its page and QR code share."""
        outcome = self.found(certificate, block=block).outcome
        page = certificate_page(certificate, ("zh",)).encode()
        code = str(Reference.to(certificate)).encode()
        assert self.judged(page, block=block).outcome is outcome
        assert self.judged(code, block=block).outcome is outcome
        return outcome

    @property
    def block(self) -> int:
        """Return the newest block."""
        return self.world.ledger.moment().block


def roles(world: World, party: PartyId, role: Role) -> None:
    """Let the administration give a party its roles, after the delay."""
    data = PartyRegistry.set_roles.call(int(party), int(role))
    call = Call(to=world.deployment.parties, data=data, purpose="setRoles")
    founder = world.senders[world.accounts[0]]
    authority = world.deployment.authority
    assert authority is not None
    founder.send(announcement(authority, call))
    world.mine(DELAY)
    founder.send(call)


def registered(world: World, form: Application, profile: Profile) -> ProductId:
    """Take an application through its case: applied for, accepted, without publicity, entered."""
    registrar, holder = world.accounts[0], world.accounts[1]
    item = Register(
        content_root=sha256(b"content").digest(),
        metadata_hash=form.metadata_hash,
    )
    applied = Apply(registration=item, profile=profile, registrar=1, evidence=EVIDENCE)
    receipt = world.ledger.submit(applied, account=holder)
    product = next(one.product for one in receipt.events if isinstance(one, CaseFiled))
    world.ledger.submit(Proceed(product=product, index=0, act=Act.ACCEPT), account=registrar)
    if profile is Profile.PROPERTY:
        waive = Proceed(product=product, index=0, act=Act.WAIVE, evidence=EVIDENCE)
        world.ledger.submit(waive, account=registrar)
    else:
        publicise = Proceed(product=product, index=0, act=Act.PUBLICISE)
        world.ledger.submit(publicise, account=registrar)
        world.mine(18 * 86_400)
    until = start_of(add_months(day_of(world.ledger.moment().time), 12))
    entry = EnterCase(product=product, index=0, evidence=EVIDENCE, valid_until=until)
    world.ledger.submit(entry, account=registrar)
    return product


def office(world: World, home: Path, profile: Profile = Profile.PROPERTY) -> Office:
    """Make an office with a product that is registered under a profile."""
    ledger, accounts = world.ledger, world.accounts
    parties = [Dengji(ledger, account).parties.enrol().party.id for account in accounts[1:]]
    roles(world, parties[2], Role.COURT | Role.REGULATOR)
    form = Application.from_mapping(
        tomllib.loads(STORY.read_text()), Profile.PROPERTY, secret=b"s" * 32
    )
    return Office(
        world=world,
        registrar=Dengji(ledger, accounts[0], archive=Archive(home)),
        holder=parties[0],
        buyer=parties[1],
        court=parties[2],
        product=registered(world, form, profile),
        form=form,
    )


@pytest.fixture
def at_work(world: World, tmp_path: Path) -> Office:
    """Return an office with a product registered under PROPERTY."""
    return office(world, tmp_path / "home")


def test_a_certificate_says_what_the_ledger_says(at_work: Office) -> None:
    """Code, holder, rights, hashes, validity and evidence are the record's, names the form's."""
    one = at_work.issue()
    product = at_work.registrar.products.get(at_work.product)
    docket = at_work.world.ledger.docket(at_work.product)
    assert (one.code, one.number, one.version) == (docket.code, 1, 1)
    assert one.code.startswith("SJ001")
    assert one.metadata_hash == at_work.form.metadata_hash
    assert one.data_name == at_work.form.metadata.data_name
    assert (one.valid_from, one.valid_until) == (product.since, product.until)
    assert one.evidence == EVIDENCE
    assert one.issuer.seat == "001"
    [holder] = one.holders
    assert (holder.party, holder.rights) == (at_work.holder, Right.ALL)
    assert (holder.name, holder.credit_code) == ("示例动力电池有限公司", "91340100MA0000082Y")
    assert one.local
    assert at_work.outcome(one) is Outcome.VALID


def test_issuing_again_without_a_change_sends_nothing(at_work: Office) -> None:
    """The same command, run again, finds the certificate that it issued."""
    one, block = at_work.issue(), at_work.block
    again = at_work.registrar.certificates.issue(
        at_work.product, form=at_work.form, registrar_name="华南数据登记中心"
    )
    assert (again.certificate, again.receipt) == (one, None)
    assert at_work.block == block
    assert at_work.registrar.certificates.newest(at_work.product)[0] == one
    [event] = at_work.registrar.certificates.list(product=at_work.product)
    assert event.digest[:24] == digest_of(one.canonical())


def test_what_was_kept_and_not_sent_is_sent(at_work: Office) -> None:
    """After a crash between keeping and sending, the very document that was kept is issued."""
    certificates = at_work.registrar.certificates
    made = certificates._composed(at_work.product, at_work.form, "华南数据登记中心")
    certificates._keep(made)
    at_work.world.mine()
    assert at_work.issue() == made


def test_a_later_certificate_supersedes_the_earlier(at_work: Office) -> None:
    """The old one names the number of the new one, and was valid before it."""
    first, block = at_work.issue(), at_work.block
    at_work.world.mine()
    second = at_work.issue("华南数据登记中心有限公司")
    assert (first.number, second.number) == (1, 2)
    finding = at_work.found(first)
    assert (finding.outcome, finding.superseded_by) == (Outcome.SUPERSEDED, 2)
    assert at_work.outcome(second) is Outcome.VALID
    assert at_work.outcome(first, block=block) is Outcome.VALID
    assert at_work.outcome(second, block=block) is Outcome.NOT_YET


def test_a_changed_word_is_found(at_work: Office) -> None:
    """What the ledger knows is named; what only the digest holds is found all the same."""
    one = at_work.issue()
    changed = replace(one, holders=(replace(one.holders[0], rights=Right.HOLD),))
    finding = at_work.found(changed)
    assert (finding.outcome, finding.fields) == (
        Outcome.ALTERED,
        ("credentialSubject.holders",),
    )
    renamed = at_work.found(replace(one, data_name="另一数据集"))
    assert (renamed.outcome, renamed.fields) == (Outcome.ALTERED, ())
    page = certificate_page(one, ("zh",))
    assert at_work.judged(page.encode()).outcome is Outcome.VALID
    lied = page.replace("示例动力电池有限公司", "示例动力蓄电池有限公司", 1)
    assert at_work.judged(lied.encode()).fields == ("page",)


@pytest.mark.parametrize("number", [0, 1, 10**6])
def test_a_block_that_cannot_be_is_no_fault(at_work: Office, number: int) -> None:
    """A paper may name a block before the contracts, or one that is still to come."""
    one = at_work.issue()
    changed = replace(one, block=replace(one.block, number=number))
    assert at_work.found(changed).outcome is Outcome.ALTERED


def test_a_local_chain_is_no_fact_of_the_ledger(at_work: Office) -> None:
    """Whoever knows the chain by another name verifies the same certificate."""
    one = at_work.issue()
    elsewhere = Certificates(at_work.registrar._actor, local=False)
    assert elsewhere.verify(read_paper(one.canonical())).finding.outcome is Outcome.VALID


def test_every_changed_byte_is_found(at_work: Office) -> None:
    """No byte of the document can be another, all over it."""
    one = at_work.issue().canonical()
    for place in range(0, len(one), 61):
        altered = bytearray(one)
        altered[place] ^= 1
        try:
            finding = at_work.judged(bytes(altered))
        except CertificateUnreadable:
            continue
        assert not finding.good


def test_seizure_control_and_dispute_are_told_apart(at_work: Office) -> None:
    """Each annotation has its own answer while it stands, and none after its release."""
    one, before = at_work.issue(), at_work.block
    for kind, expected in (
        (AnnotationKind.DISPUTE, Outcome.DISPUTED),
        (AnnotationKind.CONTROL, Outcome.CONTROLLED),
        (AnnotationKind.SEIZURE, Outcome.SEIZED),
    ):
        at_work.do(
            3,
            Annotate(
                product=at_work.product, kind=kind, reason=Reason.AUTHORITY, evidence=EVIDENCE
            ),
        )
        assert at_work.outcome(one) is expected
    assert at_work.outcome(one, block=before) is Outcome.VALID
    for index in range(3):
        at_work.do(3, Release(product=at_work.product, index=index, evidence=EVIDENCE))
    assert at_work.outcome(one) is Outcome.VALID


def test_an_award_overtakes_the_old_certificate(at_work: Office) -> None:
    """Once rights were moved the old certificate fails, and a new one names both holders."""
    one = at_work.issue()
    at_work.world.mine()
    at_work.do(
        0,
        ExecuteAward(
            product=at_work.product,
            from_=at_work.holder,
            to=at_work.buyer,
            rights=Right.OPERATE,
            evidence=EVIDENCE,
        ),
    )
    finding = at_work.found(one)
    assert finding.outcome is Outcome.OVERTAKEN
    assert "credentialSubject.holders" in finding.fields
    new = at_work.issue()
    assert {(each.party, each.rights) for each in new.holders} == {
        (at_work.holder, Right.HOLD | Right.USE),
        (at_work.buyer, Right.OPERATE),
    }
    assert at_work.outcome(new) is Outcome.VALID
    assert at_work.outcome(one) is Outcome.SUPERSEDED


def test_expiry_is_told(at_work: Office) -> None:
    """From the first second after its validity the certificate is expired."""
    one = at_work.issue()
    assert one.valid_until is not None
    left = one.valid_until - at_work.world.ledger.moment().time
    at_work.world.mine(left - YEARS)
    assert at_work.outcome(one) is Outcome.VALID
    at_work.world.mine(2 * YEARS)
    assert at_work.outcome(one) is Outcome.EXPIRED


def test_cancellation_is_told(at_work: Office) -> None:
    """A cancelled registration leaves no certificate in force, and none can be issued."""
    one = at_work.issue()
    at_work.do(
        0,
        EndRegistration(
            product=at_work.product, act=Act.CANCEL, reason=Reason.CONSENT, evidence=EVIDENCE
        ),
    )
    assert at_work.outcome(one) is Outcome.CANCELLED
    with pytest.raises(CertificateNotDue):
        at_work.issue()


def test_revocation_is_told(world: World, tmp_path: Path) -> None:
    """A revoked public registration is told from a cancelled one."""
    at_work = office(world, tmp_path / "home", Profile.PUBLIC)
    one = at_work.issue()
    assert one.code.startswith("GG001")
    assert at_work.outcome(one) is Outcome.VALID
    at_work.do(
        0,
        EndRegistration(
            product=at_work.product, act=Act.REVOKE, reason=Reason.MISTAKE, evidence=EVIDENCE
        ),
    )
    assert at_work.outcome(one) is Outcome.REVOKED


def test_the_registrars_fate_changes_nothing(at_work: Office) -> None:
    """Suspended, and later out of office, what it certified stays certified."""
    one = at_work.issue()
    mine = at_work.registrar.parties.mine().id
    at_work.do(3, Suspend(party=mine, reason=Reason.AUTHORITY, evidence=bytes(12)))
    assert at_work.outcome(one) is Outcome.VALID
    roles(at_work.world, mine, Role(0))
    verified = at_work.registrar.certificates.verify(read_paper(one.canonical()))
    assert verified.finding.outcome is Outcome.VALID
    assert verified.registrar_admitted is False


def test_another_key_of_the_registrar_changes_nothing(at_work: Office) -> None:
    """After its key was rotated and the old one closed, what it certified stays certified."""
    one, world = at_work.issue(), at_work.world
    successor = LocalSigner(sha256(b"successor").digest())
    deadline = world.ledger.moment().time + 3_600
    message = controller_consent(
        party=at_work.registrar.parties.mine().id, key=successor.address, deadline=deadline
    )
    domain = at_work.registrar.keys.domain
    consent = successor.sign_digest(message.digest(domain))
    at_work.do(0, Rotate(successor=successor.address, deadline=deadline, consent=consent))
    assert at_work.outcome(one) is Outcome.VALID


def test_a_registrar_cannot_certify_what_is_not_so(at_work: Office) -> None:
    """A digest on the ledger does not help a document that the record contradicts."""
    one = at_work.issue()
    lie = replace(
        one,
        holders=(replace(one.holders[0], party=at_work.buyer),),
        status=replace(one.status, number=2),
    )
    at_work.do(0, Certify(product=at_work.product, digest=sha256(lie.canonical()).digest()))
    finding = at_work.found(lie)
    assert (finding.outcome, finding.fields) == (
        Outcome.CONTRADICTED,
        ("credentialSubject.holders",),
    )


def test_only_the_registrar_of_the_product_certifies(at_work: Office, tmp_path: Path) -> None:
    """Whoever else tries is refused by the chain."""
    other = Dengji(
        at_work.world.ledger, at_work.world.accounts[1], archive=Archive(tmp_path / "other")
    )
    with pytest.raises(NotRegistrar):
        other.certificates.issue(at_work.product, form=at_work.form)


def test_what_the_ledger_does_not_know_is_told_apart(at_work: Office) -> None:
    """Another chain, an unknown product and a made-up registrar are three answers."""
    one = at_work.issue()
    stranger = replace(one, status=replace(one.status, product=ProductId.of(9)))
    elsewhere = replace(stranger, status=replace(stranger.status, chain_id=1))
    made_up = replace(stranger, issuer=replace(one.issuer, number=77))
    assert at_work.found(stranger).outcome is Outcome.UNKNOWN
    assert at_work.found(elsewhere).outcome is Outcome.OTHER_CHAIN
    assert at_work.found(made_up).outcome is Outcome.NOT_ADMITTED


def test_the_registered_description_is_needed(at_work: Office) -> None:
    """Neither none nor another one will do."""
    with pytest.raises(CertificateMetadataNeeded):
        at_work.registrar.certificates.issue(at_work.product)
    other = replace(at_work.form, metadata=replace(at_work.form.metadata, summary="另一简介"))
    with pytest.raises(CertificateMetadataOther):
        at_work.registrar.certificates.issue(at_work.product, form=other)


def test_a_certificate_carries_a_proof_that_needs_no_ledger(at_work: Office) -> None:
    """The proof within holds against its block and the document, and against no other."""
    actor = at_work.registrar._actor
    proving = Certificates(actor, local=True, proofs=lambda: ProofWorld(at_work.world).proofs)
    issued = proving.issue(at_work.product, form=at_work.form, proof=True).certificate
    read = read_paper(certificate_page(issued, ("zh", "en")).encode())
    assert read.certificate == issued
    assert read.faults == ()
    shown = confirm(issued, block_hash=issued.block.hash)
    assert shown.facts["product"]["id"] == str(at_work.product)
    assert at_work.outcome(issued) is Outcome.VALID
    again = proving.issue(at_work.product, form=at_work.form, proof=True)
    assert (again.certificate, again.receipt) == (issued, None)
    with pytest.raises(ProofRefused) as caught:
        confirm(issued, block_hash=bytes(32))
    assert caught.value.reason == "block-other"
    longer = replace(issued, valid_until=None)
    with pytest.raises(ProofRefused) as contradicted:
        confirm(longer, block_hash=issued.block.hash)
    assert (contradicted.value.part, contradicted.value.reason) == (
        "validUntil",
        "certificate-other",
    )
    for part, other in (
        ("credentialSubject.contentRoot", replace(issued, content_root=bytes(32))),
        ("credentialSubject.holders", replace(issued, holders=())),
        ("credentialSubject.code", replace(issued, code="SJ0000000000000")),
        ("issuer.number", replace(issued, issuer=replace(issued.issuer, number=9))),
        ("asOf", replace(issued, block=replace(issued.block, number=1))),
        ("credentialSubject.id", replace(issued, version=issued.version + 1)),
    ):
        with pytest.raises(ProofRefused) as differing:
            confirm(other, block_hash=issued.block.hash)
        assert differing.value.part == part
    with pytest.raises(CertificateUnreadable):
        confirm(replace(issued, state_proof=None), block_hash=issued.block.hash)
