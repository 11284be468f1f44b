"""What every write of the FAQ leaves behind: a revision, and a moved stamp when the search changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from careplan_portal.lib.acting import Acting
from faq.enums import RevisionKind
from faq.models import Entry, Revision, SearchStamp


def revision_add(
    *, kind: RevisionKind, subject: str, content: Mapping[str, Any], acting: Acting, entry: Entry | None = None
) -> Revision:
    """Who did what to the subject, why, and what it holds now."""
    return Revision.objects.create(
        kind=kind,
        entry=entry,
        subject=subject,
        content=dict(content),
        by_id=acting.user_id,
        role=acting.role,
        reason=acting.reason,
    )


def stamp_move() -> None:
    """Every process builds its index anew at its next search. Takes the stamp's row lock to the transaction's end."""
    SearchStamp.objects.update_or_create(pk=1, defaults={"token": uuid.uuid4()})
