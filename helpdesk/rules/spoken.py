"""Days and money as they are said on the telephone."""

import re
from datetime import date

from licenses.rules import Policy

_FLAT = re.compile("(?:2万1千|2万1000|21,?000|２万１千|２１，?０００)円")
"""The yearly fee as an entry may hold it flat; a database once loaded keeps its text."""


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


def by_plan(text: str, policy: Policy, on: date, *, said: bool = False) -> str:
    """A line of an entry with the yearly fee as the plan has it for `on`. With `said` the fee of the renewal follows
    as a sentence of its own, and a sentence that tells it flat is left out.

    Raises licenses.rules.BadRecord("no_fee").
    """
    kept = [one for one in re.findall(r"[^。]+。?", text) if not (said and "更新" in one and _FLAT.search(one))]
    yen = f"{policy.fee_on(on).yen:,}円"
    return _FLAT.sub(f"未定ですが、いまの額なら{yen}" if policy.fee_is_undecided(on) else yen, "".join(kept))
