"""Who signs in: the demo's person of each role, with the offices and the area they look after."""

from datetime import date

from django.conf import settings
from django.db.models import Q

from accounts.enums import Role
from accounts.services import demo_user
from careplan_portal.lib.acting import Acting
from careplan_portal.management.demo.register import STORY
from licenses.models import License
from offices.enums import JoinedBy
from offices.models import Office
from offices.services.areas import area_save, officer_assign
from offices.services.members import member_add

HOME_CITY = ("312029", "米子市")


def settle(*, acting: Acting, today: date) -> None:
    """Give the demo's people their offices and their area."""
    area = area_save(code="yonago", name=HOME_CITY[1], municipalities=[HOME_CITY[0]], acting=acting)
    if settings.PORTAL_ENV != "demo":
        return
    officer_assign(area_id=area.pk, user_id=demo_user(role=Role.OFFICER).pk, acting=acting)
    staff = demo_user(role=Role.OFFICE_STAFF)
    for office in _offices_of_staff(today):
        member_add(office_id=office.pk, user_id=staff.pk, how=JoinedBy.OPERATOR, today=today, acting=acting)


def _offices_of_staff(today: date) -> list[Office]:
    """The office of the story, one on its free year, and one that does not use the system yet."""
    at_home = Office.objects.filter(municipality_id=HOME_CITY[0], scope="yes").order_by("business_number")
    story = at_home.get(business_number=STORY[0])
    free = License.objects.with_status(today).filter(Q(status="active_free"), office__in=at_home).first()
    none = at_home.filter(license=None).first()
    return [story, *([free.office] if free else []), *([none] if none else [])]
