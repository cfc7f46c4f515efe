"""What can be written about keys and roles: every operation there is, in one union."""

from __future__ import annotations

from dataclasses import is_dataclass
from typing import get_args

from registry.domain import key_operations
from registry.domain.operations import Operation


def test_every_operation_on_keys_can_be_sent() -> None:
    """The union has each of them, and all of it is in the union of everything that is sent."""
    found = {
        one
        for one in vars(key_operations).values()
        if is_dataclass(one) and getattr(one, "__module__", "") == key_operations.__name__
    }
    known = set(get_args(key_operations.KeyOperation))
    assert known == found
    assert known <= set(get_args(Operation))
