"""Pages about who acts for an office, with the fixed cast: a manager, a colleague, a stranger."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import mail
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from offices.models import Invitation, OfficeEvent
from offices.queries import members_of
from tests.campaigns.my_pages import text, url
from tests.factories import make_member, make_office, make_user
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-10")


@pytest.fixture(autouse=True)
def _day(settings):
    settings.PORTAL_TODAY = TODAY


@pytest.fixture
def office():
    return make_office()


@pytest.fixture
def manager(office, client):
    user = make_member(office, manager=True, user=make_user(name="松本 彩子"))
    client.force_login(user)
    return user


@pytest.fixture
def colleague(office, manager):
    return make_member(office, user=make_user(name="足立 守"))


def invite(client, office, email="inoue@example.jp"):
    return client.post(url("my-invite", office), {"name": "井上 香織", "email": email}, follow=True)


def link(django_capture_on_commit_callbacks, client, office, **more):
    with django_capture_on_commit_callbacks(execute=True):
        invite(client, office, **more)
    return re.search(r"https?://[^/]+(/invitations/\S+/)", mail.outbox[-1].body)[1]


def ids(office):
    return [member.user_id for member in members_of(office.pk, TODAY)]


def test_the_list_says_who_can_do_what(client, office, manager, colleague):
    page = text(client.get(url("my-members", office)))
    assert "松本 彩子（あなた） 管理者" in page
    assert "引き継ぐと、外せます" in page
    assert "足立 守 職員" in page
    assert "管理者を引き継ぐ" in page
    client.force_login(colleague)
    page = text(client.get(url("my-members", office)))
    assert "自分を外す" in page
    assert "管理者を引き継ぐ" not in page


def test_the_only_member_is_told_to_invite_another(client, office, manager):
    page = text(client.get(url("my-members", office)))
    assert "1人だけなので、外せません" in page
    assert "もう1人、招いておいてください。" in page


def test_the_only_member_is_told_of_the_invitation_that_is_out(client, office, manager, settings):
    invite(client, office)
    page = text(client.get(url("my-members", office)))
    assert (
        "招待の返事を待っています 井上 香織さんに招待を送ってあります。加わるまでは、あなた1人で手続きします。" in page
    )
    assert "1人だけで手続きしています" not in page
    assert "管理者と職員は、同じ手続きができます。" in page
    settings.PORTAL_TODAY = TODAY + timedelta(days=8)
    assert "1人だけで手続きしています" in text(client.get(url("my-members", office)))


def test_a_new_person_joins_by_the_link_and_sets_a_password(
    client, office, manager, django_capture_on_commit_callbacks
):
    address = link(django_capture_on_commit_callbacks, client, office)
    assert mail.outbox[-1].to == ["inoue@example.jp"]
    page = text(client.get(url("my-members", office)))
    assert "井上 香織 職員 返事を待っています" in page
    client.logout()
    assert "松本 彩子さんが、この事業所の手続きに招いています" in text(client.get(address))
    assert not User.objects.filter(email="inoue@example.jp").exists(), "looking at the link does nothing"
    response = client.post(address)
    joined = User.objects.get(email="inoue@example.jp")
    assert ids(office) == [manager.pk, joined.pk]
    set_password = client.get(response["Location"], follow=True)
    sent = {"password1": "a-long-and-odd-word-7", "password2": "a-long-and-odd-word-7"}
    done = client.post(set_password.redirect_chain[-1][0], sent, follow=True)
    assert done.redirect_chain[-1][0] == url("my-office", office), "signed in, and straight to the office"
    gone = client.post(address)
    assert gone.status_code == 410
    assert "この招待は、もう使われています。" in gone.text


def test_a_known_person_signs_in_and_joins(client, office, manager, django_capture_on_commit_callbacks):
    known = make_user(email="known@example.jp")
    address = link(django_capture_on_commit_callbacks, client, office, email="Known@Example.jp")
    client.logout()
    page = client.get(address)
    assert f"{reverse('account_login')}?next={quote(address)}" in page.text
    assert '<form method="post">' not in page.text
    client.force_login(known)
    assert client.post(address)["Location"] == url("my-office", office)
    assert known.pk in ids(office)


def test_somebody_elses_sign_in_cannot_use_the_link(client, office, manager, django_capture_on_commit_callbacks):
    address = link(django_capture_on_commit_callbacks, client, office)
    other = make_user()
    client.force_login(other)
    assert "別の人のサインインです" in client.get(address).text
    assert client.post(address).status_code == 410
    assert other.pk not in ids(office)


def test_a_link_ends_after_seven_days_or_when_taken_back(
    client, office, manager, settings, django_capture_on_commit_callbacks
):
    address = link(django_capture_on_commit_callbacks, client, office)
    settings.PORTAL_TODAY = D("2026-04-17")
    assert client.get(address).status_code == 200
    settings.PORTAL_TODAY = D("2026-04-18")
    assert "この招待の期限は過ぎました。" in client.get(address).text
    settings.PORTAL_TODAY = TODAY
    invited = Invitation.objects.get()
    assert "使えなくなります" in client.get(url("my-invitation-withdraw", office, invited.pk)).text
    for _click in range(2):
        assert client.post(url("my-invitation-withdraw", office, invited.pk)).status_code == 302
    assert "この招待は取り消されました。" in client.get(address).text


def test_a_wrong_address_is_said_beside_the_field(client, office, manager, colleague):
    page = invite(client, office, email=colleague.email)
    assert page.status_code == 422
    assert "この人は、もう手続きする人に入っています。" in page.text
    assert 'value="井上 香織"' in page.text


def test_taking_out_shows_what_it_means_and_works_once(client, office, manager, colleague):
    address = url("my-member-remove", office, colleague.pk)
    assert "すぐに、この事業所の画面を開けなくなり" in client.get(address).text
    assert ids(office) == [manager.pk, colleague.pk]
    for _click in range(2):
        assert client.post(address)["Location"] == url("my-members", office)
    assert ids(office) == [manager.pk]
    client.force_login(colleague)
    assert client.get(url("my-office", office)).status_code == 404


def test_the_manager_hands_over_and_may_then_leave(client, office, manager, colleague):
    refused = client.post(url("my-member-remove", office, manager.pk))
    assert refused.status_code == 409
    assert "管理者は外せません。先に、ほかの人に引き継いでください。" in refused.text
    assert client.post(url("my-hand-over", office, colleague.pk)).status_code == 302
    left = client.post(url("my-member-remove", office, manager.pk))
    assert left["Location"] == reverse("campaigns:my")
    assert ids(office) == [colleague.pk]


def test_a_colleague_cannot_take_the_role(client, office, manager, colleague):
    client.force_login(colleague)
    page = client.post(url("my-hand-over", office, colleague.pk))
    assert page.status_code == 409
    assert "引き継ぎは、いまの管理者だけができます。" in page.text


def test_nobody_reaches_into_another_office(client, office, manager, colleague):
    mine, invited = make_office(), None
    stranger = make_member(mine, manager=True)
    invite(client, office)
    invited = Invitation.objects.get()
    client.force_login(stranger)
    for name, more in (
        ("my-member-remove", [colleague.pk]),
        ("my-hand-over", [colleague.pk]),
        ("my-invitation-withdraw", [invited.pk]),
        ("my-members", []),
    ):
        assert client.get(url(name, office, *more)).status_code == 404
        assert client.post(url(name, office, *more)).status_code in (404, 405)
    assert client.post(url("my-invitation-withdraw", mine, invited.pk)).status_code == 404
    client.post(url("my-member-remove", mine, colleague.pk))
    assert ids(office) == [manager.pk, colleague.pk]


def test_who_gets_the_notices(client, office, manager, colleague):
    page = client.post(url("my-notices", office), {"receivers": [colleague.pk]}, follow=True)
    assert "お知らせの送る先を変えました" in page.text or "お知らせを送る先を変えました" in page.text
    aside = page.text.partition("<h2>お知らせを送る先</h2>")[2].partition("</div>")[0]
    assert colleague.email in aside
    assert manager.email not in aside
    empty = client.post(url("my-notices", office), {})
    assert "少なくとも1人を選んでください。" in empty.text
    outsider = make_user()
    assert client.post(url("my-notices", office), {"receivers": [outsider.pk]}).status_code == 422


def test_the_ways_to_take_an_office_over_are_public(client):
    page = text(client.get(reverse("campaigns:my-claim")))
    assert "前の担当の人がいなくなったときは、電話で確かめる" in page
    assert "前の担当の人にも、メールでお知らせします。" in page


def test_every_act_left_its_event(client, office, manager, colleague):
    invite(client, office)
    client.post(url("my-hand-over", office, colleague.pk))
    events = OfficeEvent.objects.filter(office=office)
    assert set(events.values_list("kind", flat=True)) == {"member_invited", "member_changed"}
    assert set(events.values_list("by", "reason")) == {(manager.pk, "事業所の画面")}


def test_staff_cannot_be_invited(client, office, manager):
    desk = make_user(Role.HELPDESK)
    assert "このアドレスには招待を送れません。" in invite(client, office, email=desk.email).text
