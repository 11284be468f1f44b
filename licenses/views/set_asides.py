"""A licence that the night set aside: its ledger, what is wrong, and the repairs that fit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import LookReason, SubjectKind
from accounts.permissions import signed_in_user
from accounts.services import access_record
from careplan_portal.lib.words import ja_day, yen
from licenses import rules
from licenses.enums import EventKind, RenewalMode, Status
from licenses.forms import RepairForm
from licenses.models import SetAside
from licenses.queries import events_of, repairs
from licenses.queries.repairs import Fault, Repair
from licenses.rules import Change
from licenses.services import Refused, roll_over_again, set_aside_repair
from licenses.views.staff import ACTS, SEES, acting, business_day, may_act

EVENTS = 30
WORDS = {
    repairs.MOVE: "次回予約の更新日を{after}に合わせる",
    repairs.RELEASE: "次回予約（更新日{before}）を解除する",
    repairs.YEAR: "期間（{before}）のおわりを、1年になる{after}に直す",
    repairs.MODE: "更新のしかたを「{after}」にする",
}


@SEES
@require_safe
@never_cache
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, open or mended."""
    found = _found(request, pk)
    return _page(request, found, repairs.fault_of(found.license_id, business_day(request)))


def _found(request: HttpRequest, pk: int) -> SetAside:
    found = get_object_or_404(repairs.set_aside(pk))
    access_record(
        user=signed_in_user(request), subject_kind=SubjectKind.OFFICE,
        subject_key=found.license.office.business_number, reason=LookReason.CHECK,
    )  # fmt: skip
    return found


def _page(
    request: HttpRequest, found: SetAside, fault: Fault, form: RepairForm | None = None, status: int = 200
) -> HttpResponse:
    license = found.license
    context = {
        "found": found, "office": license.office, "license": license, "fault": fault, "form": form or _form(fault),
        "terms": license.terms.order_by("starts_on", "pk"), "reservations": repairs.reservations_of(license.pk),
        "events": events_of(license)[:EVENTS], "days": (business_day(request) - found.since).days + 1,
        "may_act": may_act(request), "mode": RenewalMode(license.renewal_mode).label
        if license.renewal_mode in RenewalMode.values else license.renewal_mode,
    }  # fmt: skip
    return render(request, "licenses/set_aside.html", context, status=status)


def _form(fault: Fault, data: Any = None) -> RepairForm:
    return RepairForm(data, offered=[(one.key, _words(one), _after(one)) for one in fault.repairs])


def _words(repair: Repair) -> str:
    return WORDS[repair.kind].format(before=_fact(repair, repair.before), after=_fact(repair, repair.after))


def _fact(repair: Repair, value: str) -> str:
    if repair.kind == repairs.MODE:
        return str(dict(RenewalMode.choices).get(value, value))
    if repair.kind == repairs.YEAR:
        return value.replace("/", " – ") if value == repair.before else value.split("/")[1]
    return value


def _after(repair: Repair) -> str:
    """How the licence would stand, in a sentence; or which fault would remain."""
    plan = repair.stands.plan
    if plan is None:
        return f"直しても、まだ問題が残ります：{repair.stands.problem}"
    said = [*map(_change, plan.changes), f"きょうの状態は「{Status(plan.status).label}」です。"]
    if plan.current is not None:
        said.append(f"{ja_day(plan.current.ends_on)}まで使えます。")
    return "".join(said)


def _change(change: Change) -> str:
    fee = f"（{yen(change.opens.fee_yen)}）" if change.kind == rules.RENEWED_PAID and change.opens else ""
    return f"{ja_day(change.on)}に「{EventKind(change.kind).label}」{fee}と記録されます。"


@ACTS
@require_POST
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the repair that was chosen, then bring the licence up to the day."""
    found, today = _found(request, pk), business_day(request)
    fault = repairs.fault_of(found.license_id, today)
    form = _form(fault, request.POST)
    if not form.is_valid():
        return _page(request, found, fault, form, 422)
    by = acting(request, form.cleaned_data["reason"])
    try:
        set_aside_repair(set_aside_id=pk, key=form.cleaned_data["repair"], today=today, acting=by)
    except Refused as refused:
        messages.warning(request, refused.text)
        return redirect("licenses:set-aside", pk)
    _go_on(request)
    return redirect("licenses:set-aside", pk)


def _go_on(request: HttpRequest) -> None:
    try:
        result = roll_over_again(today=business_day(request), acting=acting(request, "保留の記録を直したあとの処理"))
    except Refused:
        messages.success(request, "直しました。いま動いている処理か次の夜の処理が、きょうの日付まで進めます。")
        return
    if result is None:
        messages.success(request, "直しました。もう一度の処理を始めました。件数が多いため、終わるまで数分かかります。")
    else:
        messages.success(request, f"直して、もう一度処理しました。別にしたものは{result.counts['set_aside']}件です。")
