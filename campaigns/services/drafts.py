"""A filing while it is written, and its sending (R16; docs/adr/0016)."""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from campaigns.enums import Channel, Proof
from campaigns.models import FilingDraft, FreePassApplication
from campaigns.rules import Claims
from campaigns.services.applications import Applicant, application_file
from careplan_portal.lib.acting import Acting
from offices.models import Office
from offices.services.offices import Declared, office_declare


class DraftChanged(Exception):
    """Nothing was filed: since the page to check was shown, another window changed what is typed."""


def draft_start(
    *, business_number: str, claims: Claims | None, user_id: int | None, answers: dict[str, Any], today: date
) -> FilingDraft:
    """Begin a filing. `claims` for a visitor, None for a member (`user_id`), whose licence is known."""
    return FilingDraft.objects.create(
        key=secrets.token_urlsafe(18),
        form_key=uuid4(),
        business_number=business_number,
        user_id=user_id,
        claims=claims_stored(claims),
        answers=answers,
        kept_until=today + timedelta(days=settings.DRAFT_DAYS),
    )


def claims_stored(claims: Claims | None) -> dict[str, Any]:
    """Claims as a draft keeps them; empty for a member."""
    if claims is None:
        return {}
    return asdict(claims) | {"ends_on": claims.ends_on.isoformat() if claims.ends_on else None}


def claims_of(draft: FilingDraft) -> Claims | None:
    """What the visitor stated; None for a member's draft."""
    if not draft.claims:
        return None
    ends_on = draft.claims["ends_on"]
    return Claims(draft.claims["free_pass"], date.fromisoformat(ends_on) if ends_on else None, draft.claims["renewal"])


def draft_mark(draft: FilingDraft) -> str:
    """What tells the answers and claims of a draft from any others."""
    said = json.dumps([draft.answers, draft.claims], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


@transaction.atomic
def draft_answer(*, draft_id: int, answers: dict[str, Any], today: date) -> None:
    """Keep what one page asked; two tabs of one draft do not wipe each other's pages out."""
    draft = FilingDraft.objects.select_for_update().get(pk=draft_id)
    draft.answers = draft.answers | answers
    draft.kept_until = today + timedelta(days=settings.DRAFT_DAYS)
    draft.save(update_fields=["answers", "kept_until"])


@transaction.atomic
def draft_restate(*, draft_id: int, claims: Claims | None, today: date) -> None:
    """Put other claims under what was typed already, for somebody who went back to mend them."""
    draft = FilingDraft.objects.select_for_update().get(pk=draft_id)
    draft.claims = claims_stored(claims)
    draft.kept_until = today + timedelta(days=settings.DRAFT_DAYS)
    draft.save(update_fields=["claims", "kept_until"])


@transaction.atomic
def draft_send(
    *, draft_id: int, shown: str, typed: str, terms_version: str, privacy_version: str, today: date, acting: Acting
) -> FreePassApplication:
    """File what the draft holds, once: sending again, from whichever tab, returns the same filing. `typed` is
    the ``draft_mark`` of what the person saw: another tab may have changed it since.

    Raises DraftChanged, AnswerChanged, Refused and OfficeRefused like what it calls; then nothing is kept of the
    attempt, and the draft is as it was.
    """
    draft = FilingDraft.objects.select_for_update(of=("self",)).get(pk=draft_id)
    if draft.application is not None:
        return draft.application
    if typed != draft_mark(draft):
        raise DraftChanged
    office = _office(draft, acting)
    answers = draft.answers
    applicant = Applicant(
        name=answers["name"],
        phone=answers["phone"],
        email=answers["email"],
        terms_version=terms_version,
        privacy_version=privacy_version,
        user_id=draft.user_id,
    )
    draft.application = application_file(
        office_id=office.pk,
        applicant=applicant,
        channel=Channel.MEMBER if draft.user_id else Channel.VISITOR,
        shown=shown,
        form_key=draft.form_key,
        today=today,
        acting=acting,
        proof=Proof.MEMBER if draft.user_id else "",
        claims=claims_of(draft),
    )
    draft.answers = {}
    draft.save(update_fields=["application", "answers"])
    return draft.application


def _office(draft: FilingDraft, acting: Acting) -> Office:
    office = Office.objects.filter(business_number=draft.business_number).first()
    if office is not None and office.name:
        return office
    said = draft.answers
    return office_declare(
        declared=Declared(
            business_number=draft.business_number,
            name=said["office_name"],
            municipality=said["municipality"],
            address=said["address"],
            services=tuple(said["services"]),
            postal_code=said.get("postal_code", ""),
        ),
        acting=acting,
    )


def drafts_forget(*, today: date) -> int:
    """Delete what was typed and never sent once its time is over, and the empty rows of sent ones;
    returns how many. Running again finds nothing."""
    count, _ = FilingDraft.objects.filter(kept_until__lt=today).delete()
    return count
