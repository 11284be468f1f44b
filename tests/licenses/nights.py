"""Nights as tests make them: a moment of one, its run, a licence that is set aside."""

from datetime import datetime

from django.utils import timezone

from careplan_portal.lib.clock import TOKYO
from licenses.models import LicenseReservation, RollOverRun
from licenses.queries import nights
from licenses.rules import FREE_PASS, MANUAL
from licenses.services import night_watch
from tests.factories import make_license
from tests.licenses.cases import YEAR, D, facts, term

TODAY = D("2026-04-15")


def at(clock: str, day=TODAY) -> datetime:
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), tzinfo=TOKYO)


def night(on=TODAY, clock="09:00"):
    return nights.night_on(on, today=TODAY, now=at(clock))


def run_of(on, proof="ok", **counts) -> RollOverRun:
    """A finished run as it stands in the table."""
    zero = dict.fromkeys((*nights.CHANGED, "set_aside", "terms_opened"), 0)
    stored = zero | counts | {"seconds": 1.5}
    stored["due"] = sum(stored[kind] for kind in (*nights.CHANGED, "set_aside"))
    return RollOverRun.objects.create(on=on, finished_at=timezone.now(), counts=stored, proof=proof)


def bad_license():
    """Its reservation is for another day than its renewal date."""
    license = make_license(facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS))
    LicenseReservation.objects.filter(license=license).update(renewal_on=D("2026-04-20"))
    return license


def watch(clock="05:30", day=TODAY):
    return night_watch(today=day, now=at(clock, day))
