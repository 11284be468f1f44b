"""The nightly roll-over of 100,000 due among 300,000 licences, against hand-written SQL that makes
the same rows in the same tables with the same constraints and indexes, and decides nothing."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from benchmarks.harness import Bench, Outcome, outcome, peak_memory_mib, summarise
from careplan_portal.lib.acting import NIGHT
from licenses.models import LicenseEvent
from licenses.services import RollOver, roll_over

LICENCES = 300_000
DUE = 100_000
FEW = 1_000
ON = date(2026, 7, 1)

# Of ten due licences: six renew paid, one lapses, one stops, one opens its reserved free year, and
# one manual office has filed its paid renewal.
SEED = f"""
INSERT INTO offices_office (business_number, name, kana, postal_code, address, building, phone,
  phone_digits, fax, url, corporation_name, scope, search_key, unlisted)
SELECT '317' || lpad(n::text, 7, '0'), '事業所' || n, '', '', '', '', '', '', '', '', '', 'yes', '', false
FROM generate_series(1, {LICENCES}) n;
INSERT INTO licenses_license (office_id, first_licensed_on, renewal_mode, created_at)
SELECT id, '2025-07-01', 'auto', now() FROM offices_office;
CREATE TABLE seed AS SELECT id AS license_id, row_number() OVER (ORDER BY id) AS n FROM licenses_license;
"""
RESET = """
TRUNCATE licenses_licenseterm, licenses_licenseevent, licenses_licensereservation, licenses_rolloverrun,
  licenses_setaside, licenses_billline CASCADE;
-- Only those that differ: rewriting all of them each time would leave a table that no ledger has.
UPDATE licenses_license l SET renewal_mode = n.mode
FROM (SELECT license_id, CASE WHEN n %% 30 IN (18, 27) THEN 'manual' ELSE 'auto' END AS mode FROM seed) n
WHERE n.license_id = l.id AND l.renewal_mode <> n.mode;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing,
  closing_reason, recorded_on, stop_requested_on)
SELECT license_id, day, (day + interval '1 year')::date - 1, 'paid', 21000, 'first', '', '', day,
  CASE WHEN n %% 30 = 21 THEN day + 30 END
FROM (SELECT license_id, n, CASE WHEN n %% 3 = 0 AND n <= 3 * %(due)s
    THEN date '2025-07-01' ELSE date '2026-02-01' END AS day
  FROM seed) terms;
INSERT INTO licenses_licensereservation (license_id, kind, renewal_on, filed_on, can_withdraw, state)
SELECT license_id, CASE n %% 30 WHEN 24 THEN 'free_pass' ELSE 'paid' END, '2026-07-01', '2026-06-01', true, 'open'
FROM seed WHERE n %% 30 IN (24, 27) AND n <= 3 * %(due)s;
"""
FLOOR = """
INSERT INTO licenses_rolloverrun ("on", started_at, counts, proof, acting_as, reason, mailed_to)
VALUES ('2026-07-01', now(), '{}', '', 'system', '夜間処理', 0);
CREATE TEMP TABLE due ON COMMIT DROP AS
SELECT t.id, t.license_id, CASE
    WHEN t.stop_requested_on IS NOT NULL THEN 'stopped'
    WHEN r.kind = 'free_pass' THEN 'renewed_free'
    WHEN r.kind IS NOT NULL OR l.renewal_mode = 'auto' THEN 'renewed_paid' ELSE 'lapsed' END AS kind,
  r.id AS reservation_id
FROM licenses_licenseterm t JOIN licenses_license l ON l.id = t.license_id
LEFT JOIN licenses_licensereservation r ON r.license_id = l.id AND r.state = 'open'
WHERE t.closing = '' AND t.ends_on < '2026-07-01';
UPDATE licenses_licenseterm t SET closing = CASE WHEN kind LIKE 'renewed%%' THEN 'renewed' ELSE kind END,
  closing_reason = CASE kind WHEN 'stopped' THEN 'stop_requested' ELSE '' END
FROM due WHERE due.id = t.id;
INSERT INTO licenses_licenseterm (license_id, starts_on, ends_on, pricing, fee_yen, origin, closing,
  closing_reason, recorded_on)
SELECT license_id, '2026-07-01', '2027-06-30', CASE kind WHEN 'renewed_free' THEN 'free_pass' ELSE 'paid' END,
  CASE kind WHEN 'renewed_free' THEN 0 ELSE 21000 END, 'renewal', '', '', '2026-07-01'
FROM due WHERE kind LIKE 'renewed%%';
UPDATE licenses_license l SET renewal_mode = 'auto' FROM due WHERE due.license_id = l.id AND kind = 'renewed_free';
UPDATE licenses_licensereservation r SET state = 'used', ended_on = '2026-07-01'
FROM due WHERE due.reservation_id = r.id;
INSERT INTO licenses_licenseevent (license_id, term_id, kind, effective_on, recorded_on, acting_as, reason, run_id, data)
SELECT due.license_id, t.id, due.kind, '2026-07-01', '2026-07-01', 'system',
  CASE kind WHEN 'stopped' THEN 'stop_requested' ELSE '夜間処理' END, run.id,
  CASE WHEN kind LIKE 'renewed%%' THEN jsonb_build_object(
    'starts_on', t.starts_on, 'ends_on', t.ends_on, 'pricing', t.pricing, 'fee_yen', t.fee_yen) ELSE '{}' END
FROM due JOIN licenses_licenseterm t ON t.license_id = due.license_id AND t.closing IN ('', 'stopped', 'lapsed')
CROSS JOIN licenses_rolloverrun run;
"""
# What was left behind, told without row ids: both sides must make the same rows.
LEFT = """
SELECT md5(string_agg(row, E'\\n' ORDER BY row)) FROM (
  SELECT concat_ws('|', license_id, starts_on, ends_on, pricing, fee_yen, origin, closing, closing_reason, recorded_on) AS row
  FROM licenses_licenseterm
  UNION ALL
  SELECT concat_ws('|', e.license_id, t.starts_on, kind, effective_on, e.recorded_on, acting_as, reason, data, e.run_id > 0)
  FROM licenses_licenseevent e JOIN licenses_licenseterm t ON t.id = e.term_id
  UNION ALL SELECT concat_ws('|', license_id, kind, state, ended_on) FROM licenses_licensereservation
  UNION ALL SELECT concat_ws('|', id, renewal_mode) FROM licenses_license) rows
"""


def execute(sql: str, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or {})


def reset(due: int = DUE) -> None:
    execute(RESET, {"due": due})
    execute("VACUUM ANALYZE licenses_licenseterm, licenses_license, licenses_licensereservation")
    execute("CHECKPOINT")


def left() -> str:
    with connection.cursor() as cursor:
        cursor.execute(LEFT)
        return str(cursor.fetchone()[0])


def floor() -> None:
    with transaction.atomic():
        execute(FLOOR)


class Agreement:
    """Resets before each round, and looks first at what the round before has left behind."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def reset(self) -> None:
        if LicenseEvent.objects.exists():
            self.look()
        reset()

    def look(self) -> None:
        self.found.append(left())
        if len(set(self.found)) > 1:
            raise RuntimeError("the night and the floor do not leave the same rows")


def night(expected: int) -> RollOver:
    done = roll_over(on=ON, acting=NIGHT)
    if done.proof != "ok" or done.due != expected:
        raise RuntimeError(f"the night is not proved: {done.as_dict()}")
    return done


def measure(bench: Bench) -> Outcome:
    bench.say(f"{LICENCES:,} licences")
    execute(SEED)
    execute("ANALYZE")
    # Turn about, from the same state each time; memory is measured on the way.
    agreement = Agreement()
    ours, least = bench.turn_about(lambda: night(DUE), floor, rounds=3, warm_up=0, before=agreement.reset)
    agreement.look()
    memory = peak_memory_mib()
    few = []
    for _ in range(5):
        reset(FEW)
        few.append(bench.time_once(lambda: night(FEW)))
    share = min(few) / min(ours)
    return outcome(
        summarise(
            ours,
            due=DUE,
            licences=LICENCES,
            peak_memory_mib=memory,
            few_due=FEW,
            few_due_ms=round(min(few) * 1000, 1),
            few_due_share=round(share, 4),
        ),
        summarise(least, statement="one transaction of hand-written SQL"),
    )
