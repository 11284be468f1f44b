"""One list a week: what to write next, from what people asked and whether answers helped."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Max, Q, QuerySet

from faq.enums import AskedBy, FeedbackReason
from faq.models import AskedQuestion, Entry, Feedback
from faq.rules.learning import first_of_week

MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how often it was asked, and the tag that the telephone gave it."""

    text: str
    times: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Unclear:
    entry: Entry
    helped: int
    did_not: int
    reasons: tuple[tuple[str, int], ...]
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """``first`` to ``last``, both inclusive. ``unsettled``: nothing was found; ``unopened``: something was, but
    nobody opened it; ``spoken``: from telephone and inquiries; ``unclear``: answers that did not help."""

    first: datetime.date
    last: datetime.date
    searches: int
    unsettled: list[Asked] = field(default_factory=list)
    unopened: list[Asked] = field(default_factory=list)
    spoken: list[Asked] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)


def week(last: datetime.date) -> Week:
    """The seven days that end with ``last``."""
    first = first_of_week(last)
    asked = AskedQuestion.objects.filter(day__range=(first, last))
    searched = asked.filter(asked_by=AskedBy.WEB)
    return Week(
        first,
        last,
        searches=searched.count(),
        unsettled=_grouped(searched.filter(settled=False)),
        unopened=_unopened(searched),
        spoken=_grouped(asked.exclude(asked_by=AskedBy.WEB)),
        unclear=_unclear(first, last),
    )


def _grouped(asked: QuerySet[AskedQuestion]) -> list[Asked]:
    rows = (
        asked.order_by()
        .values("folded")
        .annotate(times=Count("pk"), sample=Max("text"), label=Max("tag"))
        .order_by("-times", "sample")[:MOST_ROWS]
    )
    return [Asked(row["sample"], row["times"], row["label"]) for row in rows]


def _unopened(searched: QuerySet[AskedQuestion]) -> list[Asked]:
    rows = (
        searched.filter(settled=True)
        .order_by()
        .values("folded")
        .annotate(times=Count("pk"), sample=Max("text"), opened_times=Count("opened"))
        .filter(opened_times=0)
        .order_by("-times", "sample")[:MOST_ROWS]
    )
    return [Asked(row["sample"], row["times"]) for row in rows]


def _unclear(first: datetime.date, last: datetime.date) -> list[Unclear]:
    in_week = Q(feedback__day__range=(first, last))
    entries = (
        Entry.objects.annotate(
            yes=Count("feedback", filter=in_week & Q(feedback__helped=True)),
            no=Count("feedback", filter=in_week & Q(feedback__helped=False)),
        )
        .filter(no__gt=0)
        .order_by("-no", "position")[:MOST_ROWS]
    )
    said = Feedback.objects.filter(day__range=(first, last), helped=False, entry__in=[entry.pk for entry in entries])
    return [_unclear_row(entry, [one for one in said if one.entry_id == entry.pk]) for entry in entries]


def _unclear_row(entry: Entry, said: list[Feedback]) -> Unclear:
    reasons = Counter(FeedbackReason(one.reason).label for one in said if one.reason)
    counts: dict[str, int] = vars(entry)
    return Unclear(
        entry,
        helped=counts["yes"],
        did_not=counts["no"],
        reasons=tuple((str(label), times) for label, times in reasons.most_common()),
        comments=tuple(one.comment for one in said if one.comment),
    )
