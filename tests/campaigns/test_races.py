"""Races with two connections: whoever comes second finds what the first one wrote."""

from uuid import uuid4

import pytest

from campaigns import services
from campaigns.models import FreePassApplication
from campaigns.queries import application_state
from careplan_portal.lib.acting import HELPDESK, MEMBER, NIGHT, Acting
from licenses import services as licenses
from licenses.models import LicenseEvent, LicenseTerm
from licenses.queries import ledger_problems, standing
from licenses.rules import FREE_PASS, MANUAL
from licenses.services import Refused
from tests.factories import make_license, make_office
from tests.licenses.cases import YEAR, D, facts, term
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ACTING = Acting(None, MEMBER, "test")
DAY = D("2025-06-01")


@pytest.mark.parametrize("_", range(3))
def test_a_double_click_files_once(file, _):
    office, key = make_office(), uuid4()
    one, other = at_once(*[lambda: file(office, DAY, form_key=key)] * 2)
    assert one == other
    assert LicenseTerm.objects.filter(license__office=office).count() == 1


def test_two_members_filing_for_one_office_get_one_free_year(file):
    office = make_office()
    results = at_once(*[lambda: file(office, DAY)] * 3)
    assert sum(isinstance(result, FreePassApplication) for result in results) == 1
    assert LicenseTerm.objects.filter(license__office=office, pricing=FREE_PASS).count() == 1


def test_two_filings_proved_at_once_leave_one_standing(file):
    office = make_office()
    filings = [file(office, DAY, proof="") for _ in range(2)]
    helpdesk = Acting(None, HELPDESK, "折り返し")

    def prove(filing):
        return lambda: services.application_prove(
            application_id=filing.pk, proof="call_back", today=DAY, acting=helpdesk
        )

    results = at_once(*(prove(filing) for filing in filings))
    assert sum(isinstance(result, Refused) for result in results) == 1
    states = sorted(application_state(FreePassApplication.objects.get(pk=filing.pk)) for filing in filings)
    assert states == ["granted", "superseded"]


def test_a_stop_and_the_night_at_the_same_moment():
    for _ in range(3):
        office = make_license(facts(term(*YEAR))).office
        at_once(
            lambda office=office: licenses.stop_file(office_id=office.pk, today=D("2026-04-15"), acting=ACTING),
            lambda: licenses.roll_over(on=D("2026-04-15"), acting=NIGHT),
        )
        stands = standing(office.pk, D("2026-04-15"))
        assert stands.status == "active_paid"
        assert stands.plan.is_stopping
        renewals = LicenseEvent.objects.filter(license__office=office, kind="renewed_paid")
        assert renewals.count() == 1


def test_three_nights_at_once_are_one():
    for _ in range(20):
        make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    nights = at_once(*[lambda: licenses.roll_over(on=D("2027-05-01"), acting=NIGHT)] * 3)
    assert sorted(night.due for night in nights) == [0, 0, 20]
    assert {night.proof for night in nights} == {"ok"}
    assert LicenseTerm.objects.count() == 60


def test_a_withdrawal_and_the_night_at_the_same_moment_agree(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = file(office, D("2026-04-03"))
    withdrawn, _ = at_once(
        lambda: services.application_withdraw(application_id=application.pk, today=D("2026-04-14"), acting=ACTING),
        lambda: licenses.roll_over(on=D("2026-04-15"), acting=NIGHT),
    )
    status = standing(office.pk, D("2026-04-15")).status
    assert status == ("active_free" if isinstance(withdrawn, Refused) else "lapsed")


def test_two_paid_starts_at_once_open_one_term():
    office = make_office()
    results = at_once(*[lambda: licenses.license_start_paid(office_id=office.pk, today=DAY, acting=ACTING)] * 2)
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert ledger_problems() == []


def test_a_member_files_while_the_helpdesk_proves_another_filing(file):
    helpdesk = Acting(None, HELPDESK, "折り返し")
    for _ in range(3):
        office = make_office()
        first = file(office, DAY, proof="")
        results = at_once(
            lambda first=first: services.application_prove(
                application_id=first.pk, proof="call_back", today=DAY, acting=helpdesk
            ),
            lambda office=office: file(office, DAY),
        )
        # Whoever comes second is told in words; nobody meets a deadlock.
        losers = [result for result in results if isinstance(result, Exception)]
        assert len(losers) == 1
        assert isinstance(losers[0], Refused | services.AnswerChanged)
        assert LicenseTerm.objects.filter(license__office=office, pricing=FREE_PASS).count() == 1
