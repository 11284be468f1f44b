"""What is billed, month by month: looked through, taken along as a table, recorded."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from careplan_portal.lib.csvfile import csv_lines
from licenses.documents import BILL_HEADER, bill_file_name, bill_rows
from licenses.queries import policy
from licenses.queries.bills import bill_lines, bill_month, bill_months, bill_papers
from licenses.services import bill_lines_preview, bill_lines_record, bill_paper_request
from licenses.views.staff import ACTS, SEES, business_day, may_act, seen_list

PAGE = 100


@SEES
@require_safe
def bills(request: HttpRequest) -> HttpResponse:
    """Every month, the last first."""
    today = business_day(request)
    context = {"months": bill_months(today, policy()), "today": today, "may_act": may_act(request)}
    return render(request, "licenses/bills.html", context)


@SEES
@require_safe
def bill(request: HttpRequest, first: date) -> HttpResponse:
    """One month's lines, a page at a time."""
    today = business_day(request)
    page = Paginator(bill_lines(first), PAGE).get_page(request.GET.get("page"))
    papers = bill_papers(first)
    if page.object_list:
        seen_list(request, f"請求の一覧 {first:%Y-%m}")
    context = {
        "month": bill_month(first, today, policy()), "page": page, "today": today,
        "has_come": first <= today, "may_act": may_act(request), "papers": papers,
        "missing": not all(paper.is_there for paper in papers),
    }  # fmt: skip
    return render(request, "licenses/bill.html", context)


@SEES
@require_safe
@never_cache
def bill_csv(request: HttpRequest, first: date) -> StreamingHttpResponse:
    """The month as a table that spreadsheets open: the recorded lines, before its day what there is so far."""
    seen_list(request, f"請求の一覧 {first:%Y-%m}", export=True)
    has_come = first <= business_day(request)
    lines = bill_lines(first).iterator(2000) if has_come else bill_lines_preview(month=first)
    answer = StreamingHttpResponse(csv_lines(BILL_HEADER, bill_rows(lines)), content_type="text/csv; charset=utf-8")
    name = f"bills-{first:%Y-%m}{'' if has_come else '-mikomi'}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@SEES
@require_safe
@never_cache
def bill_paper_file(request: HttpRequest, first: date, number: int) -> FileResponse | HttpResponse:
    """A volume of the month as PDF; while it is not drawn, the month's page."""
    paper = next((one for one in bill_papers(first) if one.number == number), None)
    if paper is None:
        raise Http404
    if not paper.is_there:
        return redirect("licenses:bill", first)
    seen_list(request, f"請求の一覧 {first:%Y-%m}", export=True)
    return FileResponse(paper.path.open("rb"), content_type="application/pdf", filename=bill_file_name(paper))


@ACTS
@require_POST
def bill_papers_make(request: HttpRequest, first: date) -> HttpResponse:
    """Have the volumes drawn that are not there yet. Pressing again changes nothing."""
    if bill_paper_request(first=first):
        messages.success(request, "PDFを作っています。数分たったら、この画面を開き直してください。")
    else:
        messages.success(request, "PDFは、できています。")
    return redirect("licenses:bill", first)


@ACTS
@require_POST
def bill_record(request: HttpRequest, first: date) -> HttpResponse:
    """Record the lines that wait. Recorded ones stay as they are, so pressing again changes nothing."""
    today = business_day(request)
    if first > today:
        messages.warning(request, "この月の1日になるまで、記録できません。まだ変わることがあります。")
        return redirect("licenses:bill", first)
    before = bill_lines(first).count()
    after = bill_lines_record(month=first, today=today).count()
    bill_paper_request(first=first)
    messages.success(request, f"{after - before:,}件を記録しました。" if after > before else "新しい明細はありません。")
    return redirect("licenses:bill", first)
