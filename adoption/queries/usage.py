"""Whether a business number uses the system: public, yes or no (as on WAM NET)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from careplan_portal.lib.japan import business_number
from licenses.queries import offices_using
from offices.queries import office_ids


def numbers_using(typed: Iterable[str], today: date) -> dict[str, bool | None]:
    """For each number, as it was typed: whether a valid term covers `today`; None for a number that
    nobody has, or that is no business number. In the order given; two queries whatever their number."""
    normal = {text: business_number.normalize(text) for text in typed}
    ids = office_ids(normal.values())
    using = offices_using(ids.values(), today)
    return {text: ids[number] in using if number in ids else None for text, number in normal.items()}
