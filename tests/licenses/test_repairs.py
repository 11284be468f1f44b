"""Putting right what the night set aside: only what fits the fault, with an event, and never a term or an amount."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import NIGHT, OPERATOR, Acting
from licenses.enums import EventKind
from licenses.models import License, LicenseEvent, LicenseReservation, LicenseTerm, SetAside
from licenses.queries import ledger_problems, standing
from licenses.queries.repairs import fault_of
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID
from licenses.services import Refused, roll_over, set_aside_repair
from tests.factories import make_license
from tests.licenses.cases import YEAR, D, facts, term
from tests.licenses.nights import TODAY, bad_license
from tests.licenses.staff import answers, seen_by, sign_in

pytestmark = pytest.mark.django_db
WHY = Acting(None, OPERATOR, "受付票で更新日を確かめた")
MOVE, RELEASE = "move:2026-04-20:2026-04-15", "release:2026-04-20:"


@pytest.fixture(autouse=True)
def _day(settings):
    settings.PORTAL_TODAY = TODAY


def aside_of(license):
    roll_over(on=TODAY, acting=NIGHT)
    return SetAside.objects.get(license=license, resolved_on=None)


def page(client, aside):
    return client.get(reverse("licenses:set-aside", args=[aside.pk])).content.decode().split("<main")[1]


def mend(client, aside, repair, reason="受付票で更新日を確かめた"):
    path = reverse("licenses:set-aside-repair", args=[aside.pk])
    return client.post(path, {"repair": repair, "reason": reason}, follow=True)


def faults():
    """What the ledger's own check finds; rows made by hand have no event of their beginning."""
    return [problem for problem in ledger_problems() if problem.code != "term_without_event"]


def unconstrained(*names):
    """As a database that was restored without these."""
    with connection.cursor() as cursor:
        for table, name in names:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def test_who_sees_and_who_repairs(client):
    aside = aside_of(bad_license())
    assert answers(client, f"/nights/set-asides/{aside.pk}/") == seen_by(Role.OPERATOR, Role.AUDITOR)
    got = answers(client, f"/nights/set-asides/{aside.pk}/repair/", "post")
    assert got == seen_by(Role.OPERATOR, ok=422)
    sign_in(client)
    assert client.get("/nights/set-asides/999999/").status_code == 404
    assert AccessRecord.objects.filter(subject_kind="office", subject_key=aside.license.office.business_number).exists()
    sign_in(client, Role.AUDITOR)
    assert "<button" not in page(client, aside)


def test_a_reservation_for_another_day_is_moved_to_the_renewal_date(client):
    license = bad_license()
    aside = aside_of(license)
    operator = sign_in(client)
    assert f"/nights/set-asides/{aside.pk}/" in client.get("/nights/").content.decode()
    said = page(client, aside)
    assert "次回予約の更新日（2026-04-20）が、期間のおわりと合いません。" in said
    assert "次回予約の更新日を2026-04-15に合わせる" in said
    assert "「フリーパスで更新した」と記録されます。" in said
    assert "フリーパス利用中" in said
    done = mend(client, aside, MOVE)
    assert "別にしたものは0件です" in done.content.decode()
    aside.refresh_from_db()
    assert aside.resolved_on == TODAY
    assert standing(license.office_id, TODAY).status == "active_free"
    event = LicenseEvent.objects.get(kind=EventKind.REPAIRED)
    assert (event.actor, event.acting_as, event.reason) == (operator, OPERATOR, "受付票で更新日を確かめた")
    assert event.data == {"repair": "move", "before": "2026-04-20", "after": "2026-04-15"}
    assert (event.effective_on, event.recorded_on) == (TODAY, TODAY)
    assert not faults()
    assert "に直りました" in page(client, aside)


def test_a_reservation_is_released_and_the_licence_goes_on_without_it(client):
    license = bad_license()
    aside = aside_of(license)
    sign_in(client)
    assert "「期限切れになった」と記録されます。" in page(client, aside)
    mend(client, aside, RELEASE)
    reservation = LicenseReservation.objects.get()
    assert (reservation.state, reservation.ended_on, reservation.renewal_on) == ("released", TODAY, D("2026-04-20"))
    assert standing(license.office_id, TODAY).status == "lapsed"
    event = LicenseEvent.objects.get(kind=EventKind.RESERVATION_RELEASED)
    assert event.data["before"] == "2026-04-20"
    assert not LicenseTerm.objects.filter(pricing=FREE_PASS).exists()


def test_what_was_not_shown_is_not_done(client):
    license = bad_license()
    aside = aside_of(license)
    set_aside_repair(set_aside_id=aside.pk, key=MOVE, today=TODAY, acting=WHY)
    for key in (MOVE, RELEASE, "mode:manual:auto"):
        with pytest.raises(Refused) as caught:
            set_aside_repair(set_aside_id=aside.pk, key=key, today=TODAY, acting=WHY)
        assert caught.value.code == "stale"
    assert LicenseEvent.objects.filter(kind=EventKind.REPAIRED).count() == 1
    sign_in(client)
    answer = mend(client, aside, MOVE)
    assert answer.status_code == 422
    assert "もう直っています" in answer.content.decode()


def test_what_is_listed_as_mended_is_left_alone():
    aside = aside_of(bad_license())
    SetAside.objects.update(resolved_on=TODAY)
    with pytest.raises(Refused) as caught:
        set_aside_repair(set_aside_id=aside.pk, key=MOVE, today=TODAY, acting=WHY)
    assert caught.value.code == "stale"


def test_a_reason_is_needed_and_nothing_else_is_taken(client):
    aside = aside_of(bad_license())
    sign_in(client)
    for repair, reason, word in ((MOVE, " ", "理由を書いてください"), ("", "x", "どう直すかを選んでください"),
                                 ("move:2026-04-20:2026-04-16", "x", "記録が変わっています")):  # fmt: skip
        answer = mend(client, aside, repair, reason)
        assert (answer.status_code, word in answer.content.decode()) == (422, True)
    with pytest.raises(Refused) as caught:
        set_aside_repair(set_aside_id=aside.pk, key=MOVE, today=TODAY, acting=Acting(None, OPERATOR, " "))
    assert caught.value.code == "empty"
    assert not LicenseEvent.objects.filter(kind=EventKind.REPAIRED).exists()


def test_a_second_free_pass_can_only_be_released(client):
    license = make_license(facts(term(*YEAR, FREE_PASS), reserved=FREE_PASS))
    aside = aside_of(license)
    assert [one.kind for one in fault_of(license.pk, TODAY).repairs] == ["release"]
    sign_in(client)
    mend(client, aside, "release:2026-04-15:")
    assert standing(license.office_id, TODAY).status == "active_paid"
    assert not faults()


def test_two_free_years_are_not_repaired_here(client):
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_free_pass_per_number")
    license = make_license(
        facts(term("2024-04-15", "2025-04-14", FREE_PASS, "renewed"), term(*YEAR, FREE_PASS), reserved=FREE_PASS)
    )
    aside = aside_of(license)
    sign_in(client)
    fault = fault_of(license.pk, TODAY)
    assert [(one.kind, one.stands.problem != "") for one in fault.repairs] == [("release", True)]
    assert "まだ問題が残ります" in page(client, aside)
    mend(client, aside, "release:2026-04-15:")
    said = page(client, aside)
    assert "この画面では直せません" in said
    assert "直して、もう一度処理する" not in said
    aside.refresh_from_db()
    assert aside.resolved_on is None


@pytest.mark.parametrize(("mode", "status"), [(AUTO, "active_paid"), (MANUAL, "lapsed")])
def test_an_unknown_way_of_renewing_is_set(client, mode, status):
    unconstrained(("licenses_license", "license_mode_known"))
    license = make_license(facts(term(*YEAR)))
    License.objects.update(renewal_mode="x")
    aside = aside_of(license)
    sign_in(client)
    said = page(client, aside)
    assert "更新のしかたを「手動更新」にする" in said
    assert "2026年4月15日" in said
    assert "21,000円" in said
    mend(client, aside, f"mode:x:{mode}")
    license.refresh_from_db()
    assert (license.renewal_mode, standing(license.office_id, TODAY).status) == (mode, status)


def test_a_term_that_is_no_year_gets_the_last_day_of_its_year(client):
    license = make_license(facts(term("2025-04-15", "2026-04-10"), mode=MANUAL, reserved=FREE_PASS))
    LicenseReservation.objects.update(renewal_on=D("2026-04-15"))
    aside = aside_of(license)
    key = "year:2025-04-15/2026-04-10:2025-04-15/2026-04-14"
    assert [one.key for one in fault_of(license.pk, TODAY).repairs] == [
        "move:2026-04-15:2026-04-11", "release:2026-04-15:", key,
    ]  # fmt: skip
    sign_in(client)
    assert "期間（2025-04-15 – 2026-04-10）のおわりを、1年になる2026-04-14に直す" in page(client, aside)
    mend(client, aside, key)
    first, free = license.terms.order_by("starts_on")
    assert (first.ends_on, first.fee_yen, free.starts_on) == (D("2026-04-14"), 21000, D("2026-04-15"))
    event = LicenseEvent.objects.get(kind=EventKind.REPAIRED)
    assert (event.term, event.data["before"], event.data["after"]) == (
        first, "2025-04-15/2026-04-10", "2025-04-15/2026-04-14",
    )  # fmt: skip


def test_a_term_that_is_too_long_or_reversed_gets_its_year_where_that_leaves_no_gap(client):
    unconstrained(("licenses_licenseterm", "terms_never_overlap"), ("licenses_licenseterm", "term_not_reversed"))
    long = make_license(facts(term("2024-04-15", "2025-05-14", PAID, "renewed"), term(*YEAR)))
    reversed_ = make_license(facts(term("2025-04-15", "2025-04-14")))
    gap = make_license(facts(term("2024-04-10", "2025-05-14", PAID, "renewed"), term(*YEAR)))
    ended = make_license(facts(term("2024-04-15", "2025-05-14", PAID, "lapsed"), term(*YEAR)))
    kinds = [[one.after for one in fault_of(license.pk, TODAY).repairs] for license in (long, reversed_, gap, ended)]
    assert kinds == [["2024-04-15/2025-04-14"], ["2025-04-15/2026-04-14"], [], []]
    aside = aside_of(long)
    LicenseTerm.objects.filter(license=long, closing="renewed").update(stop_requested_on=D("2025-05-01"))
    [repair] = fault_of(long.pk, TODAY).repairs
    with pytest.raises(Refused) as caught:
        set_aside_repair(set_aside_id=aside.pk, key=repair.key, today=TODAY, acting=WHY)
    assert caught.value.code == "stop"
    LicenseTerm.objects.filter(license=long).update(stop_requested_on=None)
    sign_in(client)
    assert "別にしたものは3件です" in mend(client, aside, repair.key).content.decode()
    assert standing(long.office_id, TODAY).status == "active_paid"


def test_terms_that_overlap_say_whom_to_tell(client):
    unconstrained(("licenses_licenseterm", "terms_never_overlap"))
    license = make_license(facts(term("2024-05-01", "2025-04-30", PAID, "renewed"), term(*YEAR)))
    aside = aside_of(license)
    sign_in(client)
    said = page(client, aside)
    assert "前の期間と重なっています" in said
    assert "開発の当番に知らせてください" in said
    assert "<form" not in said


def test_what_failed_in_writing_can_be_run_again(client):
    license = make_license(facts(term(*YEAR)))
    aside = SetAside.objects.create(license=license, code="write_refused", text="記録できませんでした。", since=TODAY)
    sign_in(client)
    said = page(client, aside)
    assert "記録できませんでした" in said
    assert "もう一度</button>" in said


def test_more_than_a_page_of_them(client, django_assert_max_num_queries):
    for _ in range(101):
        SetAside.objects.create(license=make_license(facts(term(*YEAR))), code="overlap", text="重なり", since=TODAY)
    sign_in(client)
    first = client.get("/nights/").content.decode()
    assert "いま101件" in first
    assert first.count("/nights/set-asides/") == 100
    assert client.get("/nights/?page=2").content.decode().count("/nights/set-asides/") == 1


def test_the_page_is_thrifty(client, django_assert_max_num_queries):
    aside = aside_of(bad_license())
    license = aside.license
    for at in range(40):
        LicenseEvent.objects.create(
            license=license, kind=EventKind.RESERVED, effective_on=TODAY, recorded_on=TODAY + timedelta(days=at),
            acting_as=OPERATOR,
        )  # fmt: skip
    sign_in(client)
    with django_assert_max_num_queries(14):
        said = page(client, aside)
    assert said.count("次回の予約をした") == 30
