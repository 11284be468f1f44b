"""The one box: from what somebody typed to offices, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from campaigns.queries import application_by_receipt
from careplan_portal.lib.japan import business_number, kana, phone
from helpdesk.models import Inquiry
from helpdesk.queries.hits import (
    ENOUGH,
    Found,
    Hit,
    Ids,
    Listed,
    listed,
    rows,
    starting,
)
from helpdesk.queries.naming import by_words
from helpdesk.queries.reasons import digit_facts, fits_all, kinds_of, reason, unserved
from helpdesk.rules.kinds import kinds_in
from helpdesk.rules.lookup import (
    Question,
    digits_apart,
    understand,
    without_legal_form,
    without_legal_forms,
    words_left_out,
)
from licenses.models import License
from licenses.rules import NONE
from offices.models import Office

LIMIT = 20
PHONE_TAIL = 4
"""So many last digits of a telephone are sought: fewer are those of hundreds."""
NEAR_PHONES_SQL = "SELECT id FROM offices_office WHERE phone_digits = ANY(%s) ORDER BY phone_digits LIMIT %s"


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
    ids = Ids()
    for source in _sources(question):
        source(question, ids)
        if ids.full:
            break
    ranked = _ranked(question, ids)
    fitting = [one for one in ranked if fits_all(question, one, ids)]
    if fitting and not ids.left_out:
        ranked = fitting + [one for one in ranked if one not in fitting]
    hits = _hits(ranked[:limit], ids, question, today if statuses else None)
    near, near_phone = _nearby(question, hits, today if statuses else None)
    return Found(
        question, hits, near, _jump(question, hits), more=len(ranked) > limit, near_phone=near_phone,
        left_out=words_left_out(question.text, [word for word in ids.left_out if not kinds_in([word])]),
        fits=0 if ids.left_out else min(len(fitting), limit),
        unserved=words_left_out(question.text, unserved(question, ids)) if hits else (),
    )  # fmt: skip


def _nearby(question: Question, hits: Sequence[Hit], today: date | None) -> tuple[Sequence[Hit], bool]:
    """For a whole number that does not exist, the existing ones nearby; for a whole telephone that nobody has, those
    nearby, and whether that is what they are."""
    numbers = _near(question, today) if question.number and not _has_number(hits, question) else ()
    if hits or not phone.is_plausible(question.phone) or (numbers and not question.phone_first):
        return numbers, False
    phones = _near_phones(question, today)
    return (phones, True) if phones else (numbers, False)


def _sources(question: Question) -> Iterator[Callable[[Question, Ids], None]]:
    ways = [
        (question.receipt or question.receipt_part, _by_receipt),
        (question.number and not question.phone_first, _by_number),
        (question.phone, _by_phone),
        (question.number and question.phone_first, _by_number),
        (question.number_part, _by_part),
        (question.corporate_number, _by_corporation),
        (question.mail, _by_mail),
        (question.words, by_words),
    ]
    return (source for wanted, source in ways if wanted)


# one way of finding each ----------------------------------------------------------------------


def _by_receipt(question: Question, ids: Ids) -> None:
    if question.receipt:
        application = application_by_receipt(question.receipt)
        ids.add([application.office_id] if application else [], "受付番号")
        return
    digits = question.receipt_part
    shown = "-".join(part for part in ("FP", digits[:4], digits[4:7], digits[7:]) if part)
    ids.add(starting("receipt", shown), "受付番号")


def _by_number(question: Question, ids: Ids) -> None:
    found = listed("business_number = %s", question.number)
    ids.read |= found
    ids.add(found, "番号")


def _by_part(question: Question, ids: Ids) -> None:
    part = question.number_part
    ids.add(starting("number", part), "番号のはじめ")
    if len(part) == business_number.LENGTH - 1:
        ids.add(Office.objects.filter(business_number=f"0{part}").values_list("pk", flat=True), "はじめの0を補った番号")
    ids.add(starting("tail", part[::-1]), "番号のおわり")
    if part.isdigit() and len(part) >= PHONE_TAIL:
        ids.add(starting("phone tail", part[::-1]), "電話のおわり")


def _by_phone(question: Question, ids: Ids) -> None:
    ids.add(starting("phone", question.phone), "電話")
    ids.add(starting("service phone", question.phone), "サービスの電話")


def _by_corporation(question: Question, ids: Ids) -> None:
    owned = Office.objects.filter(corporation__corporate_number=question.corporate_number).order_by("business_number")
    ids.add(owned.values_list("pk", flat=True)[:ENOUGH], "法人番号")


def _by_mail(question: Question, ids: Ids) -> None:
    ids.add(starting("member", question.mail), "メンバーのメール")
    ids.add(starting("applicant", question.mail), "申請した人のメール")


# order, and what is shown ---------------------------------------------------------------------


def _ranked(question: Question, ids: Ids) -> list[Listed]:
    """In the order found; among names, those that fit best and are shortest first; closed ones last."""
    missing = [office_id for office_id in ids.why if office_id not in ids.read]
    found = ids.read | (listed("id = ANY(%s)", missing) if missing else {})
    offices = [found[office_id] for office_id in ids.why if office_id in found]
    if question.words:
        ids.kinds = kinds_of(question, offices)
        reasons = list(dict.fromkeys(ids.why.values()))
        digits, others = digits_apart(question.words)
        said = others or question.words
        names = tuple(word for word in said if not kinds_in([word])) or said
        offices.sort(key=lambda one: (
            reasons.index(ids.why[one.pk]), -len(digit_facts(one, digits)), -len(ids.kinds.get(one.pk, ())),
            *_fit(names, one),
        ))  # fmt: skip
    return sorted(offices, key=lambda office: office.closed_on is not None)


def _fit(words: tuple[str, ...], office: Listed) -> tuple[int, int, str]:
    """How well the longest word fits: the whole name or kana, their beginning, a part; then brevity. Said with a
    legal form it is the corporation's name that counts."""
    cores = without_legal_forms(words)
    longest = max(cores, key=len)
    if cores != words:
        owner = without_legal_form(kana.search_key(office.corporation_name))
        return (
            min(2 * _grade(longest, owner), 2 * _grade(longest, kana.search_key(office.name)) + 1),
            len(office.name),
            office.business_number,
        )
    grades = (2 * _grade(longest, kana.search_key(office.name)), 2 * _grade(longest, kana.search_key(office.kana)) + 1)
    return min(grades), len(office.name), office.business_number


def _grade(word: str, key: str) -> int:
    if key == word:
        return 0
    if key.startswith(word):
        return 1
    return 2 if word in key else 3


def _hits(offices: Sequence[Listed], ids: Ids, question: Question, today: date | None) -> list[Hit]:
    statuses: dict[int, str] = {}
    if today is not None and offices:
        licenses = License.objects.filter(office__in=[office.pk for office in offices]).with_status(today)
        statuses = {license.office_id: vars(license)["status"] for license in licenses}
    default = "" if today is None else NONE
    return [Hit(one, reason(one, question, ids), statuses.get(one.pk, default)) for one in offices]


def _has_number(hits: Sequence[Hit], question: Question) -> bool:
    return any(hit.office.business_number == question.number for hit in hits)


def _near(question: Question, today: date | None) -> list[Hit]:
    """Existing numbers one character or one swap away; the same county's first."""
    ids = Ids()
    near = Office.objects.filter(business_number__in=business_number.near_numbers(question.number))
    ids.add(near.order_by("business_number").values_list("pk", flat=True)[:LIMIT], "近い番号")
    offices = _ranked(Question(question.text), ids)
    offices.sort(key=lambda office: office.business_number[3:5] != question.number[3:5])
    return _hits(offices, ids, Question(question.text), today)


def _near_phones(question: Question, today: date | None) -> list[Hit]:
    """Existing telephones one digit or one swap away."""
    ids = Ids()
    ids.add(rows(NEAR_PHONES_SQL, [phone.near(question.phone), LIMIT]), "近い電話")
    return _hits(_ranked(Question(question.text), ids), ids, Question(question.text), today)


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
