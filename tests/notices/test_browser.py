"""The outbox's pages in a real browser: wide, on a telephone, at 320 px; and the HTML mail, opened as a page."""

import os
import re
from pathlib import Path

import pytest

from accounts.enums import Role
from careplan_portal.lib.acting import HELPDESK, Acting
from notices import services
from notices.models import Bounce, Delivery, Notice, PrintRun
from notices.notifications import html_of
from notices.rules import Postal
from tests.browsing import NARROW, SMALLEST, WIDE, axe_findings, scrolls_sideways
from tests.factories import make_member, make_office, make_user
from tests.notices.test_outbox import DAY, outgoing, queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "社会福祉法人みなとの会 小規模多機能型居宅介護事業所 ひだまりの丘 米子みなと町サテライト"
ADDRESS = "a-very-long-address-that-somebody-really-has@a-very-long-domain-of-a-care-office.example.jp"
POSTAL = Postal(LONG, "6830000", "鳥取県米子市みなと町1丁目2番3号\nみなとビル2階")


def shot(page, name, width) -> None:
    """A picture for whoever wants to look: PORTAL_SHOTS names the folder."""
    if folder := os.environ.get("PORTAL_SHOTS"):
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def checked(open_page, path, name, user) -> None:
    for width in (WIDE, NARROW, SMALLEST):
        page = open_page(path, width=width, user=user)
        assert scrolls_sideways(page) == [], (path, width)
        if width != SMALLEST:
            assert axe_findings(page) == [], (path, width)
        shot(page, name, width)


@pytest.fixture
def world(settings):
    settings.PORTAL_TODAY = DAY
    settings.EMAIL_PORT = 1
    office = make_office(name=LONG, business_number="3170201158")
    member = make_member(office, manager=True)
    desk, operator = make_user(Role.HELPDESK), make_user(Role.OPERATOR)
    queue(
        outgoing(office, to=(member.email, ADDRESS), postal=POSTAL, in_portal=True),
        outgoing(office, subject="b", to=(), postal=POSTAL, in_portal=True),
        outgoing(make_office(name=LONG), subject="c", to=(), postal=POSTAL),
        outgoing(make_office(name=LONG), subject="d", to=(), postal=Postal(LONG, "", "")),
    )
    services.letters_print(today=DAY, acting=Acting(desk.pk, HELPDESK, "手紙の発送"))
    queue(outgoing(office, subject="e", to=(), postal=POSTAL, in_portal=True))
    mail = Delivery.objects.get(address=ADDRESS)
    services.bounce_record(
        delivery_id=mail.pk, status="5.1.1", text=f"550 5.1.1 <{ADDRESS}>: Recipient address rejected", by_server=True
    )
    return {"office": office, "member": member, "desk": desk, "operator": operator}


def test_staff_pages(open_page, world) -> None:
    run, notice = PrintRun.objects.get(), Notice.objects.order_by("pk").first()
    pages = {
        "outbox": "",
        "letters": "letters/",
        "run": f"runs/{run.pk}/",
        "returned": "returned/",
        "notice": f"{notice.pk}/",
    }
    for name, path in pages.items():
        checked(open_page, f"/outbox/{path}", name, world["desk"])
    checked(open_page, "/outbox/lead-times/", "lead-times", world["operator"])


def test_members_pages(open_page, world) -> None:
    checked(open_page, "/my/3170201158/inbox/", "inbox", world["member"])
    notice = Notice.objects.order_by("pk").first()
    checked(open_page, f"/my/3170201158/inbox/{notice.pk}/", "inbox-notice", world["member"])


def test_settling_without_scripts(open_page, world) -> None:
    page = open_page("/outbox/returned/", user=world["desk"], scripts=False)
    page.get_by_label("したこと").fill("電話で確かめた")
    page.get_by_role("button", name=re.compile("^片づけた")).click()
    assert "片づけたと記録しました" in page.content()
    assert Bounce.objects.get().settled_reason == "電話で確かめた"


@pytest.mark.parametrize("width", [WIDE, NARROW, SMALLEST])
def test_the_html_mail(browser, world, tmp_path: Path, width) -> None:
    notice = Notice.objects.select_related("office").order_by("pk").first()
    assert notice is not None
    (tmp_path / "mail.html").write_text(html_of(notice))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"file://{tmp_path}/mail.html")
    assert scrolls_sideways(page) == []
    assert axe_findings(page) == [] or width == SMALLEST
    shot(page, "mail", width)
    page.close()
