"""The acknowledgement: a page at an address that cannot be guessed, its paper, and asking members."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import audience
from campaigns import documents, rules, services
from campaigns.models import FreePassApplication
from campaigns.permissions import acts_for, filing_throttle
from campaigns.queries import (
    Receipt,
    Waiting,
    application_by_token,
    joining_of,
    receipt_of,
    receipt_path,
    waiting_with,
)
from campaigns.rules.joining import WHY_NOT_JOINING
from careplan_portal.lib.acting import VISITOR, Acting
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.japan.holidays import next_business_day
from careplan_portal.lib.throttle import too_many
from careplan_portal.lib.words import ja_day, weekday
from offices.services.members import Refused


def _application(token: str) -> FreePassApplication:
    application = application_by_token(token)
    if application is None:
        raise Http404
    return application


@audience.public
@require_safe
@never_cache
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """How the application stands today, with its number, what comes next and what to do."""
    application = _application(token)
    today = request.today  # type: ignore[attr-defined]
    shown = receipt_of(application, today)
    is_member = acts_for(request.user, application.office_id, today)
    joining = "" if is_member else joining_of(application, today)
    context = {
        "receipt": shown,
        "a": application,
        "f": shown.filed,
        "token": token,
        "when": _when(shown),
        "may_again": shown.has_ended and not shown.is_superseded and shown.filed.window_open,
        "facts": _facts(shown),
        "waiting": waiting_with(application, today) if shown.is_provisional else Waiting(),
        "letter_on": next_business_day(today),
        "is_member": is_member,
        "joining": joining,
        "why_not_joining": WHY_NOT_JOINING.get(joining, ""),
    }
    return render(request, "campaigns/receipt/receipt.html", context)


def _when(shown: Receipt) -> str:
    """The moment of filing; named where the heading says what happened later."""
    moment = shown.filed_when
    says_filed = shown.is_provisional or (shown.is_confirmed and shown.filed.proved_at_once)
    return moment if says_filed else f"申請した日時：{moment}"


def _facts(shown: Receipt) -> list[tuple[str, str, str]]:
    """From when, until when, how much: as on the answer's page."""
    term = shown.filed.term
    after = rules.going_on(shown.filed.fee_after) if shown.filed.fee_after else "更新はありません"
    return [
        ("いつから", ja_day(term.starts_on), weekday(term.starts_on)),
        ("いつまで", ja_day(term.ends_on), f"{weekday(term.ends_on)}。両方の日を含みます"),
        ("いくら", "0円", after),
    ]


@audience.public
@require_safe
@never_cache
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """受付票 as PDF, as it stands today."""
    shown = receipt_of(_application(token), request.today)  # type: ignore[attr-defined]
    response = HttpResponse(documents.receipt_pdf(shown), content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(documents.receipt_file_name(shown))}"
    return response


@audience.public
@require_POST
def ask_members(request: HttpRequest, token: str) -> HttpResponse:
    """Ask the office's members by mail to confirm; who they are is not told."""
    application = _application(token)
    wait = filing_throttle().wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    acting = Acting(None, VISITOR, "受付票のページから")
    today = request.today  # type: ignore[attr-defined]
    if services.members_ask(application_id=application.pk, today=today, acting=acting):
        messages.success(request, "登録ずみの人に、お願いのメールを送りました。")
    else:
        messages.info(request, "きょうは、もうお願いのメールを送っています。")
    return redirect(receipt_path(application))


@audience.public
@require_POST
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A sign-in for whoever filed and was proved: the mail to make it goes to the applicant's address."""
    application = _application(token)
    wait = filing_throttle().wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    acting = Acting(None, VISITOR, "受付票のページから")
    today = request.today  # type: ignore[attr-defined]
    try:
        user = services.applicant_join(application=application, today=today, acting=acting)
    except Refused as refused:
        messages.warning(request, refused.text)
    else:
        messages.success(request, _joined(user))
    return redirect(receipt_path(application))


def _joined(user: User) -> str:
    if user.has_usable_password():
        return "手続きする人に加わりました。いつものサインインで、わたしの事業所に進めます。"
    return f"{user.email} に、サインインを作るメールを送りました。"
