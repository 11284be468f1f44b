"""A member sees the own office's dates in answers, and only sentences that hold for it; a visitor never does."""

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.queries.faq_values import faq_offices, faq_values, office_faq_values
from faq.queries import OfficeValues
from licenses.rules import FREE_PASS, MANUAL
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
PAID_YEAR = ("2025-04-15", "2026-04-14")
FREE_YEAR = ("2025-08-01", "2026-07-31")


@pytest.fixture(autouse=True)
def _day(settings: pytest.FixtureRequest) -> None:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]


def values_of(*terms: object, **more: object) -> OfficeValues:
    found = office_faq_values(make_license(facts(*terms, **more)).office, TODAY)
    assert found is not None
    return found


def test_an_office_in_its_renewal_month() -> None:
    found = values_of(term(*PAID_YEAR))
    assert found.values == {
        "term_end": D("2026-04-14"),
        "renewal_date": D("2026-04-15"),
        "last_stop_day": D("2026-04-14"),
        "fee": 21000,
        "filing_from": D("2026-04-01"),
        "filing_until": D("2026-04-30"),
    }
    assert found.states == {"paid", "auto"}


def test_a_free_year_a_reservation_a_stop_and_a_manual_licence() -> None:
    free = values_of(term(*FREE_YEAR, FREE_PASS))
    assert free.states == {"free", "auto"}
    assert (free.values["filing_from"], free.values["fee"]) == (None, 21000)
    reserved = values_of(term(*PAID_YEAR), reserved=FREE_PASS)
    assert reserved.states == {"paid", "auto", "reserved"}
    assert reserved.values["fee"] == 0
    stopping = values_of(term(*PAID_YEAR, stop=True))
    assert "stopping" in stopping.states
    assert (stopping.values["fee"], stopping.values["last_stop_day"]) == (None, None)
    manual = values_of(term(*PAID_YEAR), mode=MANUAL)
    assert manual.states == {"paid", "manual"}
    assert manual.values["fee"] is None


def test_without_a_licence_there_are_only_days_of_filing() -> None:
    found = office_faq_values(make_office(), TODAY)
    assert found is not None
    assert found.states == frozenset()
    assert {name for name, value in found.values.items() if value is not None} == {"filing_from", "filing_until"}


def test_dates_are_for_members_of_one_office() -> None:
    office = make_license(facts(term(*PAID_YEAR))).office
    member = make_member(office)
    found = faq_values(user=member, today=TODAY)
    assert found is not None
    assert found.name == office.name
    assert faq_values(user=make_user(), today=TODAY) is None


def test_the_page_says_only_what_holds(loaded: None, client: Client) -> None:
    office = make_license(facts(term(*FREE_YEAR, FREE_PASS))).office
    client.force_login(make_member(office))

    def said(slug: str) -> str:
        return client.get(reverse("faq:entry", args=[slug])).content.decode()

    assert "2026年7月31日（金）までに届けを出すと" in said("stop-fee-zero")
    assert "2026年8月1日（土）に自動で更新し、21,000円がかかります" in said("auto-renewal-after-free")
    assert 'class="yours"' not in said("reservation-what")
    assert 'class="yours"' not in said("stop-withdraw")
    assert 'class="yours"' not in Client().get(reverse("faq:entry", args=["stop-fee-zero"])).content.decode()


def test_a_day_is_no_secret_of_somebody_else(loaded: None, client: Client) -> None:
    make_license(facts(term(*FREE_YEAR, FREE_PASS)))
    client.force_login(make_member(make_office()))
    assert "2026年7月31日" not in client.get(reverse("faq:entry", args=["stop-fee-zero"])).content.decode()


def test_a_member_of_several_offices_chooses_whose_dates(loaded: None) -> None:
    """Nothing until one is chosen; somebody else's office gives nothing; one office needs no choice."""
    user, stranger = make_user(), make_user()
    first, second, other = (make_license(facts(term(*PAID_YEAR))).office for _ in range(3))
    for office in (first, second):
        make_member(office, user=user)
    make_member(other, user=stranger)
    client = Client()
    client.force_login(user)
    url = reverse("faq:entry", args=["renewal-month-filing"])
    before = client.get(url)
    assert {number for number, _ in before.context["choices"]} == {first.business_number, second.business_number}
    assert before.context["shown"].yours == ""
    chosen = client.get(url, {"office": second.business_number})
    assert chosen.context["shown"].yours_name == second.name
    assert f'value="{second.business_number}" selected' in chosen.content.decode()
    theirs = client.get(url, {"office": other.business_number})
    assert theirs.context["shown"].yours == ""
    assert other.business_number not in theirs.content.decode().replace(f"?office={other.business_number}", "")
    assert faq_offices(user=stranger, today=TODAY) == []
    assert "どの事業所の日付" not in Client().get(url).content.decode()
