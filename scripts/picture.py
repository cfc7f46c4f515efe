"""Draw docs/demo.svg: what the demo's commands answer, from a run of it.

    python -m scripts.picture [FILE]

Each command is shown with the sentences of its answer, the file that changed, and
what a proof says of the grant. Ids,
addresses and digests are shortened in the middle. The picture loads nothing from elsewhere.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURE: Final = ROOT / "docs" / "demo.svg"
COLUMNS: Final = 112
_ID: Final = re.compile(r"\b(party1|product1|grant1)(\w{4})\w+(\w{3})\b")
_HEX: Final = re.compile(r"\b(0x\w{4})(?:\w{33}|\w{57})(\w{3})\b")


def lines(said: str) -> list[Text]:
    """Return what is worth showing of the demo's output."""
    shown: list[Text] = []
    for part in re.split(r"(?m)^(?=\$ dengji )", said)[1:]:
        command, *rest = part.split("\n\n")[0].splitlines()
        # Notes and the sentence of an answer are indented by four, its fields by more.
        sentences = re.findall(r"(?m)^ {4}(?!exit code)(\S.*)$", "\n".join(rest))
        named = re.findall(r"(?m)^ +(changed +\S+|Nothing stood against .+)$", "\n".join(rest))
        code = re.search(r"exit code \d+", part)
        shown += _command(_short(command))
        answers = [*sentences, *named]
        shown += [Text(_short(one).split(";")[0]) for one in answers]
        if code is not None:
            shown[-1].append(f"   ({code[0]})", style="dim")
    return shown


def _short(line: str) -> str:
    return _HEX.sub(r"\1…\2", _ID.sub(r"\1\2…\3", line))


def _command(line: str) -> list[Text]:
    """Return a command line, broken before an option where it is too long."""
    broken = [""]
    for word in re.split(r" (?=--)", line):
        if len(broken[-1]) + len(word) > COLUMNS - 8:
            broken[-1] += " \\"
            broken.append("   ")
        broken[-1] += f" {word}" if broken[-1] else word
    return [Text(one, style="bold cyan") for one in broken]


def draw(shown: list[Text]) -> str:
    """Return the lines as the picture of a terminal."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for line in shown:
        console.print(line, soft_wrap=True)
    drawn = console.export_svg(title="make demo")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Run the demo and draw it."""
    ran = subprocess.run(
        [sys.executable, "-m", "scripts.demo"],
        cwd=ROOT,
        env=os.environ | {"DENGJI_LANG": "en"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    picture = Path(arguments[0]) if arguments else PICTURE
    picture.write_text(draw(lines(ran.stdout)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
