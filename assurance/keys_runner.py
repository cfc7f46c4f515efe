"""Run one command line of `dengji` with a witness in its process, and break it where asked.

`python -m assurance.keys_runner MODE TRACE ARGUMENTS…`: to TRACE goes what each started program is
handed, and the content of each file before it is removed or written over. MODE is `plain`, or how
the process fails once something is signed: `abort` (a crash), `raise` (a fault), `locals` (an
exception that nobody catches, told with all variables).
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from pathlib import Path
from typing import Any


def witness(trace: Path) -> None:
    """Have what is started and what vanishes written down."""
    output = os.open(trace, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def seen(event: str, given: tuple[Any, ...]) -> None:
        if event in ("subprocess.Popen", "os.posix_spawn"):
            handed = given[-1] if given[-1] is not None else dict(os.environ)
            told = {
                "started": str(given[0]),
                "arguments": str(given[1]),
                "environment": str(handed),
            }
            os.write(output, json.dumps(told).encode() + b"\n")
        elif event in ("os.remove", "os.rename"):
            gone = Path(os.fsdecode(given[0 if event == "os.remove" else 1]))
            if gone.is_file() and not gone.is_symlink():
                os.write(output, b"\n--gone " + os.fsencode(gone) + b"\n" + gone.read_bytes())

    sys.addaudithook(seen)


def broken(mode: str) -> None:
    """Have the process fail when it is about to send what it signed."""
    from registry.chain.submission import Submission  # noqa: PLC0415 (only where it is broken)

    def fail(_: Submission, raws: object) -> Any:  # noqa: ANN401 (it never returns)
        if mode == "abort":
            os.abort()
        raise RuntimeError(f"broken on purpose, with {len(str(raws))} characters at hand")

    Submission.push = fail  # type: ignore[method-assign,assignment]


def main() -> None:
    """Do what this module says."""
    mode, trace, *arguments = sys.argv[1:]
    sys.argv = ["dengji", *arguments]
    faulthandler.enable()
    witness(Path(trace))
    if mode != "plain":
        broken(mode)
    from cli import main as command_line  # noqa: PLC0415 (after what watches it)
    from cli.session import Session  # noqa: PLC0415 (likewise)

    if mode != "locals":
        command_line.entry()
    from rich.traceback import install  # noqa: PLC0415 (only here)

    install(show_locals=True, locals_max_length=1000, locals_max_string=10_000, width=400)
    sys.exit(command_line._run(arguments, Session.early(arguments, os.environ)))  # noqa: SLF001


if __name__ == "__main__":
    main()
