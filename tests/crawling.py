"""A small world with a bit of everything, and a crawler that opens every address of it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import Resolver404, get_resolver, resolve

from accounts.enums import Role
from accounts.models import User
from adoption.enums import ReportKind
from adoption.queries.figures import newest_run
from adoption.queries.places import place_by_code
from adoption.services.reports import report_make
from adoption.services.snapshots import snapshots_make_due
from campaigns import services as campaigns
from campaigns.models import Campaign, IdentityLetter
from campaigns.queries import receipt_path
from campaigns.rules import Claims
from careplan_portal.lib.acting import HELPDESK, MEMBER, NIGHT, OPERATOR, Acting
from careplan_portal.role_table import _patterns, methods
from helpdesk.models import Inquiry
from helpdesk.services.inquiries import Asked, inquiry_receive
from licenses import services as licenses
from licenses.models import License, LicenseDocument, SetAside
from licenses.services.billing import bill_paper_make
from notices import services as notices
from notices.enums import Kind
from notices.models import Delivery, PrintRun
from notices.rules import Outgoing, Postal
from offices.enums import ImportState
from offices.models import Area, ImportJob, ImportRun, Municipality, VanishedOffice
from offices.services import members
from offices.services.reference import load_reference
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_member, make_office, make_user

TODAY = date(2026, 4, 3)
# What frameworks keep of a visit, and the record of staff's looks, which is the point of that look.
KEPT = ("django_session", "axes_", "usersessions_", "accounts_accessrecord")
LINK = re.compile(r'(?:href|src|data-hx-get|data-url)="(/[^"#]*)')
MOST_PAGES = 400
# Pages of one route that are opened because a link leads there.
ALIKE = 3


class World:
    """Somebody of every role, and an object for every address."""

    def __init__(self) -> None:
        load_reference()
        call_command("load_faq", verbosity=0)
        place = Municipality.objects.get(code="312029")
        self.office = make_office(municipality=place, prefecture_id=place.prefecture_id, name="みなとの家")
        self.users: dict[str, User] = {
            role: make_user(role, is_staff=role == Role.OPERATOR, is_superuser=role == Role.OPERATOR) for role in Role
        }
        for user in self.users.values():
            # As accounts.services.user_create leaves it; allauth would make it up while showing a page.
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        self.member = make_member(self.office, manager=True, user=self.users[Role.OFFICE_STAFF])
        self.colleague = make_member(self.office)
        self.acting = Acting(self.member.pk, MEMBER, "試験")
        self._licence()
        self._area(place)
        self._campaigns()
        self._helpdesk()
        self._notices()
        self._register()
        snapshots_make_due(today=TODAY)
        self._reports()

    def _reports(self) -> None:
        run = newest_run(TODAY)
        assert run is not None
        for code in ("312029", self.area.code):
            place = place_by_code(code)
            assert place is not None
            report_make(place=place, kind=ReportKind.COUNCIL, run=run, today=TODAY)
        self.report = f"council_{run.day}.pdf"

    def _licence(self) -> None:
        day = date(2025, 4, 15)
        licenses.license_start_paid(office_id=self.office.pk, today=day, acting=self.acting)
        licenses.roll_over(on=TODAY, acting=NIGHT)
        licenses.stop_file(office_id=self.office.pk, today=TODAY, acting=self.acting)
        self.paper: LicenseDocument = licenses.document_request(
            office_id=self.office.pk, kind="certificate", on=TODAY, today=TODAY, acting=self.acting
        )
        licenses.document_make(document_id=self.paper.pk)
        licenses.bill_lines_record(month=date(2026, 4, 1), today=TODAY)
        bill_paper_make(first=date(2026, 4, 1), number=1)
        license = License.objects.get(office=self.office)
        self.set_aside = SetAside.objects.create(
            license=license, code="unexpected", text="判定できません。", since=TODAY
        )

    def _area(self, place: Municipality) -> None:
        self.area = Area.objects.create(code="minato", name="みなと")
        self.area.municipalities.add(place)
        self.area.officers.add(self.users[Role.OFFICER])

    def _campaigns(self) -> None:
        self.filed = file_as_visitor(make_office(name="申請の家"), TODAY)
        self.own_filed = file_as_visitor(self.office, TODAY, email="other@example.jp")
        campaigns.letters_make(today=TODAY, acting=Acting(self.users[Role.HELPDESK].pk, HELPDESK, "手紙の発送"))
        self.invitation = members.member_invite(
            office_id=self.office.pk, email="inoue@example.jp", name="井上", today=TODAY, acting=self.acting
        )

    def _helpdesk(self) -> None:
        asked = Asked("佐藤", "sato@example.jp", "", "fee", "いくらですか", "1", uuid4(), self.office.pk)
        self.inquiry: Inquiry = inquiry_receive(asked=asked, today=TODAY)

    def _notices(self) -> None:
        postal = Postal(self.office.name, "", self.office.address)
        for subject, to in (("a", (self.member.email,)), ("b", ()), ("c", (self.member.email,))):
            one = Outgoing(Kind.REMINDER, subject, "お知らせ", "本文", self.office.pk, to, postal, in_portal=True)
            notices.notice_queue(outgoing=one, today=TODAY)
        by = Acting(self.users[Role.OPERATOR].pk, OPERATOR, "あて所に尋ねあたりません")
        notices.letters_print(today=TODAY, acting=by)
        letter = Delivery.objects.get(channel="letter", notice__subject="b")
        notices.letter_returned(delivery_id=letter.pk, acting=by)

    def _register(self) -> None:
        now = "2026-04-01T00:00:00+09:00"
        rejects = Path(settings.PORTAL_HOME) / "rejects" / "one.csv"
        rejects.parent.mkdir(parents=True, exist_ok=True)
        rejects.write_text("x")
        numbers = (
            "rows",
            "offices_created",
            "offices_updated",
            "offices_unchanged",
            "offices_gone",
            "services",
            "rejected",
        )
        counts = dict.fromkeys(numbers, 0) | {"files": 1, "warnings": {}, "rejects_file": str(rejects)}
        run = ImportRun.objects.create(files=[], as_of=TODAY, counts=counts, started_at=now, finished_at=now)
        self.vanished = VanishedOffice.objects.create(office=make_office(name="消えた家"), run=run, as_of=TODAY)
        self.job = ImportJob.objects.create(
            as_of=TODAY, files=[], state=ImportState.DONE, by=self.users[Role.OPERATOR], run=run, counts=counts,
            finished_at=now,
        )  # fmt: skip
        self.job.gone_csv.parent.mkdir(parents=True, exist_ok=True)
        self.job.gone_csv.write_text("x")

    def addresses(self) -> Iterator[str]:
        """Those that no link leads to: forms' own pages, files, tokens, parts."""
        number, receipt = self.office.business_number, self.filed.receipt_number
        done = signing.dumps(IdentityLetter.objects.first().pk, salt="campaigns.letter_done")
        said = signing.Signer(sep="~", salt="helpdesk.inquiry").sign(self.inquiry.number)
        draft = campaigns.draft_start(
            business_number=number, claims=Claims("unused"), user_id=None, answers={}, today=TODAY
        ).key
        yield from (
            f"/code/done/{done}/", f"/helpdesk/inquiry/done/{said}/", f"/my/{number}/looks/", "/terms/1/", "/privacy/1/",
            *(f"/apply/{draft}/{page}" for page in ("", "check/", "saved/", "name/")), "/faq/desk/stop-fee-zero/preview/",
            "/api/v1/adoption/?level=prefecture", "/api/v1/faq/search/?q=x", "/adoption/312029/", "/adoption/data/prefectures.csv",
        )  # fmt: skip
        yield from (
            f"/api/v1/offices/{number}/usage/",
            receipt_path(self.filed), f"{receipt_path(self.filed)}receipt.pdf", f"/confirm/{self.own_filed.receipt_number}/",
            members.invitation_path(self.invitation), f"/helpdesk/offices/{number}/", f"/helpdesk/offices/{number}/imagine/",
            *(f"/helpdesk/offices/{number}/act/{what}/" for what in ("apply", "stop", "stop_withdraw", "withdraw", "paid_start", "manager")),
            f"/helpdesk/applications/{receipt}/prove/", f"/helpdesk/inquiries/{self.inquiry.number}/",
            *(f"/my/{number}/{page}" for page in ("stop/", "stop/send/", "stop/done/", "stop/withdraw/", "pay/", "reservation/withdraw/")),
            f"/my/{number}/members/{self.colleague.pk}/remove/", f"/my/{number}/members/{self.colleague.pk}/hand-over/",
            f"/my/{number}/invitations/{self.invitation.pk}/withdraw/", f"/my/applied/{uuid4()}/",
            f"/documents/{self.paper.code}/", f"/documents/{self.paper.code}/pdf/", f"/verify/{self.paper.code}/",
            f"/nights/{TODAY}/", f"/nights/{TODAY}/proof.json", f"/nights/set-asides/{self.set_aside.pk}/", "/bills/2026-05/", "/bills/2026-05/list.csv",
            f"/imports/vanished/{self.vanished.pk}/", f"/imports/{self.job.pk}/", f"/imports/{self.job.pk}/rejects.csv", f"/imports/{self.job.pk}/gone.csv", f"/outbox/runs/{PrintRun.objects.get().pk}/",
            f"/campaigns/{Campaign.objects.first().pk}/", f"/users/{self.colleague.pk}/",
            *(f"/adoption/areas/{self.area.code}/{page}" for page in ("", "offices/", "offices.csv", "next/", "next.csv", "report.pdf")),
            f"/adoption/near/{number}/", f"/adoption/near/{number}/part/", "/bills/2026-04/list-1.pdf",
            f"/adoption/312029/reports/{self.report}", f"/adoption/areas/{self.area.code}/reports/{self.report}",
            "/adoption/312029/reports/",
        )  # fmt: skip
        yield "/admin/accounts/user"  # the admin adds the slash
        for model in admin.site._registry:
            row = model._default_manager.first()
            if row is not None:
                start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/{row.pk}/"
                yield from (start, f"{start}change/", f"{start}history/", f"{start}delete/")


def snapshot() -> dict[str, tuple[int, str]]:
    """Every table's rows as a number and a digest, without those that keep visits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if not name.startswith(KEPT)]
        found = {}
        for table in tables:
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '')) FROM \"{table}\" t"
            )
            found[table] = cursor.fetchone()
    return found


def crawl(client: Client, first: list[str]) -> dict[str, int]:
    """Open these addresses and those of ours that their pages name, breadth first, a few of each route; status
    by path."""
    waiting, seen = list(first), {}
    alike: Counter[str] = Counter()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path in seen or path.startswith("/static/"):
            continue
        response = client.get(path)
        seen[path] = response.status_code
        if response.streaming:
            list(response.streaming_content)
        links = [response["Location"]] if response.status_code == 302 else []
        if "text/html" in response.get("Content-Type", "") and not response.streaming:
            links += LINK.findall(response.text)
        for link in dict.fromkeys(link.replace("&amp;", "&") for link in links if link.startswith("/")):
            route = route_of(link)
            if link not in seen and alike[route] < ALIKE:
                alike[route] += 1
                waiting.append(link)
    return seen


def route_of(path: str) -> str:
    try:
        return str(resolve(path.partition("?")[0]).route) or "/"
    except Resolver404:
        return path


def get_routes() -> dict[str, str]:
    """Every route that answers to GET, with its name."""
    return {
        route.replace("/^", "/"): name  # as resolve() spells it
        for route, name, pattern in _patterns(get_resolver())
        if "GET" in methods(pattern.callback)
    }


def fixed_addresses() -> list[str]:
    """Routes without anything to fill in."""
    return [
        f"/{route}".replace("^", "").replace("$", "").replace("//", "/") for route in get_routes() if "<" not in route
    ]
