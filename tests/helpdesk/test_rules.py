"""What-if, what comes next, what to watch for, who may speak, and when an answer is due: tables without a database."""

from datetime import datetime

import pytest

from campaigns.rules import assess
from careplan_portal.lib.clock import TOKYO
from helpdesk.enums import IMAGINABLE, Act, Topic
from helpdesk.rules import caller, imagining
from helpdesk.rules.coming import coming
from helpdesk.rules.concerns import Known, Pending, concerns
from helpdesk.rules.hours import due_at, is_working_day, time_left, why_closed, working_minutes
from helpdesk.rules.imagining import Day, imagine
from helpdesk.rules.spoken import by_plan
from licenses import rules
from licenses.rules import FREE_PASS, MANUAL, PAID, Fee, LicenseFacts, Policy, outlook
from tests.helpdesk.scenes import POLICY, WINDOW, D, situation
from tests.licenses.cases import YEAR, facts, term


def day(known: LicenseFacts, on: str, policy: Policy = POLICY) -> Day:
    plan = rules.plan(known, policy, D(on))
    return Day(D(on), plan, assess(situation(plan), WINDOW, policy, D(on)), policy)


RESERVED = facts(term(*YEAR), mode=MANUAL, reserved=FREE_PASS)
FREE = facts(term("2026-04-15", "2027-04-14", FREE_PASS))
STOPPING = facts(term("2026-04-15", "2027-04-14", FREE_PASS, stop=True))

IMAGINED = [
    ("stop", FREE, "2026-09-10", "2027年4月14日（水）まで無料で使えて、終わります。", "料金は0円のままです。"),
    ("stop", RESERVED, "2026-09-10", "2027年4月14日（水）まで無料で使えて、終わります。", "料金は0円のままです。"),
    ("stop", RESERVED, "2026-04-03", "2026年4月14日（火）まで有償で使えて、終わります。", "次回の予約は、使わずに外れます。"),
    ("stop", facts(term(*YEAR)), "2026-04-14", "まで有償で使えて、終わります。", "返金はありません。"),
    ("stop_withdraw", STOPPING, "2026-09-10", "2027年4月15日（木）に自動で更新し、21,000円がかかります。", "2028年4月14日"),
    ("apply", facts(), "2026-05-31", "2026年5月31日（日）から2027年5月30日（日）まで無料になります。",
        "2027年5月31日（月）に自動で更新し、21,000円がかかります。続けない場合は、2027年5月30日（日）までに停止の手続きをお願いします。"),
    ("apply", facts(term(*YEAR), mode=MANUAL), "2026-04-14", "2026年4月15日（水）から2027年4月14日（水）まで無料", ""),
    ("apply", facts(term(*YEAR, stop=True)), "2026-04-14", "まで無料になります。", "停止の届けは取り下げになります。"),
    ("apply", facts(term(*YEAR), mode=MANUAL, reserved="paid"), "2026-04-14", "まで無料になります。", "申し込んである有償の更新は、フリーパスに置きかわります。"),
    ("withdraw", RESERVED, "2026-04-14", "2026年4月14日（火）まで有償で使えて、期限が切れます。", "使ったことになりません。"),
    ("paid_renewal", facts(term(*YEAR), mode=MANUAL), "2026-04-10", "2026年4月15日（水）に更新し、21,000円がかかります。", ""),
    ("paid_start", facts(), "2026-06-10", "2026年6月10日（水）から2027年6月9日（水）まで、有償で使えます。", "返金はありません。"),
    ("paid_start", facts(), "2026-05-10", "有償で使えます。", "先にそちらをお勧めしてください。"),
    ("nothing", facts(term(*YEAR), mode=MANUAL), "2026-04-03", "2026年4月14日（火）まで有償で使えて、期限が切れます。", "更新には手続きが要ります。"),
    ("nothing", RESERVED, "2026-04-03", "2026年4月15日（水）から2027年4月14日（水）まで無料になります。", "2027年4月15日（木）に自動で更新"),
    ("nothing", facts(), "2026-04-03", "利用は始まりません。", "料金もかかりません。"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "known", "on", "strong", "text"), IMAGINED)
def test_what_would_be(act: str, known: LicenseFacts, on: str, strong: str, text: str) -> None:
    imagined = imagine(act, day(known, on))
    assert imagined.possible
    assert strong in imagined.strong
    assert text in imagined.text


IMPOSSIBLE = [
    ("stop", facts(), "2026-04-03", "有効な期間がありません"),
    ("stop_withdraw", FREE, "2026-09-10", "停止の届けは出ていません。"),
    ("stop_withdraw", facts(), "2026-09-10", "有効な期間がありません"),
    ("apply", facts(), "2026-06-01", "申請できません"),
    ("apply", FREE, "2026-05-10", "申請できません"),
    ("withdraw", facts(term(*YEAR)), "2026-04-03", "取り下げられる予約がありません。"),
    ("paid_renewal", RESERVED, "2026-04-03", "次回の予約が、もうあります。"),
    ("paid_renewal", facts(term(*YEAR), mode=MANUAL), "2026-03-31", "2026年4月1日（水）から申し込めます。"),
    ("paid_renewal", facts(), "2026-03-31", "有効な期間がありません"),
    ("paid_start", facts(term(*YEAR)), "2026-04-03", "有効な期間があるので"),
]


@pytest.mark.parametrize(("act", "known", "on", "strong"), IMPOSSIBLE)
def test_what_cannot_be_says_why(act: str, known: LicenseFacts, on: str, strong: str) -> None:
    imagined = imagine(act, day(known, on))
    assert not imagined.possible
    assert strong in imagined.strong


def test_undecided_fees_stay_undecided() -> None:
    undecided = Policy((Fee(D("2000-01-01"), 21000, D("2026-12-31")),))
    assert "未定" in imagine("nothing", day(FREE, "2026-09-10", undecided)).strong


def test_nothing_starts_after_the_programme() -> None:
    ended = Policy(POLICY.fees, D("2026-03-31"))
    assert not imagine("paid_start", day(facts(), "2026-06-10", ended)).possible


def test_every_act_can_be_imagined() -> None:
    offered = {str(act) for act, _label in IMAGINABLE}
    assert {str(act) for act in Act if act != Act.MANAGER} | {imagining.NOTHING} == offered  # that one is of people
    for act in offered:
        assert imagine(act, day(facts(), "2026-04-03")).strong.endswith("。")


# What comes next -------------------------------------------------------------------------------


def test_what_comes_next_for_the_prototypes_office() -> None:
    today = D("2026-04-03")
    plan = rules.plan(RESERVED, POLICY, today)
    lines = coming(plan, outlook(plan.facts, POLICY, today, 2), POLICY, today)
    assert [(str(line.on), line.what, line.fee) for line in lines] == [
        ("2026-04-07", "7日前のお知らせ", ""),
        ("2026-04-14", "有償の期間のおわり", ""),
        ("2026-04-15", "フリーパス開始", "0円"),
        ("2027-02-13", "60日前のお知らせ", ""),
        ("2027-04-15", "自動更新", "21,000円"),
    ]
    assert lines[3].body == "30日前（3月15日）、7日前（4月7日）にも知らせます"
    assert lines[4].body == "請求 2027-05-01"


@pytest.mark.parametrize(
    ("known", "last"),
    [
        (facts(term(*YEAR), mode=MANUAL), ("2026-04-15", "期限切れ")),
        (facts(term(*YEAR, stop=True)), ("2026-04-15", "停止")),
        (facts(term(*YEAR), mode=MANUAL, reserved=PAID), ("2026-04-15", "有償で更新")),
    ],
)
def test_what_comes_at_the_end(known: LicenseFacts, last: tuple[str, str]) -> None:
    today = D("2026-04-03")
    plan = rules.plan(known, POLICY, today)
    lines = coming(plan, outlook(plan.facts, POLICY, today, 1), POLICY, today)
    assert last in [(str(line.on), line.what) for line in lines]
    assert all(line.on >= today for line in lines)


def test_nothing_comes_for_an_office_without_a_term() -> None:
    plan = rules.plan(facts(), POLICY, D("2026-04-03"))
    assert coming(plan, (), POLICY, D("2026-04-03")) == ()


# What to watch for -----------------------------------------------------------------------------

TODAY = D("2026-04-03")
CALM = Known(in_scope=True, has_members=True)


def codes(known: Known, licence: LicenseFacts | None = None) -> list[str]:
    plan = rules.plan(licence, POLICY, TODAY) if licence else None
    return [concern.code for concern in concerns(known, plan, TODAY)]


@pytest.mark.parametrize(
    ("known", "licence", "expected"),
    [
        (CALM, None, []),
        (CALM, facts(term("2025-08-01", "2026-07-31")), []),
        (CALM, facts(term(*YEAR)), ["near"]),
        (CALM, facts(term("2025-05-03", "2026-05-02")), ["near"]),
        (CALM, facts(term("2025-05-04", "2026-05-03")), []),
        (CALM, facts(term(*YEAR), mode=MANUAL), ["manual"]),
        (CALM, facts(term("2025-08-01", "2026-07-31"), mode=MANUAL), ["manual"]),
        (CALM, RESERVED, ["near"]),
        (Known(in_scope=False, has_members=True), None, ["out_of_scope"]),
        (Known(in_scope=None, has_members=False), None, ["no_members"]),
        (Known(has_members=True, unlisted=True), None, ["unlisted"]),
        (Known(has_members=True, vanished_on=TODAY), None, ["vanished"]),
        (Known(has_members=True, vanished_on=TODAY, closed_on=TODAY), None, ["closed"]),
        (Known(has_members=True, set_aside="期間が重なっています。"), None, ["set_aside"]),
        (Known(has_members=True, bounced=("a@example.jp",)), None, ["bounced"]),
        (Known(has_members=True, unconfirmed=True), None, ["unconfirmed"]),
        (Known(has_members=True, letters_back=("FP-1",)), None, ["letter_back"]),
        (Known(has_members=True, promised=(TODAY,)), None, ["promised"]),
        (Known(has_members=True, pending=(Pending("FP-1", D("2026-05-03")),)), None, ["provisional"]),
        (Known(has_members=False, set_aside="x", unlisted=True, in_scope=False), None,
         ["set_aside", "unlisted", "out_of_scope", "no_members"]),
    ],
)  # fmt: skip
def test_what_to_watch_for(known: Known, licence: LicenseFacts | None, expected: list[str]) -> None:
    assert codes(known, licence) == expected


@pytest.mark.parametrize(
    ("deadline", "tone"), [("2026-04-11", "wait"), ("2026-04-10", "alert"), ("2026-04-02", "alert")]
)
def test_a_deadline_presses_in_its_last_week(deadline: str, tone: str) -> None:
    found = concerns(Known(has_members=True, pending=(Pending("FP-1", D(deadline)),)), None, TODAY)
    assert [concern.tone for concern in found] == [tone]


# Who may speak ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proof", "known", "proved"),
    [
        ("call_back", [], True),
        ("two_facts", ["address", "term_end"], True),
        ("two_facts", ["receipt", "mail"], True),
        ("two_facts", ["address", "phone"], False),
        ("two_facts", ["business_number", "address", "corporation", "phone"], False),
        ("two_facts", ["term_end"], False),
        ("two_facts", ["term_end", "term_end"], False),
        ("two_facts", ["term_end", "made_up"], False),
        ("two_facts", [], False),
    ],
)
def test_who_is_proved(proof: str, known: list[str], proved: bool) -> None:
    assert (caller.why_not_proved(proof, known) == "") == proved


@pytest.mark.parametrize(("minutes", "holds"), [(-1, False), (0, True), (60, True), (61, False)])
def test_a_proved_call_holds_an_hour(minutes: int, holds: bool) -> None:
    from datetime import timedelta

    began = datetime(2026, 4, 3, 10, 0, tzinfo=TOKYO)
    assert caller.still_holds(began, began + timedelta(minutes=minutes)) == holds


# When an answer is due -------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


DUE = [
    ("2026-04-03T10:30", (), "2026-04-06T10:30"),  # Friday to Monday
    ("2026-04-02T09:00", (), "2026-04-02T17:00"),  # exactly at closing, not next morning
    ("2026-04-02T08:00", (), "2026-04-02T17:00"),  # before opening
    ("2026-04-02T17:00", (), "2026-04-03T17:00"),  # at closing time it has closed
    ("2026-04-04T12:00", (), "2026-04-06T17:00"),  # Saturday
    ("2026-04-28T16:00", (), "2026-04-30T16:00"),  # 昭和の日
    ("2026-05-01T12:00", (), "2026-05-07T12:00"),  # three holidays and a substitute
    ("2026-12-28T12:00", (), "2027-01-04T12:00"),  # the turn of the year
    ("2026-04-03T10:30", ("2026-04-06",), "2026-04-07T10:30"),  # own closing day
    ("2026-04-06T10:30", ("2026-04-06",), "2026-04-07T17:00"),
]


@pytest.mark.parametrize(("received", "closed", "due"), DUE)
def test_when_an_answer_is_due(received: str, closed: tuple[str, ...], due: str) -> None:
    assert due_at(at(received), {D(one) for one in closed}) == at(due)


def test_days_abroad_are_days_in_japan() -> None:
    assert due_at(datetime.fromisoformat("2026-04-02T00:00+00:00"), ()) == at("2026-04-02T17:00")


def test_a_helpdesk_that_never_opens_is_an_error() -> None:
    from careplan_portal.lib.dates import days

    with pytest.raises(ValueError, match="no working days"):
        due_at(at("2026-04-03T10:00"), set(days(D("2026-01-01"), D("2028-01-01"))))


@pytest.mark.parametrize(
    ("first", "last", "minutes"),
    [
        ("2026-04-03T10:00", "2026-04-03T11:30", 90),
        ("2026-04-03T16:00", "2026-04-06T10:00", 120),
        ("2026-04-03T18:00", "2026-04-06T08:00", 0),
        ("2026-04-06T10:00", "2026-04-03T16:00", -120),
    ],
)
def test_minutes_of_work(first: str, last: str, minutes: int) -> None:
    assert working_minutes(at(first), at(last), ()) == minutes


def test_why_the_helpdesk_is_closed() -> None:
    own = {D("2026-04-06")}
    assert [why_closed(D(one), own) for one in ("2026-04-06", "2026-04-07", "2026-04-11", "2026-04-29", "2026-12-30")] == [
        "窓口の休み", "", "土日", "昭和の日", "年末年始",
    ]  # fmt: skip
    assert not is_working_day(D("2026-04-06"), own)


def test_topics_fit_their_column() -> None:
    assert max(len(topic.value) for topic in Topic) <= 9


# What the FAQ may say of the office's own dates ------------------------------------------------


@pytest.mark.parametrize(
    ("known", "states", "told"),
    [
        (facts(), set(), {}),
        (FREE, {"free", "auto"}, {"term_end": "2027-04-14", "renewal_date": "2027-04-15", "fee": 21000}),
        (STOPPING, {"free", "stopping"}, {"term_end": "2027-04-14"}),
        (facts(term("2026-04-01", "2027-03-31"), mode=MANUAL), {"paid", "manual"}, {"renewal_date": "2027-04-01"}),
        (
            facts(term("2026-04-01", "2027-03-31"), mode=MANUAL, reserved=FREE_PASS),
            {"paid", "manual", "reserved"},
            {"renewal_date": "2027-04-01", "fee": 0},
        ),
    ],
)
def test_the_faq_is_told_nothing_that_misleads(known: LicenseFacts, states: set[str], told: dict[str, object]) -> None:
    from helpdesk.queries.questions import own_states, own_values
    from tests.helpdesk.scenes import scene

    here = scene(known, "2026-09-10")
    assert own_states(here) == states
    values = {
        name: value if isinstance(value, int) else str(value)
        for name, value in own_values(here).items()
        if value is not None
    }
    assert told.items() <= values.items()
    if "stopping" in states:
        assert not {"renewal_date", "last_stop_day", "fee"} & values.keys()


@pytest.mark.parametrize(
    ("now", "due", "text", "overdue", "pressing"),
    [
        ("2026-04-03T17:45", "2026-04-03T17:00", "過ぎたところ", True, False),
        ("2026-04-03T16:45", "2026-04-03T17:00", "あと15分", False, True),
        ("2026-04-03T10:00", "2026-04-03T17:00", "あと7時間", False, False),
        ("2026-04-06T09:30", "2026-04-03T17:00", "30分前", True, False),
        ("2026-04-08T09:00", "2026-04-03T17:00", "2営業日前", True, False),
        ("2026-04-03T17:45", "2026-04-06T17:00", "あと1営業日", False, False),
    ],
)
def test_how_long_until_it_is_due(now: str, due: str, text: str, overdue: bool, pressing: bool) -> None:
    """What was due at five is late at a quarter to six, though no working time has gone by."""
    moments = (datetime.fromisoformat(at).replace(tzinfo=TOKYO) for at in (now, due))
    left = time_left(*moments, frozenset())
    assert (left.text, left.overdue, left.pressing) == (text, overdue, pressing)


# The fee, never flat ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "on", "said", "spoken"),
    [
        ("1年間で、2万1千円です。月にではありません。", "2026-04-03", False, "1年間で、21,000円です。月にではありません。"),
        ("1年間で、2万1千円です。", "2027-04-15", False, "1年間で、未定ですが、いまの額なら21,000円です。"),
        ("自動で更新し、2万1千円かかります。やめるお届けもできます。", "2027-04-15", True, "やめるお届けもできます。"),
        ("自動で更新し、2万1千円かかります。", "2027-04-15", False, "自動で更新し、未定ですが、いまの額なら21,000円かかります。"),
        ("料金は0円です。", "2027-04-15", True, "料金は0円です。"),
    ],
)  # fmt: skip
def test_an_amount_of_an_entry_is_told_by_the_plan(line: str, on: str, said: bool, spoken: str) -> None:
    policy = Policy((Fee(D("2000-01-01"), 21000, D("2026-12-31")),))
    assert by_plan(line, policy, D(on), said=said) == spoken
