"""Anchors through the command line, on a real chain, and killed anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli import schema
from tests.integration.cli_world import Run, World, make

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.anvil

ROOT = Path(__file__).parents[2]
KILLER = """
import os, signal, socket, sys

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dying(owner, name, times=1, after=False):
    real, calls = getattr(owner, name), [0]
    def counted(*given, **named):
        calls[0] += 1
        if calls[0] == times and not after:
            die()
        made = real(*given, **named)
        if calls[0] == times:
            die()
        return made
    setattr(owner, name, counted)

def sending(times, after):
    real, calls = socket.socket.sendall, [0]
    def watched(self, data, *more):
        told = b"eth_sendRawTransaction" in bytes(data)
        calls[0] += told
        if told and calls[0] == times and not after:
            die()
        real(self, data, *more)
        if told and calls[0] == times:
            die()
    socket.socket.sendall = watched

from registry.domain import anchor_writing
from registry.services import anchors
from pathlib import Path
from cli.main import main
STEP
sys.exit(main(sys.argv[1:]))
"""
STEPS = {
    "in the middle of the leaves": "dying(anchor_writing, 'leaf_hashes', 2)",
    "before the archive is durable": "dying(anchor_writing.os, 'fsync')",
    "before the archive has its name": "dying(Path, 'replace')",
    "when the archive has its name": "dying(anchor_writing, '_settle')",
    "before the root is sent": "sending(1, False)",
    "when the root is sent": "sending(1, True)",
    "before the outcome is told": "dying(anchors.Anchors, 'anchored')",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make a holder and a buyer on a dev chain."""
    made = make(tmp_path_factory.mktemp("anchors"))
    yield made
    made.dengji("chain", "down")


def fits(topic: str, done: Run, code: int = 0) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the result of a run, once it has the shape that is documented."""
    assert done.code == code, done.out + done.err
    assert schema.problems(schema.RESULTS[topic], done.result) == []
    return done.result


def table(folder: Path, name: str, count: int, data: Path | None = None) -> Path:
    """Write a table of that many rows of digests, and one of a folder where one is given."""
    rows = [sha256(f"{name} {number}".encode()).hexdigest() for number in range(count)]
    lines = ["path,content_root,metadata_hash", *(f",{one},{one[::-1]}" for one in rows)]
    file = folder / f"{name}.csv"
    file.write_text("\n".join(lines + ([] if data is None else [f"{data},,"])) + "\n")
    return file


def killed(world: World, step: str, *arguments: str) -> None:
    """Run the command line in a process of its own that is killed at a step."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
    environ |= {"DENGJI_HOME": str(world.home), "DENGJI_LANG": "en", "PYTHONPATH": str(ROOT)}
    if "DENGJI_ANVIL" in os.environ:
        environ["DENGJI_ANVIL"] = os.environ["DENGJI_ANVIL"]
    done = subprocess.run(
        [sys.executable, "-c", KILLER.replace("STEP", step), *arguments],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr


def test_a_table_is_anchored_proved_checked_and_promoted(world: World, tmp_path: Path) -> None:
    """From one root any leaf is proved to a stranger and becomes a product with its first time."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("anchored")
    made = fits(
        "batch.anchor",
        world.dengji("batch", "anchor", str(table(tmp_path, "first", 20, data)), "--json"),
    )
    root = made["root"]
    assert (made["leaves"], made["party"], made["already"]) == (21, world.holder, False)
    unknown = fits("verify", world.dengji("verify", str(data), "--json"), 7)
    (anchored,) = unknown["anchored"]
    assert (unknown["outcome"], anchored["since"]) == ("UNKNOWN", made["since"])
    told = world.dengji("verify", str(data))
    assert f"anchored since {made['since']} by {world.holder}" in told.out
    assert "no registration" in told.out
    proof = tmp_path / "proof.json"
    proved = fits(
        "batch.prove",
        world.dengji("batch", "prove", root, "--content", str(data), "--out", str(proof), "--json"),
    )
    assert (proved["index"], proved["product"]) == (20, anchored["product"])
    by_buyer = ("batch", "check", str(proof), "--path", str(data), "--json")
    checked = fits("batch.check", world.as_buyer(*by_buyer))
    assert (checked["party"], checked["since"]) == (world.holder, made["since"])
    assert (checked["promoted"], checked["content_checked"]) == (False, True)
    other = world.as_buyer("batch", "check", str(proof), "--path", str(world.data), "--json")
    assert fits("batch.check", other, 5)["content_checked"] is False
    refused = world.as_buyer("batch", "promote", str(proof), "--json")
    assert (refused.code, refused.error["code"]) == (3, "anchor-elsewhere")
    done = fits("batch.promote", world.dengji("batch", "promote", str(proof), "--json"))
    assert (done["promoted"], done["products"][0]["product"]) == (1, proved["product"])
    shown = fits("product.show", world.dengji("product", "show", proved["product"], "--json"))
    assert shown["since"] == made["since"]
    assert fits("verify", world.dengji("verify", str(data), "--json"))["anchored"] == []
    assert fits("batch.check", world.as_buyer(*by_buyer))["promoted"] is True
    again = world.dengji("batch", "promote", str(proof), "--json")
    assert (again.code, again.error["code"]) == (1, "product-taken")
    every = fits("batch.promote", world.dengji("batch", "promote", root, "--all", "--json"))
    assert (every["promoted"], every["recognised"]) == (20, 1)
    assert fits("batch.show", world.dengji("batch", "show", root, "--json"))["promoted"] == 21


def test_the_same_table_again_is_recognised(world: World, tmp_path: Path) -> None:
    """A root that was anchored before sends nothing, and its archive is there again."""
    file = str(table(tmp_path, "again", 5))
    made = fits("batch.anchor", world.dengji("batch", "anchor", file, "--json"))
    Path(made["file"]).unlink()
    again = fits("batch.anchor", world.dengji("batch", "anchor", file, "--json"))
    assert (again["already"], again["receipt"], again["since"]) == (True, None, made["since"])
    assert Path(again["file"]).is_file()
    listed = fits("batch.list", world.dengji("batch", "list", "--json"))
    assert made["root"] in [one["root"] for one in listed["items"]]
    prose = world.dengji("batch", "anchor", file, DENGJI_LANG="zh")
    assert (prose.code, "此前已于" in prose.out) == (0, True)


def test_damage_is_told_and_mended(world: World, tmp_path: Path) -> None:
    """A cut or altered archive is refused by what reads it; the table gives it anew."""
    file = str(table(tmp_path, "damage", 9))
    made = fits("batch.anchor", world.dengji("batch", "anchor", file, "--json"))
    archive = Path(made["file"])
    whole = archive.read_bytes()
    copy = tmp_path / "copy.anchor"
    copy.write_bytes(whole)
    assert fits("batch.check", world.dengji("batch", "check", str(copy), "--json"))["leaves"] == 9
    altered = bytearray(whole)
    altered[1024 + 96 * 4] ^= 1
    for content in (bytes(altered), whole[:-1]):
        archive.write_bytes(content)
        for asked in (
            ("batch", "prove", made["root"], "--index", "4", "--out", str(tmp_path / "p")),
            ("batch", "check", str(archive)),
            ("batch", "promote", made["root"], "--index", "4"),
        ):
            done = world.dengji(*asked, "--json")
            assert (done.code, done.error["code"]) == (5, "anchor-archive-damaged")
    listed = world.dengji("batch", "list", "--json")
    assert made["root"] not in [one["root"] for one in fits("batch.list", listed)["items"]]
    assert archive.name in listed.err
    fits("batch.anchor", world.dengji("batch", "anchor", file, "--json"))
    assert archive.read_bytes() == whole


def test_what_cannot_be_is_refused(world: World, tmp_path: Path) -> None:
    """Bad rows, doubles, absent roots and leaves, tampered proofs: one clear error each."""
    file = table(tmp_path, "refused", 3)
    lines = file.read_text().splitlines()
    double = tmp_path / "double.csv"
    double.write_text("\n".join([*lines, lines[1]]) + "\n")
    done = world.dengji("batch", "anchor", str(double), "--json")
    assert (done.code, done.error["code"]) == (3, "table-invalid")
    assert "2" in done.error["message"]
    assert "5" in done.error["message"]
    listed = tmp_path / "listed.csv"
    listed.write_text(f"content_root,metadata_hash,locator\n{'1' * 64},{'2' * 64},https://a.cn\n")
    done = world.dengji("batch", "anchor", str(listed), "--json")
    assert (done.code, done.error["code"]) == (3, "table-invalid")
    assert "locator" in done.error["message"]
    made = fits("batch.anchor", world.dengji("batch", "anchor", str(file), "--json"))
    proof = tmp_path / "proof.json"
    world.dengji("batch", "prove", made["root"], "--index", "1", "--out", str(proof))
    value = json.loads(proof.read_text())
    moved = tmp_path / "moved.json"
    moved.write_text(
        json.dumps({**value, "index": 2}, separators=(",", ":"), sort_keys=True) + "\n"
    )
    root, nowhere = made["root"], str(tmp_path / "nowhere.anchor")
    for asked, code, error in (
        (("prove", root), 3, "options-unfit"),
        (("prove", root, "--index", "1", "--content", "00" * 32), 3, "options-unfit"),
        (("prove", root, "--index", "3"), 3, "leaf-unknown"),
        (("prove", root, "--content", "11" * 32), 3, "leaf-unknown"),
        (("prove", root, "--product", world.product), 3, "leaf-unknown"),
        (("prove", "22" * 32, "--index", "0"), 3, "anchor-not-kept"),
        (("prove", nowhere, "--index", "0"), 3, "file-unreadable"),
        (("promote", root), 3, "options-unfit"),
        (("promote", str(proof), "--all"), 3, "options-unfit"),
        (("promote", str(moved)), 5, "anchor-proof-refused"),
        (("check", str(moved)), 5, "anchor-proof-refused"),
        (("check", str(file)), 3, "anchor-proof-unreadable"),
        (("check", made["file"], "--path", str(file)), 3, "options-unfit"),
    ):
        done = world.dengji("batch", *asked, "--json")
        assert (done.code, done.error["code"]) == (code, error), (asked, done.out)


@pytest.mark.parametrize("step", STEPS)
def test_an_anchoring_that_is_killed_goes_on(world: World, tmp_path: Path, step: str) -> None:
    """Wherever the kill falls, no root stands without its archive, and the same command ends it."""
    # More leaves than a block where the archive is to be begun before they end.
    count = 4_100 if "leaf_hashes" in STEPS[step] else 40
    file = table(tmp_path, step, count)
    killed(world, STEPS[step], "batch", "anchor", str(file))
    folder = world.home / "anchors"
    kept = {path.stem for path in folder.glob("*.anchor")}
    events = anchored(world)
    assert {root for _, root in events} <= kept
    done = fits("batch.anchor", world.dengji("batch", "anchor", str(file), "--json"))
    assert done["leaves"] == count
    after = [root for _, root in anchored(world)]
    assert after.count(done["root"][2:]) == 1
    assert [path for path in folder.iterdir() if path.suffix != ".anchor"] == []
    fits("batch.check", world.dengji("batch", "check", done["file"], "--json"))


@pytest.mark.parametrize(
    "step",
    ["sending(1, False)", "sending(1, True)", "dying(anchors, 'Promoted', 5)"],
)
def test_a_promotion_that_is_killed_goes_on(world: World, tmp_path: Path, step: str) -> None:
    """The same command promotes the rest; every leaf becomes a product exactly once."""
    file = table(tmp_path, step, 12)
    root = fits("batch.anchor", world.dengji("batch", "anchor", str(file), "--json"))["root"]
    killed(world, step, "batch", "promote", root, "--all")
    done = fits("batch.promote", world.dengji("batch", "promote", root, "--all", "--json"))
    assert done["promoted"] + done["recognised"] == 12
    assert fits("batch.show", world.dengji("batch", "show", root, "--json"))["promoted"] == 12


def anchored(world: World) -> list[tuple[str, str]]:
    """Return party and root of every anchor that the chain tells of."""
    from registry.client import Dengji  # noqa: PLC0415 (start-up time)
    from registry.domain.anchor_events import BatchAnchored  # noqa: PLC0415 (start-up time)

    with Dengji.connect(home=str(world.home), writing=False) as client:
        events = client.ledger.events([BatchAnchored])
        return [(str(one.by), one.root.hex()) for one in events if isinstance(one, BatchAnchored)]
