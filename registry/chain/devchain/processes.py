"""Start programs that outlive us, and tell a process from another that got its number later."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_POLL_SECONDS: Final = 0.01
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_START_FIELD: Final = 19
"""The place of the start time in /proc/PID/stat, counted after the program's name."""
_HANDED_ON: Final = frozenset(
    (
        *("HOME", "LANG", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "RUST_BACKTRACE", "RUST_LOG"),
        *("TEMP", "TMP", "TMPDIR", "TZ", "USER"),
        *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"),
    )
)
_DEAD_STATES: Final = frozenset({"Z", "X", "x"})


def spawn(program: Path, arguments: Sequence[str], log: Path) -> int:
    """Start a program in a session of its own, its output appended to `log`; return its pid.

    It survives the end of this process and of its terminal, and so does its environment, which
    other programs may read: `handed_on` says what that is.
    """
    output = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.posix_spawn(
            program,
            [str(program), *arguments],
            handed_on(os.environ),
            file_actions=[
                (os.POSIX_SPAWN_DUP2, nothing, 0),
                (os.POSIX_SPAWN_DUP2, output, 1),
                (os.POSIX_SPAWN_DUP2, output, 2),
            ],
            setsid=True,
            # A shell or test runner may have set these to be ignored, and that is inherited.
            setsigdef=[signal.SIGINT, signal.SIGTERM, signal.SIGPIPE],
        )
    finally:
        os.close(output)
        os.close(nothing)


def handed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """Return of an environment what any program needs, and nothing that may be a secret.

    Neither settings of ours, which may hold the key of a node's provider, nor what other programs
    keep there; nor what would have the program do something else than its options say.

    >>> handed_on({"PATH": "/bin", "DENGJI_RPC": "https://node/key", "LC_ALL": "C", "TOKEN": "x"})
    {'PATH': '/bin', 'LC_ALL': 'C'}
    """
    return {
        name: value
        for name, value in environ.items()
        if name in _HANDED_ON or name.startswith("LC_")
    }


def identity(pid: int) -> str | None:
    """Return what tells this process from every other that has or had its number; None if ended.

    On Linux it is the boot's id and the process's start in clock ticks, elsewhere what `ps` says.
    """
    found = _look(pid)
    return None if found is None or found[0] in _DEAD_STATES else found[1]


def is_same(pid: int, known: str) -> bool:
    """Tell whether the process that had the identity `known` is still running."""
    found = _look(pid)
    if found is None or found[1] != known:
        return False
    if found[0] in _DEAD_STATES:
        _reap(pid)
        return False
    return True


def stop(pid: int, known: str, how: signal.Signals, *, seconds: float) -> bool:
    """Send a signal to a process, if it is still the one known, and wait for its end.

    Return False where it has not ended in time.
    """
    if not is_same(pid, known):
        return True
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return True
    deadline = time.monotonic() + seconds
    while is_same(pid, known):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _look(pid: int) -> tuple[str, str] | None:
    """Return a process's state letter and identity; None where there is none."""
    if pid <= 0:
        return None
    if sys.platform != "linux":
        return _look_by_ps(pid)
    try:
        line = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        boot = _BOOT_ID.read_text("ascii").strip()
    except OSError:
        return None
    # The name stands in parentheses and may itself hold any of them, and spaces.
    fields = line.rpartition(")")[2].split()
    return fields[0], f"{boot}/{fields[_START_FIELD]}"


def _look_by_ps(pid: int) -> tuple[str, str] | None:
    # Imported here for start-up time: Linux does without it.
    import subprocess  # noqa: PLC0415

    found = subprocess.run(
        ["/bin/ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C"},
    )
    state, _, started = found.stdout.strip().partition(" ")
    return (state[0], started.strip()) if found.returncode == 0 and started else None


def _reap(pid: int) -> None:
    """Take the exit status of a child of ours, which would stay a zombie otherwise."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
