"""A newcomer in a real browser: few actions, keyboard alone, without scripts, on a telephone; and
what happens to a filing when things go wrong on the way."""

import re
from contextlib import closing

import psycopg2
import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from campaigns.models import FreePassApplication
from tests.browsing import NARROW, SMALLEST, WIDE, ZOOMED, axe_findings, scrolls_sideways
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]
KNOWN = "3170201432"
TODAY = "2026-04-03"


@pytest.fixture
def office(on):
    return make_office(business_number=KNOWN, name="デイサービス みなとの風")


class Newcomer:
    """Counts actions as the issue does: a field filled, a choice made, a button pressed are one each."""

    def __init__(self, page: Page):
        self.page = page
        self.actions = 0

    def fill(self, name: str, value: str) -> None:
        self.page.fill(f"main [name={name}]", value)
        self.actions += 1

    def choose(self, name: str, value: str = "") -> None:
        which = f"[value={value}]" if value else ""
        self.page.check(f"main [name={name}]{which}")
        self.actions += 1

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.click(f"main button:has-text('{words}')")
        self.actions += 1

    def write(self) -> None:
        for name, value in (("name", "山根 涼子"), ("phone", "0859-00-0123"), ("email", "minato@example.jp")):
            self.fill(name, value)
            self.press("次へ進む")

    def to_the_last_page(self) -> None:
        self.fill("number", "３１ ７ ０２ ０１４３ ２")
        self.press("調べる")
        self.choose("fp", "unused")
        self.press("次へ進む")
        self.press("申請に進む")
        self.write()

    def send(self) -> None:
        for tick in ("renewal", "agree", "trusted"):
            self.choose(tick)
        self.press("申請を送る")


def acknowledged(page: Page) -> FreePassApplication:
    application = FreePassApplication.objects.get()
    assert re.search(r"/receipt/FP-[^/]+/$", page.url)
    assert application.receipt_number in page.inner_text("main")
    return application


@pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (WIDE, False), (NARROW, True)])
def test_from_the_start_to_the_acknowledgement_in_twenty_actions(open_page, office, width, scripts) -> None:
    newcomer = Newcomer(open_page("/", width=width, scripts=scripts))
    newcomer.to_the_last_page()
    newcomer.send()
    acknowledged(newcomer.page)
    assert newcomer.actions <= 20
    assert scrolls_sideways(newcomer.page) == [] if scripts else True


def test_with_the_keyboard_alone(open_page, office) -> None:
    """Tab and Shift, arrows, space and Enter; where the focus is can be seen at every stop."""
    page = open_page("/")

    def go_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring != "none", selector
                return
        raise AssertionError(f"Tab never came to {selector} on {page.url}")

    def typed(selector: str, words: str) -> None:
        go_to(selector)
        page.keyboard.insert_text(words)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    typed("main [name=number]", "3170201432")
    go_to("main [name=fp]")
    page.keyboard.press("Space")
    go_to("main button.btn")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to("main form[method=post] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name, value in (("name", "山根 涼子"), ("phone", "0859-00-0123"), ("email", "minato@example.jp")):
        typed(f"main [name={name}]", value)
    for tick in ("renewal", "agree", "trusted"):
        go_to(f"main [name={tick}]")
        page.keyboard.press("Space")
    go_to("main form[method=post] button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    acknowledged(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_reload_and_back_at_each_step_lose_nothing(open_page, office, scripts) -> None:
    newcomer = Newcomer(open_page("/", scripts=scripts))
    page = newcomer.page
    newcomer.fill("number", KNOWN)
    newcomer.press("調べる")
    page.reload()
    newcomer.choose("fp", "unused")
    newcomer.press("次へ進む")
    page.reload()
    page.go_back()
    page.go_forward()
    newcomer.press("申請に進む")
    for name, value in (("name", "山根 涼子"), ("phone", "0859-00-0123"), ("email", "minato@example.jp")):
        page.reload()
        newcomer.fill(name, value)
        newcomer.press("次へ進む")
        page.go_back()
        page.reload()
        expect(page.locator(f"main [name={name}]")).to_have_value(value)
        page.go_forward()
    page.reload()
    for shown in ("山根 涼子", "0859-00-0123", "minato@example.jp"):
        assert shown in page.inner_text("main")
    newcomer.send()
    filed = acknowledged(page)
    page.reload()
    page.go_back()
    page.goto(page.url)
    assert acknowledged(page) == filed


def test_a_double_click_files_once(open_page, office) -> None:
    newcomer = Newcomer(open_page("/"))
    newcomer.to_the_last_page()
    for tick in ("renewal", "agree", "trusted"):
        newcomer.choose(tick)
    newcomer.page.dblclick("main button:has-text('申請を送る')")
    newcomer.page.wait_for_url("**/receipt/**")
    acknowledged(newcomer.page)


def test_two_tabs_file_once_and_both_show_the_acknowledgement(open_page, office) -> None:
    newcomer = Newcomer(open_page("/", scripts=False))
    newcomer.to_the_last_page()
    other = Newcomer(newcomer.page.context.new_page())
    other.page.goto(newcomer.page.url)
    newcomer.send()
    other.send()
    assert other.page.url == newcomer.page.url
    acknowledged(other.page)


def test_the_minute_after_midnight_shows_the_new_answer(open_page, office, on) -> None:
    newcomer = Newcomer(open_page("/"))
    newcomer.to_the_last_page()
    on("2026-04-04")
    newcomer.send()
    said = newcomer.page.inner_text("main")
    assert "答えが変わりました。まだ送られていません" in said
    assert "2026年4月4日（土）から" in said
    assert not FreePassApplication.objects.exists()
    newcomer.send()
    assert acknowledged(newcomer.page).starts_on == D("2026-04-04")


def test_the_number_is_grouped_and_read_back_while_it_is_typed(open_page, office) -> None:
    page = open_page("/")
    page.locator("main [name=number]").press_sequentially("317-0201432")
    expect(page.locator("main [name=number]")).to_have_value("31 7 02 0143 2")
    expect(page.locator("[data-readback]")).to_contain_text("鳥取県の事業所の番号です")


def test_a_database_that_goes_away_loses_nothing(browser, live_server, office, settings) -> None:
    """For real: every connection is cut and new ones are refused while the form is sent."""
    newcomer = Newcomer(browser.new_page(base_url=live_server.url))
    newcomer.page.goto("/")
    newcomer.fill("number", KNOWN)
    newcomer.press("調べる")
    newcomer.choose("fp", "unused")
    newcomer.press("次へ進む")
    newcomer.press("申請に進む")
    newcomer.fill("name", "山根 涼子")
    with away(settings):
        newcomer.press("次へ進む")
        assert "入力した内容は、この画面が持っています" in newcomer.page.inner_text("main")
    newcomer.press("もう一度送る")
    expect(newcomer.page.locator("main [name=phone]")).to_be_visible()
    newcomer.page.go_back()
    newcomer.page.goto(newcomer.page.url.replace("/phone/", "/name/"))
    expect(newcomer.page.locator("main [name=name]")).to_have_value("山根 涼子")
    newcomer.page.close()


class away:  # noqa: N801 - reads as a sentence
    """The test database refuses everybody, from another database of the same server."""

    def __init__(self, settings):
        self.target = settings.DATABASES["default"]["NAME"]

    def _do(self, *statements: str) -> None:
        options = connections["default"].get_connection_params() | {"dbname": "postgres"}
        options.pop("cursor_factory", None)
        with closing(psycopg2.connect(**options)) as outside:
            outside.autocommit = True
            for statement in statements:
                outside.cursor().execute(statement)

    def __enter__(self) -> None:
        connections["default"].close()
        name = self.target
        self._do(
            f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false',
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        )

    def __exit__(self, *_: object) -> None:
        self._do(f'ALTER DATABASE "{self.target}" ALLOW_CONNECTIONS true')


def test_every_page_stands_axe_forced_colours_zoom_and_small_screens(open_page, office) -> None:
    licensed = make_license(facts(term("2025-04-15", "2026-04-14"), mode="manual")).office
    application = file_as_visitor(make_office(), D(TODAY))
    newcomer = Newcomer(open_page("/"))
    page = newcomer.page
    found = []

    def look() -> None:
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            found.extend(f"{page.url} {width}: {line}" for line in axe_findings(page))
        page.emulate_media(forced_colors="active")
        found.extend(f"{page.url} forced colours: {line}" for line in axe_findings(page))
        page.emulate_media(forced_colors="none")
        for width in (ZOOMED, SMALLEST):
            page.set_viewport_size({"width": width, "height": 900})
            found.extend(f"{page.url} scrolls at {width}: {line}" for line in scrolls_sideways(page))

    number = licensed.business_number
    for path in (
        "/", "/check/?number=31", "/check/?number=3170201437", "/check/?number=3100200082", f"/check/?number={number}",
        f"/check/term/?number={number}&sent=1&day_year=2026&day_month=2&day_day=30&by=end",
        f"/check/free-pass/?number={number}&end=2026-04-14&sent=1", f"/check/renewal/?number={number}&end=2026-04-14&fp=unused",
        f"/check/result/?number={number}&end=2026-04-14&fp=unused&renewal=manual", "/status/", "/code/?number=3170201432",
        f"/status/?receipt={application.receipt_number}&number={application.office.business_number}",
    ):  # fmt: skip
        page.goto(path)
        look()
    page.goto(f"/check/result/?number={KNOWN}&fp=unused")
    newcomer.press("申請に進む")
    look()
    newcomer.press("次へ進む")
    look()
    newcomer.write()
    look()
    newcomer.press("申請を送る")
    look()
    newcomer.send()
    look()
    assert found == []


def test_a_member_confirms_in_the_browser(open_page, office) -> None:
    application = file_as_visitor(office, D(TODAY))
    page = open_page(f"/confirm/{application.receipt_number}/", user=make_member(office))
    assert axe_findings(page) == []
    page.click("main button:has-text('確かめる')")
    assert "確認が済みました" in page.inner_text("main")


def test_no_page_is_heavy(open_page, browser, live_server, office) -> None:
    """At most 200 kB on first load, everything counted."""
    for path in ("/", f"/check/result/?number={KNOWN}&fp=unused", "/status/", "/code/"):
        context = browser.new_context(base_url=live_server.url)
        page = context.new_page()
        sizes: list[int] = []
        page.on("requestfinished", lambda request, sizes=sizes: sizes.append(request.sizes()["responseBodySize"]))
        page.goto(path, wait_until="networkidle")
        context.close()
        assert 0 < sum(sizes) < 200_000, path
