"""Stopping in the members' area: the consequence first, once, and the way back to the last day."""

import re
from functools import partial

import pytest
from django.urls import reverse

from campaigns.forms.my import STOP_REASONS
from careplan_portal.lib.acting import MEMBER, Acting
from licenses import services as licenses
from licenses.enums import EventKind
from licenses.models import FeeSchedule, LicenseDocument, LicenseEvent, LicenseReservation, LicenseTerm
from licenses.queries import standing
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID
from tests.campaigns.my_pages import hidden, text, url
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term
from tests.races import at_once

pytestmark = pytest.mark.django_db
FREE_YEAR = ("2025-08-01", "2026-07-31", FREE_PASS)
PAID_YEAR = ("2025-04-15", "2026-04-14")


@pytest.fixture(autouse=True)
def _decided():
    """A fee that is decided for good, so that sentences stay short."""
    FeeSchedule.objects.update(decided_until=None)


@pytest.fixture(autouse=True)
def on(settings, tmp_path):
    """Set the business day; it begins as 2026-04-03."""

    def _on(day):
        settings.PORTAL_TODAY = D(day)

    settings.MEDIA_ROOT = tmp_path
    _on("2026-04-03")
    return _on


@pytest.fixture
def member(client):
    """Signs in a member of an office with these terms."""

    def _member(*terms, **more):
        office = make_license(facts(*terms, **more)).office
        client.force_login(make_member(office, manager=True))
        return office

    return _member


def stop(client, office, **more):
    page = client.get(url("my-stop-send", office))
    data = {"shown": hidden(page, "shown"), "understood": "on", **more}
    return client.post(url("my-stop-send", office), data)


def withdraw(client, office):
    page = client.get(url("my-stop-withdraw", office))
    return client.post(url("my-stop-withdraw", office), {"shown": hidden(page, "shown")})


def kinds(office):
    return list(LicenseEvent.objects.filter(license__office=office).order_by("pk").values_list("kind", flat=True))


# --- what is said before ---------------------------------------------------------------------


def test_stopping_a_free_year_costs_nothing(client, member):
    page = text(client.get(url("my-stop", member(term(*FREE_YEAR)))))
    assert "やめても、7月31日までは使えます。お金はかかりません" in page
    assert "使えるおわりの日2026年7月31日金曜日。無料の1年のおわりです" in page
    assert "8月1日から使えません相手とデータを送り合えません年21,000円自動で更新" in page
    assert "請求ありません2026年9月1日" in page
    assert "いつでも有償で始められます。フリーパスは、1回使ったことになります" in page
    assert "何もしないと、8月1日に自動で更新し、年21,000円がかかります。" in page


def test_an_undecided_fee_is_called_undecided_beside_its_amount(client, member):
    FeeSchedule.objects.update(decided_until=D("2026-05-31"))
    page = text(client.get(url("my-stop", member(term(*FREE_YEAR)))))
    assert "8月1日に自動で更新し、年21,000円（未定）がかかります。" in page


def test_stopping_with_a_reservation_says_what_is_lost_and_the_better_way(client, member):
    page = text(client.get(url("my-stop", member(term(*PAID_YEAR), mode=MANUAL, reserved=FREE_PASS))))
    assert "やめると、4月15日からの無料の1年は始まりません" in page
    assert "フリーパスの予約は、4月15日に外れます。無料の1回は使わなかったことになります。" in page
    assert "払った21,000円は戻りません" in page
    assert "5月31日までなら、フリーパスを申請し直せます。申請した日から1年間、無料です" in page
    assert "続けて、2027年4月14日までに「利用をやめる」を届け出れば、費用は0円のままです。" in page
    assert "何もしないと、4月15日から2027年4月14日まで、無料で使えます。" in page


def test_stopping_a_paid_year_that_renews_by_itself(client, member):
    page = text(client.get(url("my-stop", member(term(*PAID_YEAR), mode=AUTO))))
    assert "やめても、4月14日までは使えます。次の1年の21,000円はかかりません" in page
    assert "やめる続ける4月14日まで" in page
    assert "やめなくても、フリーパスを申請できます（0円）" in page
    assert "4月30日までに申請すると、切れ目なく1年間無料になります。" in page


def test_a_manual_licence_ends_without_a_stop(client, member):
    page = text(client.get(url("my-stop", member(term(*PAID_YEAR), mode=MANUAL))))
    assert "届け出なくても、4月14日で利用は終わります" in page
    assert "やめる届け出ない4月14日まで" in page
    assert "4月15日から使えません相手とデータを送り合えません使えません更新か申請をしないとき" in page
    assert "やめなくても、フリーパスを申請できます（0円）" in page
    assert "何もしないと、4月14日で利用が終わります。費用はかかりません。" in page


def test_where_the_free_pass_cannot_be_filed_no_other_way_is_praised(client, member):
    page = text(client.get(url("my-stop", member(term(*FREE_YEAR)))))
    assert "フリーパスを申請できます" not in page


@pytest.mark.parametrize(("terms", "paid"), [(FREE_YEAR, False), (PAID_YEAR, True)])
def test_only_money_that_was_paid_is_said_not_to_come_back(client, member, terms, paid):
    page = text(client.get(url("my-office", member(term(*terms)))))
    assert "まで使えて、そこで終わります。" in page
    assert ("払ったお金は戻りません。" in page) is paid


@pytest.mark.parametrize("name", ["my-stop", "my-stop-send", "my-stop-withdraw"])
def test_without_a_term_there_is_nothing_to_stop(client, name):
    office = make_office()
    client.force_login(make_member(office))
    page = text(client.get(url(name, office), follow=True))
    assert "いま有効な期間がないので、やめる手続きは要りません" in page


# --- sending -----------------------------------------------------------------------------------


def test_a_stop_is_filed_with_who_when_why_and_its_paper(client, member):
    office = member(term(*FREE_YEAR))
    response = stop(client, office, reasons=["介護ソフトが対応していない", "ほかのわけ"], other="担当者がいない")
    assert response["Location"] == url("my-stop-done", office)
    event = LicenseEvent.objects.get(kind=EventKind.STOP_FILED)
    assert event.actor_id == int(client.session["_auth_user_id"])
    assert (event.acting_as, event.recorded_on) == ("member", D("2026-04-03"))
    assert event.reason == "事業所の画面。わけ：介護ソフトが対応していない、ほかのわけ（担当者がいない）"
    paper = LicenseDocument.objects.get()
    page = text(client.get(response["Location"]))
    assert "やめる届けを受け付けました。7月31日まで使えます" in page
    assert paper.code in page
    assert "2026年8月1日土曜日・あと120日 利用が止まります 費用はかかりません。" in page
    assert "取り消すと、8月1日に自動で更新し、年21,000円がかかります。請求は2026年9月1日です。" in page


def test_a_stop_taken_back_renews_nothing_that_is_renewed_by_hand(client, member):
    office = member(term("2025-04-15", "2026-04-14"), mode=MANUAL)
    page = text(client.get(stop(client, office)["Location"]))
    assert "取り消すと、届け出る前にもどります。自動では更新しないので、4月14日で利用が終わります。" in page


def test_a_stop_that_was_taken_over_without_a_paper_still_says_its_day(client, member):
    office = member(term(*FREE_YEAR))
    LicenseTerm.objects.update(stop_requested_on=D("2026-03-20"))
    page = text(client.get(url("my-stop-done", office)))
    assert "2026年3月20日（金）の届け" in page
    assert "受付番号のない届けです。お電話では、事業所番号をお伝えください。" in page


def test_without_the_tick_nothing_is_filed_and_the_reasons_stay(client, member):
    office = member(term(*FREE_YEAR))
    page = client.post(url("my-stop-send", office), {"shown": "x", "reasons": ["ほかのわけ"]})
    assert "確かめて、印を付けてください。" in page.text
    assert page.text.count(" checked") == 1
    assert kinds(office) == []


def test_all_reasons_with_the_longest_words_fit_the_record(client, member):
    office = member(term(*FREE_YEAR))
    stop(client, office, reasons=[reason for reason, _label in STOP_REASONS], other="あ" * 100)
    assert LicenseEvent.objects.get(kind=EventKind.STOP_FILED).reason.endswith(f"ほかのわけ（{'あ' * 100}）")


def test_two_clicks_file_one_stop(client, member):
    office = member(term(*FREE_YEAR))
    data = {"shown": hidden(client.get(url("my-stop-send", office)), "shown"), "understood": "on"}
    answers = [client.post(url("my-stop-send", office), data) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {url("my-stop-done", office)}
    assert kinds(office) == [EventKind.STOP_FILED]
    assert LicenseDocument.objects.count() == 1


def test_get_and_a_crawler_change_nothing(client, member):
    office = member(term(*FREE_YEAR))
    for name in ("my-stop", "my-stop-send", "my-stop-done", "my-stop-withdraw"):
        client.get(url(name, office), follow=True)
    assert kinds(office) == []


def test_the_minute_after_midnight_nothing_is_filed_and_the_new_state_is_shown(client, member, on):
    office = member(term(*PAID_YEAR), mode=AUTO)
    on("2026-04-14")
    shown = hidden(client.get(url("my-stop-send", office)), "shown")
    on("2026-04-15")
    page = client.post(url("my-stop-send", office), {"shown": shown, "understood": "on"})
    assert page.status_code == 409
    assert "画面を開いたあとに、この事業所の状態が変わりました。何も送っていません。" in page.text
    assert "2027年4月14日（水）" in page.text
    assert not LicenseTerm.objects.exclude(stop_requested_on=None).exists()
    again = client.post(url("my-stop-send", office), {"shown": hidden(page, "shown"), "understood": "on"})
    assert again["Location"] == url("my-stop-done", office)
    assert LicenseTerm.objects.get(starts_on=D("2026-04-15")).stop_requested_on == D("2026-04-15")


def test_the_minute_after_midnight_of_a_licence_that_lapsed(client, member, on):
    office = member(term(*PAID_YEAR), mode=MANUAL)
    on("2026-04-14")
    shown = hidden(client.get(url("my-stop-send", office)), "shown")
    on("2026-04-15")
    page = client.post(url("my-stop-send", office), {"shown": shown, "understood": "on"})
    assert page.status_code == 409
    assert "いま有効な期間がないので、停止の手続きは要りません。" in page.text


def test_what_a_colleague_did_meanwhile_is_shown_first(client, member):
    office = member(term(*PAID_YEAR), mode=MANUAL, reserved=FREE_PASS)
    shown = hidden(client.get(url("my-stop-send", office)), "shown")
    licenses.reservation_withdraw(office_id=office.pk, today=D("2026-04-03"), acting=Acting(None, MEMBER, "同僚"))
    page = client.post(url("my-stop-send", office), {"shown": shown, "understood": "on"})
    assert page.status_code == 409
    assert EventKind.STOP_FILED not in kinds(office)


# --- the way back --------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "works"), [("2026-07-31", True), ("2026-08-01", False)])
def test_a_stop_is_taken_back_up_to_and_including_the_last_day(client, member, on, day, works):
    office = member(term(*FREE_YEAR))
    stop(client, office)
    shown = hidden(client.get(url("my-stop-withdraw", office)), "shown")
    on(day)
    response = client.post(url("my-stop-withdraw", office), {"shown": shown})
    assert (response.status_code == 302) is works
    if works:
        page = text(client.get(response["Location"]))
        assert "やめるのを取り消しました。8月1日からも使えます" in page
        assert "8月1日に自動で更新し、年21,000円がかかります。" in page
    else:
        assert "期間が終わったので、停止の取り下げはできません。" in response.text
    assert standing(office.pk, D("2026-08-01")).status == ("active_paid" if works else "stopped")


def test_taking_back_twice_is_taking_back_once_and_stopping_again_works(client, member):
    office = member(term(*FREE_YEAR))
    stop(client, office)
    shown = hidden(client.get(url("my-stop-withdraw", office)), "shown")
    for _click in range(2):
        answer = client.post(url("my-stop-withdraw", office), {"shown": shown})
        assert answer["Location"] == url("my-stop-done", office)
    assert kinds(office) == [EventKind.STOP_FILED, EventKind.STOP_WITHDRAWN]
    stop(client, office)
    assert kinds(office)[-1] == EventKind.STOP_FILED


def test_what_was_taken_back_is_named_with_its_moment_and_its_paper_marked(client, member, on):
    office = member(term(*FREE_YEAR))
    stop(client, office)
    on("2026-04-06")
    withdraw(client, office)
    paper = LicenseDocument.objects.get()
    page = text(client.get(url("my-stop-done", office)))
    assert re.search(r"取り消した日時\s*2026年4月6日（月）\s*\d+時\d\d分", page)
    assert "2026年4月3日（金）の利用停止の届け" in page
    assert f"控え{paper.code}は取り消しずみになりました" in page
    marked = "利用停止の届けの控え（2026年4月3日）取り消しずみ"
    assert marked in text(client.get(url("my-office", office)))
    papers = text(client.get(reverse("licenses:documents", args=[office.business_number])))
    assert "利用停止の届けの控え取り消しずみ" in papers
    stop(client, office)
    page = text(client.get(url("my-office", office)))
    assert marked in page
    assert "利用停止の届けの控え（2026年4月6日）取り消しずみ" not in page


def test_a_stop_keeps_the_reservation_until_it_takes_effect(client, member):
    office = member(term(*PAID_YEAR), mode=MANUAL, reserved=FREE_PASS)
    stop(client, office)
    page = text(client.get(url("my-stop-done", office)))
    assert "利用が止まり、予約が外れます" in page
    assert "フリーパスを申請できる最後の日です" in page
    assert LicenseReservation.objects.get().state == "open"
    withdraw(client, office)
    assert standing(office.pk, D("2026-04-15")).status == "active_free"


@pytest.mark.parametrize(("day", "works"), [("2026-04-14", True), ("2026-04-15", False)])
def test_a_reservation_is_taken_back_up_to_the_day_before(client, on, file, day, works):
    office = make_license(facts(term(*PAID_YEAR), mode=MANUAL)).office
    client.force_login(make_member(office))
    application = file(office, D("2026-04-03"))
    page = client.get(url("my-reservation-withdraw", office))
    assert "4月14日で利用が終わります。費用はかかりません。" in text(page)
    assert "2026年5月31日までなら、また申請できます。" in text(page)
    on(day)
    answer = client.post(url("my-reservation-withdraw", office), {"shown": hidden(page, "shown")})
    assert (answer.status_code == 302) is works
    application.refresh_from_db()
    assert (application.withdrawn_on is not None) is works
    if works:
        again = client.post(url("my-reservation-withdraw", office), {"shown": hidden(page, "shown")})
        assert again.status_code == 302
    else:
        assert "予約していた期間が始まっている" in answer.text
        assert standing(office.pk, D(day)).status == "active_free"


def test_a_paid_renewal_is_taken_back(client, member):
    office = member(term(*PAID_YEAR), mode=MANUAL, reserved=PAID)
    page = client.get(url("my-reservation-withdraw", office))
    assert "有償の更新の申し込みを取り下げますか" in page.text
    assert client.post(url("my-reservation-withdraw", office), {"shown": hidden(page, "shown")}).status_code == 302
    assert standing(office.pk, D("2026-04-15")).status == "lapsed"


def test_a_granted_reservation_is_not_offered_for_withdrawal(client, member):
    office = member(term(*PAID_YEAR), reserved=FREE_PASS)
    LicenseReservation.objects.update(can_withdraw=False)
    page = client.get(url("my-reservation-withdraw", office))
    assert "特別に認められた予約です。" in page.text
    assert '<form method="post" novalidate' not in page.text


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_file_one_stop(client, member):
    """The second waits for the first and finds the stop on file."""
    from campaigns.rules.agreeing import plan_fingerprint
    from campaigns.services.agreed import agreed_stop_file

    office = member(term(*FREE_YEAR))
    shown = plan_fingerprint(standing(office.pk, D("2026-04-03")).plan)
    act = partial(
        agreed_stop_file, office_id=office.pk, shown=shown, today=D("2026-04-03"), acting=Acting(None, MEMBER, "同時")
    )
    assert at_once(act, act) == [None, None]
    assert kinds(office) == [EventKind.STOP_FILED]
    assert LicenseDocument.objects.count() == 1
