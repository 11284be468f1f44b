"""States of pages that no address has: what a form says when it is sent empty or wrong, and what comes after a button.

Every page's form that has something to fill in is sent empty; a few flows are walked to their ends.
"""

from collections.abc import Callable, Iterator

from playwright.sync_api import Locator
from playwright.sync_api import Page as Window

from drills._records import Records

Shoot = Callable[[str], None]
# Forms whose sending ends the session or starts hours of nights.
NEVER_SENT = ("/accounts/logout/", "/demo/clock/", "/demo/sign-in/", "/accounts/sessions/")

SEND = "main button:has-text('申請を送る')"
SUBMITS = "button:not([type=button]):not([formaction])"
EMPTY = """form => { form.noValidate = true; for (const e of form.elements) {
  if (e.type === 'checkbox' || e.type === 'radio') e.checked = false;
  else if (e.tagName === 'TEXTAREA' || ['text', 'email', 'tel', 'password', 'number', 'search'].includes(e.type)) e.value = ''; }
  form.requestSubmit(form.querySelector(SUBMITS)); }""".replace("SUBMITS", f"'{SUBMITS}'")


def send_empty(window: Window) -> bool:
    """Send the first form of the page that asks for something, with nothing in it. False when there is none."""
    for form in window.locator("main form[method=post]").all():
        action = form.get_attribute("action") or window.url
        asks = form.locator("input:not([type=hidden]), textarea, select").count()
        if not asks or any(never in action for never in NEVER_SENT) or not form.locator(SUBMITS).count():
            continue
        with window.expect_navigation():
            form.evaluate(EMPTY)
        return bool(window.locator(".errsum, .error").count())
    return False


def flows(records: Records) -> Iterator[tuple[str, str, Callable[[Window, Shoot], None]]]:
    """Name, role and walk of each flow."""
    yield "not found", "visitor", lambda window, shoot: _open(window, shoot, "/no/such/page/", "404")
    yield "refused", "office_staff", lambda window, shoot: _open(window, shoot, "/campaigns/", "403")
    yield "wrong method", "visitor", lambda window, shoot: _open(window, shoot, "/apply/", "405")
    yield (
        "broken link",
        "visitor",
        lambda window, shoot: _open(window, shoot, "/receipt/FP-2604-00000~x/", "receipt 404"),
    )
    yield "draft gone", "visitor", lambda window, shoot: _open(window, shoot, "/apply/gone/", "draft gone")
    yield "filing", "visitor", lambda window, shoot: _file(window, shoot, records)
    yield "inquiry", "visitor", _ask
    yield "code", "visitor", lambda window, shoot: _wrong_codes(window, shoot, records)
    yield "stopping", "office_staff", lambda window, shoot: _stop(window, shoot, records)
    yield "many", "office_staff", _many
    yield "caller", "helpdesk", lambda window, shoot: _caller(window, shoot, records)
    yield "demo bar", "visitor", _demo_bar
    yield "menu", "visitor", _menu


def _open(window: Window, shoot: Shoot, path: str, name: str) -> None:
    window.goto(path)
    shoot(name)


def _next(window: Window) -> None:
    with window.expect_navigation():
        window.locator("main form[method=post] button, main form[method=get] button").first.click()


def _file(window: Window, shoot: Shoot, records: Records) -> None:
    """From check answers to the acknowledgement; at the second width it was sent already and the address leads there."""
    window.goto(f"/apply/{records.draft_whole}/check/")
    if not window.locator(SEND).count():
        shoot("acknowledgement")
        return
    for name in ("renewal", "agree", "trusted", "scope"):
        if window.locator(f"main [name={name}]").count():
            window.check(f"main [name={name}]")
    with window.expect_navigation():
        window.click(SEND)
    shoot("acknowledgement")


def _ask(window: Window, shoot: Shoot) -> None:
    """A question, the answers that fit it with the form below, and the form sent with little in it."""
    window.goto("/helpdesk/inquiry/")
    window.fill("main [name=body]", "途中でやめたら、お金は戻りますか")
    _next(window)
    shoot("with answers")
    if send_empty(window):
        shoot("sent empty")


def _wrong_codes(window: Window, shoot: Shoot, records: Records) -> None:
    number = records.provisional.office.business_number
    for turn in range(1, 6):
        window.goto(f"/code/?number={number}")
        window.fill("main [name=code]", "00000000")
        _next(window)
        if turn in (1, 5):
            shoot(f"wrong code {turn}")


def _stop(window: Window, shoot: Shoot, records: Records) -> None:
    window.goto(f"/my/{records.story}/stop/send/")
    for box in window.locator("main input[type=checkbox]").all():
        box.check()
    if window.locator("main form[method=post] button").count():  # at the second width it is stopped already
        _next(window)
    shoot("stop done")


def _many(window: Window, shoot: Shoot) -> None:
    """File for all that can, and the result for each."""
    window.goto("/my/")
    boxes = window.locator("main input[type=checkbox][name=o]").all()
    for box in boxes:
        box.check()
    if boxes:
        window.locator("main button[type=submit], main form button").last.click()
        window.wait_for_load_state()
        shoot("many chosen")


def _caller(window: Window, shoot: Shoot, records: Records) -> None:
    """A caller is proved; then the screen of an act. At the second width the call is under way."""
    window.goto(f"/helpdesk/offices/{records.my_free}/")
    form = window.locator("form[action$='/call/']")
    if form.count():
        _prove(window, form)
    shoot("caller proved")
    for what in ("stop", "apply"):
        window.goto(f"/helpdesk/offices/{records.my_free}/act/{what}/")
        shoot(f"act {what} with a caller")


def _prove(window: Window, form: Locator) -> None:
    details = window.locator("details:has(form[action$='/call/']) > summary")
    if details.count():
        details.first.click()
    form.locator("[name$=name]").first.fill("景山 洋子")
    form.locator("[name$=proof][value=call_back]").first.check()
    form.locator("[name$=consent]").first.check()
    with window.expect_navigation():
        form.locator("button").first.click()


def _demo_bar(window: Window, shoot: Shoot) -> None:
    window.goto("/")
    window.locator(".demo > summary").click()
    shoot("open")


def _menu(window: Window, shoot: Shoot) -> None:
    window.goto("/")
    if window.locator(".head-small > summary").is_visible():
        window.locator(".head-small > summary").click()
        shoot("open")
