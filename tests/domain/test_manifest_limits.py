"""The kinds of content that a manifest may be of."""

from __future__ import annotations

import io
from typing import get_args

import pytest

from registry.domain.manifest import Header, Kind, ManifestReader
from registry.domain.metadata import Metadata
from registry.errors import ManifestMalformed


def test_a_manifest_of_every_kind_is_read() -> None:
    """Each kind that the type admits is read again as it was written, and no other is."""
    kinds: tuple[Kind, ...] = get_args(Kind)
    for kind in kinds:
        header = Header(kind=kind, metadata=Metadata(data_name="x"))
        assert ManifestReader(io.BytesIO(header.line())).header == header
        other = header.line().replace(f'"{kind}"'.encode(), b'"archive"')
        with pytest.raises(ManifestMalformed):
            ManifestReader(io.BytesIO(other))
