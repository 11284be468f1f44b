"""Who signs in: the demo's person of each role, with the offices and the area they look after."""

from dataclasses import dataclass
from datetime import date

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.db.models import Q

from accounts.enums import AccountEventKind, Role
from accounts.models import User
from accounts.queries import DEMO_ADMINISTRATOR, DEMO_CLERK, demo_people
from accounts.services import account_event_record, demo_user, user_create
from careplan_portal.lib.acting import MEMBER, Acting
from careplan_portal.management.demo.register import GROUP, STORY
from licenses.models import License
from offices.enums import JoinedBy
from offices.models import Office
from offices.services.areas import administrator_set, area_save, officer_assign
from offices.services.members import invitation_accept, member_add, member_invite

HOME_CITY = ("312029", "米子市")
NEXT_DOOR = ("saihaku", "西伯郡", ("313840", "313866", "313891", "313904"))


@dataclass(frozen=True)
class People:
    """The demo's sign-ins, and a few colleagues of theirs."""

    staff: User
    clerk: User
    helpers: tuple[User, User]
    officer: User
    administrator: User
    without_phone: User
    next_door: User
    operator: User


def gather(acting: Acting) -> People:
    """Make them; they have no password, the demo's buttons sign them in."""

    def colleague(name: str, address: str, role: Role) -> User:
        return user_create(email=f"{address}@demo.example", name=name, role=role, acting=acting, verified=True)

    main = {role: _main(role, acting) for role in Role}
    return People(
        staff=main[Role.OFFICE_STAFF],
        clerk=colleague(DEMO_CLERK[1], DEMO_CLERK[0].partition("@")[0], Role.OFFICE_STAFF),
        helpers=(main[Role.HELPDESK], colleague("遠藤 海", "helpdesk-2", Role.HELPDESK)),
        officer=main[Role.OFFICER],
        administrator=colleague(DEMO_ADMINISTRATOR[1], DEMO_ADMINISTRATOR[0].partition("@")[0], Role.OFFICER),
        without_phone=colleague("安達 文子", "officer-2", Role.OFFICER),
        next_door=colleague("生田 直人", "officer-3", Role.OFFICER),
        operator=main[Role.OPERATOR],
    )


def _main(role: Role, acting: Acting) -> User:
    """The demo's sign-in of this role; tests make the same person."""
    if settings.PORTAL_ENV == "demo":
        return demo_user(role=role)
    address, name = demo_people()[role]
    return user_create(email=address, name=name, role=role, acting=acting, verified=True)


def areas(people: People, acting: Acting) -> None:
    """The officer's own area, where a colleague has lost the telephone with the second factor; and the one next
    door. Each has an administrator."""
    home = area_save(code="yonago", name=HOME_CITY[1], municipalities=[HOME_CITY[0]], acting=acting)
    for officer in (people.officer, people.administrator, people.without_phone):
        officer_assign(area_id=home.pk, user_id=officer.pk, acting=acting)
    administrator_set(area_id=home.pk, user_id=people.administrator.pk, administers=True, acting=acting)
    _second_factor(people.without_phone)
    code, name, municipalities = NEXT_DOOR
    beside = area_save(code=code, name=name, municipalities=list(municipalities), acting=acting)
    officer_assign(area_id=beside.pk, user_id=people.next_door.pk, acting=acting)
    administrator_set(area_id=beside.pk, user_id=people.next_door.pk, administers=True, acting=acting)


def _second_factor(user: User) -> None:
    """As the person's own page sets it up."""
    TOTP.activate(user, generate_totp_secret())
    acting = Acting(user.pk, user.role)
    account_event_record(user=user, kind=AccountEventKind.SECOND_FACTOR_ADDED, acting=acting, type="totp")


def settle(people: People, *, acting: Acting, today: date) -> None:
    """Give the members their offices: three for one person with a colleague, many for a corporation's clerk."""
    offices = _offices_of_staff(today)
    for office in offices:
        member_add(office_id=office.pk, user_id=people.staff.pk, how=JoinedBy.OPERATOR, today=today, acting=acting)
    for office in Office.objects.filter(corporation_name=GROUP[0]).order_by("business_number"):
        member_add(office_id=office.pk, user_id=people.clerk.pk, how=JoinedBy.OPERATOR, today=today, acting=acting)
    _invite(offices[0], people.staff, today)


def _invite(office: Office, manager: User, today: date) -> None:
    """One colleague has joined, another one has not answered yet."""
    acting = Acting(manager.pk, MEMBER, "事業所の画面")
    joined = member_invite(
        office_id=office.pk, email="tabuchi@demo.example", name="田渕 恵", today=today, acting=acting
    )
    invitation_accept(invitation_id=joined.pk, user_id=None, today=today, acting=Acting(None, MEMBER, "招待"))
    member_invite(office_id=office.pk, email="inoue@demo.example", name="井上 香織", today=today, acting=acting)


def _offices_of_staff(today: date) -> list[Office]:
    """The office of the story, one on its free year, and one that does not use the system yet."""
    at_home = Office.objects.filter(municipality_id=HOME_CITY[0], scope="yes").order_by("business_number")
    story = at_home.get(business_number=STORY[0])
    free = License.objects.with_status(today).filter(Q(status="active_free"), office__in=at_home).first()
    none = at_home.filter(license=None).first()
    return [story, *([free.office] if free else []), *([none] if none else [])]
