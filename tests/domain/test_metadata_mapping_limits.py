"""Places in descriptions, taken over with their code and how large they are."""

from __future__ import annotations

import pytest

from registry.domain.metadata_mapping import Carrier
from registry.domain.metadata_values import RegionScope


@pytest.mark.parametrize(
    ("name", "code", "scope"),
    [
        ("河南省", "410000", RegionScope.PROVINCE),
        ("厦门市", "350200", RegionScope.CITY),
        ("思明区", "350203", RegionScope.COUNTY),
        ("安吉县", "330523", RegionScope.COUNTY),
    ],
)
def test_a_place_says_how_large_it_is(name: str, code: str, scope: RegionScope) -> None:
    """A province, a city, a county or a district by its full name gives its code and its level."""
    carrier = Carrier()
    carrier.region(name, "spatial")
    assert carrier.mapping == {"region": name, "regionCode": [code], "regionScope": scope.value}
    assert carrier.left == {}
