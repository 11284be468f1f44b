"""Who is told of a filing besides whoever filed."""

from uuid import uuid4

import pytest

from campaigns import services
from careplan_portal.lib.acting import HELPDESK, NIGHT, OPERATOR, Acting
from licenses.rules import AUTO
from licenses.services import roll_over
from notices.models import Delivery, Notice
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_license, make_member, make_office
from tests.licenses.cases import D, facts, term
from tests.notices.conftest import post_office  # noqa: F401 - the same mail server
from tests.notices.post_office import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(on):
    return make_office(business_number="3170201341", name="ヘルパーステーション 髙﨑")


def test_members_and_whoever_filed_get_the_acknowledgement(
    post_office,  # noqa: F811
    office,
    django_capture_on_commit_callbacks,
) -> None:
    member = make_member(office)
    make_member(office, receives_notices=False)
    make_member(make_office())
    with django_capture_on_commit_callbacks(execute=True):
        application = file_as_visitor(office, D("2026-04-03"))
    assert sorted(to for to, _ in post_office.taken) == sorted(["minato@example.jp", member.email])
    _, message = post_office.taken[0]
    assert f"/confirm/{application.receipt_number}/" in words(message)
    assert "申請に心当たりがないとき" in words(message)
    assert next(part for part in message.walk() if part.get_content_type() == "text/html")


def test_a_paid_term_begun_meanwhile_is_told_to_be_free(on, django_capture_on_commit_callbacks) -> None:
    """R16: the office was told of the renewal and its fee before the filing was proved."""
    office = make_license(facts(term("2025-04-15", "2026-04-14"), mode=AUTO)).office
    application = file_as_visitor(office, D("2026-04-03"))
    on("2026-04-20")
    roll_over(on=D("2026-04-20"), acting=NIGHT)
    with django_capture_on_commit_callbacks(execute=True):
        services.application_prove(
            application_id=application.pk, proof="call_back", today=D("2026-04-20"), acting=Acting(None, HELPDESK)
        )
    assert (
        "2026年4月15日の有償の更新（21,000円）は、フリーパスに置きかわり、0円になりました。"
        in Notice.objects.get(kind="proved").told.lead
    )


def test_an_acknowledgement_made_late_does_not_say_again_that_it_is_confirmed(office, on) -> None:
    application = file_as_visitor(office, D("2026-04-03"))
    services.application_prove(
        application_id=application.pk, proof="call_back", today=D("2026-04-05"), acting=Acting(None, HELPDESK)
    )
    on("2026-04-05")
    assert services.application_notices_make(today=D("2026-04-05")) == 1
    services.application_notify(application_id=application.pk, kind="receipt", today=D("2026-04-05"))
    assert {notice.kind: notice.title for notice in Notice.objects.all()} == {
        "proved": "フリーパスの申請が確定しました。4月3日から1年間0円です",
        "acknowledgement": "2026年4月3日のフリーパスの申請の受付票です",
    }


def test_what_is_made_at_once_is_what_the_day_brought(office, on) -> None:
    """As the demo's year does it: each on its own day, and twice is once."""
    application = file_as_visitor(office, D("2026-04-03"))
    told = [services.application_notices_make(today=on(day)) for day in ("2026-04-03", "2026-04-03", "2026-04-20")]
    assert told == [1, 0, 0]
    on("2026-05-02")
    assert services.application_notices_make(today=D("2026-05-02")) == 1
    kinds = Notice.objects.filter(subject=application.receipt_number).order_by("made_on").values_list("kind", "made_on")
    assert list(kinds) == [("acknowledgement", D("2026-04-03")), ("identity_reminder", D("2026-05-02"))]


def test_a_grant_by_an_operator_is_told_to_the_office(office, django_capture_on_commit_callbacks) -> None:
    """Nobody filed, nobody is a member: a letter."""
    with django_capture_on_commit_callbacks(execute=True):
        services.free_pass_grant(
            office_id=office.pk, reason="試験", form_key=uuid4(), today=D("2026-04-03"), acting=Acting(None, OPERATOR)
        )
    (letter,) = Delivery.objects.select_related("notice")
    assert (letter.channel, letter.notice.kind) == ("letter", "acknowledgement")
    assert letter.notice.title == "フリーパスの申請が確定しました。4月3日から1年間0円です"
