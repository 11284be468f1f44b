"""Days and months in addresses: ``<day:on>`` is 2026-04-03, ``<month:first>`` is 2026-04 (its first day).

Importing this module makes both known to ``path()``. What is no day has no page (404).
"""

import datetime

from django.urls import register_converter


class DayConverter:
    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(value)

    def to_url(self, value: datetime.date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class MonthConverter:
    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> datetime.date:
        return datetime.date.fromisoformat(f"{value}-01")

    def to_url(self, value: datetime.date) -> str:
        return value.isoformat()[:7]


register_converter(DayConverter, "day")
register_converter(MonthConverter, "month")
