"""Print runs of the letters with codes: their log, printing again, and what the post brings back."""

import io

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from pypdf import PdfReader

from accounts.enums import Role
from accounts.models import AccessRecord
from campaigns import queries, services
from campaigns.enums import ReturnedWhy
from campaigns.models import ApplicationEvent, IdentityLetter, LetterRun
from careplan_portal.lib.acting import HELPDESK, Acting
from licenses.services import Refused
from offices.models import Corporation
from tests.campaigns.filing import file_as_visitor
from tests.campaigns.test_views_identity import enter
from tests.factories import make_office, make_user
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
DESK = Acting(None, HELPDESK, "手紙の発送")
ROLES = [None, Role.OFFICE_STAFF, Role.OFFICER, Role.AUDITOR]


@pytest.fixture
def application(on):
    office = make_office(business_number="3170201341", name="ヘルパーステーション 髙﨑", postal_code="6830000")
    return file_as_visitor(office, D("2026-04-03"))


@pytest.fixture
def three(on):
    """Three offices of owners of their own."""
    offices = [make_office(name=f"みなと{n}") for n in range(3)]
    return [file_as_visitor(office, D("2026-04-03"), email=f"a{office.pk}@example.jp") for office in offices]


@pytest.fixture
def desk():
    client = Client()
    client.force_login(make_user(Role.HELPDESK, name="松本 葵"))
    return client


def printed(today="2026-04-06"):
    return services.letters_make(today=D(today), acting=DESK)


def returned(letter, why=ReturnedWhy.UNKNOWN, today="2026-04-10"):
    return services.letter_returned(letter_id=letter.pk, why=why, today=D(today), acting=DESK)


# --- runs --------------------------------------------------------------------------------------


def test_letters_printed_together_are_one_run(three) -> None:
    made = printed()
    run = LetterRun.objects.get()
    assert (run.count, run.reason, run.made_on) == (3, "", D("2026-04-06"))
    assert {one.letter.run_id for one in made} == {run.pk}
    assert printed() == []
    assert LetterRun.objects.count() == 1


def test_a_run_only_grows(application) -> None:
    printed()
    run = LetterRun.objects.get()
    for change in (lambda: LetterRun.objects.update(count=9), run.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_whole_run_is_printed_again_but_only_what_still_waits(three) -> None:
    made = printed()
    enter(made[0].code, made[0].applications[0].office.business_number)
    run = LetterRun.objects.get()
    again = services.letter_run_make_again(run_id=run.pk, today=D("2026-04-07"), acting=DESK, reason="紙づまり")
    assert {one.applications[0].pk for one in again} == {one.applications[0].pk for one in made[1:]}
    assert [(run.count, run.reason) for run in LetterRun.objects.order_by("pk")] == [(3, ""), (2, "紙づまり")]
    number = made[1].applications[0].office.business_number
    assert enter(made[1].code, number).letter is None
    assert enter(next(one.code for one in again if one.applications == made[1].applications), number).letter is not None


def test_a_run_of_which_nothing_waits_is_not_printed_again(application) -> None:
    (made,) = printed()
    enter(made.code)
    with pytest.raises(Refused, match="もうどれも"):
        services.letter_run_make_again(run_id=made.letter.run_id, today=D("2026-04-10"), acting=DESK, reason="x")
    assert LetterRun.objects.count() == 1


def test_the_log_says_how_the_letters_stand(three) -> None:
    made = printed()
    enter(made[0].code, made[0].applications[0].office.business_number)
    returned(made[1].letter)
    (line,) = queries.letter_runs(10)
    assert line.states == [("コードを待っている", 1), ("コードが入れられた", 1), ("戻ってきた", 1)]
    assert line.may_be_printed_again
    services.application_withdraw(application_id=made[2].applications[0].pk, today=D("2026-04-11"), acting=DESK)
    services.letter_make_again(letter_id=made[1].letter.pk, today=D("2026-04-11"), acting=DESK, reason="住所が直った")
    newer, older = queries.letter_runs(10)
    assert older.states == [("コードが入れられた", 1), ("刷り直した", 1), ("確認が要らなくなった", 1)]
    assert not older.may_be_printed_again
    assert (newer.states, newer.run.reason) == ([("コードを待っている", 1)], "住所が直った")


def test_the_log_asks_as_much_for_many_runs_as_for_one(three, django_assert_num_queries) -> None:
    printed()
    with django_assert_num_queries(4):
        queries.letter_runs(10)
    for _ in range(3):
        services.letter_run_make_again(
            run_id=LetterRun.objects.first().pk, today=D("2026-04-07"), acting=DESK, reason="紙づまり"
        )
    with django_assert_num_queries(4):
        assert len(queries.letter_runs(10)) == 4


# --- returned post -----------------------------------------------------------------------------


def test_a_letter_that_came_back_opens_nothing(application) -> None:
    (made,) = printed()
    letter = returned(made.letter, ReturnedWhy.MOVED)
    assert (letter.returned_on, letter.returned_why) == (D("2026-04-10"), "moved")
    assert enter(made.code).letter is None
    event = ApplicationEvent.objects.get(kind="letterback")
    assert (event.application, event.data["why"]) == (application, "moved")
    assert list(queries.letters_waiting()) == []
    assert list(queries.letters_returned()) == [letter]


def test_it_is_not_printed_again_by_itself_but_by_decision(application) -> None:
    (made,) = printed()
    returned(made.letter)
    assert printed("2026-04-11") == []
    again = services.letter_make_again(letter_id=made.letter.pk, today=D("2026-04-11"), acting=DESK, reason="住所")
    assert enter(again.code).letter == again.letter
    assert list(queries.letters_returned()) == []


def test_saying_twice_that_it_came_back_changes_nothing(application) -> None:
    (made,) = printed()
    returned(made.letter)
    assert returned(made.letter, ReturnedWhy.REFUSED, "2026-04-12").returned_why == "unknown"
    assert ApplicationEvent.objects.filter(kind="letterback").count() == 1


@pytest.mark.parametrize("how", ["used", "replaced"])
def test_a_letter_that_is_over_cannot_come_back(application, how) -> None:
    (made,) = printed()
    if how == "used":
        enter(made.code)
    else:
        services.letter_make_again(letter_id=made.letter.pk, today=D("2026-04-08"), acting=DESK, reason="x")
    with pytest.raises(Refused):
        returned(made.letter)
    made.letter.refresh_from_db()
    assert made.letter.returned_on is None


def test_envelopes_are_found_by_what_stands_on_them(three, application) -> None:
    printed()
    for typed in (application.receipt_number, application.receipt_number[:9].lower(), "31-7-02-0134-1", "髙﨑"):
        assert application in {one for letter in queries.letters_waiting(typed) for one in letter.applications.all()}
    assert len(queries.letters_waiting("31-7-02-0134-1")) == 1
    assert not queries.letters_waiting("どこにもない")


# --- pages -------------------------------------------------------------------------------------


def test_strangers_see_no_log_and_change_nothing(application) -> None:
    (made,) = printed()
    run = made.letter.run_id
    for role in ROLES:
        client = Client()
        if role:
            client.force_login(make_user(role))
        for answer in (
            client.get("/letters/runs/"), client.get(f"/letters/runs/{run}/"), client.post(f"/letters/runs/{run}/again/"),
            client.post(f"/letters/{made.letter.pk}/returned/", {"why": "unknown"}),
        ):  # fmt: skip
            assert answer.status_code == (403 if role else 302)
    assert IdentityLetter.objects.get().returned_on is None


def test_the_desk_sees_prints_again_and_notes_what_came_back(desk, application) -> None:
    desk.post("/letters/print/")
    letter = IdentityLetter.objects.get()
    assert "松本 葵" in desk.get("/letters/runs/").text
    page = desk.get(f"/letters/runs/{letter.run_id}/").text
    assert "ヘルパーステーション 髙﨑" in page
    assert AccessRecord.objects.filter(subject_kind="search", subject_key__startswith="確認の手紙の印刷").exists()
    back = desk.post(f"/letters/{letter.pk}/returned/", {"why": "moved", "run": letter.run_id}, follow=True)
    assert back.redirect_chain[-1][0] == f"/letters/runs/{letter.run_id}/"
    assert "戻ったことを記録しました" in back.text
    listed = desk.get("/letters/").text
    assert "戻ってきた手紙　1通" in listed
    assert "転居先不明" in listed
    assert f"/helpdesk/applications/{application.receipt_number}/prove/" in listed
    again = desk.post(f"/letters/runs/{letter.run_id}/again/", {"reason": "住所が直った"})
    assert len(PdfReader(io.BytesIO(again.content)).pages) == 1
    assert "住所が直った" in desk.get("/letters/runs/").text


def test_without_a_reason_nothing_is_printed_or_noted(desk, application) -> None:
    desk.post("/letters/print/")
    letter = IdentityLetter.objects.get()
    for address in (f"/letters/{letter.pk}/again/", f"/letters/runs/{letter.run_id}/again/"):
        assert "わけを書いてください" in desk.post(address, follow=True).text
    assert "わけを選んでください" in desk.post(f"/letters/{letter.pk}/returned/", {"why": "x"}, follow=True).text
    letter.refresh_from_db()
    assert (letter.voided_on, letter.returned_on, LetterRun.objects.count()) == (None, None, 1)


def test_one_letter_for_a_corporation_comes_back_for_all_its_offices(on) -> None:
    owner = Corporation.objects.create(corporate_number="1270000000001", name="社会福祉法人 みなと会")
    for _ in range(2):
        file_as_visitor(make_office(corporation=owner), D("2026-04-03"))
    (made,) = printed()
    returned(made.letter)
    assert ApplicationEvent.objects.filter(kind="letterback").count() == 2


def test_a_letter_whose_applications_all_ended_waits_no_longer(application) -> None:
    printed()
    services.application_withdraw(application_id=application.pk, today=D("2026-04-07"), acting=DESK)
    assert list(queries.letters_waiting()) == []
