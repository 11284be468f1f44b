"""The filing that was begun on this device, found again from the first page: a cookie with the draft's key, signed."""

from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from campaigns.models import FilingDraft
from campaigns.queries import draft_by_key

NAME, SALT = "begun", "campaigns.begun"
DAY = 24 * 60 * 60
Response = TypeVar("Response", bound=HttpResponseBase)


def remember_draft(response: Response, draft: FilingDraft) -> Response:
    """Keep the draft's key in the browser as long as the draft is kept."""
    response.set_signed_cookie(
        NAME, draft.key, salt=SALT, max_age=settings.DRAFT_DAYS * DAY,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def draft_here(request: HttpRequest) -> FilingDraft | None:
    """The draft that was begun in this browser and not sent yet, if whoever asks may open it."""
    key = request.get_signed_cookie(NAME, default="", salt=SALT)
    draft = draft_by_key(key) if key else None
    if draft is None or draft.application is not None:
        return None
    return draft if draft.user_id in (None, request.user.pk) else None
