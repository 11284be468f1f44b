"""No page is forgotten: every address has an example for the drills; those without parts are looked at here.

All pages of all roles, their forms and flows: bin/drill axe, html, pictures.
"""

from typing import Any

import pytest

from accounts.enums import Role
from careplan_portal.lib.acting import NIGHT
from careplan_portal.role_table import VISITOR
from drills._addresses import examples_of, needed, pages_without_parts
from faq.services import faq_load
from tests.browsing import ZOOMED, axe_findings, scrolls_sideways
from tests.factories import make_user

# Looked at by tests/pages/test_browser.py and the rooms' own tests, in more states.
ELSEWHERE = ("account_", "accounts:", "mfa_", "pages:", "usersessions_", "campaigns:check", "campaigns:status", "campaigns:my",
             "campaigns:code", "helpdesk:home", "helpdesk:provisional", "helpdesk:queue")  # fmt: skip
HEAVIEST = 200_000


COLLECTIONS = ("receipts", "invitations", "my_offices", "desk_offices", "inquiries", "nights", "imports")


class Application:
    """Enough of a filing for an address."""

    receipt_number = "FP-2604-00000"

    class office:  # noqa: N801 - read as the record's attribute
        business_number = "3170201432"


class Names:
    """Stands for the demo's records where only the names of the pages matter."""

    cards = (("312029", "reach"),)
    provisional = to_confirm = Application

    def __getattr__(self, name: str) -> Any:
        return {} if name in COLLECTIONS else "3170201432"


def test_every_page_has_an_example() -> None:
    """An address with parts that has none would be left out of the pictures and of axe."""
    assert needed() - set(examples_of(Names())) == set()  # type: ignore[arg-type]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("browser")
def test_pages_without_parts_stand_axe_and_zoom_and_are_light(open_page) -> None:
    faq_load(acting=NIGHT)
    found, people = [], {role: make_user(role) for role in Role}
    for page in pages_without_parts():
        if page.name.startswith(ELSEWHERE):
            continue
        window = open_page("/healthz", user=people.get(page.role) if page.role != VISITOR else None)
        sizes: list[int] = []
        window.on("requestfinished", lambda request, sizes=sizes: sizes.append(request.sizes()["responseBodySize"]))
        window.goto(page.path, wait_until="networkidle")
        found += [f"{page.path} as {page.role}: {line}" for line in axe_findings(window)]
        window.set_viewport_size({"width": ZOOMED, "height": 450})
        found += [f"{page.path} scrolls at {ZOOMED}: {line}" for line in scrolls_sideways(window)]
        if not 0 < sum(sizes) < HEAVIEST:
            found.append(f"{page.path} weighs {sum(sizes)} bytes")
        window.context.close()
    assert found == []
