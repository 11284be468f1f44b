"""A filing on paper: the day on which it arrived is the day of filing (docs/adr/0030)."""

from datetime import date

from careplan_portal.lib.dates import Period
from careplan_portal.lib.words import ja_day


def why_not_arrived(arrived_on: date, window: Period, today: date, days: int) -> str:
    """Why a form cannot be entered on `today` as one that arrived on `arrived_on`, in a sentence; empty when it can.
    It lies in the window (R1), not ahead, and at most `days` days back, both ends included."""
    if arrived_on > today:
        return "届いた日が、きょうよりあとです。届いた日を確かめてください。"
    if arrived_on not in window:
        return (
            f"申請の受付は、{ja_day(window.starts_on)}から{ja_day(window.ends_on)}までです。"
            "この日に届いた申請は、受け付けられません。"
        )
    if (today - arrived_on).days > days:
        return f"届いてから{days}日を過ぎた申請は、ここでは入力できません。紙を運営者に引きついでください。"
    return ""
