"""Somebody at a browser of today: it says where a form comes from, keeps cookies, and sends the form that stands there."""

import html
import re
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from campaigns.models import FilingDraft, FreePassApplication
from helpdesk.models import Inquiry
from licenses.queries import standing
from tests.factories import make_member, make_office
from tests.licenses.cases import D

PASSWORD = "correct horse battery"
TODAY = D("2026-04-03")
LOGIN = "/accounts/login/"
INQUIRY = reverse("helpdesk:inquiry")
AWAY, STALE, ENDED = "いま、つながりにくくなっています", "もう一度確かめるため", "サインインが切れたので"
AGAIN = "もう一度送る"
HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


class Sitting:
    """One person at one browser. Tokens are checked, as for everybody."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.page: Any = None
        self.at = ""

    def open(self, address: str) -> "Sitting":
        self.page, self.at = self.client.get(address, follow=True), address
        return self._arrived()

    def _arrived(self) -> "Sitting":
        if self.page.redirect_chain:
            self.at = self.page.redirect_chain[-1][0]
        return self

    def form(self, mark: str = "") -> tuple[str, dict[str, list[str]]]:
        """Address and hidden fields of the page's form: the first by POST in its main part with this mark in it."""
        main = self.page.text[self.page.text.index("<main") :]
        forms = re.findall(r'(<form[^>]*method="post".*?</form>)', main, re.DOTALL)
        found = next(one for one in forms if mark in one)
        action = re.search(r'<form[^>]*\baction="([^"]*)"', found)
        fields: dict[str, list[str]] = {}
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found):
            fields.setdefault(html.unescape(name), []).append(html.unescape(value))
        return html.unescape(action[1]) if action else self.at, fields

    def send(self, mark: str = "", *, headers: Any = HERE, follow: bool = True, **typed: Any) -> "Sitting":
        address, fields = self.form(mark)
        return self.post(address, fields | typed, headers=headers, follow=follow)

    def post(self, address: str, data: Any, *, headers: Any = HERE, follow: bool = True) -> "Sitting":
        came = {"referer": f"http://testserver{self.at}"} if headers is HERE else {}
        self.page = self.client.post(address, data, headers=headers | came, follow=follow)
        self.at = address
        return self._arrived() if follow else self

    def sign_in(self, user: User, at: str = "") -> "Sitting":
        if at:
            self.open(at)
        return self.send("password", login=user.email, password=PASSWORD)

    def session_ends(self) -> None:
        """Twelve hours later: the row is there and has run out."""
        key = self.client.session.session_key
        Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(minutes=1))

    def new_token(self) -> None:
        """As after signing in in another window."""
        self.client.cookies["csrftoken"] = "x" * 32

    @property
    def words(self) -> str:
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", self.page.text)))


# --- forms that people send ------------------------------------------------------------------------


@contextmanager
def database_away(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper._execute_with_wrappers", away)
        yield


def to_step(sitting, member):
    """The first question of a filing of the member's own."""
    new = make_office()
    make_member(new, user=member)
    sitting.open(f"/check/result/?number={new.business_number}").send('action="/apply/"')
    sitting.open(f"/apply/{FilingDraft.objects.get().key}/name/")
    return {"name": "田淵 実"}, lambda: FilingDraft.objects.get().answers["name"] == "田淵 実"


def to_many(sitting, member):
    """The check page for three offices at once."""
    numbers = []
    for _each in range(3):
        one = make_office()
        make_member(one, user=member)
        numbers.append(one.business_number)
    sitting.open(f"{reverse('campaigns:my-apply')}?{'&'.join(f'o={number}' for number in numbers)}")
    typed = {"name": "田淵 実", "phone": "0859-00-0123", "email": "honbu@example.jp", "renewal": "on", "agree": "on"}
    return typed, lambda: FreePassApplication.objects.filter(applicant_name="田淵 実").count() == 3


def to_stop(sitting, member):
    office = member.memberships.get().office
    sitting.open(reverse("campaigns:my-stop-send", args=[office.business_number]))
    return {"understood": "on", "reason": "ほかの方法を使います"}, lambda: standing(office.pk, TODAY).plan.is_stopping


def to_inquiry(sitting, member):
    sitting.open(INQUIRY).send(body="請求書の宛先を、法人の本部に変えられますか。")
    typed = {"name": "田淵 実", "email": "tabuchi@example.jp", "phone": "", "business_number": "", "topic": "other"}
    typed["agreed"] = "on"
    typed["body"] = "請求書の宛先を、法人の本部に変えられますか。"
    return typed, lambda: Inquiry.objects.filter(body__contains="法人の本部").exists()


FORMS = [to_step, to_many, to_stop, to_inquiry]
NEED_SIGN_IN = [to_step, to_many, to_stop]
