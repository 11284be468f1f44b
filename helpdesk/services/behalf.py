"""Acting for a caller who was proved and agreed: the same acts as on the members' own screens.

Every act stands in the contact log under its call, and the office is told by mail at the addresses
that were known before; a stop without any address waits for a letter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from campaigns.enums import Channel, Proof
from campaigns.models import FreePassApplication
from campaigns.services import Applicant, application_file, application_prove, application_withdraw
from campaigns.services.agreed import (
    StandingChanged,
    agreed_paid_renewal,
    agreed_paid_start,
    agreed_reservation_withdraw,
    agreed_stop_file,
    agreed_stop_withdraw,
)
from careplan_portal.lib import clock
from careplan_portal.lib.acting import Acting
from helpdesk.enums import Act, CallerProof, ContactKind, Topic
from helpdesk.models import ContactLog
from helpdesk.notifications import act_confirmation
from helpdesk.queries.addresses import mail_addresses
from helpdesk.queries.contacts import has_consent
from helpdesk.rules import caller, managing
from helpdesk.services.contacts import contact_record
from licenses.models import LicenseTerm
from licenses.services import Refused
from notices.services import notice_queue
from offices.enums import JoinedBy
from offices.models import Office
from offices.services import members

__all__ = [
    "Filed",
    "StandingChanged",
    "act_for_caller",
    "application_prove_by_call",
    "file_for_caller",
    "manager_add_for_caller",
    "provisional_withdraw",
]

# What the office hears of by mail when it was done by telephone; a filing has its own acknowledgement.
CONFIRMED = {Act.STOP, Act.STOP_WITHDRAW, Act.WITHDRAW, Act.PAID_START, Act.PAID_RENEWAL, Act.MANAGER}
TOPIC_OF = {
    Act.APPLY: Topic.APPLY,
    Act.STOP: Topic.STOP,
    Act.STOP_WITHDRAW: Topic.STOP,
    Act.WITHDRAW: Topic.APPLY,
    Act.PAID_RENEWAL: Topic.TERM,
    Act.PAID_START: Topic.TERM,
    Act.MANAGER: Topic.ACCOUNT,
}


@dataclass(frozen=True, slots=True)
class Filed:
    """What a filing needs besides its office: who files, the answer that was read out to them
    (`shown`), the form's key, and the versions of the texts agreed to."""

    name: str
    phone: str
    email: str
    shown: str
    form_key: UUID
    terms_version: str
    privacy_version: str


@transaction.atomic
def act_for_caller(
    *,
    act: str,
    call_id: int,
    shown: str,
    all_the_same: bool = False,
    consent: bool = False,
    today: date,
    acting: Acting,
) -> ContactLog:
    """Do `act` for the caller of `call_id`; `shown` is the standing that was read out to them.

    Raises Refused with a sentence for the helpdesk, StandingChanged when the licence stands
    otherwise than shown; nothing is then written, not in the log either.
    """
    call = _agreed_call(call_id, consent, acting)
    done = call.lines.filter(kind=ContactKind.ACT).order_by("-at", "-pk").first()
    if done is not None and done.data.get("act") == act:
        return done  # the second click
    told = mail_addresses(call.office_id, today)
    _do(Act(act), call.office_id, shown, all_the_same, today, _reasoned(acting, call))
    line = _log(call, act, today, acting, consent=consent)
    _confirm(line, told, today, acting)
    return line


@transaction.atomic
def file_for_caller(
    *, call_id: int, filed: Filed, consent: bool = False, today: date, acting: Acting
) -> FreePassApplication:
    """File for the Free Pass for the caller. A caller who was called back at the registered
    telephone has proved identity with it (R16); two facts leave the filing provisional.

    Raises Refused, and campaigns.services.AnswerChanged when the answer is another than `shown`.
    """
    call = _agreed_call(call_id, consent, acting)
    applicant = Applicant(
        name=filed.name, phone=filed.phone, email=filed.email,
        terms_version=filed.terms_version, privacy_version=filed.privacy_version,
    )  # fmt: skip
    known = FreePassApplication.objects.filter(form_key=filed.form_key).exists()
    application = application_file(
        office_id=call.office_id, applicant=applicant, channel=Channel.HELPDESK, shown=filed.shown,
        form_key=filed.form_key, today=today, acting=_reasoned(acting, call),
        proof=Proof.CALL_BACK if call.proof == CallerProof.CALL_BACK else "",
    )  # fmt: skip
    if not known:
        _log(call, Act.APPLY, today, acting, consent=consent, receipt=application.receipt_number)
    return application


@transaction.atomic
def manager_add_for_caller(
    *, call_id: int, name: str, email: str, phone: str, consent: bool = False, today: date, acting: Acting
) -> ContactLog:
    """Make `name` the manager of the caller's office, by the mail address they gave: R16, proved by the call-back to
    `phone`, the registered telephone or of an unlisted office the published one. Those who were there stay members
    and hear of it, as everybody the office was known by.

    Raises Refused with a sentence for the helpdesk; nothing is then written.
    """
    call, address = _agreed_call(call_id, consent, acting), email.strip().lower()
    done = call.lines.filter(kind=ContactKind.ACT, data__act=Act.MANAGER, data__email=address).first()
    if done is not None:
        return done  # the second click
    office = Office.objects.get(pk=call.office_id)
    _guard_manager(office, call, phone, today)
    told = [known for known in mail_addresses(office.pk, today) if known != address]
    try:
        members.proved_member_add(
            office_id=office.pk, email=address, name=name, how=JoinedBy.CALL_BACK, today=today,
            acting=_reasoned(acting, call), tell=False,
        )  # fmt: skip
    except members.Refused as refused:
        raise Refused(refused.code, refused.text) from refused
    line = _log(call, Act.MANAGER, today, acting, consent=consent, name=name.strip(), email=address, called=phone)
    _confirm(line, told, today, acting)
    return line


def _guard_manager(office: Office, call: ContactLog, phone: str, today: date) -> None:
    closed = office.closed_on is not None and office.closed_on <= today
    code, text = managing.why_no_manager(closed=closed, reachable=bool(phone if office.unlisted else office.phone))
    if code:
        raise Refused(code, text)
    if not managing.is_called_back(call.proof):
        raise Refused("not_called_back", managing.NOT_CALLED_BACK)


@transaction.atomic
def application_prove_by_call(
    *, application_id: int, spoken_with: str, phone: str, today: date, acting: Acting
) -> FreePassApplication:
    """R16: the helpdesk called `phone` and somebody there confirmed the filing: the registered telephone, or of an
    unlisted office, whose own is what the applicant wrote, the one in published material.

    Raises Refused after the deadline, when the application ended, or without such a telephone.
    """
    application = FreePassApplication.objects.select_related("office").get(pk=application_id)
    if application.proved_on is not None:
        return application  # the second click
    office = application.office
    if not (phone if office.unlisted else office.phone):
        raise Refused("no_phone", "登録の電話番号がないので、折り返しでは確認できません。手紙でお願いします。")
    call = contact_record(
        office_id=office.pk, kind=ContactKind.CALL_BEGAN, today=today, acting=acting, caller_name=spoken_with.strip(),
        caller_phone=phone, proof=CallerProof.CALL_BACK, consent=True, topics=[Topic.IDENTITY],
        text=f"{'公表資料' if office.unlisted else '登録'}の電話に折り返し、{application.receipt_number} の申請を確かめた。",
    )  # fmt: skip
    proved = application_prove(
        application_id=application_id, proof=Proof.CALL_BACK, today=today, acting=_reasoned(acting, call)
    )
    contact_record(office_id=office.pk, kind=ContactKind.CALL_ENDED, call=call, today=today, acting=acting)
    return proved


@transaction.atomic
def provisional_withdraw(
    *, call_id: int, application_id: int, consent: bool = False, today: date, acting: Acting
) -> ContactLog:
    """Take back a filing whose identity is not proved, for the caller."""
    call = _agreed_call(call_id, consent, acting)
    application = application_withdraw(application_id=application_id, today=today, acting=_reasoned(acting, call))
    if application.office_id != call.office_id:
        raise Refused("other_office", "この通話の事業所の申請ではありません。")
    return _log(call, Act.WITHDRAW, today, acting, consent=consent, receipt=application.receipt_number)


_ACTS: dict[Act, Callable[..., None]] = {
    Act.STOP: agreed_stop_file,
    Act.STOP_WITHDRAW: agreed_stop_withdraw,
    Act.WITHDRAW: agreed_reservation_withdraw,
}
# While the Free Pass is open, it has to be said that it is to be paid all the same (R12).
_PAID_ACTS: dict[Act, Callable[..., None]] = {
    Act.PAID_RENEWAL: agreed_paid_renewal,
    Act.PAID_START: agreed_paid_start,
}


def _do(act: Act, office_id: int, shown: str, all_the_same: bool, today: date, acting: Acting) -> None:
    if act in _PAID_ACTS:
        paid = _PAID_ACTS[act]
        paid(office_id=office_id, shown=shown, all_the_same=all_the_same, today=today, acting=acting)
    else:
        _ACTS[act](office_id=office_id, shown=shown, today=today, acting=acting)


def _held_call(call_id: int, acting: Acting) -> ContactLog:
    """The call, while it is this person's own and still holds; locked, so that a second click waits for the first."""
    begun = ContactLog.objects.select_for_update(of=("self",)).filter(kind=ContactKind.CALL_BEGAN)
    call = begun.filter(pk=call_id, by_id=acting.user_id).first()
    ended = call is not None and call.lines.filter(kind=ContactKind.CALL_ENDED).exists()
    if call is None or ended or not caller.still_holds(call.at, clock.now()):
        raise Refused("no_call", "相手の確かめが済んでいないか、時間がたちました。もう一度、相手を確かめてください。")
    return call


def _agreed_call(call_id: int, consent: bool, acting: Acting) -> ContactLog:
    """The call, where the caller agreed that one acts for them: with the proof, or now."""
    call = _held_call(call_id, acting)
    if not (consent or has_consent(call)):
        raise Refused("no_consent", caller.NO_CONSENT)
    return call


def _reasoned(acting: Acting, call: ContactLog) -> Acting:
    who = f"{call.caller_name}さん" + (f"（{call.caller_relation}）" if call.caller_relation else "")
    return Acting(acting.user_id, acting.role, f"{who}の電話での依頼。{CallerProof(call.proof).label}")


def _log(call: ContactLog, act: str, today: date, acting: Acting, *, consent: bool, **data: str) -> ContactLog:
    return contact_record(
        office_id=call.office_id, kind=ContactKind.ACT, call=call, today=today, acting=acting,
        text="：".join(filter(None, (str(Act(act).label), data.get("name")))), topics=[TOPIC_OF[Act(act)]], data={"act": act, **data},
        consent=consent or call.consent,
    )  # fmt: skip


def _confirm(line: ContactLog, told: list[str], today: date, acting: Acting) -> None:
    """Word to who was known at the office before: by mail, without an address by a letter that the helpdesk prints."""
    act, call = Act(line.data["act"]), line.call
    if act not in CONFIRMED or call is None:
        return
    office = Office.objects.get(pk=line.office_id)
    term = LicenseTerm.objects.filter(license__office=office, starts_on__lte=today, ends_on__gte=today).first()
    notice_queue(outgoing=act_confirmation(office, line=line, call=call, term=term, to=told), today=today)
    if not told:
        contact_record(
            office_id=office.pk, kind=ContactKind.LETTER_NEEDED, call=call, today=today, acting=acting,
            text=f"{act.label}：メールの宛先がないので、手紙で確認する。「お知らせの手紙」から刷る。",
            follow_up_on=today, topics=[TOPIC_OF[act]],
        )  # fmt: skip
        return
    contact_record(
        office_id=office.pk, kind=ContactKind.MAIL, call=call, today=today, acting=acting,
        text=f"{act.label}の確認を、前からの連絡先{len(told)}件に送る。", data={"to": told},
    )  # fmt: skip
