"""The drawing of who is near: every number can be read, however close the offices stand."""

from itertools import combinations
from math import hypot
from types import SimpleNamespace

from adoption.documents.near import MOST, near_map


def near(*places: tuple[float, float], km: float = 3.0):
    """Offices by their degrees east and north of one at 133.3, 35.4."""
    office = SimpleNamespace(latitude=35.4, longitude=133.3)
    neighbours = [
        SimpleNamespace(
            office=SimpleNamespace(latitude=35.4 + north, longitude=133.3 + east, name=f"{number}"),
            km=min(hypot(east * 91, north * 111), km), uses=number % 2 == 0,
        )
        for number, (east, north) in enumerate(places)
    ]  # fmt: skip
    return near_map(
        SimpleNamespace(
            office=office, neighbours=neighbours, km=km, total=len(places), using=0, other_name="サービス事業所"
        )  # type: ignore[arg-type]
    )


def gaps(drawn) -> list[float]:
    middles = [(0.0, 0.0), *((dot.x, dot.y) for dot in drawn.dots)]
    return [hypot(x - to_x, y - to_y) for (x, y), (to_x, to_y) in combinations(middles, 2)]


def test_dots_at_one_place_stand_beside_one_another() -> None:
    drawn = near(*[(0.01, 0.01)] * 5, (0.0101, 0.0101), (0, 0), (0.0001, 0), (0.032, 0), (0.032, 0.0005))
    assert min(gaps(drawn)) > 24
    assert all(abs(dot.x) <= 213 and abs(dot.y) <= 213 for dot in drawn.dots)


def test_who_stands_alone_stays_where_it_is() -> None:
    (dot,) = near((0, 0.0135)).dots
    assert (dot.x, dot.y) == (0, -99.9)


def test_many_are_dots_without_numbers_where_they_are() -> None:
    drawn = near(*[(0.01, 0.01)] * (MOST + 1))
    assert {(dot.x, dot.y, dot.number) for dot in drawn.dots} == {(drawn.dots[0].x, drawn.dots[0].y, "")}
