"""Filters that write dates, money and numbers; all of them answer an empty string for None."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from careplan_portal.lib import browsers, clock, words
from careplan_portal.lib.clock import TOKYO
from careplan_portal.lib.markup import markup_each

register = template.Library()
register.filter("browser_name", browsers.browser_name)


def _day(value: datetime.date | datetime.datetime) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.astimezone(TOKYO).date() if value.tzinfo else value.date()
    return value


def _filter(name: str, write: Callable[[datetime.date], str]) -> None:
    def apply(value: datetime.date | None) -> str:
        return write(_day(value)) if value else ""

    register.filter(name, apply)


_filter("ja_date", words.ja_date)
_filter("ja_day", words.ja_day)
_filter("ja_short", words.ja_short)
_filter("weekday", words.weekday)
_filter("era", words.era)
_filter("era_year", words.era_year)
_filter("iso", datetime.date.isoformat)


@register.filter
def ja_moment(value: datetime.datetime | None) -> str:
    """2026年4月3日（金）10時42分, in Japan's time."""
    if not value:
        return ""
    at = value.astimezone(TOKYO) if value.tzinfo else value
    return f"{words.ja_date(at.date())}{at.hour}時{at.minute:02}分"


@register.filter
def iso_moment(value: datetime.datetime | None, on: datetime.date | None = None) -> str:
    """2026-04-03 10:42, for tables; ``on``: the business day it belongs to, which in a demo is another than the wall's."""
    if not value:
        return ""
    value = clock.on(on, value) if on else value
    at = value.astimezone(TOKYO) if value.tzinfo else value
    return f"{at:%Y-%m-%d %H:%M}"


@register.filter
def until(value: datetime.date | None, today: datetime.date) -> str:
    """{{ day|until:request.today }} → あと11日."""
    return words.until(_day(value), today) if value else ""


@register.filter
def yen(value: int | None) -> str:
    return "" if value is None else words.yen(value)


@register.filter
def percent(value: float | Decimal | None) -> str:
    """A ratio of 0 to 1 → 42.5％."""
    return "" if value is None else words.percent(value)


@register.filter
def count(value: int | None, unit: str = "") -> str:
    """{{ 1204|count:"か所" }} → 1,204か所."""
    return "" if value is None else words.count(value, unit)


@register.filter
def bnum(value: Any) -> SafeString:
    """A business number in thin groups; copied without gaps, read out figure by figure."""
    if not value:
        return mark_safe("")
    groups = markup_each("<span>{}</span>", ((group,) for group in words.number_groups(str(value))))
    return mark_safe(f'<span class="bnum">{groups}</span>')  # noqa: S308 - escaped above


@register.filter
def aloud(value: str) -> str:
    """FP-2604-7318-K → エフピー、2604、7318、ケイ."""
    return words.reading_aloud(value)
