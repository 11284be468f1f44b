"""What offices are told about their licences: when, by whom it is read, and never twice."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import resolve

from campaigns.rules.noticing import REMINDER, RENEWAL_MONTH, TOLD_ENDED, TOLD_RENEWED, notices_due
from campaigns.services import licence_notices_queue
from careplan_portal.lib.acting import MEMBER, NIGHT, Acting
from careplan_portal.lib.dates import days
from careplan_portal.nightly import JOBS
from licenses.models import FeeSchedule, Programme
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID, plan
from licenses.services import roll_over, stop_file, stop_withdraw
from notices.models import Delivery, LeadTimes, Notice
from notices.notifications import html_of, text_of
from notices.services import lead_times_set
from offices.models import Membership
from tests.factories import make_license, make_member, make_user
from tests.licenses.cases import POLICY, D, facts, term

LEADS = (60, 30, 7)
YEAR = ("2025-06-10", "2026-06-09")


def due(licence, day, leads=LEADS, back=90):
    return [(one.kind, one.lead) for one in notices_due(plan(licence, POLICY, D(day)), leads, D(day), back)]


class TestWhen:
    """Boundary days, without a database."""

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            ("2026-04-09", []),  # 61 days before the last day
            ("2026-04-10", [(REMINDER, 60)]),
            ("2026-05-09", [(REMINDER, 60)]),
            ("2026-05-10", [(REMINDER, 30)]),  # only the nearest
            ("2026-05-31", [(REMINDER, 30)]),
            ("2026-06-01", [(RENEWAL_MONTH, 0), (REMINDER, 30)]),
            ("2026-06-02", [(RENEWAL_MONTH, 0), (REMINDER, 7)]),
            ("2026-06-09", [(RENEWAL_MONTH, 0), (REMINDER, 7)]),  # the last day: a stop can still be filed
        ],
    )
    def test_days_before_the_end(self, day, expected) -> None:
        assert due(facts(term(*YEAR)), day) == expected

    def test_not_after_the_end_and_not_before_the_night_has_recorded_it(self) -> None:
        assert due(facts(term(*YEAR)), "2026-06-10") == []

    def test_the_month_is_that_of_the_renewal_date(self) -> None:
        """A term that ends with a month renews on the first of the next, which is past its end."""
        ending = facts(term("2025-07-01", "2026-06-30"))
        assert due(ending, "2026-06-30", leads=(1,)) == [(REMINDER, 1)]
        assert (RENEWAL_MONTH, 0) in due(facts(term("2025-06-02", "2026-06-01")), "2026-06-01")

    def test_after_a_renewal(self) -> None:
        renewed = facts(term(*YEAR, closing="renewed"), term("2026-06-10", "2027-06-09"))
        assert due(renewed, "2026-06-10") == [(TOLD_RENEWED, 0)]
        assert due(renewed, "2026-09-08") == [(TOLD_RENEWED, 0)]
        assert due(renewed, "2026-09-09") == []

    @pytest.mark.parametrize("closing", ["stopped", "lapsed"])
    def test_after_an_end(self, closing) -> None:
        ended = facts(term(*YEAR, closing=closing))
        assert due(ended, "2026-06-10") == [(TOLD_ENDED, 0)]
        assert due(ended, "2026-09-07") == [(TOLD_ENDED, 0)]
        assert due(ended, "2026-09-08") == []

    def test_a_first_term_is_no_renewal(self) -> None:
        assert due(facts(term("2026-06-10", "2027-06-09")), "2026-06-11") == []
        again = facts(term("2024-06-10", "2025-06-09", closing="lapsed"), term("2026-06-10", "2027-06-09"))
        assert due(again, "2026-06-11") == []

    def test_whoever_has_chosen_hears_no_more_of_the_month(self) -> None:
        assert due(facts(term(*YEAR, stop=True)), "2026-06-02") == [(REMINDER, 7)]
        assert due(facts(term(*YEAR), reserved=FREE_PASS), "2026-06-02") == [(REMINDER, 7)]

    def test_a_closed_office_is_reminded_of_nothing(self) -> None:
        assert due(facts(term(*YEAR), closed="2026-05-01"), "2026-06-02") == []


@pytest.fixture
def night(on, db):
    """Every night's work for these days, in order, as beat does it."""

    def _night(first, last=None):
        for day in days(D(first), D(last or first)):
            on(day.isoformat())
            roll_over(on=day, acting=NIGHT)
            licence_notices_queue(today=day)

    return _night


def told(license):
    rows = Notice.objects.filter(office=license.office).order_by("pk")
    return [(one.kind, one.subject, one.made_on.isoformat()) for one in rows]


A_YEAR_OF_NOTICES = [
    (REMINDER, "2025-06-10/60", "2026-04-10"),
    (REMINDER, "2025-06-10/30", "2026-05-10"),
    (RENEWAL_MONTH, "2025-06-10", "2026-06-01"),
    (REMINDER, "2025-06-10/7", "2026-06-02"),
    (TOLD_RENEWED, "2026-06-10", "2026-06-10"),
]


class TestNights:
    def test_every_night_of_a_year_tells_each_thing_once(self, night) -> None:
        license = make_license(facts(term(*YEAR)))
        night("2026-04-01", "2026-07-01")
        assert told(license) == A_YEAR_OF_NOTICES

    def test_the_same_night_again_and_an_earlier_one_tell_nothing(self, night, on) -> None:
        license = make_license(facts(term(*YEAR)))
        for day in ("2026-05-10", "2026-05-10", "2026-05-09", "2026-05-10"):
            night(day)
        # The clock was set back: the 60 days' notice that the 30 days' one has overtaken is not sent after it.
        assert [subject for _, subject, _ in told(license)] == ["2025-06-10/30"]

    def test_missed_nights_delay_and_lose_nothing(self, night) -> None:
        license = make_license(facts(term(*YEAR)))
        night("2026-04-12")
        night("2026-06-05")
        night("2026-06-22")
        assert told(license) == [
            (REMINDER, "2025-06-10/60", "2026-04-12"),
            (RENEWAL_MONTH, "2025-06-10", "2026-06-05"),
            (REMINDER, "2025-06-10/7", "2026-06-05"),
            (TOLD_RENEWED, "2026-06-10", "2026-06-22"),
        ]

    def test_two_years_missed_tell_of_the_year_that_runs(self, night) -> None:
        license = make_license(facts(term("2023-06-10", "2024-06-09")))
        night("2026-06-22")
        assert told(license) == [(TOLD_RENEWED, "2026-06-10", "2026-06-22")]

    def test_a_stop_taken_back_on_the_last_days_is_told_anew(self, night) -> None:
        license = make_license(facts(term(*YEAR)))
        office = license.office_id
        member = Acting(None, MEMBER, "試験")
        stop_file(office_id=office, today=D("2026-05-01"), acting=member)
        night("2026-06-01")
        assert [kind for kind, _, _ in told(license)] == [REMINDER]
        assert "取り消すなら6月9日まで" in Notice.objects.get().title
        stop_withdraw(office_id=office, today=D("2026-06-02"), acting=member)
        night("2026-06-02")
        assert [kind for kind, _, _ in told(license)] == [REMINDER, RENEWAL_MONTH, REMINDER]
        assert Notice.objects.get(subject="2025-06-10/7").title.startswith("6月10日に更新（")

    def test_set_aside_waits(self, night) -> None:
        FeeSchedule.objects.all().delete()
        license = make_license(facts(term(*YEAR)))
        night("2026-06-02")
        night("2026-06-10")
        assert told(license) == []

    def test_taken_over_ends_are_not_told(self, night) -> None:
        license = make_license(facts(term("2025-03-10", "2026-03-09", closing="lapsed")))
        night("2026-04-03")
        assert told(license) == []

    def test_it_is_a_job_of_the_night_after_the_roll_over(self) -> None:
        names = list(JOBS)
        assert names.index("roll_over") < names.index("licence_notices") < names.index("night_watch")


class TestLeadTimes:
    def test_another_decision_counts_from_its_day(self, night) -> None:
        lead_times_set(
            starts_on=D("2026-04-20"), days=[45, 10], today=D("2026-04-03"), acting=Acting(None, "operator", "試験")
        )
        license = make_license(facts(term(*YEAR)))
        night("2026-04-03", "2026-06-09")
        assert [(subject, on) for kind, subject, on in told(license) if kind == REMINDER] == [
            ("2025-06-10/60", "2026-04-10"),
            ("2025-06-10/45", "2026-04-25"),
            ("2025-06-10/10", "2026-05-30"),
        ]

    def test_decisions_only_grow(self, db) -> None:
        from django.db import DatabaseError, transaction

        row = lead_times_set(
            starts_on=D("2026-04-20"), days=[45], today=D("2026-04-03"), acting=Acting(None, "operator", "x")
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            LeadTimes.objects.filter(pk=row.pk).update(days=[1])


class TestToWhom:
    def test_all_members_who_get_notices_and_nobody_else(self, night) -> None:
        license = make_license(facts(term(*YEAR)))
        reader, other = make_member(license.office), make_member(license.office)
        make_member(license.office, receives_notices=False)
        make_member(license.office, user=make_user(is_active=False))
        make_member(license.office, ended_on=date(2026, 4, 1))
        make_member(license.office, joined_on=date(2026, 5, 1))
        night("2026-04-10")
        assert sorted(Delivery.objects.values_list("channel", "address")) == [("mail", reader.email), ("mail", other.email)]  # fmt: skip

    def test_without_a_member_a_letter_to_the_registered_address(self, night) -> None:
        license = make_license(facts(term(*YEAR)))
        license.office.postal_code, license.office.building = "6830000", "みなとビル2階"
        license.office.save()
        night("2026-04-10")
        (letter,) = Delivery.objects.select_related("notice")
        assert (letter.channel, letter.state) == ("letter", "queued")
        assert letter.notice.letter_to.address == f"{license.office.address}\nみなとビル2階"

    def test_a_closed_office_gets_no_letter(self, night) -> None:
        make_license(facts(term(*YEAR), closed="2026-06-09"))
        night("2026-06-10")
        assert Notice.objects.get().kind == TOLD_ENDED
        assert not Delivery.objects.exists()


# (name, licence, day, kind, what title and text must say in this order)
SAID = [
    ("auto", facts(term(*YEAR)), "2026-04-10", REMINDER, ["6月10日に更新（", "やめるなら6月9日まで", "6月10日に自動で更新し", "やめるときは、6月9日（火）までです。", "/stop/", "何もしなくてかまいません", "期間のおわり：2026年6月9日（火）", "請求する日：2026年7月1日（水）", "やめると", "30日前（5月10日）と7日前（6月2日）です。"]),
    ("free", facts(term(*YEAR, FREE_PASS)), "2026-04-10", REMINDER, ["6月10日に更新（", "無料の1年のおわり：2026年6月9日（火）", "フリーパスは、1回使ったことになります。"]),
    ("filed", facts(term(*YEAR), mode=MANUAL, reserved=PAID), "2026-06-02", REMINDER, ["6月10日に申し込みのとおり有償で更新し", "やめるときは、6月9日（火）までです。"]),
    ("reserved", facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS), "2026-05-10", REMINDER, ["6月10日から1年間、無料になります", "2027年6月9日まで、フリーパスで0円です。", "やめるときは、6月9日（火）までです。", "次の1年の利用料：0円", "フリーパスの予約は外れます", "無料の1年のあと"]),
    ("stop", facts(term(*YEAR, stop=True)), "2026-06-02", REMINDER, ["6月9日で利用が終わります。取り消すなら6月9日まで", "届け出のとおり", "費用はかかりません", "取り消せます", "/stop/withdraw/"]),
    ("manual", facts(term(*YEAR), mode=MANUAL), "2026-05-10", REMINDER, ["6月9日で期限が切れます", "費用はかかりません", "続けるときは、有償の更新を6月9日（火）までに申し込んでください。", "やめるときは、何もしなくてかまいません。", "有償で続けるとき", "6月1日から6月9日までに申し込めます"]),
    ("manual, free", facts(term("2025-05-15", "2026-05-14"), mode=MANUAL), "2026-04-20", REMINDER, ["5月14日で期限が切れます。切れ目なく無料にするなら、5月15日までに申請を", "続けるときは、フリーパスなら5月15日（金）までに申請し、有償なら5月14日（木）までに申し込んでください。", "5月1日から5月15日までに申請すると、切れ目なく"]),
    ("month", facts(term("2025-05-15", "2026-05-14")), "2026-05-01", RENEWAL_MONTH, ["5月は更新月です。フリーパスを申請できます（0円）", "5月31日までに申請すると", "何もしないと、5月15日に自動で更新し、21,000円かかります。", "フリーパスを申請する", "やめるときは、5月14日（木）までに"]),
    ("month, window closed", facts(term(*YEAR)), "2026-06-01", RENEWAL_MONTH, ["6月は更新月です。6月10日に更新（", "何もしないと、6月10日に自動で更新し", "やめるときは、6月9日（火）までに"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("licence", "day", "kind", "parts"), [case[1:] for case in SAID], ids=[case[0] for case in SAID]
)
def test_what_it_says(night, licence, day, kind, parts) -> None:
    license = make_license(licence)
    night(day)
    notice = Notice.objects.get(office=license.office, kind=kind)
    text, at = f"{notice.title}\n{text_of(notice)}", 0
    for part in parts:
        assert part in text[at:], f"{part!r} is missing, or not in its place, in:\n{text}"
        at = text.index(part, at)
    assert resolve(notice.told.link[1].partition("?")[0])
    assert "届" not in text.replace("届け", "")  # nothing is called delivered
    for line in notice.told.lead:
        assert line in html_of(notice)


@pytest.mark.parametrize(
    ("licence", "kind", "parts"),
    [
        (facts(term(*YEAR)), TOLD_RENEWED, ["6月10日に更新しました（21,000円）。2027年6月9日まで使えます", "請求は7月1日（水）です。", "2027年6月9日（水）までに届け出てください。"]),
        (facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS), TOLD_RENEWED, ["フリーパスが始まりました。2027年6月9日まで0円です", "終わると自動で更新し", "2027年6月9日（水）までに届け出てください。"]),
        (facts(term(*YEAR, stop=True)), TOLD_ENDED, ["6月9日で利用が終わりました", "届け出のとおり、", "費用はかかりません。"]),
        (facts(term(*YEAR), mode=MANUAL), TOLD_ENDED, ["6月9日で期限が切れました。いまは使えません", "費用はかかりません。", "また使うときは"]),
    ],
)  # fmt: skip
def test_what_became_of_it(night, licence, kind, parts) -> None:
    license = make_license(licence)
    night("2026-06-10")
    notice = Notice.objects.get(office=license.office)
    assert notice.kind == kind
    text, at = f"{notice.title}\n{text_of(notice)}", 0
    for part in parts:
        assert part in text[at:], f"{part!r} is missing in:\n{text}"
        at = text.index(part, at)


def test_an_undecided_fee_is_said_to_be_undecided(night) -> None:
    FeeSchedule.objects.update(decided_until=D("2026-05-31"))
    make_license(facts(term(*YEAR)))
    night("2026-04-10")
    notice = Notice.objects.get()
    assert notice.title == "6月10日に更新（利用料は未定）。やめるなら6月9日まで"
    assert "利用料は未定です（決まったらお知らせします）。いまの額は21,000円です。" in text_of(notice)


def test_the_programmes_end(night) -> None:
    Programme.objects.update_or_create(pk=1, defaults={"ends_on": D("2026-05-31")})
    make_license(facts(term(*YEAR)))
    night("2026-06-02")
    notice = Notice.objects.get(kind=REMINDER)
    assert notice.title == "6月9日で利用が終わります（費用はかかりません）"
    assert "事業が終わるためです。" in text_of(notice)
    night("2026-06-10")
    assert "事業が終わったため、6月9日で利用が終わりました。" in text_of(Notice.objects.get(kind=TOLD_ENDED))


def test_a_thousand_due_are_a_handful_of_queries(on, db, django_assert_max_num_queries) -> None:
    make_license(facts(term(*YEAR), mode=AUTO))
    on("2026-04-10")
    cache.clear()
    for _ in range(30):
        make_member(make_license(facts(term(*YEAR))).office)
    with django_assert_max_num_queries(19):
        assert licence_notices_queue(today=D("2026-04-10")) == 31
    assert Membership.objects.count() == 30
    with django_assert_max_num_queries(2):
        assert licence_notices_queue(today=D("2026-04-10") + timedelta(days=1)) == 0
