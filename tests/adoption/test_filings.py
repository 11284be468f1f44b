"""What is published of filings: by week, guarded, never changed."""

from datetime import date, timedelta

import pytest

from adoption.enums import NATION, Split
from adoption.models import PublishedSplit
from adoption.queries.filings import weeks_of
from adoption.rules.sizes import SIZES, size_of
from adoption.services.filings import filings_publish, filings_publish_due
from offices.models import Office
from tests.adoption.conftest import MATSUE, SHIMANE, TOTTORI, TOTTORI_CITY, YONAGO, application, open_office
from tests.adoption.test_attack import is_solved

SUNDAY = date(2025, 7, 6)
MONDAY = SUNDAY + timedelta(days=1)
COUNTS = {YONAGO: (30, 2), TOTTORI_CITY: (40, 9), MATSUE: (25, 11)}


@pytest.fixture
def offices(db: None) -> dict[str, list[Office]]:
    made = {place: [open_office(place) for _ in range(total)] for place, (total, _) in COUNTS.items()}
    for place, (_, filed) in COUNTS.items():
        for number, office in enumerate(made[place][:filed]):
            application(office, SUNDAY - timedelta(days=number % 7))
            if number == 0:
                application(office, SUNDAY)  # a second filing of one office is one office that filed
    return made


def told() -> dict[str, int | None]:
    rows = PublishedSplit.objects.filter(split=Split.FILED, day=SUNDAY).values_list("area_code", "first")
    return dict(rows)


def test_few_filings_and_what_tells_them_are_hidden(offices: dict[str, list[Office]]) -> None:
    filings_publish(sunday=SUNDAY)
    assert told()[NATION] == 22
    assert told()[YONAGO] is None
    assert None in (told()[TOTTORI], told()[TOTTORI_CITY])
    assert told()[MATSUE] == told()[SHIMANE] == 11


def test_no_hidden_count_can_be_solved(offices: dict[str, list[Office]]) -> None:
    filings_publish(sunday=SUNDAY)
    prefecture = {YONAGO: TOTTORI, TOTTORI_CITY: TOTTORI, MATSUE: SHIMANE}
    kinds = {code: (total, {code, prefecture[code], NATION, size_of(total)}) for code, (total, _) in COUNTS.items()}
    known = {code: first for code, first in told().items() if first is not None}
    assert not is_solved(kinds, known, YONAGO, COUNTS[YONAGO][1])
    everything = {code: filed for code, (_, filed) in COUNTS.items() if code != YONAGO} | {NATION: 22}
    assert is_solved(kinds, everything, YONAGO, COUNTS[YONAGO][1])


def test_none_at_all_is_hidden_too(db: None) -> None:
    for _ in range(12):
        open_office(YONAGO)
    filings_publish(sunday=SUNDAY)
    assert set(told().values()) == {None}


def test_each_week_is_published_once_from_the_first_filing_on(offices: dict[str, list[Office]]) -> None:
    assert filings_publish_due(today=SUNDAY) == 0
    assert filings_publish_due(today=MONDAY) == 1
    assert filings_publish_due(today=MONDAY + timedelta(days=6)) == 0
    assert filings_publish_due(today=MONDAY + timedelta(days=21)) == 3
    application(offices[MATSUE][20], SUNDAY)
    assert filings_publish(sunday=SUNDAY) == 0
    assert told()[MATSUE] == 11
    with pytest.raises(ValueError, match="no Sunday"):
        filings_publish(sunday=MONDAY)


def test_a_union_tells_nothing_that_its_members_do_not(offices: dict[str, list[Office]]) -> None:
    filings_publish(sunday=SUNDAY)
    found = weeks_of({"both": [YONAGO, MATSUE], "one": [SHIMANE]}, SUNDAY, 8)
    assert [(week.offices, week.filed) for week in found["both"]] == [(55, None)]
    assert [(week.offices, week.filed, week.rate) for week in found["one"]] == [(25, 11, 440.0)]


@pytest.mark.parametrize(
    ("offices_there", "code"), [(0, ""), (1, "size-1"), (19, "size-1"), (20, "size-2"), (300, "size-5")]
)
def test_sizes(offices_there: int, code: str) -> None:
    assert size_of(offices_there) == code
    assert len({name for _, _, name in SIZES}) == len(SIZES)
