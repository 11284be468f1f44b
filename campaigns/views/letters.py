"""The helpdesk's letters with codes: what waits for one, print, print again, what came back, and the log of
print runs. Each printed office is a look on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, Role, SubjectKind
from accounts.models import User
from accounts.permissions import audience, signed_in_user
from accounts.services import access_record
from campaigns import documents, queries, services
from campaigns.documents import LetterPaper
from campaigns.enums import ReturnedWhy
from campaigns.forms.letters import AgainForm, ReturnedForm
from campaigns.models import IdentityLetter, LetterRun
from campaigns.services import Made
from careplan_portal.lib.acting import HELPDESK, OPERATOR, Acting
from licenses.services import Refused

DESK = (Role.HELPDESK, Role.OPERATOR)
SHOWN = 100
RUNS_SHOWN = 50


@audience(*DESK)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Who waits for a letter, whom none can reach, which ones wait for their code, which came back.
    ``q``: only those waiting ones whose envelope bears it."""
    sought = request.GET.get("q", "").strip()[:60]
    _seen(request, "確認の手紙")
    due = queries.letters_due()
    context = {
        "due": list(due[:SHOWN]),
        "due_count": due.count(),
        "impossible": list(queries.letters_impossible()[:SHOWN]),
        "returned": list(queries.letters_returned()[:SHOWN]),
        "waiting": list(queries.letters_waiting(sought)[:SHOWN]),
        "batch": services.BATCH,
        "why": ReturnedWhy.choices,
        "sought": sought,
    }
    return render(request, "campaigns/identity/letters.html", context)


@audience(*DESK)
@require_safe
def letter_runs(request: HttpRequest) -> HttpResponse:
    """The log: who printed how many letters when and why, and how they stand."""
    return render(request, "campaigns/identity/letter_runs.html", {"runs": queries.letter_runs(RUNS_SHOWN)})


@audience(*DESK)
@require_safe
def letter_run(request: HttpRequest, pk: int) -> HttpResponse:
    """One print run with its letters."""
    run = get_object_or_404(LetterRun.objects.select_related("made_by"), pk=pk)
    _seen(request, f"確認の手紙の印刷 {run.pk}")
    lines = queries.letters_of_run(run)
    context = {"run": run, "lines": lines, "again": any(line.may_be_printed_again for line in lines),
               "why": ReturnedWhy.choices}  # fmt: skip
    return render(request, "campaigns/identity/letter_run.html", context)


def _seen(request: HttpRequest, what: str) -> None:
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.SEARCH, subject_key=what, reason=LookReason.LETTER
    )


@audience(*DESK)
@require_POST
def letters_print(request: HttpRequest) -> HttpResponse:
    """Make the letters that are due and hand them to the printer, in one file."""
    user = signed_in_user(request)
    made = services.letters_make(today=_today(request), acting=_acting(user))
    if not made:
        messages.info(request, "いま刷る手紙はありません。")
        return redirect("campaigns:letters")
    return _file(request, user, made)


@audience(*DESK)
@require_POST
def letter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter once more, with a new code; the old one stops working."""
    letter = get_object_or_404(IdentityLetter, pk=pk)
    return _again(request, lambda reason, today, acting: [
        services.letter_make_again(letter_id=letter.pk, today=today, acting=acting, reason=reason)
    ])  # fmt: skip


@audience(*DESK)
@require_POST
def letter_run_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole run once more: those of its letters that still wait, with new codes."""
    run = get_object_or_404(LetterRun, pk=pk)
    return _again(request, lambda reason, today, acting: services.letter_run_make_again(
        run_id=run.pk, today=today, acting=acting, reason=reason
    ))  # fmt: skip


def _again(request: HttpRequest, make: Callable[[str, date, Acting], Sequence[Made]]) -> HttpResponse:
    user, form = signed_in_user(request), AgainForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "刷り直すわけを書いてください（100字まで）。まだ刷っていません。")
        return _back(request)
    try:
        made = make(form.cleaned_data["reason"], _today(request), _acting(user))
    except Refused as refused:
        messages.warning(request, refused.text)
        return _back(request)
    return _file(request, user, made)


@audience(*DESK)
@require_POST
def letter_returned(request: HttpRequest, pk: int) -> HttpResponse:
    """The post brought one back."""
    letter, form = get_object_or_404(IdentityLetter, pk=pk), ReturnedForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "戻ってきたわけを選んでください。まだ記録していません。")
        return _back(request)
    try:
        services.letter_returned(
            letter_id=letter.pk, why=ReturnedWhy(form.cleaned_data["why"]), today=_today(request),
            acting=_acting(signed_in_user(request)),
        )  # fmt: skip
    except Refused as refused:
        messages.warning(request, refused.text)
    else:
        messages.success(request, f"{letter.addressee}あての手紙が戻ったことを記録しました。コードは使えなくしました。")
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the run from which the button was pressed, or to the list."""
    run = request.POST.get("run", "")
    return redirect("campaigns:letter-run", int(run)) if run.isdecimal() else redirect("campaigns:letters")


def _today(request: HttpRequest) -> date:
    return request.today  # type: ignore[attr-defined]


def _acting(user: User) -> Acting:
    return Acting(user.pk, OPERATOR if user.role == Role.OPERATOR else HELPDESK, "手紙の発送")


def _file(request: HttpRequest, user: User, made: Sequence[Made]) -> HttpResponse:
    today = _today(request)
    for one in made:
        for application in one.applications:
            key = application.office.business_number
            access_record(user=user, subject_kind=SubjectKind.OFFICE, subject_key=key, reason=LookReason.LETTER)
    papers = [
        LetterPaper(
            one.letter.addressee,
            one.letter.postal_code,
            one.letter.address,
            one.code,
            one.letter.made_on,
            [queries.receipt_of(application, today) for application in one.applications],
        )
        for one in made
    ]
    response = HttpResponse(documents.letters_pdf(papers), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="letters-{today.isoformat()}.pdf"'
    return response
