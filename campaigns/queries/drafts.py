"""Filings that are being written."""

from campaigns.models import FilingDraft
from careplan_portal.lib.prepared import prepared

_by_key = prepared(lambda key: FilingDraft.objects.select_related("application").filter(key=key))


def draft_by_key(key: str) -> FilingDraft | None:
    """The draft at this address, with the filing it became."""
    return _by_key.first(key)
