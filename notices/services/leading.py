"""When people are told before a term's end: dated decisions, each with who and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from careplan_portal.lib.acting import Acting
from notices.models import LeadTimes

MOST_DAYS = 180
MOST_TIMES = 6


class Refused(ValueError):
    """Lead times that cannot be: the `field` and the sentence for people."""

    def __init__(self, field: str, text: str):
        super().__init__(text)
        self.field, self.text = field, text


def lead_times_set(*, starts_on: date, days: Sequence[int], today: date, acting: Acting) -> LeadTimes:
    """From `starts_on` on (today or later) people are told so many days before a term's last day.

    One to six different numbers of 0 to 180 days. What was told stays told: a term is told once for each
    number. Raises Refused with a sentence for people.
    """
    wanted = sorted(set(days), reverse=True)
    if not 1 <= len(wanted) <= MOST_TIMES:
        raise Refused("days", f"1つから{MOST_TIMES}つまでの日数を入れてください。")
    if any(not 0 <= day <= MOST_DAYS for day in wanted):
        raise Refused("days", f"日数は0から{MOST_DAYS}までにしてください。")
    if starts_on < today:
        raise Refused("starts_on", "きょうか、それより後の日を入れてください。送ったお知らせは変えられません。")
    if not acting.reason.strip():
        raise Refused("reason", "わけを書いてください。")
    return LeadTimes.objects.create(
        starts_on=starts_on, days=wanted, reason=acting.reason.strip()[:200], recorded_on=today, by_id=acting.user_id
    )
