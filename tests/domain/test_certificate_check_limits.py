"""The words that stand for what a certificate turned out to be."""

from __future__ import annotations

import pytest

from registry import messages
from registry.domain.certificate_check import Outcome


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_outcome_has_its_sentence(lang: str) -> None:
    """Whatever a certificate turns out to be is said in both languages."""
    known = messages.catalogue(lang)
    unsaid = [one.value for one in Outcome if f"cli.certificate.verify.{one.value}" not in known]
    assert unsaid == []
