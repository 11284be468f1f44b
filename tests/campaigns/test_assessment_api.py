"""The contract's endpoint: the given cases, and what it refuses."""

import json

import pytest

from careplan_portal.lib.acting import OPERATOR, Acting
from licenses.services import programme_end_set
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
URL = "/api/v1/free-pass/assessment/"

QUESTION = {
    "as_of": "2026-04-03",
    "services": ["43"],
    "terms": [{"starts_on": "2025-04-15", "ends_on": "2026-04-14", "pricing": "paid"}],
    "renewal_mode": "manual",
    "renewal_filed": False,
    "stop_requested": False,
    "free_pass": "unused",
}


@pytest.fixture
def ask(client, reference):
    return lambda body: client.post(URL, json.dumps(body), content_type="application/json")


def test_all_given_cases_agree(ask, shared_dir):
    cases = json.loads((shared_dir / "cases" / "free_pass.json").read_text())
    assert len(cases) >= 22
    for case in cases:
        answer = ask(case["request"]).json()
        assert answer | case["expect"] == answer, case["name"]


def test_the_example_of_the_contract(ask):
    answer = ask(QUESTION).json()
    explanations = answer.pop("explanations")
    assert answer == {
        "outcome": "apply_now",
        "apply_from": "2026-04-01",
        "apply_until": "2026-05-31",
        "no_gap_until": "2026-04-15",
        "free_term": {"starts_on": "2026-04-15", "ends_on": "2027-04-14"},
        "paid_renewal_first": None,
        "alternative": None,
        "next_event": {"on": "2026-04-15", "event": "lapses", "fee_yen": 0},
        "warnings": [],
    }
    assert {"rule": "R4", "questions": [6, 7]}.items() <= explanations[0].items()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (
            {"terms": [*QUESTION["terms"], {"starts_on": "2026-04-14", "ends_on": "2027-04-13", "pricing": "paid"}]},
            "terms",
        ),
        ({"terms": [{"starts_on": "2025-04-15", "ends_on": "2025-04-14", "pricing": "paid"}]}, "terms.0.ends_on"),
        ({"terms": [{"starts_on": "2026-04-04", "ends_on": "2027-04-03", "pricing": "paid"}]}, "terms"),
        ({"services": ["43", "00"]}, "services"),
        ({"terms": [{"starts_on": "2025-06-15", "ends_on": "2026-06-14", "pricing": "free_pass"}]}, "free_pass"),
        (
            {
                "free_pass": "granted",
                "terms": [
                    {"starts_on": "2024-06-15", "ends_on": "2025-06-14", "pricing": "free_pass"},
                    {"starts_on": "2025-06-15", "ends_on": "2026-06-14", "pricing": "free_pass"},
                ],
            },
            "terms",
        ),
        ({"terms": [], "free_pass": "reserved"}, "free_pass"),
        ({"campaign": {"opens_on": "2026-06-01", "closes_on": "2026-05-31"}}, "campaign.closes_on"),
        ({"campaign": {"opens_on": "2026-06-01"}}, "campaign.closes_on"),
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "9999-12-31"}, "as_of"),
        ({"as_of": None}, "as_of"),
        ({"renewal_mode": "sometimes"}, "renewal_mode"),
        ({"stop_requested": "maybe"}, "stop_requested"),
        ({"terms": "none"}, "terms"),
    ],
)
def test_what_cannot_be_true_is_refused_at_its_field(ask, change, field):
    response = ask(QUESTION | change)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert field in [error["field"].removesuffix(".non_field_errors") for error in problem["errors"]]
    assert any(ord(letter) > 0x3000 for letter in problem["detail"])


@pytest.mark.parametrize("left_out", ["services", "renewal_filed"])
def test_what_may_be_left_out(ask, left_out):
    body = {key: value for key, value in QUESTION.items() if key != left_out}
    assert ask(body).json()["outcome"] == "apply_now"


@pytest.mark.parametrize("codes", [[], ["430"], ["331", "43"], ["551"], ["43"]])
def test_codes_of_two_characters_and_of_the_open_data(ask, codes):
    assert ask(QUESTION | {"services": codes}).json()["warnings"] == []


def test_out_of_scope_in_either_code(ask):
    for codes in (["51"], ["510"], ["331", "51"]):
        assert ask(QUESTION | {"services": codes}).json()["warnings"] == ["outside_linkage_standard"]


def test_nothing_is_a_dead_end_for_a_body_that_is_no_question(client):
    response = client.post(URL, "{", content_type="application/json")
    assert response.status_code == 400
    assert client.get(URL).status_code == 405


def test_the_programme_on_file_counts(ask):
    programme_end_set(ends_on=D("2026-04-14"), today=D("2026-01-01"), acting=Acting(None, OPERATOR, "終了"))
    answer = ask(QUESTION).json()
    assert answer["outcome"] == "renewal_outside_window"


def test_it_asks_the_database_only_for_the_policy(ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        ask(QUESTION)
