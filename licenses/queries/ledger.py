"""The whole ledger looked through: what could not have come about by the rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from licenses import rules
from licenses.models import License
from licenses.queries.standing import load_facts
from licenses.rules import BadRecord

CHUNK = 2000

# Each finds licences by a fact that no act leaves behind, and says what it found. The
# constraints forbid some of them: they are looked for all the same, because a restored or
# hand-mended database may have lost a constraint.
CHECKS = {
    "renewed_without_term": (
        "更新と記録されているのに、次の期間がありません。",
        """SELECT t.license_id FROM licenses_licenseterm t WHERE t.closing = 'renewed'
        AND NOT EXISTS (SELECT 1 FROM licenses_licenseterm n
          WHERE n.license_id = t.license_id AND n.starts_on = t.ends_on + 1)""",
    ),
    "open_end_not_last": (
        "おわりが記録されていない期間のあとに、別の期間があります。",
        """SELECT t.license_id FROM licenses_licenseterm t WHERE t.closing = ''
        AND EXISTS (SELECT 1 FROM licenses_licenseterm n
          WHERE n.license_id = t.license_id AND n.starts_on > t.starts_on)""",
    ),
    "not_one_year": (
        "1年ではない期間があります。",
        """SELECT t.license_id FROM licenses_licenseterm t WHERE t.origin <> 'takeover'
        AND t.ends_on <> CASE WHEN to_char(t.starts_on, 'MMDD') = '0229'
          THEN (t.starts_on + interval '1 year')::date
          ELSE (t.starts_on + interval '1 year')::date - 1 END""",
    ),
    "free_pass_with_fee": (
        "フリーパスの期間に利用料がついています。",
        "SELECT license_id FROM licenses_licenseterm WHERE pricing = 'free_pass' AND fee_yen <> 0",
    ),
    "term_without_event": (
        "始まりの記録がない期間があります。",
        """SELECT t.license_id FROM licenses_licenseterm t WHERE NOT EXISTS (
        SELECT 1 FROM licenses_licenseevent e WHERE e.license_id = t.license_id AND e.term_id = t.id
          AND e.kind IN ('term_opened', 'term_taken_over', 'renewed_free', 'renewed_paid'))""",
    ),
    "end_without_event": (
        "おわりの記録がない期間があります。",
        """SELECT t.license_id FROM licenses_licenseterm t WHERE t.closing IN ('stopped', 'lapsed')
        AND NOT EXISTS (SELECT 1 FROM licenses_licenseevent e WHERE e.license_id = t.license_id
          AND (e.kind = t.closing AND e.effective_on = t.ends_on + 1
            OR e.kind = 'term_taken_over' AND e.term_id = t.id))""",
    ),
    "reservation_after_end": (
        "終わったライセンスに、次回の予約が残っています。",
        """SELECT r.license_id FROM licenses_licensereservation r WHERE r.state = 'open'
        AND NOT EXISTS (SELECT 1 FROM licenses_licenseterm t
          WHERE t.license_id = r.license_id AND t.closing = '')""",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One licence that does not agree with the rules: `code`, and `text` for people."""

    business_number: str
    code: str
    text: str


def ledger_problems() -> list[Problem]:
    """Every contradiction in the ledger, in order of business number and code.

    Empty for a ledger that only the services have written. Reads every licence.
    """
    found = [*_by_sql(), *_by_rules()]
    numbers = dict(
        License.objects.filter(pk__in={license_id for license_id, _, _ in found}).values_list(
            "pk", "office__business_number"
        )
    )
    problems = {Problem(numbers[license_id], code, text) for license_id, code, text in found}
    return sorted(problems, key=lambda problem: (problem.business_number, problem.code))


def _by_sql() -> Iterator[tuple[int, str, str]]:
    for code, (text, sql) in CHECKS.items():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            for (license_id,) in cursor.fetchall():
                yield license_id, code, text


def _by_rules() -> Iterator[tuple[int, str, str]]:
    ids = list(License.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        for loaded in load_facts(ids[start : start + CHUNK]):
            try:
                rules.check(loaded.facts)
            except BadRecord as bad:
                yield loaded.license_id, bad.code, bad.text
