"""Answers in words, without a database: every outcome has its sentence, and no date is a guess."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns import rules
from campaigns.rules import Claims, Matter, assess, bars, situation_claimed, tell, term_start
from campaigns.rules.receiving import Filed, steps_next, tell_filed
from careplan_portal.lib import charts
from careplan_portal.lib.dates import Period, day_after, term_end, year_from
from licenses.rules import Fee, Policy
from tests.licenses.cases import FEES, D

WINDOW = Period(D("2025-06-01"), D("2026-05-31"))
POLICY = Policy(FEES)
DAYS = st.dates(min_value=date(2024, 6, 1), max_value=date(2027, 12, 31))


def matter(claims: Claims, today: str | date, in_scope: bool | None = True, policy: Policy = POLICY) -> Matter:
    day = D(today) if isinstance(today, str) else today
    situation = situation_claimed(claims, in_scope)
    return Matter(assess(situation, WINDOW, policy, day), situation, WINDOW, policy, day)


CASES = [
    ("unused", None, "", "2026-04-03", "free", "きょう申請すると、きょうから1年間無料になります"),
    ("unused", "2027-04-01", "auto", "2026-04-03", "free", "4月30日までに申請すると、いまの1年が0円になります"),
    ("unused", "2026-04-14", "manual", "2026-04-03", "free", "4月15日までに申請すると、切れ目なく1年間無料になります"),
    ("unused", "2026-04-14", "auto", "2026-04-03", "free", "4月30日までに申請すると、切れ目なく1年間無料になります"),
    ("unused", "2026-04-14", "stop", "2026-04-03", "free", "4月15日までに申請すると、切れ目なく1年間無料になります"),
    ("unknown", "2026-04-14", "unknown", "2026-04-03", "free", "4月15日までに申請すると"),
    ("unused", "2026-05-19", "manual", "2026-04-03", "wait", "5月1日から5月20日までに申請すると、切れ目なく"),
    ("unused", None, "", "2025-05-01", "wait", "6月1日から申請できます"),
    ("unused", "2025-05-09", "manual", "2025-05-01", "wait", "5月10日の更新は有償です。待つか、6月1日に始め直すか"),
    ("reserved", "2026-04-14", "auto", "2026-04-03", "free", "4月15日から1年間、無料になります"),
    ("using", "2026-06-09", "auto", "2026-04-03", "free", "無料なのは6月9日までです。6月10日から年21,000円になります"),
    ("using", "2026-06-09", "stop", "2026-04-03", "free", "無料なのは6月9日までです。そこで利用が終わります"),
    ("used", "2026-06-09", "manual", "2026-04-03", "none", "フリーパスは、もう使いました"),
    ("used", None, "", "2026-04-03", "none", "フリーパスは、もう使いました"),
    ("unused", "2026-07-19", "auto", "2026-04-03", "none", "次の更新日（7月20日）が受付の最終日より後"),
    ("unused", None, "", "2026-06-01", "none", "フリーパスの申請は、5月31日で締め切りました"),
    ("unused", "2026-07-19", "filed", "2026-06-01", "none", "フリーパスの申請は、5月31日で締め切りました"),
]  # fmt: skip


@pytest.mark.parametrize(("free_pass", "ends_on", "renewal", "today", "tone", "title"), CASES)
def test_each_outcome_has_its_sentence(free_pass, ends_on, renewal, today, tone, title) -> None:
    m = matter(Claims(free_pass, D(ends_on) if ends_on else None, renewal), today)
    told = tell(m)
    assert (told.tone, title in told.title) == (tone, True), told.title
    assert told.can_file == (m.answer.outcome == rules.APPLY_NOW)
    charts.timeline(bars(m), today=m.today)


def test_the_three_facts_of_an_office_in_its_renewal_month() -> None:
    told = tell(matter(Claims("unused", D("2026-04-14"), "manual"), "2026-04-03"))
    assert [fact[1] for fact in told.facts] == ["2026年4月15日", "2027年4月14日", "0円"]
    assert "何もしないと、4月14日で期限切れになり、4月15日から使えません。費用はかかりません。" in told.points


def test_who_is_renewed_by_itself_is_told_that_the_renewal_is_made_free_afterwards() -> None:
    """R6: filed until the end of the month, free from the renewal on."""
    told = tell(matter(Claims("unused", D("2026-04-14"), "auto"), "2026-04-03"))
    back = "4月15日に更新したあとでも、4月30日までに申請すれば、4月15日にさかのぼって無料になります。"
    assert back in told.points
    assert back not in tell(matter(Claims("unused", D("2026-04-14"), "manual"), "2026-04-03")).points


def test_two_costs_on_a_page_are_never_told_with_the_same_words() -> None:
    """What doing nothing costs now, and what going on after the free year costs."""
    for renewal in ("auto", "manual", "filed", "stop", "unknown"):
        told = tell(matter(Claims("unused", D("2026-04-14"), renewal), "2026-04-03"))
        assert not any("何もしないと" in fact[2] for fact in told.facts)


def test_a_stop_and_a_filed_renewal_are_said_before_filing() -> None:
    stop = tell(matter(Claims("unused", D("2026-04-14"), "stop"), "2026-04-03"))
    filed = tell(matter(Claims("unused", D("2026-04-14"), "filed"), "2026-04-03"))
    assert any("この届けは取り消しになります" in point for point in stop.points)
    assert any("フリーパスに置きかわります" in point for point in filed.points)


def test_both_ways_of_an_early_renewal_are_named_with_cost_and_gap() -> None:
    one, two = tell(matter(Claims("unused", D("2025-05-09"), "manual"), "2025-05-01")).ways
    assert (one.cost, one.note) == ("21,000円", "使えない日はありません")
    assert (two.cost, two.note) == ("0円", "22日間、使えません")
    assert dict(one.rows)["無料の1年"] == "2026年5月10日から2027年5月9日まで"


def test_an_office_out_of_scope_is_told_first() -> None:
    told = tell(matter(Claims("unused"), "2026-04-03", in_scope=False))
    assert (told.tone, told.say) == ("alert", "申請の前に、確かめてください")


def test_a_fee_that_is_not_decided_is_shown_with_that_word() -> None:
    policy = Policy((Fee(D("2000-01-01"), 21000, D("2026-12-31")),))
    m = matter(Claims("unused"), "2026-04-03", policy=policy)
    assert tell(m).facts[2][2] == "無料の1年のあとも続けると、年21,000円（未定）"
    assert any("未定です" in point for point in tell(m).points)
    assert bars(m)[-1].text == "続ける場合（未定）"


def test_after_the_programme_nothing_goes_on() -> None:
    m = matter(Claims("unused"), "2026-04-03", policy=Policy(FEES, D("2026-12-31")))
    assert tell(m).facts[2][2] == "そのあとは、事業が終わるため使えません"
    assert [bar.kind for bar in bars(m)] == ["window", "apply", "free"]


@pytest.mark.parametrize(("claims", "today"), [(Claims("used"), "2026-04-03"), (Claims("unused"), "2026-06-10")])
def test_a_paid_start_says_how_one_gets_there(claims, today) -> None:
    said = " ".join(tell(matter(claims, today)).points)
    assert "サインインして、「わたしの事業所」の「有償で利用を始める」" in said
    assert "お電話でも始められます" in said
    over = " ".join(tell(matter(claims, today, policy=Policy(FEES, D("2026-03-31")))).points)
    assert "始めるには" not in over


@given(DAYS)
def test_a_term_begins_where_its_end_says(start: date) -> None:
    """The inverse of R2, for every day but the two that share an end with a leap day."""
    if (start.month, start.day) == (3, 1) and term_end(date(start.year, 2, 28)) == term_end(start):
        return
    assert term_end(term_start(term_end(start))) == term_end(start)


@given(
    today=DAYS,
    left=st.integers(0, 364),
    free_pass=st.sampled_from(["unused", "reserved", "using", "used", "unknown"]),
    renewal=st.sampled_from(["auto", "manual", "filed", "stop", "unknown"]),
    licensed=st.booleans(),
    in_scope=st.sampled_from([True, False, None]),
)
def test_every_answer_can_be_told_and_drawn(today, left, free_pass, renewal, licensed, in_scope) -> None:
    if not licensed and free_pass in ("reserved", "using"):
        return
    claims = Claims(free_pass, today + timedelta(days=left), renewal) if licensed else Claims(free_pass)
    m = matter(claims, today, in_scope)
    told = tell(m)
    assert told.title
    assert told.facts or told.ways
    if m.answer.free_term and not told.ways:
        first = m.answer.free_term.starts_on
        assert any(str(first.year) in fact[1] for fact in told.facts)
    charts.timeline(bars(m), today=today)


# --- filed applications ----------------------------------------------------------------------


def filed(state: str, effect: str = rules.AT_RENEWAL, today: str = "2026-04-03", **more) -> Filed:
    term = year_from(D("2026-04-15"))
    values = {"fee_after": "21,000円", "window_open": True, "reason": "理由"} | more
    return Filed(state, effect, D("2026-04-03"), term, D("2026-05-03"), D(today), **values)


@pytest.mark.parametrize(
    "state", ["provisional", "reserved", "granted", "withdrawn", "expired", "superseded", "released", "declined"]
)
def test_each_state_of_a_filing_has_words_without_dates_of_the_licence(state) -> None:
    told = tell_filed(filed(state))
    assert told.title
    assert "4月15日" not in told.words
    assert "2027" not in told.words


def test_what_comes_next_while_it_waits() -> None:
    steps = steps_next(filed("provisional"))
    assert [step.on for step in steps] == [D("2026-04-14"), D("2026-04-15"), D("2026-05-03"), D("2027-04-15")]
    assert "無効になります" in steps[2].body
    assert steps[2].aside == "日曜日・あと30日"


@pytest.mark.parametrize(
    ("effect", "says"),
    [
        (rules.AT_RENEWAL, "済むと、4月15日からの1年が無料になります。何もしないと、"),
        (rules.FROM_FILING, "4月15日からの1年が無料になります。使い始められるのは、確認が済んでからです。"),
        (rules.BEGUN_TERM, "済むと、始まっている期間が、4月15日から0円になります。"),
    ],
)
def test_a_first_day_that_is_past_is_told_with_the_deadline_while_it_waits(effect, says) -> None:
    deadline, renewal = steps_next(filed("provisional", effect, today="2026-04-20"))
    assert (deadline.on, renewal.on) == (D("2026-05-03"), D("2027-04-15"))
    assert says in deadline.body


def test_what_comes_next_once_it_is_certain() -> None:
    steps = steps_next(filed("reserved"))
    assert [(step.on, step.fee) for step in steps][1:] == [
        (D("2026-04-15"), "0円"),
        (day_after(D("2027-04-14")), "21,000円"),
    ]
    assert steps_next(filed("expired")) == ()
