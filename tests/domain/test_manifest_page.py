"""The page that describes the format is enough to make a content root again."""

import os
import re
from pathlib import Path
from typing import Any

from registry.domain.fingerprint import fingerprint
from registry.domain.manifest import Header
from registry.domain.metadata import Metadata

PAGE = Path(__file__).parents[2] / "docs" / "manifest.md"


def program() -> dict[str, Any]:
    """Return what the page's program defines."""
    found = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found
    defined: dict[str, Any] = {}
    exec(found[1], defined)  # noqa: S102 - our own page
    return defined


def test_program_of_the_page_makes_the_same_roots(tmp_path: Path) -> None:
    """Its few lines, which use nothing of ours, give the roots of files and of a folder."""
    files = {"a/x": 0, "a-b": 5, 'a"\\b\n': (1 << 20) + 1, "数/据.csv": 3 << 20, ".hidden": 1}
    for name, size in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(os.urandom(size))
    theirs = program()
    assert theirs["folder_root"](tmp_path) == fingerprint(tmp_path).content_root
    for name in files:
        path = tmp_path / name
        assert theirs["file_root"](path) == fingerprint(path).content_root


def test_header_of_the_page_is_one() -> None:
    """The header line that the page shows is what a manifest begins with."""
    line = Header(kind="folder", metadata=Metadata(data_name="data")).line().decode()
    assert f"    {line}" in PAGE.read_text("utf-8")
