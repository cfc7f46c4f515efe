"""The bindings are what the artifacts give, and a stale file is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scripts import gen_bindings

if TYPE_CHECKING:
    from pathlib import Path


def test_the_bindings_in_the_package_are_fresh() -> None:
    """What is committed is what the generator writes."""
    assert gen_bindings.TARGET.read_text("utf-8") == gen_bindings.generate()


def test_notices_a_stale_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` fails on any difference and writes nothing; without it the file is made anew."""
    stale = tmp_path / "registry" / "bindings.py"
    stale.parent.mkdir()
    stale.write_text("# old\n", "utf-8")
    fresh = gen_bindings.generate()
    monkeypatch.setattr(gen_bindings, "TARGET", stale)
    monkeypatch.setattr(gen_bindings, "ROOT", tmp_path)
    monkeypatch.setattr(gen_bindings, "generate", lambda: fresh)
    monkeypatch.setattr("sys.argv", ["gen_bindings", "--check"])
    assert gen_bindings.main() == 1
    assert "stale" in capsys.readouterr().out
    assert stale.read_text("utf-8") == "# old\n"
    monkeypatch.setattr("sys.argv", ["gen_bindings"])
    assert gen_bindings.main() == 0
    monkeypatch.setattr("sys.argv", ["gen_bindings", "--check"])
    assert gen_bindings.main() == 0


@pytest.mark.parametrize(
    ("parameter", "shown"),
    [
        ({"type": "uint8"}, "uint8"),
        ({"type": "tuple", "components": [{"type": "bytes"}, {"type": "bool"}]}, "(bytes,bool)"),
        ({"type": "tuple[2][]", "components": [{"type": "bytes"}]}, "(bytes)[2][]"),
    ],
)
def test_spells_out_tuples(parameter: dict[str, object], shown: str) -> None:
    """A struct stands in a signature as the list of its types."""
    assert gen_bindings.canonical(parameter) == shown


def test_refuses_overloads(capsys: pytest.CaptureFixture[str]) -> None:
    """Two functions of one name would hide each other."""
    entry = {"type": "function", "name": "f", "inputs": [], "outputs": []}
    with pytest.raises(SystemExit, match="overloads"):
        list(gen_bindings.contract("C", [entry, entry]))
    assert not capsys.readouterr().err
