"""Test the notices that decisions are handed out with."""

from __future__ import annotations

import re
import string
import unicodedata
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import messages
from registry.domain.ids import PartyId, ProductId
from registry.domain.notices import Facts, Notice, NoticeKind, notice_for
from registry.domain.product import Profile
from registry.domain.vocabulary import Right

DAY = 86_400
MIDNIGHT = 1795276800  # 2026-11-22T00:00 at UTC+8
FEWEST = Facts(
    product=ProductId.of(7),
    applicant="杭州星港数据科技有限公司",
    registrar=PartyId.of(1),
    decided=MIDNIGHT + 3_600,
)
FULL = replace(
    FEWEST,
    data="2024年河南省冬小麦种植图斑数据集",
    summary="遥感解译的地块边界",
    submitted=MIDNIGHT - DAY,
    due=MIDNIGHT + 12 * DAY,
    days=10,
    items=("身份证明", "数据来源说明"),
    reason="来源不合法",
    evidence=b"\1" * 32,
    cause=b"\2" * 32,
    objector="对手公司",
    rights=Right.HOLD | Right.USE,
    version=1,
    code="SJ0012026110001",
    valid_from=MIDNIGHT,
    valid_until=MIDNIGHT + 365 * DAY,
    renew_from=MIDNIGHT + 180 * DAY,
    to=PartyId.of(9),
    case=1,
    chain_id=31337,
    block=12,
    transaction=b"\3" * 32,
    local=True,
)
RULES = (Profile.PROPERTY, Profile.PUBLIC)
CASES = ("INITIAL", "CHANGE", "CORRECTION", "TRANSFER", "RENEWAL", "CANCELLATION")


def notice(kind: NoticeKind, profile: Profile = Profile.PROPERTY, facts: Facts = FULL) -> Notice:
    """Return a notice about an initial registration."""
    return Notice(kind=kind, profile=profile, case_kind="INITIAL", facts=facts)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("profile", RULES)
@pytest.mark.parametrize("kind", NoticeKind)
def test_every_notice_can_be_worded(kind: NoticeKind, profile: Profile, lang: str) -> None:
    """Each kind says what was decided, in each rule set and language, however little is known."""
    for facts in (FEWEST, FULL):
        told = notice(kind, profile, facts)
        assert told.title(lang) in told.text(lang)
        assert told.paragraphs(lang)
        assert "None" not in told.text(lang)
        assert "{" not in told.text(lang)


@pytest.mark.parametrize("lang", messages.LANGUAGES)
@pytest.mark.parametrize("profile", RULES)
@pytest.mark.parametrize("case", CASES)
def test_every_kind_of_case_has_its_name(case: str, profile: Profile, lang: str) -> None:
    """The kind of registration is named as its rule set names it."""
    told = notice_for("ACCEPT", profile=profile, case_kind=case, facts=FULL)
    assert told is not None
    name = messages.catalogue(lang)
    named = name.get(f"notice.case.{case.lower()}.{profile.name.lower()}")
    assert (named or name[f"notice.case.{case.lower()}"]) in told.text(lang)


def test_no_sentence_names_a_fact_that_there_is_not() -> None:
    """A misspelt field would silence its sentence for ever."""
    known = {one.name for one in fields(Facts)} | {"case_kind"}
    for lang in messages.LANGUAGES:
        for key, sentence in messages.catalogue(lang).items():
            if key.startswith("notice."):
                named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
                assert named <= known, key


def test_sentences_are_numbered_without_a_gap() -> None:
    """What stands after a gap would never be said."""
    numbers: dict[str, set[int]] = {}
    for key in messages.catalogue("en"):
        found = re.fullmatch(r"notice\.([a-z-]+)\.(\d+)(?:\.\w+)?", key)
        if found is not None:
            numbers.setdefault(found[1], set()).add(int(found[2]))
    assert set(numbers) == {*NoticeKind, "closing"}
    for kind, said in numbers.items():
        assert said == set(range(1, max(said) + 1)), kind


def test_a_deadline_is_told_by_its_last_day() -> None:
    """What must be done before midnight can be done until the end of the day before."""
    facts = replace(FEWEST, due=MIDNIGHT + DAY, days=1)
    told = notice(NoticeKind.ACCEPTANCE, facts=facts)
    assert "by the end of 22 November 2026, which is 1 working day after" in told.text("en")
    assert "于2026年11月22日结束前完成" in told.text("zh")
    late = notice(NoticeKind.ACCEPTANCE, facts=replace(facts, due=MIDNIGHT + DAY + 1))
    assert "23 November 2026" in late.text("en")


def test_a_correction_list_is_told_whole_with_what_lateness_means() -> None:
    """The applicant reads every item, by when, and that a late correction counts for nothing."""
    said = notice(NoticeKind.CORRECTION_LIST).text("zh")
    assert "一次性补正告知书" in said
    assert "1. 身份证明\n  2. 数据来源说明" in said
    assert "视为未申请" in said
    public = notice(NoticeKind.CORRECTION_LIST, Profile.PUBLIC).text("zh")
    assert "受理期限重新计算" in public
    assert "受理期限重新计算" not in said


def test_the_announcement_shows_what_the_public_must_see() -> None:
    """It names registrant, type, data and summary, how long it runs and how to object."""
    said = notice(NoticeKind.PUBLICITY, Profile.PUBLIC).text("zh")
    for told in (
        "社会各界",
        "杭州星港",
        "首次登记",
        "冬小麦",
        "遥感",
        "持有权、使用权",
        "case object",
    ):
        assert told in said


def test_a_notice_of_a_dev_chain_says_what_it_is_worth() -> None:
    """Only on a local chain does it say that it is no evidence, and always what outranks it."""
    assert "no evidence" in notice(NoticeKind.REFUSAL).text("en")
    public = notice(NoticeKind.REFUSAL, facts=replace(FULL, local=False)).text("en")
    assert "no evidence" not in public
    assert "The record on the ledger outranks this notice." in public


def test_acts_without_a_decision_have_no_notice() -> None:
    """To file or to concur is nobody's decision."""
    for act in ("SUBMIT", "CONCUR"):
        assert notice_for(act, profile=Profile.PUBLIC, case_kind="INITIAL", facts=FULL) is None


def test_an_objection_to_a_registration_is_told_as_one() -> None:
    """It speaks to both sides, and leaves the registration as it is."""
    for registered, word in ((False, "不得办结登记"), (True, "现有登记继续有效")):
        facts = replace(FULL, registered=registered)
        told = notice_for("OBJECT", profile=Profile.PUBLIC, case_kind="INITIAL", facts=facts)
        assert told is not None
        assert word in told.text("zh")
        assert told.addressee("zh") == "对手公司、杭州星港数据科技有限公司："


def test_only_lists_have_items() -> None:
    """What was to be corrected is no part of a later decision."""
    assert "身份证明" in notice(NoticeKind.SUPPLEMENT).text("zh")
    assert "身份证明" not in notice(NoticeKind.REFUSAL).text("zh")


def test_a_registered_cancellation_is_told_as_one() -> None:
    """What registers the case of a cancellation ends the registration."""
    told = notice_for("REGISTER", profile=Profile.PUBLIC, case_kind="CANCELLATION", facts=FULL)
    assert told is not None
    assert told.kind is NoticeKind.CANCELLATION


def test_what_was_given_is_text_in_markdown_too() -> None:
    """Names cannot add headings, links, markup or lines, nor reorder what stands beside them."""
    hostile = "# a\n[x](http://e) <b>*\u202e`"
    facts = replace(FULL, data=hostile, items=(hostile,), applicant=hostile)
    said = notice(NoticeKind.CORRECTION_LIST, facts=facts).markdown("en")
    assert hostile.splitlines()[1] not in said
    assert "<b>" not in said.replace("\\<b\\>", "")
    assert "\u202e" not in said
    assert sum(line.startswith("#") for line in said.splitlines()) == 1


@given(st.text(min_size=1))
def test_a_text_notice_has_the_lines_it_was_made_with(name: str) -> None:
    """No name, whatever is in it, makes a line of its own or steers a terminal."""
    plain = notice(NoticeKind.NON_ACCEPTANCE, facts=replace(FULL, data="x", reason="x"))
    named = notice(NoticeKind.NON_ACCEPTANCE, facts=replace(FULL, data=name, reason=name))
    said = named.text("en")
    assert len(said.splitlines()) == len(plain.text("en").splitlines())
    shown = said.replace("\n", "")
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & set(map(unicodedata.category, shown))
