"""Days and money as they are said on the telephone."""

from datetime import date

from licenses.rules import Policy


def spoken(day: date, today: date) -> str:
    """`4月14日`, `来年の4月14日`, `去年の4月14日`, `2029年4月14日`: the year only where it is needed."""
    short = f"{day.month}月{day.day}日"
    near = {0: "", 1: "来年の", -1: "去年の"}
    apart = day.year - today.year
    return f"{near[apart]}{short}" if apart in near else f"{day.year}年{short}"


def spoken_fee(policy: Policy, on: date) -> str:
    """The fee of a paid term that starts on `on`, as the end of a sentence; 未定 comes first where
    the amount is only the last one going on (R14, answers 13 and 53).

    Raises licenses.rules.BadRecord("no_fee").
    """
    yen = f"{policy.fee_on(on).yen:,}円"
    if policy.fee_is_undecided(on):
        return f"料金は未定ですが、いまの額なら{yen}がかかります"
    return f"{yen}がかかります"
