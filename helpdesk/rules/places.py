"""Which words of a question name a place: 米子, 米子市, よなご, よなご市, とっとりけん, 札幌市北区, 米子の."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from careplan_portal.lib.japan import kana
from offices.rules.catalogue import places

_ENDINGS = ("都", "道", "府", "県", "市", "区", "町", "村")
_READINGS = ("けん", "ふ", "と", "し", "く", "ちょう", "まち", "むら", "そん")
_OF = "の"
_SHORTEST = 2
_SHORTEST_KANA = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read words: those that name places (their municipalities' codes, wards included)
    and those that are parts of names, as search keys. `scattered`: the places have nothing in common."""

    codes: frozenset[str]
    names: tuple[str, ...]
    scattered: bool = False


def read_places(words: tuple[str, ...], *, beginnings: bool = False) -> tuple[Reading, ...]:
    """The ways to read words as places and names, the likeliest first; none when no word can be a
    place. A word that is both (さくら, a city and a name) is read either way.

    Several places narrow each other (鳥取 米子) where they overlap, else they add up: such a reading comes after
    those that take one word for the place and the others for a name. With `beginnings` a word may also be how a
    place's name begins (隠岐).
    """
    named = {word: codes for word in words if (codes := _codes(word, beginnings=beginnings))}
    can_be = [word for word in words if word in named]
    but_one = [tuple(word for word in can_be if word != name) for name in reversed(can_be)]
    found = [tuple(can_be), *but_one, *((word,) for word in can_be)]
    readings = (_reading(words, here, named) for here in found if here)
    return tuple(sorted(dict.fromkeys(readings), key=lambda reading: (not reading.names, reading.scattered)))


def is_place(word: str) -> bool:
    """Whether the word, as a search key, is how a place is called."""
    return bool(_codes(word))


def apart(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with every place that stands in one of them as a word of its own: 鳥取県米子市, 米子市川端町,
    米子のしおさい."""
    return tuple(dict.fromkeys(part for word in words for part in _apart(word)))


def around(codes: Collection[str]) -> frozenset[str]:
    """The municipalities of the prefectures in which these lie."""
    return frozenset().union(*(_of_prefecture()[prefecture] for prefecture in {code[:2] for code in codes}))


def _apart(word: str) -> list[str]:
    if is_place(word):
        return [word]
    for at in range(len(word) - 1, _SHORTEST - 1, -1):
        place, rest = word[:at], word[at:]
        # A place in kana is a part of many names (みなと of みなとの風): only one written as a place stands apart.
        if place in _by_key() and (place[-1] in _ENDINGS or (rest.startswith(_OF) and not kana.is_kana(place))):
            rest = rest.removeprefix(_OF)
            return [place, *_apart(rest)] if rest else [place]
    return [word]


def _codes(word: str, *, beginnings: bool = False) -> frozenset[str]:
    """The municipalities that a word names; empty where it names none."""
    named = _by_key()
    found = named.get(word) or (named.get(word.removesuffix(_OF)) if len(word) > _SHORTEST else None)
    if found is None and beginnings and len(word) >= (_SHORTEST_KANA if kana.is_kana(word) else _SHORTEST):
        found = frozenset().union(*(codes for key, codes in named.items() if key.startswith(word)))
    return found or frozenset()


def _reading(words: tuple[str, ...], here: tuple[str, ...], named: Mapping[str, frozenset[str]]) -> Reading:
    codes, scattered = named[here[0]], False
    for word in here[1:]:
        scattered = scattered or not codes & named[word]
        codes = (codes & named[word]) or (codes | named[word])
    return Reading(codes, tuple(word for word in words if word not in here), scattered)


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


@cache
def _of_prefecture() -> Mapping[str, frozenset[str]]:
    """The first two digits of codes → the codes that begin so, without the prefecture's own."""
    found: dict[str, set[str]] = defaultdict(set)
    for place in places().values():
        if place.kind != "prefecture":
            found[place.code[:2]].add(place.code)
    return {prefecture: frozenset(codes) for prefecture, codes in found.items()}


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
    bare = _bare(reading, _READINGS)
    found = {name, reading, _bare(name, _ENDINGS), bare}
    if name.endswith(_ENDINGS):
        found.add(bare + name[-1])  # よなご市
    if parent:
        # A ward is also said without its city: 北区; such a word means every ward of that name.
        city = places()[parent]
        found |= {name.removeprefix(city.name), reading.removeprefix(city.kana)}
    return found


def _bare(text: str, endings: tuple[str, ...]) -> str:
    return next((text.removesuffix(end) for end in endings if text.endswith(end) and len(text) > len(end) + 1), text)
