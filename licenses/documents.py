"""Papers of one family: built here and returned as PDF; kept and handed out by others."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from careplan_portal.lib import pdf
from careplan_portal.lib.japan import business_number
from licenses.enums import BillKind, DocumentKind
from licenses.models import BillLine, LicenseDocument
from licenses.queries.bills import BillPaper
from offices.models import Office

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
    "事業所番号（区切り）",
    "事業所名",
    "法人番号",
    "法人名",
    "種類",
    "期間のはじめ",
    "期間のおわり",
    "金額（円）",
)


def bill_rows(lines: Iterable[BillLine]) -> Iterator[tuple[object, ...]]:
    """A month's lines as the cells of BILL_HEADER; a line not recorded yet has no number.

    A business number stands there twice: as it is, for programs, and in groups, which spreadsheets leave alone; they
    take the first for a number and drop its leading zero.
    """
    for line in lines:
        term, office = line.term, line.term.license.office
        corporation = office.corporation
        yield (
            line.month.isoformat(),
            line.pk or "",
            office.business_number,
            business_number.grouped(office.business_number),
            office.name,
            (corporation and corporation.corporate_number) or "",
            owner(office),
            line.get_kind_display(),
            term.starts_on.isoformat(),
            term.ends_on.isoformat(),
            line.yen,
        )


def owner(office: Office) -> str:
    """The corporation's name, of its own record or of the register."""
    return office.corporation.name if office.corporation else office.corporation_name


def bill_pdf(paper: BillPaper, lines: Sequence[BillLine]) -> bytes:
    """A volume of a month's recorded lines with its sums, over as many pages as it takes."""
    corrections = [line for line in lines if line.kind == BillKind.CORRECTION]
    context = {
        "first": paper.first,
        "volume": 0 if paper.is_whole_month else paper.number,
        "lines": [(line, line.term.license.office, owner(line.term.license.office)) for line in lines],
        "count": len(lines),
        "yen": sum(line.yen for line in lines),
        "corrections": len(corrections),
        "corrections_yen": sum(line.yen for line in corrections),
        "includes_tax": settings.FEE_INCLUDES_TAX,
        "tax_percent": settings.TAX_PERCENT,
        "issuer_number": settings.INVOICE_ISSUER_NUMBER,
    }
    return pdf.render("documents/bill_list.html", context, title=bill_file_name(paper).removesuffix(".pdf"))


def bill_file_name(paper: BillPaper) -> str:
    """What the file is called when it is saved."""
    volume = "" if paper.is_whole_month else f"_第{paper.number}巻"
    return f"請求の一覧_{paper.first:%Y-%m}{volume}_{paper.lines}件.pdf"
