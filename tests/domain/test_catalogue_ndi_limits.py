"""Codes of organisations within identifiers of the national catalogue, by examples from outside."""

from __future__ import annotations

import pytest

from registry.domain.catalogue_ndi import NDI
from registry.errors import ProductCodeMistyped

ORGANISATIONS = ("D2143569X", "71526726X", "799655058", "192203821")
"""The example of GB 11714, and three codes within credit codes of companies that exist."""
DIGITS = "0123456789X"


def written(organisation: str) -> str:
    """Return an identifier of this organisation that is right in all else."""
    body = f"410000{organisation}/P000001"
    return body + NDI.check(body)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_of_eleven_check_characters_one_is_right(organisation: str) -> None:
    """The one that the organisation really has is taken, and no other in its place."""
    assert NDI.parse(written(organisation)) == written(organisation)
    for other in set(DIGITS) - {organisation[-1]}:
        with pytest.raises(ProductCodeMistyped) as refused:
            NDI.parse(written(organisation[:-1] + other))
        assert refused.value.problem == "bad-checksum"
