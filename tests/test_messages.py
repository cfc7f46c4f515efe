"""Test the catalogue of sentences, and how they are said."""

import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry import errors, messages, reverts
from registry.domain.ids import PartyId, ProductId
from registry.domain.party import Role, Standing
from registry.domain.product import ProductState
from registry.domain.verdict import Verdict
from registry.domain.vocabulary import Right
from registry.errors import RegistryError

CATALOGUE = Path(messages.__file__).with_name("catalogue")


def kinds(base: type[RegistryError] = RegistryError) -> Iterator[type[RegistryError]]:
    """Return every class of errors, those of the contracts included."""
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def names(sentence: str) -> set[str]:
    """Return the names of the fields that a sentence shows."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


KINDS = sorted(set(kinds()), key=lambda kind: kind.code)


def test_both_languages_have_the_same_keys() -> None:
    """Whatever can be said in one language can be said in the other."""
    assert messages.catalogue("en").keys() == messages.catalogue("zh").keys()
    for area in (CATALOGUE / "en").glob("*.json"):
        there = json.loads((CATALOGUE / "zh" / area.name).read_bytes())
        assert json.loads(area.read_bytes()).keys() == there.keys()


@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_no_key_stands_twice(lang: str) -> None:
    """A key stands in one area alone, and once."""
    pairs = [
        pair
        for area in (CATALOGUE / lang).glob("*.json")
        for pair in json.loads(area.read_bytes(), object_pairs_hook=list)
    ]
    assert [key for key, count in Counter(key for key, _ in pairs).items() if count > 1] == []


def test_sentences_show_the_same_fields_in_both_languages() -> None:
    """No language leaves out what the other one says, apart from hints."""
    en, zh = messages.catalogue("en"), messages.catalogue("zh")
    differing = [key for key in en if names(en[key]) != names(zh[key])]
    assert differing == []


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_and_a_hint(kind: type[RegistryError], lang: str) -> None:
    """Each error says what is wrong and what to do, and names no field that it has not."""
    for key in (f"error.{kind.code}", f"hint.{kind.code}"):
        assert messages.has(key, lang), key
        assert names(messages.catalogue(lang)[key]) <= set(kind.field_names)


def test_no_sentence_is_left_of_an_error_that_is_gone() -> None:
    """Each sentence of an error belongs to one that there is."""
    known = {kind.code for kind in KINDS}
    said = {key.partition(".")[2] for key in messages.catalogue("en") if key[:6] == "error."}
    assert said <= known


def test_codes_are_unique() -> None:
    """No two errors share a code or, across modules, a name."""
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert len({kind.__name__ for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_sentence(verdict: Verdict, lang: str) -> None:
    """Each answer to a check can be said in both languages."""
    key = f"verdict.{verdict.name.lower().replace('_', '-')}"
    assert messages.text(key, lang)


@pytest.mark.parametrize("member", [*Standing, *ProductState, *Role])
def test_every_word_shown_in_a_sentence_is_there(member: Standing | ProductState | Role) -> None:
    """The states and roles that sentences show have words in both languages."""
    for lang in messages.LANGUAGES:
        assert messages.has(f"word.{str(member.name).lower()}", lang)


def test_says_an_error_in_both_languages() -> None:
    """A refusal is said with its ids and rights in the language asked for."""
    error = reverts.RightsMissing(
        product=ProductId(bytes(20)), party=PartyId.of(1), held=Right(0), needed=Right.OPERATE
    )
    product, party = error.product, error.party
    assert str(error) == f"{party} holds none in {product}, and this needs operate."
    assert messages.render(error, "zh") == f"{party} 对 {product} 享有：无；此操作需要：经营权。"
    assert messages.hint(error, "en") == f"See who holds what with `dengji product show {product}`."


def test_an_error_without_a_sentence_is_said_by_its_code() -> None:
    """An error that the catalogue does not know still says its code and fields."""

    class TestOnly(errors.InvalidInputError):
        """Nothing in the catalogue."""

        code = "no-such-sentence"
        amount: int

    assert str(TestOnly(amount=3)) == "no such sentence: amount 3"
    assert messages.hint(TestOnly(amount=3), "zh") is None


def test_a_missing_key_is_an_error() -> None:
    """A key that the catalogue has not is refused, not shown to a person."""
    with pytest.raises(messages.MessageMissing):
        messages.text("cli.no.such.key", "en")


@pytest.mark.parametrize(
    ("explicit", "environ", "expected"),
    [
        (None, {}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "C", "LC_MESSAGES": "zh_TW"}, "zh"),
        (None, {"LANG": "C", "LC_ALL": "en_US", "DENGJI_LANG": "zh"}, "zh"),
        (None, {"LANG": "zh_CN", "DENGJI_LANG": ""}, "zh"),
        (None, {"LANG": "de_DE"}, "en"),
        ("en", {"DENGJI_LANG": "zh"}, "en"),
        ("ZH", {}, "zh"),
    ],
)
def test_chooses_the_language(explicit: str | None, environ: dict[str, str], expected: str) -> None:
    """What is asked for decides, else DENGJI_LANG, LC_ALL, LC_MESSAGES, LANG, else English."""
    assert messages.language(explicit, environ) == expected


@pytest.mark.parametrize(
    ("how", "value", "en", "zh"),
    [
        ("", b"\x01\xff", "0x01ff", "0x01ff"),
        ("", ["a", "b"], "a, b", "a、b"),
        ("list", [1, 2], "1, 2", "1、2"),
        ("time", 0, "1970-01-01 00:00:00 UTC", "1970-01-01 00:00:00 UTC"),
        ("time", 2**40 - 1, "1099511627775", "1099511627775"),
        ("duration", 0, "0 seconds", "0 秒"),
        ("duration", 90_061, "1 day 1 hour", "1 天 1 小时"),
        ("duration", 172_800, "2 days", "2 天"),
        ("plural,file,files", 1, "1 file", "1 file"),
        ("plural,file,files", 3, "3 files", "3 files"),
        ("word", "ACTIVE", "active", "有效"),
        ("word", "NO_SUCH", "no-such", "no-such"),
        ("term,right", "HOLD|USE", "hold, use", "持有权、使用权"),
        ("term,right", "NONE", "none", "无"),
    ],
)
def test_shows_a_field_as_asked(how: str, value: object, en: str, zh: str) -> None:
    """Times, durations, lists, counts, words and terms are shown for people."""
    assert format(messages._Shown(value, "en"), how) == en
    assert format(messages._Shown(value, "zh"), how) == zh


def test_reasons_are_said_in_both_languages() -> None:
    """A reason of ours is a code with a sentence, its detail within; the system's words stay."""
    refused = errors.ManifestMalformed(line=2, reason="line-too-long:4096")
    assert str(refused).endswith("it is longer than 4096 bytes.")
    assert "长度超过 4096 字节" in messages.render(refused, "zh")
    theirs = errors.FileUnreadable(path="a", reason="Permission denied")
    assert "Permission denied" in messages.render(theirs, "zh")


def test_names_that_cannot_be_agreed_on_are_explained() -> None:
    """Each refused name is told with its reason, in the language of the sentence."""
    refused = errors.PathsRefused(offences=["a: b: symlink", "c: not-utf-8"], count=2)
    assert "a: b: symbolic link, c: name is not UTF-8" in str(refused)
    assert "a: b：符号链接、c：" in messages.render(refused, "zh")


REASON = re.compile(r'reason=f?"([^":{]+)[":]|_refuse\(f?"([^":{]+)[":]')
SOURCES = Path(messages.__file__).parent


@pytest.mark.parametrize(
    "module",
    [
        *("accounts", "archive", "settings", "chain/keystore", "chain/devchain/gate"),
        *("domain/ignore", "domain/manifest", "domain/slices", "../cli/files"),
    ],
)
def test_every_reason_of_ours_is_in_the_catalogue(module: str) -> None:
    """What these modules give as a reason is no English sentence but a code that has one."""
    given = REASON.findall((SOURCES / f"{module}.py").read_text())
    unsaid = {one or two for one, two in given if not messages.has(f"reason.{one or two}")}
    assert unsaid == set()
