from datetime import date
from uuid import uuid4

import pytest

from campaigns import rules, services
from campaigns.queries import office_answer
from careplan_portal.lib.acting import MEMBER, VISITOR, Acting
from licenses.models import FeeSchedule
from licenses.rules import FREE_PASS, MANUAL
from offices.services.reference import load_reference
from tests.campaigns.visitor import Visitor
from tests.factories import make_license
from tests.licenses.cases import facts, term

APPLICANT = services.Applicant(
    name="山根 涼子",
    phone="0859-00-0123",
    email="minato@example.jp",
    terms_version="2",
    privacy_version="1",
)


@pytest.fixture
def file():
    """File as the page does: look at the answer, agree to it, send."""

    def _file(office, today, proof="member", form_key=None, shown=None):
        answer = office_answer(office.pk, today)
        return services.application_file(
            office_id=office.pk,
            applicant=APPLICANT,
            channel="member" if proof else "visitor",
            shown=shown if shown is not None else rules.fingerprint(answer.assessment, answer.situation),
            form_key=form_key or uuid4(),
            today=today,
            acting=Acting(None, MEMBER if proof else VISITOR, "Webの申請"),
            proof=proof,
        )

    return _file


@pytest.fixture
def reference(db):
    """Places and kinds of service, as the product ships them."""
    load_reference()


@pytest.fixture
def on(settings, tmp_path):
    """Move the business day; it begins on a day inside the campaign."""
    settings.MEDIA_ROOT = tmp_path

    def _on(day):
        settings.PORTAL_TODAY = date.fromisoformat(day)
        return settings.PORTAL_TODAY

    _on("2026-04-03")
    return _on


@pytest.fixture
def visitor(db, on):
    return Visitor()


@pytest.fixture
def booked(db, on):
    """An office whose free year is booked to begin on 15 April 2026, twelve days from today; every fee is decided."""
    FeeSchedule.objects.update(decided_until=None)
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=MANUAL, reserved=FREE_PASS)).office
    office.name = "デイサービス みなとの風"
    office.save()
    return office
