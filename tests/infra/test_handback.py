"""What was typed comes back when the database is away or the token is stale; what another site sent does not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Role
from campaigns.models import FilingDraft, FreePassApplication
from helpdesk.models import Inquiry
from licenses.queries import standing
from tests.factories import make_user
from tests.infra.handing_back import (
    AGAIN,
    AWAY,
    FORMS,
    HERE,
    LOGIN,
    STALE,
    TODAY,
    Sitting,
    database_away,
    with_password,
)

pytestmark = pytest.mark.django_db

# --- the database is away ------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_the_database_could_not_take_comes_back(sitting, office, member, form, monkeypatch) -> None:
    typed, is_done = form(sitting, member)
    with database_away(monkeypatch):
        sitting.send(**typed)
        assert (sitting.page.status_code, sitting.page["Retry-After"]) == (503, "30")
        assert AWAY in sitting.words
    # Going back past it must be possible: what was not stored would be asked for again.
    assert "Cache-Control" not in sitting.page
    sitting.send(AGAIN)
    assert is_done(), sitting.words


def test_a_member_of_staffs_note_comes_back(office, monkeypatch) -> None:
    staff = with_password(make_user(Role.HELPDESK, name="松本 葵"))
    sitting = Sitting().sign_in(staff, LOGIN)
    address = reverse("helpdesk:note", args=[office.business_number])
    with database_away(monkeypatch):
        sitting.post(address, {"body": "折り返しの電話を待つ"})
    assert "折り返しの電話を待つ" in sitting.words


@pytest.mark.parametrize("address", [LOGIN, "/accounts/2fa/authenticate/", "/code/"])
def test_pages_of_secrets_are_never_handed_back(sitting, address, monkeypatch) -> None:
    with database_away(monkeypatch):
        sitting.post(address, {"login": "a@example.jp", "number": "3170201432"}, headers=HERE)
    assert sitting.page.status_code == 503
    assert "a@example.jp" not in sitting.page.text
    assert AGAIN not in sitting.page.text


def test_secrets_and_files_are_left_out_and_it_says_so(sitting, monkeypatch) -> None:
    secret = {"password1": "12345678", "new_password": "12345678", "code": "12345678", "otp": "12345678"}
    with database_away(monkeypatch):
        sitting.post("/imports/upload/", {"as_of": "2026年4月", **secret}, headers=HERE)
        assert "2026年4月" in sitting.words
        assert "12345678" not in sitting.page.text
        assert "残していません" in sitting.words
        sitting.post("/imports/upload/", {"as_of": "2026年4月", "register": SimpleUploadedFile("a.csv", b"words")})
        assert "残していません" in sitting.words
        assert "words" not in sitting.page.text
        sitting.post("/imports/upload/", {"as_of": "2026年4月", "postal_code": "683-0001"})
        assert "残していません" not in sitting.words
        assert "683-0001" in sitting.words


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sent_is_not_shown_as_ours(sitting, headers, monkeypatch) -> None:
    """Also a page without a fresh token would be a trap: pressed on it, a form comes from here."""
    with database_away(monkeypatch):
        sitting.post("/my/apply/", {"name": "わなの名前"}, headers=headers)
    assert sitting.page.status_code == 503
    assert "わなの名前" not in sitting.page.text


def test_the_page_of_a_database_that_is_away_makes_no_token(monkeypatch) -> None:
    """It may be answered before the token was looked at."""
    sitting = Sitting().open(LOGIN)
    with database_away(monkeypatch):
        sitting.post("/my/apply/", {"name": "山根 涼子", "csrfmiddlewaretoken": "theirs"})
    assert "csrfmiddlewaretoken" not in sitting.page.text or sitting.form(AGAIN)[1]["csrfmiddlewaretoken"] == ["theirs"]


# --- the token is stale --------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_form_with_a_stale_token_comes_back_unsent(sitting, office, member, form) -> None:
    typed, is_done = form(sitting, member)
    sitting.new_token()
    before = FilingDraft.objects.values_list("answers", flat=True).first()
    sitting.send(**typed)
    assert sitting.page.status_code == 403
    assert STALE in sitting.words
    assert "いまは、山根 涼子さんとしてサインインしています" in sitting.words
    assert "no-store" in sitting.page["Cache-Control"]
    assert FilingDraft.objects.values_list("answers", flat=True).first() == before
    assert not FreePassApplication.objects.exists()
    assert not Inquiry.objects.exists()
    assert not standing(office.pk, TODAY).plan.is_stopping
    sitting.send(AGAIN)
    assert is_done(), sitting.words


@pytest.mark.parametrize("says", [{"origin": HERE["origin"]}, {"sec-fetch-site": "same-origin"}, HERE])
def test_either_header_is_enough(sitting, says) -> None:
    sitting.post("/my/apply/", {"name": "山根 涼子"}, headers=dict(says))
    assert AGAIN in sitting.words


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},
        {"origin": "http://testserver:81"},
        {"origin": "http://testserver.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"referer": "http://testserver/my/"},
    ],
)
@pytest.mark.parametrize("address", ["/my/apply/", "/helpdesk/inquiry/send/", "/apply/"])
def test_another_site_gets_the_plain_page(sitting, headers, address) -> None:
    sitting.post(address, {"name": "わなの名前"}, headers=headers)
    assert sitting.page.status_code == 403
    assert "画面の期限が切れました" in sitting.words
    assert "わなの名前" not in sitting.page.text
    assert "<form" not in sitting.page.text


def test_a_sign_in_with_a_stale_token_is_not_handed_back(member) -> None:
    sitting = Sitting().open(LOGIN)
    sitting.new_token()
    sitting.sign_in(member)
    assert "画面の期限が切れました" in sitting.words
    assert member.email not in sitting.page.text


def test_a_part_of_a_page_gets_the_plain_page(sitting) -> None:
    sitting.post("/faq/entry/feedback/", {"comment": "分かりにくい"}, headers=HERE | {"hx-request": "true"})
    assert "分かりにくい" not in sitting.page.text
