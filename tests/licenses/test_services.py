"""The acts on one licence, on their boundary days, twice, and for the wrong person's moment."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from careplan_portal.lib.acting import MEMBER, NIGHT, OPERATOR, Acting
from licenses import services
from licenses.enums import EventKind
from licenses.models import BillLine, License, LicenseEvent, LicenseReservation, LicenseTerm
from licenses.queries import ledger_problems, standing
from licenses.rules import AUTO, FREE_PASS, MANUAL, PAID
from licenses.services import Refused, roll_over
from tests.factories import make_license, make_office
from tests.licenses.cases import YEAR, D, facts, term

pytestmark = pytest.mark.django_db
ACTING = Acting(None, MEMBER, "test")


def open_free(office, day):
    return services.license_open_free(office_id=office.pk, starts_on=day, filed_on=day, today=day, acting=ACTING)


def start_paid(office, day):
    return services.license_start_paid(office_id=office.pk, today=day, acting=ACTING)


def kinds(office):
    return list(LicenseEvent.objects.filter(license__office=office).order_by("pk").values_list("kind", flat=True))


def test_a_free_year_starts_on_the_day_of_filing_and_costs_nothing():
    office = make_office()
    opened = open_free(office, D("2025-06-01"))
    assert (opened.starts_on, opened.ends_on, opened.fee_yen) == (D("2025-06-01"), D("2026-05-31"), 0)
    assert office.license.renewal_mode == AUTO
    assert kinds(office) == [EventKind.TERM_OPENED]


def test_the_free_pass_is_once_per_number_for_ever():
    office = make_office()
    open_free(office, D("2025-06-01"))
    services.stop_file(office_id=office.pk, today=D("2026-05-31"), acting=ACTING)
    with pytest.raises(Refused) as caught:
        open_free(office, D("2027-01-10"))
    assert caught.value.code == "already_used"
    assert standing(office.pk, D("2027-01-10")).status == "stopped"


def test_the_database_holds_once_per_number_even_when_a_service_forgets():
    license = make_license(facts(term(*YEAR, FREE_PASS, closing="stopped")))
    with pytest.raises(IntegrityError), transaction.atomic():
        LicenseTerm.objects.create(
            license=license,
            starts_on=D("2027-01-01"),
            ends_on=D("2027-12-31"),
            pricing=FREE_PASS,
            fee_yen=0,
            origin="restart",
            recorded_on=D("2027-01-01"),
        )


def test_a_paid_start_while_a_term_is_valid_is_refused_and_the_day_after_it_is_not():
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    with pytest.raises(Refused):
        start_paid(office, D("2026-04-14"))
    assert start_paid(office, D("2026-04-15")).starts_on == D("2026-04-15")
    assert office.license.renewal_mode == MANUAL


def test_the_first_licence_before_june_2025_renews_by_hand_and_later_ones_by_themselves():
    early, late = make_office(), make_office()
    start_paid(early, D("2025-05-31"))
    start_paid(late, D("2025-06-01"))
    assert License.objects.get(office=early).renewal_mode == MANUAL
    assert License.objects.get(office=late).renewal_mode == AUTO


def test_a_paid_term_that_has_begun_becomes_free_with_its_dates():
    office = make_office()
    start_paid(office, D("2025-08-05"))
    free = services.license_make_free(
        office_id=office.pk,
        starts_on=D("2025-08-05"),
        filed_on=D("2025-08-20"),
        today=D("2025-08-20"),
        acting=ACTING,
    )
    assert (free.starts_on, free.ends_on, free.pricing, free.fee_yen) == (
        D("2025-08-05"),
        D("2026-08-04"),
        FREE_PASS,
        0,
    )
    assert not services.bill_lines_record(month=D("2025-09-01"), today=D("2025-09-01")).exists()


def test_a_stop_is_filed_and_withdrawn_up_to_the_last_day_and_a_second_click_adds_nothing():
    office = make_license(facts(term(*YEAR))).office
    for _ in range(2):
        filed = services.stop_file(office_id=office.pk, today=D("2026-04-14"), acting=ACTING)
    assert filed.ends_on == D("2026-04-14")
    for _ in range(2):
        services.stop_withdraw(office_id=office.pk, today=D("2026-04-14"), acting=ACTING)
    assert kinds(office) == [EventKind.STOP_FILED, EventKind.STOP_WITHDRAWN]


def test_the_minute_after_midnight_of_the_last_day_a_stop_cannot_be_withdrawn():
    office = make_license(facts(term(*YEAR))).office
    services.stop_file(office_id=office.pk, today=D("2026-04-14"), acting=ACTING)
    with pytest.raises(Refused):
        services.stop_withdraw(office_id=office.pk, today=D("2026-04-15"), acting=ACTING)
    assert standing(office.pk, D("2026-04-15")).status == "stopped"


def test_an_act_first_records_what_is_already_true():
    office = make_license(facts(term(*YEAR))).office
    filed = services.stop_file(office_id=office.pk, today=D("2026-04-15"), acting=ACTING)
    assert filed.starts_on == D("2026-04-15")
    assert kinds(office) == [EventKind.RENEWED_PAID, EventKind.STOP_FILED]


def test_a_reservation_withdraws_a_stop_on_file_and_takes_the_place_of_a_filed_renewal():
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    services.paid_renewal_file(office_id=office.pk, today=D("2026-04-01"), acting=ACTING)
    services.stop_file(office_id=office.pk, today=D("2026-04-02"), acting=ACTING)
    reservation = services.reservation_file(
        office_id=office.pk, kind=FREE_PASS, filed_on=D("2026-04-03"), today=D("2026-04-03"), acting=ACTING
    )
    assert reservation.renewal_on == D("2026-04-15")
    stands = standing(office.pk, D("2026-04-03"))
    assert stands.plan.is_reserved
    assert not stands.plan.is_stopping
    assert [change.kind for change in stands.outlook] == ["renewed_free", "renewed_paid", "renewed_paid"]


def test_a_paid_renewal_is_filed_from_the_first_of_the_renewal_month():
    office = make_license(facts(term(*YEAR), mode=MANUAL)).office
    with pytest.raises(Refused) as caught:
        services.paid_renewal_file(office_id=office.pk, today=D("2026-03-31"), acting=ACTING)
    assert caught.value.code == "too_early"
    services.paid_renewal_file(office_id=office.pk, today=D("2026-04-01"), acting=ACTING)
    assert standing(office.pk, D("2026-05-01")).status == "active_paid"
    assert License.objects.get(office=office).renewal_mode == MANUAL


def test_a_reservation_is_withdrawn_before_its_renewal_date_and_not_on_it():
    office = make_license(facts(term(*YEAR), reserved=FREE_PASS)).office
    services.reservation_withdraw(office_id=office.pk, today=D("2026-04-14"), acting=ACTING)
    other = make_license(facts(term(*YEAR), reserved=FREE_PASS)).office
    with pytest.raises(Refused):
        services.reservation_withdraw(office_id=other.pk, today=D("2026-04-15"), acting=ACTING)
    assert standing(other.pk, D("2026-04-15")).status == "active_free"


def test_a_granted_reservation_cannot_be_withdrawn():
    office = make_license(facts(term(*YEAR))).office
    services.reservation_file(
        office_id=office.pk,
        kind=FREE_PASS,
        filed_on=D("2026-01-01"),
        today=D("2026-01-01"),
        acting=Acting(None, OPERATOR, "災害"),
        can_withdraw=False,
    )
    with pytest.raises(Refused) as caught:
        services.reservation_withdraw(office_id=office.pk, today=D("2026-01-02"), acting=ACTING)
    assert caught.value.code == "granted"


def test_a_set_aside_licence_says_so_and_nothing_is_written():
    license = make_license(facts(term(*YEAR), reserved=PAID))
    LicenseReservation.objects.update(renewal_on=D("2026-04-20"))
    with pytest.raises(Refused) as caught:
        services.stop_file(office_id=license.office_id, today=D("2026-01-01"), acting=ACTING)
    assert caught.value.code == "set_aside"
    assert standing(license.office_id, D("2026-01-01")).problem


@pytest.mark.parametrize("model", [LicenseEvent, BillLine])
def test_the_record_only_grows(model):
    office = make_office()
    start_paid(office, D("2025-08-05"))
    services.bill_lines_record(month=D("2025-09-01"), today=D("2025-09-01"))
    for sql in ("UPDATE {} SET recorded_on = recorded_on", "DELETE FROM {}"):
        refused = (InternalError, ProgrammingError, IntegrityError)
        with pytest.raises(refused), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.format(model._meta.db_table))
    assert model.objects.count() == 1


def test_billing_lists_a_line_once_and_a_correction_as_a_new_line():
    office = make_office()
    start_paid(office, D("2026-05-20"))
    assert services.bill_lines_preview(month=D("2026-06-01"))[0].yen == 21000
    for _ in range(2):
        (line,) = services.bill_lines_record(month=D("2026-06-01"), today=D("2026-06-01"))
    services.license_make_free(
        office_id=office.pk,
        starts_on=D("2026-05-20"),
        filed_on=D("2026-05-25"),
        today=D("2026-06-10"),
        acting=ACTING,
    )
    (correction,) = services.bill_lines_record(month=D("2026-07-01"), today=D("2026-07-01"))
    assert (line.yen, correction.yen, correction.kind) == (21000, -21000, "correction")
    assert not services.bill_lines_record(month=D("2026-08-01"), today=D("2026-08-01")).exists()


def test_before_its_first_day_a_month_is_only_previewed():
    start_paid(make_office(), D("2026-05-20"))
    assert not services.bill_lines_record(month=D("2026-06-01"), today=D("2026-05-31")).exists()


def test_a_night_over_every_kind_of_licence_proves_itself():
    make_license(facts(term(*YEAR)))
    make_license(facts(term(*YEAR), mode=MANUAL))
    make_license(facts(term(*YEAR, stop=True)))
    make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    make_license(facts(term("2026-04-15", "2027-04-14")))
    bad = make_license(facts(term(*YEAR), reserved=PAID))
    LicenseReservation.objects.filter(license=bad).update(renewal_on=D("2026-04-20"))
    dry = roll_over(on=D("2028-05-01"), acting=NIGHT, dry_run=True)
    first = roll_over(on=D("2028-05-01"), acting=NIGHT)
    again = roll_over(on=D("2028-05-01"), acting=NIGHT)
    assert dry.as_dict() | {"seconds": 0} == first.as_dict() | {"seconds": 0}
    assert first.proof == again.proof == "ok"
    assert first.due == 6
    assert first.counts == {"renewed_paid": 3, "lapsed": 1, "stopped": 1, "set_aside": 1}
    assert first.terms_opened == 3 + 3 + 2
    assert (again.due, again.counts["set_aside"]) == (1, 1)


def test_night_by_night_ends_in_the_same_ledger_as_all_at_once():
    one, other = (make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS)) for _ in range(2))

    def ledger(license):
        return list(license.terms.values_list("starts_on", "ends_on", "pricing", "fee_yen", "closing"))

    services.roll_over(on=D("2026-04-15"), acting=NIGHT)
    services.roll_over(on=D("2027-04-15"), acting=NIGHT)
    third = make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    services.roll_over(on=D("2027-04-15"), acting=NIGHT)
    assert ledger(one) == ledger(other) == ledger(third)


def test_a_ledger_that_only_the_services_wrote_has_no_problems():
    office, manual = make_office(), make_office()
    start_paid(office, D("2025-06-05"))
    start_paid(manual, D("2025-05-05"))
    services.roll_over(on=D("2029-01-01"), acting=NIGHT)
    assert ledger_problems() == []


def test_the_ledger_check_finds_what_no_act_leaves_behind():
    office = make_office()
    start_paid(office, D("2025-06-05"))
    LicenseTerm.objects.update(ends_on=D("2026-06-01"), closing="renewed")
    assert {problem.code for problem in ledger_problems()} == {"not_one_year", "renewed_without_term"}


def test_a_licence_that_the_database_refuses_costs_only_itself():
    good, bad = make_license(facts(term(*YEAR))), make_license(facts(term(*YEAR)))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # The database refuses this one's renewal, whatever the rules decided.
        cursor.execute(
            "ALTER TABLE licenses_licenseterm ADD CHECK (license_id <> %s OR starts_on < '2026-04-15')", [bad.pk]
        )
    night = roll_over(on=D("2026-04-15"), acting=NIGHT)
    assert night.as_dict() | {"due": 2, "renewed_paid": 1, "set_aside": 1, "proof": "ok"} == night.as_dict()
    assert standing(good.office_id, D("2026-04-15")).status == "active_paid"
    assert bad.set_asides.get().code == "write_refused"
