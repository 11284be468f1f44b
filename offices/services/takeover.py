"""Offices that an earlier system knew and the register does not."""

from collections.abc import Sequence

from django.utils import timezone

from careplan_portal.lib.acting import Acting
from offices.enums import EventKind
from offices.models import Office, OfficeEvent, Prefecture
from offices.services.locks import share_register


def offices_take_over(*, numbers: Sequence[str], acting: Acting) -> tuple[dict[str, int], int]:
    """The ids of the offices with these business numbers, and how many were new.

    An unknown number becomes an unlisted office without a name, filled in by a later import
    (DOMAIN, "Business number": no dead end). Its prefecture is the number's, where it exists.
    """
    share_register()
    known = _ids(numbers)
    prefectures = dict(Prefecture.objects.values_list("number", "code"))
    created = Office.objects.bulk_create(
        (
            Office(business_number=number, name="", unlisted=True, prefecture_id=prefectures.get(number[:2]))
            for number in numbers
            if number not in known
        ),
        ignore_conflicts=True,
    )
    if created:
        found = _ids([office.business_number for office in created])
        OfficeEvent.objects.bulk_create(
            OfficeEvent(
                office_id=pk, kind=EventKind.DECLARED, at=timezone.now(), by_id=acting.user_id, reason=acting.reason
            )
            for pk in found.values()
        )
        known |= found
    return known, len(created)


def _ids(numbers: Sequence[str]) -> dict[str, int]:
    return dict(Office.objects.filter(business_number__in=numbers).values_list("business_number", "pk"))
