"""Nodes that lag behind others at the same address: what they have not seen yet is no refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.chain.journal import Journal
from registry.chain.ledger import ChainLedger
from registry.chain.rpc import HttpTransport, Rpc
from registry.domain.ancestry import Path as Way
from registry.domain.clauses import Clauses, Quota
from registry.domain.events import PartyEnrolled, ProductRegistered, UsageRecorded
from registry.domain.ids import PartyId
from registry.domain.operations import Enrol, Issue, Register
from registry.domain.usage_operations import RecordUsage
from registry.domain.vocabulary import Action, Purpose, QuotaUnit
from registry.errors import NodeAnswerMalformed
from registry.reverts import UsageRefused
from tests.faults.cases import ESTIMATE, STANDING
from tests.faults.control import EVER
from tests.faults.sites import lone_site
from tests.faults.trial import CALM, DONE, SHORT, Fault, Site, Trial
from tests.parity.test_memory_ledger import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.anvil
GRANTOR, GRANTEE = SIGNERS[0].address, SIGNERS[1].address


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Return a chain with contracts, and a proxy before it that lags where it is told to."""
    with lone_site(tmp_path) as made:
        yield made


def granted(ledger: ChainLedger) -> RecordUsage:
    """Issue a grant in the newest block, and return a use that rests on it."""
    grantor = ledger.party_of(GRANTOR)
    enrolled = ledger.submit(Enrol(identity_hash=b"\x05" * 32), account=GRANTEE)
    (grantee,) = (one.party for one in enrolled.events if isinstance(one, PartyEnrolled))
    made = ledger.submit(
        Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32), account=GRANTOR
    )
    (product,) = (one.product for one in made.events if isinstance(one, ProductRegistered))
    assert isinstance(grantor, PartyId)
    clauses = Clauses(
        product=product,
        grantor=grantor,
        grantee=grantee,
        actions=Action.READ,
        purposes=Purpose.RESEARCH,
        quota=Quota(unit=QuotaUnit.CALL, total=100),
    )
    ledger.submit(Issue(clauses=clauses), account=GRANTOR)
    path = Way(clauses=clauses)
    return RecordUsage(path=path, action=Action.READ, purpose=Purpose.RESEARCH, amount=7)


@pytest.fixture
def use(site: Site, tmp_path: Path) -> RecordUsage:
    """Return a use of a grant that stands in the newest block, and in no earlier one."""
    with Journal(tmp_path / "before.sqlite3") as journal:
        return granted(site.ledger(site.rpc, journal, CALM))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault("stale", ESTIMATE), DONE),
        (Fault("stale", ESTIMATE, ever=True), NodeAnswerMalformed.code),
    ],
    ids=str,
)
def test_a_refusal_by_a_node_that_lags_is_not_final(
    site: Site, use: RecordUsage, fault: Fault, code: str
) -> None:
    """Tried out where its grant is not known yet, a use is tried out again, and not refused."""
    trial = Trial(site, use, GRANTOR)
    assert trial.under(fault).code == code


def test_what_is_refused_by_a_node_that_is_whole_stays_refused(
    site: Site, use: RecordUsage, tmp_path: Path
) -> None:
    """One look by a node that lags changes nothing about a refusal that is due."""
    wrong = RecordUsage(path=use.path, action=Action.TRAIN, purpose=use.purpose, amount=1)
    site.between.arm("stale", ESTIMATE)
    way = HttpTransport(site.between.url)
    with Journal(tmp_path / "journal.sqlite3") as journal, Rpc(way) as rpc:
        with pytest.raises(UsageRefused) as caught:
            site.ledger(rpc, journal, CALM).submit(wrong, account=GRANTOR)
        assert "action" in str(caught.value).lower()


def test_a_node_that_lacks_what_was_told_is_borne_with(site: Site, tmp_path: Path) -> None:
    """Behind what the journal has as done a refusal counts for nothing; caught up, it is done."""
    with Journal(tmp_path / "journal.sqlite3") as journal:
        use = granted(site.ledger(site.rpc, journal, CALM))
        with Rpc(HttpTransport(site.between.url)) as rpc:
            ledger = site.ledger(rpc, journal, SHORT)
            for method in (STANDING, ESTIMATE):
                site.between.arm("stale", method, times=EVER)
            with pytest.raises(NodeAnswerMalformed) as caught:
                ledger.submit(use, account=GRANTOR)
            assert "after block" in caught.value.reason
            site.between.calm()
            receipt = ledger.submit(use, account=GRANTOR)
    assert [one.amount for one in receipt.events if isinstance(one, UsageRecorded)] == [7]
