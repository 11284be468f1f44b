"""What is billed, month by month: a line once listed never changes, corrections are new lines."""

from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet

from careplan_portal.lib.dates import month_start
from careplan_portal.lib.jobs import enqueue_on_commit
from licenses.documents import bill_pdf
from licenses.models import BillLine, LicenseTerm
from licenses.queries.bills import bill_months_due, bill_paper_lines, bill_papers
from licenses.services.papers import file_keep

# Terms taken over from an earlier system are never billed. `recorded_on` counts when later.
CHARGES_SQL = """
SELECT t.id, 'charge' AS kind, t.fee_yen AS yen
FROM licenses_licenseterm t
WHERE t.pricing = 'paid' AND t.fee_yen > 0 AND t.origin <> 'takeover'
  AND date_trunc('month', greatest(t.starts_on, t.recorded_on)) + interval '1 month' = %(month)s
  AND NOT EXISTS (SELECT 1 FROM licenses_billline b WHERE b.term_id = t.id AND b.kind = 'charge')
"""
# A billed term that turned out free (R16, proved late): taken back in the month after that.
CORRECTIONS_SQL = """
SELECT b.term_id, 'correction' AS kind, -b.yen AS yen
FROM licenses_billline b
JOIN licenses_licenseevent e ON e.term_id = b.term_id AND e.kind = 'term_made_free'
WHERE b.kind = 'charge' AND e.recorded_on < %(month)s
  AND NOT EXISTS (SELECT 1 FROM licenses_billline c WHERE c.term_id = b.term_id AND c.kind = 'correction')
"""
RECORD_SQL = f"""
INSERT INTO licenses_billline (term_id, kind, yen, month, recorded_on)
SELECT id, kind, yen, %(month)s, %(today)s
FROM ({CHARGES_SQL} UNION ALL {CORRECTIONS_SQL}) new
ORDER BY id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def bill_lines_record(*, month: date, today: date) -> QuerySet[BillLine]:
    """Record and return the lines billed on the first of `month`.

    Before that day nothing is recorded, because what is billed can still change: the result is
    then empty and `bill_lines_preview` tells the amounts. Asking again returns the same lines.
    """
    month = month_start(month)
    if today >= month:
        with connection.cursor() as cursor:
            cursor.execute(RECORD_SQL, {"month": month, "today": today})
    return BillLine.objects.filter(month=month).select_related("term__license__office__corporation")


def bill_lines_record_due(*, today: date) -> int:
    """Record every month that has come, also those of nights that did not run, in their order; returns how many
    lines are new. Each month with new lines gets its paper made by a worker."""
    added = 0
    for first in bill_months_due(today):
        before = BillLine.objects.filter(month=first).count()
        new = bill_lines_record(month=first, today=today).count() - before
        added += new
        if new:
            bill_paper_request(first=first)
    return added


def bill_paper_request(*, first: date) -> int:
    """Put the volumes of a month's list that are not drawn yet into the queue; returns how many."""
    missing = [paper for paper in bill_papers(first) if not paper.is_there]
    for paper in missing:
        enqueue_on_commit("licenses.tasks.bill_paper_make", first.isoformat(), paper.number)
    return len(missing)


def bill_paper_make(*, first: date, number: int) -> bool:
    """Draw a volume of the month's list and keep it; False when it is there already, or has no lines.

    Safe to run twice, also at once: the file is put in place whole, and its name says which state of the list it is.
    """
    paper = next((one for one in bill_papers(first) if one.number == number), None)
    if paper is None or paper.is_there:
        return False
    file_keep(paper.path, bill_pdf(paper, list(bill_paper_lines(paper))))
    return True


def bill_lines_preview(*, month: date) -> list[BillLine]:
    """The lines that would be billed on the first of `month` as things stand; nothing is recorded."""
    with connection.cursor() as cursor:
        cursor.execute(f"{CHARGES_SQL} UNION ALL {CORRECTIONS_SQL} ORDER BY 1", {"month": month_start(month)})
        rows = cursor.fetchall()
    terms = LicenseTerm.objects.select_related("license__office__corporation").in_bulk([row[0] for row in rows])
    return [
        BillLine(term=terms[term_id], kind=kind, yen=yen, month=month_start(month), recorded_on=month)
        for term_id, kind, yen in rows
    ]
