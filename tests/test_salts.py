"""Test how salts are kept at home and erased."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from registry.domain.ids import PartyId, ProductId
from registry.domain.salted import Salted
from registry.salts import Salts


def one_of(number: int) -> Salted:
    """Return salts for the content with this number."""
    return Salted(
        party=PartyId.of(1),
        content_root=number.to_bytes(32),
        content_salt=b"\x01" * 32,
        metadata_hash=b"\x02" * 32,
        metadata_salt=b"\x03" * 32,
    )


def test_kept_for_their_owner_and_found_by_content(tmp_path: Path) -> None:
    """Salts are found by the content's own root; what is damaged or misnamed opens nothing."""
    salts, one = Salts(tmp_path), one_of(7)
    assert salts.empty
    salts.keep(one)
    salts.keep(one_of(8))
    path = salts.path(one.salted_root)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(salts.of_content(one.content_root)) == [one]
    path.rename(path.with_name("00" * 32 + ".json"))
    assert list(salts.of_content(one.content_root)) == []
    salts.path(one.salted_root).write_text("{")
    assert list(salts.of_content(one.content_root)) == []


def test_erasing_overwrites(tmp_path: Path) -> None:
    """What is erased is gone under every name of the file, not only taken from its folder."""
    salts, one = Salts(tmp_path), one_of(7)
    salts.keep(one)
    beside = tmp_path / "beside"
    os.link(salts.path(one.salted_root), beside)
    assert salts.erase(one.salted_root)
    assert not salts.path(one.salted_root).exists()
    assert one.content_salt.hex().encode() not in beside.read_bytes()
    assert not salts.erase(one.salted_root)


def test_records_that_were_changed_are_no_records(tmp_path: Path) -> None:
    """The record of an erasure counts while its bytes have the digest that it is kept under."""
    salts, product = Salts(tmp_path), ProductId.of(1)
    path = salts.keep_record(product, b'{"a":1}')
    assert list(salts.records(product)) == [b'{"a":1}']
    assert list(salts.records(ProductId.of(2))) == []
    path.write_bytes(b'{"a":2}')
    assert list(salts.records(product)) == []
