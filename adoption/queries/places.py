"""Areas that figures are told for: the nation, prefectures, municipalities, and officers' areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from adoption.enums import NATION
from careplan_portal.lib.japan import kana
from careplan_portal.lib.prepared import prepared
from offices.models import Area, Municipality
from offices.rules.catalogue import places, prefecture_by_number

MUNICIPALITIES = 1741


@dataclass(frozen=True, slots=True)
class Place:
    """`level` is nation, prefecture, municipality or area (an officer's own set). `members` are the
    codes under which its figures are stored: its own, or those of a set's municipalities."""

    code: str
    name: str
    level: str
    prefecture_code: str = ""
    members: tuple[str, ...] = ()

    @property
    def prefecture_name(self) -> str:
        return places()[self.prefecture_code].name if self.prefecture_code else ""

    @property
    def full_name(self) -> str:
        """米子市（鳥取県）; others by their name alone."""
        return f"{self.name}（{self.prefecture_name}）" if self.level == "municipality" else self.name


@cache
def public_places() -> dict[str, Place]:
    """The nation, 47 prefectures and 1,741 municipalities by code, in the order of codes."""
    found = {NATION: Place(NATION, "全国", "nation", "", (NATION,))}
    for code, row in places().items():
        if row.kind == "prefecture":
            found[code] = Place(code, row.name, "prefecture", code, (code,))
        elif row.kind == "municipality":
            prefecture = prefecture_by_number()[code[:2]].code
            found[code] = Place(code, row.name, "municipality", prefecture, (code,))
    return found


@cache
def level_places(level: str) -> tuple[Place, ...]:
    """All prefectures or all municipalities, in the order of codes."""
    return tuple(sorted((p for p in public_places().values() if p.level == level), key=lambda p: p.code))


@cache
def municipalities_in(prefecture_code: str) -> tuple[Place, ...]:
    """The municipalities of a prefecture (its six-digit code), in the order of codes; empty for any other code."""
    return tuple(p for p in level_places("municipality") if p.prefecture_code == prefecture_code)


_codes_in = prepared(lambda area_id: Municipality.objects.filter(areas=area_id).values_list("pk", flat=True))


def place_of_area(area: Area) -> Place:
    """An officer's area. One that is a whole prefecture, the nation or a single municipality is told
    by that one's own figures."""
    codes = sorted(_codes_in.all(area.pk))
    prefectures = {public_places()[code].prefecture_code for code in codes}
    prefecture = prefectures.pop() if len(prefectures) == 1 else ""
    return Place(area.code, area.name, "area", prefecture, _members(codes, prefecture))


def place_by_code(code: str) -> Place | None:
    """A public place by its six digits, or an officer's area by its code; None when there is neither."""
    if code in public_places():
        return public_places()[code]
    area = Area.objects.filter(code=code).first()
    return place_of_area(area) if area else None


def _members(codes: Sequence[str], prefecture: str) -> tuple[str, ...]:
    if len(codes) == MUNICIPALITIES:
        return (NATION,)
    if prefecture and len(codes) == len(municipalities_in(prefecture)) > 1:
        return (prefecture,)
    return tuple(codes)


def municipality_codes(place: Place) -> tuple[str, ...]:
    """The municipalities of a place; all 1,741 for the nation."""
    if place.members == (NATION,):
        return tuple(p.code for p in level_places("municipality"))
    if place.members == (place.prefecture_code,):
        return tuple(p.code for p in municipalities_in(place.prefecture_code))
    return place.members


def places_called(text: str, most: int = 50) -> list[Place]:
    """Public places by name or kana, those first that are called just so, then those that begin so; in
    the order of codes. A prefecture may stand before the name: 鳥取県米子市."""
    key = kana.search_key(text)
    if not key:
        return []
    ranked = [(rank, place) for place, names in _names() if (rank := _likeness(names, key)) is not None]
    return [place for _, place in sorted(ranked, key=lambda pair: (pair[0], pair[1].code))[:most]]


@cache
def _names() -> tuple[tuple[Place, tuple[str, ...]], ...]:
    """Every public place with its spellings for searching: as it is, behind its prefecture, short, in kana."""
    return tuple(
        (place, tuple(kana.search_key(name) for name in (
            place.name, f"{place.prefecture_name}{place.name}", place.name[:-1],
            places()[place.code].kana if place.code in places() else "",
        )))
        for place in public_places().values()
    )  # fmt: skip


def _likeness(names: tuple[str, ...], key: str) -> int | None:
    if key in names:
        return 0
    if any(name.startswith(key) for name in names):
        return 1
    return 2 if any(key in name for name in names[:2]) else None
