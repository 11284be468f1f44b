"""Billing: every month is recorded, once, whatever nights were missed; and the list as table and paper."""

import csv
import io

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from accounts.enums import Role
from careplan_portal.lib.acting import MEMBER, Acting
from licenses import services
from licenses.documents import bill_pdf
from licenses.models import BillLine
from licenses.queries import bills
from licenses.queries.bills import bill_months_due, bill_papers
from tests.factories import make_office, make_user
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
ACTING = Acting(None, MEMBER, "試験")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def start_paid(day: str, **office):
    made = make_office(**office)
    services.license_start_paid(office_id=made.pk, today=D(day), acting=ACTING)
    return made


def lines() -> list[tuple[str, str, int]]:
    return [(line.month.isoformat(), line.kind, line.yen) for line in BillLine.objects.order_by("month", "pk")]


def test_months_of_missed_nights_are_recorded_each_as_its_own():
    start_paid("2026-05-20")
    start_paid("2026-06-10")
    start_paid("2026-08-05")
    # Nothing ran between the end of May and the middle of August.
    assert bill_months_due(D("2026-08-15")) == [D("2026-06-01"), D("2026-07-01"), D("2026-08-01")]
    assert services.bill_lines_record_due(today=D("2026-08-15")) == 2
    assert lines() == [("2026-06-01", "charge", 21000), ("2026-07-01", "charge", 21000)]
    assert services.bill_lines_record_due(today=D("2026-08-15")) == 0
    assert services.bill_lines_record_due(today=D("2026-09-01")) == 1
    assert bill_months_due(D("2026-09-30")) == [D("2026-09-01")]


def test_a_missed_correction_comes_in_the_month_it_belongs_to():
    office = start_paid("2026-05-20")
    services.bill_lines_record_due(today=D("2026-06-01"))
    services.license_make_free(
        office_id=office.pk, starts_on=D("2026-05-20"), filed_on=D("2026-05-25"), today=D("2026-06-10"), acting=ACTING
    )
    assert services.bill_lines_record_due(today=D("2026-06-20")) == 0, "not before its month"
    assert services.bill_lines_record_due(today=D("2026-09-03")) == 1
    assert lines()[-1] == ("2026-07-01", "correction", -21000)
    assert sum(yen for _, _, yen in lines()) == 0


def test_a_term_made_free_before_it_was_billed_leaves_no_line():
    office = start_paid("2026-05-20")
    services.license_make_free(
        office_id=office.pk, starts_on=D("2026-05-20"), filed_on=D("2026-05-25"), today=D("2026-05-28"), acting=ACTING
    )
    assert services.bill_lines_record_due(today=D("2026-07-01")) == 0


def test_a_leading_zero_is_kept_where_spreadsheets_keep_it(settings, tmp_path, capsys):
    settings.PORTAL_TODAY = D("2026-07-01")
    start_paid("2026-06-10", business_number="0170200018", name="\t=cmd|'/c calc'!A1", corporation_name="＝1+1")
    out = tmp_path / "bills.csv"
    call_command("billing_list", "--month", "2026-07", "--out", out)
    assert capsys.readouterr().out.strip() == "1"
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert row["事業所番号"] == "0170200018"
    assert row["事業所番号（区切り）"] == "01 7 02 0001 8", "no number for a spreadsheet"
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in row.values())


# --- the paper -----------------------------------------------------------------------------------


def text_of(content: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages)


def test_the_list_as_a_paper_says_every_line_and_the_sum(settings):
    settings.INVOICE_ISSUER_NUMBER = "T1234567890123"
    start_paid("2026-06-10", name="居宅介護支援 髙﨑", corporation_name="合同会社 渡邉")
    start_paid("2026-06-11", name="デイサービス みなとの風")
    services.bill_lines_record_due(today=D("2026-07-01"))
    (paper,) = bill_papers(D("2026-07-01"))
    services.bill_paper_make(first=paper.first, number=1)
    content = paper.path.read_bytes()
    text = text_of(content)
    for said in (
        "2026年7月1日の請求の一覧",
        "居宅介護支援髙﨑",
        "合同会社渡邉",
        "42,000円",
        "消費税10％を含みます",
        "T1234567890123",
    ):
        assert said in text
    assert "第1巻" not in text
    reader = PdfReader(io.BytesIO(content))
    assert reader.metadata.title == "請求の一覧_2026-07_2件"
    assert reader.trailer["/Root"]["/Lang"] == "ja"
    assert paper.path.stat().st_mode & 0o077 == 0
    assert services.bill_paper_make(first=paper.first, number=1) is False, "made once"
    assert services.bill_paper_make(first=paper.first, number=2) is False, "no such volume"


def test_a_long_month_comes_in_volumes_and_a_full_one_never_changes(monkeypatch):
    monkeypatch.setattr(bills, "VOLUME", 2)
    for day in ("2026-06-10", "2026-06-11", "2026-06-12"):
        start_paid(day)
    services.bill_lines_record_due(today=D("2026-07-01"))
    first, second = bill_papers(D("2026-07-01"))
    assert (first.lines, second.lines, first.is_whole_month) == (2, 1, False)
    for paper in (first, second):
        assert services.bill_paper_make(first=paper.first, number=paper.number) is True
    seen = text_of(first.path.read_bytes()) + text_of(second.path.read_bytes())
    assert "この巻の合計42,000円" in seen
    assert all(str(line.pk) in seen for line in BillLine.objects.all())
    # One more line, recorded late.
    start_paid("2026-06-30")
    services.bill_lines_record(month=D("2026-07-01"), today=D("2026-07-05"))
    first_now, second_now = bill_papers(D("2026-07-01"))
    assert first_now.is_there, "a full volume stands"
    assert not second_now.is_there
    assert second.path.is_file(), "what was handed out is kept"


def test_the_paper_is_made_in_silence(caplog):
    start_paid("2026-06-10", name="", corporation_name="")
    services.bill_lines_record(month=D("2026-07-01"), today=D("2026-07-01"))
    (paper,) = bill_papers(D("2026-07-01"))
    bill_pdf(paper, list(bills.bill_paper_lines(paper)))
    assert [record.getMessage() for record in caplog.records] == []


def test_operators_have_it_drawn_auditors_read_it_others_do_not(client, settings, django_capture_on_commit_callbacks):
    settings.PORTAL_TODAY = D("2026-07-01")
    start_paid("2026-06-10")
    services.bill_lines_record(month=D("2026-07-01"), today=D("2026-07-01"))
    page, paper = "/bills/2026-07/", "/bills/2026-07/list-1.pdf"
    client.force_login(make_user(Role.AUDITOR))
    assert "まだできていません" in client.get(page).text
    assert "PDFを作る" not in client.get(page).text
    assert client.get(paper)["Location"] == page
    assert client.post("/bills/2026-07/papers/").status_code == 403
    client.force_login(make_user(Role.OPERATOR))
    assert "PDFを作る" in client.get(page).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/bills/2026-07/papers/")
    assert "この月の一覧</a>" in client.get(page).text
    assert "PDFを作る" not in client.get(page).text
    answer = client.get(paper)
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert client.get("/bills/2026-07/list-2.pdf").status_code == 404
    for role in (Role.OFFICE_STAFF, Role.HELPDESK, Role.OFFICER):
        client.force_login(make_user(role))
        assert client.get(paper).status_code == 403
