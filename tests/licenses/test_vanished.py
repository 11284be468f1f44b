"""Offices that the register lacks: what hangs on them, and what a person decides."""

from datetime import datetime

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.clock import TOKYO
from licenses.queries import standing
from offices.models import ImportRun, OfficeEvent, VanishedOffice
from tests.campaigns.my_pages import text
from tests.factories import make_license, make_office
from tests.licenses.cases import YEAR, D, facts, term
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PORTAL_TODAY = TODAY


def gone(office=None) -> VanishedOffice:
    at = datetime(2026, 4, 1, 9, tzinfo=TOKYO)
    run, _ = ImportRun.objects.get_or_create(
        as_of=D("2026-03-31"), defaults={"files": [], "counts": {}, "started_at": at, "finished_at": at}
    )
    return VanishedOffice.objects.create(office=office or make_office(), run=run, as_of=run.as_of)


def deciding(decision="closed", closed_on="2026-03-31", reason="電話で確かめた", **other):
    day = dict(
        zip(
            ("closed_on_year", "closed_on_month", "closed_on_day"),
            closed_on.split("-") if closed_on else [""] * 3,
            strict=True,
        )
    )
    return {"decision": decision, "reason": reason, **day, **other}


def decide(client, found, **data):
    return client.post(reverse("licenses:vanished-decide", args=[found.pk]), deciding(**data))


def test_who_sees_and_who_acts(client):
    found = gone()
    for path in ("/imports/vanished/", "/imports/vanished/?licence=no", f"/imports/vanished/{found.pk}/"):
        assert answers(client, path) == seen_by(Role.OPERATOR, Role.AUDITOR)
    for path in ("many/", f"{found.pk}/decide/"):
        got = answers(client, f"/imports/vanished/{path}", "post")
        assert (got.pop("operator"), set(got.values())) == (422, {302, 403})
    assert VanishedOffice.objects.get().state == "pending"


def test_the_list_tells_what_hangs_on_each(client, django_assert_max_num_queries):
    with_licence = [gone(make_license(facts(term(*YEAR))).office) for _ in range(3)]
    without = gone()
    sign_in(client)
    with django_assert_max_num_queries(14):
        page = client.get("/imports/vanished/").content.decode()
    assert all(one.office.name in page for one in with_licence)
    assert without.office.name not in page.split("<main")[1]
    assert "2026-04-14まで" in page
    assert without.office.name in client.get("/imports/vanished/?licence=no").content.decode()
    assert AccessRecord.objects.filter(subject_key="名簿にない事業所の一覧").count() == 2


def test_the_list_that_has_entries_opens_first(client):
    without = gone()
    sign_in(client)
    assert without.office.name in client.get("/imports/vanished/").content.decode()
    assert without.office.name not in client.get("/imports/vanished/?licence=yes").content.decode().split("<main")[1]


def test_the_day_of_closing_is_not_proposed(client):
    found = gone()
    sign_in(client)
    page = client.get(reverse("licenses:vanished-one", args=[found.pk])).content.decode()
    assert 'value="2026"' not in page


def test_without_a_register_nothing_is_claimed_of_it(client):
    sign_in(client)
    assert "名簿を、まだ取り込んでいません" in text(client.get("/imports/vanished/"))
    gone().delete()
    assert "すべて名簿にあるか、もう決めてあります" in text(client.get("/imports/vanished/"))


def test_closing_ends_the_licence_with_its_term(client):
    license = make_license(facts(term(*YEAR)))
    found, heir = gone(license.office), make_office(phone=license.office.phone)
    operator = sign_in(client)
    page = text(client.get(reverse("licenses:vanished-one", args=[found.pk])))
    assert "2026年4月14日（火）まで使えて、そこで停止になります" in page
    assert decide(client, found, successor=heir.business_number).status_code == 302
    license.office.refresh_from_db()
    assert (license.office.closed_on, license.office.successor) == (D("2026-03-31"), heir)
    assert standing(license.office.pk, D("2026-04-15")).status == "stopped"
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("closed", operator)
    event = OfficeEvent.objects.get(kind="closed")
    assert (event.by, event.reason) == (operator, "電話で確かめた")
    assert decide(client, found).status_code == 422  # only a successor can be given now


def test_still_open_leaves_the_list_and_the_figures_as_they_are(client):
    found = gone()
    sign_in(client)
    assert decide(client, found, decision="still_open", closed_on="").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.office.closed_on) == ("still_open", None)
    page = client.get("/imports/vanished/?licence=no").content.decode()
    assert "決める事業所は、ありません" in page
    assert page.count(found.office.name) == 1  # the message alone


def test_a_successor_can_be_noted_later(client):
    found, heir = gone(), make_office()
    sign_in(client)
    decide(client, found)
    address = reverse("licenses:vanished-decide", args=[found.pk])
    assert client.post(address, {"successor": heir.business_number, "reason": "届け"}).status_code == 302
    found.office.refresh_from_db()
    assert found.office.successor == heir


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ({"reason": " "}, "理由を書いてください"),
        ({"closed_on": ""}, "閉じた日を入れてください"),
        ({"decision": ""}, "を選んでください"),
        ({"successor": "9999999999"}, "この番号の事業所はありません"),
    ],
)
def test_what_is_missing_is_said_at_the_field(client, data, word):
    found = gone()
    sign_in(client)
    answer = decide(client, found, **data)
    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert VanishedOffice.objects.get().state == "pending"


def test_an_office_does_not_carry_itself_on(client):
    found = gone()
    sign_in(client)
    assert "自分自身" in decide(client, found, successor=found.office.business_number).content.decode()


def test_several_without_a_licence_are_decided_together(client):
    some = [gone() for _ in range(3)]
    licensed = gone(make_license(facts(term(*YEAR))).office)
    sign_in(client)
    address = reverse("licenses:vanished-many")
    nobody = client.post(address, deciding())
    assert nobody.status_code == 422
    assert nobody.text.count("事業所を1つ以上選んでください。") == 2, "above, and at the list"
    chosen = [some[0].pk, some[1].pk, licensed.pk]
    answer = client.post(address, deciding(chosen=chosen), follow=True)
    assert "2か所を「閉じた」と記録しました" in answer.content.decode()
    assert sorted(VanishedOffice.objects.filter(state="pending").values_list("pk", flat=True)) == [
        some[2].pk,
        licensed.pk,
    ]
