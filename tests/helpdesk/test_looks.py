"""No page, file or API shows an office to a helpdesk member without a record of the look: every address of the
whole URL configuration that only people with a role may open, by every method it takes."""

import html
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from accounts.enums import Role, SubjectKind
from accounts.models import AccessRecord, User
from adoption.services.reports import reports_make
from adoption.services.snapshots import snapshot_make
from campaigns.services import letters_make
from careplan_portal.lib.acting import SYSTEM, Acting
from careplan_portal.lib.japan.kana import search_key
from careplan_portal.role_table import VISITOR, Entry, entries
from faq.services import faq_load
from helpdesk.services import calendar, contacts, inquiries
from licenses.models import FeeSchedule
from licenses.services import license_start_paid
from licenses.services.papers import document_make, document_request
from notices.enums import Kind
from notices.models import Delivery
from notices.rules import Content, Outgoing, Postal
from notices.services import notice_queue, printing
from offices.models import Municipality, Office
from offices.services.areas import area_save
from offices.services.reference import load_reference
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_office, make_user
from tests.helpdesk.conftest import TODAY

pytestmark = pytest.mark.django_db

SETUP = Acting(None, SYSTEM, "試験の準備")
NUMBER, WAITING, LATE = "3170201432", "3170201341", "3170201358"
NAMES = {NUMBER: "ミナトノカゼの家", WAITING: "イソノマツの家", LATE: "アサナギの家"}
# One's own sign-in, on pages of the framework: an office stands on none of them.
OWN_SIGN_IN = ("account_", "mfa_", "usersessions_")
# A look at a list is one look, with what was sought or listed and how many lines it had.
LISTS = {SubjectKind.SEARCH, SubjectKind.AREA, SubjectKind.EXPORT, SubjectKind.APPLICATION, SubjectKind.INQUIRY}


@pytest.fixture
def everything(settings: Any, tmp_path: Any, acting: Acting) -> dict[str, dict[str, Any]]:
    """Something behind every address: the arguments of each by its name; "" for all that take a number."""
    settings.MEDIA_ROOT = tmp_path
    load_reference()
    faq_load(acting=SETUP)
    FeeSchedule.objects.get_or_create(starts_on=date(2000, 1, 1), defaults={"yen": 21000})
    yonago = Municipality.objects.get(code="312029")
    office, waiting, late = (
        make_office(
            business_number=number, name=name, search_key=search_key(name), municipality=yonago,
            prefecture_id=yonago.prefecture_id, phone=f"0859-00-{at}", phone_digits=f"085900{at}",
        )
        for at, (number, name) in enumerate(NAMES.items(), start=4001)
    )  # fmt: skip
    license_start_paid(office_id=office.pk, today=date(2025, 4, 15), acting=SETUP)
    figures_of = TODAY - timedelta(days=1)
    snapshot_make(day=figures_of)
    area_save(code="yonago", name="米子市", municipalities=["312029"], acting=SETUP)
    reports_make(codes=["yonago"], day=figures_of, today=TODAY)
    filed = file_as_visitor(waiting, TODAY)
    (letter,) = letters_make(today=TODAY, acting=SETUP)
    file_as_visitor(late, TODAY, email="late@example.jp")
    # Two promises: one is kept on the way, the other stays on the lists.
    line, _other = (
        contacts.note_record(
            office_id=office.pk, text=text, topics=["term"], follow_up_on=TODAY, today=TODAY, acting=acting
        )
        for text in ("約束", "もう一つの約束")
    )
    asked = inquiries.Asked("佐藤 花", "sato@example.jp", "", "stop", "質問", "1", uuid4(), office.pk)
    ticket = inquiries.inquiry_receive(asked=asked, today=TODAY).number
    paper = document_request(office_id=office.pk, kind="certificate", on=TODAY, today=TODAY, acting=SETUP)
    document_make(document_id=paper.pk)
    closing = calendar.closing_day_set(day=date(2026, 6, 1), reason="研修", today=TODAY, acting=acting)
    run = {"pk": letter.letter.run_id}
    told = _told(office, acting)
    return told | {
        "": {"number": NUMBER, "receipt": filed.receipt_number, "code": "yonago", "what": "stop", "slug": "stop-fee-zero",
             "key": "course", "kind": "csv"},
        "adoption:area-report-pdf": {"kind": "monthly", "day": figures_of.isoformat()},
        "helpdesk:followed-up": {"pk": line.pk},
        "helpdesk:inquiry-page": {"number": ticket},
        "helpdesk:inquiry-act": {"number": ticket},
        "helpdesk:closing-day-withdraw": {"pk": closing.pk},
        "licenses:document": {"code": paper.code},
        "licenses:document-file": {"code": paper.code},
        "campaigns:letter-again": {"pk": letter.letter.pk},
        "campaigns:letter-returned": {"pk": letter.letter.pk},
        "campaigns:letter-run": run,
        "campaigns:letter-run-again": run,
    }  # fmt: skip


def _told(office: Office, acting: Acting) -> dict[str, dict[str, Any]]:
    """A notice of the office by letter, printed, one that waits, and one that came back."""
    content = Content(lead=("更新月になりました。",))
    postal = Postal(office.name, "6830000", "米子市みなと町")
    for subject in ("1", "2", "3"):
        one = Outgoing(
            Kind.RENEWAL_MONTH, subject, "更新月", content, office_id=office.pk, postal=postal, in_portal=True
        )
        notice_queue(outgoing=one, today=TODAY)
    *printed, waiting = Delivery.objects.filter(notice__office=office, channel="letter").order_by("pk")
    Delivery.objects.filter(pk=waiting.pk).update(state="given_up", ended_at=timezone.now())
    run = printing.letters_print(today=TODAY, acting=acting)
    assert run is not None
    Delivery.objects.filter(pk=waiting.pk).update(state="queued", ended_at=None)
    bounce = printing.letter_returned(delivery_id=printed[0].pk, acting=acting)
    assert bounce is not None
    letter, run_of = {"pk": printed[1].pk}, {"pk": run.pk}
    return {
        "notices:notice": {"pk": printed[0].notice_id},
        "notices:delivery-again": {"pk": printed[0].pk},
        "notices:letter-again": letter,
        "notices:letter-returned": letter,
        "notices:run": run_of,
        "notices:run-again": run_of,
        "notices:settle": {"pk": bounce.pk},
    }


# What is sent to addresses that want something, so that they do what they are there for.
SENT: dict[str, dict[str, str]] = {
    "helpdesk:find": {"q": "ミナトノカゼ"},
    "helpdesk:note": {"text": "記録", "topic": "term"},
    "helpdesk:call": {"caller-name": "田中 一郎", "caller-proof": "call_back", "caller-consent": "on"},
    "helpdesk:inquiry-act": {"do": "take"},
    "helpdesk:calendar": {"day": "2026-04-07", "reason": "研修"},
    "notices:letter-again": {"reason": "紙づまり"},
    "notices:letter-returned": {"reason": "転居先不明"},
    "notices:run-again": {"reason": "紙づまり"},
    "notices:settle": {"reason": "電話で確かめた"},
    "campaigns:letter-again": {"reason": "届かない"},
    "campaigns:letter-run-again": {"reason": "紙づまり"},
    "campaigns:letter-returned": {"why": "moved"},
    "licenses:documents": {"kind": "certificate", "on": "2026-04-03"},
}


def doors(role: str) -> Iterator[Entry]:
    """Every address that a person of this role may open and the public may not."""
    for entry in entries():
        if role in entry.audience and VISITOR not in entry.audience and not entry.name.startswith(OWN_SIGN_IN):
            yield entry


def address(entry: Entry, everything: dict[str, dict[str, Any]]) -> str:
    """Where the entry leads in this world. A new address whose arguments nobody knows yet fails here: say in
    `everything` where it leads, so that its looks are held to be recorded, too."""
    known = everything[""] | everything.get(entry.name, {})
    wanted = re.findall(r"<(?:\w+:)?(\w+)>", entry.route)
    assert set(wanted) <= set(known), f"{entry.name}: where does it lead?"
    return reverse(entry.name, kwargs={name: known[name] for name in wanted})


def words(response: HttpResponse) -> str:
    """What an answer says, whatever it is: page, CSV, PDF; without tags and spaces."""
    body = b"".join(response) if response.streaming else response.content  # type: ignore[call-overload]
    if file := getattr(response, "file_to_stream", None):
        file.close()  # response.close() would also end the request, and with it the test's connection
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    else:
        text = html.unescape(re.sub(r"<[^>]+>", "", body.decode("utf-8-sig")))
    return re.sub(r"\s", "", text)


def named(text: str) -> set[str]:
    """Numbers of the offices that a text names, by number or name."""
    return {number for number, name in NAMES.items() if number in text or name in text}


@pytest.mark.parametrize("role", [Role.HELPDESK, Role.OPERATOR])
def test_whatever_names_an_office_leaves_a_record(everything, role: Role) -> None:
    client, user = Client(), make_user(role)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    showed, missing = set(), []
    for entry in doors(Role.HELPDESK):
        if role not in entry.audience or entry.method not in ("GET", "POST"):
            continue
        before = set(AccessRecord.objects.values_list("pk", flat=True))
        response = ask(client, entry, everything)
        made = AccessRecord.objects.exclude(pk__in=before).filter(user=user)
        seen = named(words(response))
        if seen:
            showed.add(entry.name)
        if not recorded(seen, made):
            looks = list(made.values_list("subject_kind", "subject_key"))
            missing.append(f"{entry.method} {entry.name} ({response.status_code}) shows {sorted(seen)}: {looks}")
    assert missing == []
    # The test would prove nothing if the pages were empty: these name offices.
    assert showed >= {
        "helpdesk:home", "helpdesk:find", "helpdesk:office", "helpdesk:around", "helpdesk:act", "helpdesk:manager", "helpdesk:paper", "helpdesk:contacts", "helpdesk:follow-ups",
        "helpdesk:provisional", "helpdesk:prove", "helpdesk:queue", "helpdesk:inquiry-page", "adoption:offices",
        "adoption:offices-file", "licenses:documents", "licenses:document",
        "licenses:document-file", "campaigns:letters", "campaigns:letters-print", "campaigns:letter-run",
        "notices:notice", "notices:letters", "notices:letters-print", "notices:run", "notices:returned",
        "campaigns:letter-again",
    }  # fmt: skip


def ask(client: Client, entry: Entry, everything: dict[str, dict[str, Any]]) -> Any:
    """Both follow where they are led, so that a look begun by one address is judged with where it ends."""
    send = client.get if entry.method == "GET" else client.post
    response = send(address(entry, everything), SENT.get(entry.name, {}), follow=True)
    assert response.status_code < 500, entry.name
    assert response.status_code != 404, f"{entry.name} leads nowhere in this world"
    return response


def recorded(seen: set[str], made: Any) -> bool:
    """One office: a look at it, or at the list in which it stands. Several: a look at each, or at the list."""
    kinds = set(made.values_list("subject_kind", flat=True))
    offices = set(made.filter(subject_kind=SubjectKind.OFFICE).values_list("subject_key", flat=True))
    return not seen or seen <= offices or bool(kinds & LISTS)


OF_ONE_OFFICE = [
    "helpdesk:office", "helpdesk:around", "helpdesk:imagine", "helpdesk:note", "helpdesk:call", "helpdesk:call-end", "helpdesk:act", "helpdesk:manager", "helpdesk:paper",
    "helpdesk:followed-up", "helpdesk:prove", "helpdesk:provisional-withdraw", "helpdesk:inquiry-page",
    "helpdesk:inquiry-act", "licenses:documents", "licenses:document", "licenses:document-file", "campaigns:letter-again",
]  # fmt: skip
OF_FILING = ("helpdesk:prove", "helpdesk:provisional-withdraw", "campaigns:letter-again")


def test_a_page_of_one_office_is_a_look_at_that_office(everything, desk: User, desk_client: Client) -> None:
    """Not only at some list: so that the office itself sees it."""
    missing = []
    for name in OF_ONE_OFFICE:
        entry = next(entry for entry in entries() if entry.name == name)
        before = set(AccessRecord.objects.values_list("pk", flat=True))
        words(ask(desk_client, entry, everything))
        number = WAITING if name in OF_FILING else NUMBER
        looks = AccessRecord.objects.filter(subject_kind=SubjectKind.OFFICE, subject_key=number, user=desk)
        if not looks.exclude(pk__in=before).exists():
            missing.append(name)
    assert missing == []


def test_what_a_page_loads_afterwards_is_the_same_look_for_that_person_office_and_while(
    everything, desk: User, desk_client: Client
) -> None:
    """Handed on, kept for later or made up it is a look."""
    base, other = f"/helpdesk/offices/{NUMBER}/", f"/helpdesk/offices/{WAITING}/"
    colleague = Client()
    colleague.force_login(make_user(Role.HELPDESK), backend="django.contrib.auth.backends.ModelBackend")

    def looks(client: Client, address: str, **query: str) -> int:
        before = AccessRecord.objects.count()
        assert client.get(address, query, headers={"HX-Request": "true"}).status_code == 200
        return AccessRecord.objects.count() - before

    with time_machine.travel("2026-04-03T10:00:00+09:00") as clock:
        opened = desk_client.get(base).context["opened"]
        assert looks(desk_client, f"{base}around/", opened=opened) == 0
        assert looks(desk_client, f"{base}around/") == 1
        assert looks(desk_client, f"{base}around/", opened=f"{opened}x") == 1
        assert looks(desk_client, f"{other}around/", opened=opened) == 1
        assert looks(colleague, f"{base}around/", opened=opened) == 1
        clock.shift(timedelta(minutes=11))
        assert looks(desk_client, f"{base}around/", opened=opened) == 1


def test_no_api_answers_the_helpdesk_more_than_the_public(everything) -> None:
    """Every API is for everybody and says yes or no of a number; so none needs a record. One that asked for a
    role would have to stand among the doors above."""
    apis = [entry for entry in entries() if entry.route.startswith("/api/")]
    assert len(apis) >= 6
    assert all(VISITOR in entry.audience for entry in apis)
    assert Office.objects.count() == len(NAMES)


@pytest.mark.django_db(transaction=True)
def test_a_look_stays_when_the_request_is_rolled_back(monkeypatch: pytest.MonkeyPatch, person: Any) -> None:
    """A note that fails half-way is gone; that somebody opened the office for it is not."""
    from helpdesk.models import ContactLog
    from helpdesk.views import office as view

    office = make_office(business_number=NUMBER)
    client = Client(raise_request_exception=False)
    client.force_login(person(Role.HELPDESK), backend="django.contrib.auth.backends.ModelBackend")
    write = view.contacts.note_record

    def half_way(**fields: Any) -> None:
        from django.db import transaction

        with transaction.atomic():
            write(**fields)
            raise RuntimeError("the power went")

    monkeypatch.setattr(view.contacts, "note_record", half_way)
    answer = client.post(f"/helpdesk/offices/{office.business_number}/note/", {"text": "記録", "topic": "term"})
    assert answer.status_code == 500
    assert not ContactLog.objects.exists()
    assert AccessRecord.objects.get().subject_key == NUMBER
