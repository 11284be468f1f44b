import re
from datetime import date
from urllib.parse import urlsplit

import pytest
from django.test import Client

from campaigns.models import FilingDraft, FreePassApplication
from tests.factories import make_office
from tests.licenses.cases import D

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def on(settings):
    """Move the business day."""

    def _on(day):
        settings.PORTAL_TODAY = D(day)

    _on("2026-04-03")
    return _on


class Person:
    """Somebody in a browser without scripts: follows redirects, sends the form of the page."""

    def __init__(self, client=None):
        self.client = client or Client(enforce_csrf_checks=False)
        self.page = None

    def open(self, path):
        self.page = self.client.get(path, follow=True)
        return self

    def get(self, path, **data):
        self.page = self.client.get(path, data, follow=True)
        return self

    def post(self, path=None, **data):
        self.page = self.client.post(path or self.path, {**self.hidden, **data}, follow=True)
        return self

    @property
    def path(self):
        return self.page.redirect_chain[-1][0] if self.page.redirect_chain else self.page.request["PATH_INFO"]

    @property
    def text(self):
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", self.page.content.decode()))

    @property
    def hidden(self):
        html = self.page.content.decode()
        return dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', html))


def test_newcomer(on):
    office = make_office(name="ヘルパーステーション 髙﨑")
    me = Person().open("/")
    me.get("/check/", number=office.business_number)
    print(me.path, me.page.status_code)
    me.get("/check/free-pass/", number=office.business_number, fp="unused", sent="1")
    print(me.path, me.text[:400])
    me.post("/apply/")
    print(me.path)
    me.post(name="山根 涼子"); print(me.path)
    me.post(phone="0859000123"); print(me.path, me.text[-600:-300])
    me.post(phone="0859-00-0123"); print(me.path)
    me.post(email="minato@example.jp"); print(me.path, me.hidden)
    me.post(renewal="on", agree="on", trusted="on"); print(me.path)
    print(me.text)
    assert FreePassApplication.objects.count() == 1
