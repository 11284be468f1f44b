"""What the guard works on: terms and endings, by all that is public of them.

Nothing of it leaves this app but through services.splits, which decides what is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from adoption.queries.live import DUE_SQL, OFFICES_SQL, SERVICES_SQL, parameters
from careplan_portal.lib.dates import day_before, month_start

_PLACE_SQL = """
place AS MATERIALIZED (
  SELECT l.id AS license_id, o.id AS office_id, coalesce(m.rolled_up_id, '') AS area,
    coalesce(m.prefecture_id, o.prefecture_id, '') AS prefecture, o.closed_on,
    CASE WHEN o.closed_on IS NOT NULL THEN (
      SELECT min((at AT TIME ZONE 'Asia/Tokyo')::date) FROM offices_officeevent e
      WHERE e.kind = 'closed' AND e.office_id = o.id) END AS closing_known
  FROM licenses_license l JOIN offices_office o ON o.id = l.office_id
  LEFT JOIN offices_municipality m ON m.code = o.municipality_id
  WHERE o.scope IN ('yes', 'short_stay'))"""

TERMS_SQL = f"""
WITH run AS MATERIALIZED (
  SELECT day, known, date_trunc('month', day)::date AS month
  FROM unnest(%(days)s::date[], %(knowns)s::date[]) AS r(day, known)),
{DUE_SQL},
{_PLACE_SQL},
{SERVICES_SQL},
cuts AS (SELECT office_id, array_agg(cut ORDER BY cut) AS cuts FROM cut WHERE cut <> 'both' GROUP BY office_id),
frees AS (SELECT DISTINCT license_id FROM licenses_licenseterm WHERE pricing = 'free_pass'),
going AS (SELECT license_id FROM due WHERE status LIKE 'active%%'),
later AS (
  SELECT license_id, starts_on, min(CASE WHEN origin = 'renewal' THEN starts_on ELSE recorded_on END) AS known_on
  FROM licenses_licenseterm WHERE starts_on > %(since)s GROUP BY license_id, starts_on),
made AS (
  SELECT term_id, min(recorded_on) AS recorded_on FROM licenses_licenseevent
  WHERE kind = 'term_made_free' GROUP BY term_id),
term AS MATERIALIZED (
  SELECT t.id, t.license_id, t.starts_on, t.ends_on, t.ends_on + 1 AS renews_on, t.origin, t.recorded_on, t.closing,
    t.pricing = 'free_pass' AS free, made.recorded_on AS made_on
  FROM licenses_licenseterm t LEFT JOIN made ON made.term_id = t.id
  WHERE t.starts_on <= %(day)s AND t.ends_on >= %(since)s),
seen AS (
  SELECT t.id, array_agg(r.day ORDER BY r.day) AS days,
    array_agg(r.day ORDER BY r.day) FILTER (WHERE t.free AND (t.made_on IS NULL OR t.made_on <= r.known)) AS free_days
  FROM term t JOIN place p ON p.license_id = t.license_id
  JOIN run r ON r.day BETWEEN t.starts_on AND t.ends_on AND (t.recorded_on <= r.known OR t.origin = 'renewal')
    AND (p.closed_on IS NULL OR p.closed_on > r.day OR p.closing_known > r.known)
  GROUP BY t.id),
turned AS (
  SELECT t.id, r.day, t.free AND (t.made_on IS NULL OR t.made_on <= r.known) AS free,
    coalesce(b.known_on <= r.known, false) OR (t.closing = '' AND g.license_id IS NOT NULL) AS kept
  FROM term t JOIN place p ON p.license_id = t.license_id
  JOIN run r ON r.month = date_trunc('month', t.renews_on)::date AND t.renews_on <= r.day
    AND (t.recorded_on <= r.known OR t.origin = 'renewal')
    AND (p.closed_on IS NULL OR p.closed_on > r.day OR p.closing_known > r.known)
  LEFT JOIN later b ON b.license_id = t.license_id AND b.starts_on = t.renews_on
  LEFT JOIN going g ON g.license_id = t.license_id),
told AS (
  SELECT t.license_id, to_char(t.renews_on, 'YYMM') AS renews, s.days, coalesce(s.free_days, '{{}}') AS free_days,
    u.day AS turned_on, u.free AS turned_free, u.kept,
    -- Outside every window, and where the one Free Pass is another term, everybody knows that it is paid.
    t.free OR (f.license_id IS NULL
      AND (NOT EXISTS (SELECT 1 FROM campaigns_campaign)
        OR EXISTS (SELECT 1 FROM campaigns_campaign c WHERE t.starts_on BETWEEN c.opens_on AND c.closes_on))) AS turns
  FROM term t LEFT JOIN seen s ON s.id = t.id LEFT JOIN turned u ON u.id = t.id
  LEFT JOIN frees f ON f.license_id = t.license_id
  WHERE s.id IS NOT NULL OR u.id IS NOT NULL
  UNION ALL
  SELECT d.license_id, to_char(max(t.ends_on) + 1 + interval '1 year', 'YYMM'), ARRAY[%(day)s::date],
    CASE WHEN d.status = 'active_free' THEN ARRAY[%(day)s::date] ELSE '{{}}' END, NULL, NULL, NULL, false
  FROM due d JOIN licenses_licenseterm t ON t.license_id = d.license_id
  JOIN place p ON p.license_id = d.license_id
  WHERE d.status LIKE 'active%%' AND t.starts_on <= %(day)s
    AND (p.closed_on IS NULL OR p.closed_on > %(day)s OR p.closing_known > %(known)s)
  GROUP BY d.license_id, d.status)
SELECT p.area, p.prefecture, coalesce(c.cuts, '{{}}'), t.days, t.free_days, t.renews, t.turned_on, t.turned_free, t.kept,
  t.turns, count(*)::int
FROM told t JOIN place p USING (license_id) LEFT JOIN cuts c ON c.office_id = p.office_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
"""

ENDED_SQL = f"""
WITH {OFFICES_SQL}
SELECT o.area, o.prefecture, count(*) FILTER (WHERE o.stopped)::int, count(*) FILTER (WHERE o.lapsed)::int,
  -- A licence that renews by itself cannot lapse, and everybody can tell which do (R9).
  l.renewal_mode = 'manual' AS turns
FROM office o JOIN licenses_license l ON l.office_id = o.id
WHERE o.stopped OR o.lapsed GROUP BY 1, 2, 5 ORDER BY 1, 2, 5
"""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one municipality, services and dates. `days`: those of the days asked for that they cover,
    `free_days` those on which they were known to be free; `renews`: the renewal month (YYMM). `turned_on`:
    the day asked for in whose month the renewal date lies, whether the pricing was free and use went on.
    `turns`: whether somebody who knows the rules may think that the pricing is the other one."""

    area_code: str
    prefecture_code: str
    cuts: tuple[str, ...]
    days: tuple[date, ...]
    free_days: tuple[date, ...]
    renews: str
    turned_on: date | None
    turned_free: bool | None
    kept: bool | None
    turns: bool
    count: int

    @property
    def is_mixed(self) -> bool:
        """Made free after it was told as paid."""
        return bool(self.free_days) and len(self.free_days) < len(self.days)


@dataclass(frozen=True, slots=True)
class EndedGroup:
    """Offices of one municipality whose use ended in the month; `turns`: those stopped might have lapsed."""

    area_code: str
    prefecture_code: str
    stopped: int
    lapsed: int
    turns: bool


def term_groups(days: Sequence[tuple[date, date]]) -> list[TermGroup]:
    """Terms of offices in scope on the days, each with until when records count; the last one is today's.
    Services are those of the last day. Raises ValueError without a day."""
    if not days:
        raise ValueError("which day?")
    day, known = days[-1]
    params: dict[str, Any] = {
        **parameters(day, known), "days": [d for d, _ in days], "knowns": [k for _, k in days],
        "since": day_before(month_start(days[0][0])),
    }  # fmt: skip
    return [
        TermGroup(area, prefecture, tuple(cuts), tuple(on or ()), tuple(free), *rest)
        for area, prefecture, cuts, on, free, *rest in _rows(TERMS_SQL, params)
    ]


def ended_groups(day: date, known_on: date) -> list[EndedGroup]:
    """Offices whose use ended in the month of `day`, up to it."""
    return [EndedGroup(*row) for row in _rows(ENDED_SQL, parameters(day, known_on))]


def _rows(sql: str, params: dict[str, Any]) -> Iterable[tuple[Any, ...]]:
    # The planner cannot see how large inner parts come out, and would look through them row by row. (Without
    # a transaction the settings are not taken, and nothing is lost but time.)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off")
        cursor.execute(sql, params)
        return list(cursor.fetchall())
