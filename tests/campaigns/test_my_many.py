"""Filing for many offices at once: check, send, a result for each."""

import html
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from campaigns.models import FreePassApplication
from campaigns.views.my import many
from licenses.models import FeeSchedule
from licenses.rules import AUTO, FREE_PASS, MANUAL
from tests.campaigns.my_pages import hidden, text
from tests.factories import make_license, make_member, make_office, make_user
from tests.licenses.cases import D, facts, term

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
APPLY = reverse("campaigns:my-apply")
WHO = {"name": "野津 由香", "phone": "0859-00-0123", "email": "honbu@example.jp", "renewal": "on", "agree": "on"}


@pytest.fixture(autouse=True)
def _day(settings, tmp_path):
    settings.PORTAL_TODAY = TODAY
    settings.MEDIA_ROOT = tmp_path
    FeeSchedule.objects.update(decided_until=None)


@pytest.fixture
def clerk(client):
    user = make_user(name="野津 由香")
    client.force_login(user)
    return user


def own(clerk, *terms, **more):
    office = make_license(facts(*terms, **more)).office if terms else make_office(**more)
    make_member(office, user=clerk)
    return office


def numbers(*offices):
    return [office.business_number for office in offices]


def check(client, *offices):
    return client.get(APPLY, {"o": numbers(*offices)})


def form(page, *offices, **more):
    """What a browser sends from the check page."""
    data = {"o": numbers(*offices), "batch": hidden(page, "batch"), **WHO}
    data |= {f"shown-{number}": hidden(page, f"shown-{number}") for number in numbers(*offices)}
    return data | more


def send(client, *offices, **more):
    return client.post(APPLY, form(check(client, *offices), *offices, **more), follow=True)


def test_what_changes_by_sending_stands_above_the_button(client, clerk):
    renewing = own(clerk, term("2025-04-15", "2026-04-14"), mode=MANUAL)
    begun = own(clerk, term("2026-04-02", "2027-04-01"), mode=AUTO)
    stopping = own(clerk, term("2025-04-20", "2026-04-19", stop=True), mode=AUTO)
    new = own(clerk)
    page = text(check(client, renewing, begun, stopping, new))
    assert "4か所の申請を、確かめて送ってください" in page
    assert "まだ送られていません。" in page
    assert "2026年4月15日（水）から2027年4月14日（水）まで" in page
    assert "2026年4月2日（木）から2027年4月1日（木）まで 2026年5月1日の請求21,000円はなくなります" in page
    assert "出ている停止の届けは、取り消しになります" in page
    assert "自動で更新、年21,000円" in page
    assert "4か所の申請を送る" in page
    assert not FreePassApplication.objects.exists()


def test_each_office_is_one_filing_with_its_result(client, clerk):
    offices = [own(clerk, term("2025-04-15", "2026-04-14"), mode=MANUAL), own(clerk)]
    page = text(send(client, *offices))
    assert "2か所の申請を受け付けました" in page
    assert "2026年4月15日（水）から2027年4月14日（水）まで" in page
    filed = FreePassApplication.objects.order_by("office")
    assert [application.office for application in filed] == offices
    assert all(application.receipt_number in page for application in filed)
    assert {application.proved_by for application in filed} == {"member"}
    assert {application.applicant_id for application in filed} == {clerk.pk}
    assert {application.terms_version for application in filed} == {"2"}


def test_sending_twice_files_each_once(client, clerk):
    offices = [own(clerk), own(clerk)]
    data = form(check(client, *offices), *offices)
    places = {client.post(APPLY, data)["Location"] for _click in range(2)}
    assert len(places) == 1
    assert FreePassApplication.objects.count() == 2
    assert "2か所の申請を受け付けました" in text(client.get(places.pop()))


def test_what_changed_meanwhile_is_not_sent_and_says_why(client, clerk, file):
    still, taken = own(clerk), own(clerk)
    data = form(check(client, still, taken), still, taken)
    file(taken, TODAY)
    page = client.post(APPLY, data, follow=True)
    words = text(page)
    assert "1か所の申請を受け付けました" in words
    assert "2か所のうち1か所です。1か所は送っていません" in words
    assert "送りませんでした" in words
    assert "無料の1年を使っているところです。無料なのは2027年4月2日までです。" in words
    assert FreePassApplication.objects.count() == 2


def test_the_minute_after_midnight_each_new_answer_is_shown(client, clerk, settings):
    office = own(clerk)
    data = form(check(client, office), office)
    settings.PORTAL_TODAY = D("2026-04-04")
    page = text(client.post(APPLY, data, follow=True))
    assert "今回は、どの事業所も送っていません" in page
    assert "まだ送られていません。いまの答えは「きょう申請すると、きょうから1年間無料になります」です。" in page
    assert "確かめて申請する" in page
    assert not FreePassApplication.objects.exists()


def test_outside_the_standard_one_more_tick_is_asked_for_that_office(client, clerk):
    inside, outside = own(clerk), own(clerk, scope="no")
    page = text(send(client, inside, outside))
    assert "確認が1つ要ります" in page
    assert FreePassApplication.objects.get().office == inside
    send(client, outside, scope=[outside.business_number])
    assert FreePassApplication.objects.filter(office=outside).exists()


def test_what_cannot_be_filed_now_is_left_out_and_named(client, clerk):
    used, new = own(clerk, term("2025-06-10", "2026-06-09", FREE_PASS)), own(clerk)
    page = text(check(client, used, new))
    assert "1か所の申請を、確かめて送ってください" in page
    assert "いまは申請できない事業所を外しました" in page
    assert used.name in page


def test_an_office_closed_meanwhile_says_that_it_closed(client, clerk):
    office = own(clerk)
    data = form(check(client, office), office)
    office.closed_on = D("2026-03-28")
    office.save()
    page = text(client.post(APPLY, data, follow=True))
    assert "2026年3月28日（土）に閉じました。" in page
    assert "確かめて申請する" not in page


def test_a_missing_answer_loses_nothing(client, clerk):
    office = own(clerk, scope="no")
    data = form(check(client, office), office, scope=[office.business_number]) | {"phone": "123", "agree": ""}
    answer = client.post(APPLY, data)
    # Shown by a GET, so that going back from the result asks nobody to send again.
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 422
    assert 'value="123"' in page.text
    assert 'value="honbu@example.jp"' in page.text
    assert f'value="{office.business_number}" checked' in page.text
    assert hidden(page, "batch") == data["batch"]
    assert 'value="123"' not in check(client, office).text
    assert not FreePassApplication.objects.exists()


def test_a_long_sending_goes_on_with_one_more_press(client, clerk, monkeypatch):
    offices = [own(clerk) for _each in range(3)]
    monkeypatch.setattr(many, "SECONDS", 0.0)
    page = client.post(APPLY, form(check(client, *offices), *offices))
    assert "残りは2か所です" in page.text
    assert FreePassApplication.objects.count() == 1
    for left in (1, 0):
        page = client.post(APPLY, _fields(page), follow=True)
        assert FreePassApplication.objects.count() == 3 - left
    assert "3か所の申請を受け付けました" in text(page)


def _fields(page):
    """What the one button of the page sends."""
    data: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text):
        data.setdefault(name, []).append(html.unescape(value))
    return data


def test_only_ones_own_offices_are_filed_for(client, clerk):
    mine, others = own(clerk), make_office()
    make_member(others)
    page = check(client, mine)
    data = form(page, mine) | {
        "o": numbers(mine, others),
        f"shown-{others.business_number}": hidden(page, f"shown-{mine.business_number}"),
    }
    client.post(APPLY, data)
    assert FreePassApplication.objects.get().office == mine
    assert check(client, others).status_code == 404
    assert client.get(reverse("campaigns:my-applied", args=[uuid4()]), {"o": numbers(others)}).status_code == 404
    assert client.get(reverse("campaigns:my-applied", args=["no-key"]), {"o": numbers(mine)}).status_code == 404


def test_nothing_chosen_says_so_and_keeps_the_filter(client, clerk):
    own(clerk, name="ヘルパー さくら"), own(clerk)
    back = hidden(client.get(reverse("campaigns:my"), {"q": "さくら", "g": "now"}), "back")
    answer = client.get(APPLY, {"back": f"{back}&next=//elsewhere.example"})
    assert answer["Location"].startswith(reverse("campaigns:my") + "?")
    assert "elsewhere" not in answer["Location"]
    page = client.get(answer["Location"])
    assert "事業所を選んでいません" in page.text
    assert "しぼった結果は1か所" in text(page)
    assert hidden(page, "back") == back


def test_the_yearly_cost_of_all_is_said_before_sending(client, clerk):
    FeeSchedule.objects.update(decided_until=D("2026-12-31"))
    offices = [own(clerk) for _each in range(3)]
    assert "合わせて3×21,000円＝年63,000円（未定）がかかります。" in text(check(client, *offices))


def test_the_button_counts_only_what_is_sent(client, clerk):
    """What needs one more tick is counted by the script; without it the button names no number."""
    inside, outside = own(clerk), own(clerk, scope="no")
    page = check(client, inside, outside)
    assert "このうち1か所は、下の確認に印を付けたときだけ送ります。" in text(page)
    assert 'data-chosen="scope" data-base="1" data-say="か所の申請を送る">申請を送る<' in page.text
    assert "2か所の申請を送る" not in page.text


def test_results_stand_in_the_order_in_which_they_were_checked(client, clerk):
    offices = [own(clerk, term("2025-04-15", f"2026-04-{day}"), mode=MANUAL) for day in (20, 14, 17)]
    before = re.findall(r"(317\d{7})", check(client, *offices).text)
    after = re.findall(r"/my/(317\d{7})/", send(client, *offices).text)
    assert list(dict.fromkeys(after)) == list(dict.fromkeys(before))


def test_the_check_page_takes_as_many_queries_for_twenty_as_for_two(client, clerk, django_assert_num_queries):
    offices = [own(clerk) for _each in range(2)]
    check(client, *offices)
    with django_assert_num_queries(8):
        check(client, *offices)
    offices += [own(clerk, term("2025-04-15", "2026-04-14"), mode=MANUAL) for _each in range(18)]
    with django_assert_num_queries(8):
        check(client, *offices)


def test_a_filing_that_waits_for_its_proof_is_proved_and_not_filed_again(client, clerk, file):
    waiting, new = own(clerk), own(clerk)
    filing = file(waiting, TODAY, proof="")
    page = client.get(reverse("campaigns:my"))
    assert "きょう1か所がフリーパスを申請できます" in text(page)
    assert "1か所の申請が、事業所の確認を待っています。いちばん早い期限は2026年5月3日（日）です。" in text(page)
    assert reverse("campaigns:confirm", args=[filing.receipt_number]) in page.content.decode()
    assert f'value="{waiting.business_number}"' not in page.content.decode()
    assert text(page).index(waiting.name) < text(page).index(new.name), "its deadline is the first"
    page = check(client, waiting, new)
    assert "1か所の申請を、確かめて送ってください" in text(page)
    assert f"申請（{filing.receipt_number}）が、事業所の確認を待っています。" in text(page)
    client.post(APPLY, form(page, new) | {"o": numbers(waiting, new)})
    assert list(FreePassApplication.objects.filter(office=waiting)) == [filing]
    assert FreePassApplication.objects.filter(office=new).count() == 1


def test_the_list_can_be_narrowed_to_what_waits(client, clerk, file):
    waiting, new = own(clerk), own(clerk)
    file(waiting, TODAY, proof="")
    page = client.get(reverse("campaigns:my"), {"g": "waiting"}).content.decode()
    assert reverse("campaigns:my-office", args=[waiting.business_number]) in page
    assert reverse("campaigns:my-office", args=[new.business_number]) not in page


@pytest.mark.parametrize(("day", "waits"), [("2026-05-03", True), ("2026-05-04", False)])
def test_a_filing_waits_up_to_the_last_day_of_its_proof(client, clerk, file, settings, day, waits):
    """Also before the night that ends it has run."""
    office, _ = own(clerk), own(clerk)
    file(office, TODAY, proof="")
    settings.PORTAL_TODAY = D(day)
    page = client.get(reverse("campaigns:my"))
    assert ("事業所の確認を待っています" in text(page)) is waits
    assert (f'value="{office.business_number}"' in page.content.decode()) is not waits
