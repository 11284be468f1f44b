"""The demo's invented country: a register without a complaint, and a year the rules agree with."""

import pytest
from django.db.models import F, OuterRef, QuerySet, Subquery

from accounts.queries import has_second_factor
from adoption.models import AreaCall
from campaigns.models import FreePassApplication, IdentityLetter
from campaigns.queries import application_state, provisional_applications
from careplan_portal.lib import clock
from careplan_portal.lib.acting import NIGHT, OPERATOR, Acting
from careplan_portal.management.demo import people, register
from careplan_portal.management.demo.desk import Desk, home_offices
from careplan_portal.management.demo.story import FIRST_DAY, TODAY, Story
from faq.services import faq_load
from helpdesk.models import ContactLog, Inquiry
from licenses.models import License, LicenseDocument
from licenses.queries import ledger_problems, standings
from licenses.queries import policy as fee_policy
from notices.models import Delivery, Notice
from offices.models import Area, ImportJob, Invitation, Membership, Office, VanishedOffice
from offices.queries import colleagues_of
from offices.services.importing import offices_import


@pytest.mark.django_db
@pytest.mark.slow
def test_the_demo_year_is_made_by_the_real_services(tmp_path, settings):
    settings.PORTAL_TODAY = None
    files = register.files(tmp_path)
    imported = offices_import(files=files, as_of=FIRST_DAY)
    assert imported.offices_created > 2000
    assert (imported.rejected, dict(imported.warnings)) == (0, {})
    assert Office.objects.filter(corporation_name=register.GROUP[0]).count() == register.GROUP[1]

    faq_load(acting=NIGHT)
    acting, story = Acting(None, OPERATOR, "デモ"), Story()
    everybody = people.gather(acting)
    people.areas(everybody, acting)
    Desk(story, everybody, home_offices()).plan()
    story.tell(Office.objects.filter(municipality_id="312029"), lambda _: None)
    people.settle(everybody, acting=acting, today=TODAY)

    assert clock.today() == TODAY
    assert ledger_problems() == []
    every_state_of_a_licence_is_there()
    story = License.objects.with_status(TODAY).get(office__business_number=register.STORY[0])
    assert (story.status, story.renewal_mode) == ("active_paid", "manual")
    assert FreePassApplication.objects.exists()
    what_was_told_was_told_on_its_day()
    nothing_is_empty_at_the_windows()
    every_area_has_an_administrator(everybody)
    assert Membership.objects.filter(user=everybody.clerk).count() == register.GROUP[1]


def every_state_of_a_licence_is_there() -> None:
    statuses = set(License.objects.with_status(TODAY).values_list("status", flat=True))
    assert statuses >= {"active_free", "active_paid", "lapsed", "stopped"}
    offices = list(License.objects.values_list("office_id", flat=True))
    plans = [standing.plan for standing in standings(offices, fee_policy(), TODAY).values()]
    assert any(plan.is_stopping for plan in plans)
    assert any(plan.is_reserved for plan in plans)


def every_area_has_an_administrator(everybody: people.People) -> None:
    """And at home somebody who needs one: the colleague whose second factor can be started again."""
    assert Area.objects.count() == 2
    assert not Area.objects.filter(administrators=None).exists()
    assert set(colleagues_of(everybody.administrator)) == {everybody.officer, everybody.without_phone}
    assert has_second_factor(everybody.without_phone)
    assert not colleagues_of(everybody.officer).exists()


def what_was_told_was_told_on_its_day() -> None:
    """No notice waits for a worker that the demo's year did not have, and no letter for its print run."""
    assert not application_told("acknowledgement").exclude(notice_on=F("filed_on")).exists()
    assert not application_told("proved").filter(proved_on__gt=F("filed_on")).exclude(notice_on=F("proved_on")).exists()
    waiting = Delivery.objects.filter(channel="letter", state="queued").values_list("notice__made_on", flat=True)
    assert min(waiting, default=TODAY) == TODAY


def application_told(kind: str) -> QuerySet[FreePassApplication]:
    """Each filing (each proved one) with the day on which it was told."""
    told = Notice.objects.filter(kind=kind, subject=OuterRef("receipt_number")).values("made_on")
    proved = FreePassApplication.objects.exclude(proved_on=None) if kind == "proved" else FreePassApplication.objects
    return proved.annotate(notice_on=Subquery(told))


def nothing_is_empty_at_the_windows() -> None:
    """Every list that the helpdesk, an officer and the operator open has something in it."""
    states = {inquiry.state for inquiry in Inquiry.objects.all()}
    assert states >= {"waiting", "taken", "passed_on", "answered"}
    assert provisional_applications().exists()
    assert IdentityLetter.objects.exclude(used_on=None).exists()
    assert ContactLog.objects.exclude(follow_up_on=None).exists()
    assert VanishedOffice.objects.filter(state="pending").count() == 4
    assert ImportJob.objects.get().state == "checked"
    assert AreaCall.objects.exists()
    assert LicenseDocument.objects.count() == 2
    assert Invitation.objects.filter(accepted_by=None).exists()
    states = {application_state(one) for one in FreePassApplication.objects.select_related("reservation")}
    assert states >= {"provisional", "granted", "withdrawn", "superseded"}
    assert Office.objects.filter(unlisted=True).exists()
    assert Office.objects.exclude(closed_on=None).exists()
