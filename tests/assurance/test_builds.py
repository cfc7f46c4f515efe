"""Builds are compared by their bytes: what depends on the place that it is made in is seen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assurance import builds
from assurance.builds import PLACES, Place

NAMES = ("LICENSE", "scripts/solc", "requirements")


def program(text: str) -> Callable[[Path, Place], Iterator[Path]]:
    """Return what makes a file `made` of the answer that a program of Python prints."""

    def make(folder: Path, place: Place) -> Iterator[Path]:
        said = subprocess.run(
            [sys.executable, "-c", text],
            cwd=folder,
            env={**os.environ, **place.variables},
            umask=place.umask,
            capture_output=True,
            check=True,
        )
        made = folder.parent / "made"
        made.write_bytes(said.stdout)
        yield made

    return make


def test_what_depends_on_the_content_alone_is_equal() -> None:
    """The same files come to the same bytes in both places."""
    found = builds._compared(NAMES, program("print(open('LICENSE').read())"))
    assert {name: len(ones) for name, ones in found.items()} == {"made": 1}


@pytest.mark.parametrize(
    "text",
    [
        "import os; print(os.getcwd())",
        "import os; print(os.stat('LICENSE').st_mtime)",
        "import os; print(os.stat('LICENSE').st_mode)",
        "import os; print(os.stat('scripts/solc').st_mode)",
        "import os; os.mkdir('new'); print(os.stat('new').st_mode)",
        "import os; print(os.path.expanduser('~'))",
        "print(hash('LICENSE'))",
        "import time; print(time.localtime(0))",
        "import locale; print(locale.setlocale(locale.LC_ALL, ''))",
    ],
)
def test_what_depends_on_the_place_is_seen(text: str) -> None:
    """Path, times, modes, umask, home, seed, zone and locale each make two digests."""
    found = builds._compared(NAMES, program(text))
    assert {name: len(ones) for name, ones in found.items()} == {"made": 2}


def test_each_place_has_all_files(tmp_path: Path) -> None:
    """The files are the same in each place, have its times, and what can be run still can."""
    made = []
    for place in PLACES:
        folder = tmp_path / place.name
        builds._copy(NAMES, folder, place)
        paths = [path for path in folder.rglob("*") if path.is_file()]
        made.append({path.relative_to(folder): path.read_bytes() for path in paths})
        assert {path.stat().st_mtime for path in paths} == {place.changed}
        assert os.access(folder / "scripts" / "solc", os.X_OK)
        assert not os.access(folder / "LICENSE", os.X_OK)
    assert made[0] == made[1]


def test_a_build_that_fails_is_told() -> None:
    """What the builder said is in the error, and nothing is compared."""
    with pytest.raises(RuntimeError, match=r"here: .*no such thing"):
        builds._compared(NAMES, _failing)


def _failing(folder: Path, place: Place) -> Iterator[Path]:
    builds._run(("-c", "import sys; sys.exit('no such thing')"), folder, place)
    yield folder
