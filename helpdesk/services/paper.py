"""Entering a form that came on paper: nobody is on the telephone, and identity is proved afterwards (R16)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from campaigns.enums import Channel
from campaigns.models import FreePassApplication
from campaigns.services import Applicant, application_file
from careplan_portal.lib.acting import Acting
from careplan_portal.lib.words import ja_day
from helpdesk.enums import ContactKind, Topic
from helpdesk.services.behalf import Filed
from helpdesk.services.contacts import contact_record


@transaction.atomic
def paper_file(*, office_id: int, filed: Filed, arrived_on: date, today: date, acting: Acting) -> FreePassApplication:
    """File provisionally what arrived on paper on `arrived_on`, which is its day of filing (docs/adr/0030); it stands
    in the contact log. The same form again returns the filing it made.

    Raises Refused with a sentence, and campaigns.services.AnswerChanged when the answer of that day is another than
    the one shown.
    """
    came = f"{ja_day(arrived_on)}に届いた紙の申請"
    applicant = Applicant(
        name=filed.name, phone=filed.phone, email=filed.email,
        terms_version=filed.terms_version, privacy_version=filed.privacy_version,
    )  # fmt: skip
    known = FreePassApplication.objects.filter(form_key=filed.form_key).exists()
    application = application_file(
        office_id=office_id, applicant=applicant, channel=Channel.PAPER, shown=filed.shown, form_key=filed.form_key,
        today=today, arrived_on=arrived_on, acting=Acting(acting.user_id, acting.role, came),
    )  # fmt: skip
    if not known:
        contact_record(
            office_id=office_id, kind=ContactKind.NOTE, today=today, acting=acting, topics=[Topic.APPLY],
            text=f"{came}を入力した。受付番号 {application.receipt_number}",
        )  # fmt: skip
    return application
