"""The frame and the components in a real browser: axe, widths, keyboard, without scripts, scripts."""

import pytest

from accounts.enums import Role
from tests.browsing import NARROW, SMALLEST, WIDE, ZOOMED, axe_findings, focus_stops, scrolls_sideways

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
PUBLIC = ["/about/", "/accessibility/", "/terms/", "/privacy/", "/styleguide/", "/styleguide/desk/",
          "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]  # fmt: skip
OWN = [
    "/me/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
]
STAFF = ["/users/", "/users/new/", "/records/"]


def looked_at(open_page, paths, **options) -> list[str]:
    """axe at two widths and in forced colours; no sideways scrolling at 200 % and at 320 px."""
    found = []
    page = open_page(paths[0], **options)
    for path in paths:
        page.emulate_media(forced_colors="none")
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(path)
        found += [f"{path} {WIDE}: {line}" for line in axe_findings(page)]
        page.emulate_media(forced_colors="active")
        found += [f"{path} in forced colours: {line}" for line in axe_findings(page)]
        page.emulate_media(forced_colors="none")
        page.set_viewport_size({"width": NARROW, "height": 900})
        found += [f"{path} {NARROW}: {line}" for line in axe_findings(page)]
        for width in (ZOOMED, SMALLEST):
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{path} scrolls at {width}: {line}" for line in scrolls_sideways(page)]
    return found


def test_public_pages(open_page) -> None:
    assert looked_at(open_page, PUBLIC) == []


def test_own_pages(open_page, person) -> None:
    assert looked_at(open_page, OWN, user=person()) == []


def test_staff_pages(open_page, person) -> None:
    officer = person(Role.OFFICER)
    assert looked_at(open_page, [*STAFF, f"/users/{officer.pk}/"], user=person(Role.OPERATOR)) == []


def test_no_path_is_a_dead_end(browser, live_server) -> None:
    page = browser.new_page(base_url=live_server.url)
    page.goto("/no/such/page/")
    assert axe_findings(page) == []
    page.close()


def test_every_stop_of_the_keyboard_is_seen(open_page) -> None:
    for path in ("/styleguide/", "/styleguide/desk/", "/accounts/login/"):
        stops = focus_stops(open_page(path))
        assert len(stops) > 5
        assert "本文へ移動" in stops[0]["html"], path
        assert [stop["html"] for stop in stops if not (stop["ring"] and stop["seen"])] == [], path


def test_everything_is_there_without_scripts(open_page) -> None:
    page = open_page("/styleguide/", scripts=False)
    assert page.locator("[data-print]").first.is_hidden()
    assert page.locator(".readback").first.is_hidden()
    menu = open_page("/about/", scripts=False, width=NARROW)
    menu.locator(".head-small > summary").click()
    assert menu.locator(".head-small-me").is_visible()


def test_the_first_load_is_light(open_page, browser, live_server) -> None:
    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto("/styleguide/")
    page.wait_for_load_state("networkidle")
    assert sum(sizes) < 200_000, sizes
    context.close()


# the business number while typing ------------------------------------------------------------------


@pytest.fixture
def number(open_page):
    page = open_page("/styleguide/")
    field = page.locator("#ok_business_number")
    field.fill("")
    return page, field, page.locator("[data-readback]").first


TYPED = (
    ("3170201432", "31 7 02 0143 2", "鳥取県の事業所の番号です"),
    ("３１７０２０１４３２", "31 7 02 0143 2", "鳥取県の事業所の番号です"),
    ("31-7-02-0143-2", "31 7 02 0143 2", "けた数と検査数字は合っています"),
    ("31702", "31 7 02", "あと5けたです"),
    ("3170201437", "31 7 02 0143 7", "検査数字が合いません"),
    ("9970201432", "99 7 02 0143 2", "01から47"),
    ("31702014329", "31 7 02 0143 2 9", "1けた多い"),
    ("31o0201432", "31 O 02 0143 2", "3けた目に「O」は使われません。数字の「0」"),
)


def test_grouped_and_read_back(number) -> None:
    _page, field, readback = number
    for typed, shown, said in TYPED:
        field.fill("")
        field.press_sequentially(typed)
        assert field.input_value() == shown
        assert said in readback.inner_text()


def test_the_script_checks_as_the_server_does(number) -> None:
    """The same numbers through the script and through the rule in Python, with the exception of old numbers."""
    from careplan_portal.lib.japan import business_number

    _page, field, readback = number
    numbers = [
        "3170201432",
        "3170201433",
        "1111111111",
        "1314567890",
        "12A0000018",
        "0110117542",
        "1330000017",
        "4790000012",
    ]
    numbers += [f"131456789{digit}" for digit in range(10)] + [f"11B020304{digit}" for digit in range(10)]
    for candidate in numbers:
        field.fill(candidate)
        matches = "検査数字は合っています" in readback.inner_text()
        assert matches == business_number.check_digit_holds(candidate), candidate


def test_the_caret_stays_where_one_types(number) -> None:
    page, field, _readback = number
    field.fill("3170201432")
    field.evaluate("e => e.setSelectionRange(2, 2)")
    page.keyboard.press("Backspace")
    page.keyboard.type("1")
    assert field.input_value() == "31 7 02 0143 2"
    assert field.evaluate("e => e.selectionStart") == 2


# the helpdesk's keys -------------------------------------------------------------------------------


def test_keys_act_and_are_listed_and_can_be_switched_off(open_page) -> None:
    page = open_page("/styleguide/desk/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("n?")
    assert page.locator("#find").input_value() == "n?"
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    assert page.url.endswith("#note")
    page.keyboard.press("?")
    dialog = page.locator("dialog.key-list")
    assert dialog.is_visible()
    assert "記録を書く" in dialog.inner_text()
    assert axe_findings(page) == []
    dialog.get_by_label("1文字のキーを使う").uncheck()
    dialog.get_by_role("button", name="閉じる").click()
    page.goto("/styleguide/desk/")
    page.keyboard.press("n")
    assert not page.url.endswith("#note")


def test_a_sequence_of_two_keys(open_page) -> None:
    page = open_page("/styleguide/desk/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/styleguide/")


# sent once -----------------------------------------------------------------------------------------


def test_a_form_is_sent_once_whatever_is_clicked(open_page, person) -> None:
    user = person()
    page = open_page("/me/", user=user)
    page.get_by_label("お名前").fill("二度 押す")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="お名前を変える").dblclick()
    page.wait_for_selector("text=お名前を変えました。")
    assert len(posts) == 1
    assert user.account_events.filter(kind="name_changed").count() == 1
