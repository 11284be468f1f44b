"""Prepared queries say what the ordinary querysets say, and every one of the project runs."""

import gc
import importlib
import pkgutil
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, Value
from pytest_django import DjangoAssertNumQueries

from accounts.enums import SubjectKind
from accounts.models import AccessRecord
from careplan_portal.lib import clock
from careplan_portal.lib.prepared import Prepared, PreparedInsert, prepared
from licenses.models import License
from licenses.rules import FREE_PASS, LicenseFacts, Term
from offices.models import Municipality, Office
from offices.services.reference import load_reference
from tests.factories import make_license, make_office, make_user

pytestmark = pytest.mark.django_db
JUNE = date(2025, 6, 1)
FREE_YEAR = Term(JUNE, date(2026, 5, 31), FREE_PASS, 0, "", False)

by_name = prepared(lambda name: Office.objects.select_related("municipality", "prefecture").filter(name=name))


def test_rows_are_those_of_the_queryset_with_what_they_join(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    load_reference()
    place = Municipality.objects.select_related("prefecture").get(code="312029")
    here = {"name": "みなと", "municipality": place, "prefecture": place.prefecture}
    wanted = {office.pk: office for office in (make_office(**here), make_office(**here), make_office(name="みなと"))}
    make_office(name="やま")
    with django_assert_num_queries(1):
        found = {office.pk: office for office in by_name.all("みなと")}
        assert found.keys() == wanted.keys()
        for key, office in found.items():
            assert values(office) == values(wanted[key])
            assert not office._state.adding
            assert (office.municipality, office.prefecture) == (wanted[key].municipality, wanted[key].prefecture)


def values(office: Office) -> dict[str, Any]:
    return {field.attname: getattr(office, field.attname) for field in Office._meta.concrete_fields}


def test_a_row_read_so_can_be_saved() -> None:
    make_office(name="みなと")
    office = by_name.first("みなと")
    assert office is not None
    office.name = "はま"
    office.save()
    assert by_name.first("みなと") is None
    assert by_name.exists("はま")
    assert not by_name.exists("みなと")


def test_a_row_is_written_as_saving_writes_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    write, user, at = PreparedInsert(AccessRecord).write, make_user(), clock.now()
    rows = [
        AccessRecord(user=user, role=user.role, subject_kind=SubjectKind.OFFICE, subject_key=key, reason="電話", at=at)
        for key in ("3170400156", "%s '$1' \\")
    ]
    with django_assert_num_queries(2):
        for row in rows:
            write(row)
    assert list(AccessRecord.objects.order_by("pk")) == rows
    for row in rows:
        kept = AccessRecord.objects.get(pk=row.pk)
        assert (kept.user, kept.role, kept.subject_key, kept.reason, kept.at) == (
            user,
            user.role,
            row.subject_key,
            "電話",
            at,
        )
        assert not row._state.adding
    with pytest.raises(DatabaseError), transaction.atomic():
        write(
            AccessRecord(user=user, role=user.role, subject_kind=SubjectKind.OFFICE, subject_key="1", reason="", at=at)
        )


def test_the_first_is_that_of_the_own_order_or_of_the_key() -> None:
    first, last = make_office(kana="ソノイチ"), make_office(kana="アノイチ")
    every = prepared(lambda scope: Office.objects.filter(scope=scope))
    by_kana = prepared(lambda scope: Office.objects.filter(scope=scope).order_by("kana"))
    assert every.first(first.scope) == first
    assert by_kana.first(first.scope) == last
    assert by_kana.all(first.scope) == [last, first]


def test_tuples_plain_values_annotations_and_raw_parts() -> None:
    office = make_office(name="みなと")
    make_license(LicenseFacts((FREE_YEAR,), "auto", None, None))
    pairs = prepared(lambda name: Office.objects.filter(name=name).values_list("pk", "name"))
    names = prepared(lambda key: Office.objects.filter(pk=key).values_list("name", flat=True))
    noted = prepared(
        lambda key, word: Office.objects.annotate(word=Value("x"), also=F("name")).filter(pk=key, also=word)
    )
    status = prepared(lambda day: License.objects.order_by("pk").with_status(day))
    assert pairs.all("みなと") == [(office.pk, "みなと")]
    assert names.all(office.pk) == ["みなと"]
    assert names.first(0) is None
    found = noted.first(office.pk, "みなと")
    assert found is not None
    assert (found.word, found.also) == ("x", "みなと")
    for day in (JUNE, date(2026, 6, 1), date(2025, 5, 31)):
        assert status.all(day) == list(License.objects.order_by("pk").with_status(day))
        assert [one.status for one in status.all(day)] == [  # type: ignore[attr-defined]
            one.status for one in License.objects.order_by("pk").with_status(day)  # type: ignore[attr-defined]
        ]  # fmt: skip


def test_a_value_in_a_column_alone_is_not_asked_of_exists() -> None:
    office = make_office(name="みなと")
    with_place = prepared(
        lambda word, key, name: Office.objects.filter(pk=key).values_list(
            "pk", Exists(Office.objects.filter(name=name, kana=word))
        )
    )
    assert with_place.all("", office.pk, "みなと") == [
        (office.pk, Office.objects.filter(name="みなと", kana="").exists())
    ]
    assert with_place.exists("", office.pk, "みなと")
    assert not with_place.exists("", 0, "みなと")


def test_what_cannot_be_kept_is_refused() -> None:
    with pytest.raises(TypeError, match="prefetches"):
        prepared(lambda key: Office.objects.filter(pk=key).prefetch_related("services")).all(1)
    with pytest.raises(TypeError, match="ValuesIterable"):
        prepared(lambda key: Office.objects.filter(pk=key).values("pk")).all(1)
    with pytest.raises(TypeError, match="2 values for a query of 1"):
        by_name.all("みなと", "はま")


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_anew_and_errors_are_those_of_django() -> None:
    new = prepared(lambda name: Office.objects.filter(name=name))
    make_office(name="みなと")
    assert new.exists("みなと")
    connection.close()
    assert new.exists("みなと")
    transaction.set_autocommit(False)
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column")
    with pytest.raises(DatabaseError):
        new.first("みなと")
    transaction.rollback()
    transaction.set_autocommit(True)
    assert new.first("みなと") is not None


def every_prepared() -> list[Prepared[Any]]:
    for room in apps.get_app_configs():
        if not room.name.startswith(("django", "allauth", "rest", "drf", "axes", "csp", "whitenoise")):
            for module in pkgutil.walk_packages([room.path], f"{room.name}."):
                if ".migrations" not in module.name:
                    importlib.import_module(module.name)
    # Not isinstance: it would make lazy objects of other tests whole.
    return [one for one in gc.get_objects() if type(one) is Prepared]


def test_every_prepared_query_of_the_project_runs() -> None:
    found = every_prepared()
    for one in found:
        nothing = [None] * one.count
        assert isinstance(one.all(*nothing), list), one.build
        one.first(*nothing)
        one.exists(*nothing)
