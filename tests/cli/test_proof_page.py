"""Write the page that verifies proofs, without any ledger."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cli.schema import RESULTS, problems
from registry.documents.verifier import NAME, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Run


def test_writes_the_page_and_tells_its_digest(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """The file is the page of this release, byte for byte, here or where it is wanted."""
    for arguments, file in (
        ((), Path(NAME)),
        (("--out", str(tmp_path / "new" / "a.html")), tmp_path / "new" / "a.html"),
    ):
        written = dengji("proof", "page", *arguments, "--json")
        assert written.code == 0
        result = written.json["result"]
        assert problems(RESULTS["proof.page"], result) == []
        assert file.read_bytes() == page()
        assert result["sha256"] == "0x" + sha256(file.read_bytes()).hexdigest()
        assert (result["file"], result["bytes"]) == (str(file), len(page()))


def test_a_place_that_cannot_be_written_is_told(dengji: Callable[..., Run], tmp_path: Path) -> None:
    """A folder in the place of the file is an error of the input, and nothing is left beside it."""
    (tmp_path / "taken").mkdir()
    refused = dengji("proof", "page", "--out", str(tmp_path / "taken"))
    assert refused.code == 3
    assert f"{tmp_path / 'taken'} cannot be written" in refused.err
    assert "hint: Name another file or folder" in refused.err
    (tmp_path / "file").write_text("")
    assert not list(tmp_path.glob(".*"))
    within = dengji("proof", "page", "--out", str(tmp_path / "file" / "a.html"), "--json")
    assert (within.code, within.json["error"]["code"]) == (3, "file-unwritable")
    assert dengji("proof", "page", "--out", str(tmp_path / "taken" / "a.html")).code == 0
