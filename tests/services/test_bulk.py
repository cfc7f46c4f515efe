"""Test that a table is checked whole, looked up in few round trips, and sent exactly once."""

from __future__ import annotations

import csv
import dataclasses
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from registry.archive import Archive
from registry.client import Dengji
from registry.domain.events import ProductRegistered
from registry.domain.ids import ProductId
from registry.domain.metadata import Metadata
from registry.domain.operations import Register, RegisterBatch
from registry.domain.table import Defaults
from registry.domain.vocabulary import Right, SecurityClass
from registry.errors import FileUnwritable, NodeUnreachable, TableInvalid
from registry.services import bulk
from registry.services.bulk import Route, unasked
from registry.services.bulk_check import check
from registry.services.bulk_results import HEADER, Results
from registry.testing import MemoryLedger, account

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from registry.domain.ids import Address
    from registry.domain.ledger import Progress, Receipt
    from registry.domain.operations import Operation
    from registry.services.bulk import Summary


class Interrupted(MemoryLedger):
    """A ledger whose node goes away after so many writes; what was sent is noted."""

    def __init__(self) -> None:
        super().__init__()
        self.left = 10**9
        self.sent: list[Operation] = []
        self.before: list[Operation] = []

    def submit_all(
        self,
        operations: Iterable[Operation],
        *,
        account: Address,
        beside: Sequence[Address] = (),
        progress: Progress | None = None,
    ) -> Iterator[Receipt]:
        """Carry out operations until the node goes away."""
        assert not beside
        for one in operations:
            for sudden in self.before:
                self.submit(sudden, account=account)
            self.before = []
            if not self.left:
                raise NodeUnreachable(url="memory", reason="gone")
            self.left -= 1
            self.sent.append(one)
            yield from super().submit_all([one], account=account, progress=progress)


@pytest.fixture
def ledger() -> Interrupted:
    """Return a ledger that can be interrupted."""
    return Interrupted()


def digests(number: int) -> Register:
    """Return a registration of made-up content."""
    return Register(
        content_root=sha256(b"root%d" % number).digest(),
        metadata_hash=sha256(b"meta%d" % number).digest(),
    )


def table_of(folder: Path, count: int, name: str = "t.csv") -> Path:
    """Return a table of made-up digests."""
    table = folder / name
    items = map(digests, range(count))
    lines = [f"{one.content_root.hex()},{one.metadata_hash.hex()}\n" for one in items]
    table.write_text("content_root,metadata_hash\n" + "".join(lines))
    return table


def sent(
    client: Dengji,
    table: Path,
    route: Route = Route.AUTO,
    out: Path | None = None,
    defaults: Defaults | None = None,
) -> Summary:
    """Check, plan and send a table."""
    with (
        check(table, defaults or Defaults(), archive=client.archive) as checked,
        client.bulk.plan(checked, route) as plan,
    ):
        if out is None:
            return client.bulk.send(plan)
        with Results(out) as results:
            return client.bulk.send(plan, results=results)


def on_chain(ledger: MemoryLedger) -> list[bytes]:
    """Return the content roots that are registered, once for each registration."""
    made = ledger.events((ProductRegistered,))
    return sorted(one.content_root for one in made if isinstance(one, ProductRegistered))


def rows_of(out: Path) -> list[dict[str, str]]:
    """Return the rows of a file of results."""
    with out.open() as file:
        return list(csv.DictReader(file))


def roots(count: int) -> list[bytes]:
    """Return the content roots of so many made-up products, in byte order."""
    return sorted(digests(number).content_root for number in range(count))


@pytest.mark.parametrize("route", [Route.SINGLES, Route.BATCHES])
def test_every_row_is_registered_once_and_then_recognised(
    ledger: Interrupted, holder: Dengji, tmp_path: Path, route: Route
) -> None:
    """The first run registers all rows, the second none, and both say where each stands."""
    table, out = table_of(tmp_path, 300), tmp_path / "out.csv"
    first = sent(holder, table, route, out)
    assert (first.registered, first.recognised) == (300, 0)
    assert first.transactions == (300 if route is Route.SINGLES else 2)
    assert on_chain(ledger) == roots(300)
    told = rows_of(out)
    assert list(told[0]) == list(HEADER)
    assert [one["line"] for one in told] == [str(2 + n) for n in range(300)]
    again = sent(holder, table, route, out)
    assert (again.registered, again.recognised, again.transactions) == (0, 300, 0)
    assert on_chain(ledger) == roots(300)
    assert rows_of(out) == [{**one, "status": "recognised"} for one in told]
    known = {str(one.id) for one in holder.products.list()}
    assert {one["product"] for one in told} == known


@pytest.mark.parametrize("route", [Route.SINGLES, Route.BATCHES])
@pytest.mark.parametrize("after", [0, 1])
def test_an_interrupted_table_goes_on(
    ledger: Interrupted, holder: Dengji, tmp_path: Path, route: Route, after: int
) -> None:
    """What was registered before the node went is recognised; the rest goes as it would have."""
    table, out = table_of(tmp_path, 600), tmp_path / "out.csv"
    ledger.left = after
    with pytest.raises(NodeUnreachable):
        sent(holder, table, route, out)
    assert not out.exists()
    ledger.left = 10**9
    summary = sent(holder, table, route, out)
    done = after * (1 if route is Route.SINGLES else bulk.BATCH)
    assert (summary.registered, summary.recognised) == (600 - done, done)
    assert on_chain(ledger) == roots(600)
    # Cut by the order of the rows, whatever was done before: a batch that is sent is as it was.
    if route is Route.BATCHES:
        whole = [digests(number) for number in range(600)]
        parts = [tuple(whole[at : at + bulk.BATCH]) for at in range(0, 600, bulk.BATCH)]
        assert ledger.sent == [RegisterBatch(items=part) for part in parts]


def test_a_batch_leaves_out_what_is_registered(
    ledger: Interrupted, holder: Dengji, tmp_path: Path
) -> None:
    """Rows amid a batch that stand already do not make it revert, nor move the others."""
    for number in (3, 251, 252):
        ledger.submit(digests(number), account=account(1))
    summary = sent(holder, table_of(tmp_path, 300), Route.BATCHES)
    assert (summary.registered, summary.recognised) == (297, 3)
    sizes = [len(one.items) for one in ledger.sent if isinstance(one, RegisterBatch)]
    assert sizes == [249, 48]


@pytest.mark.parametrize("route", [Route.SINGLES, Route.BATCHES])
def test_what_another_run_registers_meanwhile_is_recognised(
    ledger: Interrupted, holder: Dengji, tmp_path: Path, route: Route
) -> None:
    """A refusal of what was looked up as free is looked up again, not passed on."""
    ledger.before = [digests(5), digests(7)]
    out = tmp_path / "out.csv"
    summary = sent(holder, table_of(tmp_path, 20), route, out)
    assert (summary.registered, summary.recognised) == (18, 2)
    assert on_chain(ledger) == roots(20)
    statuses = [one["status"] for one in rows_of(out)]
    assert [n for n, one in enumerate(statuses) if one == "recognised"] == [5, 7]


def test_contents_are_hashed_with_their_manifests(
    holder: Dengji, data: Path, tmp_path: Path
) -> None:
    """A row with a path is what a single registration of that path would be."""
    assert holder.archive is not None
    (data / "sub" / "d.csv").write_text("7,8\n")
    table = tmp_path / "t.csv"
    table.write_text("path,dataName,salt\ndata/a.csv,,\ndata/sub,sub,4\n")
    assert sent(holder, table).registered == 2
    alone = holder.products.register(data / "a.csv")
    assert (alone.already, alone.metadata_hash is not None) == (True, True)
    named = Metadata(data_name="sub")
    assert holder.products.register(data / "sub", metadata=named, salt=4).already
    assert len(list(holder.archive.manifests())) == 2
    assert len(list(holder.archive.manifest_path(b"").parent.iterdir())) == 2


def test_content_is_recognised_as_a_single_registration_does(
    holder: Dengji, buyer: Dengji, data: Path, tmp_path: Path
) -> None:
    """Undescribed content by any of one's registrations, described content by its very own."""
    before = holder.products.register(data / "a.csv", metadata=Metadata(data_name="other"))
    buyer.products.register(data / "a.csv")
    plain, named = tmp_path / "plain.csv", tmp_path / "named.csv"
    plain.write_text("path\ndata/a.csv\n")
    named.write_text("path,dataName\ndata/a.csv,new\n")
    out = tmp_path / "out.csv"
    assert sent(holder, plain, out=out).recognised == 1
    (told,) = rows_of(out)
    assert (told["product"], told["others"]) == (str(before.product.id), "1")
    assert told["transaction"] == f"0x{before.receipt.transaction.hex()}"  # type: ignore[union-attr]
    assert sent(holder, named, out=out).registered == 1
    (told,) = rows_of(out)
    assert told["others"] == "1"


def test_a_retired_product_is_recognised_by_its_id(holder: Dengji, tmp_path: Path) -> None:
    """The very registration stays the row's, whatever became of it: it cannot be made again."""
    table = table_of(tmp_path, 1)
    sent(holder, table)
    (product,) = holder.products.list()
    holder.products.retire(product.id)
    assert sent(holder, table).recognised == 1


def test_rows_registered_otherwise_are_all_named(
    ledger: Interrupted, holder: Dengji, tmp_path: Path
) -> None:
    """Where what stands declares something else than a row, nothing of the table is sent."""
    for number in (0, 1):
        item = dataclasses.replace(digests(number), rights=Right.HOLD)
        ledger.submit(item, account=account(1))
    defaults = Defaults(rights=Right.ALL, security_class=SecurityClass.GENERAL)
    with pytest.raises(TableInvalid) as caught:
        sent(holder, table_of(tmp_path, 3), defaults=defaults)
    found = [(one["line"], one["field"], one["problem"]) for one in caught.value.problems]
    assert found == [
        ("2", "rights", "registered-otherwise"),
        ("3", "rights", "registered-otherwise"),
    ]
    assert "registered otherwise" in str(caught.value)
    assert ledger.sent == []
    assert sent(holder, table_of(tmp_path, 3)).registered == 1


def test_rows_with_a_series_or_a_locator_go_alone(
    ledger: Interrupted, holder: Dengji, data: Path, tmp_path: Path
) -> None:
    """They stand in no batch; both are told, and another place is named as a fault later."""
    series = holder.products.register(data / "a.csv").product.id
    table, out = table_of(tmp_path, 5), tmp_path / "out.csv"
    lines = table.read_text().splitlines()
    lines[0] += ",series,locator"
    lines[1:] = [line + ",," for line in lines[1:]]
    lines[3] = lines[3].removesuffix(",,") + f",{series},https://data.example"
    table.write_text("\n".join(lines) + "\n")
    with check(table) as checked, holder.bulk.plan(checked, Route.BATCHES) as plan:
        assert plan.transactions == unasked(checked, Route.BATCHES).transactions == 3
    summary = sent(holder, table, Route.BATCHES, out)
    assert (summary.registered, summary.transactions) == (5, 3)
    kinds = [type(one) for one in ledger.sent]
    assert kinds == [RegisterBatch, Register, RegisterBatch]
    product = ProductId.parse(rows_of(out)[2]["product"])
    listing = holder.products.listing(product)
    assert listing is not None
    assert (listing.series, listing.locator) == (series, "https://data.example")
    assert sent(holder, table, Route.BATCHES).recognised == 5
    for cells, column in (
        (f"{series},https://other", "locator"),
        (",https://data.example", "series"),
    ):
        lines[3] = ",".join([*lines[3].split(",")[:2], cells])
        table.write_text("\n".join(lines) + "\n")
        with pytest.raises(TableInvalid) as caught:
            sent(holder, table)
        (fault,) = caught.value.problems
        found = (fault["line"], fault["field"], fault["problem"])
        assert found == ("4", column, "registered-otherwise")


def test_rows_that_come_to_the_same_are_doubles(data: Path, tmp_path: Path) -> None:
    """The same registration twice is named, by its digests, not by how it is written."""
    (tmp_path / "copy.csv").write_bytes((data / "a.csv").read_bytes())
    table = tmp_path / "t.csv"
    # With names the copies are two registrations; without, either would do for both.
    table.write_text("path,dataName\ndata/a.csv,x\ncopy.csv,y\ndata/b.csv,x\n")
    with check(table) as checked:
        assert [one.line for one in checked] == [2, 3, 4]
    for text, line, first in (
        ("path\ndata/a.csv\ncopy.csv\n", "3", "line:2"),
        ("path,dataName\ndata/a.csv,x\ncopy.csv,x\n", "3", "line:2"),
        ("path,salt\ndata/a.csv,1\ndata/b.csv,\n./data/a.csv,1\n", "4", "line:2"),
        ("path,salt\ndata/a.csv,1\ncopy.csv,\n", "2", "line:3"),
    ):
        table.write_text(text)
        with pytest.raises(TableInvalid) as caught:
            check(table)
        (fault,) = caught.value.problems
        assert (fault["line"], fault["problem"], fault["allowed"]) == (line, "duplicate", [first])


def test_contents_that_cannot_be_hashed_are_all_named(tmp_path: Path) -> None:
    """What is missing, empty, a link or nowhere is a fault of its row, found before anything."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "good").write_text("1")
    table = tmp_path / "t.csv"
    table.write_text("path\nnone\nempty\nlink\ngood\n../none/there\n")
    with pytest.raises(TableInvalid) as caught:
        check(table)
    found = [(one["line"], one["problem"]) for one in caught.value.problems]
    assert found == [
        ("2", "content-missing"),
        ("3", "folder-empty"),
        ("4", "paths-refused"),
        ("6", "content-missing"),
    ]


def test_what_a_table_takes_is_said_before(holder: Dengji, tmp_path: Path) -> None:
    """The number of transactions is exact, with a ledger or without; few rows go one by one."""
    for count, route, transactions in ((20, Route.SINGLES, 20), (300, Route.BATCHES, 2)):
        with check(table_of(tmp_path, count)) as checked, holder.bulk.plan(checked) as plan:
            foreseen = unasked(checked, Route.AUTO)
            for one in (plan, foreseen):
                assert (one.route, one.transactions, one.count) == (route, transactions, count)
            assert plan.gas == foreseen.gas


def test_the_order_of_the_results_is_that_of_the_table(
    ledger: Interrupted, holder: Dengji, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that are recognised stand between those registered, in flights of any size."""
    monkeypatch.setattr(bulk, "_IN_FLIGHT", 4)
    for number in (0, 1, 5, 6, 7, 8, 9, 10, 29):
        ledger.submit(digests(number), account=account(1))
    out = tmp_path / "out.csv"
    counted: list[int] = []
    with (
        check(table_of(tmp_path, 30)) as checked,
        holder.bulk.plan(checked, Route.SINGLES) as plan,
        Results(out) as results,
    ):
        holder.bulk.send(plan, results=results, progress=counted.append)
    assert counted == list(range(1, 31))
    assert [one["line"] for one in rows_of(out)] == [str(2 + n) for n in range(30)]
    assert on_chain(ledger) == roots(30)


def test_results_are_whole_or_not_there(tmp_path: Path) -> None:
    """An error leaves the file that was there; one that cannot be written is refused at once."""
    out = tmp_path / "out.csv"
    out.write_text("before")
    with pytest.raises(ZeroDivisionError), Results(out):
        raise ZeroDivisionError
    assert out.read_text() == "before"
    with pytest.raises(FileUnwritable):
        Results(tmp_path / "none" / "out.csv")


def test_a_client_without_an_archive_registers_too(buyer: Dengji, tmp_path: Path) -> None:
    """Without a home the rows wait in the system's folder for temporary files."""
    (tmp_path / "a").write_text("1")
    (tmp_path / "t.csv").write_text("path\na\n")
    assert sent(buyer, tmp_path / "t.csv").registered == 1
    assert Archive(tmp_path).home == tmp_path
