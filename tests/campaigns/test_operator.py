"""Campaigns on the operator's screens: what a change does, that it is recorded, and grants by hand."""

from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from campaigns.models import Campaign, CampaignChange, FreePassApplication
from campaigns.queries import office_answer
from campaigns.queries.effects import campaign_preview
from campaigns.rules import APPLY_LATER, APPLY_NOW
from campaigns.rules.effects import Offer
from careplan_portal.lib.dates import Period
from licenses.models import LicenseReservation, LicenseTerm
from licenses.rules import FREE_PASS, MANUAL
from offices.models import Office
from tests.campaigns.my_pages import text
from tests.factories import make_license, make_office
from tests.licenses.cases import CASES, YEAR, D, facts, term
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")


@pytest.fixture(autouse=True)
def _today(settings):
    settings.PORTAL_TODAY = TODAY


@pytest.fixture
def campaign():
    return Campaign.objects.get()


def split(name, day):
    return dict(zip((f"{name}_year", f"{name}_month", f"{name}_day"), day.split("-"), strict=True))


def trying(opens="2025-06-01", closes="2027-03-31", **other):
    values = {"name": "フリーパスキャンペーン", "scope_policy": "warn", "proof_days": "30", "is_tentative": "on"}
    return {**values, **split("opens_on", opens), **split("closes_on", closes), **other}


def recording(closes="2027-03-31", seen=None, **other):
    values = {"name": "フリーパスキャンペーン", "scope_policy": "warn", "proof_days": "30", "is_tentative": "True"}
    last = CampaignChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    dates = {"opens_on": "2025-06-01", "closes_on": closes}
    return {**values, **dates, "seen": seen or last, "reason": "通知 第3号", **other}


def window(opens, closes):
    return Offer(Period(D(opens), D(closes)))


# what a change does ----------------------------------------------------------------------------


def test_the_preview_counts_what_each_office_would_be_told(campaign):
    """Group by group or office by office: the same numbers."""
    make_office()
    make_office(closed_on=D("2026-04-01"))
    for case in CASES:
        make_license(case.facts)
    make_license(facts(term("2025-04-15", "2026-04-14")))
    make_license(facts(term("2025-09-12", "2026-09-11")))
    make_license(facts(term("2026-04-01", "2027-03-31")))
    make_license(facts(term("2025-04-02", "2026-04-01")))  # the night has not run
    open_now = list(Office.objects.open_on(TODAY))
    able = {APPLY_NOW, APPLY_LATER}

    def count() -> int:
        found = [office_answer(office.pk, TODAY).assessment for office in open_now]
        return sum(1 for one in found if one and one.outcome in able)

    before = count()
    preview = campaign_preview(campaign, window("2025-06-01", "2027-03-31"), TODAY)
    Campaign.objects.update(closes_on=D("2027-03-31"))
    assert preview.effect.gained - preview.effect.lost == count() - before
    assert preview.effect.gained > 0
    assert sum(row.count for row in preview.effect.rows) == len(open_now)


def test_a_shorter_window_keeps_promises(campaign):
    make_office()
    make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    preview = campaign_preview(campaign, window("2025-06-01", "2026-04-10"), TODAY)
    rows = {row.label: row for row in preview.effect.rows}
    reserved = rows["次回フリーパスの予約あり"]
    assert not reserved.changes
    assert (preview.reserved, preview.effect.lost) == (1, 0)
    assert rows["未利用・期限切れ・停止"].after.words == "2026-04-10まで"


def test_refusing_what_is_out_of_scope_takes_it_away_from_those_alone(campaign):
    make_office(scope="no")
    make_office()
    preview = campaign_preview(campaign, Offer(Period(campaign.opens_on, campaign.closes_on), True), TODAY)
    assert (preview.effect.lost, preview.effect.gained) == (1, 0)


def test_the_preview_takes_as_many_queries_for_many(campaign, django_assert_max_num_queries):
    for at in range(20):
        make_license(facts(term(f"2025-05-{at + 1:02}", f"2026-05-{at:02}" if at else "2026-04-30")))
    with django_assert_max_num_queries(8):
        campaign_preview(campaign, window("2025-06-01", "2027-03-31"), TODAY)


# the pages -------------------------------------------------------------------------------------


def test_who_sees_and_who_acts(client, campaign):
    for path in ("/campaigns/", f"/campaigns/{campaign.pk}/"):
        assert answers(client, path) == seen_by(Role.OPERATOR, Role.AUDITOR)
    for path in ("/campaigns/new/", "/campaigns/grant/"):
        assert answers(client, path) == seen_by(Role.OPERATOR)
    for path in (
        f"/campaigns/{campaign.pk}/record/",
        "/campaigns/new/record/",
        "/campaigns/grant/confirm/",
        "/campaigns/grant/send/",
    ):
        got = answers(client, path, "post")
        assert {status for role, status in got.items() if role != "operator"} == {302, 403}, path
        assert got["operator"] in (302, 422), path
    assert CampaignChange.objects.count() == 1


def test_an_auditor_reads_without_buttons(client, campaign):
    sign_in(client, Role.AUDITOR)
    for path in ("/campaigns/", f"/campaigns/{campaign.pk}/"):
        page = client.get(path, trying()).content.decode().split("<main")[1]
        assert "<form" not in page
        assert "変えた記録" in page


def test_trying_says_how_many_and_writes_nothing(client, campaign, django_assert_max_num_queries):
    for _ in range(2):
        make_license(facts(term("2025-09-12", "2026-09-11")))
    sign_in(client)
    with django_assert_max_num_queries(22):
        page = client.get(f"/campaigns/{campaign.pk}/", trying()).content.decode()
    assert "あと<b>2</b>事業所が申請できるようになります" in page
    assert '最大 <b><span class="nobr">42,000円</span></b> 減ります' in page
    campaign.refresh_from_db()
    assert campaign.closes_on == D("2026-05-31")


@pytest.mark.parametrize(
    ("asked", "field", "word"),
    [
        (trying(opens="2025-07-01"), "opens_on", "もう始まったので変えられません"),
        (trying(closes="2025-05-01"), "closes_on", "受付の始まりより前です"),
        (trying(closes="2026-04-02"), "closes_on", "さかのぼって閉じることはできません"),
        (
            trying(closes="2027-05-01"),
            "closes_on",
            "「次の募集」の受付（2027年4月1日から2027年9月30日まで）と重なります",
        ),
        (trying(proof_days="0"), "proof_days", "1"),
        (trying(name=""), "name", "必須"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(client, campaign, asked, field, word):
    Campaign.objects.create(name="次の募集", opens_on=D("2027-04-01"), closes_on=D("2027-09-30"))
    sign_in(client)
    answer = client.get(f"/campaigns/{campaign.pk}/", asked)
    assert answer.status_code == 422
    assert word in " ".join(answer.context["form"].errors[field])


def test_a_change_is_recorded_with_its_reason(client, campaign):
    operator = sign_in(client)
    address = f"/campaigns/{campaign.pk}/record/"
    assert client.post(address, recording(reason="")).status_code == 422
    assert client.post(address, recording()).status_code == 302
    campaign.refresh_from_db()
    assert campaign.closes_on == D("2027-03-31")
    change = campaign.changes.latest("pk")
    assert (change.actor, change.reason, change.acting_as) == (operator, "通知 第3号", "operator")
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "受付の終わり　2026-05-31 → 2027-03-31" in page


def test_who_saw_an_older_state_sees_the_new_one_first(client, campaign):
    sign_in(client)
    first = campaign.changes.latest("pk").pk
    client.post(f"/campaigns/{campaign.pk}/record/", recording())
    answer = client.post(f"/campaigns/{campaign.pk}/record/", recording("2026-12-31", seen=first), follow=True)
    assert "ほかの人が変えました" in answer.content.decode()
    campaign.refresh_from_db()
    assert campaign.closes_on == D("2027-03-31")


def test_a_new_campaign_is_tried_and_made(client):
    make_office()
    sign_in(client)
    page = client.get("/campaigns/new/", trying("2026-06-01", "2027-05-31", name="二つめ")).content.decode()
    assert "あと<b>1</b>事業所" in page
    wanted = recording("2027-05-31", opens_on="2026-06-01", name="二つめ") | {"seen": ""}
    assert client.post("/campaigns/new/record/", wanted).status_code == 302
    made = Campaign.objects.get(name="二つめ")
    assert made.changes.get().before is None
    assert client.post("/campaigns/new/record/", wanted).status_code == 422  # overlaps itself
    assert Campaign.objects.count() == 2


# grants by hand --------------------------------------------------------------------------------


def sending(office, reason="決裁 2026-12", key=None):
    return {"number": office.business_number, "reason": reason, "form_key": str(key or uuid4())}


def test_a_grant_reserves_the_next_renewal(client):
    license = make_license(facts(term("2025-09-12", "2026-09-11")))
    operator = sign_in(client)
    page = text(client.get(reverse("campaigns:operator-grant"), {"number": license.office.business_number}))
    assert "2026年9月12日（土）から2027年9月11日（土）まで、0円になります" in page
    assert AccessRecord.objects.filter(subject_key=license.office.business_number).exists()
    key = uuid4()
    page = client.post("/campaigns/grant/confirm/", sending(license.office, key=key)).content.decode()
    assert "この内容で認めます" in page
    assert not FreePassApplication.objects.exists()
    for _ in range(2):
        assert client.post("/campaigns/grant/send/", sending(license.office, key=key)).status_code == 302
    made = FreePassApplication.objects.get()
    assert (made.applicant, made.reason, made.proved_by) == (operator, "決裁 2026-12", "operator")
    assert LicenseReservation.objects.get().can_withdraw is False


def test_a_grant_without_a_valid_term_starts_today(client):
    office = make_office()
    sign_in(client)
    assert client.post("/campaigns/grant/send/", sending(office)).status_code == 302
    opened = LicenseTerm.objects.get()
    assert (opened.starts_on, opened.pricing) == (TODAY, FREE_PASS)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: make_license(facts(term("2025-06-10", "2026-06-09", FREE_PASS))).office, "もう使っています"),
        (lambda: make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS)).office, "予約がもうあります"),
        (lambda: make_office(closed_on=D("2026-01-01")), "閉じたと記録"),
    ],
)
def test_who_cannot_have_it_is_told_why(client, make, word):
    office = make()
    sign_in(client)
    address = reverse("campaigns:operator-grant")
    assert word in client.get(address, {"number": office.business_number}).content.decode()
    assert client.post("/campaigns/grant/confirm/", sending(office)).status_code == 422
    assert client.post("/campaigns/grant/send/", sending(office)).status_code == 422
    assert not FreePassApplication.objects.exists()


def test_an_unknown_number_and_no_reason_are_said_at_the_field(client):
    sign_in(client)
    assert client.get("/campaigns/grant/", {"number": "3170201432"}).status_code == 422
    answer = client.post("/campaigns/grant/confirm/", sending(make_office(), reason=" "))
    assert answer.status_code == 422
    assert "理由を書いてください" in answer.content.decode()
