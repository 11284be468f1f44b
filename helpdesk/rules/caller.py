"""Whom one acts for: a caller proves to be of the office before anything is filed (DOMAIN, "People").

Either two facts agree, one of which stands in no public register, or the helpdesk calls the
registered telephone back. The caller's name is kept with it; consent is needed only for acting.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

TWO_FACTS = "two_facts"
CALL_BACK = "call_back"

NEEDED = 2
PUBLIC_FACTS = {
    "business_number": "事業所番号",
    "address": "所在地",
    "phone": "登録の電話番号",
    "corporation": "法人の名前",
}
OWN_FACTS = {
    "receipt": "受付番号",
    "applicant": "申請した人の名前",
    "mail": "登録のメールアドレス",
    "term_end": "いまの期間のおわりの日",
    "last_contact": "前回の問い合わせの内容",
}
FACTS = PUBLIC_FACTS | OWN_FACTS

VALID_FOR = timedelta(hours=1)
"""A proved call holds this long; after it the caller proves anew."""


NO_CONSENT = "代わりに手続きすることへの同意をもらい、印を付けてください。"
"""Asked for at the act: whoever only wants to hear a date agrees to nothing."""


def why_not_proved(proof: str, facts: Collection[str]) -> str:
    """Why a caller is not proved yet, as a sentence for the helpdesk; empty when they are."""
    if proof == CALL_BACK:
        return ""
    known = set(facts) & FACTS.keys()
    if len(known) < NEEDED:
        return "合った事実を2つ以上選ぶか、登録の電話に折り返してください。"
    if not known & OWN_FACTS.keys():
        return "公開されている事実だけでは足りません。公開されていないことを1つ確かめるか、登録の電話に折り返してください。"
    return ""


def still_holds(proved_at: datetime, now: datetime) -> bool:
    """Whether a call that was proved at `proved_at` still counts at `now`."""
    return timedelta() <= now - proved_at <= VALID_FOR
