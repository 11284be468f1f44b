"""Looks are written after the view, in their own transaction: whatever the view does, the record stays."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from accounts import queries, services
from accounts.enums import LookReason, SubjectKind
from accounts.middleware import AccessRecordMiddleware
from accounts.models import AccessRecord, AccountEvent
from accounts.views.me import me
from offices.models import Area
from tests.accounts.conftest import acting
from tests.campaigns.my_pages import text

OFFICE = "3170201432"


def look(user, reason=LookReason.CALL, key=OFFICE):
    return services.access_record(user=user, subject_kind=SubjectKind.OFFICE, subject_key=key, reason=reason)


@pytest.mark.django_db
def test_outside_a_request_it_is_written_at_once(helpdesk) -> None:
    look(helpdesk)
    record = queries.looks_at_office(OFFICE).get()
    assert (record.user, record.role, record.reason) == (helpdesk, "helpdesk", "電話対応")


@pytest.mark.django_db(transaction=True)
def test_it_survives_the_rollback_of_what_the_person_did(helpdesk) -> None:
    """A real transaction, really rolled back: the event is gone, the look is there."""

    def view(request):
        with transaction.atomic():
            services.account_event_record(user=helpdesk, kind="name_changed", acting=acting(helpdesk))
            look(helpdesk, "本人からの電話")
            assert AccountEvent.objects.filter(kind="name_changed").exists()
            transaction.set_rollback(True)
        return HttpResponse("seen")

    AccessRecordMiddleware(view)(RequestFactory().get("/"))
    assert not AccountEvent.objects.filter(kind="name_changed").exists()
    assert AccessRecord.objects.get().reason == "本人からの電話"


@pytest.mark.django_db(transaction=True)
def test_it_survives_an_error_in_the_view(helpdesk) -> None:
    def view(request):
        with transaction.atomic():
            look(helpdesk)
            raise RuntimeError("broken page")

    with pytest.raises(RuntimeError):
        AccessRecordMiddleware(view)(RequestFactory().get("/"))
    assert AccessRecord.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_look_that_cannot_be_recorded_is_not_answered(helpdesk) -> None:
    def view(request):
        look(helpdesk)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_accessrecord RENAME TO accounts_accessrecord_away")
        return HttpResponse("secret")

    try:
        with pytest.raises(DatabaseError):
            AccessRecordMiddleware(view)(RequestFactory().get("/"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_accessrecord_away RENAME TO accounts_accessrecord")


@pytest.mark.django_db
def test_one_request_does_not_write_the_looks_of_another(helpdesk) -> None:
    inner = AccessRecordMiddleware(lambda _request: HttpResponse("nothing looked at"))

    def view(request):
        look(helpdesk)
        inner(RequestFactory().get("/inner/"))
        assert AccessRecord.objects.count() == 0
        return HttpResponse("seen")

    AccessRecordMiddleware(view)(RequestFactory().get("/"))
    assert AccessRecord.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("key", "reason"), [("", "電話"), (OFFICE, "")])
def test_subject_and_reason_are_needed(helpdesk, key, reason) -> None:
    with pytest.raises(ValueError, match="needs"):
        look(helpdesk, reason, key)


@pytest.mark.django_db
def test_records_only_grow(helpdesk) -> None:
    record = look(helpdesk)
    for change in (lambda: AccessRecord.objects.update(reason="別"), record.delete):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_the_records_page_filters_and_is_recorded_itself(helpdesk, operator, person, signed_in) -> None:
    look(helpdesk)
    look(helpdesk, "別の事業所", "3170201341")
    html = signed_in(operator).get("/records/", {"kind": "office", "key": OFFICE}).content.decode()
    assert "電話対応" in html
    assert "別の事業所" not in html
    own = AccessRecord.objects.get(subject_kind=SubjectKind.RECORDS)
    assert (own.user, own.subject_key, bool(own.request_id)) == (operator, OFFICE, True)


@pytest.mark.django_db
def test_people_areas_and_lists_are_called_by_their_names(helpdesk, operator, signed_in) -> None:
    Area.objects.create(code="yonago", name="米子市のあたり")
    for kind, key in (
        (SubjectKind.ACCOUNT, str(helpdesk.pk)), (SubjectKind.ACCOUNT, "0"), (SubjectKind.AREA, "yonago"),
        (SubjectKind.EXPORT, "area:yonago"), (SubjectKind.EXPORT, "looks"), (SubjectKind.SEARCH, "みなと"),
    ):  # fmt: skip
        services.access_record(user=operator, subject_kind=kind, subject_key=key, reason=LookReason.CHECK)
    page = text(signed_in(operator).get("/records/"))
    for words in (f"利用者 {helpdesk}", "利用者 0", "地域 米子市のあたり", "書き出し 米子市のあたりの一覧", "書き出し 閲覧の記録", "一覧・検索 みなと"):  # fmt: skip
        assert words in page, words


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["3170201432", "31-7-02-0143-2", "３１７０２０１４３２", "31 7 02 0143 2"])
def test_an_office_is_found_in_any_spelling_of_its_number(helpdesk, operator, signed_in, typed) -> None:
    look(helpdesk)
    assert "電話対応" in signed_in(operator).get("/records/", {"kind": "office", "key": typed}).content.decode()


@pytest.mark.django_db
def test_looks_are_found_by_who_looked(helpdesk, operator, signed_in) -> None:
    look(helpdesk, "本人の電話")
    look(operator, "台帳の訂正")
    page = signed_in(operator).get("/records/", {"who": helpdesk.email[:6]}).content.decode()
    assert "本人の電話" in page
    assert "台帳の訂正" not in page


@pytest.mark.django_db
def test_an_office_is_told_by_day_and_role(helpdesk, operator) -> None:
    """Japan's days: 23:30 on the 2nd and 0:30 on the 3rd are two, though UTC's day is the same."""
    evening = datetime.datetime(2026, 4, 2, 14, 30, tzinfo=datetime.UTC)
    for user, reason, at in (
        (helpdesk, LookReason.CALL, evening), (helpdesk, LookReason.CALL, evening + datetime.timedelta(hours=1)),
        (helpdesk, LookReason.LETTER, evening + datetime.timedelta(hours=2)),
        (helpdesk, LookReason.CALL, evening + datetime.timedelta(hours=3)),
        (operator, LookReason.CHECK, evening),
    ):  # fmt: skip
        services.access_record(user=user, subject_kind=SubjectKind.OFFICE, subject_key=OFFICE, reason=reason, at=at)
    look(helpdesk, key="3170201341")
    told = [(line.day.day, line.role, line.count, list(line.reasons)) for line in queries.looks_by_day(OFFICE)]
    assert told == [
        (3, "helpdesk", 3, ["電話対応", "手紙の発送"]), (2, "helpdesk", 1, ["電話対応"]), (2, "operator", 1, ["台帳の確認"])
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("days", [{"first_year": "2026", "first_month": "2", "first_day": "30"}, {"kind": "nonsense"}])
def test_a_wrong_filter_shows_nothing_rather_than_everything(helpdesk, operator, signed_in, days) -> None:
    look(helpdesk)
    assert "電話対応" not in signed_in(operator).get("/records/", days).content.decode()


@pytest.mark.django_db
def test_days_are_days_in_japan(helpdesk, time_machine) -> None:
    import datetime

    time_machine.move_to(datetime.datetime(2026, 4, 2, 16, 0, tzinfo=datetime.UTC), tick=False)
    look(helpdesk)
    third = datetime.date(2026, 4, 3)
    assert queries.looks(first=third, last=third).count() == 1
    assert queries.looks(last=third - datetime.timedelta(days=1)).count() == 0


def test_own_page_needs_no_record() -> None:
    assert me.audience  # type: ignore[attr-defined]
