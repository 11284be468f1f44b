"""Ten years over 20,000 licences: random acts, outages, window extensions, fees, an end; against a slow naive model.

The model (tests/licenses/naive.py) is written from the rules' text alone and looks at every licence every midnight.
"""

import random
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings

from drills import _night as tools
from tests.licenses.years import BEGIN, Years

LICENCES = 20_000
SEED = 20250401
DAYS = 3653
# Acts a day while the campaign runs and after it; nights in a row, and outages of up to so many days.
BUSY, QUIET = 10.0, 0.6
CAMPAIGN = 500
IN_A_ROW = ((300, 330), (1066, 1080))
LONGEST_OUTAGE = 40


def _nights(chance: random.Random) -> set[int]:
    found: set[int] = {number for first, last in IN_A_ROW for number in range(first, last)}
    number = 0
    while number < DAYS:
        found.add(number)
        number += chance.randint(1, LONGEST_OUTAGE)
    return found | {DAYS - 1}


def run(say: Callable[[str], None]) -> str:
    years = Years(LICENCES, SEED)
    nights = _nights(years.chance)
    say(
        f"{LICENCES:,} licences taken over, {len(years.model):,} offices, {DAYS} days from {BEGIN}, {len(nights)} nights run"
    )
    compared = 0
    for number in range(DAYS):
        today = BEGIN + timedelta(days=number)
        settings.PORTAL_TODAY = today
        rate = BUSY if number < CAMPAIGN else QUIET
        acts = int(rate) + (years.chance.random() < rate % 1)
        years.day(today, acts, night=number in nights)
        if number % 122 == 60:
            compared += years.compare_statuses(today)
        if number % 365 == 364:
            done = sum(years.did.values())
            say(
                f"{today}: {done:,} acts done, {sum(years.refused.values()):,} refused by both, {years.nights} nights proved"
            )
    terms = years.compare_ledgers()
    say("done: " + ", ".join(f"{count:,} {name}" for name, count in sorted(years.did.items())))
    say("refused by both: " + ", ".join(f"{count:,} {name}" for name, count in sorted(years.refused.items())))
    say(f"{compared:,} statuses on 30 days and {terms:,} terms are the same in both")
    say(tools.verify(tools.SEEDED))
    return f"ten years, {sum(years.did.values()):,} acts, {years.nights} nights after outages: portal and model agree on every term"
