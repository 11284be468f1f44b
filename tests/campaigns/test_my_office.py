"""The members' area: whose offices, and what an office's page says."""

import re

import pytest
from django.urls import reverse

from accounts.enums import LookReason, Role, SubjectKind
from accounts.services import access_record
from careplan_portal.lib.acting import MEMBER, OPERATOR, Acting
from licenses import services as licenses
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID
from tests.campaigns.my_pages import text, url
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
PAID_YEAR = ("2025-04-15", "2026-04-14")
ACTING = Acting(None, MEMBER, "test")


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.PORTAL_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path


def page_of(client, office):
    client.force_login(make_member(office, manager=True))
    response = client.get(url("my-office", office))
    assert response.status_code == 200
    return text(response)


def licensed(*terms, **more):
    return make_license(facts(*terms, **more)).office


# --- whose -----------------------------------------------------------------------------------


def test_without_an_office_the_ways_in_are_shown(client):
    client.force_login(make_user())
    page = client.get(reverse("campaigns:my"))
    assert "手続きできる事業所は、まだありません" in page.text
    assert reverse("campaigns:code") in page.text
    assert reverse("campaigns:start") in page.text


def test_with_one_office_one_goes_straight_to_it(client):
    office = make_office()
    client.force_login(make_member(office))
    assert client.get(reverse("campaigns:my"))["Location"] == url("my-office", office)


PAGES = [
    "my-office",
    "my-stop",
    "my-stop-send",
    "my-stop-done",
    "my-stop-withdraw",
    "my-reservation-withdraw",
    "my-pay",
    "my-members",
    "my-invite",
    "my-notices",
]
POSTS = ["my-stop-send", "my-stop-withdraw", "my-reservation-withdraw", "my-pay", "my-invite", "my-notices"]


@pytest.mark.parametrize("name", PAGES)
def test_an_office_is_there_for_its_members_alone(client, name):
    office = licensed(term(*PAID_YEAR), reserved=FREE_PASS)
    colleague, others, stranger = make_member(office), make_member(make_office()), make_user()
    left = make_member(office, ended_on=TODAY)
    for user, statuses in ((colleague, (200, 302)), (others, (404,)), (stranger, (404,)), (left, (404,))):
        client.force_login(user)
        assert client.get(url(name, office)).status_code in statuses, user
        if name in POSTS and 404 in statuses:
            assert client.post(url(name, office), {"understood": "on"}).status_code == 404
    for role in (Role.HELPDESK, Role.OFFICER, Role.OPERATOR, Role.AUDITOR):
        client.force_login(make_user(role))
        assert client.get(url(name, office)).status_code == 403
    client.logout()
    assert client.get(url(name, office))["Location"].startswith(reverse("account_login"))


def test_staff_who_are_members_by_mistake_still_see_nothing(client):
    office = make_office()
    client.force_login(make_member(office, user=make_user(Role.HELPDESK)))
    assert client.get(url("my-office", office)).status_code == 403


# --- what the page says ------------------------------------------------------------------------


def test_a_reserved_free_year(client):
    page = page_of(client, licensed(term(*PAID_YEAR), mode=MANUAL, reserved=FREE_PASS))
    assert "有償利用中" in page
    assert "次回フリーパス" in page
    assert "4月15日から1年間、無料になります。" in page
    assert "2026年4月14日火曜日・あと11日" in page
    assert "2026年4月15日水曜日・あと12日 フリーパスが始まります 0円 2027年4月14日まで無料です。" in page
    assert "2027年4月15日木曜日・あと1年と12日 自動で更新します" in page
    assert "請求は2027年5月1日です。" in page
    assert "いま「やめる」を押すと、2026年4月14日まで使えて、そこで終わります。フリーパスの予約は外れます。" in page
    assert "次回の予約だけを取り下げる" in page


def test_a_fee_after_the_decided_day_is_called_undecided(client):
    licenses.fee_set(
        starts_on=D("2025-01-01"),
        yen=21000,
        decided_until=D("2026-12-31"),
        note="",
        today=TODAY,
        acting=Acting(None, OPERATOR, "test"),
    )
    page = page_of(client, licensed(term("2025-06-10", "2026-06-09", FREE_PASS)))
    assert "2026年6月10日水曜日・あと68日 自動で更新します 21,000円 請求は2026年7月1日です。" in page
    assert "自動で更新します 21,000円（未定） この1年の利用料は未定です（決まったらお知らせします）。" in page


def test_a_manual_licence_in_its_renewal_month(client):
    page = page_of(client, licensed(term(*PAID_YEAR), mode=MANUAL))
    assert "4月14日まで使えます。手続きをしないと、そのあとは使えません。" in page
    assert "フリーパスを申請する" in page
    assert "有償で更新する" in page
    assert "2026年4月15日水曜日・あと12日 期限が切れ、使えなくなります 費用はかかりません。" in page
    assert "フリーパスを申請できる最後の日です" in page


def test_a_licence_that_stops(client):
    page = page_of(client, licensed(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)))
    assert "期間のおわりで停止" in page
    assert "6月9日まで使えます。6月10日に利用が止まります。" in page
    assert "やめる届けが出ています。取り消すと、6月10日に自動で更新し、年21,000円" in page
    assert "利用をやめる手続きへ" not in page


def test_an_office_that_never_used_it(client):
    page = page_of(client, make_office())
    assert "まだ使っていません。" in page
    assert "きょう申請すると、きょうから1年間無料になります。" in page
    assert "有償で利用を始める" in page
    assert "利用をやめる" not in page


@pytest.mark.parametrize("used", [False, True])
def test_a_closed_office_is_offered_nothing(client, used):
    office = licensed(term(*PAID_YEAR), mode=AUTO) if used else make_office()
    office.closed_on = D("2026-03-28")
    office.save()
    page = page_of(client, office)
    assert "2026年3月28日（土）に閉じました" in page
    assert ("いまの期間は、おわりの日まで使えます。" in page) is used
    for offer in (
        "対象です",
        "申請する",
        "有償で利用を始める",
        "有償で更新する",
        "利用をやめる手続きへ",
        "利用を始めると",
    ):
        assert offer not in page


def test_an_office_that_will_close_is_told_of_the_day(client):
    page = page_of(client, make_office(closed_on=D("2026-04-30")))
    assert "2026年4月30日（木）に閉じる届けが出ています" in page
    assert "フリーパスを申請する" not in page


def test_a_lapsed_licence_seen_before_the_night_has_run(client):
    page = page_of(client, licensed(term("2025-04-01", "2026-03-31"), mode=MANUAL))
    assert "期限切れ" in page
    assert "3月31日で利用が終わり、いまは期限が切れています。" in page


def test_a_record_that_is_set_aside_promises_nothing(client):
    office = licensed(term("2025-06-01", "2026-05-31", FREE_PASS), reserved=FREE_PASS)
    page = page_of(client, office)
    assert "記録の確認が必要です" in page
    assert "次に起きること 予定はありません" in page
    for name in ("my-stop", "my-stop-send", "my-stop-done", "my-stop-withdraw", "my-pay", "my-reservation-withdraw"):
        response = client.get(url(name, office), follow=True)
        assert response.status_code == 200
        assert "申請する" not in response.text


def test_history_names_colleagues_and_only_the_role_of_others(client):
    office = licensed(term(*PAID_YEAR), mode=AUTO)
    colleague, desk = make_member(office, user=make_user(name="田淵 実")), make_user(Role.HELPDESK, name="松本 葵")
    licenses.stop_file(office_id=office.pk, today=TODAY, acting=Acting(colleague.pk, MEMBER, "画面"))
    licenses.stop_withdraw(office_id=office.pk, today=TODAY, acting=Acting(desk.pk, "helpdesk", "電話"))
    page = page_of(client, office)
    assert "これまでのこと（2件）" in page
    assert "利用停止の届けを出した（2026年4月14日まで）田淵 実" in page
    assert "利用停止の届けを取り下げたヘルプデスク" in page
    assert "松本" not in page


def test_history_is_in_the_order_of_its_days(client):
    """What was done stands on the day it was done, with the day it is about beside it."""
    office = licensed(term(*PAID_YEAR), mode=AUTO)
    licenses.stop_file(office_id=office.pk, today=D("2026-04-02"), acting=ACTING)
    licenses.stop_withdraw(office_id=office.pk, today=TODAY, acting=ACTING)
    client.force_login(make_member(office))
    days = [(line.on, line.what) for line in client.get(url("my-office", office)).context["history"]]
    assert days == [
        (TODAY, "利用停止の届けを取り下げた"),
        (D("2026-04-02"), "利用停止の届けを出した（2026年4月14日まで）"),
    ]


def test_looks_of_staff_are_shown_by_role_and_reason(client):
    office = make_office()
    access_record(
        user=make_user(Role.HELPDESK, name="松本 葵"),
        subject_kind=SubjectKind.OFFICE,
        subject_key=office.business_number,
        reason=LookReason.CALL,
    )
    for page in (page_of(client, office), text(client.get(url("my-looks", office)))):
        assert "2026年4月3日" in page
        assert "ヘルプデスク" in page
        assert "電話対応" in page
        assert "松本" not in page
    assert "この事業所の画面を開きました（電話対応）。" in page_of(client, office)


def test_looks_are_shown_to_the_offices_own_members_only(client):
    own, other = make_office(), make_office()
    page_of(client, own)
    assert "まだ、だれも開いていません" in text(client.get(url("my-looks", own)))
    assert client.get(url("my-looks", other)).status_code == 404


def test_a_provisional_filing_waits_for_a_member(client, file):
    office = make_office()
    application = file(office, TODAY, proof="")
    page = page_of(client, office)
    assert "フリーパスの申請が、確認を待っています" in page
    assert "2026年5月3日（日）までに確かめると" in page
    assert reverse("campaigns:confirm", args=[application.receipt_number]) in client.get(url("my-office", office)).text
    assert "フリーパスを申請する" not in page, "what was filed is not offered a second time"
    assert "心当たりがないので、新しく申請する" in page


def test_the_office_page_takes_the_same_queries_whatever_happened(client, file, django_assert_num_queries):
    office = make_office()
    client.force_login(make_member(office, manager=True))
    client.get(url("my-office", office))
    with django_assert_num_queries(14):
        client.get(url("my-office", office))
    for _colleague in range(3):
        make_member(office)
    file(office, TODAY)
    licenses.stop_file(office_id=office.pk, today=TODAY, acting=ACTING)
    with django_assert_num_queries(14):
        client.get(url("my-office", office))


# --- the list ------------------------------------------------------------------------------------


@pytest.fixture
def clerk(client):
    """Of five offices, each standing otherwise."""
    user = make_user()
    offices = [
        licensed(term(*PAID_YEAR), mode=MANUAL),
        licensed(term("2025-04-10", "2026-04-09"), mode=MANUAL),
        licensed(term("2025-06-10", "2026-06-09", FREE_PASS)),
        licensed(term("2025-05-20", "2026-05-19"), mode=AUTO),
        make_office(name="ヘルパー さくら"),
    ]
    for office in offices:
        make_member(office, user=user)
    client.force_login(user)
    return offices


def listed(response):
    return re.findall(r'<th scope="row"><a href="/my/(\w{10})/">', response.text)


def test_the_list_begins_with_the_nearest_deadline(client, clerk):
    response = client.get(reverse("campaigns:my"))
    first, second, free, later, none = (office.business_number for office in clerk)
    assert listed(response) == [second, first, none, later, free]
    page = text(response)
    assert "5か所の事業所" in page
    assert "きょう3か所がフリーパスを申請できます。いちばん早い締め切りは2026年4月10日（金）です。" in page
    assert "2026年4月9日（木）に終わります" in page
    assert "2026年5月1日（金）から2026年5月31日（日）までに申請" in page
    assert response.text.count('type="checkbox" name="o"') == 3


def test_what_can_be_filed_is_what_can_be_ticked(client, clerk, file):
    """A closed office counts among the others; so does one that has filed."""
    closed = clerk[4]
    closed.closed_on = D("2026-03-28")
    closed.save()
    for count in (2, 1):
        response = client.get(reverse("campaigns:my"))
        assert response.context["groups"]["now"] == count
        assert response.text.count('type="checkbox" name="o"') == count
        assert listed(client.get(reverse("campaigns:my"), {"g": "now"})) == listed(response)[:count]
        assert "閉じた 予定はありません 2026年3月28日（土）に閉じました" in text(response)
        if count == 2:
            file(clerk[1], TODAY)


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({"q": "サクラ"}, [4]),
        ({"s": "active_free"}, [2]),
        ({"g": "now"}, [1, 0, 4]),
        ({"g": "later"}, [3]),
        ({"g": "done"}, [2]),
        ({"o": "end"}, [1, 0, 3, 2, 4]),
        ({"s": "nonsense"}, [1, 0, 4, 3, 2]),
        ({"q": "ありえない"}, []),
    ],
)
def test_the_list_is_searched_filtered_and_ordered(client, clerk, query, places):
    found = listed(client.get(reverse("campaigns:my"), query))
    assert found == [clerk[place].business_number for place in places]


def test_the_list_has_pages(client, clerk):
    user = clerk[0].memberships.get().user
    for _more in range(50):
        make_member(make_office(), user=user)
    first = client.get(reverse("campaigns:my"), {"g": ""})
    assert len(listed(first)) == 50
    assert "2ページ（55か所）" in first.text
    assert len(listed(client.get(reverse("campaigns:my"), {"page": 2}))) == 5


def test_the_list_takes_as_many_queries_for_fifty_as_for_five(client, clerk, django_assert_num_queries):
    client.get(reverse("campaigns:my"))
    with django_assert_num_queries(8):
        client.get(reverse("campaigns:my"))
    user = clerk[0].memberships.get().user
    for _more in range(45):
        make_member(licensed(term(*PAID_YEAR), reserved=PAID), user=user)
    with django_assert_num_queries(8):
        client.get(reverse("campaigns:my"))
