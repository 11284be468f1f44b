"""Publishing how many filed for the Free Pass: once for each week, guarded.

Who files for the free year will not pay: a count of filings is a split by pricing. So fewer than five are
hidden, none at all as well (somebody who starts in a week without filings pays), and those that sums would
give away. Weeks are published after their Sunday and never changed.
"""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from adoption.enums import ALL, NATION, Split
from adoption.models import PublishedSplit
from adoption.queries.filings import WEEK, Filed, filed_in_week, newest_week, week_end
from adoption.rules.guard import FEW, Cell, Group, Parts, hidden_cells, is_few, totals
from campaigns.models import FreePassApplication
from careplan_portal.lib.dates import ONE_DAY, day_before

_ANY_NUMBER = 7_310_004  # advisory lock: one publication at a time
WEEKS_BACK = 26
"""So many past weeks are published at once where none was yet."""


def filings_publish_due(*, today: date) -> int:
    """Publish every whole week since the last one, or since the first filing; returns how many."""
    last = week_end(day_before(today))
    newest = newest_week(last)
    first = newest + WEEK if newest else last - (WEEKS_BACK - 1) * WEEK
    if newest is None:
        began = FreePassApplication.objects.order_by("filed_on").values_list("filed_on", flat=True).first()
        first = max(first, week_end(began + 6 * ONE_DAY) if began else last)
    weeks = [first + n * WEEK for n in range(max((last - first).days // 7 + 1, 0))]
    for sunday in weeks:
        filings_publish(sunday=sunday)
    return len(weeks)


@transaction.atomic
def filings_publish(*, sunday: date) -> int:
    """Decide and write down what is published of the week up to `sunday`; returns the number of cells,
    0 when it was done before. Raises ValueError for another day of the week."""
    if sunday.isoweekday() != 7:
        raise ValueError(f"{sunday} is no Sunday")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ANY_NUMBER])
    if PublishedSplit.objects.filter(split=Split.FILED, day__gte=sunday).exists():
        return 0
    groups = [_group(one) for one in filed_in_week(sunday)]
    sums = totals(groups)
    secret = frozenset(cell for cell, parts in sums.items() if _is_secret(parts))
    hidden = hidden_cells(groups, secret)
    PublishedSplit.objects.bulk_create(_row(sunday, cell, sums[cell], hidden, secret) for cell in sums)
    return len(sums)


def _is_secret(parts: Parts) -> bool:
    filed, others = parts
    return filed <= FEW or is_few(others)


def _group(one: Filed) -> Group:
    near = ((one.area_code, ALL),) if one.area_code else ()
    far = tuple((code, ALL) for code in (one.prefecture_code, NATION, one.size) if code)
    return Group(near, far, one.filed, one.offices - one.filed)


def _row(sunday: date, cell: Cell, parts: Parts, hidden: frozenset[Cell], secret: frozenset[Cell]) -> PublishedSplit:
    first, second = (None, None) if cell in hidden else parts
    return PublishedSplit(
        split=Split.FILED, area_code=cell[0], cut=cell[1], day=sunday, total=sum(parts), first=first, second=second,
        is_secret=cell in secret,
    )  # fmt: skip
