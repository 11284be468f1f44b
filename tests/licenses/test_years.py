"""Three years of random acts over a few licences: the portal and a naive model agree (drills/years.py: ten years, 20,000)."""

from datetime import timedelta

import pytest

from licenses.queries import ledger_problems
from tests.licenses.years import BEGIN, Years


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_portal_and_the_naive_model_agree_over_years(seed):
    years = Years(60, seed)
    for number in range(3 * 365):
        today = BEGIN + timedelta(days=number)
        acts = 1 if years.chance.random() < (0.5 if number < 500 else 0.1) else 0
        years.day(today, acts, night=years.chance.random() < 0.04)
        if number % 100 == 50:
            years.compare_statuses(today)
    years.night(today)
    assert years.compare_ledgers() > 150
    assert ledger_problems() == []
    assert {"start_paid", "stop", "file_paid", "file_free", "file_unproved", "prove"} <= set(years.did)
