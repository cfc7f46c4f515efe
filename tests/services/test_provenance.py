"""Test the tasks about where content comes from."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from registry.client import Dengji
from registry.domain.ids import ProductId
from registry.domain.moment import AtBlock
from registry.services.provenance import Outcome, Verification


def _differences(found: Verification) -> dict[str, str]:
    assert found.comparison is not None
    return {one.path: one.kind.value for one in found.comparison.differences}


def test_in_force_retired_and_before(holder: Dengji, data: Path) -> None:
    """Content is in force, then not, and was unknown before its registration."""
    made = holder.products.register(data)
    assert made.receipt is not None
    assert holder.provenance.verify(data).outcome is Outcome.IN_FORCE
    holder.products.retire(made.product.id)
    assert holder.provenance.verify(data).outcome is Outcome.NOT_IN_FORCE
    before = AtBlock(made.receipt.block - 1)
    assert holder.provenance.verify(data, at=before).outcome is Outcome.UNKNOWN
    then = holder.provenance.verify(data, at=AtBlock(made.receipt.block))
    assert then.outcome is Outcome.IN_FORCE


def test_older_version(holder: Dengji, data: Path, tmp_path: Path) -> None:
    """Content of a version that was followed is an older one."""
    product = holder.products.register(data).product.id
    old = tmp_path / "old"
    shutil.copytree(data, old)
    (data / "a.csv").write_text("9\n")
    holder.products.update(product, data)
    found = holder.provenance.verify(old)
    assert found.outcome is Outcome.OLDER_VERSION
    assert [(match.version, match.product.latest) for match in found.matches] == [(1, 2)]
    assert holder.provenance.verify(data, code=product).outcome is Outcome.IN_FORCE


def test_kept_manifest_names_the_changes(holder: Dengji, data: Path, tmp_path: Path) -> None:
    """Without a manifest given, the nearest one kept names what changed, is missing, is extra."""
    holder.products.register(data)
    copy = tmp_path / "copy"
    shutil.copytree(data, copy)
    (copy / "a.csv").write_text("1;2\n")
    (copy / "b.csv").unlink()
    (copy / "new.csv").write_text("")
    found = holder.provenance.verify(copy)
    assert found.outcome is Outcome.UNKNOWN
    named = {"a.csv": "changed", "b.csv": "missing", "new.csv": "extra"}
    assert _differences(found) == named


def test_the_nearest_of_several_versions(holder: Dengji, data: Path) -> None:
    """Of versions with the same names that with the same sizes is nearest, then the one kept last.

    So one byte that is changed is one file, whatever changed from version to version before.
    """
    made = holder.products.register(data)
    manifests = [made.manifest]
    for number in range(8):
        (data / "a.csv").write_text(f"{number}\n")
        (data / f"only-{number}.csv").write_text("")
        manifests.append(holder.products.update(made.product.id, data).manifest)
        (data / f"only-{number}.csv").unlink()
    manifests.append(holder.products.update(made.product.id, data).manifest)
    for moment, manifest in enumerate(manifests):
        assert manifest is not None
        os.utime(manifest, (moment, moment))
    (data / "b.csv").write_text("x" * len((data / "b.csv").read_bytes()))
    found = holder.provenance.verify(data)
    assert (found.manifest, _differences(found)) == (manifests[-1], {"b.csv": "changed"})


def test_without_a_manifest_unknown_is_unknown(buyer: Dengji, holder: Dengji, data: Path) -> None:
    """Who keeps no manifest learns that the content is unknown, and no more."""
    holder.products.register(data)
    (data / "a.csv").write_text("0\n")
    found = buyer.provenance.verify(data)
    assert (found.outcome, found.comparison) == (Outcome.UNKNOWN, None)


def test_given_manifest_names_the_changes(buyer: Dengji, holder: Dengji, data: Path) -> None:
    """A manifest that is given is compared with, in the same reading of the bytes."""
    manifest = holder.products.register(data).manifest
    assert manifest is not None
    (data / "sub" / "c.csv").write_text("6,6\n")
    found = buyer.provenance.verify(data, manifest=manifest)
    assert found.outcome is Outcome.UNKNOWN
    assert _differences(found) == {"sub/c.csv": "changed"}


def test_code_is_held_against_the_content(holder: Dengji, data: Path, tmp_path: Path) -> None:
    """Content that is registered, but not under the code given, contradicts the code."""
    product = holder.products.register(data).product.id
    other = tmp_path / "other.csv"
    other.write_text("x\n")
    holder.products.register(other)
    assert holder.provenance.verify(other, code=product).outcome is Outcome.CONTRADICTS
    assert holder.provenance.verify(data, code=product).outcome is Outcome.IN_FORCE
    assert holder.provenance.verify(data, code=ProductId.of(1)).outcome is Outcome.UNKNOWN


def test_contradiction_names_the_files(holder: Dengji, data: Path) -> None:
    """Content that is not that of the code is compared with the manifest of the code."""
    product = holder.products.register(data).product.id
    (data / "a.csv").write_text("0\n")
    found = holder.provenance.verify(data, code=product)
    assert found.outcome is Outcome.CONTRADICTS
    assert _differences(found) == {"a.csv": "changed"}


def test_any_claim_in_force_is_enough(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """Of several claims the one that stands decides, and all are shown."""
    first = holder.products.register(data).product.id
    second = buyer.products.register(data).product.id
    holder.products.retire(first)
    found = holder.provenance.verify(data)
    assert found.outcome is Outcome.IN_FORCE
    assert [match.product.id for match in found.matches] == [first, second]


def test_single_file_under_any_name(holder: Dengji, tmp_path: Path) -> None:
    """A single file is found whatever its name, and its change is named by it."""
    file = tmp_path / "one.csv"
    file.write_text("1\n")
    holder.products.register(file)
    moved = file.rename(tmp_path / "two.csv")
    assert holder.provenance.verify(moved).outcome is Outcome.IN_FORCE
    changed = tmp_path / "one.csv"
    changed.write_text("2\n")
    found = holder.provenance.verify(changed)
    assert (found.outcome, _differences(found)) == (Outcome.UNKNOWN, {"one.csv": "changed"})
