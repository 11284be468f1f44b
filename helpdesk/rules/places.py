"""Which words of a question name a place: 米子, 米子市, よなご, とっとりけん, 札幌市北区."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from careplan_portal.lib.japan import kana
from offices.rules.catalogue import places

_ENDINGS = ("都", "道", "府", "県", "市", "区", "町", "村")
_READINGS = ("けん", "ふ", "と", "し", "く", "ちょう", "まち", "むら", "そん")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read words: those that name places (their municipalities' codes, wards included)
    and those that are parts of names, as search keys."""

    codes: frozenset[str]
    names: tuple[str, ...]


def read_places(words: tuple[str, ...]) -> tuple[Reading, ...]:
    """The ways to read words as places and names, the likeliest first; none when no word can be a
    place. A word that is both (さくら, a city and a name) is read either way.

    Several places narrow each other (鳥取 米子) where they overlap, else they add up.
    """
    named = _by_key()
    can_be = [word for word in words if word in named]
    but_one = [tuple(word for word in can_be if word != name) for name in reversed(can_be)]
    found = [tuple(can_be), *but_one, *((word,) for word in can_be)]
    readings = (_reading(words, here, named) for here in found if here)
    return tuple(sorted(dict.fromkeys(readings), key=lambda reading: not reading.names))


def _reading(words: tuple[str, ...], here: tuple[str, ...], named: Mapping[str, frozenset[str]]) -> Reading:
    codes = named[here[0]]
    for word in here[1:]:
        codes = (codes & named[word]) or (codes | named[word])
    return Reading(codes, tuple(word for word in words if word not in here))


@cache
def _by_key() -> Mapping[str, frozenset[str]]:
    """Search key of every spelling of a place's name → codes of the municipalities in it."""
    inside = _inside()
    named: dict[str, set[str]] = defaultdict(set)
    for place in places().values():
        for spelling in _spellings(place.name, place.kana, place.parent):
            key = kana.search_key(spelling)
            if len(key) >= _SHORTEST:
                named[key] |= inside[place.code]
    return {key: frozenset(codes) for key, codes in named.items()}


def _inside() -> Mapping[str, set[str]]:
    """Each place's own code, its wards', and for a prefecture all that lie in it."""
    inside: dict[str, set[str]] = defaultdict(set)
    prefectures = {place.code[:2]: place.code for place in places().values() if place.kind == "prefecture"}
    for place in places().values():
        if place.kind == "prefecture":
            continue
        for holder in {place.code, place.parent, prefectures[place.code[:2]]} - {""}:
            inside[holder].add(place.code)
    return inside


def _spellings(name: str, reading: str, parent: str) -> set[str]:
    found = {name, reading, _bare(name, _ENDINGS), _bare(reading, _READINGS)}
    if parent:
        # A ward is also said without its city: 北区; such a word means every ward of that name.
        city = places()[parent]
        found |= {name.removeprefix(city.name), reading.removeprefix(city.kana)}
    return found


def _bare(text: str, endings: tuple[str, ...]) -> str:
    return next((text.removesuffix(end) for end in endings if text.endswith(end) and len(text) > len(end) + 1), text)
