"""The check code of an acknowledgement: on the paper, checked by anybody, guessed by nobody."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from campaigns import documents, services
from campaigns.models import FreePassApplication
from campaigns.queries import receipt_of
from campaigns.queries.checking import receipt_code
from careplan_portal.lib import checkcode
from careplan_portal.lib.acting import HELPDESK, Acting
from licenses.queries import paper_verified
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_office
from tests.licenses.cases import D

pytestmark = pytest.mark.django_db
TODAY = D("2026-04-03")
HELP = Acting(None, HELPDESK, "試験")


@pytest.fixture
def application(on):
    office = make_office(business_number="3170201341", name="ヘルパーステーション 髙﨑")
    return file_as_visitor(office, TODAY)


def stands(application) -> tuple[str, str]:
    found = paper_verified(receipt_code(application), TODAY)
    assert found is not None
    return found.state, found.text


def test_numbers_and_letters_turn_into_each_other():
    for value in (0, 1, 30, 31, 123_456_789, checkcode.CAPACITY - 1):
        code = checkcode.make("RC", 2026, 4, checkcode.letters_of(value))
        assert checkcode.number_of(checkcode.parse(code)) == value
    for value in (-1, checkcode.CAPACITY):
        with pytest.raises(ValueError, match=str(value)):
            checkcode.letters_of(value)


def test_the_paper_shows_the_code_and_where_to_check_it(application):
    code = receipt_code(application)
    assert re.fullmatch(r"RC-2604-\w{4}-\w{4}-\w", code)
    assert code == receipt_code(FreePassApplication.objects.get()), "always the same"
    reader = PdfReader(io.BytesIO(documents.receipt_pdf(receipt_of(application, TODAY))))
    text = "".join(reader.pages[0].extract_text().split())
    assert f"証明番号{code}" in text
    assert f"/verify/{code}/" in text
    assert len(reader.pages) == 1


def test_anybody_who_is_shown_it_sees_kind_day_state_and_no_name(client, application):
    page = client.get(reverse("licenses:verify", args=[receipt_code(application).replace("-", "").lower()]))
    assert page.status_code == 200
    for said in ("本物です", "受付票", "2026年4月3日（金）", "31 7 02 ●●●● ●", "まだ済んでいません"):
        assert said in page.text
    for hidden in ("髙﨑", application.office.business_number, application.receipt_number, application.applicant_name):
        assert hidden not in page.text


def test_it_follows_what_becomes_of_the_filing(application):
    assert stands(application) == ("valid", "申請を仮に受け付けています。事業所の確認は、まだ済んでいません。")
    services.application_prove(application_id=application.pk, proof="call", today=TODAY, acting=HELP)
    state, text = stands(application)
    assert state == "valid"
    assert "認めました" in text
    FreePassApplication.objects.update(withdrawn_on=TODAY)
    assert stands(application) == ("changed", "この申請は、発行のあとに取り下げられました。")


def test_a_code_that_was_not_signed_here_is_no_paper_of_ours(client, settings, application):
    code = receipt_code(application)
    value = checkcode.number_of(code)
    near = [value + step for step in (-2, -1, 1, 2)] + [0, checkcode.CAPACITY - 1]
    for other in near:
        forged = checkcode.make("RC", 2026, 4, checkcode.letters_of(other))
        assert paper_verified(forged, TODAY) is None, forged
        assert client.get(reverse("licenses:verify", args=[forged])).status_code == 404
    moved = checkcode.make("RC", 2026, 5, checkcode.letters_of(value))
    assert paper_verified(moved, TODAY) is None, "the month is signed, too"
    assert paper_verified(checkcode.make("RC", 2026, 13, checkcode.letters_of(value)), TODAY) is None
    # A key that was changed: papers of the old one hold while it is listed.
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-key" * 6
    assert paper_verified(code, TODAY) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert paper_verified(code, TODAY) is None
