"""Test uses and questions through the command line, on a real chain."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import schema
from cli.main import main
from tests.integration.cli_world import Run, World, make

ROOT = Path(__file__).parents[2]
USE = ("--action", "QUERY", "--purpose", "RESEARCH")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make a holder and a buyer on a dev chain."""
    made = make(tmp_path_factory.mktemp("uses"))
    yield made
    made.dengji("chain", "down")


def fits(topic: str, done: Run, code: int = 0) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the result of a run, once it has the shape that is documented."""
    assert done.code == code, done.out + done.err
    assert schema.problems(schema.RESULTS[topic], done.result) == []
    return done.result


def granted(world: World, *more: str) -> str:
    """Return a new grant to the buyer, of 10 calls unless more is said."""
    done = world.dengji(
        *("grant", "issue", world.product, "--to", world.buyer, "--action", "QUERY,READ"),
        *("--purpose", "RESEARCH", "--quota", "10CALL", "--json", *more),
    )
    return str(fits("grant.issue", done)["id"])


def test_a_use_is_recorded_and_a_refusal_leaves_evidence(world: World) -> None:
    """Of ten calls nine are recorded; two more are refused in words, with evidence kept."""
    grant = granted(world)
    nine = fits(
        "usage.record", world.as_buyer("usage", "record", grant, *USE, "--amount", "9", "--json")
    )
    assert (nine["amount"], nine["remaining"]) == ("9", "1")
    refused = world.as_buyer("usage", "record", grant, *USE, "--amount", "2")
    assert refused.code == 1
    assert "more than what is left of the quota" in refused.err
    assert "evidence of the refusal is kept" in refused.err
    last = world.as_buyer("usage", "record", grant, *USE)
    assert (last.code, "0 remain" in last.out) == (0, True), last.out
    listed = fits(
        "usage.list", world.as_buyer("usage", "list", "--refusals", "--grant", grant, "--json")
    )
    (line,) = listed["items"]
    assert (line["verdict"], line["amount"]) == ("QUOTA_EXCEEDED", "2")
    out = world.home / "refusals.jsonl"
    world.as_buyer("usage", "list", "--refusals", "--grant", grant, "--out", str(out))
    assert [json.loads(one) for one in out.read_text().splitlines()] == [line["statement"]]


class _Reader(io.RawIOBase):
    """A pipe whose reader takes what comes first, and goes: as `head -1` does."""

    def __init__(self) -> None:
        self.got = b""

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 (whatever has bytes)
        """Take the first piece, refuse all after it."""
        if self.got:
            raise BrokenPipeError
        self.got = bytes(data)
        return len(self.got)


def test_who_reads_the_first_line_has_the_whole_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer comes in one piece, so that the same words after `| head -1` are a new use."""
    grant = granted(world)
    monkeypatch.setenv("DENGJI_HOME", str(world.home))
    monkeypatch.setenv("DENGJI_LANG", "en")
    asked = ("--account", world.buyer_account, "usage", "record", grant, *USE)
    for remaining in (9, 8, 7):
        reader = _Reader()
        with contextlib.redirect_stdout(io.TextIOWrapper(io.BufferedWriter(reader))):
            assert main(asked) == 0
        assert reader.got.decode().endswith(f"{world.directory}\n")
        shown = world.dengji("grant", "show", grant, "--json").result
        assert shown["remaining"] == str(remaining)


def test_receipts_are_signed_taken_back_and_settled(world: World) -> None:
    """The buyer signs, the holder countersigns, the buyer takes it back, the chain counts it."""
    grant = granted(world)
    file = world.home / "receipt.json"
    made = world.as_buyer(
        *("usage", "sign", "--grant", grant, "--amount", "4", *USE, "--out", str(file), "--json")
    )
    assert fits("usage.sign", made)["complete"] is False
    countersigned = fits("usage.sign", world.dengji("usage", "sign", str(file), "--json"))
    assert (countersigned["complete"], countersigned["cumulative"]) == (True, "4")
    fits("usage.take", world.as_buyer("usage", "take", str(file), "--json"))
    following = fits(
        "usage.sign", world.as_buyer("usage", "sign", "--grant", grant, *USE, "--json")
    )
    assert (following["cumulative"], following["sequence"]) == ("5", 2)
    before = fits("usage.list", world.dengji("usage", "list", "--grant", grant, "--json"))["items"]
    assert (before[0]["cumulative"], before[0]["settled"], before[0]["open"]) == ("4", "0", "4")
    settled = fits("usage.settle", world.dengji("usage", "settle", grant, "--json"))
    assert settled["settled"] == [{"grant": grant, "cumulative": "4", "sequence": 1}]
    after = fits("usage.list", world.dengji("usage", "list", "--grant", grant, "--json"))["items"]
    assert (after[0]["settled"], after[0]["open"], after[0]["remaining"]) == ("4", "0", "6")
    again = fits("usage.settle", world.dengji("usage", "settle", grant, "--json"))
    assert (again["settled"], again["receipts"]) == ([], [])


def test_what_is_kept_unsigned_is_countersigned_where_asked(world: World) -> None:
    """Settling names what lacks a signature and how to put it there; --sign does it."""
    grant = granted(world)
    file = world.home / "kept.json"
    world.as_buyer("usage", "sign", "--grant", grant, *USE, "--out", str(file))
    # Both share a home: what the buyer takes is what the holder's service would have kept.
    world.as_buyer("usage", "take", str(file))
    without = world.dengji("usage", "settle", grant, "--json")
    told = fits("usage.settle", without)
    assert (told["settled"], told["unsigned"]) == ([], [grant])
    assert "--sign" in without.err
    done = world.dengji("usage", "settle", grant, "--sign", "--json")
    told = fits("usage.settle", done)
    assert told["settled"] == [{"grant": grant, "cumulative": "1", "sequence": 1}]
    assert (told["unsigned"], "--sign" in done.err) == ([], False)


def test_the_header_is_one_word_that_can_be_read_back(world: World) -> None:
    """What --header prints is the receipt, and a file that holds it is countersigned as one."""
    grant = granted(world)
    word = world.as_buyer("usage", "sign", "--grant", grant, *USE, "--header").out.strip()
    assert re.fullmatch(r"[\w-]+", word)
    file = world.home / "word"
    file.write_text(word)
    done = world.dengji("usage", "sign", str(file), "--out", str(file) + ".json", "--json")
    assert fits("usage.sign", done)["complete"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("usage", "sign"),
        ("usage", "sign", "--action", "QUERY"),
        ("usage", "sign", "nowhere.json", "--action", "QUERY"),
    ],
)
def test_half_a_use_is_none(world: World, arguments: tuple[str, ...]) -> None:
    """A receipt is asked for by a use in full, or by a file alone."""
    done = world.as_buyer(*arguments, "--json")
    assert (done.code, done.error["code"]) == (3, "use-unnamed")


def test_explain_names_every_clause_that_fails(world: World) -> None:
    """A wrong purpose and a wrong territory are told with what is granted and what is needed."""
    data = world.home / "explained.csv"
    data.write_text("explained")
    product = world.dengji("register", str(data), "--json").result["product"]
    asked = ("explain", product, "--grantee", world.buyer, "--action", "QUERY")
    none = fits("explain", world.dengji(*asked, "--purpose", "RESALE", "--json"), 1)
    assert (none["verdict"], none["grants"]) == ("GRANT_UNKNOWN", [])
    world.dengji(
        *("grant", "issue", product, "--to", world.buyer, "--action", "QUERY"),
        *("--purpose", "RESEARCH", "--territory", "156410000"),
    )
    told = fits("explain", world.dengji(*asked, "--purpose", "RESALE", "--json"), 1)
    fails = told["grants"][0]["fails"]
    assert [one["clause"] for one in fails] == ["PURPOSES", "TERRITORY"]
    assert (fails[0]["granted"], fails[0]["asked"]) == ("RESEARCH", "RESALE")
    prose = world.dengji(*asked, "--purpose", "RESALE", DENGJI_LANG="zh")
    assert prose.code == 1
    assert "用途" in prose.out
    assert "需要" in prose.out
    yes = world.dengji(*asked, "--purpose", "RESEARCH", "--territory", "156410000", "--json")
    assert fits("explain", yes)["grants"][0]["fails"] == []


def test_explain_who_and_what_answer_for_the_past(world: World) -> None:
    """Before a revocation the grant could be used, and all three questions say so of that block."""
    data = world.home / "past.csv"
    data.write_text("past")
    product = world.dengji("register", str(data), "--json").result["product"]
    issued = world.dengji(
        *("grant", "issue", product, "--to", world.buyer, "--action", "QUERY"),
        *("--purpose", "RESEARCH", "--json"),
    ).result
    block = str(issued["block"])
    world.dengji("grant", "revoke", issued["id"])
    for topic, arguments in (
        ("who", ("who", "--product", product)),
        ("what", ("what", "--party", world.buyer)),
    ):
        now = fits(topic, world.dengji(*arguments, "--json"))
        then = fits(topic, world.dengji(*arguments, "--at", block, "--json"))
        (one,) = [each for each in now["items"] if each["grant"] == issued["id"]]
        (before,) = [each for each in then["items"] if each["grant"] == issued["id"]]
        assert (one["verdict"], before["verdict"]) == ("GRANT_REVOKED", "OK")
        assert then["at"]["block"] == issued["block"]
    asked = ("explain", product, "--grantee", world.buyer, *USE, "--json")
    assert fits("explain", world.dengji(*asked), 1)["verdict"] == "GRANT_REVOKED"
    assert fits("explain", world.dengji(*asked, "--at", block))["verdict"] == "OK"


def test_lists_page_and_write_csv(world: World) -> None:
    """A list is cut into pages that join without a gap, and CSV has its columns."""
    for _ in range(3):
        granted(world)
    whole = fits("who", world.dengji("who", "--product", world.product, "--json"))["items"]
    first = fits("who", world.dengji("who", "--product", world.product, "--limit", "2", "--json"))
    rest = world.dengji(*("who", "--product", world.product, "--after", first["after"], "--json"))
    assert first["items"] + fits("who", rest)["items"] == whole
    told = world.dengji("who", "--product", world.product, "--csv").out
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0][:3] == ["grant", "grantee", "verdict"]
    assert len(rows) == len(whole) + 1


def test_watch_tells_each_event_once_and_can_go_on(world: World) -> None:
    """From a block to a block every event is told, a line of JSON each, whatever the cut."""
    head = world.grant().result["block"]

    def told(first: int, until: int) -> list[Any]:
        done = world.dengji("watch", "--from", str(first), "--until", str(until), "--json")
        assert done.code == 0
        lines = [json.loads(line) for line in done.out.splitlines()]
        assert all(line["ok"] for line in lines)
        results = [line["result"] for line in lines]
        assert [schema.problems(schema.RESULTS["watch"], one) for one in results] == [[]] * len(
            results
        )
        return results

    whole = told(0, head)
    assert {"PartyEnrolled", "ProductRegistered", "GrantIssued"} <= {one["event"] for one in whole}
    middle = head // 2
    assert told(0, middle) + told(middle + 1, head) == whole
    prose = world.dengji("watch", "--product", world.product, "--from", "0", "--until", str(head))
    assert "a grant was issued" in prose.out


def test_watch_says_that_it_waits_for_its_last_block(world: World) -> None:
    """Where the end lies ahead, stderr says so; the block come, it ends as any other."""
    head = world.grant().result["block"]
    ahead = ("--from", str(head), "--until", str(head + 1))
    running = watching(world, *ahead)
    assert running.stderr is not None
    said = running.stderr.readline()
    assert said == f"all there is was told; waiting for block {head + 1}\n"
    world.grant()
    out, err = running.communicate(timeout=300)
    assert (running.returncode, err) == (0, "")
    assert {json.loads(line)["result"]["block"] for line in out.splitlines()} == {head, head + 1}
    assert world.dengji("watch", *ahead).err == ""


def watching(world: World, *arguments: str) -> subprocess.Popen[str]:
    """Return `dengji watch` as it runs in a process of its own."""
    kept = {name: one for name, one in os.environ.items() if not name.startswith("DENGJI_")}
    if "DENGJI_ANVIL" in os.environ:
        kept["DENGJI_ANVIL"] = os.environ["DENGJI_ANVIL"]
    return subprocess.Popen(
        [sys.executable, "-m", "cli", "watch", *arguments, "--json"],
        cwd=ROOT,
        env={**kept, "DENGJI_HOME": str(world.home), "DENGJI_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_watch_ends_cleanly_when_interrupted(world: World) -> None:
    """Ctrl-C ends it with 130; what was told is whole lines, and it says where to go on."""
    running = watching(world, "--from", "0")
    assert running.stdout is not None
    first = json.loads(running.stdout.readline())
    assert first["result"]["event"] == "ContractCreated"
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=300)
    assert running.returncode == 130
    assert all(json.loads(line)["ok"] for line in out.splitlines())
    assert re.search(r"go on with --from \d+", err)


def test_a_sub_grant_shows_the_way_down_to_it(world: World) -> None:
    """The path of a sub-grant names its parent and itself; a grant on the product has none."""
    parent = granted(world, "--sub-delegation", "FREE", "--depth", "1")
    issued = world.as_buyer(
        *("grant", "issue", world.product, "--to", world.holder, "--parent", parent),
        *("--action", "QUERY", "--purpose", "RESEARCH", "--quota", "1CALL", "--json"),
    )
    assert issued.code == 0, issued.out
    child = issued.result["id"]
    assert world.dengji("grant", "show", child, "--json").result["path"] == [parent, child]
    assert "path" not in world.dengji("grant", "show", parent, "--json").result


def test_who_watches_learns_whom_an_event_is_about(world: World) -> None:
    """An event names parties, products and grants by their ids, in prose and in JSON."""
    grant = granted(world)
    recorded = world.as_buyer("usage", "record", grant, *USE, "--json").result
    block = str(recorded["receipt"]["block"])
    asked = ("watch", "--from", block, "--until", block)
    (told,) = map(json.loads, world.dengji(*asked, "--json").out.splitlines())
    assert told["result"]["fields"]["grant"] == grant
    assert told["result"]["fields"]["by"] == world.buyer
    (line,) = world.dengji(*asked).out.splitlines()
    assert grant in line
    assert world.buyer in line


def test_an_event_in_prose_has_no_words_of_python(world: World) -> None:
    """Sources stand by their ids, yes and no as elsewhere, and what is empty not at all."""
    content = world.data.parent / "derived.csv"
    content.write_text("5,6\n")
    made = world.dengji("register", str(content), "--from", world.product, "--json").result
    block = str(made["receipt"]["block"])
    told = world.dengji("watch", "--from", block, "--until", block).out
    assert f"sources {world.product} 1" in told
    assert not {"{", "None", "True", "False"} & set(told.replace("'", " ").split())
    assert "flags" not in told
