"""The log over all offices, promises by day, and topics written as tags."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import AccessRecord
from careplan_portal.lib.acting import HELPDESK, Acting
from faq.queries import week
from helpdesk.enums import Topic
from helpdesk.models import ContactLog
from helpdesk.queries import contacts as queries
from helpdesk.rules.days import NotADay, day_typed
from helpdesk.rules.hours import work_left
from helpdesk.rules.tags import questions_in, topics_in
from helpdesk.services import contacts
from tests.factories import make_office
from tests.helpdesk.conftest import TODAY

pytestmark = pytest.mark.django_db

LABELS = dict(Topic.choices)
STRANGERS = [Role.OFFICE_STAFF, Role.OFFICER, Role.AUDITOR]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("", ()), ("料金の話", ()), ("#料金", ("fee",)), ("＃料金 を聞かれた", ("fee",)), ("更新と#停止、#料金。", ("stop", "fee")),
        ("#請求 #料金", ("fee",)), ("#手紙の件", ()), ("#期", ()), ("#申請", ("apply",)), ("#普及", ("partners",)),
        ("#停止#停止", ("stop",)),
    ],
)  # fmt: skip
def test_tags_name_topics(text, topics) -> None:
    assert topics_in(text, LABELS) == topics


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0分"),
        (25, "25分"),
        (60, "1時間"),
        (150, "2時間30分"),
        (-90, "1時間30分"),
        (480, "1営業日"),
        (-17280, "36営業日"),
    ],
)
def test_work_that_is_left_in_words(minutes, words) -> None:
    assert work_left(minutes) == words


@pytest.mark.parametrize(
    ("text", "topic", "kept"),
    [
        ("折り返し", "status", ["status"]), ("折り返し", "fee", ["fee"]), ("#停止 の話", "", ["stop"]),
        ("#停止 の話", "fee", ["fee", "stop"]), ("#料金", "fee", ["fee"]),
    ],
)  # fmt: skip
def test_a_note_takes_the_chosen_topic_and_its_tags(desk_client, faq, office, text, topic, kept) -> None:
    sent = desk_client.post(f"/helpdesk/offices/{office.business_number}/note/", {"text": text, "topic": topic})
    assert sent.status_code == 302
    assert ContactLog.objects.get().topics == kept


def test_a_note_without_a_topic_is_asked_for_one(desk_client, faq, office) -> None:
    """None is chosen beforehand: most notes kept the one that stood there."""
    address = f"/helpdesk/offices/{office.business_number}/note/"
    answer = desk_client.post(address, {"text": "大事な記録", "topic": ""})
    assert answer.status_code == 422
    assert "話題を選んでください" in answer.text
    assert "大事な記録" in answer.text
    assert not ContactLog.objects.exists()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-04-06", "2026-04-06"), ("2026/4/6", "2026-04-06"), ("20260406", "2026-04-06"), ("2026年4月6日", "2026-04-06"),
        ("4/6", "2026-04-06"), ("４／６", "2026-04-06"), ("4月6日", "2026-04-06"), ("4/3", "2026-04-03"),
        ("1/15", "2027-01-15"), ("2/29", "2028-02-29"), ("4-6", "2026-04-06"),
    ],
)  # fmt: skip
def test_a_day_to_call_again_as_one_types_it(typed, day) -> None:
    assert day_typed(typed, TODAY, ahead=True).isoformat() == day


@pytest.mark.parametrize("typed", ["あした", "13/1", "4月31日", "2026-02-30", "6", "4/6/2026", ""])
def test_what_is_no_day(typed) -> None:
    with pytest.raises(NotADay):
        day_typed(typed, TODAY)


def test_without_ahead_the_nearest_day_is_meant() -> None:
    assert day_typed("3/31", TODAY).isoformat() == "2026-03-31"
    assert day_typed("12/28", TODAY).isoformat() == "2025-12-28"


def test_nobody_is_called_again_in_the_past(desk_client, faq, office) -> None:
    address = f"/helpdesk/offices/{office.business_number}/note/"
    answer = desk_client.post(address, {"text": "記録", "topic": "fee", "follow_up_on": "2026-04-02"})
    assert answer.status_code == 422
    assert "2026-04-02は過ぎた日です。" in answer.text
    assert desk_client.post(address, {"text": "記録", "topic": "fee", "follow_up_on": "4月6日"}).status_code == 302
    assert str(ContactLog.objects.get().follow_up_on) == "2026-04-06"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("", ()), ("質問を受けた", ()), ("問：やめるといくらか", ("やめるといくらか",)), ("Ｑ: いつまで？\nq：いくら", ("いつまで?", "いくら")),
        ("折り返し\n 問： 証明書\n問：証明書", ("証明書",)), ("問：", ()), ("質問：証明書", ()),
    ],
)  # fmt: skip
def test_questions_are_the_lines_that_say_so(text, asked) -> None:
    assert questions_in(text) == asked


def test_what_was_asked_by_telephone_comes_into_the_weekly_list(desk_client, faq, office) -> None:
    """With its tag, without the rest of the note; numbers are masked."""
    text = "佐藤さんから。\n問：猫のえさ代は 0312345678 に請求できるか\n#料金"
    url = f"/helpdesk/offices/{office.business_number}/note/"
    assert desk_client.post(url, {"text": text, "topic": ""}).status_code == 302
    (asked,) = week(TODAY).spoken
    assert (asked.tag, asked.times) == ("料金と請求", 1)
    assert "猫のえさ代" in asked.text
    assert "佐藤" not in asked.text
    assert "0312345678" not in asked.text
    assert "猫のえさ代" in desk_client.get("/faq/desk/week/").content.decode()


# promises --------------------------------------------------------------------------------------


@pytest.fixture
def promises(office: Any, acting: Acting, person: Any) -> list[ContactLog]:
    """Overdue, for today, of somebody else for next week."""
    other = Acting(person(Role.HELPDESK, "other@example.jp", "角 真理").pk, HELPDESK)
    return [
        contacts.note_record(
            office_id=office.pk, text=text, topics=["term"], follow_up_on=TODAY + timedelta(days=days), today=TODAY,
            acting=who,
        )
        for text, days, who in (("過ぎた約束", -1, acting), ("きょうの約束", 0, acting), ("来週の約束", 7, other))
    ]  # fmt: skip


def test_promises_by_day_and_person(promises, desk) -> None:
    overdue, today, later = promises
    assert list(queries.follow_ups(TODAY)) == [overdue, today]
    assert list(queries.follow_ups(None)) == promises
    assert list(queries.follow_ups(None, by=later.by_id)) == [later]


def test_the_list_of_promises_is_worked_off(desk_client, promises) -> None:
    page = desk_client.get("/helpdesk/follow-ups/").text
    for text in ("過ぎた約束", "過ぎました", "きょうの約束", "来週の約束", "あと7日"):
        assert text in page
    record = AccessRecord.objects.get()
    assert (record.subject_kind, record.subject_key, record.reason) == ("search", "連絡する約束", "一覧（3件）")
    done = desk_client.post(f"/helpdesk/contacts/{promises[0].pk}/done/", {"next": "list"}, follow=True)
    assert done.redirect_chain[-1][0] == "/helpdesk/follow-ups/"
    assert "過ぎた約束" not in done.text
    assert "来週の約束" not in desk_client.get("/helpdesk/follow-ups/", {"mine": "1"}).text
    assert "きょうまでに1件" in desk_client.get("/helpdesk/").text


def test_no_promise_says_how_to_make_one(desk_client) -> None:
    assert "連絡する約束は、ありません" in desk_client.get("/helpdesk/follow-ups/").text


# the log over all offices ----------------------------------------------------------------------


def test_the_log_is_narrowed_by_topic_person_and_days(desk_client, promises, office, acting) -> None:
    contacts.note_record(
        office_id=office.pk,
        text="先月の話",
        topics=["fee"],
        follow_up_on=None,
        today=TODAY - timedelta(days=30),
        acting=acting,
    )
    page = desk_client.get("/helpdesk/contacts/").text
    assert "来週の約束" in page
    assert "先月の話" not in page
    assert "先月の話" in desk_client.get("/helpdesk/contacts/", {"first": "2026-03-01"}).text
    assert "来週の約束" not in desk_client.get("/helpdesk/contacts/", {"mine": "on"}).text
    assert "きょうの約束" not in desk_client.get("/helpdesk/contacts/", {"topic": "fee"}).text
    wrong = desk_client.get("/helpdesk/contacts/", {"first": "2026-02-31"})
    assert wrong.status_code == 422
    assert "日付は 2026-04-06 のように入れてください。" in wrong.text


def test_lists_cost_the_same_however_long(desk_client, office, acting, django_assert_max_num_queries) -> None:
    for at in range(12):
        contacts.note_record(
            office_id=make_office().pk,
            text=f"約束{at}",
            topics=["term"],
            follow_up_on=TODAY,
            today=TODAY,
            acting=acting,
        )
    for address in ("/helpdesk/contacts/", "/helpdesk/follow-ups/"):
        with django_assert_max_num_queries(8):
            desk_client.get(address)


@pytest.mark.parametrize("role", STRANGERS)
def test_strangers_see_neither_list(client_of, promises, role) -> None:
    for address in ("/helpdesk/contacts/", "/helpdesk/follow-ups/"):
        assert client_of(role).get(address).status_code == 403
