"""What the helpdesk tells offices and people; built here, handed to the outbox by the services."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from careplan_portal.lib.words import ja_date, ja_day, yen
from helpdesk.models import ContactLog, Inquiry, InquiryMessage
from licenses.models import LicenseTerm
from notices.enums import Kind
from notices.rules import Content, Outgoing, Postal, Section
from offices.models import Office

TITLES = {
    "stop": "お電話で利用停止を受け付けました",
    "stop_withdraw": "お電話で停止の取り消しを受け付けました",
    "withdraw": "お電話で申請の取り下げを受け付けました",
    "manager": "お電話を受けて、事業所の管理者を加えました",
}


def act_confirmation(
    office: Office, *, line: ContactLog, call: ContactLog, term: LicenseTerm | None, to: Sequence[str]
) -> Outgoing:
    """Word to who was known at the office before that something was done for a caller: `line` is the act's in the
    contact log. Without an address a letter."""
    act = str(line.data["act"])
    who = f"{call.caller_name}さん" + (f"（{call.caller_relation}）" if call.caller_relation else "")
    content = Content(
        lead=_manager_said(line) if act == "manager" else _said(act, term),
        link=("いまの状態を見る", reverse("campaigns:my-office", args=[office.business_number])),
        calm=("お心当たりがあれば、何もしなくてかまいません。",),
        about=office.name,
        facts=(
            ("事業所番号", office.business_number),
            ("お電話の方", who),
            ("受け付けた日", ja_date(call.recorded_on)),
        ),
        sections=(
            Section(
                "お心当たりがないとき",
                (
                    f"すぐに電話（{settings.SUPPORT_PHONE}）でお知らせください。元にもどせます。",
                    "このお知らせは、前から登録されている連絡先すべてにお送りしています。",
                ),
            ),
        ),
    )
    address = f"{office.address}\n{office.building}".strip()
    return Outgoing(
        kind=Kind.ACT_BY_TELEPHONE,
        subject=str(line.pk),
        title=TITLES.get(act, "お電話でお手続きを受け付けました"),
        content=content,
        office_id=office.pk,
        to=tuple(to),
        postal=Postal(office.name, office.postal_code, address),
        in_portal=True,
    )


def _manager_said(line: ContactLog) -> tuple[str, ...]:
    return (
        f"登録の電話にかけ直して確かめ、{line.data['name']}さんを、この事業所の管理者に加えました。",
        "いままで手続きしていた方は、これからも手続きできます。管理者だった方は、職員になります。",
    )


def _said(act: str, term: LicenseTerm | None) -> tuple[str, ...]:
    first = {
        "stop": "お電話で、利用停止の届けを受け付けました。",
        "stop_withdraw": "お電話で、停止の届けの取り消しを受け付けました。利用は続きます。",
        "withdraw": "お電話で、次回の予約の取り下げを受け付けました。無料の1年は、使ったことになりません。",
        "paid_start": "お電話で、有償での利用開始を受け付けました。",
    }.get(act, "お電話で、有償での更新のお申し込みを受け付けました。")
    if term is None:
        return (first,)
    if act == "stop":
        last = ja_date(term.ends_on)
        return (
            first,
            f"{last}まで使えて、更新せずに終わります。費用はかかりません。",
            f"取り消せるのも、{last}までです。",
        )
    if act == "paid_start":
        return first, f"{ja_day(term.ends_on)}までの期間で、利用料は{yen(term.fee_yen)}です。"
    return (first,)


def inquiry_received(inquiry: Inquiry) -> Outgoing:
    """The acknowledgement of an inquiry, with its number and until when an answer comes."""
    text = render_to_string("helpdesk/mail/received.txt", {"inquiry": inquiry, "phone": settings.SUPPORT_PHONE})
    title = f"お問い合わせを受け付けました {inquiry.number}（{settings.SERVICE_NAME}）"
    return Outgoing(Kind.INQUIRY_RECEIVED, inquiry.number, title, text, to=(inquiry.email,))


def inquiry_answer(inquiry: Inquiry, answer: InquiryMessage) -> Outgoing:
    """The answer to an inquiry."""
    context = {"inquiry": inquiry, "text": answer.text, "phone": settings.SUPPORT_PHONE}
    body = render_to_string("helpdesk/mail/answer.txt", context)
    title = f"お問い合わせへの回答 {inquiry.number}（{settings.SERVICE_NAME}）"
    return Outgoing(Kind.INQUIRY_ANSWER, f"{inquiry.number}/{answer.pk}", title, body, to=(inquiry.email,))
