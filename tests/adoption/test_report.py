"""The council report: read back, one page, and its words are the figures."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from adoption.documents.report import TEMPLATE, report_context
from adoption.enums import NATION
from adoption.queries.figures import newest_run
from adoption.queries.places import place_by_code
from adoption.services.snapshots import snapshot_make
from careplan_portal.lib import pdf
from offices.models import Area
from tests.adoption import slow
from tests.adoption.conftest import FIRST, TOTTORI, YONAGO, Country

DAY = date(2026, 4, 2)
TODAY = DAY + timedelta(days=1)


@pytest.fixture
def told(country: Country, settings: object) -> None:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    country(31, offices=60, days=(DAY - FIRST).days + 1)
    for day in (date(2026, 2, 28), date(2026, 3, 31), DAY):
        snapshot_make(day=day)


def text_of(path: Path) -> tuple[str, int]:
    reader = PdfReader(io.BytesIO(path.read_bytes()))
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages)), len(reader.pages)


@pytest.mark.parametrize("code", [YONAGO, TOTTORI, NATION, "union"])
def test_one_page_says_the_figures(told: None, tmp_path: Path, code: str) -> None:
    area = Area.objects.create(code="union", name="鳥取中部広域連合")
    area.municipalities.set([YONAGO, "312011"])
    path = tmp_path / "report.pdf"
    call_command("make_report", "adoption", area=code, on=DAY, out=path, stdout=io.StringIO())
    text, pages = text_of(path)
    assert pages == 1
    counted = slow.figures(DAY, DAY)
    codes = [YONAGO, "312011"] if code == "union" else [code]
    scope, using = (sum(counted[c, "all"][name] for c in codes) for name in ("offices_in_scope", "offices_using"))
    assert f"対象{scope}事業所のうち{using}事業所" in text
    assert "2026年4月2日24時時点" in text
    assert "2026年4月3日（令和8年）作成" in text


def test_the_paper_is_sound(told: None) -> None:
    run, place = newest_run(TODAY), place_by_code(YONAGO)
    assert run is not None
    assert place is not None
    context = report_context(place, run, TODAY)
    paper = pdf.render_noting(TEMPLATE, context, title=context["title"])
    assert paper.warnings == ()


def test_figures_that_no_night_made_are_made(country: Country, tmp_path: Path, settings: object) -> None:
    settings.PORTAL_TODAY = date(2025, 9, 10)  # type: ignore[attr-defined]
    country(32, offices=20, days=60)
    call_command("make_report", "adoption", area=YONAGO, out=tmp_path / "a.pdf", stdout=io.StringIO())
    text, _ = text_of(tmp_path / "a.pdf")
    assert "2025年9月9日24時時点" in text


def test_unknown_areas_and_days_to_come_are_refused(db: None, tmp_path: Path, settings: object) -> None:
    settings.PORTAL_TODAY = TODAY  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="という地域はありません"):
        call_command("make_report", "adoption", area="999999", out=tmp_path / "a.pdf")
    with pytest.raises(CommandError, match="その日が終わってから"):
        call_command("make_report", "adoption", area=YONAGO, on=TODAY, out=tmp_path / "a.pdf")
