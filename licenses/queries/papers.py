"""What papers say, which ones an office has, and whether one still holds."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from careplan_portal.lib import checkcode
from careplan_portal.lib.prepared import prepared
from careplan_portal.lib.words import ja_day
from licenses.enums import DocumentKind, PaperState, Pricing
from licenses.models import LicenseDocument, LicenseTerm
from licenses.queries.standing import policy, standing
from licenses.rules import Change, Plan, bill_month, turn_with_stop
from offices.models import Office, OfficeService

# What a paper proves, by kind. Only these decide whether it still holds: a name or an address that
# was corrected since does not make a paper wrong.
TERM = ("starts_on", "ends_on", "pricing", "fee_yen")
CORE = {
    DocumentKind.CERTIFICATE: TERM,
    DocumentKind.PROOF_OF_USE: ("starts_on", "ends_on", "pricing"),
    DocumentKind.RENEWAL_NOTICE: ("ends_on", "change", "change_on", "change_fee_yen"),
    DocumentKind.STOP_CONFIRMATION: ("ends_on", "stop_requested_on"),
}


def paper_facts(kind: str, term: LicenseTerm, on: date, plan: Plan | None) -> dict[str, Any]:
    """What a paper of this kind says of the term, as plain values that can be kept (days as ISO
    text). `plan` is the licence's as it stands on the day of issue."""
    office = term.license.office
    facts: dict[str, Any] = {
        "number": office.business_number,
        "name": office.name,
        "corporation": office.corporation.name if office.corporation else office.corporation_name,
        "address": f"{office.address}{office.building}",
        "services": _services(office),
        "starts_on": term.starts_on.isoformat(),
        "ends_on": term.ends_on.isoformat(),
        "pricing": term.pricing,
        "fee_yen": term.fee_yen,
        "on": on.isoformat(),
    }
    if kind in (DocumentKind.RENEWAL_NOTICE, DocumentKind.STOP_CONFIRMATION):
        facts |= _ahead(kind, term, plan)
    return facts


def _services(office: Office) -> list[str]:
    rows = OfficeService.objects.filter(office=office, listed_until=None).order_by("service_key", "listing_no")
    names = rows.values_list("service_type__name", "service_name")
    return list(dict.fromkeys(kind or listed for kind, listed in names if kind or listed))


def _ahead(kind: str, term: LicenseTerm, plan: Plan | None) -> dict[str, Any]:
    stop = term.stop_requested_on
    facts: dict[str, Any] = {"stop_requested_on": stop.isoformat() if stop else ""}
    if plan is None or plan.current is None or plan.current.starts_on != term.starts_on:
        return facts
    notice = kind == DocumentKind.RENEWAL_NOTICE
    change = plan.next_change if notice else turn_with_stop(plan, policy(), stop=False)
    return facts | (_change(change) if change else {})


def _change(change: Change) -> dict[str, Any]:
    """What comes at the term's end: the renewal notice's subject, and what a stop avoids."""
    facts: dict[str, Any] = {"change": change.kind, "change_on": change.on.isoformat(), "change_fee_yen": 0}
    if change.opens is not None:
        facts |= {
            "change_fee_yen": change.opens.fee_yen,
            "change_ends_on": change.opens.ends_on.isoformat(),
            "change_is_filed": change.uses_reservation,
            "bill_on": bill_month(change.on, change.on).isoformat(),
            "undecided": policy().fee_is_undecided(change.on),
        }
    return facts


def facts_digest(facts: dict[str, Any]) -> str:
    """SHA-256 in hex of a paper's facts, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def documents_of(office_id: int) -> QuerySet[LicenseDocument]:
    """An office's papers, the latest first."""
    return LicenseDocument.objects.filter(license__office=office_id).select_related("term")


newest_documents = prepared(lambda office_id: documents_of(office_id)[:3])


def papers_unmade() -> int:
    """How many papers were asked for and are not made yet."""
    return LicenseDocument.objects.filter(made_at=None).count()


def document_by_code(text: str) -> LicenseDocument | None:
    """The paper of a check code in any spelling; None when it is not one or there is none."""
    try:
        code = checkcode.parse(text)
    except checkcode.NotACheckCode:
        return None
    found = LicenseDocument.objects.filter(code=code)
    return found.select_related("license__office__corporation", "term__license__office__corporation").first()


@dataclass(frozen=True, slots=True)
class Verified:
    """What the public page says of a paper: `state` is a PaperState, `text` the sentence; of the
    office only its number, most of it hidden."""

    label: str
    code: str
    issued_on: date
    on: date
    state: str
    text: str
    masked_number: str


# Papers of the apps above, by the two letters of their codes: what says how one stands (a code as `checkcode.parse`
# gives it, the day), None when it is not theirs. The apps put theirs in when they are ready.
CHECKED_ABOVE: dict[str, Callable[[str, date], Verified | None]] = {}


def paper_verified(text: str, today: date) -> Verified | None:
    """What the public page says of the code in any spelling; None when no paper of ours has it."""
    try:
        code = checkcode.parse(text)
    except checkcode.NotACheckCode:
        return None
    above = CHECKED_ABOVE.get(code[:2])
    if above is not None:
        return above(code, today)
    document = document_by_code(code)
    return verified(document, today) if document is not None else None


def verified(document: LicenseDocument, today: date) -> Verified:
    """Whether what the paper proves is still so on `today`."""
    term = document.term
    stands = standing(document.license.office_id, today)
    now = paper_facts(document.kind, term, document.on, stands.plan)
    core = CORE[DocumentKind(document.kind)]
    same = all(now.get(name) == document.facts.get(name) for name in core)
    state, text = _say(document, term, same, today)
    return Verified(
        label=DocumentKind(document.kind).label,
        code=document.code,
        issued_on=document.issued_on,
        on=document.on,
        state=state,
        text=text,
        masked_number=masked(document.facts["number"]),
    )


def _say(document: LicenseDocument, term: LicenseTerm, same: bool, today: date) -> tuple[str, str]:
    kind = document.kind
    over = today > term.ends_on
    if kind in (DocumentKind.RENEWAL_NOTICE, DocumentKind.STOP_CONFIRMATION) and over:
        stopped = kind == DocumentKind.STOP_CONFIRMATION and term.closing == "stopped"
        return (
            PaperState.OVER,
            "この届けのとおり、利用は終わりました。" if stopped else "この書類の期間は終わりました。",
        )
    if not same:
        return PaperState.CHANGED, CHANGED_TEXTS[DocumentKind(kind)]
    if kind == DocumentKind.CERTIFICATE and over:
        return PaperState.OVER, "発行したとおりのライセンスがありました。その期間は終わっています。"
    return PaperState.VALID, VALID_TEXTS[DocumentKind(kind)]


VALID_TEXTS = {
    DocumentKind.CERTIFICATE: "発行したとおりのライセンスが、きょうも有効です。",
    DocumentKind.PROOF_OF_USE: "発行した内容は、いまも記録と合っています。",
    DocumentKind.RENEWAL_NOTICE: "お知らせした内容は、いまも変わっていません。",
    DocumentKind.STOP_CONFIRMATION: "利用停止の届けを受け付けています。取り消されていません。",
}
CHANGED_TEXTS = {
    DocumentKind.CERTIFICATE: "発行のあとに、この期間の区分か利用料が変わりました。新しい証明書を求めてください。",
    DocumentKind.PROOF_OF_USE: "発行のあとに、この期間の区分が変わりました。新しい証明書を求めてください。",
    DocumentKind.RENEWAL_NOTICE: "発行のあとに、期間のおわりに起きることが変わりました。",
    DocumentKind.STOP_CONFIRMATION: "この届けは、発行のあとに取り消されました。",
}


def masked(number: str) -> str:
    """The number with its serial and check digit hidden: 31 7 02 ●●●● ●."""
    return f"{number[:2]} {number[2]} {number[3:5]} ●●●● ●"


@dataclass(frozen=True, slots=True)
class Offered:
    """A paper that an office can have: `on` is the day to ask with, `not_before` the day from which
    it can be made when that is still to come."""

    kind: str
    label: str
    on: date
    not_before: date | None = None


def papers_offered(plan: Plan | None, today: date) -> list[Offered]:
    """The papers an office can ask for on `today`; a proof of use is asked for with a day."""
    if plan is None:
        return []
    offered = [_certificate(term.pricing, term.starts_on, term.ends_on) for term in plan.facts.terms]
    offered.reverse()
    if plan.next_change is not None and plan.next_change.opens is not None:
        opens = plan.next_change.opens
        offered.insert(
            0, replace(_certificate(opens.pricing, opens.starts_on, opens.ends_on), not_before=opens.starts_on)
        )
    if plan.current is not None:
        offered.append(Offered(DocumentKind.RENEWAL_NOTICE, DocumentKind.RENEWAL_NOTICE.label, today))
    if plan.is_stopping:
        offered.insert(0, Offered(DocumentKind.STOP_CONFIRMATION, DocumentKind.STOP_CONFIRMATION.label, today))
    return offered


def _certificate(pricing: str, starts_on: date, ends_on: date) -> Offered:
    years = f"{ja_day(starts_on)}から{ja_day(ends_on)}まで"
    return Offered(DocumentKind.CERTIFICATE, f"ライセンス証明書（{Pricing(pricing).label}、{years}）", starts_on)
