"""The rules for headers, as the page has them that verifies proofs in a browser."""

from __future__ import annotations

import json
import re

from registry.documents.verifier import page
from registry.domain import header


def test_the_page_reads_headers_by_the_same_rules() -> None:
    """Fields, their order, and what stands for numbers and for any bytes are told to both."""
    text = page().decode("utf-8")
    found = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["header"] == {
        "profile": header.PROFILE,
        "mandatory": [list(one) for one in header.MANDATORY],
        "later": [list(one) for one in header.LATER],
        "quantity": header.QUANTITY,
        "any": header.ANY,
    }


def test_what_stands_for_other_kinds_is_no_length_of_bytes() -> None:
    """A field of one byte, should a fork bring one, is not taken for one of any length."""
    others = {header.ANY, header.QUANTITY}
    assert len(others) == 2
    assert others.isdisjoint(range(1, 1 << 16))
