"""Proofs of this release and of earlier ones, checked without a node, and changed in any way."""

from __future__ import annotations

import json
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from registry.chain.tries import confirmed_value_at
from registry.domain import known_builds, layout, proof_facts, proof_wording
from registry.domain.documents import canonical
from registry.domain.header import exact
from registry.domain.ids import Address
from registry.domain.proof_check import ProvedWords, check
from registry.domain.proof_file import MAX_BYTES, load
from registry.errors import ProofRefused, ProofUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from registry.domain.proof import Ask
    from registry.domain.storage import KeyValue

FIXTURES = Path(__file__).parents[1] / "fixtures" / "proofs"
GOLDEN = sorted(path for path in FIXTURES.glob("*/*.proof.json"))
CHANGES = 10_000
CODES = 200
"""Of the changes, how many may fall into the code of contracts, which is most of a file."""

FIRST = FIXTURES / "1"
Change = "Callable[[dict[str, Any]], object]"


@cache
def golden(name: str) -> bytes:
    """Return a golden proof of the first folder."""
    return (FIRST / f"{name}.proof.json").read_bytes()


def hash_of(path: Path) -> bytes:
    """Return the block hash that a golden proof rests on."""
    stem = path.name.removesuffix(".proof.json")
    return bytes.fromhex((path.parent / f"{stem}.hash").read_text().strip()[2:])


def trusted(name: str) -> bytes:
    """Return the block hash that a golden proof of the first folder rests on."""
    return hash_of(FIRST / f"{name}.proof.json")


def refused(name: str, change: Callable[[dict[str, Any]], object]) -> str:
    """Change a golden proof, write it canonically, and return why it is refused."""
    value = json.loads(golden(name))
    change(value)
    with pytest.raises((ProofRefused, ProofUnreadable)) as caught:
        check(canonical(value), block_hash=trusted(name))
    return str(caught.value.fields["reason"])


def account(value: dict[str, Any], name: str) -> dict[str, Any]:
    """Return one account of a proof."""
    found: dict[str, Any] = next(one for one in value["accounts"] if one["name"] == name)
    return found


def word(value: dict[str, Any], contract: str, name: str) -> dict[str, Any]:
    """Return one word of a proof."""
    storage = account(value, contract)["storage"]
    found: dict[str, Any] = next(one for one in storage if one["name"] == name)
    return found


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_golden_proofs_hold_for_good(path: Path) -> None:
    """What was proved once is proved by every later release, by both readers of state."""
    shown = check(path.read_bytes(), block_hash=hash_of(path), read=confirmed_value_at)
    assert shown.rests_on == hash_of(path)
    assert shown.facts


def test_a_golden_proof_says_what_it_shows() -> None:
    """A grant with the one above it suspended, as of a time between two blocks."""
    shown = check(golden("grant"), block_hash=trusted("grant"))
    assert shown.asked is not None
    assert shown.block_time <= shown.asked
    verdicts = [one["verdict"] for one in shown.facts["against"]]
    assert verdicts == ["ANCESTOR_SUSPENDED"]
    for lang in ("en", "zh"):
        said = proof_wording.sentences(shown, lang, expected=True, local=True)
        assert any(shown.facts["product"]["id"] in one for one in said)
        assert any("0x" + shown.rests_on.hex() in one for one in said)
    en = proof_wording.sentences(shown, "en", expected=False)
    assert any("compare that with the one you mean" in one for one in en)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grant", "product", "no-content"])
def test_no_change_of_one_byte_is_accepted(name: str) -> None:
    """Of many random changes of a single byte, within the code and without, none goes through."""
    raw, block_hash, draw = golden(name), trusted(name), random.Random(name)
    places = _places(raw, draw)
    for place in places:
        changed = bytearray(raw)
        changed[place] ^= draw.randrange(1, 256)
        with pytest.raises((ProofRefused, ProofUnreadable)):
            check(bytes(changed), block_hash=block_hash)


def _places(raw: bytes, draw: random.Random) -> list[int]:
    """Return where to change a file: nearly always outside of the code of contracts."""
    code = [False] * len(raw)
    for one in json.loads(raw)["accounts"]:
        start = raw.index(one["code"].encode())
        code[start : start + len(one["code"])] = [True] * len(one["code"])
    outside = [place for place, inside in enumerate(code) if not inside]
    inside = [place for place, within in enumerate(code) if within]
    count = CHANGES // 3 + 1
    return draw.choices(outside, k=count - CODES) + draw.choices(inside, k=CODES)


def test_no_text_or_number_can_be_another() -> None:
    """Each value is changed at its first, middle and last character; none goes through."""
    raw, block_hash = golden("no-content"), trusted("no-content")
    value = json.loads(raw)
    for one in value["accounts"]:
        one["code"], one["proof"] = "", []
        for stored in one["storage"]:
            stored["proof"] = []
    for text in _leaves(value):
        start = raw.index(text.encode())
        for place in {start, start + len(text) // 2, start + len(text) - 1}:
            other = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            with pytest.raises((ProofRefused, ProofUnreadable)):
                check(other, block_hash=block_hash)


def _leaves(value: object) -> list[str]:
    """Return the texts and numbers of a document that are no longer than a digest."""
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _leaves(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _leaves(inner)]
    text = "" if value is None or isinstance(value, bool) else str(value)
    return [text] if 0 < len(text) <= 66 else []


def test_another_block_hash_is_refused() -> None:
    """The proof is as good as the hash that it is given, and no better."""
    with pytest.raises(ProofRefused) as caught:
        check(golden("product"), block_hash=bytes(32))
    assert caught.value.reason == "block-other"


def _double(text: bytes) -> bytes:
    return text.replace(b'"format":', b'"format":"dengji-proof/1","format":', 1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda raw: raw[:-1], "proposal-not-canonical"),
        (lambda raw: raw + b"\n", "proposal-not-canonical"),
        (lambda raw: b" " + raw, "proposal-not-canonical"),
        (_double, "proposal-not-canonical"),
        (
            lambda raw: raw.replace(b'"chain":31337', b'"chain":31337.0', 1),
            "proposal-not-canonical",
        ),
        (
            lambda raw: raw.replace(b'"chain":31337', b'"chain":3.1337e4', 1),
            "proposal-not-canonical",
        ),
        (lambda raw: raw.replace(b'"Directory"', b'"\\u0044irectory"'), "not-json"),
        (lambda raw: raw.replace(b"dengji-proof/1", b"dengji-proof/2"), "proof-format"),
        (lambda _: b"[" * 100_000, "not-json"),
        (lambda _: b"\xff", "not-json"),
        (lambda _: b"{}\n", "proof-format"),
        (lambda _: bytes(MAX_BYTES + 1), "proposal-too-long"),
    ],
)
def test_other_spellings_of_a_file_are_refused(
    change: Callable[[bytes], bytes], reason: str
) -> None:
    """Double keys, other numbers, escapes, white space: one content has one file."""
    with pytest.raises(ProofUnreadable) as caught:
        load(change(golden("product")))
    assert caught.value.reason == reason


def test_headers_of_other_kinds_are_refused() -> None:
    """A profile that hashes otherwise, a field more, one less, one spelled otherwise."""

    def other_profile(value: dict[str, Any]) -> None:
        value["header"]["profile"] = "qbft"

    def field_more(value: dict[str, Any]) -> None:
        value["header"]["fields"]["slotNumber"] = "0x1"

    def field_less(value: dict[str, Any]) -> None:
        del value["header"]["fields"]["blobGasUsed"]

    def longer_number(value: dict[str, Any]) -> None:
        value["header"]["fields"]["number"] = "0x0" + value["header"]["fields"]["number"][2:]

    def later(value: dict[str, Any]) -> None:
        value["header"]["fields"]["timestamp"] = "0x7fffffff"

    assert refused("product", other_profile) == "proof-profile"
    assert refused("product", field_more) == "proof-header"
    assert refused("product", field_less) == "proof-header"
    assert refused("product", longer_number) == "proof-header"
    assert refused("product", later) == "proof-header-hash"


def test_times_outside_of_the_two_blocks_are_refused() -> None:
    """The time asked about lies between the block and its child, and neither goes alone."""
    value = json.loads(golden("grant"))

    def earlier(value: dict[str, Any]) -> None:
        value["asked"] = "2020-01-01T00:00:00Z"

    def alone(value: dict[str, Any]) -> None:
        value["asked"] = None

    def itself(value: dict[str, Any]) -> None:
        value["header"] = value["neighbour"]

    assert value["neighbour"]["fields"]["parentHash"] == value["header"]["hash"]
    assert refused("grant", earlier) == "time-outside"
    assert refused("grant", alone) == "neighbour-alone"
    assert refused("grant", itself) == "neighbour-other"


def test_a_neighbour_that_names_another_parent_is_refused() -> None:
    """A header that somebody made up to follow the block has a hash, and is no child of it."""
    value = json.loads(golden("grant"))
    value["neighbour"]["fields"]["parentHash"] = "0x" + "07" * 32
    made_up = exact(value["neighbour"]["fields"]).hash
    value["neighbour"]["hash"] = "0x" + made_up.hex()
    with pytest.raises(ProofRefused) as caught:
        check(canonical(value), block_hash=made_up)
    assert caught.value.reason == "neighbour-other"


def test_accounts_of_others_are_refused() -> None:
    """Another address, another's nodes, code that is unknown or of another deployment."""

    def other_address(value: dict[str, Any]) -> None:
        account(value, "ProductRegistry")["address"] = str(Address.of(5))

    def other_nodes(value: dict[str, Any]) -> None:
        nodes = account(value, "PartyRegistry")["proof"]
        account(value, "ProductRegistry")["proof"] = nodes

    def own_directory(value: dict[str, Any]) -> None:
        value["directory"] = str(Address.of(5))
        account(value, "Directory")["address"] = str(Address.of(5))

    def own_code(value: dict[str, Any]) -> None:
        held = account(value, "ProductRegistry")
        code = bytearray(bytes.fromhex(held["code"][2:]))
        code[100] ^= 1
        held["code"] = "0x" + code.hex()

    def other_chain(value: dict[str, Any]) -> None:
        value["chain"] = 1

    def richer(value: dict[str, Any]) -> None:
        account(value, "ProductRegistry")["balance"] = "0x1"

    def other_name(value: dict[str, Any]) -> None:
        account(value, "ProductRegistry")["name"] = "产品"

    assert refused("product", other_address) == "address-other"
    assert refused("product", other_name) == "address-other"
    assert refused("product", other_nodes) == "nodes-broken"
    assert refused("product", own_directory) == "nodes-broken"
    assert refused("product", own_code) == "code-other"
    for name in ("product", "grant", "no-content", "no-grant"):
        assert refused(name, other_chain) in ("code-elsewhere", "grant-other")
    assert refused("product", richer) == "account-other"


class Foretold(ProvedWords):
    """Know the words of a proof, and note which were told of before they were asked for."""

    def __init__(self, name: str) -> None:
        """Take a golden proof of the first folder, or the one of the second."""
        path = next(one for one in GOLDEN if one.name == f"{name}.proof.json")
        proof, _ = load(path.read_bytes())
        super().__init__(proof)
        self.given = (proof.subject, proof.preimages)
        self._told: set[tuple[str, str, tuple[bytes, ...]]] = set()
        self.surprises: Counter[str] = Counter()

    def ahead(self, asks: Sequence[Ask]) -> None:
        """Note what will be asked."""
        for contract, name, keys in asks:
            padded = layout.variable(contract, name).padded(*keys)
            self._told.add((contract, name, padded))

    def word(self, contract: str, name: str, *keys: KeyValue) -> dict[str, int]:
        """Note a word that nothing told of."""
        asked = (contract, name, layout.variable(contract, name).padded(*keys))
        if asked not in self._told:
            self.surprises[name] += 1
            self._told.add(asked)
        return super().word(contract, name, *keys)


@pytest.mark.parametrize(
    ("name", "surprises"),
    [
        ("product", {"claims": 1, "firstClaims": 1, "versions": 1, "derivations": 2}),
        ("grant", {"periods": 2, "firstClaims": 1, "derivations": 1}),
        ("derived", {"firstClaims": 1, "derivations": 1}),
    ],
)
def test_most_words_are_told_of_ahead(name: str, surprises: dict[str, int]) -> None:
    """Whoever asks a node for words can ask for nearly all of them together."""
    words = Foretold(name)
    assert proof_facts.facts(*words.given, words)
    assert words.surprises == {"sealedAt": 1, "heads": 1, **surprises}


def test_code_made_for_another_place_is_told_from_ours() -> None:
    """What a constructor fills in names the contracts of one directory on one chain."""
    value = json.loads(golden("grant"))
    held = account(value, "GrantRegistry")
    code, here = bytes.fromhex(held["code"][2:]), Address.parse(held["address"])
    directory = Address.parse(value["directory"])
    build = known_builds.identify("GrantRegistry", code)
    assert build is not None
    assert known_builds.wired(build, code, here=here, directory=directory, chain=31337)
    assert not known_builds.wired(build, code, here=directory, directory=directory, chain=31337)
    assert not known_builds.wired(build, code, here=here, directory=here, chain=31337)
    assert not known_builds.wired(build, code, here=here, directory=directory, chain=1)
    assert known_builds.identify("ProductRegistry", code) is None
    assert known_builds.identify("GrantRegistry", code[:-1]) is None
    assert known_builds.identify("GrantRegistry", code + b"\0") is None
    start, _ = build.filled[0]
    assert known_builds.identify("GrantRegistry", code[: start + 16]) is None


def test_words_of_others_are_refused() -> None:
    """Another value, another slot with the right value, trailing nodes, disorder, too much."""

    def other_value(value: dict[str, Any]) -> None:
        held = word(value, "ProductRegistry", "heads")
        held["value"] = held["value"][:-1] + "1"

    def other_slot(value: dict[str, Any]) -> None:
        held = word(value, "ProductRegistry", "heads")
        held["keys"] = ["0x" + "11" * 20 + "00" * 12]

    def trailing(value: dict[str, Any]) -> None:
        nodes = word(value, "ProductRegistry", "heads")["proof"]
        nodes.append(nodes[-1])

    def short(value: dict[str, Any]) -> None:
        word(value, "ProductRegistry", "heads")["proof"].pop()

    def disorder(value: dict[str, Any]) -> None:
        account(value, "ProductRegistry")["storage"].reverse()

    def twice(value: dict[str, Any]) -> None:
        storage = account(value, "ProductRegistry")["storage"]
        storage.insert(0, storage[0])

    def missing(value: dict[str, Any]) -> None:
        del account(value, "ProductRegistry")["storage"][0]

    def unknown(value: dict[str, Any]) -> None:
        word(value, "ProductRegistry", "heads")["name"] = "tails"

    assert refused("product", other_value) == "value-other"
    assert refused("product", other_slot) in ("words-unordered", "nodes-broken", "value-other")
    assert refused("product", trailing) == "nodes-broken"
    assert refused("product", short) == "nodes-broken"
    assert refused("product", disorder) == "words-unordered"
    assert refused("product", twice) == "words-unordered"
    assert refused("product", missing) == "word-missing"
    assert refused("product", unknown) == "word-unknown"


def test_accounts_and_words_that_nothing_rests_on_are_refused() -> None:
    """A proof holds what its statement is read from, and not a word more."""

    def account_more(value: dict[str, Any]) -> None:
        # Of the same block, so that all of it holds but that nothing asks for it.
        other = json.loads(golden("grant"))
        assert other["header"] == value["header"]
        value["accounts"].append(account(other, "UsageMeter"))

    def account_less(value: dict[str, Any]) -> None:
        value["accounts"] = [one for one in value["accounts"] if one["name"] != "Lineage"]

    def word_more(value: dict[str, Any]) -> None:
        # The head of another product, of the same block: true, and nothing to do with this one.
        held = account(value, "ProductRegistry")
        held["storage"].append(word(json.loads(golden("grant")), "ProductRegistry", "heads"))
        variable = layout.variable
        held["storage"].sort(
            key=lambda one: variable("ProductRegistry", one["name"]).place_of(
                [bytes.fromhex(key[2:]) for key in one["keys"]]
            )
        )

    def other_subject(value: dict[str, Any]) -> None:
        value["subject"]["id"] = "0x" + "07" * 32

    assert refused("version", account_more) == "accounts-other"
    assert refused("version", word_more) == "word-unused"
    assert refused("product", account_less) == "account-missing"
    assert refused("no-content", other_subject) == "word-missing"


def test_code_that_the_directory_did_not_record_is_refused() -> None:
    """A contract whose code is another than the one it was made with is not believed."""
    words = ProvedWords(load(golden("product"))[0])
    with pytest.raises(ProofRefused) as caught:
        words.found("ProductRegistry", bytes(32))
    assert caught.value.reason == "code-replaced"
    with pytest.raises(ProofRefused) as missing:
        words.found("UsageMeter", bytes(32))
    assert missing.value.reason == "account-missing"


def test_statements_that_the_words_do_not_come_to_are_refused() -> None:
    """What the file says that it shows is computed again from the words."""

    def in_force(value: dict[str, Any]) -> None:
        value["shown"]["product"]["inForce"] = False

    def nothing_against(value: dict[str, Any]) -> None:
        value["shown"]["against"] = []

    def more(value: dict[str, Any]) -> None:
        value["shown"]["final"] = True

    assert refused("product", in_force) == "statement-other"
    assert refused("grant", nothing_against) == "statement-other"
    assert refused("product", more) == "statement-other"


def test_preimages_of_other_digests_are_refused() -> None:
    """Other content, another salt, another claim, other clauses, another ancestor."""

    def first(value: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = value["preimages"]["versions"][0]
        return found

    def other_content(value: dict[str, Any]) -> None:
        first(value)["contentRoot"] = "0x" + "07" * 32

    def other_salt(value: dict[str, Any]) -> None:
        first(value)["salt"] = "8"

    def spelled_salt(value: dict[str, Any]) -> None:
        first(value)["salt"] = "07"

    def other_claim(value: dict[str, Any]) -> None:
        first(value)["claim"] = 0

    def no_ancestor(value: dict[str, Any]) -> None:
        value["preimages"]["grant"]["above"] = []

    def no_grant(value: dict[str, Any]) -> None:
        value["preimages"]["grant"] = None

    def too_much(value: dict[str, Any]) -> None:
        value["preimages"]["versions"] = json.loads(golden("product"))["preimages"]["versions"]

    def invented_source(value: dict[str, Any]) -> None:
        first(value)["derivation"] = {
            "by": value["shown"]["product"]["applicant"],
            "at": "2026-01-01T00:00:00Z",
            "activity": "PROCESSING",
            "purposes": [],
            "method": None,
            "agents": [],
            "sources": [],
        }

    assert refused("product", other_content) == "digest-other"
    assert refused("product", other_salt) == "digest-other"
    assert refused("product", spelled_salt) == "proposal-not-amount"
    assert refused("product", other_claim) == "word-missing"
    assert refused("grant", no_ancestor) == "grant-other"
    assert refused("grant", no_grant) in ("preimage-missing", "proposal-count")
    assert refused("no-content", too_much) == "proposal-count"
    assert refused("product", invented_source) == "derivation-other"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_files_are_as_the_published_schema_says(path: Path) -> None:
    """Each golden proof satisfies the published schema, and what lacks a field does not."""
    published = json.loads((FIXTURES.parents[2] / "docs/schemas/proof.schema.json").read_bytes())
    judge = Draft202012Validator(published)
    value = json.loads(path.read_bytes())
    judge.validate(value)
    del value["accounts"][0]["code"]
    assert not judge.is_valid(value)
