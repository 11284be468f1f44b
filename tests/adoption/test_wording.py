"""What sentences say of the past, of ties and of old splits."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from adoption.documents.cards import _map_title, cards_of
from adoption.documents.page import figs, sentences
from adoption.enums import NATION
from adoption.queries.board import board
from adoption.queries.figures import run_on
from adoption.queries.places import public_places
from adoption.queries.splits import Shown
from adoption.rules.comparing import standing_among
from adoption.rules.wording import Standing, moving, spread
from adoption.services.snapshots import snapshot_make
from tests.adoption.conftest import YONAGO, open_office, paid

NOW = Standing(scope=100, using=30, month_ago=28, day=date(2026, 4, 2), since=(date(2025, 4, 30), 10, 90))


def test_an_earlier_day_is_told_by_its_date_unless_it_is_a_year() -> None:
    assert str(moving(NOW)).startswith("2025年4月30日の10事業所（11.1％）から20増えました。前の月の末から2増えました。")
    year = replace(NOW, day=date(2026, 4, 30))
    assert str(moving(year)).startswith("1年前の10事業所（11.1％）から20増えました。")
    first = replace(NOW, since=(date(2026, 3, 31), 28, 99))
    assert str(moving(first)).startswith("2026年3月31日の28事業所（28.3％）から2増えました。あと20")
    assert str(moving(replace(NOW, since=None, month_ago=None))).startswith("あと20事業所で半分")


def test_who_is_equal_shares_a_place() -> None:
    assert standing_among(0.5, [0.6, 0.5, 0.5, 0.0]) == "全国4市区町村のなかで2番め（同じ率がほかに1）"
    assert standing_among(0.6, [0.6, 0.5, 0.0]) == "全国3市区町村のなかで1番め"
    assert (
        standing_among(0.0, [0.6, 0.0, 0.0]) == "全国3市区町村のうち、ほかの1と同じく、まだ使っている事業所がありません"
    )
    assert standing_among(0.55, [0.6, 0.5], counted=False) == "全国2市区町村のなかで2番め"


def test_the_leading_place_says_among_which_and_with_whom() -> None:
    said = str(spread("太子町（兵庫県）", 2 / 3, 90, 1000, least=20, same=1))
    assert said.startswith(
        "対象が20事業所以上の市区町村で、いちばん進んでいるのは太子町（兵庫県）（66.7％）と、同じ率の1市区町村です。"
    )


def test_the_map_counts_those_below_among_the_places_it_speaks_of() -> None:
    def line(name: str, offices: int, rate: float) -> SimpleNamespace:
        return SimpleNamespace(cells=(name, "", offices, rate))

    village, town, city, late = (
        line("村", 4, 0.5),
        line("町", 4, 0.05),
        line("市", 40, 0.43),
        line("大きな町", 30, 0.08),
    )
    sheet: Any = SimpleNamespace(lines=[village, city, late, town])
    assert _map_title(sheet) == "対象が20事業所以上の地域では、先行は43.0％の市。1地域は10％未満"
    sheet.lines = [city, late, town]
    assert _map_title(sheet) == "先行は43.0％の市。2地域は10％未満"


@pytest.mark.django_db
def test_nothing_is_told_of_days_before_the_first_licence_nor_by_old_splits() -> None:
    for number in range(12):
        office = open_office(YONAGO)
        if number < 6:
            paid(office, date(2026, 1, 15))
    for day in (date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 2)):
        snapshot_make(day=day)
    place = public_places()[YONAGO]
    run = run_on(date(2026, 4, 2))
    assert run is not None
    found = board(place, run)
    assert found.since is not None
    assert found.since[0] == date(2026, 1, 31)
    assert "2026年1月31日の6事業所" in str(sentences(found)[1])
    early = run_on(date(2025, 12, 31))
    assert early is not None
    assert str(sentences(board(place, early))[1]) == "あと6事業所で半分（6）です。"
    assert board(public_places()[NATION], early).since is None
    assert cards_of(found, date(2026, 4, 3))[0].title == "2026年1月31日の50.0％から変わらず"

    end = date(2026, 3, 31)
    old = replace(found, split_day=end, pricing={"all": Shown(date(2025, 4, 30), 0, 6)})
    assert figs(old)[3].number == "非公表"
    assert figs(old)[3].bold == "公表できる内わけがありません"
    recent = replace(found, split_day=end, pricing={"all": Shown(date(2026, 2, 28), 0, 6)})
    assert figs(recent)[3].number == "0"
    assert "2026年2月28日の値（1か月前の月末" in figs(recent)[3].text
