"""What was typed waits for the sign-in when a session has ended; for its owner, at its address, and for nobody else."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.services import sessions_forget, user_sessions_end
from careplan_portal.lib import handback
from careplan_portal.lib.acting import MEMBER, Acting
from helpdesk.models import ContactLog
from tests.factories import make_member, make_user
from tests.infra.handing_back import (
    AGAIN,
    ENDED,
    HERE,
    LOGIN,
    NEED_SIGN_IN,
    STALE,
    Sitting,
    to_step,
    to_stop,
    with_password,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", NEED_SIGN_IN)
def test_a_form_sent_after_the_session_waits_for_the_sign_in(sitting, office, member, form) -> None:
    typed, is_done = form(sitting, member)
    address = sitting.form()[0]
    sitting.session_ends()
    sitting.send(**typed)
    assert sitting.at.startswith(LOGIN)
    sitting.sign_in(member)
    assert sitting.at == address
    assert (sitting.page.status_code, ENDED in sitting.words) == (200, True)
    assert all(value in sitting.words for value in typed.values() if len(value) > 2)
    assert not is_done()
    sitting.open(address)
    assert ENDED in sitting.words, "a reload shows it again"
    sitting.send(AGAIN)
    assert is_done(), sitting.words
    assert ENDED not in sitting.open(address).words


def test_the_filing_goes_on_as_usual(sitting, member) -> None:
    typed, _ = to_step(sitting, member)
    sitting.session_ends()
    sitting.send(**typed).sign_in(member)
    sitting.send(AGAIN)
    assert sitting.at.endswith("/phone/")
    sitting.send(phone="0859-00-0123")
    assert sitting.at.endswith("/email/")


def test_an_address_that_takes_forms_only_hands_back_too(office) -> None:
    staff = with_password(make_user(Role.HELPDESK, name="松本 葵"))
    sitting = Sitting().sign_in(staff, LOGIN)
    page = reverse("helpdesk:office", args=[office.business_number])
    sitting.open(page)
    sitting.session_ends()
    note = reverse("helpdesk:note", args=[office.business_number])
    sitting.post(note, sitting.form(f'action="{note}')[1] | {"body": "折り返しの電話を待つ"})
    sitting.sign_in(staff)
    assert "折り返しの電話を待つ" in sitting.words
    sitting.send(handback.DROP, **{handback.DROP: "1"})
    assert sitting.at == page
    assert sitting.page.status_code == 200
    assert not ContactLog.objects.exists()


def test_it_can_be_let_go_of(sitting, office, member) -> None:
    typed, is_done = to_stop(sitting, member)
    address = sitting.form()[0]
    sitting.session_ends()
    sitting.send(**typed).sign_in(member).send(handback.DROP, **{handback.DROP: "1"})
    assert sitting.at == address
    assert ENDED not in sitting.words
    assert not is_done()


def test_the_button_that_lets_go_never_sends(sitting, office, member) -> None:
    """Also when nothing waits any more, and whatever else comes with it."""
    typed, is_done = to_stop(sitting, member)
    sitting.send(**typed, **{handback.DROP: "1"})
    assert not is_done()


def test_a_colleague_who_signs_in_sees_nothing_of_it(sitting, office, member) -> None:
    colleague = with_password(make_user(name="田淵 実"))
    make_member(office, user=colleague, manager=True)
    typed, _ = to_stop(sitting, member)
    address = sitting.form()[0]
    sitting.session_ends()
    sitting.send(**typed)
    waiting = sitting.client.session[handback.WAITING]
    sitting.sign_in(colleague)
    assert ENDED not in sitting.words
    assert typed["reason"] not in sitting.page.text
    assert sitting.client.session[handback.WAITING] == {}
    # Were it still there, it would be shown to nobody else either.
    session = sitting.client.session
    session[handback.WAITING] = waiting
    session.save()
    assert ENDED not in sitting.open(address).words


def test_it_waits_at_its_own_address_alone(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    address = sitting.form()[0]
    sitting.session_ends()
    sitting.send(**typed).sign_in(member)
    for other in ("/my/", f"{address}?x=1", address.replace("send/", "")):
        assert ENDED not in sitting.open(other).words
    assert ENDED in sitting.open(address).words


def test_it_waits_an_hour(sitting, office, member, monkeypatch) -> None:
    typed, _ = to_stop(sitting, member)
    address = sitting.form()[0]
    sitting.session_ends()
    sitting.send(**typed).sign_in(member)
    monkeypatch.setattr(handback, "SECONDS", -1)
    assert ENDED not in sitting.open(address).words


def test_two_windows_both_get_theirs(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    stop = sitting.form()[0]
    fields = sitting.form()[1]
    sitting.session_ends()
    sitting.send(**typed)
    other = reverse("campaigns:my-invite", args=[office.business_number])
    sitting.post(other, fields | {"name": "井上 香織"})
    sitting.sign_in(member)
    assert "井上 香織" in sitting.open(other).words
    assert typed["reason"] in sitting.open(stop).words


def test_a_session_of_which_only_the_sign_in_is_known_is_enough(sitting, office, member) -> None:
    """Its row was cleared, or the sign-ins were ended from another computer."""
    typed, _ = to_stop(sitting, member)
    user_sessions_end(user=member, acting=Acting(member.pk, MEMBER, ""))
    sitting.send(**typed)
    assert not Session.objects.filter(session_data__contains="_auth_user_id").exists()
    assert ENDED in sitting.sign_in(member).words


def test_of_somebody_unknown_the_page_holds_it_and_the_server_keeps_nothing(sitting, office, member) -> None:
    """Whoever signed out in another window, or lost the cookie: the next to sign in may be a colleague."""
    typed, is_done = to_stop(sitting, member)
    del sitting.client.cookies["sessionid"]
    sitting.send(**typed)
    assert (sitting.page.status_code, ENDED in sitting.words) == (403, True)
    assert typed["reason"] in sitting.words
    assert not sitting.client.session.get(handback.WAITING)
    held = sitting.page
    sitting.sign_in(member, LOGIN)
    sitting.page = held
    sitting.send(AGAIN)
    assert STALE in sitting.words, "the token is from before the sign-in"
    sitting.send(AGAIN)
    assert is_done()


def test_from_another_site_nothing_is_kept_and_nothing_shown(sitting, office, member) -> None:
    address = reverse("campaigns:my-stop-send", args=[office.business_number])
    sitting.session_ends()
    sitting.post(address, {"reason": "わなの言葉"}, headers={"origin": "https://evil.example"})
    assert sitting.page.status_code == 403
    assert not sitting.client.session.get(handback.WAITING)
    sitting.sign_in(member, f"{LOGIN}?next={address}")
    assert "わなの言葉" not in sitting.page.text


def test_too_much_is_held_by_the_page(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    sitting.session_ends()
    sitting.send(**typed | {"reason": "あ" * 100_001})
    assert ENDED in sitting.words
    assert not sitting.client.session.get(handback.WAITING)


def test_secrets_and_files_do_not_wait(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    sitting.session_ends()
    sitting.send(**typed, password="12345678", paper=SimpleUploadedFile("a.csv", b"words"))
    kept = str(sitting.client.session[handback.WAITING])
    assert "ほかの方法を使います" in kept
    assert "12345678" not in kept
    assert "words" not in kept
    assert "残していません" in sitting.sign_in(member).words


def test_going_back_never_leads_elsewhere(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    address, fields = sitting.form()
    sitting.session_ends()
    sitting.client.post(address, fields | typed, headers=HERE | {"referer": "http://testserver//evil.example/"})
    (kept,) = sitting.client.session[handback.WAITING].values()
    assert kept["back"] == address


def test_who_owes_the_second_factor_loses_nothing(office, settings) -> None:
    settings.TWO_FACTOR_REQUIRED = True
    staff = with_password(make_user(Role.HELPDESK, name="松本 葵"))
    sitting = Sitting().sign_in(staff, LOGIN)
    note = reverse("helpdesk:note", args=[office.business_number])
    token = sitting.client.cookies["csrftoken"].value
    sitting.post(note, {"csrfmiddlewaretoken": token, "body": "折り返しの電話を待つ"})
    assert "/second-factor/" in sitting.at
    settings.TWO_FACTOR_REQUIRED = False
    assert "折り返しの電話を待つ" in sitting.open(note).words


def test_what_nobody_came_back_for_goes_with_its_session(sitting, office, member) -> None:
    typed, _ = to_stop(sitting, member)
    sitting.session_ends()
    sitting.send(**typed)
    assert sessions_forget(now=timezone.now()) == 1, "the one that had ended"
    assert sessions_forget(now=timezone.now() + timedelta(hours=13)) == 1
    assert not Session.objects.exists()
