"""Acting for the caller: what it leads to stands above the button, as on the member's own screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason
from accounts.permissions import audience, signed_in_user
from campaigns.models import FreePassApplication
from campaigns.queries import application_by_receipt, provisional_applications
from campaigns.services import AnswerChanged
from careplan_portal.lib import policies
from helpdesk.enums import Act
from helpdesk.forms import ActForm, CallerForm, ConsentForm, FileForm, ProveForm
from helpdesk.queries.around import around, own_facts
from helpdesk.queries.imagining import filing_confirms, what_if
from helpdesk.queries.screen import Screen
from helpdesk.rules.caller import NO_CONSENT
from helpdesk.services import behalf
from helpdesk.views.looking import STAFF, acting, business_day, render, screen_of, seen_list, seen_office
from licenses.services import Refused
from offices.models import Office

VERBS = {
    Act.APPLY: "申請を送る",
    Act.STOP: "停止の届けを出す",
    Act.STOP_WITHDRAW: "停止の届けを取り消す",
    Act.WITHDRAW: "予約を取り下げる",
    Act.PAID_RENEWAL: "有償の更新を申し込む",
    Act.PAID_START: "有償での利用を始める",
}
"""What the button of an act says: what will be done, not what the caller wants."""
CHANGED = "伝えた内容のあとで、状態が変わりました。新しい内容をもう一度伝えてください。"


@audience(*STAFF)
def act(request: HttpRequest, number: str, what: str) -> HttpResponse:
    """The check page of an act, and the act. Without a proved caller, first the caller."""
    if what not in Act.values:
        raise Http404
    office = seen_office(request, number, LookReason.CALL)
    screen = screen_of(request, office)
    if request.method != "POST" or screen.call is None:
        return check_page(request, office, screen, what)
    return (_file if what == Act.APPLY else _act)(request, office, screen, what)


def _act(request: HttpRequest, office: Office, screen: Screen, what: str) -> HttpResponse:
    form = ActForm(request.POST)
    form.full_clean()
    if not agreed(screen, form):
        return check_page(request, office, screen, what, form=form, status=422)
    assert screen.call is not None
    return _done(
        request, office, what, form,
        lambda: behalf.act_for_caller(
            act=what, call_id=screen.call.pk, shown=form.cleaned_data["shown"],  # type: ignore[union-attr]
            all_the_same=form.cleaned_data["all_the_same"], consent=form.cleaned_data["consent"], today=business_day(request), acting=acting(request),
        ),
    )  # fmt: skip


def _file(request: HttpRequest, office: Office, screen: Screen, what: str) -> HttpResponse:
    form = FileForm(request.POST, wanted=filing_confirms(screen))
    form.full_clean()
    agreed(screen, form)
    if not form.is_valid():
        told_otherwise = form.data.get("shown") != screen.fingerprints[1]
        if told_otherwise:
            return _changed(request, office, what, form)
        return check_page(request, office, screen, what, form=form, status=422)
    return _done(request, office, what, form, lambda: _filed(request, screen, form))


def agreed(screen: Screen, form: ConsentForm) -> bool:
    """Acting needs the caller's consent; with the form's other errors it is said at once."""
    if screen.must_agree and not form.cleaned_data.get("consent"):
        form.add_error("consent", NO_CONSENT)
        return False
    return True


def _filed(request: HttpRequest, screen: Screen, form: FileForm) -> FreePassApplication:
    today, wanted = business_day(request), form.cleaned_data
    assert screen.call is not None
    filed = behalf.Filed(
        name=wanted["name"], phone=wanted["phone"], email=wanted["email"], shown=wanted["shown"],
        form_key=wanted["form_key"], terms_version=str(policies.terms(today).version),
        privacy_version=str(policies.privacy(today).version),
    )  # fmt: skip
    return behalf.file_for_caller(
        call_id=screen.call.pk, filed=filed, consent=wanted["consent"], today=today, acting=acting(request)
    )


def _done(request: HttpRequest, office: Office, what: str, form: Any, do: Callable[[], object]) -> HttpResponse:
    """Do it, and say what became of it."""
    try:
        result = do()
    except Refused as refused:
        return check_page(
            request, office, screen_of(request, office), what, form=form, problem=refused.text, status=422
        )
    except (behalf.StandingChanged, AnswerChanged):
        return _changed(request, office, what, form)
    number = f" 受付番号 {result.receipt_number}" if isinstance(result, FreePassApplication) else ""
    messages.success(request, f"「{Act(what).label}」を受け付けました。{number}")
    return redirect("helpdesk:office", office.business_number)


def _changed(request: HttpRequest, office: Office, what: str, form: Any) -> HttpResponse:
    """What was told holds no longer: the new answer with fresh ticks; what was typed stays."""
    screen = screen_of(request, office)
    again = _file_form(screen, form.data) if what == Act.APPLY else None
    return check_page(request, office, screen, what, form=again, problem=CHANGED, status=409)


def check_page(
    request: HttpRequest, office: Office, screen: Screen, what: str, *,
    form: Any = None, caller_form: CallerForm | None = None, problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    """What the act leads to, above its button; without a proved caller the form that proves one (``caller_form``: sent
    back with its errors)."""
    standing, answer = screen.fingerprints
    filing = what == Act.APPLY
    caller = {"caller_form": None} if screen.call else prove_caller(request, screen, caller_form)
    context = caller | {
        "office": office, "screen": screen, "what": what, "label": Act(what).label, "problem": problem,
        "form": form or (_file_form(screen, {}) if filing else ActForm()),
        "shown": answer if filing else standing,
        "imagined": what_if(screen, what, business_day(request)),
        "free_first": _free_first(screen, what),
        "cannot": screen.cannot_file if filing else None,
        "verb": VERBS[Act(what)],
    }  # fmt: skip
    return render(request, "helpdesk/act.html", context, status=status)


def prove_caller(request: HttpRequest, screen: Screen, form: CallerForm | None) -> dict[str, Any]:
    """The form that proves a caller, and what to compare."""
    found = around(screen, signed_in_user(request).pk)
    form = form or CallerForm(prefix="caller", own_facts=own_facts(screen, found)).for_act()
    return {"around": found, "caller_form": form}


def _file_form(screen: Screen, typed: Mapping[str, Any]) -> FileForm:
    kept = {name: typed[name] for name in ("name", "phone", "email", "form_key") if name in typed}
    return FileForm(initial=_known(screen) | kept, wanted=filing_confirms(screen))


def _known(screen: Screen) -> dict[str, str]:
    call = screen.call
    return {"name": call.caller_name, "phone": call.caller_phone or screen.office.phone} if call else {}


def _free_first(screen: Screen, what: str) -> bool:
    answer = screen.answer.assessment
    return what in (Act.PAID_START, Act.PAID_RENEWAL) and answer is not None and answer.outcome == "apply_now"


# identity of those who filed -------------------------------------------------------------------


@audience(*STAFF)
@require_safe
def provisional(request: HttpRequest) -> HttpResponse:
    """Filings whose identity is not proved, the nearest deadline first."""
    waiting = list(provisional_applications()[:200])
    seen_list(request, "仮受付の一覧", len(waiting))
    return render(request, "helpdesk/provisional.html", {"waiting": waiting, "today": business_day(request)})


@audience(*STAFF)
def prove(request: HttpRequest, receipt: str) -> HttpResponse:
    """Call the registered telephone, or the published one of an unlisted office; record who confirmed what was filed."""
    application = application_by_receipt(receipt)
    if application is None:
        raise Http404
    office = seen_office(request, application.office.business_number, LookReason.CALL)
    form = ProveForm(request.POST or None, unlisted=office.unlisted)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            behalf.application_prove_by_call(
                application_id=application.pk, spoken_with=form.cleaned_data["spoken_with"],
                phone=form.cleaned_data.get("phone", office.phone),
                today=business_day(request), acting=acting(request),
            )  # fmt: skip
        except Refused as refused:
            problem = refused.text
        else:
            messages.success(request, f"{application.receipt_number} の確認を記録しました。")
            return redirect("helpdesk:office", office.business_number)
    context = {"application": application, "office": office, "form": form, "problem": problem}
    return render(request, "helpdesk/prove.html", context, status=422 if problem or form.errors else 200)


@audience(*STAFF)
@require_POST
def provisional_withdraw(request: HttpRequest, receipt: str) -> HttpResponse:
    """The caller takes back a filing that was not proved yet."""
    application = get_object_or_404(FreePassApplication.objects.select_related("office"), receipt_number=receipt)
    office = seen_office(request, application.office.business_number, LookReason.CALL)
    screen = screen_of(request, office)
    try:
        behalf.provisional_withdraw(
            call_id=screen.call.pk if screen.call else 0, application_id=application.pk,
            consent=bool(request.POST.get("consent")), today=business_day(request), acting=acting(request),
        )  # fmt: skip
        messages.success(request, f"{receipt} を取り下げました。")
    except Refused as refused:
        messages.error(request, refused.text)
    return redirect("helpdesk:office", office.business_number)
