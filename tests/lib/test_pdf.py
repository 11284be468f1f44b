import datetime
import io

import pytest
from pypdf import PdfReader

from careplan_portal.lib import pdf

CONTEXT = {"today": datetime.date(2026, 4, 3), "number": "3170201432"}


@pytest.fixture(scope="module")
def paper() -> pdf.Paper:
    return pdf.render_noting("documents/specimen.html", CONTEXT, title="書類の見本")


def test_made_in_silence(paper) -> None:
    assert paper.warnings == ()


def test_title_language_tags_and_conformance_are_set(paper) -> None:
    reader = PdfReader(io.BytesIO(paper.pdf))
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "書類の見本"
    assert root["/Lang"] == "ja"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    assert len(reader.pages) == 1


def test_the_text_can_be_read_and_the_fonts_are_inside(paper) -> None:
    page = PdfReader(io.BytesIO(paper.pdf)).pages[0]
    text = page.extract_text().replace(" ", "")
    assert "デイサービスみなとの風" in text
    assert "2027年4月14日" in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("BIZ" in name for name in fonts), fonts


def test_a_fault_in_a_template_is_heard() -> None:
    html = '<!doctype html><html lang="ja"><meta charset="utf-8"><title>x</title><style>p { colr: red }</style><p>x'
    assert "colr" in " ".join(pdf.from_html(html).warnings)


@pytest.mark.parametrize(
    "url", ["https://example.org/x.css", "file:///etc/passwd", "static:../manage.py", "static:no.css"]
)
def test_only_our_own_files(url) -> None:
    html = (
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>x</title><link rel="stylesheet" href="{url}"><p>x'
    )
    with pytest.raises(ValueError, match="may not use"):
        pdf.from_html(html)
