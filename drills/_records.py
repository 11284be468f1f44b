"""What the addresses of pages need: the demo's records, and the few that the demo itself lacks.

`prepare` adds those by the real services: an office with very long names, filings half done, members in every state.
"""

from datetime import date, timedelta
from functools import cached_property
from uuid import uuid4

from django.db import connection
from django.db.models import Count, Q

from accounts.enums import Role
from accounts.models import User
from accounts.queries import demo_people
from adoption.documents.cards import cards_of
from adoption.queries.board import board
from adoption.queries.figures import newest_run
from adoption.queries.places import level_places, public_places
from campaigns import services as campaigns
from campaigns.models import Campaign, FreePassApplication, IdentityLetter, LetterRun
from campaigns.queries import answered_claims, application_state, provisional_applications, receipt_path
from campaigns.rules import Claims
from careplan_portal.lib import clock, policies
from careplan_portal.lib.acting import MEMBER, OPERATOR, VISITOR, Acting
from careplan_portal.management.demo.people import HOME_CITY
from careplan_portal.management.demo.register import STORY
from faq.models import Entry
from helpdesk.models import Inquiry
from licenses import services as licenses
from licenses.models import BillLine, License, LicenseDocument, RollOverRun, SetAside
from licenses.queries import standing
from links.models import Link
from notices.models import Notice, PrintRun
from notices.services import letters_print
from offices.enums import JoinedBy
from offices.models import ImportJob, Invitation, Membership, Office, VanishedOffice
from offices.services.members import (
    invitation_accept,
    invitation_path,
    invitation_withdraw,
    member_add,
    member_invite,
)
from offices.services.offices import Declared, office_close, office_declare

LONG_NAME = "社会福祉法人ひだまり共生会 地域密着型複合福祉センターみなとの風ヘルパーステーション（訪問介護・総合事業）第二サテライト"
LONG_PERSON = "ヴィルヘルミーナ・アレクサンドラ 長曽我部 万里小路"
LONG_PLACE = "皆生温泉三丁目二十番地四十五号 コーポラティブハウス湊の見える丘グランドテラス弐番館 地下一階南側入口奥"
LONG_NUMBER = "3190100018"


class Records:
    """Numbers, keys and tokens for `drills/_addresses.py`; every one is there after `prepare`."""

    story = STORY[0]
    area = "yonago"

    def __init__(self) -> None:
        # The browser's context has a connection of its own, perhaps to the database of the drill before.
        connection.close()
        self.today: date = clock.today()
        self.staff = User.objects.get(email=next(iter(demo_people().values()))[0])
        self.member = Acting(self.staff.pk, MEMBER, "事業所の画面")
        self._prepare()

    # what the demo lacks --------------------------------------------------------------------------------

    def _prepare(self) -> None:
        self._long_office()
        self._offices_in_every_state()
        self.draft_open = self._draft(self.office_without_licence, {})
        self.draft_whole = self._draft(
            self.office_without_licence, {"name": "山根 涼子", "phone": "0859-00-0123", "email": "minato@demo.example"}
        )
        self.draft_unlisted = self._draft("3170209991", {})
        self.draft_long = self._draft(
            LONG_NUMBER, {"name": LONG_PERSON, "phone": "0859-00-0123", "email": f"{'nagai.' * 9}namae@subdomain.of.a.long.demo.example"}
        )  # fmt: skip
        self._close_one()
        operator = User.objects.filter(role=Role.OPERATOR).order_by("pk").first()
        assert operator is not None
        letters_print(today=self.today, acting=Acting(operator.pk, OPERATOR, "手紙の発送"))
        for document in LicenseDocument.objects.filter(made_at=None):
            licenses.document_make(document_id=document.pk)

    def _long_office(self) -> None:
        office_declare(
            declared=Declared(
                business_number=LONG_NUMBER, name=LONG_NAME, municipality=HOME_CITY[0], address=f"鳥取県米子市{LONG_PLACE}",
                services=("11", "43", "15"), building="", phone="0859-00-0456",
            ),
            acting=Acting(None, VISITOR, "申請での申し出"),
        )  # fmt: skip
        office = Office.objects.get(business_number=LONG_NUMBER)
        self._join(office)
        invited = member_invite(
            office_id=office.pk,
            email="nagai-namae-no-hito@demo.example",
            name=LONG_PERSON,
            today=self.today,
            acting=self.member,
        )
        joined = invitation_accept(invitation_id=invited.pk, user_id=None, today=self.today, acting=self.member)
        self.colleague = joined.user_id
        self.invitations = {"used": _token(invited)}
        waiting = member_invite(
            office_id=office.pk, email="matsu@demo.example", name="松田 進", today=self.today, acting=self.member
        )
        self.open_invitation = waiting.pk
        self.invitations["open"] = _token(waiting)
        gone = member_invite(
            office_id=office.pk, email="yame@demo.example", name="岡 光", today=self.today, acting=self.member
        )
        invitation_withdraw(invitation_id=gone.pk, office_id=office.pk, acting=self.member)
        self.invitations["withdrawn"] = _token(gone)

    def _offices_in_every_state(self) -> None:
        """The demo's person becomes a member of one office in each state; what these lack is filed."""
        self.my_free, self.my_none, self.my_long = self._mine("active_free"), self._mine("none"), LONG_NUMBER
        self.my_offices = {
            "free": self.my_free, "no licence": self.my_none, "long names": LONG_NUMBER, "lapsed": self._mine("lapsed"),
            "stopped": self._mine("stopped"), "paid, by itself": self._mine("active_paid", auto=True),
        }  # fmt: skip
        self.my_stopping = self._mine("active_free", skip=1)
        office = Office.objects.get(business_number=self.my_stopping)
        if not standing(office.pk, self.today).plan.is_stopping:  # type: ignore[union-attr]
            licenses.stop_file(office_id=office.pk, today=self.today, acting=self.member)
        self.my_reserved = self._reserved()
        self.my_offices |= {"stopping": self.my_stopping, "reserved": self.my_reserved}
        self.to_confirm = next(
            a for a in provisional_applications() if not Membership.objects.filter(office=a.office).exists()
        )
        self._join(self.to_confirm.office)

    def _mine(self, status: str, *, auto: bool | None = None, skip: int = 0) -> str:
        office = self._office(status, auto=auto, skip=skip)
        self._join(office)
        return office.business_number

    def _office(self, status: str, *, auto: bool | None = None, skip: int = 0) -> Office:
        offices = Office.objects.filter(prefecture__number="31", scope="yes", closed_on=None).exclude(
            business_number__in=[STORY[0], LONG_NUMBER]
        )
        if status == "none":
            return offices.filter(license=None, municipality_id=HOME_CITY[0]).order_by("-business_number")[skip]
        found = License.objects.with_status(self.today).filter(Q(status=status), office__in=offices).order_by("pk")
        if auto is not None:
            found = found.filter(renewal_mode="auto" if auto else "manual")
        return found[skip].office

    def _reserved(self) -> str:
        held = License.objects.filter(reservations__state="open", reservations__kind="free_pass").order_by("pk").first()
        assert held is not None, "nobody in the demo has a reservation"
        self._join(held.office)
        return held.office.business_number

    def _join(self, office: Office) -> None:
        member_add(
            office_id=office.pk, user_id=self.staff.pk, how=JoinedBy.OPERATOR, today=self.today,
            acting=Acting(None, OPERATOR, "デモの準備"),
        )  # fmt: skip

    def _draft(self, number: str, answers: dict[str, str]) -> str:
        draft = campaigns.draft_start(
            business_number=number, claims=Claims("unused"), user_id=None, answers=answers, today=self.today
        )
        return draft.key

    def _close_one(self) -> None:
        office = self._office("none", skip=3)
        office_close(
            office_id=office.pk,
            closed_on=self.today - timedelta(days=9),
            acting=Acting(self.staff.pk, OPERATOR, "閉じたと電話があった"),
        )
        self.closed_office = office.business_number

    # what the demo has ----------------------------------------------------------------------------------

    @cached_property
    def office_without_licence(self) -> str:
        return self._office("none", skip=1).business_number

    @cached_property
    def office_on_free_year(self) -> str:
        return self._office("active_free", skip=2).business_number

    @cached_property
    def office_out_of_scope(self) -> str:
        return Office.objects.filter(scope="no", license=None).order_by("pk")[0].business_number

    @property
    def long_office(self) -> str:
        return LONG_NUMBER

    @cached_property
    def desk_offices(self) -> dict[str, str]:
        by_status = {
            status: self._office(status, skip=0).business_number for status in ("active_free", "lapsed", "stopped")
        }
        busy = Office.objects.annotate(lines=Count("contacts")).order_by("-lines")[0]
        return by_status | {"much said": busy.business_number, "provisional": self.provisional.office.business_number}

    @cached_property
    def provisional(self) -> FreePassApplication:
        return provisional_applications()[1]

    @cached_property
    def receipts(self) -> dict[str, str]:
        """A token for each state that a filing has."""
        long = self._file_for_the_long_office()
        found = {"long names": long, "provisional": self.provisional, "a member may confirm": self.to_confirm}
        for application in FreePassApplication.objects.select_related("office", "reservation").order_by("-pk")[:1500]:
            found.setdefault(str(application_state(application)), application)
        return {state: receipt_path(application).split("/")[2] for state, application in found.items()}

    def _file_for_the_long_office(self) -> FreePassApplication:
        office = Office.objects.get(business_number=LONG_NUMBER)
        claims = Claims("unused")
        return campaigns.application_file(
            office_id=office.pk, channel="visitor", claims=claims, form_key=uuid4(), today=self.today,
            applicant=campaigns.Applicant(name=LONG_PERSON, phone="0859-00-0456", email="nagai@demo.example", **agreed(self.today)),
            shown=answered_claims(claims, True, self.today).fingerprint, acting=Acting(None, VISITOR, "Webの申請"),
        )  # fmt: skip

    @cached_property
    def letter(self) -> int:
        return IdentityLetter.objects.exclude(used_on=None).order_by("-pk")[0].pk

    @cached_property
    def letter_run(self) -> int:
        return LetterRun.objects.order_by("-pk")[0].pk

    @cached_property
    def notice(self) -> tuple[str, int]:
        """A notice that a member reads in the portal, with the number of its office."""
        mine = {"office__memberships__user__email": demo_people()[Role.OFFICE_STAFF][0], "in_portal": True}
        return Notice.objects.filter(**mine).order_by("-pk").values_list("office__business_number", "pk")[0]

    @cached_property
    def print_run(self) -> int:
        return PrintRun.objects.order_by("-pk")[0].pk

    @cached_property
    def link(self) -> str:
        return Link.objects.order_by("pk")[0].key

    @cached_property
    def inquiries(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for inquiry in Inquiry.objects.order_by("-pk"):
            found.setdefault(str(inquiry.state), inquiry.number)
        return found

    @property
    def inquiry(self) -> str:
        return next(iter(self.inquiries.values()))

    @cached_property
    def paper(self) -> str:
        return LicenseDocument.objects.filter(license__office__business_number=STORY[0]).order_by("pk")[0].code

    @cached_property
    def cards(self) -> list[tuple[str, str]]:
        """Every card, once, of the widest place that has it."""
        run = newest_run(self.today)
        assert run is not None
        found: dict[str, str] = {}
        for code in (HOME_CITY[0], "310000", "000000"):
            if code in public_places():
                for card in cards_of(board(public_places()[code], run, "all"), self.today):
                    found.setdefault(card.key, code)
        return [(code, key) for key, code in found.items()]

    @cached_property
    def empty_municipality(self) -> str:
        busy = set(Office.objects.values_list("municipality_id", flat=True))
        return next(place.code for place in level_places("municipality") if place.code not in busy)

    @cached_property
    def campaign(self) -> int:
        return Campaign.objects.order_by("pk")[0].pk

    @cached_property
    def nights(self) -> dict[str, str]:
        return {"green": RollOverRun.objects.order_by("-on")[0].on.isoformat(), "no run": "2025-01-01"}

    @cached_property
    def set_aside(self) -> int:
        return SetAside.objects.order_by("pk")[0].pk

    @cached_property
    def bill_month(self) -> date:
        return BillLine.objects.order_by("-month")[0].month

    @cached_property
    def vanished(self) -> int:
        return VanishedOffice.objects.filter(state="pending").order_by("pk")[0].pk

    @cached_property
    def imports(self) -> dict[str, int]:
        return {str(job.state): job.pk for job in ImportJob.objects.all()}

    @cached_property
    def faq_slug(self) -> str:
        return Entry.objects.order_by("position")[0].slug

    @cached_property
    def faq_topic(self) -> str:
        return Entry.objects.order_by("position")[0].topic.key


def agreed(day: date) -> dict[str, str]:
    """The versions of the texts that whoever files on a day agrees to."""
    return {
        "terms_version": str(policies.terms(day).version),
        "privacy_version": str(policies.privacy(day).version),
    }


def _token(invited: Invitation) -> str:
    return invitation_path(invited).rstrip("/").rsplit("/", 1)[1]
