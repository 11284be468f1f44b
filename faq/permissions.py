"""Who writes the FAQ, and who sees the versions for telephone and paper."""

from typing import Any

from accounts.enums import Role
from accounts.permissions import may_see

EDITORS = (Role.HELPDESK, Role.OPERATOR)
READERS_OF_HISTORY = (*EDITORS, Role.AUDITOR)


def reads_as_staff(user: Any) -> bool:
    """Whether entries for the helpdesk alone, and the spoken and printed versions, are shown."""
    return may_see(user, EDITORS)
