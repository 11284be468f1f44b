"""A result and the own office on paper, and for people whom movement disturbs (static/css/print.css, base.css)."""

import pytest
from django.urls import reverse

from careplan_portal.lib.acting import MEMBER, Acting
from licenses import services as licenses
from links.services import links_start
from tests.campaigns.my_pages import url
from tests.factories import make_member, make_user
from tests.licenses.cases import D

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
TODAY = D("2026-04-03")
PAPER = 673  # CSS pixels between the margins of A4 that print.css sets
# What can only be used on a screen. Other links stay: they are words of a sentence or name a paper.
CONTROLS = "nav, button, input, select, textarea, form, .btn, .crumb, .demo, .skip, .foot ul"

VISIBLE = """selector => [...document.querySelectorAll(selector)]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1).map(e => e.outerHTML.slice(0, 120))"""

TORN_DATES = """() => {
  const torn = [], told = /(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日(?:（.）)?/g;
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  let dates = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.parentElement.checkVisibility()) continue;
    for (const date of text.data.matchAll(told)) {
      const range = document.createRange();
      range.setStart(text, date.index); range.setEnd(text, date.index + date[0].length);
      const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top)));
      dates += 1;
      if (lines.size > 1) torn.push(`${date[0]} in ${text.parentElement.outerHTML.slice(0, 160)}`);
    }
  }
  return [dates, torn];
}"""

MOVING = """() => [...document.querySelectorAll('*')].flatMap(e => [null, '::before', '::after'].map(p => [e, getComputedStyle(e, p)]))
  .filter(([, s]) => s.animationName !== 'none' || s.transitionDuration.split(', ').some(d => d !== '0s'))
  .map(([e]) => e.outerHTML.slice(0, 120))"""

# As a later component might do it: strong, on the element and on what it draws, in the layer of the components.
MOVE = """() => {
  const layer = [...document.styleSheets[0].cssRules].find(r => r instanceof CSSLayerBlockRule && r.name === 'components');
  layer.insertRule('@keyframes to-and-fro { to { opacity: 0.5 } }');
  layer.insertRule('main, main .btn, main .sec::before { animation: to-and-fro 9s infinite; transition: opacity 9s }');
}"""


@pytest.fixture
def office(booked):
    return booked


@pytest.fixture
def pages(open_page, office):
    """A visitor's result and a member's office; both with more than one date."""
    user = make_member(office, manager=True, user=make_user(name="山根 涼子"))

    def opened(which: str, **options):
        if which == "office":
            return open_page(url("my-office", office), user=user, **options)
        claims = "end=2026-04-14&fp=unused&renewal=manual"
        return open_page(f"{reverse('campaigns:check-result')}?number={office.business_number}&{claims}", **options)

    return opened


WHAT_IT_IS_ABOUT = {
    "result": ("はい、対象です", "4月15日", "なぜ、この答えになるのですか", "この答えのもとにした内容", "電話で聞く"),
    "office": ("デイサービス みなとの風", "次に起きること", "4月15日", "書類", "利用をやめる", "電話で聞く"),
}


@pytest.mark.parametrize("which", ["result", "office"])
def test_on_paper_stands_what_the_page_is_about_and_nothing_to_press(pages, which) -> None:
    page = pages(which, width=PAPER)
    assert page.evaluate(VISIBLE, CONTROLS), "on the screen they are there"
    page.emulate_media(media="print")
    assert page.evaluate(VISIBLE, CONTROLS) == []
    words = page.inner_text("body")
    assert [said for said in ("変える", "すべて見る", "人を招く") if said in words] == []
    assert [said for said in WHAT_IT_IS_ABOUT[which] if said not in words] == []


@pytest.mark.parametrize("which", ["result", "office"])
def test_no_date_breaks_on_paper(pages, which) -> None:
    page = pages(which, width=PAPER)
    page.emulate_media(media="print")
    dates, torn = page.evaluate(TORN_DATES)
    assert dates > 4
    assert not torn, "\n".join(torn)


def test_what_can_be_opened_is_open_on_paper(pages, office) -> None:
    acting = Acting(None, MEMBER, "試験")
    licenses.stop_file(office_id=office.pk, today=TODAY, acting=acting)
    licenses.stop_withdraw(office_id=office.pk, today=TODAY, acting=acting)
    page = pages("office", width=PAPER)
    row = page.locator("details.more tbody tr").first
    assert row.count() == 1
    assert not row.is_visible()
    page.emulate_media(media="print")
    assert row.is_visible()


@pytest.mark.parametrize("which", ["result", "office"])
def test_links_within_the_portal_print_as_plain_words(pages, which) -> None:
    page = pages(which, width=PAPER)
    page.emulate_media(media="print")
    looks = page.evaluate(
        """() => [...document.querySelectorAll('main a')].filter(a => a.checkVisibility()).map(a => {
        const own = getComputedStyle(a), around = getComputedStyle(a.parentElement);
        return [own.textDecorationLine, own.color === around.color, getComputedStyle(a, '::after').content] })"""
    )
    assert looks
    assert {tuple(look) for look in looks} == {("none", True, "none")}


def test_links_to_other_sites_print_their_address(open_page) -> None:
    links_start()
    page = open_page(reverse("links:elsewhere"), width=PAPER)
    link = page.locator("main a[href^=http]").first
    after = "a => getComputedStyle(a, '::after').content"
    assert link.evaluate(after) == "none"
    page.emulate_media(media="print")
    assert link.get_attribute("href") in link.evaluate(after)


@pytest.mark.parametrize("which", ["result", "office"])
def test_nothing_moves_for_whom_movement_disturbs(pages, which) -> None:
    """Neither what the page has, nor what a component may bring later."""
    page = pages(which, reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    page.evaluate(MOVE)
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("document.getAnimations().length") > 1
    assert page.evaluate(MOVING)
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
    assert page.evaluate("document.getAnimations().length") == 0
