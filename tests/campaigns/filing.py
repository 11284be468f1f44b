"""File as the page for visitors does: from what was said, without a proof."""

from datetime import date
from typing import Any
from uuid import uuid4

from campaigns import services
from campaigns.enums import Channel
from campaigns.models import FreePassApplication
from campaigns.queries import answered_claims
from campaigns.rules import Claims
from careplan_portal.lib.acting import VISITOR, Acting
from offices.enums import IN_SCOPE
from offices.models import Office

NEW = Claims("unused")


def file_as_visitor(
    office: Office,
    today: date,
    *,
    claims: Claims = NEW,
    name: str = "山根 涼子",
    email: str = "minato@example.jp",
    **more: Any,
) -> FreePassApplication:
    in_scope = office.scope in IN_SCOPE if office.scope else None
    return services.application_file(
        office_id=office.pk,
        applicant=services.Applicant(
            name=name, phone="0859-00-0123", email=email, terms_version="1", privacy_version="1"
        ),
        channel=Channel.VISITOR,
        shown=answered_claims(claims, in_scope, today).fingerprint,
        form_key=uuid4(),
        today=today,
        acting=Acting(None, VISITOR, "Webの申請"),
        claims=claims,
        **more,
    )
