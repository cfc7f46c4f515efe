"""Policies as files: what is read of them before their terms are."""

import json
from pathlib import Path

import pytest

from cli.clause_options import policy_in
from registry.domain.odrl import to_odrl
from registry.errors import MetadataUnreadable
from tests.golden_terms import RICH


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Neither of two limits is dropped: the policy is read as a whole, or not at all."""
    file, text = tmp_path / "policy.jsonld", json.dumps(to_odrl(RICH))
    file.write_text(text)
    assert policy_in(file, salt=0) == (RICH, None)
    file.write_text(
        text.replace(
            '"constraint": [{"leftOperand": "purpose"',
            '"constraint": [], "constraint": [{"leftOperand": "purpose"',
        )
    )
    assert file.read_text() != text
    with pytest.raises(MetadataUnreadable) as refused:
        policy_in(file, salt=0)
    assert refused.value.reason == "double-key:constraint"
