from offices.models.people import Invitation, Membership
from offices.models.places import Area, Municipality, Prefecture
from offices.models.record import (
    ImportedService,
    ImportRun,
    OfficeCorrection,
    OfficeEvent,
    VanishedOffice,
)
from offices.models.register import Corporation, Office, OfficeService, OpenDataService, ServiceType
from offices.models.uploads import ImportJob

__all__ = [
    "Area",
    "Corporation",
    "ImportJob",
    "ImportRun",
    "ImportedService",
    "Invitation",
    "Membership",
    "Municipality",
    "Office",
    "OfficeCorrection",
    "OfficeEvent",
    "OfficeService",
    "OpenDataService",
    "Prefecture",
    "ServiceType",
    "VanishedOffice",
]
