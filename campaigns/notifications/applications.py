"""What whoever filed, and the office's members, are told of an application.

One thing a notice; the first lines say what happens, what it costs, what to do (visual standard, 16).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from campaigns.queries import Receipt
from careplan_portal.lib.japan.business_number import grouped
from careplan_portal.lib.words import ja_date, ja_day, yen
from licenses.enums import Origin
from licenses.models import LicenseTerm
from notices.enums import Kind
from notices.rules import Attachment, Content, Outgoing, Postal, Section

RECEIPT, PROOF, REMINDER = "receipt", "proof", "reminder"
KINDS = {RECEIPT: Kind.ACKNOWLEDGEMENT, PROOF: Kind.PROVED, REMINDER: Kind.IDENTITY_REMINDER}


def application_notice(
    receipt: Receipt, kind: str, *, to: Sequence[str], attachment: Attachment | None = None, turned: str = ""
) -> Outgoing:
    """The notice of a kind (receipt, proof, reminder), finished; `to` are who filed and the office's members. A
    register's office that no mail reaches gets a letter; an unlisted one has no address that is known. `turned` is
    the sentence of `turned_free` where the filing turned a paid term: it takes back a fee that was told."""
    office = receipt.application.office
    address = f"{office.address}\n{office.building}".strip()
    return Outgoing(
        kind=KINDS[kind],
        subject=receipt.application.receipt_number,
        title=_title(receipt, kind),
        content=_with_turned({RECEIPT: _receipt, PROOF: _proof, REMINDER: _reminder}[kind](receipt), turned),
        office_id=office.pk,
        to=tuple(to),
        postal=None if office.unlisted or kind == REMINDER else Postal(office.name, office.postal_code, address),
        in_portal=True,
        attachment=attachment,
    )


def turned_free(term: LicenseTerm, paid_yen: int) -> str:
    """R6, R16: a paid term that has begun, of which the office was told the fee, is now free from its start."""
    start = ja_day(term.starts_on)
    was = f"{start}の有償の更新" if term.origin == Origin.RENEWAL else f"{start}からの有償の期間"
    return f"{was}（{yen(paid_yen)}）は、フリーパスに置きかわり、0円になりました。"


def _with_turned(content: Content, turned: str) -> Content:
    return replace(content, lead=(*content.lead, turned)) if turned else content


def _title(receipt: Receipt, kind: str) -> str:
    filed = receipt.filed
    if kind == RECEIPT and receipt.is_provisional:
        return f"申請を仮に受け付けました。{filed.short(filed.prove_by)}までに事業所の確認を"
    if kind == REMINDER:
        return f"{filed.short(filed.prove_by)}で申請が無効になります。事業所の確認をお願いします"
    if kind == RECEIPT and receipt.is_confirmed and not filed.proved_at_once:
        # Made late, after the proof, whose notice says that it is confirmed.
        return f"{ja_day(filed.filed_on)}のフリーパスの申請の受付票です"
    if receipt.is_confirmed:
        return f"フリーパスの申請が確定しました。{filed.short(filed.term.starts_on)}から1年間0円です"
    return receipt.told.title


def _receipt(receipt: Receipt) -> Content:
    filed = receipt.filed
    if receipt.is_provisional:
        lead = (
            "フリーパスの申請を、仮に受け付けました。お金はかかりません。",
            f"{ja_date(filed.prove_by)}までに、事業所の確認を受けてください。",
        )
        calm = ("何もしないと、期限で無効になります。無料の1回は使わなかったことになります。",)
        return _content(receipt, "受付票と、確認の方法", lead, calm, tuple(_of_receipt(receipt)))
    lead = ("フリーパスの申請を受け付けました。申請は確定です。", f"{_span(receipt)}、0円です。")
    return _content(receipt, "受付票", lead, (), tuple(_of_receipt(receipt)))


def _of_receipt(receipt: Receipt) -> Iterator[Section]:
    yield from _after(receipt)
    if receipt.is_stated:
        yield Section(
            "日付について",
            ("日付は、入力された内容から計算しました。登録とちがうときは、確認が済んだときにお知らせします。",),
        )
    if receipt.is_provisional:
        number = receipt.application.receipt_number
        confirm = f"{settings.PORTAL_BASE_URL}{reverse('campaigns:confirm', args=[number])}"
        yield Section("登録ずみの人が確かめるとき", ("サインインして、次のページで確かめられます。", confirm))
        yield Section(
            "申請に心当たりがないとき", (f"確かめないで、電話（{settings.SUPPORT_PHONE}）でお知らせください。",)
        )


def _after(receipt: Receipt) -> Iterator[Section]:
    filed = receipt.filed
    if filed.fee_after:
        yield Section(
            "無料の1年が終わると",
            (
                f"自動で更新し、年{filed.fee_after}がかかります。",
                f"続けないときは、{ja_date(filed.term.ends_on)}までに届け出てください。",
            ),
        )


def _proof(receipt: Receipt) -> Content:
    told = receipt.told
    sections = (Section("これから", told.then),) if told.then else ()
    return _content(receipt, "受付票", (f"{told.title}。", told.lead), (), sections)


def _reminder(receipt: Receipt) -> Content:
    last = ja_date(receipt.filed.prove_by)
    lead = (f"{last}までに事業所の確認が済まないと、申請は無効になります。", "お金はかかりません。")
    calm = ("無効になっても、無料の1回は使わなかったことになります。",)
    code = f"{settings.PORTAL_BASE_URL}{reverse('campaigns:code')}"
    ways = Section(
        "確かめ方",
        (
            "手紙のコードが手もとにあるときは、次のページに入れてください。",
            code,
            f"手紙がないとき：事業所から {settings.SUPPORT_PHONE} にお電話ください。台帳にある電話へ、かけ直します。",
        ),
    )
    return _content(receipt, "確認の方法", lead, calm, (ways,))


def _content(
    receipt: Receipt, label: str, lead: Sequence[str], calm: Sequence[str], sections: Sequence[Section]
) -> Content:
    application = receipt.application
    return Content(
        lead=tuple(lead),
        link=(label, receipt.path),
        calm=tuple(calm),
        about=application.office.name,
        facts=tuple((label, value) for label, value in _facts(receipt) if value),
        sections=tuple(sections),
    )


def _facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    application = receipt.application
    yield "事業所番号", grouped(application.office.business_number)
    yield "受付番号", application.receipt_number
    yield "申請した人", application.applicant_name
    yield "申請した日時", receipt.filed_when
    if application.proved_on is not None:
        yield "確かめた方法", f"{application.get_proved_by_display()}（{ja_date(application.proved_on)}）"
    if receipt.is_provisional or receipt.is_confirmed:
        yield "無料になる期間", _span(receipt)
        yield "利用料", "0円"


def _span(receipt: Receipt) -> str:
    term = receipt.filed.term
    return f"{ja_date(term.starts_on)}から{ja_date(term.ends_on)}まで"


def members_asked(receipt: Receipt, to: Sequence[str], day: str) -> Outgoing:
    """Word to members that somebody filed for their office, and the page on which they confirm it."""
    application = receipt.application
    number = application.receipt_number
    content = Content(
        lead=(
            "あなたの事業所の名前で、フリーパスの申請がありました。お金はかかりません。",
            f"事業所の方の申請なら、{ja_date(receipt.filed.prove_by)}までに確かめてください。",
        ),
        link=("確かめるページ（サインインが要ります）", reverse("campaigns:confirm", args=[number])),
        calm=(f"心当たりがないときは、何もしないか、{settings.SUPPORT_PHONE} にお電話ください。",),
        about=application.office.name,
        facts=(
            ("事業所番号", grouped(application.office.business_number)),
            ("受付番号", number),
            ("申請した人", application.applicant_name),
            ("申請した日", ja_date(application.filed_on)),
        ),
    )
    title = "フリーパスの申請がありました。事業所の方か、確かめてください"
    subject = f"{number}/{day}"
    return Outgoing(Kind.MEMBERS_ASKED, subject, title, content, application.office_id, tuple(to), in_portal=True)
