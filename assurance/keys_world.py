"""Make a home with planted secrets, run commands in it, and look through all that they leave."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assurance.keep import ROOT
from assurance.planted import Planted, Search
from registry.chain.devchain import record
from registry.chain.keystore import LIGHT, Keystore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SECONDS: Final = 300
_ENDLESS: Final = 20
_HANDED_ON: Final = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DENGJI_ANVIL")


@dataclass(slots=True)
class KeysWorld:
    """Hold the folders of a world: `home`, `work` (where commands run), `tmp` and `aside`.

    :ivar names: what examples call `$PRODUCT` and so on.

    What was planted on purpose lies in `aside`, which is not looked through.
    """

    folder: Path
    planted: Planted = field(default_factory=Planted)
    search: Search = field(init=False)
    runs: int = 0
    crashes: int = 0
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make folders, the account, its password file and a wrong one, and something to read."""
        self.search = Search(self.planted.needles())
        for name in ("work/data", "tmp", "aside"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "work" / "data" / "a.csv").write_text("1,2\n")
        password, guess = self.planted.password, self.planted.guess
        Keystore(self.home / "keystore").import_key(self.planted.key.hex(), password, cost=LIGHT)
        elsewhere = Keystore(self.folder / "aside" / "keys")
        (self.aside / "word").write_text(f"{password}\n")
        (self.aside / "guess").write_text(f"{guess}\n")
        elsewhere.import_key(self.planted.key.hex(), password, cost=LIGHT)

    @property
    def home(self) -> Path:
        """Return the home of the account."""
        return self.folder / "home"

    @property
    def aside(self) -> Path:
        """Return where files of secrets lie that a person would have made."""
        return self.folder / "aside"

    def run(self, *arguments: str, mode: str = "plain", **variables: str) -> tuple[int, bytes]:
        """Run a command line; look through what it printed, left and handed on.

        Return its code, negative for a signal, and its standard output.
        """
        command = self._command(mode, arguments)
        with subprocess.Popen(
            command,
            cwd=self.folder / "work",
            env=self._environment(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            limit = _ENDLESS if "watch" in arguments else _SECONDS
            try:
                out, err = process.communicate(timeout=limit)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=_SECONDS)
        self._look(" ".join(arguments[:3]), out, err)
        self.crashes += process.returncode < 0
        return process.returncode, out

    def typed(self, arguments: Sequence[str], answers: Sequence[str]) -> int:
        """Run a command line at a terminal, answering its prompts; return its code."""
        ours, theirs = pty.openpty()
        command, left = self._command("plain", arguments), list(answers)
        process = subprocess.Popen(
            command,
            cwd=self.folder / "work",
            env=self._environment({"TERM": "dumb"}),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        said, read, deadline = b"", 0, time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                said += os.read(ours, 4096)
            except OSError:
                break
            if said[read:].rstrip(b"\r\n ").endswith((b":", b"]")):
                read = len(said)
                # Asked more than there is to say: the end of input.
                os.write(ours, left.pop(0).encode() + b"\n" if left else b"\x04")
        os.close(ours)
        code = process.wait(_SECONDS)
        self._look(" ".join(arguments[:3]), said, b"")
        return code

    def look_at_files(self) -> None:
        """Look through every file that lies in home, working folder and folder of temporary files.

        And through the arguments and the environment of the local chain, which still runs.
        """
        for place in ("home", "work", "tmp"):
            for path in sorted((self.folder / place).rglob("*")):
                if path.is_file() and not path.is_symlink():
                    name = str(path.relative_to(self.folder))
                    self.search.look("files", name, path.read_bytes())
        for pid in self._chain():
            for part in ("cmdline", "environ"):
                content = Path(f"/proc/{pid}/{part}").read_bytes()
                self.search.look("processes", f"the chain's {part}", content)

    def taken(self) -> dict[str, object]:
        """Return what was done and found since this was asked before, and begin to count anew."""
        search = self.search
        found: dict[str, object] = {
            "runs": self.runs,
            "crashes": self.crashes,
            "outputs": search.outputs,
            "bytes": search.searched,
            "leaks": search.leaks,
            "cores": sum(1 for path in self.folder.rglob("core*") if path.is_file()),
        }
        self.search, self.runs, self.crashes = Search(search.needles), 0, 0
        return found

    def result(self, *arguments: str) -> dict[str, object]:
        """Run a command line with --json and return its result."""
        code, out = self.run(*arguments, "--json")
        if code:
            raise RuntimeError(f"{' '.join(arguments)} ended with {code}: {out.decode()[:300]}")
        found: dict[str, object] = json.loads(out)["result"]
        return found

    def _command(self, mode: str, arguments: Sequence[str]) -> list[str]:
        self.runs += 1
        trace = self.aside / "trace"
        trace.unlink(missing_ok=True)
        return [sys.executable, "-m", "assurance.keys_runner", mode, str(trace), *arguments]

    def _environment(self, variables: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "HOME": str(self.folder / "work"),
            "TMPDIR": str(self.folder / "tmp"),
            "DENGJI_HOME": str(self.home),
            "DENGJI_LANG": "en",
            # What must not be handed on: ours, and another program's.
            "DENGJI_PLANTED": self.planted.token,
            "SOME_CLOUD_KEY": self.planted.token,
            **variables,
        }

    def _look(self, name: str, out: bytes, err: bytes) -> None:
        self.search.look("streams", f"{name}, output", out)
        self.search.look("streams", f"{name}, errors", err)
        trace = self.aside / "trace"
        for piece in trace.read_bytes().split(b"\n--gone ") if trace.exists() else ():
            kind = "handed to programs, or of files that vanished"
            self.search.look(kind, f"{name}, witness", piece)

    def _chain(self) -> Iterator[int]:
        path = self.home / "dev" / record.FILE_NAME
        pid = int(json.loads(path.read_bytes())["pid"]) if path.exists() else 0
        if pid:
            yield pid
