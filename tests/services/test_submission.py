"""The client tells where an application came late after operation began; the ledger takes it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from cli.timeline import drawn
from cli.timeline_svg import drawing
from registry.archive import Archive
from registry.client import Dengji
from registry.domain.application import Application
from registry.domain.flow_table import Stage
from registry.domain.product import Profile
from registry.services.applying import Asked
from registry.testing import MemoryLedger, account

PLOTS = Path(__file__).resolve().parents[1] / "applications" / "crop_plots.toml"
# Twenty working days after 3 and 4 December 2025 are over at the end of 31 December and, the days
# of the New Year being off, of Sunday 4 January, which is worked. The ledger begins on 1 January.
IN_TIME, LATE = date(2025, 12, 4), date(2025, 12, 3)


def form(began: date) -> Application:
    """Return the form of public data whose operation began on a day."""
    mapping = tomllib.loads(PLOTS.read_text("utf-8")) | {"operatingSince": str(began)}
    return Application.from_mapping(mapping, Profile.PUBLIC, secret=b"s" * 32)


def test_a_late_application_is_taken_and_said_to_be_late(holder: Dengji, data: Path) -> None:
    """What the act answers, the timeline repeats in both languages and in the picture."""
    made = holder.cases.apply_for(data, form(LATE), Asked(registrar=1, evidence=b"\x05" * 32))
    assert made.case.stage is Stage.SUBMITTED
    assert made.submission is not None
    assert (made.submission.submitted, made.submission.late) == (True, True)
    timeline = holder.cases.timeline(made.case.product)
    assert timeline.submission == made.submission
    said = (
        "SUBMITTED LATE: operation began on 2025-12-03, and the application was due by 2026-01-01"
    )
    assert said in drawn(timeline, "en")
    assert said in drawing(timeline, "en")
    assert "逾期提交：2025-12-03 开展运营" in drawn(timeline, "zh")


def test_one_in_time_is_left_unmentioned(holder: Dengji, data: Path) -> None:
    """Its limit is known all the same."""
    made = holder.cases.apply_for(data, form(IN_TIME), Asked(registrar=1, evidence=b"\x05" * 32))
    assert made.submission is not None
    assert not made.submission.late
    timeline = holder.cases.timeline(made.case.product)
    assert timeline.submission == made.submission
    assert "operation" not in drawn(timeline, "en")


def test_a_draft_is_told_its_time_and_judged_when_it_is_submitted(
    ledger: MemoryLedger, holder: Dengji, data: Path
) -> None:
    """The form is that which is kept beside the content, and whoever lacks it is told nothing."""
    asked = Asked(registrar=1, evidence=b"\x05" * 32, draft=True)
    product = holder.cases.apply_for(data, form(IN_TIME), asked).case.product
    assert "the application is due by 2026-01-05" in drawn(holder.cases.timeline(product), "en")
    ledger.advance(5 * 86_400)
    said = drawn(holder.cases.timeline(product), "en")
    assert "LATE: operation began on 2025-12-04" in said
    made = holder.cases.submit_draft(product, b"\x05" * 32)
    assert made.submission is not None
    assert (made.submission.submitted, made.submission.late) == (True, True)
    assert Dengji(ledger, account(0)).cases.timeline(product).submission is None


@pytest.mark.parametrize("damage", [b"", b"not a manifest\n"])
def test_a_form_that_was_damaged_is_none(
    holder: Dengji, data: Path, tmp_path: Path, damage: bytes
) -> None:
    """The timeline tells what the ledger knows, without a word of the time of the application."""
    made = holder.cases.apply_for(data, form(LATE), Asked(registrar=1, evidence=b"\x05" * 32))
    (manifest,) = Archive(tmp_path / "holder").manifests()
    manifest.write_bytes(damage)
    assert holder.cases.timeline(made.case.product).submission is None
