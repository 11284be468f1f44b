from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careplan_portal.lib.dates import (
    day_after,
    month_end,
    next_month_start,
    term_end,
    year_from,
)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2025, 6, 1), date(2026, 5, 31)),
        (date(2026, 5, 31), date(2027, 5, 30)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2029, 3, 1), date(2030, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2028, 2, 28), date(2029, 2, 27)),
        (date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_term_lasts_to_the_day_before_the_same_day_next_year(starts_on, ends_on):
    assert term_end(starts_on) == ends_on


@given(st.dates(date(2000, 1, 1), date(2190, 12, 31)))
def test_following_terms_keep_their_day_and_are_365_or_366_days_long(day):
    first = year_from(day)
    second = year_from(day_after(first.ends_on))
    for term in (first, second):
        assert 365 <= (term.ends_on - term.starts_on).days + 1 <= 366
    assert (second.starts_on.month, second.starts_on.day) == (
        (3, 1) if (day.month, day.day) == (2, 29) else (day.month, day.day)
    )


def test_months():
    assert month_end(date(2028, 2, 3)) == date(2028, 2, 29)
    assert next_month_start(date(2026, 12, 31)) == date(2027, 1, 1)
