"""Tables by the command line on a dev chain: killed anywhere, each row is registered once."""

from __future__ import annotations

import csv
import functools
import os
import signal
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from cli.schema import RESULTS, VARIANTS, problems
from registry.chain import sender
from registry.client import Dengji
from registry.domain.events import ProductRegistered
from registry.services import bulk
from registry.services.bulk_results import Results
from tests import second_node
from tests.integration.cli_world import Run, run

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil
ROOT = Path(__file__).parents[2]
SHAPE: Final = VARIANTS["register --from-table"]
COUNT: Final = 300
BATCH: Final = 50
KILLED: Final = """
import importlib, os, signal, sys
from cli.main import main
from registry.services import bulk

where, module, name, times = sys.argv[1:5]
bulk.BATCH, bulk._IN_FLIGHT = 50, 200
kind = getattr(importlib.import_module(module), where)
real, left = getattr(kind, name), [int(times)]

def killing(*given, **named):
    made = real(*given, **named)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return made

setattr(kind, name, killing)
sys.exit(main(sys.argv[5:]))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give the module a dev chain with one party on it."""
    folder = tmp_path_factory.mktemp("bulk")
    (folder / "first.csv").write_text("1\n")
    home = folder / "home"
    run(home, "register", str(folder / "first.csv"))
    yield home
    run(home, "chain", "down", "--force")


def table_of(folder: Path, word: str, count: int = COUNT) -> Path:
    """Return a table of made-up digests."""
    table = folder / f"{word}.csv"
    digest = [sha256(f"{word} {number}".encode()).hexdigest() for number in range(count)]
    table.write_text("metadata_hash,content_root\n" + "".join(f"{one},{one}\n" for one in digest))
    return table


def registered(home: Path, word: str, count: int = COUNT) -> list[int]:
    """Return how often each row of a table is registered, by its content root."""
    with Dengji.connect(home=str(home), writing=False) as client:
        told = list(client.ledger.events((ProductRegistered,)))
    found = Counter(one.content_root for one in told if isinstance(one, ProductRegistered))
    return [found[sha256(f"{word} {n}".encode()).digest()] for n in range(count)]


def killed(home: Path, where: str, times: int, *arguments: str) -> None:
    """Run a command until it kills itself as a method returns for the n-th time."""
    module, kind, name = where.split(":")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DENGJI_")}
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, kind, module, name, str(times), *arguments],
        cwd=ROOT,
        env=kept | {"DENGJI_HOME": str(home), "DENGJI_LANG": "en"},
        capture_output=True,
        check=False,
    )
    assert ran.returncode == -signal.SIGKILL, ran


def rows_of(out: Path) -> list[dict[str, str]]:
    """Return the rows of a file of results."""
    with out.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("route", "count", "points"),
    [
        (
            "batches",
            COUNT,
            (
                ("registry.chain.journal:Journal:record", 1),
                ("registry.chain.submission:Submission:push", 1),
                ("registry.services.bulk_results:Results:flush", 3),
            ),
        ),
        ("singles", 120, (("registry.chain.submission:Submission:push", 1),)),
    ],
)
def test_a_client_that_is_killed_goes_on(
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    route: str,
    count: int,
    points: tuple[tuple[str, int], ...],
) -> None:
    """Killed with transactions signed, sent or landed, the same command registers each row once."""
    monkeypatch.setattr(bulk, "BATCH", BATCH)
    table, out = table_of(tmp_path, route, count), tmp_path / "out.csv"
    command = ("register", "--from-table", str(table), "--route", route, "--out", str(out))
    for where, times in points:
        killed(home, where, times, *command)
        assert not out.exists()
    done = run(home, *command, "--json")
    assert problems(SHAPE, done.result) == []
    assert done.result["registered"] + done.result["recognised"] == count
    assert registered(home, route, count) == [1] * count
    told = rows_of(out)
    assert [one["line"] for one in told] == [str(2 + number) for number in range(count)]
    assert all(one["transaction"].startswith("0x") and int(one["block"]) for one in told)
    assert len({one["product"] for one in told}) == count
    again = run(home, *command, "--json").result
    assert (again["registered"], again["recognised"], again["transactions"]) == (0, count, 0)
    assert [{**one, "status": "recognised"} for one in told] == rows_of(out)
    if route == "batches":
        assert max(Counter(one["transaction"] for one in told).values()) == BATCH


def test_a_chain_that_is_killed_is_restored_and_goes_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The node dies amid the table: the command says so, and begun again it registers the rest."""
    monkeypatch.setattr(bulk, "BATCH", BATCH)
    monkeypatch.setattr(bulk, "_IN_FLIGHT", 2 * BATCH)
    table = table_of(tmp_path, "chain")
    command = ("register", "--from-table", str(table), "--out", str(tmp_path / "out"), "--json")
    pid = run(home, "chain", "status", "--json").result["pid"]
    flush = Results.flush

    def killing(self: Results) -> None:
        flush(self)
        if os.path.exists(f"/proc/{pid}"):  # noqa: PTH110 (of a process)
            os.kill(pid, signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(Results, "flush", killing)
        patched.setattr(sender, "Patience", functools.partial(sender.Patience, outage=0.2))
        stopped = run(home, *command)
    # Hardhat makes a block for each transaction before it answers: it dies amid an answer.
    codes = {"node-unreachable", *(("connection-lost",) if second_node.chosen() else ())}
    assert stopped.code == 4
    assert stopped.error["code"] in codes
    done = run(home, *command).result
    assert done["registered"] + done["recognised"] == COUNT
    assert done["recognised"] >= BATCH
    assert registered(home, "chain") == [1] * COUNT


def test_what_is_wrong_is_told_and_nothing_is_sent(home: Path, tmp_path: Path) -> None:
    """All bad rows in both languages, before a chain is asked; and a dry run sends nothing."""
    bad = tmp_path / "bad.csv"
    bad.write_text("path,salt\nnone,\na,x\n" + "b,y\n" * 30)
    refused = run(home, "register", "--from-table", str(bad), "--json")
    assert (refused.code, refused.error["code"]) == (3, "table-invalid")
    assert refused.error["fields"]["count"] == 32
    lines = run(home, "register", "--from-table", str(bad)).err.splitlines()
    assert lines[0].endswith("has 32 faults; nothing was sent:")
    assert lines[1] == "  - line 2: path: nothing stands there (" + str(tmp_path / "none") + ")"
    assert lines[21:] == ["  - and 12 faults more", lines[22]]
    chinese = run(home, "register", "--from-table", str(bad), DENGJI_LANG="zh").err
    assert "第 2 行：path：该处没有任何内容" in chinese
    dry = run(
        home, "register", "--from-table", str(table_of(tmp_path, "dry")), "--dry-run", "--json"
    )
    assert problems(SHAPE, dry.result) == []
    assert (dry.result["fresh"], dry.result["transactions"]) == (COUNT, 2)
    assert registered(home, "dry") == [0] * COUNT
    elsewhere = run(
        tmp_path / "none", "register", "--from-table", str(tmp_path / "dry.csv"), "--dry-run"
    )
    assert "300 of 300 rows would be registered" in elsewhere.out
    assert not (tmp_path / "none").exists()


def shown(ran: Run) -> tuple[int, str]:
    """Return the code of a run and that of its error."""
    return ran.code, ran.error["code"]


def test_options_that_do_not_go_together_are_refused(home: Path, tmp_path: Path) -> None:
    """A path or a table; what only a single registration has is no option of a table."""
    table = str(table_of(tmp_path, "few", 2))
    assert shown(run(home, "register", "--json")) == (2, "missing-parameter")
    both = ("register", table, "--from-table", table, "--json")
    assert shown(run(home, *both)) == (3, "options-unfit")
    for more in (("--private",), ("--salt", "1"), ("--profile", "PROPERTY"), ("--form",)):
        asked = ("register", "--from-table", table, *more, "--json")
        assert shown(run(home, *asked)) == (3, "options-unfit"), more
    for alone in (("--dry-run",), ("--out", "x"), ("--route", "singles")):
        assert shown(run(home, "register", table, *alone, "--json")) == (3, "options-unfit"), alone
    over = run(home, "register", "--from-table", table, "--out", table, "--json")
    assert shown(over) == (3, "file-unwritable")
    missing = run(home, "register", "--from-table", str(tmp_path / "no.csv"), "--json")
    assert shown(missing) == (3, "content-missing")


def test_a_series_and_a_locator_are_shown(home: Path, tmp_path: Path) -> None:
    """What a registration told of its product stands in `product show`; a table takes both too."""
    (tmp_path / "a.csv").write_text("listed a\n")
    (tmp_path / "b.csv").write_text("listed b\n")
    series = run(home, "register", str(tmp_path / "a.csv"), "--json").result["product"]
    told = ("--series", series, "--locator", "https://data.example/b")
    made = run(home, "register", str(tmp_path / "b.csv"), *told, "--json").result["product"]
    shown_now = run(home, "product", "show", made, "--json").result
    assert problems(RESULTS["product.show"], shown_now) == []
    assert (shown_now["series"], shown_now["locator"]) == (series, "https://data.example/b")
    assert run(home, "product", "show", series, "--json").result["locator"] is None
    table = tmp_path / "t.csv"
    table.write_text("path,salt,locator\na.csv,1,https://data.example/a\na.csv,2,\n")
    out = tmp_path / "out.csv"
    asked = ("register", "--from-table", str(table), "--series", series, "--out", str(out))
    done = run(home, *asked, "--route", "batches", "--json").result
    assert (done["registered"], done["transactions"]) == (2, 2)
    places = [run(home, "product", "show", one["product"], "--json").result for one in rows_of(out)]
    assert [one["locator"] for one in places] == ["https://data.example/a", None]
    assert [one["series"] for one in places] == [series, series]
    for more in (("--profile", "PROPERTY"), ("--from", series)):
        refused = run(home, "register", str(tmp_path / "b.csv"), *told, *more, "--json")
        assert shown(refused) == (3, "options-unfit"), more


def test_a_table_is_anchored_when_that_is_asked(home: Path, tmp_path: Path) -> None:
    """All rows stand under one root and none is registered; the same command recognises it."""
    table, out = table_of(tmp_path, "anchored", 40), tmp_path / "out.csv"
    command = ("register", "--from-table", str(table), "--route", "anchor")
    dry = run(home, *command, "--dry-run", "--json")
    assert problems(SHAPE, dry.result) == []
    assert (dry.result["fresh"], dry.result["transactions"]) == (40, 1)
    done = run(home, *command, "--out", str(out), "--json")
    assert problems(SHAPE, done.result) == []
    assert (done.result["leaves"], done.result["registered"]) == (40, 0)
    assert int(done.result["gas_used"]) <= int(dry.result["gas_estimate"]) + 10_000
    assert registered(home, "anchored", 40) == [0] * 40
    told = rows_of(out)
    assert {one["status"] for one in told} == {"anchored"}
    again = run(home, *command, "--json").result
    assert (again["root"], again["transactions"]) == (done.result["root"], 0)
    root = done.result["root"]
    promoted = run(home, "batch", "promote", root, "--index", "3", "--json")
    assert promoted.code == 0, promoted
    assert run(home, "product", "show", told[3]["product"], "--json").code == 0
    assert registered(home, "anchored", 40) == [int(number == 3) for number in range(40)]
    table.write_text("path,locator\n" + f"{table},https://data.example\n")
    refused = run(home, *command, "--json")
    assert refused.error["fields"]["problems"][0]["problem"] == "not-anchored"
