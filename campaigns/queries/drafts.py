"""Filings that are being written."""

from campaigns.models import FilingDraft


def draft_by_key(key: str) -> FilingDraft | None:
    """The draft at this address, with the filing it became."""
    return FilingDraft.objects.select_related("application").filter(key=key).first()
