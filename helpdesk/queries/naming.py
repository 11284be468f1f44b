"""Offices by what they are called: words, places, digits in one breath; and when nothing fits, what was meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from careplan_portal.lib.japan import business_number
from helpdesk.queries.hits import (
    AND_DIGITS,
    ENOUGH,
    MISHEARD,
    NAMED,
    Ids,
    digits_in_place,
    in_streets,
    listed,
    matching,
    matching_any,
    serving_in,
    starting,
)
from helpdesk.queries.reasons import ELSEWHERE, SAME_PREFECTURE
from helpdesk.rules.kinds import kinds_in, services_of
from helpdesk.rules.lookup import Question, digits_apart, is_common, slips, without_legal_forms
from helpdesk.rules.places import Reading, apart, around, is_place, read_places
from offices.models import Office

FEW = 3
"""With fewer offices than this in the place that was named, those around it of the name are shown, too."""
WHOLE_PHONE = 9
SMALL_PLACE = 40
"""Municipalities up to which a place's addresses are read through: a city with its wards, not a prefecture."""
SHORTEST_NAME = 3


def by_words(question: Question, ids: Ids) -> None:
    """As it was said; else with places told apart from what is written next to them (鳥取県米子市, 米子の), with a
    sound misheard, and at last without the words that fit nothing."""
    _beside_kinds(question, ids)
    if not ids.why:
        _as_said(question, ids)
    if not ids.full:
        _by_applicant(question, ids)
    if not ids.why:
        question = replace(question, words=apart(question.words))
        for attempt in (_as_said, _in_streets, _at_beginnings, _without_kinds, _misheard, _leaving_out):
            attempt(question, ids)
            if ids.why:
                return


def _beside_kinds(question: Question, ids: Ids) -> None:
    """Words for kinds of service beside a name or a place (米子 訪看 すずかぜ): names that hold them, then names
    without them, of which those that have the service come first; beside a place alone whoever has it there."""
    kinds = kinds_in(question.words)
    rest = tuple(word for word in question.words if word not in kinds)
    said = digits_apart(rest)[1] or rest
    if not kinds or not rest or all(word.isdigit() for word in rest):
        return
    if all(is_place(word) for word in said):
        if said == rest:
            _serving_there(question, kinds, rest, ids)
        return
    for reading in read_places(question.words):
        if not reading.scattered and set(reading.names) - set(kinds):
            _named(reading.names, ids, "名前と所在地", reading.codes)
    _named(question.words, ids, NAMED)
    _as_said(replace(question, words=rest), ids)


def _serving_there(question: Question, kinds: tuple[str, ...], rest: tuple[str, ...], ids: Ids) -> None:
    services = services_of(kinds)
    for reading in read_places(rest):
        if services and not reading.names and not reading.scattered:
            _named(kinds, ids, "名前と所在地", reading.codes)
            ids.add(serving_in(reading.codes, services), "所在地")


def _by_applicant(question: Question, ids: Ids) -> None:
    """Whoever filed, by their name."""
    name = "".join(question.text.split())
    if SHORTEST_NAME <= len(name) <= 20:
        ids.add(starting("applicant name", name), "申請した人の名前")


def _as_said(question: Question, ids: Ids, *, beginnings: bool = False) -> None:
    readings = read_places(question.words, beginnings=beginnings)
    for reading in readings:
        if reading.names and not (reading.scattered and ids.why):
            _named(reading.names, ids, "名前と所在地", reading.codes)
    _named(question.words, ids, NAMED)
    if not ids.why:
        _by_mixed_facts(question, ids)
    if not ids.why and (cores := without_legal_forms(question.words)) != question.words:
        _as_said(replace(question, words=cores), ids)
    for reading in readings:
        if reading.names and len(ids.why) < _wanted(reading.names):
            _beyond(reading, ids)
        elif not reading.names and not ids.full:
            inside = Office.objects.filter(municipality__in=reading.codes).order_by("pk")
            ids.add(inside.values_list("pk", flat=True)[:ENOUGH], "所在地")


def _beyond(reading: Reading, ids: Ids) -> None:
    """The names around the place that was named; where they are not either, anywhere."""
    _named(reading.names, ids, SAME_PREFECTURE, around(reading.codes))
    if not ids.why:
        _named(reading.names, ids, ELSEWHERE)


def _wanted(names: Iterable[str]) -> int:
    """Up to how many in the place that was named the search goes on beyond it: what thousands are called elsewhere
    helps nobody who has found one here."""
    return 1 if all(map(is_common, names)) else FEW


def _by_mixed_facts(question: Question, ids: Ids) -> None:
    """Words and digits in one breath (米子 みなと 0123): first whoever has a whole telephone or business
    number that was said, then the names in whose telephone or number the digits stand, then the names: unless name,
    place and digits fit. Of a place
    alone (米子 0123) only whose telephone or number ends or begins with the digits."""
    numbers, others = digits_apart(question.words)
    if not numbers:
        return
    _by_wholes(numbers, ids)
    readings = read_places(others)
    for reading in (*(one for one in readings if one.names), None):
        names, codes, why = (reading.names, list(reading.codes), "名前と所在地") if reading else (others, [], NAMED)
        ids.add(matching(list(names), codes, numbers), why + AND_DIGITS)
    for reading in readings:
        if not reading.names and not ids.why:
            ids.add(_with_digits(numbers, reading), "所在地" + AND_DIGITS)
    fitted = bool(ids.why)
    all_fit = f"名前と所在地{AND_DIGITS}" in ids.why.values()
    if not all_fit and not all(is_place(word) for word in others):
        _as_said(replace(question, words=others), ids)
        if ids.why and not fitted:
            ids.left_out = numbers


def _by_wholes(numbers: Iterable[str], ids: Ids) -> None:
    """Whole business numbers, and whole telephone numbers."""
    for digits in numbers:
        if business_number.is_well_formed(digits):
            found = listed("business_number = %s", digits)
            ids.read |= found
            ids.add(found, "番号")
        if digits.startswith("0") and len(digits) >= WHOLE_PHONE:
            ids.add(starting("phone", digits), "電話")
            ids.add(starting("service phone", digits), "サービスの電話")


def _with_digits(numbers: tuple[str, ...], reading: Reading) -> list[int]:
    """Offices of the place in which all digits fit."""
    first, *others = (digits_in_place(digits, reading.codes) for digits in numbers)
    return [one for one in first if all(one in other for other in others)]


def _named(words: tuple[str, ...], ids: Ids, why: str, codes: Iterable[str] = ()) -> None:
    """Offices whose names hold all words. Fewer than ENOUGH are all there are, and are ranked; of a
    common word first those that are called so, and those that begin so: the edges of names are
    pairs of the index, too. Of what thousands are called (デイ) those that begin so are enough."""
    first, *others = sorted(words, key=len, reverse=True)
    places_only = list(codes)
    if not others and not places_only and is_common(first):
        ids.add(starting("name", first), why)
        if ids.full:
            return
    holding = matching([first, *others], places_only)
    if len(holding) == ENOUGH:
        ids.add(matching([f" {first} ", *others], places_only), why)
        ids.add(matching([f" {first}", *others], places_only), why)
    ids.add(holding, why)


# when nothing fits -----------------------------------------------------------------------------


def _in_streets(question: Question, ids: Ids) -> None:
    """What stands beside a town may be a street of it: 米子市川端町."""
    for reading in read_places(question.words):
        if reading.names and not reading.scattered and len(reading.codes) <= SMALL_PLACE:
            ids.add(in_streets(reading.names, reading.codes), "所在地")


def _at_beginnings(question: Question, ids: Ids) -> None:
    """A word may be the beginning of a place's name: 隠岐 of 隠岐の島町."""
    _as_said(question, ids, beginnings=True)


def _without_kinds(question: Question, ids: Ids) -> None:
    """Which kind of service it is often does not stand in the name: 訪看, ケアマネ."""
    kinds = kinds_in(question.words)
    rest = tuple(word for word in question.words if word not in kinds)
    if kinds and rest:
        _as_said(replace(question, words=rest), ids, beginnings=True)
        ids.left_out = kinds if ids.why else ()


def _misheard(question: Question, ids: Ids) -> None:
    """One sound of the longest word was another, one too many or one too few: inside the place first, then around
    it, then anywhere. Words for kinds of service are left aside."""
    words = tuple(word for word in question.words if word not in kinds_in(question.words)) or question.words
    named = [one for one in read_places(words, beginnings=True) if one.names and not one.scattered]
    somewhere = [(one.names, one.codes) for one in named] + [(one.names, around(one.codes)) for one in named]
    for names, codes in dict.fromkeys([*somewhere, (words, frozenset[str]())]):
        longest, *others = sorted(names, key=len, reverse=True)
        ids.add(matching_any(slips(longest), others, codes), MISHEARD)
        if ids.why:
            ids.left_out = tuple(word for word in question.words if word not in words)
            return


def _leaving_out(question: Question, ids: Ids) -> None:
    """Without the words that fit nothing by themselves and those that only say which kind of service it is; else
    without one word."""
    words = question.words
    kinds = kinds_in(words)
    unfit = tuple(word for word in words if word in kinds or not _fits_alone(word))
    for out in dict.fromkeys([unfit, *((word,) for word in reversed(words))]):
        rest = tuple(word for word in words if word not in out)
        if out and rest:
            _as_said(replace(question, words=rest), ids, beginnings=True)
        if ids.why:
            ids.left_out = out
            return


def _fits_alone(word: str) -> bool:
    return is_place(word) or bool(matching([word], []))
