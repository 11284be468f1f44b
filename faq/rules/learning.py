"""What is kept of a question that somebody asked: masked, folded, for a limited time."""

from __future__ import annotations

import datetime
import re

from faq.rules.text import clean, fold

LONGEST = 200
KEPT_DAYS = 180
"""Asked questions are forgotten after this many days."""

WEEK = datetime.timedelta(days=6)
MOST_OF_A_NETWORK = 5
"""Answers to "did this help" that one network address may give to one entry in a day: an office has several
people, a script has more."""

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"\d(?:[\d\s\-()‐－ー]{3,}\d)")
_MASK = "…"


def masked(text: str) -> str:
    """The question without mail addresses and without numbers of five or more figures (telephones, business and
    insurance numbers), cut to LONGEST. Sums such as 21,000 stay."""
    plain = " ".join(clean(text).split())
    return _NUMBER.sub(_long_number, _MAIL.sub(_MASK, plain))[:LONGEST]


def _long_number(match: re.Match[str]) -> str:
    return _MASK if sum(sign.isdigit() for sign in match.group()) >= 5 and match.group() != "21000" else match.group()


def same_question(text: str) -> str:
    """Under what a question is counted: its folded form, cut to LONGEST."""
    return fold(text)[:LONGEST]


def first_of_week(last: datetime.date) -> datetime.date:
    """The first of the seven days that end with ``last``."""
    return last - WEEK


def forget_before(today: datetime.date) -> datetime.date:
    """Questions asked before this day are forgotten."""
    return today - datetime.timedelta(days=KEPT_DAYS)
