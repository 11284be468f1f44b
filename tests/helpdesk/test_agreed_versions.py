"""The versions of terms and privacy notice that were agreed to: stored bare, printed as 第2版, by every way of filing."""

import importlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from campaigns import documents
from campaigns.models import FreePassApplication
from campaigns.queries import receipt_of
from helpdesk.models import Inquiry
from offices.models import Office
from tests.campaigns.visitor import Visitor
from tests.helpdesk.conftest import TODAY

pytestmark = pytest.mark.django_db


def by_visitor(_desk: Client, office: Office) -> None:
    Visitor().check(office.business_number).ask(fp="unused").begin().write().confirm()


def by_member(_desk: Client, office: Office) -> None:
    from tests.factories import make_member, make_user

    user, client = make_user(name="山根 涼子"), Client()
    make_member(office, user=user)
    client.force_login(user)
    Visitor(client).check(office.business_number).begin().write().confirm()


def by_helpdesk(desk: Client, office: Office) -> None:
    base = f"/helpdesk/offices/{office.business_number}/"
    desk.post(f"{base}call/", {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on"})
    page = Visitor(desk).open(f"{base}act/apply/")
    page.send(name="田中 一郎", phone="0859-00-0199", email="tanaka@example.jp", agreed="on", renewal="on")


def by_paper(desk: Client, office: Office) -> None:
    page = Visitor(desk).open(f"/helpdesk/offices/{office.business_number}/paper/")
    ticked = dict.fromkeys(("renewal", "replaced", "scope", "agreed", "signed"), "on")
    for _look in ("at the answer", "to file"):
        page.send(arrived_on=TODAY.isoformat(), name="田中 一郎", phone="0859-00-0199", **ticked)


WAYS = [(by_visitor, "visitor"), (by_member, "member"), (by_helpdesk, "helpdesk"), (by_paper, "paper")]


@pytest.mark.parametrize(("way", "channel"), WAYS)
def test_the_acknowledgement_names_each_version_once(
    settings: Any, tmp_path: Any, desk_client: Client, office: Office, way: Callable[..., None], channel: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    way(desk_client, office)
    application = FreePassApplication.objects.get(channel=channel)
    paper = PdfReader(io.BytesIO(documents.receipt_pdf(receipt_of(application, TODAY))))
    text = "".join("".join(page.extract_text() for page in paper.pages).split())
    assert "利用規約第2版個人情報の扱い第2版" in text


def test_what_was_stored_with_its_label_becomes_bare(desk_client: Client, filed: Any, office: Office) -> None:
    filed(office)
    FreePassApplication.objects.update(terms_version="第12版", privacy_version="1")
    ask = {
        "body": "質問です", "topic": "stop", "name": "佐藤 花", "email": "sato@example.jp", "agreed": "on",
        "form_key": "7d7c3b2e-8a52-4b7e-9d7a-2f4f4ad0b0f1",
    }  # fmt: skip
    desk_client.post("/helpdesk/inquiry/send/", ask)
    assert Inquiry.objects.get().privacy_version == "2"
    Inquiry.objects.update(privacy_version="第3版")
    for app in ("campaigns.migrations.0006_bare_versions", "helpdesk.migrations.0005_bare_versions"):
        with connection.cursor() as cursor:
            cursor.execute(importlib.import_module(app).BARE)
    application = FreePassApplication.objects.get()
    assert (application.terms_version, application.privacy_version) == ("12", "1")
    assert Inquiry.objects.get().privacy_version == "3"
