"""Putting a set-aside licence right: one change of one fact, with an event that keeps before and after."""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from careplan_portal.lib.acting import Acting
from licenses.enums import EventKind, ReservationState
from licenses.models import License, LicenseEvent, LicenseReservation, LicenseTerm, SetAside
from licenses.queries.repairs import MODE, MOVE, RELEASE, YEAR, Repair, fault_of
from licenses.services.licences import Refused

STALE = "記録が変わっているので、直していません。いまの記録を確かめて、もう一度選んでください。"


@transaction.atomic
def set_aside_repair(*, set_aside_id: int, key: str, today: date, acting: Acting) -> Repair:
    """Make the repair that a person chose by its `key` (`licenses.queries.repairs`); `roll_over_again` then lifts
    the set-aside.

    The licence's row is locked and the fault is looked for again, so a page that is out of date, a second click
    or a record that was mended meanwhile raise Refused("stale"); Refused("empty") without a reason, and
    Refused("stop") when a stop was filed after what would be the term's last day. Fees and bills stay.
    """
    if not acting.reason.strip():
        raise Refused("empty", "理由を書いてください。記録に残ります。")
    license = License.objects.select_for_update(of=("self",)).get(set_asides=set_aside_id)
    aside = SetAside.objects.get(pk=set_aside_id)
    repair = fault_of(license.pk, today).repair(key)
    if repair is None or aside.resolved_on is not None:
        raise Refused("stale", STALE)
    term = _WRITE[repair.kind](license, repair, today)
    LicenseEvent.objects.create(
        license=license, term=term, kind=_EVENTS.get(repair.kind, EventKind.REPAIRED), effective_on=today, recorded_on=today,
        actor_id=acting.user_id, acting_as=acting.role, reason=acting.reason[:200],
        data={"repair": repair.kind, "before": repair.before, "after": repair.after},
    )  # fmt: skip
    return repair


def _mode(license: License, repair: Repair, today: date) -> None:
    license.renewal_mode = repair.after
    license.save(update_fields=["renewal_mode"])


def _move(license: License, repair: Repair, today: date) -> None:
    _reservation_set(license, renewal_on=date.fromisoformat(repair.after))


def _release(license: License, repair: Repair, today: date) -> None:
    _reservation_set(license, state=ReservationState.RELEASED, ended_on=today)


def _reservation_set(license: License, **values: object) -> None:
    LicenseReservation.objects.filter(license=license, state=ReservationState.OPEN).update(**values)


def _year(license: License, repair: Repair, today: date) -> LicenseTerm:
    starts_on, was = map(date.fromisoformat, repair.before.split("/"))
    term = LicenseTerm.objects.get(license=license, starts_on=starts_on, ends_on=was)
    term.ends_on = date.fromisoformat(repair.after.split("/")[1])
    if term.stop_requested_on is not None and term.stop_requested_on > term.ends_on:
        raise Refused("stop", "この期間には、直したあとのおわりの日より後に、停止の届けがあります。直していません。")
    term.save(update_fields=["ends_on"])
    return term


_WRITE: dict[str, Callable[[License, Repair, date], LicenseTerm | None]] = {
    MODE: _mode, MOVE: _move, RELEASE: _release, YEAR: _year,
}  # fmt: skip
_EVENTS = {RELEASE: EventKind.RESERVATION_RELEASED}
