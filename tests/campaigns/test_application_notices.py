"""Who is told of a filing besides whoever filed."""

from uuid import uuid4

import pytest

from campaigns import services
from careplan_portal.lib.acting import OPERATOR, Acting
from notices.models import Delivery
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_member, make_office
from tests.licenses.cases import D
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


def test_a_grant_by_an_operator_is_told_to_the_office(office, django_capture_on_commit_callbacks) -> None:
    """Nobody filed, nobody is a member: a letter."""
    with django_capture_on_commit_callbacks(execute=True):
        services.free_pass_grant(
            office_id=office.pk, reason="試験", form_key=uuid4(), today=D("2026-04-03"), acting=Acting(None, OPERATOR)
        )
    (letter,) = Delivery.objects.select_related("notice")
    assert (letter.channel, letter.notice.kind) == ("letter", "acknowledgement")
    assert letter.notice.title == "フリーパスの申請が確定しました。4月3日から1年間0円です"
