"""`dengji register --form`, at a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE = ["--rpc", "http://127.0.0.1:9", "--directory", "0x" + "44" * 20]
# Every question of the form under OPEN, answered; the last word agrees to the whole.
OPEN = (
    *("", "概要", "2", "农业", "A01", "1, 2", "collected", "3", "河南省", "410000", "2024年"),
    *("年", "42 GB", "5,1", "structured", "", "dataset", "", ""),
)


class Terminal:
    """Run `dengji` at a terminal of its own."""

    def __init__(self, home: Path, arguments: list[str], lang: str = "en") -> None:
        environ = {**os.environ, "DENGJI_HOME": str(home), "DENGJI_LANG": lang, "TERM": "dumb"}
        self.screen, theirs = pty.openpty()
        self.said = ""
        self.seen = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", *arguments],
            cwd=ROOT,
            env=environ,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def asked(self) -> str:
        """Wait for the next question and return what was shown since the last answer."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            shown = self.said[self.seen :]
            if shown.endswith(": "):
                return shown
            if not self._read():
                return shown
        raise TimeoutError(self.said)

    def answer(self, text: str) -> str:
        """Answer the question that stands, and return what came with the next."""
        self.asked()
        self.seen = len(self.said)
        os.write(self.screen, text.encode() + b"\n")
        return self.asked()

    def interrupt(self) -> int:
        """Press Ctrl-C, and return the exit code."""
        self.asked()
        os.write(self.screen, b"\x03")
        time.sleep(0.1)
        if self.process.poll() is None:
            # The terminal is not the process's own: the kernel does not turn the key to a signal.
            os.kill(self.process.pid, signal.SIGINT)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        while self._read():
            pass
        os.close(self.screen)
        return self.process.wait(timeout=300)

    def _read(self) -> bool:
        if not select.select([self.screen], [], [], 0.2)[0]:
            return self.process.poll() is None
        try:
            piece = os.read(self.screen, 65_536)
        except OSError:
            return False
        self.said += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return data to describe."""
    path = tmp_path / "wheat.csv"
    path.write_text("county,yield\n")
    return path


def form(home: Path, data: Path, *more: str, lang: str = "en") -> Terminal:
    """Begin the form for some data; the node that it would go to does not answer."""
    return Terminal(home, ["register", str(data), "--form", *more, *NODE], lang)


def kept_until(terminal: Terminal, words: str) -> str:
    """Keep what stands until the terminal shows some words; return what it showed with them."""
    for _ in range(200):
        shown = terminal.answer("")
        if words in shown:
            return shown
    raise AssertionError(terminal.said)


def draft(home: Path) -> dict[tuple[object, ...], object]:
    """Return the answers of the draft at home."""
    (path,) = (home / "applications" / "drafts").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    said = json.loads(path.read_bytes())
    return {tuple(where): value for where, value in said["answers"]}


def test_a_form_is_filled_in(home: Path, data: Path) -> None:
    """Each field is asked for in turn, shown in a summary, and then the registration goes on."""
    terminal = form(home, data)
    assert "Name* [wheat.csv]: " in terminal.asked()
    for answer in OPEN:
        terminal.answer(answer)
    assert terminal.ended() == 4, terminal.said
    assert "The form under OPEN" in terminal.said
    assert draft(home) == {
        ("dataName",): "wheat.csv",
        ("summary",): "概要",
        ("kind",): "product",
        ("industry",): "A01",
        ("sector",): ["工业制造", "现代农业"],
        ("source",): "collected",
        ("regionScope",): "省",
        ("region",): "河南省",
        ("regionCode",): ["410000"],
        ("timeScope",): "2024年",
        ("updateFrequency",): "年",
        ("volume",): "42 GB",
        ("form",): ["表格", "图片"],
        ("structure",): ["structured"],
        ("deliveryMode",): ["dataset"],
    }


def test_each_answer_is_checked_and_explained(home: Path, data: Path) -> None:
    """A wrong answer is refused at once with what would do; a question explains itself."""
    terminal = form(home, data)
    shown = terminal.answer("x" * 41)
    assert "it is too long" in shown
    assert "at most 40 characters" in shown
    assert "Name*" in shown
    assert "is needed" in terminal.answer("-")
    assert "region, industry" in terminal.answer("?")
    terminal.answer("小麦")
    shown = terminal.answer("概要")
    assert "2  product  data product" in shown
    assert "did you mean resource?" in terminal.answer("resorce")
    terminal.answer("1")
    found = terminal.answer("insurance")
    assert "J68  保险业  Insurance" in found
    assert "Sector" in terminal.answer("J68")
    assert terminal.interrupt() in (1, 130)


def test_one_can_go_back(home: Path, data: Path) -> None:
    """An earlier field is asked again with what stands, and can be changed or cleared."""
    terminal = form(home, data)
    terminal.answer("小麦")
    terminal.answer("甲")
    assert "Summary [甲]: " in terminal.answer("<")
    assert "Name* [小麦]: " in terminal.answer("<")
    assert "Name* [小麦]: " in terminal.answer("<")
    terminal.answer("大麦")
    assert "Kind" in terminal.answer("-")
    assert terminal.interrupt() in (1, 130)
    assert draft(home) == {("dataName",): "大麦"}


def test_nothing_is_lost_by_an_interruption(home: Path, data: Path) -> None:
    """What was answered before Ctrl-C stands when the form is asked for again."""
    terminal = form(home, data)
    for answer in OPEN[:6]:
        terminal.answer(answer)
    assert terminal.interrupt() in (1, 130)
    again = form(home, data)
    assert "Going on with the draft" in again.asked()
    assert "Data" not in again.said
    assert "Source" in again.said.splitlines()[-1]
    again.answer("<")
    assert "Sector [工业制造, 现代农业]: " in again.said
    assert again.interrupt() in (1, 130)
    other = data.with_name("other.csv")
    other.write_text("x")
    fresh = form(home, other)
    assert "Name* [other.csv]: " in fresh.asked()
    assert fresh.interrupt() in (1, 130)


def test_a_whole_application_is_asked_for_in_chinese(home: Path, data: Path) -> None:
    """Under PROPERTY applicants, rights and materials are asked for, in the chosen language."""
    story = ROOT / "tests" / "applications" / "hail_index.toml"
    terminal = form(home, data, "--profile", "property", "--metadata", str(story), lang="zh")
    shown = terminal.asked()
    assert "名称* [2025年四川省冰雹指数接口]: " in shown
    shown = kept_until(terminal, "回车继续")
    assert "权利人 (3)" in terminal.said
    assert "添加材料 (5)？(y/N): " in terminal.said
    assert "PROPERTY 规则的登记表" in shown
    number = next(line.split()[0] for line in shown.splitlines() if "联系电话 (1)" in line)
    assert "联系电话 (1)* [028-00000008]: " in terminal.answer(number)
    assert "028-00000009" in terminal.answer("028-00000009")
    terminal.answer("")
    # There is no node to send it to; the form is kept all the same.
    assert terminal.ended() == 4
    (kept,) = (home / "applications").glob("*.json")
    assert json.loads(kept.read_text())["form"]["applicants"][0]["phone"] == "028-00000009"


def test_what_is_missing_is_mended_before_it_goes_on(home: Path, data: Path) -> None:
    """The summary names what the profile misses, and goes on only when it is mended."""
    story = ROOT / "tests" / "applications" / "hail_index.toml"
    odd = data.with_name("odd.toml")
    odd.write_text(story.read_text().replace('regionCode = ["510000"]', 'regionCode = ["510100"]'))
    terminal = form(home, data, "--profile", "property", "--metadata", str(odd))
    shown = kept_until(terminal, "to mend")
    assert "! regionCode: it is not of the level that the region scope says (510100)" in shown
    assert "There is no field" in terminal.answer("")
    assert "Region codes [510100]: " in terminal.answer("regionCode")
    assert "Enter to go on" in terminal.answer("510000")
    assert terminal.interrupt() in (1, 130)
