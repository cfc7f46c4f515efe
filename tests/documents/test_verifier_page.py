"""Test the page that verifies proofs in a browser, against the check in Python."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from base64 import b64encode
from copy import deepcopy
from hashlib import sha256
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from registry import messages
from registry.documents.verifier import page
from registry.domain.clauses import Clauses, Window
from registry.domain.documents import canonical
from registry.domain.ids import Address, PartyId, ProductId
from registry.domain.proof_check import check
from registry.domain.proof_standing import against, is_spent, standing
from registry.domain.proof_wording import sentences
from registry.domain.vocabulary import Action, Purpose
from registry.errors import InvalidInputError, ProofRefused, ProofUnreadable
from tests.domain import test_proof_check
from tests.golden_proofs import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, FilePayload, Page

    from registry.domain.proof import Shown

pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]

GOLDEN = sorted(FIXTURES.glob("*/*.proof.json"))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
WAIT = 180_000
"""Milliseconds after which something hangs."""

CHANGES = 100
EDITS = 120
HASH = re.compile(r"0x[0-9a-f]{64}")

VERDICTS = """([file, hash, changes]) => {
  const raw = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
  return changes.map(([place, byte]) => {
    const changed = raw.slice();
    if (place >= 0) changed[place] = byte;
    const { code, where, part, reason } = verdictOf(changed, unhex(hash), null);
    return [code, where ?? part ?? null, reason ?? null];
  });
}"""
"""Ask the page for its verdicts on a file with each of these bytes changed; place -1 for none."""

STATEMENT = """([file, hash, directory, lang]) => {
  const raw = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
  const shown = verdictOf(raw, unhex(hash), directory && unhex(directory));
  return [new Speaker(lang).all(shown, Boolean(directory)), JSON.stringify(shown.facts)];
}"""


JUDGED = """(asked) => asked.map(([told, start, clock, spent, states, period]) => {
  const exact = (values) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, BigInt(value)]));
  const time = BigInt(clock);
  return [
    against(told, { validFrom: BigInt(start) }, time, spent),
    states.map((state) => standingOf(exact(state), time)),
    isSpent(exact(period), time),
  ];
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a browser without a window; where there is none, the tests are left out."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        assert not os.environ.get("DENGJI_NEED_CHROMIUM"), "Chromium is needed and not installed"
        pytest.skip("no Chromium is installed on this machine")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only where it is used)

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Give the page, opened from a file; it must ask for nothing and complain of nothing."""
    file = tmp_path / "verifier.html"
    file.write_bytes(page())
    context = browser.new_context(locale="en-GB", viewport={"width": 900, "height": 1100})
    context.set_default_timeout(WAIT)
    tab = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(file.as_uri())
    yield tab
    assert requests == [file.as_uri()]
    assert complaints == []
    context.close()


def trusted(path: Path) -> str:
    """Return the block hash that a golden proof rests on, without 0x."""
    stem = path.name.removesuffix(".proof.json")
    return (path.parent / f"{stem}.hash").read_text().strip()[2:]


def proof(name: str) -> Path:
    """Return the newest golden proof of this name."""
    return [path for path in GOLDEN if path.name == f"{name}.proof.json"][-1]


def in_python(raw: bytes, block_hash: str) -> list[str | None]:
    """Return the verdict of Python: its code, the part or place, and the reason."""
    try:
        check(raw, block_hash=bytes.fromhex(block_hash))
    except ProofUnreadable as error:
        return [error.code, error.where, error.reason]
    except ProofRefused as error:
        return [error.code, error.part, error.reason]
    except InvalidInputError as error:
        return ["proof-unreadable", "/", error.code]
    return ["shown", None, None]


def in_page(tab: Page, raw: bytes, block_hash: str, changes: list[tuple[int, int]]) -> Any:  # noqa: ANN401 (JSON)
    """Return the verdicts of the page on changes of a file."""
    return tab.evaluate(VERDICTS, [b64encode(raw).decode(), block_hash, changes])


def give(tab: Page, raw: bytes, block_hash: str) -> None:
    """Choose a file and type a block hash, as a person does."""
    file: FilePayload = {"name": "any.json", "mimeType": "application/json", "buffer": raw}
    tab.set_input_files("#file", file)
    # Files are read in the background.
    tab.locator("#drop.filled").wait_for()
    tab.fill("#hash", block_hash)


# What the page says


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_says_of_golden_proofs_what_python_says(opened: Page, path: Path) -> None:
    """The facts and the sentences are the same in both languages, with the ledger named or not."""
    raw, rests_on = path.read_bytes(), trusted(path)
    shown = check(raw, block_hash=bytes.fromhex(rests_on))
    for lang in messages.LANGUAGES:
        for directory in (None, shown.directory):
            said, facts = opened.evaluate(STATEMENT, asked(raw, rests_on, directory, lang))
            expected = sentences(shown, lang, expected=directory is not None)
            assert said == list(expected)
            assert json.loads(facts) == shown.facts


def asked(raw: bytes, rests_on: str, directory: Address | None, lang: str) -> list[str | None]:
    """Return what a statement is asked with."""
    named = None if directory is None else directory.hex[2:]
    return [b64encode(raw).decode(), rests_on, named, lang]


def test_tells_a_person_that_a_proof_holds_and_what_it_rests_on(opened: Page) -> None:
    """A file and a hash are enough; the language can be changed at any time."""
    path = proof("grant")
    give(opened, path.read_bytes(), "")
    note = opened.locator("#hash-note")
    neighbour = json.loads(path.read_bytes())["neighbour"]["fields"]["number"]
    assert f"block {int(neighbour, 16)} of chain" in (note.text_content() or "")
    opened.fill("#hash", f"  0x{trusted(path).upper()} ")
    assert opened.locator("#verdict.holds h2").text_content() == "The proof holds"
    shown = check(path.read_bytes(), block_hash=bytes.fromhex(trusted(path)))
    items = opened.locator("#verdict li").all_text_contents()
    for lang, button in (("en", "#en"), ("zh", "#zh")):
        opened.click(button)
        items = opened.locator("#verdict li").all_text_contents()
        when, *rest = sentences(shown, lang, expected=False)
        assert opened.locator("#verdict .when").text_content() == when
        local = messages.text("verifier.local", lang, chain=shown.chain_id)
        assert items == [*rest, local]
    assert opened.locator("#verdict.holds h2").text_content() == "证明成立"


def test_tells_a_person_why_a_proof_does_not_hold(opened: Page) -> None:
    """A wrong hash, another ledger, a changed file: each with its reason, and nothing shown."""
    path = proof("product")
    raw, rests_on = path.read_bytes(), trusted(path)
    give(opened, raw, "11" * 32)
    assert opened.locator("#verdict.fails h2").text_content() == "The proof does not hold"
    other = messages.render(ProofRefused(part="header", reason="block-other"), "en")
    assert opened.locator("#verdict p").first.text_content() == other
    opened.fill("#hash", rests_on)
    assert opened.locator("#verdict.holds").count() == 1
    opened.fill("#directory", "0x" + "11" * 20)
    elsewhere = messages.render(ProofRefused(part="directory", reason="directory-other"), "en")
    assert opened.locator("#verdict.fails p").first.text_content() == elsewhere
    opened.fill("#directory", "")
    give(opened, raw[:-1], rests_on)
    assert opened.locator("#verdict.fails h2").text_content() == "This is no proof"
    assert opened.locator("#verdict li").count() == 0


def test_asks_for_a_hash_and_an_address_in_their_form(opened: Page) -> None:
    """What is mistyped is said to be, and no verdict is given on it."""
    path = proof("no-grant")
    give(opened, path.read_bytes(), trusted(path)[:-1])
    assert opened.get_attribute("#hash", "aria-invalid") == "true"
    assert opened.locator("#verdict").text_content() == ""
    opened.fill("#hash", trusted(path))
    opened.fill("#directory", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD")
    assert opened.get_attribute("#directory", "aria-invalid") == "true"
    assert opened.locator("#verdict").text_content() == ""


def test_takes_a_file_that_is_dropped(opened: Page) -> None:
    """A file can be dropped anywhere on the page."""
    path = proof("no-content")
    opened.fill("#hash", trusted(path))
    transfer = opened.evaluate_handle(
        """(text) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.json"));
          return transfer;
        }""",
        path.read_text("utf-8"),
    )
    opened.dispatch_event("main", "drop", {"dataTransfer": transfer})
    opened.locator("#verdict.holds").wait_for()
    assert "dropped.json" in (opened.locator("#chosen").text_content() or "")


def test_shows_markup_as_text(opened: Page) -> None:
    """Whatever a file says is text: nothing in it becomes part of the page."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    value = json.loads(proof("product").read_bytes())
    value["accounts"][0]["name"] = evil
    give(opened, canonical(value), trusted(proof("product")))
    assert evil in (opened.locator("#verdict.fails p").first.text_content() or "")
    value["<b>evil</b>"] = evil
    give(opened, canonical(value), trusted(proof("product")))
    assert "<b>evil</b>" in (opened.locator("#verdict.fails p").first.text_content() or "")
    assert opened.locator("img, b, #verdict script").count() == 0


# What the page refuses


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grant", "derived", "version", "no-grant", "no-content"])
def test_refuses_changed_bytes_as_python_does(opened: Page, name: str) -> None:
    """Of random changes of one byte none is accepted, and each is refused for the same reason."""
    path, draw = proof(name), random.Random(name)
    raw, rests_on = path.read_bytes(), trusted(path)
    drawn = [(place, raw[place] ^ draw.randrange(1, 256)) for place in places(raw, draw)]
    changes = [(-1, 0), *drawn]
    expected = []
    for place, byte in changes:
        changed = bytearray(raw)
        if place >= 0:
            changed[place] = byte
        expected.append(in_python(bytes(changed), rests_on))
    assert in_page(opened, raw, rests_on, changes) == expected
    assert [one[0] for one in expected].count("shown") == 1


def places(raw: bytes, draw: random.Random) -> list[int]:
    """Return where to change a file: half within long stretches of digits, half outside."""
    long = [found.span() for found in re.finditer(rb"[0-9a-f]{200,}", raw)]
    inside = [place for start, end in long for place in range(start, end)]
    outside = sorted(set(range(len(raw))) - set(inside))
    return draw.choices(inside, k=CHANGES // 4) + draw.choices(outside, k=CHANGES)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grant", "derived", "no-grant"])
def test_refuses_edited_files_as_python_does(opened: Page, name: str) -> None:
    """Values exchanged, moved, doubled and dropped in a file that is canonical again."""
    path, draw = proof(name), random.Random(f"edits of {name}")
    raw, rests_on = path.read_bytes(), trusted(path)
    reasons = set()
    for _ in range(EDITS):
        value = json.loads(raw)
        edit(value, draw)
        changed = canonical(value)
        expected = in_python(changed, rests_on)
        assert in_page(opened, changed, rests_on, [(-1, 0)]) == [expected]
        if changed != raw:
            assert expected[0] != "shown"
        reasons.add(expected[2])
    assert len(reasons) > 8


def edit(value: Any, draw: random.Random) -> None:  # noqa: ANN401 (JSON)
    """Change one thing somewhere in a document."""
    spots = list(walked(value))
    holder, key = draw.choice(spots)
    other_holder, other_key = draw.choice(spots)
    way = draw.randrange(6)
    if way == 0:
        del holder[key]
    elif way == 1:
        holder[key] = deepcopy(other_holder[other_key])
    elif way == 2 and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif way == 3 and isinstance(holder, list):
        holder.reverse()
    elif way == 4:
        odd: tuple[Any, ...] = (
            None,
            True,
            -1,
            7,
            2**53 - 1,
            "",
            "0x",
            "é",
            [],
            {},
            1.5,
            "0x" + "00" * 32,
        )
        holder[key] = draw.choice(odd)
    elif isinstance(holder[key], str) and holder[key]:
        said, at = holder[key], draw.randrange(len(holder[key]))
        holder[key] = said[:at] + draw.choice("0123456789abcdefqz") + said[at + 1 :]


def walked(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 (JSON)
    """Yield each place of a document as what holds it and its key, long lists in samples."""
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        yield value, key
        if isinstance(value[key], (dict, list)):
            yield from walked(value[key])


def test_refuses_aimed_changes_as_python_does(
    opened: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever Python's own tests aim at one step of the check is refused at the same step."""
    aimed: dict[bytes, str] = {}

    def noted(raw: bytes, *, block_hash: bytes) -> Shown:
        aimed[raw] = block_hash.hex()
        return check(raw, block_hash=block_hash)

    monkeypatch.setattr(test_proof_check, "check", noted)
    for name, run in vars(test_proof_check).items():
        if name.endswith("_are_refused") and not signature(run).parameters:
            run()
    verdicts = {raw: in_python(raw, rests_on) for raw, rests_on in aimed.items()}
    for raw, expected in verdicts.items():
        assert in_page(opened, raw, aimed[raw], [(-1, 0)]) == [expected]
    reasons = {reason for _, _, reason in verdicts.values()}
    assert {"word-unused", "accounts-other", "code-elsewhere", "words-unordered"} <= reasons
    assert len(reasons) > 20


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}\n",
        b"\xff",
        b"\xef\xbb\xbf{}\n",
        b"[" * 100_000,
        b'{"format":"dengji-proof/2"}\n',
        b'{"format":1e400}\n',
        b'{"format":NaN}\n',
        b'{"format":-0}\n',
        b'{"format":01}\n',
        b'{"a":9007199254740992}\n',
        b'{"a":9007199254740991}\n',
        b'{"a":1.5,"b":[1e+21,true,null]}\n',
        b'{"a":1,"a":1}\n',
        b'{"b":1,"a":1}\n',
        b'{"a":"\\u0041"}\n',
        b'{"a":"\x01"}\n',
        '{"é":"登记"}\n'.encode(),
        b'{"a" :1}\n',
        b'{"a":1}',
        b"[1,]\n",
        b'"a"\n',
        b"7\n",
    ],
)
def test_reads_json_as_python_does(opened: Page, raw: bytes) -> None:
    """Other spellings, other values, and what is no JSON are refused for the same reasons."""
    expected = in_python(raw, "00" * 32)
    assert in_page(opened, raw, "00" * 32, [(-1, 0)]) == [expected]


@pytest.mark.parametrize("size", [0, 1, 135, 136, 137, 271, 272, 1000])
def test_hashes_as_python_does(opened: Page, size: int) -> None:
    """Keccak-256 is right around the ends of its blocks."""
    from registry.domain.keccak import keccak  # noqa: PLC0415 (beside its one use)

    raw = random.Random(size).randbytes(size)
    assert opened.evaluate("(raw) => hex(keccak(unhex(raw)))", raw.hex()) == keccak(raw).hex()


def test_judges_grants_as_python_does(opened: Page) -> None:
    """Periods, stages, parties and products of any kind stand against a use in both alike."""
    draw = random.Random("judged")
    product, party = str(ProductId.of(7)), [str(PartyId.of(one)) for one in range(1, 4)]
    asked, expected = [], []
    for _ in range(500):
        clock = draw.randrange(200)
        period = {
            **{name: draw.randrange(4) for name in ("index", "used", "limit")},
            "firstAt": draw.randrange(200),
            "length": draw.randrange(1, 60),
        }
        states = [{"stage": draw.randrange(8), "endsAt": draw.choice((0, 50, 150))} for _ in "ab"]
        grants = [
            {
                "id": f"grant {place}",
                "grantor": draw.choice(party),
                "grantee": draw.choice(party),
                "remaining": draw.choice(("0", "5", None)),
                "standing": standing(state, clock).name,
            }
            for place, state in enumerate(states)
        ]
        told = {
            "grants": grants,
            "product": {
                "id": product,
                "state": draw.choice(("REGISTERED", "RETIRED")),
                **{name: draw.randrange(2) for name in ("inForce", "seizures", "controls")},
            },
            "parties": [
                {"id": one, "standing": draw.choice(("ACTIVE", "SUSPENDED"))} for one in party
            ],
        }
        spent = draw.sample(["grant 0", "grant 1"], draw.randrange(3))
        start = draw.choice((0, 100))
        clauses = Clauses(
            product=ProductId.of(7),
            grantor=PartyId.of(1),
            grantee=PartyId.of(2),
            actions=Action.READ,
            purposes=Purpose.RESEARCH,
            window=Window(start=start or None),
        )
        asked.append([told, start, clock, spent, states, period])
        expected.append(
            [
                against(told, clauses, clock, spent=spent),
                [one["standing"] for one in grants],
                is_spent(period, clock),
            ]
        )
    assert opened.evaluate(JUDGED, asked) == expected


# What the page is


def test_holds_all_of_itself_and_may_load_nothing() -> None:
    """No address, no handler and no style stands in it; its policy lets its own parts through."""
    text = page().decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    for tag in ("script", "style"):
        inner = re.search(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inner is not None
        digest = b64encode(sha256(inner[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert re.findall(r"https?:|\son\w+=|\sstyle=|\ssrc=|\shref=|innerHTML|eval\(", text) == []


def test_does_as_the_page_of_the_day_it_was_shown(browser: Browser) -> None:
    """A policy that refuses everything is in force: a script from outside does not run."""
    context = browser.new_context()
    tab = context.new_page()
    tab.set_content(page().decode())
    added = """() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return [Boolean(window.ran), document.title];
    }"""
    assert tab.evaluate(added) == [False, messages.text("verifier.title", "en")]
    context.close()
