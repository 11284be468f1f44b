"""Papers of one family: built here and returned as PDF; kept and handed out by others."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from careplan_portal.lib import pdf
from licenses.enums import DocumentKind
from licenses.models import BillLine, LicenseDocument

TEMPLATES = {kind: f"documents/{kind.value}.html" for kind in DocumentKind}
# Long names are no reason for a second page. The notice and the confirmation have more rows to begin with.
FITS = {
    DocumentKind.CERTIFICATE: (pdf.ROOMY, pdf.SNUG, pdf.TIGHT),
    DocumentKind.PROOF_OF_USE: (pdf.ROOMY, pdf.SNUG, pdf.TIGHT),
    DocumentKind.RENEWAL_NOTICE: (pdf.SNUG, pdf.TIGHT),
    DocumentKind.STOP_CONFIRMATION: (pdf.SNUG, pdf.TIGHT),
}


def render(document: LicenseDocument) -> pdf.Paper:
    """The paper as PDF/UA-1, from the facts kept with it, so that it always says what it said."""
    kind = DocumentKind(document.kind)
    return pdf.render_noting(TEMPLATES[kind], _context(document), title=title(document), fits=FITS[kind])


def html(document: LicenseDocument) -> str:
    """What WeasyPrint gets at its first try; the benchmark hands it over by itself."""
    kind = DocumentKind(document.kind)
    return pdf.html(TEMPLATES[kind], _context(document), title=title(document), fit=FITS[kind][0])


def _context(document: LicenseDocument) -> dict[str, Any]:
    return {
        "document": document,
        "facts": _with_days(document.facts),
        "qr": pdf.qr_code(verify_url(document), "確認ページのアドレスを表すQRコード"),
        "verify_address": verify_address(document),
    }


def title(document: LicenseDocument) -> str:
    """Kind, number, and day: a title of its own for each paper."""
    facts = document.facts
    return f"{DocumentKind(document.kind).label} {facts['number']} {document.on.isoformat()} {document.code}"


def file_name(document: LicenseDocument) -> str:
    """What the file is called when it is saved."""
    label = DocumentKind(document.kind).label
    return f"{label}_{document.facts['number']}_{document.on.isoformat()}.pdf"


def verify_url(document: LicenseDocument) -> str:
    return f"{settings.PORTAL_BASE_URL}{reverse('licenses:verify', args=[document.code])}"


def verify_address(document: LicenseDocument) -> str:
    """The same to be read and typed: without https://."""
    parts = urlsplit(verify_url(document))
    return f"{parts.netloc}{parts.path}"


def _with_days(facts: dict[str, Any]) -> dict[str, Any]:
    """Days as days again. Every name a template may ask for is there."""
    known: dict[str, Any] = dict.fromkeys(
        ("stop_requested_on", "change", "change_on", "change_ends_on", "bill_on"), None
    )
    known |= {"change_fee_yen": 0, "change_is_filed": False, "undecided": False} | facts
    return {name: _day(value) if name == "on" or name.endswith("_on") else value for name, value in known.items()}


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


BILL_HEADER = (
    "請求する日",
    "明細番号",
    "事業所番号",
    "事業所名",
    "法人番号",
    "法人名",
    "種類",
    "期間のはじめ",
    "期間のおわり",
    "金額（円）",
)


def bill_rows(lines: Iterable[BillLine]) -> Iterator[tuple[object, ...]]:
    """A month's lines as the cells of BILL_HEADER; a line not recorded yet has no number."""
    for line in lines:
        term, office = line.term, line.term.license.office
        corporation = office.corporation
        yield (
            line.month.isoformat(),
            line.pk or "",
            office.business_number,
            office.name,
            (corporation and corporation.corporate_number) or "",
            corporation.name if corporation else office.corporation_name,
            line.get_kind_display(),
            term.starts_on.isoformat(),
            term.ends_on.isoformat(),
            line.yen,
        )
