"""Test the pages that notices are printed on."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from registry.documents.notice_page import notice_page
from registry.domain.ids import PartyId, ProductId
from registry.domain.notices import Facts, Notice, NoticeKind
from registry.domain.product import Profile

FACTS = Facts(
    product=ProductId.of(7),
    applicant="杭州星港数据科技有限公司",
    registrar=PartyId.of(1),
    decided=1795276800,
    items=("身份证明", "数据来源说明"),
)


class Tags(HTMLParser):
    """Collect the tags, and the text, of a page."""

    def __init__(self, page: str) -> None:
        """Read the page."""
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Remember text."""
        self.text += data


def printed(facts: Facts, lang: str = "zh") -> Tags:
    """Return what a list of corrections has on its page."""
    notice = Notice(
        kind=NoticeKind.CORRECTION_LIST,
        profile=Profile.PROPERTY,
        case_kind="INITIAL",
        facts=facts,
    )
    return Tags(notice_page(notice, lang))


def test_a_page_says_what_the_text_says() -> None:
    """Title, addressee, items and deadlines stand on the page."""
    read = printed(replace(FACTS, due=1795276800)).text
    for told in ("一次性补正告知书", "杭州星港", "身份证明", "2026年11月21日", "以账本记录为准"):
        assert told in read


def test_names_add_no_markup() -> None:
    """Whatever a name holds, the page has the same tags, and nothing that runs or loads."""
    hostile = '</p><script>alert(1)</script><img src="http://x/" onerror=y>&amp;\u202e\x07'
    facts = replace(FACTS, applicant=hostile, data=hostile, items=(hostile, hostile))
    page, plain = printed(facts), printed(replace(FACTS, data="x"))
    assert page.tags == plain.tags
    assert "script" not in page.tags
    assert "\u202e" not in page.text
    assert "<script>alert(1)</script>" in page.text
