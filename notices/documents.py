"""Notices on paper: built here and returned; made when they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.safestring import SafeString

from careplan_portal.lib import pdf
from notices.models import Delivery
from notices.rules import Content


@dataclass(frozen=True, slots=True)
class LetterPaper:
    """One letter: whom to, and what it says."""

    addressee: str
    postal_code: str
    address_lines: tuple[str, ...]
    number: str
    title: str
    told: Content
    made_on: date
    qr: SafeString | str
    link_address: str


def letters_pdf(letters: Sequence[Delivery]) -> bytes:
    """Letters for window envelopes, an A4 page each, in one file for the printer."""
    papers = [_paper(letter) for letter in letters]
    names = papers[0].title if len(papers) == 1 else f"お知らせ {len(papers)}通"
    return pdf.render("documents/notice_letter.html", {"papers": papers}, title=names)


def _paper(letter: Delivery) -> LetterPaper:
    notice = letter.notice
    to, told = notice.letter_to, notice.told
    assert to is not None, "a letter has an address"
    link = f"{settings.PORTAL_BASE_URL}{told.link[1]}" if told.link else ""
    parts = urlsplit(link)
    return LetterPaper(
        addressee=to.addressee,
        postal_code=to.postal_code,
        address_lines=tuple(to.address.splitlines()),
        number=notice.office.business_number if notice.office else "",
        title=notice.title,
        told=told,
        made_on=letter.print_run.made_on if letter.print_run else notice.made_on,
        qr=pdf.qr_code(link, "手続きのページのアドレスを表すQRコード") if link else "",
        link_address=f"{parts.netloc}{parts.path}{f'?{parts.query}' if parts.query else ''}",
    )
