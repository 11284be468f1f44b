"""Papers of a filing: acknowledgement, identity letter, form to fill in by hand. Built here and
returned; made when they are asked for, because each is small and always says what holds now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from campaigns.queries import Receipt, campaign_on
from campaigns.rules.matter import fee_words
from careplan_portal.lib import pdf, policies
from careplan_portal.lib.dates import day_after, year_from
from careplan_portal.lib.japan import business_number
from licenses.queries import policy
from licenses.rules import BadRecord


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """One letter: whom to, its code, and the receipts of the applications it confirms."""

    addressee: str
    postal_code: str
    address: str
    code: str
    made_on: date
    receipts: Sequence[Receipt]

    @property
    def first(self) -> Receipt:
        return self.receipts[0]

    @property
    def prove_by(self) -> date:
        """The day by which the code confirms all of them."""
        return min(receipt.filed.prove_by for receipt in self.receipts)

    @property
    def halves(self) -> tuple[str, str]:
        middle = len(self.code) // 2
        return self.code[:middle], self.code[middle:]

    @property
    def address_lines(self) -> list[str]:
        return self.address.splitlines()


def receipt_pdf(receipt: Receipt) -> bytes:
    """受付票: what the applicant keeps, with the address of its page as a QR code."""
    application = receipt.application
    check = urlsplit(f"{settings.PORTAL_BASE_URL}{reverse('licenses:verify', args=[receipt.check_code])}")
    context = {
        "receipt": receipt,
        "check_address": f"{check.netloc}{check.path}",
        "qr": pdf.qr_code(receipt.link, "受付票のページのアドレスを表すQRコード"),
    }
    return pdf.render(
        "documents/acknowledgement.html",
        context,
        title=f"受付票 {application.receipt_number}",
        fits=(pdf.SNUG, pdf.TIGHT),
    )


def receipt_file_name(receipt: Receipt) -> str:
    return f"受付票_{receipt.application.receipt_number}.pdf"


def letters_pdf(papers: Sequence[LetterPaper]) -> bytes:
    """Letters for window envelopes, an A4 page each, in one file for the printer."""
    link = f"{settings.PORTAL_BASE_URL}{reverse('campaigns:code')}"
    parts = urlsplit(link)
    context = {
        "papers": papers,
        "qr": pdf.qr_code(link, "コードを入れるページのアドレスを表すQRコード"),
        "code_address": f"{parts.netloc}{parts.path}",
    }
    numbers = papers[0].first.application.receipt_number if len(papers) == 1 else f"{len(papers)}通"
    return pdf.render("documents/identity_letter.html", context, title=f"事業所の確認のお願い {numbers}")


def paper_form_pdf(number: str, today: date) -> bytes:
    """The form for those who want paper; `number` is printed into its boxes when it is one."""
    normal = business_number.normalize(number)
    known = normal if business_number.is_well_formed(normal) else ""
    context = {
        "cells": list(known or " " * business_number.LENGTH),
        "campaign": campaign_on(today),
        "terms": policies.terms(today),
        "privacy": policies.privacy(today),
        "today": today,
        "fee": _fee_after(today),
        "address": settings.SUPPORT_ADDRESS,
    }
    return pdf.render("documents/paper_form.html", context, title=f"フリーパス申請書（紙） {known}".strip())


def _fee_after(today: date) -> str:
    """The yearly fee after a free year from today on, in words; empty where nothing renews or no fee is on file."""
    fees, after = policy(), day_after(year_from(today).ends_on)
    try:
        return fee_words(fees, after) if fees.allows_term_on(after) else ""
    except BadRecord:
        return ""
