"""Who does something, as whom, and why: every write leaves it in an event."""

from dataclasses import dataclass

SYSTEM = "system"
VISITOR = "visitor"
MEMBER = "member"
HELPDESK = "helpdesk"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Acting:
    """`user_id` is None for the night's jobs and for visitors; `role` is one of this module's
    words; `reason` is a sentence or a code that people will read in the record."""

    user_id: int | None
    role: str
    reason: str = ""


NIGHT = Acting(None, SYSTEM, "夜間処理")
