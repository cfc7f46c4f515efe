"""What can be written about cases: every operation there is, in the union that senders take."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import get_args

from registry.domain import case_operations
from registry.domain.operations import Operation

PARTS = {case_operations.Origin}
"""What operations are made of."""


def test_every_operation_on_cases_can_be_sent() -> None:
    """The union has each of them, and all of it is in the union of everything that is sent."""
    found = {
        one
        for one in vars(case_operations).values()
        if is_dataclass(one) and getattr(one, "__module__", "") == case_operations.__name__
    }
    known = set(get_args(case_operations.CaseOperation))
    assert known == found - PARTS
    assert known <= set(get_args(Operation))
