"""What a form is told to write where something does not go together."""

from __future__ import annotations

from typing import Any

import pytest

from registry.domain.completeness import problems
from registry.domain.metadata_values import Source
from registry.domain.product import Profile


@pytest.mark.parametrize(
    ("values", "profile", "field"),
    [
        ({"source": Source.DERIVED}, Profile.PUBLIC, "sources"),
        ({"operated": True}, Profile.PROPERTY, "basis"),
    ],
)
def test_a_product_is_asked_for_by_its_id(
    values: dict[str, Any], profile: Profile, field: str
) -> None:
    """Where other products have to be named, the form is told that it takes their ids."""
    (flaw,) = [one for one in problems(values, profile) if one["field"] == field]
    assert flaw["allowed"] == ["product-id"]
