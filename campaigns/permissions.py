"""Who may act for an office when filing and proving, and how often strangers may try."""

from datetime import date
from typing import Any

from django.conf import settings

from accounts.models import User
from careplan_portal.lib.throttle import Throttle
from offices.permissions import is_member

HOUR = 60 * 60


def acts_for(user: Any, office_id: int | None, today: date) -> bool:
    """Whether the signed-in person is a member of the office on `today` (then proved at once)."""
    if office_id is None or not isinstance(user, User):
        return False
    return is_member(user, office_id, today)


def filing_throttle() -> Throttle:
    """Filings begun or sent from one address."""
    return Throttle("filing", settings.FILINGS_PER_HOUR, HOUR)


def status_throttle() -> Throttle:
    """Looks at the public status page from one address."""
    return Throttle("status", settings.STATUS_LOOKS_PER_HOUR, HOUR)


def code_throttle() -> Throttle:
    """Codes entered from one address, whatever the office; each office has its own pause besides."""
    return Throttle("code", settings.CODES_PER_HOUR, HOUR)
