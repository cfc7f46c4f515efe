"""Test which product a code or a catalogue identifier names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from registry.domain.codes import CatalogueId, parse_catalogue_id, parse_code
from registry.domain.metadata import Metadata
from registry.errors import ProductCodeUnknown
from registry.testing import MemoryLedger, memory_client
from tests.domain.test_codes import WRITTEN

if TYPE_CHECKING:
    from pathlib import Path

    from registry.domain.ids import ProductId
    from registry.domain.moment import Moment

CODE = "SJ4412026070001"


@dataclass
class Coded(MemoryLedger):
    """A ledger on which one product has a code."""

    coded: ProductId | None = None

    def __post_init__(self) -> None:
        """Begin as any ledger in memory."""
        super().__init__()

    def product_of(self, code: str, *, at: Moment | None = None) -> ProductId | None:
        """Return the product for its code alone."""
        del at
        return self.coded if code == CODE else None


def test_an_id_names_itself() -> None:
    """A product's own id needs no ledger."""
    client = memory_client()
    from registry.domain.ids import ProductId  # noqa: PLC0415 (one test alone)

    product = ProductId(bytes(range(20)))
    assert client.products.find(product) == product


def test_a_code_is_asked_of_the_ledger(tmp_path: Path) -> None:
    """The ledger says whose the code is; one that nobody has is unknown."""
    ledger = Coded()
    client = memory_client(ledger)
    (tmp_path / "a.csv").write_text("1\n")
    ledger.coded = client.products.register(tmp_path / "a.csv").product.id
    assert client.products.find(parse_code(CODE)) == ledger.coded
    with pytest.raises(ProductCodeUnknown):
        client.products.find(parse_code("SJ4412026070002"))


def test_a_catalogue_id_is_found_in_the_manifests(tmp_path: Path) -> None:
    """The description at home tells the content, and the ledger the product that stands."""
    client = memory_client(home=tmp_path / "home")
    for name, catalog_id in (("a", WRITTEN), ("b", None), ("c", "of no scheme")):
        (tmp_path / f"{name}.csv").write_text(name)
        metadata = Metadata(data_name=name, catalog_id=catalog_id)
        client.products.register(tmp_path / f"{name}.csv", metadata=metadata)
    first = next(iter(client.products.list()))
    client.products.retire(first.id)
    again = client.products.register(
        tmp_path / "a.csv", metadata=Metadata(data_name="a", catalog_id=WRITTEN), salt=1
    ).product
    assert client.products.find(parse_catalogue_id(WRITTEN)) == again.id
    client.products.retire(again.id)
    assert client.products.find(parse_catalogue_id(WRITTEN)) == first.id
    other = CatalogueId(scheme="ndi", text="of no scheme")
    assert client.products.get(client.products.find(other)).id
    with pytest.raises(ProductCodeUnknown):
        client.products.find(CatalogueId(scheme="ndi", text="nobody's"))
    with pytest.raises(ProductCodeUnknown):
        memory_client(client.ledger, number=2).products.find(parse_catalogue_id(WRITTEN))
