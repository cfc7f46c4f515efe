"""What a credential is worth, by what the record that it names says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry.domain.exports.status import Status, of_grant, of_product
from registry.domain.grant import GrantStage
from registry.domain.product import ProductState
from registry.domain.verdict import Verdict
from tests.lineage_world import NOW, grant_state, record

PRODUCT = replace(record(1), latest=2)
GRANT = grant_state(1)


@pytest.mark.parametrize(
    ("changed", "version", "status"),
    [
        ({}, 2, Status.IN_FORCE),
        ({}, 1, Status.SUPERSEDED),
        ({"disputes": 1}, 2, Status.DISPUTED),
        ({"controls": 1}, 2, Status.CONTROLLED),
        ({"controls": 1, "disputes": 1}, 2, Status.CONTROLLED),
        ({"seizures": 1}, 2, Status.SEIZED),
        ({"seizures": 1, "controls": 1}, 2, Status.SEIZED),
        ({"seizures": 1}, 1, Status.SUPERSEDED),
        ({"expired": True}, 1, Status.EXPIRED),
        ({"state": ProductState.RETIRED, "expired": True}, 2, Status.RETIRED),
        ({"state": ProductState.CANCELLED}, 2, Status.CANCELLED),
        ({"state": ProductState.REVOKED}, 2, Status.REVOKED),
        ({"state": ProductState.PENDING}, 2, Status.NOT_IN_FORCE),
        ({"state": ProductState.DRAFT}, 2, Status.NOT_IN_FORCE),
    ],
)
def test_a_product_has_one_status(changed: dict[str, object], version: int, status: Status) -> None:
    """An end weighs most, then a newer version, then what stands against it by its weight."""
    assert of_product(replace(PRODUCT, **changed), version) is status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "verdict", "status"),
    [
        ({}, Verdict.OK, Status.IN_FORCE),
        ({"remaining": 1}, Verdict.OK, Status.IN_FORCE),
        ({"remaining": 0}, Verdict.OK, Status.EXHAUSTED),
        ({"remaining": 0}, Verdict.QUOTA_EXCEEDED, Status.EXHAUSTED),
        ({}, Verdict.PERIOD_EXCEEDED, Status.EXHAUSTED),
        ({}, Verdict.ANCESTOR_EXHAUSTED, Status.UNUSABLE),
        ({"remaining": 0}, Verdict.PRODUCT_SEIZED, Status.UNUSABLE),
        ({}, Verdict.NOT_STARTED, Status.NOT_STARTED),
        ({"stage": GrantStage.SUSPENDED}, Verdict.NOT_STARTED, Status.SUSPENDED),
        ({"ends_at": NOW, "stage": GrantStage.SUSPENDED}, Verdict.OK, Status.ENDED),
        ({"ends_at": NOW + 1}, Verdict.OK, Status.IN_FORCE),
        ({"ends_at": NOW, "stage": GrantStage.REVOKED}, Verdict.OK, Status.REVOKED),
        ({"ends_at": NOW, "stage": GrantStage.ENDED}, Verdict.OK, Status.ENDED),
    ],
)
def test_a_grant_has_one_status(
    changed: dict[str, object], verdict: Verdict, status: Status
) -> None:
    """Its end weighs most, then a suspension, then what its use would be answered, then a quota."""
    assert of_grant(replace(GRANT, **changed), verdict, NOW) is status  # type: ignore[arg-type]


def test_exit_codes_tell_what_a_status_is_worth() -> None:
    """What is in force is 0, disputed or not; four have a code of their own, all else is 1."""
    assert {one: one.exit_code for one in Status if one.exit_code != 1} == {
        Status.IN_FORCE: 0,
        Status.DISPUTED: 0,
        Status.OTHER_CHAIN: 4,
        Status.AHEAD: 4,
        Status.ALTERED: 5,
        Status.SUPERSEDED: 6,
        Status.UNKNOWN: 7,
    }


def test_statuses_are_called_by_words_that_stay() -> None:
    """Programs go by these words: each is the name of its status in small letters."""
    assert [str(one) for one in Status] == [one.name.lower().replace("_", "-") for one in Status]
