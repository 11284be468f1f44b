"""Whether whoever filed may become a member by it: a proved filing lets its applicant join once (R16)."""

from dataclasses import dataclass
from datetime import date

NOT_PROVED = "not_proved"
OPEN = "open"
AGAIN = "again"
MEMBER = "member"
SPENT = "spent"

WHY_NOT_JOINING = {
    NOT_PROVED: "手紙か電話で事業所の確認が済んだ申請だけが、サインインを作れます。",
    MEMBER: "サインインは、もう作ってあります。パスワードを忘れたときは、サインインの画面から決め直せます。",
    SPENT: (
        "このメールアドレスの人は、この事業所で手続きする人から外れました。この受付票からは、もう加われません。"
        "もう一度手続きするには、事業所の管理者に招待を頼んでください。頼めないときは、お電話ください。"
        "ヘルプデスクが、事業所の登録の電話にかけ直して確かめます。"
    ),
}
"""Why somebody cannot join, or need not, and what to do."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whoever filed, as of a day: `proved_on` by letter or call-back, None otherwise; `used`: they joined by this
    filing; `is_member` of its office on the day; `ended_on`: when a membership of theirs last ended there."""

    proved_on: date | None
    used: bool = False
    is_member: bool = False
    has_password: bool = False
    ended_on: date | None = None


def joining(applicant: Applicant) -> str:
    """OPEN: they may join; AGAIN: they did and may have the mail again; else a key of WHY_NOT_JOINING. A membership
    that ended on the day of the proof counts as ended since: which came first is not known."""
    if applicant.proved_on is None:
        return NOT_PROVED
    if applicant.is_member:
        return MEMBER if applicant.has_password else AGAIN
    ended_since = applicant.ended_on is not None and applicant.ended_on >= applicant.proved_on
    return SPENT if applicant.used or ended_since else OPEN
