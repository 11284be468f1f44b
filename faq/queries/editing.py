"""What editors read: all entries, the steps of one, the words of the search."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.enums import Role
from careplan_portal.lib.acting import SYSTEM
from careplan_portal.lib.clock import tokyo_day
from faq.enums import Audience, Status
from faq.models import Entry, OutsideText, Revision, Spelling, Topic, WordGroup
from faq.queries.showing import OfficeValues
from faq.rules.difference import FieldChange, differences
from faq.rules.placeholders import STATES, Value

CHOICE_WORDS: dict[str, dict[str, str]] = {
    "audience": {value: str(label) for value, label in Audience.choices},
    "status": {value: str(label) for value, label in Status.choices},
    "yours_for": dict(STATES),
}
"""How an editor reads the values of an entry's fields; ``choice_words`` has those that stand in the database too."""

ROLES = {SYSTEM: "自動", **{role.value: str(role.label) for role in Role}}


@dataclass(frozen=True, slots=True)
class Step:
    revision: Revision
    role: str
    changes: list[FieldChange]


def desk_entries(part: str) -> QuerySet[Entry]:
    """Every entry, or those whose question or address contains a part."""
    entries = Entry.objects.select_related("topic").order_by("topic__position", "position")
    if part.strip():
        entries = entries.filter(Q(question__contains=part.strip()) | Q(slug__contains=part.strip().lower()))
    return entries


def choice_words() -> dict[str, dict[str, str]]:
    """How an editor reads the values of an entry's fields: topics and related questions by their own words."""
    return CHOICE_WORDS | {
        "topic": dict(Topic.objects.values_list("key", "title")),
        "related": dict(Entry.objects.values_list("slug", "question")),
    }


def newest_step(entry: Entry) -> int:
    """The key of an entry's last revision: what an editor has seen; 0 before there is one."""
    return entry.revisions.order_by("-pk").values_list("pk", flat=True).first() or 0


def steps_of(entry: Entry) -> list[Step]:
    """What was done to an entry, newest first, each with the changes against the step before."""
    revisions = list(entry.revisions.select_related("by").order_by("-pk"))
    earlier: list[Revision | None] = [*revisions[1:], None]
    words = choice_words()
    return [
        Step(
            revision,
            ROLES.get(revision.role, revision.role),
            differences(before.content if before else None, revision.content, words),
        )
        for revision, before in zip(revisions, earlier, strict=True)
    ]


def changed_on() -> datetime.date | None:
    """The day, in Japan, of the last change to entries or words; None before there was any."""
    last = Revision.objects.order_by("-pk").values_list("recorded_at", flat=True).first()
    return tokyo_day(last) if last else None


def example_office(today: datetime.date) -> OfficeValues:
    """Invented dates, so that an editor sees the office's own sentence as a member will."""
    end = today + datetime.timedelta(days=40)
    values: dict[str, Value | None] = {
        "term_end": end,
        "renewal_date": end + datetime.timedelta(days=1),
        "last_stop_day": end,
        "filing_from": end.replace(day=1),
        "filing_until": end + datetime.timedelta(days=1),
        "fee": 21000,
    }
    return OfficeValues("（例）デイサービス みなとの風", values, frozenset(STATES))


def group_initial(name: str) -> dict[str, Any]:
    """A word group as initial values of its form; empty for an unknown one."""
    group = WordGroup.objects.filter(name=name).first()
    return {"name": group.name, "words": group.words} if group else {}


def words_page() -> dict[str, Any]:
    """Everything that the search knows about words."""
    return {
        "groups": WordGroup.objects.all(),
        "spellings": Spelling.objects.all(),
        "outside_count": OutsideText.objects.count(),
    }
