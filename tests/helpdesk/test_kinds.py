"""Words for kinds of service, legal forms, and what fits everything that was said."""

from typing import Any

import pytest

from helpdesk.queries.lookup import find
from helpdesk.rules.lookup import without_legal_forms, words
from offices.models import Office, OfficeService
from tests.helpdesk.conftest import TODAY
from tests.helpdesk.test_lookup import listed, places, register, town  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

FORMS = [
    ("NPOこだま会", ("こたま会",)), ("NPO こだま会", ("こたま会",)), ("NPO法人こだま会", ("こたま会",)), ("社福こだま会", ("こたま会",)),
    ("(医)こだま会", ("こたま会",)), ("医 こだま会", ("こたま会",)), ("㈱ツクイ", ("つくい",)), ("ツクイ㈱", ("つくい",)), ("(有)つばめ", ("つはめ",)),
    ("合）つばめ", ("つはめ",)), ("医療法人社団こだま会", ("こたま会",)), ("有田", ("有田",)), ("株式会社", ("株式会社",)), ("医", ("医",)),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "cores"), FORMS, ids=[typed for typed, _ in FORMS])
def test_legal_forms_around_a_name(typed: str, cores: tuple[str, ...]) -> None:
    assert without_legal_forms(words(typed)) == cores


def serves(office: Office, *codes: str) -> Office:
    for code in codes:
        OfficeService.objects.create(
            office=office, service_key=f"t{code}", service_type_id=code, name=office.name, columns=24
        )
    return office


@pytest.fixture
def streets(town: Any) -> dict[str, Office]:  # noqa: F811
    """Offices of one name and several kinds in 米子 and 鳥取."""
    yonago: dict[str, Any] = {"municipality_id": "312029", "prefecture_id": "310000"}
    tottori: dict[str, Any] = {"municipality_id": "312011", "prefecture_id": "310000"}
    owner = "特定非営利活動法人こだま会"
    return town | {
        "rehab": serves(listed("3170205001", "すずかぜリハビリデイ", **yonago), "15"),
        "nurse": serves(listed("3160205002", "すずかぜステーション米子", **yonago), "13", "63"),
        "nurse2": serves(listed("3160205003", "訪問看護すずかぜ", **tottori), "13"),
        "plan": serves(listed("3170205004", "せせらぎ支援センター", **yonago), "43"),
        "plan2": serves(listed("3170205005", "居宅せせらぎ", **tottori), "43"),
        "day": serves(listed("3170205006", "ひだまり", owner=owner, **yonago), "15"),
        "help": serves(listed("3170205007", "ひだまり二番館", owner=owner, **tottori), "11"),
        "namesake": listed("3170205008", "こだま会館デイ", **tottori),
    }


SAID = [
    ("米子 訪看 すずかぜ", "nurse", "名前と所在地とサービス"), ("訪看 すずかぜ", "nurse", "名前とサービス"),
    ("米子 居宅 せせらぎ", "plan", "名前と所在地とサービス"), ("よなご ケアマネ せせらぎ", "plan", "名前と所在地とサービス"),
    ("米子 デイ すずかぜ", "rehab", "名前と所在地とサービス"), ("米子の 訪看", "nurse", "所在地とサービス"), ("米子 訪看", "nurse", "所在地とサービス"),
    ("NPOこだま会", "day", "法人名"), ("NPO こだま会", "day", "法人名"), ("鳥取市 NPOこだま会", "help", "法人名と所在地"),
    ("NPOこだま会 ヘルパー", "help", "法人名とサービス"), ("米子 デイ NPO法人こだま会", "day", "法人名と所在地とサービス"),
    ("米子 特養 すずかぜ", "rehab", "名前と所在地"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "first", "why"), SAID, ids=[typed for typed, *_ in SAID])
def test_the_kind_and_the_corporation_are_understood(streets, typed, first, why) -> None:
    found = find(typed, TODAY)
    assert (found.hits[0].office.name, found.hits[0].why) == (streets[first].name, why)
    assert found.left_out == ()
    assert found.hits[0].by_owner is why.startswith("法人")


def test_a_kind_that_nobody_there_has_is_said_so(streets, desk_client) -> None:
    assert find("米子 特養 すずかぜ", TODAY).unserved == ("特養",)
    page = desk_client.get("/helpdesk/find/", {"q": "米子 特養 すずかぜ"}).text
    assert "「特養」のサービスがある事業所は、この中にありません。" in page
    assert "見つからない" not in page


def test_what_fits_everything_stands_alone_and_the_others_behind(streets, desk_client) -> None:
    found = find("米子 訪看 すずかぜ", TODAY)
    assert [hit.office.pk for hit in found.sure] == [streets["nurse"].pk]
    assert streets["nurse2"].pk in [hit.office.pk for hit in found.others]
    assert found.best is found.hits[0]
    page = desk_client.get("/helpdesk/find/", {"q": "米子 訪看 すずかぜ"}).text
    assert "1件" in page
    assert "ほかの候補も見る" in page
    assert list(find("さくら", TODAY).others) == [] or all(hit.office.closed_on for hit in find("さくら", TODAY).others)
