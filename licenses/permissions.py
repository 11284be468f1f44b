"""Which papers a person may read."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import User
from licenses.models import LicenseDocument
from offices.permissions import offices_visible_to


def documents_visible_to(user: User, on: date) -> QuerySet[LicenseDocument]:
    """The papers of the offices that the person sees on the day ``on`` (offices.permissions)."""
    return LicenseDocument.objects.filter(license__office__in=offices_visible_to(user, on)).select_related(
        "license__office", "term"
    )
