"""Importing register files: what stands afterwards, whatever the order, and what never gets lost."""

import csv
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from careplan_portal.lib.acting import OPERATOR, Acting
from offices.enums import EventKind, VanishedState
from offices.models import ImportRun, Office, OfficeEvent, OfficeService, VanishedOffice
from offices.services import offices as acts
from tests.offices import files
from tests.offices.files import CARE, DAY, FACILITY, VISIT, row
from tests.offices.imports import command, counts, state

pytestmark = pytest.mark.django_db

MINATO, MISAKI = "3170201432", "3170402149"
ACTING = Acting(None, OPERATOR, "電話で確認")


def test_the_contract(tmp_path: Path) -> None:
    good = files.write(tmp_path / "a.csv.gz", [row(), row(MISAKI, VISIT)])
    bad = files.write(tmp_path / "b.csv", [row("31702", VISIT), row(name="〇〇")])
    result, words = command(good, bad, as_of=date(2025, 12, 1))
    assert list(result) == [
        "files", "rows", "offices_created", "offices_updated", "offices_unchanged", "offices_gone", "services",
        "warnings", "rejected", "rejects_file",
    ]  # fmt: skip
    assert (result["files"], result["rows"], result["services"], result["rejected"]) == (2, 4, 2, 2)
    assert (result["offices_created"], result["offices_updated"], result["offices_unchanged"]) == (2, 0, 0)
    assert "a.csv.gz：2行を読みました。" in words
    assert "新しい事業所 2" in words
    run = ImportRun.objects.get()
    assert (run.as_of, run.counts, run.files) == (date(2025, 12, 1), result, ["a.csv.gz", "b.csv"])
    assert run.finished_at >= run.started_at


def test_rejected_rows_go_to_a_file(tmp_path: Path) -> None:
    path = files.write(tmp_path / "b.csv", [row(), row("31702", VISIT, name="=1+1"), ["x", "y"], row(name="〇〇")])
    result, words = command(path, as_of=date(2025, 12, 1))
    assert (result["rows"], result["rejected"], result["services"]) == (4, 3, 1)
    assert result["rejects_file"] in words
    with Path(result["rejects_file"]).open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.reader(file))
    assert rejects[0] == ["ファイル", "行", "列", "値", "理由", "事業所番号", "事業所名"]
    assert [(one[0], one[1], one[2], one[3]) for one in rejects[1:]] == [
        ("b.csv", "3", "事業所番号", "31702"),
        ("b.csv", "4", "", ""),
        ("b.csv", "5", "事業所名", "〇〇"),
    ]
    assert rejects[1][6] == "'=1+1"
    assert all(one[4].endswith("。") for one in rejects[1:])


def test_without_rejects_there_is_no_file(tmp_path: Path) -> None:
    result, _ = command(files.write(tmp_path / "a.csv", [row()]), as_of=date(2025, 12, 1))
    assert (result["rejected"], result["rejects_file"]) == (0, None)
    assert not (tmp_path / "rejects").exists()


def test_today_is_the_day_where_none_is_given(tmp_path: Path, settings) -> None:
    settings.PORTAL_TODAY = date(2026, 4, 3)
    command(files.write(tmp_path / "a.csv", [row()]))
    assert Office.objects.get().listed_from == date(2026, 4, 3)


def test_a_day_to_come_is_pointed_out(tmp_path: Path, settings) -> None:
    settings.PORTAL_TODAY = date(2026, 4, 3)
    assert "より後です" in command(files.write(tmp_path / "a.csv", [row()]), as_of=date(2026, 4, 4))[1]


def test_again_changes_nothing(import_rows) -> None:
    rows = [row(), row(MISAKI, VISIT, 法人番号="", 備考="覚え書き")]
    assert counts(import_rows(rows)) == (2, 0, 0, 0)
    before = state()
    assert counts(import_rows(rows)) == (0, 0, 2, 0)
    assert counts(import_rows(rows, as_of="2026-01-05")) == (0, 0, 2, 0)
    assert state() == before
    assert not OfficeEvent.objects.exists()


MANY = (
    [row(MINATO, DAY, "デイ みなと"), row(MISAKI, DAY, "デイ みさき", 住所="鳥取県境港市上道町1")],
    [
        row(
            MINATO,
            CARE,
            "居宅 みなと",
            電話番号="",
            都道府県コード又は市町村コード="312045",
            住所="鳥取県境港市上道町2",
        )
    ],
    [row(MINATO, FACILITY, "特養 乙"), row(MINATO, FACILITY, "特養 甲"), row(MISAKI, VISIT, "訪問 みさき")],
)


def test_order_of_files_and_rows_does_not_matter(import_rows) -> None:
    import_rows(*MANY)
    first = state()
    for order in permutations(MANY):
        result = import_rows(*[list(reversed(rows)) for rows in order])
        assert counts(result) == (0, 0, 2, 0)
        assert result.warnings["number_again"] == 1
        assert state() == first


def test_one_at_a_time_ends_in_the_same(import_rows) -> None:
    import_rows(*MANY)
    together = state()
    _empty()
    for order in (2, 0, 1):
        import_rows(MANY[order])
    assert state() == together


def test_every_row_keeps_its_own_and_the_office_has_the_chosen(import_rows) -> None:
    result = import_rows(*MANY)
    office = Office.objects.get(business_number=MINATO)
    # Care management comes first; what it does not say comes from the next row.
    assert (office.name, office.address, office.municipality_id) == ("居宅 みなと", "鳥取県境港市上道町2", "312045")
    assert (office.phone, office.phone_digits) == ("0859-00-0123", "0859000123")
    assert office.scope == "yes"
    assert sorted(office.services.values_list("service_key", "listing_no", "name")) == [
        ("150", 1, "デイ みなと"),
        ("430", 1, "居宅 みなと"),
        ("510", 1, "特養 乙"),
        ("510", 2, "特養 甲"),
    ]
    assert "特養甲" in office.search_key
    assert (result.services, result.warnings["name_differs"], result.warnings["address_differs"]) == (6, 2, 2)
    assert result.warnings["municipality_differs"] == 1
    assert office.corporation is not None
    assert (office.corporation.corporate_number, office.corporation.name) == ("8700110005901", "合同会社みなとの風")


def test_only_facilities_are_out_of_scope(import_rows) -> None:
    import_rows([row(MINATO, FACILITY), row(MISAKI, "知らないサービス")])
    assert dict(Office.objects.values_list("business_number", "scope")) == {MINATO: "no", MISAKI: ""}


def test_an_unknown_service_is_a_warning(import_rows) -> None:
    result = import_rows([row(service="新しい サービス"), row(MISAKI, "新しいサービス")])
    assert (result.warnings["unknown_service"], result.rejected) == (2, 0)
    assert set(OfficeService.objects.values_list("service_key", "service_type")) == {("?新しいさひす", None)}


def test_the_same_row_again_counts_once(import_rows) -> None:
    result = import_rows([row(), row()], [row()])
    assert (result.services, result.warnings["same_row_again"]) == (1, 2)


def test_a_row_without_municipality_still_has_its_prefecture(import_rows) -> None:
    import_rows([row(都道府県コード又は市町村コード="")])
    office = Office.objects.get()
    assert (office.municipality_id, office.prefecture_id) == (None, "310000")


# --- days --------------------------------------------------------------------------


def test_a_later_file_changes_facts_and_leaves_an_event(import_rows) -> None:
    import_rows([row(), row(MINATO, VISIT)])
    result = import_rows([row(name="デイ みなと"), row(MINATO, CARE, "居宅 みなと")], as_of="2026-01-05")
    assert counts(result) == (0, 1, 0, 0)
    office = Office.objects.get()
    assert (office.name, office.listed_from, office.listed_until) == ("居宅 みなと", date(2025, 12, 1), None)
    event = OfficeEvent.objects.get()
    assert (event.kind, event.run_id) == (EventKind.UPDATED, ImportRun.objects.latest("pk").pk)
    assert event.details["fields"]["name"] == ["デイサービス みなとの風", "居宅 みなと"]
    assert event.details["services"] == {"added": ["430"], "changed": ["150"]}
    assert event.reason == "2026-01-05の名簿を取り込み"


def test_an_older_file_does_not_undo_a_newer(import_rows) -> None:
    import_rows([row(name="新しい名前"), row(MISAKI)], as_of="2026-01-05")
    result = import_rows([row(name="古い名前"), row("3170402156", name="もうない")], as_of="2025-06-01")
    assert counts(result) == (1, 1, 0, 0)
    assert dict(Office.objects.values_list("name", "listed_from")) == {
        "新しい名前": date(2025, 6, 1),
        "デイサービス みなとの風": date(2026, 1, 5),
        "もうない": date(2025, 6, 1),
    }
    assert Office.objects.get(name="もうない").listed_until == date(2025, 6, 1)
    assert not VanishedOffice.objects.exists()


def test_a_file_between_two_does_not_undo_facts_that_did_not_change(import_rows) -> None:
    import_rows([row(name="名前")], as_of="2025-06-01")
    import_rows([row(name="名前")], as_of="2026-06-01")
    assert counts(import_rows([row(name="ちがう")], as_of="2026-01-01")) == (0, 0, 1, 0)
    assert Office.objects.get().name == "名前"


def test_files_in_any_order_of_days_end_in_the_same(import_rows) -> None:
    days = {
        "2025-06-01": [row(name="甲"), row(MISAKI)],
        "2025-12-01": [row(name="乙"), row(MINATO, CARE)],
        "2026-06-01": [row(name="丙"), row("3170402156")],
    }
    ends = []
    for order in permutations(days):
        for day in order:
            import_rows(days[day], as_of=day)
        facts = Office.objects.order_by("business_number").values_list("business_number", "name", "listed_from")
        ends.append(list(facts))
        _empty()
    assert all(end == ends[0] for end in ends)


def _empty() -> None:
    """Start over; events refuse to be deleted row by row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE offices_office, offices_corporation, offices_importedservice CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_what_a_file_lacks_goes_to_the_list_and_is_not_closed(import_rows) -> None:
    import_rows([row(), row(MISAKI), row(MISAKI, CARE)])
    result = import_rows([row()], as_of="2026-01-05")
    assert counts(result) == (0, 0, 1, 1)
    # Still listed for care management, of which this import says nothing: not on the list.
    assert not VanishedOffice.objects.exists()
    result = import_rows([row(MINATO, CARE)], as_of="2026-01-05")
    assert counts(result) == (0, 1, 0, 1)
    gone = Office.objects.get(business_number=MISAKI)
    assert (gone.listed_until, gone.closed_on, gone.scope) == (date(2025, 12, 1), None, "yes")
    assert VanishedOffice.objects.get().office == gone
    assert OfficeEvent.objects.filter(office=gone, kind=EventKind.VANISHED).count() == 1
    assert Office.objects.in_scope_on(date(2026, 1, 6)).count() == 2


def test_the_same_day_can_lack_an_office_too(import_rows) -> None:
    import_rows([row(), row(MISAKI)])
    assert counts(import_rows([row()])) == (0, 0, 1, 1)
    assert counts(import_rows([row()])) == (0, 0, 1, 1)
    assert VanishedOffice.objects.count() == 1


def test_who_comes_back_leaves_the_list(import_rows) -> None:
    import_rows([row(), row(MISAKI)])
    import_rows([row()], as_of="2026-01-05")
    assert counts(import_rows([row(), row(MISAKI)], as_of="2026-02-05")) == (0, 1, 1, 0)
    assert VanishedOffice.objects.get().state == VanishedState.RETURNED
    office = Office.objects.get(business_number=MISAKI)
    assert office.listed_until is None
    assert list(OfficeEvent.objects.filter(office=office).order_by("pk").values_list("kind", flat=True)) == [
        EventKind.VANISHED,
        EventKind.RETURNED,
    ]


def test_a_service_that_leaves_takes_its_scope_with_it(import_rows) -> None:
    import_rows([row(MINATO, DAY), row(MINATO, FACILITY)])
    import_rows([row(MINATO, FACILITY), row(MISAKI, DAY)], as_of="2026-01-05")
    assert Office.objects.get(business_number=MINATO).scope == "no"


def test_a_decision_stands_until_the_office_is_back(import_rows) -> None:
    import_rows([row(), row(MISAKI)])
    import_rows([row()], as_of="2026-01-05")
    office = Office.objects.get(business_number=MISAKI)
    acts.office_keep_open(office_id=office.pk, acting=ACTING)
    import_rows([row()], as_of="2026-02-05")
    assert VanishedOffice.objects.get().state == VanishedState.STILL_OPEN
    acts.office_close(office_id=office.pk, closed_on=date(2026, 2, 1), acting=ACTING)
    assert VanishedOffice.objects.get().state == VanishedState.CLOSED
    assert import_rows([row()], as_of="2026-03-05").offices_gone == 0
    assert VanishedOffice.objects.count() == 1


# --- people's corrections and offices that the register lacked ---------------------


def test_corrections_outlive_imports_and_show_what_the_register_says(import_rows) -> None:
    import_rows([row()])
    office = Office.objects.get()
    correct = {
        "name": "デイ みなとの風",
        "phone": "０８５９－００－９９９９",
        "municipality": "312045",
        "postal_code": "683-0001",
    }
    for field, value in correct.items():
        acts.office_correct(office_id=office.pk, field=field, value=value, reason="本人から", acting=ACTING)
    result = import_rows([row(name="名簿の新しい名前", FAX番号="0859-00-7777")], as_of="2026-01-05")
    assert counts(result) == (0, 1, 0, 0)
    office.refresh_from_db()
    assert (office.name, office.phone, office.phone_digits) == ("デイ みなとの風", "0859-00-9999", "0859009999")
    assert (office.municipality_id, office.postal_code, office.fax) == ("312045", "6830001", "0859-00-7777")
    assert office.services.get().name == "名簿の新しい名前"
    assert "名簿の新しい名前" in office.search_key
    assert "ていみなとの風" in office.search_key
    kept = dict(office.corrections.values_list("field", "listed_value"))
    assert kept == {"name": "名簿の新しい名前", "phone": "0859-00-0123", "municipality": "312029", "postal_code": ""}
    acts.correction_withdraw(correction_id=office.corrections.get(field="name").pk, acting=ACTING)
    office.refresh_from_db()
    assert office.name == "名簿の新しい名前"


def test_an_office_that_declared_itself_is_filled_in(import_rows) -> None:
    declared = acts.Declared(MINATO, "みなとデイ", "312045", "上道町9", ("A2",), phone="0859-00-1111")
    office = acts.office_declare(declared=declared, acting=ACTING)
    assert (office.unlisted, Office.objects.get().scope) == (True, "yes")
    assert counts(import_rows([row(service=FACILITY)])) == (0, 1, 0, 0)
    office.refresh_from_db()
    assert (office.unlisted, office.listed_from) == (False, date(2025, 12, 1))
    assert (office.name, office.municipality_id) == ("デイサービス みなとの風", "312029")
    assert office.scope == "yes"  # the declared service still counts
    event = OfficeEvent.objects.get(kind=EventKind.LISTED)
    assert event.details["fields"]["name"] == ["みなとデイ", "デイサービス みなとの風"]
    assert counts(import_rows([row(service=FACILITY)])) == (0, 0, 1, 0)
