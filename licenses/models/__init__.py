from licenses.models.ledger import License, LicenseEvent, LicenseReservation, LicenseTerm, status_on
from licenses.models.money import BillLine, FeeSchedule
from licenses.models.night import NightAlarm, RollOverRun, SetAside
from licenses.models.papers import LicenseDocument
from licenses.models.programme import PolicyEvent, Programme

__all__ = [
    "BillLine",
    "FeeSchedule",
    "License",
    "LicenseDocument",
    "LicenseEvent",
    "LicenseReservation",
    "LicenseTerm",
    "NightAlarm",
    "PolicyEvent",
    "Programme",
    "RollOverRun",
    "SetAside",
    "status_on",
]
