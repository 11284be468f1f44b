"""Letters: those that wait, print runs with their log, again, and what the post brings back."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from notices import documents, queries, services
from notices.enums import Channel
from notices.forms import ReasonForm
from notices.models import Delivery, PrintRun
from notices.services.printing import BATCH
from notices.views.desk import DESK, SHOWN, acting, seen_list, seen_offices, today_of

RUNS_A_PAGE = 50


@DESK
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """What waits to be printed, and what was printed when by whom."""
    seen_list(request, "お知らせの手紙")
    waiting = queries.letters_waiting()
    context = {
        "waiting": list(waiting[:SHOWN]), "count": waiting.count(), "batch": BATCH,
        "runs": Paginator(queries.print_runs(), RUNS_A_PAGE).get_page(request.GET.get("page")),
    }  # fmt: skip
    return render(request, "notices/letters.html", context)


@DESK
@require_POST
def print_batch(request: HttpRequest) -> HttpResponse:
    """The next letters as one file for the printer; from then on they count as handed over."""
    run = services.letters_print(today=today_of(request), acting=acting(request, "手紙の発送"))
    if run is None:
        messages.info(request, "いま刷る手紙はありません。")
        return redirect("notices:letters")
    return _file(request, list(queries.letters_of(run)), run)


@DESK
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One print run: its letters, how they stand, and every time they were printed."""
    found = get_object_or_404(PrintRun.objects.select_related("made_by"), pk=pk)
    seen_list(request, f"お知らせの手紙の印刷 {found.pk}")
    context = {"run": found, "letters": list(queries.letters_of(found)), "log": list(queries.print_log(found))}
    return render(request, "notices/run.html", context)


@DESK
@require_POST
def run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole run once more, with the reason."""
    found, form = get_object_or_404(PrintRun, pk=pk), ReasonForm(request.POST)
    if not form.is_valid():
        return _no_reason(request, found.pk)
    services.letters_again(run_id=found.pk, acting=acting(request, form.cleaned_data["reason"]))
    return _file(request, list(queries.letters_of(found)), found)


@DESK
@require_POST
def letter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter once more, to the address that the office has now."""
    letter, form = _printed(pk), ReasonForm(request.POST)
    assert letter.print_run is not None
    if not form.is_valid():
        return _no_reason(request, letter.print_run.pk)
    services.letter_again(delivery_id=letter.pk, acting=acting(request, form.cleaned_data["reason"]))
    return _file(request, [_printed(pk)], letter.print_run)


@DESK
@require_POST
def letter_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """The post brought one back."""
    letter, form = _printed(pk), ReasonForm(request.POST)
    assert letter.print_run is not None
    if not form.is_valid():
        return _no_reason(request, letter.print_run.pk)
    services.letter_returned(delivery_id=letter.pk, acting=acting(request, form.cleaned_data["reason"]))
    messages.success(request, "手紙が戻ったことを記録しました。「戻ったお知らせ」に並びます。")
    return redirect("notices:run", letter.print_run.pk)


def _printed(pk: int) -> Delivery:
    rows = Delivery.objects.filter(channel=Channel.LETTER, print_run__isnull=False)
    return get_object_or_404(rows.select_related("notice__office", "print_run"), pk=pk)


def _no_reason(request: HttpRequest, run_id: int) -> HttpResponse:
    messages.warning(request, "わけを書いてください（200字まで）。まだ何もしていません。")
    return redirect("notices:run", run_id)


def _file(request: HttpRequest, letters: Sequence[Delivery], run: PrintRun) -> HttpResponse:
    seen_offices(request, [letter.notice for letter in letters])
    response = HttpResponse(documents.letters_pdf(letters), content_type="application/pdf")
    name = f"notices-{run.made_on.isoformat()}-{run.pk}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
