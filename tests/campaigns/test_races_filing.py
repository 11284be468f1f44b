"""Two tabs, two clerks, two guesses at the same moment, each on a connection of its own."""

from datetime import UTC, datetime

import pytest

from campaigns import services
from campaigns.models import CodeGuess, FreePassApplication, IdentityLetter
from campaigns.queries import answered_claims
from campaigns.rules import Claims
from careplan_portal.lib.acting import HELPDESK, VISITOR, Acting
from notices.models import Delivery, Notice, NoticeFile
from tests.campaigns.filing import file_as_visitor
from tests.factories import make_office
from tests.licenses.cases import D
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
DAY = D("2026-04-03")
NOON = datetime(2026, 4, 9, 3, 0, tzinfo=UTC)
SOMEBODY = Acting(None, VISITOR, "試験")
DESK = Acting(None, HELPDESK, "試験")


def test_two_tabs_send_one_draft_once(on):
    office = make_office()
    draft = services.draft_start(
        business_number=office.business_number,
        claims=Claims("unused"),
        user_id=None,
        answers={"name": "山根 涼子", "phone": "0859-00-0123", "email": "a@example.jp"},
        today=DAY,
    )
    shown = answered_claims(Claims("unused"), True, DAY).fingerprint

    def send():
        return services.draft_send(
            draft_id=draft.pk, shown=shown, typed=services.draft_mark(draft), terms_version="1", privacy_version="1",
            today=DAY, acting=SOMEBODY,
        )  # fmt: skip

    one, other, third = at_once(send, send, send)
    assert one == other == third
    assert FreePassApplication.objects.count() == 1


def test_two_clerks_print_one_letter(on):
    for _ in range(3):
        file_as_visitor(make_office(), DAY)
    at_once(*[lambda: services.letters_make(today=D("2026-04-06"), acting=DESK)] * 3)
    assert IdentityLetter.objects.count() == 3


def test_guesses_at_the_same_moment_are_all_counted(on):
    office = make_office()
    file_as_visitor(office, DAY)
    services.letters_make(today=D("2026-04-06"), acting=DESK)

    def guess():
        return services.code_enter(
            business_number=office.business_number, code="x", today=D("2026-04-09"), now=NOON, acting=SOMEBODY
        )

    results = at_once(*[guess] * 8)
    assert sum(result.paused_until is None for result in results) == 4
    assert CodeGuess.objects.get().paused_until is not None


def test_two_workers_queue_one_acknowledgement(on):
    application = file_as_visitor(make_office(), DAY, email="")
    FreePassApplication.objects.update(applicant_email="a@example.jp")
    Delivery.objects.all().delete()
    NoticeFile.objects.all().delete()
    Notice.objects.all().delete()

    def send():
        return services.application_notify(application_id=application.pk, kind="receipt", today=DAY)

    assert sorted(at_once(send, send, send)) == [False, False, True]
    assert Notice.objects.filter(kind="acknowledgement").count() == 1
