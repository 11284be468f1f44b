"""Filing, proving, withdrawing, expiring: on their boundary days and in the wrong order."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from campaigns import rules, services
from campaigns.models import ApplicationEvent, Campaign, FreePassApplication
from campaigns.queries import application_by_receipt, application_state, campaign_on, office_answer
from campaigns.services import AnswerChanged
from careplan_portal.lib.acting import HELPDESK, NIGHT, OPERATOR, Acting
from licenses import services as licenses
from licenses.models import LicenseTerm
from licenses.queries import ledger_problems, standing
from licenses.rules import FREE_PASS, MANUAL
from licenses.services import Refused
from tests.factories import make_license, make_office
from tests.licenses.cases import YEAR, D, facts, term

pytestmark = pytest.mark.django_db
HELP = Acting(None, HELPDESK, "折り返しで確認")


def prove(application, day):
    return services.application_prove(application_id=application.pk, proof="call_back", today=D(day), acting=HELP)


def withdraw(application, day):
    return services.application_withdraw(application_id=application.pk, today=D(day), acting=HELP)


def state(application):
    return application_state(FreePassApplication.objects.get(pk=application.pk))


def terms(office):
    return list(LicenseTerm.objects.filter(license__office=office).values_list("starts_on", "pricing"))


def test_a_member_files_and_the_free_year_starts_that_day(file):
    office = make_office()
    application = file(office, D("2025-06-01"))
    assert terms(office) == [(D("2025-06-01"), FREE_PASS)]
    assert state(application) == "granted"
    assert application.ends_on == D("2026-05-31")
    assert application_by_receipt(application.receipt_number.lower().replace("-", " ")) == application


def test_a_visitor_is_provisional_until_the_helpdesk_has_called_back(file):
    office = make_office()
    application = file(office, D("2025-06-01"), proof="")
    assert state(application) == "provisional"
    assert terms(office) == []
    assert application.prove_by == D("2025-07-01")
    prove(application, "2025-07-01")
    assert state(application) == "granted"
    assert terms(office) == [(D("2025-06-01"), FREE_PASS)]


def test_the_day_after_the_deadline_it_cannot_be_proved_and_the_night_ends_it(file):
    application = file(make_office(), D("2025-06-01"), proof="")
    assert services.applications_expire(today=D("2025-07-01")) == 0
    with pytest.raises(Refused):
        prove(application, "2025-07-02")
    assert services.applications_expire(today=D("2025-07-02")) == 1
    assert services.applications_expire(today=D("2025-07-03")) == 0
    assert state(application) == "expired"


def test_the_first_of_two_filings_that_is_proved_stands(file):
    office = make_office()
    first = file(office, D("2025-06-01"), proof="")
    second = file(office, D("2025-06-05"), proof="")
    prove(second, "2025-06-10")
    assert (state(first), state(second)) == ("superseded", "granted")
    assert terms(office) == [(D("2025-06-05"), FREE_PASS)]
    with pytest.raises(Refused):
        prove(first, "2025-06-11")


def test_proving_twice_changes_nothing(file):
    application = file(make_office(), D("2025-06-01"), proof="")
    prove(application, "2025-06-02")
    prove(application, "2025-06-03")
    assert ApplicationEvent.objects.filter(application=application, kind="proved").count() == 1


def test_the_second_click_is_the_same_filing(file):
    office, key = make_office(), uuid4()
    first = file(office, D("2025-06-01"), form_key=key)
    # Between the two clicks the answer has become `already_used`; the second one still gets its receipt.
    assert file(office, D("2025-06-01"), form_key=key) == first
    assert FreePassApplication.objects.count() == 1


def test_a_filing_whose_answer_has_changed_is_not_made(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    shown = office_answer(office.pk, D("2026-04-14"))
    agreed = rules.fingerprint(shown.assessment, shown.situation)
    with pytest.raises(AnswerChanged) as caught:
        file(office, D("2026-04-15"), shown=agreed)
    assert caught.value.answer.assessment.free_term.starts_on == D("2026-04-15")
    assert caught.value.answer.assessment.rule == "R3"
    assert not FreePassApplication.objects.exists()


def test_an_office_that_may_not_file_is_told_why(file):
    office = make_license(facts(term("2025-07-01", "2026-06-30"))).office
    with pytest.raises(Refused) as caught:
        file(office, D("2026-04-01"))
    assert caught.value.code == "renewal_outside_window"
    assert "更新日" in caught.value.text


def test_a_reservation_opens_at_the_renewal_and_makes_the_licence_automatic(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = file(office, D("2026-04-03"))
    assert state(application) == "reserved"
    licenses.roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert state(application) == "granted"
    assert office_answer(office.pk, D("2026-05-01")).assessment.outcome == "already_used"
    assert standing(office.pk, D("2027-04-15")).status == "active_paid"


def test_a_reservation_withdrawn_in_time_does_not_use_the_free_pass_up(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    first = file(office, D("2026-04-03"))
    withdraw(first, "2026-04-14")
    withdraw(first, "2026-04-14")
    assert state(first) == "withdrawn"
    second = file(office, D("2026-04-14"))
    assert state(second) == "reserved"
    with pytest.raises(Refused):
        withdraw(second, "2026-04-15")


def test_a_stop_that_takes_effect_releases_the_reservation_unused(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = file(office, D("2026-04-03"))
    licenses.stop_file(office_id=office.pk, today=D("2026-04-10"), acting=HELP)
    licenses.roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert state(application) == "released"
    assert office_answer(office.pk, D("2026-04-20")).assessment.outcome == "apply_now"


def test_a_reservation_proved_after_its_renewal_date_turns_the_paid_term_begun_meanwhile_free(file):
    office = make_license(facts(term(*YEAR))).office
    application = file(office, D("2026-04-10"), proof="")
    licenses.roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert standing(office.pk, D("2026-04-15")).status == "active_paid"
    prove(application, "2026-05-05")
    assert standing(office.pk, D("2026-05-05")).status == "active_free"
    assert terms(office)[-1] == (D("2026-04-15"), FREE_PASS)


def test_a_reservation_of_a_manual_office_proved_late_runs_from_its_renewal_date(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    application = file(office, D("2026-04-10"), proof="")
    licenses.roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert standing(office.pk, D("2026-04-20")).status == "lapsed"
    prove(application, "2026-04-30")
    assert terms(office)[-1] == (D("2026-04-15"), FREE_PASS)
    assert state(application) == "granted"


def test_an_unproved_reservation_opens_nothing(file):
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    file(office, D("2026-04-10"), proof="")
    assert not standing(office.pk, D("2026-04-10")).plan.is_reserved


def test_a_stop_filed_after_the_filing_stands_when_it_is_proved(file):
    office = make_license(facts(term(*YEAR))).office
    application = file(office, D("2026-04-05"), proof="")
    licenses.stop_file(office_id=office.pk, today=D("2026-04-06"), acting=HELP)
    prove(application, "2026-04-07")
    assert standing(office.pk, D("2026-04-07")).plan.is_stopping


def test_a_closed_office_cannot_file(file):
    with pytest.raises(Refused) as caught:
        file(make_office(closed_on=D("2025-05-01")), D("2025-06-01"))
    assert caught.value.code == "office_closed"


def test_scope_refuse_refuses_and_warn_does_not(file):
    file(make_office(scope="no"), D("2025-06-01"))
    Campaign.objects.update(scope_policy="refuse")
    with pytest.raises(Refused) as caught:
        file(make_office(scope="no"), D("2025-06-01"))
    assert caught.value.code == "out_of_scope"


def test_an_operator_grants_whatever_the_window_but_only_once():
    acting = Acting(None, OPERATOR, "案内の誤り")
    office = make_license(facts(term("2025-07-01", "2026-06-30"))).office
    granted = services.free_pass_grant(
        office_id=office.pk, reason="案内の誤り", form_key=uuid4(), today=D("2026-06-15"), acting=acting
    )
    assert (granted.starts_on, state(granted)) == (D("2026-07-01"), "reserved")
    with pytest.raises(Refused):
        withdraw(granted, "2026-06-16")
    with pytest.raises(Refused):
        services.free_pass_grant(
            office_id=office.pk, reason="もう一度", form_key=uuid4(), today=D("2027-08-01"), acting=acting
        )


def test_a_promise_survives_a_shorter_window(file):
    office = make_license(facts(term("2025-05-20", "2026-05-19"), mode=MANUAL)).office
    file(office, D("2026-05-02"))
    services.campaign_change(
        campaign=campaign_on(D("2026-05-02")),
        today=D("2026-05-03"),
        acting=Acting(None, OPERATOR, "早く閉じる"),
        closes_on=D("2026-05-10"),
    )
    assert standing(office.pk, D("2026-05-20")).status == "active_free"


def test_windows_of_campaigns_do_not_overlap_and_changes_leave_a_record():
    first = campaign_on(D("2025-06-01"))
    with pytest.raises(ValidationError):
        services.campaign_change(
            campaign=Campaign(name="次", opens_on=D("2026-05-31"), closes_on=D("2027-05-30")),
            today=D("2026-01-01"),
            acting=HELP,
        )
    change = services.campaign_change(
        campaign=first, today=D("2026-01-01"), acting=Acting(None, OPERATOR, "延長"), closes_on=D("2027-03-31")
    )
    assert (change.before["closes_on"], change.after["closes_on"]) == ("2026-05-31", "2027-03-31")
    assert services.campaign_change(campaign=first, today=D("2026-01-02"), acting=HELP) is None


@pytest.mark.parametrize(
    ("day", "opens_on"),
    [
        ("2025-01-01", "2025-06-01"),
        ("2026-05-31", "2025-06-01"),
        ("2026-06-01", "2027-06-01"),
        ("2027-06-01", "2027-06-01"),
        ("2030-01-01", "2027-06-01"),
    ],
)
def test_the_campaign_that_a_day_is_about(day, opens_on):
    Campaign.objects.create(name="次", opens_on=D("2027-06-01"), closes_on=D("2028-05-31"))
    assert campaign_on(D(day)).opens_on == D(opens_on)


def test_the_ledger_agrees_after_all_of_it(file):
    file(make_office(), D("2025-06-01"))
    prove(file(make_office(), D("2025-06-01"), proof=""), "2025-06-20")
    licenses.roll_over(on=D("2026-06-01"), acting=NIGHT)
    assert ledger_problems() == []
