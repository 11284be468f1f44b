"""What is read out: every state, every situation, one table."""

import re

import pytest

from careplan_portal.lib.dates import Period
from helpdesk.rules.anybody import say_to_anybody
from helpdesk.rules.likely import COUNT, asks_back, likely
from helpdesk.rules.saying import say
from helpdesk.rules.spoken import spoken
from licenses.rules import FREE_PASS, MANUAL, PAID, BadRecord, Fee, Policy
from tests.helpdesk.scenes import POLICY, D, scene
from tests.helpdesk.unproved_cases import ENDED, NOTHING, UNPROVED, Case
from tests.licenses.cases import YEAR, facts, term

CLOSED = Period(D("2025-06-01"), D("2026-03-31"))
FREE = facts(term("2025-06-10", "2026-06-09", FREE_PASS))


CASES = [
    Case(
        "the prototype's office: reserved, nothing left to do",
        facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS),
        "2026-04-03",
        "いまの有償の期間は、4月14日までです。4月15日から来年の4月14日まで、無料になります。お手続きは終わっています。",
        "無料の1年が終わると、来年の4月15日に自動で更新し、21,000円がかかります。続けない場合は、来年の4月14日までに停止の手続きをお願いします。",
    ),
    Case(
        "never used, window open",
        NOTHING,
        "2026-04-03",
        "いまは、ご利用がありません。きょう申請すると、きょうから来年の4月2日まで無料です。申請は5月31日まで受け付けています。",
        "無料の1年が終わると、来年の4月3日に自動で更新し、21,000円がかかります。続けない場合は、来年の4月2日までに停止の手続きをお願いします。",
    ),
    Case(
        "never used, before the window",
        NOTHING,
        "2025-05-20",
        "いまは、ご利用がありません。無料の申請は6月1日からです。申請した日から1年間、無料になります。",
        "無料の1年が終わると、来年の6月1日に自動で更新し",
    ),
    Case(
        "never used, after the window",
        NOTHING,
        "2026-06-10",
        "いまは、ご利用がありません。無料の申請の受付は、5月31日で終わりました。有償なら、きょうから始められ、21,000円がかかります。",
        "始めたあとにやめる場合は",
    ),
    Case(
        "lapsed, may file today",
        ENDED,
        "2026-04-03",
        "去年の4月14日で期限が切れ、いまはご利用がありません。きょう申請すると、きょうから来年の4月2日まで無料です。",
    ),
    Case(
        "lapsed, after the window",
        ENDED,
        "2026-06-03",
        "去年の4月14日で期限が切れ、いまはご利用がありません。無料の申請の受付は、5月31日で終わりました。",
    ),
    Case(
        "stopped, after its free year",
        facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)),
        "2026-06-10",
        "6月9日で利用停止になり、いまはご利用がありません。無料の1年は、もうお使いになりました。有償なら、きょうから始められ、21,000円がかかります。",
    ),
    Case(
        "paid, manual, in its renewal month",
        facts(term(*YEAR), mode=MANUAL),
        "2026-04-03",
        "いまの有償の期間は、4月14日までです。自動では更新しないので、お手続きがなければ、4月15日から使えなくなります。いま申請すると、4月15日から来年の4月14日まで無料になります。切れ目なく使うには4月15日までに申請してください。5月31日までなら、そのあとでも申請できます。",
    ),
    Case(
        "paid, automatic, in its renewal month",
        facts(term(*YEAR)),
        "2026-04-03",
        "4月15日に自動で更新し、21,000円がかかります。続けない場合は、4月14日までに停止の手続きをお願いします。いま申請すると、4月15日から来年の4月14日まで無料になります。申請は4月30日までです。",
    ),
    Case(
        "paid, begun this month: free from its start",
        facts(term("2026-04-01", "2027-03-31")),
        "2026-04-03",
        "この期間の請求はまだなので、4月30日までに申請すると、期間は4月1日から来年の3月31日までのまま、無料に変わります。",
    ),
    Case(
        "paid, renewal later in the window",
        facts(term("2025-05-10", "2026-05-09")),
        "2026-04-03",
        "いまの有償の期間は、5月9日までです。5月10日に自動で更新し、21,000円がかかります。続けない場合は、5月9日までに停止の手続きをお願いします。無料の申請は5月1日から5月31日までです。5月10日から1年間、無料になります。",
    ),
    Case(
        "renewal before the window: both ways",
        facts(term("2024-05-10", "2025-05-09"), mode=MANUAL),
        "2025-04-01",
        "5月10日の更新は、受付が始まる前なので有償です。更新を続けると、来年の5月1日から申請でき、来年の5月10日から1年間、無料になります。更新しないで5月9日で切らし、6月1日から申請する方法もあります。",
    ),
    Case(
        "renewal after the window",
        facts(term("2025-08-01", "2026-07-31")),
        "2026-04-03",
        "次の更新日が、受付の最終日（5月31日）よりあとなので、無料の申請はできません。",
        "有償の期間の途中でやめても、返金はありません。",
    ),
    Case(
        "paid, after the window",
        facts(term(*YEAR)),
        "2026-04-03",
        "無料の申請の受付は、3月31日で終わりました。",
        window=CLOSED,
        hidden=("きょうから始められ",),
    ),
    Case(
        "paid, free year used before",
        facts(term("2025-06-10", "2026-06-09", FREE_PASS, "renewed"), term("2026-06-10", "2027-06-09")),
        "2026-07-03",
        "いまの有償の期間は、来年の6月9日までです。来年の6月10日に自動で更新し、21,000円がかかります。",
    ),
    Case(
        "free year",
        FREE,
        "2026-04-03",
        "いまの無料の期間は、6月9日までです。6月10日に自動で更新し、21,000円がかかります。続けない場合は、6月9日までに停止の手続きをお願いします。",
        "途中で停止の届けを出しても、期間の最後の日まで使えます。料金は変わりません。",
    ),
    Case(
        "free year with a stop",
        facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)),
        "2026-04-03",
        "いまの無料の期間は、6月9日までです。停止の届けが出ているので、6月9日まで使えて、更新せずに終わります。料金は0円のままです。",
        "停止の届けは、6月9日まで取り消せます。",
    ),
    Case(
        "paid with a stop in the renewal month",
        facts(term(*YEAR, stop=True)),
        "2026-04-03",
        "停止の届けが出ているので、4月14日まで使えて、更新せずに終わります。いま申請すると、4月15日から来年の4月14日まで無料になります。",
        "停止の届けは、4月14日まで取り消せます。無料の申請をすると、停止の届けは取り下げになります。",
    ),
    Case(
        "a stop outweighs the reservation",
        facts(term(*YEAR, stop=True), reserved=FREE_PASS),
        "2026-04-03",
        "停止の届けが出ているので、4月14日まで使えて、更新せずに終わります。次回の予約は、使わずに外れます。届けを取り消すと、予約どおり無料で続けられます。",
    ),
    Case(
        "manual with a paid renewal on file",
        facts(term(*YEAR), mode=MANUAL, reserved=PAID),
        "2026-04-03",
        "4月15日から1年間、有償で続くお申し込みが済んでいます。21,000円がかかります。",
    ),
    Case(
        "manual, renewal far away and outside the window",
        facts(term("2025-08-10", "2026-08-09"), mode=MANUAL),
        "2026-04-03",
        "自動では更新しないので、お手続きがなければ、8月10日から使えなくなります。",
        "有償で続ける場合は、8月1日からお申し込みいただけます。21,000円がかかります。",
    ),
    Case(
        "closed office",
        facts(term(*YEAR), closed="2026-03-31"),
        "2026-04-03",
        "この事業所は、3月31日に閉じたと記録されています。新しい申請や更新はできません。いまの期間は4月14日までで、そこで終わります。",
        "引きつぐ事業所がある場合は",
    ),
    Case(
        "closing is known but not yet",
        facts(term(*YEAR), closed="2026-04-10"),
        "2026-04-03",
        "事業所を閉じる届けが出ているので、4月14日まで使えて、更新せずに終わります。",
    ),
    Case(
        "the programme ends",
        facts(term(*YEAR)),
        "2026-04-03",
        "この事業が終わるので、4月14日まで使えて、更新せずに終わります。",
        policy=Policy(POLICY.fees, D("2026-04-14")),
    ),
    Case(
        "the programme ends after the free year",
        facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS),
        "2026-04-03",
        "お手続きは終わっています。",
        "この事業が終わるので、無料の1年のあと（来年の4月14日）で利用も終わります。",
        policy=Policy(POLICY.fees, D("2027-04-14")),
    ),
    Case(
        "undecided fee is said first",
        facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS),
        "2026-04-03",
        "お手続きは終わっています。",
        "来年の4月15日に自動で更新し、料金は未定ですが、いまの額なら21,000円がかかります。",
        policy=Policy((Fee(D("2000-01-01"), 21000, D("2026-12-31")),)),
    ),
    Case(
        "set aside",
        facts(term(*YEAR), term("2026-01-01", "2026-12-31")),
        "2026-04-03",
        "記録に確かめることがあります。こちらで調べて、折り返しお電話します。",
        "確かめが済むまで、申請や停止の手続きはできません。",
    ),
    Case(
        "the night has not run: renewed yesterday all the same",
        facts(term("2024-04-03", "2025-04-02")),
        "2026-04-03",
        "いまの有償の期間は、来年の4月2日までです。",
    ),
]
CASES += UNPROVED


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_read_out(case: Case) -> None:
    saying = say(scene(case.facts, case.today, **case.more))
    assert case.now in saying.now
    assert case.then in saying.then
    for text in case.hidden:
        assert text not in saying.now + saying.then


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_sentences_are_whole_and_plain(case: Case) -> None:
    saying = say(scene(case.facts, case.today, **case.more))
    for text in (saying.now, saying.then):
        assert text.endswith("。")
        assert "。。" not in text
        assert not re.search(r"[A-Z]|None|審査|[0-9]{4}-", text)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_three_different_questions_for_every_state(case: Case) -> None:
    slugs = likely(scene(case.facts, case.today, **case.more))
    assert len(set(slugs)) == COUNT == len(slugs)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_anybody_may_be_told_holds_no_date_of_the_licence(case: Case) -> None:
    """Whether a number uses the system is public, the rest is for members: no day but those of the window."""
    shown = scene(case.facts, case.today, **case.more)
    text = say_to_anybody(shown)
    window = {shown.day(case.window.starts_on), shown.day(case.window.ends_on)}
    assert set(re.findall(r"(?:[去来]年の|[0-9]{4}年)?[0-9]+月[0-9]+日", text)) <= window
    assert text.endswith("。")
    for word in ("停止", "予約", "期限が切れ", "申請は受け付けています"):
        assert word not in text
    if shown.plan is not None:
        assert ("使っています" in text) is (shown.plan.current is not None)


def test_after_a_stop_nobody_is_asked_whether_to_stop() -> None:
    stopping = scene(facts(term("2025-06-10", "2026-06-09", FREE_PASS, stop=True)), "2026-04-03")
    assert asks_back(stopping, "stop-fee-zero") is False
    assert asks_back(stopping, "stop-withdraw") is True
    assert asks_back(scene(FREE, "2026-04-03"), "stop-fee-zero") is True


def test_every_likely_question_is_an_entry() -> None:
    from pathlib import Path

    from helpdesk.rules import likely as module

    entries = Path(__file__).resolve().parents[2] / "faq" / "data" / "entries"
    known = set(re.findall(r'^slug = "([^"]+)"', "\n".join(path.read_text() for path in entries.glob("*.toml")), re.M))
    used = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', Path(module.__file__).read_text()))
    assert used
    assert sorted(used - known) == []


def test_a_missing_fee_is_not_talked_over() -> None:
    with pytest.raises(BadRecord):
        say(scene(NOTHING, "2026-04-03", policy=Policy(())))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-04-14", "4月14日"),
        ("2027-04-14", "来年の4月14日"),
        ("2025-12-01", "去年の12月1日"),
        ("2028-02-29", "2028年2月29日"),
    ],
)
def test_days_as_they_are_said(day: str, words: str) -> None:
    assert spoken(D(day), D("2026-04-03")) == words
