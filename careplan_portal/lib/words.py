"""How dates, money and numbers are written for people (visual standard, "Words").

Sentences say 2026年4月15日（水）, tables 2026-04-15, paper adds the era. Pure functions:
"today" is always an argument.
"""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

from careplan_portal.lib.japan.business_number import GROUPS

WEEKDAYS = "月火水木金土日"
ERAS = (
    (datetime.date(2019, 5, 1), "令和"),
    (datetime.date(1989, 1, 8), "平成"),
    (datetime.date(1926, 12, 25), "昭和"),
    (datetime.date(1912, 7, 30), "大正"),
)


def ja_date(day: datetime.date) -> str:
    """2026年4月15日（水）: the form for sentences."""
    return f"{ja_day(day)}（{WEEKDAYS[day.weekday()]}）"


def ja_day(day: datetime.date) -> str:
    """2026年4月15日: where the weekday stands elsewhere."""
    return f"{day.year}年{day.month}月{day.day}日"


def ja_short(day: datetime.date) -> str:
    """4月15日: where the year is plain from the sentence."""
    return f"{day.month}月{day.day}日"


def weekday(day: datetime.date) -> str:
    """水曜日."""
    return f"{WEEKDAYS[day.weekday()]}曜日"


def era(day: datetime.date) -> str:
    """令和8年4月15日; the first year of an era is 元年. Before 1912 the plain date."""
    for first, name in ERAS:
        if day >= first:
            year = day.year - first.year + 1
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return ja_day(day)


def year_of(text: str) -> int | None:
    """The year that somebody wrote: 2026, 令和8, 令8, R8, 平成元年 → 2019 and so on; None when it is no year.

    ``text`` in half-width figures and letters (NFKC). An era's year may run past the era's end, as on old papers.
    """
    found = _YEAR.fullmatch(text)
    if found is None:
        return None
    year = 1 if found["year"] == "元" else int(found["year"])
    return _ERA_BEGINS[found["era"][0].upper()] + year - 1 if found["era"] else year


_ERA_BEGINS = {sign: day.year for (day, name), letter in zip(ERAS, "RHST", strict=True) for sign in (name[0], letter)}
_YEAR = re.compile(r"(?P<era>令和?|平成?|昭和?|大正?|[RHSTrhst]\.?)?\s*(?P<year>[0-9]{1,4}|(?<=\D)元)年?")


def era_year(day: datetime.date) -> str:
    """令和8年: put in brackets after a date on paper."""
    return era(day).split("年")[0] + "年"


def until(day: datetime.date, today: datetime.date) -> str:
    """How far away a day is: きょう, あと11日, あと1年と12日, 3日前.

    Years are counted from today to the same day of a later year, as people do.
    """
    days = (day - today).days
    if days == 0:
        return "きょう"
    if days < 0:
        return f"{-days}日前"
    years = day.year - today.year - ((day.month, day.day) < (today.month, today.day))
    if years < 1:
        return f"あと{days}日"
    rest = (day - _years_later(today, years)).days
    return f"あと{years}年と{rest}日" if rest else f"あと{years}年"


def _years_later(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def yen(amount: int) -> str:
    """21,000円; whole yen."""
    return f"{amount:,}円"


def percent(ratio: float | Decimal, digits: int = 1) -> str:
    """42.5％ from a ratio of 0 to 1, rounded half up as people do by hand."""
    step = Decimal(1).scaleb(-digits)
    value = (Decimal(str(ratio)) * 100).quantize(step, rounding=ROUND_HALF_UP)
    return f"{value:,}％"


def count(number: int, unit: str = "") -> str:
    """1,204か所."""
    return f"{number:,}{unit}"


def number_groups(business_number: str) -> tuple[str, ...]:
    """A business number in its groups 2-1-2-4-1; what is longer or shorter is kept whole at the end."""
    groups, at = [], 0
    for width in GROUPS:
        groups.append(business_number[at : at + width])
        at += width
    groups.append(business_number[at:])
    return tuple(group for group in groups if group)


def reading_aloud(reference: str) -> str:
    """A reference number as it is said on the telephone: FP-2604-7318-K → エフピー、2604、7318、ケイ."""
    return "、".join("".join(LETTER_NAMES.get(char, char) for char in part) for part in reference.split("-"))


LETTER_NAMES = {
    "A": "エー", "B": "ビー", "C": "シー", "D": "ディー", "E": "イー", "F": "エフ", "G": "ジー",
    "H": "エイチ", "I": "アイ", "J": "ジェー", "K": "ケイ", "L": "エル", "M": "エム", "N": "エヌ",
    "O": "オー", "P": "ピー", "Q": "キュー", "R": "アール", "S": "エス", "T": "ティー", "U": "ユー",
    "V": "ブイ", "W": "ダブリュー", "X": "エックス", "Y": "ワイ", "Z": "ゼット",
}  # fmt: skip
