"""What the box finds, and the statements that find it. Every one uses an index (tests/helpdesk/test_lookup.py holds
them to it), and none fetches more than ENOUGH rows, however common the word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from careplan_portal.lib.japan import business_number, kana
from helpdesk.models import Inquiry
from helpdesk.rules.lookup import Question, rarest_pairs, without_legal_forms
from helpdesk.rules.places import is_place
from offices.rules.catalogue import places

ENOUGH = 60
AND_DIGITS = "と数字"
"""The end of a reason while it is not known yet of what the digits are."""
NAMED = "名前"
MISHEARD = "聞きちがい？"

# Read as plain rows: building model instances of some sixty offices took longer than finding them.
OFFICES_SQL = """
SELECT id, business_number, name, kana, address, phone, closed_on, municipality_id, prefecture_id,
  corporation_name
FROM offices_office WHERE
"""
WORDS_SQL = """
SELECT id FROM offices_office
WHERE offices_bigrams(search_key) @> %(pairs)s AND (' ' || search_key || ' ') LIKE ALL(%(parts)s) {more}
LIMIT %(limit)s
"""
# In a town or two the names are read through: sooner done than collecting everybody who is called デイ.
NAMES_IN_PLACE_SQL = """
SELECT id FROM offices_office
WHERE municipality_id = ANY(%(codes)s) AND (' ' || search_key || ' ') LIKE ALL(%(parts)s) {more}
ORDER BY municipality_id LIMIT %(limit)s
"""
ONE_OR_TWO = 3
ARM_SQL = """
SELECT id FROM offices_office
WHERE offices_bigrams(search_key) @> %s AND (' ' || search_key || ' ') LIKE ALL(%s) {more} LIMIT %s
"""
# What of the register says which services an office has; by the index of its services.
SERVING_SQL = """
SELECT DISTINCT office_id, service_type_id FROM offices_officeservice
WHERE office_id = ANY(%s) AND service_type_id = ANY(%s) AND listed_until IS NULL
"""
# OFFSET 0 keeps it a question about each office of the place: else all services of the register are read.
SERVING_IN_SQL = """
SELECT o.id FROM offices_office o WHERE o.municipality_id = ANY(%s) AND EXISTS (
  SELECT 1 FROM offices_officeservice s
  WHERE s.office_id = o.id AND s.service_type_id = ANY(%s) AND s.listed_until IS NULL OFFSET 0)
ORDER BY o.municipality_id LIMIT %s
"""
FEWEST_PAIRS = 2
PLACE_SQL = "AND municipality_id = ANY(%(codes)s)"
DIGITS_SQL = "AND (phone_digits LIKE ANY(%(digits)s) OR business_number LIKE ANY(%(digits)s))"
# What begins with something, in the order of the pattern indexes: so LIMIT ends the reading, even
# where a beginning is shared by half of the table.
STARTS_SQL = {
    "name": """SELECT id FROM offices_office WHERE search_key LIKE %s
        ORDER BY search_key USING ~<~ LIMIT %s""",
    "number": """SELECT id FROM offices_office WHERE business_number LIKE %s
        ORDER BY business_number USING ~<~ LIMIT %s""",
    "tail": """SELECT id FROM offices_office WHERE reverse(business_number) LIKE %s
        ORDER BY reverse(business_number) USING ~<~ LIMIT %s""",
    "phone tail": """SELECT id FROM offices_office WHERE reverse(phone_digits) LIKE %s
        ORDER BY reverse(phone_digits) USING ~<~ LIMIT %s""",
    "phone": """SELECT id FROM offices_office WHERE phone_digits LIKE %s
        ORDER BY phone_digits USING ~<~ LIMIT %s""",
    "service phone": """SELECT office_id FROM offices_officeservice WHERE phone_digits LIKE %s
        ORDER BY phone_digits USING ~<~ LIMIT %s""",
    "receipt": """SELECT office_id FROM campaigns_freepassapplication WHERE receipt_number LIKE %s
        ORDER BY receipt_number USING ~<~ LIMIT %s""",
    "applicant": """SELECT office_id FROM campaigns_freepassapplication WHERE lower(applicant_email) LIKE %s
        ORDER BY lower(applicant_email) USING ~<~ LIMIT %s""",
    "applicant name": """SELECT office_id FROM campaigns_freepassapplication
        WHERE translate(applicant_name, ' 　', '') LIKE %s
        ORDER BY translate(applicant_name, ' 　', '') USING ~<~ LIMIT %s""",
    "member": """SELECT m.office_id FROM accounts_user u JOIN offices_membership m ON m.user_id = u.id
        WHERE u.email LIKE %s AND m.ended_on IS NULL ORDER BY u.email USING ~<~ LIMIT %s""",
}


# The same where a place was named, too: what ends or begins with the digits is read, the place only compared.
DIGITS_IN_PLACE_SQL = """
(SELECT id FROM offices_office WHERE reverse(phone_digits) LIKE %(tail)s AND municipality_id = ANY(%(codes)s)
 ORDER BY reverse(phone_digits) USING ~<~ LIMIT %(limit)s) UNION ALL
(SELECT id FROM offices_office WHERE reverse(business_number) LIKE %(tail)s AND municipality_id = ANY(%(codes)s)
 ORDER BY reverse(business_number) USING ~<~ LIMIT %(limit)s) UNION ALL
(SELECT id FROM offices_office WHERE phone_digits LIKE %(head)s AND municipality_id = ANY(%(codes)s)
 ORDER BY phone_digits USING ~<~ LIMIT %(limit)s) UNION ALL
(SELECT id FROM offices_office WHERE business_number LIKE %(head)s AND municipality_id = ANY(%(codes)s)
 ORDER BY business_number USING ~<~ LIMIT %(limit)s)
"""
IN_STREETS_SQL = """
SELECT id FROM offices_office WHERE municipality_id = ANY(%s) AND address LIKE ALL(%s) ORDER BY municipality_id LIMIT %s
"""


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
    corporation_name: str

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

    @property
    def by_owner(self) -> bool:
        """Found by the corporation's name or number, which is then shown."""
        return self.why.startswith("法人")


@dataclass(frozen=True, slots=True)
class Found:
    """What a question led to. `jump` is the one office that it names beyond doubt, `left_out` the words that fitted
    nothing, as they were typed; the first `fits` hits fit all that was said; `unserved` kinds of service that none has; `near_phone`: what is near is a telephone."""

    question: Question
    hits: Sequence[Hit] = ()
    near: Sequence[Hit] = ()
    jump: Listed | None = None
    inquiry: Inquiry | None = None
    more: bool = False
    left_out: Sequence[str] = ()
    near_phone: bool = False
    fits: int = 0
    unserved: Sequence[str] = ()

    @property
    def sure(self) -> Sequence[Hit]:
        """The hits in which everything that was said fits; all of them where nothing sets some apart."""
        return self.hits[: self.fits] or self.hits

    @property
    def others(self) -> Sequence[Hit]:
        return self.hits[self.fits :] if self.fits else ()

    @property
    def best(self) -> Hit | None:
        """The first hit where more of what was said fits it than any other; none of what was only guessed."""
        if self.left_out or (self.hits and self.hits[0].why.startswith(MISHEARD)):
            return None
        ahead = 1 in (len(self.hits), self.fits) or (len(self.hits) > 1 and self.hits[0].why != self.hits[1].why)
        return self.hits[0] if ahead else None


@dataclass(slots=True)
class Ids:
    """Offices in the order in which they were found, each once, with the first reason; `kinds` the
    words for kinds of service that fit each; `read` are
    those whose row is at hand already."""

    why: dict[int, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    kinds: dict[int, tuple[str, ...]] = field(default_factory=dict)
    read: dict[int, Listed] = field(default_factory=dict)

    def add(self, ids: Iterable[int], why: str) -> None:
        for office_id in ids:
            self.why.setdefault(office_id, why)

    @property
    def full(self) -> bool:
        return len(self.why) >= ENOUGH


def starting(what: str, text: str) -> list[int]:
    """Ids of offices by what begins with `text`, at most ENOUGH."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return rows(STARTS_SQL[what], [f"{escaped}%", ENOUGH])


def rows(sql: str, values: Any) -> list[int]:
    """The first column; `sql` is one of this package's own constants."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def matching_any(patterns: Iterable[str], others: Sequence[str], codes: Collection[str]) -> list[int]:
    """Ids of offices whose search keys hold one of the patterns and all others, in the patterns' order; one
    statement. A pattern of which too little is left to seek by is passed over."""
    arms, values = [], []
    for pattern in patterns:
        parts = [pattern, *others]
        pairs = rarest_pairs(piece for part in parts for piece in part.split("_"))
        if len(pairs) >= FEWEST_PAIRS:
            arms.append(f"({ARM_SQL.format(more='AND municipality_id = ANY(%s)' if codes else '')})")
            values += [pairs, [f"%{part}%" for part in parts], *([list(codes)] if codes else []), ENOUGH]
    return list(dict.fromkeys(rows(" UNION ALL ".join(arms), values))) if arms else []


def matching(parts: list[str], codes: list[str], digits: Sequence[str] = ()) -> list[int]:
    """Ids of offices whose search keys hold all parts; "_" in a part is any one character."""
    pairs = rarest_pairs(piece for part in parts for piece in part.split("_"))
    if not pairs:
        return []
    more = DIGITS_SQL if digits else ""
    if 0 < len(codes) <= ONE_OR_TWO:
        sql = NAMES_IN_PLACE_SQL.format(more=more)
    else:
        sql = WORDS_SQL.format(more=(PLACE_SQL if codes else "") + more)
    patterns = [f"%{part}%" for part in parts]  # search keys hold letters and numbers only: nothing to escape
    return rows(sql, {
        "pairs": pairs, "parts": patterns, "codes": codes, "limit": ENOUGH, "digits": [f"%{one}%" for one in digits],
    })  # fmt: skip


def digits_in_place(number: str, codes: Iterable[str]) -> list[int]:
    """Offices of a place whose telephone or number ends with the digits, then those where it begins so."""
    values: dict[str, object] = {
        "tail": f"{number[::-1]}%", "head": f"{number}%", "codes": list(codes), "limit": ENOUGH
    }  # fmt: skip
    return list(dict.fromkeys(rows(DIGITS_IN_PLACE_SQL, values)))


def in_streets(names: Sequence[str], codes: Iterable[str]) -> list[int]:
    """Offices of a place whose address holds all these words."""
    return rows(IN_STREETS_SQL, [list(codes), [f"%{name}%" for name in names], ENOUGH])


def listed(condition: str, value: Any) -> dict[int, Listed]:
    """Rows by id; `condition` is one of this package's own constants."""
    with connection.cursor() as cursor:
        cursor.execute(OFFICES_SQL + condition, [value])
        return {row[0]: Listed(*row) for row in cursor.fetchall()}


def serving(ids: Collection[int], services: Collection[str]) -> dict[int, set[str]]:
    """Of offices, which of these services each has."""
    found: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SERVING_SQL, [list(ids), list(services)])
        for office_id, service in cursor.fetchall():
            found.setdefault(office_id, set()).add(service)
    return found


def serving_in(codes: Iterable[str], services: Iterable[str]) -> list[int]:
    """Offices of a place that have one of these services."""
    return rows(SERVING_IN_SQL, [list(codes), list(services), ENOUGH])


def owner_only(words: tuple[str, ...], office: Listed) -> bool:
    """Whether some word fits the corporation's name alone, or was said with a legal form that the office's own name
    lacks (NPOこだま会)."""
    own = f"{kana.search_key(office.name)} {kana.search_key(office.kana)}"
    owner = kana.search_key(office.corporation_name)
    cores = without_legal_forms(words)
    formal = cores != words and not any(word in own for word in words if word not in cores)
    return any(core in owner and (core not in own or formal) for core in cores if not is_place(core))
