"""Every side and service that can be chosen opens, also where no office has it."""

import pytest
from django.template.loader import render_to_string
from django.test import Client

from adoption.documents.card import cut_choices
from tests.adoption.conftest import TOTTORI, YONAGO
from tests.adoption.test_pages import officer, world

__all__ = ["officer", "world"]
LEVELS = ["/adoption/", f"/adoption/{TOTTORI}/", f"/adoption/{YONAGO}/", "/adoption/areas/yonago/"]


@pytest.mark.parametrize("url", LEVELS)
def test_every_choice_opens(officer: Client, url: str) -> None:
    empty = 0
    for cut, _ in cut_choices():
        response = officer.get(f"{url}?cut={cut}")
        assert response.status_code == 200, cut
        empty += "この地域に対象の事業所がありません" in response.content.decode()
        cards = f"{url}cards/" if url != "/adoption/" else "/adoption/000000/cards/"
        assert officer.get(f"{cards}course/?cut={cut}").status_code == 200, cut
    assert empty > 30


def test_an_empty_choice_says_so_and_leads_back(officer: Client) -> None:
    body = officer.get(f"/adoption/{YONAGO}/?cut=12").content.decode()
    assert "「訪問入浴介護」の対象の事業所は" in body
    assert f'href="/adoption/{YONAGO}/">すべてのサービスの普及状況を見る' in body


def test_the_error_page_speaks_of_no_application_and_leads_back() -> None:
    body = render_to_string("500.html")
    assert "申請の状況" not in body
    assert "普及状況" in body


def test_the_sentence_follows_the_choice(officer: Client) -> None:
    body = officer.get("/adoption/areas/yonago/?cut=11").content.decode()
    assert "まだ使っていない<strong>訪問介護の6事業所</strong>" in body
    assert "（絞り込みによらず、すべてのサービス）" in body
