"""While a filing waits for its proof, every date comes from the filing's own day (R16): next events, what-if, page."""

from datetime import date
from typing import Any

import pytest

from campaigns.queries import receipt_of
from campaigns.rules import assess
from helpdesk.rules.coming import coming_unproved
from helpdesk.rules.imagining import APPLY, NOTHING, Day, imagine
from licenses import rules
from licenses.rules import MANUAL, LicenseFacts, outlook
from tests.helpdesk.scenes import POLICY, WINDOW, D, scene, situation
from tests.helpdesk.test_pages import page_of
from tests.licenses.cases import YEAR, facts, term

COMING = [
    ("no licence", facts(), "2026-03-10", [
        ("2026-04-09", "事業所の確認の期限"), ("2027-03-09", "確認が済むと：フリーパスの期間のおわり"),
        ("2027-03-10", "確認が済むと：自動更新"),
    ]),
    ("lapsed, filed today", facts(term("2024-04-15", "2025-04-14"), mode=MANUAL), "2026-04-03", [
        ("2026-04-03", "確認が済むと：フリーパス開始"), ("2026-05-03", "事業所の確認の期限"),
    ]),
    ("running, manual", facts(term(*YEAR), mode=MANUAL), "2026-04-01", [
        ("2026-04-14", "有償の期間のおわり"), ("2026-04-15", "確認が済まないと：期限切れ"),
        ("2026-04-15", "確認が済むと：フリーパス開始"), ("2026-05-01", "事業所の確認の期限"),
    ]),
    ("running, automatic", facts(term(*YEAR)), "2026-04-01", [
        ("2026-04-14", "有償の期間のおわり"), ("2026-04-15", "確認が済まないと：自動更新"),
        ("2026-04-15", "確認が済むと：フリーパス開始"), ("2026-05-01", "事業所の確認の期限"),
        ("2027-04-14", "確認が済むと：フリーパスの期間のおわり"), ("2027-04-15", "確認が済むと：自動更新"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("known", "filed", "first"), [case[1:] for case in COMING], ids=[case[0] for case in COMING])
def test_what_comes(known: LicenseFacts, filed: str, first: list[tuple[str, str]]) -> None:
    shown = scene(known, "2026-04-03", filed=filed)
    lines = coming_unproved(shown, outlook(known, POLICY, shown.today, 2))
    assert [(str(line.on), line.what) for line in lines][: len(first)] == first


@pytest.mark.parametrize(
    ("act", "on", "strong", "text"),
    [
        (NOTHING, "2026-04-03", "利用は始まりません", "2026年3月10日（火）から2027年3月9日（火）まで無料"),
        (APPLY, "2026-04-05", "もう一度申請する必要はありません。2026年3月10日（火）の申請は、", "別に申請すると：2026年4月5日"),
        (APPLY, "2026-04-10", "2026年4月10日（金）から2027年4月9日（金）まで", "自動で更新"),
    ],
)  # fmt: skip
def test_what_would_be(act: str, on: str, strong: str, text: str) -> None:
    filing = scene(facts(), "2026-04-03", filed="2026-03-10").unproved
    plan = rules.plan(facts(), POLICY, D(on))
    imagined = imagine(act, Day(D(on), plan, assess(situation(plan), WINDOW, POLICY, D(on)), POLICY, filing))
    assert strong in imagined.strong
    assert text in imagined.text


def test_the_page_tells_the_days_of_the_receipt(office: Any, desk_client: Any, called: Any, filed: Any) -> None:
    application = filed(office, today=date(2026, 3, 10))
    told = receipt_of(application, date(2026, 4, 3)).filed
    called()
    page = page_of(desk_client, office, act="nothing", on="2026-04-03")
    assert (told.term.starts_on, told.term.ends_on) == (date(2026, 3, 10), date(2027, 3, 9))
    assert "済むと、3月10日から来年の3月9日まで、無料になります。" in page
    assert '2026-03-10 –</span> <span class="num">2027-03-09' in page
    assert "2026年3月10日（火）から2027年3月9日（火）まで無料" in page
    for wrong in ("4月2日", "2027-04-02", "2027-04-03"):
        assert wrong not in page
    act = desk_client.get(f"/helpdesk/offices/{office.business_number}/act/apply/").text
    assert "もう一度申請する必要はありません" in act
