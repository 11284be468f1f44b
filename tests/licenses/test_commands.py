"""The contract's commands: shapes, refusals, and what they leave behind."""

import csv
import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from licenses.models import LicenseEvent, LicenseTerm
from licenses.queries import ledger_problems
from offices.models import Office
from tests.factories import make_office

pytestmark = pytest.mark.django_db
HEADER = "business_number,first_licensed_on,starts_on,ends_on,pricing,renewal_mode,stop_requested_on"


@pytest.fixture
def load(tmp_path, capsys):
    def _load(*rows, header=HEADER):
        path = tmp_path / "licenses.csv"
        path.write_text("\n".join([header, *rows]) + "\n")
        call_command("load_licenses", path, "--json")
        return json.loads(capsys.readouterr().out)

    return _load


def run(capsys, *arguments, fails=False):
    with pytest.raises(SystemExit) if fails else nullcontext():
        call_command(*arguments)
    return json.loads(capsys.readouterr().out)


def reasons(answer):
    with Path(answer["rejects_file"]).open(encoding="utf-8-sig") as file:
        return [(row["行"], row["列"], row["理由"]) for row in csv.DictReader(file)]


def test_licences_are_taken_over_and_rolled_over(load, capsys):
    for number in ("3170201432", "3170201424"):
        make_office(business_number=number)
    answer = load(
        "3170201432,2024-04-15,2024-04-15,2025-04-14,paid,manual,",
        "3170201432,2024-04-15,2025-04-15,2026-04-14,paid,manual,",
        "3170201424,2025-06-10,2025-06-10,2026-06-09,free_pass,auto,2026-06-01",
    )
    assert answer == {
        "rows": 3,
        "licenses": 2,
        "terms": 3,
        "warnings": answer["warnings"],
        "rejected": 0,
        "rejects_file": None,
    }
    assert set(answer["warnings"]) <= {"check_digit"}
    rolled = run(capsys, "roll_over", "--on", "2026-07-01", "--json")
    assert rolled | {"seconds": 0} == {
        "on": "2026-07-01",
        "due": 2,
        "renewed_free": 0,
        "renewed_paid": 0,
        "stopped": 1,
        "lapsed": 1,
        "set_aside": 0,
        "terms_opened": 0,
        "proof": "ok",
        "seconds": 0,
    }
    assert run(capsys, "verify_ledger", "--json") == {"licenses": 2, "terms": 3, "problems": []}


def test_taking_over_again_is_refused_office_by_office(load):
    make_office(business_number="3170201432")
    row = "3170201432,2025-04-15,2025-04-15,2026-04-14,paid,manual,"
    load(row)
    again = load(row)
    assert (again["licenses"], again["rejected"]) == (0, 1)
    assert "もう記録されています" in reasons(again)[0][2]
    assert LicenseTerm.objects.count() == 1


def test_an_unknown_office_is_no_dead_end(load):
    answer = load("3170201432,2025-04-15,2025-04-15,2026-04-14,paid,manual,")
    assert answer["warnings"]["unknown_office"] == 1
    assert Office.objects.get().unlisted


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (["31702014,2025-04-15,2025-04-15,2026-04-14,paid,manual,"], "business_number"),
        (["3170201432,2025-04-15,2025-04-31,2026-04-14,paid,manual,"], "starts_on"),
        (["3170201432,2025-04-15,2025-04-15,2025-04-14,paid,manual,"], "ends_on"),
        (["3170201432,2025-04-15,2025-04-15,2026-04-14,cheap,manual,"], "pricing"),
        (["3170201432,2025-04-15,2025-04-15,2026-04-14,paid,,"], "renewal_mode"),
        (["3170201432,2025-04-15,2025-04-15,2026-04-14,paid,auto,2026-04-15"], "stop_requested_on"),
        (["3170201432,2025-04-16,2025-04-15,2026-04-14,paid,auto,"], "first_licensed_on"),
        (
            [
                "3170201432,2024-04-15,2024-04-15,2025-04-14,paid,manual,",
                "3170201432,2024-04-15,2025-04-14,2026-04-13,paid,manual,",
            ],
            "starts_on",
        ),
        (
            [
                "3170201432,2024-04-15,2024-04-15,2025-04-14,free_pass,auto,",
                "3170201432,2024-04-15,2025-04-15,2026-04-14,free_pass,auto,",
            ],
            "pricing",
        ),
        (
            [
                "3170201432,2024-04-15,2024-04-15,2025-04-14,paid,auto,",
                "3170201432,2024-04-15,2025-04-15,2026-04-14,paid,manual,",
            ],
            "renewal_mode",
        ),
    ],
)
def test_rows_that_cannot_be_true_are_rejected_with_row_and_column(load, rows, column):
    answer = load(*rows, "3170201424,2025-06-10,2025-06-10,2026-06-09,paid,auto,")
    assert (answer["rejected"], answer["licenses"]) == (len(rows), 1)
    assert [line for line, _, _ in reasons(answer)] == [str(number + 2) for number in range(len(rows))]
    assert column in [found for _, found, _ in reasons(answer)]


def test_one_bad_row_takes_its_office_with_it_and_no_other(load):
    answer = load(
        "3170201432,2024-04-15,2024-04-15,2025-04-14,paid,manual,",
        "3170201432,2024-04-15,soon,2026-04-14,paid,manual,",
        "3170201424,2025-06-10,2025-06-10,2026-06-09,paid,auto,",
    )
    assert (answer["licenses"], answer["rejected"]) == (1, 2)


def test_a_gap_is_a_warning_and_columns_may_be_added(load):
    answer = load(
        "x,3170201432,2023-04-15,2023-04-15,2024-04-14,paid,manual,",
        "x,3170201432,2023-04-15,2025-04-15,2026-04-14,paid,manual,",
        header=f"note,{HEADER}",
    )
    assert answer["warnings"]["gap"] == 1
    assert LicenseTerm.objects.order_by("starts_on").first().closing == "lapsed"


def test_a_file_without_its_header_says_so(load):
    with pytest.raises(CommandError, match="見出し"):
        load("1,2", header="a,b")


def test_dry_run_writes_nothing(load, capsys):
    load("3170201432,2025-04-15,2025-04-15,2026-04-14,paid,auto,")
    events = LicenseEvent.objects.count()
    assert run(capsys, "roll_over", "--on", "2026-07-01", "--dry-run", "--json")["renewed_paid"] == 1
    assert LicenseEvent.objects.count() == events


def test_the_ledger_command_reports_problems_and_fails(load, capsys):
    load("3170201432,2025-04-15,2025-04-15,2026-04-14,paid,auto,")
    LicenseTerm.objects.update(closing="renewed")
    answer = run(capsys, "verify_ledger", "--json", fails=True)
    assert answer["problems"][0].keys() == {"business_number", "code", "text"}
    assert {problem["code"] for problem in answer["problems"]} == {"renewed_without_term"}


def test_the_demo_clock_runs_every_night_up_to_the_day(load, capsys, settings):
    settings.PORTAL_TODAY = None
    load("3170201432,2025-04-15,2025-04-15,2026-04-14,paid,manual,")
    from careplan_portal.lib import clock

    clock.set_demo_day(clock.datetime.date(2026, 4, 10))
    call_command("advance_to", "2026-06-02")
    assert capsys.readouterr().out.strip() == "2026-06-02"
    assert clock.today().isoformat() == "2026-06-02"
    assert LicenseTerm.objects.get().closing == "lapsed"
    assert LicenseEvent.objects.get(kind="lapsed").recorded_on.isoformat() == "2026-04-15"
    with pytest.raises(CommandError):
        call_command("advance_to", "2026-06-01")


def test_the_demo_clock_is_refused_in_production(settings):
    settings.PORTAL_ENV = "production"
    with pytest.raises(CommandError):
        call_command("advance_to", "2026-06-02")


def test_the_billing_list_is_a_file_that_spreadsheets_open(load, capsys, tmp_path, settings):
    settings.PORTAL_TODAY = None
    from careplan_portal.lib import clock

    clock.set_demo_day(clock.datetime.date(2026, 4, 10))
    make_office(business_number="3170201432", name="=HYPERLINK(1)")
    load("3170201432,2025-06-15,2025-06-15,2026-06-14,paid,auto,")
    call_command("advance_to", "2026-06-20")
    capsys.readouterr()
    out = tmp_path / "bills.csv"
    call_command("billing_list", "--month", "2026-07", "--out", out)
    assert capsys.readouterr().out.strip() == "1"
    call_command("advance_to", "2026-07-01")
    capsys.readouterr()
    call_command("billing_list", "--month", "2026-07", "--out", out)
    assert capsys.readouterr().out.strip() == "1"
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines())
    assert (row["事業所番号"], row["金額（円）"], row["期間のはじめ"]) == ("3170201432", "21000", "2026-06-15")
    assert row["事業所名"].startswith("'=")
    assert ledger_problems() == []
