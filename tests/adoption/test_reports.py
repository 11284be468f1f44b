"""Reports for all: queued, made once, kept, listed, mailed to officers who asked; and the monthly one read back."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pypdf import PdfReader

from accounts.enums import Role
from adoption.documents.monthly import TEMPLATE, monthly_context
from adoption.enums import ReportKind
from adoption.models import AreaReport, ReportWish
from adoption.queries.figures import run_on
from adoption.queries.places import place_by_code, public_places
from adoption.queries.reports import codes_wanted
from adoption.services.reports import report_make, report_wish_set, reports_make, reports_queue
from adoption.services.snapshots import snapshot_make
from careplan_portal.lib import pdf
from notices.enums import Kind
from notices.models import Notice
from offices.models import Area
from tests.adoption import slow
from tests.adoption.conftest import TOTTORI, YONAGO, free, open_office
from tests.adoption.test_pages import person

MAY, JUNE = date(2025, 5, 31), date(2025, 6, 30)
TODAY = date(2025, 7, 1)


@pytest.fixture(autouse=True)
def _here(db: None, settings: object, tmp_path: Path) -> None:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.fixture
def area() -> Area:
    """Yonago's; eleven offices, seven of which began in June."""
    for number in range(11):
        office = open_office(YONAGO, ("15",) if number % 2 else ("43",))
        if number < 7:
            free(office, date(2025, 6, 2 + number))
    for day in (MAY, JUNE):
        snapshot_make(day=day)
    made = Area.objects.create(code="yonago", name="米子市 福祉課")
    made.municipalities.set([YONAGO])
    return made


@pytest.fixture
def officer(area: Area) -> Client:
    client = person("o@city.example", Role.OFFICER)
    area.officers.add(client.user)  # type: ignore[attr-defined]
    return client


def words_of(body: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages))


def test_the_monthly_report_tells_the_difference_to_the_month_before(area: Area, tmp_path: Path) -> None:
    out = tmp_path / "m.pdf"
    call_command("make_report", "adoption", "--monthly", area=YONAGO, on=JUNE, out=out, stdout=io.StringIO())
    text = words_of(out.read_bytes())
    now, then = (slow.figures(day, day)[YONAGO, "all"] for day in (JUNE, MAY))
    assert (now["offices_using"], then["offices_using"]) == (7, 0)
    assert "2025年6月の報告" in text
    assert "すべて：利用中の事業所70+7" in text
    assert "すべて：普及率％63.60.0+63.6" in text
    assert "その月に使い始めた事業所70+7" in text
    assert "居宅介護支援4666.7+4" in text


def test_the_paper_is_sound(area: Area) -> None:
    run = run_on(JUNE)
    assert run is not None
    for code in (YONAGO, TOTTORI, "000000", "yonago"):
        place = place_by_code(code)
        assert place is not None
        context = monthly_context(place, run, TODAY)
        assert pdf.render_noting(TEMPLATE, context, title=context["title"]).warnings == ()


def test_without_the_month_before_it_says_so(area: Area) -> None:
    run, place = run_on(MAY), place_by_code(YONAGO)
    assert run is not None
    assert place is not None
    context = monthly_context(place, run, TODAY)
    assert not context["is_known"]
    assert {row.change for row in context["changes"]} == {"－"}


def test_a_report_is_made_once_and_kept(area: Area) -> None:
    run, place = run_on(JUNE), place_by_code(YONAGO)
    assert run is not None
    assert place is not None
    assert report_make(place=place, kind=ReportKind.COUNCIL, run=run, today=TODAY)
    report = AreaReport.objects.get()
    first = report.file.read_bytes()
    assert len(first) == report.size
    assert not report_make(place=place, kind=ReportKind.COUNCIL, run=run, today=TODAY + timedelta(days=1))
    assert report.file.read_bytes() == first


def test_the_night_queues_what_is_wanted_and_missing(area: Area, officer: Client, settings: object) -> None:
    settings.MONTHLY_REPORTS = "all"  # type: ignore[attr-defined]
    assert len(codes_wanted()) == 1 + 47 + 1741 + 1
    assert set(codes_wanted()) == {*public_places(), "yonago"}
    settings.MONTHLY_REPORTS = "asked"  # type: ignore[attr-defined]
    assert codes_wanted() == []
    report_wish_set(area=area, user=officer.user, wanted=True)  # type: ignore[attr-defined]
    assert codes_wanted() == ["yonago"]
    assert reports_queue(today=TODAY, codes=[YONAGO]) == 1
    assert reports_queue(today=date(2025, 9, 1), codes=[YONAGO]) == 0  # no figures of August's end


@pytest.mark.django_db(transaction=True)
def test_the_queue_makes_keeps_and_mails(area: Area, officer: Client) -> None:
    report_wish_set(area=area, user=officer.user, wanted=True)  # type: ignore[attr-defined]
    assert reports_queue(today=TODAY) == 1
    assert {(r.area_code, r.kind) for r in AreaReport.objects.all()} == {("yonago", k) for k in ReportKind.values}
    (message,) = mail.outbox
    assert message.to == ["o@city.example"]
    assert "2025年6月の報告ができました" in message.body
    assert "/adoption/areas/yonago/reports/" in message.body
    name, body, kind = message.attachments[0]
    assert (name, kind) == ("adoption_yonago_monthly_2025-06-30.pdf", "application/pdf")
    assert "2025年6月の報告" in words_of(body)  # type: ignore[arg-type]
    assert reports_queue(today=TODAY) == 0
    assert reports_make(codes=["yonago"], day=JUNE, today=TODAY) == 0
    assert len(mail.outbox) == Notice.objects.filter(kind=Kind.AREA_REPORT).count() == 1


def test_who_no_longer_looks_after_the_area_gets_no_mail(area: Area, officer: Client) -> None:
    user = officer.user  # type: ignore[attr-defined]
    report_wish_set(area=area, user=user, wanted=True)
    area.officers.remove(user)
    reports_make(codes=["yonago"], day=JUNE, today=TODAY)
    assert AreaReport.objects.filter(kind=ReportKind.MONTHLY).count() == 1
    assert not Notice.objects.exists()


def test_officers_ask_for_mail_and_stop_it(officer: Client) -> None:
    url = "/adoption/areas/yonago/reports/"
    assert "報告書は、まだありません" in officer.get(url).content.decode()
    for _ in range(2):
        assert "送ります" in officer.post(f"{url}wish/", {"wanted": "yes"}, follow=True).content.decode()
    assert ReportWish.objects.filter(ended_at=None).count() == 1
    assert "止めました" in officer.post(f"{url}wish/", {"wanted": "no"}, follow=True).content.decode()
    assert ReportWish.objects.filter(ended_at=None).count() == 0


def test_reports_are_listed_and_handed_out_to_who_may_see_them(officer: Client, client: Client) -> None:
    other = Area.objects.create(code="matsue", name="松江市")
    other.municipalities.set(["322016"])
    reports_make(codes=["yonago", "matsue", YONAGO, "nowhere"], day=JUNE, today=TODAY)
    listed = officer.get("/adoption/areas/yonago/reports/").content.decode()
    path = "/adoption/areas/yonago/reports/monthly_2025-06-30.pdf"
    assert path in listed
    response = officer.get(path)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    for strange in ("matsue/reports/", "matsue/reports/monthly_2025-06-30.pdf", "yonago/reports/monthly_2025-06-29.pdf",
                    "yonago/reports/other_2025-06-30.pdf", "yonago/reports/monthly_2025-13-30.pdf"):  # fmt: skip
        assert officer.get(f"/adoption/areas/{strange}").status_code == 404
    assert officer.post("/adoption/areas/matsue/reports/wish/", {"wanted": "yes"}).status_code == 404
    assert client.get(path).status_code == 302
    assert client.get(f"/adoption/{YONAGO}/reports/monthly_2025-06-30.pdf").status_code == 200
    assert (
        f"/adoption/{YONAGO}/reports/council_2025-06-30.pdf"
        in client.get(f"/adoption/{YONAGO}/reports/").content.decode()
    )
    assert client.get("/adoption/999999/reports/").status_code == 404


def test_the_command_queues_and_names_what_it_does_not_know(area: Area) -> None:
    out = io.StringIO()
    call_command("make_reports", YONAGO, stdout=out)
    assert out.getvalue().startswith("1地域")
    with pytest.raises(Exception, match="この地域はありません: nowhere"):
        call_command("make_reports", "nowhere", stdout=out)
