"""What happened to an office's licence and applications, as lines for the helpdesk's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.enums import Role
from campaigns.models import ApplicationEvent
from careplan_portal.lib import clock
from helpdesk.enums import Act
from licenses.enums import EventKind, StopReason
from licenses.models import LicenseEvent
from notices.enums import Kind
from notices.models import Notice

_ROLES = {"system": "自動の処理", "visitor": "サインインなし", "member": "事業所の人", "helpdesk": "ヘルプデスク"}


@dataclass(frozen=True, slots=True)
class Happened:
    """`at` is the business day on which it was recorded, at the wall clock's time; `of_act` the helpdesk's act that
    leads to such a thing, `of_line` the line of the log that a notice confirms."""

    at: datetime
    text: str
    who: str
    of_act: str = ""
    of_line: str = ""


_ACT_OF_EVENT = {
    EventKind.STOP_FILED: Act.STOP,
    EventKind.STOP_WITHDRAWN: Act.STOP_WITHDRAW,
    EventKind.RESERVATION_WITHDRAWN: Act.WITHDRAW,
    EventKind.RESERVED: Act.PAID_RENEWAL,
    EventKind.TERM_OPENED: Act.PAID_START,
}
"""Which act for a caller writes which event; a filing writes several and stands by its time alone."""


def happened(office_id: int, limit: int, told: Sequence[Notice]) -> list[Happened]:
    """The latest `limit` of each, newest first, with the notices that the office was `told`."""
    licences = LicenseEvent.objects.filter(license__office=office_id).select_related("actor")
    filings = ApplicationEvent.objects.filter(application__office=office_id).select_related("actor", "application")
    lines = [
        Happened(
            clock.on(event.recorded_on, event.recorded_at), _licence_words(event), _who(event), _act_of_event(event)
        )
        for event in licences.order_by("-recorded_on", "-pk")[:limit]
    ]
    lines += [
        Happened(
            clock.on(event.recorded_on, event.recorded_at),
            f"{event.get_kind_display()}（{event.application.receipt_number}）",
            _who(event),
        )
        for event in filings.order_by("-recorded_at", "-pk")[:limit]
    ]
    lines += [Happened(notice.made_at, _told_words(notice), "", of_line=_line_of_notice(notice)) for notice in told]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _act_of_event(event: LicenseEvent) -> str:
    return str(_ACT_OF_EVENT.get(EventKind(event.kind), ""))


def _line_of_notice(notice: Notice) -> str:
    return notice.subject if notice.kind == Kind.ACT_BY_TELEPHONE else ""


def _told_words(notice: Notice) -> str:
    """Its title, and how it went out: 渡した, 戻った, これから."""
    ways = [f"{one.get_channel_display()}：{one.get_state_display()}" for one in notice.deliveries.all()]
    return f"お知らせ「{notice.title}」（{'、'.join(dict.fromkeys(ways)) or '画面だけ'}）"


def _licence_words(event: LicenseEvent) -> str:
    words = str(event.get_kind_display())
    return f"{words}（{event.data['fee_yen']:,}円）" if event.data.get("fee_yen") else words


def _who(event: Any) -> str:
    role = _ROLES.get(event.acting_as) or dict(Role.choices).get(event.acting_as, "")
    name = str(event.actor) if event.actor else ""
    # The night writes why a term ended as a code.
    reason = dict(StopReason.choices).get(event.reason, event.reason)
    return "　".join(part for part in (name, role, str(reason)) if part)
