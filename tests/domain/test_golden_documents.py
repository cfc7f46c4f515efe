"""Documents for others, drawings and sentences, to the letter as they were kept."""

from __future__ import annotations

import pytest

from tests.golden_documents import DOCUMENTS, FOLDER


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_as_it_was_kept(name: str) -> None:
    """The same record gives the same document; `python -m tests.golden_documents` keeps others."""
    assert DOCUMENTS[name]() == (FOLDER / name).read_bytes().decode()


def test_every_kept_document_is_compared() -> None:
    """There is no file that nothing writes."""
    assert {path.name for path in FOLDER.iterdir()} == set(DOCUMENTS)
