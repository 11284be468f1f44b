"""The demo's invented country: a register without a complaint, and a year the rules agree with."""

import pytest

from campaigns.models import FreePassApplication
from careplan_portal.lib import clock
from careplan_portal.lib.acting import OPERATOR, Acting
from careplan_portal.management.demo import people, register
from careplan_portal.management.demo.story import FIRST_DAY, TODAY, Story
from licenses.models import License
from licenses.queries import ledger_problems
from offices.models import Area, Office
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

    Story().tell(Office.objects.filter(municipality_id="312029"), lambda _: None)
    people.settle(acting=Acting(None, OPERATOR, "デモ"), today=TODAY)

    assert clock.today() == TODAY
    assert ledger_problems() == []
    statuses = set(License.objects.with_status(TODAY).values_list("status", flat=True))
    assert statuses >= {"active_free", "active_paid"}
    story = License.objects.with_status(TODAY).get(office__business_number=register.STORY[0])
    assert (story.status, story.renewal_mode) == ("active_paid", "manual")
    assert FreePassApplication.objects.exists()
    assert Area.objects.get(code="yonago")
