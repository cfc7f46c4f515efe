"""What is kept at home of applications."""

import json
from pathlib import Path

from registry.applications import Answers, Applications, Draft
from registry.domain.application import Application
from registry.domain.product import Profile

FORM = {
    "dataName": "x",
    "applicants": [{"name": "甲", "phone": "0371-00000000"}],
}


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return path.stat().st_mode & 0o777


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    """One home has one secret of 32 bytes, another home another."""
    first = Applications(tmp_path / "a").secret()
    assert Applications(tmp_path / "a").secret() == first
    assert Applications(tmp_path / "b").secret() != first
    assert len(first) == 32
    assert mode(tmp_path / "a" / "applications" / "secret") == 0o600


def test_a_kept_form_gives_the_same_hash_elsewhere(tmp_path: Path) -> None:
    """What is kept holds the salt: read at another home, it has the hash that was registered."""
    home = Applications(tmp_path)
    made = Application.from_mapping(FORM, Profile.OPEN, secret=home.secret())
    path = home.keep(made)
    assert mode(path) == 0o600
    said = json.loads(path.read_bytes())
    assert said["profile"] == "OPEN"
    again = Application.from_mapping(said["form"], Profile.OPEN, secret=b"elsewhere")
    assert again.metadata_hash == made.metadata_hash


def test_a_draft_comes_back_and_is_forgotten(tmp_path: Path) -> None:
    """An unfinished form stands for its data and profile until it is replaced or dropped."""
    home = Applications(tmp_path)
    assert home.draft("/a", "OPEN") is None
    answers: Answers = [(["applicants", 0, "name"], "甲"), (["form"], ["表格"])]
    draft = Draft(data="/a", profile="OPEN", answers=answers)
    assert mode(home.save_draft(draft)) == 0o600
    assert home.draft("/a", "OPEN") == draft
    assert home.draft("/b", "OPEN") is None
    assert home.draft("/a", "PUBLIC") is None
    home.drop_draft("/a", "OPEN")
    assert home.draft("/a", "OPEN") is None
    home.drop_draft("/a", "OPEN")


def test_a_damaged_draft_is_none(tmp_path: Path) -> None:
    """A draft that is not ours, or half, is as if there were none."""
    home = Applications(tmp_path)
    path = home.save_draft(Draft(data="/a", profile="OPEN", answers=[]))
    for damaged in ("", "{", "[]", "{}", '{"answers": [1]}', '{"answers": []}'):
        path.write_text(damaged)
        assert home.draft("/a", "OPEN") is None
