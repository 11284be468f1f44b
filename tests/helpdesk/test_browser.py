"""A call in a real Chromium, by keyboard alone; and what axe says of every page at both widths."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from accounts.enums import Role
from accounts.models import User
from careplan_portal.lib.acting import HELPDESK, SYSTEM, Acting
from careplan_portal.lib.japan.kana import search_key
from faq.services import faq_load
from helpdesk.models import ContactLog
from helpdesk.services import contacts, inquiries
from licenses.models import LicenseTerm
from licenses.rules import FREE_PASS
from tests.browsing import NARROW, WIDE, ZOOMED, axe_findings, scrolls_sideways
from tests.factories import make_license
from tests.helpdesk.conftest import TODAY
from tests.licenses.cases import facts, term

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_STROKES = 25


class Keyboard:
    """Counts key strokes; text does not count."""

    def __init__(self, page: Any) -> None:
        self.page, self.strokes = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += key.count("+") + 1 if len(key) > 1 else 1

    def write(self, text: str) -> None:
        self.page.keyboard.insert_text(text)


@pytest.fixture
def helpdesk_world(settings: Any) -> dict[str, Any]:
    """An office in its free year, its promise, an inquiry; the FAQ; somebody at the helpdesk."""
    from campaigns.services.campaigns import campaign_start
    from licenses.models import FeeSchedule

    campaign_start(today=date(2025, 6, 1))
    FeeSchedule.objects.get_or_create(starts_on=date(2000, 1, 1), defaults={"yen": 21000})
    faq_load(acting=Acting(None, SYSTEM, "試験"))
    user = User.objects.create(email="matsumoto@example.jp", name="松本 葵", role=Role.HELPDESK)
    acting = Acting(user.pk, HELPDESK)
    office = make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office
    office.name, office.search_key = "デイサービス みなとの風", search_key("デイサービス みなとの風")
    office.save()
    contacts.note_record(
        office_id=office.pk, text="折り返す約束", topics=["term"], follow_up_on=TODAY, today=TODAY, acting=acting
    )
    inquiry = inquiries.inquiry_receive(
        asked=inquiries.Asked(
            "佐藤 花", "sato@example.jp", "", "stop", "無料の1年が終わるとどうなりますか", "1", uuid4(), office.pk
        ),
        today=TODAY,
    )
    return {"user": user, "office": office, "inquiry": inquiry}


def test_a_call_by_keyboard_alone(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    """Find, read, note, answer with an entry, act on behalf."""
    office = helpdesk_world["office"]
    page = open_page("/helpdesk/", user=helpdesk_world["user"])
    keys = Keyboard(page)

    keys.press("/")
    keys.write("みなとの風")
    page.wait_for_selector("#find-hits [role=option]")
    keys.press("ArrowDown", "Enter")
    page.wait_for_url(f"**/offices/{office.business_number}/")

    assert "6月9日" not in page.locator(".say").inner_text()
    assert "いまの無料の期間は、6月9日までです。" in page.locator(".say-proved").inner_text()
    keys.press("2")
    page.wait_for_selector(".qs li:nth-child(2) details[open]")
    answer = page.locator(".qs li:nth-child(2) details p").first
    assert answer.is_visible()
    assert "0円" in page.locator(".qs li:nth-child(2)").inner_text()

    keys.press("n")
    keys.write("途中でやめても料金はかからないことを説明した。")
    keys.press("Control+Enter")
    page.wait_for_selector(".log li:has-text('途中でやめても')")

    keys.press("s")
    page.wait_for_url("**/act/stop/")
    page.wait_for_selector("#id_caller-name:focus")
    keys.write("田中 一郎")
    keys.press("Tab", "ArrowDown", "Tab", "Space", "Control+Enter")
    page.wait_for_selector(".call:has-text('田中 一郎さん')")
    assert "2026年6月9日（火）まで無料で使えて、終わります。" in page.locator(".say").inner_text()
    keys.press("y")
    assert LicenseTerm.objects.get(license__office=office).stop_requested_on is None  # one key files nothing
    keys.press("Control+Enter")
    page.wait_for_selector(".messages:has-text('受け付けました')")

    assert keys.strokes <= MOST_STROKES
    assert LicenseTerm.objects.get(license__office=office).stop_requested_on == TODAY
    kinds = set(ContactLog.objects.filter(office=office).values_list("kind", flat=True))
    assert {"note", "call_began", "act"} <= kinds


def test_an_inquiry_is_answered_by_keyboard_alone(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    page = open_page("/helpdesk/", user=helpdesk_world["user"])
    keys = Keyboard(page)
    keys.press("g", "q")
    page.wait_for_url("**/queue/")
    keys.press("1")
    page.wait_for_url("**/inquiries/**")
    keys.press("1")
    page.wait_for_url("**/act/#an")
    keys.press("r", "Control+Enter")
    page.wait_for_selector("h1:has-text('この内容で送りますか')")
    keys.press("Control+Enter")
    page.wait_for_selector(".messages:has-text('回答を送りました')")
    helpdesk_world["inquiry"].refresh_from_db()
    assert helpdesk_world["inquiry"].state == "answered"
    assert keys.strokes <= 10


def test_the_box_is_a_combobox_that_can_be_left(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    page = open_page("/helpdesk/", user=helpdesk_world["user"])
    page.keyboard.press("/")
    page.keyboard.insert_text("みなと")
    page.wait_for_selector("#find-hits [role=option]")
    field = page.locator("#find")
    assert field.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "hit-0"
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert page.locator("#find-hits").is_hidden()


@pytest.mark.parametrize("path", ["/", "/faq/", "/adoption/", "/me/"])
def test_the_box_is_on_the_pages_for_everybody_too(helpdesk_world: dict[str, Any], open_page: Any, path: str) -> None:
    """A call comes while one reads elsewhere."""
    office = helpdesk_world["office"]
    page = open_page(path, user=helpdesk_world["user"])
    page.keyboard.press("/")
    page.keyboard.insert_text("みなとの風")
    page.wait_for_selector("#find-hits [role=option]")
    assert axe_findings(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/offices/{office.business_number}/")


def test_nobody_else_has_the_box(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    assert open_page("/").locator("#find").count() == 0
    member = User.objects.create(email="member@example.jp", name="山根 涼子", role=Role.OFFICE_STAFF)
    assert open_page("/faq/", user=member).locator("#find").count() == 0


def test_a_half_written_note_survives_the_callers_form(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    """And leaving the page; once saved it is gone."""
    base = f"/helpdesk/offices/{helpdesk_world['office'].business_number}/"
    page = open_page(base, user=helpdesk_world["user"])
    page.keyboard.press("n")
    page.keyboard.insert_text("半分書いた記録 #料金")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_selector("#id_caller-name:focus")
    page.keyboard.insert_text("田中 一郎")
    for key in ("Tab", "ArrowDown", "Tab", "Space", "Control+Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(".call:has-text('田中 一郎さん')")
    assert page.locator("#id_text").input_value() == "半分書いた記録 #料金"
    page.goto("/helpdesk/")
    page.goto(base)
    assert page.locator("#id_text").input_value() == "半分書いた記録 #料金"
    page.locator("#id_text").press("Control+Enter")
    page.wait_for_selector(".log li:has-text('半分書いた記録')")
    assert page.locator("#id_text").input_value() == ""


def test_the_question_that_was_read_sets_the_topic(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    page = open_page(f"/helpdesk/offices/{helpdesk_world['office'].business_number}/", user=helpdesk_world["user"])
    assert page.locator("#id_topic").input_value() == ""
    page.keyboard.press("2")
    assert page.locator("#id_topic").input_value() == "stop"


def test_the_what_if_answers_in_place(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    page = open_page(f"/helpdesk/offices/{helpdesk_world['office'].business_number}/", user=helpdesk_world["user"])
    page.keyboard.press("w")
    page.keyboard.insert_text("2026-05-10")
    page.keyboard.press("Enter")
    page.wait_for_selector("#imagined .whatif")
    assert "まで無料で使えて、終わります。" in page.locator("#imagined").inner_text()
    assert "on=" not in page.url


def test_keys_work_before_what_is_loaded_is_there(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    """The note at once; the caller's form takes the cursor when it comes. The page does not jump."""
    base = f"/helpdesk/offices/{helpdesk_world['office'].business_number}/"
    page = open_page("/helpdesk/", user=helpdesk_world["user"])
    waiting: list[Any] = []
    page.route("**/around/**", lambda route: waiting.append(route))
    page.goto(base)
    page.keyboard.press("n")
    page.keyboard.insert_text("すぐに書く")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    assert page.locator("#caller details[open]").count() == 1
    assert page.locator("#id_caller-name").count() == 0
    before = page.locator("#note").bounding_box()
    for route in waiting:
        route.continue_()
    page.wait_for_selector("#id_caller-name:focus")
    page.wait_for_selector(".log li:has-text('折り返す約束')")
    page.keyboard.press("Escape")
    page.locator("#caller summary").click()
    page.evaluate("scrollTo(0, 0)")
    after = page.locator("#note").bounding_box()
    assert page.locator("#id_text").input_value() == "すぐに書く"
    assert (before["x"], before["width"]) == (after["x"], after["width"])


def test_without_scripts_the_rest_is_a_link_away(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    base = f"/helpdesk/offices/{helpdesk_world['office'].business_number}/"
    page = open_page(base, user=helpdesk_world["user"], scripts=False)
    page.locator("#log-lines a", has_text="別の画面で見る").click()
    assert "折り返す約束" in page.locator("#log-lines").inner_text()
    page.goto(base)
    page.locator("#caller summary").click()
    page.locator("#caller a", has_text="別の画面で相手を確かめる").click()
    page.locator("#id_caller-name").fill("田中 一郎")
    page.locator("label", has_text="折り返").first.click()
    page.locator("#caller button", has_text="確かめを記録する").click()
    page.wait_for_selector(".call:has-text('田中 一郎さん')")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_stands_up(helpdesk_world: dict[str, Any], open_page: Any, width: int) -> None:
    """axe, and nothing that scrolls sideways."""
    office, inquiry = helpdesk_world["office"], helpdesk_world["inquiry"]
    base = f"/helpdesk/offices/{office.business_number}/"
    page = open_page("/helpdesk/", user=helpdesk_world["user"], width=width)
    for path in (
        "/helpdesk/", "/helpdesk/find/?q=みなと", "/helpdesk/find/?q=3170299999", base, f"{base}around/", f"{base}?on=2026-05-10&act=stop",
        f"{base}act/stop/", f"{base}act/apply/", "/helpdesk/provisional/", "/helpdesk/queue/", f"/helpdesk/inquiries/{inquiry.number}/",
        "/helpdesk/statistics/", "/helpdesk/calendar/", "/helpdesk/contacts/", "/helpdesk/follow-ups/", "/letters/", "/letters/runs/", "/helpdesk/inquiry/",
    ):  # fmt: skip
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert axe_findings(page) == [], path
        assert scrolls_sideways(page) == [], path


def test_the_office_page_at_200_percent_and_in_forced_colours(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    path = f"/helpdesk/offices/{helpdesk_world['office'].business_number}/"
    for options in ({"width": ZOOMED}, {"width": WIDE, "forced_colors": "active"}):
        page = open_page(path, user=helpdesk_world["user"], **options)
        assert axe_findings(page) == []
        assert scrolls_sideways(page) == []


def test_without_scripts_the_box_opens_its_page(helpdesk_world: dict[str, Any], open_page: Any) -> None:
    page = open_page("/helpdesk/", user=helpdesk_world["user"], scripts=False)
    page.locator("#find").fill("みなとの風")
    page.locator("#find").press("Enter")
    page.locator("main a", has_text="みなとの風").click()
    assert page.locator("h1").inner_text() == "デイサービス みなとの風"
