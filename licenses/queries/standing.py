"""Licences as they stand on a day: facts read in one statement, planned by the rules; fees and the programme's end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Q, QuerySet, Subquery

from careplan_portal.lib.dates import day_after
from careplan_portal.lib.prepared import ServerStatement, Slot, prepared
from licenses import rules
from licenses.enums import EventKind
from licenses.models import FeeSchedule, License, LicenseEvent, LicenseTerm, Programme
from licenses.rules import BadRecord, Change, Fee, LicenseFacts, Plan, Policy, Reservation, Term

# Terms by `= ANY`, grouped: one by one they would be looked up in the index of the exclusion constraint.
# As one text a licence, because most of many licences say the same, and each text is read only once.
FACTS_SQL = """
SELECT l.id, l.renewal_mode, (SELECT closed_on FROM offices_office WHERE id = l.office_id), r.id, r.kind, r.renewal_on,
  t.last_id, t.terms
FROM licenses_license l
LEFT JOIN licenses_licensereservation r ON r.license_id = l.id AND r.state = 'open'
LEFT JOIN (
  SELECT license_id, (array_agg(id))[count(*)] AS last_id, string_agg(
      concat_ws(' ', starts_on, ends_on, pricing, fee_yen, closing, (stop_requested_on IS NOT NULL)::int), ',') AS terms
  FROM (SELECT * FROM licenses_licenseterm WHERE license_id = ANY(%(ids)s) ORDER BY license_id, starts_on) ordered
  GROUP BY license_id) t ON t.license_id = l.id
WHERE l.id = ANY(%(ids)s)
ORDER BY l.id
"""


_FACTS_OF_ONE = ServerStatement(FACTS_SQL.replace("%(ids)s", "ARRAY[%s::bigint]"), (Slot(0), Slot(0)))
_FACTS_OF_OFFICE = ServerStatement(
    FACTS_SQL.replace("%(ids)s", "ARRAY(SELECT id FROM licenses_license WHERE office_id = %s)"), (Slot(0), Slot(0))
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A licence's facts with the row ids that a writer needs: its last term's, its open reservation's."""

    license_id: int
    facts: LicenseFacts
    last_term_id: int | None
    reservation_id: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A licence as it stands on a day, for screens. `problem` holds the sentence of a record
    that is set aside; then `plan` is None and nothing is promised."""

    license_id: int | None
    plan: Plan | None
    outlook: tuple[Change, ...] = ()
    problem: str = ""

    @property
    def status(self) -> str:
        return self.plan.status if self.plan else rules.NONE


_programme_ends = prepared(lambda: Programme.objects.order_by("pk").values_list("ends_on", flat=True))
_fees = prepared(
    lambda: FeeSchedule.objects.values_list(
        "starts_on", "yen", "decided_until", Subquery(_programme_ends.queryset()[:1])
    )
)


def policy_columns() -> dict[str, Any]:
    """Annotations that read fees and the programme's end along with a row of another table: see ``policy_beside``."""
    fees = FeeSchedule.objects.order_by("starts_on")
    return {
        "fee_days": ArraySubquery(fees.values("starts_on")),
        "fee_amounts": ArraySubquery(fees.values("yen")),
        "fee_ends": ArraySubquery(fees.values("decided_until")),
        "programme_ends": Subquery(_programme_ends.queryset()[:1]),
    }


def policy_beside(row: Any) -> Policy:
    """``policy()`` from a row that was read with ``policy_columns``."""
    fees = zip(row.fee_days, row.fee_amounts, row.fee_ends, strict=True)
    return Policy(tuple(Fee(*fee) for fee in fees), row.programme_ends)


def policy() -> Policy:
    """Fees and the programme's end as they are on file now (R9, R15)."""
    rows = _fees.all()
    ends_on = rows[0][-1] if rows else _programme_ends.first()
    return Policy(tuple(Fee(*row[:-1]) for row in rows), ends_on)


def load_facts(license_ids: Sequence[int]) -> list[Loaded]:
    """The facts of these licences in order of id, in one query; unknown ids are left out. Licences of
    which the same is recorded share one `facts` object."""
    known: dict[tuple[Any, ...], LicenseFacts] = {}
    return [_loaded(row, known) for row in _fact_rows(license_ids)]


def _fact_rows(license_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    if len(license_ids) == 1:
        return _FACTS_OF_ONE.rows(license_ids)
    with connection.cursor() as cursor:  # planned each time: how many there are decides the plan
        cursor.execute(FACTS_SQL, {"ids": list(license_ids)})
        return list(cursor.fetchall())


def _loaded(row: tuple[Any, ...], known: dict[tuple[Any, ...], LicenseFacts]) -> Loaded:
    license_id, mode, closed_on, reservation_id, kind, renewal_on, last_term_id, terms = row
    key = (mode, closed_on, kind, renewal_on, terms)
    facts = known.get(key)
    if facts is None:
        reservation = Reservation(kind, renewal_on) if reservation_id else None
        facts = known[key] = LicenseFacts(_terms(terms or ""), mode, reservation, closed_on)
    return Loaded(license_id, facts, last_term_id, reservation_id)


def _terms(text: str) -> tuple[Term, ...]:
    return tuple(map(_term, text.split(","))) if text else ()


def _term(text: str) -> Term:
    starts_on, ends_on, pricing, fee_yen, closing, stop = text.split(" ")
    days = date.fromisoformat(starts_on), date.fromisoformat(ends_on)
    return Term(*days, pricing, int(fee_yen), closing, stop == "1")


def standing(office_id: int, today: date, *, outlook: int = 3, fees: Policy | None = None) -> Standing:
    """The licence of an office as it stands on `today`, with its next `outlook` changes. `fees` from whoever has read
    them already."""
    rows, known = _FACTS_OF_OFFICE.rows([office_id]), fees or policy()
    if not rows:
        empty = LicenseFacts((), rules.first_renewal_mode(today))
        return Standing(None, rules.plan(empty, known, today))
    return stands(_loaded(rows[0], {}), known, today, outlook)


def stands(loaded: Loaded, fees: Policy, today: date, outlook: int) -> Standing:
    """A licence of which these facts are recorded."""
    facts = loaded.facts
    try:
        return Standing(loaded.license_id, rules.plan(facts, fees, today), rules.outlook(facts, fees, today, outlook))
    except BadRecord as bad:
        return Standing(loaded.license_id, None, problem=bad.text)


def offices_using(office_ids: Iterable[int], today: date) -> set[int]:
    """Those of the offices that use the system on `today`: a valid term covers the day."""
    active = (rules.ACTIVE_FREE, rules.ACTIVE_PAID)
    return set(
        License.objects.filter(office_id__in=list(office_ids))
        .with_status(today)
        .filter(Q(status__in=active))
        .values_list("office_id", flat=True)
    )


def events_of(license: License) -> QuerySet[LicenseEvent]:
    """The licence's history, newest first."""
    return LicenseEvent.objects.filter(license=license).select_related("term", "actor").order_by("-recorded_on", "-id")


def made_free(office_id: int, starts_on: date) -> LicenseEvent | None:
    """The event that made the office's paid term from `starts_on` free; `data["before"]` is the term as it was."""
    events = LicenseEvent.objects.filter(license__office_id=office_id, kind=EventKind.TERM_MADE_FREE)
    return events.filter(term__starts_on=starts_on).select_related("term").first()


def next_renewal_after(day: date, office_ids: Iterable[int] = ()) -> date | None:
    """The first renewal date later than `day`, of these offices or, without any, of all; None when
    no term is open."""
    open_terms = LicenseTerm.objects.filter(closing="", ends_on__gte=day)
    if wanted := list(office_ids):
        open_terms = open_terms.filter(license__office_id__in=wanted)
    ends_on = open_terms.order_by("ends_on").values_list("ends_on", flat=True).first()
    return ends_on and day_after(ends_on)
