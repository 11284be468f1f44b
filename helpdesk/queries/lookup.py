"""The one box: from what somebody typed to offices, best first.

Every statement uses an index (tests/helpdesk/test_lookup.py holds them to it), and none
fetches more than ENOUGH rows, however common the word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db import connection

from campaigns.queries import application_by_receipt
from careplan_portal.lib.japan import business_number, kana, phone
from helpdesk.models import Inquiry
from helpdesk.rules.lookup import Question, digits_apart, rarest_pairs, understand, without_legal_forms
from helpdesk.rules.places import read_places
from licenses.models import License
from licenses.rules import NONE
from offices.models import Office
from offices.rules.catalogue import places

LIMIT = 20
ENOUGH = 60
FEW = 3
"""With fewer offices than this in the place that was named, others of the name are shown, too."""
WHOLE_PHONE = 9
AND_DIGITS = "と数字"
"""The end of a reason while it is not known yet of what the digits are."""

# Read as plain rows: building model instances of some sixty offices took longer than finding them.
OFFICES_SQL = """
SELECT id, business_number, name, kana, address, phone, closed_on, municipality_id, prefecture_id
FROM offices_office WHERE
"""
WORDS_SQL = """
SELECT id FROM offices_office
WHERE offices_bigrams(search_key) @> %(pairs)s AND (' ' || search_key || ' ') LIKE ALL(%(parts)s) {more}
LIMIT %(limit)s
"""
PLACE_SQL = "AND municipality_id = ANY(%(codes)s)"
DIGITS_SQL = "AND (phone_digits LIKE ANY(%(digits)s) OR business_number LIKE ANY(%(digits)s))"
# What begins with something, in the order of the pattern indexes: so LIMIT ends the reading, even
# where a beginning is shared by half of the table.
STARTS_SQL = {
    "number": """SELECT id FROM offices_office WHERE business_number LIKE %s
        ORDER BY business_number USING ~<~ LIMIT %s""",
    "tail": """SELECT id FROM offices_office WHERE reverse(business_number) LIKE %s
        ORDER BY reverse(business_number) USING ~<~ LIMIT %s""",
    "phone": """SELECT id FROM offices_office WHERE phone_digits LIKE %s
        ORDER BY phone_digits USING ~<~ LIMIT %s""",
    "service phone": """SELECT office_id FROM offices_officeservice WHERE phone_digits LIKE %s
        ORDER BY phone_digits USING ~<~ LIMIT %s""",
    "receipt": """SELECT office_id FROM campaigns_freepassapplication WHERE receipt_number LIKE %s
        ORDER BY receipt_number USING ~<~ LIMIT %s""",
    "applicant": """SELECT office_id FROM campaigns_freepassapplication WHERE lower(applicant_email) LIKE %s
        ORDER BY lower(applicant_email) USING ~<~ LIMIT %s""",
    "member": """SELECT m.office_id FROM accounts_user u JOIN offices_membership m ON m.user_id = u.id
        WHERE u.email LIKE %s AND m.ended_on IS NULL ORDER BY u.email USING ~<~ LIMIT %s""",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """What of an office is shown in a list."""

    pk: int
    business_number: str
    name: str
    kana: str
    address: str
    phone: str
    closed_on: date | None
    municipality_code: str | None
    prefecture_code: str | None

    @property
    def grouped_number(self) -> str:
        return business_number.grouped(self.business_number)

    @property
    def place(self) -> str:
        """鳥取県米子市; empty where the register does not say."""
        codes = (self.prefecture_code, self.municipality_code)
        return "".join(places()[code].name for code in codes if code in places())


@dataclass(frozen=True, slots=True)
class Hit:
    """One office and why it was found; `status` is its licence's on the day, empty when it was not
    asked for."""

    office: Listed
    why: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a question led to. `jump` is the one office that it names beyond doubt."""

    question: Question
    hits: Sequence[Hit] = ()
    near: Sequence[Hit] = ()
    jump: Listed | None = None
    inquiry: Inquiry | None = None
    more: bool = False

    @property
    def best(self) -> Hit | None:
        """The first hit where more of what was said fits it than any other."""
        ahead = len(self.hits) == 1 or (len(self.hits) > 1 and self.hits[0].why != self.hits[1].why)
        return self.hits[0] if ahead else None


@dataclass(slots=True)
class _Ids:
    """Offices in the order in which they were found, each once, with the first reason; `read` are
    those whose row is at hand already."""

    why: dict[int, str] = field(default_factory=dict)
    read: dict[int, Listed] = field(default_factory=dict)

    def add(self, ids: Iterable[int], why: str) -> None:
        for office_id in ids:
            self.why.setdefault(office_id, why)

    @property
    def full(self) -> bool:
        return len(self.why) >= ENOUGH


def find(text: str, today: date, limit: int = LIMIT, *, statuses: bool = True) -> Found:
    """Offices for what somebody typed, at most `limit`, the likeliest first; nothing for an empty text.

    A whole business number or receipt number that exists is also the `jump`; a whole number that
    does not exist brings the existing ones nearby in `near`.
    """
    question = understand(text)
    if question.is_empty:
        return Found(question)
    if question.ticket:
        return Found(question, inquiry=Inquiry.objects.filter(number=question.ticket).first())
    ids = _Ids()
    for source in _sources(question):
        source(question, ids)
        if ids.full:
            break
    ranked = _ranked(question, ids)
    hits = _hits(ranked[:limit], ids, today if statuses else None, digits_apart(question.words)[0])
    near = () if not question.number or _has_number(hits, question) else _near(question, today if statuses else None)
    return Found(question, hits, near, _jump(question, hits), more=len(ranked) > limit)


def _sources(question: Question) -> Iterator[Callable[[Question, _Ids], None]]:
    ways = [
        (question.receipt or question.receipt_part, _by_receipt),
        (question.number and not question.phone_first, _by_number),
        (question.phone, _by_phone),
        (question.number and question.phone_first, _by_number),
        (question.number_part, _by_part),
        (question.corporate_number, _by_corporation),
        (question.mail, _by_mail),
        (question.words, _by_words),
    ]
    return (source for wanted, source in ways if wanted)


# one way of finding each ----------------------------------------------------------------------


def _by_receipt(question: Question, ids: _Ids) -> None:
    if question.receipt:
        application = application_by_receipt(question.receipt)
        ids.add([application.office_id] if application else [], "受付番号")
        return
    digits = question.receipt_part
    shown = "-".join(part for part in ("FP", digits[:4], digits[4:7], digits[7:]) if part)
    ids.add(_starting("receipt", shown), "受付番号")


def _by_number(question: Question, ids: _Ids) -> None:
    found = _listed("business_number = %s", question.number)
    ids.read |= found
    ids.add(found, "番号")


def _by_part(question: Question, ids: _Ids) -> None:
    part = question.number_part
    ids.add(_starting("number", part), "番号のはじめ")
    if len(part) == business_number.LENGTH - 1:
        ids.add(Office.objects.filter(business_number=f"0{part}").values_list("pk", flat=True), "はじめの0を補った番号")
    ids.add(_starting("tail", part[::-1]), "番号のおわり")


def _by_phone(question: Question, ids: _Ids) -> None:
    ids.add(_starting("phone", question.phone), "電話")
    ids.add(_starting("service phone", question.phone), "サービスの電話")


def _by_corporation(question: Question, ids: _Ids) -> None:
    owned = Office.objects.filter(corporation__corporate_number=question.corporate_number).order_by("business_number")
    ids.add(owned.values_list("pk", flat=True)[:ENOUGH], "法人番号")


def _by_mail(question: Question, ids: _Ids) -> None:
    ids.add(_starting("member", question.mail), "メンバーのメール")
    ids.add(_starting("applicant", question.mail), "申請した人のメール")


def _starting(what: str, text: str) -> list[int]:
    """Ids of offices by what begins with `text`, at most ENOUGH."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        cursor.execute(STARTS_SQL[what], [f"{escaped}%", ENOUGH])
        return [row[0] for row in cursor.fetchall()]


def _by_words(question: Question, ids: _Ids) -> None:
    readings = read_places(question.words)
    for reading in readings:
        if reading.names:
            _named(reading.names, ids, "名前と所在地", reading.codes)
    _named(question.words, ids, "名前")
    if not ids.why:
        _by_mixed_facts(question, ids)
    if not ids.why and (cores := without_legal_forms(question.words)) != question.words:
        _by_words(replace(question, words=cores), ids)
    for reading in readings:
        if reading.names and len(ids.why) < FEW:
            _named(reading.names, ids, "名前（所在地はちがう）")
        elif not reading.names and not ids.full:
            inside = Office.objects.filter(municipality__in=reading.codes).order_by("pk")
            ids.add(inside.values_list("pk", flat=True)[:ENOUGH], "所在地")


def _by_mixed_facts(question: Question, ids: _Ids) -> None:
    """Words and digits in one breath (米子 みなと 0123): first whoever has a whole telephone or business
    number that was said, then the names in whose telephone or number the digits stand, then the names."""
    numbers, others = digits_apart(question.words)
    if not numbers:
        return
    for digits in numbers:
        if business_number.is_well_formed(digits):
            _by_number(replace(question, number=digits), ids)
        if digits.startswith("0") and len(digits) >= WHOLE_PHONE:
            _by_phone(replace(question, phone=digits), ids)
    for reading in (*(one for one in read_places(others) if one.names), None):
        names, codes, why = (reading.names, list(reading.codes), "名前と所在地") if reading else (others, [], "名前")
        ids.add(_matching(list(names), codes, numbers), why + AND_DIGITS)
    _by_words(replace(question, words=others), ids)


def _named(words: tuple[str, ...], ids: _Ids, why: str, codes: Iterable[str] = ()) -> None:
    """Offices whose names hold all words. Fewer than ENOUGH are all there are, and are ranked; of a
    common word first those that are called so, and those that begin so: the edges of names are
    pairs of the index, too."""
    first, *others = sorted(words, key=len, reverse=True)
    places_only = list(codes)
    holding = _matching([first, *others], places_only)
    if len(holding) == ENOUGH:
        ids.add(_matching([f" {first} ", *others], places_only), why)
        ids.add(_matching([f" {first}", *others], places_only), why)
    ids.add(holding, why)


def _matching(parts: list[str], codes: list[str], digits: Sequence[str] = ()) -> list[int]:
    pairs = rarest_pairs(parts)
    if not pairs:
        return []
    sql = WORDS_SQL.format(more=(PLACE_SQL if codes else "") + (DIGITS_SQL if digits else ""))
    patterns = [f"%{part}%" for part in parts]  # search keys hold letters and numbers only: nothing to escape
    with connection.cursor() as cursor:
        cursor.execute(sql, {
            "pairs": pairs, "parts": patterns, "codes": codes, "limit": ENOUGH, "digits": [f"%{one}%" for one in digits],
        })  # fmt: skip
        return [row[0] for row in cursor.fetchall()]


# order, and what is shown ---------------------------------------------------------------------


def _ranked(question: Question, ids: _Ids) -> list[Listed]:
    """In the order found; among names, those that fit best and are shortest first; closed ones last."""
    missing = [office_id for office_id in ids.why if office_id not in ids.read]
    found = ids.read | (_listed("id = ANY(%s)", missing) if missing else {})
    offices = [found[office_id] for office_id in ids.why if office_id in found]
    if question.words:
        reasons = list(dict.fromkeys(ids.why.values()))
        digits, others = digits_apart(question.words)
        said = others or question.words
        offices.sort(
            key=lambda one: (reasons.index(ids.why[one.pk]), -len(_digit_facts(one, digits)), *_fit(said, one))
        )
    return sorted(offices, key=lambda office: office.closed_on is not None)


def _listed(condition: str, value: str | list[int]) -> dict[int, Listed]:
    """Rows by id; `condition` is one of this module's own constants."""
    with connection.cursor() as cursor:
        cursor.execute(OFFICES_SQL + condition, [value])
        return {row[0]: Listed(*row) for row in cursor.fetchall()}


def _fit(words: tuple[str, ...], office: Listed) -> tuple[int, int, str]:
    """How well the longest word fits: the whole name or kana, their beginning, a part; then brevity."""
    longest = max(words, key=len)
    grades = (2 * _grade(longest, kana.search_key(office.name)), 2 * _grade(longest, kana.search_key(office.kana)) + 1)
    return min(grades), len(office.name), office.business_number


def _grade(word: str, key: str) -> int:
    if key == word:
        return 0
    if key.startswith(word):
        return 1
    return 2 if word in key else 3


def _hits(offices: Sequence[Listed], ids: _Ids, today: date | None, digits: Sequence[str] = ()) -> list[Hit]:
    statuses: dict[int, str] = {}
    if today is not None and offices:
        licenses = License.objects.filter(office__in=[office.pk for office in offices]).with_status(today)
        statuses = {license.office_id: vars(license)["status"] for license in licenses}
    default = "" if today is None else NONE
    return [Hit(one, _reason(ids.why[one.pk], one, digits), statuses.get(one.pk, default)) for one in offices]


def _reason(why: str, office: Listed, numbers: Sequence[str]) -> str:
    """The reason with every fact that was said and fits: 名前と所在地と電話の下4桁."""
    if not why.endswith(AND_DIGITS):
        return why
    return "と".join([why.removesuffix(AND_DIGITS), *_digit_facts(office, numbers)])


def _digit_facts(office: Listed, numbers: Sequence[str]) -> list[str]:
    """What of an office the digits that were said are, each fact once: 電話の下4桁."""
    wholes = (("電話", phone.digits(office.phone)), ("番号", office.business_number))
    facts = [_part(label, whole, digits) for digits in numbers for label, whole in wholes if digits in whole]
    return list(dict.fromkeys(facts))


def _part(label: str, whole: str, digits: str) -> str:
    if whole.endswith(digits):
        return f"{label}の下{len(digits)}桁"
    return f"{label}のはじめ" if whole.startswith(digits) else f"{label}の一部"


def _has_number(hits: Sequence[Hit], question: Question) -> bool:
    return any(hit.office.business_number == question.number for hit in hits)


def _near(question: Question, today: date | None) -> list[Hit]:
    """Existing numbers one character or one swap away; the same county's first."""
    ids = _Ids()
    near = Office.objects.filter(business_number__in=business_number.near_numbers(question.number))
    ids.add(near.order_by("business_number").values_list("pk", flat=True)[:LIMIT], "近い番号")
    offices = _ranked(Question(question.text), ids)
    offices.sort(key=lambda office: office.business_number[3:5] != question.number[3:5])
    return _hits(offices, ids, today)


def _jump(question: Question, hits: Sequence[Hit]) -> Listed | None:
    if question.receipt and hits:
        return hits[0].office
    named = [hit.office for hit in hits if question.number and hit.office.business_number == question.number]
    others = [hit for hit in hits if hit.why in ("電話", "サービスの電話")]
    if named and not (others and question.phone):
        return named[0]
    return hits[0].office if len(hits) == 1 and not named and _certain(question) else None


def _certain(question: Question) -> bool:
    """A whole telephone number that one office alone has, or a mail address."""
    return bool(len(question.phone) >= 10 or question.mail)
