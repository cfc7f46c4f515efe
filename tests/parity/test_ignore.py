"""The patterns of a .dengjiignore mean what git takes them to mean."""

import subprocess
from pathlib import Path

import pytest

from registry.domain.ignore import IgnoreRules
from registry.domain.walk import FolderWalk

PATHS = [
    "a",
    "b.csv",
    "build/out.bin",
    "build/keep/x",
    "docs/a",
    "docs/build",
    "docs/deep/b.csv",
    "docs/deep/er/a",
    "x/docs/deep/c",
    "#hash",
    "!bang",
    "sp ace",
    "br[ack]et",
    "数据/表.csv",
    ".hidden/file",
]
RULES = [
    "*.csv",
    "build",
    "build/",
    "/build",
    "docs/deep",
    "docs/**",
    "docs/**/a",
    "**/deep",
    "**/deep/**",
    "*\n!a\n!docs/",
    "*.csv\n!b.csv",
    "docs/*\n!docs/deep",
    "\\#hash",
    "\\!bang",
    "sp\\ ace",
    "br\\[ack\\]et",
    "[ab]*",
    "[!a]",
    "数据/*",
    ".*",
    "?",
    "/*/a",
    "**",
    "# nothing\n\n  \n",
    "a/",
    "docs/build/",
    "deep/er",
]


@pytest.mark.parametrize("rules", RULES)
def test_leaves_out_what_git_does(tmp_path: Path, rules: str) -> None:
    """A folder's files are those that git would list as untracked and not ignored."""
    for name in PATHS:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    (tmp_path / ".dengjiignore").write_text(rules)
    assert IgnoreRules.parse(rules.encode()) is not None
    ours = [path.decode() for path, _ in FolderWalk(bytes(tmp_path))]

    git = ["git", "-c", "core.excludesFile=/dev/null", "-c", "core.quotePath=false"]
    subprocess.run([*git, "init", "-q", str(tmp_path)], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--others", "--exclude-from=.dengjiignore"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    ).stdout
    theirs = {name.decode() for name in listed.split(b"\0") if name}
    # Ours always keeps the ignore file itself.
    assert ours == sorted(theirs | {".dengjiignore"}, key=str.encode)
