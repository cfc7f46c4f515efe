"""Test the tasks about products."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry.client import Dengji
from registry.domain.checkpoint import Checkpoint, is_kept, standing
from registry.domain.events import ProductRegistered
from registry.domain.fingerprint import fingerprint
from registry.domain.ids import PartyId, ProductId
from registry.domain.manifest import read_manifest
from registry.domain.metadata import Metadata
from registry.domain.moment import AtBlock
from registry.domain.operations import Register
from registry.domain.product import ProductState
from registry.domain.vocabulary import Right, SecurityClass
from registry.errors import CursorUnknown, RegisteredOtherwise
from registry.reverts import (
    LocatorUnprintable,
    ParticularsInvalid,
    ProductNotInForce,
    ProductTaken,
    ProductUnknown,
)
from registry.testing import MemoryLedger, account


def test_registers_a_folder(holder: Dengji, data: Path) -> None:
    """A registration has the folder's content root, and its manifest is kept."""
    made = holder.products.register(data)
    assert made.receipt is not None
    assert made.fingerprint.content_root == fingerprint(data).content_root
    assert made.product.applicant == holder.parties.mine().id
    assert made.manifest is not None
    assert read_manifest(made.manifest).content_root == made.fingerprint.content_root
    assert made.manifest.stat().st_mode & 0o777 == 0o600


def test_what_a_killed_run_left_behind_goes(holder: Dengji, data: Path, tmp_path: Path) -> None:
    """The next registration clears what ended processes left, and nothing that is in work."""
    manifests = tmp_path / "holder" / "manifests"
    manifests.mkdir(parents=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (manifests / f".new-{gone.pid}-abc").mkdir()
    (manifests / f".new-{gone.pid}-abc" / "manifest").write_text("half")
    (manifests / f".x.jsonl.{gone.pid}.part").write_text("half")
    (manifests / f".new-{os.getpid()}-abc").mkdir()
    made = holder.products.register(data)
    assert made.manifest is not None
    left = {path.name for path in manifests.iterdir()}
    assert left == {made.manifest.name, f".new-{os.getpid()}-abc"}


def test_what_was_read_is_kept_until_it_is_registered(
    holder: Dengji, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A registration that is refused leaves what it read, the next one's success nothing."""
    monkeypatch.setattr(Checkpoint, "_due", lambda *_: True)
    kept = tmp_path / "holder" / "fingerprints"
    with pytest.raises(ParticularsInvalid):
        holder.products.register(data, rights=Right.USE)
    assert standing(kept, data).files == 3
    made = holder.products.register(data, resume=True)
    assert made.fingerprint == fingerprint(data)
    assert not is_kept(kept, data)


def test_same_content_is_recognised(holder: Dengji, data: Path, tmp_path: Path) -> None:
    """Registering the same bytes again, under another name too, sends nothing."""
    first = holder.products.register(data)
    renamed = data.rename(tmp_path / "renamed")
    again = holder.products.register(renamed)
    assert again.already
    assert again.product.id == first.product.id


def test_salt_or_description_ask_for_another(holder: Dengji, data: Path) -> None:
    """Another salt or description makes a second product of the same content on purpose."""
    first = holder.products.register(data)
    salted = holder.products.register(data, salt=7)
    described = holder.products.register(data, metadata=Metadata(data_name="another name"))
    assert len({first.product.id, salted.product.id, described.product.id}) == 3


def test_retired_content_is_registered_anew(holder: Dengji, data: Path) -> None:
    """A retired registration does not stand in the way of a new one with another salt."""
    first = holder.products.register(data)
    holder.products.retire(first.product.id)
    again = holder.products.register(data, salt=1)
    assert not again.already
    assert again.product.id != first.product.id


def test_another_party_claims_the_same(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """Content of another party is registered as a second claim, and the first one is shown."""
    first = holder.products.register(data)
    second = buyer.products.register(data)
    assert not second.already
    assert [claim.product for claim in second.others] == [first.product.id]
    listed = list(buyer.products.list(content=first.fingerprint.content_root))
    assert [product.id for product in listed] == [first.product.id, second.product.id]


def test_new_version(holder: Dengji, data: Path) -> None:
    """Changed content becomes the next version; the same once more is recognised."""
    first = holder.products.register(data)
    (data / "a.csv").write_text("9,9\n")
    second = holder.products.update(first.product.id, data)
    again = holder.products.update(first.product.id, data)
    assert (second.version, second.already, again.already) == (2, False, True)
    numbers = [version.number for version in holder.products.versions(first.product.id)]
    assert numbers == [1, 2]


def test_a_described_version_is_made_once(holder: Dengji, data: Path) -> None:
    """The same description once more is recognised; another one is a version of its own."""
    product = holder.products.register(data).product.id
    one, other = (replace(Metadata.named_after(data), data_name=name) for name in ("one", "other"))
    second = holder.products.update(product, data, metadata=one)
    again = holder.products.update(product, data, metadata=one)
    assert (second.version, second.already) == (2, False)
    assert (again.version, again.already) == (2, True)
    assert again.metadata_hash == second.metadata_hash
    third = holder.products.update(product, data, metadata=other)
    assert (third.version, third.already) == (3, False)
    assert holder.products.update(product, data, metadata=one).version == 4


def test_transfer_moves_rights(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """Transferred rights leave the one and are listed with the other."""
    product = holder.products.register(data).product.id
    theirs = buyer.parties.mine().id
    holder.products.transfer(product, theirs, Right.HOLD)
    assert [one.id for one in buyer.products.list(holder="me")] == [product]
    assert [one.id for one in holder.products.list(holder="me")] == [product]
    holder.products.transfer(product, theirs, Right.USE | Right.OPERATE)
    assert list(holder.products.list(holder="me")) == []
    live = [one for one in holder.products.holders(product) if one.until is None]
    assert {one.party for one in live} == {theirs}


def test_history_is_asked_by_block(holder: Dengji, data: Path) -> None:
    """A retired product was in force at an earlier block."""
    made = holder.products.register(data)
    assert made.receipt is not None
    holder.products.retire(made.product.id)
    then = holder.products.get(made.product.id, at=AtBlock(made.receipt.block))
    assert then.in_force
    assert holder.products.get(made.product.id).state is ProductState.RETIRED
    (data / "a.csv").write_text("0\n")
    with pytest.raises(ProductNotInForce):
        holder.products.update(made.product.id, data)


def test_unknown_product(holder: Dengji) -> None:
    """An id that names nothing is named."""
    with pytest.raises(ProductUnknown) as caught:
        holder.products.get(ProductId.of(9))
    assert caught.value.product == ProductId.of(9)


def test_list_goes_on_after_a_product(holder: Dengji, tmp_path: Path) -> None:
    """A list goes on after one of its products, and refuses one that it has not."""
    made = []
    for number in range(3):
        file = tmp_path / f"{number}.csv"
        file.write_text(str(number))
        made.append(holder.products.register(file).product.id)
    assert [one.id for one in holder.products.list(after=made[0])] == made[1:]
    with pytest.raises(CursorUnknown):
        list(holder.products.list(after=ProductId.of(9)))


def test_many_are_listed_in_few_questions(
    ledger: MemoryLedger, holder: Dengji, buyer: Dengji, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products are asked about in parts that grow, in their order, no further than is listed."""
    roots = [number.to_bytes(32) for number in range(1, 46)]
    for number, root in enumerate(roots):
        by = account(2 if number == 3 else 1)
        ledger.submit(Register(content_root=root, metadata_hash=root), account=by)
    asked: list[tuple[str, int]] = []
    for name in ("products", "rights_in"):
        kept = getattr(MemoryLedger, name)

        def counting(
            self: MemoryLedger,
            wanted: Sequence[ProductId],
            *given: PartyId,
            _name: str = name,
            _kept: Any = kept,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            asked.append((_name, len(wanted)))
            return _kept(self, wanted, *given)

        monkeypatch.setattr(MemoryLedger, name, counting)
    events = ledger.events([ProductRegistered])
    order = [one.product for one in events if isinstance(one, ProductRegistered)]
    told = holder.products.list()
    assert next(told).id == order[0]
    assert asked == [("products", 10)]
    assert [one.id for one in told] == order[1:]
    assert asked == [("products", 10), ("products", 20), ("products", 15)]
    asked.clear()
    assert [one.id for one in buyer.products.list(holder="me")] == [order[3]]
    assert asked == [("rights_in", 1), ("products", 1)]


def test_own_registration_is_found_among_many(
    ledger: MemoryLedger, holder: Dengji, data: Path
) -> None:
    """However many others registered the content, one's own registration is recognised."""
    content = fingerprint(data)
    for number in range(10, 120):
        other = Dengji(ledger, account(number))
        other.parties.enrol()
        other.products.register(content)
    mine = holder.products.register(data)
    again = holder.products.register(data)
    assert (mine.already, again.already) == (False, True)
    assert again.product.id == mine.product.id
    assert len(again.others) == 110


def test_the_very_same_registration_is_recognised(holder: Dengji, data: Path) -> None:
    """With a description or a salt too, what would have the same id is not sent again."""
    described = Metadata(data_name="a name")
    first = holder.products.register(data, metadata=described)
    again = holder.products.register(data, metadata=described)
    salted = holder.products.register(data, salt=5)
    salted_again = holder.products.register(data, salt=5)
    assert [one.already for one in (first, again, salted, salted_again)] == [False, True] * 2
    assert again.product.id == first.product.id
    assert salted_again.product.id == salted.product.id != first.product.id


def test_what_does_not_stand_is_not_recognised(holder: Dengji, data: Path) -> None:
    """The same registration once more, of a product that was retired, is the chain's to refuse."""
    first = holder.products.register(data, salt=5)
    holder.products.retire(first.product.id)
    with pytest.raises(ProductTaken):
        holder.products.register(data, salt=5)


def test_other_declarations_than_those_registered_are_refused(holder: Dengji, data: Path) -> None:
    """Nobody believes content to be declared as it is not: what differs is named."""
    made = holder.products.register(data)
    with pytest.raises(RegisteredOtherwise) as other_class:
        holder.products.register(data, security_class=SecurityClass.CORE)
    assert other_class.value.fields == {
        "product": str(made.product.id),
        "what": "security-class",
        "registered": ["GENERAL"],
        "asked": ["CORE"],
    }
    with pytest.raises(RegisteredOtherwise) as other_rights:
        holder.products.register(data, rights=Right.HOLD)
    assert other_rights.value.registered == ["HOLD", "USE", "OPERATE"]
    assert other_rights.value.asked == ["HOLD"]
    core = holder.products.register(data, security_class=SecurityClass.CORE, salt=1)
    again = holder.products.register(data, security_class=SecurityClass.CORE)
    assert (again.already, again.product.id) == (True, core.product.id)
    plain = holder.products.register(data)
    assert (plain.already, plain.product.id) == (True, made.product.id)


def test_the_description_shown_is_the_registered_one(holder: Dengji, data: Path) -> None:
    """What was registered before is not said to have a description that it has not."""
    described = holder.products.register(data, metadata=Metadata(data_name="a name"))
    assert described.metadata_hash == described.fingerprint.metadata_hash
    again = holder.products.register(data)
    assert again.product.id == described.product.id
    assert again.metadata_hash is None
    same = holder.products.register(data, metadata=Metadata(data_name="a name"))
    assert (same.already, same.metadata_hash) == (True, described.metadata_hash)


def test_own_other_claims_are_not_called_others(holder: Dengji, buyer: Dengji, data: Path) -> None:
    """An update counts as claims of others those of other parties alone."""
    first = holder.products.register(data)
    holder.products.register(data, salt=5)
    assert holder.products.update(first.product.id, data).others == ()
    foreign = buyer.products.register(data)
    others = holder.products.update(first.product.id, data).others
    assert [claim.product for claim in others] == [foreign.product.id]


def test_a_registration_tells_where_it_is_listed(holder: Dengji, data: Path) -> None:
    """Series and locator are told with the registration, and asked for otherwise it is refused."""
    series = holder.products.register(data / "a.csv").product.id
    place = "https://data.example/b"
    made = holder.products.register(data / "b.csv", series=series, locator=place).product.id
    listing = holder.products.listing(made)
    assert listing is not None
    assert (listing.product, listing.series, listing.locator) == (made, series, place)
    assert holder.products.listing(series) is None
    assert holder.products.register(data / "b.csv", series=series, locator=place).already
    assert holder.products.register(data / "b.csv").already
    with pytest.raises(RegisteredOtherwise) as elsewhere:
        holder.products.register(data / "b.csv", series=series, locator=place + "/c")
    assert (elsewhere.value.product, elsewhere.value.what) == (str(made), "locator")
    with pytest.raises(RegisteredOtherwise) as alone:
        holder.products.register(data / "b.csv", locator=place)
    assert (alone.value.what, alone.value.registered) == ("series", [str(series)])
    with pytest.raises(RegisteredOtherwise) as unlisted:
        holder.products.register(data / "a.csv", locator=place)
    assert (unlisted.value.registered, unlisted.value.asked) == (["-"], [place])
    with pytest.raises(LocatorUnprintable):
        holder.products.register(data / "sub", locator="a b")
