"""A registration authority runs a whole procedure at the command line, refusals included."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.schema import RESULTS, problems
from registry.chain.rpc import Rpc
from tests.integration import cli_world
from tests.integration.cli_world import Run, World, run

pytestmark = [pytest.mark.anvil, pytest.mark.slow]

STORY = Path(__file__).resolve().parents[1] / "applications" / "hail_index.toml"
PLOTS = STORY.with_name("crop_plots.toml")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 (a generator's type)
    """Return a home whose first account is the registrar, with an applicant beside it."""
    made = cli_world.make(tmp_path_factory.mktemp("cases"))
    for name in ("deposit.txt", "reasons.txt"):
        (made.data.parent / name).write_text(f"{name}\n")
    (made.data.parent / "list.txt").write_text("the first item\n\nthe second item\n")
    run(made.home, "--account", made.stranger_account, "party", "enrol", "--json")
    yield made
    run(made.home, "chain", "down")


def shaped(topic: str, ran: Run) -> Any:  # noqa: ANN401 (whatever JSON holds)
    """Return the result of a run, which has the shape that is documented."""
    assert ran.code in (0, 1), ran.out
    assert not problems(RESULTS[topic], ran.result)
    return ran.result


def pass_days(world: World, days: int) -> None:
    """Let so many days go by on the chain."""
    with Rpc.connect(world.url, chain_id=world.chain_id) as rpc:
        rpc.call("evm_increaseTime", days * 86_400)
        rpc.call("evm_mine")


def applied(world: World, number: int, *more: str) -> str:
    """Apply for a registration under PROPERTY as the buyer, and return the product."""
    content = world.data.parent / f"{number}.csv"
    content.write_text(f"{number}\n")
    ran = world.as_buyer(
        *("register", str(content), "--profile", "property", "--metadata", str(STORY)),
        *("--evidence", str(world.data.parent / "deposit.txt"), "--json", *more),
    )
    return str(shaped("case.submit", ran)["product"]) if not more else str(ran.result["product"])


def test_from_the_application_to_the_code(world: World) -> None:
    """Accepted, supplemented, publicised, objected to, decided and registered; each in its time."""
    folder = world.data.parent
    deposit, reasons = str(folder / "deposit.txt"), str(folder / "reasons.txt")
    product = applied(world, 1)

    waiting = shaped("case.list", world.dengji("case", "list", "--awaiting", "me", "--json"))
    assert [one["product"] for one in waiting["items"]] == [product]
    assert world.as_buyer("case", "accept", product, "--json").error["code"] == "not-registrar"
    assert shaped("case.accept", world.dengji("case", "accept", product, "--json"))["notice"]

    asked = world.dengji("case", "ask", product, "--list", str(folder / "list.txt"), "--days", "5")
    assert "1. the first item\n  2. the second item" in asked.out
    theirs = world.as_buyer("case", "list", "--awaiting", "me", "--json").result["items"]
    assert [one["stage"] for one in theirs] == ["SUPPLEMENTING"]
    assert world.as_buyer("case", "supplement", product, "--evidence", deposit).code == 0

    notice = folder / "publicity.md"
    shown = world.dengji("case", "publicise", product, "--notice", str(notice), "--lang", "zh")
    assert shown.out.startswith("登记公示公告")
    assert notice.read_text("utf-8").startswith("# 登记公示公告")
    early = world.dengji("case", "finalise", product, "--evidence", deposit, "--json")
    assert (early.code, early.error["code"]) == (1, "too-early")

    objector = ("--account", world.stranger_account)
    told = run(world.home, *objector, "case", "object", product, "--evidence", reasons, "--json")
    assert shaped("case.object", told)["objection"] == 0
    decided = world.dengji(
        *("case", "decide", product, "--outcome", "rejected", "--reasons", reasons, "--json")
    )
    assert shaped("case.decide", decided)["stage"] == "PUBLICISED"

    pass_days(world, 9)
    done = world.dengji("case", "finalise", product, "--evidence", deposit, "--json")
    code = shaped("case.finalise", done)["code"]
    assert code.startswith("SJ001")
    assert world.dengji("product", "show", code, "--json").result["id"] == product
    late = run(world.home, *objector, "case", "object", product, "--evidence", reasons, "--json")
    assert shaped("case.object", late)["stage"] == "REGISTERED"


def test_what_is_not_answered_counts_as_accepted_or_lapses(world: World) -> None:
    """Silence accepts, a late applicant has never filed, and the timeline tells both."""
    silent, returned = applied(world, 2), applied(world, 3)
    listed = str(world.data.parent / "list.txt")
    back = world.dengji("case", "return", returned, "--list", listed, "--days", "3", "--json")
    assert shaped("case.return", back)["stage"] == "RETURNED"
    pass_days(world, 8)

    told = shaped("case.timeline", world.dengji("case", "timeline", silent, "--json"))
    assert (told["stage"], told["deemed"]) == ("ACCEPTED", True)
    assert [one["act"] for one in told["happened"]] == ["SUBMIT", "DEEM_ACCEPTED"]
    refused = world.dengji("case", "return", silent, "--list", listed, "--json")
    assert refused.error["code"] == "transition-forbidden"

    over = shaped("case.timeline", world.dengji("case", "timeline", returned, "--json"))
    assert (over["stage"], over["next"]) == ("LAPSED", [])
    assert world.as_buyer("case", "resubmit", returned, "--json").code == 1
    drawn = world.dengji("case", "timeline", returned, "--lang", "zh").out
    assert "逾期失效" in drawn
    picture = world.data.parent / "case.svg"
    ran = world.dengji("case", "timeline", silent, "--format", "svg", "--output", str(picture))
    assert ran.code == 0
    assert picture.read_text("utf-8").startswith("<svg ")


def test_a_draft_is_submitted_later_and_withdrawn(world: World) -> None:
    """A draft waits for its applicant; a case that is withdrawn is over."""
    product = applied(world, 4, "--draft")
    told = world.as_buyer("case", "timeline", product, "--json").result
    assert told["stage"] == "DRAFT"
    assert {one["act"] for one in told["next"] if one["allowed"]} == {"SUBMIT", "WITHDRAW"}
    assert shaped("case.submit", world.as_buyer("case", "submit", product, "--json"))
    gone = world.as_buyer("case", "withdraw", product, "--json")
    assert shaped("case.withdraw", gone)["stage"] == "WITHDRAWN"
    open_ = world.dengji("case", "list", "--json").result["items"]
    assert product not in [one["product"] for one in open_]
    every = world.dengji("case", "list", "--all", "--csv").out
    assert product in every


def test_a_late_application_for_public_data_is_taken_with_a_warning(world: World) -> None:
    """The answer stands on stdout; that it came late stands on stderr, in either language."""
    folder = world.data.parent
    (folder / "plots.csv").write_text("plots\n")
    asked = (
        *("register", str(folder / "plots.csv"), "--profile", "public", "--metadata", str(PLOTS)),
        *("--evidence", str(folder / "deposit.txt"), "--json", "--draft"),
    )
    draft = world.as_buyer(*asked)
    product = str(draft.result["product"])
    assert "SUBMITTED" not in draft.err
    assert "LATE: operation began on 2024-10-28" in draft.err
    # Twenty working days from 28 October 2024 on.
    due = "2024-11-25T16:00:00Z"
    assert (draft.result["submission_due"], draft.result["submission_late"]) == (due, True)
    ran = world.as_buyer("case", "submit", product, "--evidence", asked[7], "--json")
    told = shaped("case.submit", ran)
    assert (told["stage"], told["submission_due"], told["submission_late"]) == (
        "SUBMITTED",
        due,
        True,
    )
    assert "SUBMITTED LATE: operation began on 2024-10-28" in ran.err
    timeline = world.as_buyer("case", "timeline", product, "--lang", "zh")
    assert "逾期提交：2024-10-28 开展运营，应于 2024-11-26 00:00 前申请登记" in timeline.out
    gone = shaped("case.withdraw", world.as_buyer("case", "withdraw", product, "--json"))
    assert (gone["submission_due"], gone["submission_late"]) == (None, False)


def test_a_product_without_a_case_has_no_timeline(world: World) -> None:
    """What was registered at once has had no case; that is an answer, with exit code 1."""
    ran = world.dengji("case", "timeline", world.product, "--json")
    assert (ran.code, json.loads(ran.out)["error"]["code"]) == (1, "case-unknown")


def test_nothing_is_decided_whose_notice_cannot_be_written(world: World, tmp_path: Path) -> None:
    """A folder in the notice's place, and one that is not there, are told before the decision."""
    product = applied(world, 21)
    for place in (tmp_path, tmp_path / "missing" / "notice.md"):
        refused = world.dengji("case", "accept", product, "--notice", str(place), "--json")
        assert (refused.code, refused.error["code"]) == (3, "file-unwritable")
    told = shaped("case.timeline", world.dengji("case", "timeline", product, "--json"))
    assert told["stage"] == "SUBMITTED"
