"""One write under every fault: nothing lost, nothing twice, and what happened is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from registry.domain.operations import Register
from tests.faults.cases import MATRIX, expected
from tests.faults.sites import lone_site
from tests.faults.trial import Fault, Trial
from tests.parity.test_memory_ledger import SIGNERS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Return a registration that is tried on a chain of its own, each time from the same state."""
    with lone_site(tmp_path_factory.mktemp("writes")) as site:
        operation = Register(content_root=b"\x01" * 32, metadata_hash=b"\x02" * 32)
        yield Trial(site, operation, SIGNERS[0].address)


@pytest.mark.parametrize("fault", MATRIX, ids=str)
def test_a_write_is_done_once_whatever_befalls_it(trial: Trial, fault: Fault) -> None:
    """It is done, or said not to be; asked for again it is done by then, once, as journalled."""
    assert trial.under(fault).code == expected(fault)
