"""Filing: one thing a page, what was typed kept at an address of its own, sent once."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import audience, sign_in_first
from campaigns import services
from campaigns.forms.check import claims_in, kept
from campaigns.forms.filing import NEEDED, STEPS, UNLISTED_STEPS, PlaceForm, SendForm, ServicesForm
from campaigns.models import FilingDraft
from campaigns.permissions import acts_for, filing_throttle
from campaigns.queries import Answered, draft_by_key, receipt_path
from campaigns.rules.agreeing import ToConfirm, to_confirm
from campaigns.views.check import Subject, answer_for, subject_for, subject_of
from campaigns.views.remembering import remember_draft
from careplan_portal.lib import handback, policies
from careplan_portal.lib.acting import MEMBER, VISITOR, Acting
from careplan_portal.lib.addresses import address
from careplan_portal.lib.http import client_ip
from careplan_portal.lib.japan.business_number import BusinessNumber
from careplan_portal.lib.throttle import too_many
from licenses.services import Refused
from offices.rules.catalogue import service_kinds
from offices.services.refusal import OfficeRefused

NAMES = "事業所を選ぶ|申請する人と連絡先|確かめて送る|受付"


@audience.public
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """From the answer to the first page: what was said of the licence goes along."""
    subject = subject_of(request)
    if subject is None or subject.is_closed:
        return redirect("campaigns:start")
    wait = filing_throttle().wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    member = _member(request, subject)
    claims = None if member else claims_in(request.POST, subject.uses, subject.today)
    if isinstance(claims, str):
        return redirect(f"{address('campaigns:check')}?{kept(request.POST)}")
    begun = _begun(request, subject, member)
    if begun is not None:
        services.draft_restate(draft_id=begun.pk, claims=claims, today=subject.today)
        return redirect("campaigns:filing", begun.key)
    draft = services.draft_start(
        business_number=subject.number.value,
        claims=claims,
        user_id=member.pk if member else None,
        answers={"name": member.name, "email": member.email} if member else {},
        today=subject.today,
    )
    return remember_draft(redirect("campaigns:filing-step", draft.key, steps_of(draft, subject)[0]), draft)


def _begun(request: HttpRequest, subject: Subject, member: User | None) -> FilingDraft | None:
    """The draft that this person came from to mend the dates, when it is for the same number."""
    draft = draft_by_key(request.POST.get("draft", ""))
    if draft is None or draft.application is not None or draft.business_number != subject.number.value:
        return None
    return draft if draft.user_id == (member.pk if member else None) else None


def _member(request: HttpRequest, subject: Subject) -> User | None:
    office_id = subject.office.pk if subject.office else None
    is_member = acts_for(request.user, office_id, subject.today)
    return request.user if is_member and isinstance(request.user, User) else None


def steps_of(draft: FilingDraft, subject: Subject) -> list[str]:
    """The pages of this filing: an office that the register does not name is described first."""
    return [step for step in STEPS if step not in UNLISTED_STEPS or not subject.is_known]


def _open(request: HttpRequest, key: str) -> FilingDraft | HttpResponse:
    """The draft at this address; or where to go instead: sent, gone, or another person's."""
    draft = draft_by_key(key)
    if draft is None:
        return render(request, "campaigns/filing/gone.html", status=404)
    if draft.application is not None:
        return redirect(receipt_path(draft.application))
    if draft.user_id is not None and draft.user_id != request.user.pk:
        if request.user.is_authenticated:  # somebody else's: as if it were not there
            return render(request, "campaigns/filing/gone.html", status=404)
        return sign_in_first(request, whose=draft.user_id)
    unsent = handback.waiting(request, draft.user_id) if draft.user_id is not None else None
    return unsent or draft


def _subject(draft: FilingDraft, today: date) -> Subject:
    stated = tuple(draft.answers.get("services", ()))
    return subject_for(BusinessNumber(draft.business_number), today, stated)


@audience.public
@require_safe
def resume(request: HttpRequest, key: str) -> HttpResponse:
    """The address to come back to: the first page that lacks an answer, or the last one."""
    draft = _open(request, key)
    if isinstance(draft, HttpResponse):
        return draft
    subject = _subject(draft, request.today)  # type: ignore[attr-defined]
    return redirect(_first_open(draft, subject))


def _first_open(draft: FilingDraft, subject: Subject) -> str:
    missing = [step for step in steps_of(draft, subject) if not draft.answers.get(NEEDED[step])]
    if missing:
        return address("campaigns:filing-step", draft.key, missing[0])
    return address("campaigns:filing-check", draft.key)


@audience.public
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One question. Sent answers are kept at once; the next page is a new address, so back and
    reload do what people expect."""
    draft = _open(request, key)
    if isinstance(draft, HttpResponse):
        return draft
    subject = _subject(draft, request.today)  # type: ignore[attr-defined]
    steps = steps_of(draft, subject)
    if name not in steps:
        return redirect("campaigns:filing", key)
    if "save" in request.POST and not request.POST.get(NEEDED[name], "").strip():
        return redirect("campaigns:filing-saved", key)
    form = _form(name, request.POST if request.method == "POST" else None, draft)
    if form.is_bound and form.is_valid():
        services.draft_answer(draft_id=draft.pk, answers=form.cleaned_data, today=subject.today)
        saved = address("campaigns:filing-saved", key)
        return redirect(saved if "save" in request.POST else _after(request, draft, steps, name))
    return render(request, f"campaigns/filing/{name}.html", _step_context(request, draft, subject, form, steps, name))


def _form(name: str, data: Any, draft: FilingDraft) -> forms.Form:
    if name == "place":
        return PlaceForm(data, initial=draft.answers, number=draft.business_number)
    if name == "services":
        return ServicesForm(data, initial=draft.answers, number=draft.business_number)
    return STEPS[name](data, initial=draft.answers)


def _after(request: HttpRequest, draft: FilingDraft, steps: list[str], name: str) -> str:
    """The next page; back to the last one for somebody who came to mend an answer."""
    later = steps[steps.index(name) + 1 :]
    if request.GET.get("mend") or not later:
        return address("campaigns:filing-check", draft.key)
    return address("campaigns:filing-step", draft.key, later[0])


def _step_context(
    request: HttpRequest, draft: FilingDraft, subject: Subject, form: forms.Form, steps: list[str], name: str
) -> dict[str, Any]:
    at = steps.index(name)
    back = address("campaigns:filing-step", draft.key, steps[at - 1]) if at else _result_address(draft, subject)
    if request.GET.get("mend"):
        back = address("campaigns:filing-check", draft.key)
    return {
        "draft": draft,
        "subject": subject,
        "form": form,
        "back": back,
        "names": NAMES,
        "at": 1 if name in UNLISTED_STEPS else 2,
    }


def _result_address(draft: FilingDraft, subject: Subject) -> str:
    claims = draft.claims or {}
    said = {"end": claims.get("ends_on") or "", "fp": claims.get("free_pass", ""), "renewal": claims.get("renewal", "")}
    known = "" if subject.is_known else "1"
    said["draft"] = draft.key
    return f"{address('campaigns:check-result')}?{kept({'number': draft.business_number, 'sure': known} | said)}"


# --- check and send ------------------------------------------------------------------------


@audience.public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, key: str) -> HttpResponse:
    """Everything once more, what is confirmed by sending, and the button."""
    draft = _open(request, key)
    if isinstance(draft, HttpResponse):
        return draft
    subject = _subject(draft, request.today)  # type: ignore[attr-defined]
    if any(not draft.answers.get(NEEDED[one]) for one in steps_of(draft, subject)):
        return redirect("campaigns:filing", key)
    answered = answer_for(subject, services.claims_of(draft))
    if answered.filing is None:
        return _check_page(request, draft, subject, answered, None)
    form = SendForm(
        request.POST if request.method == "POST" else None,
        wanted=_to_confirm(answered),
        agree=_agreement(subject.today),
        initial={"shown": answered.fingerprint, "typed": services.draft_mark(draft)},
    )
    if form.is_bound and form.is_valid():
        return _send(request, draft, subject, answered, form)
    return _check_page(request, draft, subject, answered, form)


def _to_confirm(answered: Answered) -> ToConfirm:
    matter = answered.matter
    assert matter is not None
    wanted = to_confirm(matter.answer, matter.situation, matter.policy)
    assert wanted is not None
    return wanted


def _agreement(today: date) -> str:
    terms, privacy = policies.terms(today), policies.privacy(today)
    return f"{terms.title}（{terms.label}）と{privacy.title}（{privacy.label}）に同意します。"


def _send(
    request: HttpRequest, draft: FilingDraft, subject: Subject, answered: Answered, form: SendForm
) -> HttpResponse:
    wait = filing_throttle().wait(client_ip(request))
    if wait:
        return too_many(request, wait)
    office_id = subject.office.pk if subject.office else None
    if draft.user_id and not acts_for(request.user, office_id, subject.today):
        return _check_page(
            request, draft, subject, answered, form, refusal="この事業所の手続きをする人に入っていません。"
        )
    try:
        application = services.draft_send(
            draft_id=draft.pk,
            shown=form.cleaned_data["shown"],
            typed=form.cleaned_data["typed"],
            terms_version=str(policies.terms(subject.today).version),
            privacy_version=str(policies.privacy(subject.today).version),
            today=subject.today,
            acting=Acting(draft.user_id, MEMBER if draft.user_id else VISITOR, "Webの申請"),
        )
    except (services.AnswerChanged, services.DraftChanged):
        return HttpResponseRedirect(f"{address('campaigns:filing-check', draft.key)}?changed=1")
    except (Refused, OfficeRefused) as refused:
        return _check_page(request, draft, subject, answered, form, refusal=refused.text)
    return redirect(receipt_path(application))


def service_names(codes: tuple[str, ...]) -> list[str]:
    """What the stated services are called."""
    kinds = service_kinds()
    return [kinds[code].name for code in codes if code in kinds]


def _check_page(
    request: HttpRequest,
    draft: FilingDraft,
    subject: Subject,
    answered: Answered,
    form: SendForm | None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "draft": draft,
        "answers": {"office_name": "", "address": "", "postal_code": "", "services": []} | draft.answers,
        "subject": subject,
        "answered": answered,
        "form": form,
        "refusal": refusal,
        "changed": bool(request.GET.get("changed")),
        "back": address("campaigns:filing-step", draft.key, "email"),
        "names": NAMES,
        "wanted": form.wanted if form else None,
        "service_names": service_names(subject.services),
        "result_url": _result_address(draft, subject),
    }
    return render(request, "campaigns/filing/check.html", context)


@audience.public
@require_safe
def saved(request: HttpRequest, key: str) -> HttpResponse:
    """Kept for later: until when, and at which address it goes on."""
    draft = _open(request, key)
    if isinstance(draft, HttpResponse):
        return draft
    link = request.build_absolute_uri(address("campaigns:filing", draft.key))
    return render(request, "campaigns/filing/saved.html", {"draft": draft, "link": link})
