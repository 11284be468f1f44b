"""What was done, by whom, when and why, out of the tables of events named in SOURCES: the auditor's reading.

Other append-only tables stand on pages of their own: print runs (``LetterRun``, ``PrintLog``), ``LeadTimes``, bills,
calls to offices and their undoing (``AreaCall``, ``AreaCallUndoing``), and who looked at what (``AccessRecord``).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AccountEvent
from campaigns.models import ApplicationEvent, CampaignChange
from careplan_portal.lib.acting import HELPDESK, MEMBER, OPERATOR, VISITOR
from careplan_portal.lib.clock import TOKYO
from faq.models import Revision
from helpdesk.models import ContactLog, InquiryEvent
from licenses.models import LicenseEvent, PolicyEvent
from links.models import LinkEvent
from offices.models import OfficeEvent


@dataclass(frozen=True)
class Source:
    """One table: where the moment, the person, the thing and the office stand in it. ``role`` and ``office`` may be
    empty; ``what`` stands for a kind where there is none."""

    key: str
    label: str
    model: Any
    at: str
    by: str
    subject: str
    role: str = ""
    office: str = ""
    what: str = ""

    @property
    def kinds(self) -> dict[str, str]:
        if self.what:
            return {}
        choices = self.model._meta.get_field("kind").flatchoices  # noqa: SLF001 - Django's public name
        return {str(key): str(label) for key, label in choices}


SOURCES = (
    Source("license", "ライセンス", LicenseEvent, "recorded_at", "actor", "license__office__business_number",
           "acting_as", "license__office__business_number"),
    Source("application", "フリーパス申請", ApplicationEvent, "recorded_at", "actor", "application__receipt_number",
           "acting_as", "application__office__business_number"),
    Source("office", "事業所", OfficeEvent, "at", "by", "office__business_number", "", "office__business_number"),
    Source("contact", "電話と対応", ContactLog, "at", "by", "office__business_number", "", "office__business_number"),
    Source("inquiry", "問い合わせ", InquiryEvent, "at", "by", "inquiry__number", "acting_as",
           "inquiry__office__business_number"),
    Source("account", "利用者", AccountEvent, "at", "by", "user__email", "by_role"),
    Source("campaign", "キャンペーン", CampaignChange, "recorded_at", "actor", "campaign__name", "acting_as",
           what="キャンペーンを変えた"),
    Source("policy", "料金と事業", PolicyEvent, "recorded_at", "actor", "subject", "acting_as", what="決まりを変えた"),
    Source("faq", "FAQ", Revision, "recorded_at", "by", "subject", "role"),
    Source("link", "リンク集", LinkEvent, "at", "by", "link__name", "by_role"),
)  # fmt: skip


WITHOUT_A_PERSON = {VISITOR: "申請した人", MEMBER: "事業所の人", HELPDESK: "ヘルプデスク", OPERATOR: "運営者"}


@dataclass(frozen=True)
class Wanted:
    """What is looked for; everything may be empty. Days are days in Japan, both inclusive."""

    source: str = ""
    who: str = ""
    office: str = ""
    reason: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True)
class Deed:
    at: datetime.datetime
    source: str
    what: str
    subject: str
    who: str
    role: str
    reason: str
    of_office: bool = False

    @property
    def doer(self) -> str:
        """The person; where none is on record, as whom it was done, so that the night's work and a visitor's differ."""
        return self.who or WITHOUT_A_PERSON.get(self.role, "システム")


def deeds(wanted: Wanted, *, most: int) -> list[Deed]:
    """The newest ``most`` deeds that fit, the latest first: one statement a table, each cut to ``most`` rows."""
    streams = (_deeds(source, wanted, most) for source in SOURCES if _asked(source, wanted))
    return list(islice(merge(*streams, key=lambda deed: deed.at, reverse=True), most))


def _asked(source: Source, wanted: Wanted) -> bool:
    return wanted.source in ("", source.key) and (not wanted.office or bool(source.office))


def _deeds(source: Source, wanted: Wanted, most: int) -> Iterator[Deed]:
    kinds = source.kinds
    found = _found(source, wanted).order_by(f"-{source.at}", "-pk")[:most]
    for at, name, mail, subject, role, kind, reason in found.values_list(*_columns(source)):
        yield Deed(
            at=at, source=source.label, what=source.what or kinds.get(str(kind), str(kind)), subject=str(subject or ""),
            who=name or mail or "", role=str(role) if source.role else "", reason=str(reason or ""),
            of_office=source.subject == source.office,
        )  # fmt: skip


def _columns(source: Source) -> Sequence[str]:
    reason = "text" if source.model is ContactLog else "reason"
    kind = "pk" if source.what else "kind"
    return (source.at, f"{source.by}__name", f"{source.by}__email", source.subject, source.role or "pk", kind, reason)


def _found(source: Source, wanted: Wanted) -> QuerySet[Any]:
    found = source.model.objects.all()
    if wanted.who:
        found = found.filter(
            Q(**{f"{source.by}__name__icontains": wanted.who}) | Q(**{f"{source.by}__email__icontains": wanted.who})
        )
    if wanted.office:
        found = found.filter(**{source.office: wanted.office})
    if wanted.reason:
        found = found.filter(**{f"{'text' if source.model is ContactLog else 'reason'}__icontains": wanted.reason})
    if wanted.first:
        found = found.filter(**{f"{source.at}__gte": _begin(wanted.first)})
    if wanted.last:
        found = found.filter(**{f"{source.at}__lt": _begin(wanted.last + datetime.timedelta(days=1))})
    return found


def _begin(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=TOKYO)
