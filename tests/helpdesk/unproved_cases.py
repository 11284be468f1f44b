"""The tables of what is read out need one shape of a case; those of filings without proof stand here (R16)."""

from dataclasses import dataclass, field
from typing import Any

from careplan_portal.lib.dates import Period
from licenses.rules import MANUAL, LicenseFacts, Policy
from tests.helpdesk.scenes import POLICY, WINDOW, D
from tests.licenses.cases import facts, term

NOTHING = facts()
ENDED = facts(term("2024-04-15", "2025-04-14"), mode=MANUAL)


@dataclass(frozen=True)
class Case:
    name: str
    facts: LicenseFacts
    today: str
    now: str
    then: str = ""
    window: Period = WINDOW
    policy: Policy = POLICY
    filed: str = ""
    prove_by: str = ""
    stated: Period | None = None
    hidden: tuple[str, ...] = field(default=())

    @property
    def more(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("window", "policy", "filed", "prove_by", "stated")}


UNPROVED = [
    Case(
        "provisional: its year counts from its own day, not from today",
        NOTHING,
        "2026-04-03",
        "3月10日の申請は受け付けています。いまは、ご利用がありません。事業所の確認がまだなので、4月9日までに確認をお願いします。済むと、3月10日から来年の3月9日まで、無料になります。済まないと、申請は無効になり、いまのまま使えません。もう一度申請していただく必要はありません。",
        "無料の1年が終わると、来年の3月10日に自動で更新し、21,000円がかかります。続けない場合は、来年の3月9日までに",
        filed="2026-03-10",
        hidden=("きょう申請すると", "4月2日", "4月3日"),
    ),
    Case(
        "provisional, lapsed before",
        ENDED,
        "2026-04-03",
        "3月10日の申請は受け付けています。去年の4月14日で期限が切れ、いまはご利用がありません。事業所の確認がまだなので、4月9日までに確認をお願いします。済むと、3月10日から来年の3月9日まで、無料になります。",
        "来年の3月10日に自動で更新し",
        filed="2026-03-10",
        hidden=("4月2日", "4月3日"),
    ),
    Case(
        "provisional, its manual term ended meanwhile: from its renewal date",
        facts(term("2025-03-20", "2026-03-19"), mode=MANUAL),
        "2026-04-03",
        "3月19日で期限が切れ、いまはご利用がありません。事業所の確認がまだなので、4月9日までに確認をお願いします。済むと、3月20日から来年の3月19日まで、無料になります。",
        "来年の3月20日に自動で更新し",
        filed="2026-03-10",
    ),
    Case(
        "provisional, renewed paid meanwhile: the begun term turns free",
        facts(term("2025-03-20", "2026-03-19")),
        "2026-04-03",
        "いまの有償の期間は、来年の3月19日までです。事業所の確認がまだなので、4月9日までに確認をお願いします。済むと、いまの期間（3月20日から来年の3月19日まで）が、はじめの日から無料に変わります。済まないと、申請は無効になり、いまの期間は有償のままです。もう一度",
        "来年の3月20日に自動で更新し",
        filed="2026-03-10",
        hidden=("料金は変わりません",),
    ),
    Case(
        "provisional, stated dates differ from the record",
        facts(term("2025-04-24", "2026-04-23")),
        "2026-04-03",
        "4月1日の申請は受け付けています。受付票の日付（4月1日から来年の3月31日まで）はお申し出によるもので、登録の日付では変わります。いまの有償の期間は、4月23日までです。事業所の確認がまだなので、5月1日までに確認をお願いします。済むと、4月24日から来年の4月23日まで、無料になります。",
        "来年の4月24日に自動で更新し",
        filed="2026-04-01",
        stated=Period(D("2026-04-01"), D("2027-03-31")),
    ),
    Case(
        "provisional, the record does not allow what was stated",
        facts(term("2025-08-10", "2026-08-09")),
        "2026-04-03",
        "4月1日の申請は受け付けていますが、お申し出の日付が登録の日付と合わないので、このままでは無料になりません。いまの有償の期間は、8月9日までです。",
        "途中でやめても、返金はありません",
        filed="2026-04-01",
        stated=Period(D("2026-04-01"), D("2027-03-31")),
        hidden=("もう一度申請していただく必要はありません", "無料になります"),
    ),
    Case(
        "provisional, a stop on file",
        facts(term("2025-04-24", "2026-04-23", stop=True)),
        "2026-04-03",
        "4月23日までに確認をお願いします。済むと、4月24日から来年の4月23日まで、無料になります。停止の届けが出ています。済まないと、4月24日から使えなくなります。済むと、届けは取り下げになります。もう一度",
        filed="2026-04-01",
    ),
    Case(
        "provisional, its manual term ends before the proof is due: the earlier day counts",
        facts(term("2025-04-24", "2026-04-23"), mode=MANUAL),
        "2026-04-03",
        "4月1日の申請は受け付けています。いまの有償の期間は、4月23日までです。事業所の確認がまだなので、4月23日までに確認をお願いします。済むと、4月24日から来年の4月23日まで、無料になります。済まないと、4月24日から使えなくなります。そのあとでも、5月1日までに確認が済めば、また使えて、無料の期間は同じです。もう一度申請していただく必要はありません。",
        "無料の1年が終わると",
        filed="2026-04-01",
        hidden=("お手続きがなければ", "5月1日までに確認をお願い"),
    ),
    Case(
        "provisional, its proof is due before the manual term ends",
        facts(term("2025-04-24", "2026-04-23"), mode=MANUAL),
        "2026-04-03",
        "4月20日までに確認をお願いします。済むと、4月24日から来年の4月23日まで、無料になります。済まないと、4月24日から使えなくなります。もう一度",
        filed="2026-04-01",
        prove_by="2026-04-20",
        hidden=("お手続きがなければ", "そのあとでも"),
    ),
    Case(
        "provisional, renews by itself",
        facts(term("2025-04-24", "2026-04-23")),
        "2026-04-03",
        "5月1日までに確認をお願いします。済むと、4月24日から来年の4月23日まで、無料になります。済まないと、4月24日に自動で更新し、21,000円がかかります。もう一度",
        filed="2026-04-01",
    ),
]
