"""Clear away what processes that were killed left half written."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_UNFINISHED: Final = re.compile(r"\.new-(\d+)-.*|\..+\.(\d+)\.part")


def scratch_prefix() -> str:
    """Return how the names of this process's unfinished folders begin."""
    return f".new-{os.getpid()}-"


def clear(folder: Path) -> None:
    """Remove from a folder the unfinished files and folders of processes that are gone.

    What cannot be removed stays: it is in nobody's way.
    """
    for path in list(folder.iterdir()):
        named = _UNFINISHED.fullmatch(path.name)
        if named is None or _runs(int(named[1] or named[2])):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
