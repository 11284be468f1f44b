"""Why an office was found: every fact that was said and fits, and whether all of them do."""

from __future__ import annotations

from collections.abc import Sequence

from careplan_portal.lib.japan import kana, phone
from helpdesk.queries.hits import AND_DIGITS, MISHEARD, NAMED, Ids, Listed, owner_only, serving
from helpdesk.rules.kinds import is_such, kinds_in, means_a_service, services_of
from helpdesk.rules.lookup import Question, digits_apart

ELSEWHERE = "名前（所在地はちがう）"
SAME_PREFECTURE = "名前（所在地は同じ県のなか）"
_WHOLE = ("番号", "電話", "サービスの電話")
_SERVICE = "サービス"


def kinds_of(question: Question, offices: Sequence[Listed]) -> dict[int, tuple[str, ...]]:
    """Of the words for kinds of service those that fit each office; one statement, none where none was said."""
    kinds = [word for word in kinds_in(question.words) if means_a_service(word)]
    if not kinds or len(kinds) == len(question.words) or not offices:
        return {}
    has = serving([one.pk for one in offices], services_of(kinds))
    found: dict[int, tuple[str, ...]] = {}
    for one in offices:
        name = f"{kana.search_key(one.name)} {kana.search_key(one.kana)}"
        fitting = (word for word in kinds if is_such(word, name, one.business_number, has.get(one.pk, ())))
        found[one.pk] = tuple(fitting)
    return found


def unserved(question: Question, ids: Ids) -> list[str]:
    """Words for kinds of service that fit none of the offices found."""
    kinds = [word for word in kinds_in(question.words) if means_a_service(word)]
    return [word for word in kinds if ids.kinds and not any(word in fitting for fitting in ids.kinds.values())]


def fits_all(question: Question, office: Listed, ids: Ids) -> bool:
    """Whether everything that was said fits an office: its place, the digits, and the kind of service where any
    office found has it."""
    why, digits = ids.why[office.pk], digits_apart(question.words)[0]
    if why in (ELSEWHERE, SAME_PREFECTURE, MISHEARD) or office.closed_on is not None:
        return False
    if digits and why not in _WHOLE and not digit_facts(office, digits):
        return False
    said = {word for fitting in ids.kinds.values() for word in fitting}
    return said <= set(ids.kinds.get(office.pk, ())) or why in _WHOLE


def reason(office: Listed, question: Question, ids: Ids) -> str:
    """The reason with every fact that was said and fits: 名前と所在地と電話の下4桁. What fits the corporation's name
    alone says so."""
    why = ids.why[office.pk]
    if why.startswith(NAMED) and owner_only(question.words, office):
        why = f"法人名{why.removeprefix(NAMED)}"
    if ids.kinds.get(office.pk) and not why.startswith(MISHEARD):
        first, *place = why.split("（", 1)
        bare = first.removesuffix(AND_DIGITS)
        why = f"{bare}と{_SERVICE}{first.removeprefix(bare)}" + "".join(f"（{part}" for part in place)
    if not why.endswith(AND_DIGITS):
        return why
    return "と".join([why.removesuffix(AND_DIGITS), *digit_facts(office, digits_apart(question.words)[0])])


def digit_facts(office: Listed, numbers: Sequence[str]) -> list[str]:
    """What of an office the digits that were said are, each fact once: 電話の下4桁."""
    wholes = (("電話", phone.digits(office.phone)), ("番号", office.business_number))
    facts = [_part(label, whole, digits) for digits in numbers for label, whole in wholes if digits in whole]
    return list(dict.fromkeys(facts))


def _part(label: str, whole: str, digits: str) -> str:
    if whole.endswith(digits):
        return f"{label}の下{len(digits)}桁"
    return f"{label}のはじめ" if whole.startswith(digits) else f"{label}の一部"
