"""Every side and service that can be chosen opens, also where no office has it."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from adoption.documents.card import cut_choices
from adoption.models import AreaPlace
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
    assert "申請の状況" not in body.split("</main>")[0]  # the foot of every page has it
    assert "普及状況" in body


def test_the_sentence_follows_the_choice(officer: Client) -> None:
    body = officer.get("/adoption/areas/yonago/?cut=11").content.decode()
    assert "まだ使っていない<strong>訪問介護の6事業所</strong>" in body
    assert "（絞り込みによらず、すべてのサービス）" in body
    past = officer.get("/adoption/areas/yonago/?cut=11&on=2025-08-31").content.decode()
    assert "普及状況　訪問介護　2025年8月31日時点" in past


def test_a_place_is_opened_by_its_name(client: Client, db: None) -> None:
    for text in ("米子市", "米子", "鳥取県米子市", "よなごし", "ヨナゴシ"):
        assert client.get("/adoption/find/", {"q": text}).headers.get("Location") == f"/adoption/{YONAGO}/", text
    assert client.get("/adoption/find/?q=鳥取県").headers["Location"] == f"/adoption/{TOTTORI}/"
    assert client.get("/adoption/find/?q=全国").headers["Location"] == "/adoption/"
    several = client.get("/adoption/find/?q=府中市").content.decode()
    assert "府中市（東京都）" in several
    assert "府中市（広島県）" in several
    assert "その名前の地域はありません" in client.get("/adoption/find/?q=ぬぬぬ").content.decode()
    assert client.get("/adoption/find/").status_code == 200


def test_an_address_that_is_not_there_leads_to_the_figures(client: Client, db: None) -> None:
    body = client.get("/adoption/999999/").content.decode()
    assert '<a href="/adoption/">普及状況（全国' in body


def test_a_picture_stands_alone(officer: Client) -> None:
    url = "/adoption/areas/yonago/cards/"
    AreaPlace.objects.create(area_code=YONAGO, latitude=35.43, longitude=133.33)
    drawn = officer.get(f"{url}map.svg").content.decode()
    for said in ("鳥取県の市区町村別の普及率", "10％未満", "時点：2025年9月9日24時", "出典：", "米子市"):
        assert f"{said}" in re.sub(r"<[^>]+>", "", drawn), said
    services = officer.get(f"{url}services.svg").content.decode()
    assert "未利用</text>" in services
    png = officer.get(f"{url}services.png")
    assert png.content.startswith(b"\x89PNG")
    assert officer.get(f"{url}compare.png").status_code == 404
