"""The figures of a day, made from register and ledger by one SQL statement.

Nothing here is stored: the nightly run writes the answer down (services.snapshots), and whoever
asks for a day that was never written down gets the same statement's answer.

A day is told *as known on* a later (or the same) day: terms recorded after it do not count yet,
and a paid term that was made free after it is still paid. Renewals follow from the rules, so they
count from their own day, whenever the night came to write them down; ends that no night has
written down yet are what the status rule says (licenses, STATUS_SQL). The register is taken as it
is now, but for offices whose closing was recorded later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from licenses.models.ledger import STATUS_SQL

SERVICES_SQL = """
service AS (
  SELECT DISTINCT v.office_id, t.code AS cut, t.side
  FROM offices_officeservice v JOIN offices_servicetype t ON t.code = v.service_type_id
  WHERE t.in_scope IN ('yes', 'short_stay') AND (v.listed_until IS NULL OR v.listed_until >= %(day)s)),
side AS (
  SELECT office_id, bool_or(side = 'care_manager') AS manages, bool_or(side = 'provider') AS provides
  FROM service GROUP BY office_id),
cut AS (
  SELECT office_id, cut FROM service
  UNION ALL SELECT office_id, 'cm' FROM side WHERE manages
  UNION ALL SELECT office_id, 'pr' FROM side WHERE provides
  UNION ALL SELECT office_id, 'both' FROM side WHERE manages AND provides)"""
"""The cuts that each office belongs to on a day."""

DUE_SQL = f"""
due AS MATERIALIZED (
  SELECT licenses_license.id AS license_id, {STATUS_SQL.replace("%s", "%(day)s")} AS status
  FROM licenses_license WHERE id IN (
    SELECT license_id FROM licenses_licenseterm
    WHERE closing = '' AND ends_on < %(day)s AND recorded_on <= %(known)s))"""
"""Licences whose use ended before the day, and no night has written down how: what the rules make of it."""

OFFICES_SQL = f"""
late AS MATERIALIZED (
  SELECT term_id FROM licenses_licenseevent WHERE kind = 'term_made_free' AND recorded_on > %(known)s),
{DUE_SQL},
use AS (
  SELECT license_id, pricing = 'free_pass' AND id NOT IN (SELECT term_id FROM late) AS free
  FROM licenses_licenseterm
  WHERE starts_on <= %(day)s AND ends_on >= %(day)s AND (recorded_on <= %(known)s OR origin = 'renewal')
  UNION ALL
  SELECT license_id, status = 'active_free' FROM due WHERE status LIKE 'active%%'),
begun AS (
  SELECT license_id FROM licenses_licenseterm t
  WHERE starts_on BETWEEN %(month)s AND %(day)s AND (recorded_on <= %(known)s OR origin = 'renewal')
    AND NOT EXISTS (SELECT 1 FROM licenses_licenseterm b
      WHERE b.license_id = t.license_id AND b.ends_on = t.starts_on - 1
        AND (b.recorded_on <= %(known)s OR b.origin = 'renewal'))),
ended AS (
  SELECT t.license_id, CASE WHEN t.closing = '' THEN d.status ELSE t.closing END AS how
  FROM licenses_licenseterm t LEFT JOIN due d ON d.license_id = t.license_id
  WHERE t.ends_on BETWEEN %(month)s - 1 AND %(day)s - 1
    AND (t.recorded_on <= %(known)s OR t.origin = 'renewal')
    AND NOT EXISTS (SELECT 1 FROM licenses_licenseterm a
      WHERE a.license_id = t.license_id AND a.starts_on = t.ends_on + 1
        AND (a.recorded_on <= %(known)s OR a.origin = 'renewal'))),
office AS (
  SELECT o.id, coalesce(m.rolled_up_id, '') AS area, coalesce(m.prefecture_id, o.prefecture_id, '') AS prefecture,
    coalesce(u.free, false) AS free, coalesce(NOT u.free, false) AS paid,
    l.id IN (SELECT license_id FROM begun) AS started,
    l.id IN (SELECT license_id FROM ended WHERE how = 'stopped') AS stopped,
    l.id IN (SELECT license_id FROM ended WHERE how = 'lapsed') AS lapsed
  FROM offices_office o
  LEFT JOIN offices_municipality m ON m.code = o.municipality_id
  LEFT JOIN licenses_license l ON l.office_id = o.id
  LEFT JOIN use u ON u.license_id = l.id
  WHERE o.scope IN ('yes', 'short_stay')
    AND (o.closed_on IS NULL OR o.closed_on > %(day)s OR o.id IN (
      SELECT office_id FROM offices_officeevent WHERE kind = 'closed'
      GROUP BY office_id HAVING min((at AT TIME ZONE 'Asia/Tokyo')::date) > %(known)s))),
{SERVICES_SQL}"""
"""Every office in scope on the day with its state, and the cuts each belongs to."""

FIGURES_SQL = f"""
WITH {OFFICES_SQL},
cell AS (
  SELECT area, prefecture, cut, count(*) AS offices, count(*) FILTER (WHERE free) AS free,
    count(*) FILTER (WHERE paid) AS paid, count(*) FILTER (WHERE started) AS started,
    count(*) FILTER (WHERE stopped) AS stopped, count(*) FILTER (WHERE lapsed) AS lapsed
  FROM (
    SELECT o.*, c.cut FROM office o JOIN cut c ON c.office_id = o.id
    UNION ALL
    SELECT o.*, 'all' FROM office o) x
  GROUP BY area, prefecture, cut),
pair AS (
  SELECT a.area, a.prefecture, 'all'::text AS cut,
    a.offices * b.offices - coalesce(c.offices, 0) AS pairs,
    (a.free + a.paid) * (b.free + b.paid) - coalesce(c.free + c.paid, 0) AS pairs_using
  FROM cell a JOIN cell b ON b.area = a.area AND b.prefecture = a.prefecture AND b.cut = 'pr'
  LEFT JOIN cell c ON c.area = a.area AND c.prefecture = a.prefecture AND c.cut = 'both'
  WHERE a.cut = 'cm' AND a.area <> '')
SELECT %(day)s::date AS day, cut,
  CASE WHEN grouping(area) = 0 THEN area WHEN grouping(prefecture) = 0 THEN prefecture ELSE '000000' END AS area_code,
  sum(offices)::int, sum(free + paid)::int, sum(free)::int, sum(paid)::int,
  sum(started)::int, sum(stopped)::int, sum(lapsed)::int,
  coalesce(sum(pairs), 0)::bigint, coalesce(sum(pairs_using), 0)::bigint
FROM cell LEFT JOIN pair USING (area, prefecture, cut)
WHERE cut <> 'both'
GROUP BY GROUPING SETS ((cut, area), (cut, prefecture), (cut))
HAVING (grouping(area) = 1 OR area <> '') AND (grouping(area) = 0 OR grouping(prefecture) = 1 OR prefecture <> '')
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """One area and cut on one day; counts of offices, flows from the first of the month."""

    area_code: str
    cut: str
    offices_in_scope: int
    offices_using: int
    free: int = 0
    paid: int = 0
    started: int = 0
    stopped: int = 0
    lapsed: int = 0
    pairs: int = 0
    pairs_using: int = 0

    @property
    def rate(self) -> float | None:
        """Offices using over offices in scope, 0 to 1; None where none is in scope."""
        return self.offices_using / self.offices_in_scope if self.offices_in_scope else None


def parameters(day: date, known_on: date) -> dict[str, date]:
    """What FIGURES_SQL takes."""
    return {"day": day, "known": known_on, "month": day.replace(day=1)}


def live_figures(day: date, known_on: date, cuts: Sequence[str] = ("all",)) -> list[Figures]:
    """Every area's figures on `day` as known on `known_on`, in these cuts, in order of area."""
    sql = f"SELECT * FROM ({FIGURES_SQL}) f WHERE cut = ANY(%(cuts)s) ORDER BY cut, area_code"
    rows = _rows(sql, parameters(day, known_on) | {"cuts": list(cuts)})
    return [Figures(area, cut, *numbers) for _, cut, area, *numbers in rows]


def _rows(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
